/// Direct two-dimensional convolution: any window, stride, dilation, padding and groups.
///
/// A register tile of neighbouring pixels and of up to four vectors of output channels is computed at
/// a time; padding is never materialised, the taps outside of the picture are left out. The sum of an
/// output goes over window rows, window columns and input channels in that order, whatever the tile.
@inlinable @inline(always)
public func convolve<V: Vector>(_: V.Type, _ arguments: ConvolutionArguments) {
  let geometry = arguments.geometry
  let groups = arguments.groups
  assert(geometry.inputChannels % groups == 0 && geometry.outputChannels % groups == 0)
  assert(arguments.activation.isFused)
  let inputsPerGroup = geometry.inputChannels / groups
  let outputsPerGroup = geometry.outputChannels / groups
  let panels = Panel.count(outputsPerGroup)
  let panelStride = geometry.windowHeight * geometry.windowWidth * inputsPerGroup * Panel.width
  let maximumVectors = V.registers == 32 && V.count == Panel.width ? 4 : 2

  var group = 0
  while group < groups {
    var channel = 0
    while channel < outputsPerGroup {
      // Whole vectors from the first channel on; the last may be in part.
      var vectors = (outputsPerGroup - channel + V.count - 1) / V.count
      if vectors > maximumVectors { vectors = maximumVectors }
      let panel = group * panels + channel / Panel.width
      let within = channel % Panel.width
      let padded = panel * Panel.width + within
      let slice = ConvolutionSlice(
        weights: arguments.weights + (panel * panelStride + within), panelStride: panelStride,
        bias: arguments.bias + padded, scale: arguments.scale.map { $0 + padded },
        shift: arguments.shift.map { $0 + padded },
        firstInput: group * inputsPerGroup, inputs: inputsPerGroup,
        firstOutput: group * outputsPerGroup + channel, outputs: outputsPerGroup - channel,
        vectors: vectors)
      convolveSlice(V.self, arguments, slice)
      channel += vectors * V.count
    }
    group += 1
  }
}

/// The output channels that one pass over the pictures computes: up to four vectors of them.
@usableFromInline
struct ConvolutionSlice {
  @usableFromInline let weights: UnsafePointer<Float>
  @usableFromInline let panelStride: Int
  @usableFromInline let bias: UnsafePointer<Float>
  @usableFromInline let scale: UnsafePointer<Float>?
  @usableFromInline let shift: UnsafePointer<Float>?
  @usableFromInline let firstInput: Int
  @usableFromInline let inputs: Int
  @usableFromInline let firstOutput: Int
  @usableFromInline let outputs: Int
  @usableFromInline let vectors: Int

  @inlinable @inline(always)
  init(
    weights: UnsafePointer<Float>, panelStride: Int, bias: UnsafePointer<Float>,
    scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?, firstInput: Int, inputs: Int,
    firstOutput: Int, outputs: Int, vectors: Int
  ) {
    self.weights = weights
    self.panelStride = panelStride
    self.bias = bias
    self.scale = scale
    self.shift = shift
    self.firstInput = firstInput
    self.inputs = inputs
    self.firstOutput = firstOutput
    self.outputs = outputs
    self.vectors = vectors
  }
}

/// How many products are added up, at most, before the sum joins the output.
///
/// Rounding errors grow with the length of a sum: a dense layer of 20,000 inputs, added up one by one,
/// would be off by several times what blocks of this size are. The same for every instruction set, so
/// that those with FMA agree bit for bit.
@inlinable @inline(always)
var longestSum: Int { 1024 }

