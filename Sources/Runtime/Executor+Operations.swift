import Kernel

extension Executor {
  /// Executes a share of an operation's work for some pictures; not of a convolution's.
  @inline(never)  // A record by itself on the stack.
  func executeOperation(at index: Int, _ pictures: Part, _ share: Share) {
    let operation = program.operation(index)
    let source = program.tensor(Int(operation.input))
    let part = part(for: source, pictures)
    let target = program.tensor(Int(operation.output))
    let input = UnsafePointer(pointer(source, part))
    let output = pointer(target, part)
    let count = target.count * part.count
    let hasPart = source.placement == .part || target.placement == .part
    switch operation.kind {
    case .convolution, .trackedConvolution, .transposedConvolution:
      assertionFailure("it is executed by itself")
    case .depthwiseConvolution: convolveDepthwise(operation, part, share, input, output)
    case .maximumPooling, .averagePooling: pool(operation, part, share, input, output)
    case .activation where hasPart, .scaleAndShift where hasPart:
      executeByRows(operation, part, share, input, output)
    case .activation:
      let range = share.of(count)
      kernels.activate(
        operation.activation, input + range.lower, output + range.lower, range.count)
    case .scaleAndShift:
      let channels = operation.number(0)
      let range = share.of(count / channels)
      kernels.scaleAndShift(
        input + range.lower * channels, output + range.lower * channels,
        constants(operation.scale).unsafelyUnwrapped,
        constants(operation.shift).unsafelyUnwrapped, range.count, channels)
    case .addition:
      let range = share.of(count)
      kernels.add(
        input + range.lower, second(operation, part) + range.lower, output + range.lower,
        range.count)
    case .softmax:
      let (axis, inner) = (operation.number(1), operation.number(2))
      let range = share.of(operation.number(0) * part.count)
      let offset = range.lower * axis * inner
      kernels.softmax(
        input + offset, output + offset, range.count, axis, inner, operation.number(3) != 0)
    case .copy:
      let copy = BlockCopy(
        planes: operation.number(0), rows: operation.number(1), length: operation.number(2),
        source: (operation.number(3), operation.number(4)),
        target: (operation.number(5), operation.number(6)))
      let pictures = share.of(part.count)
      for picture in pictures.lower..<pictures.upper {
        copy.run(
          input + (picture * source.count + operation.number(8)),
          output + (picture * target.count + operation.number(7)))
      }
    case .fill:
      let range = share.of(count)
      (output + range.lower).update(repeating: operation.activation.alpha, count: range.count)
    case .combination, .reduction, .gathering, .resampling, .matrixProduct, .lookup, .boundaryCount,
      .constant:
      executeOnArrays(operation, part, share, input, output)
    default:
      #if hasFeature(Embedded)
        assertionFailure("a program with training is not valid here")
      #else
        train(operation, part, share, input, output)
      #endif
    }
  }

  /// The pictures that an operation with such an input is executed for: the state has one value for all.
  private func part(for input: TensorRecord, _ pictures: Part) -> Part {
    input.placement == .state ? Part(first: 0, count: 1, thread: 0) : pictures
  }

  // Each by itself, so that no record of a tensor is on the caller's stack.

  @inline(never)
  func part(of input: UInt32, _ pictures: Part) -> Part {
    part(for: program.tensor(Int(input)), pictures)
  }

  /// Where some pictures of a value lie that is floats.
  @inline(never)
  func value(_ index: UInt32, _ part: Part) -> UnsafeMutablePointer<Float> {
    pointer(program.tensor(Int(index)), part)
  }

  /// Where an operation's outputs lie if not one behind the other.
  @inline(never)
  private func spacing(ofOutput index: Int) -> OutputSpacing? {
    let operation = program.operation(index)
    return spacing(operation, program.tensor(Int(operation.output)))
  }

  func second(_ operation: Operation, _ part: Part) -> UnsafePointer<Float> {
    UnsafePointer(value(operation.secondInput, part))
  }

  /// A direct convolution, all of it.
  func convolution(
    _ operation: Operation, _ geometry: WindowGeometry, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, spacing: OutputSpacing? = nil
  ) -> ConvolutionArguments {
    ConvolutionArguments(
      input: input, output: output,
      weights: constants(operation.weights).unsafelyUnwrapped,
      bias: constants(operation.bias).unsafelyUnwrapped,
      scale: constants(operation.scale), shift: constants(operation.shift),
      activation: operation.activation, geometry: geometry, groups: operation.window.groups,
      spacing: spacing)
  }

