import Testing
import Training

@Suite struct CallbackTests {
  // MARK: EarlyStopping

  private func epochs(_ stopping: EarlyStopping, _ values: [Double]) -> (stop: Int?, best: Int?) {
    var stopping = stopping
    for (epoch, value) in values.enumerated() {
      if stopping.endEpoch(epoch, value).stops { return (epoch, stopping.bestEpoch) }
    }
    return (nil, stopping.bestEpoch)
  }

  @Test func stopsWhereNothingGetsBetter() {
    let stopping = EarlyStopping(patience: 2)
    #expect(epochs(stopping, [3, 2, 2.5, 2.1, 1]) == (3, 1))
    #expect(epochs(stopping, [3, 2, 2.5, 1, 1.5]) == (nil, 3))
    #expect(epochs(EarlyStopping(), [1, 1]) == (1, 0))
  }

  @Test func smallChangesDoNotCount() {
    let stopping = EarlyStopping(minDelta: 0.5, patience: 2)
    #expect(epochs(stopping, [3, 2.75, 2.5, 1]) == (2, 0))
  }

  @Test func moreIsBetterOfAccuracy() {
    let stopping = EarlyStopping(monitor: "val_accuracy", patience: 1)
    #expect(epochs(stopping, [0.5, 0.75, 0.7]) == (2, 1))
  }

  @Test func baselineHasToBeMet() {
    #expect(epochs(EarlyStopping(patience: 2, baseline: 1), [5, 4, 3, 3.5]) == (3, 2))
    #expect(epochs(EarlyStopping(patience: 2, baseline: 4), [5, 3, 2, 3]) == (nil, 2))
  }

  @Test func keepsTheBestWeights() {
    var stopping = EarlyStopping(patience: 5, restoresBestWeights: true)
    #expect(
      [3, 2, 4].enumerated().map { stopping.endEpoch($0, $1).keepsWeights } == [true, true, false])
  }

  @Test func epochsWithoutAValueAreNotCounted() {
    var stopping = EarlyStopping(patience: 1, firstEpoch: 1)
    #expect(!stopping.endEpoch(0, 1).stops)
    #expect(!stopping.endEpoch(1, nil).stops)
    #expect(stopping.best == nil)
    #expect(!stopping.endEpoch(2, .nan).keepsWeights)
  }

  // MARK: ReduceLROnPlateau

  @Test func learningRateFallsOnAPlateau() {
    var plateau = ReduceLROnPlateau(factor: 0.5, patience: 2, minLearningRate: 0.2)
    var rate = 1.0
    var rates: [Double] = []
    for value in [3, 2, 2, 2, 2, 2, 2, 2, 2, 1.0] {
      rate = plateau.endEpoch(value, learningRate: rate)
      rates.append(rate)
    }
    #expect(rates == [1, 1, 1, 0.5, 0.5, 0.25, 0.25, 0.2, 0.2, 0.2])
  }

  @Test func coolingDownIsNotCounted() {
    var plateau = ReduceLROnPlateau(factor: 0.5, patience: 1, cooldown: 2)
    var rate = 1.0
    var rates: [Double] = []
    for _ in 0..<6 {
      rate = plateau.endEpoch(1, learningRate: rate)
      rates.append(rate)
    }
    // As Keras has it: the epoch in which cooling ends counts.
    #expect(rates == [1, 0.5, 0.5, 0.25, 0.25, 0.125])
  }

  // MARK: BestCheckpoint and History

  @Test func writesTheBestOnly() {
    var checkpoint = BestCheckpoint()
    #expect(
      [3, 4, 2, nil, .nan, 2, 1].map { checkpoint.endEpoch($0) }
        == [true, false, true, false, false, false, true])
    #expect(checkpoint.best == 1)
  }

  @Test func historyIsWrittenAsCSV() {
    var history = History()
    history.append(epoch: 0, ["loss": 0.5, "accuracy": 0.25])
    history.append(epoch: 1, ["loss": 0.25, "accuracy": 0.5, "val_loss": 1])
    #expect(history["loss"] == [0.5, 0.25])
    #expect(history["val_loss"] == [1])
    #expect(history.csv() == "epoch,loss,accuracy,val_loss\n0,0.5,0.25,\n1,0.25,0.5,1.0\n")
  }
}
