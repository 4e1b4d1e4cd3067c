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

@Suite struct OpenFileTests {
  @Test func filesAreReadToALimit() throws {
    let folder = TemporaryFolder()
    let path = folder.path + "/a"
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try ReplacementFile.write(bytes, to: path)
    for limit in [0, 1, 65536, 65537, 199_999, 200_000, 200_001, .max] {
      #expect(try OpenFile.bytes(of: path, atMost: limit) == Array(bytes.prefix(limit)))
    }
  }

  /// A pipe has no size and gives what there is.
  @Test func pipesAreReadToTheirEnd() throws {
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    defer { close(ends[0]) }
    try OpenFile(ends[1]).writeAll([1, 2])
    try OpenFile(ends[1]).writeAll([3])
    close(ends[1])
    #expect(try OpenFile(ends[0]).readAll() == [1, 2, 3])
  }

  @Test func whatCannotBeReadIsAnError() {
    #expect(throws: SystemError(ENOENT)) { try OpenFile.bytes(of: "/none/such") }
    #expect(throws: SystemError(ENOTDIR)) { try OpenFile.bytes(of: "/dev/null/a") }
    #expect(throws: SystemError(EISDIR)) { try OpenFile.bytes(of: "/tmp") }
    #expect(throws: SystemError(EBADF)) { try OpenFile(-1).readAll() }
    #expect(throws: SystemError(EBADF)) { try OpenFile(-1).writeAll([1]) }
  }
}
