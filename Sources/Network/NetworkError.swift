/// What is wrong with a network, a layer of it, or what was asked of it.
public struct NetworkError: Error, Equatable, CustomStringConvertible, Sendable {
  /// The layer by name, `outer/inner` inside of a nested model; nil where it is the network as a whole.
  public var layer: String?
  /// The layer's Keras class.
  public var className: String?
  /// What was found, what was expected, what to do.
  public var message: String

  public init(_ message: String, layer: String? = nil, className: String? = nil) {
    self.message = message
    self.layer = layer
    self.className = className
  }

  public var description: String {
    guard let layer else { return message }
    return className.map { "layer '\(layer)' (\($0)): \(message)" }
      ?? "layer '\(layer)': \(message)"
  }
}

/// What a layer says of its own arguments, inputs or weights; the network adds the layer's name.
public struct LayerError: Error, Equatable, Sendable {
  public var message: String

  public init(_ message: String) { self.message = message }
}
