import CHDF5
import Network

/// An HDF5 file that is being written.
final class HDF5Output {
  /// What messages call the file.
  let name: String
  private let identifier: hid_t

  /// - Parameter path: Where the file is written; what is there is overwritten.
  /// - Throws: `SaveError`, where libhdf5 cannot make the file.
  init(path: String, named name: String) throws(SaveError) {
    self.name = name
    HDF5File.prepareLibrary()
    identifier = H5Fcreate(path, Self.truncates, 0, 0)
    guard identifier >= 0 else {
      throw SaveError(file: name, "libhdf5 cannot make the file; choose another place")
    }
  }

  deinit { H5Fclose(identifier) }

  /// The root group.
  var root: HDF5OutputGroup {
    get throws(SaveError) {
      try HDF5OutputGroup(H5Gopen2(identifier, "/", 0), path: "", file: name)
    }
  }

  /// Hands everything to the operating system.
  ///
  /// - Throws: `SaveError`, where it does not take it.
  func finish() throws(SaveError) {
    guard H5Fflush(identifier, H5F_SCOPE_GLOBAL) >= 0 else {
      throw SaveError(file: name, "cannot be written to its end; free some space")
    }
  }

  /// `H5F_ACC_TRUNC`, a macro that Swift does not import.
  private static let truncates: UInt32 = 2
}

/// A group of an HDF5 file that is being written.
final class HDF5OutputGroup {
  private let identifier: hid_t
  private let path: String
  private let file: String

  fileprivate init(_ identifier: hid_t, path: String, file: String) throws(SaveError) {
    self.identifier = identifier
    self.path = path
    self.file = file
    guard identifier >= 0 else {
      throw SaveError(file: file, "libhdf5 cannot make the group '\(path)'")
    }
  }

  deinit { if identifier >= 0 { H5Gclose(identifier) } }

  /// A group in this one, with those on the way; the one that is there already.
  func group(_ name: String) throws(SaveError) -> HDF5OutputGroup {
    let path = self.path.isEmpty ? name : "\(self.path)/\(name)"
    var way = ""
    var isThere = true
    for part in name.split(separator: "/") where isThere {
      way += way.isEmpty ? part : "/\(part)"
      isThere = H5Lexists(identifier, way, 0) > 0
    }
    if isThere {
      return try HDF5OutputGroup(H5Gopen2(identifier, name, 0), path: path, file: file)
    }
    let links = cnn_hdf5_link_creation()
    defer { H5Pclose(links) }
    return try HDF5OutputGroup(
      H5Gcreate2(identifier, name, links, 0, 0), path: path, file: file)
  }

  /// An attribute of one text, of any length.
  func setAttribute(_ name: String, _ text: String) throws(SaveError) {
    let type = cnn_hdf5_text(0)
    let space = H5Screate(H5S_SCALAR)
    defer {
      H5Tclose(type)
      H5Sclose(space)
    }
    let attribute = H5Acreate2(identifier, name, type, space, 0, 0)
    defer { if attribute >= 0 { H5Aclose(attribute) } }
    let isWritten = text.withCString { pointer in
      var pointer: UnsafePointer<CChar>? = pointer
      return attribute >= 0 && H5Awrite(attribute, type, &pointer) >= 0
    }
    guard isWritten else { throw unwritable("attribute '\(name)'") }
  }

  /// An attribute of a list of texts, or several, `name0`, `name1` …, where it would not fit into the header
  /// of the group.
  func setAttribute(_ name: String, _ texts: [String]) throws(SaveError) {
    let size = texts.map(\.utf8.count).max() ?? 0
    guard size <= Self.largestAttribute else {
      throw SaveError(
        file: file, "a name of \(size) bytes is too long for HDF5; rename the layer")
    }
    let whole = max(size, 1) * texts.count
    let parts = max(1, (whole + Self.largestAttribute - 1) / Self.largestAttribute)
    if parts == 1 { return try setPart(name, texts) }
    // As even as can be, as NumPy's array_split.
    var first = 0
    let most = Self.largestAttribute / max(size, 1)
    let count = max(parts, (texts.count + most - 1) / most)
    for part in 0..<count {
      let length = texts.count / count + (part < texts.count % count ? 1 : 0)
      try setPart("\(name)\(part)", Array(texts[first..<first + length]))
      first += length
    }
  }

  /// What Keras lets an attribute have at most, of the 64 KiB that an object's header can.
  static let largestAttribute = 64512

  private func setPart(_ name: String, _ texts: [String]) throws(SaveError) {
    let size = max(texts.map(\.utf8.count).max() ?? 0, 1)
    // An empty list has no type of texts; h5py writes numbers then.
    let type = texts.isEmpty ? H5Tcopy(cnn_hdf5_double()) : cnn_hdf5_text(size)
    var count = hsize_t(texts.count)
    let space = H5Screate_simple(1, &count, nil)
    defer {
      H5Tclose(type)
      H5Sclose(space)
    }
    let attribute = H5Acreate2(identifier, name, type, space, 0, 0)
    defer { if attribute >= 0 { H5Aclose(attribute) } }
    guard attribute >= 0 else { throw unwritable("attribute '\(name)'") }
    if texts.isEmpty { return }
    let bytes = texts.flatMap {
      Array($0.utf8) + [UInt8](repeating: 0, count: size - $0.utf8.count)
    }
    guard H5Awrite(attribute, type, bytes) >= 0 else { throw unwritable("attribute '\(name)'") }
  }

  /// A data set of single precision, with the groups on the way to it.
  func setDataset(_ name: String, _ tensor: Tensor) throws(SaveError) {
    let sizes = tensor.shape.map { hsize_t($0) }
    let space =
      sizes.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(sizes.count), sizes, nil)
    let (links, creation) = (cnn_hdf5_link_creation(), cnn_hdf5_dataset_creation())
    defer {
      H5Sclose(space)
      H5Pclose(links)
      H5Pclose(creation)
    }
    let dataset = H5Dcreate2(
      identifier, name, cnn_hdf5_little_endian_float(), space, links, creation, 0)
    defer { if dataset >= 0 { H5Dclose(dataset) } }
    guard dataset >= 0,
      tensor.values.isEmpty
        || H5Dwrite(dataset, cnn_hdf5_native_float(), 0, 0, 0, tensor.values) >= 0
    else { throw unwritable("data set '\(path)/\(name)'") }
  }

  /// A data set of one whole number of 64 bits.
  func setDataset(_ name: String, _ integer: Int) throws(SaveError) {
    let space = H5Screate(H5S_SCALAR)
    // Without times, so that the same is always of the same bytes.
    let (links, creation) = (cnn_hdf5_link_creation(), cnn_hdf5_dataset_creation())
    let dataset = H5Dcreate2(
      identifier, name, cnn_hdf5_little_endian_integer(), space, links, creation, 0)
    defer {
      if dataset >= 0 { H5Dclose(dataset) }
      H5Pclose(links)
      H5Pclose(creation)
      H5Sclose(space)
    }
    var value = Int64(integer)
    guard dataset >= 0, H5Dwrite(dataset, cnn_hdf5_native_integer(), 0, 0, 0, &value) >= 0
    else { throw unwritable("data set '\(path)/\(name)'") }
  }

  private func unwritable(_ what: String) -> SaveError {
    SaveError(file: file, "\(what) cannot be written; is there space left?")
  }
}
