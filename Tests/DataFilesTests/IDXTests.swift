import DataFiles
import Network
import Testing

@Suite struct IDXTests {
  private let images = "fashion-mnist-20.idx3-ubyte"
  private let labels: [Float] = [9, 2, 1, 1, 6, 1, 4, 6, 5, 7, 4, 5, 7, 3, 4, 1, 2, 4, 8, 0]

  private func tensor(_ name: String, index: Int? = nil) throws -> Tensor {
    try IDX.tensor(from: Fixtures.bytes(name), named: name, index: index)
  }

  @Test func packedAndPlainFilesHoldTheSame() throws {
    let plain = try tensor(images)
    #expect(plain.shape == [20, 28, 28])
    #expect(try plain.values == Fixtures.bytes(images).dropFirst(16).map { Float($0) })
    #expect(try tensor(images + ".gz") == plain)
  }

  @Test func labelsAreNumbers() throws {
    for name in ["fashion-mnist-20.idx1-ubyte", "fashion-mnist-20.idx1-ubyte.gz"] {
      #expect(try tensor(name) == Tensor(shape: [20], values: labels))
      #expect(try tensor(name, index: 18) == Tensor(shape: [], values: [8]))
    }
  }

  @Test(arguments: [0, 7, 19])
  func oneItemIsReadAlone(index: Int) throws {
    let item = try tensor(images).item(index, of: images)
    #expect(item.shape == [28, 28])
    #expect(try tensor(images, index: index) == item)
    #expect(try tensor(images + ".gz", index: index) == item)
  }

  @Test func anItemBeforeTheDamageIsRead() throws {
    let packed = try Fixtures.bytes(images + ".gz")
    let half = Array(packed.prefix(packed.count / 2))
    #expect(try IDX.tensor(from: half, named: "a", index: 0) == tensor(images, index: 0))
    #expect(
      message { try IDX.tensor(from: half, named: "a", index: 19) }
        == "a: ends before the array of shape (20, 28, 28) it declares does; "
        + "the file is damaged, so make or fetch it again")
  }

  @Test(arguments: [-1, 20, Int.max])
  func anIndexOutOfRangeIsToldTheCount(index: Int) {
    for name in [images, images + ".gz"] {
      #expect(
        message { try tensor(name, index: index) }
          == "\(name): no item \(index) among its 20; use an index from 0 to 19")
    }
  }

  @Test(
    arguments: [
      (0x09, [0xFF, 0x02], [-1, 2]),
      (0x0B, [0xFF, 0xFE, 0x01, 0x00], [-2, 256]),
      (0x0C, [0, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [65536, -1]),
      (0x0D, [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0], [1, -2]),
      (0x0E, [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], [1, -2]),
    ] as [(UInt8, [UInt8], [Float])])
  func everyTypeIsBigEndian(type: UInt8, data: [UInt8], values: [Float]) throws {
    let bytes = [0, 0, type, 1, 0, 0, 0, 2] + data
    #expect(try IDX.tensor(from: bytes, named: "a") == Tensor(shape: [2], values: values))
  }

  @Test func filesShorterOrLongerThanDeclaredAreRefused() throws {
    let plain = try Fixtures.bytes(images)
    #expect(
      message { try IDX.tensor(from: Array(plain.dropLast()), named: "a") }
        == "a: ends before the array of shape (20, 28, 28) it declares does; "
        + "the file is damaged, so make or fetch it again")
    #expect(
      message { try IDX.tensor(from: plain + [0], named: "a") }
        == "a: goes on after the array of shape (20, 28, 28) it declares; "
        + "the file is damaged, so make or fetch it again")
    #expect(
      message { try IDX.tensor(from: [0, 0, 8, 3, 0], named: "a") }
        == "a: ends within the header of the IDX; "
        + "the file is damaged, so make or fetch it again")
  }

  @Test func absurdSizesAreRefusedWithoutTakingMemory() {
    let sizes = [UInt8](repeating: 0xFF, count: 12)
    #expect(throws: DataFileError.self) {
      try IDX.tensor(from: [0, 0, 8, 3] + sizes, named: "a")
    }
    #expect(throws: DataFileError.self) {
      try IDX.tensor(from: [0, 0, 14, 2] + sizes.prefix(8) + [1], named: "a", index: 0)
    }
  }

  @Test func damagedGzipIsRefused() throws {
    var packed = try Fixtures.bytes(images + ".gz")
    // The checksum, which follows the data, four bytes before the size.
    packed[packed.count - 8] ^= 1
    #expect(
      message { try IDX.tensor(from: packed, named: "a.gz") }
        == "a.gz: gzip data that cannot be unpacked (incorrect data check); "
        + "the file is damaged, so make or fetch it again")
  }

  @Test func otherFilesAreRefused() {
    #expect(
      message { try IDX.tensor(from: [0, 0, 1, 0], named: "a") }
        == "a: not an IDX file (its first bytes are 00 00 01 00); "
        + "an IDX file begins with two zeros, the type and the number of axes")
  }
}
