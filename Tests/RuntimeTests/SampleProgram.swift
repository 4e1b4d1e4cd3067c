import Kernel
import Runtime

/// Memory that begins at a multiple of 64.
final class AlignedMemory {
  let bytes: UnsafeMutableRawBufferPointer

  init(count: Int) {
    bytes = .allocate(byteCount: count, alignment: 64)
    _ = bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  convenience init(_ other: AlignedMemory) {
    self.init(count: other.bytes.count)
    bytes.copyMemory(from: UnsafeRawBufferPointer(other.bytes))
  }

  deinit { bytes.deallocate() }
}

/// A program written by hand that has an operation of every kind.
///
/// 0: input (4, 4, 2) → convolution 3×3 → 1: (4, 4, 3) → maximum 2×2 → 2: (2, 2, 3) → scale and shift
/// → 3 → sigmoid → 4 → depthwise 1×2 → 5: (2, 1, 3) → copied into the left half of 6, of which the rest is 0.5:
/// (2, 2, 3) → added to 4: 7 → average 2×2 → 8: (1, 1, 3) → softmax → 9.
struct SampleProgram {
  let memory: AlignedMemory
  let header: ProgramHeader

  static let name = "sum"
  static let input = 0
  static let output = 9
  /// The operations by what they are, in their order.
  static let convolution = 0
  static let scaleAndShift = 2
  static let activation = 3
  static let copy = 6
  static let addition = 7
  static let softmax = 9

  static let kernel = SampleProgram.sequence(3 * 3 * 2 * 16, step: 0.01)
  static let bias = SampleProgram.sequence(16, step: 0.1)
  static let scale = SampleProgram.sequence(16, step: -0.3)
  static let shift = SampleProgram.sequence(16, step: 0.2)
  static let depthwise = SampleProgram.sequence(2 * 16, step: 0.15)

  /// Values of some variety: multiples of `step` from -3 to 3.
  static func sequence(_ count: Int, step: Float) -> [Float] {
    (0..<count).map { Float($0 % 7 - 3) * step }
  }

  private static let sizes = [
    [4, 4, 2], [4, 4, 3], [2, 2, 3], [2, 2, 3], [2, 2, 3], [2, 1, 3], [2, 2, 3], [2, 2, 3],
    [1, 1, 3], [3],
  ]

  /// The first few operations two pictures at a time, the others all at once.
  static let segments = [
    SegmentRecord(operationCount: 4, pictures: 2, localSize: 0),
    SegmentRecord(operationCount: 6, pictures: 256, localSize: 64),
  ]

  init() {
    let constants = [Self.kernel, Self.bias, Self.scale, Self.shift, Self.depthwise]
    // Every array of constants is a multiple of 64 bytes long: each begins where the last ends.
    var offsets: [UInt64] = [0]
    for array in constants { offsets.append(offsets.last! + UInt64(array.count * 4)) }
    let operations = Self.operations(constants: offsets)
    var tensors: [TensorRecord] = []
    var arena = 0
    for (index, sizes) in Self.sizes.enumerated() {
      let role: TensorRecord.Role =
        index == Self.input ? .input : index == Self.output ? .output : .intermediate
      let isBound = role != .intermediate
      let tensor = TensorRecord(
        role: role, rank: sizes.count,
        sizes: InlineArray { $0 < sizes.count ? sizes[$0] : 1 },
        offset: isBound ? (role == .input ? 0 : 1) : arena, nameOffset: 0,
        nameLength: index == 7 ? Self.name.utf8.count : 0, placement: isBound ? .bound : .batch)
      tensors.append(tensor)
      if !isBound { arena = ProgramHeader.aligned(arena + tensor.count * 4) }
    }
    header = ProgramHeader(
      tensorCount: tensors.count, operationCount: operations.count,
      segmentCount: Self.segments.count, inputCount: 1, outputCount: 1,
      namesSize: Self.name.utf8.count, constantsSize: Int(offsets.last!), batchSize: arena,
      scratchSize: 0)
    memory = AlignedMemory(count: header.totalSize)
    let base = memory.bytes.baseAddress!
    header.write(to: base)
    for (index, tensor) in tensors.enumerated() {
      tensor.write(to: base + (header.tensorsOffset + index * TensorRecord.size))
    }
    for (index, segment) in Self.segments.enumerated() {
      segment.write(to: base + (header.segmentsOffset + index * SegmentRecord.size))
    }
    for index in operations.indices { write(operations[index], at: index) }
    (base + header.namesOffset).copyMemory(
      from: Array(Self.name.utf8), byteCount: Self.name.utf8.count)
    for (offset, array) in zip(offsets, constants) {
      (base + (header.constantsOffset + Int(offset))).copyMemory(
        from: array, byteCount: array.count * 4)
    }
  }

  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(memory.bytes) }

