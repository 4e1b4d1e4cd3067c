import Kernel

extension Executor {
  /// Executes a share of a transposed convolution: some rows of each of its phases.
  @inline(never)
  func executeTransposedConvolution(at index: Int, _ pictures: Part, _ share: Share) {
    for phase in 0..<phaseCount(ofTransposedAt: index)
    where hasOutputs(phase, ofTransposedAt: index) {
      var arguments = convolution(phase, ofTransposedAt: index, pictures, share)
      run(&arguments, weightType(at: index), wideningSpace(share.thread, behind: 0))
    }
  }

  @inline(never)
  private func phaseCount(ofTransposedAt index: Int) -> Int {
    let window = program.operation(index).window.geometry
    return window.strideY * window.strideX
  }

  @inline(never)
  private func hasOutputs(_ phase: Int, ofTransposedAt index: Int) -> Bool {
    let (y, x) = program.operation(index).window.geometry.transposedPhase(phase)
    return y.count > 0 && x.count > 0
  }

  /// What a phase of a transposed convolution is.
  @inline(never)  // A record by itself on the stack.
  private func convolution(
    _ phase: Int, ofTransposedAt index: Int, _ pictures: Part, _ share: Share
  ) -> ConvolutionArguments {
    let operation = program.operation(index)
    let whole = operation.window.geometry
    let (y, x) = whole.transposedPhase(phase)
    let part = part(of: operation.input, pictures)
    let geometry = WindowGeometry(
      batch: part.count, input: (whole.inputHeight, whole.inputWidth, whole.inputChannels),
      output: (y.count, x.count, whole.outputChannels), window: (y.taps, x.taps),
      padding: (y.padding, x.padding))
    let spacing = OutputSpacing(
      image: whole.outputCount, row: whole.strideY * whole.outputWidth * whole.outputChannels,
      pixel: whole.strideX * whole.outputChannels)
    let first = (y.first * whole.outputWidth + x.first) * whole.outputChannels
    var arguments = convolution(
      operation, geometry, UnsafePointer(value(operation.input, part)),
      value(operation.output, part) + first, spacing: spacing)
    if operation.secondInput != Operation.none {
      arguments.addend = second(operation, part) + first
    }
    // The phases' weights are one behind the other.
    var taps = 0
    for before in 0..<phase {
      let (y, x) = whole.transposedPhase(before)
      taps += y.taps * x.taps
    }
    let perTap = whole.inputChannels * Panel.count(whole.outputChannels) * Panel.width
    arguments.weights =
      (UnsafeRawPointer(arguments.weights)
      + taps * perTap * operation.weightType.size).assumingMemoryBound(to: Float.self)
    arguments.lines = share.of(arguments.lines.count)
    return arguments
  }
}

extension WindowGeometry {
  /// A phase of a transposed convolution, counted row by row.
  fileprivate func transposedPhase(_ phase: Int) -> (y: TransposedPhase, x: TransposedPhase) {
    (transposedRows(phase / strideX), transposedColumns(phase % strideX))
  }

  public func transposedRows(_ phase: Int) -> TransposedPhase {
    TransposedPhase(
      phase: phase, window: windowHeight, stride: strideY, padding: paddingTop,
      output: outputHeight)
  }

  public func transposedColumns(_ phase: Int) -> TransposedPhase {
    TransposedPhase(
      phase: phase, window: windowWidth, stride: strideX, padding: paddingLeft,
      output: outputWidth)
  }
}
