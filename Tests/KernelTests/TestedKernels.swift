import Kernel
import Runtime
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The kernels that the tests are run with: those of every instruction set that the processor has, or
/// where `CNN_ISA` is set those of that one only.
let testedKernels: [KernelTable] = {
  do {
    if let name = getenv("CNN_ISA"), name.pointee != 0 { return [try Processor.kernels()] }
    return try InstructionSet.allCases.filter { $0 <= Processor.best }
      .map { set in try Processor.kernels(for: set) }
  } catch {
    // Without kernels every test would pass.
    fatalError("CNN_ISA names no instruction set of this processor: \(error)")
  }
}()

/// The tested kernels that have a fused multiply-add: these agree with each other bit for bit.
let fusingKernels = testedKernels.filter { table in
  #if arch(x86_64)
    table.instructionSet > .baseline
  #else
    true
  #endif
}

extension KernelTable: CustomTestStringConvertible {
  public var testDescription: String { "\(instructionSet.name)" }
}
