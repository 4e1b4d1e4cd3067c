import CNN
import Figures

/// What layers compute for one item.
struct LayerOutputs {
  /// By their paths, in the order that was asked for; without the batch.
  let layers: [(path: String, output: Tensor)]

  /// - Throws: `ToolFailure`, where the input holds several items.
  init(
    of paths: [String], _ network: Network, _ inputs: InputOptions, _ compute: ComputeOptions
  ) throws {
    let (sized, tensors) = try inputs.load(for: network)
    guard tensors[0].shape[0] == 1 else {
      throw ToolFailure("the input holds \(tensors[0].shape[0]) items; choose one with --index")
    }
    layers = try Self.run(sized, tensors, paths, compute)
  }

  /// Runs a network on a batch of one.
  static func run(
    _ network: Network, _ tensors: [Tensor], _ paths: [String], _ compute: ComputeOptions
  ) throws -> [(path: String, output: Tensor)] {
    let results = try BatchRunner(network: network, compute: compute, taps: paths).run(tensors)
    return zip(paths, results.taps).map { ($0, $1.withoutBatch) }
  }
}

extension Tensor {
  /// The only item of a batch.
  var withoutBatch: Tensor { Tensor(shape: Array(shape.dropFirst()), values: values) }
}

extension FeatureMap {
  /// The maps of a layer, with errors that name it.
  static func maps(of output: Tensor, layer path: String) throws -> [FeatureMap] {
    do {
      return try maps(of: output)
    } catch {
      throw ToolFailure("layer '\(path)': \(error)")
    }
  }
}
