import Kernel

// What a kernel works on is put together by functions that are not inlined: the records that they read are off the
// stack when the kernel runs.

extension Executor {
  /// Executes a share of the work of the band at an operation, some rows of its last output, for some pictures;
  /// returns how many operations they were.
  @inline(never)  // A band takes stack that others do not need.
  func executeBand(at first: Int, _ part: Part, _ share: Share) -> Int {
    let band = band(at: first)
    let rows = share.of(geometry(at: first + band.count - 1).outputHeight)
    guard rows.count > 0 else { return band.count }
    let steps = (rows.count + band.rows - 1) / band.rows
    for index in 0..<part.count {
      let picture = BandPicture(
        first: first, band: band, part: part, index: index, thread: share.thread)
      var held = BandRows()
      for step in 0..<steps {
        var needed = BandRows()
        findNeeded(for: rows.part(step, of: steps), picture, &needed)
        for position in 0..<band.count {
          let begin = recorder?.now ?? 0
          let rows =
            position < band.count - 1
            ? keep(needed[position], &held[position], of: first + position, picture)
            : needed[position]
          if rows.count > 0 {
            let inputRow = position > 0 ? held[position - 1].lower : 0
            run(
              BandStep(
                index: first + position, rows: rows, inputRow: inputRow,
                outputRow: held[position].lower), picture)
          }
          recorder?.note(first + position, share.thread, since: begin)
        }
      }
    }
    return band.count
  }

  @inline(never)
  private func band(at first: Int) -> Band { Band(program, at: first) }

  /// Finds out which rows of each output some rows of the last one need.
  @inline(never)
  private func findNeeded(
    for rows: WorkRange, _ picture: BandPicture, _ needed: inout BandRows
  ) {
    let last = picture.band.count - 1
    needed[last] = rows
    for position in stride(from: last, to: 0, by: -1) {
      needed[position - 1] = Band.inputRows(
        geometry(at: picture.first + position), of: needed[position])
    }
  }

  /// Moves the rows of an operation's output that are needed again to the beginning of their memory, and returns
  /// those that are missing.
  @inline(never)
  private func keep(
    _ needed: WorkRange, _ held: inout WorkRange, of index: Int, _ picture: BandPicture
  ) -> WorkRange {
    let kept = max(held.upper - needed.lower, 0)
    if kept > 0 && needed.lower > held.lower {
      let operation = program.operation(index)
      let rowCount = Band.rowCount(operation.window.geometry)
      let memory = memory(program.tensor(Int(operation.output)), picture)
        .assumingMemoryBound(to: Float.self)
      memory.update(
        from: memory + (needed.lower - held.lower) * rowCount, count: kept * rowCount)
    }
    held = needed
    return WorkRange(needed.lower + kept, needed.upper)
  }

  /// Where a picture's value lies, or the thread's rows of it.
  private func memory(
    _ tensor: TensorRecord, _ picture: BandPicture
  ) -> UnsafeMutableRawPointer {
    tensor.placement == .band
      ? UnsafeMutableRawPointer(scratch(picture.thread)) + tensor.offset
      : address(tensor, picture.part)
        + program.layout(tensor).place(picture.index * tensor.count) * tensor.type.size
  }

  /// Where the rows of its input begin that a step reads, and of what type they are.
  @inline(never)
  private func source(_ step: BandStep, _ picture: BandPicture) -> ByteInput {
    let operation = program.operation(step.index)
    let tensor = program.tensor(Int(operation.input))
    let whole = operation.window.geometry
    let row = Band.inputRows(whole, of: step.rows).lower - step.inputRow
    return ByteInput(
      address: memory(tensor, picture)
        + row * whole.inputWidth * whole.inputChannels * tensor.type.size,
      type: tensor.type, pixels: picture.band.inputRows * whole.inputWidth)
  }

  /// Where the rows begin that a step writes.
  @inline(never)
  private func target(
    _ step: BandStep, _ picture: BandPicture
  ) -> UnsafeMutableRawPointer {
    let operation = program.operation(step.index)
    let tensor = program.tensor(Int(operation.output))
    let row = step.rows.lower - step.outputRow
    let place = program.layout(tensor).place(row * Band.rowCount(operation.window.geometry))
    return memory(tensor, picture) + place * tensor.type.size
  }

