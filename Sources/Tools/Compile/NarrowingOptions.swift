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
      "As what the values between layers are stored: float32, or with --int8 and --calibrate int8, which is what "
        + "others call full integer quantization. It takes about a quarter of the memory.",
      valueName: "type"))
  var activations = ActivationType.float32

  @Option(
    help: ArgumentHelp(
      "With --half or --int8, print layer by layer how far that is from 32-bit weights, on items of a data "
        + "set as 'cnntool train' takes it, prepared by --scale and its like. With --activations int8, the ranges of values are "
        + "those on these items, too.", valueName: "path"),
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
    if activations == .int8 && (type != .int8 || calibrate == nil) {
      throw ValidationError(
        "--activations int8 is of models with weights of 8 bits, and takes the ranges of values from pictures; "
          + "add --int8 and --calibrate")
    }
    guard calibrationItems > 0 else {
      throw ValidationError("--calibration-items is \(calibrationItems); expected at least 1")
    }
  }

  var type: ElementType { half ? .float16 : int8 ? .int8 : .float32 }

  /// The items of `--calibrate`; nil without it.
  ///
  /// - Parameter network: Of known input sizes.
  func items(
    for network: Network, _ standardization: Standardization
  ) throws -> CalibrationItems? {
    guard let calibrate else { return nil }
    guard network.inputShapes.count == 1 else {
      throw ToolFailure(
        "--calibrate has one picture an item; the model has \(network.inputShapes.count) inputs")
    }
    let all = try DataSets.open(calibrate, inputShape: network.inputShapes[0].known).training
    let count = min(calibrationItems, all.count)
    let chosen = Subset(all, indices: (0..<count).map { $0 * all.count / count })
    return try CalibrationItems(
      try Standardized(chosen, standardization.standardizer), for: network)
  }
}

/// As what the values between layers are stored.
enum ActivationType: String, ExpressibleByArgument, CaseIterable {
  case float32
  case int8
}
