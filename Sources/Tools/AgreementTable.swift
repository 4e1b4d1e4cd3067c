import CNN
import Glibc

/// How far a layer's values are from Keras's.
struct AgreementRow: Encodable {
  var name: String
  /// The shape here; nil where the model has no such layer.
  var shape: [Int]?
  /// The largest difference; nil where the values cannot be compared.
  var difference: Float?
  /// The same as a share of the largest of Keras's values.
  var relativeDifference: Float?
  var agrees: Bool
  /// Why not.
  var reason = ""

  private enum CodingKeys: String, CodingKey {
    case name, shape, difference, relativeDifference, agrees
  }

  init(_ expected: ReferenceFile.Expected, found: Tensor?, tolerance: Double) {
    name = expected.name
    agrees = false
    guard let found else {
      reason = "the model has no layer of this name"
      return
    }
    shape = found.shape
    let wanted = expected.values
    let samples = Self.samples(found, stride: expected.stride)
    let fits = expected.stride == 1 ? found.shape == wanted.shape : true
    guard fits, samples.count == wanted.values.count else {
      reason = "its values have shape \(found.shape); the reference's have \(wanted.shape)"
      return
    }
    var (largest, difference) = (Float(0), Float(0))
    for (value, other) in zip(samples, wanted.values) {
      // Neither is a number, or both are the same infinity.
      if value == other || value.isNaN && other.isNaN { continue }
      difference = max(difference, abs(value - other).isNaN ? .infinity : abs(value - other))
    }
    for value in wanted.values where value.isFinite { largest = max(largest, abs(value)) }
    let relative = largest > 0 ? difference / largest : difference
    self.difference = difference
    relativeDifference = relative
    agrees = Double(relative) <= tolerance
    if !agrees {
      reason =
        "by \(AgreementTable.number(difference)), \(AgreementTable.number(relative)) of its "
        + "largest value"
    }
  }

  /// Every so manieth value of each item.
  private static func samples(_ tensor: Tensor, stride: Int) -> [Float] {
    guard stride > 1, let batch = tensor.shape.first, batch > 0 else { return tensor.values }
    let size = tensor.values.count / batch
    return (0..<batch).flatMap { item in
      Swift.stride(from: 0, to: size, by: stride).map { tensor.values[item * size + $0] }
    }
  }
}

/// A table of how far layers are from Keras's.
struct AgreementTable {
  private let rows: [AgreementRow]

  init(_ rows: [AgreementRow]) { self.rows = rows }

  var text: String {
    let cells =
      [["Layer", "Shape", "Difference", "Relative", ""]]
      + rows.map { row in
        [
          row.name,
          row.shape.map { "(" + $0.map(String.init).joined(separator: ", ") + ")" } ?? "-",
          row.difference.map(Self.number) ?? "-", row.relativeDifference.map(Self.number) ?? "-",
          row.agrees ? "" : "differs",
        ]
      }
    return AlignedColumns.text(cells)
  }

  /// A number with two digits and its power of ten: `1.2e-07`.
  static func number(_ number: Float) -> String {
    guard number != 0, number.isFinite else { return number == 0 ? "0" : "\(number)" }
    var exponent = Int(log10(Double(number)).rounded(.down))
    var tenths = Int((Double(number) / pow(10, Double(exponent)) * 10).rounded())
    if tenths == 100 { (tenths, exponent) = (10, exponent + 1) }
    let sign = exponent < 0 ? "-" : "+"
    let digits = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    return "\(tenths / 10).\(tenths % 10)e\(sign)\(digits)"
  }
}
