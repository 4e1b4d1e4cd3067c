/// What the gradient of a 3×3 convolution's weights by Winograd's method reads and writes.
public struct WinogradGradientArguments {
  /// NHWC, as `geometry` says.
  public var input: UnsafePointer<Float>
  /// The gradient of the convolution's outputs, NHWC; 15 floats behind it are read, and not used.
  public var outputGradient: UnsafePointer<Float>
  /// The gradient of the weights in `Panel`'s layout; zeros beyond the channels.
  public var gradient: UnsafeMutablePointer<Float>
  /// The gradient of the bias, filled up to whole panels.
  public var biasGradient: UnsafeMutablePointer<Float>?
  public var geometry: WindowGeometry
  /// `G`, six lines of three: that of the weights' transform.
  public var matrix: UnsafePointer<Float>
  /// Whether the gradients are added to those that are there.
  public var adds: Bool
  /// `WinogradGradient.scratchCount` floats, at a multiple of 64 bytes.
  public var scratch: UnsafeMutablePointer<Float>

  @inlinable
  public init(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    gradient: UnsafeMutablePointer<Float>, biasGradient: UnsafeMutablePointer<Float>?,
    geometry: WindowGeometry, matrix: UnsafePointer<Float>, adds: Bool,
    scratch: UnsafeMutablePointer<Float>
  ) {
    self.input = input
    self.outputGradient = outputGradient
    self.gradient = gradient
    self.biasGradient = biasGradient
    self.geometry = geometry
    self.matrix = matrix
    self.adds = adds
    self.scratch = scratch
  }
}

/// How the gradient of a 3×3 convolution's weights is computed by Winograd's method, and in what memory.
///
/// A tile of 4×4 outputs is `Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A`, so that the gradient of `g` is, summed over tiles,
/// `Gᵀ[(Bᵀ d B) ⊙ (A dy Aᵀ)]G`: for each of the 36 elements the product of two matrices, tiles by input
/// channels and tiles by output channels, takes a quarter of the direct method's multiplications.
public enum WinogradGradient {
  /// The outputs of a tile in each direction.
  @inlinable @inline(always)
  public static var tile: Int { 4 }
  @inlinable @inline(always)
  static var elements: Int { 36 }

  /// The most tiles whose matrices are multiplied at a time: what fits into the second cache.
  @inlinable @inline(always)
  static func blockSize(_ geometry: WindowGeometry) -> Int {
    let channels = width(geometry.inputChannels) + width(geometry.outputChannels)
    let size = (1 << 20) / (4 * elements * channels)
    return size < 16 ? 16 : size
  }

  @inlinable @inline(always)
  static func width(_ channels: Int) -> Int { Panel.count(channels) * Panel.width }

  /// The floats of the gradient of the transformed weights: `[36][panel][in][16]`.
  @inlinable @inline(always)
  static func productCount(_ geometry: WindowGeometry) -> Int {
    elements * geometry.inputChannels * width(geometry.outputChannels)
  }

  /// The floats from a matrix to the next: an odd number of cache lines, see `Winograd.plane`.
  @inlinable @inline(always)
  static func plane(_ tiles: Int, _ channels: Int) -> Int {
    (tiles * Panel.count(channels) | 1) * Panel.width
  }

  /// The floats of scratch memory for any number of pictures.
  @inlinable @inline(always)
  public static func scratchCount(_ geometry: WindowGeometry) -> Int {
    let size = blockSize(geometry)
    return WinogradBlock.areaCount + productCount(geometry)
      + elements * (plane(size, geometry.inputChannels) + plane(size, geometry.outputChannels))
  }
}

/// Where the matrices of some tiles are.
@usableFromInline
struct WinogradGradientBlock {
  @usableFromInline var tiles: WorkRange
  /// Between the two passes of a transform.
  @usableFromInline let lines: UnsafeMutablePointer<Float>
  /// For what is not whole.
  @usableFromInline let staging: UnsafeMutablePointer<Float>
  /// `[36][panel][in][16]`
  @usableFromInline let products: UnsafeMutablePointer<Float>
  /// `[36][tile][in]`, the channels filled up to whole panels.
  @usableFromInline let inputs: UnsafeMutablePointer<Float>
  @usableFromInline let inputPlane: Int
  /// `[36][tile][out]`
  @usableFromInline let outputs: UnsafeMutablePointer<Float>
  @usableFromInline let outputPlane: Int