  func program() throws(ProgramError) -> Program { try Program(validating: bytes) }

  /// The record of an operation, read while its memory is there.
  func operation(_ index: Int) throws(ProgramError) -> Runtime.Operation {
    defer { withExtendedLifetime(self) {} }
    return try program().operation(index)
  }

  /// The record of a tensor, read while its memory is there.
  func tensor(_ index: Int) throws(ProgramError) -> TensorRecord {
    defer { withExtendedLifetime(self) {} }
    return try program().tensor(index)
  }

  /// Replaces an operation.
  func write(_ operation: Operation, at index: Int) {
    operation.write(
      to: memory.bytes.baseAddress! + (header.operationsOffset + index * Operation.size))
  }

  /// Replaces a tensor.
  func write(_ tensor: TensorRecord, at index: Int) {
    tensor.write(
      to: memory.bytes.baseAddress! + (header.tensorsOffset + index * TensorRecord.size))
  }

  /// Changes the bytes of scratch memory that the header asks for.
  func setScratch(_ size: Int) {
    memory.bytes.storeBytes(of: UInt64(size), toByteOffset: 40, as: UInt64.self)
  }

  /// Makes a band of the first two operations, a row at a time.
  func makeBand() throws {
    var tensor = try program().tensor(1)
    tensor.placement = .band
    tensor.offset = 0
    var operation = try program().operation(0)
    operation.bandLength = 2
    operation.bandRows = 1
    write(tensor, at: 1)
    write(operation, at: 0)
  }

  private static func operations(constants: [UInt64]) -> [Operation] {
    func window(
      _ kind: Operation.Kind, _ input: Int, _ output: Int, _ height: Int, _ width: Int,
      stride: Int = 1, padding: Int = 0
    ) -> Operation {
      var operation = Operation(kind, input: UInt32(input), output: UInt32(output))
      let (from, to) = (sizes[input], sizes[output])
      operation.window = Operation.Window(
        geometry: WindowGeometry(
          batch: 1, input: (from[0], from[1], from[2]), output: (to[0], to[1], to[2]),
          window: (height, width), stride: (stride, stride), padding: (padding, padding)))
      return operation
    }
    var convolution = window(.convolution, 0, 1, 3, 3, padding: 1)
    convolution.weights = constants[0]
    convolution.bias = constants[1]
    convolution.activation = Activation(.relu)
    var scaleAndShift = Operation(.scaleAndShift, input: 2, output: 3)
    scaleAndShift.scale = constants[2]
    scaleAndShift.shift = constants[3]
    scaleAndShift.numbers[0] = 3
    var sigmoid = Operation(.activation, input: 3, output: 4)
    sigmoid.activation = Activation(.sigmoid)
    var depthwise = window(.depthwiseConvolution, 4, 5, 1, 2)
    depthwise.weights = constants[4]
    depthwise.bias = constants[1]
    depthwise.scale = constants[2]
    depthwise.shift = constants[3]
    var fill = Operation(.fill, input: 6, output: 6)
    fill.activation.alpha = 0.5
    // The left column of tensor 6 becomes tensor 5; the right one stays filled.
    var copy = Operation(.copy, input: 5, output: 6)
    for (index, number) in [1, 2, 3, 6, 3, 12, 6, 0].enumerated() {
      copy.numbers[index] = UInt32(number)
    }
    var addition = Operation(.addition, input: 6, output: 7)
    addition.secondInput = 4
    var softmax = Operation(.softmax, input: 8, output: 9)
    for (index, number) in [1, 3, 1, 0].enumerated() { softmax.numbers[index] = UInt32(number) }
    return [
      convolution, window(.maximumPooling, 1, 2, 2, 2, stride: 2), scaleAndShift, sigmoid,
      depthwise, fill, copy, addition, window(.averagePooling, 7, 8, 2, 2), softmax,
    ]
  }
}
