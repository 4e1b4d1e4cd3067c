import Foundation
import Network
import Training

/// Keras's losses, one item after the other in double precision.
enum LossReference {
  /// The mean over the items.
  static func value(_ loss: Loss, output: Tensor, target: Tensor) -> Double {
    let count = output.shape[0]
    let size = output.values.count / count
    let targetSize = target.values.count / count
    let losses = (0..<count).map { item in
      value(
        loss, output.values[item * size..<(item + 1) * size].map { Double($0) },
        target.values[item * targetSize..<(item + 1) * targetSize].map { Double($0) })
    }
    return losses.reduce(0, +) / Double(count)
  }

  /// The loss of an item, where an output has one prediction.
  static func value(_ loss: Loss, _ output: [Double], _ target: [Double]) -> Double {
    let size = Double(output.count)
    let smoothing = loss.labelSmoothing
    func mean(_ term: (Double, Double) -> Double) -> Double {
      zip(output, target).map(term).reduce(0, +) / size
    }
    switch loss.function {
    case .sparseCategoricalCrossentropy:
      return -logarithms(output, loss.fromLogits)[Int(target[0])]
    case .categoricalCrossentropy:
      return -zip(logarithms(output, loss.fromLogits), target)
        .map { $0 * ($1 * (1 - smoothing) + smoothing / size) }.reduce(0, +)
    case .binaryCrossentropy:
      return mean { p, y in
        let y = y * (1 - smoothing) + 0.5 * smoothing
        if loss.fromLogits { return max(p, 0) - p * y + log1p(exp(-abs(p))) }
        let p = min(max(p, 1e-7), 1 - 1e-7)
        return -y * log(p + 1e-7) - (1 - y) * log(1 - p + 1e-7)
      }
    case .meanSquaredError: return mean { ($0 - $1) * ($0 - $1) }
    case .meanAbsoluteError: return mean { abs($0 - $1) }
    case .huber:
      return mean { p, y in
        let error = abs(p - y)
        return error <= loss.delta
          ? 0.5 * error * error : loss.delta * error - 0.5 * loss.delta * loss.delta
      }
    }
  }

  /// The logarithms of the classes' probabilities.
  private static func logarithms(_ output: [Double], _ fromLogits: Bool) -> [Double] {
    if fromLogits {
      let largest = output.max() ?? 0
      let sum = log(output.map { exp($0 - largest) }.reduce(0, +))
      return output.map { $0 - largest - sum }
    }
    let sum = output.reduce(0, +)
    return output.map { log(min(max($0 / sum, 1e-7), 1 - 1e-7)) }
  }
}
