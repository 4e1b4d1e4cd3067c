/// Constants of an operation.
enum Constant {
  case values([Float])
  /// A convolution's weights, which are packed when they are written: large ones are not held twice.
  case kernel(Tensor, winogradTile: Int, groups: Int)

  var count: Int {
    switch self {
    case .values(let values): values.count
    case .kernel(let kernel, let tile, let groups):
      tile > 0
        ? WinogradWeights.count(kernel.shape, tile: tile)
        : PackedKernel.panelCount(kernel.shape, groups: groups)
    }
  }

  /// Writes the constants to memory that is zero.
  func write(to memory: UnsafeMutableBufferPointer<Float>) {
    switch self {
    case .values(let values): _ = memory.update(from: values)
    case .kernel(let kernel, let tile, let groups):
      if tile > 0 {
        WinogradWeights.write(kernel, tile: tile, to: memory)
      } else {
        PackedKernel.writePanels(kernel, groups: groups, to: memory)
      }
    }
  }
}
