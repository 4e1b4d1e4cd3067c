import CNN
import DataFiles
import Glibc
import Training

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A program that others measure: JSON lines on standard input, each answered by one on standard output.
///
///     {"op":"load","model":NAME,"batch":B,"threads":T,"h5":FILE,"x_f32":FILE,"y_f32":FILE,"shape":[...]}
///     {"op":"measure","variant":"cnn","budget":SECONDS,"min_n":N}
///     {"op":"quit"}
///
/// With "optimizer" and "loss" in `load` it is training that is measured: `x_f32` and `y_f32` are a batch and its
/// targets, and `measure` says how many steps:
///
///     {"op":"measure","variant":"cnn","steps":N}
///
/// Inputs and reference outputs are raw little-endian floats. What is measured reads its input from
/// memory of the caller's and writes its output there, as any program that links the library can.
struct BenchWorker {
  private var loaded: LoadedModel?
  private var training: TrainingBench?

  mutating func run() {
    while let line = readLine() {
      var answer = Answer()
      do {
        let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
        if request.op == "quit" { return }
        answer = try self.answer(request)
        answer.ok = true
      } catch {
        answer = Answer()
        answer.error = String("\(error)".prefix(300))
      }
      guard let text = try? JSONOutput.line(answer) else { return }
      print(text)
      // Of every stream: Swift may not name one that C code could change.
      fflush(nil)
    }
  }

  private mutating func answer(_ request: Request) throws -> Answer {
    var answer = Answer()
    switch request.op {
    case "load":
      // First what was there: two models at a time may be too much memory.
      loaded = nil
      training = nil
      if let optimizer = request.optimizer {
        let bench = try Self.training(request, optimizer: optimizer)
        let (times, loss) = try bench.steps(3)
        answer.variants = ["cnn": Variant.training(loss: loss, milliseconds: times[2])]
        training = bench
        return answer
      }
      let model = try LoadedModel(request)
      answer.variants = ["cnn": .inference(model.agreement)]
      loaded = model
    case "measure":
      if let training {
        let (times, loss) = try training.steps(request.steps ?? 1)
        answer.ms = times
        answer.loss = loss
        return answer
      }
      guard let loaded else { throw ToolFailure("no model is loaded; send 'load' first") }
      answer.ms = Sampling.milliseconds(
        seconds: request.budget ?? 1, atLeast: request.minN ?? 1, loaded.inference.runInPlace)
    default:
      throw ToolFailure("unknown op '\(request.op)'; expected load, measure or quit")
    }
    return answer
  }

  /// A training run as a request describes it.
  private static func training(_ request: Request, optimizer: String) throws -> TrainingBench {
    guard let path = request.h5 ?? request.keras3Path else {
      throw ToolFailure("'load' names no model: h5 or h5_k3 is missing")
    }
    let loss: Loss
    switch request.loss ?? "categorical_crossentropy" {
    case "bce_logits": loss = .binaryCrossentropy(fromLogits: true)
    case let name: loss = try Loss(kerasConfiguration: .string(name))
    }
    return try TrainingBench(
      try Network(contentsOf: path),
      optimizer: try Optimizer(
        kerasConfiguration: .string(optimizer)),
      loss: loss, batch: request.batch ?? 1, threads: request.threads,
      inputs: try LoadedModel.floats(request.inputPath),
      targets: try LoadedModel.floats(request.outputPath))
  }

  private struct Request: Decodable {
    var op: String
    var batch: Int?
    var threads: Int?
    var h5: String?
    var keras3Path: String?
    var inputPath: String?
    var outputPath: String?
    var optimizer: String?
    var loss: String?
    var steps: Int?
    var budget: Double?
    var minN: Int?

    enum CodingKeys: String, CodingKey {
      case op, batch, threads, h5, budget, optimizer, loss, steps
      case keras3Path = "h5_k3"
      case inputPath = "x_f32"
      case outputPath = "y_f32"
      case minN = "min_n"
    }
  }

