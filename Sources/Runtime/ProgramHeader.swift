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
/// | 32 | the size of the values of the whole batch in bytes, for one picture |
/// | 40 | the size of the scratch memory of a thread in bytes |
/// | 48 | the number of segments |
/// | 52 | the number of inputs |
/// | 56 | the number of outputs |
/// | 60 | the size of the state in units of 64 bytes |
///
/// Behind the header, each beginning at a multiple of 64: the tensors, the operations, the segments,
/// the names, the constants. All numbers are little-endian.
public struct ProgramHeader: Sendable {
  /// The size of the header, and the alignment of each part.
  public static var size: Int { 64 }
  /// The version that this source reads and writes.
  public static var currentVersion: UInt32 { 7 }
  /// The first eight bytes, `CNN PROG`, as a little-endian number.
  static var magic: UInt64 { 0x474f_5250_204e_4e43 }

  public var tensorCount: Int
  public var operationCount: Int
  public var namesSize: Int
  public var constantsSize: Int
  public var batchSize: Int
  public var scratchSize: Int
  public var segmentCount: Int
  public var inputCount: Int
  public var outputCount: Int
  /// The bytes of the values that outlive a run, which training has: weights, gradients.
  public var stateSize: Int

  public init(
    tensorCount: Int, operationCount: Int, segmentCount: Int, inputCount: Int, outputCount: Int,
    namesSize: Int, constantsSize: Int, batchSize: Int, scratchSize: Int, stateSize: Int = 0
  ) {
    self.tensorCount = tensorCount
    self.operationCount = operationCount
    self.namesSize = namesSize
    self.constantsSize = constantsSize
    self.batchSize = batchSize
    self.scratchSize = scratchSize
    self.segmentCount = segmentCount
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.stateSize = stateSize
  }

  /// Where each part begins, in bytes.
  public var tensorsOffset: Int { Self.size }
  public var operationsOffset: Int { tensorsOffset + tensorCount * TensorRecord.size }
  public var segmentsOffset: Int { operationsOffset + operationCount * Operation.size }
  public var namesOffset: Int {
    segmentsOffset + Self.aligned(segmentCount * SegmentRecord.size)
  }
  public var constantsOffset: Int { Self.aligned(namesOffset + namesSize) }
  public var totalSize: Int { constantsOffset + constantsSize }

  /// The largest size in bytes that any part of a program may have: sums of some of them are numbers still.
  public static var largestSize: Int { Int.bitWidth > 32 ? 1 << (Int.bitWidth - 16) : 1 << 27 }

  /// The most records of a kind.
  private static var largestCount: Int { largestSize / Operation.size }

  /// The next multiple of 64.
  public static func aligned(_ size: Int) -> Int { (size + 63) & ~63 }

  /// Reads a header from at least 64 bytes.
  init(_ bytes: UnsafeRawPointer) throws(ProgramError) {
    guard bytes.littleEndian(at: 0, as: UInt64.self) == Self.magic else { throw .notAProgram }
    let version = bytes.littleEndian(at: 8, as: UInt32.self)
    if version != Self.currentVersion {
      throw version < Self.currentVersion ? .olderVersion : .newerVersion
    }
    tensorCount = bytes.number(at: 12)
    operationCount = bytes.number(at: 16)
    namesSize = bytes.number(at: 20)
    let constants = bytes.littleEndian(at: 24, as: UInt64.self)
    let batch = bytes.littleEndian(at: 32, as: UInt64.self)
    let scratch = bytes.littleEndian(at: 40, as: UInt64.self)
    segmentCount = bytes.number(at: 48)
    inputCount = bytes.number(at: 52)
    outputCount = bytes.number(at: 56)
    let state = bytes.number(at: 60)
    let largest = UInt64(Self.largestSize)
    guard constants <= largest, batch <= largest, batch % 64 == 0, scratch <= largest,
      scratch % 64 == 0, state <= Self.largestSize / 64,
      tensorCount <= Self.largestCount, operationCount <= Self.largestCount,
      segmentCount <= Self.largestCount, namesSize <= Self.largestSize,
      inputCount <= Self.largestCount, outputCount <= Self.largestCount
    else { throw .damaged }
    stateSize = state * 64
    constantsSize = Int(constants)
    batchSize = Int(batch)
    scratchSize = Int(scratch)
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
    bytes.storeLittleEndian(UInt64(batchSize), at: 32)
    bytes.storeLittleEndian(UInt64(scratchSize), at: 40)
    bytes.storeLittleEndian(UInt32(segmentCount), at: 48)
    bytes.storeLittleEndian(UInt32(inputCount), at: 52)
    bytes.storeLittleEndian(UInt32(outputCount), at: 56)
    bytes.storeLittleEndian(UInt32(stateSize / 64), at: 60)
  }
}
