import Kernel
import Network
import Testing

/// Every layer of every fixture gives what Keras gives.
@Suite struct KerasAgreementTests {
  @Test(arguments: KerasFixture.models)
  func everyLayerOfAModel(_ fixture: KerasFixture) throws {
    try checkEveryLayer(fixture, batches: [1, 3])
  }

  @Test(arguments: KerasFixture.layers)
  func everyKindOfLayer(_ fixture: KerasFixture) throws {
    try checkEveryLayer(fixture, batches: [1, 2])
  }

  /// A run with taps gives bit for bit the outputs of a run without.
  @Test(arguments: KerasFixture.models + KerasFixture.layers)
  func tapsChangeNothing(_ fixture: KerasFixture) throws {
    let network = try fixture.network()
    let arrays = try fixture.arrays()
    let inputs = fixture.inputs(arrays, of: network)
    let batch = inputs[0].shape[0]
    let sized = try network.resized(
      inputShapes: inputs.map { Shape(Array($0.shape.dropFirst())) })
    for kernels in KerasFixture.kernels {
      let plain = try Inference(sized, batch: batch, kernels: kernels).run(inputs)
      let tapped = try Inference(
        sized, batch: batch, taps: Set(network.layerPaths), kernels: kernels
      ).run(inputs)
      #expect(plain.map(\.shape) == tapped.map(\.shape))
      for (a, b) in zip(plain, tapped) {
        #expect(a.values.map(\.bitPattern) == b.values.map(\.bitPattern))
      }
    }
  }

  /// Of a layer with states its path is the output, and each output has a name.
  @Test func layersOfSeveralOutputs() throws {
    let fixture = KerasFixture(path: "layers/recurrence.keras3")
    let network = try fixture.network()
    let inputs = fixture.inputs(try fixture.arrays(), of: network)
    let inference = try Inference(
      network, batch: inputs[0].shape[0], taps: Set(network.layerPaths))
    try inference.run(inputs)
    for index in 0..<5 {
      let name = index == 0 ? "rnn_three" : "rnn_three[\(index)]"
      let copy = try #require(inference.tap("rnn_state_\(index)"))
      #expect(inference.tap(name) == copy, "\(name)")
    }
  }

  private func checkEveryLayer(_ fixture: KerasFixture, batches: [Int]) throws {
    let network = try fixture.network()
    let arrays = try fixture.arrays()
    for kernels in KerasFixture.kernels {
      for batch in batches {
        try checkEveryLayer(
          of: network, fixture.inputs(arrays, of: network), arrays, kernels, batch)
      }
    }
  }

  private func checkEveryLayer(
    of network: Network, _ inputs: [Tensor], _ arrays: [String: Tensor], _ kernels: KernelTable,
    _ batch: Int
  ) throws {
    let inputs = inputs.map { prefix($0, batch: batch) }
    let expected = KerasFixture.expected(arrays)
    try #require(!expected.isEmpty)
    let sized = try network.resized(
      inputShapes: inputs.map { Shape(Array($0.shape.dropFirst())) })
    let inference = try Inference(
      sized, batch: batch, taps: Set(network.layerPaths), kernels: kernels)
    try inference.run(inputs)
    for (path, stride, values) in expected {
      let wanted = prefix(values, batch: batch)
      let found = try #require(inference.tap(path), "no layer '\(path)'")
      if stride == 1 { #expect(found.shape == wanted.shape, "shape of '\(path)'") }
      let size = found.values.count / batch
      let samples = (0..<batch).flatMap { image in
        Swift.stride(from: 0, to: size, by: stride).map { found.values[image * size + $0] }
      }
      try #require(samples.count == wanted.values.count, "number of values of '\(path)'")
      let wrong = zip(samples, wanted.values).enumerated()
        .first { !isClose($0.element.0, to: $0.element.1) }
      #expect(
        wrong == nil,
        "'\(path)' with \(kernels.instructionSet): \(String(describing: wrong))")
    }
  }
}
