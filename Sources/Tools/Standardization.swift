import ArgumentParser
import CNN
import Training

/// What is done to every value of an input: `(value · scale + offset - mean) / deviation`.
struct Standardization: ParsableArguments {
  @Option(help: ArgumentHelp("Multiply every value, for instance by 1/255.", valueName: "number"))
  var scale = Ratio(numerator: 1, denominator: 1)

  @Option(help: ArgumentHelp("Add to every value, after --scale.", valueName: "number"))
  var offset: Double = 0

  @Option(
    help: ArgumentHelp(
      "Subtract from each channel, after --offset: one number, or one a channel, by commas.",
      valueName: "numbers"))
  var mean = NumberList(values: [0])

  @Option(
    help: ArgumentHelp(
      "Divide each channel, last: one number, or one a channel, by commas.", valueName: "numbers"))
  var std = NumberList(values: [1])

  func validate() throws {
    guard std.values.allSatisfy({ $0 != 0 }) else { throw ValidationError("--std must not be 0") }
  }

  /// What is done, for whoever does it.
  var standardizer: Standardizer {
    Standardizer(
      numerator: scale.numerator, denominator: scale.denominator, offset: offset,
      means: mean.values, deviations: std.values)
  }

  /// - Throws: `ToolFailure`, where the numbers are not one a channel.
  func apply(to tensor: inout Tensor) throws {
    // Read once: behind each option's name is a search.
    let standardizer = standardizer
    if standardizer.isIdentity { return }
    let channels = tensor.shape.last ?? 1
    for (name, list) in [("mean", mean), ("std", std)]
    where list.values.count != 1 && list.values.count != channels {
      throw ToolFailure(
        "--\(name) has \(list.values.count) numbers; the input has \(channels) channels: "
          + "give one number, or \(channels)", isUsage: true)
    }
    for index in tensor.values.indices {
      tensor.values[index] = standardizer(tensor.values[index], channel: index % channels)
    }
  }
}

/// A number, or one over another: `1/255`.
struct Ratio: ExpressibleByArgument {
  var numerator: Double
  var denominator: Double

  init(numerator: Double, denominator: Double) {
    self.numerator = numerator
    self.denominator = denominator
  }

  init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0) }
    guard numbers.count == parts.count, (1...2).contains(parts.count),
      numbers.allSatisfy(\.isFinite)
    else { return nil }
    numerator = numbers[0]
    denominator = numbers.count == 2 ? numbers[1] : 1
    if denominator == 0 { return nil }
  }

  var defaultValueDescription: String { "1" }
}

/// Numbers separated by commas.
struct NumberList: ExpressibleByArgument {
  var values: [Double]

  init(values: [Double]) { self.values = values }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { Double($0) }
    guard values.count == parts.count, values.allSatisfy(\.isFinite) else { return nil }
  }

  var defaultValueDescription: String { values.map { "\($0)" }.joined(separator: ",") }
}
