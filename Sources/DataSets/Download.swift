import DataFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Fetches public data sets into a folder, where they stay.
public enum Download {
  /// The files of a data set, fetched where they are not there yet; returns the path of their folder, which
  /// `DataSets.open` opens.
  ///
  /// A download that was interrupted is resumed. What is fetched gets its name only when its checksum is
  /// right, so a file of that name is whole.
  ///
  /// - Parameters:
  ///   - folder: The folder of all data sets; nil for the user's cache: see `cacheFolder`.
  ///   - showsProgress: Whether curl draws its progress on the terminal.
  /// - Throws: `DataFileError` where a file cannot be fetched, is not the one that was published, or cannot
  ///   be written.
  public static func fetch(
    _ dataSet: PublicDataSet, into folder: String? = nil, showsProgress: Bool = false
  ) throws(DataFileError) -> String {
    let parent = if let folder { folder } else { try cacheFolder() }
    let folder = parent + "/" + dataSet.rawValue
    try Folder.make(folder)
    for file in dataSet.files { try fetch(file, into: folder, showsProgress: showsProgress) }
    return folder
  }

  /// The folder for what can be fetched again: `$XDG_CACHE_HOME/cnn`, or else `~/.cache/cnn`.
  ///
  /// - Throws: `DataFileError` where the environment names neither.
  public static func cacheFolder() throws(DataFileError) -> String {
    func folder(_ variable: String) -> String? {
      // The standard has a relative path ignored.
      getenv(variable).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    if let cache = folder("XDG_CACHE_HOME") { return cache + "/cnn" }
    if let home = folder("HOME") { return home + "/.cache/cnn" }
    throw DataFileError(
      file: "the cache folder", problem: "neither XDG_CACHE_HOME nor HOME names a folder",
      advice: "set one of them, or name a folder that has the data")
  }

  /// Fetches one file into a folder, unless it is there.
  static func fetch(
    _ file: RemoteFile, into folder: String, showsProgress: Bool = false
  ) throws(DataFileError) {
    let target = folder + "/" + file.name
    let part = target + ".part"
    // Nothing else gives a file its name, and gzip has a checksum of its own for what happens later.
    if Folder.size(of: target) == file.size { return }
    let start = Folder.size(of: part) ?? 0
    if start > file.size { unlink(part) }
    if start != file.size { try Curl.fetch(file.url, to: part, showsProgress: showsProgress) }
    var sum = SHA256.hex(of: try FileBytes.read(part))
    if sum != file.sha256, start > 0 {
      // What was begun with may have been wrong.
      unlink(part)
      try Curl.fetch(file.url, to: part, showsProgress: showsProgress)
      sum = SHA256.hex(of: try FileBytes.read(part))
    }
    guard sum == file.sha256 else {
      unlink(part)
      throw DataFileError(
        file: file.url,
        problem: "not the file that was published: its SHA-256 is \(sum), not \(file.sha256)",
        advice: "try again later, or fetch \(file.name) from elsewhere into \(folder)")
    }
    guard rename(part, target) == 0 else {
      throw DataFileError(
        file: target, problem: "cannot be written (\(String(cString: strerror(errno))))",
        advice: "check the permissions of its folder")
    }
  }
}
