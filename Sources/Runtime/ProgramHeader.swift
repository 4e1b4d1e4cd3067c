/// The first 64 bytes of a program.
///
/// | bytes | what |
/// | --- | --- |
/// | 0…7 | `CNN PROG` |
/// | 8 | version |
/// | 12 | the number of tensors |
/// | 16 | the number of operations |
/// | 20 | the size of the names in bytes |
/// | 24 | the size of the constants in bytes |
/// | 32 | the size of the arena in bytes, for a batch of one |
///
/// Behind the header, each beginning at a multiple of 64: the tensors, the operations, the names, the
/// constants. All numbers are little-endian.
public struct ProgramHeader: Sendable {
  /// The size of the header, and the alignment of each part.
  public static var size: Int { 64 }
  /// The version that this source reads and writes.
  public static var currentVersion: UInt32 { 1 }
  /// The first eight bytes, `CNN PROG`, as a little-endian number.
  static var magic: UInt64 { 0x474f_5250_204e_4e43 }

  public var tensorCount: Int
  public var operationCount: Int
  public var namesSize: Int
  public var constantsSize: Int
  public var arenaSize: Int

  public init(
    tensorCount: Int, operationCount: Int, namesSize: Int, constantsSize: Int, arenaSize: Int
  ) {
    self.tensorCount = tensorCount
    self.operationCount = operationCount
    self.namesSize = namesSize
    self.constantsSize = constantsSize
    self.arenaSize = arenaSize
  }

  /// Where each part begins, in bytes.
  public var tensorsOffset: Int { Self.size }
  public var operationsOffset: Int { tensorsOffset + tensorCount * TensorRecord.size }
  public var namesOffset: Int { operationsOffset + operationCount * Operation.size }
  public var constantsOffset: Int { Self.aligned(namesOffset + namesSize) }
  public var totalSize: Int { constantsOffset + constantsSize }

  /// The next multiple of 64.
  public static func aligned(_ size: Int) -> Int { (size + 63) & ~63 }

  /// Reads a header from at least 64 bytes.
  init(_ bytes: UnsafeRawPointer) throws(ProgramError) {
    guard bytes.littleEndian(at: 0, as: UInt64.self) == Self.magic else { throw .notAProgram }
    guard bytes.littleEndian(at: 8, as: UInt32.self) == Self.currentVersion else {
      throw .unknownVersion
    }
    tensorCount = Int(bytes.littleEndian(at: 12, as: UInt32.self))
    operationCount = Int(bytes.littleEndian(at: 16, as: UInt32.self))
    namesSize = Int(bytes.littleEndian(at: 20, as: UInt32.self))
    let constants = bytes.littleEndian(at: 24, as: UInt64.self)
    let arena = bytes.littleEndian(at: 32, as: UInt64.self)
    guard constants <= 1 << 48, arena <= 1 << 48, arena % 64 == 0 else { throw .damaged }
    constantsSize = Int(constants)
    arenaSize = Int(arena)
  }

  /// Writes the header's 64 bytes.
  public func write(to bytes: UnsafeMutableRawPointer) {
    for offset in stride(from: 0, to: Self.size, by: 8) {
      bytes.storeLittleEndian(UInt64(0), at: offset)
    }
    bytes.storeLittleEndian(Self.magic, at: 0)
    bytes.storeLittleEndian(Self.currentVersion, at: 8)
    bytes.storeLittleEndian(UInt32(tensorCount), at: 12)
    bytes.storeLittleEndian(UInt32(operationCount), at: 16)
    bytes.storeLittleEndian(UInt32(namesSize), at: 20)
    bytes.storeLittleEndian(UInt64(constantsSize), at: 24)
    bytes.storeLittleEndian(UInt64(arenaSize), at: 32)
  }
}
