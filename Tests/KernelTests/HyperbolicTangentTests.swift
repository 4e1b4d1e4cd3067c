import Kernel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct HyperbolicTangentTests {
  @Test(arguments: testedKernels)
  func errorIsWithinItsBound(_ kernels: KernelTable) {
    let sweep = FloatSweep(kernels.computation(.tanh), and: [0.631_044_2, 9.010_913], exact: tanh)
    #expect(sweep.largestError <= 1.5, "at \(sweep.argument)")
  }

  @Test func specialValues() {
    let y = hyperbolicTangent(SIMD4<Float>(.nan, .infinity, -.infinity, -0.0))
    #expect(y[0].isNaN && y[1] == 1 && y[2] == -1 && y[3] == 0 && y[3].sign == .minus)
  }
}
