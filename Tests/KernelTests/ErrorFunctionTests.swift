import Kernel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct ErrorFunctionTests {
  @Test func errorIsWithinItsBound() {
    let sweep = FloatSweep(
      computation(SIMD4.self) { errorFunction($0) }, and: [0.996_785, 1.059_916_6, 3.9], exact: erf)
    #expect(sweep.largestError <= 1.5, "at \(sweep.argument)")
  }

  @Test func errorIsWithinItsBoundWhereFused() {
    let sweep = FloatSweep(
      computation(SIMD8.self) { errorFunction($0) }, and: [0.996_785, 1.059_916_6, 3.9], exact: erf)
    #expect(sweep.largestError <= 1.5, "at \(sweep.argument)")
  }

  @Test func specialValues() {
    let y = errorFunction(SIMD4<Float>(.nan, .infinity, -.infinity, -0.0))
    #expect(y[0].isNaN && y[1] == 1 && y[2] == -1 && y[3] == 0 && y[3].sign == .minus)
  }
}
