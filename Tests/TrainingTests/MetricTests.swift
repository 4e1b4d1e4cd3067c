import Network
import Testing
import Training

@Suite struct MetricTests {
  @Test func confusionMatrix() {
    var matrix = ConfusionMatrix(classCount: 3)
    for (actual, predicted) in [(0, 0), (0, 0), (0, 1), (1, 1), (1, 0), (1, 0)] {
      matrix.count(actual, predictedAs: predicted)
    }
    #expect(matrix.total == 6)
    #expect(matrix[1, 0] == 2)
    #expect(matrix.accuracy == 0.5)
    #expect(matrix.support(0) == 3)
    #expect(matrix.precision(0) == 0.5)
    #expect(matrix.recall(0) == 2.0 / 3)
    #expect(abs(matrix.f1(0) - 4.0 / 7) < 1e-15)
    // Nobody knows of the third.
    #expect([matrix.precision(2), matrix.recall(2), matrix.f1(2)] == [0, 0, 0])
    var twice = matrix
    twice += matrix
    #expect(twice.counts == matrix.counts.map { 2 * $0 })
    #expect(ConfusionMatrix(classCount: 2).accuracy == 0)
  }

  @Test func accuracyIsChosenAsKerasDoes() {
    func metric(_ output: [Int], _ target: [Int]) -> Metric? {
      Metric(kerasName: "accuracy", outputShape: output, targetShape: target)
    }
    #expect(metric([10], []) == .sparseCategoricalAccuracy)
    #expect(metric([10], [1]) == .sparseCategoricalAccuracy)
    #expect(metric([10], [10]) == .categoricalAccuracy)
    #expect(metric([1], [1]) == .binaryAccuracy)
    #expect(metric([1], []) == .binaryAccuracy)
    #expect(Metric(kerasName: "MAE", outputShape: [1], targetShape: [1]) == .meanAbsoluteError)
    #expect(
      Metric(kerasName: "CategoricalAccuracy", outputShape: [2], targetShape: [2])
        == .categoricalAccuracy)
    #expect(Metric(kerasName: "auc", outputShape: [2], targetShape: [2]) == nil)
  }

  @Test func namesInKerasFiles() throws {
    #expect(try Metric.name(ofKeras: .string("acc")) == "accuracy")
    let wrapper = LayerConfiguration.Value.object([
      "class_name": .string("MeanMetricWrapper"),
      "config": .object(["name": .string("accuracy"), "fn": .string("sparse_categorical_accuracy")]
      ),
    ])
    #expect(try Metric.name(ofKeras: wrapper) == "accuracy")
  }

  /// Keras 2 does not find out which accuracy is meant when it loads a model.
  @Test func accuracyIsSpelledOutForKeras2() throws {
    let state = TrainingState(
      optimizer: .adam(), loss: .sparseCategoricalCrossentropy, metrics: ["accuracy"])
    for version in [2, 3] {
      let value = state.kerasConfiguration(majorVersion: version, isLegacyFile: true)
      #expect(try TrainingState(kerasConfiguration: value) == state)
      guard case .object(let object) = value, let metric = object["metrics"]?.list?.first else {
        Issue.record("there is no list of metrics")
        return
      }
      if version == 3 {
        #expect(metric == .string("accuracy"))
      } else if case .object(let entry) = metric, case .object(let config)? = entry["config"] {
        #expect(config["fn"] == .string("sparse_categorical_accuracy"))
      } else {
        Issue.record("\(metric) is no object")
      }
    }
  }
}
