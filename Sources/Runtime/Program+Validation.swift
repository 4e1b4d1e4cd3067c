import Kernel

extension Program {
  /// Checks every record, so that executing the program reads and writes only its own memory.
  func validate() throws(ProgramError) {
    for index in 0..<header.tensorCount where !isValidTensor(at: index) { throw .damaged }
    guard hasValidSlots() else { throw .damaged }
    for index in 0..<header.operationCount where !isValidOperation(at: index) { throw .damaged }
    guard hasValidSegments() else { throw .damaged }
  }

  // Each by itself, so that the record is off the stack when the next begins.

  @inline(never)
  private func isValidTensor(at index: Int) -> Bool {
    guard let tensor = TensorRecord(record(ofTensor: index)) else { return false }
    return isPlaced(tensor) && isSeen(tensor)
      && tensor.nameOffset + tensor.nameLength <= header.namesSize
  }

  @inline(never)
  private func isValidOperation(at index: Int) -> Bool {
    guard let operation = Operation(record(ofOperation: index)) else { return false }
    return isValid(operation) && takesParts(operation) && takesTypes(operation)
  }

  /// Whether a tensor's memory is inside of what there is; that of a local one depends on the segment,
  /// that of one that goes through a band on the band.
  private func isPlaced(_ tensor: TensorRecord) -> Bool {
    switch tensor.placement {
    case .bound: tensor.offset < header.inputCount + header.outputCount
    case .batch: tensor.offset <= header.batchSize - tensor.byteCount
    case .local, .band: true
    case .state: tensor.offset <= header.stateSize - ProgramHeader.aligned(tensor.count * 4)
    case .part: isInside(tensor)
    }
  }

  /// Whether what can be seen after a run is there still.
  private func isSeen(_ tensor: TensorRecord) -> Bool {
    tensor.role == .intermediate || tensor.placement != .local && tensor.placement != .band
  }

  /// Whether each slot has a tensor, and all tensors of a slot are of one size.
  @inline(never)
  private func hasValidSlots() -> Bool {
    let slots = header.inputCount + header.outputCount
    guard slots <= header.tensorCount else { return false }
    for slot in 0..<slots where boundTensor(slot: slot) == nil { return false }
    for index in 0..<header.tensorCount {
      let tensor = tensor(index)
      if tensor.placement == .bound, boundTensor(slot: tensor.offset)?.count != tensor.count {
        return false
      }
    }
    return true
  }

  private func isValid(_ operation: Operation) -> Bool {
    guard operation.input < header.tensorCount, operation.output < header.tensorCount,
      operation.secondInput < header.tensorCount || operation.secondInput == Operation.none
    else { return false }
    let input = tensor(Int(operation.input)).count
    let target = tensor(Int(operation.output))
    // The caller's inputs are only read.
    let memory = target.placement == .part ? tensor(target.whole) : target
    guard memory.placement != .bound || memory.offset >= header.inputCount else { return false }
    let output = target.count
    switch operation.kind {
    case .convolution: return isConvolution(operation, input, output, isDepthwise: false)
    case .depthwiseConvolution: return isConvolution(operation, input, output, isDepthwise: true)
    case .transposedConvolution: return isTransposedConvolution(operation, input, output)
    case .maximumPooling, .averagePooling, .quantization:
      let geometry = operation.window.geometry
      return isWindow(geometry, input, output) && geometry.inputChannels == geometry.outputChannels
        && (operation.kind != .quantization
          || geometry.pointwisePixels != nil && operation.activation.alpha > 0
            && operation.activation.alpha.isFinite)
    case .activation: return input == output
    case .scaleAndShift:
      let channels = operation.number(0)
      return input == output && channels > 0 && output % channels == 0
        && holds(operation.scale, padded(channels)) && holds(operation.shift, padded(channels))
    case .addition:
      guard operation.secondInput < header.tensorCount else { return false }
      return input == output && tensor(Int(operation.secondInput)).count == output
    case .softmax:
      let sizes = (operation.number(0), operation.number(1), operation.number(2))
      return input == output && product(sizes.0, sizes.1, sizes.2) == output
    case .copy: return isCopy(operation, input, output)
    case .fill: return true
    case .combination, .reduction, .gathering, .resampling, .matrixProduct, .lookup, .boundaryCount,
      .constant:
      return isOnArrays(operation, input, output)
    default:
      #if hasFeature(Embedded)
        return false
      #else
        return isTraining(operation, input, output)
      #endif
    }
  }

