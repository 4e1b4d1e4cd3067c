public import CProcessor

/// What the tiles of one strip of outputs have in common.
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
  /// The distance from a pixel's window to that of the pixel below, in floats of input.
  @usableFromInline var lineStride: Int
  /// The distance from an output pixel to the next, in floats.
  @usableFromInline var outputStride: Int
  /// What the sums begin at; where there is none, they are added to what the output holds.
  @usableFromInline var bias: UnsafePointer<Float>?
  @usableFromInline var scale: UnsafePointer<Float>?
  @usableFromInline var shift: UnsafePointer<Float>?
  @usableFromInline var activation: Activation
  /// The output channels from the first on that may be stored.
  @usableFromInline var channels: Int
  /// Whether a pixel's last vector may be stored whole where it is in part: what lies beyond it are the
  /// next pixel's first channels, which are still to come.
  @usableFromInline var runsOver: Bool
  /// Whether the last tile's last pixel is the last that may be written.
  @usableFromInline var isEnd: Bool
  /// What is asked for while the first tile is computed.
  @usableFromInline var ahead: WeightsAhead

  @inlinable @inline(always)
  init(_ layout: TapLayout, _ slice: ConvolutionSlice, _ geometry: WindowGeometry) {
    weights = slice.weights
    panelStride = slice.panelStride
    rows = 0
    rowStride = geometry.dilationY * geometry.inputWidth * geometry.inputChannels
    weightRowStride = geometry.windowWidth * slice.inputs * Panel.width
    runs = 1
    runStride = geometry.dilationX * geometry.inputChannels
    weightRunStride = slice.inputs * Panel.width
    runLength = 0
    pixelStride = geometry.strideX * geometry.inputChannels
    lineStride = geometry.strideY * geometry.inputWidth * geometry.inputChannels
    outputStride = geometry.outputChannels
    bias = nil
    scale = nil
    shift = nil
    activation = .linear
    channels = slice.outputs
    runsOver = false
    isEnd = false
    ahead = WeightsAhead(none: slice.weights)
  }
}

/// How the inputs of a sum lie in memory, and in how many blocks they are added up.
@usableFromInline
struct TapLayout {
  /// Whether a window's row is one run of memory: every input channel is taken, without dilation.
  @usableFromInline let isContiguous: Bool
  /// The products of a sum.
  @usableFromInline let products: Int
  @usableFromInline let blocks: Int

  @inlinable @inline(always)
  init(_ geometry: WindowGeometry, _ slice: ConvolutionSlice) {
    isContiguous =
      geometry.dilationX == 1 && slice.inputs == geometry.inputChannels || geometry.windowWidth == 1
    products = geometry.windowHeight * geometry.windowWidth * slice.inputs
    blocks = (products + Convolution.longestSum - 1) / Convolution.longestSum
  }
}

/// Computes a run of `tiles` tiles along a strip, each of `pixels` neighbouring outputs by `vectors`
/// vectors of channels, all in registers.
///
/// Written as loops of constant length over inline arrays: unrolled, every element is a register.
@inlinable @inline(always)
func computeTiles<V: Vector, let pixels: Int, let vectors: Int>(
  _: InlineArray<pixels, InlineArray<vectors, V>>.Type, _ tiles: Int, _ row: TileRow,
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
  _ addend: UnsafePointer<Float>?
) {
  var tile = 0
  while tile < tiles {
    let pixel = tile * pixels
    let start = InlineArray<vectors, V>.loaded(row.bias)
    var sum = InlineArray<pixels, InlineArray<vectors, V>>(repeating: start)
    let offset = pixel * row.outputStride
    if let addend {
      // What is added after the sums is often far away.
      var p = 0
      while p < pixels {
        var c = 0
        while c < vectors {
          cnn_prefetch(addend + (offset + p * row.outputStride + c * V.count))
          c += 1
        }
        p += 1
      }
    }
    addWindow(
      PixelSources<V, 1, pixels>.self, to: &sum, row, input + pixel * row.pixelStride,
      ahead: row.ahead.first + tile * row.ahead.perTile)
    finishTile(
      sum, row, output + offset, addend.map { $0 + offset },
      isEnd: row.isEnd && tile == tiles - 1)
    tile += 1
  }
}

extension InlineArray where Element: Vector {
  /// Vectors that lie one behind the other; zeros where there are none.
  @inlinable @inline(always)
  static func loaded(_ source: UnsafePointer<Float>?) -> Self {
    var result = Self(repeating: .zeros)
    guard let source else { return result }
    var index = 0
    while index < count {
      result[unchecked: index] = Element.load(source + index * Element.count)
      index += 1
    }
    return result
  }
}

