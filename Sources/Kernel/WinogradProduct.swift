public import CProcessor

/// Multiplies each of the n × n matrices of a block's transformed inputs with its weights.
@inlinable @inline(always)
func multiply<V: Vector>(_: V.Type, _ arguments: WinogradArguments, _ block: WinogradBlock) {
  let inputs = arguments.geometry.inputChannels
  let weightStride = inputs * Panel.width
  let elementStride = Panel.count(arguments.geometry.outputChannels) * weightStride
  let elements = (arguments.tile + 2) * (arguments.tile + 2)
  let perPanel = Panel.width / V.count
  let all = block.panels * perPanel
  let isWide = V.registers == 32 && V.count == Panel.width
  // Two vectors at a time; of an odd number the last three together, where there are registers.
  let last = all % 2 == 0 ? 2 : isWide && all > 1 ? 3 : 1
  let split = TileSplit(
    lower: 0, upper: block.tiles, limit: maximumPixels(V.self, vectors: 2))
  let lastSplit = TileSplit(
    lower: 0, upper: block.tiles, limit: maximumPixels(V.self, vectors: last))
  var element = 0
  while element < elements {
    var first = 0
    while first < all {
      let isLast = all - first <= last
      let vectors = isLast ? last : 2
      let split = isLast ? lastSplit : split
      let matrix = arguments.weights + element * elementStride
      let weights =
        matrix + ((block.panel + first / perPanel) * weightStride + first % perPanel * V.count)
      // What comes behind the last panels are the first of the next matrix, or of the next slice's first.
      let next: UnsafePointer<Float>
      if !isLast {
        next = matrix + (block.panel + (first + vectors) / perPanel) * weightStride
      } else if element < elements - 1 {
        next = matrix + (elementStride + block.panel * weightStride)
      } else {
        next = arguments.weights + (block.panel + block.panels) * weightStride
      }
      var ahead = WeightsAhead(
        next, count: Panel.count(vectors * V.count) * weightStride, tiles: split.tiles,
        steps: inputs)
      var tile = 0
      while tile < block.tiles {
        let step = split.step(from: tile)
        multiplyTiles(
          V.self, step.tiles, pixels: step.height, vectors: vectors,
          WinogradProduct(
            inputs: block.inputs + (element * block.inputPlane + tile * Panel.width),
            inputCount: inputs, weights: weights, weightStride: weightStride,
            products: block.products
              + (element * block.productPlane
                + block.offset(tile: tile, channel: first * V.count)),
            stride: block.tiles * Panel.width, ahead: ahead))
        ahead.advance(step.tiles)
        tile += step.tiles * step.height
      }
      first += vectors
    }
    element += 1
  }
}

/// The most rows of a register tile with so many vectors.
@inlinable @inline(always)
func maximumPixels<V: Vector>(_: V.Type, vectors: Int) -> Int {
  switch vectors {
  case 1: 12
  case 2: V.registers == 32 ? 12 : 6
  default: 8
  }
}

/// The operands of a run of register tiles.
@usableFromInline
struct WinogradProduct {
  /// The first tile's channels in the first panel.
  @usableFromInline let inputs: UnsafePointer<Float>
  /// The length of the sums.
  @usableFromInline let inputCount: Int
  @usableFromInline let weights: UnsafePointer<Float>
  /// The distance from a panel of weights to the next.
  @usableFromInline let weightStride: Int
  @usableFromInline let products: UnsafeMutablePointer<Float>
  /// The distance from a panel to the next, of inputs and of products.
  @usableFromInline let stride: Int
  /// What is asked for while the first tile is computed.
  @usableFromInline let ahead: WeightsAhead

  @inlinable @inline(always)
  init(
    inputs: UnsafePointer<Float>, inputCount: Int, weights: UnsafePointer<Float>,
    weightStride: Int, products: UnsafeMutablePointer<Float>, stride: Int, ahead: WeightsAhead
  ) {
    self.inputs = inputs
    self.inputCount = inputCount
    self.weights = weights
    self.weightStride = weightStride
    self.products = products
    self.stride = stride
    self.ahead = ahead
  }
}

/// Computes a run of register tiles of `pixels` rows by `vectors` vectors.
@inlinable @inline(always)
func multiplyTiles<V: Vector, let pixels: Int, let vectors: Int>(
  _: InlineArray<pixels, InlineArray<vectors, V>>.Type, _ count: Int, _ product: WinogradProduct
) {
  let perPanel = Panel.width / V.count
  var tile = 0
  while tile < count {
    var sum = InlineArray<pixels, InlineArray<vectors, V>>(
      repeating: InlineArray(repeating: V.zeros))
    var ahead = product.ahead.first + tile * product.ahead.perTile
    var panel = product.inputs + tile * pixels * Panel.width
    var weights = product.weights
    let end = weights + product.inputCount * Panel.width
    while weights < end {
      var source = panel
      let left = end - weights
      let panelEnd = weights + (left < Panel.width * Panel.width ? left : Panel.width * Panel.width)
      while weights < panelEnd {
        addOuterProduct(to: &sum, weights, panelStride: product.weightStride) {
          source[$0 * Panel.width]
        }
        cnn_prefetch(ahead)
        ahead += product.ahead.perStep
        source += 1
        weights += Panel.width
      }
      panel += product.stride
    }
    let target = product.products + tile * pixels * Panel.width
    var p = 0
    while p < pixels {
      var c = 0
      while c < vectors {
        sum[unchecked: p][unchecked: c].store(
          target + (c / perPanel * product.stride + p * Panel.width + c % perPanel * V.count))
        c += 1
      }
      p += 1
    }
    tile += 1
  }
}
