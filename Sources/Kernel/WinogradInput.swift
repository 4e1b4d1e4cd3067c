/// Transforms the inputs of a block's tiles: `V = Bᵀ d B`, for each of the n × n elements a matrix of
/// tiles by input channels.
///
/// What sticks out of the picture is zero. Such tiles, and channels that do not fill a vector, are
/// first copied to a staging area, so that there is one transform only.
@inlinable @inline(always)
func transformInputs<V: Vector, T: WinogradTransform>(
  _: V.Type, _: T.Type, _ arguments: WinogradArguments, _ block: WinogradBlock
) {
  let geometry = arguments.geometry
  let side = T.tile + 2
  let channels = geometry.inputChannels
  var position = WinogradPosition(geometry, tile: T.tile, index: block.first)
  var index = 0
  while index < block.tiles {
    let y = position.row * T.tile - geometry.paddingTop
    let x = position.column * T.tile - geometry.paddingLeft
    let isInside =
      y >= 0 && x >= 0 && y + side <= geometry.inputHeight && x + side <= geometry.inputWidth
    let picture = arguments.input + position.image * geometry.inputCount
    var channel = 0
    while channel < channels {
      var source = UnsafePointer(block.staging)
      var rowStride = side * V.count
      var pixelStride = V.count
      if isInside && channels - channel >= V.count {
        rowStride = geometry.inputWidth * channels
        pixelStride = channels
        source = picture + (y * rowStride + x * pixelStride + channel)
      } else {
        stageInput(
          V.self, geometry, picture + channel, y: y, x: x, side: side, lanes: channels - channel,
          block.staging)
      }
      transformInput(
        V.self, T.self, source, rowStride: rowStride, pixelStride: pixelStride, block.lines,
        block.inputs + block.offset(tile: index, channel: channel), block.inputPlane)
      channel += V.count
    }
    position.advance()
    index += 1
  }
}

/// Transforms a vector of channels of one tile: rows into `lines`, then these by columns.
///
/// By way of memory, not in registers: of 36 vectors some would be spilled anyway, and these
/// loops stay small.
@inlinable @inline(always)
func transformInput<V: Vector, T: WinogradTransform>(
  _: V.Type, _: T.Type, _ source: UnsafePointer<Float>, rowStride: Int, pixelStride: Int,
  _ lines: UnsafeMutablePointer<Float>, _ target: UnsafeMutablePointer<Float>, _ plane: Int
) {
  let side = T.tile + 2
  var line = 0
  while line < side {
    var d = InlineArray<6, V>(repeating: V.zeros)
    var i = 0
    while i < side {
      d[unchecked: i] = V.load(source + (line * rowStride + i * pixelStride))
      i += 1
    }
    let v = T.transformed(input: d)
    i = 0
    while i < side {
      v[unchecked: i].store(lines + (line * side + i) * V.count)
      i += 1
    }
    line += 1
  }
  line = 0
  while line < side {
    var d = InlineArray<6, V>(repeating: V.zeros)
    var i = 0
    while i < side {
      d[unchecked: i] = V.load(lines + (i * side + line) * V.count)
      i += 1
    }
    let v = T.transformed(input: d)
    i = 0
    while i < side {
      v[unchecked: i].store(target + (i * side + line) * plane)
      i += 1
    }
    line += 1
  }
}

/// Copies a vector of channels of one tile, zeros where the tile is not in the picture.
@inlinable @inline(always)
func stageInput<V: Vector>(
  _: V.Type, _ geometry: WindowGeometry, _ source: UnsafePointer<Float>, y: Int, x: Int, side: Int,
  lanes: Int, _ staging: UnsafeMutablePointer<Float>
) {
  let channels = geometry.inputChannels
  let firstColumn = x < 0 ? -x : 0
  let endColumn = x + side <= geometry.inputWidth ? side : geometry.inputWidth - x
  var row = 0
  while row < side {
    let line = y + row
    let target = staging + row * side * V.count
    var column = 0
    if line >= 0 && line < geometry.inputHeight {
      let pixels = source + (line * geometry.inputWidth + x) * channels
      while column < firstColumn && column < side {
        V.zeros.store(target + column * V.count)
        column += 1
      }
      while column < endColumn {
        let pixel = pixels + column * channels
        let value = lanes >= V.count ? V.load(pixel) : V.load(pixel, lanes: lanes)
        value.store(target + column * V.count)
        column += 1
      }
    }
    while column < side {
      V.zeros.store(target + column * V.count)
      column += 1
    }
    row += 1
  }
}
