/// How a convolution's work is divided.
public enum Convolution {
  /// The number of lines that `ConvolutionArguments.lines` counts: rows of outputs of all pictures,
  /// pairs of rows where they are pooled. Where a window is one pixel wide and sees no rows, all pixels
  /// follow each other, and a line is any run of them; but where outputs are not as far from each other
  /// from row to row it is a row.
  @inlinable @inline(always)
  public static func lineCount(
    _ geometry: WindowGeometry, groups: Int, isPooled: Bool, spacing: OutputSpacing? = nil
  ) -> Int {
    if isPooled { return geometry.batch * (geometry.outputHeight / 2) }
    if let pixels = geometry.pointwisePixels, spacing?.isEven(geometry) ?? true {
      let width = lineWidth(pixels)
      return (pixels + width - 1) / width
    }
    return geometry.batch * geometry.outputHeight
  }

  /// The floats that a convolution needs to pool what it computed: two rows of one slice of channels.
  @inlinable @inline(always)
  public static func scratchCount(_ geometry: WindowGeometry) -> Int {
    // A row of a single pixel is computed in slices twice as wide.
    2 * (geometry.outputWidth < 2 ? 2 : geometry.outputWidth) * 4 * Panel.width
  }

  /// The pixels in a line of a pointwise convolution: a multiple of every tile, or all.
  @inlinable @inline(always)
  static func lineWidth(_ pixels: Int) -> Int { pixels < 96 ? pixels : 48 }

  /// The weights, in floats, that stay in the second cache while line after line is computed: half of one of
  /// 1 MiB, whose other half is for what is read and written.
  @inlinable @inline(always)
  static var cachedWeights: Int { 1 << 17 }

  /// How many products are added up, at most, before the sum joins the output.
  ///
  /// Rounding errors grow with the length of a sum: a dense layer of 20,000 inputs, added up one by
  /// one, would be off by several times what blocks of this size are. The same for every instruction
  /// set, so that those with FMA agree bit for bit.
  @inlinable @inline(always)
  static var longestSum: Int { 1024 }
}

extension WindowGeometry {
  /// The number of pixels of all pictures, where a window is a single pixel, the same for input and
  /// output; nil elsewhere.
  @inlinable @inline(always)
  public var pointwisePixels: Int? {
    let isPointwise =
      windowHeight == 1 && windowWidth == 1 && strideY == 1 && strideX == 1 && paddingTop == 0
      && paddingLeft == 0 && inputHeight == outputHeight && inputWidth == outputWidth
    return isPointwise ? batch * outputHeight * outputWidth : nil
  }
}

