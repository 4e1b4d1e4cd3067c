import Kernel

extension Program {
  /// Whether an operation on arrays reads and writes only its operands.
  func isOnArrays(_ operation: Operation, _ input: Int, _ output: Int) -> Bool {
    switch operation.kind {
    case .combination: return isCombination(operation, input, output)
    case .reduction:
      let axis = operation.number(2)
      return Reduction(rawValue: operation.numbers[0]) != nil && axis > 0
        && product(operation.number(1), axis, operation.number(3)) == input
        && product(operation.number(1), operation.number(3), 1) == output
    case .gathering: return isGathering(operation, input, output)
    case .resampling: return isResampling(operation, input, output)
    case .matrixProduct: return isMatrixProduct(operation, input, output)
    case .lookup:
      let (rows, length) = (operation.number(0), operation.number(1))
      guard let table = product(rows, length, 1), rows > 0, rows < 1 << 24 else { return false }
      return product(input, length, 1) == output && holds(operation.weights, table)
    case .boundaryCount: return input == output && holds(operation.weights, operation.number(0))
    case .constant: return holds(operation.weights, output)
    default: return false
    }
  }

  private func isCombination(_ operation: Operation, _ input: Int, _ output: Int) -> Bool {
    let middle = operation.number(2)
    guard BinaryFunction(rawValue: operation.numbers[0]) != nil, input == output, output > 0,
      product(operation.number(1), middle, operation.number(3)) == input
    else { return false }
    return isSecondOperand(operation, middle)
  }

  /// Whether there is one second operand of so many values.
  private func isSecondOperand(_ operation: Operation, _ count: Int) -> Bool {
    if operation.weights != Operation.noConstant { return holds(operation.weights, count) }
    return operation.secondInput != Operation.none
      && tensor(Int(operation.secondInput)).count == count
  }

  private func isGathering(_ operation: Operation, _ input: Int, _ output: Int) -> Bool {
    let (rows, length) = (operation.number(0), operation.number(1))
    guard length > 0, product(rows, length, 1) == output, holds(operation.weights, rows),
      let table = constants(operation.weights)
    else { return false }
    for row in 0..<rows where Int(Int32(bitPattern: table[row].bitPattern)) > input - length {
      return false
    }
    return true
  }

  private func isResampling(_ operation: Operation, _ input: Int, _ output: Int) -> Bool {
    let (outer, from, to) = (operation.number(0), operation.number(1), operation.number(2))
    let (inner, taps) = (operation.number(3), operation.number(4))
    guard product(outer, from, inner) == input, product(outer, to, inner) == output,
      let count = product(to, taps, 1), holds(operation.weights, count),
      operation.scale == Operation.noConstant || holds(operation.scale, count),
      let table = constants(operation.weights)
    else { return false }
    for index in 0..<count where Int(Int32(bitPattern: table[index].bitPattern)) >= from {
      return false
    }
    return true
  }

  private func isMatrixProduct(_ operation: Operation, _ input: Int, _ output: Int) -> Bool {
    let (matrices, rows) = (operation.number(0), operation.number(1))
    let (inner, columns) = (operation.number(2), operation.number(3))
    guard matrices > 0, rows > 0, product(matrices, rows, inner) == input,
      product(matrices, rows, columns) == output,
      let second = product(matrices, inner, columns)
    else { return false }
    return isSecondOperand(operation, second)
  }
}
