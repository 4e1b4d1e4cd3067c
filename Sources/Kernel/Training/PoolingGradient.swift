/// What the gradient of a pooling reads and writes.
public struct PoolingGradientArguments {
  /// The gradient of the pooling's results, NHWC.
  public var gradient: UnsafePointer<Float>
  /// Of a maximum pooling what `findMaximumPlaces` gave.
  public var places: UnsafePointer<Float>?
  /// The gradient of what was pooled, NHWC: overwritten.
  public var output: UnsafeMutablePointer<Float>
  /// That of the pooling; `batch` pictures are gone through.
  public var geometry: WindowGeometry

  @inlinable
  public init(
    gradient: UnsafePointer<Float>, places: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, geometry: WindowGeometry
  ) {
    self.gradient = gradient
    self.places = places
    self.output = output
    self.geometry = geometry
  }
}

/// For each result of a maximum pooling the number of the tap that it comes from, counted row by row.
///
/// The first of several that are equal, as TensorFlow takes it.
@inlinable @inline(always)
public func findMaximumPlaces<V: Vector>(_: V.Type, _ arguments: PoolingArguments) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  forEachWindow(geometry, arguments.lines) { pixelOffset, outputOffset, rows, columns in
    var channel = 0
    while channel < channels {
      let left = channels - channel
      let lanes = left < V.count ? left : V.count
      var largest = V(repeating: -.infinity)
      var place = V(repeating: Float(rows.first * geometry.windowWidth + columns.first))
      var row = 0
      while row < rows.count {
        var source =
          arguments.input
          + (pixelOffset + row * geometry.dilationY * geometry.inputWidth * channels + channel)
        var column = 0
        while column < columns.count {
          let x = lanes == V.count ? V.load(source) : V.load(source, lanes: lanes)
          let tap = (rows.first + row) * geometry.windowWidth + columns.first + column
          place = place.replaced(with: V(repeating: Float(tap)), whereLess: largest, than: x)
          largest = largest.replaced(with: x, whereLess: largest, than: x)
          source += geometry.dilationX * channels
          column += 1
        }
        row += 1
      }
      place.store(arguments.output + (outputOffset + channel), lanes: lanes)
      channel += V.count
    }
  }
}

/// The gradient of what a maximum pooling was applied to: that of each result at the place it came from.
@inlinable @inline(always)
public func maximumPoolingGradient<V: Vector>(_: V.Type, _ arguments: PoolingGradientArguments) {
  guard let places = arguments.places else { return }
  spreadGradient(V.self, arguments) { (outputOffset: Int, lanes: Int, _: Int) in
    lanes == V.count
      ? (V.load(places + outputOffset), V.load(arguments.gradient + outputOffset))
      : (
        V.load(places + outputOffset, lanes: lanes),
        V.load(arguments.gradient + outputOffset, lanes: lanes)
      )
  } _: { (loaded: (V, V), tap: Int) in
    // Equal is neither less nor more.
    let at = V(repeating: Float(tap))
    return loaded.1.replaced(with: .zeros, whereLess: loaded.0, than: at)
      .replaced(with: .zeros, whereLess: at, than: loaded.0)
  }
}

/// The gradient of what an average pooling was applied to: that of each result in equal parts.
@inlinable @inline(always)
public func averagePoolingGradient<V: Vector>(_: V.Type, _ arguments: PoolingGradientArguments) {
  spreadGradient(V.self, arguments) { (outputOffset: Int, lanes: Int, count: Int) in
    V.load(arguments.gradient + outputOffset, lanes: lanes) / V(repeating: Float(count))
  } _: { (share: V, _: Int) in
    share
  }
}

/// Adds something to each value that a window sees: `load` for each window and vector of channels, `value`
/// for each tap.
@inlinable @inline(always)
func spreadGradient<V: Vector, Loaded>(
  _: V.Type, _ arguments: PoolingGradientArguments, _ load: (Int, Int, Int) -> Loaded,
  _ value: (Loaded, Int) -> V
) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  // Windows that neither overlap nor leave a gap write each value once.
  let isOnce =
    geometry.strideY == geometry.windowHeight && geometry.strideX == geometry.windowWidth
    && geometry.dilationY == 1 && geometry.dilationX == 1
    && geometry.outputHeight * geometry.strideY == geometry.inputHeight
    && geometry.outputWidth * geometry.strideX == geometry.inputWidth
  if !isOnce {
    arguments.output.update(repeating: 0, count: geometry.batch * geometry.inputCount)
  }
  let lines = WorkRange(0, geometry.batch * geometry.outputHeight)
  forEachWindow(geometry, lines) { pixelOffset, outputOffset, rows, columns in
    var channel = 0
    while channel < channels {
      let left = channels - channel
      let lanes = left < V.count ? left : V.count
      let loaded = load(outputOffset + channel, lanes, rows.count * columns.count)
      var row = 0
      while row < rows.count {
        var target =
          arguments.output
          + (pixelOffset + row * geometry.dilationY * geometry.inputWidth * channels + channel)
        var column = 0
        while column < columns.count {
          let tap = (rows.first + row) * geometry.windowWidth + columns.first + column
          var sum = value(loaded, tap)
          if lanes == V.count {
            if !isOnce { sum = sum + V.load(target) }
            sum.store(target)
          } else {
            if !isOnce { sum = sum + V.load(target, lanes: lanes) }
            sum.store(target, lanes: lanes)
          }
          target += geometry.dilationX * channels
          column += 1
        }
        row += 1
      }
      channel += V.count
    }
  }
}
