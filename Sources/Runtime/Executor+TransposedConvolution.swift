import Kernel

extension Executor {
  private typealias Phase = (y: TransposedPhase, x: TransposedPhase)

  /// Executes a share of a transposed convolution: some rows of each of its phases.
  @inline(never)
  func executeTransposedConvolution(at index: Int, _ pictures: Part, _ share: Share) {
    // The phases' weights are one behind the other.
    var taps = 0
    for number in 0..<phaseCount(ofTransposedAt: index) {
      let phase = phase(number, ofTransposedAt: index)
      if phase.y.count > 0 && phase.x.count > 0 {
        var arguments = convolution(phase, behind: taps, ofTransposedAt: index, pictures, share)
        run(&arguments, weightType(at: index), wideningSpace(share.thread, behind: 0))
      }
      taps += phase.y.taps * phase.x.taps
    }
  }

  @inline(never)
  private func phaseCount(ofTransposedAt index: Int) -> Int {
    let window = program.operation(index).window.geometry
    return window.strideY * window.strideX
  }

  /// A phase of a transposed convolution, counted row by row.
  @inline(never)
  private func phase(_ number: Int, ofTransposedAt index: Int) -> Phase {
    let window = program.operation(index).window.geometry
    return (
      window.transposedRows(number / window.strideX),
      window.transposedColumns(number % window.strideX)
    )
  }

  /// What a phase of a transposed convolution is, whose weights are behind those of so many taps.
  @inline(never)  // A record by itself on the stack.
  private func convolution(
    _ phase: Phase, behind taps: Int, ofTransposedAt index: Int, _ pictures: Part, _ share: Share
  ) -> ConvolutionArguments {
    let operation = program.operation(index)
    let whole = operation.window.geometry
    let (y, x) = phase
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
    let perTap = whole.inputChannels * Panel.count(whole.outputChannels) * Panel.width
    arguments.weights =
      (UnsafeRawPointer(arguments.weights)
      + taps * perTap * operation.weightType.size).assumingMemoryBound(to: Float.self)
    arguments.lines = share.of(arguments.lines.count)
    return arguments
  }
}

extension WindowGeometry {
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
