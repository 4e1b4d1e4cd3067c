/// Where a tile's outputs begin.
@usableFromInline
struct WinogradTilePosition {
  @usableFromInline let image: Int
  @usableFromInline let y: Int
  @usableFromInline let x: Int

  @inlinable @inline(always)
  init(_ index: Int, _ geometry: WindowGeometry, tile: Int) {
    let across = (geometry.outputWidth + tile - 1) / tile
    let down = (geometry.outputHeight + tile - 1) / tile
    let line = index / across
    image = line / down
    y = (line - image * down) * tile
    x = (index - line * across) * tile
  }
}

/// Transforms the inputs of a block's tiles.
@inlinable @inline(always)
func transformInputs<V: Vector, Scheme: WinogradScheme>(
  _: V.Type, _: Scheme.Type, _ arguments: WinogradArguments, _ block: WinogradBlock
) {
  let geometry = arguments.geometry
  let layout = block.layout
  let channels = geometry.inputChannels
  let edge = Scheme.tile + 2
  let placeStride = block.inputStride
  var index = 0
  while index < block.tiles.count {
    let position = WinogradTilePosition(block.tiles.lower + index, geometry, tile: Scheme.tile)
    let y = position.y - geometry.paddingTop
    let x = position.x - geometry.paddingLeft
    let isInside =
      y >= 0 && x >= 0 && y + edge <= geometry.inputHeight && x + edge <= geometry.inputWidth
      && channels % V.count == 0
    var source = UnsafePointer(block.patch)
    var pixelStride = layout.inputs
    var rowStride = edge * layout.inputs
    if isInside {
      pixelStride = channels
      rowStride = geometry.inputWidth * channels
      source =
        arguments.input + (position.image * geometry.inputCount + y * rowStride + x * channels)
    } else {
      copyPatch(arguments, block, image: position.image, y: y, x: x, edge: edge)
    }
    var channel = 0
    while channel < channels {
      transformInput(
        V.self, Scheme.self, source + channel, rowStride, pixelStride,
        block.inputs + (index * layout.inputs + channel), placeStride)
      channel += V.count
    }
    index += 1
  }
}

/// Copies a tile's inputs, with zeros for what lies outside of the picture and for channels that there
/// are not.
@inlinable @inline(always)
func copyPatch(
  _ arguments: WinogradArguments, _ block: WinogradBlock, image: Int, y: Int, x: Int, edge: Int
) {
  let geometry = arguments.geometry
  let channels = geometry.inputChannels
  let stride = block.layout.inputs
  block.patch.update(repeating: 0, count: edge * edge * stride)
  var row = 0
  while row < edge {
    var column = 0
    while column < edge {
      if y + row >= 0 && y + row < geometry.inputHeight && x + column >= 0
        && x + column < geometry.inputWidth
      {
        let pixel = ((image * geometry.inputHeight + y + row) * geometry.inputWidth + x + column)
        (block.patch + (row * edge + column) * stride)
          .update(from: arguments.input + pixel * channels, count: channels)
      }
      column += 1
    }
    row += 1
  }
}

/// Transforms one vector of channels of a tile's inputs: columns first, then rows.
@inlinable @inline(always)
func transformInput<V: Vector, Scheme: WinogradScheme>(
  _: V.Type, _: Scheme.Type, _ source: UnsafePointer<Float>, _ rowStride: Int, _ pixelStride: Int,
  _ target: UnsafeMutablePointer<Float>, _ placeStride: Int
) {
  let edge = Scheme.tile + 2
  var columns = InlineArray<6, InlineArray<6, V>>(repeating: InlineArray(repeating: .zeros))
  var x = 0
  while x < edge {
    var d = InlineArray<6, V>(repeating: .zeros)
    var y = 0
    while y < edge {
      d[unchecked: y] = V.load(source + (y * rowStride + x * pixelStride))
      y += 1
    }
    columns[unchecked: x] = Scheme.transformInput(d)
    x += 1
  }
  var y = 0
  while y < edge {
    var d = InlineArray<6, V>(repeating: .zeros)
    x = 0
    while x < edge {
      d[unchecked: x] = columns[unchecked: x][unchecked: y]
      x += 1
    }
    let t = Scheme.transformInput(d)
    x = 0
    while x < edge {
      t[unchecked: x].store(target + (y * edge + x) * placeStride)
      x += 1
    }
    y += 1
  }
}

