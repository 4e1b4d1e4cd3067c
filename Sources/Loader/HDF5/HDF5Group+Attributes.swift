import CHDF5

extension HDF5Group {
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
    try withAttribute(attribute) { handle, type, count throws(LoadError) in
      guard H5Tget_class(type) == H5T_STRING else { return [] }
      if count == 0 { return [] }
      if H5Tis_variable_str(type) > 0 {
        return try self.variableStrings(handle, count, attribute)
      }
      return try self.fixedStrings(handle, type, count, attribute)
    }
  }

  private func withAttribute<Result>(
    _ attribute: String, _ body: (hid_t, hid_t, Int) throws(LoadError) -> Result
  ) throws(LoadError) -> Result? {
    guard withIdentifier({ H5Aexists($0, attribute) }) > 0 else { return nil }
    let handle = withIdentifier { H5Aopen($0, attribute, 0) }
    guard handle >= 0 else { throw unreadable(attribute) }
    defer { H5Aclose(handle) }
    let type = H5Aget_type(handle)
    let space = H5Aget_space(handle)
    defer {
      if type >= 0 { H5Tclose(type) }
      if space >= 0 { H5Sclose(space) }
    }
    let count = space >= 0 ? Int(H5Sget_simple_extent_npoints(space)) : -1
    let size = type >= 0 ? H5Tget_size(type) : 0
    guard type >= 0, count >= 0, size > 0 else { throw unreadable(attribute) }
    // Its values are in the file one by one, so there cannot be more than the file has room for.
    let (bytes, overflow) = count.multipliedReportingOverflow(by: size)
    guard !overflow, bytes <= file.byteCount else { throw unreadable(attribute) }
    return try body(handle, type, count)
  }

  private func variableStrings(
    _ handle: hid_t, _ count: Int, _ attribute: String
  ) throws(LoadError) -> [String] {
    var places = [UInt8](repeating: 0, count: 16 * count)
    guard HDF5File.textPlace >= 0,
      H5Aread(handle, HDF5File.textPlace, &places) >= 0
    else { throw unreadable(attribute) }
    // Many elements may share one text in the file's heap; in memory they do not.
    var length = 0
    var texts: [String] = []
    for index in 0..<count {
      let place = places[16 * index..<16 * index + 16]
      guard let bytes = file.heap.bytes(at: place, in: file) else { throw unreadable(attribute) }
      length += bytes.count
      guard length <= 16 * file.byteCount else { throw unreadable(attribute) }
      texts.append(String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self))
    }
    return texts
  }

  private func fixedStrings(
    _ handle: hid_t, _ type: hid_t, _ count: Int, _ attribute: String
  ) throws(LoadError) -> [String] {
    let size = H5Tget_size(type)
    var bytes = [UInt8](repeating: 0, count: count * size)
    guard H5Aread(handle, type, &bytes) >= 0 else { throw unreadable(attribute) }
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
