import Kernel
import Runtime

extension ProcessorError: CustomStringConvertible {
  /// What was asked for, what there is.
  public var description: String {
    switch self {
    case .unknownInstructionSet:
      let names = InstructionSet.allCases.map { "\($0.name)" }
      return "CNN_ISA names no instruction set; expected one of " + names.joined(separator: ", ")
    case .unsupported(let set, let best):
      return "this processor lacks \(set.name), which CNN_ISA asks for; the best it has is "
        + "\(best.name)"
    case .invalidThreadCount:
      return "CNN_THREADS is not a number of threads; expected 1 to 1024"
    }
  }
}
