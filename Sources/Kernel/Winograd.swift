/// How a convolution by Winograd's method is divided.
public enum Winograd {
  /// The tiles of all pictures, row by row; those at the far edges may stick out.
  @inlinable @inline(always)
  public static func tileCount(_ geometry: WindowGeometry, tile: Int) -> Int {
    geometry.batch * ((geometry.outputHeight + tile - 1) / tile)
      * ((geometry.outputWidth + tile - 1) / tile)
  }

  /// The floats that a block of tiles needs: what is the same for any number of them, then for each its
  /// transformed inputs and its products.
  @inlinable @inline(always)
  public static func scratchCount(_ geometry: WindowGeometry, tile: Int) -> Int {
    let layout = WinogradLayout(geometry, tile: tile)
    let tiles = tileCount(geometry, tile: tile)
    let block = tiles < mostTiles(layout) ? tiles : mostTiles(layout)
    return layout.fixedCount + block * layout.countPerTile
  }

  /// The most tiles in a block: what the second cache holds; but for many channels more than that, since
  /// the weights are read once for each block.
  @inlinable @inline(always)
  static func mostTiles(_ layout: WinogradLayout) -> Int {
    let fitting = (3 << 16) / layout.countPerTile / 12 * 12
    return fitting < 48 ? 48 : fitting
  }
}

/// How a block of tiles lies in the scratch memory: zeros, one tile's inputs with padding, the
/// transformed inputs `[(tile + 2)²][tiles][channels]`, the products alike.
@usableFromInline
struct WinogradLayout {
  /// The edge of a tile's inputs, and its square.
  @usableFromInline let edge: Int
  @usableFromInline let area: Int
  /// Input and output channels, filled up to multiples of 16.
  @usableFromInline let inputs: Int
  @usableFromInline let outputs: Int

  @inlinable @inline(always)
  init(_ geometry: WindowGeometry, tile: Int) {
    edge = tile + 2
    area = edge * edge
    inputs = Panel.count(geometry.inputChannels) * Panel.width
    outputs = Panel.count(geometry.outputChannels) * Panel.width
  }

  /// The zeros that sums begin at.
  @inlinable @inline(always)
  var zeroCount: Int { 8 * Panel.width }

  /// What lies between the values of a place and those of the next: without it, those of a tile would be
  /// multiples of 4 KiB apart, and push each other out of the first cache.
  @inlinable @inline(always)
  var placePadding: Int { Panel.width }

  @inlinable @inline(always)
  var fixedCount: Int { zeroCount + area * (inputs + 2 * placePadding) }

  @inlinable @inline(always)
  var countPerTile: Int { area * (inputs + outputs) }
}

/// Convolution by Winograd's method: fewer products for the same outputs.
///
/// A tile of outputs is A'((G g G') ⊙ (B' d B))A for the kernel g and the inputs d that it sees, summed
/// over input channels before the last transform: for each of the (tile + 2)² places a matrix product
/// of tiles by channels (Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015). Tiles
/// are taken in blocks, so that what is between the steps stays in the cache; the sum of an output goes
/// over the input channels in their order, whatever the blocks.
@inlinable @inline(always)
public func convolveWinograd<V: Vector>(_: V.Type, _ arguments: WinogradArguments) {
  let geometry = arguments.geometry
  assert(geometry.windowHeight == 3 && geometry.windowWidth == 3)
  assert(geometry.strideY == 1 && geometry.strideX == 1)
  assert(geometry.dilationY == 1 && geometry.dilationX == 1)
  assert(arguments.activation.isFused && (arguments.addend == nil || !arguments.isPooled))
  assert(Int(bitPattern: arguments.scratch) % 64 == 0)
  let layout = WinogradLayout(geometry, tile: arguments.tile)
  assert(arguments.scratchCount >= layout.fixedCount + layout.countPerTile)
  let room = (arguments.scratchCount - layout.fixedCount) / layout.countPerTile
  let most = Winograd.mostTiles(layout)
  let limit = room < most ? room : most
  let blocks = (arguments.tiles.count + limit - 1) / limit
  arguments.scratch.update(repeating: 0, count: layout.zeroCount)

  var index = 0
  while index < blocks {
    let block = WinogradBlock(
      tiles: arguments.tiles.part(index, of: blocks), layout: layout, scratch: arguments.scratch)
    if arguments.tile == 2 {
      transformInputs(V.self, Winograd2.self, arguments, block)
    } else {
      transformInputs(V.self, Winograd4.self, arguments, block)
    }
    multiply(V.self, arguments, block)
    if arguments.tile == 2 {
      transformOutputs(V.self, Winograd2.self, arguments, block)
    } else {
      transformOutputs(V.self, Winograd4.self, arguments, block)
    }
    index += 1
  }
}

