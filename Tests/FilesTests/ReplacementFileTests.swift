import Files
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct ReplacementFileTests {
  private let folder = TemporaryFolder()

  @Test func theOldFileStaysUntilTheNewOneIsWhole() throws {
    let path = folder.path + "/a"
    try ReplacementFile.write([1, 2], to: path)
    chmod(path, 0o640)
    let file = try ReplacementFile.required(path)
    try file.writeAll([3])
    try file.writeAll([4, 5])
    #expect(try OpenFile.bytes(of: path) == [1, 2])
    #expect(folder.contents.count == 2 && folder.contents[0].hasPrefix(".a."))
    try file.commit()
    #expect(try OpenFile.bytes(of: path) == [3, 4, 5])
    #expect(permissions(of: path) == 0o640)
    #expect(folder.contents == ["a"])
  }

  @Test func aNewFileHasThePermissionsOfAnyNewFile() throws {
    let plain = folder.path + "/plain"
    close(open(plain, O_CREAT | O_WRONLY, 0o666))
    try ReplacementFile.write([1], to: folder.path + "/a")
    #expect(permissions(of: folder.path + "/a") == permissions(of: plain))
  }

  /// As libzip does, which makes yet another file and gives it that name.
  @Test func whatALibraryPutsAtThePathIsTheNewFile() throws {
    let path = folder.path + "/a"
    try ReplacementFile.write([1, 2], to: path)
    chmod(path, 0o640)
    let file = try ReplacementFile.required(path)
    try ReplacementFile.write([3], to: folder.path + "/other")
    #expect(rename(folder.path + "/other", file.path) == 0)
    try file.commit()
    #expect(try OpenFile.bytes(of: path) == [3])
    #expect(permissions(of: path) == 0o640)
    #expect(folder.contents == ["a"])
  }

  @Test func whatIsNotCommittedIsRemoved() throws {
    let path = folder.path + "/a"
    try ReplacementFile.write([1], to: path)
    do {
      let file = try ReplacementFile.required(path)
      try file.writeAll([2])
    }
    #expect(try OpenFile.bytes(of: path) == [1])
    #expect(folder.contents == ["a"])
  }

  @Test func aLinkIsFollowed() throws {
    try ReplacementFile.write([1], to: folder.path + "/a")
    #expect(symlink("a", folder.path + "/link") == 0)
    try ReplacementFile.write([2], to: folder.path + "/link")
    #expect(try OpenFile.bytes(of: folder.path + "/a") == [2])
    #expect(folder.contents == ["a", "link"])
  }

  @Test func aFailureLeavesNothingBehind() throws {
    let target = folder.path + "/folder"
    let file = try ReplacementFile.required(target)
    #expect(mkdir(target, 0o700) == 0)
    // The file beside the folder could be made, but cannot take its place.
    do throws(SystemError) {
      try file.commit()
      Issue.record("a folder was replaced")
    } catch {
      #expect(error == SystemError(EISDIR))
      #expect(error.message == "Is a directory")
      #expect(error.writingAdvice == "name a file in that folder")
    }
    #expect(folder.contents == ["folder"])
  }

  @Test func whatIsNoRegularFileIsNotReplaced() throws {
    for path in [folder.path, folder.path + "/", "/dev/null"] {
      if try ReplacementFile(for: path) != nil { Issue.record("\(path) is replaced") }
    }
  }

  @Test func whatCannotBeMadeIsAnError() throws {
    for (path, code) in [
      (folder.path + "/none/a", ENOENT), ("/dev/null/a", ENOTDIR), (folder.path + "/none/", EISDIR),
      ("", EISDIR), (folder.path + "/" + String(repeating: "n", count: 256), ENAMETOOLONG),
    ] {
      #expect(throws: SystemError(code)) { _ = try ReplacementFile(for: path) }
    }
    #expect(folder.contents.isEmpty)
  }
}
