import CInterface
import CNN
import Testing

/// Each thing that can be wrong has a status of its own, and a text.
@Suite struct InterfaceErrorTests {
  private func status(of bytes: [UInt8], offset: Int = 0) -> cnn_status {
    let memory = FlatBytes(count: bytes.count + offset)
    UnsafeMutableRawBufferPointer(rebasing: memory.memory[offset...]).copyBytes(from: bytes)
    var model = cnn_model()
    return cnn_model_open(&model, memory.base + offset, bytes.count)
  }

  @Test func bytesThatAreNoModel() throws {
    let good = try SampleModel().bytes
    #expect(status(of: good) == CNN_OK)
    func changed(_ offset: Int, _ value: UInt8) -> cnn_status {
      var bytes = good
      bytes[offset] = value
      return status(of: bytes)
    }
    #expect(changed(0, 0) == CNN_NOT_A_MODEL)
    #expect(changed(8, 0) == CNN_OLDER_VERSION)
    #expect(changed(8, 200) == CNN_NEWER_VERSION)
    #expect(changed(12, 1) == CNN_WRONG_BYTE_ORDER)
    #expect(changed(good.count - 1, good[good.count - 1] ^ 1) == CNN_WRONG_CHECKSUM)
    #expect(status(of: Array(good.dropLast())) == CNN_TRUNCATED)
    #expect(status(of: []) == CNN_TRUNCATED)
    #expect(status(of: good, offset: 16) == CNN_MODEL_MISALIGNED)
  }

  /// The checksum is right, the records are not.
  @Test func recordsThatContradict() throws {
    let memory = FlatBytes(try SampleModel().bytes)
    // The program's number of operations.
    memory.base.storeBytes(of: UInt32(1000), toByteOffset: 64 + 16, as: UInt32.self)
    var checksum = FlatModel.checksum(ofHeader: memory.base)
    checksum.add(UnsafeRawBufferPointer(rebasing: memory.memory[64...]))
    FlatModel.writeChecksum(checksum, to: memory.base)
    var model = cnn_model()
    let status = cnn_model_open(&model, memory.base, memory.memory.count)
    #expect(status == CNN_DAMAGED || status == CNN_TRUNCATED)
    #expect(model.bytes == nil)
  }

  @Test func arenasThatDoNotSuit() throws {
    let bytes = FlatBytes(try SampleModel().bytes)
    var model = cnn_model()
    #expect(cnn_model_open(&model, bytes.base, bytes.memory.count) == CNN_OK)
    var size = 0
    #expect(cnn_arena_size(&model, 1, 1, &size) == CNN_OK)
    let arena = FlatBytes(count: size + 64)
    var session: OpaquePointer?
    func open(_ batch: Int, _ arena: UnsafeMutableRawPointer?, _ size: Int) -> cnn_status {
      cnn_session_open(&session, &model, batch, nil, arena, size)
    }
    #expect(open(1, arena.base, size - 1) == CNN_ARENA_TOO_SMALL)
    #expect(open(1, arena.base + 4, size + 60) == CNN_ARENA_MISALIGNED)
    #expect(open(0, arena.base, size) == CNN_WRONG_BATCH)
    #expect(open(-1, arena.base, size) == CNN_WRONG_BATCH)
    #expect(open(1, nil, size) == CNN_NULL_POINTER)
    #expect(session == nil)
    #expect(cnn_arena_size(&model, 0, 1, &size) == CNN_WRONG_BATCH)
    #expect(cnn_arena_size(&model, 1, 0, &size) == CNN_WRONG_BATCH)
    #expect(cnn_arena_size(&model, .max, 1, &size) == CNN_WRONG_BATCH)
  }

