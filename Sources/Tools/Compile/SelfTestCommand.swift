import ArgumentParser
import CNN

/// A compiled model's own test, on this machine.
struct SelfTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Runs the test that a compiled model holds, and says whether it passes.",
    discussion: "Example: cnntool selftest fashion-mnist.cnn")

  @Argument(help: "A .cnn file.", completion: .file(extensions: ["cnn"]))
  var model: String

  @Flag(help: "Print JSON.")
  var json = false

  private struct Report: Encodable {
    var file: String
    var difference: Float
    var tolerance: Float
    var passed: Bool
  }

  func run() throws {
    let compiled = try CompiledModel(contentsOf: model)
    guard let test = compiled.test else {
      throw ToolFailure("\(model): it holds no test; compile it with --test-vector")
    }
    let outputs = try Inference(compiled.program).run(test.inputs)
    let differences = zip(outputs, test.outputs).flatMap { found, expected in
      zip(found.values, expected.values).map { difference($0, $1) }
    }
    let report = Report(
      file: model, difference: differences.max() ?? 0, tolerance: test.tolerance,
      passed: differences.allSatisfy { $0 <= test.tolerance })
    if json { try JSONOutput.print(report) }
    guard report.passed else {
      throw ToolFailure(
        "\(model): an output is \(report.difference) from what it should be; at most "
          + "\(test.tolerance) is expected")
    }
    if !json { print("\(model): passed, at most \(report.difference) apart") }
  }

  /// Equal infinities and two NaN are not apart.
  private func difference(_ a: Float, _ b: Float) -> Float {
    if a == b || a.isNaN && b.isNaN { return 0 }
    return a.isFinite && b.isFinite ? abs(a - b) : .infinity
  }
}
