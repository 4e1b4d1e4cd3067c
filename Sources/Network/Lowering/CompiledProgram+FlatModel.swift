import Runtime

extension CompiledProgram {
  /// The program of a flat model.
  ///
  /// - Parameter owner: What keeps the bytes where they are.
  public convenience init(_ file: FlatModel, keeping owner: any AnyObject & Sendable) {
    let program = file.program
    let header = program.header
    var slots = [Int](repeating: 0, count: header.inputCount + header.outputCount)
    var taps: [String: Int] = [:]
    // From behind, so that the first tensor of a slot or a name is the one.
    for index in (0..<header.tensorCount).reversed() {
      let tensor = program.tensor(index)
      if tensor.placement == .bound { slots[tensor.offset] = index }
      if tensor.role == .tap {
        taps[String(decoding: program.name(tensor), as: UTF8.self)] = index
      }
    }
    self.init(
      program, inputs: Array(slots[..<header.inputCount]),
      outputs: Array(slots[header.inputCount...]), taps: taps, owner: owner)
  }

  /// The names of the model's inputs, in order.
  public var inputNames: [String] { inputs.map(name) }

  /// The names of the model's outputs, in order.
  public var outputNames: [String] { outputs.map(name) }

  /// The shapes of the model's inputs, without the batch.
  public var inputShapes: [Shape] { inputs.map(shape) }

  /// The shapes of the model's outputs, without the batch.
  public var outputShapes: [Shape] { outputs.map(shape) }

  private func name(_ tensor: Int) -> String {
    String(decoding: program.name(program.tensor(tensor)), as: UTF8.self)
  }

  private func shape(_ tensor: Int) -> Shape {
    let record = program.tensor(tensor)
    return Shape((0..<record.rank).map { record.sizes[$0] })
  }

  /// Inputs for one picture, and what the model computed of them.
  public struct Test: Sendable {
    public var inputs: [Tensor]
    public var outputs: [Tensor]
    /// How far each value may be from that elsewhere.
    public var tolerance: Float

    public init(inputs: [Tensor], outputs: [Tensor], tolerance: Float) {
      self.inputs = inputs
      self.outputs = outputs
      self.tolerance = tolerance
    }
  }

  /// The bytes of a flat model, as `FlatModel` describes them.
  ///
  /// - Precondition: A test's values are as many as the model's for one picture.
  public func flatModel(test: Test? = nil) -> [UInt8] {
    let size = flatModelSize(test: test)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      writeFlatModel(
        test: test, to: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: size))
      count = size
    }
  }

  /// The number of bytes of a flat model.
  public func flatModelSize(test: Test? = nil) -> Int {
    FlatModel.headerSize + ProgramHeader.aligned(program.header.totalSize)
      + (test == nil ? 0 : FlatModel.testSize(program))
  }

  /// Writes the bytes of a flat model: see `flatModel(test:)`.
  ///
  /// - Parameter bytes: `flatModelSize(test:)` of them.
  public func writeFlatModel(test: Test? = nil, to bytes: UnsafeMutableRawBufferPointer) {
    precondition(bytes.count == flatModelSize(test: test))
    guard let base = bytes.baseAddress else { return }
    let programSize = program.header.totalSize
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    FlatModel.writeHeader(
      to: base, programSize: programSize,
      testSize: test == nil ? 0 : FlatModel.testSize(program), tolerance: test?.tolerance ?? 0)
    UnsafeMutableRawBufferPointer(rebasing: bytes[FlatModel.headerSize...])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: program.bytes[..<programSize]))
    var offset = FlatModel.headerSize + ProgramHeader.aligned(programSize)
    for (tensor, index) in zip((test?.inputs ?? []) + (test?.outputs ?? []), inputs + outputs) {
      precondition(tensor.values.count == program.tensor(index).count)
      tensor.values.withUnsafeBytes {
        UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]).copyMemory(from: $0)
      }
      offset += ProgramHeader.aligned(tensor.values.count * MemoryLayout<Float>.size)
    }
    var checksum = FlatModel.checksum(ofHeader: base)
    checksum.add(UnsafeRawBufferPointer(rebasing: bytes[FlatModel.headerSize...]))
    FlatModel.writeChecksum(checksum, to: base)
  }
}
