/// Products of matrices that are both computed: attention, recurrent layers whose kernels are not
/// constant, convolutions whose weights differ from pixel to pixel.
public struct MatrixProductArguments {
  /// `rows · inner` values, row by row.
  public var first: UnsafePointer<Float>
  /// `inner · columns` values, row by row.
  public var second: UnsafePointer<Float>
  /// `rows · columns` values; none of the others' memory.
  public var output: UnsafeMutablePointer<Float>
  public var rows: Int
  public var inner: Int
  public var columns: Int

  @inlinable
  public init(
    first: UnsafePointer<Float>, second: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, rows: Int, inner: Int, columns: Int
  ) {
    self.first = first
    self.second = second
    self.output = output
    self.rows = rows
    self.inner = inner
    self.columns = columns
  }
}

/// The product of two matrices; each value is summed up in the order of the inner size.
@inlinable @inline(always)
public func multiplyMatrices<V: Vector>(_: V.Type, _ arguments: MatrixProductArguments) {
  let columns = arguments.columns
  var row = 0
  while row < arguments.rows {
    let a = arguments.first + row * arguments.inner
    let target = arguments.output + row * columns
    var column = 0
    // Four vectors at a time: the sums of one would wait for each other.
    while column + 4 * V.count <= columns {
      var (s0, s1, s2, s3) = (V.zeros, V.zeros, V.zeros, V.zeros)
      var b = arguments.second + column
      var k = 0
      while k < arguments.inner {
        let factor = V(repeating: a[k])
        s0 = s0.fusedAddingProduct(factor, V.load(b))
        s1 = s1.fusedAddingProduct(factor, V.load(b + V.count))
        s2 = s2.fusedAddingProduct(factor, V.load(b + 2 * V.count))
        s3 = s3.fusedAddingProduct(factor, V.load(b + 3 * V.count))
        b += columns
        k += 1
      }
      s0.store(target + column)
      s1.store(target + (column + V.count))
      s2.store(target + (column + 2 * V.count))
      s3.store(target + (column + 3 * V.count))
      column += 4 * V.count
    }
    while column < columns {
      let lanes = columns - column < V.count ? columns - column : V.count
      var sum = V.zeros
      var b = arguments.second + column
      var k = 0
      while k < arguments.inner {
        sum = sum.fusedAddingProduct(V(repeating: a[k]), V.load(b, lanes: lanes))
        b += columns
        k += 1
      }
      sum.store(target + column, lanes: lanes)
      column += V.count
    }
    row += 1
  }
}
