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
  /// What each operation is, in the order of the program; none of a program that was read from a file.
  public let operations: [OperationSummary]
  /// What has 32-bit floats although narrow weights were asked for; nothing of a program that was read from a
  /// file.
  public let wideWeights: [WideWeights]
  /// The most events that bands are recorded as, for one picture.
  let bandEvents: Int
  /// What keeps the program's bytes where they are.
  private let owner: any AnyObject & Sendable

  /// Lowers a network: fusion, choice of algorithms, memory plan, bytes.
  ///
  /// A network that nobody else has is given up piece by piece, so that few weights are there twice.
  ///
  /// - Parameters:
  ///   - taps: The paths of the layers whose outputs are kept as well.
  ///   - batch: How many pictures will be run at a time; a program runs any number, but what is
  ///     fastest depends on it.
  ///   - weights: As what the weights of convolutions and dense layers are stored, where they can be so:
  ///     `wideWeights` says where not. Narrow ones are computed with directly, whatever `algorithm` is.
  ///   - values: Where weights are of 8 bits, what values between layers are stored in 8 bits by, too; the ranges
  ///     of a `ValueObserver` of the same network and taps. Nil where all are floats.
  ///   - widenedSize: The bytes of scratch memory, for each thread, that narrow weights become floats in some
  ///     at a time; more, where a layer cannot do with so few.
  /// - Throws: `NetworkError`, where an input size is open or weights are missing.
  public convenience init(
    _ network: consuming Network, taps: Set<String> = [],
    algorithm: ConvolutionAlgorithm = .automatic, batch: Int = 1, weights: ElementType = .float32,
    values: ValueRanges? = nil, widenedSize: Int = Lowering.usualWidenedSize
  ) throws {
    precondition(values == nil || weights == .int8, "values are narrow where weights are")
    var lowering = try Lowering.lower(network, taps: taps)
    _ = consume network
    lowering.widenedSize = widenedSize
    try self.init(
      &lowering, algorithm: values == nil ? algorithm : .direct, batch: batch, hasBands: true,
      weights: weights, values: values)
  }

  /// Lays out what was lowered: fusion, choice of algorithms, memory plan, bytes.
  ///
  /// - Parameters:
  ///   - lowering: Is given up, so that few weights are there twice.
  ///   - hasBands: Whether chains of windows may become bands, as they do in inference.
  convenience init(
    _ lowering: inout Lowering, algorithm: ConvolutionAlgorithm, batch: Int, hasBands: Bool,
    weights: ElementType = .float32, values: ValueRanges? = nil
  ) throws {
    lowering.fuse()
    lowering.placeParts()
    let wideWeights = lowering.narrowWeights(weights)
    if let values { lowering.narrowValues(values) }
    try self.init(
      fused: &lowering, algorithm: algorithm, batch: batch, hasBands: hasBands,
      wideWeights: wideWeights)
  }

  /// Lays out what was fused, and whose parts were placed: choice of algorithms, memory plan, bytes.
  init(
    fused lowering: inout Lowering, algorithm: ConvolutionAlgorithm, batch: Int, hasBands: Bool,
    wideWeights: [WideWeights] = []
  ) throws {
    self.wideWeights = wideWeights
    lowering.chooseAlgorithms(algorithm, pictures: min(batch, Lowering.mostPictures))
    operations = lowering.steps.map { OperationSummary($0, lowering) }
    let segments = lowering.segments()
    if hasBands { lowering.chooseBands(segments) }
    bandEvents = lowering.bandEvents
    let writer = ProgramWriter(lowering, segments)
    inputs = lowering.inputs.map { writer.index[$0] ?? 0 }
    outputs = lowering.outputs.map { writer.index[$0] ?? 0 }
    taps = Dictionary(
      writer.records.filter { lowering.values[$0].role == .tap }
        .map { (lowering.values[$0].name, writer.index[$0] ?? 0) },
      uniquingKeysWith: { first, _ in first })
    // The writer alone has the weights from here on.
    lowering = Lowering()
    let memory = try AlignedMemory(byteCount: writer.header.totalSize, for: "the model")
    owner = memory
    (consume writer).write(to: memory.bytes)
    do {
      program = try Program(validating: UnsafeRawBufferPointer(memory.bytes))
    } catch {
      throw NetworkError("the program that was made is not valid (\(error)): this is a bug")
    }
  }

  /// A program that is there already.
  init(
    _ program: Program, inputs: [Int], outputs: [Int], taps: [String: Int],
    owner: any AnyObject & Sendable
  ) {
    self.program = program
    self.inputs = inputs
    self.outputs = outputs
    self.taps = taps
    self.owner = owner
    operations = []
    wideWeights = []
    bandEvents = 0
  }
}

/// Lays a lowered network out as bytes.
struct ProgramWriter {
  let header: ProgramHeader
  /// The values that get a record, in order, and the record's index for each value.
  let records: [Lowering.Value]
  let index: [Lowering.Value: Int]
  private var lowering: Lowering
  private let plan: MemoryPlan
  private let segments: [Lowering.Segment]
  private let names: [String]
  private var constants: ConstantPool

