import CHDF5

/// An HDF5 file open for reading.
final class HDF5File {
  let path: String
  private let identifier: hid_t

  /// Opens a file that begins with HDF5's signature.
  ///
  /// - Throws: `LoadError`, where libhdf5 cannot open it.
  init(path: String) throws(LoadError) {
    // Errors are reported by this module, not printed by the library.
    H5open()
    H5Eset_auto2(0, nil, nil)
    self.path = path
    identifier = H5Fopen(path, 0, 0)
    guard identifier >= 0 else {
      throw LoadError(
        file: path,
        "an HDF5 file, but damaged or cut off; copy or download it again, or save the model again")
    }
  }

  deinit { H5Fclose(identifier) }

  /// The root group.
  var root: HDF5Group {
    get throws(LoadError) { try HDF5Group(file: self, parent: identifier, name: "/", path: "") }
  }
}

/// A group of an HDF5 file, which it keeps open.
final class HDF5Group {
  let file: HDF5File
  /// The path from the root, without a slash in front.
  let path: String
  private let identifier: hid_t

  init(file: HDF5File, parent: hid_t, name: String, path: String) throws(LoadError) {
    self.file = file
    self.path = path
    identifier = H5Gopen2(parent, name, 0)
    guard identifier >= 0 else {
      throw LoadError(file: file.path, "it has no group '\(path)'; the file may be damaged")
    }
  }

  deinit { H5Gclose(identifier) }

  func contains(_ name: String) -> Bool { H5Lexists(identifier, name, 0) > 0 }

  /// Lends the identifier for as long as `body` runs.
  func withIdentifier<Result>(_ body: (hid_t) -> Result) -> Result { body(identifier) }

  func group(_ name: String) throws(LoadError) -> HDF5Group {
    try HDF5Group(
      file: file, parent: identifier, name: name, path: path.isEmpty ? name : "\(path)/\(name)")
  }

  /// The first text of an attribute; nil where the attribute is not there.
  func string(_ attribute: String) throws(LoadError) -> String? {
    try strings(attribute)?.first
  }

  /// The texts of an attribute, or of its parts `name0`, `name1` … where Keras split it because it was
  /// too large for an object header; nil where there is none.
  func splitStrings(_ attribute: String) throws(LoadError) -> [String]? {
    if let whole = try strings(attribute) { return whole }
    var all: [String]?
    var part = 0
    while let next = try strings("\(attribute)\(part)") {
      all = (all ?? []) + next
      part += 1
    }
    return all
  }

  /// The texts of an attribute; none where it is of numbers, as Keras writes an empty list; nil where it
  /// is not there.
  func strings(_ attribute: String) throws(LoadError) -> [String]? {
    guard H5Aexists(identifier, attribute) > 0 else { return nil }
    let handle = H5Aopen(identifier, attribute, 0)
    defer { H5Aclose(handle) }
    let type = H5Aget_type(handle)
    defer { H5Tclose(type) }
    let space = H5Aget_space(handle)
    defer { H5Sclose(space) }
    let count = Int(H5Sget_simple_extent_npoints(space))
    guard handle >= 0, type >= 0, count >= 0 else { throw unreadable(attribute) }
    guard H5Tget_class(type) == H5T_STRING else { return [] }
    if count == 0 { return [] }
    if H5Tis_variable_str(type) > 0 {
      return try variableStrings(handle, type, space, count, attribute)
    }
    return try fixedStrings(handle, type, count, attribute)
  }

  private func variableStrings(
    _ handle: hid_t, _ type: hid_t, _ space: hid_t, _ count: Int, _ attribute: String
  ) throws(LoadError) -> [String] {
    var pointers = [UnsafeMutablePointer<CChar>?](repeating: nil, count: count)
    guard H5Aread(handle, type, &pointers) >= 0 else { throw unreadable(attribute) }
    defer { H5Dvlen_reclaim(type, space, 0, &pointers) }
    return pointers.map { $0.map { String(cString: $0) } ?? "" }
  }

  private func fixedStrings(
    _ handle: hid_t, _ type: hid_t, _ count: Int, _ attribute: String
  ) throws(LoadError) -> [String] {
    let size = H5Tget_size(type)
    var bytes = [UInt8](repeating: 0, count: count * size)
    guard size > 0, H5Aread(handle, type, &bytes) >= 0 else { throw unreadable(attribute) }
    return (0..<count).map { index in
      var text = bytes[index * size..<(index + 1) * size]
      // Padded with zeros, or with spaces as Fortran does.
      if let end = text.firstIndex(of: 0) { text = text[..<end] }
      while text.last == 0x20 { text.removeLast() }
      return String(decoding: text, as: UTF8.self)
    }
  }

  private func unreadable(_ attribute: String) -> LoadError {
    let place = path.isEmpty ? "the root" : "group '\(path)'"
    return LoadError(
      file: file.path,
      "attribute '\(attribute)' of \(place) cannot be read; the file may be damaged")
  }
}
