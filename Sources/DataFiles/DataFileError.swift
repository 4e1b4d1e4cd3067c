/// What is wrong with a file, in a form fit to be shown to a person.
public struct DataFileError: Error, Equatable, Sendable {
  /// The file as the person named it.
  public let file: String
  /// What was found and, where it is not obvious, what was expected.
  public let problem: String
  /// What to do about it.
  public let advice: String
  /// Whether the reader of standard output went away, which a tool ends on without a message.
  public let isClosedPipe: Bool

  /// An error about `file`.
  public init(file: String, problem: String, advice: String, isClosedPipe: Bool = false) {
    self.file = file
    self.problem = problem
    self.advice = advice
    self.isClosedPipe = isClosedPipe
  }
}

extension DataFileError {
  /// A damaged file: `problem` says where.
  static func damaged(_ file: String, _ problem: String) -> DataFileError {
    DataFileError(
      file: file, problem: problem, advice: "the file is damaged, so make or fetch it again")
  }
}
