import DataFiles
import TestSupport
import Testing

@Suite struct FileBytesTests {
  @Test func filesOfAnySizeAreReadWhole() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/a"
    for count in [0, 1, 65535, 65536, 65537, 1_000_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      try AtomicFile.write(bytes, to: path)
      #expect(try FileBytes.read(path) == bytes)
    }
  }

  #if os(Linux)
    @Test func aFileThatDeclaresNoSizeIsReadToItsEnd() throws {
      #expect(try FileBytes.read("/proc/self/status").starts(with: "Name:".utf8))
    }
  #endif

  @Test func filesThatCannotBeReadAreNamed() {
    #expect(
      message { try FileBytes.read("/none/such") } == "/none/such: no such file; check the path")
    #expect(
      message { try FileBytes.read("/dev/null/a") }
        == "/dev/null/a: no such file, for a part of its path is not a folder; check the path")
    #expect(
      message { try FileBytes.read("/tmp") }
        == "/tmp: a folder, not a file; name one of the files in it")
  }
}