  /// Whether a value has memory of the state's.
  func isOfState(_ index: UInt32) -> Bool {
    index < header.tensorCount && tensor(Int(index)).placement == .state
  }

  /// Whether a window is possible and has so many input and output values; nil for any number.
  func isWindow(_ geometry: WindowGeometry, _ input: Int, _ output: Int?) -> Bool {
    let isPositive =
      geometry.strideY > 0 && geometry.strideX > 0 && geometry.dilationY > 0
      && geometry.dilationX > 0 && geometry.windowHeight > 0 && geometry.windowWidth > 0
      && geometry.inputChannels > 0 && geometry.outputChannels > 0 && geometry.inputHeight > 0
      && geometry.inputWidth > 0
    return isPositive
      && product(geometry.inputHeight, geometry.inputWidth, geometry.inputChannels) == input
      && product(geometry.outputHeight, geometry.outputWidth, geometry.outputChannels) != nil
      && (output == nil || geometry.outputCount == output)
  }

  func isConvolution(
    _ operation: Operation, _ input: Int, _ output: Int, isDepthwise: Bool
  ) -> Bool {
    let geometry = operation.window.geometry
    let groups = isDepthwise ? 1 : operation.window.groups
    let isPooled = operation.isPooled && !isDepthwise
    guard
      isWindow(geometry, input, isPooled ? nil : output), operation.activation.isFused,
      groups > 0,
      geometry.inputChannels % groups == 0, geometry.outputChannels % groups == 0,
      !isDepthwise || geometry.outputChannels % geometry.inputChannels == 0,
      (operation.scale == Operation.noConstant) == (operation.shift == Operation.noConstant)
    else { return false }
    let biases = groups * padded(geometry.outputChannels / groups)
    let tile = isDepthwise ? 0 : operation.winogradTile
    if isPooled || tile > 0 {
      guard isMethod(operation, output) else { return false }
    }
    if !isDepthwise, operation.secondInput != Operation.none {
      guard !isPooled || operation.kind == .trackedConvolution,
        tensor(Int(operation.secondInput)).count == output
      else { return false }
    }
    let taps = product(
      tile > 0 ? tile + 2 : geometry.windowHeight, tile > 0 ? tile + 2 : geometry.windowWidth,
      isDepthwise ? 1 : geometry.inputChannels / groups)
    guard let taps, let weights = product(taps, biases, 1) else { return false }
    return holdsWeights(operation, weights) && holds(operation.bias, biases)
      && (operation.scale == Operation.noConstant
        || holds(operation.scale, biases) && holds(operation.shift, biases))
  }

  private func isTransposedConvolution(
    _ operation: Operation, _ input: Int, _ output: Int
  ) -> Bool {
    let geometry = operation.window.geometry
    let biases = padded(geometry.outputChannels)
    guard isWindow(geometry, input, output), operation.activation.isFused,
      operation.window.groups == 1, geometry.dilationY == 1, geometry.dilationX == 1,
      geometry.strideY <= geometry.outputHeight, geometry.strideX <= geometry.outputWidth,
      holds(operation.bias, biases),
      (operation.scale == Operation.noConstant) == (operation.shift == Operation.noConstant),
      operation.scale == Operation.noConstant
        || holds(operation.scale, biases) && holds(operation.shift, biases),
      operation.secondInput == Operation.none
        || tensor(Int(operation.secondInput)).count == output
    else { return false }
    var taps = (rows: 0, columns: 0)
    for phase in 0..<geometry.strideY {
      let rows = geometry.transposedRows(phase)
      guard rows.padding >= 0 else { return false }
      taps.rows += rows.taps
    }
    for phase in 0..<geometry.strideX {
      let columns = geometry.transposedColumns(phase)
      guard columns.padding >= 0 else { return false }
      taps.columns += columns.taps
    }
    guard let rows = product(taps.rows, taps.columns, geometry.inputChannels),
      let weights = product(rows, biases, 1)
    else { return false }
    return holdsWeights(operation, weights)
  }

