/// Some of a data set's items, in an order of its own.
public struct Subset: DataSetWrapper {
  package let base: any DataSet
  private let items: Items

  private enum Items {
    case range(Range<Int>)
    case indices([Int])
  }

  /// The items of `base` in `range`.
  ///
  /// - Precondition: the range lies within `0..<base.count`.
  public init(_ base: any DataSet, _ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= base.count,
      "\(range) is beyond the \(base.count) items")
    self.base = base
    items = .range(range)
  }

  /// The items of `base` at `indices`, in that order.
  ///
  /// - Precondition: every index lies within `0..<base.count`.
  public init(_ base: any DataSet, indices: [Int]) {
    precondition(
      indices.allSatisfy { $0 >= 0 && $0 < base.count },
      "an index is beyond the \(base.count) items")
    self.base = base
    items = .indices(indices)
  }

  public var count: Int {
    switch items {
    case .range(let range): range.count
    case .indices(let indices): indices.count
    }
  }

  /// The item's index in the data set that this is a part of.
  public func baseIndex(of index: Int) -> Int {
    switch items {
    case .range(let range): range.lowerBound + index
    case .indices(let indices): indices[index]
    }
  }

  public func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) throws {
    try base.read(baseIndex(of: index), variation: variation, input: &input, target: &target)
  }
}

extension DataSet {
  /// The items in two parts, of which the second is the last fraction, as Keras's `validation_split` takes
  /// it: nothing is shuffled before.
  ///
  /// - Throws: `DataSetError` where one of the parts would be empty.
  public func split(validation fraction: Double) throws(DataSetError) -> (
    training: Subset, validation: Subset
  ) {
    let boundary = (Double(count) * (1 - fraction)).rounded(.down)
    guard boundary >= 1, boundary < Double(count) else {
      throw DataSetError(
        "a validation split of \(fraction) leaves one of the parts of \(count) items empty",
        advice: "give a fraction between 0 and 1, such as 0.2")
    }
    let training = Int(boundary)
    return (Subset(self, 0..<training), Subset(self, training..<count))
  }

  /// The same items in an order that depends on `seed` alone: to be split, where they are sorted by class.
  public func shuffled(seed: UInt64) -> Subset {
    var indices = Array(0..<count)
    CounterRandom(key: seed).shuffle(&indices)
    return Subset(self, indices: indices)
  }
}
