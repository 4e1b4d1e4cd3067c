import CProcessor
import Kernel

#if canImport(KernelAVX2) && arch(x86_64)
  import KernelAVX2
  import KernelAVX512
#endif
#if canImport(Glibc)
  import Glibc
#endif

/// The processor that the program runs on.
public enum Processor {
  /// The best instruction set of this processor that kernels exist for.
  public static var best: InstructionSet {
    switch cnn_processor_level() {
    case 2: .avx512
    case 1: .avx2
    default: .baseline
    }
  }

  /// The kernels for an instruction set.
  ///
  /// - Throws: `ProcessorError.unsupported` where this processor lacks it.
  public static func kernels(for set: InstructionSet) throws(ProcessorError) -> KernelTable {
    guard set <= best else { throw .unsupported(set, best: best) }
    switch set {
    case .baseline: return .baseline()
    #if canImport(KernelAVX2) && arch(x86_64)
      case .avx2: return .avx2()
      case .avx512: return .avx512()
    #else
      default: throw .unsupported(set, best: best)
    #endif
    }
  }

  /// The kernels for the instruction set that the environment variable `CNN_ISA` names, or where it is
  /// not set, the best ones.
  ///
  /// - Throws: `ProcessorError` where the name is not known or this processor lacks the set.
  public static func kernels() throws(ProcessorError) -> KernelTable {
    #if canImport(Glibc)
      if let name = getenv("CNN_ISA"), name.pointee != 0 {
        for set in InstructionSet.allCases
        where strcmp(name, UnsafeRawPointer(set.name.utf8Start).assumingMemoryBound(to: CChar.self))
          == 0
        {
          return try kernels(for: set)
        }
        throw .unknownInstructionSet
      }
    #endif
    return try kernels(for: best)
  }
}

/// Why kernels were not to be had.
public enum ProcessorError: Error, Equatable, Sendable {
  /// `CNN_ISA` is none of the instruction sets' names.
  case unknownInstructionSet
  /// The processor lacks the instruction set that was asked for.
  case unsupported(InstructionSet, best: InstructionSet)
}