  @inlinable @inline(always)
  init(_ arguments: WinogradGradientArguments) {
    let geometry = arguments.geometry
    let size = WinogradGradient.blockSize(geometry)
    let area = WinogradBlock.areaCount / 3
    tiles = WorkRange(0, 0)
    lines = arguments.scratch
    staging = lines + area
    inputs = arguments.scratch + WinogradBlock.areaCount
    inputPlane = WinogradGradient.plane(size, geometry.inputChannels)
    outputs = inputs + WinogradGradient.elements * inputPlane
    outputPlane = WinogradGradient.plane(size, geometry.outputChannels)
    products = outputs + WinogradGradient.elements * outputPlane
  }
}

/// The gradient of a 3×3 convolution's weights and bias by Winograd's method, of `geometry.batch` pictures.
@inlinable @inline(always)
public func computeWinogradGradient<V: Vector>(_: V.Type, _ arguments: WinogradGradientArguments) {
  let geometry = arguments.geometry
  assert(geometry.windowHeight == 3 && geometry.windowWidth == 3)
  assert(geometry.strideY == 1 && geometry.strideX == 1)
  assert(geometry.dilationY == 1 && geometry.dilationX == 1)
  let tiles = WorkRange(0, Winograd.tileCount(geometry, tile: WinogradGradient.tile))
  let size = WinogradGradient.blockSize(geometry)
  let blocks = (tiles.count + size - 1) / size
  var block = WinogradGradientBlock(arguments)
  var index = 0
  while index < blocks {
    block.tiles = tiles.part(index, of: blocks)
    transformGradientTiles(V.self, arguments, block)
    multiplyGradientTiles(V.self, arguments, block, adds: index > 0)
    index += 1
  }
  if blocks == 0 {
    block.products.update(repeating: 0, count: WinogradGradient.productCount(geometry))
  }
  transformWeightGradient(V.self, arguments, block)
  guard let bias = arguments.biasGradient else { return }
  if !arguments.adds {
    bias.update(repeating: 0, count: WinogradGradient.width(geometry.outputChannels))
  }
  sumChannels(
    V.self, outputs: geometry.outputChannels,
    pixels: geometry.batch * geometry.outputHeight * geometry.outputWidth,
    geometry.outputChannels, arguments.outputGradient, bias)
}

/// `Bᵀ d B` and `A dy Aᵀ` of a block's tiles.
@inlinable @inline(always)
func transformGradientTiles<V: Vector>(
  _: V.Type, _ arguments: WinogradGradientArguments, _ block: WinogradGradientBlock
) {
  let geometry = arguments.geometry
  let side = WinogradGradient.tile + 2
  // The gradient as a picture that tiles of 4×4 lie in side by side.
  var ofOutput = geometry
  ofOutput.inputHeight = geometry.outputHeight
  ofOutput.inputWidth = geometry.outputWidth
  ofOutput.inputChannels = geometry.outputChannels
  var position = WinogradPosition(
    geometry, tile: WinogradGradient.tile, index: block.tiles.lower)
  var tile = 0
  while tile < block.tiles.count {
    let y = position.row * WinogradGradient.tile
    let x = position.column * WinogradGradient.tile
    forEachVector(
      V.self, geometry, arguments.input + position.image * geometry.inputCount,
      y: y - geometry.paddingTop, x: x - geometry.paddingLeft, side: side, block.staging
    ) { channel, source, rowStride, pixelStride in
      transformInput(
        V.self, WinogradTransform4.self, source, rowStride: rowStride, pixelStride: pixelStride,
        block.lines,
        block.inputs + (tile * WinogradGradient.width(geometry.inputChannels) + channel),
        block.inputPlane)
    }
    forEachVector(
      V.self, ofOutput, arguments.outputGradient + position.image * geometry.outputCount, y: y,
      x: x, side: WinogradGradient.tile, block.staging
    ) { channel, source, rowStride, pixelStride in
      transformGradient(
        V.self, source, rowStride: rowStride, pixelStride: pixelStride, block.lines,
        block.outputs + (tile * WinogradGradient.width(geometry.outputChannels) + channel),
        block.outputPlane)
    }
    position.advance()
    tile += 1
  }
}

