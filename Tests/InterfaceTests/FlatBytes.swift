import CInterface
import CNN
import Kernel

/// Memory as C programs have it, at a multiple of 64 and of exactly so many bytes.
final class FlatBytes {
  let memory: UnsafeMutableRawBufferPointer

  init(count: Int) {
    memory = .allocate(byteCount: max(count, 1), alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0xa5)
  }

  convenience init(_ bytes: some Collection<UInt8>) {
    self.init(count: bytes.count)
    memory.copyBytes(from: bytes)
  }

  deinit { memory.deallocate() }

  var base: UnsafeMutableRawPointer { memory.baseAddress! }

  var floats: UnsafeMutablePointer<Float> { base.assumingMemoryBound(to: Float.self) }
}

/// A small network with a tapped layer, compiled with a test; one whose values are bytes has more of them.
struct SampleModel {
  let network: Network
  let input: Tensor
  let bytes: [UInt8]

  init(
    taps: Set<String> = ["conv"], hasTest: Bool = true, weights: ElementType = .float32,
    hasBytes: Bool = false
  ) throws {
    var network = try Sequential(input: [9, 7, 3]) {
      Conv2D(hasBytes ? 48 : 5, kernel: 3, activation: .relu, name: "conv")
      MaxPooling2D(2, name: "pool")
      Flatten(name: "flat")
      Dense(4, activation: .softmax, name: "probabilities")
    }
    try network.initializeWeights(seed: 3)
    input = Tensor(shape: [1, 9, 7, 3], values: (0..<189).map { Float(($0 * 37) % 23) / 11 - 1 })
    let ranges = hasBytes ? try Self.ranges(network, taps, input) : nil
    let program = try CompiledProgram(network, taps: taps, weights: weights, values: ranges)
    let outputs = try Inference(program).run([input])
    bytes = program.flatModel(
      test: hasTest
        ? CompiledProgram.Test(inputs: [input], outputs: outputs, tolerance: 1e-5) : nil)
    self.network = network
  }

  private static func ranges(
    _ network: Network, _ taps: Set<String>, _ input: Tensor
  ) throws -> ValueRanges {
    var observer = try ValueObserver(network, taps: taps)
    _ = observer.input(0).update(fromContentsOf: input.values)
    observer.observe()
    return observer.ranges
  }
}
