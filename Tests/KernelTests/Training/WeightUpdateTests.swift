import Kernel
import Testing

/// Updates of weights with three slots, and by norms, against the formulas in double precision.
struct WeightUpdateTests {
  private static let rate = 0.01
  private static let momentum = 0.5
  private static let kept = 0.9
  private static let epsilon = 1e-3
  private static let count = 208

  private static func numbers(norm: Float = .infinity, ridge: Float = 0) -> [Float] {
    var numbers = [Float](repeating: 0, count: UpdateNumber.count)
    func set(_ place: UpdateNumber, _ value: Double) { numbers[place.rawValue] = Float(value) }
    set(.rate, rate)
    set(.decay, 1)
    set(.momentum, momentum)
    set(.firstTaken, 1 - kept)
    set(.secondKept, kept)
    set(.secondTaken, 1 - kept)
    set(.epsilon, epsilon)
    set(.clip, .infinity)
    set(.scale, 1)
    numbers[UpdateNumber.norm.rawValue] = norm
    numbers[UpdateNumber.ridge.rawValue] = ridge
    return numbers
  }

  /// Weights, a gradient and slots; the squares are above zero.
  private struct Values {
    var weights: [Float]
    var gradient: [Float]
    var slots: [[Float]]

    init(_ random: inout SeededGenerator) {
      weights = random.floats(count, in: -1...1)
      gradient = random.floats(count, in: -1...1)
      slots = [
        random.floats(count, in: 0.1...1), random.floats(count, in: 0.1...1),
        random.floats(count, in: 0.1...1),
      ]
    }

    mutating func update(
      _ tested: TestedTraining, _ rule: UpdateRule, _ numbers: [Float], squares: Float? = nil
    ) {
      withArguments(rule, numbers, squares: squares) { tested.kernels.updateWeights($0) }
    }

    mutating func withArguments(
      _ rule: UpdateRule, _ numbers: [Float], squares: Float?, _ body: (UpdateArguments) -> Void
    ) {
      // All in one array, whose memory stays where it is.
      let sum = [squares ?? 0] + [Float](repeating: 0, count: 15)
      var memory = weights + gradient + slots.flatMap { $0 } + numbers + sum
      memory.withUnsafeMutableBufferPointer { memory in
        guard let base = memory.baseAddress else { return }
        let parts = (0...5).map { base + $0 * count }
        body(
          UpdateArguments(
            rule: rule, weights: parts[0], gradient: parts[1], firstSlot: parts[2],
            secondSlot: parts[3], thirdSlot: parts[4],
            squares: squares == nil ? nil : UnsafePointer(parts[5] + UpdateNumber.count),
            numbers: parts[5], count: count))
      }
      weights = Array(memory[..<count])
      slots = (2...4).map { Array(memory[$0 * count..<($0 + 1) * count]) }
    }
  }

  /// What a weight and its slots become.
  private static func expected(
    _ rule: UpdateRule, _ w: Double, _ g: Double, _ s: [Double]
  ) -> (weight: Double, slots: [Double]) {
    let taken = 1 - kept
    switch rule {
    case .amsgrad:
      let mean = s[0] + (g - s[0]) * taken
      let square = s[1] + (g * g - s[1]) * taken
      let most = max(s[2], square)
      return (w - mean * rate / (most.squareRoot() + epsilon), [mean, square, most])
    case .rmspropCentered:
      let square = kept * s[0] + taken * g * g
      let mean = kept * s[1] + taken * g
      let variance = max(square - mean * mean, 0) + epsilon
      return (w - rate * g / variance.squareRoot(), [square, mean, s[2]])
    default:
      let square = kept * s[0] + taken * g * g
      let mean = kept * s[2] + taken * g
      let variance = max(square - mean * mean, 0) + epsilon
      let step = momentum * s[1] + rate * g / variance.squareRoot()
      return (w - step, [square, step, mean])
    }
  }

  @Test(
    arguments: TestedTraining.all,
    [UpdateRule.amsgrad, .rmspropCentered, .rmspropCenteredMomentum])
  func slotsAreThoseOfTheFormula(_ tested: TestedTraining, _ rule: UpdateRule) {
    var random = SeededGenerator(21)
    var values = Values(&random)
    let before = values
    values.update(tested, rule, Self.numbers())
    for index in 0..<Self.count {
      let (weight, slots) = Self.expected(
        rule, Double(before.weights[index]), Double(before.gradient[index]),
        before.slots.map { Double($0[index]) })
      // A variance that is a small difference is as inexact as what it is of.
      #expect(abs(Double(values.weights[index]) - weight) < 1e-5)
      for (found, wanted) in zip(values.slots, slots) {
        #expect(abs(Double(found[index]) - wanted) < 1e-5)
      }
    }
  }

  @Test(arguments: TestedTraining.all)
  func gradientsAreScaledDownToTheNorm(_ tested: TestedTraining) {
    var random = SeededGenerator(22)
    let before = Values(&random)
    let numbers = Self.numbers(norm: 0.5, ridge: 0.25)
    let gradient = zip(before.gradient, before.weights).map { Double($0) + 0.25 * Double($1) }
    let squares = gradient.map { $0 * $0 }.reduce(0, +)
    var sum: Float = 0
    var values = before
    values.withArguments(.descent, numbers, squares: nil) {
      sum = tested.kernels.sumGradientSquares($0)
    }
    #expect(values.weights == before.weights)
    #expect(abs(Double(sum) - squares) < 1e-5 * squares)
    values.update(tested, .descent, numbers, squares: sum)
    let factor = 0.5 / squares.squareRoot()
    for index in 0..<Self.count {
      let weight = Double(before.weights[index]) - Self.rate * factor * gradient[index]
      #expect(abs(Double(values.weights[index]) - weight) < 1e-6)
    }
    values = before
    values.update(tested, .descent, numbers, squares: 0.2)
    let first = Double(before.weights[0]) - Self.rate * gradient[0]
    #expect(abs(Double(values.weights[0]) - first) < 1e-6)
  }
}
