import Kernel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct SigmoidTests {
  @Test(arguments: testedKernels)
  func errorIsWithinItsBound(_ kernels: KernelTable) {
    let sweep = FloatSweep(kernels.computation(.sigmoid), and: [4.157_294]) { 1 / (1 + exp(-$0)) }
    #expect(sweep.largestError <= 2.5, "at \(sweep.argument)")
  }

  @Test func specialValues() {
    let y = sigmoid(SIMD4<Float>(.nan, .infinity, -.infinity, -0.0))
    #expect(y[0].isNaN && y[1] == 1 && y[2] == 0 && y[3] == 0.5)
  }
}