/// Each vector of channels of a square of pixels: where it is, or a copy with zeros where the square sticks
/// out or the channels do not fill the vector; zeros behind the channels, up to a whole panel.
@inlinable @inline(always)
func forEachVector<V: Vector>(
  _: V.Type, _ geometry: WindowGeometry, _ picture: UnsafePointer<Float>, y: Int, x: Int, side: Int,
  _ staging: UnsafeMutablePointer<Float>, _ body: (Int, UnsafePointer<Float>, Int, Int) -> Void
) {
  let channels = geometry.inputChannels
  let isInside =
    y >= 0 && x >= 0 && y + side <= geometry.inputHeight && x + side <= geometry.inputWidth
  var channel = 0
  while channel < WinogradGradient.width(channels) {
    var source = UnsafePointer(staging)
    var rowStride = side * V.count
    var pixelStride = V.count
    if isInside && channels - channel >= V.count {
      rowStride = geometry.inputWidth * channels
      pixelStride = channels
      source = picture + (y * rowStride + x * pixelStride + channel)
    } else {
      let lanes = channels > channel ? channels - channel : 0
      stageInput(
        V.self, geometry, picture + channel, y: y, x: x, side: side, lanes: lanes, staging)
    }
    body(channel, source, rowStride, pixelStride)
    channel += V.count
  }
}

/// `A dy Aᵀ` of a vector of channels of one tile.
@inlinable @inline(always)
func transformGradient<V: Vector>(
  _: V.Type, _ source: UnsafePointer<Float>, rowStride: Int, pixelStride: Int,
  _ lines: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ plane: Int
) {
  var line = 0
  while line < 4 {
    var d = InlineArray<4, V>(repeating: V.zeros)
    var i = 0
    while i < 4 {
      d[unchecked: i] = V.load(source + (line * rowStride + i * pixelStride))
      i += 1
    }
    let v = WinogradTransform4.transformed(gradient: d)
    i = 0
    while i < 6 {
      v[unchecked: i].store(lines + (line * 6 + i) * V.count)
      i += 1
    }
    line += 1
  }
  line = 0
  while line < 6 {
    var d = InlineArray<4, V>(repeating: V.zeros)
    var i = 0
    while i < 4 {
      d[unchecked: i] = V.load(lines + (i * 6 + line) * V.count)
      i += 1
    }
    let v = WinogradTransform4.transformed(gradient: d)
    i = 0
    while i < 6 {
      v[unchecked: i].store(target + (i * 6 + line) * plane)
      i += 1
    }
    line += 1
  }
}

/// The products of a block's matrices, for each element.
@inlinable @inline(always)
func multiplyGradientTiles<V: Vector>(
  _: V.Type, _ arguments: WinogradGradientArguments, _ block: WinogradGradientBlock, adds: Bool
) {
  let geometry = arguments.geometry
  let inputs = geometry.inputChannels
  let width = WinogradGradient.width(geometry.outputChannels)
  let run = GradientRun(
    lines: 1, length: block.tiles.count, sourceStep: WinogradGradient.width(inputs),
    sourceLineStep: 0, gradientStep: width, gradientLineStep: 0)
  let slice = WeightGradient.panelsAtOnce * Panel.width
  var element = 0
  while element < WinogradGradient.elements {
    var first = 0
    while first < width {
      let outputs = width - first < slice ? width - first : slice
      accumulate(
        V.self,
        GradientSpan(
          run, source: block.inputs + element * block.inputPlane,
          outputGradient: block.outputs + (element * block.outputPlane + first)),
        NeighboringRows(), outputs: outputs, rows: inputs, panelStride: inputs * Panel.width,
        block.products + (element * inputs * width + first * inputs), adds: adds)
      first += outputs
    }
    element += 1
  }
}

