import Network

/// Stands for a layer that cannot be computed, so that the rest of its model can be shown.
struct UnsupportedLayer: Layer {
  static let className = "Unsupported"
  /// The class as the file has it.
  let className: String
  var name: String?
  /// Why it cannot be computed.
  let reason: String

  init(className: String, name: String?, reason: String) {
    self.className = className
    self.name = name
    self.reason = reason
  }

  init(_ configuration: LayerConfiguration) throws {
    self.init(
      className: configuration.className, name: configuration.name, reason: "it is not supported")
  }

  func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    throw LayerError(reason)
  }

  func outputShapes(_ inputs: [Shape]) throws -> [Shape] { throw LayerError(reason) }

  func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    throw LayerError(reason)
  }
}
