import CNN
import DataSets
import Kernel

/// How far a model of narrow weights, and maybe values, is from the same with 32-bit ones, on some items.
struct NarrowingComparison: Encodable {
  /// A layer's differences as shares of the largest of its values.
  struct Layer: Encodable {
    var name: String
    var largestError: Double
    var meanError: Double
  }

  var items = 0
  var skipped = 0
  var layers: [Layer] = []
  /// The items that are taken for another class; nil where the outputs are not classes.
  var changedPredictions: Int?
  /// The shares of items that are taken for what they are; nil where it is not known what that is.
  var accuracy: Double?
  var wideAccuracy: Double?

  init(
    _ network: Network, _ items: CalibrationItems, weights: ElementType,
    activations: ActivationType, algorithm: ConvolutionAlgorithm
  ) throws {
    let paths = network.layerPaths
    let ranges = activations == .int8 ? try items.ranges(network, taps: paths) : nil
    func inference(_ type: ElementType, _ ranges: ValueRanges?) throws -> Inference {
      try Inference(
        CompiledProgram(
          network, taps: Set(paths), algorithm: algorithm, weights: type, values: ranges))
    }
    let (wide, narrow) = (try inference(.float32, nil), try inference(weights, ranges))
    var differences = [LayerDifference](repeating: LayerDifference(), count: paths.count)
    let hasClasses = network.outputShapes[0].rank == 1
    var (changed, hits, wideHits) = (0, 0, 0)
    let left = try items.visit { batch in
      for inference in [wide, narrow] {
        _ = inference.input(0).update(fromContentsOf: batch.inputs)
        inference.runInPlace()
      }
      for (index, path) in paths.enumerated() {
        guard let value = wide.tap(path), let other = narrow.tap(path) else { continue }
        differences[index].add(value.values, other.values)
      }
      let (expected, found) = (Self.winner(wide.output(0)), Self.winner(narrow.output(0)))
      if found != expected { changed += 1 }
      if Float(found) == batch.targets[0] { hits += 1 }
      if Float(expected) == batch.targets[0] { wideHits += 1 }
      self.items += 1
    }
    for item in left { StandardError.write("cnntool: left out: \(item.error)") }
    skipped = left.count
    layers = zip(paths, differences).compactMap { $1.layer(named: $0) }
    guard hasClasses else { return }
    changedPredictions = changed
    guard items.items.targetShape.isEmpty else { return }
    accuracy = Double(hits) / Double(self.items)
    wideAccuracy = Double(wideHits) / Double(self.items)
  }

  /// The class that an output stands for: that of the largest value, or of the side of a half.
  private static func winner(_ output: UnsafeBufferPointer<Float>) -> Int {
    guard output.count > 1 else { return output[0] > 0.5 ? 1 : 0 }
    return output.indices.reduce(0) { output[$1] > output[$0] ? $1 : $0 }
  }

  var text: String {
    let rows = layers.map { layer in
      [layer.name]
        + [layer.largestError, layer.meanError].map { AgreementTable.number(Float($0)) }
    }
    var lines = [
      AlignedColumns.text([["Layer", "Largest error", "Mean error"]] + rows), "",
      "Shares of each layer's largest value, on \(items) items.",
    ]
    if let changedPredictions {
      lines.append("Predictions that change: \(changedPredictions) of \(items)")
    }
    if let accuracy, let wideAccuracy {
      lines.append(
        "Accuracy: \(FixedPoint.text(accuracy, digits: 4)), with 32-bit weights "
          + FixedPoint.text(wideAccuracy, digits: 4))
    }
    return lines.joined(separator: "\n")
  }
}

/// The differences of a layer's values, item by item.
private struct LayerDifference {
  private var largestValue: Float = 0
  private var largest: Float = 0
  private var sum = 0.0
  private var count = 0

  mutating func add(_ values: [Float], _ others: [Float]) {
    for (value, other) in zip(values, others) {
      if value.isFinite { largestValue = max(largestValue, abs(value)) }
      // Equal infinities and two NaN are not apart.
      if value == other || value.isNaN && other.isNaN { continue }
      let difference = abs(value - other).isNaN ? .infinity : abs(value - other)
      largest = max(largest, difference)
      sum += Double(difference)
    }
    count += values.count
  }

  /// Nil of a layer that nothing was computed of.
  func layer(named name: String) -> NarrowingComparison.Layer? {
    guard count > 0 else { return nil }
    let unit = largestValue > 0 ? Double(largestValue) : 1
    return NarrowingComparison.Layer(
      name: name, largestError: Double(largest) / unit, meanError: sum / Double(count) / unit)
  }
}
