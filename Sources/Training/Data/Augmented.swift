/// A data set of pictures that look different each time they are read for training.
public struct Augmented: DataSetWrapper {
  package let base: any DataSet
  let augmentation: Augmentation
  private let scratch = ScratchBuffers()

  /// The pictures of `base`, changed at random.
  ///
  /// - Throws: `DataSetError` where the items of `base` are not of (height, width, channels).
  public init(_ base: any DataSet, _ augmentation: Augmentation) throws(DataSetError) {
    guard base.inputShape.count == 3 else {
      throw DataSetError(
        "items of shape \(base.inputShape) are no pictures",
        advice: "augment items of (height, width, channels) only")
    }
    self.base = base
    self.augmentation = augmentation
  }

  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) throws {
    if let variation {
      try readChanged(index, variation, &input, &target)
    } else {
      try base.read(index, variation: nil, input: &input, target: &target)
    }
    guard augmentation.rescale != 1 else { return }
    for position in 0..<input.count { input[position] *= augmentation.rescale }
  }

  private func readChanged(
    _ index: Int, _ variation: UInt64, _ input: inout MutableSpan<Float>,
    _ target: inout MutableSpan<Float>
  ) throws {
    let shape = base.inputShape
    let (height, width, channels) = (shape[0], shape[1], shape[2])
    let transform = augmentation.transform(variation: variation, height: height, width: width)
    if transform.isAffine {
      var picture = scratch.take(count: input.count)
      defer { scratch.giveBack(picture) }
      var pixels = picture.mutableSpan
      try base.read(index, variation: variation, input: &pixels, target: &target)
      transform.apply(
        to: pixels.span, height: height, width: width, channels: channels, result: &input)
    } else {
      try base.read(index, variation: variation, input: &input, target: &target)
    }
    transform.applyInPlace(to: &input, height: height, width: width, channels: channels)
  }
}
