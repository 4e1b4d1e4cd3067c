import CInterface
import Interface

/// Memory of exactly so many bytes, so that whatever is beyond is noticed.
func memory(_ count: Int) -> UnsafeMutableRawPointer {
  .allocate(byteCount: max(count, 1), alignment: 64)
}

/// Opens a model and runs it once, in exactly the memory that it asks for; false where it was refused.
func run(_ bytes: UnsafeMutableRawBufferPointer) -> Bool {
  var model = cnn_model()
  var size = 0
  guard cnn_model_open(&model, bytes.baseAddress, bytes.count) == CNN_OK,
    cnn_arena_size(&model, 1, 1, &size) == CNN_OK, size < 1 << 26
  else { return false }
  var taken: [UnsafeMutableRawPointer] = []
  defer { for memory in taken { memory.deallocate() } }
  let arena = memory(size)
  taken.append(arena)
  var session: OpaquePointer?
  guard cnn_session_open(&session, &model, 1, nil, arena, size) == CNN_OK else { return false }
  defer { cnn_session_close(session) }
  var tensor = cnn_tensor()
  for index in 0..<cnn_input_count(&model) + cnn_output_count(&model) {
    let isInput = index < cnn_input_count(&model)
    let slot = isInput ? index : index - cnn_input_count(&model)
    _ =
      isInput
      ? cnn_describe_input(&model, slot, &tensor) : cnn_describe_output(&model, slot, &tensor)
    guard tensor.count < 1 << 24 else { return false }
    let values = memory(tensor.count * 4)
    taken.append(values)
    let floats = values.initializeMemory(as: Float.self, repeating: 0.5, count: tensor.count)
    _ = isInput ? cnn_bind_input(session, slot, floats) : cnn_bind_output(session, slot, floats)
  }
  return cnn_run(session) == CNN_OK
}
