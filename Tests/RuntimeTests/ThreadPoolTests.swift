import Runtime
import Synchronization
import Testing

struct ThreadPoolTests {
  /// Every part is done once, whatever their number, job after job.
  @Test(arguments: [1, 2, 3, 8])
  func everyPartIsDoneOnce(threads: Int) {
    let pool = ThreadPool(threads: threads)
    #expect(pool.threads == threads)
    for parts in [0, 1, 2, 3, 7, 64, 1000] {
      let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: max(parts, 1))
      counts.initialize(repeating: 0)
      defer { counts.deallocate() }
      for _ in 0..<20 {
        pool.run(parts: parts) { part, thread in
          counts[part] += 1 + (thread < 0 || thread >= threads ? 1 << 32 : 0)
        }
      }
      #expect((0..<parts).allSatisfy { counts[$0] == 20 })
    }
  }

  /// What a job wrote is there for the next, on whatever threads they ran.
  @Test func jobsSeeWhatThoseBeforeThemWrote() {
    let pool = ThreadPool(threads: 3)
    let values = UnsafeMutableBufferPointer<Int>.allocate(capacity: 32)
    values.initialize(repeating: 1)
    defer { values.deallocate() }
    let sums = UnsafeMutableBufferPointer<Int>.allocate(capacity: 32)
    defer { sums.deallocate() }
    for _ in 0..<200 {
      pool.run(parts: 32) { part, _ in sums[part] = values[part] + values[(part + 7) % 32] }
      pool.run(parts: 32) { part, _ in values[part] = sums[part] % 1000 }
    }
    #expect(values.allSatisfy { $0 == values[0] })
  }

  /// A pool that has gone to sleep wakes up, and one that is let go ends its threads.
  @Test func poolsSleepAndEnd() async throws {
    for _ in 0..<20 {
      let pool = ThreadPool(threads: 4)
      try await Task.sleep(for: .milliseconds(5))
      let sum = Atomic<Int>(0)
      pool.run(parts: 100) { part, _ in sum.add(part, ordering: .relaxed) }
      #expect(sum.load(ordering: .relaxed) == 4950)
    }
  }
}

extension ThreadPool {
  /// Does every part with a closure.
  fileprivate func run(parts: Int, _ body: (Int, Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) {
        run(parts: parts, $0) { context, part, thread in
          context.assumingMemoryBound(to: ((Int, Int) -> Void).self).pointee(part, thread)
        }
      }
    }
  }
}
