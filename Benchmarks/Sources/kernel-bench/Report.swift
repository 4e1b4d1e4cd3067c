import Kernel

/// What was measured with the kernels of one instruction set.
struct SetReport {
  var set: InstructionSet
  var workloads: [(workload: Workload, measurement: Measurement)] = []
  var latencies: [Latency] = []

  /// The most floating-point operations per second that any slice of multiply-adds reached.
  var peak: Double { workloads.map(\.measurement.bestPeak).max() ?? 0 }
}

/// Everything that was measured.
struct Report {
  var core: Int?
  var model: String?
  var sets: [SetReport] = []

  var text: String {
    var lines = [
      core.map { "One thread, kept on core \($0)." } ?? "One thread, not kept on one core.",
      "",
      "peak     the most GFLOP/s (a multiply-add is 2) of multiply-adds in registers alone, in",
      "         slices of 20 ms that alternate with the layer's: what the core could do just then",
      "time     one run of the layer with a batch of 1, in the best slice",
      "GFLOP/s  the layer's operations (those with padding's zeros not counted) divided by time",
      "median   the median over all slices of the layer's GFLOP/s divided by the peak right around",
      "         them: the figure that noise from neighbours moves least",
      "best     GFLOP/s of the best slice divided by the peak",
    ]
    for set in sets {
      lines += [
        "", "\(set.set.name): peak \(fixed(set.peak / 1e9, 1)) GFLOP/s", "",
        "  " + left("layer", 34) + right("time", 12) + right("GFLOP/s", 10) + right("median", 9)
          + right("best", 9),
      ]
      for (workload, result) in set.workloads {
        lines.append(
          "  " + left(workload.name, 34) + right(microseconds(result.bestTime), 12)
            + right(fixed(Double(workload.operations) / result.bestTime / 1e9, 1), 10)
            + right(fixed(result.medianShare * 100, 1) + " %", 9)
            + right(fixed(result.bestShare * 100, 1) + " %", 9))
      }
      guard let model, !set.latencies.isEmpty else { continue }
      let columns = ["best", "median", "a picture"].map { right($0, 12) }
      lines += ["", "  " + left(model, 34) + columns.joined()]
      for latency in set.latencies {
        lines.append(
          "  " + left("batch of \(latency.batch), whole model", 34)
            + right(microseconds(latency.best), 12) + right(microseconds(latency.median), 12)
            + right(microseconds(latency.median / Double(latency.batch)), 12))
      }
    }
    return lines.joined(separator: "\n")
  }

  /// The same; times in seconds, rates in operations per second, shares from 0 to 1.
  var json: String {
    let sets = sets.map { set in
      let workloads = set.workloads.map { workload, result in
        """
        {"layer": \(quoted(workload.name)), "operations": \(workload.operations), \
        "bestTime": \(result.bestTime), "bestPeak": \(result.bestPeak), \
        "medianShare": \(result.medianShare), "bestShare": \(result.bestShare)}
        """
      }
      let latencies = set.latencies.map {
        #"{"batch": \#($0.batch), "bestTime": \#($0.best), "medianTime": \#($0.median)}"#
      }
      return """
            {
              "instructionSet": "\(set.set.name)",
              "peak": \(set.peak),
              "layers": [
                \(workloads.joined(separator: ",\n        "))
              ],
              "latencies": [
                \(latencies.joined(separator: ",\n        "))
              ]
            }
        """
    }
    return """
      {
        "core": \(core.map(String.init) ?? "null"),
        "model": \(model.map(quoted) ?? "null"),
        "sets": [
      \(sets.joined(separator: ",\n"))
        ]
      }
      """
  }
}

/// A number with so many digits behind the point.
private func fixed(_ value: Double, _ digits: Int) -> String {
  let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
  let scaled = Int((value * Double(scale)).rounded())
  guard digits > 0 else { return String(scaled) }
  let fraction = String(scaled % scale)
  return "\(scaled / scale)." + String(repeating: "0", count: digits - fraction.count) + fraction
}

private func microseconds(_ seconds: Double) -> String { fixed(seconds * 1e6, 1) + " us" }

private func left(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(1, width - text.count))
}

private func right(_ text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(1, width - text.count)) + text
}

private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": result += "\\\(scalar)"
    case "\0"..."\u{1f}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
