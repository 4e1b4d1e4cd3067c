import CNN

/// What was measured, as it is printed: times in microseconds, rates in GFLOP/s, shares from 0 to 1.
struct BenchReport: Encodable {
  var model: String
  var instructionSet: String
  var threads: Int
  var batches: [Batch] = []

  enum CodingKeys: String, CodingKey {
    case model, threads, batches
    case instructionSet = "instruction_set"
  }

  struct Batch: Encodable {
    var batch: Int
    /// Of all threads together.
    var peak: Double
    var median: Double
    var p99: Double
    var least: Double
    var picturesPerSecond: Double
    var arenaBytes: Int
    var operations: [Row]

    enum CodingKeys: String, CodingKey {
      case batch, operations
      case peak = "peak_gflops"
      case median = "median_us"
      case p99 = "p99_us"
      case least = "min_us"
      case picturesPerSecond = "pictures_per_second"
      case arenaBytes = "arena_bytes"
    }

    init(_ inference: Inference, _ measurement: BenchMeasurement) {
      self.init(
        batch: inference.batch, threads: inference.threads, arenaBytes: inference.arenaSize,
        inference.operations, measurement)
    }

    init(
      batch: Int, threads: Int, arenaBytes: Int, _ summaries: [OperationSummary],
      _ measurement: BenchMeasurement
    ) {
      self.batch = batch
      let peak = measurement.peak * Double(threads)
      self.peak = peak * 1e-9
      median = measurement.latencies.quantile(0.5) * 1e3
      p99 = measurement.latencies.quantile(0.99) * 1e3
      least = measurement.latencies.quantile(0) * 1e3
      picturesPerSecond = Double(batch) / (median * 1e-6)
      self.arenaBytes = arenaBytes
      let all = measurement.operations.reduce(0, +)
      let pictures = batch
      operations = zip(summaries, measurement.operations).map { operation, time in
        let rate = 2 * Double(operation.multiplyAdds * pictures) / max(time, 1)
        return Row(
          layers: operation.layers, kind: operation.kind, algorithm: operation.algorithm,
          outputShape: operation.outputShape, time: time * 1e-3,
          shareOfTime: all > 0 ? time / all : 0, rate: rate, shareOfPeak: rate * 1e9 / peak,
          multiplyAdds: operation.multiplyAdds * pictures, weightBytes: operation.weightBytes,
          valueBytes: operation.valueBytes * pictures)
      }
    }
  }

  /// One operation.
  struct Row: Encodable {
    var layers: [String]
    var kind: String
    var algorithm: String
    var outputShape: [Int]
    var time: Double
    var shareOfTime: Double
    /// Of the layer as it is defined: Winograd's method does fewer operations than are counted.
    var rate: Double
    var shareOfPeak: Double
    var multiplyAdds: Int
    var weightBytes: Int
    var valueBytes: Int

    enum CodingKeys: String, CodingKey {
      case layers, kind, algorithm
      case outputShape = "output_shape"
      case time = "us"
      case shareOfTime = "share_of_time"
      case rate = "gflops"
      case shareOfPeak = "share_of_peak"
      case multiplyAdds = "multiply_adds"
      case weightBytes = "weight_bytes"
      case valueBytes = "value_bytes"
    }
  }
}

extension BenchReport {
  /// Tables for people.
  var text: String {
    var lines = [
      "\(model): \(instructionSet), \(threads) thread\(threads == 1 ? "" : "s")"
    ]
    for batch in batches {
      lines += [
        "",
        "batch \(batch.batch): median \(batch.median.fixed(1)) us, 99 % within "
          + "\(batch.p99.fixed(1)) us, least \(batch.least.fixed(1)) us; "
          + "\(batch.picturesPerSecond.fixed(0)) pictures/s; arena \(batch.arenaBytes.asBytes)",
        "FMA peak \(batch.peak.fixed(0)) GFLOP/s", "",
      ]
      lines += Self.table(batch.operations)
    }
    return lines.joined(separator: "\n")
  }

  private static func table(_ rows: [Row]) -> [String] {
    let head = [
      "layers", "operation", "algorithm", "output", "us", "time", "GFLOP/s", "of peak", "weights",
      "values",
    ]
    let cells = rows.map { row in
      let hasRate = row.multiplyAdds > 0
      return [
        row.layers.joined(separator: " + "), row.kind, row.algorithm,
        row.outputShape.map(String.init).joined(separator: "x"), row.time.fixed(1),
        (row.shareOfTime * 100).fixed(1) + " %", hasRate ? row.rate.fixed(1) : "",
        hasRate ? (row.shareOfPeak * 100).fixed(0) + " %" : "", row.weightBytes.asBytes,
        row.valueBytes.asBytes,
      ]
    }
    let widths = head.indices.map { column in
      cells.reduce(head[column].count) { max($0, $1[column].count) }
    }
    // Numbers to the right, words to the left.
    func line(_ cells: [String]) -> String {
      let padded = cells.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - cells[column].count)
        return column < 4 ? cells[column] + space : space + cells[column]
      }
      return padded.joined(separator: "  ")
    }
    return [line(head)] + cells.map(line)
  }
}

extension Double {
  /// With so many digits behind the point.
  fileprivate func fixed(_ digits: Int) -> String {
    let scale = (0..<digits).reduce(1) { product, _ in product * 10 }
    let scaled = Int((magnitude * Double(scale)).rounded())
    let sign = self < 0 ? "-" : ""
    if digits == 0 { return "\(sign)\(scaled)" }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
  }
}

extension Int {
  /// Bytes in the unit that they are read in.
  fileprivate var asBytes: String {
    if self < 1 << 10 { return "\(self) B" }
    if self < 1 << 20 { return (Double(self) / 1024).fixed(1) + " KiB" }
    return (Double(self) / 1_048_576).fixed(1) + " MiB"
  }
}
