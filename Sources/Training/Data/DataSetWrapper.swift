/// A data set made of another one: what it does not say itself is the other's.
package protocol DataSetWrapper: DataSet {
  var base: any DataSet { get }
}

extension DataSetWrapper {
  public var count: Int { base.count }
  public var inputShape: [Int] { base.inputShape }
  public var targetShape: [Int] { base.targetShape }
  public var classNames: [String]? { base.classNames }
  public var classCount: Int? { base.classCount }
}
