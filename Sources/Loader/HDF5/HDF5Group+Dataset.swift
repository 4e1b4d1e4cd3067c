import CHDF5
import Network

extension HDF5Group {
  /// A data set of numbers as `Float`, whatever its type, byte order and filters.
  ///
  /// - Throws: `LoadError`, where it is not there, not of numbers, not in this file, or declares more
  ///   than is stored.
  func tensor(_ name: String) throws(LoadError) -> Tensor {
    try withDataset(name) { dataset throws(LoadError) in
      let count = try dataset.check(self.file)
      if dataset.isBrainFloat { return try dataset.brainFloats(count) }
      var isRead = true
      let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        // There may be more room than was asked for.
        let memory = UnsafeMutableRawBufferPointer(
          UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        HugePages.advise(memory)
        isRead = count == 0 || dataset.readFloats(into: memory, from: self.file)
        initialized = isRead ? count : 0
      }
      guard isRead else { throw dataset.unreadable }
      return Tensor(shape: dataset.sizes, values: values)
    }
  }

  /// A data set of one whole number.
  ///
  /// - Throws: `LoadError`, where it is not there, not of one number, or not in this file.
  func integer(_ name: String) throws(LoadError) -> Int {
    try withDataset(name) { dataset throws(LoadError) in
      guard try dataset.check(self.file) == 1 else {
        throw dataset.error("has the shape \(dataset.sizes); expected one number")
      }
      var value: Int64 = 0
      guard H5Dread(dataset.handle, cnn_hdf5_native_integer(), 0, 0, 0, &value) >= 0 else {
        throw dataset.unreadable
      }
      return Int(value)
    }
  }

  /// The sizes of a data set, of which nothing is read.
  func shape(_ name: String) throws(LoadError) -> [Int] {
    try withDataset(name) { dataset throws(LoadError) in dataset.sizes }
  }

  private func withDataset<Result>(
    _ name: String, _ body: (OpenDataset) throws(LoadError) -> Result
  ) throws(LoadError) -> Result {
    try check(name, is: .dataset)
    let handle = withIdentifier { H5Dopen2($0, name, 0) }
    guard handle >= 0 else {
      throw LoadError(
        file: file.path, "data set '\(place)\(name)' is not there; the file may be damaged")
    }
    defer { H5Dclose(handle) }
    let type = H5Dget_type(handle)
    defer { if type >= 0 { H5Tclose(type) } }
    let space = H5Dget_space(handle)
    defer { if space >= 0 { H5Sclose(space) } }
    return try body(
      try OpenDataset(
        file: file.path, name: "\(place)\(name)", handle: handle, type: type, space: space))
  }
}

/// A data set while it is open.
private struct OpenDataset {
  let file: String
  let name: String
  let handle: hid_t
  let type: hid_t
  /// The sizes of the axes, each as large as an `Int` can be at most.
  let sizes: [Int]

  init(file: String, name: String, handle: hid_t, type: hid_t, space: hid_t) throws(LoadError) {
    self.file = file
    self.name = name
    self.handle = handle
    self.type = type
    let rank = space >= 0 ? H5Sget_simple_extent_ndims(space) : -1
    guard rank >= 0, type >= 0 else {
      throw LoadError(file: file, "data set '\(name)' has no shape; the file may be damaged")
    }
    var sizes = [hsize_t](repeating: 0, count: Int(rank))
    H5Sget_simple_extent_dims(space, &sizes, nil)
    self.sizes = sizes.map { Int(clamping: $0) }
  }

  func error(_ message: String) -> LoadError {
    LoadError(file: file, "data set '\(name)' \(message)")
  }

  var unreadable: LoadError { error("cannot be read; the file may be damaged or cut off") }

  /// bfloat16 has no type in HDF5: h5py stores two opaque bytes.
  var isBrainFloat: Bool { H5Tget_class(type) == H5T_OPAQUE && H5Tget_size(type) == 2 }

  /// Refuses what cannot or must not be read, and takes the rest from the file's budget.
  ///
  /// - Returns: The number of values.
  func check(_ whole: HDF5File) throws(LoadError) -> Int {
    let kind = H5Tget_class(type)
    guard kind == H5T_FLOAT || kind == H5T_INTEGER || isBrainFloat else {
      throw error("does not hold numbers")
    }
    let properties = H5Dget_create_plist(handle)
    defer { H5Pclose(properties) }
    guard H5Pget_external_count(properties) == 0, H5Pget_layout(properties) != H5D_VIRTUAL else {
      throw error(
        "is stored in other files, which are not opened; make a plain copy with h5repack")
    }
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, product <= 1 << 40 else { throw error("declares \(sizes) values: too many") }
      count = product
    }
    // Values that were never written need no room in a file, but would in memory.
    let stored = Int(clamping: H5Dget_storage_size(handle))
    let bytes = count * MemoryLayout<Float>.size
    guard bytes <= 4 << 30 || bytes / 1000 <= stored else {
      throw error(
        "declares \(sizes) values, of which \(stored) bytes are stored; "
          + "that is taken for an attempt to exhaust the memory")
    }
    guard bytes <= whole.budget else {
      throw error(
        "declares \(sizes) values, more than a file of \(whole.byteCount) bytes can hold")
    }
    whole.budget -= bytes
    // libhdf5 takes some memory for each chunk, also for those that were never written.
    guard Self.chunkCount(properties, sizes) <= 1024 + whole.byteCount / 16 else {
      throw error("has more chunks than a file of \(whole.byteCount) bytes can hold")
    }
    return count
  }

  /// Fills memory with all values as floats; false where they cannot be read.
  func readFloats(into memory: UnsafeMutableRawBufferPointer, from whole: HDF5File) -> Bool {
    if let offset = offsetOfFloats(memory.count) { return whole.fill(memory, at: offset) }
    return H5Dread(handle, cnn_hdf5_native_float(), 0, 0, 0, memory.baseAddress) >= 0
  }

  /// Where the values are in the file, if they are there as they are in memory: all of them, one after the
  /// other, in this processor's order.
  private func offsetOfFloats(_ byteCount: Int) -> Int? {
    let properties = H5Dget_create_plist(handle)
    defer { H5Pclose(properties) }
    guard H5Pget_layout(properties) == H5D_CONTIGUOUS,
      H5Tequal(type, cnn_hdf5_native_float()) > 0,
      Int(clamping: H5Dget_storage_size(handle)) == byteCount
    else { return nil }
    let offset = H5Dget_offset(handle)
    return offset == .max ? nil : Int(exactly: offset)
  }

  private static func chunkCount(_ properties: hid_t, _ sizes: [Int]) -> Int {
    guard H5Pget_layout(properties) == H5D_CHUNKED else { return 0 }
    var chunk = [hsize_t](repeating: 1, count: sizes.count)
    H5Pget_chunk(properties, Int32(sizes.count), &chunk)
    // No more than there are values.
    return zip(sizes, chunk).reduce(1) { $0 * (($1.0 - 1) / max(Int($1.1), 1) + 1) }
  }

  func brainFloats(_ count: Int) throws(LoadError) -> Tensor {
    var halves = [UInt16](repeating: 0, count: count)
    guard count == 0 || H5Dread(handle, type, 0, 0, 0, &halves) >= 0 else { throw unreadable }
    return Tensor(
      shape: sizes,
      values: halves.map { Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16) })
  }
}
