/// How a Winograd convolution is divided, and the memory that it works in.
public enum Winograd {
  /// The tiles of all pictures, row by row; those at the far edges may stick out.
  @inlinable @inline(always)
  public static func tileCount(_ geometry: WindowGeometry, tile: Int) -> Int {
    geometry.batch * ((geometry.outputHeight + tile - 1) / tile)
      * ((geometry.outputWidth + tile - 1) / tile)
  }

  /// How many tiles are computed together, give or take a half.
  ///
  /// Few enough for their transformed inputs and products to stay in the second cache, but enough to be
  /// worth streaming the weights, which every block does once: more where these come from further
  /// away. Measured with 2 MB of second cache.
  @inlinable @inline(always)
  static func blockSize(_ geometry: WindowGeometry, tile: Int) -> Int {
    let elements = (tile + 2) * (tile + 2)
    let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
    let weightBytes = elements * 4 * inputs * outputs
    let smallest = weightBytes <= 1 << 20 ? 12 : weightBytes <= 4 << 20 ? 24 : 48
    let size = (256 << 10) / (elements * 4 * (inputs + outputs)) / 12 * 12
    return size < smallest ? smallest : size
  }

  /// The blocks that some tiles are divided into, as equal as can be rather than with a short last one.
  @inlinable @inline(always)
  static func blockCount(_ tiles: Int, size: Int) -> Int {
    let blocks = (tiles + size / 2) / size
    return blocks < 1 ? 1 : blocks
  }

  /// The floats of scratch memory that any part of a convolution needs, and of one of fewer pictures.
  @inlinable @inline(always)
  public static func scratchCount(_ geometry: WindowGeometry, tile: Int) -> Int {
    let elements = (tile + 2) * (tile + 2)
    let size = blockSize(geometry, tile: tile)
    let (all, largest) = (tileCount(geometry, tile: tile), size + size / 2)
    let tiles = all < largest ? all : largest
    let inputs = plane(tiles, panels: Panel.count(geometry.inputChannels))
    let panels = slice(Panel.count(geometry.outputChannels), size: size)
    return WinogradBlock.areaCount + elements * (inputs + plane(tiles, panels: panels))
  }

  /// How many of `panels` of output channels are multiplied before their products are transformed.
  @inlinable @inline(always)
  static func slice(_ panels: Int, size: Int) -> Int {
    let limit = size < 48 ? 4 : 8
    return panels < limit ? panels : limit
  }

  /// The floats from a matrix to the next: an odd number of cache lines, so that the same elements of
  /// all matrices lie in different sets of the cache.
  @inlinable @inline(always)
  static func plane(_ tiles: Int, panels: Int) -> Int { (tiles * panels | 1) * Panel.width }
}

/// The tiles that are computed together, and where in the scratch memory their matrices are.
@usableFromInline
struct WinogradBlock {
  /// The first tile.
  @usableFromInline var first: Int
  /// The number of tiles.
  @usableFromInline var tiles: Int
  /// The first panel of output channels.
  @usableFromInline var panel: Int
  /// The number of panels.
  @usableFromInline var panels: Int
  /// Between the two passes of a transform: n · n vectors.
  @usableFromInline var lines: UnsafeMutablePointer<Float>
  /// For what is not whole, at the edges of the picture or the last channels: n · n vectors.
  @usableFromInline var staging: UnsafeMutablePointer<Float>
  /// The same for the addend.
  @usableFromInline var addend: UnsafeMutablePointer<Float>
  /// The transformed inputs: `[n · n][panel of inputs][tile][16]`.
  @usableFromInline var inputs: UnsafeMutablePointer<Float>
  @usableFromInline var inputPlane: Int
  /// Their products with the weights: `[n · n][panel][tile][16]`.
  @usableFromInline var products: UnsafeMutablePointer<Float>
  @usableFromInline var productPlane: Int

  /// The floats of the three areas before the matrices.
  @inlinable @inline(always)
  static var areaCount: Int { 3 * 36 * Panel.width }

