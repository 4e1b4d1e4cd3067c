import Kernel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct LogarithmTests {
  @Test func errorOfTheLogarithmIsWithinItsBound() {
    let domain = Float.leastNormalMagnitude ... .greatestFiniteMagnitude
    let sweep = FloatSweep(
      computation(SIMD4.self) { logarithm($0) }, domain: domain,
      and: [0.709_044_16, 0.712_720_63, 0.75], exact: log)
    #expect(sweep.largestError <= 1, "at \(sweep.argument)")
    let fused = FloatSweep(
      computation(SIMD8.self) { logarithm($0) }, domain: domain,
      and: [0.709_044_16, 0.712_720_63, 0.75], exact: log)
    #expect(fused.largestError <= 1, "at \(fused.argument)")
  }

  @Test func errorOfTheLogarithmOfOnePlusIsWithinItsBound() {
    let sweep = FloatSweep(
      computation(SIMD4.self) { logarithmOfOnePlus($0) }, domain: 0...1,
      and: [0.421_044_1, 0.425_441_32], exact: log1p)
    #expect(sweep.largestError <= 1.5, "at \(sweep.argument)")
    let fused = FloatSweep(
      computation(SIMD8.self) { logarithmOfOnePlus($0) }, domain: 0...1,
      and: [0.421_044_1, 0.425_441_32], exact: log1p)
    #expect(fused.largestError <= 1.5, "at \(fused.argument)")
  }

  @Test(arguments: testedKernels)
  func errorOfSoftplusIsWithinItsBound(_ kernels: KernelTable) {
    let sweep = FloatSweep(kernels.computation(.softplus), and: [1.288_754_3, 1.291_920_7]) { x in
      max(x, 0) + log1p(exp(-abs(x)))
    }
    #expect(sweep.largestError <= 2, "at \(sweep.argument)")
  }

  @Test func logarithmOfOneIsZero() {
    #expect(logarithm(SIMD4<Float>(repeating: 1)) == SIMD4(repeating: 0))
    #expect(logarithmOfOnePlus(SIMD4<Float>(repeating: 0)) == SIMD4(repeating: 0))
  }

  @Test func specialValuesOfSoftplus() {
    let y = softplus(SIMD4<Float>(.nan, .infinity, -.infinity, 0))
    #expect(y[0].isNaN && y[1] == .infinity && y[2] == 0 && abs(y[3] - 0.693_147_2) < 1e-7)
  }
}