/// Direct two-dimensional convolution: any window, stride, dilation, padding and groups.
///
/// A register tile of neighbouring pixels and of up to four vectors of output channels is computed at
/// a time; padding is never materialised, the taps outside of the picture are left out. The sum of an
/// output goes over window rows, window columns and input channels in that order, whatever the tile.
///
/// - Parameter arguments: May be changed to others that mean the same; not copied, since they are large.
@inlinable @inline(always)
public func convolve<V: Vector>(_: V.Type, _ arguments: inout ConvolutionArguments) {
  // All pixels as one row: it splits into the fewest tiles.
  if !arguments.isPooled, let pixels = arguments.geometry.pointwisePixels,
    arguments.spacing?.isEven(arguments.geometry) ?? true
  {
    if let spacing = arguments.spacing {
      arguments.spacing = OutputSpacing(height: 1, width: pixels, channels: spacing.pixel)
    }
    arguments.geometry.batch = 1
    arguments.geometry.inputHeight = 1
    arguments.geometry.outputHeight = 1
    arguments.geometry.inputWidth = pixels
    arguments.geometry.outputWidth = pixels
  }
  let geometry = arguments.geometry
  assert(geometry.inputChannels % arguments.groups == 0)
  assert(geometry.outputChannels % arguments.groups == 0)
  assert(arguments.activation.isFused)
  assert(!arguments.isPooled || arguments.scratch != nil && arguments.addend == nil)
  assert(!arguments.isPooled || arguments.beginsSums && arguments.endsSums)
  let slicing = ConvolutionSlicing(V.self, arguments)
  // Weights that stay in the cache are gone through for one line after the other, so that each line is
  // read and written once; of larger ones, a slice at a time. Some lines at once where edges go down the columns.
  let weights =
    arguments.panels.count * Panel.width * geometry.windowHeight * geometry.windowWidth
    * arguments.inputs.count
  let isLineByLine = slicing.count > 1 && weights <= Convolution.cachedWeights
  let interior = geometry.interiorColumns
  let hasEdges = interior.upper - interior.lower < geometry.outputWidth && !arguments.isPooled
  let linesAtOnce = isLineByLine ? (hasEdges && V.registers > 8 ? 12 : 1) : arguments.lines.count
  var line = arguments.lines.lower
  while line < arguments.lines.upper {
    // Where line follows line, the first finds the weights for the others.
    let isFirst = line == arguments.lines.lower
    var index = 0
    while index < slicing.count {
      var next: UnsafePointer<Float>?
      if WeightsAhead.isUsed(V.self) && isFirst && index < slicing.count - 1 {
        next = slicing.slice(slicing.position(index + 1, arguments), arguments).weights
      }
      convolveLines(
        V.self, &arguments, slicing.slice(slicing.position(index, arguments), arguments),
        WorkRange(line, min(line + linesAtOnce, arguments.lines.upper)), next: next)
      index += 1
    }
    line += linesAtOnce
  }
}

/// Computes some lines of one slice of output channels, and asks for the weights of the `next`.
///
/// The arguments are only read: inout, so that they are not copied where stack is scarce.
@inlinable @inline(always)
func convolveLines<V: Vector>(
  _: V.Type, _ arguments: inout ConvolutionArguments, _ slice: ConvolutionSlice, _ lines: WorkRange,
  next: UnsafePointer<Float>?
) {
  let geometry = arguments.geometry
  let isPooled = arguments.isPooled
  let isRun =
    geometry.outputHeight == 1 && geometry.batch == 1 && !isPooled
    && geometry.pointwisePixels != nil && (arguments.spacing?.isEven(geometry) ?? true)
  let layout = TapLayout(geometry, slice)
  let spacing =
    arguments.spacing
    ?? OutputSpacing(
      height: geometry.outputHeight, width: geometry.outputWidth,
      channels: geometry.outputChannels)
  var row = TileRow(layout, slice, geometry)
  row.outputStride = spacing.pixel
  if isPooled {
    row.outputStride = slice.vectors * V.count
    row.channels = row.outputStride
  }
  // Not where the outputs hold something already: sums to go on with, an addend that is the same
  // memory, other slices' channels, other values' between them.
  row.runsOver =
    layout.blocks == 1 && arguments.beginsSums && arguments.addend == nil && !isPooled
    && arguments.spacing == nil
    && slice.outputs == geometry.outputChannels && slice.vectors * V.count <= 2 * slice.outputs
  let limit = TileSize.maximumPixels(V.self, vectors: slice.vectors, products: layout.products)
  let pairs = PooledPairs(
    V.self, geometry, isPooled: isPooled, layout, vectors: slice.vectors)
  if let next, lines.count > 0 {
    let width = isRun ? Convolution.lineWidth(geometry.outputWidth) : geometry.outputWidth
    let tiles = (isPooled ? 2 : 1) * layout.blocks * ((width + limit - 1) / limit)
    row.ahead = WeightsAhead(
      next, count: Panel.count(slice.vectors * V.count) * slice.panelStride,
      tiles: lines.count * (pairs.lines.count > 0 ? pairs.tilesPerLine : tiles),
      steps: layout.products / layout.blocks)
  }
  if pairs.lines.count > 0 {
    computePairs(V.self, &arguments, slice, layout, pairs, lines, row)
    if pairs.lines.count == geometry.outputHeight / 2 { return }
  }
  // Not where a pooling waits for whole rows, or code is to be small.
  var strips = ConvolutionStrips(
    geometry, lines, limit: limit, isPooled: isPooled, isRun: isRun,
    byColumns: V.registers > 8 && !isPooled && !isRun && lines.count > 1)
  while let strip = strips.next() {
    if isPooled && pairs.hold(line: strip.y / 2) { continue }
    if strip.isColumn {
      // As it stays: columns come last. A pixel's neighbour in memory is not the next of the strip.
      row.pixelStride = geometry.strideY * geometry.inputWidth * geometry.inputChannels
      row.outputStride = spacing.row
      row.runsOver = false
    }
    computeStrip(V.self, &arguments, slice, layout, strip, spacing, &row)
    guard isPooled && strip.y % 2 == 1 else { continue }
    let pooled = PooledLine(
      &arguments, slice, strip.image * (geometry.outputHeight / 2) + strip.y / 2)
    // Nothing is trained where code is to be small.
    if V.registers == 8 || arguments.places == nil {
      poolLine(V.self, &arguments, slice, pooled)
    } else {
      poolLineTracking(V.self, &arguments, slice, pooled)
    }
  }
}

