import DataFiles
import TestSupport
import Testing

@testable import DataSets

/// With files of this machine instead of a server's: `curl` fetches and resumes them alike.
@Suite struct DownloadTests {
  private let folder = TemporaryFolder()
  private let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }

  /// A file that is to be had at a URL.
  private func remote(sha256: String? = nil) throws -> RemoteFile {
    let path = try folder.write(bytes, to: "server/file")
    return RemoteFile(
      url: "file://" + path, size: bytes.count, sha256: sha256 ?? SHA256.hex(of: bytes))
  }

  private var target: String { folder.path + "/file" }

  @Test func aFileIsFetchedWhole() throws {
    try Download.fetch(remote(), into: folder.path)
    #expect(try FileBytes.read(target) == bytes)
    #expect(!Folder.hasFile(target + ".part"))
  }

  @Test func whatIsThereIsNotFetched() throws {
    let there = Array(repeating: UInt8(1), count: bytes.count)
    try folder.write(there, to: "file")
    try Download.fetch(
      RemoteFile(url: "file:///none/file", size: bytes.count, sha256: ""), into: folder.path)
    #expect(try FileBytes.read(target) == there)
  }

  @Test(arguments: [1, 50_000, 100_000])
  func anInterruptedDownloadIsResumed(count: Int) throws {
    try folder.write(Array(bytes.prefix(count)), to: "file.part")
    // What is resumed does not read what was there before: it is the server's that is missing here.
    let remote = try remote()
    try Download.fetch(remote, into: folder.path)
    #expect(try FileBytes.read(target) == bytes)
  }

  @Test func aResumedDownloadContinuesWhereItEnded() throws {
    try folder.write(Array(repeating: 0, count: 10), to: "part")
    try Curl.fetch(remote().url, to: folder.path + "/part", showsProgress: false)
    #expect(
      try FileBytes.read(folder.path + "/part") == Array(repeating: 0, count: 10)
        + bytes.dropFirst(10))
  }

  @Test(arguments: [10, 100_000, 100_001])
  func aWrongBeginningIsFetchedAgain(count: Int) throws {
    try folder.write(Array(repeating: UInt8(1), count: count), to: "file.part")
    try Download.fetch(remote(), into: folder.path)
    #expect(try FileBytes.read(target) == bytes)
  }

  @Test func aWrongFileIsRefused() throws {
    let wrong = String(repeating: "0", count: 64)
    let remote = try remote(sha256: wrong)
    #expect(
      message { try Download.fetch(remote, into: folder.path) }
        == "\(remote.url): not the file that was published: its SHA-256 is \(SHA256.hex(of: bytes)), "
        + "not \(wrong); try again later, or fetch file from elsewhere into \(folder.path)")
    #expect(!Folder.hasFile(target) && !Folder.hasFile(target + ".part"))
  }

  @Test func aFileThatIsNotThereIsNamed() {
    let remote = RemoteFile(url: "file:///none/file", size: 1, sha256: "")
    #expect(
      message { try Download.fetch(remote, into: folder.path) }
        == "file:///none/file: cannot be fetched: there is no such file; "
        + "try again, which goes on where it ended, or name a folder that has the data")
  }

  @Test func thePublicFilesAreDescribedWhole() throws {
    for set in PublicDataSet.allCases {
      #expect(set.classNames.count == 10)
      #expect(
        set.files.map(\.name) == [
          "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
          "t10k-labels-idx1-ubyte.gz",
        ])
      #expect(set.files.allSatisfy { $0.sha256.count == 64 && $0.size > 0 })
    }
    #expect(PublicDataSet(rawValue: "fashion-mnist") == .fashionMNIST)
  }

  @Test func foldersAreMade() throws {
    try Folder.make(folder.path + "/a/b/c")
    try Folder.make(folder.path + "/a/b/c")
    #expect(Folder.exists(folder.path + "/a/b/c"))
    try folder.write("", to: "f")
    #expect(
      message { try Folder.make(folder.path + "/f/g") }
        == "\(folder.path)/f: the folder cannot be made (File exists); "
        + "check the permissions, or choose another place")
  }
}
