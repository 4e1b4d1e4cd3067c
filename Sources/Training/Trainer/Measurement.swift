import Kernel
import Network

/// The means of losses and accuracies over items.
struct Measurement {
  private let metric: Metric
  private let objective: TrainingProgram.Objective
  private var lossSum = 0.0
  private var hits = 0.0
  private(set) var count = 0

  init(_ metric: Metric, loss: Loss) {
    self.metric = metric
    objective = loss.objective
  }

  var loss: Double { count == 0 ? 0 : lossSum / Double(count) }
  var accuracy: Double { count == 0 ? 0 : hits / Double(count) }

  /// Adds `count` items.
  ///
  /// - Parameter losses: Nil where they are to be computed.
  mutating func add(
    _ count: Int, _ losses: UnsafeBufferPointer<Float>?, _ outputs: UnsafeBufferPointer<Float>,
    _ targets: UnsafeBufferPointer<Float>
  ) {
    guard count > 0 else { return }
    let items = count
    let values = outputs.count / items
    let perTarget = targets.count / items
    let own = losses.map(Array.init) ?? computeLosses(outputs, targets, items, values)
    for item in 0..<items {
      lossSum += Double(own[item])
      hits += hit(
        UnsafeBufferPointer(rebasing: outputs[item * values..<(item + 1) * values]),
        UnsafeBufferPointer(rebasing: targets[item * perTarget..<(item + 1) * perTarget]))
    }
    self.count += items
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
