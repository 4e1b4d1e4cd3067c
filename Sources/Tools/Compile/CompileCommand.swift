import ArgumentParser
import CNN
import DataFiles
import Glibc

/// A model as the flat file that programs and firmware execute.
struct CompileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compile",
    abstract: "Writes a model as flat bytes that are executed as they are: a .cnn file.",
    discussion: """
      Example: cnntool compile Models/fashion-mnist.h5 -o fashion-mnist.cnn \
      --test-vector Models/samples/bag.png --scale 1/255

      The file is mapped or lies in flash, and nothing is unpacked; 'cnntool run' takes it in place of the \
      model, and docs/model-format.md describes it. With --test-vector it holds an input and what the model \
      computes of that, which 'cnntool selftest' compares with what it computes elsewhere.

      With --half or --int8 the weights of convolutions and dense layers take a half or a quarter of the bytes; \
      what is computed with are floats all the same. --calibrate says what that changes:

      cnntool compile Models/fashion-mnist.h5 -o fashion-mnist.cnn --int8 --calibrate fashion-mnist --scale 1/255

      With --activations int8 the values between layers are of 8 bits, too, whose ranges are those on the items of \
      --calibrate. That is for microcontrollers: it takes a fraction of the memory.
      """)

  @OptionGroup var options: ModelOptions

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"),
    completion: .file(extensions: ["cnn"]))
  var output: String

  @Option(
    help: ArgumentHelp(
      "An input to store with its outputs: as --input of 'cnntool run', once for each of the model's.",
      valueName: "file"),
    completion: .file())
  var testVector: [String] = []

  @Option(
    help: ArgumentHelp(
      "Take one item of a --test-vector that holds several.", valueName: "number"))
  var index: Int?

  @OptionGroup var standardization: Standardization

  @Flag(help: "Bring a picture of --test-vector to the model's size.")
  var resize = false

  @Option(
    help: ArgumentHelp(
      "A layer whose output can be read after a run; may be repeated, or be 'all'.",
      valueName: "layer"))
  var tap: [String] = []

  @OptionGroup var inputShapes: InputShapeOptions

  @Option(
    help: ArgumentHelp(
      "How many items are run at a time, which decides what is fastest; any number can be run.",
      valueName: "n"))
  var batch = 1

  @Option(
    help: ArgumentHelp(
      "How convolutions are computed: auto, direct or winograd. Direct ones need the least memory.",
      valueName: "name"))
  var algorithm = ConvolutionAlgorithm.automatic

  @Option(
    help: ArgumentHelp(
      "What it is for: generic, avx512 or cortex-m7, which has direct convolutions alone, as the library for "
        + "microcontrollers does. The layout of weights is the same for all.",
      valueName: "name"))
  var target = CompilationTarget.generic

  @OptionGroup(title: "Weights") var narrowing: NarrowingOptions

  @Option(
    help: ArgumentHelp(
      "Write C source with an array of this name in place of the bytes.", valueName: "name"))
  var cArray: String?

  @Flag(help: "Print what was written as JSON.")
  var json = false

  func validate() throws {
    guard batch > 0 else { throw ValidationError("--batch is \(batch); expected at least 1") }
    if target == .cortexM7 && algorithm == .winograd {
      throw ValidationError("--target cortex-m7 has no Winograd's method; leave --algorithm out")
    }
    if narrowing.type != .float32 && algorithm == .winograd {
      throw ValidationError(
        "--half and --int8 are of direct convolutions; leave --algorithm winograd out")
    }
    if narrowing.calibrate != nil && output == "-" {
      throw ValidationError("--calibrate prints to standard output; give -o a file")
    }
    if let cArray, !CSource.isIdentifier(cArray) {
      throw ValidationError("--c-array is '\(cArray)', which is no name in C")
    }
  }

  func run() throws {
    try options.refuse(asOutput: output)
    var network = try inputShapes.resize(try options.network())
    var tensors: [Tensor] = []
    if !testVector.isEmpty {
      (network, tensors) = try inputs().load(for: network)
      guard tensors[0].shape[0] == 1 else {
        throw ToolFailure(
          "\(testVector.joined(separator: " ")): \(tensors[0].shape[0]) items; a test takes one: "
            + "choose it with --index")
      }
    }
    let taps = try network.layerPaths(tap)
    let algorithm = target == .cortexM7 ? .direct : self.algorithm
    let items = try narrowing.items(for: network, standardization)
    let ranges =
      narrowing.activations == .int8 ? try items?.ranges(network, taps: taps) : nil
    let program = try CompiledProgram(
      network, taps: Set(taps), algorithm: algorithm, batch: batch, weights: narrowing.type,
      values: ranges, widenedSize: widenedSize)
    let comparison = try items.map {
      try NarrowingComparison(
        network, $0, weights: narrowing.type, activations: narrowing.activations,
        algorithm: algorithm)
    }
    let bytes = program.flatModel(test: try test(program, tensors))
    let source = cArray.map { CSource.array($0, bytes) }
    try OutputFile.write(source ?? bytes, to: output, isText: source != nil)
    for wide in program.wideWeights where !json {
      StandardError.write(
        "cnntool: \(wide.layers.joined(separator: ", ")): its weights stay 32-bit floats, because "
          + wide.reason)
    }
    try report(program, byteCount: bytes.count, comparison)
  }

  /// The bytes of scratch memory that weights become floats in.
  private var widenedSize: Int {
    guard target == .cortexM7 else { return Lowering.usualWidenedSize }
    return narrowing.activations == .int8
      ? Lowering.smallestWidenedSize : Lowering.smallWidenedSize
  }

  /// The test's input, as other commands take theirs.
  private func inputs() throws -> InputFiles {
    var inputs = try InputFiles.parse(testVector.map { "--input=\($0)" })
    inputs.index = index
    inputs.standardization = standardization
    inputs.resize = resize
    return inputs
  }

  /// Elsewhere numbers are added in another order: a thousandth of the largest is far beyond that, and far
  /// below what a fault does.
  private static let tolerance: Float = 1e-3

  private func test(
    _ program: CompiledProgram, _ inputs: [Tensor]
  ) throws -> CompiledProgram.Test? {
    guard !inputs.isEmpty else { return nil }
    let outputs = try Inference(program).run(inputs)
    let largest = outputs.flatMap(\.values).map { abs($0) }.filter(\.isFinite).max() ?? 0
    return CompiledProgram.Test(
      inputs: inputs, outputs: outputs, tolerance: Self.tolerance * largest)
  }

  private struct Report: Encodable {
    var file: String
    var bytes: Int
    var operations: Int
    var constants: Int
    var memory: Int
    var weights: String
    var activations: String
    var wideWeights: [Wide]
    var calibration: NarrowingComparison?

    /// Layers whose weights stay 32-bit floats.
    struct Wide: Encodable {
      var layers: [String]
      var reason: String
    }
  }

  private func report(
    _ program: CompiledProgram, byteCount: Int, _ comparison: NarrowingComparison?
  ) throws {
    let header = program.program.header
    let report = Report(
      file: output, bytes: byteCount, operations: header.operationCount,
      constants: header.constantsSize,
      memory: Session.arenaSize(program.program, batch: batch) ?? 0, weights: "\(narrowing.type)",
      activations: narrowing.activations.rawValue,
      wideWeights: program.wideWeights.map { Report.Wide(layers: $0.layers, reason: $0.reason) },
      calibration: comparison)
    if json {
      try JSONOutput.print(report)
      return
    }
    if let comparison { print(comparison.text) }
    if isatty(STDOUT_FILENO) == 1, output != "-" {
      print(
        "\(output): \(report.bytes) bytes, \(report.operations) operations, "
          + "runs in \(report.memory) bytes")
    }
  }
}