  init(_ lowering: Lowering, _ segments: [Lowering.Segment]) {
    self.lowering = lowering
    self.segments = segments
    plan = MemoryPlan(lowering, segments)
    var used = Set(
      lowering.steps.flatMap {
        $0.inputs + [$0.output] + $0.references.all + ($0.places.map { [$0] } ?? [])
      })
    used.formUnion(used.compactMap(lowering.rows).map(\.whole))
    let plan = plan
    records = lowering.values.indices.filter {
      plan.places[$0] != nil && (used.contains($0) || lowering.values[$0].role != .intermediate)
    }
    index = Dictionary(uniqueKeysWithValues: records.enumerated().map { ($1, $0) })
    // What only operations see is called after the layers that compute it, for whoever notes their times.
    let computed = Dictionary(
      lowering.steps.map { ($0.output, $0.layers.joined(separator: " + ")) },
      uniquingKeysWith: { first, _ in first })
    names = records.map { value in
      let name = lowering.values[value].name
      return name.isEmpty ? computed[value] ?? "" : name
    }
    constants = ConstantPool(lowering.steps.flatMap(\.constants))
    header = ProgramHeader(
      tensorCount: records.count, operationCount: lowering.steps.count,
      segmentCount: segments.count, inputCount: lowering.inputs.count,
      outputCount: lowering.outputs.count, namesSize: names.joined().utf8.count,
      constantsSize: constants.size,
      batchSize: plan.batchSize,
      scratchSize: max(
        ProgramHeader.aligned(lowering.scratchCount(segments) * 4), lowering.bandScratch),
      stateSize: plan.stateSize)
  }

  /// Writes everything, and lets go of each constant when it is written.
  consuming func write(to bytes: UnsafeMutableRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    base.initializeMemory(as: UInt8.self, repeating: 0, count: header.constantsOffset)
    header.write(to: base)
    var nameOffset = 0
    for (position, value) in records.enumerated() {
      let record = lowering.values[value]
      let nameLength = names[position].utf8.count
      defer { nameOffset += nameLength }
      // Only values between operations have more axes than a record holds.
      let shape =
        record.shape.count > TensorRecord.maximumRank
        ? [record.shape.reduce(1, *)] : record.shape
      let rows = lowering.rows(value)
      TensorRecord(
        role: record.role, rank: shape.count,
        sizes: InlineArray { $0 < shape.count ? shape[$0] : 1 },
        offset: plan.places[value]?.offset ?? 0, nameOffset: nameOffset, nameLength: nameLength,
        placement: plan.places[value]?.placement ?? .batch,
        whole: rows.flatMap { index[$0.whole] } ?? 0, rowLength: rows?.length ?? 0,
        type: lowering.type(value)
      ).write(to: base + (header.tensorsOffset + position * TensorRecord.size))
    }
    UnsafeMutableRawBufferPointer(rebasing: bytes[header.namesOffset...]).copyBytes(
      from: names.joined().utf8)
    for (position, segment) in segments.enumerated() {
      SegmentRecord(
        operationCount: segment.steps.count, pictures: segment.pictures,
        localSize: plan.localSizes[position], chunks: segment.chunks
      ).write(to: base + (header.segmentsOffset + position * SegmentRecord.size))
    }
    for (position, step) in lowering.steps.enumerated() {
      var operation = Runtime.Operation(
        step.kind, input: UInt32(index[step.inputs[0]] ?? 0),
        output: UInt32(index[step.output] ?? 0))
      if step.inputs.count > 1 { operation.secondInput = UInt32(index[step.inputs[1]] ?? 0) }
      operation.activation = step.activation
      // A convolution's places are in the place of a second input, a pooling's in that of weights.
      let isConvolution = step.kind == .trackedConvolution
      if isConvolution, let places = step.places.flatMap({ index[$0] }) {
        operation.secondInput = UInt32(places)
      }
      if let window = step.window { operation.window = window }
      operation.winogradTile = step.winogradTile
      if let narrow = step.narrowWeights { operation.weightType = narrow.type }
      operation.isPooled = step.isPooled
      if step.chunks > 0 { operation.numbers[15] = UInt32(step.chunks) }
      operation.bandLength = step.bandLength
      operation.bandRows = step.bandRows
      for (number, value) in step.numbers.enumerated() { operation.numbers[number] = UInt32(value) }
      func offset(_ constant: Constant?, _ reference: Lowering.Value?) -> UInt64 {
        if let reference { return Runtime.Operation.reference(toTensor: index[reference] ?? 0) }
        return constant.flatMap(constants.offset).map(UInt64.init) ?? Runtime.Operation.noConstant
      }
      let references = step.references
      operation.weights = offset(
        step.packedWeights, references.weights ?? (isConvolution ? nil : step.places))
      operation.bias = offset(step.bias.map(Constant.values), references.bias)
      operation.scale = offset(step.scale.map(Constant.values), references.scale)
      operation.shift = offset(step.shift.map(Constant.values), references.shift)
      if let weights = step.pictureWeights { operation.numbers[3] = UInt32(index[weights] ?? 0) }
      operation.write(to: base + (header.operationsOffset + position * Runtime.Operation.size))
    }
    lowering = Lowering()
    constants.write(to: base + header.constantsOffset)
  }
}

extension Lowering.Step {
  /// The constants that no value of the state stands in the place of.
  fileprivate var constants: [Constant] {
    [
      references.weights == nil ? packedWeights : nil,
      references.bias == nil ? bias.map(Constant.values) : nil,
      references.scale == nil ? scale.map(Constant.values) : nil,
      references.shift == nil ? shift.map(Constant.values) : nil,
    ]
    .compactMap { $0 }
  }
}

extension Lowering.Step.References {
  fileprivate var all: [Lowering.Value] { [weights, bias, scale, shift].compactMap { $0 } }
}