  /// Where what is added to a step's rows begins; nil where nothing is.
  @inline(never)
  private func addend(_ step: BandStep, _ picture: BandPicture) -> UnsafePointer<Float>? {
    let operation = program.operation(step.index)
    guard operation.secondInput != Operation.none else { return nil }
    let rowCount = Band.rowCount(operation.window.geometry)
    return UnsafeRawPointer(memory(program.tensor(Int(operation.secondInput)), picture))
      .assumingMemoryBound(to: Float.self) + step.rows.lower * rowCount
  }

  /// Where a step's outputs lie if not one behind the other.
  @inline(never)
  private func spacing(_ step: BandStep) -> OutputSpacing? {
    let operation = program.operation(step.index)
    return spacing(operation, program.tensor(Int(operation.output)), rows: step.rows.count)
  }

  /// The window of a step, as if its rows were a picture.
  @inline(never)
  private func geometry(_ step: BandStep) -> WindowGeometry {
    Band.part(of: geometry(at: step.index), rows: step.rows)
  }

  private func run(_ step: BandStep, _ picture: BandPicture) {
    switch program.kind(at: step.index) {
    case .quantization: quantize(step, picture)
    case .maximumPooling, .averagePooling: pool(step, picture)
    case .depthwiseConvolution: convolveDepthwise(step, picture)
    default: convolve(step, picture)
    }
  }

  /// A thread's scratch memory behind the rows of its band.
  private func space(_ picture: BandPicture) -> UnsafeMutableBufferPointer<Float> {
    wideningSpace(picture.thread, behind: picture.band.scratchSize / MemoryLayout<Float>.size)
  }

  @inline(never)
  private func quantize(_ step: BandStep, _ picture: BandPicture) {
    let operation = program.operation(step.index)
    kernels.quantize(
      source(step, picture).floats, program.tensor(Int(operation.output)).type,
      target(step, picture).assumingMemoryBound(to: UInt8.self), geometry(step).outputCount,
      operation.activation.alpha)
  }

  @inline(never)
  private func pool(_ step: BandStep, _ picture: BandPicture) {
    let arguments = PoolingArguments(
      input: source(step, picture).floats,
      output: target(step, picture).assumingMemoryBound(to: Float.self),
      geometry: geometry(step), spacing: spacing(step))
    if program.kind(at: step.index) == .maximumPooling {
      kernels.poolMaximum(arguments)
    } else {
      kernels.poolAverage(arguments)
    }
  }

  @inline(never)
  private func convolveDepthwise(_ step: BandStep, _ picture: BandPicture) {
    let operation = program.operation(step.index)
    let geometry = geometry(step)
    let source = source(step, picture)
    var input = source.floats
    var space = space(picture)
    if source.type != .float32 {
      // As floats, at the beginning of the space.
      let floats = space.baseAddress.unsafelyUnwrapped
      kernels.widen(source.address, source.type, floats, geometry.inputCount)
      let count = Widening.inputCount(geometry, rows: geometry.inputHeight)
      space = UnsafeMutableBufferPointer(rebasing: space[count...])
      input = UnsafePointer(floats)
    }
    var arguments = depthwise(
      operation, geometry, input, target(step, picture).assumingMemoryBound(to: Float.self))
    run(&arguments, operation, space)
  }

  @inline(never)
  private func convolve(_ step: BandStep, _ picture: BandPicture) {
    var arguments = arguments(step, picture)
    let bytes = source(step, picture)
    run(
      &arguments, weightType(at: step.index), space(picture),
      bytes: bytes.type == .float32 ? nil : bytes)
  }

  @inline(never)
  private func arguments(_ step: BandStep, _ picture: BandPicture) -> ConvolutionArguments {
    var arguments = convolution(
      program.operation(step.index), geometry(step),
      source(step, picture).floats,
      target(step, picture).assumingMemoryBound(to: Float.self), spacing: spacing(step))
    arguments.addend = addend(step, picture)
    return arguments
  }
}

/// Rows of the output of each of a band's operations.
private typealias BandRows = InlineArray<4, WorkRange>

extension BandRows {
  fileprivate init() { self.init(repeating: WorkRange(0, 0)) }
}

/// One of the pictures that are worked on together, and the thread that computes some of its rows.
private struct BandPicture {
  let first: Int
  let band: Band
  let part: Part
  let index: Int
  let thread: Int
}

/// Some rows of the output of an operation of a band.
private struct BandStep {
  /// The operation.
  let index: Int
  let rows: WorkRange
  /// The first row that the input's memory holds.
  let inputRow: Int
  /// The first row that the output's memory holds.
  let outputRow: Int
}
