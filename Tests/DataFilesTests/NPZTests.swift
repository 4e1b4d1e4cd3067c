import DataFiles
import Network
import Testing

@Suite struct NPZTests {
  private let tensors = [
    NamedTensor(name: "conv2d/kernel", tensor: Tensor(shape: [2, 2], values: [1, 2, 3, 4])),
    NamedTensor(name: "a", tensor: Tensor(shape: [], values: [5])),
    NamedTensor(name: "größe", tensor: Tensor(shape: [0], values: [])),
  ]

  @Test(arguments: ["two.npz", "two-compressed.npz"])
  func storedAndDeflatedArchivesAreRead(name: String) throws {
    let tensors = try NPZ.tensors(from: Fixtures.bytes(name), named: name)
    #expect(tensors.map(\.name) == ["a", "b"])
    #expect(try tensors[0].tensor == Fixtures.array("float32.npy"))
    #expect(tensors[1].tensor == Tensor(shape: [5], values: [0, 1, 2, 3, 4]))
  }

  @Test func whatIsWrittenIsReadBackInOrder() throws {
    let bytes = try NPZ.bytes(of: tensors, named: "a.npz")
    #expect(try NPZ.tensors(from: bytes, named: "a.npz") == tensors)
  }

  @Test func whatIsWrittenIsNotCompressedAndTheSameEachTime() throws {
    let bytes = try NPZ.bytes(of: tensors, named: "a.npz")
    #expect(try NPZ.bytes(of: tensors, named: "a.npz") == bytes)
    // The method of the first member, and the date, 1 January 1980.
    #expect(Array(bytes[8..<10]) == [0, 0])
    #expect(Array(bytes[10..<14]) == [0, 0, 0x21, 0])
  }

  @Test func anArchiveMayBeEmpty() throws {
    let bytes = try NPZ.bytes(of: [], named: "a.npz")
    #expect(bytes.count == 22)
    #expect(try NPZ.tensors(from: bytes, named: "a.npz").isEmpty)
  }

  @Test func aNameIsUsedOnce() {
    #expect(
      message { try NPZ.bytes(of: [tensors[1], tensors[1]], named: "a.npz") }
        == "a.npz: two arrays are called 'a'; give each its own name")
  }

  @Test func truncationIsRefused() throws {
    let whole = try Fixtures.bytes("two.npz")
    for count in stride(from: 0, to: whole.count, by: 7) {
      #expect(throws: DataFileError.self) {
        try NPZ.tensors(from: Array(whole.prefix(count)), named: "a.npz")
      }
    }
  }

  @Test func aDamagedMemberIsRefused() throws {
    var bytes = try NPZ.bytes(of: [tensors[0]], named: "a.npz")
    // The last byte of the array: 30 bytes of zip header and the name come first.
    bytes[30 + "conv2d/kernel.npy".utf8.count + 128 + 15] ^= 1
    let text = try #require(message { try NPZ.tensors(from: bytes, named: "a.npz") })
    #expect(text.hasPrefix("a.npz, member 'conv2d/kernel.npy': a zip archive that cannot be read"))
  }

  @Test func otherMembersAreRefused() throws {
    var bytes = try NPZ.bytes(of: [tensors[1]], named: "a.npz")
    // Renames a.npy to a.npx in both places where zip keeps the name.
    for start in bytes.indices where bytes[start...].starts(with: "a.npy".utf8) {
      bytes[start + 4] = UInt8(ascii: "x")
    }
    #expect(
      message { try NPZ.tensors(from: bytes, named: "a.npz") }
        == "a.npz: a zip archive whose member 'a.npx' is not an .npy file; "
        + "save the arrays with numpy.savez")
  }

  /// The archive with the size of its one member set to `size` in its directory.
  private func archive(declaring size: [UInt8]) throws -> [UInt8] {
    var bytes = try NPZ.bytes(of: [tensors[1]], named: "a.npz")
    let directory = try #require(
      bytes.indices.first { bytes[$0...].starts(with: [0x50, 0x4B, 0x01, 0x02]) })
    bytes.replaceSubrange(directory + 24..<directory + 28, with: size)
    return bytes
  }

  @Test func aMemberThatClaimsMoreThanItCanHoldIsRefusedUnread() throws {
    let bytes = try archive(declaring: [0xFE, 0xFF, 0xFF, 0xFF])
    #expect(
      message { try NPZ.tensors(from: bytes, named: "a.npz") }
        == "a.npz, member 'a.npy': declares 4294967294 bytes, more than its 132 bytes can hold; "
        + "the file is damaged, so make or fetch it again")
  }
}
