import Kernel
import Runtime
import Testing

/// The kernels of training of one instruction set.
struct TestedTraining: CustomTestStringConvertible, Sendable {
  let instructionSet: InstructionSet
  let kernels: TrainingKernels

  var testDescription: String { "\(instructionSet.name)" }

  /// Those of every instruction set that `testedKernels` has.
  static let all = testedKernels.map {
    TestedTraining(
      instructionSet: $0.instructionSet, kernels: Processor.trainingKernels(for: $0.instructionSet))
  }
}
