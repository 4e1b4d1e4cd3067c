/// A data set whose targets are vectors with a one at the place of the class, made of class numbers.
public struct OneHot: DataSetWrapper {
  package let base: any DataSet
  private let classes: Int

  /// The items of `base` with targets of shape [classes].
  ///
  /// - Throws: `DataSetError` where the targets of `base` are not the numbers of classes, or nobody says how
  ///   many classes there are.
  public init(_ base: any DataSet, classes: Int? = nil) throws(DataSetError) {
    guard base.targetSize == 1 else {
      throw DataSetError(
        "targets of shape \(base.targetShape) are not the numbers of classes",
        advice: "use the targets as they are, or give one number for each item")
    }
    guard let classes = classes ?? base.classCount else {
      throw DataSetError("the number of classes is not known", advice: "say how many there are")
    }
    self.base = base
    self.classes = classes
  }

  public var targetShape: [Int] { [classes] }
  public var classCount: Int? { classes }

  /// - Throws: `DataSetError`, naming the item, where its class is not one of `0..<classes`.
  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) throws {
    var storage: InlineArray<1, Float> = [0]
    var number = storage.mutableSpan
    try base.read(index, variation: variation, input: &input, target: &number)
    let label = number[0]
    guard let place = Int(exactly: label), 0..<classes ~= place else {
      throw DataSetError.label(label, of: index, classes: classes)
    }
    target.update(repeating: 0)
    target[place] = 1
  }
}

extension DataSetError {
  /// A label that is not the number of a class.
  package static func label(_ label: Float, of index: Int, classes: Int) -> DataSetError {
    let found = Int(exactly: label).map(String.init) ?? String(label)
    return DataSetError(
      "item \(index) has the label \(found), but there are \(classes) classes, numbered 0 to \(classes - 1)",
      advice: "correct the label, or give the network as many outputs as there are classes")
  }
}
