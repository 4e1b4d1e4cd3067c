import Kernel

/// Executes a program in memory that the caller owns.
///
/// Made once, run often: `run` allocates nothing. A session is not for several threads at once, but any
/// number of sessions may share a program.
public struct Session: ~Copyable {
  public let program: Program
  /// The number of pictures that each run takes.
  public let batch: Int
  private let arena: UnsafeMutableRawPointer
  private let kernels: KernelTable

  /// The size of the arena that a program needs for a batch, in bytes; nil where it is beyond 2⁴⁸.
  public static func arenaSize(_ program: Program, batch: Int) -> Int? {
    let (size, overflow) = program.header.arenaSize.multipliedReportingOverflow(by: batch)
    return overflow || size > 1 << 48 ? nil : size
  }

  /// A session in an arena that outlives it and begins at a multiple of 64.
  ///
  /// - Parameters:
  ///   - batch: The number of pictures in each run; at least 1.
  ///   - arena: At least `arenaSize(program, batch:)` bytes.
  /// - Throws: `ProgramError.unsuitableArena`.
  public init(
    _ program: Program, batch: Int, arena: UnsafeMutableRawBufferPointer, kernels: KernelTable
  ) throws(ProgramError) {
    guard batch > 0, let size = Self.arenaSize(program, batch: batch), arena.count >= size,
      let base = arena.baseAddress, Int(bitPattern: base) % 64 == 0
    else { throw .unsuitableArena }
    self.program = program
    self.batch = batch
    self.arena = base
    self.kernels = kernels
  }

  /// The values of a tensor for the whole batch.
  ///
  /// Inputs are written here before a run, outputs and taps read after it. Inputs do not survive the
  /// run: their memory is used again.
  public func values(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
    let tensor = program.tensor(index)
    return UnsafeMutableBufferPointer(start: pointer(tensor), count: tensor.count * batch)
  }

  /// Executes every operation once.
  public func run() {
    for index in 0..<program.header.operationCount { run(program.operation(index)) }
  }

  private func pointer(_ tensor: TensorRecord) -> UnsafeMutablePointer<Float> {
    // The plan is for one picture: for a batch, every value and every offset is so many times larger.
    (arena + tensor.offset * batch).assumingMemoryBound(to: Float.self)
  }

  private func run(_ operation: Operation) {
    let source = program.tensor(Int(operation.input))
    let target = program.tensor(Int(operation.output))
    let input = UnsafePointer(pointer(source))
    let output = pointer(target)
    let count = target.count * batch
    switch operation.kind {
    case .convolution:
      kernels.convolve(
        ConvolutionArguments(
          input: input, output: output,
          weights: program.constants(operation.weights).unsafelyUnwrapped,
          bias: program.constants(operation.bias).unsafelyUnwrapped,
          scale: program.constants(operation.scale), shift: program.constants(operation.shift),
          activation: operation.activation, geometry: operation.window.overBatch(batch),
          groups: operation.window.groups))
    case .depthwiseConvolution:
      kernels.convolveDepthwise(
        DepthwiseArguments(
          input: input, output: output,
          weights: program.constants(operation.weights).unsafelyUnwrapped,
          bias: program.constants(operation.bias).unsafelyUnwrapped,
          scale: program.constants(operation.scale), shift: program.constants(operation.shift),
          activation: operation.activation, geometry: operation.window.overBatch(batch)))
    case .maximumPooling:
      kernels.poolMaximum(pooling(operation, input, output))
    case .averagePooling:
      kernels.poolAverage(pooling(operation, input, output))
    case .activation:
      kernels.activate(operation.activation, input, output, count)
    case .scaleAndShift:
      let channels = operation.number(0)
      kernels.scaleAndShift(
        input, output, program.constants(operation.scale).unsafelyUnwrapped,
        program.constants(operation.shift).unsafelyUnwrapped, count / channels, channels)
    case .addition:
      let second = program.tensor(Int(operation.secondInput))
      kernels.add(input, UnsafePointer(pointer(second)), output, count)
    case .softmax:
      kernels.softmax(
        input, output, operation.number(0) * batch, operation.number(1), operation.number(2),
        operation.number(3) != 0)
    case .copy:
      let copy = BlockCopy(
        planes: operation.number(0), rows: operation.number(1), length: operation.number(2),
        source: (operation.number(3), operation.number(4)),
        target: (operation.number(5), operation.number(6)))
      for image in 0..<batch {
        copy.run(
          input + image * source.count, output + (image * target.count + operation.number(7)))
      }
    case .fill:
      output.update(repeating: operation.activation.alpha, count: count)
    }
  }

  private func pooling(
    _ operation: Operation, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
  ) -> PoolingArguments {
    var geometry = operation.window.geometry
    geometry.batch = batch
    return PoolingArguments(input: input, output: output, geometry: geometry)
  }
}
