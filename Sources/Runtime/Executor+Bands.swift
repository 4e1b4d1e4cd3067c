import Kernel

extension Executor {
  /// Executes a share of the work of the band at an operation, some rows of its last output, for some pictures;
  /// returns how many operations they were.
  @inline(never)  // A band's operations take stack that others do not need.
  func executeBand(at first: Int, _ part: Part, _ share: Share) -> Int {
    guard let band = Band(program, at: first) else { return 1 }
    let last = band.count - 1
    let scratchOfRows = band.scratchOfRows(program) / MemoryLayout<Float>.size
    for index in 0..<part.count {
      let picture = BandPicture(
        part: part, index: index, thread: share.thread, scratchOfRows: scratchOfRows,
        inputRows: band.inputRows)
      let rows = share.of(band.operations[last].window.geometry.outputHeight)
      guard rows.count > 0 else { continue }
      let steps = (rows.count + band.rows - 1) / band.rows
      // The rows of each operation's output that its memory holds.
      var held = InlineArray<4, WorkRange>(repeating: WorkRange(0, 0))
      for step in 0..<steps {
        let wanted = rows.part(step, of: steps)
        advance(band, at: first, to: wanted, &held, picture)
      }
    }
    return band.count
  }

  /// Computes some rows of a band's last output, and before that what they need.
  private func advance(
    _ band: Band, at index: Int, to wanted: WorkRange, _ held: inout InlineArray<4, WorkRange>,
    _ picture: BandPicture
  ) {
    let last = band.count - 1
    var needed = InlineArray<4, WorkRange>(repeating: wanted)
    for position in stride(from: last - 1, through: 0, by: -1) {
      needed[position] = Band.inputRows(
        band.operations[position + 1].window.geometry, of: needed[position + 1])
    }
    for position in 0..<band.count {
      let begin = recorder?.now ?? 0
      var rows = wanted
      if position < last {
        let output = program.tensor(Int(band.operations[position].output))
        rows = keep(
          needed[position], &held[position],
          memory(output, picture).assumingMemoryBound(to: Float.self),
          Band.rowCount(band.operations[position].window.geometry))
      }
      if rows.count > 0 {
        let available =
          position > 0
          ? held[position - 1]
          : WorkRange(0, band.operations[0].window.geometry.inputHeight)
        let target = position < last ? held[position] : WorkRange(0, 0)
        execute(
          band.operations[position], rows, available: available, targetRow: target.lower, picture)
      }
      recorder?.note(index + position, picture.thread, since: begin)
    }
  }

  /// Moves the rows that are needed again to the beginning of their memory, and returns those that are
  /// missing.
  private func keep(
    _ needed: WorkRange, _ held: inout WorkRange, _ memory: UnsafeMutablePointer<Float>,
    _ rowCount: Int
  ) -> WorkRange {
    let kept = max(held.upper - needed.lower, 0)
    if kept > 0 && needed.lower > held.lower {
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

  /// Computes some rows of an operation's output.
  ///
  /// - Parameters:
  ///   - available: The rows of the input that its memory holds.
  ///   - targetRow: The first row that the output's memory holds.
  private func execute(
    _ operation: Operation, _ rows: WorkRange, available: WorkRange, targetRow: Int,
    _ picture: BandPicture
  ) {
    var behind = picture.scratchOfRows
    let whole = operation.window.geometry
    let (geometry, firstRow) = Band.part(of: whole, rows: rows, available: available)
    let source = program.tensor(Int(operation.input))
    let address = UnsafeRawPointer(
      memory(source, picture)
        + firstRow * geometry.inputWidth * geometry.inputChannels * source.type.size)
    var input = address.assumingMemoryBound(to: Float.self)
    var bytes: ByteInput?
    if source.type != .float32 {
      if operation.kind == .convolution {
        bytes = ByteInput(
          address: address, type: source.type, pixels: picture.inputRows * geometry.inputWidth)
      } else {
        let floats = scratch(picture.thread) + behind
        kernels.widen(address, source.type, floats, geometry.inputCount)
        input = UnsafePointer(floats)
        behind += Widening.inputCount(geometry, rows: geometry.inputHeight)
      }
    }
    let rowCount = Band.rowCount(whole)
    let target = program.tensor(Int(operation.output))
    let place =
      memory(target, picture)
      + program.layout(target).place((rows.lower - targetRow) * rowCount) * target.type.size
    let output = place.assumingMemoryBound(to: Float.self)
    let spacing = spacing(operation, target, rows: rows.count)
    switch operation.kind {
    case .quantization:
      kernels.quantize(
        input, target.type, place.assumingMemoryBound(to: UInt8.self), rows.count * rowCount,
        operation.activation.alpha)
    case .maximumPooling:
      kernels.poolMaximum(
        PoolingArguments(input: input, output: output, geometry: geometry, spacing: spacing))
    case .averagePooling:
      kernels.poolAverage(
        PoolingArguments(input: input, output: output, geometry: geometry, spacing: spacing))
    case .depthwiseConvolution:
      var arguments = depthwise(operation, geometry, input, output)
      run(&arguments, operation, wideningSpace(picture.thread, behind: behind))
    default:
      var arguments = convolution(operation, geometry, input, output, spacing: spacing)
      if operation.secondInput != Operation.none {
        let addend = program.tensor(Int(operation.secondInput))
        arguments.addend =
          UnsafeRawPointer(memory(addend, picture)).assumingMemoryBound(to: Float.self)
          + rows.lower * rowCount
      }
      run(
        &arguments, operation.weightType, wideningSpace(picture.thread, behind: behind),
        bytes: bytes)
    }
  }
}

/// One of the pictures that are worked on together, and the thread that computes some of its rows.
private struct BandPicture {
  var part: Part
  var index: Int
  var thread: Int
  /// The floats of scratch memory that the rows between the operations take.
  var scratchOfRows: Int
  /// The most rows of the first operation's input at a time.
  var inputRows: Int
}
