import Network

/// A decoded picture of 8-bit samples.
public struct Picture: Equatable, Sendable {
  /// The number of pixels in a row.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The number of samples of a pixel: 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// The samples, row by row from the top, those of a pixel side by side.
  public let bytes: [UInt8]

  /// The largest picture that is decoded.
  static let mostPixels = 1 << 28

  /// A picture of the given samples.
  ///
  /// - Precondition: `channels` is 1 or 3 and there are `width * height * channels` bytes.
  public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
    precondition(channels == 1 || channels == 3, "a picture has 1 or 3 channels, not \(channels)")
    precondition(
      width >= 0 && height >= 0 && bytes.count == width * height * channels,
      "\(bytes.count) bytes do not fill \(width)×\(height) pixels of \(channels) channels")
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// The samples as numbers from 0 to 255, of shape [height, width, channels].
  public var tensor: Tensor {
    Tensor(shape: [height, width, channels], values: bytes.map { Float($0) })
  }

  /// The picture in grey (1 channel) or in colour (3 channels); nil for another number.
  ///
  /// Grey is what PIL's `convert("L")` computes; colour repeats the grey.
  public func converted(toChannels channels: Int) -> Picture? {
    switch channels {
    case self.channels: self
    case 1: gray()
    case 3: repeated()
    default: nil
    }
  }

  private func gray() -> Picture {
    let pixels = width * height
    let gray = [UInt8](unsafeUninitializedCapacity: pixels) { buffer, count in
      for pixel in 0..<pixels {
        let red = UInt32(bytes[3 * pixel])
        let green = UInt32(bytes[3 * pixel + 1])
        let blue = UInt32(bytes[3 * pixel + 2])
        // PIL's weights: those of ITU-R 601-2 in 16-bit fixed point.
        let sum = red * 19595 + green * 38470 + blue * 7471 + 0x8000
        buffer.initializeElement(at: pixel, to: UInt8(sum >> 16))
      }
      count = pixels
    }
    return Picture(width: width, height: height, channels: 1, bytes: gray)
  }

  private func repeated() -> Picture {
    var color: [UInt8] = []
    color.reserveCapacity(bytes.count * 3)
    for byte in bytes {
      color.append(byte)
      color.append(byte)
      color.append(byte)
    }
    return Picture(width: width, height: height, channels: 3, bytes: color)
  }

  /// Refuses a size that a file declares when it is empty or absurd.
  static func check(width: Int, height: Int, named name: String) throws(DataFileError) {
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels <= mostPixels else {
      throw DataFileError(
        file: name,
        problem: "declares \(width)×\(height) pixels; pictures of 1 to \(mostPixels) are read",
        advice: "scale the picture down")
    }
  }
}
