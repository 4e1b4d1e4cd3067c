import Kernel
import Runtime
import Testing

/// The operations on arrays, each in a program of its own: what they compute, and which are refused.
struct ArrayOperationTests {
  private typealias Change = (inout Runtime.Operation) -> Void

  @Test func combinationsRepeatTheSecondForEachPicture() throws {
    let program = ArrayProgram(
      .combination, inputs: [6, 3], output: 6,
      numbers: [BinaryFunction.multiplication.rawValue, 2, 3, 1, 0])
    let values = try program.run([
      [1, 2, 3, 4, 5, 6, 1, 1, 1, 1, 1, 1], [1, 10, 100, 2, 20, 200],
    ])
    #expect(values == [1, 20, 300, 4, 50, 600, 2, 20, 200, 2, 20, 200])
    program.expectDamaged([
      { $0.numbers[0] = 99 }, { $0.numbers[1] = 3 }, { $0.numbers[2] = 6 }, { $0.numbers[3] = 2 },
      { $0.secondInput = Operation.none }, { $0.secondInput = 0 }, { $0.output = 1 },
    ])
  }

  @Test func combinationsWithConstantsAndReversed() throws {
    let program = ArrayProgram(
      .combination, inputs: [4], output: 4, constants: [10, 20],
      numbers: [BinaryFunction.subtraction.rawValue, 1, 2, 2, 1])
    #expect(try program.run([[1, 2, 3, 4, 5, 6, 7, 8]]) == [9, 8, 17, 16, 5, 4, 13, 12])
    program.expectDamaged([
      { $0.weights = 64 }, { $0.weights = 4 },
      { operation in
        operation.numbers[2] = 4
        operation.numbers[3] = 1
        operation.weights = 64
      },
    ])
  }

  @Test func reductions() throws {
    let program = ArrayProgram(
      .reduction, inputs: [6], output: 2, numbers: [Reduction.sum.rawValue, 1, 3, 2])
    #expect(try program.run([[1, 2, 3, 4, 5, 6, 0, 0, 1, 1, 2, 2]]) == [9, 12, 3, 3])
    program.expectDamaged([
      { $0.numbers[0] = 5 }, { $0.numbers[1] = 2 }, { $0.numbers[2] = 0 }, { $0.numbers[2] = .max },
      { $0.numbers[3] = 3 },
    ])
  }

  @Test func gatherings() throws {
    let program = ArrayProgram(
      .gathering, inputs: [4], output: 6, constants: integers([2, -1, 0]), numbers: [3, 2])
    #expect(
      try program.run([[1, 2, 3, 4, 5, 6, 7, 8]]) == [3, 4, 0, 0, 1, 2, 7, 8, 0, 0, 5, 6])
    program.expectDamaged([
      { $0.numbers[0] = 2 }, { $0.numbers[1] = 0 }, { $0.numbers[1] = 3 }, { $0.weights = 64 },
    ])
    // The third row would begin beyond the end.
    let beyond = ArrayProgram(
      .gathering, inputs: [4], output: 6, constants: integers([2, -1, 3]), numbers: [3, 2])
    #expect(throws: ProgramError.damaged) { try beyond.program() }
  }

  @Test func resamplings() throws {
    let constants = integers([0, 1, 2, -1]) + [Float](repeating: 0, count: 12) + [0.5, 0.5, 2, 9]
    let program = ArrayProgram(
      .resampling, inputs: [3], output: 2, constants: constants, numbers: [1, 3, 2, 1, 2],
      change: { $0.scale = 64 })
    #expect(try program.run([[1, 3, 5, 2, 4, 6]]) == [2, 10, 3, 12])
    program.expectDamaged([
      { $0.numbers[0] = 2 }, { $0.numbers[1] = 2 }, { $0.numbers[2] = 3 }, { $0.numbers[3] = 2 },
      { $0.numbers[4] = 40 }, { $0.scale = 128 }, { $0.weights = 128 },
    ])
  }

  @Test func matrixProducts() throws {
    let program = ArrayProgram(
      .matrixProduct, inputs: [4, 4], output: 4, numbers: [1, 2, 2, 2])
    #expect(
      try program.run([[1, 2, 3, 4, 1, 0, 0, 1], [1, 1, 0, 1, 5, 6, 7, 8]])
        == [1, 3, 3, 7, 5, 6, 7, 8])
    program.expectDamaged([
      { $0.numbers[0] = 2 }, { $0.numbers[1] = 1 }, { $0.numbers[2] = 4 }, { $0.numbers[3] = 1 },
      { $0.secondInput = Operation.none },
    ])
  }

  @Test func lookups() throws {
    let program = ArrayProgram(
      .lookup, inputs: [2], output: 4, constants: [1, 2, 3, 4, 5, 6], numbers: [3, 2])
    #expect(try program.run([[2, 0, 1, 7]]) == [5, 6, 1, 2, 3, 4, 5, 6])
    program.expectDamaged([
      { $0.numbers[0] = 0 }, { $0.numbers[0] = 99 }, { $0.numbers[1] = 3 },
      { $0.numbers[0] = 1 << 24 },
    ])
  }

  @Test func boundariesAndConstants() throws {
    let bins = ArrayProgram(
      .boundaryCount, inputs: [3], output: 3, constants: [0, 1], numbers: [2])
    #expect(try bins.run([[-1, 0, 2, 0.5, 1, 1]]) == [0, 1, 2, 1, 2, 2])
    bins.expectDamaged([{ $0.numbers[0] = 17 }, { $0.weights = 64 }])
    let constant = ArrayProgram(.constant, inputs: [1], output: 3, constants: [7, 8, 9])
    #expect(try constant.run([[0, 0]]) == [7, 8, 9, 7, 8, 9])
    constant.expectDamaged([{ $0.weights = Operation.noConstant }, { $0.weights = 64 }])
  }

  @Test func transposedConvolutions() throws {
    // One pixel of 3, spread over two by two with the kernel 1 2 / 3 4.
    var constants: [Float] = []
    for weight in [1, 2, 3, 4] as [Float] {
      constants += [weight] + [Float](repeating: 0, count: 15)
    }
    let program = ArrayProgram(
      .transposedConvolution, inputs: [1], output: 4,
      constants: constants + [Float](repeating: 0.5, count: 16),
      change: {
        $0.window = Runtime.Operation.Window(
          geometry: WindowGeometry(
            batch: 1, input: (1, 1, 1), output: (2, 2, 1), window: (2, 2), stride: (2, 2)))
        $0.bias = 256
      })
    #expect(try program.run([[3, 1]]) == [3.5, 6.5, 9.5, 12.5, 1.5, 2.5, 3.5, 4.5])
    let changes: [(inout Runtime.Operation.Window) -> Void] = [
      { $0.groups = 2 }, { $0.geometry.dilationX = 2 }, { $0.geometry.strideY = 3 },
      { $0.geometry.paddingTop = 2 }, { $0.geometry.windowWidth = 9 }, { $0.geometry.strideX = 0 },
      { $0.geometry.outputHeight = 3 },
    ]
    program.expectDamaged(changes.map { change in { change(&$0.window) } })
    program.expectDamaged([
      { $0.bias = 320 }, { $0.weights = 256 }, { $0.activation = Activation(.tanh) },
      { $0.scale = 0 }, { $0.secondInput = 0 },
    ])
  }

  private func integers(_ values: [Int32]) -> [Float] {
    values.map { Float(bitPattern: UInt32(bitPattern: $0)) }
  }
}

