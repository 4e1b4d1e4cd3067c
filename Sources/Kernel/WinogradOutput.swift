/// Transforms the products of a block's tiles to outputs, `Aᵀ M A`, finishes and stores them.
///
/// Tiles that stick out of the picture, and channels that do not fill a vector, are written to a
/// staging area, from which is copied what exists.
@inlinable @inline(always)
func transformOutputs<V: Vector, T: WinogradTransform>(
  _: V.Type, _: T.Type, _ arguments: WinogradArguments, _ block: WinogradBlock
) {
  let geometry = arguments.geometry
  let channels = geometry.outputChannels
  let shrink = arguments.isPooled ? 2 : 1
  let side = T.tile / shrink
  let height = geometry.outputHeight / shrink
  let width = geometry.outputWidth / shrink
  let spacing =
    arguments.spacing ?? OutputSpacing(height: height, width: width, channels: channels)
  let firstChannel = block.panel * Panel.width
  let count = min(block.panels * Panel.width, channels - firstChannel)
  var position = WinogradPosition(geometry, tile: T.tile, index: block.first)
  var index = 0
  while index < block.tiles {
    let y = position.row * side
    let x = position.column * side
    let rows = min(side, height - y)
    let columns = min(side, width - x)
    let offset =
      position.image * spacing.image + y * spacing.row + x * spacing.pixel + firstChannel
    var channel = 0
    while channel < count {
      let lanes = min(V.count, count - channel)
      let isWhole = rows == side && columns == side && lanes == V.count
      let target = arguments.output + (offset + channel)
      var finish = WinogradFinish(
        target: isWhole ? target : block.staging,
        addend: arguments.addend.map { $0 + (offset + channel) },
        rowStride: isWhole ? spacing.row : side * V.count,
        pixelStride: isWhole ? spacing.pixel : V.count)
      if !isWhole, let addend = finish.addend {
        copyPixels(
          V.self, from: addend, rowStride: spacing.row, pixelStride: spacing.pixel,
          to: block.addend, rowStride: side * V.count, pixelStride: V.count, rows: rows,
          columns: columns, lanes: lanes)
        finish.addend = UnsafePointer(block.addend)
      }
      transformOutput(
        V.self, T.self, arguments, block.products + block.offset(tile: index, channel: channel),
        block.productPlane, block.lines, firstChannel + channel, finish)
      if !isWhole {
        copyPixels(
          V.self, from: UnsafePointer(block.staging), rowStride: side * V.count,
          pixelStride: V.count, to: target, rowStride: spacing.row, pixelStride: spacing.pixel,
          rows: rows, columns: columns, lanes: lanes)
      }
      channel += V.count
    }
    position.advance()
    index += 1
  }
}

/// Where a tile's outputs go: into the picture or to the staging area.
@usableFromInline
struct WinogradFinish {
  @usableFromInline var target: UnsafeMutablePointer<Float>
  @usableFromInline var addend: UnsafePointer<Float>?
  @usableFromInline var rowStride: Int
  @usableFromInline var pixelStride: Int

  @inlinable @inline(always)
  init(
    target: UnsafeMutablePointer<Float>, addend: UnsafePointer<Float>?, rowStride: Int,
    pixelStride: Int
  ) {
    self.target = target
    self.addend = addend
    self.rowStride = rowStride
    self.pixelStride = pixelStride
  }
}

