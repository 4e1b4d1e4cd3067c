/// An array of `Float` with a shape, row-major, the last axis fastest.
///
/// Pictures and activations are NHWC with the batch first; convolution kernels are HWIO and dense
/// kernels (in, out), which is Keras's own layout, so that a dump is a copy.
public struct Tensor: Equatable, Sendable {
  /// The sizes of the axes; empty for a scalar.
  public var shape: [Int]
  /// The values, row-major; as many as the product of `shape`.
  public var values: [Float]

  /// A tensor of the given shape and values.
  ///
  /// - Precondition: `values.count` is the product of `shape`.
  public init(shape: [Int], values: [Float]) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && values.count == shape.reduce(1, *),
      "\(values.count) values do not fill the shape \(shape)")
    self.shape = shape
    self.values = values
  }

  /// A tensor of one repeated value.
  public init(shape: [Int], repeating value: Float) {
    self.init(shape: shape, values: Array(repeating: value, count: shape.reduce(1, *)))
  }
}