/// Some tiles and the memory for what is computed of them.
@usableFromInline
struct WinogradBlock {
  @usableFromInline let tiles: WorkRange
  @usableFromInline let layout: WinogradLayout
  @usableFromInline let zeros: UnsafeMutablePointer<Float>
  /// One tile's inputs, `[edge][edge][inputs]`.
  @usableFromInline let patch: UnsafeMutablePointer<Float>
  @usableFromInline let inputs: UnsafeMutablePointer<Float>
  @usableFromInline let products: UnsafeMutablePointer<Float>
  /// The distances from a place to the next, in floats.
  @usableFromInline let inputStride: Int
  @usableFromInline let productStride: Int

  @inlinable @inline(always)
  init(tiles: WorkRange, layout: WinogradLayout, scratch: UnsafeMutablePointer<Float>) {
    self.tiles = tiles
    self.layout = layout
    zeros = scratch
    patch = zeros + layout.zeroCount
    inputStride = tiles.count * layout.inputs + layout.placePadding
    productStride = tiles.count * layout.outputs + layout.placePadding
    inputs = patch + layout.area * layout.inputs
    products = inputs + layout.area * inputStride
  }
}

/// The products of every place of the tiles: `(tile + 2)²` matrix products.
@inlinable @inline(always)
func multiply<V: Vector>(_: V.Type, _ arguments: WinogradArguments, _ block: WinogradBlock) {
  let layout = block.layout
  let channels = arguments.geometry.inputChannels
  let most = TileSize.maximumVectors(V.self) * V.count
  let first = arguments.panels.lower * Panel.width
  let last = arguments.panels.upper * Panel.width
  let weightStride = Panel.count(arguments.geometry.outputChannels) * channels * Panel.width
  // Slices as equal as can be, in whole panels or parts of one.
  let unit = most < Panel.width ? most : Panel.width
  let units = WorkRange(first / unit, last / unit)
  let slices = (units.count * unit + most - 1) / most
  var place = 0
  while place < layout.area {
    var slice = 0
    while slice < slices {
      let part = units.part(slice, of: slices)
      let channel = part.lower * unit
      let vectors = part.count * unit / V.count
      let row = TileRow(
        weights: arguments.weights
          + (place * weightStride + channel / Panel.width * channels * Panel.width
            + channel % Panel.width),
        zeros: block.zeros, inputs: channels, pixelStride: layout.inputs,
        outputStride: layout.outputs, channels: vectors * V.count)
      let split = TileSplit(V.self, lower: 0, upper: block.tiles.count, vectors: vectors)
      var x = 0
      while x < block.tiles.count {
        let step = split.step(from: x)
        computeTiles(
          V.self, step.tiles, pixels: step.height, vectors: vectors, row,
          UnsafePointer(block.inputs + (place * block.inputStride + x * layout.inputs)),
          block.products + (place * block.productStride + x * layout.outputs + channel), nil)
        x += step.tiles * step.height
      }
      slice += 1
    }
    place += 1
  }
}
