/// Transforms the weights of a 3×3 convolution for Winograd's method: `G g Gᵀ` for each input and output
/// channel.
///
/// What lowering does once for constant weights, for those that training changes.
///
/// - Parameters:
///   - weights: In `Panel`'s layout, one group.
///   - output: `[n · n][panel][in][16]` with n = `tile` + 2.
///   - matrix: `G`, n lines of three.
///   - panels: Those to transform.
@inlinable @inline(always)
public func transformPanels<V: Vector>(
  _: V.Type, _ weights: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, inputs: Int,
  outputs: Int, tile: Int, _ matrix: UnsafePointer<Float>, panels: WorkRange
) {
  let n = tile + 2
  let plane = Panel.count(outputs) * inputs * Panel.width
  var panel = panels.lower
  while panel < panels.upper {
    var input = 0
    while input < inputs {
      var lane = 0
      while lane < Panel.width {
        let source = weights + ((panel * 9 * inputs + input) * Panel.width + lane)
        let target = output + ((panel * inputs + input) * Panel.width + lane)
        transformKernel(V.self, source, tapStride: inputs * Panel.width, target, plane, n, matrix)
        lane += V.count
      }
      input += 1
    }
    panel += 1
  }
}

@inlinable @inline(always)
func transformKernel<V: Vector>(
  _: V.Type, _ source: UnsafePointer<Float>, tapStride: Int,
  _ target: UnsafeMutablePointer<Float>, _ plane: Int, _ n: Int, _ matrix: UnsafePointer<Float>
) {
  var j = 0
  while j < n {
    // One column of `g Gᵀ`.
    let (a, b, c) = (
      V(repeating: matrix[j * 3]), V(repeating: matrix[j * 3 + 1]), V(repeating: matrix[j * 3 + 2])
    )
    var column = InlineArray<3, V>(repeating: V.zeros)
    var row = 0
    while row < 3 {
      let at = source + row * 3 * tapStride
      column[unchecked: row] =
        V.load(at) * a + V.load(at + tapStride) * b + V.load(at + 2 * tapStride) * c
      row += 1
    }
    var i = 0
    while i < n {
      let value =
        column[unchecked: 0] * V(repeating: matrix[i * 3])
        + column[unchecked: 1] * V(repeating: matrix[i * 3 + 1])
        + column[unchecked: 2] * V(repeating: matrix[i * 3 + 2])
      value.store(target + (i * n + j) * plane)
      i += 1
    }
    j += 1
  }
}
