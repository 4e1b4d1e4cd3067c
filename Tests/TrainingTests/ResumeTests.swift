import Loader
import Network
import TestSupport
import Testing
import Training

/// A training that is interrupted, written and read again goes on as if nothing had been.
@Suite struct ResumeTests {
  /// 23 items in batches of 4, each time turned and flipped otherwise: 6 batches; 8 to validate: 2.
  private struct Run {
    let training: Augmented
    let validation: ArrayDataSet
    let options: FitOptions

    init(epochs: Int = 3) throws {
      var augmentation = Augmentation()
      augmentation.rotation = 20
      augmentation.flipsHorizontally = true
      training = try Augmented(try SmallTraining.items(23), augmentation)
      validation = try SmallTraining.items(8, seed: 400)
      // Every epoch is one that has not got better.
      options = FitOptions(
        epochs: epochs,
        weights: ItemWeights(classes: [1: 2]),
        callbacks: Callbacks(
          earlyStopping: EarlyStopping(patience: 9, restoresBestWeights: true),
          reduceOnPlateau: ReduceLROnPlateau(factor: 0.5, patience: 1, minDelta: 10),
          bestCheckpoint: BestCheckpoint(monitor: "val_accuracy")))
    }

    /// - Parameter calls: How often to go on; nil to the end.
    func fit(_ trainer: Trainer, calls: Int? = nil) throws -> (history: History, best: [Bool]) {
      var (called, best) = (0, [Bool]())
      let history = try trainer.fit(training, validation: validation, options) {
        best.append($0.isBest)
      } onProgress: { _ in
        called += 1
        return called != calls
      }
      return (history, best)
    }
  }

  // Behind the first batch, an epoch's last, within the validation and at its end, in later epochs.
  @Test(arguments: [1, 3, 6, 7, 8, 9, 12, 15, 22], ["h5", "keras"])
  func goesOnBitForBit(_ calls: Int, _ ending: String) throws {
    let run = try Run()
    let whole = try SmallTraining.trainer()
    let expected = try run.fit(whole)
    let expectedWeights = try whole.network.nodes.flatMap { $0.weights ?? [] }

    let folder = TemporaryFolder()
    let file = "\(folder.path)/model.\(ending)"
    let first = try SmallTraining.trainer()
    let before = try run.fit(first, calls: calls)
    try first.network.save(to: file, training: first.state)
    let state = try #require(try Network.trainingState(contentsOf: file))
    #expect(state == first.state)
    let second = try Trainer(
      try Network(contentsOf: file), optimizer: SmallTraining.optimizer, loss: SmallTraining.loss,
      batchSize: 4, seed: 5, threads: 1)
    try second.restore(state)
    let after = try run.fit(second)

    #expect(after.history == expected.history)
    #expect(before.best + after.best == expected.best)
    #expect(try second.network.nodes.flatMap { $0.weights ?? [] } == expectedWeights)
    #expect(second.state == whole.state)
    #expect(whole.state.optimizer.learningRate != SmallTraining.optimizer.learningRate)
  }

  @Test func moreEpochsGoOnToo() throws {
    let trainer = try SmallTraining.trainer()
    let items = try SmallTraining.items(23)
    try trainer.fit(items, FitOptions(epochs: 1))
    let history = try trainer.fit(items, FitOptions(epochs: 3))
    let whole = try SmallTraining.trainer()
    #expect(try whole.fit(items, FitOptions(epochs: 3)) == history)
    let expectedWeights = try whole.network.nodes.flatMap { $0.weights ?? [] }
    #expect(try trainer.network.nodes.flatMap { $0.weights ?? [] } == expectedWeights)
  }

  @Test func anotherTrainingIsRefused() throws {
    let items = try SmallTraining.items(9)
    let trainer = try SmallTraining.trainer()
    try trainer.fit(items, FitOptions(epochs: 1))
    let state = trainer.state
    #expect(
      message { try SmallTraining.trainer(seed: 6).restore(state) }
        == "the training was begun with the seed 5, not 6; go on with the same")
    #expect(
      message { try SmallTraining.trainer(batchSize: 8).restore(state) }
        == "the training was begun with the batch size 4, not 8; go on with the same")
    let other = try Trainer(
      try SmallTraining.network(), optimizer: .adam(), loss: SmallTraining.loss, batchSize: 4,
      seed: 5)
    #expect(
      message { try other.restore(state) }?.hasPrefix(
        "the training was begun with another optimizer")
        == true)
    #expect(
      message { try trainer.fit(try SmallTraining.items(8), FitOptions(epochs: 2)) }
        == "the training was begun with 9 items, not 8; go on with the same data")
  }

  @Test func otherItemsAreRefused() throws {
    let items = try SmallTraining.items(9)
    var augmentation = Augmentation()
    augmentation.rotation = 20
    let turned = try Augmented(items, augmentation)
    let weights = ItemWeights(classes: [2: 0.5, 1: 2])
    let trainer = try SmallTraining.trainer()
    try trainer.fit(turned, FitOptions(epochs: 1, weights: weights))
    func resumed(_ data: any DataSet, _ weights: ItemWeights) -> String? {
      message {
        let other = try SmallTraining.trainer()
        try other.restore(trainer.state)
        try other.fit(data, FitOptions(epochs: 2, weights: weights))
      }
    }
    #expect(
      resumed(items, weights)
        == "the training was begun with the rotation 20.0, not none; go on with the same")
    augmentation.flipsVertically = true
    #expect(
      resumed(try Augmented(items, augmentation), weights)
        == "the training was begun with the vertical flip none, not true; go on with the same")
    #expect(
      resumed(turned, ItemWeights(classes: [1: 2]))
        == "the training was begun with the class weights 1=2.0,2=0.5, not 1=2.0; "
        + "go on with the same")
    #expect(resumed(turned, weights) == nil)
  }

  @Test func aDamagedPositionIsRefused() throws {
    var position = TrainingPosition(seed: .max, batchSize: 4, itemCount: 9)
    #expect(try TrainingPosition(configuration: position.configuration) == position)
    position.settings = ["rotation": "20.0"]
    #expect(try TrainingPosition(configuration: position.configuration) == position)
    guard case .object(var values) = position.configuration else { return }
    values["epoch"] = .integer(-1)
    #expect(
      message { try TrainingPosition(configuration: .object(values)) }
        == "where the training was: its epoch is -1; expected 0 or more")
    #expect(
      message { try TrainingPosition(configuration: .null) }
        == "where the training was: it is no object")
  }
}
