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

public func dropValues(_ arguments: DropoutArguments) {
  let count = arguments.positions * arguments.channels
  let factor = 1 / (1 - arguments.rate)
  let threshold = UInt64(Double(arguments.rate) * 0x1p32)
  let drawn = arguments.isSpatial ? arguments.channels : count
  var picture = 0
  while picture < arguments.pictures {
    let key = mixed(arguments.key &+ UInt64(arguments.firstPicture + picture))
    let input = arguments.input + picture * count
    let output = arguments.output + picture * count
    var i = 0
    while i < drawn {
      // Two numbers of each draw.
      let draw = mixed(key &+ UInt64(i / 2))
      let number = i & 1 == 0 ? draw >> 32 : draw & 0xffff_ffff
      let scale = number < threshold ? 0 : factor
      if arguments.isSpatial {
        var position = 0
        while position < arguments.positions {
          output[position * drawn + i] = input[position * drawn + i] * scale
          position += 1
        }
      } else {
        output[i] = input[i] * scale
      }
      i += 1
    }
    picture += 1
  }
}
