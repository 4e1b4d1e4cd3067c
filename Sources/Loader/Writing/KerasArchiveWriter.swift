import CZip
import Network

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writes whole models into the zip archive of Keras 3, `.keras`.
struct KerasArchiveWriter {
  let file: String

  func write(
    model: String, name: String, _ layers: [SavedLayer], training: SavedTraining? = nil
  ) throws(SaveError) {
    let replacement = try ReplacementFile(for: file)
    do throws(SaveError) {
      // libhdf5 and libzip each write a file of their own.
      let weights = try ReplacementFile(for: file)
      defer { weights.discard() }
      try writeWeights(layers, name: name, training, to: weights.path)
      let metadata = JSON.text(.object(["keras_version": .string(LegacyFileWriter.version(3))]))
      try writeArchive(
        replacement.path,
        [
          ("metadata.json", .text(metadata)), ("config.json", .text(model)),
          ("model.weights.h5", .file(weights.path)),
        ])
    } catch {
      replacement.discard()
      throw error
    }
    try replacement.commit()
  }

  /// The file is closed behind this, and so can be read.
  private func writeWeights(
    _ layers: [SavedLayer], name: String, _ training: SavedTraining?, to path: String
  ) throws(SaveError) {
    let output = try HDF5Output(path: path, named: file)
    try ContainerWeightWriter().write(layers, name: name, to: try output.root)
    if let training {
      let group = try output.root.group("optimizer/vars")
      try group.setAttribute("name", training.optimizerName)
      for (number, variable) in training.variables.enumerated() {
        try variable.write(to: group, as: "\(number)")
      }
    }
    try output.finish()
  }

  /// What a member holds.
  private enum Content {
    case text(String)
    case file(String)
  }

  private func writeArchive(
    _ path: String, _ members: [(name: String, content: Content)]
  ) throws(SaveError) {
    var code: Int32 = 0
    guard let archive = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, &code) else {
      throw SaveError(file: file, "libzip cannot make the archive; choose another place")
    }
    for member in members where !add(member.name, member.content, to: archive) {
      let error = unwritable(archive)
      zip_discard(archive)
      throw error
    }
    guard zip_close(archive) == 0 else {
      let error = unwritable(archive)
      zip_discard(archive)
      throw error
    }
  }

  /// Adds a member, stored as it is, since Keras's own are.
  private func add(_ name: String, _ content: Content, to archive: OpaquePointer) -> Bool {
    let source: OpaquePointer?
    switch content {
    case .file(let path): source = zip_source_file(archive, path, 0, -1)
    case .text(let text):
      let bytes = Array(text.utf8)
      // The source is read when the archive is closed, and frees its memory then.
      guard let memory = malloc(max(bytes.count, 1)) else { return false }
      memory.copyMemory(from: bytes, byteCount: bytes.count)
      source = zip_source_buffer(archive, memory, UInt64(bytes.count), 1)
      if source == nil { free(memory) }
    }
    guard let source else { return false }
    let index = zip_file_add(archive, name, source, UInt32(ZIP_FL_ENC_UTF_8))
    guard index >= 0 else {
      zip_source_free(source)
      return false
    }
    // 1 January 1980, the first date zip knows: a file depends on its contents alone.
    return zip_set_file_compression(archive, UInt64(index), ZIP_CM_STORE, 0) == 0
      && zip_file_set_dostime(archive, UInt64(index), 0, 1 << 5 | 1, 0) == 0
  }

  private func unwritable(_ archive: OpaquePointer) -> SaveError {
    let reason = zip_error_strerror(zip_get_error(archive)).map { String(cString: $0) }
    return SaveError(
      file: file, "cannot be written (\(reason ?? "unknown reason")); is there space left?")
  }
}
