import Network

extension StoredWeight {
  /// Adds to each kernel the product of two narrow matrices that Keras 3 keeps beside it in an `.h5`, where
  /// a layer was given a `lora_rank`: alpha / rank · a · b.
  ///
  /// - Parameter alpha: By the name of a layer its `lora_alpha`; nil where that is the rank.
  package static func mergingLowRank(
    _ stored: [StoredWeight], alpha: (Substring) -> Double?
  ) -> [StoredWeight] {
    var result = stored
    for first in stored {
      let parts = first.name.split(separator: "/")
      guard let last = parts.last, last.hasPrefix("lora_"), last.hasSuffix("_a") else { continue }
      let layer = parts.dropLast()
      let base = last.dropFirst(5).dropLast(2)
      func position(_ name: String) -> Int? {
        let whole = (layer + [Substring(name)]).joined(separator: "/")
        return result.firstIndex { $0.name == whole }
      }
      guard let second = position("lora_\(base)_b"), let kernel = position(String(base)),
        let rank = first.tensor.shape.last, rank > 0,
        let sum = sum(
          result[kernel].tensor, first.tensor, result[second].tensor,
          factor: (alpha(layer.last ?? "") ?? Double(rank)) / Double(rank))
      else { continue }
      result[kernel].tensor = sum
      let narrow = [first.name, result[second].name]
      result.removeAll { narrow.contains($0.name) }
    }
    return result
  }

  /// kernel + factor · a · b over the last axis; nil where the shapes do not fit.
  private static func sum(
    _ kernel: Tensor, _ a: Tensor, _ b: Tensor, factor: Double
  ) -> Tensor? {
    guard b.shape.count == 2, let rank = a.shape.last, b.shape[0] == rank,
      kernel.shape == Array(a.shape.dropLast()) + [b.shape[1]]
    else { return nil }
    var result = kernel
    let columns = b.shape[1]
    for place in kernel.values.indices {
      let (row, column) = (place / columns, place % columns)
      var sum = 0.0
      for index in 0..<rank {
        sum += Double(a.values[row * rank + index]) * Double(b.values[index * columns + column])
      }
      result.values[place] = Float(Double(kernel.values[place]) + factor * sum)
    }
    return result
  }
}
