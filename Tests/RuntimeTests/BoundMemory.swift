import Runtime

/// Memory for every input and output of a session, just as much as each has.
final class BoundMemory {
  private var memory: [UnsafeMutableBufferPointer<Float>] = []

  init(_ session: inout Session) {
    for index in 0..<session.program.header.inputCount {
      let values = allocate(session.program.input(index).count * session.batch)
      session.bindInput(index, to: UnsafePointer(values))
    }
    for index in 0..<session.program.header.outputCount {
      session.bindOutput(index, to: allocate(session.program.output(index).count * session.batch))
    }
  }

  deinit { for values in memory { values.deallocate() } }

  private func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
    values.initialize(repeating: 0)
    memory.append(values)
    return values.baseAddress!
  }
}
