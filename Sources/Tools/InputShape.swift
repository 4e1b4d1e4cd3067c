import ArgumentParser
import CNN

/// The size of an input as it is given on the command line: 224x224x3.
struct InputShape {
  let shape: Shape

  /// - Throws: `ValidationError`, where a part is no size.
  static func parse(_ text: String) throws -> InputShape {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false)
    let sizes = parts.compactMap { Int($0) }.filter { (1...1 << 30).contains($0) }
    guard sizes.count == parts.count else {
      throw ValidationError("--input-shape is '\(text)'; expected sizes such as 224x224x3")
    }
    return InputShape(shape: Shape(sizes))
  }

  /// A network for inputs of the sizes that were given; as it is where none were.
  static func resize(_ network: Network, to shapes: [InputShape]) throws -> Network {
    if shapes.isEmpty { return network }
    guard shapes.count == network.inputs.count else {
      throw ToolFailure(
        "--input-shape is given \(shapes.count) times; the model has \(network.inputs.count) inputs: "
          + network.inputNames.joined(separator: ", "))
    }
    return try network.resized(inputShapes: shapes.map(\.shape))
  }
}