/// A program of one operation, whose operands are the caller's.
private struct ArrayProgram {
  private let memory: AlignedMemory
  private let header: ProgramHeader
  private let outputCount: Int

  init(
    _ kind: Runtime.Operation.Kind, inputs: [Int], output: Int, constants: [Float] = [],
    numbers: [UInt32] = [], change: (inout Runtime.Operation) -> Void = { _ in }
  ) {
    outputCount = output
    header = ProgramHeader(
      tensorCount: inputs.count + 1, operationCount: 1, segmentCount: 1,
      inputCount: inputs.count, outputCount: 1, namesSize: 0,
      constantsSize: ProgramHeader.aligned(constants.count * 4), batchSize: 0, scratchSize: 0)
    memory = AlignedMemory(count: header.totalSize)
    let base = memory.bytes.baseAddress!
    header.write(to: base)
    for (index, count) in (inputs + [output]).enumerated() {
      TensorRecord(
        role: index < inputs.count ? .input : .output, rank: 1,
        sizes: InlineArray { $0 == 0 ? count : 1 }, offset: index, nameOffset: 0, nameLength: 0,
        placement: .bound
      ).write(to: base + (header.tensorsOffset + index * TensorRecord.size))
    }
    SegmentRecord(operationCount: 1, pictures: 2, localSize: 0)
      .write(to: base + header.segmentsOffset)
    (base + header.constantsOffset).copyMemory(from: constants, byteCount: constants.count * 4)
    var operation = Runtime.Operation(kind, input: 0, output: UInt32(inputs.count))
    if inputs.count > 1 { operation.secondInput = 1 }
    if !constants.isEmpty { operation.weights = 0 }
    for (index, number) in numbers.enumerated() { operation.numbers[index] = number }
    change(&operation)
    write(operation)
  }

  private func write(_ operation: Runtime.Operation) {
    operation.write(to: memory.bytes.baseAddress! + header.operationsOffset)
  }

  func program() throws(ProgramError) -> Program {
    try Program(validating: UnsafeRawBufferPointer(memory.bytes))
  }

  /// The output for two pictures, with one thread and with three.
  func run(_ inputs: [[Float]]) throws -> [Float] {
    let program = try program()
    var results: [[Float]] = []
    for kernels in try InstructionSet.allCases.compactMap({ try? Processor.kernels(for: $0) }) {
      for threads in [1, 3] {
        let arena = AlignedMemory(
          count: try #require(Session.arenaSize(program, batch: 2, threads: threads)))
        var session = try Session(
          program, batch: 2, arena: arena.bytes, kernels: kernels,
          workers: Workers(ThreadPool(threads: threads)))
        let bound = BoundMemory(&session)
        for (index, values) in inputs.enumerated() {
          _ = session.values(index).update(fromContentsOf: values)
        }
        session.run()
        results.append(Array(session.values(inputs.count)))
        withExtendedLifetime((arena, bound)) {}
      }
    }
    let first = try #require(results.first)
    #expect(results.allSatisfy { $0 == first })
    return first
  }

  func expectDamaged(
    _ changes: [(inout Runtime.Operation) -> Void],
    at location: SourceLocation = #_sourceLocation
  ) {
    guard let original = try? program().operation(0) else {
      Issue.record("The program is not valid", sourceLocation: location)
      return
    }
    for change in changes {
      var operation = original
      change(&operation)
      write(operation)
      #expect(throws: ProgramError.damaged, sourceLocation: location) { try program() }
    }
    write(original)
  }
}