  /// A depthwise convolution, all of it.
  func depthwise(
    _ operation: Operation, _ geometry: WindowGeometry, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) -> DepthwiseArguments {
    DepthwiseArguments(
      input: input, output: output,
      weights: constants(operation.weights).unsafelyUnwrapped,
      bias: constants(operation.bias).unsafelyUnwrapped,
      scale: constants(operation.scale), shift: constants(operation.shift),
      activation: operation.activation, geometry: geometry)
  }

  // Each by itself, so that its arguments take stack only where they are needed.

  @inline(never)
  private func convolveDepthwise(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    var geometry = operation.window.geometry
    geometry.batch = part.count
    var arguments = depthwise(operation, geometry, input, output)
    arguments.lines = share.of(arguments.lines.count)
    run(&arguments, operation, wideningSpace(share.thread, behind: 0))
  }

  @inline(never)
  private func pool(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    var geometry = operation.window.geometry
    geometry.batch = part.count
    let arguments = PoolingArguments(
      input: input, output: output, geometry: geometry,
      lines: share.of(part.count * geometry.outputHeight),
      spacing: spacing(operation, program.tensor(Int(operation.output))))
    if operation.kind == .maximumPooling {
      kernels.poolMaximum(arguments)
    } else {
      kernels.poolAverage(arguments)
    }
  }

  /// Executes a share of a convolution's work for some pictures.
  @inline(never)
  func executeConvolution(at index: Int, _ pictures: Part, _ share: Share) {
    let operation = program.operation(index)
    let part = part(of: operation.input, pictures)
    let input = UnsafePointer(value(operation.input, part))
    let output = value(operation.output, part)
    let second =
      operation.secondInput == Operation.none ? nil : value(operation.secondInput, part)
    let addend = UnsafePointer(operation.isPooled ? nil : second)
    let spacing = spacing(ofOutput: index)
    if kernels.hasWinograd && operation.winogradTile > 0 {
      convolveWinograd(operation, part, share, input, output, addend, spacing)
      return
    }
    var geometry = operation.window.geometry
    geometry.batch = part.count
    var arguments = convolution(operation, geometry, input, output)
    arguments.addend = addend
    arguments.isPooled = operation.isPooled
    arguments.places = operation.isPooled ? second : nil
    arguments.scratch = scratch(share.thread)
    arguments.spacing = spacing
    arguments.lines.upper = Convolution.lineCount(
      geometry, groups: arguments.groups, isPooled: arguments.isPooled, spacing: spacing)
    arguments.isBackward = isBackward
    if operation.sharesPanels(part.count) {
      arguments.panels = share.of(arguments.panels.count)
    } else {
      arguments.lines = share.of(arguments.lines.count)
    }
    run(
      &arguments, operation.weightType,
      wideningSpace(share.thread, behind: operation.scratchBeforeWidened))
  }

  @inline(never)
  private func convolveWinograd(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ addend: UnsafePointer<Float>?,
    _ spacing: OutputSpacing?
  ) {
    var geometry = operation.window.geometry
    geometry.batch = part.count
    let tile = operation.winogradTile
    let panels = Panel.count(geometry.outputChannels)
    let tiles = Winograd.tileCount(geometry, tile: tile)
    let sharesPanels = operation.sharesPanels(part.count)
    kernels.convolveWinograd(
      WinogradArguments(
        input: input, output: output,
        weights: constants(operation.weights).unsafelyUnwrapped,
        bias: constants(operation.bias).unsafelyUnwrapped,
        scale: constants(operation.scale), shift: constants(operation.shift),
        addend: addend, activation: operation.activation, geometry: geometry, tile: tile,
        isPooled: operation.isPooled, scratch: scratch(share.thread),
        scratchCount: program.header.scratchSize / 4,
        tiles: sharesPanels ? WorkRange(0, tiles) : share.of(tiles),
        panels: sharesPanels ? share.of(panels) : WorkRange(0, panels),
        spacing: spacing))
  }
}
