import ArgumentParser
import CNN
import DataSets

/// What of the data is trained with and what is measured behind each epoch.
struct TrainingDataOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The share of the items, from their end on, to validate with rather than to train.",
      valueName: "fraction"))
  var validationSplit: Double?

  @Option(
    help: ArgumentHelp(
      "Other data to validate with; without it the part of --data to test with, where it has one.",
      valueName: "path"), completion: .directory)
  var validationData: String?

  @Option(
    help: ArgumentHelp(
      "What the items of each class count, 1 for the others: 0=1,1=2.5.", valueName: "weights"))
  var classWeight: ClassWeights?

  @OptionGroup var augmentation: AugmentationOptions

  func validate() throws {
    if let validationSplit, !(validationSplit > 0 && validationSplit < 1) {
      throw ValidationError(
        "--validation-split is \(validationSplit); expected more than 0 and less than 1")
    }
    if validationSplit != nil, validationData != nil {
      throw ValidationError("expected --validation-split or --validation-data, not both")
    }
  }

  /// The items to train with, which look different each time where that was asked for, and those to validate
  /// with.
  func open(
    _ options: DataSetOptions, for network: Network
  ) throws -> (training: any DataSet, validation: (any DataSet)?) {
    let shapes = ItemShapes(network)
    let opened = try options.open(try options.path(), for: shapes)
    var training: any DataSet = opened.training
    if training is PictureFolderDataSet { training = Cached(training) }
    var validation = opened.test
    if let validationSplit {
      (training, validation) = try training.split(validation: validationSplit)
    } else if let validationData {
      validation = try options.openTest(validationData, for: shapes)
    }
    if let changes = augmentation.augmentation { training = try Augmented(training, changes) }
    return (
      try options.prepared(training, for: shapes),
      try validation.map { try options.prepared($0, for: shapes) }
    )
  }
}

/// Numbers of classes with what they count: `0=1,1=2.5`.
struct ClassWeights: ExpressibleByArgument {
  var weights: [Int: Float] = [:]

  init?(argument: String) {
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let number = Int(sides[0]), number >= 0, let weight = Float(sides[1]),
        weight.isFinite, weight >= 0, weights.updateValue(weight, forKey: number) == nil
      else { return nil }
    }
  }
}
