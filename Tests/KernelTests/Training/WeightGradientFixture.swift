import Kernel

/// A random convolution's input and output gradient, and what the gradient of its weights should be.
struct WeightGradientFixture {
  let geometry: WindowGeometry
  let groups: Int
  let input: [Float]
  /// What the kernels are given: the gradient of the outputs, or of the pooling behind them.
  let given: [Float]
  /// Where the results of the pooling come from, where there is one.
  let places: [Float]?
  /// The gradient of the outputs.
  private let outputGradient: [Float]

  init(
    _ geometry: WindowGeometry, groups: Int = 1, isPooled: Bool = false,
    using random: inout SeededGenerator
  ) {
    self.geometry = geometry
    self.groups = groups
    input = random.floats(geometry.batch * geometry.inputCount)
    guard isPooled else {
      outputGradient = random.floats(geometry.batch * geometry.outputCount)
      given = outputGradient
      places = nil
      return
    }
    let (rows, columns) = (geometry.outputHeight / 2, geometry.outputWidth / 2)
    let channels = geometry.outputChannels
    given = random.floats(geometry.batch * rows * columns * channels)
    // The fifth place is nowhere: behind a ReLU.
    let places = given.map { _ in Float(random.pick([0, 1, 2, 3, 4])) }
    var spread = [Float](repeating: 0, count: geometry.batch * geometry.outputCount)
    for (index, place) in places.enumerated() where place < 4 {
      let (pixel, channel) = (index / channels, index % channels)
      let (line, x) = (pixel / columns, pixel % columns)
      let (picture, y) = (line / rows, line % rows)
      let row = picture * geometry.outputHeight + 2 * y + Int(place) / 2
      spread[(row * geometry.outputWidth + 2 * x + Int(place) % 2) * channels + channel] =
        given[index]
    }
    outputGradient = spread
    self.places = places
  }

  /// The gradient of one weight, by its place in `Panel`'s layout, in double precision, and the sum of the
  /// terms' magnitudes and their number; nil where no weight is.
  func weight(_ index: Int, pictures: Range<Int>) -> (Double, magnitudes: Double, terms: Int)? {
    let inputs = geometry.inputChannels / groups
    let outputs = geometry.outputChannels / groups
    let rows = geometry.windowHeight * geometry.windowWidth * inputs
    let (panel, row) = (index / (rows * 16), index / 16 % rows)
    let group = panel / Panel.count(outputs)
    let output = panel % Panel.count(outputs) * 16 + index % 16
    guard output < outputs else { return nil }
    let (tap, channel) = (row / inputs, group * inputs + row % inputs)
    var (sum, magnitudes, terms) = (0.0, 0.0, 0)
    forEachPixel(pictures) { picture, y, x in
      let rowOfInput =
        y * geometry.strideY - geometry.paddingTop + tap / geometry.windowWidth * geometry.dilationY
      let column =
        x * geometry.strideX - geometry.paddingLeft
        + tap % geometry.windowWidth * geometry.dilationX
      guard (0..<geometry.inputHeight).contains(rowOfInput),
        (0..<geometry.inputWidth).contains(column)
      else { return }
      let pixel = (picture * geometry.inputHeight + rowOfInput) * geometry.inputWidth + column
      let value = Double(input[pixel * geometry.inputChannels + channel])
      let product = value * gradient(picture, y, x, group * outputs + output)
      sum += product
      magnitudes += abs(product)
      terms += 1
    }
    return (sum, magnitudes, terms)
  }

  /// The gradient of one bias, by its place among the padded ones; nil where none is.
  func bias(_ index: Int, pictures: Range<Int>) -> (Double, magnitudes: Double, terms: Int)? {
    let outputs = geometry.outputChannels / groups
    let perGroup = Panel.count(outputs) * 16
    guard index % perGroup < outputs else { return nil }
    let channel = index / perGroup * outputs + index % perGroup
    var (sum, magnitudes, terms) = (0.0, 0.0, 0)
    forEachPixel(pictures) { picture, y, x in
      sum += gradient(picture, y, x, channel)
      magnitudes += abs(gradient(picture, y, x, channel))
      terms += 1
    }
    return (sum, magnitudes, terms)
  }

  private func gradient(_ picture: Int, _ y: Int, _ x: Int, _ channel: Int) -> Double {
    let pixel = (picture * geometry.outputHeight + y) * geometry.outputWidth + x
    return Double(outputGradient[pixel * geometry.outputChannels + channel])
  }

  private func forEachPixel(_ pictures: Range<Int>, _ body: (Int, Int, Int) -> Void) {
    for picture in pictures {
      for y in 0..<geometry.outputHeight {
        for x in 0..<geometry.outputWidth { body(picture, y, x) }
      }
    }
  }

  var weightCount: Int {
    geometry.windowHeight * geometry.windowWidth * geometry.inputChannels / groups * biasCount
  }

  var biasCount: Int { groups * Panel.count(geometry.outputChannels / groups) * 16 }

  /// Where a gradient is further from the plain loop's than rounding explains, as `WindowFixture.expected`
  /// says; nil where it is not.
  ///
  /// - Parameter factor: What the method's own arithmetic makes of rounding errors.
  func firstError(
    weights: [Float], biases: [Float], pictures: Range<Int>, times: Double = 1, factor: Double = 1
  ) -> String? {
    func check(
      _ name: String, _ values: [Float],
      _ expected: (Int, Range<Int>) -> (Double, magnitudes: Double, terms: Int)?
    ) -> String? {
      for (index, value) in values.enumerated() {
        guard let (exact, magnitudes, terms) = expected(index, pictures) else {
          if value != 0 { return "\(name) \(index) behind the channels is \(value)" }
          continue
        }
        let tolerance =
          times * factor * unitRoundoff * (2 * Double(terms).squareRoot() + 4)
          * (magnitudes + factor - 1)
        guard abs(Double(value) - times * exact) <= tolerance else {
          return "\(name) \(index): \(value) instead of \(times * exact) ± \(tolerance) in "
            + "\(geometry), \(groups) groups"
        }
      }
      return nil
    }
    return check("weight", weights, { weight($0, pictures: $1) })
      ?? check("bias", biases, { bias($0, pictures: $1) })
  }
}
