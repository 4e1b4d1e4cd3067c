// The functions of `cnn.h` about threads, of which the small library has none.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInterface
import Runtime

#if compiler(>=6.3)
  /// Who does the work of a session with these threads.
  func workers(_ threads: OpaquePointer?) -> Workers {
    #if hasFeature(Embedded)
      Workers()
    #else
      pool(threads).map { Workers($0) } ?? Workers()
    #endif
  }

  #if !hasFeature(Embedded)
    private func pool(_ threads: OpaquePointer?) -> ThreadPool? {
      threads.map {
        Unmanaged<ThreadPool>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue()
      }
    }

    @c @implementation
    public func cnn_threads_open(
      _ threads: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) -> cnn_status {
      guard let threads else { return CNN_NULL_POINTER }
      guard count >= 0 && count <= 1024, let all = count > 0 ? count : try? Processor.threads()
      else { return CNN_WRONG_BATCH }
      threads.pointee = OpaquePointer(
        Unmanaged.passRetained(ThreadPool(threads: all)).toOpaque())
      return CNN_OK
    }

    @c @implementation
    public func cnn_threads_count(_ threads: OpaquePointer?) -> Int { pool(threads)?.threads ?? 1 }

    @c @implementation
    public func cnn_threads_close(_ threads: OpaquePointer?) {
      guard let threads else { return }
      Unmanaged<ThreadPool>.fromOpaque(UnsafeRawPointer(threads)).release()
    }
  #endif
#endif
