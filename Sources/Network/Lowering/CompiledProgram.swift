import Kernel
import Runtime

/// A program that owns its bytes.
public final class CompiledProgram: Sendable {
  /// Valid as long as this object is.
  public let program: Program
  /// The tensors of the model's inputs and outputs, in order, and the taps by their names.
  public let inputs: [Int]
  public let outputs: [Int]
  public let taps: [String: Int]
  private let memory: AlignedMemory

  /// Lowers a network: fusion, memory plan, bytes.
  ///
  /// - Parameter taps: The paths of the layers whose outputs are kept as well.
  /// - Throws: `NetworkError`, where an input size is open or weights are missing.
  public init(_ network: Network, taps: Set<String> = []) throws {
    var lowering = try Lowering.lower(network, taps: taps)
    lowering.fuse()
    let writer = ProgramWriter(lowering)
    memory = try AlignedMemory(byteCount: writer.header.totalSize, for: "the model")
    writer.write(to: memory.bytes)
    do {
      program = try Program(validating: UnsafeRawBufferPointer(memory.bytes))
    } catch {
      throw NetworkError("the program that was made is not valid (\(error)): this is a bug")
    }
    inputs = lowering.inputs.map { writer.index[$0] ?? 0 }
    outputs = lowering.outputs.map { writer.index[$0] ?? 0 }
    self.taps = Dictionary(
      writer.records.filter { lowering.values[$0].role == .tap }
        .map { (lowering.values[$0].name, writer.index[$0] ?? 0) },
      uniquingKeysWith: { first, _ in first })
  }
}

/// Lays a lowered network out as bytes.
struct ProgramWriter {
  let header: ProgramHeader
  /// The values that get a record, in order, and the record's index for each value.
  let records: [Lowering.Value]
  let index: [Lowering.Value: Int]
  private let lowering: Lowering
  private let plan: MemoryPlan
  private let names: [UInt8]
  private let nameOffsets: [Int]
  private let constantsSize: Int

  init(_ lowering: Lowering) {
    self.lowering = lowering
    plan = MemoryPlan(lowering)
    let used = Set(lowering.steps.flatMap { $0.inputs + [$0.output] })
    let plan = plan
    records = lowering.values.indices.filter {
      plan.offsets[$0] != nil && (used.contains($0) || lowering.values[$0].role != .intermediate)
    }
    index = Dictionary(uniqueKeysWithValues: records.enumerated().map { ($1, $0) })
    var names: [UInt8] = []
    nameOffsets = records.map { value in
      defer { names += lowering.values[value].name.utf8 }
      return names.count
    }
    self.names = names
    constantsSize = lowering.steps.flatMap(\.constants)
      .reduce(0) { $0 + ProgramHeader.aligned($1.count * 4) }
    header = ProgramHeader(
      tensorCount: records.count, operationCount: lowering.steps.count, namesSize: names.count,
      constantsSize: constantsSize, arenaSize: plan.arenaSize)
  }

  func write(to bytes: UnsafeMutableRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
    header.write(to: base)
    for (position, value) in records.enumerated() {
      let record = lowering.values[value]
      TensorRecord(
        role: record.role, rank: record.shape.count,
        sizes: InlineArray { $0 < record.shape.count ? record.shape[$0] : 1 },
        offset: plan.offsets[value] ?? 0, nameOffset: nameOffsets[position],
        nameLength: record.name.utf8.count
      ).write(to: base + (header.tensorsOffset + position * TensorRecord.size))
    }
    UnsafeMutableRawBufferPointer(rebasing: bytes[header.namesOffset...]).copyBytes(from: names)
    var offset = 0
    for (position, step) in lowering.steps.enumerated() {
      var operation = Runtime.Operation(
        step.kind, input: UInt32(index[step.inputs[0]] ?? 0),
        output: UInt32(index[step.output] ?? 0))
      if step.inputs.count > 1 { operation.secondInput = UInt32(index[step.inputs[1]] ?? 0) }
      operation.activation = step.activation
      if let window = step.window { operation.window = window }
      for (number, value) in step.numbers.enumerated() { operation.numbers[number] = UInt32(value) }
      func store(_ constants: [Float]?) -> UInt64 {
        guard let constants else { return Runtime.Operation.noConstant }
        constants.withUnsafeBytes {
          (base + (header.constantsOffset + offset)).copyMemory(
            from: $0.baseAddress.unsafelyUnwrapped, byteCount: $0.count)
        }
        defer { offset += ProgramHeader.aligned(constants.count * 4) }
        return UInt64(offset)
      }
      operation.weights = store(step.weights)
      operation.bias = store(step.bias)
      operation.scale = store(step.scale)
      operation.shift = store(step.shift)
      operation.write(to: base + (header.operationsOffset + position * Runtime.Operation.size))
    }
  }
}

extension Lowering.Step {
  fileprivate var constants: [[Float]] { [weights, bias, scale, shift].compactMap { $0 } }
}
