import CNN
import Foundation
import Testing

/// The README's Swift, line by line; a test of the README looks for its lines here.
@Suite(.serialized) struct ReadmeExampleTests {
  @Test func loadsAndRuns() throws {
    // The README's paths are those of the repository.
    let repository = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = FileManager.default.currentDirectoryPath
    try #require(FileManager.default.changeCurrentDirectoryPath(repository.path()))
    defer { _ = FileManager.default.changeCurrentDirectoryPath(folder) }

    let network = try Network(contentsOf: "Models/fashion-mnist.h5")
    let picture = Tensor(shape: [1, 28, 28, 1], repeating: 0.5)
    let probabilities = try network.predict(picture)[0]
    let maps = try network.activations(of: ["conv_layer_1"], picture)
    let map = try network.explain(picture, by: GradCAM()).map

    #expect(probabilities.shape == [1, 10])
    #expect(maps["conv_layer_1"]?.shape == [1, 26, 26, 64])
    #expect(map.shape == [5, 5])
  }

  @Test func writesANetworkDownAndTrainsIt() throws {
    let pictures = Tensor(shape: [4, 28, 28, 1], repeating: 0.5)
    let classes = Tensor(shape: [4], values: [0, 1, 2, 3])
    var network = try Sequential(input: [28, 28, 1]) {
      Conv2D(64, kernel: 3, activation: .relu)
      MaxPooling2D(2)
      Flatten()
      Dense(10, activation: .softmax)
    }
    #expect(network.outputShapes == [[10]])
    let data = try ArrayDataSet(inputs: pictures, targets: classes)
    let history = try network.fit(
      data, optimizer: .adam(), loss: .sparseCategoricalCrossentropy, epochs: 5, batchSize: 32)
    #expect(history["loss"].count == 5)
  }
}
