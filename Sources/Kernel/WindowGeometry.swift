/// How a window slides over a batch of pictures: shared by convolution and pooling.
///
/// The window of output row y begins at input row `y · strideY - paddingTop`; what falls outside of
/// the picture is left out. Padding at the far end needs no field: the output's size says it.
public struct WindowGeometry: Equatable, Sendable {
  public var batch: Int
  public var inputHeight: Int
  public var inputWidth: Int
  public var inputChannels: Int
  public var outputHeight: Int
  public var outputWidth: Int
  public var outputChannels: Int
  public var windowHeight: Int
  public var windowWidth: Int
  public var strideY: Int
  public var strideX: Int
  public var dilationY: Int
  public var dilationX: Int
  public var paddingTop: Int
  public var paddingLeft: Int

  @inlinable
  public init(
    batch: Int,
    input: (height: Int, width: Int, channels: Int),
    output: (height: Int, width: Int, channels: Int),
    window: (height: Int, width: Int) = (1, 1), stride: (y: Int, x: Int) = (1, 1),
    dilation: (y: Int, x: Int) = (1, 1), padding: (top: Int, left: Int) = (0, 0)
  ) {
    self.batch = batch
    (inputHeight, inputWidth, inputChannels) = input
    (outputHeight, outputWidth, outputChannels) = output
    (windowHeight, windowWidth) = window
    (strideY, strideX) = stride
    (dilationY, dilationX) = dilation
    (paddingTop, paddingLeft) = padding
  }

  /// The number of floats in one input picture.
  @inlinable @inline(always)
  public var inputCount: Int { inputHeight * inputWidth * inputChannels }

  /// The number of floats in one output picture.
  @inlinable @inline(always)
  public var outputCount: Int { outputHeight * outputWidth * outputChannels }

  /// The rows of the window of output row `y` that lie inside of the picture.
  @inlinable @inline(always)
  public func rows(ofOutput y: Int) -> WindowSpan {
    WindowSpan(
      origin: y * strideY - paddingTop, taps: windowHeight, dilation: dilationY,
      limit: inputHeight)
  }

  /// The columns of the window of output column `x` that lie inside of the picture.
  @inlinable @inline(always)
  public func columns(ofOutput x: Int) -> WindowSpan {
    WindowSpan(
      origin: x * strideX - paddingLeft, taps: windowWidth, dilation: dilationX,
      limit: inputWidth)
  }

  /// The output columns whose whole window lies inside of the picture.
  @inlinable @inline(always)
  public var interiorColumns: (lower: Int, upper: Int) {
    interior(
      reach: (windowWidth - 1) * dilationX, stride: strideX, padding: paddingLeft,
      input: inputWidth, output: outputWidth)
  }

  /// The output rows whose whole window lies inside of the picture.
  @inlinable @inline(always)
  public var interiorRows: (lower: Int, upper: Int) {
    interior(
      reach: (windowHeight - 1) * dilationY, stride: strideY, padding: paddingTop,
      input: inputHeight, output: outputHeight)
  }

  /// The outputs in one direction whose window, which spans `reach` inputs besides its first, lies inside.
  @inlinable @inline(always)
  func interior(
    reach: Int, stride: Int, padding: Int, input: Int, output: Int
  ) -> (lower: Int, upper: Int) {
    var lower = (padding + stride - 1) / stride
    if lower > output { lower = output }
    let lastOrigin = input - 1 - reach + padding
    var upper = lastOrigin < 0 ? 0 : lastOrigin / stride + 1
    if upper > output { upper = output }
    return (lower, upper < lower ? lower : upper)
  }
}

/// The taps of a window, in one direction, that lie inside of the picture.
public struct WindowSpan {
  /// The first tap inside.
  public let first: Int
  /// The number of taps inside; 0 where the whole window lies outside.
  public let count: Int
  /// The input position of the first tap inside.
  public let position: Int

  @inlinable @inline(always)
  init(origin: Int, taps: Int, dilation: Int, limit: Int) {
    // Most windows lie inside: without divisions.
    if origin >= 0 && origin + (taps - 1) * dilation < limit {
      first = 0
      count = taps
      position = origin
      return
    }
    let first = origin >= 0 ? 0 : (dilation - 1 - origin) / dilation
    let room = limit - origin
    var end = room <= 0 ? 0 : (room + dilation - 1) / dilation
    if end > taps { end = taps }
    self.first = first
    count = end > first ? end - first : 0
    position = origin + first * dilation
  }
}
