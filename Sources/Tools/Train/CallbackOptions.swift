import ArgumentParser
import CNN
import Training

/// What is decided behind each epoch, and what is written.
struct CallbackOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "End when the monitor has not got better for so many epochs.", valueName: "epochs"))
  var earlyStopping: Int?

  @Flag(help: "End with the weights of the best epoch.")
  var restoreBest = false

  @Option(help: ArgumentHelp("A change of the monitor that does not count.", valueName: "number"))
  var minDelta: Double?

  @Option(
    help: ArgumentHelp(
      "Lower the learning rate when the monitor has not got better for so many epochs.",
      valueName: "epochs"))
  var reduceOnPlateau: Int?

  @Option(
    help: ArgumentHelp("What a plateau multiplies the learning rate by.", valueName: "factor"))
  var plateauFactor = 0.1

  @Option(
    help: ArgumentHelp("The learning rate that a plateau stops at.", valueName: "rate"))
  var minLearningRate = 0.0

  @Option(
    help: ArgumentHelp(
      "Write the best model so far here, by the monitor.", valueName: "file"),
    completion: .file(extensions: ["h5", "hdf5", "keras"]))
  var checkpoint: String?

  @Option(
    help: ArgumentHelp(
      "What these go by: loss, accuracy, val_loss or val_accuracy; without it val_loss, or loss where "
        + "nothing is validated.", valueName: "name"))
  var monitor: String?

  @Option(
    help: ArgumentHelp(
      "Write a line for each epoch here, as Keras's CSVLogger.", valueName: "file"),
    completion: .file(extensions: ["csv"]))
  var history: String?

  func validate() throws {
    for (name, value) in [
      ("early-stopping", earlyStopping), ("reduce-on-plateau", reduceOnPlateau),
    ] {
      if let value, value < 0 {
        throw ValidationError("--\(name) is \(value); expected 0 or more epochs")
      }
    }
    guard plateauFactor > 0, plateauFactor < 1 else {
      throw ValidationError(
        "--plateau-factor is \(plateauFactor); expected more than 0, less than 1")
    }
    if restoreBest, earlyStopping == nil {
      throw ValidationError("--restore-best is of --early-stopping; give that as well")
    }
    if let monitor, !["loss", "accuracy", "val_loss", "val_accuracy"].contains(monitor) {
      throw ValidationError(
        "--monitor is '\(monitor)'; expected loss, accuracy, val_loss or val_accuracy")
    }
  }

  func callbacks(hasValidation: Bool) -> Callbacks {
    let monitor = Monitor(monitor ?? (hasValidation ? "val_loss" : "loss"))
    return Callbacks(
      earlyStopping: earlyStopping.map {
        EarlyStopping(
          monitor: monitor, minDelta: minDelta ?? 0, patience: $0,
          restoresBestWeights: restoreBest)
      },
      reduceOnPlateau: reduceOnPlateau.map {
        ReduceLROnPlateau(
          monitor: monitor, factor: plateauFactor, patience: $0, minDelta: minDelta ?? 1e-4,
          minLearningRate: minLearningRate)
      },
      bestCheckpoint: checkpoint.map { _ in BestCheckpoint(monitor: monitor) })
  }
}
