import DataFiles
import Network
import Testing

@Suite struct PicturePNGTests {
  private func picture(_ name: String) throws -> Picture {
    try Picture(png: Fixtures.bytes(name), named: name)
  }

  @Test(arguments: ["rgb.png", "rgba.png", "palette.png"])
  func samplesAreThoseOfPIL(name: String) throws {
    let picture = try picture(name)
    #expect(try picture.tensor == Fixtures.array(name + ".npy"))
    let gray = try #require(picture.converted(toChannels: 1))
    #expect(try gray.tensor.values == Fixtures.array(name + ".gray.npy").values)
  }

  @Test func truncationIsRefusedWhereverItFalls() throws {
    let whole = try Fixtures.bytes("rgb.png")
    for count in 8..<whole.count {
      #expect(
        message { try Picture(png: Array(whole.prefix(count)), named: "a.png") }
          == "a.png: a PNG file that ends early; the file is damaged, so make or fetch it again")
    }
  }

  @Test func damageIsRefused() throws {
    var bytes = try Fixtures.bytes("rgb.png")
    bytes[bytes.count / 2] ^= 0xFF
    let text = try #require(message { try Picture(png: bytes, named: "a.png") })
    #expect(text.hasPrefix("a.png: a PNG file that cannot be decoded ("))
  }

  /// A chunk with its checksum.
  private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in Array(type.utf8) + data {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return bigEndian(UInt32(data.count)) + type.utf8 + data + bigEndian(~checksum)
  }

  private func bigEndian(_ number: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  @Test func aFileThatDeclaresAnAbsurdSizeIsRefused() {
    let bytes =
      Picture.pngMagic
      + chunk("IHDR", bigEndian(900_000) + bigEndian(900_000) + [8, 2, 0, 0, 0])
      + chunk("IDAT", [0]) + chunk("IEND", [])
    #expect(
      message { try Picture(png: bytes, named: "a.png") }
        == "a.png: declares 900000×900000 pixels; pictures of 1 to 268435456 are read; "
        + "scale the picture down")
  }

  @Test func gammaDoesNotChangeTheSamples() throws {
    var bytes = try Fixtures.bytes("rgb.png")
    // After the header, whose chunk is 25 bytes.
    bytes.insert(contentsOf: chunk("gAMA", bigEndian(100_000)), at: 8 + 25)
    #expect(try Picture(png: bytes, named: "a.png") == picture("rgb.png"))
  }

  @Test(arguments: [0, 1, 10])
  func anythingElseIsRefused(count: Int) {
    #expect(throws: DataFileError.self) {
      try Picture(png: [UInt8](repeating: 0x89, count: count), named: "a.png")
    }
  }
}
