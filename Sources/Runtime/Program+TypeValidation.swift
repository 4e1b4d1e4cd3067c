import Kernel

extension Program {
  /// Whether an operation that is valid otherwise reads and writes numbers of types that it can: floats become
  /// bytes in a quantization, and bytes are read by convolutions whose weights become floats, too.
  func takesTypes(_ operation: Operation) -> Bool {
    guard isBytes(operation.output) == (operation.kind == .quantization),
      !isBytes(operation.secondInput),
      operation.places.map({ !isBytes(UInt32($0)) }) ?? true
    else { return false }
    guard isBytes(operation.input) else { return true }
    switch operation.kind {
    case .convolution: return operation.weightType != .float32 && operation.window.groups == 1
    case .depthwiseConvolution: return true
    default: return false
    }
  }

  /// Whether an operation reads or writes bytes.
  func hasBytes(_ operation: Operation) -> Bool {
    isBytes(operation.input) || isBytes(operation.output)
  }

  /// Whether a tensor that was checked is bytes, without the rest of its record.
  @inline(never)
  private func isBytes(_ index: UInt32) -> Bool {
    index != Operation.none
      && TensorRecord.isBytes(record(ofTensor: Int(index)))
  }

  /// The floats of scratch memory without which an operation of a band cannot be done: for narrow weights, and
  /// for some rows of an input that is bytes.
  @inline(never)
  func fewestWidened(at index: Int, rows: Int) -> Int {
    let operation = operation(index)
    guard isBytes(operation.input) else { return operation.fewestWidened }
    let window = operation.window
    if operation.kind == .convolution {
      return Widening(window, pixels: rows * window.geometry.inputWidth).fewest(isPooled: false)
    }
    return Widening.inputCount(window.geometry, rows: rows) + operation.fewestWidened
  }
}
