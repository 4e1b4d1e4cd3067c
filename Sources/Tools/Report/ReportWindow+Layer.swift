import CNN

extension ReportData.Window {
  /// The window of a layer, without its weights; nil where it has none, or does more than the page can add up.
  init?(_ call: Network.Call, _ layer: any Layer) throws {
    guard let window = layer.slidingWindow, let padding = window.paddingBefore(call) else {
      return nil
    }
    switch layer {
    case let layer as Conv2D: (kind, groups) = (.convolution, layer.groups)
    case is DepthwiseConv2D: (kind, groups) = (.depthwise, 1)
    case is MaxPooling2D: (kind, groups) = (.maximum, 1)
    case is AveragePooling2D: (kind, groups) = (.mean, 1)
    default: return nil
    }
    size = [window.size.height, window.size.width]
    strides = [window.strides.height, window.strides.width]
    dilation = [window.dilationRate.height, window.dilationRate.width]
    self.padding = [padding.height, padding.width]
    if let value = try layer.configuration(kerasMajorVersion: 3)["activation"] {
      if case .string(let name) = value {
        activation = name
      } else {
        activation = value.description
      }
    }
  }
}
