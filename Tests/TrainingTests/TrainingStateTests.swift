import Foundation
import Loader
import Network
import Testing
import Training

/// What files say of a model's training; see `make_trained` in `make_training.py`.
@Suite struct TrainingStateTests {
  static let optimizers: [String: Optimizer] = [
    "amsgrad": .adam(learningRate: 0.01, epsilon: 1e-3, amsgrad: true),
    "rmsprop_centered": .rmsprop(rho: 0.8, momentum: 0.5, centered: true),
    "nadam": .nadam(), "sgd": .sgd(),
  ]
  static let files = ["keras2.h5", "keras3.h5", "keras3.keras"]

  private func file(_ name: String, _ ending: String) -> String {
    "\(TrainingFixture.folder)/trained-\(name).\(ending)"
  }

  /// What Keras's optimizer kept, by path and slot; nothing of gradient descent.
  private func slots(_ name: String, _ ending: String) throws -> [String: [String: Tensor]] {
    if name == "sgd" { return [:] }
    var slots: [String: [String: Tensor]] = [:]
    for (key, tensor) in try TrainingFixture.arrays("trained-\(name).\(ending.prefix(6))") {
      let parts = key.split(separator: "|").map(String.init)
      slots[parts[0], default: [:]][parts[1]] = tensor
    }
    return slots
  }

  @Test(arguments: optimizers.keys.sorted(), files)
  func readsWhatKerasSaved(_ name: String, _ ending: String) throws {
    let state = try #require(try Network.trainingState(contentsOf: file(name, ending)))
    #expect(state.iterations == 3)
    #expect(state.loss == .sparseCategoricalCrossentropy(fromLogits: true))
    #expect(state.metrics == ["accuracy"])
    #expect(state.optimizer.algorithm == Self.optimizers[name]?.algorithm)
    #expect(state.slots == (try slots(name, ending)))
  }

  @Test(arguments: optimizers.keys.sorted(), files)
  func readsWhatItWrites(_ name: String, _ ending: String) throws {
    let network = try Network(contentsOf: file(name, ending))
    let state = try #require(try Network.trainingState(contentsOf: file(name, ending)))
    let folder = FileManager.default.temporaryDirectory.appending(path: "cnn-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (target, version) in [("a.h5", 2), ("b.h5", 3), ("c.keras", 3)] {
      let path = folder.appending(path: target).path()
      try network.save(to: path, kerasMajorVersion: version, training: state)
      #expect(try Network.trainingState(contentsOf: path) == state)
      let loaded = try Network(contentsOf: path)
      #expect(try loaded.parameterCount() == (try network.parameterCount()))
    }
  }

  @Test func whatHasNotBeenTrainedBeginsAnew() throws {
    let network = try Network(contentsOf: file("sgd", "keras3.h5"))
    let path = FileManager.default.temporaryDirectory.appending(path: "cnn-\(UUID()).keras").path()
    defer { try? FileManager.default.removeItem(atPath: path) }
    try network.save(
      to: path, training: TrainingState(optimizer: .adagrad(), loss: .meanSquaredError))
    let state = try #require(try Network.trainingState(contentsOf: path))
    #expect(state.iterations == 0)
    #expect(state.slots["logits/bias"] == ["accumulator": Tensor(shape: [4], repeating: 0.1)])
    #expect(state.slots["frozen/kernel"] == nil)
  }

  @Test func aModelThatWasNotCompiledHasNone() throws {
    #expect(try Network.trainingState(contentsOf: "\(TrainingFixture.folder)/conv10.json") == nil)
  }

  @Test func initializersAndRegularizersAreRead() throws {
    let network = try Network(contentsOf: file("sgd", "keras2.h5"))
    let nested = try #require(network.nodes.compactMap { $0.layer as? NestedNetwork }.first)
    let convolution = try #require(nested.network.nodes.first { $0.name == "conv" })
    #expect(convolution.options.initializers["kernel"] == .heNormal)
    let regularizer = try #require(convolution.options.regularizers["kernel"])
    #expect(regularizer.l1 == 0 && abs(regularizer.l2 - 0.01) < 1e-8)
  }

  @Test func slotsThatDoNotFitAreRefused() throws {
    let network = try Network(contentsOf: file("sgd", "keras3.h5"))
    var state = TrainingState(optimizer: .adam(), loss: .huber)
    state.slots["logits/bias"] = ["momentum": Tensor(shape: [5], repeating: 0)]
    let path = FileManager.default.temporaryDirectory.appending(path: "cnn-\(UUID()).h5").path()
    #expect(
      throws: SaveError(
        file: path,
        "the optimizer's momentum of the weight 'logits/bias' has shape [5]; expected [4]")
    ) { try network.save(to: path, training: state) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
