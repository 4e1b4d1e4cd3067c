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
      let count = min(WinogradPanels.runLength, inputs - input)
      var lane = 0
      while lane < Panel.width {
        let source = weights + ((panel * 9 * inputs + input) * Panel.width + lane)
        let target = output + ((panel * inputs + input) * Panel.width + lane)
        transformKernels(
          V.self, source, count: count, tapStride: inputs * Panel.width, target, plane, n, matrix)
        lane += V.count
      }
      input += count
    }
    panel += 1
  }
}

@usableFromInline
enum WinogradPanels {
  /// The input channels that are transformed together.
  @inlinable @inline(always)
  static var runLength: Int { 16 }
}

/// Transforms a vector of output channels of `count` neighbouring input channels, at most `WinogradPanels.runLength`.
///
/// Matrix by matrix for all of them: the same elements of all matrices often lie a power of two apart, where the first
/// cache has room for eight.
@inlinable @inline(always)
func transformKernels<V: Vector>(
  _: V.Type, _ source: UnsafePointer<Float>, count: Int, tapStride: Int,
  _ target: UnsafeMutablePointer<Float>, _ plane: Int, _ n: Int, _ matrix: UnsafePointer<Float>
) {
  assert(count <= WinogradPanels.runLength)
  var columns = InlineArray<16, InlineArray<3, V>>(
    repeating: InlineArray<3, V>(repeating: V.zeros))
  var j = 0
  while j < n {
    // One column of `g Gᵀ` for each input channel.
    let (a, b, c) = (
      V(repeating: matrix[j * 3]), V(repeating: matrix[j * 3 + 1]), V(repeating: matrix[j * 3 + 2])
    )
    var input = 0
    while input < count {
      var row = 0
      while row < 3 {
        let at = source + (row * 3 * tapStride + input * Panel.width)
        columns[unchecked: input][unchecked: row] =
          V.load(at) * a + V.load(at + tapStride) * b + V.load(at + 2 * tapStride) * c
        row += 1
      }
      input += 1
    }
    var i = 0
    while i < n {
      let (a, b, c) = (
        V(repeating: matrix[i * 3]), V(repeating: matrix[i * 3 + 1]),
        V(repeating: matrix[i * 3 + 2])
      )
      input = 0
      while input < count {
        let column = columns[unchecked: input]
        let value = column[unchecked: 0] * a + column[unchecked: 1] * b + column[unchecked: 2] * c
        value.store(target + ((i * n + j) * plane + input * Panel.width))
        input += 1
      }
      i += 1
    }
    j += 1
  }
}
