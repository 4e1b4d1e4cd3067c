import CNN

/// Which pixels of a model's input a value of a layer depends on: a window that moves with the value's place.
struct ReceptiveField: Encodable, Equatable {
  /// The model's input, by its place among them.
  var input: Int
  var height: Extent
  var width: Extent

  /// Along one axis, in pixels of the input.
  struct Extent: Encodable, Equatable {
    var size: Int
    /// From the window of one value to that of the next.
    var step: Int
    /// Where the window of the first value begins; negative in the padding.
    var start: Int

    /// The values themselves.
    static let pixel = Self(size: 1, step: 1, start: 0)

    /// Windows of `taps` over what has this extent; sizes and starts add up as in Araujo, Norris and Sim,
    /// "Computing Receptive Fields of Convolutional Neural Networks", 2019.
    func window(taps: Int, stride: Int, dilation: Int, padding: Int) -> Self {
      Self(
        size: size + (taps - 1) * dilation * step, step: step * stride,
        start: start - padding * step)
    }

    /// What covers both; nil where they move at different steps.
    func union(_ other: Self) -> Self? {
      guard step == other.step else { return nil }
      let first = min(start, other.start)
      return Self(
        size: max(start + size, other.start + other.size) - first, step: step, start: first)
    }
  }

  /// The pixels of an input.
  static func pixels(ofInput input: Int) -> Self {
    Self(input: input, height: .pixel, width: .pixel)
  }

  /// What a call's output depends on.
  ///
  /// - Parameter inputs: Of the call's inputs.
  /// - Returns: Nil where that is the whole input, or is not known.
  static func field(of call: Network.Call, _ layer: any Layer, _ inputs: [Self?]) -> Self? {
    let known = inputs.compactMap { $0 }
    guard var result = known.first, known.count == inputs.count,
      let output = call.outputShapes.first, output.rank == 3
    else { return nil }
    if let window = layer.slidingWindow, let padding = window.paddingBefore(call) {
      result.height = result.height.window(
        taps: window.size.height, stride: window.strides.height,
        dilation: window.dilationRate.height, padding: padding.height)
      result.width = result.width.window(
        taps: window.size.width, stride: window.strides.width,
        dilation: window.dilationRate.width, padding: padding.width)
      return result
    }
    if let layer = layer as? ZeroPadding2D {
      result.height.start -= layer.top * result.height.step
      result.width.start -= layer.left * result.width.step
      return result
    }
    guard pointwise.contains(layer.className), !spansPicture(layer),
      call.inputShapes.allSatisfy({ $0.rank == 3 && $0.sizes.prefix(2) == output.sizes.prefix(2) })
    else { return nil }
    return known.dropFirst().reduce(result) { $0?.union($1) }
  }

  private func union(_ other: Self) -> Self? {
    guard input == other.input, let height = height.union(other.height),
      let width = width.union(other.width)
    else { return nil }
    return Self(input: input, height: height, width: width)
  }

  /// A softmax over rows or columns depends on all of them.
  private static func spansPicture(_ layer: any Layer) -> Bool {
    guard case .softmax(let axes, _)? = (layer as? Activation)?.function else { return false }
    return axes != [-1] && axes != [3]
  }

  /// The classes whose outputs depend on the same place of their inputs only.
  private static let pointwise: Set<String> = [
    "Activation", "ActivityRegularization", "Add", "AlphaDropout", "Average", "BatchNormalization",
    "Concatenate", "Dropout", "ELU", "GaussianDropout", "GaussianNoise", "Identity", "LRN",
    "LayerScale", "LeakyReLU", "Maximum", "Minimum", "Multiply", "Normalization", "PReLU", "ReLU",
    "Rescaling", "Scale", "SpatialDropout2D", "Subtract", "ThresholdedReLU",
  ]
}

extension Layer {
  /// The window that slides over a picture in the layers that have just that.
  var slidingWindow: Window2D? {
    switch self {
    case let layer as Conv2D: layer.window
    case let layer as DepthwiseConv2D: layer.window
    case let layer as SeparableConv2D: layer.window
    case let layer as MaxPooling2D: layer.window
    case let layer as AveragePooling2D: layer.window
    default: nil
    }
  }
}

extension Window2D {
  /// How many zeros are above and to the left of a picture, as Keras pads it; nil where sizes are open.
  func paddingBefore(_ call: Network.Call) -> (height: Int, width: Int)? {
    guard let input = call.inputShapes[0].known, let output = call.outputShapes[0].known else {
      return nil
    }
    func before(_ axis: Int, _ taps: Int, _ stride: Int, _ dilation: Int) -> Int {
      guard padding == .same else { return 0 }
      return max((output[axis] - 1) * stride + (taps - 1) * dilation + 1 - input[axis], 0) / 2
    }
    return (
      before(0, size.height, strides.height, dilationRate.height),
      before(1, size.width, strides.width, dilationRate.width)
    )
  }
}
