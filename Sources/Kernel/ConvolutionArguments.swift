/// What a two-dimensional convolution reads, writes and does.
///
/// The memory is the caller's, and must hold as many floats as each field says. A dense layer is the
/// 1×1 convolution of a picture whose pixels are the rows of its input.
public struct ConvolutionArguments {
  /// `batch · inputHeight · inputWidth · inputChannels` floats, NHWC.
  public var input: UnsafePointer<Float>
  /// `batch · outputHeight · outputWidth · outputChannels` floats, NHWC; not the input's memory.
  public var output: UnsafeMutablePointer<Float>
  /// The kernel packed as `Panel` says: `groups · panels · kernel area · input channels a group · 16`.
  public var weights: UnsafePointer<Float>
  /// What is added to each output channel: `groups · panels · 16` floats.
  public var bias: UnsafePointer<Float>
  /// What each output channel is multiplied by after the bias was added; as many floats as `bias`.
  public var scale: UnsafePointer<Float>?
  /// What is added after `scale`; present where `scale` is.
  public var shift: UnsafePointer<Float>?
  /// Applied last; one that `isFused`.
  public var activation: Activation
  public var geometry: WindowGeometry
  /// Input and output channels are split into so many independent groups.
  public var groups: Int

  @inlinable
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    scale: UnsafePointer<Float>? = nil, shift: UnsafePointer<Float>? = nil,
    activation: Activation = .linear, geometry: WindowGeometry, groups: Int = 1
  ) {
    self.input = input
    self.output = output
    self.weights = weights
    self.bias = bias
    self.scale = scale
    self.shift = shift
    self.activation = activation
    self.geometry = geometry
    self.groups = groups
  }
}
