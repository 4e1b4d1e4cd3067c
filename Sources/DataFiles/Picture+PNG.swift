import CPNG

extension Picture {
  /// What every PNG file begins with.
  package static let pngMagic: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The picture in the bytes of a PNG file, in grey if the file is grey, else in colour.
  ///
  /// Samples are taken as they are stored: transparency is dropped, not blended, and gamma and
  /// colour profiles are ignored, as PIL does. Samples of 16 bits are rounded to 8. `name` is what
  /// messages call the file.
  ///
  /// - Throws: `DataFileError` when the bytes are no PNG file, damaged, or of an absurd size.
  public init(png bytes: [UInt8], named name: String) throws(DataFileError) {
    let chunks = try Self.pixelChunks(of: bytes, named: name)
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    self = try chunks.withUnsafeBufferPointer { raw throws(DataFileError) in
      guard png_image_begin_read_from_memory(&image, raw.baseAddress, raw.count) != 0 else {
        throw Self.undecodable(image, named: name)
      }
      // Without a gAMA chunk libpng takes 16-bit samples to be linear light and would convert.
      image.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
      let width = Int(image.width)
      let height = Int(image.height)
      try Self.check(width: width, height: height, named: name)
      let hasAlpha = image.format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0
      let channels = image.format & UInt32(PNG_FORMAT_FLAG_COLOR) != 0 ? 3 : 1
      image.format =
        (channels == 3 ? UInt32(PNG_FORMAT_FLAG_COLOR) : 0)
        | (hasAlpha ? UInt32(PNG_FORMAT_FLAG_ALPHA) : 0)
      let samples = channels + (hasAlpha ? 1 : 0)
      var isWhole = false
      let pixels = [UInt8](unsafeUninitializedCapacity: width * height * samples) {
        isWhole = png_image_finish_read(&image, nil, $0.baseAddress, 0, nil) != 0
        $1 = isWhole ? $0.count : 0
      }
      guard isWhole else { throw Self.undecodable(image, named: name) }
      return Picture(
        width: width, height: height, channels: channels,
        bytes: hasAlpha ? Self.withoutAlpha(pixels, channels: channels) : pixels)
    }
  }

  /// The file without the chunks that do not hold pixels.
  ///
  /// libpng's simple interface converts colours by the gAMA, cHRM, sRGB and iCCP chunks when it
  /// finds them; a network was trained on samples as they are stored.
  private static func pixelChunks(
    of bytes: [UInt8], named name: String
  ) throws(DataFileError) -> [UInt8] {
    guard bytes.starts(with: pngMagic) else {
      throw DataFileError(
        file: name, problem: "not a PNG file, for it does not begin as one",
        advice: "save the picture as PNG")
    }
    var result = pngMagic
    result.reserveCapacity(bytes.count)
    var position = pngMagic.count
    // A chunk is its length, a type of four letters, the data and a checksum.
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = position + 12 + length
      guard end <= bytes.count else { break }
      let type = bytes[position + 4..<position + 8]
      // A small first letter marks a chunk that a decoder may ignore.
      let isCritical = type.first! & 0x20 == 0
      if isCritical || type.elementsEqual("tRNS".utf8) { result += bytes[position..<end] }
      if type.elementsEqual("IEND".utf8) { return result }
      position = end
    }
    throw .damaged(name, "a PNG file that ends early")
  }

  private static func withoutAlpha(_ pixels: [UInt8], channels: Int) -> [UInt8] {
    let count = pixels.count / (channels + 1)
    var result: [UInt8] = []
    result.reserveCapacity(count * channels)
    for pixel in 0..<count {
      let start = pixel * (channels + 1)
      for channel in 0..<channels { result.append(pixels[start + channel]) }
    }
    return result
  }

  private static func undecodable(_ image: png_image, named name: String) -> DataFileError {
    let message = withUnsafeBytes(of: image.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return .damaged(name, "a PNG file that cannot be decoded (\(message))")
  }
}
