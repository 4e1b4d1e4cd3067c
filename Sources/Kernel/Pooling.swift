/// What a pooling reads, writes and does; channels are pooled each by itself.
public struct PoolingArguments {
  /// NHWC, as `geometry` says.
  public var input: UnsafePointer<Float>
  /// NHWC, with as many channels; not the input's memory.
  public var output: UnsafeMutablePointer<Float>
  public var geometry: WindowGeometry
  /// The output rows to compute, of all pictures' together.
  public var lines: WorkRange
  /// Where the outputs lie if not one behind the other; of a pooling that keeps the places nil.
  public var spacing: OutputSpacing?

  @inlinable
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, geometry: WindowGeometry,
    lines: WorkRange? = nil, spacing: OutputSpacing? = nil
  ) {
    self.input = input
    self.output = output
    self.geometry = geometry
    self.lines = lines ?? WorkRange(0, geometry.batch * geometry.outputHeight)
    self.spacing = spacing
  }
}

/// The largest value of each window; padding takes no part.
@inlinable @inline(always)
public func poolMaximum<V: Vector>(_: V.Type, _ arguments: PoolingArguments) {
  pool(
    V.self, arguments, from: V(repeating: -.infinity),
    isByRows: false, { largest, x in largest.maximum(x) },
    { largest, _ in largest })
}

/// The mean of each window's values inside of the picture: as TensorFlow's, padding is not counted.
@inlinable @inline(always)
public func poolAverage<V: Vector>(_: V.Type, _ arguments: PoolingArguments) {
  pool(
    V.self, arguments, from: .zeros, isByRows: true, { sum, x in sum + x },
    { sum, count in sum / V(repeating: Float(count)) })
}

/// Combines the values of each window, then finishes the result by their number.
///
/// - Parameter isByRows: Whether each row of the window is combined first, then the rows: over a whole picture,
///   that is a sum of sums, whose rounding errors stay small.
@inlinable @inline(always)
func pool<V: Vector>(
  _: V.Type, _ arguments: PoolingArguments, from initial: V, isByRows: Bool,
  _ combine: (V, V) -> V, _ finish: (V, Int) -> V
) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  assert(channels == geometry.outputChannels)
  forEachWindow(geometry, arguments.lines, spacing: arguments.spacing) {
    pixelOffset, outputOffset, rows, columns in
    let source = arguments.input + pixelOffset
    let target = arguments.output + outputOffset
    let count = rows.count * columns.count
    // Four vectors at a time: the values of one would wait for each other.
    var channel = 0
    while channel + 4 * V.count <= channels {
      let values: InlineArray<4, V> = poolWindow(
        geometry, source + channel, rows.count, columns.count, from: initial, isByRows: isByRows,
        { V.load($0) }, combine)
      var index = 0
      while index < 4 {
        finish(values[unchecked: index], count).store(target + (channel + index * V.count))
        index += 1
      }
      channel += 4 * V.count
    }
    while channel < channels {
      let left = channels - channel
      let lanes = left < V.count ? left : V.count
      let values: InlineArray<1, V> = poolWindow(
        geometry, source + channel, rows.count, columns.count, from: initial, isByRows: isByRows,
        { lanes == V.count ? V.load($0) : V.load($0, lanes: lanes) }, combine)
      let value = finish(values[unchecked: 0], count)
      if lanes == V.count {
        value.store(target + channel)
      } else {
        value.store(target + channel, lanes: lanes)
      }
      channel += V.count
    }
  }
}

/// The values of one window, for some vectors of channels.
@inlinable @inline(always)
func poolWindow<V: Vector, let vectors: Int>(
  _ geometry: WindowGeometry, _ source: UnsafePointer<Float>, _ rows: Int, _ columns: Int,
  from initial: V, isByRows: Bool, _ load: (UnsafePointer<Float>) -> V, _ combine: (V, V) -> V
) -> InlineArray<vectors, V> {
  let channels = geometry.inputChannels
  var result = InlineArray<vectors, V>(repeating: initial)
  var row = 0
  while row < rows {
    var at = source + row * geometry.dilationY * geometry.inputWidth * channels
    var partial = isByRows ? InlineArray<vectors, V>(repeating: initial) : result
    var column = 0
    while column < columns {
      var index = 0
      while index < vectors {
        partial[unchecked: index] = combine(partial[unchecked: index], load(at + index * V.count))
        index += 1
      }
      at += geometry.dilationX * channels
      column += 1
    }
    var index = 0
    while index < vectors {
      result[unchecked: index] =
        isByRows
        ? combine(result[unchecked: index], partial[unchecked: index]) : partial[unchecked: index]
      index += 1
    }
    row += 1
  }
  return result
}

/// The largest of four values, row by row, and its place: the first of several that are equal.
@inlinable @inline(always)
func largestOfPairs<V: Vector>(_ a: V, _ b: V, _ c: V, _ d: V) -> (largest: V, place: V) {
  let upper = a.replaced(with: b, whereLess: a, than: b)
  let lower = c.replaced(with: d, whereLess: c, than: d)
  let upperPlace = V.zeros.replaced(with: V(repeating: 1), whereLess: a, than: b)
  let lowerPlace = V(repeating: 2).replaced(with: V(repeating: 3), whereLess: c, than: d)
  return (
    upper.replaced(with: lower, whereLess: upper, than: lower),
    upperPlace.replaced(with: lowerPlace, whereLess: upper, than: lower)
  )
}
