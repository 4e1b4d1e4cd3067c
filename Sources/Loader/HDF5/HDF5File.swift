import CHDF5

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An HDF5 file open for reading, on disk or in memory.
final class HDF5File {
  /// What messages call the file.
  let path: String
  /// Its size, which bounds what can be in it.
  let byteCount: Int
  /// How many bytes of numbers may still be read; see `HDF5Group.tensor`.
  var budget: Int
  /// The texts of variable length that are known so far.
  var heap = GlobalHeap()
  /// The groups whose names can be looked for.
  var localHeap = LocalHeap()
  private let identifier: hid_t
  /// What the library reads from where the file is in memory.
  private let image: HDF5Image?

  /// Opens a file that begins with HDF5's signature.
  ///
  /// - Throws: `LoadError`, where libhdf5 cannot open it.
  convenience init(path: String, byteCount: Int) throws(LoadError) {
    Self.prepareLibrary()
    try self.init(path, byteCount, nil, H5Fopen(path, 0, 0))
  }

  /// Opens a file that is in memory, such as a member of an archive.
  ///
  /// - Throws: `LoadError`, where libhdf5 cannot open it.
  convenience init(bytes: [UInt8], named name: String) throws(LoadError) {
    Self.prepareLibrary()
    let image = HDF5Image(bytes)
    try self.init(name, bytes.count, image, image.open(named: name))
  }

  private init(
    _ path: String, _ byteCount: Int, _ image: HDF5Image?, _ identifier: hid_t
  ) throws(LoadError) {
    self.path = path
    self.byteCount = byteCount
    self.image = image
    self.identifier = identifier
    // Deflate shrinks by a factor of 1032 at most.
    budget = 1032 * min(byteCount, 1 << 40) + 64 << 20
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

  /// Whether addresses and lengths have 8 bytes each, as in every file that h5py writes.
  private(set) lazy var hasUsualSizes: Bool = {
    let properties = H5Fget_create_plist(identifier)
    defer { H5Pclose(properties) }
    var address = 0
    var length = 0
    return H5Pget_sizes(properties, &address, &length) >= 0 && address == 8 && length == 8
  }()

  /// Bytes of the file; nil where it is shorter.
  func bytes(at offset: Int, count: Int) -> [UInt8]? {
    guard offset >= 0, count >= 0, count <= byteCount, offset <= byteCount - count else {
      return nil
    }
    if let image { return image.bytes(at: offset, count: count) }
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    guard fseek(file, offset, SEEK_SET) == 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: count)
    return fread(&bytes, 1, count, file) == count ? bytes : nil
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

/// The bytes of a file in memory, lent to libhdf5 without the copies that it makes otherwise: one for
/// its property list, one for the file.
private final class HDF5Image {
  private let bytes: UnsafeMutableRawBufferPointer

  init(_ array: [UInt8]) {
    bytes = .allocate(byteCount: array.count, alignment: 16)
    bytes.copyBytes(from: array)
  }

  deinit { bytes.deallocate() }

  func bytes(at offset: Int, count: Int) -> [UInt8] { Array(bytes[offset..<offset + count]) }

  /// The file's identifier, negative where it cannot be opened.
  func open(named name: String) -> hid_t {
    let access = cnn_hdf5_file_access()
    defer { H5Pclose(access) }
    // All functions get the bytes' own address as `user data`, and hand it out for every copy.
    var callbacks = H5FD_file_image_callbacks_t()
    callbacks.image_malloc = { _, _, data in data }
    callbacks.image_memcpy = { target, source, count, _, _ in
      if target != UnsafeMutableRawPointer(mutating: source), let target, let source {
        target.copyMemory(from: source, byteCount: count)
      }
      return target
    }
    callbacks.image_realloc = { _, _, _, _ in nil }
    callbacks.image_free = { _, _, _ in 0 }
    callbacks.udata_copy = { $0 }
    callbacks.udata_free = { _ in 0 }
    callbacks.udata = bytes.baseAddress
    guard H5Pset_fapl_core(access, 1 << 16, false) >= 0,
      H5Pset_file_image_callbacks(access, &callbacks) >= 0,
      H5Pset_file_image(access, bytes.baseAddress, bytes.count) >= 0
    else { return -1 }
    // Two files of one name would be one to the library.
    return H5Fopen("\(name)@\(UInt(bitPattern: bytes.baseAddress))", 0, access)
  }
}
