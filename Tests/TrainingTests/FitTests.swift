import Network
import Testing

@testable import Training

@Suite struct FitTests {
  @Test func readsAsKerass() throws {
    var network = try SmallTraining.network()
    let data = try SmallTraining.items(23)
    let history = try network.fit(
      data, optimizer: .adam(), loss: .sparseCategoricalCrossentropy, epochs: 5, batchSize: 8)
    #expect(history.rows.map(\.epoch) == [0, 1, 2, 3, 4])
    #expect(history.names == ["loss", "accuracy"])
    #expect(history["loss"][4] < history["loss"][0])
  }

  @Test func layersOfANestedModelAreFrozen() throws {
    let inner = try Sequential(input: [4], name: "inner") {
      Dense(3)
      Dense(2)
    }
    var network = try Sequential(input: [4]) {
      inner
      Dense(1)
    }
    try network.setTrainable(false, layer: "inner/dense_1")
    #expect(try network.parameterCount() == (trainable: 15 + 3, fixed: 8))
    try network.setTrainable(false, layer: "inner")
    #expect(try network.parameterCount() == (trainable: 3, fixed: 23))
    try network.setTrainable(true, layer: "inner/dense")
    #expect(message { try network.setTrainable(true, layer: "none") }?.contains("none") == true)
  }

  // MARK: The loss that is shown

  /// A dense layer of one output, which is trained by the squared error.
  private func regression(_ options: WeightOptions = WeightOptions()) throws -> Trainer {
    var network = try Sequential(input: [3]) { Dense(1) }
    let index = try #require(network.nodes.firstIndex { $0.name == "dense" })
    network.setOptions(options, ofNode: index)
    try network.setWeights(
      [Tensor(shape: [3, 1], values: [1, -2, 0.5]), Tensor(shape: [1], values: [0.25])],
      ofNode: index)
    return try Trainer(network, optimizer: .sgd(), loss: .meanSquaredError, batchSize: 2)
  }

  private func pairs(_ targets: [Float]) throws -> ArrayDataSet {
    // Outputs are −0.25 each.
    try ArrayDataSet(
      inputs: Tensor(shape: [targets.count, 3], repeating: 1),
      targets: Tensor(shape: [targets.count, 1], values: targets))
  }

  @Test func penaltiesArePartOfTheLoss() throws {
    let options = WeightOptions(regularizers: [
      "kernel": Regularizer(l1: 0.1, l2: 0.01), "bias": Regularizer(l2: 1),
    ])
    let trainer = try regression(options)
    let penalty = 0.1 * 3.5 + 0.01 * 5.25 + 0.0625
    #expect(abs(trainer.penalty - penalty) < 1e-12)
    let network = try trainer.network
    let data = try pairs([0.75, 0.75])
    let history = try trainer.fit(data, FitOptions(epochs: 1))
    #expect(abs(history["loss"][0] - (1 + penalty)) < 1e-6)
    #expect(abs(try network.evaluate(data, loss: .meanSquaredError).loss - (1 + penalty)) < 1e-6)
    var frozen = network
    try frozen.setTrainable(false, layer: "dense")
    #expect(abs(try frozen.evaluate(data, loss: .meanSquaredError).loss - 1) < 1e-6)
  }

