import CHDF5
import Network

extension HDF5Group {
  /// A data set of numbers as `Float`, whatever its type, byte order and filters.
  ///
  /// - Throws: `LoadError`, where it is not there, not of numbers, or larger than 16 GiB.
  func tensor(_ name: String) throws(LoadError) -> Tensor {
    func error(_ message: String) -> LoadError {
      LoadError(file: file.path, "data set '\(path)/\(name)' \(message)")
    }
    let handle = withIdentifier { H5Dopen2($0, name, 0) }
    guard handle >= 0 else { throw error("is not there; the file may be damaged") }
    defer { H5Dclose(handle) }
    let type = H5Dget_type(handle)
    defer { H5Tclose(type) }
    let kind = H5Tget_class(type)
    guard kind == H5T_FLOAT || kind == H5T_INTEGER else { throw error("does not hold numbers") }
    let space = H5Dget_space(handle)
    defer { H5Sclose(space) }
    let rank = H5Sget_simple_extent_ndims(space)
    guard rank >= 0 else { throw error("has no shape; the file may be damaged") }
    var sizes = [hsize_t](repeating: 0, count: Int(rank))
    H5Sget_simple_extent_dims(space, &sizes, nil)
    var count = 1
    for size in sizes {
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(clamping: size))
      guard !overflow, product <= 1 << 32 else { throw error("declares \(sizes) values: too many") }
      count = product
    }
    var isRead = true
    let values = [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      isRead =
        count == 0 || H5Dread(handle, cnn_hdf5_native_float(), 0, 0, 0, buffer.baseAddress) >= 0
      initialized = isRead ? count : 0
    }
    guard isRead else { throw error("cannot be read; the file may be damaged or cut off") }
    return Tensor(shape: sizes.map { Int($0) }, values: values)
  }
}
