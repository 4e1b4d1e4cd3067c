/// Adds an outer product to a tile of sums: to each row, a number of its own times the same vectors.
///
/// What a convolution does with each tap, a Winograd product with each channel and a weight gradient with each
/// pixel. All vectors first, then row by row: as many registers as there are sums and vectors, and one more.
@inlinable @inline(always)
func addOuterProduct<V: Vector, let rows: Int, let vectors: Int>(
  to sum: inout InlineArray<rows, InlineArray<vectors, V>>, _ source: UnsafePointer<Float>,
  panelStride: Int, _ number: (_ row: Int) -> Float
) {
  let perPanel = Panel.width / V.count
  var w = InlineArray<vectors, V>(repeating: V.zeros)
  var c = 0
  while c < vectors {
    w[unchecked: c] = V.load(source + (c / perPanel * panelStride + c % perPanel * V.count))
    c += 1
  }
  var row = 0
  while row < rows {
    let x = V(repeating: number(row))
    c = 0
    while c < vectors {
      sum[unchecked: row][unchecked: c] = sum[unchecked: row][unchecked: c]
        .fusedAddingProduct(x, w[unchecked: c])
      c += 1
    }
    row += 1
  }
}
