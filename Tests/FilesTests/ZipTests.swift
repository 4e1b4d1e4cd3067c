import Files
import TestSupport
import Testing

/// What `ZipWriter` writes, `ZipArchive` reads; damage is found.
@Suite struct ZipTests {
  private let folder = TemporaryFolder()
  private let zeros = [UInt8](repeating: 0, count: 100_000)

  private func archive() throws(ZipError) -> [UInt8] {
    try ZipWriter.bytes { archive throws(ZipError) in
      try archive.add("größe/a", bytes: [1, 2, 3])
      try archive.add("empty", bytes: [])
      try archive.add("zeros", bytes: zeros)
    }
  }

  /// What `body` gives for the archive in the bytes.
  private func reading<Result>(
    _ bytes: [UInt8], _ body: (ZipArchive) throws(ZipError) -> Result
  ) throws(ZipError) -> Result {
    try bytes.withUnsafeBufferPointer { buffer throws(ZipError) in
      try body(try ZipArchive(bytes: buffer))
    }
  }

  private func members(of archive: ZipArchive) throws(ZipError) -> [String: [UInt8]] {
    var members: [String: [UInt8]] = [:]
    for index in 0..<archive.count {
      members[try archive.name(at: index)] = try archive.bytes(at: index, atMost: 1 << 20)
    }
    return members
  }

  @Test func whatIsWrittenIsRead() throws {
    let expected: [String: [UInt8]] = ["größe/a": [1, 2, 3], "empty": [], "zeros": zeros]
    #expect(try reading(archive(), members) == expected)
  }

  @Test func membersAreStoredWithoutADate() throws {
    let bytes = try archive()
    #expect(try archive() == bytes)
    // The method of the first member, and the date, 1 January 1980.
    #expect(Array(bytes[8..<10]) == [0, 0])
    #expect(Array(bytes[10..<14]) == [0, 0, 0x21, 0])
    #expect(bytes.count > zeros.count)
  }

  @Test func filesAreWrittenAndRead() throws {
    let path = folder.path + "/a.zip"
    let member = folder.path + "/zeros"
    try ReplacementFile.write(zeros, to: member)
    try ZipWriter.write(to: path) { archive throws(ZipError) in
      try archive.add("größe/a", bytes: [1, 2, 3])
      try archive.add("empty", bytes: [])
      try archive.add("zeros", file: member)
    }
    let expected: [String: [UInt8]] = ["größe/a": [1, 2, 3], "empty": [], "zeros": zeros]
    #expect(try members(of: ZipArchive(path: path)) == expected)
    #expect(folder.contents == ["a.zip", "zeros"])
  }

  @Test func anArchiveMayBeEmpty() throws {
    let bytes = try ZipWriter.bytes { _ in }
    #expect(bytes.count == 22)
    #expect(try reading(bytes) { $0.count } == 0)
  }

  @Test func aNameIsUsedOnce() {
    #expect(throws: ZipError.unwritable("File already exists")) {
      try ZipWriter.bytes { archive throws(ZipError) in
        try archive.add("a", bytes: [1])
        try archive.add("a", bytes: [2])
      }
    }
  }

  @Test func whatCannotBeWrittenLeavesNothingBehind() {
    #expect(throws: ZipError.self) {
      try ZipWriter.write(to: folder.path + "/a.zip") { archive throws(ZipError) in
        try archive.add("a", bytes: [1])
        try archive.add("b", file: folder.path + "/none")
      }
    }
    #expect(folder.contents.isEmpty)
    #expect(throws: ZipError.self) {
      try ZipWriter.write(to: folder.path + "/none/a.zip") { archive throws(ZipError) in
        try archive.add("a", bytes: [1])
      }
    }
  }

  @Test func noMoreIsReadThanIsAskedFor() throws {
    #expect(throws: ZipError.tooLarge(size: 3)) {
      try reading(archive()) { archive throws(ZipError) in try archive.bytes(at: 0, atMost: 2) }
    }
    let bytes = try reading(archive()) { archive throws(ZipError) in
      try archive.bytes(at: 0, atMost: 3)
    }
    #expect(bytes == [1, 2, 3])
  }

  @Test func aMemberThatClaimsMoreThanItCanHoldIsRefusedUnread() throws {
    var bytes = try archive()
    let directory = try #require(
      bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4B, 0x01, 0x02]) })
    bytes.replaceSubrange(directory + 24..<directory + 28, with: [0xFE, 0xFF, 0xFF, 0xFF])
    #expect(throws: ZipError.impossible(size: 0xFFFF_FFFE, storedSize: 100_000)) {
      try reading(bytes) { archive throws(ZipError) in
        try archive.bytes(at: 2, atMost: 1 << 32)
      }
    }
  }

  @Test func damageIsFound() throws {
    var bytes = try archive()
    // The first byte of the first member: 30 bytes of header and the name come before.
    bytes[30 + "größe/a".utf8.count] ^= 1
    #expect(throws: ZipError.unreadable("CRC error")) { try reading(bytes, members) }
    #expect(throws: ZipError.self) {
      try reading(Array(archive().dropLast(1)), members)
    }
    #expect(throws: ZipError.self) { try ZipArchive(path: folder.path + "/none") }
    #expect(throws: ZipError.self) { try reading([1, 2, 3], members) }
  }
}