/// Computes the outputs of a strip: into the scratch memory, a row beside the other, where they are pooled.
@inlinable @inline(always)
func computeStrip<V: Vector>(
  _: V.Type, _ arguments: inout ConvolutionArguments, _ slice: ConvolutionSlice,
  _ layout: TapLayout, _ strip: ConvolutionStrip, _ spacing: OutputSpacing, _ row: inout TileRow
) {
  let geometry = arguments.geometry
  let blocks = layout.blocks
  let source = arguments.input + (strip.image * geometry.inputCount + slice.firstInput)
  let offset =
    strip.image * spacing.image + strip.y * spacing.row + strip.x * spacing.pixel
    + slice.firstOutput
  var target = arguments.output + offset
  if arguments.isPooled, let scratch = arguments.scratch {
    target = scratch + strip.y % 2 * geometry.outputWidth * row.outputStride
  }
  // Long sums are taken a part of each run at a time: the first begins at the bias, the last ends
  // with the activation.
  var block = 0
  while block < blocks {
    let isLast = block == blocks - 1 && arguments.endsSums
    row.bias = block == 0 && arguments.beginsSums ? slice.bias : nil
    row.scale = isLast ? slice.scale : nil
    row.shift = isLast ? slice.shift : nil
    row.activation = isLast ? arguments.activation : .linear
    let addend = isLast ? arguments.addend.map { $0 + offset } : nil
    var pixel = 0
    while pixel < strip.count {
      let rows = geometry.rows(ofOutput: strip.y + (strip.isColumn ? pixel : 0))
      let columns = geometry.columns(ofOutput: strip.x + (strip.isColumn ? 0 : pixel))
      let length = layout.isContiguous ? columns.count * slice.inputs : slice.inputs
      let first = blocks == 1 ? 0 : length * block / blocks
      row.rows = columns.count == 0 ? 0 : rows.count
      row.runs = layout.isContiguous ? 1 : columns.count
      row.runLength = (blocks == 1 ? length : length * (block + 1) / blocks) - first
      row.weights =
        slice.weights + rows.first * row.weightRowStride
        + (columns.first * slice.inputs + first) * Panel.width
      let step = strip.split.step(from: pixel)
      row.isEnd = pixel + step.tiles * step.height == strip.count
      let position = rows.position * geometry.inputWidth + columns.position
      computeTiles(
        V.self, step.tiles, pixels: step.height, vectors: slice.vectors, &row,
        source + (position * geometry.inputChannels + first),
        target + pixel * row.outputStride, addend.map { $0 + pixel * row.outputStride })
      pixel += step.tiles * step.height
    }
    block += 1
  }
}
