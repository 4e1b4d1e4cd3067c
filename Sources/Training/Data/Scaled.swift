/// A data set whose inputs are multiplied by a number, such as 1/255 for the bytes of pictures.
public struct Scaled: DataSetWrapper {
  package let base: any DataSet
  private let scale: Float
  private let offset: Float

  /// The items of `base` with the inputs `input * scale + offset`.
  public init(_ base: any DataSet, by scale: Float, offset: Float = 0) {
    self.base = base
    self.scale = scale
    self.offset = offset
  }

  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) throws {
    try base.read(index, variation: variation, input: &input, target: &target)
    for position in 0..<input.count { input[position] = input[position] * scale + offset }
  }
}
