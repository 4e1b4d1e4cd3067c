import DataFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What there is in the file system.
enum Folder {
  /// Whether there is a folder at `path`.
  static func exists(_ path: String) -> Bool { kind(of: path) == S_IFDIR }

  /// Whether there is a file at `path`, which is no folder.
  static func hasFile(_ path: String) -> Bool {
    let kind = kind(of: path)
    return kind != nil && kind != S_IFDIR
  }

  /// The number of bytes of the file at `path`; nil where there is none.
  static func size(of path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Makes a folder, and those it is to be in.
  ///
  /// - Throws: `DataFileError` where it cannot be made.
  static func make(_ path: String) throws(DataFileError) {
    var end = path.startIndex
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      let parent = String(path[..<end])
      guard mkdir(parent, 0o777) != 0, !exists(parent) else { continue }
      throw DataFileError(
        file: parent, problem: "the folder cannot be made (\(String(cString: strerror(errno))))",
        advice: "check the permissions, or choose another place")
    }
  }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  /// The first bytes of a file, enough to tell what it is.
  ///
  /// - Throws: `DataFileError` where there is no such file, or it may not be read.
  static func start(of path: String) throws(DataFileError) -> [UInt8] {
    guard let file = fopen(path, "r") else {
      throw DataFileError(
        file: path, problem: "cannot be read (\(String(cString: strerror(errno))))",
        advice: "check the path and its permissions")
    }
    defer { fclose(file) }
    return [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      count = fread(buffer.baseAddress, 1, buffer.count, file)
    }
  }

  /// The names in a folder that do not begin with a dot, in the order of their characters' numbers, which is
  /// Python's.
  ///
  /// - Throws: `DataFileError` where there is no such folder, or it may not be read.
  static func names(in path: String) throws(DataFileError) -> [String] {
    guard let folder = opendir(path) else {
      throw DataFileError(
        file: path, problem: "the folder cannot be read (\(String(cString: strerror(errno))))",
        advice: "check the path and its permissions")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        let capacity = MemoryLayout.size(ofValue: pointer.pointee)
        return pointer.withMemoryRebound(to: CChar.self, capacity: capacity) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The paths of all files below a folder, those of each folder together, in Python's order.
  ///
  /// - Throws: `DataFileError` where a folder may not be read.
  static func files(below path: String, depth: Int = 0) throws(DataFileError) -> [String] {
    // A link may lead back.
    guard depth < 16 else { return [] }
    var files: [String] = []
    var folders: [String] = []
    for name in try names(in: path) {
      let entry = path + "/" + name
      if exists(entry) { folders.append(entry) } else { files.append(entry) }
    }
    for folder in folders { files += try self.files(below: folder, depth: depth + 1) }
    return files
  }
}
