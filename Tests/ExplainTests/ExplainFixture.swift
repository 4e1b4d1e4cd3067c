import DataFiles
import Foundation
import Loader
import Network

@testable import Explain

/// A model and what TensorFlow says of two pictures by each method; see `Tests/Fixtures/make_explain.py`.
struct ExplainFixture: Sendable {
  let network: Network
  private let arrays: [String: Tensor]

  static let names = ["plain", "residual", "mobile"]

  /// What the script chose.
  static let steps = 20
  static let baseline: [Float] = [0.25]
  static let occlusion = Occlusion(window: 4, stride: 3, baseline: baseline)

  init(_ name: String) throws {
    let path = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/explain/\(name)").path()
    network = try Network(contentsOf: path + ".h5")
    let all = try NPZ.tensors(from: FileBytes.read(path + ".npz"), named: path)
    arrays = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.tensor) })
  }

  subscript(name: String) -> Tensor? { arrays[name] }

  /// A picture with a batch of one.
  func picture(_ index: Int) -> Tensor {
    let all = arrays["input"] ?? Tensor(shape: [1, 0], values: [])
    let size = all.values.count / all.shape[0]
    return Tensor(
      shape: [1] + all.shape.dropFirst(),
      values: Array(all.values[index * size..<(index + 1) * size]))
  }

  /// What was computed: picture, class, and the numbers.
  func expected(_ method: String) -> [(picture: Int, classIndex: Int, values: Tensor)] {
    arrays.compactMap { key, values in
      let parts = key.split(separator: "/").map(String.init)
      guard parts.count == 3, parts[2] == method, let picture = Int(parts[0]),
        let index = Int(parts[1])
      else { return nil }
      return (picture, index, values)
    }
  }
}

/// SmoothGrad with the noise of the fixture.
struct SmoothGradWithNoise: ExplanationMethod {
  let noise: Tensor

  var title: String { "SmoothGrad" }
  var isSigned: Bool { false }

  func targets(in network: Network, input: Int) throws -> ScoreGradient.Targets {
    ScoreGradient.Targets(inputs: [input])
  }

  func values(for score: ExplainedScore) throws -> Tensor {
    try SmoothGrad.values(for: score, noise: noise)
  }
}

/// The largest distance between two arrays as a share of the second's largest value.
func relativeDistance(_ found: Tensor, _ expected: Tensor) -> Float {
  guard found.shape == expected.shape else { return .infinity }
  let largest = expected.values.map(abs).max() ?? 0
  return (zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0) / largest
}
