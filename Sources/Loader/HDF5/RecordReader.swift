/// Reads one record of an HDF5 file from front to back, and never beyond its end.
///
/// Numbers are little-endian. All formats are those of the HDF5 File Format Specification, version 3.0
/// (https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html), whose sections are named where
/// they are read.
struct RecordReader {
  /// What messages call the record.
  private let name: StaticString
  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>, _ name: StaticString) {
    rest = bytes
    self.name = name
  }

  /// How many bytes are left.
  var count: Int { rest.count }

  mutating func bytes(_ count: Int) throws(HDF5Problem) -> ArraySlice<UInt8> {
    guard count >= 0, count <= rest.count else {
      throw .damage("\(name) ends where \(count) more bytes are expected")
    }
    let result = rest.prefix(count)
    rest = rest.dropFirst(count)
    return result
  }

  mutating func skip(_ count: Int) throws(HDF5Problem) { _ = try bytes(count) }

  /// An unsigned number of up to 8 bytes.
  mutating func integer(_ size: Int) throws(HDF5Problem) -> UInt64 {
    try bytes(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  mutating func byte() throws(HDF5Problem) -> Int { Int(try integer(1)) }

  /// A number of bytes, or of something else that a file has.
  mutating func size(_ size: Int = 8) throws(HDF5Problem) -> Int {
    let value = try integer(size)
    // Room to add two of them, or to multiply one by the size of a record.
    guard value <= 1 << 48 else { throw .damage("\(name) declares a size of \(value)") }
    return Int(value)
  }

  /// Where something is in the file; nil where there is nothing.
  mutating func address() throws(HDF5Problem) -> Int? {
    let value = try integer(8)
    if value == .max { return nil }
    guard value <= 1 << 48 else { throw .damage("\(name) has an address of \(value)") }
    return Int(value)
  }

  /// Skips a text that ends with a zero, and what pads it to a multiple of 8 bytes.
  mutating func skipText(isPadded: Bool) throws(HDF5Problem) {
    guard let end = rest.firstIndex(of: 0) else {
      throw .damage("\(name) has a text without an end")
    }
    let count = end + 1 - rest.startIndex
    try skip(isPadded ? (count + 7) / 8 * 8 : count)
  }

  /// Refuses another signature, or number of a version.
  mutating func expect(_ signature: String, version: Int? = nil) throws(HDF5Problem) {
    guard try bytes(signature.utf8.count).elementsEqual(signature.utf8) else {
      throw .damage("there is no \(name) where one should be")
    }
    if let version { try expect(version: version...version) }
  }

  @discardableResult
  mutating func expect(version range: ClosedRange<Int>) throws(HDF5Problem) -> Int {
    let version = try byte()
    guard range.contains(version) else {
      throw .damage("\(name) is of version \(version), which is not known")
    }
    return version
  }
}
