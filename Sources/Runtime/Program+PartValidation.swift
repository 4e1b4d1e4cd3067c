import Kernel

extension Program {
  /// Whether the rows of a part are inside of those of the value that it lies in, which is a part of none.
  func isInside(_ part: TensorRecord) -> Bool {
    guard part.role == .intermediate, part.whole < header.tensorCount,
      let whole = TensorRecord(record(ofTensor: part.whole)),
      whole.placement == .batch || whole.placement == .local || whole.placement == .bound,
      whole.type == .float32, part.rowLength > 0, part.count % part.rowLength == 0
    else { return false }
    let rows = part.count / part.rowLength
    return whole.count % rows == 0 && part.offset / 4 <= whole.count / rows - part.rowLength
  }

  /// Whether an operation that is valid otherwise reads and writes only such parts as it can.
  func takesParts(_ operation: Operation) -> Bool {
    let source = tensor(Int(operation.input))
    let target = tensor(Int(operation.output))
    if operation.secondInput != Operation.none,
      tensor(Int(operation.secondInput)).placement == .part
    {
      return false
    }
    let (reads, writes) = (source.placement == .part, target.placement == .part)
    guard reads || writes else { return true }
    switch operation.kind {
    case .activation, .scaleAndShift:
      let length = reads ? source.rowLength : target.rowLength
      let channels = operation.kind == .activation ? 1 : operation.number(0)
      return length % channels == 0 && (!reads || !writes || length == target.rowLength)
    case .convolution, .maximumPooling, .averagePooling:
      let size = operation.storedSize
      return !reads && operation.secondInput == Operation.none
        && layout(target).suits(height: size.height, width: size.width, channels: size.channels)
    default: return false
    }
  }
}
