import Kernel
import Runtime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The instruction sets that the tests are run with: all that the processor has, or where `CNN_ISA` is
/// set that one only.
let testedSets: [InstructionSet] = {
  let all = InstructionSet.allCases.filter { $0 <= Processor.best }
  guard let name = getenv("CNN_ISA"), name.pointee != 0 else { return all }
  let named = all.filter { "\($0.name)" == String(cString: name) }
  // Without a set every test would pass.
  precondition(!named.isEmpty, "CNN_ISA names no instruction set of this processor")
  return named
}()
