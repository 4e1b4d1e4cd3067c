import Kernel
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

struct ExponentialTests {
  @Test(arguments: testedKernels)
  func errorIsWithinItsBound(_ kernels: KernelTable) {
    let sweep = FloatSweep(
      kernels.computation(.exponential),
      and: [27.379_135, 59.919_415, 88.722_84, 87.336_54, 103.278_93, 0.346_573_6],
      exact: exp)
    #expect(sweep.largestError <= 1.5, "at \(sweep.argument)")
  }

  @Test func specialValues() {
    let x = SIMD4<Float>(.nan, .infinity, -.infinity, -0.0)
    let y = exponential(x)
    #expect(y[0].isNaN && y[1] == .infinity && y[2] == 0 && y[2].sign == .plus && y[3] == 1)
  }
}
