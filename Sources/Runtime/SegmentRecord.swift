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
/// | 8 | the size of the segment's own values in lines of 64 bytes, for one picture |
/// | 12 | the number of chunks, 0 for a segment without |
///
/// Where a segment adds something up over the batch, such as the gradients of weights, the batch is divided
/// into chunks with sums of their own. One thread takes a chunk through the segment, its pictures in their
/// order, so that the sums do not depend on the number of threads.
public struct SegmentRecord: Equatable, Sendable {
  /// The size of a record in bytes.
  public static var size: Int { 16 }

  public var operationCount: Int
  public var pictures: Int
  public var localSize: Int
  public var chunks: Int

  public init(operationCount: Int, pictures: Int, localSize: Int, chunks: Int = 0) {
    self.operationCount = operationCount
    self.pictures = pictures
    self.localSize = localSize
    self.chunks = chunks
  }

  /// Reads a record; nil where a field is out of range.
  init?(_ bytes: UnsafeRawPointer) {
    operationCount = bytes.number(at: 0)
    pictures = bytes.number(at: 4)
    let lines = bytes.number(at: 8)
    chunks = bytes.number(at: 12)
    guard pictures > 0, chunks <= 1 << 16, lines <= ProgramHeader.largestSize / 64 else {
      return nil
    }
    localSize = lines * 64
  }

  /// Writes the record's 16 bytes.
  public func write(to bytes: UnsafeMutableRawPointer) {
    bytes.storeLittleEndian(UInt32(operationCount), at: 0)
    bytes.storeLittleEndian(UInt32(pictures), at: 4)
    bytes.storeLittleEndian(UInt32(localSize / 64), at: 8)
    bytes.storeLittleEndian(UInt32(chunks), at: 12)
  }

  /// What stands for all pictures of a batch at once.
  public static var allPictures: Int { Int(clamping: UInt32.max) }

  /// Whether the segment's operations are about the whole batch, one after the other.
  var isWhole: Bool { pictures == Self.allPictures }

  /// Whether weights are read for so many pictures at once that a thread's own are too few.
  func sharesWeights(_ picturesPerThread: Int) -> Bool {
    pictures >= Self.manyPictures && picturesPerThread < Self.manyPictures
  }

  /// The pictures at a time from which on a segment is one of dense layers.
  private static var manyPictures: Int { 32 }
}
