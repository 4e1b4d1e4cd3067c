import Kernel
import Runtime

/// A score of a network, a weighted sum of an output's or a layer's values, and its gradients.
///
/// The network does what it does in inference: nothing is dropped, and batch normalisation takes the moving
/// mean and variance. From one thread at a time; the results do not depend on the number of threads.
public final class ScoreGradient {
  /// What has the values that the score is a sum of.
  public enum Source: Hashable, Sendable {
    /// An output of the network, by its place among them.
    case output(Int)
    /// What the softmax or sigmoid at the end of an output is applied to; where there is none, the output.
    case logits(ofOutput: Int)
    /// A layer, by its path.
    case layer(String)
    /// What the activation at the end of a layer is applied to; where there is none, what the layer gives.
    case unactivated(layer: String)
  }

  /// What the score's gradients are asked for of.
  public struct Targets: Hashable, Sendable {
    /// Inputs of the network, by their places.
    public var inputs: [Int]
    /// Layers by their paths: the gradients of what they give where they are first used.
    public var layers: [String]

    public init(inputs: [Int] = [], layers: [String] = []) {
      self.inputs = inputs
      self.layers = layers
    }

    var isEmpty: Bool { inputs.isEmpty && layers.isEmpty }
  }

  /// What a run gives, with the batch as first axis.
  public struct Result: Sendable {
    /// The network's outputs, in its order.
    public var outputs: [Tensor]
    /// What the score is a sum of.
    public var values: Tensor
    /// The gradients of the inputs that were asked for.
    public var inputGradients: [Tensor]
    /// Of each layer that was asked for what it gives, and the gradient of that.
    public var layers: [(output: Tensor, gradient: Tensor)]
  }

  public let targets: Targets
  /// The shape of what the score is a sum of, without the batch.
  public let valueShape: [Int]
  private let compiled: CompiledProgram
  private let outputCount: Int
  private let kernels: KernelTable
  private let threads: Int?
  /// By their batch.
  private var inferences: [Int: Inference] = [:]

  /// Lowers a network of known sizes with the gradients of a score.
  ///
  /// - Parameters:
  ///   - targets: What gradients are asked for of; where that is nothing, layers without a known gradient do
  ///     no harm.
  ///   - batch: How many pictures there will be at a time, which decides what is fastest.
  ///   - kernels: Nil for those that `CNN_ISA` names, or else the processor's best.
  ///   - threads: Nil for as many as `CNN_THREADS` says, or else as there are cores.
  /// - Precondition: The network has the outputs and inputs that `source` and `targets` name by their places.
  /// - Throws: `NetworkError`, where an input size is open, a layer's gradient is not known, or the score does
  ///   not depend on what its gradient is asked for of.
  public init(
    _ network: Network, of source: Source, targets: Targets, batch: Int = 1,
    kernels: KernelTable? = nil, threads: Int? = nil,
    algorithm: ConvolutionAlgorithm = .automatic
  ) throws {
    var lowering = try Lowering.lower(network, score: source, gradients: targets)
    outputCount = network.outputs.count
    valueShape = lowering.values[lowering.outputs[outputCount]].shape
    self.targets = targets
    self.kernels = try (kernels ?? Processor.kernels()).withTraining
    self.threads = threads
    compiled = try CompiledProgram(
      &lowering, algorithm: algorithm, batch: batch, hasBands: targets.isEmpty)
  }

  /// Runs the network forward, and where gradients are asked for back.
  ///
  /// - Parameters:
  ///   - inputs: One tensor for each of the network's inputs, with the batch as first axis.
  ///   - factors: What each value of the score's sum is multiplied by: of `valueShape`, the same for each
  ///     picture.
  /// - Throws: `NetworkError`, where the inputs are not the network's.
  public func run(_ inputs: [Tensor], factors: [Float]) throws -> Result {
    let count = valueShape.reduce(1, *)
    precondition(factors.count == count, "expected \(count) factors")
    let batch = inputs.first?.shape.first ?? 0
    guard batch > 0 else { throw NetworkError("no inputs were given; expected a batch of one") }
    let inference = try inference(batch)
    let all = Tensor(
      shape: [batch, count], values: Array(repeatElement(factors, count: batch).joined()))
    var outputs = try inference.run(targets.isEmpty ? inputs : inputs + [all])[...]
    let own = Array(outputs.prefix(outputCount))
    outputs.removeFirst(outputCount)
    let values = outputs.removeFirst()
    let inputGradients = Array(outputs.prefix(targets.inputs.count))
    outputs.removeFirst(targets.inputs.count)
    return Result(
      outputs: own, values: values, inputGradients: inputGradients,
      layers: zip(targets.layers, outputs).compactMap { path, gradient in
        inference.tap(path).map { (output: $0, gradient: gradient) }
      })
  }

  private func inference(_ batch: Int) throws -> Inference {
    if let inference = inferences[batch] { return inference }
    // The last pictures are often fewer; more than two sizes are not kept.
    if inferences.count > 1 { inferences = [:] }
    let inference = try Inference(compiled, batch: batch, kernels: kernels, threads: threads)
    inferences[batch] = inference
    return inference
  }
}
