import Kernel

/// A network lowered to flat, position-independent bytes: what `Session` executes.
///
/// A program is a view of memory that somebody else owns and keeps unchanged: a file that was mapped,
/// flash, an array. Its parts are described at `ProgramHeader`, `TensorRecord` and `Operation`. A
/// program that was made is valid: every index and range in it was checked.
public struct Program: @unchecked Sendable {
  /// The bytes, beginning at a multiple of 64.
  public let bytes: UnsafeRawBufferPointer
  public let header: ProgramHeader

  /// A program over bytes that outlive it.
  ///
  /// - Throws: `ProgramError` where the bytes are not a program, or one that would read or write
  ///   outside of its memory.
  public init(validating bytes: UnsafeRawBufferPointer) throws(ProgramError) {
    guard let base = bytes.baseAddress, bytes.count >= ProgramHeader.size else { throw .truncated }
    guard Int(bitPattern: base) % ProgramHeader.size == 0 else { throw .misaligned }
    let header = try ProgramHeader(base)
    guard bytes.count >= header.totalSize else { throw .truncated }
    self.bytes = bytes
    self.header = header
    try validate()
  }

  /// A program over bytes of which `init(validating:)` made one before.
  init(validated bytes: UnsafeRawBufferPointer) {
    guard
      let header = try? ProgramHeader(bytes.baseAddress.unsafelyUnwrapped)
    else { preconditionFailure("these bytes were no program before") }
    self.bytes = bytes
    self.header = header
  }

  /// Whether there is nothing of training in it: neither a state nor gradients.
  var isInference: Bool {
    guard header.stateSize == 0 else { return false }
    for index in 0..<header.operationCount where operation(index).kind.isOfTraining { return false }
    for index in 0..<header.segmentCount where segment(index).chunks > 0 { return false }
    return true
  }

  /// The first byte of the program.
  var base: UnsafeRawPointer { bytes.baseAddress.unsafelyUnwrapped }

  /// The record of a tensor.
  public func tensor(_ index: Int) -> TensorRecord {
    assert(index >= 0 && index < header.tensorCount)
    return TensorRecord(validated: record(ofTensor: index))
  }

  /// Where the record of a tensor lies.
  func record(ofTensor index: Int) -> UnsafeRawPointer {
    base + (header.tensorsOffset + index * TensorRecord.size)
  }

  /// The tensor of an input: one that is read from the caller's memory.
  public func input(_ index: Int) -> TensorRecord {
    assert(index >= 0 && index < header.inputCount)
    return boundTensor(slot: index).unsafelyUnwrapped
  }

  /// The tensor of an output: one that is written to the caller's memory.
  public func output(_ index: Int) -> TensorRecord {
    assert(index >= 0 && index < header.outputCount)
    return boundTensor(slot: header.inputCount + index).unsafelyUnwrapped
  }

  /// The first tensor in the caller's memory of a slot; the others are its size.
  func boundTensor(slot: Int) -> TensorRecord? {
    for index in 0..<header.tensorCount {
      let tensor = tensor(index)
      if tensor.placement == .bound && tensor.offset == slot { return tensor }
    }
    return nil
  }

  /// The record of an operation.
  public func operation(_ index: Int) -> Operation {
    Operation(validated: record(ofOperation: index))
  }

  /// What an operation does, of which no more is read for that.
  func kind(at index: Int) -> Operation.Kind {
    Operation.Kind(rawValue: record(ofOperation: index).littleEndian(at: 0, as: UInt32.self))
      .unsafelyUnwrapped
  }

  /// The operations of the band that begins at one, of which no more is read for that; 0 where none does.
  func bandLength(at index: Int) -> Int {
    Operation.bandLength(
      kind(at: index), lastNumber: record(ofOperation: index).number(at: 64 + 15 * 4))
  }

  /// Where the record of an operation lies.
  func record(ofOperation index: Int) -> UnsafeRawPointer {
    assert(index >= 0 && index < header.operationCount)
    return base + (header.operationsOffset + index * Operation.size)
  }

  /// The record of a segment.
  public func segment(_ index: Int) -> SegmentRecord {
    assert(index >= 0 && index < header.segmentCount)
    return SegmentRecord(base + (header.segmentsOffset + index * SegmentRecord.size))
      .unsafelyUnwrapped
  }

  /// The UTF-8 bytes of a tensor's name, which is that of its Keras layer.
  public func name(_ tensor: TensorRecord) -> UnsafeRawBufferPointer {
    let start = header.namesOffset + tensor.nameOffset
    return UnsafeRawBufferPointer(rebasing: bytes[start..<start + tensor.nameLength])
  }

  /// The constants at an offset; nil where an operation has none.
  func constants(_ offset: UInt64) -> UnsafePointer<Float>? {
    if offset == Operation.noConstant { return nil }
    return (base + (header.constantsOffset + Int(offset))).assumingMemoryBound(to: Float.self)
  }
}