  private struct Answer: Encodable {
    var ok = false
    var error: String?
    var variants: [String: Variant]?
    var ms: [Double]?
    var loss: Double?
  }

  /// What is said of a model when it is loaded.
  private enum Variant: Encodable {
    case inference(Agreement)
    case training(loss: Double, milliseconds: Double)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .inference(let agreement): try agreement.encode(to: encoder)
      case .training(let loss, let milliseconds):
        try ["loss0": loss, "est_ms": milliseconds].encode(to: encoder)
      }
    }
  }

  /// How far the outputs are from the reference, and how long it took to get there.
  private struct Agreement: Encodable {
    var relativeError: Double
    var firstSeconds: Double
    var loadSeconds: Double
    var isShapeRight: Bool

    enum CodingKeys: String, CodingKey {
      case relativeError = "rel_err"
      case firstSeconds = "first_s"
      case loadSeconds = "load_s"
      case isShapeRight = "shape_ok"
    }
  }

  /// A model with the memory that it reads from and writes to.
  private final class LoadedModel {
    let inference: Inference
    private(set) var agreement: Agreement
    private let input: UnsafeMutableBufferPointer<Float>
    private let output: UnsafeMutableBufferPointer<Float>

    init(_ request: Request) throws {
      let batch = request.batch ?? 1
      guard batch > 0 else { throw ToolFailure("the batch is \(batch); expected at least 1") }
      guard let path = request.h5 ?? request.keras3Path else {
        throw ToolFailure("'load' names no model: h5 or h5_k3 is missing")
      }
      let begin = Processor.nanoseconds
      let inference = try Inference(
        try Network(contentsOf: path), batch: batch, threads: request.threads)
      self.inference = inference
      input = .allocate(capacity: inference.input(0).count)
      output = .allocate(capacity: inference.output(0).count)
      input.initialize(repeating: 0)
      output.initialize(repeating: 0)
      agreement = Agreement(
        relativeError: 0, firstSeconds: 0,
        loadSeconds: Double(Processor.nanoseconds - begin) * 1e-9, isShapeRight: true)
      let pictures = try Self.floats(request.inputPath)
      let reference = try Self.floats(request.outputPath)
      let size = input.count / batch
      guard !pictures.isEmpty, pictures.count % size == 0 else {
        throw ToolFailure(
          "x_f32 holds \(pictures.count) floats; expected a multiple of the \(size) of a picture")
      }
      // The reference pictures again and again fill the batch.
      for index in input.indices { input[index] = pictures[index % pictures.count] }
      inference.bindInput(0, to: UnsafePointer(input.baseAddress.unsafelyUnwrapped))
      inference.bindOutput(0, to: output.baseAddress.unsafelyUnwrapped)
      let start = Processor.nanoseconds
      inference.runInPlace()
      agreement.firstSeconds = Double(Processor.nanoseconds - start) * 1e-9
      compare(reference, pictures: pictures.count / size, batch: batch)
    }

    deinit {
      input.deallocate()
      output.deallocate()
    }

    private func compare(_ reference: [Float], pictures: Int, batch: Int) {
      let size = output.count / batch
      agreement.isShapeRight = reference.count == pictures * size
      let count = min(pictures, batch) * size
      guard agreement.isShapeRight else { return }
      var largest = 0.0
      var difference = 0.0
      for index in 0..<count {
        largest = max(largest, abs(Double(reference[index])))
        difference = max(difference, abs(Double(output[index]) - Double(reference[index])))
      }
      agreement.relativeError = difference / largest
    }

    static func floats(_ path: String?) throws -> [Float] {
      guard let path else { throw ToolFailure("'load' names no x_f32 or no y_f32") }
      let data = try Data(contentsOf: URL(filePath: path))
      return data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map {
          Float(
            bitPattern: UInt32(
              littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
        }
      }
    }
  }
}
