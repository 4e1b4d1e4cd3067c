import CHDF5

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
    try checkHeap(".")
  }

  /// Refuses a group whose names libhdf5 would look for without end.
  private func checkHeap(_ name: String) throws(LoadError) {
    var kind: Int32 = -1
    let address = cnn_hdf5_object_place(identifier, name, &kind)
    guard kind != 0 || file.localHeap.isSound(headerAt: address, in: file) else {
      throw LoadError(
        file: file.path,
        "the group '\(place)\(name == "." ? "" : name)' is damaged: its list of free space "
          + "never ends")
    }
  }

  deinit { if identifier >= 0 { H5Gclose(identifier) } }

  /// Lends the identifier for as long as `body` runs.
  func withIdentifier<Result>(_ body: (hid_t) -> Result) -> Result { body(identifier) }

  /// Whether there is a link of that name or path, of whatever kind.
  func contains(_ name: String) -> Bool {
    var path = ""
    let parts = name.split(separator: "/")
    for part in parts {
      path += path.isEmpty ? part : "/\(part)"
      // A link that is not a hard one is not followed, so nothing behind it is there.
      let kind = cnn_hdf5_link_kind(identifier, path)
      let isOnTheWay = path.utf8.count < name.utf8.count
      if kind < 0 || kind > 0 && isOnTheWay { return false }
      if isOnTheWay, (try? checkHeap(path)) == nil { return false }
    }
    return !parts.isEmpty
  }

  func group(_ name: String) throws(LoadError) -> HDF5Group {
    try checkLinks(name)
    return try HDF5Group(
      file: file, parent: identifier, name: name, path: path.isEmpty ? name : "\(path)/\(name)")
  }

  /// Refuses a name with a soft or external link on the way: such lead out of the group or the file.
  func checkLinks(_ name: String) throws(LoadError) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 256, !parts.contains(where: { $0.isEmpty }) else {
      throw LoadError(
        file: file.path, "'\(name.prefix(200))' is not a name within the group '\(path)'")
    }
    var way = ""
    for part in parts {
      way += way.isEmpty ? part : "/\(part)"
      let kind = cnn_hdf5_link_kind(identifier, way)
      guard kind >= 0 else {
        throw LoadError(
          file: file.path, "it has no '\(place)\(way)'; the file may be damaged or cut off")
      }
      guard kind == 0 else {
        let what = kind == 1 ? "a soft link" : kind == 64 ? "a link into another file" : "a link"
        throw LoadError(
          file: file.path,
          "'\(place)\(way)' is \(what), which is not followed; "
            + "save the model again, or make a plain copy with h5repack")
      }
      if way.utf8.count < name.utf8.count { try checkHeap(way) }
    }
  }

  /// The names in the group, in the order in which they were put there where the file tells, else sorted.
  ///
  /// - Throws: `LoadError`, where there are more than a million.
  func names() throws(LoadError) -> [String] {
    var information = H5G_info_t()
    guard H5Gget_info(identifier, &information) >= 0, information.nlinks <= 1 << 20 else {
      throw LoadError(
        file: file.path, "the group '\(path)' cannot be listed; the file may be damaged")
    }
    var index = H5_INDEX_CRT_ORDER
    var names: [String] = []
    for position in 0..<information.nlinks {
      var name = linkName(index, position)
      if name == nil, index == H5_INDEX_CRT_ORDER {
        index = H5_INDEX_NAME
        name = linkName(index, position)
      }
      guard let name else {
        throw LoadError(
          file: file.path, "the group '\(path)' cannot be listed; the file may be damaged")
      }
      names.append(name)
    }
    return names
  }

  private func linkName(_ index: H5_index_t, _ position: hsize_t) -> String? {
    let length = H5Lget_name_by_idx(
      identifier, ".", index, H5_ITER_INC, position, nil, 0, 0)
    guard length >= 0, length <= 1 << 16 else { return nil }
    var bytes = [CChar](repeating: 0, count: length + 1)
    guard
      H5Lget_name_by_idx(
        identifier, ".", index, H5_ITER_INC, position, &bytes, length + 1, 0) >= 0
    else { return nil }
    return String(decoding: bytes.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// What an object of the group is, and where, by which one that is met again is known.
  func object(_ name: String) -> (isGroup: Bool, isDataset: Bool, place: UInt64) {
    var kind: Int32 = -1
    guard cnn_hdf5_link_kind(identifier, name) == 0 else { return (false, false, 0) }
    let place = cnn_hdf5_object_place(identifier, name, &kind)
    return (kind == 0, kind == 1, place)
  }

  /// The path for names within the group.
  var place: String { path.isEmpty ? "" : path + "/" }
}
