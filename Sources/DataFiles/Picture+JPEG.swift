import CTurboJPEG

extension Picture {
  /// What every JPEG file begins with.
  static let jpegMagic: [UInt8] = [0xFF, 0xD8, 0xFF]

  /// The picture in the bytes of a JPEG file, in grey if the file is grey, else in colour.
  ///
  /// Orientation tags and colour profiles are ignored, as PIL does. `name` is what messages call
  /// the file.
  ///
  /// - Throws: `DataFileError` when the bytes are no JPEG file, damaged, or of an absurd size.
  public init(jpeg bytes: [UInt8], named name: String) throws(DataFileError) {
    guard let decoder = tjInitDecompress() else {
      throw DataFileError(
        file: name, problem: "the JPEG decoder cannot start",
        advice: "free some memory and try again")
    }
    defer { tjDestroy(decoder) }
    var width: Int32 = 0
    var height: Int32 = 0
    var subsampling: Int32 = 0
    var colorSpace: Int32 = 0
    let size = UInt(bytes.count)
    let status = tjDecompressHeader3(
      decoder, bytes, size, &width, &height, &subsampling, &colorSpace)
    if status != 0 { try Self.checkFailure(of: decoder, named: name) }
    // Tables without a picture are a file that TurboJPEG accepts.
    guard width > 0, height > 0 else { throw .damaged(name, "a JPEG file without a picture") }
    try Self.check(width: Int(width), height: Int(height), named: name)

    let isInk =
      colorSpace == Int32(TJCS_CMYK.rawValue) || colorSpace == Int32(TJCS_YCCK.rawValue)
    let isGray = colorSpace == Int32(TJCS_GRAY.rawValue)
    let format = isInk ? TJPF_CMYK : isGray ? TJPF_GRAY : TJPF_RGB
    let samples = isInk ? 4 : isGray ? 1 : 3
    var failed = false
    let pixels = [UInt8](
      unsafeUninitializedCapacity: Int(width) * Int(height) * samples
    ) { buffer, count in
      // A damaged file may leave pixels untouched.
      buffer.initialize(repeating: 0)
      count = buffer.count
      // A progressive file of very many scans would take minutes.
      let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
      failed =
        tjDecompress2(
          decoder, bytes, size, buffer.baseAddress, width, 0, height, Int32(format.rawValue), flags)
        != 0
    }
    if failed { try Self.checkFailure(of: decoder, named: name) }
    self.init(
      width: Int(width), height: Int(height), channels: isGray ? 1 : 3,
      bytes: isInk ? Self.colors(ofInverseInks: pixels) : pixels)
  }

  /// Throws what the decoder complained of, unless it is one of the flaws that every decoder
  /// passes over, such as stray bytes between segments.
  private static func checkFailure(
    of decoder: tjhandle, named name: String
  ) throws(DataFileError) {
    let message = String(cString: tjGetErrorStr2(decoder))
    guard
      tjGetErrorCode(decoder) != Int32(TJERR_WARNING.rawValue)
        || message.hasPrefix("Premature end of JPEG")
    else { return }
    throw .damaged(name, "a JPEG file that cannot be decoded (\(message))")
  }

  /// Cyan, magenta, yellow and black, stored inverted as all programs do, as PIL makes them into
  /// red, green and blue.
  private static func colors(ofInverseInks inks: [UInt8]) -> [UInt8] {
    var colors: [UInt8] = []
    colors.reserveCapacity(inks.count / 4 * 3)
    for pixel in stride(from: 0, to: inks.count, by: 4) {
      let light = Int(inks[pixel + 3])
      for channel in 0..<3 {
        let product = (255 - Int(inks[pixel + channel])) * light + 128
        colors.append(UInt8(max(0, light - (product >> 8 + product) >> 8)))
      }
    }
    return colors
  }
}
