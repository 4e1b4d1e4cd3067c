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

/// Adds the gradients of some pixels to those of a unit's output channels, four vectors at a time.
@inlinable @inline(always)
func sumChannels<V: Vector>(
  _: V.Type, outputs: Int, pixels: Int, _ channels: Int,
  _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  var channel = 0
  while channel < outputs {
    let left = outputs - channel
    if left >= 4 * V.count {
      sumVectors(
        InlineArray<4, V>.self, pixels, channels, source + channel, target + channel,
        lastLanes: V.count)
      channel += 4 * V.count
    } else {
      sumVectors(
        InlineArray<1, V>.self, pixels, channels, source + channel, target + channel,
        lastLanes: left < V.count ? left : V.count)
      channel += V.count
    }
  }
}

@inlinable @inline(always)
func sumVectors<V: Vector, let vectors: Int>(
  _: InlineArray<vectors, V>.Type, _ pixels: Int, _ channels: Int,
  _ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>, lastLanes: Int
) {
  // Two sums each, which do not wait for each other.
  var even = InlineArray<vectors, V>(repeating: V.zeros)
  var odd = even
  var at = source
  var left = pixels
  while left >= 2 {
    var c = 0
    while c < vectors {
      even[unchecked: c] = even[unchecked: c] + V.load(at + c * V.count)
      odd[unchecked: c] = odd[unchecked: c] + V.load(at + (channels + c * V.count))
      c += 1
    }
    at += 2 * channels
    left -= 2
  }
  var c = 0
  while c < vectors {
    var sum = even[unchecked: c] + odd[unchecked: c]
    if left > 0 { sum = sum + V.load(at + c * V.count) }
    let to = target + c * V.count
    (V.load(to) + sum).store(to, lanes: c == vectors - 1 ? lastLanes : V.count)
    c += 1
  }
}

/// Adds the gradients of some pooled pixels, but for those that come from nowhere, to those of a unit's output
/// channels: four times fewer than are spread out.
@inlinable @inline(always)
func sumPooledChannels<V: Vector>(
  _: V.Type, outputs: Int, pixels: Int, _ channels: Int, _ source: UnsafePointer<Float>,
  _ places: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>
) {
  var channel = 0
  while channel < outputs {
    let first = V.firstChannel(ofVectorAt: channel, channels: outputs)
    let lanes = outputs - first < V.count ? outputs - first : V.count
    // Two sums, as of the others, whatever the width of the vector is: every instruction set adds in the same order.
    var (even, odd) = (V.zeros, V.zeros)
    var (gradient, place) = (source + first, places + first)
    var left = pixels
    while left > 1 {
      even = even + passedOn(V.self, gradient, place, lanes: lanes)
      odd = odd + passedOn(V.self, gradient + channels, place + channels, lanes: lanes)
      gradient += 2 * channels
      place += 2 * channels
      left -= 2
    }
    if left > 0 { even = even + passedOn(V.self, gradient, place, lanes: lanes) }
    let sum = even + odd
    if first == channel {
      let to = target + channel
      (V.load(to, lanes: lanes) + sum).store(to, lanes: lanes)
    } else {
      // The channels before are those of the vector before.
      var lane = channel - first
      while lane < V.count {
        target[first + lane] += sum[lane]
        lane += 1
      }
    }
    channel += V.count
  }
}

/// Some channels of a pooled pixel's gradient; zero where they come from nowhere.
@inlinable @inline(always)
func passedOn<V: Vector>(
  _: V.Type, _ source: UnsafePointer<Float>, _ places: UnsafePointer<Float>, lanes: Int
) -> V {
  let nowhere = V(repeating: 4)
  if lanes == V.count {
    return V.load(source).replaced(with: .zeros, whereEqual: V.load(places), nowhere)
  }
  return V.load(source, lanes: lanes)
    .replaced(with: .zeros, whereEqual: V.load(places, lanes: lanes), nowhere)
}