/// Transforms a vector of channels of one tile: columns into `lines`, then these two rows at a time,
/// as pooling needs them.
@inlinable @inline(always)
func transformOutput<V: Vector, T: WinogradTransform>(
  _: V.Type, _: T.Type, _ arguments: WinogradArguments, _ source: UnsafePointer<Float>,
  _ plane: Int, _ lines: UnsafeMutablePointer<Float>, _ channel: Int, _ finish: WinogradFinish
) {
  let side = T.tile + 2
  var line = 0
  while line < side {
    var m = InlineArray<6, V>(repeating: V.zeros)
    var i = 0
    while i < side {
      m[unchecked: i] = V.load(source + (i * side + line) * plane)
      i += 1
    }
    let y = T.transformed(product: m)
    i = 0
    while i < T.tile {
      y[unchecked: i].store(lines + (i * side + line) * V.count)
      i += 1
    }
    line += 1
  }
  var row = 0
  while row < T.tile {
    let upper = finishedRow(V.self, T.self, arguments, lines, row, channel, finish)
    let lower = finishedRow(V.self, T.self, arguments, lines, row + 1, channel, finish)
    var i = 0
    if arguments.isPooled {
      let target = finish.target + row / 2 * finish.rowStride
      while i < T.tile / 2 {
        let above = upper[unchecked: 2 * i].maximum(upper[unchecked: 2 * i + 1])
        let below = lower[unchecked: 2 * i].maximum(lower[unchecked: 2 * i + 1])
        above.maximum(below).store(target + i * finish.pixelStride)
        i += 1
      }
    } else {
      let target = finish.target + row * finish.rowStride
      while i < T.tile {
        upper[unchecked: i].store(target + i * finish.pixelStride)
        lower[unchecked: i].store(target + (finish.rowStride + i * finish.pixelStride))
        i += 1
      }
    }
    row += 2
  }
}

/// A row of a tile's outputs: transformed, then bias, scale and shift, addend, activation.
@inlinable @inline(always)
func finishedRow<V: Vector, T: WinogradTransform>(
  _: V.Type, _: T.Type, _ arguments: WinogradArguments, _ lines: UnsafeMutablePointer<Float>,
  _ row: Int, _ channel: Int, _ finish: WinogradFinish
) -> InlineArray<4, V> {
  var m = InlineArray<6, V>(repeating: V.zeros)
  var i = 0
  while i < T.tile + 2 {
    m[unchecked: i] = V.load(lines + (row * (T.tile + 2) + i) * V.count)
    i += 1
  }
  var y = T.transformed(product: m)
  let bias = V.load(arguments.bias + channel)
  i = 0
  while i < T.tile {
    y[unchecked: i] = bias + y[unchecked: i]
    i += 1
  }
  if let scale = arguments.scale, let shift = arguments.shift {
    let scale = V.load(scale + channel)
    let shift = V.load(shift + channel)
    i = 0
    while i < T.tile {
      y[unchecked: i] = shift.fusedAddingProduct(y[unchecked: i], scale)
      i += 1
    }
  }
  if let addend = finish.addend {
    i = 0
    while i < T.tile {
      let pixel = addend + (row * finish.rowStride + i * finish.pixelStride)
      y[unchecked: i] = y[unchecked: i] + V.load(pixel)
      i += 1
    }
  }
  // Linear is clamping by nothing.
  let isLinear = arguments.activation.function == .linear
  let isBounded = arguments.activation.function == .reluBounded
  let lowest = V(repeating: isLinear ? -.infinity : 0)
  let highest = V(repeating: isBounded ? arguments.activation.alpha : .infinity)
  i = 0
  while i < T.tile {
    y[unchecked: i] = y[unchecked: i].clampedBelow(by: lowest).clampedAbove(by: highest)
    i += 1
  }
  return y
}

/// Copies the first `lanes` channels of a rectangle of pixels.
@inlinable @inline(always)
func copyPixels<V: Vector>(
  _: V.Type, from source: UnsafePointer<Float>, rowStride sourceRow: Int,
  pixelStride sourcePixel: Int, to target: UnsafeMutablePointer<Float>, rowStride targetRow: Int,
  pixelStride targetPixel: Int, rows: Int, columns: Int, lanes: Int
) {
  var row = 0
  while row < rows {
    var column = 0
    while column < columns {
      let from = source + (row * sourceRow + column * sourcePixel)
      let to = target + (row * targetRow + column * targetPixel)
      if lanes >= V.count {
        V.load(from).store(to)
      } else {
        V.load(from, lanes: lanes).store(to, lanes: lanes)
      }
      column += 1
    }
    row += 1
  }
}
