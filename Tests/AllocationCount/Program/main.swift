// Prints how often a thousand runs of a model asked for memory, and how often preparing it did, once by the class
// Inference and once by the C interface:
//
//     allocation-count MODEL BATCH THREADS

import CAllocator
import CInterface
import CNN

let arguments = CommandLine.arguments
guard arguments.count == 4, let batch = Int(arguments[2]), let threads = Int(arguments[3]) else {
  fatalError("expected MODEL BATCH THREADS")
}

/// The calls for memory during a thousand runs, and before.
func count(_ prepare: () throws -> () -> Void) rethrows {
  let start = allocator_count()
  let run = try prepare()
  run()
  let prepared = allocator_count()
  for _ in 0..<1000 { run() }
  let end = allocator_count()
  print(end - prepared, prepared - start)
}

func check(_ status: cnn_status) {
  guard status == CNN_OK else { fatalError(String(cString: cnn_status_text(status))) }
}

try count {
  let inference = try Inference(
    try Network(contentsOf: arguments[1]), batch: batch, threads: threads)
  return { inference.runInPlace() }
}

count {
  var (bytes, size, arena) = (UnsafeMutableRawPointer?.none, 0, 0)
  check(cnn_load(arguments[1], batch, &bytes, &size, nil, 0))
  var (model, pool, session) = (cnn_model(), OpaquePointer?.none, OpaquePointer?.none)
  check(cnn_model_open(&model, bytes, size))
  check(cnn_threads_open(&pool, threads))
  check(cnn_arena_size(&model, batch, threads, &arena))
  let memory = UnsafeMutableRawPointer.allocate(byteCount: arena, alignment: 64)
  check(cnn_session_open(&session, &model, batch, pool, memory, arena))
  var tensor = cnn_tensor()
  func values() -> UnsafeMutablePointer<Float> {
    let values = UnsafeMutablePointer<Float>.allocate(capacity: tensor.count * batch)
    values.initialize(repeating: 0.5, count: tensor.count * batch)
    return values
  }
  check(cnn_describe_input(&model, 0, &tensor))
  check(cnn_bind_input(session, 0, values()))
  check(cnn_describe_output(&model, 0, &tensor))
  check(cnn_bind_output(session, 0, values()))
  return { check(cnn_run(session)) }
}