  @Test func itemsCountAsTheyAreWeighted() throws {
    // Errors 1 and 2, of classes 0 and 1.
    let data = try pairs([0.75, 1.75])
    let options = FitOptions(epochs: 1, weights: ItemWeights(classes: [1: 0.5], items: [3, 2]))
    let trainer = try regression()
    // (1 · 3 + 4 · 2 · 0.5) / 2, as Keras has it: divided by the items, not by the weights.
    #expect(abs(try trainer.fit(data, options)["loss"][0] - 3.5) < 1e-6)
    // The bias's gradient is Σ 2 · error · weight / 2 = -(3 · 1 + 1 · 2).
    let bias = try #require(try trainer.network.nodes.last?.weights?[1].values[0])
    #expect(abs(bias - (0.25 + 0.01 * 5)) < 1e-6)
    #expect(
      message {
        try regression().fit(data, FitOptions(epochs: 1, weights: ItemWeights(items: [1])))
      } == "there are 1 weights of items; the data set has 2 items")
    #expect(
      message {
        try regression().fit(data, FitOptions(epochs: 1, weights: ItemWeights(classes: [0: -1])))
      } == "a weight of an item or a class is -1.0; expected 0 or more")
  }

  // MARK: Callbacks

  @Test func endsEarlyWithTheBestWeights() throws {
    let trainer = try SmallTraining.trainer()
    let validation = try SmallTraining.items(9, seed: 500)
    var networks: [Network] = []
    var reports: [EpochReport] = []
    let options = FitOptions(
      epochs: 50,
      callbacks: Callbacks(
        earlyStopping: EarlyStopping(patience: 2, restoresBestWeights: true),
        bestCheckpoint: BestCheckpoint()))
    let history = try trainer.fit(
      try SmallTraining.items(23), validation: validation, options,
      onEpoch: {
        networks.append(try trainer.network)
        reports.append($0)
      })
    let losses = history["val_loss"]
    let best = try #require(losses.indices.min { losses[$0] < losses[$1] })
    #expect(losses.count == best + 3 && losses.count < 50)
    #expect(try trainer.network.nodes.map(\.weights) == networks[best].nodes.map(\.weights))
    #expect(reports.last { $0.isBest }?.epoch == best)
    #expect(reports.map(\.isLast) == losses.indices.map { $0 == losses.count - 1 })
    // What was measured is what the network of that time does.
    for (network, loss) in zip(networks, losses).prefix(2) {
      let again = try network.evaluate(validation, loss: SmallTraining.loss, batchSize: 4)
      #expect(again.loss == loss)
    }
  }

  @Test func schedulesAreSeenInTheHistory() throws {
    let optimizer = Optimizer.sgd(
      learningRate: .exponential(initial: 0.1, decaySteps: 3, rate: 0.5, staircase: true))
    let trainer = try Trainer(
      try SmallTraining.network(), optimizer: optimizer, loss: SmallTraining.loss, batchSize: 4)
    let history = try trainer.fit(try SmallTraining.items(12), FitOptions(epochs: 3))
    #expect(history["learning_rate"] == [0.1, 0.05, 0.025])
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    let items = try SmallTraining.items(4)
    let plateau = Callbacks(reduceOnPlateau: ReduceLROnPlateau(monitor: "loss"))
    let scheduled = try Trainer(
      try SmallTraining.network(),
      optimizer: .sgd(learningRate: .inverseTime(initial: 1, decaySteps: 1, rate: 1)),
      loss: SmallTraining.loss, batchSize: 4)
    #expect(
      message { try scheduled.fit(items, FitOptions(epochs: 1, callbacks: plateau)) }
        == "a plateau cannot reduce the learning rate of a schedule; take one of the two")
    let stopping = Callbacks(earlyStopping: EarlyStopping())
    #expect(
      message {
        try SmallTraining.trainer().fit(items, FitOptions(epochs: 1, callbacks: stopping))
      } == "'val_loss' is not measured; there are loss, accuracy, and with a validation set "
        + "val_loss and val_accuracy")
  }

  // MARK: Bad data

  @Test func labelsBeyondTheClassesAreRefused() throws {
    let data = try ArrayDataSet(
      inputs: Tensor(shape: [3, 8, 8, 1], repeating: 0),
      targets: Tensor(shape: [3], values: [0, 2, 3]))
    let expected =
      "item 2 has the label 3, but there are 3 classes, numbered 0 to 2; "
      + "correct the label, or give the network as many outputs as there are classes"
    let trainer = try SmallTraining.trainer()
    #expect(
      message { try trainer.fit(data, FitOptions(epochs: 1, shuffles: false)) } == expected)
    let network = try SmallTraining.network()
    #expect(message { try network.evaluate(data, loss: SmallTraining.loss) } == expected)
  }

  @Test func aLossThatIsNoNumberEndsTheTraining() throws {
    let trainer = try Trainer(
      try SmallTraining.network(), optimizer: .sgd(learningRate: 1e30), loss: SmallTraining.loss,
      batchSize: 4)
    var epochs = 0
    let error = message {
      try trainer.fit(
        try SmallTraining.items(4), FitOptions(epochs: 9), onEpoch: { _ in epochs += 1 })
    }
    #expect(error?.contains(" is no number any more in step ") == true)
    #expect(error?.hasSuffix("; take a smaller learning rate") == true)
    #expect(epochs < 3)
  }

  @Test func whatCannotBeReadIsNamedAndLeftOut() throws {
    var network = try Sequential(input: [3]) { Dense(1) }
    try network.initializeWeights(seed: 1)
    func trainer() throws -> Trainer {
      try Trainer(
        network, optimizer: .sgd(learningRate: 1e-6), loss: .meanSquaredError, batchSize: 4)
    }
    // One in the middle, one behind all batches.
    let data = NumberedDataSet(count: 12, broken: [5, 11])
    var skipped: [String] = []
    var items = 0
    try trainer().fit(data, FitOptions(epochs: 1, shuffles: false)) { _ in
    } onProgress: { progress in
      skipped += progress.skipped.map { "\($0.error)" }
      items = max(items, progress.items)
      return true
    }
    #expect(skipped == ["item 5 is broken; mend it", "item 11 is broken; mend it"])
    #expect(
      message { try trainer().fit(data, FitOptions(epochs: 1, shuffles: false, isStrict: true)) }
        == "item 5 is broken; mend it")
    #expect(try network.evaluate(data, loss: .meanSquaredError).skipped.map(\.index) == [5, 11])
  }

  // MARK: Evaluation

  @Test func batchesDoNotMatter() throws {
    let network = try SmallTraining.network()
    let data = try SmallTraining.items(11)
    let one = try network.evaluate(data, loss: SmallTraining.loss, batchSize: 1)
    for batchSize in [4, 11, 32] {
      let result = try network.evaluate(data, loss: SmallTraining.loss, batchSize: batchSize)
      #expect(abs(result.loss - one.loss) < 1e-6)
      #expect(result.accuracy == one.accuracy && result.count == 11)
      #expect(result.confusion == one.confusion)
    }
    #expect(one.confusion?.total == 11)
    #expect(abs((one.confusion?.accuracy ?? 0) - one.accuracy) < 1e-12)
  }

  @Test func aSingleOutputTellsTwoClasses() throws {
    var network = try Sequential(input: [1]) { Dense(1) }
    try network.setWeights(
      [Tensor(shape: [1, 1], values: [1]), Tensor(shape: [1], values: [0])], ofNode: 1)
    let data = try ArrayDataSet(
      inputs: Tensor(shape: [4, 1], values: [-1, 2, 3, 0]),
      targets: Tensor(shape: [4], values: [0, 1, 0, 1]))
    let result = try network.evaluate(data, loss: .binaryCrossentropy(fromLogits: true))
    #expect(result.confusion?.counts == [1, 1, 1, 1])
    #expect(result.accuracy == 0.5)
    #expect(try network.evaluate(data, loss: .meanSquaredError).confusion == nil)
  }
}
