/// Sets values to zero by chance and scales the others, so that their mean stays.
///
/// Whether a value is dropped depends on the key and on its number alone: the same for the values and their
/// gradients, and for any division of the work.
public struct DropoutArguments {
  public var input: UnsafePointer<Float>
  /// May be the memory of `input`.
  public var output: UnsafeMutablePointer<Float>
  /// How likely a value is to be dropped, 0..<1.
  public var rate: Float
  /// That of the step and the layer.
  public var key: UInt64
  /// The number of the first picture in its batch.
  public var firstPicture: Int
  public var pictures: Int
  /// Each picture's values: `positions` times `channels`.
  public var positions: Int
  public var channels: Int
  /// Whether a channel is dropped at all positions or at none.
  public var isSpatial: Bool

  @inlinable
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, rate: Float, key: UInt64,
    firstPicture: Int, pictures: Int, positions: Int, channels: Int, isSpatial: Bool
  ) {
    self.input = input
    self.output = output
    self.rate = rate
    self.key = key
    self.firstPicture = firstPicture
    self.pictures = pictures
    self.positions = positions
    self.channels = channels
    self.isSpatial = isSpatial
  }
}

/// Steele, Lea and Flood's mixing function (SplitMix, 2014): a number that looks random for each one in turn.
@inlinable @inline(always)
public func mixed(_ number: UInt64) -> UInt64 {
  var z = number &* 0x9e37_79b9_7f4a_7c15
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}

/// Drops values, or whole channels.
@inlinable @inline(always)
public func dropValues<V: Vector>(_: V.Type, _ arguments: DropoutArguments) {
  let count = arguments.positions * arguments.channels
  let draw = DropoutDraw(arguments)
  var picture = 0
  while picture < arguments.pictures {
    let key = mixed(arguments.key &+ UInt64(arguments.firstPicture + picture))
    let input = arguments.input + picture * count
    let output = arguments.output + picture * count
    if arguments.isSpatial {
      dropChannels(arguments, draw, key, input, output)
    } else {
      dropEach(V.self, draw, key, input, output, count: count)
    }
    picture += 1
  }
}

/// What values are multiplied by, 32 for sixteen draws.
@usableFromInline
struct DropoutDraw {
  @usableFromInline static var count: Int { 32 }
  @usableFromInline let factor: Float
  @usableFromInline let threshold: UInt64

  @inlinable @inline(always)
  init(_ arguments: DropoutArguments) {
    factor = 1 / (1 - arguments.rate)
    threshold = UInt64(Double(arguments.rate) * 0x1p32)
  }

  /// The factors of 32 values: sixteen from the upper, sixteen from the lower half of a draw each.
  ///
  /// A loop that compilers turn into vectors of integers, of whatever width there is.
  @inlinable @inline(always)
  func factors(_ key: UInt64, block: Int) -> InlineArray<32, Float> {
    var result = InlineArray<32, Float>(repeating: 0)
    let first = key &+ UInt64(block) &* 16
    var i = 0
    while i < 16 {
      let number = mixed(first &+ UInt64(i))
      result[unchecked: i] = number >> 32 < threshold ? 0 : factor
      result[unchecked: i + 16] = number & 0xffff_ffff < threshold ? 0 : factor
      i += 1
    }
    return result
  }
}

@inlinable @inline(always)
func dropEach<V: Vector>(
  _: V.Type, _ draw: DropoutDraw, _ key: UInt64, _ input: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, count: Int
) {
  var first = 0
  while first < count {
    let factors = draw.factors(key, block: first / DropoutDraw.count)
    let left = count - first
    var i = 0
    if left >= DropoutDraw.count {
      withUnsafeBytes(of: factors) { bytes in
        let scales = bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: Float.self)
        while i < DropoutDraw.count {
          (V.load(input + (first + i)) * V.load(scales + i)).store(output + (first + i))
          i += V.count
        }
      }
    } else {
      while i < left {
        output[first + i] = input[first + i] * factors[unchecked: i]
        i += 1
      }
    }
    first += DropoutDraw.count
  }
}

@inlinable @inline(always)
func dropChannels(
  _ arguments: DropoutArguments, _ draw: DropoutDraw, _ key: UInt64,
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
) {
  let channels = arguments.channels
  var first = 0
  while first < channels {
    let factors = draw.factors(key, block: first / DropoutDraw.count)
    let end = first + DropoutDraw.count < channels ? first + DropoutDraw.count : channels
    var position = 0
    while position < arguments.positions {
      var channel = first
      while channel < end {
        let at = position * channels + channel
        output[at] = input[at] * factors[unchecked: channel - first]
        channel += 1
      }
      position += 1
    }
    first = end
  }
}
