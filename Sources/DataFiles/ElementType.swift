/// The types of number that array files hold.
enum ElementType: Equatable, Sendable {
  case bool
  case uint8, uint16, uint32, uint64
  case int8, int16, int32, int64
  case float16, float32, float64

  /// The order of the bytes within a number.
  enum ByteOrder: Equatable, Sendable {
    case little, big
  }

  /// The size of a number in bytes.
  var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// The numbers in `raw`, each rounded to the nearest `Float`.
  ///
  /// `raw` need not be aligned; bytes short of a whole number are ignored.
  func floats(in raw: UnsafeRawBufferPointer, order: ByteOrder) -> [Float] {
    switch self {
    case .bool: convert(raw, order, UInt8.self) { $0 == 0 ? 0 : 1 }
    case .uint8: convert(raw, order, UInt8.self) { Float($0) }
    case .uint16: convert(raw, order, UInt16.self) { Float($0) }
    case .uint32: convert(raw, order, UInt32.self) { Float($0) }
    case .uint64: convert(raw, order, UInt64.self) { Float($0) }
    case .int8: convert(raw, order, Int8.self) { Float($0) }
    case .int16: convert(raw, order, Int16.self) { Float($0) }
    case .int32: convert(raw, order, Int32.self) { Float($0) }
    case .int64: convert(raw, order, Int64.self) { Float($0) }
    case .float16: convert(raw, order, UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .float32: convert(raw, order, UInt32.self) { Float(bitPattern: $0) }
    case .float64: convert(raw, order, UInt64.self) { Float(Double(bitPattern: $0)) }
    }
  }

  @inline(__always)
  private func convert<Bits: FixedWidthInteger & BitwiseCopyable>(
    _ raw: UnsafeRawBufferPointer, _ order: ByteOrder, _: Bits.Type, _ number: (Bits) -> Float
  ) -> [Float] {
    let size = MemoryLayout<Bits>.size
    let total = raw.count / size
    return [Float](unsafeUninitializedCapacity: total) { buffer, count in
      for index in 0..<total {
        let bits = raw.loadUnaligned(fromByteOffset: index * size, as: Bits.self)
        buffer.initializeElement(
          at: index, to: number(order == .big ? Bits(bigEndian: bits) : Bits(littleEndian: bits)))
      }
      count = total
    }
  }
}