  /// Whether a convolution that pools, or that is computed by Winograd's method, is one that can, and has
  /// scratch memory enough.
  private func isMethod(_ operation: Operation, _ output: Int) -> Bool {
    let geometry = operation.window.geometry
    let tile = operation.winogradTile
    var scratch = 0
    if operation.isPooled {
      guard
        product(geometry.outputHeight / 2, geometry.outputWidth / 2, geometry.outputChannels)
          == output
      else { return false }
      scratch = Convolution.scratchCount(geometry)
    }
    if tile > 0 {
      guard tile == 2 || tile == 4 || tile == 6, operation.window.suitsWinograd
      else { return false }
      scratch = Winograd.scratchCount(geometry, tile: tile)
    }
    return scratch <= header.scratchSize / 4
  }

  /// Whether the last float that a copy reads and the last that it writes are inside.
  private func isCopy(_ operation: Operation, _ input: Int, _ output: Int) -> Bool {
    let (planes, rows, length) = (operation.number(0), operation.number(1), operation.number(2))
    // Rows that lie over each other would be work without end.
    guard let moved = product(planes, rows, length), moved > 0, moved <= output else {
      return false
    }
    func end(_ planeStride: Int, _ rowStride: Int) -> Int? {
      guard let plane = product(planes - 1, planeStride, 1),
        let row = product(rows - 1, rowStride, 1)
      else { return nil }
      return plane + row + length
    }
    guard let source = end(operation.number(3), operation.number(4)),
      let target = end(operation.number(5), operation.number(6))
    else { return false }
    return source + operation.number(8) <= input && target + operation.number(7) <= output
  }

  /// Whether there are so many weights, of their type; narrow ones only where they are constants and have room
  /// to be widened, and not by Winograd's method.
  private func holdsWeights(_ operation: Operation, _ count: Int) -> Bool {
    let type = operation.weightType
    guard type != .float32 else { return holds(operation.weights, count) }
    guard Operation.referencedTensor(operation.weights) == nil,
      operation.kind != .convolution || operation.winogradTile == 0,
      holds(operation.weights, (count * type.size + 3) / 4)
    else { return false }
    return operation.fewestWidened <= header.scratchSize / 4 - operation.scratchBeforeWidened
  }

  /// Whether the constants hold `count` floats at an offset that is a multiple of 64, or a value of the state
  /// does in their place.
  func holds(_ offset: UInt64, _ count: Int) -> Bool {
    if let index = Operation.referencedTensor(offset) {
      guard index < header.tensorCount else { return false }
      let tensor = tensor(index)
      return tensor.placement == .state && count <= ProgramHeader.aligned(tensor.count * 4) / 4
    }
    return offset % 64 == 0 && offset <= UInt64(header.constantsSize)
      && count <= (header.constantsSize - Int(offset)) / 4
  }

  func padded(_ channels: Int) -> Int { Panel.count(channels) * Panel.width }

  /// The product of numbers of 32 bits, nil beyond the largest size.
  func product(_ a: Int, _ b: Int, _ c: Int) -> Int? {
    let (ab, overflow) = a.multipliedReportingOverflow(by: b)
    let (abc, overflows) = ab.multipliedReportingOverflow(by: c)
    return overflow || overflows || abc > ProgramHeader.largestSize ? nil : abc
  }
}
