import DataFiles
import Network
import Testing

@Suite struct DataFileTests {
  @Test(
    arguments: [
      ("rgb.png", .png), ("rgb.jpg", .jpeg), ("float32.npy", .npy), ("two.npz", .npz),
      ("fashion-mnist-20.idx3-ubyte", .idx), ("fashion-mnist-20.idx3-ubyte.gz", .idx),
    ] as [(String, InputData.Format)])
  func contentsTellTheFormat(name: String, format: InputData.Format) throws {
    let data = try DataFile.data(from: Fixtures.bytes(name), named: "no.name")
    #expect(data.format == format)
    #expect(data.name == "no.name")
  }

  @Test func picturesTensorsAndArchivesAreToldApart() throws {
    guard case .picture(let picture) = try DataFile.read(Fixtures.path("gray.jpg")).content else {
      Issue.record("gray.jpg is a picture")
      return
    }
    #expect(picture.channels == 1)
    #expect(
      try DataFile.read(Fixtures.path("float32.npy")).content
        == .tensor(Fixtures.array("float32.npy")))
    guard case .arrays(let arrays) = try DataFile.read(Fixtures.path("two.npz")).content else {
      Issue.record("two.npz is an archive")
      return
    }
    #expect(arrays.map(\.name) == ["a", "b"])
    #expect(
      try DataFile.data(from: Array("1,2\n".utf8), named: "a").content
        == .tensor(Tensor(shape: [1, 2], values: [1, 2])))
  }

  @Test func anIndexChoosesAnItemOfIDX() throws {
    let data = try DataFile.read(Fixtures.path("fashion-mnist-20.idx3-ubyte.gz"), index: 3)
    guard case .tensor(let tensor) = data.content else {
      Issue.record("an IDX file is a tensor")
      return
    }
    #expect(tensor.shape == [28, 28])
  }

  @Test(arguments: [
    ("Hello, world\n", "'Hell'"), ("a", "'a'"), ("GIF89a", "'GIF8'"), ("\u{1}\u{2}", "01 02"),
    ("Grüße", "47 72 c3 bc"),
  ])
  func otherFilesAreRefused(text: String, start: String) {
    #expect(
      message { try DataFile.data(from: Array(text.utf8), named: "photo.txt") }
        == "photo.txt: not a picture, .npy, .npz, .csv or IDX file (its first bytes are "
        + "\(start)); convert it to one of these")
  }

  @Test func emptyFilesAreRefused() {
    #expect(
      message { try DataFile.data(from: [], named: "a") }
        == "a: an empty file; give a picture, .npy, .npz, .csv or IDX file")
  }

  @Test func gzipMustHoldIDX() throws {
    // "hi" as gzip with one stored block.
    let bytes: [UInt8] = [
      0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 0, 0xFD, 0xFF, 0x68, 0x69, 0xAC, 0x2A, 0x93, 0xD8,
      2, 0, 0, 0,
    ]
    #expect(
      message { try DataFile.data(from: bytes, named: "a.gz") }
        == "a.gz: a gzip file without IDX data (its contents begin with 'hi'); "
        + "only IDX files are read packed, so unpack it with gunzip first")
  }
}
