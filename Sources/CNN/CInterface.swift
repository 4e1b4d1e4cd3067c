// The functions of `cnn.h` that read files; those over bytes are in the module `Interface`.
//
// `@implementation` has the compiler check each against its declaration in the header; for that it
// must have the same name in Swift.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

#if compiler(>=6.3)  // The first with `@c`; before it the library is without the C interface.
  public import CInterface
  internal import Files
  internal import Interface

  #if canImport(Glibc)
    internal import Glibc
  #elseif canImport(Darwin)
    internal import Darwin
  #endif

  @c @implementation
  public func cnn_load(
    _ path: UnsafePointer<CChar>?, _ batch: Int,
    _ bytes: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ size: UnsafeMutablePointer<Int>?,
    _ message: UnsafeMutablePointer<CChar>?, _ capacity: Int
  ) -> cnn_status {
    copy("", message, capacity)
    guard let path, let bytes, let size else {
      copy("a pointer is null", message, capacity)
      return CNN_NULL_POINTER
    }
    // A `size_t` beyond `Int` comes as a negative number.
    guard batch > 0 else {
      copy("the batch is \(UInt(bitPattern: batch)); expected at least 1", message, capacity)
      return CNN_WRONG_BATCH
    }
    do {
      let model = try LoadedModel(String(cString: path), batch: batch)
      guard let memory = model.copy() else {
        copy("the model needs \(model.size) bytes, which are not to be had", message, capacity)
        return CNN_OUT_OF_MEMORY
      }
      bytes.pointee = memory
      size.pointee = model.size
      return CNN_OK
    } catch {
      copy("\(error)", message, capacity)
      return CNN_CANNOT_LOAD
    }
  }

  @c @implementation
  public func cnn_free(_ bytes: UnsafeMutableRawPointer?) { free(bytes) }

  /// A model file's program, compiled now or before.
  private enum LoadedModel {
    case compiled(CompiledProgram)
    case file(MappedFile)

    init(_ path: String, batch: Int) throws {
      guard CompiledModel.isCompiled(path) else {
        let network = try Network(contentsOf: path)
        self = .compiled(try CompiledProgram(consume network, batch: batch))
        return
      }
      // Whether the bytes are those of a model `cnn_model_open` says.
      do throws(SystemError) { self = .file(try MappedFile(path: path)) } catch {
        throw LoadError(file: path, "it cannot be read (\(error))")
      }
    }

    var size: Int {
      switch self {
      case .compiled(let program): program.flatModelSize()
      case .file(let file): file.bytes.count
      }
    }

    /// The bytes in memory of their own; nil where there is not so much.
    func copy() -> UnsafeMutableRawPointer? {
      var base: UnsafeMutableRawPointer?
      guard posix_memalign(&base, 64, size) == 0, let base else { return nil }
      let memory = UnsafeMutableRawBufferPointer(start: base, count: size)
      switch self {
      case .compiled(let program): program.writeFlatModel(to: memory)
      case .file(let file): memory.copyMemory(from: file.bytes)
      }
      return base
    }
  }

  /// Copies as much of a text as there is room for, cut at a whole character, and a null byte.
  private func copy(_ text: String, _ target: UnsafeMutablePointer<CChar>?, _ capacity: Int) {
    // A capacity beyond `Int` comes as a negative number; no text is that long.
    guard let target, capacity != 0 else { return }
    let room = capacity < 0 ? Int.max : capacity
    var length = 0
    for character in text.unicodeScalars {
      let bytes = UTF8.width(character)
      guard length + bytes < room else { break }
      length += bytes
    }
    for (index, byte) in text.utf8.prefix(length).enumerated() {
      target[index] = CChar(bitPattern: byte)
    }
    target[length] = 0
  }
#endif