/// `Gᵀ M G` for each input and output channel.
@inlinable @inline(always)
func transformWeightGradient<V: Vector>(
  _: V.Type, _ arguments: WinogradGradientArguments, _ block: WinogradGradientBlock
) {
  let inputs = arguments.geometry.inputChannels
  let panels = Panel.count(arguments.geometry.outputChannels)
  let plane = inputs * panels * Panel.width
  var row = 0
  while row < panels * inputs {
    let (panel, input) = (row / inputs, row % inputs)
    var lane = 0
    while lane < Panel.width {
      transformWeightGradient(
        V.self, block.products + (row * Panel.width + lane), plane, arguments.matrix,
        arguments.gradient + ((panel * 9 * inputs + input) * Panel.width + lane),
        tapStride: inputs * Panel.width, adds: arguments.adds)
      lane += V.count
    }
    row += 1
  }
}

@inlinable @inline(always)
func transformWeightGradient<V: Vector>(
  _: V.Type, _ source: UnsafePointer<Float>, _ plane: Int, _ matrix: UnsafePointer<Float>,
  _ target: UnsafeMutablePointer<Float>, tapStride: Int, adds: Bool
) {
  // Three lines of six: `Gᵀ M`.
  var lines = InlineArray<3, InlineArray<6, V>>(repeating: InlineArray(repeating: V.zeros))
  var j = 0
  while j < 6 {
    var i = 0
    while i < 6 {
      let value = V.load(source + (i * 6 + j) * plane)
      var tap = 0
      while tap < 3 {
        lines[unchecked: tap][unchecked: j] = lines[unchecked: tap][unchecked: j]
          .fusedAddingProduct(value, V(repeating: matrix[i * 3 + tap]))
        tap += 1
      }
      i += 1
    }
    j += 1
  }
  var y = 0
  while y < 3 {
    var x = 0
    while x < 3 {
      let to = target + (y * 3 + x) * tapStride
      var sum = adds ? V.load(to) : V.zeros
      j = 0
      while j < 6 {
        sum = sum.fusedAddingProduct(
          lines[unchecked: y][unchecked: j], V(repeating: matrix[j * 3 + x]))
        j += 1
      }
      sum.store(to)
      x += 1
    }
    y += 1
  }
}

extension WinogradTransform4 {
  /// `A y` of four elements.
  @inlinable @inline(always)
  static func transformed<V: Vector>(gradient y: InlineArray<4, V>) -> InlineArray<6, V> {
    let (a, b): (Float, Float) = (0.707_106_781, 1.414_213_562)
    var m = InlineArray<6, V>(repeating: y[unchecked: 0])
    // The even and the odd terms of the polynomial at ±a and ±b.
    let evenA = y[unchecked: 0].fusedAddingProduct(y[unchecked: 2], V(repeating: a * a))
    let evenB = y[unchecked: 0].fusedAddingProduct(y[unchecked: 2], V(repeating: b * b))
    m[unchecked: 1] = evenA.fusedAddingProduct(y[unchecked: 1], V(repeating: a))
      .fusedAddingProduct(y[unchecked: 3], V(repeating: a * a * a))
    m[unchecked: 2] = evenA.fusedAddingProduct(y[unchecked: 1], V(repeating: -a))
      .fusedAddingProduct(y[unchecked: 3], V(repeating: -a * a * a))
    m[unchecked: 3] = evenB.fusedAddingProduct(y[unchecked: 1], V(repeating: b))
      .fusedAddingProduct(y[unchecked: 3], V(repeating: b * b * b))
    m[unchecked: 4] = evenB.fusedAddingProduct(y[unchecked: 1], V(repeating: -b))
      .fusedAddingProduct(y[unchecked: 3], V(repeating: -b * b * b))
    m[unchecked: 5] = y[unchecked: 3]
    return m
  }
}
