import ArgumentParser
import CNN

/// The sizes of inputs that a model leaves open.
struct InputShapeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The size of an input that the model leaves open, without the batch, such as 224x224x3; once "
        + "for each input.", valueName: "sizes"),
    transform: Self.shape)
  var inputShape: [Shape] = []

  /// - Throws: `ValidationError`, where a part is no size.
  private static func shape(_ text: String) throws -> Shape {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    let sizes = parts.compactMap { Int($0) }.filter { (1...1 << 30).contains($0) }
    guard sizes.count == parts.count else {
      throw ValidationError("--input-shape is '\(text)'; expected sizes such as 224x224x3")
    }
    return Shape(sizes)
  }

  /// A network for inputs of the sizes that were given; as it is where none were.
  func resize(_ network: Network) throws -> Network {
    if inputShape.isEmpty { return network }
    guard inputShape.count == network.inputs.count else {
      throw ToolFailure(
        "--input-shape is given \(inputShape.count) times; the model has "
          + "\(network.inputs.count) inputs: " + network.inputNames.joined(separator: ", "))
    }
    return try network.resized(inputShapes: inputShape)
  }
}
