/// Operations that follow each other and are done for a few pictures at a time: a record of 16 bytes.
///
/// What they compute for each other stays in the cache that way. A layer with many weights a picture,
/// such as a dense one, is in a segment with more pictures at a time, for which the weights are read
/// once.
///
/// | bytes | what |
/// | --- | --- |
/// | 0 | the number of operations |
/// | 4 | the most pictures at a time |
/// | 8 | the size of the segment's own values in bytes, for one picture |
public struct SegmentRecord: Equatable, Sendable {
  /// The size of a record in bytes.
  public static var size: Int { 16 }

  public var operationCount: Int
  public var pictures: Int
  public var localSize: Int

  public init(operationCount: Int, pictures: Int, localSize: Int) {
    self.operationCount = operationCount
    self.pictures = pictures
    self.localSize = localSize
  }

  /// Reads a record; nil where a field is out of range.
  init?(_ bytes: UnsafeRawPointer) {
    operationCount = Int(bytes.littleEndian(at: 0, as: UInt32.self))
    pictures = Int(bytes.littleEndian(at: 4, as: UInt32.self))
    let size = bytes.littleEndian(at: 8, as: UInt64.self)
    guard pictures > 0, size <= 1 << 48, size % 64 == 0 else { return nil }
    localSize = Int(size)
  }

  /// Writes the record's 16 bytes.
  public func write(to bytes: UnsafeMutableRawPointer) {
    bytes.storeLittleEndian(UInt32(operationCount), at: 0)
    bytes.storeLittleEndian(UInt32(pictures), at: 4)
    bytes.storeLittleEndian(UInt64(localSize), at: 8)
  }

  /// What stands for all pictures of a batch at once.
  public static var allPictures: Int { Int(UInt32.max) }

  /// Whether the segment's operations are about the whole batch, one after the other.
  var isWhole: Bool { pictures == Self.allPictures }

  /// Whether weights are read for so many pictures at once that a thread's own are too few.
  func sharesWeights(_ picturesPerThread: Int) -> Bool {
    pictures >= Self.manyPictures && picturesPerThread < Self.manyPictures
  }

  /// The pictures at a time from which on a segment is one of dense layers.
  private static var manyPictures: Int { 32 }
}
