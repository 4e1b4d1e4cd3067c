import Kernel
import Runtime

extension Lowering {
  /// Chooses each convolution's method.
  ///
  /// - Parameter pictures: How many are computed at a time, at most.
  mutating func chooseAlgorithms(_ algorithm: ConvolutionAlgorithm, pictures: Int) {
    for index in steps.indices
    where steps[index].kernel != nil || steps[index].variableKernel != nil {
      guard let window = steps[index].window else { continue }
      steps[index].winogradTile = WinogradCost.tile(
        window, algorithm: algorithm, pictures: pictures)
    }
    for index in steps.indices where steps[index].kind == .weightGradient {
      guard steps[index].isAccumulated, steps[index].places == nil,
        let window = steps[index].window,
        WinogradCost.isBetterForWeights(window, algorithm: algorithm)
      else { continue }
      steps[index].kind = .winogradWeightGradient
      steps[index].scale = WinogradWeights.matrix(tile: WinogradGradient.tile).flatMap {
        $0.map { Float($0) }
      }
    }
  }
}

/// What Winograd's method costs beside direct convolution.
///
/// Times are in multiply-adds at the direct rate. A tile of m by m outputs takes (m + 2)² products for
/// each pair of channels, which is where the saving is; the transforms of its inputs and outputs take
/// some operations for each channel; and (m + 2)² / 9 times as many weights are read, which for few
/// pixels is what takes the time. The figures were fitted to measurements with AVX-512 and AVX2: see
/// docs/performance.md.
enum WinogradCost {
  /// The tile that is used: 0 for direct convolution.
  static func tile(
    _ window: Runtime.Operation.Window, algorithm: ConvolutionAlgorithm, pictures: Int
  ) -> Int {
    let geometry = window.geometry
    guard window.suitsWinograd, algorithm != .direct else { return 0 }
    let tiles = [2, 4]
    let costs = tiles.map { cost(geometry, tile: $0, pictures: pictures) }
    let best = costs[0] < costs[1] ? 0 : 1
    if algorithm == .winograd { return tiles[best] }
    return costs[best] < directCost(geometry, pictures: pictures) ? tiles[best] : 0
  }

  /// Whether the gradient of the weights is computed by Winograd's method: where its products and the transforms
  /// take less than the direct ones, unless one is asked for.
  static func isBetterForWeights(
    _ window: Runtime.Operation.Window, algorithm: ConvolutionAlgorithm
  ) -> Bool {
    let geometry = window.geometry
    guard window.suitsWinograd, algorithm != .direct else { return false }
    if algorithm == .winograd { return true }
    let panels = Panel.count(geometry.outputChannels) * Panel.width
    let inputs = Panel.count(geometry.inputChannels) * Panel.width
    let values = Double(36 * Winograd.tileCount(geometry, tile: WinogradGradient.tile))
    let products = values * Double(geometry.inputChannels * panels)
    let transforms = values * gradientTransformCost * Double(inputs + panels)
    let direct = 9 * geometry.outputHeight * geometry.outputWidth * geometry.inputChannels * panels
    return products + transforms < Double(direct)
  }

  /// The multiply-adds that take as long as one channel of one value of a tile in a weight gradient's transforms.
  private static let gradientTransformCost = 27.0

  /// The multiply-adds that take as long as one weight from beyond the caches.
  private static let weightCost = 10.0
  /// The floats of weights that stay in the caches.
  private static let cachedWeights = 1 << 18

  static func directCost(_ geometry: WindowGeometry, pictures: Int) -> Double {
    let panels = Panel.count(geometry.outputChannels) * Panel.width
    let weights = 9 * geometry.inputChannels * panels
    let pixels = pictures * geometry.outputHeight * geometry.outputWidth
    return Double(pixels * weights) + readCost(weights, pictures)
  }

  static func cost(_ geometry: WindowGeometry, tile: Int, pictures: Int) -> Double {
    let panels = Panel.count(geometry.outputChannels) * Panel.width
    let inputs = Panel.count(geometry.inputChannels) * Panel.width
    let area = (tile + 2) * (tile + 2)
    let tiles =
      pictures * ((geometry.outputHeight + tile - 1) / tile)
      * ((geometry.outputWidth + tile - 1) / tile)
    let weights = area * geometry.inputChannels * panels
    let transforms = Double(tiles * area) * (transformCost * Double(inputs + panels))
    return Double(tiles * weights) + transforms + readCost(weights, pictures)
  }

  /// The multiply-adds that take as long as one channel of one value of a tile in both transforms.
  private static let transformCost = 12.0

  private static func readCost(_ weights: Int, _ pictures: Int) -> Double {
    weights <= cachedWeights ? 0 : weightCost * Double(weights)
  }
}
