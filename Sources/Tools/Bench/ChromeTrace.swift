import CNN

/// A run in the trace format that Chrome's viewer and Perfetto read.
struct ChromeTrace: Encodable {
  private var traceEvents: [Event]
  private var displayTimeUnit = "ns"

  private struct Event: Encodable {
    var name: String
    /// X: a span with a duration.
    var ph = "X"
    /// Microseconds.
    var ts: Double
    var dur: Double
    var pid = 1
    var tid: Int
    var args: Arguments
  }

  private struct Arguments: Encodable {
    var kind: String
    var algorithm: String
    var output: String
  }

  init(_ events: [OperationEvent], _ operations: [OperationSummary]) {
    let start = events.map(\.begin).min() ?? 0
    traceEvents = events.map { event in
      let operation = operations[event.operation]
      return Event(
        name: operation.layers.joined(separator: " + "),
        ts: Double(event.begin - start) / 1000, dur: Double(event.end - event.begin) / 1000,
        tid: event.thread,
        args: Arguments(
          kind: operation.kind, algorithm: operation.algorithm,
          output: operation.outputShape.map(String.init).joined(separator: "x")))
    }
  }

  func text() throws -> String { try JSONOutput.line(self) + "\n" }
}
