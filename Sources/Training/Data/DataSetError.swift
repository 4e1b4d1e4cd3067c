/// What is wrong with a data set, in a form fit to be shown to a person.
public struct DataSetError: Error, Equatable, Sendable {
  /// What was found and what was expected; the item is named by its index, where it is one's fault.
  public let problem: String
  /// What to do about it.
  public let advice: String

  /// An error with its remedy.
  public init(_ problem: String, advice: String) {
    self.problem = problem
    self.advice = advice
  }
}

extension DataSetError: CustomStringConvertible {
  /// The problem and the advice on one line.
  public var description: String { "\(problem); \(advice)" }
}
