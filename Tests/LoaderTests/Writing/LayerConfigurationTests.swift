import Network
import Testing

/// What a layer says of itself makes the same layer again.
@Suite struct LayerConfigurationTests {
  @Test(arguments: KerasFixture.models + KerasFixture.layers)
  func aLayerIsRemadeFromItsOwnConfiguration(_ fixture: KerasFixture) throws {
    let network = try fixture.network()
    let version = fixture.path.hasSuffix("keras2") ? 2 : 3
    let remade = try remade(network, version)
    let inputs = fixture.inputs(try fixture.arrays(), of: network)
    let shapes = inputs.map { Shape(Array($0.shape.dropFirst())) }
    let outputs = try [network, remade].map {
      try Inference(try $0.resized(inputShapes: shapes), batch: inputs[0].shape[0]).run(inputs)
    }
    #expect(outputs[0].map(\.shape) == outputs[1].map(\.shape))
    for (a, b) in zip(outputs[0], outputs[1]) {
      #expect(a.values.map(\.bitPattern) == b.values.map(\.bitPattern))
    }
  }

  private func remade(_ network: Network, _ version: Int) throws -> Network {
    var result = network
    for index in network.nodes.indices {
      let layer = network.nodes[index].layer
      if var nested = layer as? NestedNetwork {
        nested.network = try remade(nested.network, version)
        result.replaceLayer(ofNode: index, by: nested)
        continue
      }
      // What an operation is called with, its calls say.
      if layer is TensorOperation { continue }
      let configuration = LayerConfiguration(
        className: layer.className,
        values: try layer.configuration(kerasMajorVersion: version), kerasMajorVersion: version)
      let other = try LayerRegistry.layer(configuration)
      #expect(type(of: other) == type(of: layer) && other.className == layer.className)
      for call in network.calls where call.node == index {
        #expect(try other.outputShapes(call.inputShapes) == call.outputShapes)
        #expect(try other.weights(call.inputShapes) == layer.weights(call.inputShapes))
      }
      result.replaceLayer(ofNode: index, by: other)
    }
    return result
  }

  @Test func anActivationIsItsNameOrALayer() throws {
    #expect(try ActivationFunction.relu.configuration(kerasMajorVersion: 2) == .string("relu"))
    for name in ["hard_sigmoid", "leaky_relu", "softmax", "gelu"] {
      for version in [2, 3] {
        let function = try #require(
          ActivationFunction(kerasName: name, kerasMajorVersion: version))
        #expect(try function.configuration(kerasMajorVersion: version) == .string(name))
      }
    }
    let layers: [any ActivationLayer] = [
      LeakyReLU(negativeSlope: 0.1), ELU(alpha: 0.5), Softmax(axes: [1]),
      ReLU(maxValue: 1.5, negativeSlope: 0.125), ReLU(maxValue: 3),
    ]
    for layer in layers {
      for version in [2, 3] {
        let value = try layer.function.configuration(kerasMajorVersion: version)
        let configuration = LayerConfiguration(
          className: "Dense", values: ["activation": value], kerasMajorVersion: version)
        #expect(try configuration.activation() == layer.function)
      }
    }
  }

  @Test func aSlopeIsWrittenAsItWasGiven() throws {
    let layer = LeakyReLU(negativeSlope: 0.3)
    #expect(try layer.configuration(kerasMajorVersion: 3) == ["negative_slope": .number(0.3)])
    #expect(try layer.configuration(kerasMajorVersion: 2) == ["alpha": .number(0.3)])
  }

  @Test func whatAVersionLacksIsRefused() throws {
    let older = try #require(ActivationFunction(kerasName: "hard_sigmoid", kerasMajorVersion: 2))
    let error = try #require(throws: LayerError.self) {
      try Dense(3, activation: older).configuration(kerasMajorVersion: 3)
    }
    #expect(error.message.contains("'hard_sigmoid' of Keras 2"))
  }
}
