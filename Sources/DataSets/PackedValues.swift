import Training

/// Numbers as bytes where every one is a byte, else as floats: a quarter of the memory for pictures.
enum PackedValues: Equatable, Sendable {
  case bytes([UInt8])
  case floats([Float])

  /// The numbers, as bytes where they can be.
  init(_ floats: [Float]) {
    let isBytes = floats.allSatisfy { $0 >= 0 && $0 <= 255 && $0 == $0.rounded() }
    self = isBytes ? .bytes(floats.map { UInt8($0) }) : .floats(floats)
  }

  var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .floats(let floats): floats.count
    }
  }

  /// The memory that the numbers take.
  var byteCount: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .floats(let floats): floats.count * MemoryLayout<Float>.stride
    }
  }

  subscript(index: Int) -> Float {
    switch self {
    case .bytes(let bytes): Float(bytes[index])
    case .floats(let floats): floats[index]
    }
  }

  /// Fills `target` with the numbers from `start` on.
  func copy(from start: Int, to target: inout MutableSpan<Float>) {
    let count = target.count
    switch self {
    case .bytes(let bytes):
      let source = bytes.span.extracting(start..<start + count)
      for index in 0..<count { target[index] = Float(source[index]) }
    case .floats(let floats):
      let source = floats.span.extracting(start..<start + count)
      for index in 0..<count { target[index] = source[index] }
    }
  }
}

extension PackedValues {
  /// Numbers that come one by one: bytes until there is one that is none.
  struct Builder {
    private var bytes: [UInt8] = []
    private var floats: [Float] = []
    private var isBytes = true

    /// What was appended.
    var values: PackedValues { isBytes ? .bytes(bytes) : .floats(floats) }

    /// Takes the memory for so many numbers.
    mutating func reserveCapacity(_ count: Int) { bytes.reserveCapacity(count) }

    /// Appends a number.
    mutating func append(_ value: Float) {
      if isBytes {
        if let byte = UInt8(exactly: value) {
          bytes.append(byte)
          return
        }
        isBytes = false
        floats = bytes.map { Float($0) }
        bytes = []
      }
      floats.append(value)
    }
  }
}
