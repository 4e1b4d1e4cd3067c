import CZlib

/// The bytes inside a gzip file, inflated no further than they are asked for.
final class GzipSource: ByteSource {
  private let stream: UnsafeMutablePointer<z_stream>
  private let input: UnsafeMutableBufferPointer<UInt8>
  private let name: String
  /// How much of `input` zlib was given; its own counts have only 32 bits.
  private var given = 0
  private var isAtEnd = false

  /// What every gzip file begins with.
  static let magic: [UInt8] = [0x1F, 0x8B]

  /// The contents of a gzip file that messages call `name`.
  init(_ bytes: [UInt8], named name: String) throws(DataFileError) {
    self.name = name
    // zlib keeps pointers to both, so that neither may move.
    input = .allocate(capacity: bytes.count)
    _ = input.initialize(from: bytes)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 is the largest window, 32 asks for gzip headers to be recognised.
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, 15 + 32, ZLIB_VERSION, size) == Z_OK else {
      throw DataFileError(
        file: name, problem: "zlib cannot start", advice: "free some memory and try again")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    input.deallocate()
  }

  /// Deflate shrinks by a factor of 1032 at most.
  var mostBytes: Int { input.count.multipliedReportingOverflow(by: 1032).partialValue }

  func read(_ count: Int) throws(DataFileError) -> [UInt8] {
    let most = 1 << 24
    var bytes = try readChunk(min(count, most))
    // In steps, so that memory is taken for what there is, not for what a header declares.
    while bytes.count < count {
      let chunk = try readChunk(min(count - bytes.count, most))
      if chunk.isEmpty { break }
      bytes += chunk
    }
    return bytes
  }

  private func readChunk(_ count: Int) throws(DataFileError) -> [UInt8] {
    var failure: Int32 = Z_OK
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, !isAtEnd, failure == Z_OK {
        let room = count - filled
        stream.pointee.next_out = buffer.baseAddress! + filled
        stream.pointee.avail_out = UInt32(room)
        failure = inflateSome()
        filled += room - Int(stream.pointee.avail_out)
      }
    }
    guard failure == Z_OK else {
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(failure)"
      throw .damaged(name, "gzip data that cannot be unpacked (\(reason))")
    }
    return bytes
  }

  func skip(_ count: Int) throws(DataFileError) {
    var left = count
    while left > 0 {
      let got = try read(min(left, 1 << 18)).count
      if got == 0 { return }
      left -= got
    }
  }

  /// Lets zlib fill some of its output; `Z_OK` also at the end of the file.
  private func inflateSome() -> Int32 {
    if stream.pointee.avail_in == 0 {
      let step = min(input.count - given, 1 << 30)
      guard step > 0 else {
        isAtEnd = true
        return Z_OK
      }
      stream.pointee.next_in = input.baseAddress! + given
      stream.pointee.avail_in = UInt32(step)
      given += step
    }
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_STREAM_END:
      // A gzip file may be several, one after another.
      isAtEnd = stream.pointee.avail_in == 0 && given == input.count
      return isAtEnd ? Z_OK : inflateReset(stream)
    case Z_OK, Z_BUF_ERROR:
      return Z_OK
    case let failure:
      return failure
    }
  }
}
