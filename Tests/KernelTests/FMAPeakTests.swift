import Kernel
import Testing

struct FMAPeakTests {
  @Test(arguments: testedKernels)
  func operationsAreCounted(_ kernels: KernelTable) {
    let sink = GuardedFloats(count: 1)
    let once = kernels.runMultiplyAdds(1, 0.001, sink.pointer)
    let oftener = kernels.runMultiplyAdds(1000, 0.001, sink.pointer)
    #expect(once > 0 && oftener == 1000 * once)
    #expect(sink.isWrittenExactly && sink.values[0].isFinite)
  }
}
