import Runtime

/// The constants of a program, each array once.
struct ConstantPool {
  private struct Key: Hashable {
    var address: UnsafeRawPointer?
    var count: Int
  }

  /// The size of all in bytes.
  private(set) var size = 0
  private var offsets: [Key: Int] = [:]
  /// Kept, so that no other array gets the address of one of them.
  private var arrays: [(offset: Int, values: [Float])] = []

  init(_ constants: [[Float]]) {
    for values in constants {
      let key = Self.key(values)
      guard offsets[key] == nil else { continue }
      offsets[key] = size
      arrays.append((size, values))
      size += ProgramHeader.aligned(values.count * 4)
    }
  }

  /// Where an array lies, in bytes.
  func offset(_ values: [Float]) -> Int? { offsets[Self.key(values)] }

  func write(to bytes: UnsafeMutableRawPointer) {
    for (offset, values) in arrays {
      values.withUnsafeBytes {
        guard let source = $0.baseAddress else { return }
        (bytes + offset).copyMemory(from: source, byteCount: $0.count)
      }
    }
  }

  private static func key(_ values: [Float]) -> Key {
    Key(address: values.withUnsafeBytes { $0.baseAddress }, count: values.count)
  }
}
