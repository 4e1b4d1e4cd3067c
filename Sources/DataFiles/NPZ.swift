import Files
import Network

/// NumPy's `.npz` format: a zip archive of `.npy` files.
public enum NPZ {
  /// What every zip archive begins with.
  private static let magic: [UInt8] = [0x50, 0x4B]
  /// The largest array that is read, in bytes of its `.npy` file.
  static let largestMember: UInt64 = 4 << 30

  /// The arrays in the bytes of an `.npz` file, in the file's order, named without `.npy`.
  ///
  /// `name` is what messages call the file.
  ///
  /// - Throws: `DataFileError` when the bytes are no zip archive or damaged, or a member is no
  ///   `.npy` file, does not hold numbers, or is larger than 4 GiB.
  public static func tensors(
    from bytes: [UInt8], named name: String
  ) throws(DataFileError) -> [NamedTensor] {
    // libzip takes an empty file for an empty archive.
    guard bytes.starts(with: magic) else {
      throw DataFileError(
        file: name, problem: "not a zip archive, for it does not begin with PK",
        advice: "save the arrays with numpy.savez")
    }
    return try bytes.withUnsafeBufferPointer { raw throws(DataFileError) in
      let archive = try reading(name) { () throws(ZipError) in try ZipArchive(bytes: raw) }
      var tensors: [NamedTensor] = []
      for index in 0..<archive.count {
        tensors.append(try tensor(index, of: archive, named: name))
      }
      return tensors
    }
  }

  private static func tensor(
    _ index: Int, of archive: ZipArchive, named name: String
  ) throws(DataFileError) -> NamedTensor {
    let entry = try reading(name) { () throws(ZipError) in try archive.name(at: index) }
    guard entry.hasSuffix(".npy") else {
      throw DataFileError(
        file: name, problem: "a zip archive whose member '\(entry)' is not an .npy file",
        advice: "save the arrays with numpy.savez")
    }
    let member = "\(name), member '\(entry)'"
    let bytes = try reading(member) { () throws(ZipError) in
      try archive.bytes(at: index, atMost: largestMember)
    }
    return NamedTensor(
      name: String(entry.dropLast(4)), tensor: try NPY.tensor(from: bytes, named: member))
  }

  /// What `body` reads, with errors about `file`, the archive or a member of it.
  private static func reading<Result>(
    _ file: String, _ body: () throws(ZipError) -> Result
  ) throws(DataFileError) -> Result {
    do throws(ZipError) {
      return try body()
    } catch {
      switch error {
      case .tooLarge(let size):
        throw DataFileError(
          file: file, problem: "declares \(size) bytes, more than the 4 GiB that are read",
          advice: "save a smaller array")
      case .impossible(let size, let storedSize):
        throw .damaged(
          file, "declares \(size) bytes, more than its \(storedSize) bytes can hold")
      default:
        throw .damaged(file, "a zip archive that cannot be read (\(error.reason))")
      }
    }
  }

  /// The bytes of an `.npz` file with the tensors as `float32`, not compressed, as `numpy.savez`
  /// lays it out.
  ///
  /// The same tensors give the same bytes at any time: members carry no date. `name` is what
  /// messages call the file.
  ///
  /// - Throws: `DataFileError` when two tensors have the same name.
  public static func bytes(
    of tensors: [NamedTensor], named name: String
  ) throws(DataFileError) -> [UInt8] {
    var names: Set<String> = []
    for tensor in tensors where !names.insert(tensor.name).inserted {
      throw DataFileError(
        file: name, problem: "two arrays are called '\(tensor.name)'",
        advice: "give each its own name")
    }
    do throws(ZipError) {
      return try ZipWriter.bytes { archive throws(ZipError) in
        // One after another, so that no more than one is in memory twice.
        for tensor in tensors {
          try archive.add(tensor.name + ".npy", bytes: NPY.bytes(of: tensor.tensor))
        }
      }
    } catch {
      throw DataFileError(
        file: name, problem: "the archive cannot be made (\(error.reason))",
        advice: "free some memory or write fewer arrays")
    }
  }
}
