/// A data set whose inputs are standardised.
public struct Standardized: DataSetWrapper {
  package let base: any DataSet
  private let standardizer: Standardizer

  /// The items of `base` as `standardizer` makes them.
  ///
  /// - Throws: `DataSetError`, where its numbers are not one a channel.
  public init(_ base: any DataSet, _ standardizer: Standardizer) throws(DataSetError) {
    let channels = base.inputShape.last ?? 1
    for list in [standardizer.means, standardizer.deviations]
    where list.count != 1 && list.count != channels {
      throw DataSetError(
        "there are \(list.count) means or deviations for \(channels) channels",
        advice: "give one number, or one for each channel")
    }
    self.base = base
    self.standardizer = standardizer
  }

  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) throws {
    try base.read(index, variation: variation, input: &input, target: &target)
    let channels = inputShape.last ?? 1
    var channel = 0
    for position in 0..<input.count {
      input[position] = standardizer(input[position], channel: channel)
      channel = channel + 1 == channels ? 0 : channel + 1
    }
  }
}
