import Kernel
import Testing

struct AdditionTests {
  @Test(arguments: testedKernels)
  func sumsAreThoseOfTheValues(_ kernels: KernelTable) {
    var random = SeededGenerator(1)
    for count in 0...40 {
      let a = random.floats(count)
      let b = random.floats(count)
      let sums = zip(a, b).map { ($0 + $1).bitPattern }
      let memory = (Floats(a), Floats(b))
      let (inA, inB, apart) = (GuardedFloats(a), GuardedFloats(b), GuardedFloats(count: count))
      withExtendedLifetime(memory) {
        kernels.add(memory.0.pointer, memory.1.pointer, apart.pointer, count)
        kernels.add(inA.input, memory.1.pointer, inA.pointer, count)
        kernels.add(memory.0.pointer, inB.input, inB.pointer, count)
      }
      for output in [apart, inA, inB] {
        #expect(output.isWrittenExactly && output.bits == sums)
      }
    }
  }
}
