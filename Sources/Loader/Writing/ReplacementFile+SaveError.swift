import Files

extension ReplacementFile {
  /// A new file that is to take the place of the one that the user calls `name`.
  ///
  /// - Throws: `SaveError`, where there is no such folder, or what is there cannot be replaced.
  static func saving(_ name: String) throws(SaveError) -> ReplacementFile {
    do throws(SystemError) {
      if let file = try ReplacementFile(for: name) { return file }
    } catch {
      throw SaveError(file: name, error)
    }
    throw SaveError(file: name, "this is no file that can be replaced; choose another name")
  }

  /// Puts the new file in the place of the one that the user calls `name`.
  ///
  /// - Throws: `SaveError`, where that fails.
  consuming func commit(as name: String) throws(SaveError) {
    do throws(SystemError) {
      try commit()
    } catch {
      throw SaveError(file: name, error)
    }
  }
}

extension SaveError {
  fileprivate init(file: String, _ error: SystemError) {
    self.init(file: file, "cannot be written (\(error.message)); \(error.writingAdvice)")
  }
}
