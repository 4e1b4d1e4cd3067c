import Kernel

/// A value that a program computes: a record of 64 bytes.
///
/// | bytes | what |
/// | --- | --- |
/// | 0 | role |
/// | 4 | rank, 0…6, without the batch |
/// | 8…31 | six sizes, 1 beyond the rank |
/// | 32 | offset in bytes, for one picture; of a bound value the slot, of a part that in the other value |
/// | 40 | offset of the name in the names, in bytes |
/// | 44 | length of the name |
/// | 48 | placement, in 8 bits |
/// | 49 | type of its numbers, in 24 bits: an `ElementType`, not of 16 bits |
/// | 52 | of a part the tensor that it lies in, else 0 |
/// | 56 | of a part the floats of each of its rows, else 0 |
public struct TensorRecord: Sendable {
  /// The size of a record in bytes.
  public static var size: Int { 64 }
  /// The most axes that a value can have, without the batch.
  public static var maximumRank: Int { 6 }

  public var role: Role
  public var rank: Int
  public var sizes: InlineArray<6, Int>
  public var offset: Int
  public var nameOffset: Int
  public var nameLength: Int
  public var placement: Placement
  /// The tensor that a part lies in.
  public var whole: Int
  /// The floats of each row of a part.
  public var rowLength: Int
  /// As what its numbers are stored: whole ones only where nobody else sees them.
  public var type: ElementType

  /// Whose memory a value lies in.
  public enum Placement: UInt32, Sendable {
    /// The arena's part for values of the whole batch.
    case batch = 0
    /// The memory of whoever runs a part of the batch: values that live within one segment.
    case local = 1
    /// The caller's: inputs, then outputs, by slot.
    case bound = 2
    /// The scratch memory of whoever runs a band: some rows of what goes from one of its operations to
    /// the next.
    case band = 3
    /// The state, which the caller owns and which outlives a run: one value for all pictures, filled up
    /// with zeros to a multiple of 64 bytes.
    case state = 4
    /// Rows between those of other values, as of the parts of a concatenation: another value has as many,
    /// in each of which this one's lies at the same place.
    case part = 5
  }

  /// Who may see a value.
  public enum Role: UInt32, Sendable {
    /// Nobody: its memory is used again.
    case intermediate = 0
    /// Read from the caller's memory.
    case input = 1
    /// A result of the model, written to the caller's memory.
    case output = 2
    /// A layer's value that was asked for; kept after the run.
    case tap = 3
  }

  public init(
    role: Role, rank: Int, sizes: InlineArray<6, Int>, offset: Int, nameOffset: Int,
    nameLength: Int, placement: Placement, whole: Int = 0, rowLength: Int = 0,
    type: ElementType = .float32
  ) {
    self.role = role
    self.rank = rank
    self.sizes = sizes
    self.offset = offset
    self.nameOffset = nameOffset
    self.nameLength = nameLength
    self.placement = placement
    self.whole = whole
    self.rowLength = rowLength
    self.type = type
  }

  /// The number of values for a batch of one.
  public var count: Int {
    var product = 1
    for axis in 0..<6 { product *= sizes[axis] }
    return product
  }

  /// The bytes of a batch of one.
  var byteCount: Int { count * type.size }

  /// Reads a record; nil where a field is out of range.
  init?(_ bytes: UnsafeRawPointer) {
    guard Role(rawValue: bytes.littleEndian(at: 0, as: UInt32.self)) != nil,
      Placement(rawValue: bytes.littleEndian(at: 48, as: UInt32.self) & 0xff) != nil,
      ElementType(rawValue: bytes.littleEndian(at: 48, as: UInt32.self) >> 8) != nil,
      Int(exactly: bytes.littleEndian(at: 32, as: UInt64.self)) != nil
    else { return nil }
    self.init(validated: bytes)
    guard rank <= Self.maximumRank, offset >= 0,
      placement == .bound || offset % (placement == .part ? 4 : 64) == 0
    else { return nil }
    guard
      type == .float32
        || type != .float16 && role == .intermediate && (placement == .batch || placement == .local)
    else { return nil }
    guard nameOffset <= ProgramHeader.largestSize, nameLength <= ProgramHeader.largestSize else {
      return nil
    }
    // The count must not overflow: it is multiplied by four and by the batch. Nor may a size be 0, with
    // which the others would be free to be anything.
    var product = 1
    for axis in 0..<6 {
      let size = sizes[axis]
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow, next <= ProgramHeader.largestSize / 8, axis < rank ? size > 0 : size == 1
      else { return nil }
      product = next
    }
  }

  /// Whether a record that was read before is one of bytes.
  static func isBytes(_ bytes: UnsafeRawPointer) -> Bool {
    bytes.littleEndian(at: 48, as: UInt32.self) >> 8 != ElementType.float32.rawValue
  }

  /// Whether a record that was read before is one of rows in a band.
  static func isBand(_ bytes: UnsafeRawPointer) -> Bool {
    bytes.littleEndian(at: 48, as: UInt32.self) & 0xff == Placement.band.rawValue
  }

  /// Reads a record that was read before.
  init(validated bytes: UnsafeRawPointer) {
    role = Role(rawValue: bytes.littleEndian(at: 0, as: UInt32.self)).unsafelyUnwrapped
    rank = bytes.number(at: 4)
    sizes = InlineArray { bytes.number(at: 8 + $0 * 4) }
    offset = Int(truncatingIfNeeded: bytes.littleEndian(at: 32, as: UInt64.self))
    nameOffset = bytes.number(at: 40)
    nameLength = bytes.number(at: 44)
    whole = bytes.number(at: 52)
    rowLength = bytes.number(at: 56)
    let word = bytes.littleEndian(at: 48, as: UInt32.self)
    placement = Placement(rawValue: word & 0xff).unsafelyUnwrapped
    type = ElementType(rawValue: word >> 8).unsafelyUnwrapped
  }

  /// Writes the record's 64 bytes.
  public func write(to bytes: UnsafeMutableRawPointer) {
    bytes.storeLittleEndian(role.rawValue, at: 0)
    bytes.storeLittleEndian(UInt32(rank), at: 4)
    for axis in 0..<6 { bytes.storeLittleEndian(UInt32(sizes[axis]), at: 8 + axis * 4) }
    bytes.storeLittleEndian(UInt64(offset), at: 32)
    bytes.storeLittleEndian(UInt32(nameOffset), at: 40)
    bytes.storeLittleEndian(UInt32(nameLength), at: 44)
    bytes.storeLittleEndian(placement.rawValue | type.rawValue << 8, at: 48)
    bytes.storeLittleEndian(UInt32(whole), at: 52)
    bytes.storeLittleEndian(UInt32(rowLength), at: 56)
    bytes.storeLittleEndian(UInt32(0), at: 60)
  }
}
