import DataFiles
import Foundation
import Kernel
import Loader
import Network
import Runtime
import Testing

/// A model that Keras saved and what Keras computes with it; see `Tests/Fixtures/README.md`.
struct KerasFixture: CustomTestStringConvertible, Sendable {
  /// The path below `Tests/Fixtures`, without its ending.
  let path: String

  var testDescription: String { path }

  static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures").path()

  static func both(_ names: [String]) -> [KerasFixture] {
    names.flatMap { [KerasFixture(path: "\($0).keras2"), KerasFixture(path: "\($0).keras3")] }
  }

  static let models = both([
    "models/conv10", "models/mnist-two-convolutions", "models/fashion-mnist", "models/mnist-5x5",
    "models/cats-and-dogs",
  ])

  static let layers =
    both([
      "layers/convolution", "layers/depthwise", "layers/pooling", "layers/activations",
      "layers/shapes", "layers/several-inputs", "layers/nested", "layers/nested-twice",
      "layers/sequential-nested", "layers/transposed", "layers/resizing", "layers/one-dimensional",
      "layers/three-dimensional", "layers/normalizations", "layers/merging", "layers/sequences",
      "layers/attention", "layers/categories", "layers/operations", "layers/channels-first",
      "layers/recurrence", "layers/rarer",
    ])
    + ["layers/low-rank.keras3", "layers/nodes.keras2", "layers/scales.keras2"].map {
      KerasFixture(path: $0)
    }

  /// The kernels of every instruction set of this processor, or of the one that `CNN_ISA` names.
  static let kernels: [KernelTable] = {
    if ProcessInfo.processInfo.environment["CNN_ISA"] != nil {
      return (try? Processor.kernels()).map { [$0] } ?? []
    }
    return InstructionSet.allCases.compactMap { try? Processor.kernels(for: $0) }
  }()

  func network() throws -> Network { try Network(contentsOf: "\(Self.folder)/\(path).h5") }

  func arrays() throws -> [String: Tensor] {
    let file = "\(Self.folder)/\(path).npz"
    let arrays = try NPZ.tensors(from: FileBytes.read(file), named: file)
    return Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.tensor) })
  }

  /// The inputs in the network's order.
  func inputs(_ arrays: [String: Tensor], of network: Network) -> [Tensor] {
    if let only = arrays["input"] { return [only] }
    return network.inputNames.compactMap { arrays["input:\($0)"] }
  }

  /// The arrays that are layers' outputs, by path.
  static func expected(_ arrays: [String: Tensor]) -> [(path: String, stride: Int, values: Tensor)]
  {
    arrays.keys.sorted().compactMap { key in
      guard let values = arrays[key], key != "input", !key.hasPrefix("input:"), !key.hasSuffix("|s")
      else { return nil }
      let path = key.hasSuffix("|stride") ? String(key.dropLast(7)) : key
      let stride = arrays["\(path)|s"].map { Int($0.values[0]) } ?? 1
      return (path, stride, values)
    }
  }
}

/// Whether a value is what Keras gives within float32 rounding: both sum hundreds to thousands of
/// products in different orders, each rounded to 6e-8 of itself.
func isClose(_ value: Float, to expected: Float) -> Bool {
  if expected.isNaN { return value.isNaN }
  if expected.isInfinite { return value == expected }
  return abs(value - expected) <= 1e-5 + 1e-5 * abs(expected)
}

/// The first rows of a batch.
func prefix(_ tensor: Tensor, batch: Int) -> Tensor {
  let count = tensor.values.count / tensor.shape[0]
  return Tensor(
    shape: [batch] + tensor.shape.dropFirst(), values: Array(tensor.values.prefix(batch * count)))
}
