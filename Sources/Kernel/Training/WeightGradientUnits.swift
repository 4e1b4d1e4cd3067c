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

  /// Sets the sums of some units to zero.
  @inlinable @inline(always)
  func clear(
    _ arguments: WeightGradientArguments, _ units: WeightGradient.Units, _ own: WorkRange
  ) {
    var unit = own.lower
    while unit < own.upper {
      let place = UnitPlace(units, unit, arguments)
      place.clear(weights)
      if place.isFirst {
        bias(place)?.update(repeating: 0, count: Panel.count(place.outputs) * Panel.width)
      }
      unit += 1
    }
  }

  /// Sets what some units' last vectors hold behind the channels to zero.
  @inlinable @inline(always)
  func clearBehindChannels<V: Vector>(
    _: V.Type, _ arguments: WeightGradientArguments, _ units: WeightGradient.Units,
    _ own: WorkRange
  ) {
    var unit = own.lower
    while unit < own.upper {
      let place = UnitPlace(units, unit, arguments)
      let filled = place.outputs % V.count
      if filled > 0 {
        let channel = place.outputs - filled
        var target =
          weights
          + (place.gradientOffset + channel / Panel.width * place.panelStride
            + channel % Panel.width + filled)
        var row = 0
        while row < place.rowCount {
          target.update(repeating: 0, count: V.count - filled)
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
  /// Whether all pixels follow each other: those of dense layers and 1×1 convolutions, whose pictures are
  /// the lines of one.
  @usableFromInline let isFlat: Bool
  @usableFromInline let pictures: Int
  @usableFromInline let lines: Int
  @usableFromInline let pixelsPerLine: Int
  @usableFromInline let linesAtOnce: Int

  @inlinable @inline(always)
  init(_ geometry: WindowGeometry, pictures count: Int, isPooled: Bool) {
    isFlat = geometry.pointwisePixels != nil
    pictures = isFlat ? 1 : count
    pixelsPerLine = isFlat ? 1 : geometry.outputWidth
    if isPooled {
      // What is behind the last whole pair of lines has no gradient.
      lines = geometry.outputHeight / 2 * 2
      linesAtOnce = 2
      return
    }
    lines = isFlat ? count * geometry.outputHeight * geometry.outputWidth : geometry.outputHeight
    let most = WeightGradient.panelsAtOnce * Panel.width
    let channels = geometry.outputChannels < most ? geometry.outputChannels : most
    // Of dense layers, whose inputs are far from each other, what the first cache holds.
    let fitting = (isFlat ? 1 << 13 : 1 << 17) / (pixelsPerLine * channels)
    linesAtOnce = fitting > 1 ? fitting : 1
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
    let slice = unit / perSlice
    let run = unit % perSlice / units.blocksPerRun
    let block = unit % units.blocksPerRun
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
    isFirst = unit % perSlice == 0
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
