/// What a pooling reads, writes and does; channels are pooled each by itself.
public struct PoolingArguments {
  /// NHWC, as `geometry` says.
  public var input: UnsafePointer<Float>
  /// NHWC, with as many channels; not the input's memory.
  public var output: UnsafeMutablePointer<Float>
  public var geometry: WindowGeometry

  @inlinable
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, geometry: WindowGeometry
  ) {
    self.input = input
    self.output = output
    self.geometry = geometry
  }
}

/// The largest value of each window; padding takes no part.
@inlinable @inline(always)
public func poolMaximum<V: Vector>(_: V.Type, _ arguments: PoolingArguments) {
  pool(
    V.self, arguments, from: V(repeating: -.infinity),
    // The first choice takes x where it is NaN, the second keeps what is NaN already.
    { largest, x in
      let larger = x.replaced(with: largest, whereLess: x, than: largest)
      return largest.replaced(with: larger, whereAtMost: largest, V(repeating: .infinity))
    },
    { largest, _ in largest })
}

/// The mean of each window's values inside of the picture: as TensorFlow's, padding is not counted.
@inlinable @inline(always)
public func poolAverage<V: Vector>(_: V.Type, _ arguments: PoolingArguments) {
  pool(
    V.self, arguments, from: .zeros, { sum, x in sum + x },
    { sum, count in sum / V(repeating: Float(count)) })
}

/// Combines the values of each window, row by row, then finishes the result by their number.
///
/// Each row of the window is combined first, then the rows: over a whole picture, that is a sum of
/// sums, whose rounding errors stay small.
@inlinable @inline(always)
func pool<V: Vector>(
  _: V.Type, _ arguments: PoolingArguments, from initial: V,
  _ combine: (V, V) -> V, _ finish: (V, Int) -> V
) {
  let geometry = arguments.geometry
  assert(geometry.inputChannels == geometry.outputChannels)
  forEachWindow(geometry) { pixelOffset, outputOffset, rows, columns in
    var channel = 0
    while channel < geometry.outputChannels {
      let left = geometry.outputChannels - channel
      let lanes = left < V.count ? left : V.count
      var result = initial
      var row = 0
      while row < rows.count {
        let line =
          arguments.input + pixelOffset + channel
          + row * geometry.dilationY * geometry.inputWidth * geometry.inputChannels
        var partial = initial
        var column = 0
        while column < columns.count {
          let source = line + column * geometry.dilationX * geometry.inputChannels
          let x = lanes == V.count ? V.load(source) : V.load(source, lanes: lanes)
          partial = combine(partial, x)
          column += 1
        }
        result = combine(result, partial)
        row += 1
      }
      let value = finish(result, rows.count * columns.count)
      let target = arguments.output + outputOffset + channel
      if lanes == V.count { value.store(target) } else { value.store(target, lanes: lanes) }
      channel += V.count
    }
  }
}
