extension UnsafeRawPointer {
  /// The little-endian integer at a byte offset, which need not be aligned.
  func littleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(
    at offset: Int, as type: Integer.Type
  ) -> Integer {
    Integer(littleEndian: loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// The 32-bit number at a byte offset; the largest `Int` where that is less.
  func number(at offset: Int) -> Int { Int(clamping: littleEndian(at: offset, as: UInt32.self)) }
}

extension UnsafeMutableRawPointer {
  /// Stores an integer as little-endian at a byte offset, which need not be aligned.
  func storeLittleEndian<Integer: FixedWidthInteger & BitwiseCopyable>(
    _ value: Integer, at offset: Int
  ) {
    storeBytes(of: value.littleEndian, toByteOffset: offset, as: Integer.self)
  }
}
