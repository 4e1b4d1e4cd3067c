/// How layers say their arguments.
extension LayerConfiguration.Value {
  /// A list of whole numbers.
  static func integers(_ integers: [Int]) -> Self { .list(integers.map { .integer($0) }) }

  /// A height and a width.
  static func size(_ size: Size2D) -> Self { .integers([size.height, size.width]) }

  /// A number of single precision, with no more digits than tell it from its neighbours: 0.3, which is
  /// what was once written, and not the 0.30000001192 that it has become.
  static func decimal(_ number: Float) -> Self {
    guard let short = Double(number.description), Float(short) == number else {
      return .number(Double(number))
    }
    return .number(short)
  }
}

extension LayerConfiguration {
  /// What a layer's own arguments are: all but those that every layer has.
  var arguments: [String: Value] {
    values.filter { !Self.common.contains($0.key) }
  }

  private static let common: Set = [
    "name", "trainable", "dtype", "batch_input_shape", "batch_shape",
  ]
}

extension Layer {
  /// The layer as Keras saves it inside of another: its class and its configuration.
  ///
  /// - Throws: `LayerError`, where that version of Keras cannot compute what the layer does.
  func entry(kerasMajorVersion version: Int) throws -> LayerConfiguration.Value {
    var values = try configuration(kerasMajorVersion: version)
    if let name { values["name"] = .string(name) }
    return .object([
      "module": .string("keras.layers"), "class_name": .string(className),
      "config": .object(values), "registered_name": .null,
    ])
  }
}
