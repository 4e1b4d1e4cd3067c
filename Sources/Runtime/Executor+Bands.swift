import Kernel

extension Executor {
  /// Executes a share of the work of the band at an operation, some rows of its last output, for some pictures;
  /// returns how many operations they were.
  @inline(never)  // A band takes stack that others do not need.
  func executeBand(at first: Int, _ part: Part, _ share: Share) -> Int {
    guard let band = Band(program, at: first) else { return 1 }
    for index in 0..<part.count {
      let picture = BandPicture(part: part, index: index, thread: share.thread, band: band)
      let rows = share.of(geometry(first + band.count - 1).outputHeight)
      guard rows.count > 0 else { continue }
      let steps = (rows.count + band.rows - 1) / band.rows
      // The rows of each operation's output that its memory holds.
      var held = InlineArray<4, WorkRange>(repeating: WorkRange(0, 0))
      for step in 0..<steps { advance(first, to: rows.part(step, of: steps), &held, picture) }
    }
    return band.count
  }

  /// The window of an operation of a band.
  @inline(never)  // Without the rest of the record on the caller's stack.
  private func geometry(_ index: Int) -> WindowGeometry { program.operation(index).window.geometry }

  /// Computes some rows of a band's last output, and before that what they need.
  private func advance(
    _ first: Int, to wanted: WorkRange, _ held: inout InlineArray<4, WorkRange>,
    _ picture: BandPicture
  ) {
    let last = picture.band.count - 1
    var needed = InlineArray<4, WorkRange>(repeating: wanted)
    for position in stride(from: last - 1, through: 0, by: -1) {
      needed[position] = Band.inputRows(geometry(first + position + 1), of: needed[position + 1])
    }
    for position in 0...last {
      let begin = recorder?.now ?? 0
      let rows =
        position < last
        ? keep(needed[position], &held[position], of: first + position, picture) : wanted
      if rows.count > 0 {
        let available =
          position > 0 ? held[position - 1] : WorkRange(0, geometry(first).inputHeight)
        execute(
          first + position, rows, available: available,
          targetRow: position < last ? held[position].lower : 0, picture)
      }
      recorder?.note(first + position, picture.thread, since: begin)
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

  /// Computes some rows of an operation's output.
  ///
  /// - Parameters:
  ///   - available: The rows of the input that its memory holds.
  ///   - targetRow: The first row that the output's memory holds.
  @inline(never)
  private func execute(
    _ index: Int, _ rows: WorkRange, available: WorkRange, targetRow: Int, _ picture: BandPicture
  ) {
    let operation = program.operation(index)
    let whole = operation.window.geometry
    let (geometry, firstRow) = Band.part(of: whole, rows: rows, available: available)
    let source = program.tensor(Int(operation.input))
    let address = UnsafeRawPointer(
      memory(source, picture)
        + firstRow * geometry.inputWidth * geometry.inputChannels * source.type.size)
    var input = address.assumingMemoryBound(to: Float.self)
    var behind = picture.band.scratchSize / MemoryLayout<Float>.size
    var bytes: ByteInput?
    if source.type != .float32 {
      if operation.kind == .convolution {
        bytes = ByteInput(
          address: address, type: source.type,
          pixels: picture.band.inputRows * geometry.inputWidth)
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
    switch operation.kind {
    case .quantization:
      kernels.quantize(
        input, target.type, place.assumingMemoryBound(to: UInt8.self), rows.count * rowCount,
        operation.activation.alpha)
    case .maximumPooling, .averagePooling:
      pool(operation, geometry, input, output, spacing(operation, target, rows: rows.count))
    case .depthwiseConvolution:
      convolveDepthwise(
        operation, geometry, input, output, wideningSpace(picture.thread, behind: behind))
    default:
      var addend: UnsafePointer<Float>?
      if operation.secondInput != Operation.none {
        let second = memory(program.tensor(Int(operation.secondInput)), picture)
        addend =
          UnsafeRawPointer(second).assumingMemoryBound(to: Float.self) + rows.lower * rowCount
      }
      convolve(
        operation, geometry, input, output, addend,
        spacing(operation, target, rows: rows.count),
        wideningSpace(picture.thread, behind: behind), bytes)
    }
  }

  // Each by itself, so that its arguments take stack only where they are needed.

  @inline(never)
  private func pool(
    _ operation: Operation, _ geometry: WindowGeometry, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ spacing: OutputSpacing?
  ) {
    let arguments = PoolingArguments(
      input: input, output: output, geometry: geometry, spacing: spacing)
    if operation.kind == .maximumPooling {
      kernels.poolMaximum(arguments)
    } else {
      kernels.poolAverage(arguments)
    }
  }

  @inline(never)
  private func convolveDepthwise(
    _ operation: Operation, _ geometry: WindowGeometry, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ space: UnsafeMutableBufferPointer<Float>
  ) {
    var arguments = depthwise(operation, geometry, input, output)
    run(&arguments, operation, space)
  }

  @inline(never)
  private func convolve(
    _ operation: Operation, _ geometry: WindowGeometry, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>, _ addend: UnsafePointer<Float>?,
    _ spacing: OutputSpacing?, _ space: UnsafeMutableBufferPointer<Float>, _ bytes: ByteInput?
  ) {
    var arguments = convolution(operation, geometry, input, output, spacing: spacing)
    arguments.addend = addend
    run(&arguments, operation.weightType, space, bytes: bytes)
  }
}

/// One of the pictures that are worked on together, and the thread that computes some of its rows.
private struct BandPicture {
  var part: Part
  var index: Int
  var thread: Int
  var band: Band
}
