import Kernel

extension Executor {
  /// Executes a share of one of the operations on arrays, which know no pictures or channels.
  func executeOnArrays(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let source = program.tensor(Int(operation.input))
    let target = program.tensor(Int(operation.output))
    switch operation.kind {
    case .combination: combine(operation, part, share, input, output)
    case .reduction:
      let (axis, inner) = (operation.number(2), operation.number(3))
      guard let reduction = Reduction(rawValue: operation.numbers[0]) else { return }
      let range = share.of(operation.number(1) * part.count)
      kernels.reduce(
        reduction, input + range.lower * axis * inner, output + range.lower * inner, range.count,
        axis, inner)
    case .gathering:
      let pictures = share.of(part.count)
      for picture in pictures.lower..<pictures.upper {
        gatherRows(
          input + picture * source.count, output + picture * target.count,
          offsets: integers(operation.weights), count: operation.number(0),
          length: operation.number(1), fill: operation.activation.alpha)
      }
    case .resampling: resample(operation, part, share, input, output)
    case .matrixProduct: multiplyMatrices(operation, part, share, input, output)
    case .lookup:
      let pictures = share.of(part.count)
      lookUpRows(
        input + pictures.lower * source.count, output + pictures.lower * target.count,
        table: constants(operation.weights).unsafelyUnwrapped, rows: operation.number(0),
        length: operation.number(1), count: pictures.count * source.count)
    case .boundaryCount:
      let pictures = share.of(part.count)
      countBoundaries(
        input + pictures.lower * source.count, output + pictures.lower * target.count,
        boundaries: constants(operation.weights).unsafelyUnwrapped,
        boundaryCount: operation.number(0), count: pictures.count * source.count)
    case .constant:
      let pictures = share.of(part.count)
      for picture in pictures.lower..<pictures.upper {
        (output + picture * target.count).update(
          from: constants(operation.weights).unsafelyUnwrapped, count: target.count)
      }
    default: assertionFailure("not an operation on arrays")
    }
  }

  /// Constants that are whole numbers.
  private func integers(_ offset: UInt64) -> UnsafePointer<Int32> {
    UnsafeRawPointer(constants(offset).unsafelyUnwrapped).assumingMemoryBound(
      to: Int32.self)
  }

  private func combine(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    guard let function = BinaryFunction(rawValue: operation.numbers[0]) else { return }
    let (outer, middle, inner) = (operation.number(1), operation.number(2), operation.number(3))
    let constant = constants(operation.weights)
    // Runs of a picture's values that the second is repeated for.
    let range = share.of(part.count * outer)
    var run = range.lower
    while run < range.upper {
      let picture = run / outer
      let end = (picture + 1) * outer < range.upper ? (picture + 1) * outer : range.upper
      let offset = run * middle * inner
      kernels.combine(
        BinaryArguments(
          first: input + offset,
          second: constant ?? second(operation, part) + picture * middle,
          output: output + offset, function: function, outer: end - run, middle: middle,
          inner: inner, isReversed: operation.number(4) != 0))
      run = end
    }
  }

  private func resample(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let (from, to) = (operation.number(1), operation.number(2))
    let inner = operation.number(3)
    let rows = share.of(part.count * operation.number(0))
    kernels.resample(
      ResamplingArguments(
        input: input + rows.lower * from * inner, output: output + rows.lower * to * inner,
        places: integers(operation.weights), weights: constants(operation.scale),
        outer: rows.count, inputLength: from, outputLength: to, inner: inner,
        taps: operation.number(4)))
  }

  private func multiplyMatrices(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let (matrices, rows) = (operation.number(0), operation.number(1))
    let (inner, columns) = (operation.number(2), operation.number(3))
    let constant = constants(operation.weights)
    let range = share.of(part.count * matrices * rows)
    var row = range.lower
    while row < range.upper {
      let matrix = row / rows
      let end = (matrix + 1) * rows < range.upper ? (matrix + 1) * rows : range.upper
      let others: UnsafePointer<Float>
      if let constant {
        others = constant + matrix % matrices * inner * columns
      } else {
        others = second(operation, part) + matrix * inner * columns
      }
      kernels.multiplyMatrices(
        MatrixProductArguments(
          first: input + row * inner, second: others, output: output + row * columns,
          rows: end - row, inner: inner, columns: columns))
      row = end
    }
  }
}
