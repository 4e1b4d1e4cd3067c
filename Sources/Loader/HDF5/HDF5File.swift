import CHDF5

/// An HDF5 file open for reading, on disk or in memory.
///
/// libhdf5 reads it, and is asked for an object only after this project's own code has looked at what is
/// stored of that.
final class HDF5File {
  /// What messages call the file.
  let path: String
  /// How many bytes of numbers may still be read; see `HDF5Group.tensor`.
  var budget: Int
  /// The texts of variable length that are known so far.
  var heap = GlobalHeap()
  private let content: StoredBytes
  private let superblock: Superblock
  private let identifier: hid_t
  /// What was found at the addresses that were looked at so far.
  private var objects: [Int: Result<ObjectCheck.Kind, HDF5Problem>] = [:]

  /// Opens a file on disk.
  ///
  /// - Throws: `LoadError`, where it does not begin as HDF5 files do, is cut off, or libhdf5 cannot open it.
  convenience init(path: String, byteCount: Int) throws(LoadError) {
    try self.init(path, StoredBytes(path: path, count: byteCount)) { _ in H5Fopen(path, 0, 0) }
  }

  /// Opens a file that is in memory, such as a member of an archive.
  ///
  /// - Throws: `LoadError`, as for one on disk.
  convenience init(bytes: [UInt8], named name: String) throws(LoadError) {
    try self.init(name, StoredBytes(bytes)) { content in
      content.memory.map { HDF5Image(bytes: $0).open(named: name) } ?? -1
    }
  }

  private init(
    _ path: String, _ content: StoredBytes, _ open: (StoredBytes) -> hid_t
  ) throws(LoadError) {
    self.path = path
    self.content = content
    // Deflate shrinks by a factor of 1032 at most.
    budget = 1032 * min(content.count, 1 << 40) + 64 << 20
    do throws(HDF5Problem) {
      superblock = try Superblock(content)
      // The root group is opened along with the file.
      let root = try ObjectCheck(at: superblock.root, superblock, in: content).kind
      guard root == .group else { throw .damage("its root is not a group") }
    } catch {
      switch error {
      case .damage(let what):
        throw LoadError(
          file: path,
          "an HDF5 file, but damaged or cut off (\(what)); "
            + "copy or download it again, or save the model again")
      case .refusal(let what): throw LoadError(file: path, "an HDF5 file that \(what)")
      }
    }
    objects[superblock.root] = .success(.group)
    Self.prepareLibrary()
    identifier = open(content)
    guard identifier >= 0 else {
      throw LoadError(
        file: path,
        "an HDF5 file, but damaged or cut off; copy or download it again, or save the model again")
    }
  }

  deinit { if identifier >= 0 { H5Fclose(identifier) } }

  /// The root group.
  var root: HDF5Group {
    get throws(LoadError) { try HDF5Group(file: self, parent: identifier, name: "/", path: "") }
  }

  /// The type that texts of variable length are read as, which is where they are; negative where libhdf5
  /// does not have it.
  static let textPlace = cnn_hdf5_text_place()

  /// Its size, which bounds what can be in it.
  var byteCount: Int { content.count }

  /// Bytes of the file; nil where it is shorter.
  func bytes(at offset: Int, count: Int) -> [UInt8]? { content.bytes(at: offset, count: count) }

  /// Fills memory with weights that are in the file at an offset; false where it is shorter.
  func fill(_ memory: UnsafeMutableRawBufferPointer, at offset: Int) -> Bool {
    ParallelRead.fill(memory, from: content, at: offset)
  }

  /// What is at an address, which is looked at once, before libhdf5 is asked for anything there.
  func kind(at address: Int) throws(HDF5Problem) -> ObjectCheck.Kind {
    if let known = objects[address] { return try known.get() }
    let found = Result { () throws(HDF5Problem) in
      try ObjectCheck(at: address, superblock, in: content).kind
    }
    objects[address] = found
    return try found.get()
  }

  static func prepareLibrary() {
    // What could not be written, on a full disk, would end the program badly in the library's own ending.
    H5dont_atexit()
    // Errors are reported by this module, not printed by the library.
    H5open()
    H5Eset_auto2(0, nil, nil)
    // A file must not have a filter's code loaded that it names.
    H5PLset_loading_state(0)
  }
}
