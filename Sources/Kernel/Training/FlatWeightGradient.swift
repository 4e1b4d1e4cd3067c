/// The weight gradient where all pixels follow each other: that of dense layers and 1×1 convolutions.
///
/// A pixel's inputs are far from the next pixel's, often by a multiple of what the first cache is divided by, so
/// that the few rows of a tile would push each other out. Some pixels at a time, a unit's rows and channels are
/// copied side by side; units that differ only in their channels follow each other and share the rows' copy.
@usableFromInline
struct FlatGradient {
  /// The pixels that are copied at a time: with them a unit's channels are half of the first cache.
  @inlinable @inline(always)
  static var pixelsAtOnce: Int { 64 }

  /// The floats of both copies.
  @inlinable @inline(always)
  static var scratchCount: Int {
    pixelsAtOnce * (Panel.count(WeightGradient.rowsAtOnce) + WeightGradient.panelsAtOnce)
      * Panel.width
  }

  @usableFromInline let pixels: Int
  /// The first picture's inputs and gradient, and the floats of a pixel's.
  @usableFromInline let input: UnsafePointer<Float>
  @usableFromInline let inputStep: Int
  @usableFromInline let gradient: UnsafePointer<Float>
  @usableFromInline let gradientStep: Int
  @usableFromInline let rows: UnsafeMutablePointer<Float>
  @usableFromInline let channels: UnsafeMutablePointer<Float>

  @inlinable @inline(always)
  init(_ arguments: WeightGradientArguments, _ pictures: WorkRange) {
    let geometry = arguments.geometry
    pixels = pictures.count * geometry.outputHeight * geometry.outputWidth
    input = arguments.input + pictures.lower * geometry.inputCount
    inputStep = geometry.inputChannels
    gradient = arguments.outputGradient + pictures.lower * geometry.outputCount
    gradientStep = geometry.outputChannels
    rows = arguments.scratch
    channels =
      rows + Self.pixelsAtOnce * Panel.count(WeightGradient.rowsAtOnce) * Panel.width
  }

  /// The number of steps that the pixels are taken in, as equal as can be.
  @inlinable @inline(always)
  func steps() -> Int { (pixels + Self.pixelsAtOnce - 1) / Self.pixelsAtOnce }

  /// Copies a unit's rows of some pixels, one pixel behind the other.
  @inlinable @inline(always)
  func copyRows<V: Vector>(_: V.Type, _ place: UnitPlace, _ range: WorkRange, groups: Int) {
    let count = place.rowCount
    var source =
      input + (range.lower * inputStep + place.group * (inputStep / groups) + place.firstRow)
    var target = rows
    // In whole vectors, but for the last pixels, behind which there may be nothing to read: what is copied behind a
    // pixel's rows is the next pixel's place.
    let last = (V.count + inputStep - 1) / inputStep
    var left = range.count
    while left > 0 {
      var row = 0
      while row < count {
        if left > last {
          V.load(source + row).store(target + row)
        } else {
          let lanes = count - row < V.count ? count - row : V.count
          V.load(source + row, lanes: lanes).store(target + row, lanes: lanes)
        }
        row += V.count
      }
      source += inputStep
      target += count
      left -= 1
    }
  }

  /// Copies a unit's channels of some pixels in whole vectors; returns the floats from a pixel to the next.
  @inlinable @inline(always)
  func copyChannels<V: Vector>(_: V.Type, _ place: UnitPlace, _ range: WorkRange) -> Int {
    let count = (place.outputs + V.count - 1) / V.count * V.count
    var source = gradient + (range.lower * gradientStep + place.firstOutput)
    var target = channels
    var left = range.count
    while left > 0 {
      var channel = 0
      while channel < count {
        V.load(source + channel).store(target + channel)
        channel += V.count
      }
      source += gradientStep
      target += count
      left -= 1
    }
    return count
  }
}

/// Some units of one chunk whose pixels follow each other.
@inlinable @inline(always)
func computeFlatChunk<V: Vector>(
  _: V.Type, _ arguments: WeightGradientArguments, _ units: WeightGradient.Units, chunk: Int,
  _ own: WorkRange, _ pictures: WorkRange
) {
  let flat = FlatGradient(arguments, pictures)
  let sums = ChunkSums(arguments, chunk: chunk)
  if !arguments.adds {
    sums.clearBiases(arguments, units, own)
    // What nothing is added to.
    if flat.pixels == 0 { sums.clearWeights(arguments, units, own) }
  }
  let steps = flat.steps()
  var unit = own.lower
  while unit < own.upper {
    let first = UnitPlace(units, unit, arguments)
    var end = (unit / units.slicesPerGroup + 1) * units.slicesPerGroup
    if end > own.upper { end = own.upper }
    var step = 0
    while step < steps {
      let range = WorkRange(0, flat.pixels).part(step, of: steps)
      flat.copyRows(V.self, first, range, groups: arguments.groups)
      var slice = unit
      while slice < end {
        let place = UnitPlace(units, slice, arguments)
        if place.isFirst, let bias = sums.bias(place) {
          sumChannels(
            V.self, outputs: place.outputs, pixels: range.count, flat.gradientStep,
            flat.gradient + (range.lower * flat.gradientStep + place.firstOutput), bias)
        }
        let gradientStep = flat.copyChannels(V.self, place, range)
        let run = GradientRun(
          lines: 1, length: range.count, sourceStep: place.rowCount, sourceLineStep: 0,
          gradientStep: gradientStep, gradientLineStep: 0)
        accumulate(
          V.self,
          GradientSpan(
            run, source: UnsafePointer(flat.rows), outputGradient: UnsafePointer(flat.channels)),
          NeighboringRows(), outputs: place.outputs, rows: place.rowCount,
          panelStride: place.panelStride, sums.weights + place.gradientOffset,
          adds: arguments.adds || step > 0)
        slice += 1
      }
      step += 1
    }
    unit = end
  }
  sums.clearBehindChannels(arguments, units, own)
}
