import ArgumentParser
import CNN
import DataSets
import Kernel

/// As what a compiled model's weights are stored, and what that changes.
struct NarrowingOptions: ParsableArguments {
  @Flag(help: "Store weights as 16-bit floats: half the bytes.")
  var half = false

  @Flag(
    help: ArgumentHelp(
      "Store weights in 8 bits, with a step for each output channel: a quarter of the bytes."))
  var int8 = false

  @Option(
    help: ArgumentHelp(
      "With --half or --int8, print layer by layer how far that is from 32-bit weights, on items of a data "
        + "set as 'cnntool train' takes it, prepared by --scale and its like.", valueName: "path"),
    completion: .directory)
  var calibrate: String?

  @Option(
    help: ArgumentHelp(
      "How many items of --calibrate are taken, from all over it.", valueName: "number"))
  var calibrationItems = 256

  func validate() throws {
    if half && int8 { throw ValidationError("expected --half or --int8, not both") }
    if calibrate != nil, type == .float32 {
      throw ValidationError(
        "--calibrate says what narrow weights change; add --half or --int8")
    }
    guard calibrationItems > 0 else {
      throw ValidationError("--calibration-items is \(calibrationItems); expected at least 1")
    }
  }

  var type: WeightType { half ? .float16 : int8 ? .int8 : .float32 }

  /// What narrow weights change on the items of `--calibrate`; nil without it.
  ///
  /// - Parameter network: Of known input sizes.
  func comparison(
    _ network: Network, _ program: CompiledProgram, algorithm: ConvolutionAlgorithm,
    _ standardization: Standardization
  ) throws -> NarrowingComparison? {
    guard let calibrate else { return nil }
    guard program.inputs.count == 1 else {
      throw ToolFailure(
        "--calibrate has one picture an item; the model has \(program.inputs.count) inputs")
    }
    let all = try DataSets.open(calibrate, inputShape: program.inputShapes[0].known).training
    let count = min(calibrationItems, all.count)
    let chosen = Subset(all, indices: (0..<count).map { $0 * all.count / count })
    return try NarrowingComparison(
      network, try Standardized(chosen, standardization.standardizer), weights: type,
      algorithm: algorithm)
  }
}
