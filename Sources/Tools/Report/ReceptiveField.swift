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
      let input = call.inputShapes[0].known, let output = call.outputShapes.first?.known,
      (2...3).contains(output.count), input.count == output.count
    else { return nil }
    if let window = layer.slidingWindow {
      return first.moved(
        window.geometry(input: input, output: output), { $0.window($1) })
    }
    switch layer {
    case let layer as OneDimensional: return first.sequence(layer, input, output)
    case let layer as Conv2DTranspose:
      return first.moved(layer.geometry(input: input, output: output), { $0.transposed($1) })
    case let layer as UpSampling2D:
      guard ["nearest", "bilinear"].contains(layer.interpolation) else { return nil }
      return first.enlarged(
        [layer.size.height, layer.size.width], input, isBilinear: layer.interpolation == "bilinear")
    case let layer as ZeroPadding2D:
      return first.cut(before: [-layer.top, -layer.left], input, output)
    case let layer as SpatialSelection:
      if let factors = layer.repetitions {
        return first.enlarged(factors, input, isBilinear: false)
      }
      return layer.cutBefore.flatMap { first.cut(before: $0, input, output) }
    default: break
    }
    guard pointwise.contains(layer.className), !spansPicture(layer),
      call.inputShapes.allSatisfy({ $0.known?.dropLast() == output.dropLast() }),
      // A sequence's channels, put behind others, are in other places.
      output.count == 3 || layer.className != "Concatenate"
        || known.allSatisfy(\.seesAllColumns)
    else { return nil }
    return known.dropFirst().reduce(first) { $0?.union($1, output) }
  }

  /// Whether all columns depend on the same.
  private var seesAllColumns: Bool {
    if case .uniform(_, 0, _) = width { true } else { false }
  }

  /// That of a window, by what it makes of the extent along an axis.
  private func moved(
    _ geometry: WindowGeometry, _ change: (_ extent: Extent, _ axis: Axis) -> Extent
  ) -> Self {
    Self(
      input: input, height: change(height, .vertical(geometry)),
      width: change(width, .horizontal(geometry)))
  }

  /// That of a window over a sequence: a picture of one row, whose columns are the steps.
  private func sequence(_ layer: OneDimensional, _ input: [Int], _ output: [Int]) -> Self? {
    var result = self
    if let layer = layer.base as? Conv2DTranspose {
      let geometry = layer.geometry(input: [1] + input, output: [1] + output)
      result.height = height.transposed(.horizontal(geometry))
    } else if let window = layer.base.slidingWindow {
      let padded = [1, input[0] + layer.causalPadding, input[1]]
      var axis = Axis.horizontal(window.geometry(input: padded, output: [1] + output))
      axis.inputs = input[0]
      axis.padding += layer.causalPadding
      result.height = height.window(axis)
    } else {
      return nil
    }
    if width == .pixel { result.width = .uniform(size: input[1], step: 0, start: 0) }
    return result
  }

  /// That of what is made larger by whole factors along each axis, of a sequence along the first.
  private func enlarged(_ factors: [Int], _ input: [Int], isBilinear: Bool) -> Self? {
    guard factors.count == input.count - 1 else { return nil }
    var result = self
    result.height = height.enlarged(by: factors[0], inputs: input[0], isBilinear: isBilinear)
    if factors.count == 2 {
      result.width = width.enlarged(by: factors[1], inputs: input[1], isBilinear: isBilinear)
    }
    return result
  }

  /// That of what has elements cut off in front of each axis, or zeros added where negative.
  private func cut(before: [Int], _ input: [Int], _ output: [Int]) -> Self? {
    guard before.count == input.count - 1 else { return nil }
    var result = self
    result.height = height.cut(Axis(inputs: input[0], outputs: output[0]), before: before[0])
    if before.count == 2 {
      result.width = width.cut(Axis(inputs: input[1], outputs: output[1]), before: before[1])
    }
    return result
  }

  /// What covers both, for values of a shape.
  private func union(_ other: Self, _ shape: [Int]) -> Self? {
    guard input == other.input else { return nil }
    return Self(
      input: input, height: height.union(other.height, count: shape[0]),
      width: width.union(other.width, count: shape[1]))
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
