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
      let link = link(path)
      if path.utf8.count == name.utf8.count { return link.kind >= 0 }
      // A link that is not a hard one is not followed, so nothing behind it is there.
      guard link.kind == 0, (try? file.kind(at: link.address)) == .group else { return false }
    }
    return false
  }

  func group(_ name: String) throws(LoadError) -> HDF5Group {
    try check(name, is: .group)
    return try HDF5Group(
      file: file, parent: identifier, name: name, path: path.isEmpty ? name : "\(path)/\(name)")
  }

  /// Looks at an object and at the groups on the way to it, so that libhdf5 may open them.
  ///
  /// Refuses soft and external links: such lead out of the group or the file.
  func check(_ name: String, is kind: ObjectCheck.Kind) throws(LoadError) {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 256, !parts.contains(where: { $0.isEmpty }) else {
      throw LoadError(
        file: file.path, "'\(name.prefix(200))' is not a name within the group '\(path)'")
    }
    var way = ""
    for part in parts {
      way += way.isEmpty ? part : "/\(part)"
      let link = link(way)
      guard link.kind >= 0 else {
        throw LoadError(
          file: file.path, "it has no '\(place)\(way)'; the file may be damaged or cut off")
      }
      guard link.kind == 0 else {
        let what =
          link.kind == 1 ? "a soft link" : link.kind == 64 ? "a link into another file" : "a link"
        throw LoadError(
          file: file.path,
          "'\(place)\(way)' is \(what), which is not followed; "
            + "save the model again, or make a plain copy with h5repack")
      }
      let expected = way.utf8.count < name.utf8.count ? .group : kind
      let what = expected == .group ? "group" : "data set"
      do throws(HDF5Problem) {
        guard try file.kind(at: link.address) == expected else {
          throw .refusal("is not a \(what); the file may be damaged")
        }
      } catch {
        throw error.error("\(what) '\(place)\(way)'", in: file.path)
      }
    }
  }

  /// What a link is, -1 where there is none, and where a hard one leads.
  private func link(_ name: String) -> (kind: Int32, address: Int) {
    var address: UInt64 = 0
    let kind = cnn_hdf5_link(identifier, name, &address)
    return (kind, Int(clamping: address))
  }

  /// The names in the group, in the order in which they were put there where the file tells, else sorted.
  ///
  /// - Throws: `LoadError`, where there are more than a million.
  func names() throws(LoadError) -> [String] {
    var names: [(name: String, order: Int64)] = []
    let status = withUnsafeMutablePointer(to: &names) { names in
      let visit: cnn_hdf5_visit = { name, order, context in
        guard let name,
          let names = context?.assumingMemoryBound(to: [(name: String, order: Int64)].self),
          names.pointee.count < 1 << 20
        else { return -1 }
        names.pointee.append((String(cString: name), order))
        return 0
      }
      return cnn_hdf5_each_name(identifier, visit, names)
    }
    guard status >= 0 else {
      throw LoadError(
        file: file.path, "the group '\(path)' cannot be listed; the file may be damaged")
    }
    return names.sorted { first, second in
      first.order != second.order
        ? first.order < second.order
        : first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
    }
    .map(\.name)
  }

  /// What an object of the group is, and where, by which one that is met again is known; nil where there is
  /// none of that name, or behind a link that is not followed.
  func object(_ name: String) throws(LoadError) -> (kind: ObjectCheck.Kind, place: Int)? {
    let link = link(name)
    guard link.kind == 0 else { return nil }
    do throws(HDF5Problem) {
      return (try file.kind(at: link.address), link.address)
    } catch {
      throw error.error("'\(place)\(name)'", in: file.path)
    }
  }

  /// The path for names within the group.
  var place: String { path.isEmpty ? "" : path + "/" }
}
