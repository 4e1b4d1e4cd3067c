import CNN

import struct Kernel.WindowGeometry

/// Which pixels of a model's input a value of a layer depends on: a window that moves with the value's place.
///
/// Of a sequence the steps are the height, and the channels, of which all count behind a first window, the width.
struct ReceptiveField: Encodable, Equatable {
  /// The model's input, by its place among them.
  var input: Int
  var height: Extent
  var width: Extent

  /// Along one axis, in pixels of the input.
  struct Extent: Encodable, Equatable {
    var size: Int
    /// From the window of one value to that of the next; 0 where all see the same.
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
    guard let first = known.first, known.count == inputs.count,
      let output = call.outputShapes.first, (2...3).contains(output.rank)
    else { return nil }
    if let geometry = layer.slidingWindow?.geometry(of: call) { return first.window(geometry) }
    if let layer = layer as? OneDimensional { return first.sequence(layer, call) }
    if let layer = layer as? ZeroPadding2D { return first.cut(before: [-layer.top, -layer.left]) }
    if let cut = (layer as? SpatialSelection)?.cutBefore { return first.cut(before: cut) }
    guard pointwise.contains(layer.className), !spansPicture(layer),
      call.inputShapes.allSatisfy({
        $0.rank == output.rank && $0.sizes.dropLast() == output.sizes.dropLast()
      }),
      // A sequence's channels, put behind others, are in other places.
      output.rank == 3 || layer.className != "Concatenate"
        || known.allSatisfy({ $0.width.step == 0 })
    else { return nil }
    return known.dropFirst().reduce(first) { $0?.union($1) }
  }

  /// That of a window over what has this field.
  private func window(_ geometry: WindowGeometry) -> Self {
    var result = self
    result.height = height.window(
      taps: geometry.windowHeight, stride: geometry.strideY, dilation: geometry.dilationY,
      padding: geometry.paddingTop)
    result.width = width.window(
      taps: geometry.windowWidth, stride: geometry.strideX, dilation: geometry.dilationX,
      padding: geometry.paddingLeft)
    return result
  }

  /// That of a window over a sequence: a picture of one row, whose columns are the steps.
  private func sequence(_ layer: OneDimensional, _ call: Network.Call) -> Self? {
    guard let input = call.inputShapes[0].known, let output = call.outputShapes[0].known,
      output.count == 2, let window = layer.base.slidingWindow
    else { return nil }
    let geometry = window.geometry(
      input: [1, input[0] + layer.causalPadding, input[1]], output: [1] + output)
    var result = self
    result.height = height.window(
      taps: geometry.windowWidth, stride: geometry.strideX, dilation: geometry.dilationX,
      padding: geometry.paddingLeft + layer.causalPadding)
    if width == .pixel { result.width = Extent(size: input[1], step: 0, start: 0) }
    return result
  }

  /// That of what has elements cut off in front of each axis, or zeros added where negative.
  private func cut(before: [Int]) -> Self? {
    guard before.count <= 2 else { return nil }
    var result = self
    result.height.start += before[0] * height.step
    if before.count == 2 { result.width.start += before[1] * width.step }
    return result
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
  /// The window over a call's picture; nil where sizes are open.
  func geometry(of call: Network.Call) -> WindowGeometry? {
    guard let input = call.inputShapes[0].known, let output = call.outputShapes[0].known else {
      return nil
    }
    return geometry(input: input, output: output)
  }
}
