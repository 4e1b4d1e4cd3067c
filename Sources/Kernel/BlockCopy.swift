/// Copies blocks of floats from one regular place to another: what padding and concatenation are.
///
/// `planes` planes of `rows` rows of `length` floats each, at the given distances in floats. The source
/// and the target do not overlap.
public struct BlockCopy {
  public var planes: Int
  public var rows: Int
  public var length: Int
  public var sourcePlaneStride: Int
  public var sourceRowStride: Int
  public var targetPlaneStride: Int
  public var targetRowStride: Int

  @inlinable
  public init(
    planes: Int, rows: Int, length: Int,
    source: (planeStride: Int, rowStride: Int), target: (planeStride: Int, rowStride: Int)
  ) {
    self.planes = planes
    self.rows = rows
    self.length = length
    (sourcePlaneStride, sourceRowStride) = source
    (targetPlaneStride, targetRowStride) = target
  }

  /// Copies; memory moves are the same for every instruction set.
  public func run(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    var plane = 0
    while plane < planes {
      var row = 0
      while row < rows {
        let from = plane * sourcePlaneStride + row * sourceRowStride
        let to = plane * targetPlaneStride + row * targetRowStride
        (target + to).update(from: source + from, count: length)
        row += 1
      }
      plane += 1
    }
  }
}
