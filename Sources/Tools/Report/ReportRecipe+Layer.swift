import CNN

extension ReportData.Recipe {
  /// How a call computes, without its weights; nil for what the page cannot do again.
  ///
  /// - Parameter call: One of known shapes.
  init?(_ call: Network.Call, _ layer: any Layer) {
    let shapes = call.inputShapes.compactMap(\.known)
    guard let input = shapes.first, shapes.count == call.inputShapes.count,
      let output = call.outputShapes.first?.known, call.outputShapes.count == 1,
      let kind = Self.kind(layer, shapes)
    else { return nil }
    self.kind = kind
    switch layer {
    case let layer as OneDimensional:
      window = ReportData.Window(
        layer.base, input: [1, input[0] + layer.causalPadding, input[1]], output: [1] + output)
      window?.padding[1] += layer.causalPadding
    default: window = ReportData.Window(layer, input: input, output: output)
    }
    // A function of Keras 2 may have no name in Keras 3.
    let arguments =
      (try? layer.configuration(kerasMajorVersion: 3))
      ?? (try? layer.configuration(kerasMajorVersion: 2))
    activation = arguments?["activation"].map { value in
      if case .string(let name) = value { name } else { value.description }
    }
    epsilon = (layer as? BatchNormalization)?.epsilon
  }

  private static func kind(_ layer: any Layer, _ shapes: [[Int]]) -> Kind? {
    let rank = shapes[0].count
    // A last axis is -1, or by its number, with the batch.
    func isLast(_ axis: Int) -> Bool { axis == -1 || axis == rank }
    switch layer {
    case is Conv2D: return .convolution
    case is DepthwiseConv2D: return .depthwise
    case is SeparableConv2D: return .separable
    case is MaxPooling2D: return .maximum
    case is AveragePooling2D: return .mean
    case is GlobalMaxPooling2D: return .wholeMaximum
    case is GlobalAveragePooling2D: return .wholeMean
    case is Dense: return .dense
    case is Flatten, is Reshape: return .same
    case let layer as OneDimensional: return kind(layer.base, [[1] + shapes[0]])
    case let layer as BatchNormalization: return isLast(layer.axis) ? .normalization : nil
    case let layer as Concatenate: return isLast(layer.axis) ? .concatenation : nil
    case is Add, is Merging:
      // The page puts the planes of a volume below each other, so none can count for all of them.
      return shapes.allSatisfy { $0.count == rank && (rank < 4 || $0 == shapes[0]) }
        ? .merging : nil
    case is any ActivationLayer, is PReLU: return .function
    case is Dropout, is PassThrough: return .same
    default: return nil
    }
  }
}

extension ReportData.Window {
  fileprivate init?(_ layer: any Layer, input: [Int], output: [Int]) {
    guard let geometry = layer.slidingWindow?.geometry(input: input, output: output) else {
      return nil
    }
    size = [geometry.windowHeight, geometry.windowWidth]
    strides = [geometry.strideY, geometry.strideX]
    dilation = [geometry.dilationY, geometry.dilationX]
    padding = [geometry.paddingTop, geometry.paddingLeft]
    groups = (layer as? Conv2D)?.groups ?? 1
  }
}