/// Adds up the products of all taps inside of the picture, for the pixels of a tile.
///
/// Three loops, so that the innermost has little but multiply-adds: where a processor decodes four instructions at
/// a time, and computes addresses where it multiplies, one loop over all taps that says for each where the next lies
/// takes a third more time.
///
/// - Parameters:
///   - input: The first tap of the first pixel.
///   - ahead: What is asked for meanwhile.
@inlinable @inline(always)
func addWindow<V: Vector, let lines: Int, let pixels: Int, let vectors: Int>(
  _: PixelSources<V, lines, pixels>.Type,
  to sum: inout InlineArray<pixels, InlineArray<vectors, V>>,
  _ row: TileRow, _ input: UnsafePointer<Float>, ahead: UnsafePointer<Float>
) {
  var ahead = ahead
  var rowSource = input
  var rowWeights = row.weights
  var rowsLeft = row.rows
  while rowsLeft > 0 {
    var runSource = rowSource
    var runWeights = rowWeights
    var runsLeft = row.runs
    while runsLeft > 0 {
      var sources = PixelSources<V, lines, pixels>(
        runSource, stride: row.pixelStride, lineStride: row.lineStride)
      var weights = runWeights
      let end = runSource + row.runLength
      while sources.first != end {
        addOuterProduct(to: &sum, weights, panelStride: row.panelStride) { sources[$0] }
        if WeightsAhead.isAsked(V.self, pixels: pixels, vectors: vectors) {
          cnn_prefetch(ahead)
          ahead += row.ahead.perStep
        }
        sources.advance()
        weights += Panel.width
      }
      runSource += row.runStride
      runWeights += row.weightRunStride
      runsLeft -= 1
    }
    rowSource += row.rowStride
    rowWeights += row.weightRowStride
    rowsLeft -= 1
  }
}

/// Joins the sums with what the output holds where there is no bias, applies scale, shift, addend and
/// activation, and stores the tile.
///
/// What most layers need goes by short paths, one loop each, so that their sums stay in registers: with
/// few products a sum what follows them takes much of the time.
@inlinable @inline(always)
func finishTile<V: Vector, let pixels: Int, let vectors: Int>(
  _ sum: InlineArray<pixels, InlineArray<vectors, V>>, _ row: TileRow,
  _ output: UnsafeMutablePointer<Float>, _ addend: UnsafePointer<Float>?, isEnd: Bool
) {
  // Only the last vector can be in part.
  let lastLanes = row.channels - (vectors - 1) * V.count
  let isBounded = row.activation.function == .reluBounded
  let lowest = V(repeating: row.activation.function == .linear ? -.infinity : 0)
  let highest = V(repeating: isBounded ? row.activation.alpha : .infinity)
  let isWhole = lastLanes >= V.count || row.runsOver && !isEnd
  // Not where code is to be small.
  if V.registers > 8, let scale = row.scale, let shift = row.shift, row.bias != nil, isWhole {
    if let addend {
      var p = 0
      while p < pixels {
        var c = 0
        while c < vectors {
          let at = p * row.outputStride + c * V.count
          let value = V.load(shift + c * V.count)
            .fusedAddingProduct(sum[unchecked: p][unchecked: c], V.load(scale + c * V.count))
          (V.load(addend + at) + value).clampedBelow(by: lowest).clampedAbove(by: highest)
            .store(output + at)
          c += 1
        }
        p += 1
      }
      return
    }
    var p = 0
    while p < pixels {
      var c = 0
      while c < vectors {
        V.load(shift + c * V.count)
          .fusedAddingProduct(sum[unchecked: p][unchecked: c], V.load(scale + c * V.count))
          .clampedBelow(by: lowest).clampedAbove(by: highest)
          .store(output + (p * row.outputStride + c * V.count))
        c += 1
      }
      p += 1
    }
    return
  }
  if V.registers > 8 && row.bias != nil && row.scale == nil && addend == nil && !isBounded
    && (isWhole || row.runsOver)
  {
    var p = 0
    while p < pixels {
      var c = 0
      while c < vectors {
        let target = output + (p * row.outputStride + c * V.count)
        let value = sum[unchecked: p][unchecked: c].clampedBelow(by: lowest)
        if p == pixels - 1 && c == vectors - 1 && !isWhole {
          value.store(target, lanes: lastLanes)
        } else {
          value.store(target)
        }
        c += 1
      }
      p += 1
    }
    return
  }
  // A copy for the loops below, which stay loops: they index it in memory, and the short path's sums
  // can stay in registers. Pixel by pixel, as `runsOver` needs it.
  let sums = sum
  var p = 0
  while p < pixels {
    var c = 0
    while c < vectors {
      let lanes = c < vectors - 1 ? V.count : lastLanes
      let isWhole = lanes >= V.count || row.runsOver && !(isEnd && p == pixels - 1)
      let offset = p * row.outputStride + c * V.count
      let target = output + offset
      var value = sums[unchecked: p][unchecked: c]
      if row.bias == nil {
        value = (isWhole ? V.load(target) : V.load(target, lanes: lanes)) + value
      }
      if let scale = row.scale, let shift = row.shift {
        value = V.load(shift + c * V.count)
          .fusedAddingProduct(value, V.load(scale + c * V.count))
      }
      if let addend {
        let other = addend + offset
        value = (isWhole ? V.load(other) : V.load(other, lanes: lanes)) + value
      }
      value = value.clampedBelow(by: lowest).clampedAbove(by: highest)
      if isWhole { value.store(target) } else { value.store(target, lanes: lanes) }
      c += 1
    }
    p += 1
  }
}
