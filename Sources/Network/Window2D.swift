import Kernel

/// How a layer's window slides: kernel, strides, padding, dilation, as Keras names them.
public struct Window2D: Equatable, Sendable {
  public var size: Size2D
  public var strides: Size2D
  public var padding: Padding
  public var dilationRate: Size2D

  /// What happens at the edges of a picture.
  public enum Padding: String, CaseIterable, Sendable {
    /// Windows lie inside of the picture.
    case valid
    /// As many zeros are put around the picture as make the output the input's size over the stride;
    /// where their number is odd, the larger half is at the bottom and right.
    case same
  }

  public init(
    _ size: Size2D, strides: Size2D = 1, padding: Padding = .valid, dilationRate: Size2D = 1
  ) {
    self.size = size
    self.strides = strides
    self.padding = padding
    self.dilationRate = dilationRate
  }

  /// The arguments under Keras's names, the window's size under `sizeKey`.
  init(_ configuration: LayerConfiguration, sizeKey: String) throws {
    size = try configuration.size2D(sizeKey)
    strides = try configuration.size2D(
      "strides", default: sizeKey == "pool_size" ? size : 1)
    padding = try configuration.choice("padding", default: .valid)
    dilationRate = try configuration.size2D("dilation_rate", default: 1)
    try configuration.requireChannelsLast()
  }

  /// The arguments as the initialiser reads them.
  func configuration(sizeKey: String) -> [String: LayerConfiguration.Value] {
    [
      sizeKey: .size(size), "strides": .size(strides), "padding": .string(padding.rawValue),
      "dilation_rate": .size(dilationRate), "data_format": .string("channels_last"),
    ]
  }

  /// The shape (height, width, `channels`) that windows over `input` give.
  ///
  /// - Throws: `LayerError`, where the input is no picture or smaller than the window.
  func outputShape(_ input: Shape, channels: Int?) throws -> Shape {
    guard input.rank == 3 else {
      throw LayerError("its input has shape \(input); expected (None, height, width, channels)")
    }
    let height = try outputSize(
      input.sizes[0], size.height, strides.height, dilationRate.height, "height")
    let width = try outputSize(
      input.sizes[1], size.width, strides.width, dilationRate.width, "width")
    return Shape([height, width, channels])
  }

  private func outputSize(
    _ input: Int?, _ taps: Int, _ stride: Int, _ dilation: Int, _ what: String
  ) throws -> Int? {
    guard let input else { return nil }
    let reach = (taps - 1) * dilation + 1
    guard reach <= 1 << 31 else { throw LayerError("its window reaches over \(reach) pixels") }
    if padding == .same { return (input + stride - 1) / stride }
    guard input >= reach else {
      throw LayerError("its input's \(what) is \(input), smaller than the window's \(reach)")
    }
    return (input - reach) / stride + 1
  }

  /// The geometry for a picture of known size.
  package func geometry(input: [Int], output: [Int]) -> WindowGeometry {
    WindowGeometry(
      batch: 1, input: (input[0], input[1], input[2]), output: (output[0], output[1], output[2]),
      window: (size.height, size.width), stride: (strides.height, strides.width),
      dilation: (dilationRate.height, dilationRate.width),
      padding: (
        paddingBefore(input[0], output[0], size.height, strides.height, dilationRate.height),
        paddingBefore(input[1], output[1], size.width, strides.width, dilationRate.width)
      ))
  }

  private func paddingBefore(
    _ input: Int, _ output: Int, _ taps: Int, _ stride: Int, _ dilation: Int
  ) -> Int {
    guard padding == .same else { return 0 }
    return max((output - 1) * stride + (taps - 1) * dilation + 1 - input, 0) / 2
  }
}
