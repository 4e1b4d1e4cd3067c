/// What the tiles of one row of outputs have in common.
@usableFromInline
struct TileRow {
  /// The weights of the first panel, first tap inside of the picture.
  @usableFromInline var weights: UnsafePointer<Float>
  /// The distance from a panel to the next, in floats.
  @usableFromInline var panelStride: Int
  /// The rows of the window inside of the picture.
  @usableFromInline var rows: Int
  /// The distance from a row of the window to the next, in floats of input.
  @usableFromInline var rowStride: Int
  /// The distance from a row of the window to the next, in floats of weights.
  @usableFromInline var weightRowStride: Int
  /// A row is so many runs of contiguous input: one where the columns lie side by side, else one a
  /// column.
  @usableFromInline var runs: Int
  /// The distance from a run to the next, in floats of input.
  @usableFromInline var runStride: Int
  /// The distance from a run to the next, in floats of weights.
  @usableFromInline var weightRunStride: Int
  /// How much of a run is added up, in floats of input.
  @usableFromInline var runLength: Int
  /// The distance from a pixel's window to the next pixel's, in floats of input.
  @usableFromInline var pixelStride: Int
  /// The distance from an output pixel to the next, in floats.
  @usableFromInline var outputStride: Int
  /// What the sums are added to: these, or where there are none what the output holds.
  @usableFromInline var bias: UnsafePointer<Float>?
  @usableFromInline var scale: UnsafePointer<Float>?
  @usableFromInline var shift: UnsafePointer<Float>?
  @usableFromInline var activation: Activation
  /// The output channels from the first on that may be stored.
  @usableFromInline var channels: Int

  @inlinable @inline(always)
  init(
    weights: UnsafePointer<Float>, panelStride: Int, rows: Int, rowStride: Int,
    weightRowStride: Int, runs: Int, runStride: Int, weightRunStride: Int, runLength: Int,
    pixelStride: Int, outputStride: Int, bias: UnsafePointer<Float>?, scale: UnsafePointer<Float>?,
    shift: UnsafePointer<Float>?, activation: Activation, channels: Int
  ) {
    self.weights = weights
    self.panelStride = panelStride
    self.rows = rows
    self.rowStride = rowStride
    self.weightRowStride = weightRowStride
    self.runs = runs
    self.runStride = runStride
    self.weightRunStride = weightRunStride
    self.runLength = runLength
    self.pixelStride = pixelStride
    self.outputStride = outputStride
    self.bias = bias
    self.scale = scale
    self.shift = shift
    self.activation = activation
    self.channels = channels
  }
}

/// Computes a run of `tiles` tiles along a row, each of `pixels` neighbouring outputs by `vectors`
/// vectors of channels, all in registers.
///
/// Written as loops of constant length over inline arrays: unrolled, every element is a register.
@inlinable @inline(always)
func computeTiles<V: Vector, let pixels: Int, let vectors: Int>(
  _: InlineArray<pixels, InlineArray<vectors, V>>.Type, _ tiles: Int, _ row: TileRow,
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
) {
  let perPanel = Panel.width / V.count
  var tile = 0
  while tile < tiles {
    let pixel = tile * pixels
    var sum = InlineArray<pixels, InlineArray<vectors, V>>(
      repeating: InlineArray(repeating: V.zeros))
    var y = 0
    while y < row.rows {
      var run = 0
      while run < row.runs {
        var source = input + (pixel * row.pixelStride + y * row.rowStride + run * row.runStride)
        var weights = row.weights + (y * row.weightRowStride + run * row.weightRunStride)
        let end = source + row.runLength
        while source < end {
          // All weights first, then pixel by pixel: as many registers as there are sums and weights,
          // and one more.
          var w = InlineArray<vectors, V>(repeating: V.zeros)
          var c = 0
          while c < vectors {
            w[unchecked: c] = V.load(
              weights + (c / perPanel * row.panelStride + c % perPanel * V.count))
            c += 1
          }
          var p = 0
          while p < pixels {
            let x = V(repeating: source[p * row.pixelStride])
            c = 0
            while c < vectors {
              sum[unchecked: p][unchecked: c] = sum[unchecked: p][unchecked: c]
                .fusedAddingProduct(x, w[unchecked: c])
              c += 1
            }
            p += 1
          }
          source += 1
          weights += Panel.width
        }
        run += 1
      }
      y += 1
    }
    finishTile(sum, row, output + pixel * row.outputStride)
    tile += 1
  }
}

/// Adds what the sums are added to, applies scale, shift and activation, and stores the tile.
@inlinable @inline(always)
func finishTile<V: Vector, let pixels: Int, let vectors: Int>(
  _ sum: InlineArray<pixels, InlineArray<vectors, V>>, _ row: TileRow,
  _ output: UnsafeMutablePointer<Float>
) {
  // Linear is clamping by nothing: two compares a vector are cheaper than a branch a vector.
  let isLinear = row.activation.function == .linear
  let isBounded = row.activation.function == .reluBounded
  let lowest = V(repeating: isLinear ? -.infinity : 0)
  let highest = V(repeating: isBounded ? row.activation.alpha : .infinity)
  var c = 0
  while c < vectors {
    let bias = row.bias.map { V.load($0 + c * V.count) }
    let scale = row.scale.map { V.load($0 + c * V.count) }
    let shift = row.shift.map { V.load($0 + c * V.count) }
    // Only the last vector can be in part.
    let lanes = c < vectors - 1 ? V.count : row.channels - c * V.count
    var p = 0
    while p < pixels {
      let target = output + (p * row.outputStride + c * V.count)
      var value = sum[unchecked: p][unchecked: c]
      if let bias {
        value = bias + value
      } else if lanes >= V.count {
        value = V.load(target) + value
      } else {
        value = V.load(target, lanes: lanes) + value
      }
      if let scale, let shift { value = shift.fusedAddingProduct(value, scale) }
      value = value.clampedBelow(by: lowest).clampedAbove(by: highest)
      if lanes >= V.count { value.store(target) } else { value.store(target, lanes: lanes) }
      p += 1
    }
    c += 1
  }
}
