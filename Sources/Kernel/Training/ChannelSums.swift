/// What sums over a batch for each channel read and write: what batch normalisation needs of its batch.
public struct ChannelSumArguments {
  /// `pixels` times `channels` values.
  public var first: UnsafePointer<Float>
  /// As many, each less its channel's `center`; nil for the sum of the first alone.
  public var second: UnsafePointer<Float>?
  public var center: UnsafePointer<Float>?
  /// A sum for each channel.
  public var output: UnsafeMutablePointer<Float>
  public var pixels: Int
  public var channels: Int
  /// The channels to add up.
  public var range: WorkRange

  @inlinable
  public init(
    first: UnsafePointer<Float>, second: UnsafePointer<Float>?, center: UnsafePointer<Float>?,
    output: UnsafeMutablePointer<Float>, pixels: Int, channels: Int, range: WorkRange
  ) {
    self.first = first
    self.second = second
    self.center = center
    self.output = output
    self.pixels = pixels
    self.channels = channels
    self.range = range
  }
}

/// For each channel the sum of the first's values, or of their products with the second's centred ones; where
/// both are the same memory, of the squares of the centred ones.
@inlinable @inline(always)
public func sumChannels<V: Vector>(_: V.Type, _ arguments: ChannelSumArguments) {
  var channel = arguments.range.lower
  while channel < arguments.range.upper {
    let left = arguments.range.upper - channel
    let lanes = left < V.count ? left : V.count
    let center = arguments.center.map { V.load($0 + channel, lanes: lanes) } ?? .zeros
    let isSquare = arguments.second == arguments.first
    var total = V.zeros
    var pixel = 0
    while pixel < arguments.pixels {
      // Sums of sums, whose rounding errors stay small.
      var part = V.zeros
      var end = pixel + 256
      if end > arguments.pixels { end = arguments.pixels }
      while pixel < end {
        let at = pixel * arguments.channels + channel
        var a = V.load(arguments.first + at, lanes: lanes)
        if let second = arguments.second {
          let b = V.load(second + at, lanes: lanes) - center
          if isSquare { a = b }
          part = part.fusedAddingProduct(a, b)
        } else {
          part = part + a
        }
        pixel += 1
      }
      total = total + part
    }
    total.store(arguments.output + channel, lanes: lanes)
    channel += V.count
  }
}
