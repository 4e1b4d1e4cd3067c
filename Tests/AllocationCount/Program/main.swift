// Prints how often a thousand runs of a model asked for memory, and how often preparing it did:
//
//     allocation-count MODEL BATCH THREADS

import CAllocator
import CNN

let arguments = CommandLine.arguments
guard arguments.count == 4, let batch = Int(arguments[2]), let threads = Int(arguments[3]) else {
  fatalError("expected MODEL BATCH THREADS")
}
let start = allocator_count()
let inference = try Inference(
  try Network(contentsOf: arguments[1]), batch: batch, threads: threads)
inference.runInPlace()
let prepared = allocator_count()
for _ in 0..<1000 { inference.runInPlace() }
let end = allocator_count()
print(end - prepared, prepared - start)