@inlinable @inline(always)
func convolveSlice<V: Vector>(
  _: V.Type, _ arguments: ConvolutionArguments, _ slice: ConvolutionSlice
) {
  let geometry = arguments.geometry
  let interior = geometry.interiorColumns
  let split = TileSplit(
    V.self, width: interior.upper - interior.lower, vectors: slice.vectors)
  // With every input channel taken and no dilation, a window's row is one run of memory.
  let isContiguous =
    geometry.dilationX == 1 && slice.inputs == geometry.inputChannels || geometry.windowWidth == 1
  let taps = geometry.windowHeight * geometry.windowWidth
  let blocks = (taps * slice.inputs + longestSum - 1) / longestSum
  var row = TileRow(
    weights: slice.weights, panelStride: slice.panelStride, rows: 0,
    rowStride: geometry.dilationY * geometry.inputWidth * geometry.inputChannels,
    weightRowStride: geometry.windowWidth * slice.inputs * Panel.width, runs: 1,
    runStride: geometry.dilationX * geometry.inputChannels,
    weightRunStride: slice.inputs * Panel.width, runLength: 0,
    pixelStride: geometry.strideX * geometry.inputChannels,
    outputStride: geometry.outputChannels, bias: nil, scale: nil, shift: nil,
    activation: .linear, channels: slice.outputs)

  var line = 0
  while line < geometry.batch * geometry.outputHeight {
    let image = line / geometry.outputHeight
    let y = line - image * geometry.outputHeight
    let rows = geometry.rows(ofOutput: y)
    let source =
      arguments.input
      + (image * geometry.inputCount + slice.firstInput
        + rows.position * geometry.inputWidth * geometry.inputChannels)
    let target =
      arguments.output
      + (line * geometry.outputWidth * geometry.outputChannels + slice.firstOutput)
    let weights = slice.weights + rows.first * row.weightRowStride

    // Long sums are taken a part of each run at a time: the first begins at the bias, the last ends
    // with the activation.
    var block = 0
    while block < blocks {
      let isLast = block == blocks - 1
      row.bias = block == 0 ? slice.bias : nil
      row.scale = isLast ? slice.scale : nil
      row.shift = isLast ? slice.shift : nil
      row.activation = isLast ? arguments.activation : .linear
      var x = 0
      while x < geometry.outputWidth {
        let columns = geometry.columns(ofOutput: x)
        let length = isContiguous ? columns.count * slice.inputs : slice.inputs
        let begin = length * block / blocks
        row.rows = columns.count == 0 ? 0 : rows.count
        row.runs = isContiguous ? 1 : columns.count
        row.runLength = length * (block + 1) / blocks - begin
        row.weights = weights + (columns.first * slice.inputs + begin) * Panel.width
        let step = split.step(from: x, interior)
        computeTiles(
          V.self, step.tiles, pixels: step.height, vectors: slice.vectors, row,
          source + (columns.position * geometry.inputChannels + begin),
          target + x * geometry.outputChannels)
        x += step.tiles * step.height
      }
      block += 1
    }
    line += 1
  }
}

/// A row of pixels split into tiles as equal in height as can be: the first `tallTiles` have one pixel
/// more than `height`.
@usableFromInline
struct TileSplit {
  @usableFromInline let tiles: Int
  @usableFromInline let height: Int
  @usableFromInline let tallTiles: Int

  @inlinable @inline(always)
  init<V: Vector>(_: V.Type, width: Int, vectors: Int) {
    let limit: Int
    switch vectors {
    case 1: limit = 12
    case 2: limit = V.registers == 32 ? 12 : 6
    case 3: limit = 8
    default: limit = 6
    }
    tiles = (width + limit - 1) / limit
    height = tiles == 0 ? 0 : width / tiles
    tallTiles = tiles == 0 ? 0 : width % tiles
  }

  /// The next run of equal tiles from output column `x` on: inside of the picture the tall ones, then
  /// the others; at its edges a pixel by itself, by the taps that it has.
  @inlinable @inline(always)
  func step(from x: Int, _ interior: (lower: Int, upper: Int)) -> (tiles: Int, height: Int) {
    if x < interior.lower || x >= interior.upper { return (1, 1) }
    if x == interior.lower && tallTiles > 0 { return (tallTiles, height + 1) }
    return (tiles - tallTiles, height)
  }
}
