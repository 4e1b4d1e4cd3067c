import ArgumentParser
import CNN
import DataFiles

/// Whether a model computes here what it computes in Keras.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compares what every layer computes with what Keras computed.",
    discussion: """
      Example: cnntool verify model.h5 --reference reference.npz

      Examples/python/save_reference.py writes the reference: the input as 'input', or for several as \
      'input:NAME', and layers' outputs under their names, 'outer/inner' inside of a nested model, 'NAME:1' \
      for the second call of a shared layer; the model's outputs may be 'output_0', 'output_1' and so on.

      A layer agrees where no value is further from Keras's than the tolerance times the layer's largest \
      value. The exit status is 1 where one does not.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var compute: ComputeOptions

  @Option(
    help: ArgumentHelp("The .npz file with inputs and outputs.", valueName: "file"),
    completion: .file(extensions: ["npz"]))
  var reference: String

  @Option(help: ArgumentHelp("The largest difference, relative to the layer.", valueName: "number"))
  var tolerance = 1e-4

  @Flag(help: "Print the table as JSON.")
  var json = false

  func validate() throws {
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance is \(tolerance); expected a number from 0")
    }
  }

  func run() throws {
    let network = try options.network()
    let file = try ReferenceFile(reference)
    let inputs = try file.inputs(of: network)
    let sized = try network.resized(
      inputShapes: inputs.map { Shape(Array($0.shape.dropFirst())) })
    let inference = try compute.inference(
      sized, batch: inputs[0].shape[0], taps: Set(network.layerPaths))
    let outputs = try inference.run(inputs)
    let rows = file.expected(of: network).map { expected -> AgreementRow in
      let found: Tensor?
      switch expected.place {
      case .layer(let path): found = inference.tap(path)
      case .output(let index): found = outputs.indices.contains(index) ? outputs[index] : nil
      }
      return AgreementRow(expected, found: found, tolerance: tolerance)
    }
    let first = rows.first { !$0.agrees }
    if json {
      try JSONOutput.print(
        Report(
          model: options.model, reference: reference, tolerance: tolerance, layers: rows,
          firstDifference: first?.name))
    } else {
      print(AgreementTable(rows).text)
    }
    if let first {
      throw ToolFailure("layer '\(first.name)' is the first that differs: \(first.reason)")
    }
  }

  private struct Report: Encodable {
    var model: String
    var reference: String
    var tolerance: Double
    var layers: [AgreementRow]
    var firstDifference: String?
  }
}
