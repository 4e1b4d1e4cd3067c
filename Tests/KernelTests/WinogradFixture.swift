import Kernel

/// A random Winograd convolution, its data, and what it should give.
struct WinogradFixture {
  var window: WindowFixture
  var tile: Int
  var isPooled: Bool
  /// As many as there are outputs, or nothing.
  var addend: [Float]?

  init(
    _ geometry: WindowGeometry, tile: Int, isPooled: Bool = false, isScaled: Bool = false,
    isAdded: Bool = false, activation: Activation = .linear, using random: inout SeededGenerator
  ) {
    window = WindowFixture(geometry, isScaled: isScaled, activation: activation, using: &random)
    self.tile = tile
    self.isPooled = isPooled
    addend = isAdded ? random.floats(geometry.batch * geometry.outputCount) : nil
  }

  var geometry: WindowGeometry { window.geometry }

  var outputCount: Int {
    let divisor = isPooled ? 2 : 1
    return geometry.batch * (geometry.outputHeight / divisor) * (geometry.outputWidth / divisor)
      * geometry.outputChannels
  }

  /// The kernel as the kernels take it: `G g Gᵀ` as `[n · n][panel][in][16]`.
  var transformedKernel: [Float] {
    let points = Self.points[tile]!
    var matrix = points.map { point -> [Double] in
      var product = 1.0
      for other in points where other != point { product *= point - other }
      return [1 / product, point / product, point * point / product]
    }
    matrix.append([0, 0, 1])
    let (inputs, outputs) = (geometry.inputChannels, geometry.outputChannels)
    let side = tile + 2
    let plane = Panel.count(outputs) * inputs * 16
    var result = [Float](repeating: 0, count: side * side * plane)
    for input in 0..<inputs {
      for output in 0..<outputs {
        let taps = (0..<9).map { Double(window.kernel[($0 * inputs + input) * outputs + output]) }
        for i in 0..<side {
          for j in 0..<side {
            var sum = 0.0
            for tap in 0..<9 {
              let factor: Double = matrix[i][tap / 3] * matrix[j][tap % 3]
              sum += factor * taps[tap]
            }
            let target = (output / 16 * inputs + input) * 16 + output % 16
            result[(i * side + j) * plane + target] = Float(sum)
          }
        }
      }
    }
    return result
  }

  /// The points of the kernels' transforms, but for infinity.
  private static let points: [Int: [Double]] = [
    2: [0, 1, -1],
    4: [0, 0.5.squareRoot(), -0.5.squareRoot(), 2.0.squareRoot(), -2.0.squareRoot()],
  ]

  /// How many times the unit roundoff of the largest sum of magnitudes an output may be off: the
  /// transforms mix a tile's values, so that the errors of small ones are those of the largest.
  private static let amplification: [Int: Double] = [2: 6, 4: 24]

  /// The outputs in double precision, and how far off single precision may be.
  func expected() -> (values: [Double], tolerance: Double) {
    var (values, magnitude) = convolved()
    var tolerance = unitRoundoff * Self.amplification[tile]! * magnitude
    let channels = geometry.outputChannels
    if let scale = window.scale, let shift = window.shift {
      tolerance *= Double(scale.map(\.magnitude).max()!)
      for index in values.indices {
        let channel = index % channels
        values[index] = values[index] * Double(scale[channel]) + Double(shift[channel])
      }
    }
    if let addend {
      for index in values.indices { values[index] += Double(addend[index]) }
    }
    tolerance += 4 * unitRoundoff * (values.map(\.magnitude).max() ?? 0)
    let activation = window.activation
    if activation.function != .linear { values = values.map { max($0, 0) } }
    if activation.function == .reluBounded {
      values = values.map { min($0, Double(activation.alpha)) }
    }
    return (isPooled ? pooled(values) : values, tolerance)
  }

  /// The sums with the bias, and the largest sum of magnitudes.
  private func convolved() -> ([Double], Double) {
    let g = geometry
    var values: [Double] = []
    var magnitude = 0.0
    for pixel in 0..<g.batch * g.outputHeight * g.outputWidth {
      let (image, y, x) = (
        pixel / (g.outputHeight * g.outputWidth), pixel / g.outputWidth % g.outputHeight,
        pixel % g.outputWidth
      )
      var sums = window.bias.map(Double.init)
      var magnitudes = sums.map(\.magnitude)
      for tap in 0..<9 {
        let (row, column) = (y - g.paddingTop + tap / 3, x - g.paddingLeft + tap % 3)
        guard 0..<g.inputHeight ~= row && 0..<g.inputWidth ~= column else { continue }
        for input in 0..<g.inputChannels {
          let source = ((image * g.inputHeight + row) * g.inputWidth + column) * g.inputChannels
          let value = Double(window.input[source + input])
          let weights = (tap * g.inputChannels + input) * g.outputChannels
          for output in 0..<g.outputChannels {
            let term = value * Double(window.kernel[weights + output])
            sums[output] += term
            magnitudes[output] += term.magnitude
          }
        }
      }
      values += sums
      magnitude = max(magnitude, magnitudes.max()!)
    }
    return (values, magnitude)
  }

  private func pooled(_ values: [Double]) -> [Double] {
    let g = geometry
    var result: [Double] = []
    for image in 0..<g.batch {
      for y in 0..<g.outputHeight / 2 {
        for x in 0..<g.outputWidth / 2 {
          for channel in 0..<g.outputChannels {
            let corners = (0..<4).map { corner in
              let row = image * g.outputHeight + 2 * y + corner / 2
              return values[
                (row * g.outputWidth + 2 * x + corner % 2) * g.outputChannels + channel]
            }
            result.append(corners.max()!)
          }
        }
      }
    }
    return result
  }
}
