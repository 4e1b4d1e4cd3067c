// Opens and runs damaged compiled models, under libFuzzer and AddressSanitizer: see `make fuzz-flat`. Swift itself checks
// what UndefinedBehaviorSanitizer would: numbers that overflow and conversions that do not fit end the program.

/// The models that are damaged; made once.
nonisolated(unsafe) private let models: [[UInt8]] = {
  do {
    return try seedModels()
  } catch {
    fatalError("the models to damage could not be made: \(error)")
  }
}()

/// What libFuzzer calls for everything that it makes up.
@c(LLVMFuzzerTestOneInput)
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let damage = Damage(UnsafeBufferPointer(start: bytes, count: count))
  let original = models[damage.model(of: models.count)]
  // Memory of just that size, so that whatever is read behind it is noticed.
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: original.count, alignment: 64)
  defer { copy.deallocate() }
  copy.copyBytes(from: original)
  damage.apply(to: copy)
  _ = run(copy)
  return 0
}
