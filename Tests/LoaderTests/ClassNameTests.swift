import Foundation
import Loader
import Network
import Testing

/// Models and layers under names that Keras does not have, and those that are refused by name.
@Suite struct ClassNameTests {
  private func network(
    _ model: String, _ custom: [String: String] = [:]
  ) throws -> Network {
    try ContainerFixture.withFile(Data(model.utf8)) {
      try Network(architectureOf: $0, custom: custom)
    }
  }

  private func sequential(_ className: String, _ layers: String...) -> String {
    let input = """
      {"class_name": "InputLayer", "module": "tf_keras.layers", \
      "config": {"batch_shape": [null, 8, 8, 3], "name": "pixels"}}
      """
    return """
      {"class_name": "\(className)", "module": "keras.src.engine.sequential", "keras_version": "3.0.0", \
      "config": {"name": "own", "layers": [\(([input] + layers).joined(separator: ", "))]}}
      """
  }

  private func layer(_ className: String, _ config: String = "") -> String {
    """
    {"class_name": "\(className)", "registered_name": "\(className)", \
    "config": {"name": "layer"\(config.isEmpty ? "" : ", ")\(config)}}
    """
  }

  /// A class of the user's that is a `Sequential` has its configuration, also as a layer of another.
  @Test func classesOfTheUsersThatAreModels() throws {
    let inner = sequential("shop>Encoder", layer("Custom>Scale", "\"axis\": 3"))
    let network = try network(sequential("MyNet", inner, layer("Flatten")))
    #expect(network.kind == .sequential && network.name == "own")
    #expect(network.nodes[1].layer is NestedNetwork)
    #expect(network.layerPaths == ["own", "own/layer", "layer"])
    #expect(network.outputShapes == [[192]])
  }

  @Test(arguments: [
    ("KerasLayer", "", "TensorFlow Hub"), ("ModuleWrapper", "", "another library"),
    ("Lambda", "", "--custom Lambda=relu"), ("StringLookup", "", "words or categories"),
    ("Hashing", "", "words or categories"), ("MelSpectrogram", "", "spectrograms"),
    ("AutoContrast", "", "contrast"), ("shop>Own", "", "--custom shop>Own=relu"),
    (
      "Dense",
      """
      "units": 2, "dtype": {"class_name": "QuantizedDTypePolicy", \
      "config": {"name": "int8_from_float32"}}
      """, "int8_from_float32"
    ),
    ("RandomCrop", "\"height\": 4, \"width\": 4", "CenterCrop"),
  ])
  func whatIsRefusedByName(_ className: String, _ config: String, _ part: String) {
    ContainerFixture.expectFailure(["layer 'layer' (\(className))", part]) {
      _ = try network(sequential("Sequential", layer(className, config)))
    }
  }

  @Test func policiesOfTypesThatComputeAsEver() throws {
    for (className, name) in [
      ("DTypePolicy", "mixed_bfloat16"), ("FloatDTypePolicy", "mixed_float16"),
      ("Policy", "mixed_float16"), ("DTypePolicy", "float32"),
    ] {
      let policy =
        "\"dtype\": {\"class_name\": \"\(className)\", \"config\": {\"name\": \"\(name)\"}}"
      let network = try network(
        sequential("Sequential", layer("Dense", "\"units\": 2, \(policy)")))
      #expect(network.outputShapes == [[8, 8, 2]])
    }
  }

  /// A mask that is given by name would be taken for the key.
  @Test func attentionWithAMaskIsRefused() {
    for argument in ["\"use_causal_mask\": true", "\"attention_mask\": \(tensor)"] {
      let model = """
        {"class_name": "Functional", "keras_version": "3.0.0", "config": {"name": "model", "layers": [
        {"class_name": "InputLayer", "name": "steps", "inbound_nodes": [],
         "config": {"batch_shape": [null, 4, 4], "name": "steps"}},
        {"class_name": "MultiHeadAttention", "name": "heads",
         "config": {"name": "heads", "num_heads": 2, "key_dim": 2},
         "inbound_nodes": [{"args": [\(tensor), \(tensor)], "kwargs": {\(argument)}}]}],
        "input_layers": [["steps", 0, 0]], "output_layers": [["heads", 0, 0]]}}
        """
      ContainerFixture.expectFailure(["layer 'heads'", "is called with"]) {
        _ = try network(model)
      }
    }
  }

  private let tensor = """
    {"class_name": "__keras_tensor__", "config": {"keras_history": ["steps", 0, 0]}}
    """
}
