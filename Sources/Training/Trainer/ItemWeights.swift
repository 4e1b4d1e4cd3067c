/// What items count in the loss that is made smaller: Keras's `class_weight` and `sample_weight`, which are
/// multiplied.
public struct ItemWeights: Equatable, Sendable {
  /// By the number of the class; others count 1.
  public var classes: [Int: Float]
  /// One for each item of the data set; empty where all count the same.
  public var items: [Float]

  public init(classes: [Int: Float] = [:], items: [Float] = []) {
    self.classes = classes
    self.items = items
  }

  /// What is set, in words; see `TrainingPosition.settings`.
  var settings: [String: String] {
    if classes.isEmpty { return [:] }
    let sorted = classes.sorted { $0.key < $1.key }
    return ["class weights": sorted.map { "\($0.key)=\($0.value)" }.joined(separator: ",")]
  }

  /// The weights of a batch's items; nil where all count 1.
  func weights(of batch: Batch) -> [Float]? {
    if classes.isEmpty, items.isEmpty { return nil }
    let size = batch.targets.count / batch.count
    return (0..<batch.count).map { index in
      var weight: Float = items.isEmpty ? 1 : items[batch.indices[index]]
      if !classes.isEmpty {
        let target = UnsafeBufferPointer(
          rebasing: batch.targets[index * size..<(index + 1) * size])
        weight *= classes[Measurement.classNumber(target)] ?? 1
      }
      return weight
    }
  }

  /// - Throws: `TrainingError`, where there is not one for each item, or one is no number.
  func check(itemCount: Int) throws(TrainingError) {
    guard items.isEmpty || items.count == itemCount else {
      throw TrainingError(
        "there are \(items.count) weights of items; the data set has \(itemCount) items")
    }
    for weight in items + Array(classes.values) where !(weight.isFinite && weight >= 0) {
      throw TrainingError("a weight of an item or a class is \(weight); expected 0 or more")
    }
  }
}
