import Kernel

extension Executor {
  /// Executes a share of a transposed convolution: some rows of each of its phases.
  func convolveTransposed(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ addend: UnsafePointer<Float>?
  ) {
    let whole = operation.window.geometry
    let spacing = OutputSpacing(
      image: whole.outputCount, row: whole.strideY * whole.outputWidth * whole.outputChannels,
      pixel: whole.strideX * whole.outputChannels)
    let panels = Panel.count(whole.outputChannels) * Panel.width
    let type = operation.weightType
    var weights = UnsafeRawPointer(constants(operation.weights).unsafelyUnwrapped)
    for phaseY in 0..<whole.strideY {
      let y = whole.transposedRows(phaseY)
      for phaseX in 0..<whole.strideX {
        let x = whole.transposedColumns(phaseX)
        let geometry = WindowGeometry(
          batch: part.count, input: (whole.inputHeight, whole.inputWidth, whole.inputChannels),
          output: (y.count, x.count, whole.outputChannels), window: (y.taps, x.taps),
          padding: (y.padding, x.padding))
        let offset = (y.first * whole.outputWidth + x.first) * whole.outputChannels
        if y.count > 0 && x.count > 0 {
          var arguments = convolution(
            operation, geometry, input, output + offset, spacing: spacing)
          arguments.weights = weights.assumingMemoryBound(to: Float.self)
          arguments.addend = addend.map { $0 + offset }
          arguments.lines = share.of(arguments.lines.count)
          run(&arguments, type, wideningSpace(share.thread, behind: 0))
        }
        weights += y.taps * x.taps * whole.inputChannels * panels * type.size
      }
    }
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
