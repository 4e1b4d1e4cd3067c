import Kernel
import Network

/// The means of losses and accuracies over items, and what they were taken for.
struct Measurement {
  private let metric: Metric
  private let objective: TrainingProgram.Objective
  var sums = MeasuredSums()
  /// Counted where outputs are classes; nil where not.
  private(set) var confusion: ConfusionMatrix?

  /// - Parameter confusionClasses: The number of classes to count the confusions of; nil for none.
  init(_ metric: Metric, loss: Loss, confusionClasses: Int? = nil) {
    self.metric = metric
    objective = loss.objective
    confusion = confusionClasses.map { ConfusionMatrix(classCount: $0) }
  }

  var count: Int { sums.count }
  var loss: Double { count == 0 ? 0 : sums.loss / Double(count) }
  var accuracy: Double { count == 0 ? 0 : sums.hits / Double(count) }

  /// Adds `count` items.
  ///
  /// - Parameters:
  ///   - losses: Nil where they are to be computed.
  ///   - weights: What each item's loss counts; nil for all alike.
  ///   - penalty: What the weights add to each item's loss.
  mutating func add(
    _ count: Int, _ losses: UnsafeBufferPointer<Float>?, _ outputs: UnsafeBufferPointer<Float>,
    _ targets: UnsafeBufferPointer<Float>, weights: [Float]? = nil, penalty: Double = 0
  ) {
    guard count > 0 else { return }
    let items = count
    let values = outputs.count / items
    let perTarget = targets.count / items
    let own = losses.map(Array.init) ?? computeLosses(outputs, targets, items, values)
    for item in 0..<items {
      sums.loss += Double(own[item]) * Double(weights?[item] ?? 1) + penalty
      let output = UnsafeBufferPointer(rebasing: outputs[item * values..<(item + 1) * values])
      let target = UnsafeBufferPointer(
        rebasing: targets[item * perTarget..<(item + 1) * perTarget])
      sums.hits += hit(output, target)
      if confusion != nil {
        confusion?.count(Self.classNumber(target), predictedAs: Self.predicted(output))
      }
    }
    sums.count += items
  }

  /// The class that a target says: its number, or where its largest value is.
  static func classNumber(_ target: UnsafeBufferPointer<Float>) -> Int {
    target.count == 1 ? Int(target[0]) : largest(target)
  }

  /// The class that an output stands for; of a single value by the same half as the accuracy's.
  private static func predicted(_ output: UnsafeBufferPointer<Float>) -> Int {
    output.count == 1 ? (output[0] > 0.5 ? 1 : 0) : largest(output)
  }

  private func computeLosses(
    _ outputs: UnsafeBufferPointer<Float>, _ targets: UnsafeBufferPointer<Float>, _ items: Int,
    _ values: Int
  ) -> [Float] {
    guard let output = outputs.baseAddress, let target = targets.baseAddress else { return [] }
    let weights = [Float](repeating: 1, count: items)
    return [Float](unsafeUninitializedCapacity: items) { losses, initialized in
      losses.initialize(repeating: 0)
      weights.withUnsafeBufferPointer {
        computeLoss(
          LossArguments(
            function: objective.function, parameter: objective.parameter, outputs: output,
            targets: target, weights: $0.baseAddress.unsafelyUnwrapped, gradient: nil,
            losses: losses.baseAddress, pictures: items, rows: 1, classes: values))
      }
      initialized = items
    }
  }

  /// What an item adds to the accuracy: 1 or 0, of several outputs a share.
  private func hit(
    _ outputs: UnsafeBufferPointer<Float>, _ targets: UnsafeBufferPointer<Float>
  ) -> Double {
    switch metric {
    case .sparseCategoricalAccuracy:
      return Self.largest(outputs) == Int(targets[0]) ? 1 : 0
    case .categoricalAccuracy:
      return Self.largest(outputs) == Self.largest(targets) ? 1 : 0
    case .binaryAccuracy:
      // Of logits too, as Keras has it.
      let same = zip(outputs, targets).filter { ($0 > 0.5) == ($1 > 0.5) }.count
      return Double(same) / Double(outputs.count)
    case .meanSquaredError, .meanAbsoluteError: return 0
    }
  }

  private static func largest(_ values: UnsafeBufferPointer<Float>) -> Int {
    var place = 0
    for index in values.indices where values[index] > values[place] { place = index }
    return place
  }
}
