import CNN

extension ReportData.Window {
  /// The window of a layer, without its weights; nil where it has none, or does more than the page can add up.
  init?(_ call: Network.Call, _ layer: any Layer) throws {
    guard let geometry = layer.slidingWindow?.geometry(of: call) else { return nil }
    switch layer {
    case let layer as Conv2D: (kind, groups) = (.convolution, layer.groups)
    case is DepthwiseConv2D: (kind, groups) = (.depthwise, 1)
    case is MaxPooling2D: (kind, groups) = (.maximum, 1)
    case is AveragePooling2D: (kind, groups) = (.mean, 1)
    default: return nil
    }
    size = [geometry.windowHeight, geometry.windowWidth]
    strides = [geometry.strideY, geometry.strideX]
    dilation = [geometry.dilationY, geometry.dilationX]
    padding = [geometry.paddingTop, geometry.paddingLeft]
    if let value = try layer.configuration(kerasMajorVersion: 3)["activation"] {
      if case .string(let name) = value {
        activation = name
      } else {
        activation = value.description
      }
    }
  }
}
