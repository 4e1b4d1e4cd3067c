import Kernel
import Testing

/// Gradients of activations against differences of the exact functions in double precision.
struct ActivationGradientTests {
  @Test(arguments: TestedTraining.all, Activation.tested)
  func gradientIsThatOfDifferences(_ tested: TestedTraining, _ activation: Activation) throws {
    let kernels = try #require(
      testedKernels.first { $0.instructionSet == tested.instructionSet })
    var random = SeededGenerator(UInt64(activation.function.rawValue))
    let input = random.floats(500, in: -9...9) + random.floats(505, in: -0.1...0.1)
    let gradient = random.floats(input.count, in: -2...2)
    let isOfOutput = activation.function.gradientSource == .output
    var value = input
    if isOfOutput { kernels.activate(activation, input, &value, input.count) }
    var result = [Float](repeating: .nan, count: input.count)
    tested.kernels.activationGradient(activation, gradient, value, &result, input.count)
    var compared = 0
    for index in input.indices {
      guard let slope = Self.slope(of: activation, at: Double(input[index])) else { continue }
      compared += 1
      let expected = Double(gradient[index]) * slope
      // Rounding of results close to one is large beside what is left of one.
      #expect(
        abs(Double(result[index]) - expected) <= 2e-5 * (1 + abs(expected)),
        "\(result[index]) instead of \(expected) at \(input[index])")
    }
    #expect(compared > 400)
  }

  /// The slope; nil where the function has none, or leaps or bends within the difference.
  private static func slope(of activation: Activation, at x: Double) -> Double? {
    let step = 1e-5
    let (less, here, more) = (
      activation.exact(x - step), activation.exact(x), activation.exact(x + step)
    )
    let (left, right) = ((here - less) / step, (more - here) / step)
    guard left.isFinite, right.isFinite, abs(left - right) < 1e-3 * (1 + abs(left)) else {
      return nil
    }
    return (more - less) / (2 * step)
  }
}
