import DataFiles
import Foundation
import Loader
import Network
import Testing

/// Files that other people made with many versions of Keras, in a folder that the environment variable
/// CNN_REAL_WORLD names; each with what TensorFlow computes in `FILE.npz`.
///
/// An input that the reference does not hold is `numpy.random.default_rng(0).random(shape, float32)`.
/// `output_i_theano_flip` is for files that Theano wrote.
@Suite struct RealWorldTests {
  @Test(.enabled(if: RealWorldFolder.path != nil), arguments: RealWorldFolder.references)
  func computesWhatTensorFlowDoes(_ reference: String) throws {
    let folder = try #require(RealWorldFolder.path)
    let model = "\(folder)/\(reference.dropLast(4))"
    let architecture = model.replacing("weights.h5", with: "architecture.json")
    let hasArchitecture =
      architecture != model && FileManager.default.fileExists(atPath: architecture)
    let network = try Network(
      contentsOf: model, architecture: hasArchitecture ? architecture : nil)
    let file = "\(folder)/\(reference)"
    let arrays = Dictionary(
      uniqueKeysWithValues: try NumericArrays.tensors(file).map { ($0.name, $0.tensor) })
    var generator = NumPyGenerator(seed: 0)
    var inputs: [Tensor] = []
    while let input = Self.input(inputs.count, arrays, &generator) { inputs.append(input) }
    let sized = try network.resized(
      inputShapes: inputs.map { Shape(Array($0.shape.dropFirst())) })
    let outputs = try Inference(sized, batch: inputs[0].shape[0]).run(inputs)
    for (index, output) in outputs.enumerated() {
      let isTheano = try Self.isTheano(model)
      let flipped = isTheano ? arrays["output_\(index)_theano_flip"] : nil
      var found = output
      if let expected = flipped ?? arrays["output_\(index)"] {
        found = prefix(found, batch: expected.shape[0])
        try Self.compare(found, expected)
      } else {
        let expected = try #require(arrays["output_\(index)_strided8"])
        found = prefix(Self.everyEighth(found), batch: expected.shape[0])
        try Self.compare(found, expected)
      }
    }
  }

  private static func input(
    _ index: Int, _ arrays: [String: Tensor], _ generator: inout NumPyGenerator
  ) -> Tensor? {
    if let input = arrays["input_\(index)"] { return input }
    guard let shape = arrays["input_\(index)_shape"]?.values.map({ Int($0) }) else { return nil }
    return Tensor(
      shape: shape, values: (0..<shape.reduce(1, *)).map { _ in generator.nextFloat() })
  }

  private static func compare(_ found: Tensor, _ expected: Tensor) throws {
    try #require(found.shape == expected.shape)
    let largest = expected.values.map(abs).max() ?? 0
    let error = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
    #expect(error <= 1e-4 * largest)
  }

  /// Every eighth row and column of pictures.
  private static func everyEighth(_ tensor: Tensor) -> Tensor {
    let shape = tensor.shape
    let inner = shape.dropFirst(3).reduce(1, *)
    let rows = Array(stride(from: 0, to: shape[1], by: 8))
    let columns = Array(stride(from: 0, to: shape[2], by: 8))
    var values: [Float] = []
    for item in 0..<shape[0] {
      for row in rows {
        for column in columns {
          let start = ((item * shape[1] + row) * shape[2] + column) * inner
          values += tensor.values[start..<start + inner]
        }
      }
    }
    return Tensor(
      shape: [shape[0], rows.count, columns.count] + shape.dropFirst(3), values: values)
  }

  /// Whether Theano wrote the file, as the files themselves say it: by the backend, or in Keras 1 by names
  /// without a colon.
  private static func isTheano(_ model: String) throws -> Bool {
    let bytes = try Data(contentsOf: URL(filePath: model))
    return ["theano", "1_W\0"].contains { bytes.firstRange(of: Data($0.utf8)) != nil }
  }
}

/// The folder, where there is one.
private enum RealWorldFolder {
  static let path = ProcessInfo.processInfo.environment["CNN_REAL_WORLD"]

  static var references: [String] {
    guard let path else { return [] }
    let all = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return all.filter { $0.hasSuffix(".npz") }.sorted()
  }
}

/// The arrays of an archive that hold numbers; references hold lists of names, too.
private enum NumericArrays {
  static func tensors(_ file: String) throws -> [NamedTensor] {
    let archive = try Archive(path: file)
    return try archive.names.filter { $0.hasSuffix(".npy") && !$0.hasSuffix("names.npy") }.map {
      NamedTensor(
        name: String($0.dropLast(4)), tensor: try NPY.tensor(from: archive.bytes($0), named: $0))
    }
  }
}