  @Test func nullPointersAndIndices() throws {
    let bytes = FlatBytes(try SampleModel().bytes)
    var model = cnn_model()
    var (size, tensor) = (0, cnn_tensor())
    #expect(cnn_model_open(nil, bytes.base, bytes.memory.count) == CNN_NULL_POINTER)
    #expect(cnn_model_open(&model, nil, 64) == CNN_NULL_POINTER)
    // A model that was not opened.
    #expect(cnn_input_count(&model) == 0 && cnn_output_count(nil) == 0)
    #expect(cnn_describe_input(&model, 0, &tensor) == CNN_NULL_POINTER)
    #expect(cnn_arena_size(&model, 1, 1, &size) == CNN_NULL_POINTER)
    #expect(cnn_selftest_size(&model, &size) == CNN_NULL_POINTER)
    #expect(cnn_run(nil) == CNN_NULL_POINTER)
    #expect(cnn_bind_input(nil, 0, [0]) == CNN_NULL_POINTER)
    cnn_session_close(nil)
    cnn_threads_close(nil)
    #expect(cnn_threads_count(nil) == 1)
    #expect(cnn_threads_open(nil, 1) == CNN_NULL_POINTER)

    #expect(cnn_model_open(&model, bytes.base, bytes.memory.count) == CNN_OK)
    #expect(cnn_arena_size(&model, 1, 1, nil) == CNN_NULL_POINTER)
    #expect(cnn_describe_output(&model, 0, nil) == CNN_NULL_POINTER)
    #expect(cnn_arena_size(&model, 1, 1, &size) == CNN_OK)
    let arena = FlatBytes(count: size)
    var session: OpaquePointer?
    #expect(cnn_session_open(nil, &model, 1, nil, arena.base, size) == CNN_NULL_POINTER)
    #expect(cnn_session_open(&session, &model, 1, nil, arena.base, size) == CNN_OK)
    defer { cnn_session_close(session) }
    var values = [Float](repeating: 0, count: 189)
    #expect(cnn_run(session) == CNN_NOT_BOUND)
    #expect(cnn_bind_input(session, 0, nil) == CNN_NULL_POINTER)
    #expect(cnn_bind_input(session, 1, values) == CNN_NO_SUCH_INPUT)
    #expect(cnn_bind_output(session, 1, &values) == CNN_NO_SUCH_OUTPUT)
    #expect(cnn_bind_output(session, -1, &values) == CNN_NO_SUCH_OUTPUT)
    #expect(cnn_values(session, nil, nil, nil) == CNN_NULL_POINTER)
  }

  @Test func everyStatusHasAText() {
    var texts: Set<String> = []
    for status in 0...22 {
      texts.insert(String(cString: cnn_status_text(cnn_status(UInt32(status)))))
    }
    #expect(texts.count == 23)
    #expect(String(cString: cnn_status_text(cnn_status(99))).contains("no status"))
    #expect(String(cString: cnn_version()) == "\(Version.text)")
  }

  @Test func filesAreLoaded() throws {
    var (bytes, size) = (UnsafeMutableRawPointer?.none, 0)
    var message = [CChar](repeating: 1, count: 30)
    #expect(
      cnn_load("no such file.h5", 1, &bytes, &size, &message, message.count) == CNN_CANNOT_LOAD)
    let text = String(cString: message)
    #expect(text.contains("no such file.h5") && text.utf8.count == 29, "\(text)")
    #expect(cnn_load(nil, 1, &bytes, &size, nil, 0) == CNN_NULL_POINTER)
    #expect(cnn_load("model.h5", 0, &bytes, &size, nil, 0) == CNN_WRONG_BATCH)
    #expect(bytes == nil)

    let path =
      #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
      + "/Models/fashion-mnist.h5"
    #expect(cnn_load(path, 1, &bytes, &size, &message, message.count) == CNN_OK)
    defer { cnn_free(bytes) }
    #expect(String(cString: message) == "")
    var model = cnn_model()
    #expect(cnn_model_open(&model, bytes, size) == CNN_OK)
    var output = cnn_tensor()
    #expect(cnn_describe_output(&model, 0, &output) == CNN_OK && output.count == 10)
  }
}
