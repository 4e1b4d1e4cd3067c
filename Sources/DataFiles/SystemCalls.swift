#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The operating system's `read`, which `FileBytes.read` hides by its name.
func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

/// The operating system's `write`, which `AtomicFile.write` hides by its name.
func systemWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}

/// The operating system's words for an error number.
func systemMessage(_ code: Int32) -> String {
  String(cString: strerror(code))
}
