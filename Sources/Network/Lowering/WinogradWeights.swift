import Kernel

/// Kernels transformed for Winograd's method.
enum WinogradWeights {
  /// G of F(2, 3) and F(4, 3), by the points of `WinogradScheme`.
  private static func matrix(tile: Int) -> [[Double]] {
    if tile == 2 { return [[1, 0, 0], [0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0, 0, 1]] }
    let third: Double = 1 / 3
    let root: Double = 2.squareRoot() * third
    return [
      [1, 0, 0], [-2 * third, -root, -third], [-2 * third, root, -third],
      [third / 2, root / 2, third], [third / 2, -root / 2, third], [0, 0, 1],
    ]
  }

  /// A kernel HWIO of three by three as `[(tile + 2)²][panel][in][16]`: G g G' of each pair of channels,
  /// computed in double precision and filled up with zeros.
  static func transformed(_ kernel: Tensor, tile: Int) -> [Float] {
    let g = matrix(tile: tile)
    let edge = tile + 2
    let (inputs, outputs) = (kernel.shape[2], kernel.shape[3])
    let panels = Panel.count(outputs)
    // The weight of each tap in each place: the transform as one matrix of places by taps.
    var factors = [Double](repeating: 0, count: edge * edge * 9)
    for place in 0..<edge * edge {
      for tap in 0..<9 {
        factors[place * 9 + tap] = g[place / edge][tap / 3] * g[place % edge][tap % 3]
      }
    }
    var result = [Float](repeating: 0, count: edge * edge * panels * inputs * Panel.width)
    let pairs = inputs * outputs
    let placeStride = panels * inputs * Panel.width
    kernel.values.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        var taps = [Double](repeating: 0, count: 9 * Panel.width)
        for input in 0..<inputs {
          for panel in 0..<panels {
            let first = panel * Panel.width
            let count = min(Panel.width, outputs - first)
            for tap in 0..<9 {
              for lane in 0..<count {
                taps[tap * Panel.width + lane] = Double(
                  source[tap * pairs + input * outputs + first + lane])
              }
            }
            for place in 0..<edge * edge {
              let base = place * placeStride + (panel * inputs + input) * Panel.width
              for lane in 0..<count {
                var sum = 0.0
                for tap in 0..<9 {
                  sum += factors[place * 9 + tap] * taps[tap * Panel.width + lane]
                }
                target[base + lane] = Float(sum)
              }
            }
          }
        }
      }
    }
    return result
  }
}
