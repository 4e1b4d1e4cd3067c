import Kernel
import Runtime

/// The largest magnitudes that the values between a network's operations have, by which they are stored in 8 bits.
///
/// They are seen on some inputs, and belong to the network that they were seen in, with the same taps.
public struct ValueRanges: Sendable {
  /// By the values that `Lowering.byteTypes` names.
  var largest: [Lowering.Value: Float] = [:]

  /// The values whose steps follow from what was seen.
  public var count: Int { largest.count }
}

/// Runs a network with weights of 8 bits, and notes the magnitudes of the values that can be stored so, too.
public struct ValueObserver {
  private let inference: Inference
  private let names: [Lowering.Value: String]
  public private(set) var ranges = ValueRanges()

  /// - Parameter taps: The paths of the layers whose outputs the program keeps that the ranges are for.
  /// - Throws: `NetworkError`, where an input size is open or weights are missing.
  public init(_ network: Network, taps: Set<String> = []) throws {
    var lowering = try Lowering.lower(network, taps: taps)
    lowering.fuse()
    lowering.placeParts()
    _ = lowering.narrowWeights(.int8)
    var names: [Lowering.Value: String] = [:]
    for value in lowering.byteTypes.keys {
      let name = "\(value)"
      // A name that no layer has: Keras's begin with a letter or a digit, and have no space.
      let observed = lowering.view(value, shape: lowering.values[value].shape)
      lowering.values[observed].role = .tap
      lowering.values[observed].name = " " + name
      names[value] = " " + name
    }
    self.names = names
    inference = try Inference(
      CompiledProgram(fused: &lowering, algorithm: .direct, batch: 1, hasBands: true))
  }

  /// The memory of an input, for one item: what is written there is what `observe` takes.
  public func input(_ index: Int) -> UnsafeMutableBufferPointer<Float> { inference.input(index) }

  /// Runs the network on what the inputs' memory holds.
  public mutating func observe() {
    inference.runInPlace()
    for (value, name) in names {
      guard let tensor = inference.tap(name) else { continue }
      let largest = tensor.values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
      ranges.largest[value] = max(ranges.largest[value] ?? 0, largest)
    }
  }
}
