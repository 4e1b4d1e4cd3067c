/// Bytes written one after another to memory that is known to suffice.
///
/// Appending to an array would test its capacity and its ownership for every byte.
struct ByteWriter {
  private let buffer: UnsafeMutableBufferPointer<UInt8>
  /// The number of bytes written.
  private(set) var count = 0

  /// A writer to the start of `buffer`, which must have room for all that is appended.
  init(to buffer: UnsafeMutableBufferPointer<UInt8>) {
    self.buffer = buffer
  }

  /// Appends a byte.
  mutating func append(_ byte: UInt8) {
    buffer.initializeElement(at: count, to: byte)
    count += 1
  }

  /// Appends the UTF-8 bytes of `text`.
  mutating func append(_ text: String) {
    for byte in text.utf8 { append(byte) }
  }
}
