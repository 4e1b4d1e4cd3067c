import CProcessor
import Kernel

#if canImport(KernelAVX2) && arch(x86_64)
  import KernelAVX2
  import KernelAVX512
  import TrainingAVX2
  import TrainingAVX512
#endif
#if canImport(TrainingBaseline)
  import TrainingBaseline
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

  #if !hasFeature(Embedded)
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
  #endif

  #if canImport(TrainingBaseline)
    /// The kernels of training for an instruction set that this processor has.
    public static func trainingKernels(for set: InstructionSet) -> TrainingKernels {
      switch set {
      case .baseline: return .baseline()
      #if canImport(KernelAVX2) && arch(x86_64)
        case .avx2: return .avx2()
        case .avx512: return .avx512()
      #else
        default: return .baseline()
      #endif
      }
    }
  #endif

  #if !hasFeature(Embedded)
    /// The number of threads that the environment variable `CNN_THREADS` asks for, or where it is not
    /// set, the number of cores that this process may use, at most 64.
    ///
    /// - Throws: `ProcessorError.invalidThreadCount`, where the variable is no number from 1 to 1024.
    public static func threads() throws(ProcessorError) -> Int {
      if let text = getenv("CNN_THREADS"), text.pointee != 0 {
        guard let count = Int(String(cString: text)), (1...1024).contains(count) else {
          throw .invalidThreadCount
        }
        return count
      }
      return min(availableCores, 64)
    }

    private static var availableCores: Int {
      let count = Int(cnn_available_cores())
      if count > 0 { return count }
      return max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    }

    /// Nanoseconds of a clock that never goes back.
    public static var nanoseconds: UInt64 {
      var time = timespec()
      clock_gettime(CLOCK_MONOTONIC, &time)
      return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
  #endif

  /// The kernels for the instruction set that the environment variable `CNN_ISA` names, or where it is
  /// not set, the best ones; in Embedded Swift the compact ones.
  ///
  /// - Throws: `ProcessorError` where the name is not known or this processor lacks the set.
  public static func kernels() throws(ProcessorError) -> KernelTable {
    #if hasFeature(Embedded)
      return KernelTable()
    #else
      #if canImport(Glibc)
        if let name = getenv("CNN_ISA"), name.pointee != 0 {
          for set in InstructionSet.allCases
          where strcmp(
            name, UnsafeRawPointer(set.name.utf8Start).assumingMemoryBound(to: CChar.self)) == 0
          {
            return try kernels(for: set)
          }
          throw .unknownInstructionSet
        }
      #endif
      return try kernels(for: best)
    #endif
  }
}

/// Why kernels were not to be had.
public enum ProcessorError: Error, Equatable, Sendable {
  /// `CNN_ISA` is none of the instruction sets' names.
  case unknownInstructionSet
  /// The processor lacks the instruction set that was asked for.
  case unsupported(InstructionSet, best: InstructionSet)
  /// `CNN_THREADS` is not a number of threads.
  case invalidThreadCount
}
