import Loader
import Network
import Testing
import Training

/// The networks with a name are those that Keras saved for the fixtures.
@Suite struct NamedArchitectureTests {
  @Test(arguments: NamedArchitecture.allCases)
  func isKerass(_ architecture: NamedArchitecture) throws {
    let file = "\(TrainingFixture.folder)/../models/\(architecture.rawValue).keras3.h5"
    // That fixture is the convolution alone.
    let expected =
      architecture == .conv10
      ? try Network(architectureOf: "\(TrainingFixture.folder)/conv10.json")
      : try Network(contentsOf: file)
    let network = try architecture.network()
    #expect(network.listedNodes.count == expected.listedNodes.count)
    for (node, known) in zip(network.listedNodes, expected.listedNodes) {
      let (layer, other) = (network.nodes[node].layer, expected.nodes[known].layer)
      #expect(network.nodes[node].name == expected.nodes[known].name)
      #expect(layer.className == other.className)
      #expect(
        try layer.configuration(kerasMajorVersion: 3) == other.configuration(kerasMajorVersion: 3))
    }
    #expect(network.inputShapes == expected.inputShapes)
    #expect(try network.parameterCount() == expected.parameterCount())
    #expect(!architecture.summary.isEmpty)
  }
}
