import Runtime

/// The constants of a program, each array once.
///
/// Layers that are called several times, and those that are lowered to the same operations for each step of
/// a sequence, use the same arrays again and again.
struct ConstantPool {
  /// What tells constants apart: the array that they are, or are made of, and how.
  private struct Key: Hashable {
    var address: UnsafeRawPointer?
    var shape: [Int]
    var layout: Int

    init(_ constant: Constant) {
      switch constant {
      case .values(let values):
        address = values.withUnsafeBytes { $0.baseAddress }
        shape = [values.count]
        layout = -1
      case .narrow(let weights):
        address = weights.bytes.withUnsafeBytes { $0.baseAddress }
        shape = [weights.bytes.count]
        layout = -2
      case .kernel(let kernel, let tile, let groups):
        address = kernel.values.withUnsafeBytes { $0.baseAddress }
        shape = kernel.shape
        layout = tile << 32 | groups
      }
    }
  }

  /// The size of all in bytes.
  private(set) var size = 0
  private var offsets: [Key: Int] = [:]
  /// Kept, so that no other array gets the address of one of them.
  private var constants: [(offset: Int, constant: Constant)] = []

  init(_ all: [Constant]) {
    for constant in all {
      let key = Key(constant)
      guard offsets[key] == nil else { continue }
      offsets[key] = size
      constants.append((size, constant))
      size += ProgramHeader.aligned(constant.byteCount)
    }
  }

  /// Where constants lie, in bytes.
  func offset(_ constant: Constant) -> Int? { offsets[Key(constant)] }

  /// Writes all constants, and lets go of them: the largest first, since each is there twice while it is
  /// written.
  mutating func write(to bytes: UnsafeMutableRawPointer) {
    constants.sort { $0.constant.byteCount < $1.constant.byteCount }
    while let (offset, constant) = constants.popLast() {
      // Each by itself, since memory is taken when it is first written to.
      (bytes + offset).initializeMemory(
        as: UInt8.self, repeating: 0, count: ProgramHeader.aligned(constant.byteCount))
      constant.write(
        to: UnsafeMutableRawBufferPointer(start: bytes + offset, count: constant.byteCount))
    }
  }
}
