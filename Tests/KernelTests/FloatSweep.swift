import Kernel

/// A function of floats as the kernels compute it: from an array to another.
typealias Computation = (UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void

/// The error of a single-precision function, swept over the whole range of `Float`.
struct FloatSweep {
  /// The largest error, in units of the last place of the correctly rounded result.
  private(set) var largestError = 0.0
  /// Where it is.
  private(set) var argument: Float = 0

  /// Compares with `exact` at every 1009th float within the domain, the subnormal ones, infinities and
  /// both signs included, and at the given ones: tests give those where a sweep over every float found
  /// the largest errors. 1009 is a prime: all low bits occur.
  init(
    _ compute: Computation, domain: ClosedRange<Float> = -.infinity ... .infinity,
    and boundaries: [Float] = [], exact: (Double) -> Double
  ) {
    var chunk: [Float] = []
    chunk.reserveCapacity(Self.chunkSize)
    func append(_ x: Float) {
      // No NaN is within a range.
      guard domain.contains(x) else { return }
      chunk.append(x)
      if chunk.count == Self.chunkSize { compare(&chunk, compute, exact) }
    }
    for boundary in boundaries + Self.boundaries {
      for x in [boundary, boundary.nextUp, boundary.nextDown] {
        append(x)
        append(-x)
      }
    }
    for pattern in stride(from: UInt32(0), through: .max, by: 1009) {
      append(Float(bitPattern: pattern))
    }
    compare(&chunk, compute, exact)
  }

  private static let chunkSize = 4096
  private static let boundaries: [Float] = [
    0, .leastNonzeroMagnitude, .leastNormalMagnitude, 0.5, 0.625, 1, 1.5, 2, 4, 16, 64, 87, 88, 89,
    103, 104, .greatestFiniteMagnitude, .infinity,
  ]

  private mutating func compare(
    _ chunk: inout [Float], _ compute: Computation, _ exact: (Double) -> Double
  ) {
    var results = [Float](repeating: 0, count: chunk.count)
    compute(&chunk, &results, chunk.count)
    for (x, result) in zip(chunk, results) {
      let error = unitsInTheLastPlace(result, exact(Double(x)))
      if !(error <= largestError) {
        largestError = error
        argument = x
      }
    }
    chunk.removeAll(keepingCapacity: true)
  }
}

/// How far `value` is from `exact` in units of the last place of `exact` as a `Float`; what overflows
/// counts as 2¹²⁸.
func unitsInTheLastPlace(_ value: Float, _ exact: Double) -> Double {
  if value.isNaN || exact.isNaN { return value.isNaN && exact.isNaN ? 0 : .infinity }
  func bounded(_ x: Double) -> Double { min(max(x, -0x1p128), 0x1p128) }
  let magnitude = min(abs(exact), Double(Float.greatestFiniteMagnitude))
  let unit = max(magnitude, Double(Float.leastNormalMagnitude)).binade * 0x1p-23
  return abs(bounded(Double(value)) - bounded(exact)) / unit
}

/// A function of a vector as a function of arrays.
///
/// Compiled for the baseline even where the vector is a wider one; its fused multiply-add is then a
/// call of the C library, so that the results are those of the wider instruction sets.
@inline(__always)
func computation<V: Vector>(_: V.Type, _ body: @escaping (V) -> V) -> Computation {
  { input, output, count in
    for first in stride(from: 0, to: count, by: V.count) {
      let lanes = min(V.count, count - first)
      // Lanes beyond the end hold ones, which every domain has.
      var x = V(repeating: 1)
      for lane in 0..<lanes { x[lane] = input[first + lane] }
      body(x).store(output + first, lanes: lanes)
    }
  }
}

extension KernelTable {
  /// An activation as a function of arrays.
  func computation(_ function: Activation.Function) -> Computation {
    { activate(Activation(function), $0, $1, $2) }
  }
}
