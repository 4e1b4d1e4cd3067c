/// An activation as a layer of its own.
public struct Activation: ActivationLayer {
  public static let className = "Activation"
  public var name: String?
  public var function: ActivationFunction

  public init(_ function: ActivationFunction, name: String? = nil) {
    self.function = function
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(try configuration.activation(), name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["activation": try function.configuration(kerasMajorVersion: version)]
  }
}
