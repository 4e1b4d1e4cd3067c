import Network

/// Where the feature maps of a layer speak for a class, coarse but by class.
///
/// `relu(Σₖ αₖ Aₖ)`, αₖ the mean over all places of ∂score/∂Aₖ: Selvaraju and others, "Grad-CAM: Visual Explanations
/// from Deep Networks via Gradient-based Localization", 2017. The numbers have the size of the layer's maps and
/// are not brought to 0 to 1.
public struct GradCAM: ExplanationMethod {
  /// The path of the layer; nil for the last one that gives maps.
  public var layer: String?

  public init(layer: String? = nil) { self.layer = layer }

  public var title: String { "Grad-CAM" }
  public var isSigned: Bool { false }

  public func targets(in network: Network, input: Int) throws -> ScoreGradient.Targets {
    guard let layer = try layer.map(network.layerPath) ?? network.lastLayerWithMaps else {
      throw NetworkError("no layer of the model gives maps of several places, which Grad-CAM needs")
    }
    return ScoreGradient.Targets(layers: [layer])
  }

  public func values(for score: ExplainedScore) throws -> Tensor {
    let (output, gradient) = try score.layer()
    guard output.shape.count == 3 else {
      throw NetworkError(
        "it gives values of shape \(output.shape), which are no maps; Grad-CAM needs rows, columns "
          + "and channels", layer: layer)
    }
    let (places, channels) = (output.shape[0] * output.shape[1], output.shape[2])
    var means = [Double](repeating: 0, count: channels)
    for (index, value) in gradient.values.enumerated() { means[index % channels] += Double(value) }
    for channel in 0..<channels { means[channel] /= Double(places) }
    let map = (0..<places).map { place in
      let sum = (0..<channels).reduce(0.0) {
        $0 + means[$1] * Double(output.values[place * channels + $1])
      }
      return Float(max(sum, 0))
    }
    return Tensor(shape: Array(output.shape.prefix(2)), values: map)
  }
}

extension Network {
  /// The last layer whose output has rows, columns and channels, and more than one place; nil where there is none.
  fileprivate var lastLayerWithMaps: String? {
    calls.last { call in
      guard let sizes = call.outputShapes.first?.sizes, sizes.count == 3 else { return false }
      return !(nodes[call.node].layer is InputLayer) && sizes.prefix(2) != [1, 1]
    }.map { nodes[$0.node].name }
  }
}
