import DataFiles
import Foundation
import Network
import Testing

@Suite struct DumpLayerTests {
  /// What Keras computes for the fixture's first image, and the image as a file.
  private struct Reference {
    let folder: TemporaryFolder
    let arrays: [String: Tensor]

    init() throws {
      folder = try TemporaryFolder()
      let file = "\(Tool.fixtures)/models/fashion-mnist.keras3.npz"
      let all = try NPZ.tensors(from: FileBytes.read(file), named: file)
      arrays = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0.tensor) })
      let input = try #require(arrays["input"])
      try Data(NPY.bytes(of: input)).write(to: folder.url.appending(path: "x.npy"))
    }

    var input: String { "\(folder.path)/x.npy" }
  }

  private let model = "\(Tool.fixtures)/models/fashion-mnist.keras3.h5"

  @Test func writesTheTableThatPandasWrites() throws {
    let text = try Tool.succeed([
      "dump-layer", Tool.model, "--input", Tool.bag, "--scale", "1/255", "--layer",
      "conv_layer_1", "--channel", "39", "--csv",
    ])
    let npy = try Tool.run([
      "dump-layer", Tool.model, "--input", Tool.bag, "--scale", "1/255", "--layer",
      "conv_layer_1", "--channel", "39", "--npy",
    ])
    let map = try NPY.tensor(from: Array(npy.output), named: "map")
    #expect(map.shape == [26, 26])
    #expect(Array(text.utf8) == CSVTable.pandasText(of: map.values, rows: 26, columns: 26))
    #expect(text.hasPrefix(",0,1,2,3,"))
  }

  @Test func writesEveryLayerAsKerasComputesIt() throws {
    let reference = try Reference()
    let target = "\(reference.folder.path)/layers"
    let printed = try Tool.succeed([
      "dump-layer", model, "--input", reference.input, "--layer", "all", "--npy", "-o", target,
    ])
    let names = try FileManager.default.contentsOfDirectory(atPath: target).sorted()
    #expect(names.count == 7)
    #expect(printed.split(separator: "\n").count == 7)
    for name in ["dense_layer_6", "dense_layer_7"] {
      let file = "\(target)/\(name).npy"
      let found = try NPY.tensor(from: FileBytes.read(file), named: file)
      let expected = try #require(reference.arrays[name])
      #expect(found.shape == expected.shape)
      #expect(
        zip(found.values, expected.values).allSatisfy { abs($0 - $1) <= 1e-5 + 1e-5 * abs($1) })
    }
    // The same in one archive, under Keras's names.
    let archive = try Tool.run([
      "dump-layer", model, "--input", reference.input, "--layer", "all", "--npz",
    ])
    let members = try NPZ.tensors(from: Array(archive.output), named: "all.npz")
    #expect(members.map(\.name).sorted().map { "\($0).npy" } == names)
  }

  @Test func addressesLayersByIndexAndInsideOfNestedModels() throws {
    let reference = try Reference()
    let byName = try Tool.succeed([
      "dump-layer", model, "-i", reference.input, "--index", "1", "-l", "dense_layer_7",
    ])
    let byIndex = try Tool.succeed([
      "dump-layer", model, "-i", reference.input, "--index", "1", "-l", "6",
    ])
    let fromTheEnd = try Tool.succeed([
      "dump-layer", model, "-i", reference.input, "--index", "1", "--layer=-1",
    ])
    #expect(byName == byIndex && byName == fromTheEnd)
    #expect(byName.hasPrefix(",0\n0,"))

    let nested = "\(Tool.fixtures)/layers/nested.keras2"
    let arrays = try NPZ.tensors(from: FileBytes.read("\(nested).npz"), named: nested)
    let input = try #require(arrays.first { $0.name == "input" }?.tensor)
    try Data(NPY.bytes(of: input)).write(
      to: reference.folder.url.appending(path: "nested.npy"))
    let inner = try Tool.run([
      "dump-layer", "\(nested).h5", "-i", "\(reference.folder.path)/nested.npy", "-l",
      "encoder/conv", "--npy",
    ])
    let expected = try #require(arrays.first { $0.name == "encoder/conv" }?.tensor)
    let found = try NPY.tensor(from: Array(inner.output), named: "inner")
    #expect(found.shape == expected.shape)
    #expect(
      zip(found.values, expected.values).allSatisfy { abs($0 - $1) <= 1e-5 + 1e-5 * abs($1) })
  }

  @Test func readsAnImageOutOfAnIDXFileGzippedOrNot() throws {
    let arguments = { (ending: String) in
      [
        "dump-layer", Tool.model, "-i",
        "\(Tool.fixtures)/data/fashion-mnist-20.idx3-ubyte\(ending)", "--index", "13", "--scale",
        "1/255", "-l", "dense_layer_7",
      ]
    }
    let plain = try Tool.succeed(arguments(""))
    #expect(plain == (try Tool.succeed(arguments(".gz"))))
    // Image 13 is the sample dress.
    let dress = Tool.repository.appending(path: "Models/samples/dress.png").path()
    #expect(
      plain
        == (try Tool.succeed([
          "dump-layer", Tool.model, "-i", dress, "--scale", "1/255", "-l", "dense_layer_7",
        ])))
  }

  @Test func readsStandardInputAndResizes() throws {
    let file = "\(Tool.fixtures)/data/rgb.jpg"
    let direct = try Tool.succeed([
      "dump-layer", Tool.model, "-i", file, "--resize", "-l", "conv_layer_1", "-c", "0",
    ])
    let piped = try Tool.run(
      ["dump-layer", Tool.model, "-i", "-", "--resize", "-l", "conv_layer_1", "-c", "0"],
      input: try Data(contentsOf: URL(filePath: file)))
    #expect(piped.text == direct)
    #expect(direct.split(separator: "\n").count == 27)
  }
}
