/// Items of one shape, each with a target: what a network is trained with or evaluated on.
///
/// Items are read on several threads at once.
public protocol DataSet: Sendable {
  /// The number of items.
  var count: Int { get }

  /// The shape of an item's input: (height, width, channels) for pictures.
  var inputShape: [Int] { get }

  /// The shape of an item's target; empty for the number of a class.
  var targetShape: [Int] { get }

  /// The names of the classes in order; nil where they have none.
  var classNames: [String]? { get }

  /// The number of classes, which every target is below; nil where targets are not classes, or nobody
  /// looked.
  var classCount: Int? { get }

  /// The number of an item's class, where it is known without reading the item; else nil.
  func label(of index: Int) -> Int?

  /// Writes an item's input and its target.
  ///
  /// - Parameters:
  ///   - variation: What random changes of the item depend on, and on nothing else; nil for the item as it
  ///     is. Data sets without augmentation ignore it.
  ///   - input: Room for as many floats as `inputShape` says.
  ///   - target: Room for as many floats as `targetShape` says, one where it is empty.
  /// - Throws: An error that names the file, where the item cannot be read.
  func read(
    _ index: Int, variation: UInt64?, input: inout MutableSpan<Float>,
    target: inout MutableSpan<Float>
  ) throws
}

extension DataSet {
  public var classNames: [String]? { nil }

  public var classCount: Int? { classNames?.count }

  public func label(of index: Int) -> Int? { nil }

  /// The number of floats of an item's input.
  public var inputSize: Int { inputShape.reduce(1, *) }

  /// The number of floats of an item's target, at least one.
  public var targetSize: Int { targetShape.reduce(1, *) }
}
