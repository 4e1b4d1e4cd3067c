import Kernel
import Runtime

extension KernelTable {
  /// The same kernels with those of training of their instruction set.
  var withTraining: KernelTable {
    var result = self
    result.training = Processor.trainingKernels(for: instructionSet)
    return result
  }
}
