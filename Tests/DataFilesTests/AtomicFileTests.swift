import DataFiles
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct AtomicFileTests {
  private let folder = TemporaryFolder()

  @Test func aNewFileHasThePermissionsOfAnyNewFile() throws {
    let path = folder.path + "/a"
    let plain = folder.path + "/plain"
    close(open(plain, O_CREAT | O_WRONLY, 0o666))
    try AtomicFile.write([1, 2], to: path)
    #expect(try FileBytes.read(path) == [1, 2])
    #expect(permissions(of: path) == permissions(of: plain))
    #expect(folder.contents == ["a", "plain"])
  }

  @Test func aReplacedFileKeepsItsPermissions() throws {
    let path = folder.path + "/a"
    try AtomicFile.write([1, 2], to: path)
    chmod(path, 0o640)
    try AtomicFile.write([3], to: path)
    #expect(try FileBytes.read(path) == [3])
    #expect(permissions(of: path) == 0o640)
    #expect(folder.contents == ["a"])
  }

  @Test func aLinkIsFollowed() throws {
    let path = folder.path + "/a"
    let link = folder.path + "/link"
    try AtomicFile.write([1], to: path)
    #expect(symlink("a", link) == 0)
    try AtomicFile.write([2], to: link)
    #expect(try FileBytes.read(path) == [2])
    #expect(folder.contents == ["a", "link"])
  }

  @Test func aFailureLeavesNothingBehind() throws {
    let target = folder.path + "/folder"
    #expect(mkdir(target, 0o700) == 0)
    #expect(
      message { try AtomicFile.write([1], to: target) }
        == "\(target): cannot be written (Is a directory); name a file in that folder")
    #expect(folder.contents == ["folder"])
    rmdir(target)
  }

  @Test func aMissingFolderIsNamed() {
    let path = folder.path + "/none/a"
    #expect(
      message { try AtomicFile.write([1], to: path) }
        == "\(path): cannot be written (No such file or directory); "
        + "make the folder it is to be in first (mkdir -p)")
    #expect(folder.contents.isEmpty)
  }

  @Test func aNameMayBeAsLongAsTheSystemAllows() throws {
    let name = String(repeating: "n", count: 255)
    try AtomicFile.write([1], to: folder.path + "/" + name)
    #expect(folder.contents == [name])
  }

  @Test func devicesAreWrittenToDirectly() throws {
    try AtomicFile.write([1, 2, 3], to: "/dev/null")
    #expect(
      message { try AtomicFile.write([1], to: "/dev/full") }
        == "/dev/full: cannot be written (No space left on device); "
        + "free some space or choose another place")
  }

  @Test func aPipeWithoutAReaderIsAnErrorAndNoSignal() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[1]) }
    close(ends[0])
    do throws(DataFileError) {
      try AtomicFile.writeQuietly([1], to: ends[1], named: "pipe")
      Issue.record("a pipe without a reader was written to")
    } catch {
      #expect(error.isClosedPipe)
    }
  }
}