/// Transforms the products of a block's tiles and stores the outputs.
@inlinable @inline(always)
func transformOutputs<V: Vector, Scheme: WinogradScheme>(
  _: V.Type, _: Scheme.Type, _ arguments: WinogradArguments, _ block: WinogradBlock
) {
  let geometry = arguments.geometry
  let layout = block.layout
  let placeStride = block.productStride
  let first = arguments.panels.lower * Panel.width
  var last = arguments.panels.upper * Panel.width
  if last > geometry.outputChannels { last = geometry.outputChannels }
  var index = 0
  while index < block.tiles.count {
    let position = WinogradTilePosition(block.tiles.lower + index, geometry, tile: Scheme.tile)
    var channel = first
    while channel < last {
      let y = transformOutput(
        V.self, Scheme.self,
        UnsafePointer(block.products) + (index * layout.outputs + channel), placeStride)
      let left = geometry.outputChannels - channel
      finish(
        Scheme.self, y, arguments, position, channel: channel,
        lanes: left < V.count ? left : V.count)
      channel += V.count
    }
    index += 1
  }
}

/// The outputs of one vector of channels of a tile: columns first, then rows.
@inlinable @inline(always)
func transformOutput<V: Vector, Scheme: WinogradScheme>(
  _: V.Type, _: Scheme.Type, _ source: UnsafePointer<Float>, _ placeStride: Int
) -> InlineArray<4, InlineArray<4, V>> {
  let edge = Scheme.tile + 2
  var columns = InlineArray<6, InlineArray<4, V>>(repeating: InlineArray(repeating: .zeros))
  var x = 0
  while x < edge {
    var m = InlineArray<6, V>(repeating: .zeros)
    var y = 0
    while y < edge {
      m[unchecked: y] = V.load(source + (y * edge + x) * placeStride)
      y += 1
    }
    columns[unchecked: x] = Scheme.transformOutput(m)
    x += 1
  }
  var result = InlineArray<4, InlineArray<4, V>>(repeating: InlineArray(repeating: .zeros))
  var y = 0
  while y < Scheme.tile {
    var m = InlineArray<6, V>(repeating: .zeros)
    x = 0
    while x < edge {
      m[unchecked: x] = columns[unchecked: x][unchecked: y]
      x += 1
    }
    result[unchecked: y] = Scheme.transformOutput(m)
    y += 1
  }
  return result
}

/// Applies bias, scale, shift, addend, activation and pooling to a tile's outputs and stores those that
/// are inside of the picture.
@inlinable @inline(always)
func finish<V: Vector, Scheme: WinogradScheme>(
  _: Scheme.Type, _ tile: InlineArray<4, InlineArray<4, V>>, _ arguments: WinogradArguments,
  _ position: WinogradTilePosition, channel: Int, lanes: Int
) {
  let geometry = arguments.geometry
  let isBounded = arguments.activation.function == .reluBounded
  let lowest = V(repeating: arguments.activation.function == .linear ? -.infinity : 0)
  let highest = V(repeating: isBounded ? arguments.activation.alpha : .infinity)
  let bias = V.load(arguments.bias + channel)
  let scale = arguments.scale.map { V.load($0 + channel) }
  let shift = arguments.shift.map { V.load($0 + channel) }
  let perRow = arguments.isPooled ? geometry.outputWidth / 2 : geometry.outputWidth
  let perImage = arguments.isPooled ? geometry.outputHeight / 2 : geometry.outputHeight
  var values = tile
  var y = 0
  while y < Scheme.tile {
    var x = 0
    while x < Scheme.tile {
      var value = bias + values[unchecked: y][unchecked: x]
      if let scale, let shift { value = shift.fusedAddingProduct(value, scale) }
      if let addend = arguments.addend, position.y + y < perImage, position.x + x < perRow {
        let line = position.image * perImage + position.y + y
        let source = addend + ((line * perRow + position.x + x) * geometry.outputChannels + channel)
        value = (lanes == V.count ? V.load(source) : V.load(source, lanes: lanes)) + value
      }
      values[unchecked: y][unchecked: x] =
        value.clampedBelow(by: lowest).clampedAbove(by: highest)
      x += 1
    }
    y += 1
  }
  let step = arguments.isPooled ? 2 : 1
  y = 0
  while y < Scheme.tile {
    let row = (position.y + y) / step
    var x = 0
    while x < Scheme.tile {
      let column = (position.x + x) / step
      if row < perImage && column < perRow {
        var value = values[unchecked: y][unchecked: x]
        if arguments.isPooled {
          value = value.maximum(values[unchecked: y][unchecked: x + 1])
            .maximum(
              values[unchecked: y + 1][unchecked: x]
                .maximum(values[unchecked: y + 1][unchecked: x + 1]))
        }
        let line = position.image * perImage + row
        let target =
          arguments.output + ((line * perRow + column) * geometry.outputChannels + channel)
        if lanes == V.count { value.store(target) } else { value.store(target, lanes: lanes) }
      }
      x += step
    }
    y += step
  }
}
