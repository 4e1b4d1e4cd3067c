import DataFiles
import Network
import Testing

@Suite struct PictureJPEGTests {
  @Test(arguments: [("rgb.jpg", 3), ("gray.jpg", 1)])
  func samplesAreThoseOfPIL(name: String, channels: Int) throws {
    let picture = try Picture(jpeg: Fixtures.bytes(name), named: name)
    #expect(picture.channels == channels)
    #expect(
      try #require(picture.converted(toChannels: 3)).tensor == Fixtures.array(name + ".npy"))
    #expect(
      try #require(picture.converted(toChannels: 1)).tensor.values
        == Fixtures.array(name + ".gray.npy").values)
  }

  @Test func truncationIsRefused() throws {
    let whole = try Fixtures.bytes("rgb.jpg")
    for count in stride(from: 0, to: whole.count - 2, by: 11) {
      #expect(throws: DataFileError.self) {
        try Picture(jpeg: Array(whole.prefix(count)), named: "a.jpg")
      }
    }
    #expect(
      message { try Picture(jpeg: Array(whole.dropLast(200)), named: "a.jpg") }
        == "a.jpg: a JPEG file that cannot be decoded (Premature end of JPEG file); "
        + "the file is damaged, so make or fetch it again")
  }

  @Test func aFileWithoutAPictureIsRefused() {
    #expect(
      message { try Picture(jpeg: [0xFF, 0xD8, 0xFF, 0xD9], named: "a.jpg") }
        == "a.jpg: a JPEG file without a picture; "
        + "the file is damaged, so make or fetch it again")
  }

  @Test func aFileThatDeclaresAnAbsurdSizeIsRefused() throws {
    var bytes = try Fixtures.bytes("rgb.jpg")
    // The frame header: marker, length, precision, then height and width.
    let frame = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xC0]) })
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
    #expect(
      message { try Picture(jpeg: bytes, named: "a.jpg") }
        == "a.jpg: declares 65500×65500 pixels; pictures of 1 to 268435456 are read; "
        + "scale the picture down")
  }
}