  @inlinable @inline(always)
  init(_ arguments: WinogradArguments, tiles range: WorkRange, panels: Int) {
    let elements = (arguments.tile + 2) * (arguments.tile + 2)
    let area = WinogradBlock.areaCount / 3
    first = range.lower
    tiles = range.count
    panel = arguments.panels.lower
    self.panels = panels
    lines = arguments.scratch
    staging = lines + area
    addend = staging + area
    inputs = addend + area
    inputPlane = Winograd.plane(
      tiles, panels: Panel.count(arguments.geometry.inputChannels))
    products = inputs + elements * inputPlane
    productPlane = Winograd.plane(tiles, panels: panels)
    assert(
      products + elements * productPlane <= arguments.scratch + arguments.scratchCount)
  }
}

extension WinogradBlock {
  /// Where in a matrix a tile's channel is, channels of a panel side by side.
  @inlinable @inline(always)
  func offset(tile: Int, channel: Int) -> Int {
    (channel / Panel.width * tiles + tile) * Panel.width + channel % Panel.width
  }
}

/// Where in a batch a tile is.
@usableFromInline
struct WinogradPosition {
  @usableFromInline var image: Int
  @usableFromInline var row: Int
  @usableFromInline var column: Int
  @usableFromInline let rows: Int
  @usableFromInline let columns: Int

  @inlinable @inline(always)
  init(_ geometry: WindowGeometry, tile: Int, index: Int) {
    rows = (geometry.outputHeight + tile - 1) / tile
    columns = (geometry.outputWidth + tile - 1) / tile
    image = index / (rows * columns)
    row = index / columns % rows
    column = index % columns
  }

  /// Moves on to the next tile.
  @inlinable @inline(always)
  mutating func advance() {
    column += 1
    if column < columns { return }
    column = 0
    row += 1
    if row < rows { return }
    row = 0
    image += 1
  }
}

/// Convolution with a 3×3 window by Winograd's algorithm: tiles of 2×2 or 4×4 outputs take 16 or 36
/// multiplications instead of 36 or 144.
///
/// In blocks of tiles: inputs are transformed; each of the n × n elements is a matrix of tiles by
/// input channels, which is multiplied with its matrix of weights; products are transformed to outputs.
@inlinable @inline(always)
public func convolveWinograd<V: Vector>(_: V.Type, _ arguments: WinogradArguments) {
  let geometry = arguments.geometry
  assert(geometry.windowHeight == 3 && geometry.windowWidth == 3)
  assert(geometry.strideY == 1 && geometry.strideX == 1)
  assert(geometry.dilationY == 1 && geometry.dilationX == 1)
  assert(arguments.activation.isFused && (arguments.addend == nil || !arguments.isPooled))
  assert(Int(bitPattern: arguments.scratch) % 64 == 0)
  guard arguments.tiles.count > 0 && arguments.panels.count > 0 else { return }
  let size = Winograd.blockSize(geometry, tile: arguments.tile)
  let blocks = Winograd.blockCount(arguments.tiles.count, size: size)
  let slice = Winograd.slice(arguments.panels.count, size: size)
  var index = 0
  while index < blocks {
    var block = WinogradBlock(
      arguments, tiles: arguments.tiles.part(index, of: blocks), panels: slice)
    if arguments.tile == 2 {
      transformInputs(V.self, WinogradTransform2.self, arguments, block)
    } else {
      transformInputs(V.self, WinogradTransform4.self, arguments, block)
    }
    while block.panel < arguments.panels.upper {
      block.panels = min(slice, arguments.panels.upper - block.panel)
      multiply(V.self, arguments, block)
      if arguments.tile == 2 {
        transformOutputs(V.self, WinogradTransform2.self, arguments, block)
      } else {
        transformOutputs(V.self, WinogradTransform4.self, arguments, block)
      }
      block.panel += block.panels
    }
    index += 1
  }
}
