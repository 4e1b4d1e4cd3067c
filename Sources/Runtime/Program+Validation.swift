import Kernel

extension Program {
  /// Checks every record, so that executing the program reads and writes only its own memory.
  func validate() throws(ProgramError) {
    for index in 0..<header.tensorCount {
      guard
        let tensor = TensorRecord(base + (header.tensorsOffset + index * TensorRecord.size)),
        tensor.offset <= header.arenaSize - tensor.count * 4,
        tensor.nameOffset + tensor.nameLength <= header.namesSize
      else { throw .damaged }
    }
    for index in 0..<header.operationCount {
      guard
        let operation = Operation(base + (header.operationsOffset + index * Operation.size)),
        isValid(operation)
      else { throw .damaged }
    }
  }

  private func isValid(_ operation: Operation) -> Bool {
    guard operation.input < header.tensorCount, operation.output < header.tensorCount
    else { return false }
    let input = tensor(Int(operation.input)).count
    let output = tensor(Int(operation.output)).count
    switch operation.kind {
    case .convolution: return isConvolution(operation, input, output, isDepthwise: false)
    case .depthwiseConvolution: return isConvolution(operation, input, output, isDepthwise: true)
    case .maximumPooling, .averagePooling:
      let geometry = operation.window.geometry
      return isWindow(geometry, input, output) && geometry.inputChannels == geometry.outputChannels
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
    }
  }

  private func isWindow(_ geometry: WindowGeometry, _ input: Int, _ output: Int) -> Bool {
    let isPositive =
      geometry.strideY > 0 && geometry.strideX > 0 && geometry.dilationY > 0
      && geometry.dilationX > 0 && geometry.windowHeight > 0 && geometry.windowWidth > 0
      && geometry.inputChannels > 0 && geometry.outputChannels > 0 && geometry.inputHeight > 0
      && geometry.inputWidth > 0
    return isPositive
      && product(geometry.inputHeight, geometry.inputWidth, geometry.inputChannels) == input
      && product(geometry.outputHeight, geometry.outputWidth, geometry.outputChannels) == output
  }

  private func isConvolution(
    _ operation: Operation, _ input: Int, _ output: Int, isDepthwise: Bool
  ) -> Bool {
    let geometry = operation.window.geometry
    let groups = isDepthwise ? 1 : operation.window.groups
    guard isWindow(geometry, input, output), operation.activation.isFused, groups > 0,
      geometry.inputChannels % groups == 0, geometry.outputChannels % groups == 0,
      !isDepthwise || geometry.outputChannels % geometry.inputChannels == 0,
      (operation.scale == Operation.noConstant) == (operation.shift == Operation.noConstant)
    else { return false }
    let biases = groups * padded(geometry.outputChannels / groups)
    let taps = product(
      geometry.windowHeight, geometry.windowWidth, isDepthwise ? 1 : geometry.inputChannels / groups
    )
    guard let taps, let weights = product(taps, biases, 1) else { return false }
    return holds(operation.weights, weights) && holds(operation.bias, biases)
      && (operation.scale == Operation.noConstant
        || holds(operation.scale, biases) && holds(operation.shift, biases))
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
    return source <= input && target + operation.number(7) <= output
  }

  /// Whether the constants hold `count` floats at an offset that is a multiple of 64.
  private func holds(_ offset: UInt64, _ count: Int) -> Bool {
    offset % 64 == 0 && offset <= UInt64(header.constantsSize)
      && count <= (header.constantsSize - Int(offset)) / 4
  }

  private func padded(_ channels: Int) -> Int { Panel.count(channels) * Panel.width }

  /// The product of numbers of 32 bits, nil beyond 2⁴⁸.
  private func product(_ a: Int, _ b: Int, _ c: Int) -> Int? {
    let (ab, overflow) = a.multipliedReportingOverflow(by: b)
    let (abc, overflows) = ab.multipliedReportingOverflow(by: c)
    return overflow || overflows || abc > 1 << 48 ? nil : abc
  }
}
