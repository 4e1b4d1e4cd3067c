/// What the gradient of a pooling reads and writes.
public struct PoolingGradientArguments {
  /// The gradient of the pooling's results, NHWC.
  public var gradient: UnsafePointer<Float>
  /// Of a maximum pooling what `poolMaximumTracking` gave.
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

/// The largest value of each window, and the number of the tap that it comes from, counted row by row.
///
/// The first of several that are equal, as TensorFlow takes it.
///
/// - Parameter rectifies: Whether zero takes the place of a largest value below it. Where it does, the value
///   comes from no tap, so that the gradient of the ReLU is that of the pooling.
@inlinable @inline(always)
public func poolMaximumTracking<V: Vector>(
  _: V.Type, _ arguments: PoolingArguments, places: UnsafeMutablePointer<Float>, rectifies: Bool
) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  let lowest = V(repeating: rectifies ? 0 : -.infinity)
  let nowhere = V(repeating: Float(geometry.windowHeight * geometry.windowWidth))
  guard !geometry.isPairs else {
    trackPairs(V.self, arguments, places, lowest, nowhere)
    return
  }
  forEachWindow(geometry, arguments.lines) { pixelOffset, outputOffset, rows, columns in
    let source = arguments.input + pixelOffset
    var channel = 0
    while channel < channels {
      let left = channels - channel
      let lanes = left < V.count ? left : V.count
      let found = findLargest(V.self, geometry, source + channel, rows, columns, lanes: lanes)
      let at = outputOffset + channel
      found.largest.clampedBelow(by: lowest).store(arguments.output + at, lanes: lanes)
      found.place.replaced(with: nowhere, whereAtMost: found.largest, lowest)
        .store(places + at, lanes: lanes)
      channel += V.count
    }
  }
}

extension WindowGeometry {
  /// Whether the windows are two by two, side by side, all within the picture.
  @inlinable @inline(always)
  var isPairs: Bool {
    windowHeight == 2 && windowWidth == 2 && strideY == 2 && strideX == 2 && dilationY == 1
      && dilationX == 1 && paddingTop == 0 && paddingLeft == 0 && 2 * outputHeight <= inputHeight
      && 2 * outputWidth <= inputWidth
  }
}

/// The largest values of windows of two by two, and their places.
@inlinable @inline(always)
func trackPairs<V: Vector>(
  _: V.Type, _ arguments: PoolingArguments, _ places: UnsafeMutablePointer<Float>, _ lowest: V,
  _ nowhere: V
) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  let line = geometry.inputWidth * channels
  var y = arguments.lines.lower
  while y < arguments.lines.upper {
    let picture = y / geometry.outputHeight
    let row = 2 * (y - picture * geometry.outputHeight)
    var source = arguments.input + (picture * geometry.inputCount + row * line)
    var at = y * geometry.outputWidth * channels
    var column = 0
    while column < geometry.outputWidth {
      var channel = 0
      while channel < channels {
        let first = V.firstChannel(ofVectorAt: channel, channels: channels)
        let lanes = channels - first
        let pixel = source + first
        if lanes >= V.count {
          let found = largestOfPairs(
            V.load(pixel), V.load(pixel + channels), V.load(pixel + line),
            V.load(pixel + (line + channels)))
          found.largest.clampedBelow(by: lowest).store(arguments.output + (at + first))
          found.place.replaced(with: nowhere, whereAtMost: found.largest, lowest)
            .store(places + (at + first))
        } else {
          let found = largestOfPairs(
            V.load(pixel, lanes: lanes), V.load(pixel + channels, lanes: lanes),
            V.load(pixel + line, lanes: lanes), V.load(pixel + (line + channels), lanes: lanes))
          found.largest.clampedBelow(by: lowest).store(
            arguments.output + (at + first), lanes: lanes)
          found.place.replaced(with: nowhere, whereAtMost: found.largest, lowest)
            .store(places + (at + first), lanes: lanes)
        }
        channel += V.count
      }
      source += 2 * channels
      at += channels
      column += 1
    }
    y += 1
  }
}

/// The largest value of any window, and its place.
@inlinable @inline(always)
func findLargest<V: Vector>(
  _: V.Type, _ geometry: WindowGeometry, _ source: UnsafePointer<Float>, _ rows: WindowSpan,
  _ columns: WindowSpan, lanes: Int
) -> (largest: V, place: V) {
  let channels = geometry.inputChannels
  var largest = V(repeating: -.infinity)
  var place = V(repeating: Float(rows.first * geometry.windowWidth + columns.first))
  var row = 0
  while row < rows.count {
    var at = source + row * geometry.dilationY * geometry.inputWidth * channels
    var column = 0
    while column < columns.count {
      let x = lanes == V.count ? V.load(at) : V.load(at, lanes: lanes)
      let tap = (rows.first + row) * geometry.windowWidth + columns.first + column
      place = place.replaced(with: V(repeating: Float(tap)), whereLess: largest, than: x)
      largest = largest.replaced(with: x, whereLess: largest, than: x)
      at += geometry.dilationX * channels
      column += 1
    }
    row += 1
  }
  return (largest, place)
}

