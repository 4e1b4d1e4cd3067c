import DataFiles
import Foundation
import Network
import Testing

@Suite struct PredictTests {
  private let labels = Tool.repository.appending(path: "Models/fashion-mnist-labels.txt").path()

  @Test(arguments: [
    ("ankle-boot", 9, "Ankle boot"), ("bag", 8, "Bag"), ("coat", 4, "Coat"), ("dress", 3, "Dress"),
    ("pullover", 2, "Pullover"), ("sandal", 5, "Sandal"), ("shirt", 6, "Shirt"),
    ("sneaker", 7, "Sneaker"), ("t-shirt", 0, "T-shirt/top"), ("trouser", 1, "Trouser"),
  ])
  func findsTheClassOfASample(_ name: String, _ index: Int, _ label: String) throws {
    let picture = Tool.repository.appending(path: "Models/samples/\(name).png").path()
    let text = try Tool.succeed([
      "predict", Tool.model, "--input", picture, "--scale", "1/255", "--labels", labels,
      "--top", "2",
    ])
    let lines = text.split(separator: "\n").map { $0.split(separator: "\t") }
    try #require(lines.count == 2)
    #expect(lines[0][0] == "\(index)")
    #expect(lines[0][2] == label)
    let first = try #require(Double(lines[0][1]))
    let second = try #require(Double(lines[1][1]))
    #expect(first >= second && first + second <= 1.000_001)
  }

  /// The first 200 test images, as Keras classifies them.
  @Test(arguments: ["baseline", "avx2", "avx512"])
  func agreesWithKerasOnEveryImage(_ set: String) throws {
    let file = "\(Tool.fixtures)/data/predictions.npz"
    let arrays = try NPZ.tensors(from: FileBytes.read(file), named: file)
    let images = try #require(arrays.first { $0.name == "images" }?.tensor)
    let classes = try #require(arrays.first { $0.name == "classes" }?.tensor)
    let folder = try TemporaryFolder()
    try Data(NPY.bytes(of: images)).write(to: folder.url.appending(path: "images.npy"))
    let result = try Tool.run(
      [
        "predict", Tool.model, "--input", "\(folder.path)/images.npy", "--scale", "1/255",
        "--top", "1", "--json",
      ], environment: ["CNN_ISA": set])
    if result.error.contains("this processor lacks") { return }
    let json = try JSONSerialization.jsonObject(with: result.output) as? [[String: Any]]
    let found = try #require(json).compactMap {
      ($0["classes"] as? [[String: Any]])?.first?["class"] as? Int
    }
    #expect(found == classes.values.map { Int($0) })
  }

  @Test func refusesLabelsThatDoNotFit() throws {
    let folder = try TemporaryFolder()
    try Data("one\ntwo\n".utf8).write(to: folder.url.appending(path: "labels.txt"))
    let result = try Tool.run([
      "predict", Tool.model, "--input", Tool.bag, "--labels", "\(folder.path)/labels.txt",
    ])
    #expect(result.status == 1)
    #expect(result.error.contains("it has 2 labels; output 'dense_layer_7' has 10 classes"))
  }
}
