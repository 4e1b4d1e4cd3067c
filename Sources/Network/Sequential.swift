/// Makes a network of one layer after another.
///
/// Reads as in Keras:
///
///     let network = try Sequential(input: [28, 28, 1]) {
///       Conv2D(64, kernel: 3, activation: .relu)
///       MaxPooling2D(2)
///       Flatten()
///       Dense(10, activation: .softmax)
///     }
///
/// - Throws: `NetworkError`, where a layer's input does not fit it.
// It reads as Keras does.
// swift-format-ignore: AlwaysUseLowerCamelCase
public func Sequential(
  input: Shape, name: String = "sequential", @LayerBuilder layers: () -> [any Layer]
) throws -> Network {
  var counter = NameCounter()
  var nodes = [Network.Node(name: "input_layer", layer: InputLayer(input), weights: [])]
  for layer in layers() {
    nodes.append(Network.Node(name: counter.name(for: layer), layer: layer, weights: nil))
  }
  let calls = nodes.indices.map { index in
    (node: index, inputs: index == 0 ? [] : [Network.ValueReference(call: index - 1)])
  }
  return try Network(
    name: name, kind: .sequential, nodes: nodes, calls: calls,
    inputs: [Network.ValueReference(call: 0)],
    outputs: [Network.ValueReference(call: nodes.count - 1)])
}

/// Collects the layers of a `Sequential`.
@resultBuilder
public enum LayerBuilder {
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  public static func buildExpression(_ network: Network) -> [any Layer] { [NestedNetwork(network)] }
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
}

/// Names layers as Keras does: `conv2d`, `conv2d_1`, `max_pooling2d`.
package struct NameCounter {
  private var counts: [String: Int] = [:]

  mutating func name(for layer: any Layer) -> String {
    if let name = layer.name { return name }
    let base = Self.snakeCase(layer.className)
    let count = counts[base, default: 0]
    counts[base] = count + 1
    return count == 0 ? base : "\(base)_\(count)"
  }

  /// Keras's rule (`to_snake_case`): an underscore before a capital that a small letter follows, and
  /// between a small letter or digit and a capital.
  package static func snakeCase(_ name: String) -> String {
    let letters = Array(name)
    var result = ""
    for (index, letter) in letters.enumerated() {
      if index > 0, letter.isUppercase {
        let previous = letters[index - 1]
        let isNextLower = index + 1 < letters.count && letters[index + 1].isLowercase
        if isNextLower || previous.isLowercase { result += "_" }
      }
      result += letter.lowercased()
    }
    return result
  }
}
