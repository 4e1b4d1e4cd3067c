extension DataFileError: CustomStringConvertible {
  /// The file, the problem and the advice on one line.
  public var description: String {
    let text = "\(file): \(problem); \(advice)"
    // File names and messages of system libraries may hold line breaks.
    let line = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
    return String(String.UnicodeScalarView(line))
  }
}
