import Network
import Testing
import Training

@Suite struct LossTests {
  @Test func namesAndAliases() {
    #expect(Loss(kerasName: "mse") == .meanSquaredError)
    #expect(Loss(kerasName: "MSE") == .meanSquaredError)
    #expect(Loss(kerasName: "MeanSquaredError") == .meanSquaredError)
    #expect(Loss(kerasName: "mae") == .meanAbsoluteError)
    #expect(Loss(kerasName: "bce") == .binaryCrossentropy)
    #expect(Loss(kerasName: "huber_loss") == .huber)
    #expect(
      Loss(kerasName: "sparse_categorical_crossentropy") == .sparseCategoricalCrossentropy)
    #expect(Loss(kerasName: "hinge") == nil)
  }

  static let settings: [Loss] = [
    .sparseCategoricalCrossentropy, .sparseCategoricalCrossentropy(fromLogits: true),
    .categoricalCrossentropy(fromLogits: true, labelSmoothing: 0.25),
    .categoricalCrossentropy, .binaryCrossentropy(labelSmoothing: 0.5),
    .binaryCrossentropy(fromLogits: true), .meanSquaredError, .meanAbsoluteError, .huber,
    .huber(delta: 2),
  ]

  @Test(arguments: settings, [2, 3])
  func readsWhatItWrites(_ loss: Loss, _ version: Int) throws {
    let configuration = loss.kerasConfiguration(majorVersion: version)
    #expect(try Loss(kerasConfiguration: configuration) == loss)
  }

  @Test func whatIsNotSupportedIsNamed() {
    #expect(
      throws: ConfigurationError(
        "the loss hinge is not known; expected one of sparse_categorical_crossentropy, "
          + "categorical_crossentropy, binary_crossentropy, mean_squared_error, "
          + "mean_absolute_error, huber")
    ) { try Loss(kerasConfiguration: .string("hinge")) }
    let sum = LayerConfiguration.Value.object([
      "class_name": .string("MeanSquaredError"), "config": .object(["reduction": .string("sum")]),
    ])
    #expect(
      throws: ConfigurationError(
        "the loss MeanSquaredError: its reduction is 'sum'; only 'sum_over_batch_size' is supported"
      )
    ) { try Loss(kerasConfiguration: sum) }
  }
}
