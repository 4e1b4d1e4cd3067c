/// Where the sums of a chunk are.
@usableFromInline
struct ChunkSums {
  @usableFromInline let weights: UnsafeMutablePointer<Float>
  @usableFromInline let biases: UnsafeMutablePointer<Float>?
  /// The biases of a group, filled up to whole panels.
  @usableFromInline let biasesPerGroup: Int

  @inlinable @inline(always)
  init(_ arguments: WeightGradientArguments, chunk: Int) {
    let geometry = arguments.geometry
    let rows =
      geometry.windowHeight * geometry.windowWidth * geometry.inputChannels / arguments.groups
    let panels = Panel.count(geometry.outputChannels / arguments.groups)
    biasesPerGroup = panels * Panel.width
    let count = arguments.groups * biasesPerGroup
    weights = arguments.gradient + chunk * rows * count
    biases = arguments.biasGradient.map { $0 + chunk * count }
  }

  /// Where the biases of a unit's channels are.
  @inlinable @inline(always)
  func bias(_ place: UnitPlace) -> UnsafeMutablePointer<Float>? {
    biases.map { $0 + (place.group * biasesPerGroup + place.padded) }
  }

  /// Sets the sums of some units' weights to zero.
  @inlinable @inline(always)
  func clearWeights(
    _ arguments: WeightGradientArguments, _ units: WeightGradient.Units, _ own: WorkRange
  ) {
    var unit = own.lower
    while unit < own.upper {
      UnitPlace(units, unit, arguments).clear(weights)
      unit += 1
    }
  }

  /// Sets the sums of some units' biases to zero.
  @inlinable @inline(always)
  func clearBiases(
    _ arguments: WeightGradientArguments, _ units: WeightGradient.Units, _ own: WorkRange
  ) {
    var unit = own.lower
    while unit < own.upper {
      let place = UnitPlace(units, unit, arguments)
      if place.isFirst {
        bias(place)?.update(repeating: 0, count: Panel.count(place.outputs) * Panel.width)
      }
      unit += 1
    }
  }

  /// Sets what some units' last panels hold behind the channels to zero.
  @inlinable @inline(always)
  func clearBehindChannels(
    _ arguments: WeightGradientArguments, _ units: WeightGradient.Units, _ own: WorkRange
  ) {
    var unit = own.lower
    while unit < own.upper {
      let place = UnitPlace(units, unit, arguments)
      let filled = place.outputs % Panel.width
      if filled > 0 {
        let channel = place.outputs - filled
        var target =
          weights + (place.gradientOffset + channel / Panel.width * place.panelStride + filled)
        var row = 0
        while row < place.rowCount {
          target.update(repeating: 0, count: Panel.width - filled)
          target += Panel.width
          row += 1
        }
      }
      unit += 1
    }
  }
}

/// The pixels that all units are added up over before the next: as many as stay in the first cache.
@usableFromInline
struct PixelBlocks {
  @usableFromInline let lines: Int
  @usableFromInline let linesAtOnce: Int

  /// The floats of a first cache of 32 KiB.
  @inlinable @inline(always)
  static var cachedFloats: Int { 1 << 13 }

  /// The pixels of a block, at least.
  @inlinable @inline(always)
  static var fewestPixels: Int { 48 }

  @inlinable @inline(always)
  var count: Int { (lines + linesAtOnce - 1) / linesAtOnce }

  @inlinable @inline(always)
  init(_ geometry: WindowGeometry, isPooled: Bool) {
    if isPooled {
      // What is behind the last whole pair of lines has no gradient.
      lines = geometry.outputHeight / 2 * 2
      // The gradients and the places of a pair.
      let perPair = geometry.outputWidth * geometry.outputChannels
      let pairs = Self.cachedFloats / 2 / perPair
      linesAtOnce = pairs > 1 ? 2 * pairs : 2
      return
    }
    lines = geometry.outputHeight
    let mostOutputs = WeightGradient.panelsAtOnce * Panel.width
    let outputs = geometry.outputChannels < mostOutputs ? geometry.outputChannels : mostOutputs
    let mostInputs = WeightGradient.rowsAtOnce
    let inputs = geometry.inputChannels < mostInputs ? geometry.inputChannels : mostInputs
    let perLine =
      geometry.outputWidth * outputs + geometry.strideY * geometry.inputWidth * inputs
    // Between two blocks the sums go to memory: not for less than some pixels.
    let least = (Self.fewestPixels + geometry.outputWidth - 1) / geometry.outputWidth
    let fitting = Self.cachedFloats / perLine
    let most = fitting > least ? fitting : least
    let blocks = (lines + most - 1) / most
    linesAtOnce = (lines + blocks - 1) / blocks
  }
}

/// Where a unit lies in the weights' matrix.
@usableFromInline
struct UnitPlace {
  @usableFromInline let group: Int
  /// The first output channel, of all.
  @usableFromInline let firstOutput: Int
  /// The output channels of the unit.
  @usableFromInline let outputs: Int
  @usableFromInline let tapY: Int
  @usableFromInline let tapX: Int
  /// The first row within a run.
  @usableFromInline let firstRow: Int
  @usableFromInline let rowCount: Int
  /// Where the unit's first panel begins in the gradient, at its first row.
  @usableFromInline let gradientOffset: Int
  @usableFromInline let panelStride: Int
  /// The first output channel of the group's.
  @usableFromInline let padded: Int
  /// Whether the unit is the first with its output channels.
  @usableFromInline let isFirst: Bool

  @inlinable @inline(always)
  init(_ units: WeightGradient.Units, _ unit: Int, _ arguments: WeightGradientArguments) {
    let geometry = arguments.geometry
    let perSlice = units.runs * units.blocksPerRun
    let perGroup = units.slicesPerGroup * perSlice
    let slice: Int
    let place: Int
    if units.isFlat {
      slice = unit / perGroup * units.slicesPerGroup + unit % units.slicesPerGroup
      place = unit % perGroup / units.slicesPerGroup
    } else {
      slice = unit / perSlice
      place = unit % perSlice
    }
    let run = place / units.blocksPerRun
    let block = place % units.blocksPerRun
    group = slice / units.slicesPerGroup
    let outputsPerGroup = geometry.outputChannels / arguments.groups
    let panels = Panel.count(outputsPerGroup)
    let own = WorkRange(0, panels).part(
      slice % units.slicesPerGroup, of: units.slicesPerGroup)
    let channel = own.lower * Panel.width
    let left = outputsPerGroup - channel
    outputs = left < own.count * Panel.width ? left : own.count * Panel.width
    firstOutput = group * outputsPerGroup + channel
    padded = channel
    tapY = units.listsRows ? 0 : run / geometry.windowWidth
    tapX = units.listsRows ? 0 : run % geometry.windowWidth
    let rows = WorkRange(0, units.rowsPerRun).part(block, of: units.blocksPerRun)
    firstRow = rows.lower
    rowCount = rows.count
    let allRows = units.runs * units.rowsPerRun
    panelStride = allRows * Panel.width
    gradientOffset =
      (group * panels + own.lower) * panelStride
      + (run * units.rowsPerRun + rows.lower) * Panel.width
    isFirst = place == 0
  }

  /// Sets the unit's part of a gradient to zero.
  @inlinable @inline(always)
  func clear(_ gradient: UnsafeMutablePointer<Float>) {
    var panel = 0
    while panel < Panel.count(outputs) {
      (gradient + (gradientOffset + panel * panelStride))
        .update(repeating: 0, count: rowCount * Panel.width)
      panel += 1
    }
  }
}
