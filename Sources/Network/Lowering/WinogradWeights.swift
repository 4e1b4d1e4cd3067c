import Kernel

/// The weights of Winograd convolutions, transformed once, when a network is lowered.
enum WinogradWeights {
  /// A kernel HWIO of 3×3 as `G g Gᵀ` for each input and output: `[n · n][panel][in][16]` with
  /// n = `tile` + 2, filled up with zeros.
  ///
  /// In double precision, rounded once.
  ///
  /// - Precondition: `tile` is 2 or 4.
  static func transformed(_ kernel: Tensor, tile: Int) -> [Float] {
    let count = count(kernel.shape, tile: tile)
    return [Float](unsafeUninitializedCapacity: count) { target, initialized in
      write(kernel, tile: tile, to: target)
      initialized = count
    }
  }

  /// The number of floats of a kernel's transformed weights.
  static func count(_ shape: [Int], tile: Int) -> Int {
    (tile + 2) * (tile + 2) * Panel.count(shape[3]) * shape[2] * Panel.width
  }

  /// Writes a kernel's transformed weights.
  static func write(
    _ kernel: Tensor, tile: Int, to target: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(kernel.shape.count == 4 && kernel.shape[0] == 3 && kernel.shape[1] == 3)
    let matrix = matrix(tile: tile)
    let inputs = kernel.shape[2]
    let outputs = kernel.shape[3]
    let panels = Panel.count(outputs)
    let plane = panels * inputs * Panel.width
    kernel.values.withUnsafeBufferPointer { source in
      for panel in 0..<panels {
        let first = panel * Panel.width
        let channels = min(Panel.width, outputs - first)
        for input in 0..<inputs {
          transform(
            source, matrix, at: input * outputs + first, tapStride: inputs * outputs,
            channels: channels, to: target, at: (panel * inputs + input) * Panel.width,
            elementStride: plane)
        }
      }
    }
  }

  /// The lines of `G`: (1, p, p²) over the product of (p - q) for the other points q, and for infinity
  /// (0, 0, 1). The points are those of the kernels' transforms.
  static func matrix(tile: Int) -> [[Double]] {
    let points: [Double]
    switch tile {
    case 2: points = [0, 1, -1]
    case 4:
      let root = 2.0.squareRoot()
      points = [0, root / 2, -root / 2, root, -root]
    default: preconditionFailure("no Winograd transform for tiles of \(tile)")
    }
    return points.map { point in
      let product = points.reduce(1) { $1 == point ? $0 : $0 * (point - $1) }
      return [1 / product, point / product, point * point / product]
    } + [[0, 0, 1]]
  }

  /// Transforms the kernels from one input to the channels of one panel.
  private static func transform(
    _ source: UnsafeBufferPointer<Float>, _ matrix: [[Double]], at origin: Int, tapStride: Int,
    channels: Int, to target: UnsafeMutableBufferPointer<Float>, at position: Int,
    elementStride: Int
  ) {
    // `g Gᵀ` of every row of the kernel, a panel's lanes side by side.
    var rows = InlineArray<18, SIMD16<Double>>(repeating: .zero)
    for row in 0..<3 {
      var taps = InlineArray<3, SIMD16<Double>>(repeating: .zero)
      for column in 0..<3 {
        for lane in 0..<channels {
          let tap = origin + (row * 3 + column) * tapStride + lane
          taps[column][lane] = Double(source[tap])
        }
      }
      for (j, line) in matrix.enumerated() {
        rows[row * 6 + j] = taps[0] * line[0] + taps[1] * line[1] + taps[2] * line[2]
      }
    }
    for (i, line) in matrix.enumerated() {
      for j in matrix.indices {
        let value = rows[j] * line[0] + rows[6 + j] * line[1] + rows[12 + j] * line[2]
        let base = position + (i * matrix.count + j) * elementStride
        for lane in 0..<Panel.width { target[base + lane] = Float(value[lane]) }
      }
    }
  }
}
