import Kernel
import Runtime
import Testing

struct ProcessorTests {
  @Test func kernelsAreThoseAskedFor() throws {
    for set in InstructionSet.allCases where set <= Processor.best {
      #expect(try Processor.kernels(for: set).instructionSet == set)
    }
  }

  @Test func kernelsAreThoseOfTheEnvironmentOrTheBest() throws {
    #expect(try Processor.kernels().instructionSet == testedSets.last)
  }

  @Test(arguments: InstructionSet.allCases.filter { $0 > Processor.best })
  func unsupportedKernelsAreRefused(_ set: InstructionSet) {
    #expect(throws: ProcessorError.unsupported(set, best: Processor.best)) {
      try Processor.kernels(for: set)
    }
  }
}
