/// How often items of each class were taken for which class.
public struct ConfusionMatrix: Equatable, Sendable {
  public let classCount: Int
  /// The numbers of items, a row for each true class, a column for each predicted one.
  public private(set) var counts: [Int]

  public init(classCount: Int) {
    precondition(classCount > 0, "a confusion matrix has one class or more")
    self.classCount = classCount
    counts = Array(repeating: 0, count: classCount * classCount)
  }

  /// - Precondition: Both are numbers of classes.
  public mutating func count(_ actual: Int, predictedAs predicted: Int) {
    precondition((0..<classCount).contains(actual) && (0..<classCount).contains(predicted))
    counts[actual * classCount + predicted] += 1
  }

  /// Adds what another one has counted.
  public static func += (matrix: inout ConfusionMatrix, other: ConfusionMatrix) {
    precondition(matrix.classCount == other.classCount)
    for index in matrix.counts.indices { matrix.counts[index] += other.counts[index] }
  }

  public subscript(actual: Int, predicted: Int) -> Int { counts[actual * classCount + predicted] }

  /// The number of items.
  public var total: Int { counts.reduce(0, +) }

  /// The share of items that were taken for what they are; 0 of none.
  public var accuracy: Double {
    Self.share((0..<classCount).reduce(0) { $0 + self[$1, $1] }, of: total)
  }

  /// How many items are of a class.
  public func support(_ index: Int) -> Int {
    (0..<classCount).reduce(0) { $0 + self[index, $1] }
  }

  /// The share of what was taken for a class that is of it; 0 where nothing was.
  public func precision(_ index: Int) -> Double {
    Self.share(self[index, index], of: (0..<classCount).reduce(0) { $0 + self[$1, index] })
  }

  /// The share of a class that was taken for it; 0 where there is none.
  public func recall(_ index: Int) -> Double {
    Self.share(self[index, index], of: support(index))
  }

  /// The harmonic mean of precision and recall; 0 where both are.
  public func f1(_ index: Int) -> Double {
    let (precision, recall) = (precision(index), recall(index))
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
  }

  private static func share(_ part: Int, of whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}
