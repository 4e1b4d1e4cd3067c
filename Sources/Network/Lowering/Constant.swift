/// Constants of an operation.
enum Constant {
  case values([Float])
  /// A convolution's weights, which are packed when they are written: large ones are not held twice.
  case kernel(Tensor, winogradTile: Int, groups: Int)
  case narrow(NarrowWeights)

  /// The number of numbers.
  var count: Int {
    switch self {
    case .values(let values): values.count
    case .narrow(let weights): weights.bytes.count / weights.type.size
    case .kernel(let kernel, let tile, let groups):
      tile > 0
        ? WinogradWeights.count(kernel.shape, tile: tile)
        : PackedKernel.panelCount(kernel.shape, groups: groups)
    }
  }

  var byteCount: Int {
    switch self {
    case .values, .kernel: count * MemoryLayout<Float>.size
    case .narrow(let weights): weights.bytes.count
    }
  }

  /// Writes the constants to `byteCount` bytes of memory that is zero.
  func write(to bytes: UnsafeMutableRawBufferPointer) {
    let memory = bytes.assumingMemoryBound(to: Float.self)
    switch self {
    case .values(let values): _ = memory.update(from: values)
    case .narrow(let weights): bytes.copyBytes(from: weights.bytes)
    case .kernel(let kernel, let tile, let groups):
      if tile > 0 {
        WinogradWeights.write(kernel, tile: tile, to: memory)
      } else {
        PackedKernel.writePanels(kernel, groups: groups, to: memory)
      }
    }
  }
}
