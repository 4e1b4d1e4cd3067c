// The functions of `cnn.h` that say what came of a call.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInterface
import Runtime

#if compiler(>=6.3)
  extension cnn_status {
    init(_ error: ProgramError) {
      self =
        switch error {
        case .notAProgram: CNN_NOT_A_MODEL
        case .olderVersion: CNN_OLDER_VERSION
        case .newerVersion: CNN_NEWER_VERSION
        case .wrongByteOrder: CNN_WRONG_BYTE_ORDER
        case .wrongChecksum: CNN_WRONG_CHECKSUM
        case .truncated: CNN_TRUNCATED
        case .misaligned: CNN_MODEL_MISALIGNED
        case .damaged: CNN_DAMAGED
        case .unsuitableArena: CNN_ARENA_TOO_SMALL
        case .unsupportedMethod: CNN_UNSUPPORTED_METHOD
        }
    }

    fileprivate var text: StaticString {
      switch self {
      case CNN_OK: "done"
      case CNN_NULL_POINTER: "a pointer is null, or the model or session was not opened"
      case CNN_NOT_A_MODEL: "not a compiled model; 'cnntool compile' makes one of a Keras file"
      case CNN_OLDER_VERSION: "compiled by an older version; compile the model again"
      case CNN_NEWER_VERSION:
        "compiled by a newer version; compile the model again, or take its library"
      case CNN_WRONG_BYTE_ORDER: "its numbers have their most significant byte first"
      case CNN_WRONG_CHECKSUM: "its checksum is not that of its bytes: it is damaged"
      case CNN_TRUNCATED: "a compiled model that is cut off"
      case CNN_MODEL_MISALIGNED: "the model does not begin at a multiple of 64 bytes in memory"
      case CNN_DAMAGED: "a compiled model whose records contradict each other"
      case CNN_UNSUPPORTED_METHOD:
        "computed by a method that this library has not; compile it with --target cortex-m7"
      case CNN_UNSUPPORTED_PROCESSOR:
        "CNN_ISA names an instruction set that is unknown, or that this processor has not"
      case CNN_WRONG_BATCH: "the batch or the number of threads is 0, or larger than can be"
      case CNN_ARENA_TOO_SMALL: "the arena is smaller than cnn_arena_size says"
      case CNN_ARENA_MISALIGNED: "the arena does not begin at a multiple of 64 bytes"
      case CNN_NO_SUCH_INPUT: "the model has no input of this index"
      case CNN_NO_SUCH_OUTPUT: "the model has no output of this index"
      case CNN_NO_SUCH_TENSOR:
        "no tensor of this name can be read; compile the model with --tap and the layer's name"
      case CNN_NOT_BOUND: "an input or an output was not bound"
      case CNN_NO_TEST: "the model holds no test; compile it with --test-vector"
      case CNN_TEST_FAILED: "the model computes something else than its test says"
      case CNN_CANNOT_LOAD: "the file cannot be loaded"
      case CNN_OUT_OF_MEMORY: "there is not so much memory, or not so many threads"
      default: "no status of this library's"
      }
    }
  }

  @c @implementation
  public func cnn_status_text(_ status: cnn_status) -> UnsafePointer<CChar>? {
    UnsafeRawPointer(status.text.utf8Start).assumingMemoryBound(to: CChar.self)
  }

  @c @implementation
  public func cnn_version() -> UnsafePointer<CChar>? {
    UnsafeRawPointer(Version.text.utf8Start).assumingMemoryBound(to: CChar.self)
  }
#endif
