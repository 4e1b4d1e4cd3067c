import Kernel

/// A model as flat bytes, the content of a `.cnn` file: a program, and what it should compute from a test's inputs.
///
/// The bytes are read where they are: mapped from a file, in flash, in an array. All numbers are little-endian.
///
/// | bytes | what |
/// | --- | --- |
/// | 0…7 | `CNNMODEL` |
/// | 8 | version |
/// | 12 | 0x01020304, which says the order of bytes |
/// | 16 | the size of the file in bytes, a multiple of 64 |
/// | 24 | the `Checksum` of the whole file, these 8 bytes as 0 |
/// | 32 | the size of the program in bytes |
/// | 40 | the size of the test in bytes, 0 where there is none |
/// | 48 | how far the test's results may be from its outputs, a float |
/// | 52…63 | 0 |
///
/// Behind that, each beginning at a multiple of 64: the program, the test's inputs, its outputs, each for one
/// picture.
public struct FlatModel: @unchecked Sendable {
  /// The size of the header.
  public static var headerSize: Int { 64 }
  /// The version that this source reads and writes.
  public static var currentVersion: UInt32 { 1 }
  /// The first eight bytes, `CNNMODEL`, as a little-endian number.
  private static var magic: UInt64 { 0x4c45_444f_4d4e_4e43 }
  private static var byteOrder: UInt32 { 0x0102_0304 }

  public let program: Program
  /// Whether the file has a test.
  public let hasTest: Bool
  /// How far each of the test's results may be from what is stored.
  public let tolerance: Float
  private let test: UnsafeRawPointer

  /// A model over bytes that outlive it.
  ///
  /// All of them are read once, for the checksum.
  ///
  /// - Parameter bytes: Beginning at a multiple of 64; there may be more than the file's.
  /// - Throws: `ProgramError`, where they are not a model, are damaged, or are of another version.
  public init(validating bytes: UnsafeRawBufferPointer) throws(ProgramError) {
    guard let base = bytes.baseAddress, bytes.count >= Self.headerSize else { throw .truncated }
    guard base.littleEndian(at: 0, as: UInt64.self) == Self.magic else { throw .notAProgram }
    guard base.littleEndian(at: 12, as: UInt32.self) == Self.byteOrder else {
      throw .wrongByteOrder
    }
    let version = base.littleEndian(at: 8, as: UInt32.self)
    if version != Self.currentVersion {
      throw version < Self.currentVersion ? .olderVersion : .newerVersion
    }
    guard Int(bitPattern: base) % ProgramHeader.size == 0 else { throw .misaligned }
    let size = base.littleEndian(at: 16, as: UInt64.self)
    guard size <= UInt64(bytes.count) else { throw .truncated }
    let programSize = base.littleEndian(at: 32, as: UInt64.self)
    let testSize = base.littleEndian(at: 40, as: UInt64.self)
    guard size % 64 == 0, programSize <= size, testSize <= size,
      UInt64(Self.headerSize + ProgramHeader.aligned(Int(programSize))) + testSize == size
    else { throw .damaged }
    var checksum = Self.checksum(ofHeader: base)
    checksum.add(UnsafeRawBufferPointer(rebasing: bytes[Self.headerSize..<Int(size)]))
    guard checksum.value == base.littleEndian(at: 24, as: UInt64.self) else {
      throw .wrongChecksum
    }
    let program = try Program(
      validating: UnsafeRawBufferPointer(
        start: base + Self.headerSize, count: Int(programSize)))
    self.init(program, header: base)
    guard program.isInference, !hasTest || Int(testSize) == Self.testSize(program) else {
      throw .damaged
    }
  }

  /// A model over bytes of which `init(validating:)` made one before.
  public init(validated bytes: UnsafeRawBufferPointer) {
    let base = bytes.baseAddress.unsafelyUnwrapped
    let size = Int(base.littleEndian(at: 32, as: UInt64.self))
    self.init(
      Program(
        validated: UnsafeRawBufferPointer(start: base + Self.headerSize, count: size)),
      header: base)
  }

  private init(_ program: Program, header: UnsafeRawPointer) {
    self.program = program
    hasTest = header.littleEndian(at: 40, as: UInt64.self) > 0
    tolerance = Float(bitPattern: header.littleEndian(at: 48, as: UInt32.self))
    test = header + (Self.headerSize + ProgramHeader.aligned(program.bytes.count))
  }

  /// The bytes of a program's inputs and outputs, as a test has them.
  public static func testSize(_ program: Program) -> Int {
    var size = 0
    for slot in 0..<program.header.inputCount + program.header.outputCount {
      size += ProgramHeader.aligned((program.boundTensor(slot: slot)?.count ?? 0) * 4)
    }
    return size
  }

  /// An input of the test, for one picture.
  public func testInput(_ index: Int) -> UnsafeBufferPointer<Float> {
    precondition(hasTest && index >= 0 && index < program.header.inputCount)
    return testValues(slot: index)
  }

  /// What an output should be for the test's inputs.
  public func testOutput(_ index: Int) -> UnsafeBufferPointer<Float> {
    precondition(hasTest && index >= 0 && index < program.header.outputCount)
    return testValues(slot: program.header.inputCount + index)
  }

  private func testValues(slot: Int) -> UnsafeBufferPointer<Float> {
    var offset = 0
    for before in 0..<slot {
      offset += ProgramHeader.aligned((program.boundTensor(slot: before)?.count ?? 0) * 4)
    }
    return UnsafeBufferPointer(
      start: (test + offset).assumingMemoryBound(to: Float.self),
      count: program.boundTensor(slot: slot)?.count ?? 0)
  }

  /// The checksum of a header, to which all that is behind it is still to be added.
  public static func checksum(ofHeader bytes: UnsafeRawPointer) -> Checksum {
    var row = bytes.loadUnaligned(as: SIMD16<UInt32>.self)
    // The checksum's own place.
    row[6] = 0
    row[7] = 0
    var checksum = Checksum()
    checksum.add(row)
    return checksum
  }

  /// Writes the header's 64 bytes but for the checksum, which `writeChecksum` adds.
  ///
  /// - Parameter testSize: 0, or what `testSize(_:)` says.
  public static func writeHeader(
    to bytes: UnsafeMutableRawPointer, programSize: Int, testSize: Int, tolerance: Float
  ) {
    for offset in stride(from: 0, to: headerSize, by: 8) {
      bytes.storeLittleEndian(UInt64(0), at: offset)
    }
    bytes.storeLittleEndian(magic, at: 0)
    bytes.storeLittleEndian(currentVersion, at: 8)
    bytes.storeLittleEndian(byteOrder, at: 12)
    bytes.storeLittleEndian(
      UInt64(headerSize + ProgramHeader.aligned(programSize) + testSize), at: 16)
    bytes.storeLittleEndian(UInt64(programSize), at: 32)
    bytes.storeLittleEndian(UInt64(testSize), at: 40)
    bytes.storeLittleEndian(tolerance.bitPattern, at: 48)
  }

  /// Writes the checksum into a header.
  public static func writeChecksum(_ checksum: Checksum, to bytes: UnsafeMutableRawPointer) {
    bytes.storeLittleEndian(checksum.value, at: 24)
  }
}
