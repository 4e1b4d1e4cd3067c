import Kernel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The kernels over arrays, against plain loops in double precision.
struct ArrayKernelTests {
  @Test(arguments: BinaryFunction.allCases)
  func combining(_ function: BinaryFunction) {
    var random = SeededGenerator(UInt64(function.rawValue) + 1)
    for (outer, middle, inner) in [
      (1, 1, 37), (1, 45, 1), (3, 17, 1), (2, 5, 19), (1, 3, 16), (4, 1, 1),
    ] {
      let first = random.floats(outer * middle * inner, in: 0.1...4)
      let second = random.floats(middle, in: -2...2)
      for isReversed in [false, true] {
        for kernels in testedKernels {
          let output = GuardedFloats(count: first.count)
          let (a, b) = (Floats(first), Floats(second))
          withExtendedLifetime((a, b)) {
            kernels.combine(
              BinaryArguments(
                first: a.pointer, second: b.pointer, output: output.pointer, function: function,
                outer: outer, middle: middle, inner: inner, isReversed: isReversed))
          }
          #expect(output.isWrittenExactly)
          for (index, value) in output.values.enumerated() {
            let x = Double(first[index])
            let y = Double(second[index / inner % middle])
            let exact = function.exact(isReversed ? y : x, isReversed ? x : y)
            let isClose =
              exact.isNaN
              ? value.isNaN
              : abs(Double(value) - exact) <= unitRoundoff * 64 * max(abs(exact), 1e-3)
            #expect(isClose, "\(value) instead of \(exact), \(kernels.testDescription)")
          }
        }
      }
    }
  }

  @Test(arguments: Reduction.allCases)
  func reducing(_ reduction: Reduction) {
    var random = SeededGenerator(UInt64(reduction.rawValue) + 20)
    for (outer, axis, inner) in [(1, 1, 1), (3, 7, 1), (2, 200, 1), (1, 130, 19), (4, 5, 33)] {
      let input = random.floats(
        outer * axis * inner, in: reduction == .product ? 0.9...1.1 : -2...2)
      for kernels in testedKernels {
        let output = GuardedFloats(count: outer * inner)
        let source = Floats(input)
        withExtendedLifetime(source) {
          kernels.reduce(reduction, source.pointer, output.pointer, outer, axis, inner)
        }
        #expect(output.isWrittenExactly)
        for (index, value) in output.values.enumerated() {
          let values = (0..<axis).map {
            Double(input[(index / inner * axis + $0) * inner + index % inner])
          }
          let scale = values.reduce(0) { $0 + abs($1) }
          let isClose =
            abs(Double(value) - reduction.exact(values)) <= unitRoundoff * 16 * max(scale, 1)
          #expect(isClose, "\(value) instead of \(reduction.exact(values))")
        }
      }
    }
  }

  @Test func resamplingLeavesOutNegativePlaces() {
    var random = SeededGenerator(31)
    let (outer, from, to, inner, taps) = (3, 5, 4, 21, 3)
    let input = random.floats(outer * from * inner, in: -1...1)
    let places = (0..<to * taps).map { _ in Int32.random(in: -1..<Int32(from), using: &random) }
    let weights = random.floats(to * taps, in: -1...1)
    for isWeighted in [true, false] {
      for kernels in testedKernels {
        let output = GuardedFloats(count: outer * to * inner)
        let (source, factors) = (Floats(input), Floats(weights))
        places.withUnsafeBufferPointer { table in
          withExtendedLifetime((source, factors)) {
            kernels.resample(
              ResamplingArguments(
                input: source.pointer, output: output.pointer,
                places: table.baseAddress.unsafelyUnwrapped,
                weights: isWeighted ? factors.pointer : nil, outer: outer, inputLength: from,
                outputLength: to, inner: inner, taps: taps))
          }
        }
        #expect(output.isWrittenExactly)
        for (index, value) in output.values.enumerated() {
          let (row, place, i) = (index / inner / to, index / inner % to, index % inner)
          var exact = isWeighted ? 0 : -Double.infinity
          for tap in 0..<taps where places[place * taps + tap] >= 0 {
            let x = Double(input[(row * from + Int(places[place * taps + tap])) * inner + i])
            exact = isWeighted ? exact + x * Double(weights[place * taps + tap]) : max(exact, x)
          }
          #expect(value == Float(exact) || abs(Double(value) - exact) <= unitRoundoff * 8)
        }
      }
    }
  }

  @Test func matrixProducts() {
    var random = SeededGenerator(32)
    for (rows, inner, columns) in [(1, 1, 1), (3, 5, 7), (2, 40, 64), (5, 33, 129), (4, 9, 16)] {
      let first = random.floats(rows * inner, in: -1...1)
      let second = random.floats(inner * columns, in: -1...1)
      for kernels in testedKernels {
        let output = GuardedFloats(count: rows * columns)
        let (a, b) = (Floats(first), Floats(second))
        withExtendedLifetime((a, b)) {
          kernels.multiplyMatrices(
            MatrixProductArguments(
              first: a.pointer, second: b.pointer, output: output.pointer, rows: rows,
              inner: inner, columns: columns))
        }
        #expect(output.isWrittenExactly)
        for (index, value) in output.values.enumerated() {
          let (row, column) = (index / columns, index % columns)
          let exact = (0..<inner).reduce(0.0) {
            $0 + Double(first[row * inner + $1]) * Double(second[$1 * columns + column])
          }
          #expect(abs(Double(value) - exact) <= unitRoundoff * 2 * Double(inner))
        }
      }
    }
  }

  @Test func lookingUpStaysInsideTheTable() {
    let table = Floats([0, 1, 10, 11, 20, 21])
    let input = Floats([1, -3, 99, 2, .nan, 1.9, .infinity])
    let output = GuardedFloats(count: 14)
    withExtendedLifetime((table, input)) {
      lookUpRows(
        input.pointer, output.pointer, table: table.pointer, rows: 3, length: 2, count: 7)
    }
    #expect(output.isWrittenExactly)
    #expect(output.values == [10, 11, 0, 1, 20, 21, 20, 21, 0, 1, 10, 11, 20, 21])
  }

  @Test func boundariesAreCountedWithTheValueItself() {
    let boundaries = Floats([-1, 0, 0.5])
    let input = Floats([-2, -1, -0.5, 0, 0.49, 0.5, 7])
    let output = GuardedFloats(count: 7)
    withExtendedLifetime((boundaries, input)) {
      countBoundaries(
        input.pointer, output.pointer, boundaries: boundaries.pointer, boundaryCount: 3, count: 7)
    }
    #expect(output.values == [0, 1, 1, 2, 2, 3, 3])
  }
}

extension BinaryFunction {
  fileprivate func exact(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .addition: a + b
    case .subtraction: a - b
    case .multiplication: a * b
    case .division: a / b
    case .maximum: max(a, b)
    case .minimum: min(a, b)
    case .power: pow(a, b)
    case .squaredDifference: (a - b) * (a - b)
    }
  }
}

extension Reduction {
  fileprivate func exact(_ values: [Double]) -> Double {
    switch self {
    case .sum: values.reduce(0, +)
    case .mean: values.reduce(0, +) / Double(values.count)
    case .maximum: values.max() ?? 0
    case .minimum: values.min() ?? 0
    case .product: values.reduce(1, *)
    }
  }
}
