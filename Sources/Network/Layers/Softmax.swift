/// Softmax along one axis or over several neighbouring ones.
public struct Softmax: ActivationLayer {
  public static let className = "Softmax"
  public var name: String?
  /// As Keras counts: with the batch, or from the end where negative.
  public var axes: [Int]

  public init(axes: [Int] = [-1], name: String? = nil) {
    self.axes = axes
    self.name = name
  }

  public init(_ configuration: LayerConfiguration) throws {
    self.init(axes: try configuration.integers("axis") ?? [-1], name: configuration.name)
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    ["axis": axes.count == 1 ? .integer(axes[0]) : .integers(axes)]
  }

  public var function: ActivationFunction { .softmax(axes: axes) }
}
