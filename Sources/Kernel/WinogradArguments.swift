/// What a convolution by Winograd's method reads, writes and does.
///
/// For windows of three by three without stride, dilation and groups; any padding.
public struct WinogradArguments {
  /// NHWC, as `geometry` says.
  public var input: UnsafePointer<Float>
  /// NHWC; half the height and width where `isPooled`. Not the input's memory.
  public var output: UnsafeMutablePointer<Float>
  /// The transformed kernel: `[(tile + 2)²][panel][in][16]`, filled up with zeros.
  public var weights: UnsafePointer<Float>
  /// What is added to each output channel, filled up to a multiple of 16.
  public var bias: UnsafePointer<Float>
  /// What each output channel is multiplied by then; as many floats as `bias`.
  public var scale: UnsafePointer<Float>?
  /// What is added after `scale`; present where `scale` is.
  public var shift: UnsafePointer<Float>?
  /// What is added to the outputs then, laid out as they are; nil where `isPooled`.
  public var addend: UnsafePointer<Float>?
  /// Applied last; one that `isFused`.
  public var activation: Activation
  /// The convolution's own, before any pooling.
  public var geometry: WindowGeometry
  /// The outputs that are computed together, in each direction: 2 or 4.
  public var tile: Int
  /// Whether the output holds the maximum of every two by two results, the last row and column of an
  /// odd number left out.
  public var isPooled: Bool
  /// `Winograd.scratchCount` floats, or more, that nobody else uses meanwhile; aligned to 64 bytes.
  public var scratch: UnsafeMutablePointer<Float>
  public var scratchCount: Int
  /// The tiles to compute, of `Winograd.tileCount`.
  public var tiles: WorkRange
  /// The panels of output channels to compute.
  public var panels: WorkRange
  /// Where the outputs, and the addend, lie if not one behind the other.
  public var spacing: OutputSpacing?

  @inlinable
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    scale: UnsafePointer<Float>? = nil, shift: UnsafePointer<Float>? = nil,
    addend: UnsafePointer<Float>? = nil, activation: Activation = .linear,
    geometry: WindowGeometry, tile: Int, isPooled: Bool = false,
    scratch: UnsafeMutablePointer<Float>, scratchCount: Int, tiles: WorkRange? = nil,
    panels: WorkRange? = nil, spacing: OutputSpacing? = nil
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
    self.tile = tile
    self.isPooled = isPooled
    self.scratch = scratch
    self.scratchCount = scratchCount
    self.tiles = tiles ?? WorkRange(0, Winograd.tileCount(geometry, tile: tile))
    self.panels = panels ?? WorkRange(0, Panel.count(geometry.outputChannels))
    self.spacing = spacing
  }
}