/// The gradient of two lines that a maximum pooling of two by two was applied to.
///
/// - Parameters:
///   - gradient: Of a line of `columns` results, with their `places`.
///   - target: Two lines of `width` pixels; what is behind the last whole pair becomes zero.
@inlinable @inline(always)
func spreadPair<V: Vector>(
  _: V.Type, _ gradient: UnsafePointer<Float>, _ places: UnsafePointer<Float>,
  to target: UnsafeMutablePointer<Float>, columns: Int, width: Int, channels: Int
) {
  let line = width * channels
  let zero = V.zeros
  var column = 0
  while column < columns {
    var channel = 0
    while channel < channels {
      let first = V.firstChannel(ofVectorAt: channel, channels: channels)
      let isWhole = channels >= V.count
      let lanes = channels - first
      let from = column * channels + first
      let loaded = isWhole ? V.load(gradient + from) : V.load(gradient + from, lanes: lanes)
      let place = isWhole ? V.load(places + from) : V.load(places + from, lanes: lanes)
      let at = target + (2 * column * channels + first)
      let values: InlineArray<4, V> = [
        zero.replaced(with: loaded, whereEqual: place, zero),
        zero.replaced(with: loaded, whereEqual: place, V(repeating: 1)),
        zero.replaced(with: loaded, whereEqual: place, V(repeating: 2)),
        zero.replaced(with: loaded, whereEqual: place, V(repeating: 3)),
      ]
      if isWhole {
        values[unchecked: 0].store(at)
        values[unchecked: 1].store(at + channels)
        values[unchecked: 2].store(at + line)
        values[unchecked: 3].store(at + (line + channels))
      } else {
        values[unchecked: 0].store(at, lanes: lanes)
        values[unchecked: 1].store(at + channels, lanes: lanes)
        values[unchecked: 2].store(at + line, lanes: lanes)
        values[unchecked: 3].store(at + (line + channels), lanes: lanes)
      }
      channel += V.count
    }
    column += 1
  }
  let rest = (width - 2 * columns) * channels
  (target + 2 * columns * channels).update(repeating: 0, count: rest)
  (target + (line + 2 * columns * channels)).update(repeating: 0, count: rest)
}

/// The gradient of what a maximum pooling was applied to: that of each result at the place it came from.
@inlinable @inline(always)
public func maximumPoolingGradient<V: Vector>(_: V.Type, _ arguments: PoolingGradientArguments) {
  guard let places = arguments.places else { return }
  let geometry = arguments.geometry
  if geometry.isPairs {
    spreadPairs(V.self, arguments, places)
    return
  }
  spreadGradient(V.self, arguments) { (outputOffset: Int, lanes: Int, _: Int) in
    lanes == V.count
      ? (V.load(places + outputOffset), V.load(arguments.gradient + outputOffset))
      : (
        V.load(places + outputOffset, lanes: lanes),
        V.load(arguments.gradient + outputOffset, lanes: lanes)
      )
  } _: { (loaded: (V, V), tap: Int) in
    V.zeros.replaced(with: loaded.1, whereEqual: loaded.0, V(repeating: Float(tap)))
  }
}

/// The same where windows are two by two, side by side.
@inlinable @inline(always)
func spreadPairs<V: Vector>(
  _: V.Type, _ arguments: PoolingGradientArguments, _ places: UnsafePointer<Float>
) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  let line = geometry.inputWidth * channels
  let perLine = geometry.outputWidth * channels
  var picture = 0
  while picture < geometry.batch {
    let target = arguments.output + picture * geometry.inputCount
    var y = 0
    while y < geometry.outputHeight {
      let from = (picture * geometry.outputHeight + y) * perLine
      spreadPair(
        V.self, arguments.gradient + from, places + from, to: target + 2 * y * line,
        columns: geometry.outputWidth, width: geometry.inputWidth, channels: channels)
      y += 1
    }
    let rest = geometry.inputHeight - 2 * geometry.outputHeight
    (target + 2 * geometry.outputHeight * line).update(repeating: 0, count: rest * line)
    picture += 1
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
