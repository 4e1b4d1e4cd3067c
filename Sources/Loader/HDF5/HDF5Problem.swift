/// What is wrong with a part of a file; who asked for that part adds which it is.
enum HDF5Problem: Error {
  /// What was found, and what was expected, as a sentence without an end.
  case damage(String)
  /// What the part is or does, of which nothing is damaged, and what to do about it.
  case refusal(String)

  /// What to tell the user.
  ///
  /// - Parameter place: What in the file it is about.
  func error(_ place: String, in file: String) -> LoadError {
    switch self {
    case .damage(let what):
      LoadError(
        file: file,
        "\(place) is damaged: \(what); copy or download the file again, or save the model again")
    case .refusal(let what): LoadError(file: file, "\(place) \(what)")
    }
  }
}
