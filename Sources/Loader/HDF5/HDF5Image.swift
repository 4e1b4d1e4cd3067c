import CHDF5

/// The bytes of a file in memory, lent to libhdf5 without the copies that it makes otherwise: one for
/// its property list, one for the file.
struct HDF5Image {
  let bytes: UnsafeMutableRawBufferPointer

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
