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
  /// What is added to the outputs then, laid out as they are; nil where `isPooled`.
  public var addend: UnsafePointer<Float>?
  /// Applied last; one that `isFused`.
  public var activation: Activation
  /// The convolution's own, before any pooling.
  public var geometry: WindowGeometry
  /// Input and output channels are split into so many independent groups.
  public var groups: Int
  /// Whether the output holds the maximum of every two by two results, the last row and column of an
  /// odd number left out.
  public var isPooled: Bool
  /// Where `isPooled`, as many floats as outputs, or nil: the tap that each output comes from, counted row by row,
  /// or 4 where it is what a ReLU makes of others.
  public var places: UnsafeMutablePointer<Float>?
  /// Where `isPooled`, `Convolution.scratchCount` floats that nobody else uses meanwhile.
  public var scratch: UnsafeMutablePointer<Float>?
  /// The lines to compute, of `Convolution.lineCount`.
  public var lines: WorkRange
  /// The panels of output channels to compute, of all groups' together; with several groups, those of
  /// whole groups.
  public var panels: WorkRange
  /// The panel that `weights` begin with, of all groups' together: the first, unless only some are there.
  public var firstPanel = 0
  /// The input channels of each group that are added up, of those that the input has: the only ones that
  /// `weights` have then.
  public var inputs: WorkRange
  /// Whether sums begin at the bias, and not at what the output holds; they do where `isPooled`.
  public var beginsSums = true
  /// Whether the sums are whole in the end. Elsewhere they are left in the output as they are: no scale, shift,
  /// addend and activation yet. They are whole where `isPooled`.
  public var endsSums = true
  /// Where the outputs, and the addend, lie if not one behind the other.
  public var spacing: OutputSpacing?
  /// Whether to begin with the last panels, which does not change the results: whoever computes a
  /// convolution again and again in turns finds the weights that were read last still in the cache.
  public var isBackward = false

  @inlinable
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    scale: UnsafePointer<Float>? = nil, shift: UnsafePointer<Float>? = nil,
    addend: UnsafePointer<Float>? = nil, activation: Activation = .linear,
    geometry: WindowGeometry, groups: Int = 1, isPooled: Bool = false,
    scratch: UnsafeMutablePointer<Float>? = nil, spacing: OutputSpacing? = nil,
    lines: WorkRange? = nil, panels: WorkRange? = nil
  ) {
    self.input = input
    self.output = output
    self.weights = weights
    self.bias = bias
    self.scale = scale
    self.shift = shift
    self.addend = addend
    self.activation = activation
    self.geometry = geometry
    self.groups = groups
    self.isPooled = isPooled
    self.scratch = scratch
    self.spacing = spacing
    self.lines =
      lines
      ?? WorkRange(
        0,
        Convolution.lineCount(geometry, groups: groups, isPooled: isPooled, spacing: spacing))
    self.panels =
      panels ?? WorkRange(0, groups * Panel.count(geometry.outputChannels / groups))
    inputs = WorkRange(0, geometry.inputChannels / groups)
  }
}
