import ArgumentParser
import CNN
import DataFiles

/// The classes that a model finds in pictures.
struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Prints the most probable classes of each input.",
    discussion: """
      Example: cnntool predict Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --labels Models/fashion-mnist-labels.txt --top 3

      Lines are: class, probability, label; where several items are given, the item's number first.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var compute: ComputeOptions

  @Option(help: ArgumentHelp("How many classes to print.", valueName: "number"))
  var top: Int = 5

  @Option(
    help: ArgumentHelp("A text file with a class name a line.", valueName: "file"),
    completion: .file())
  var labels: String?

  @Flag(help: "Print JSON.")
  var json = false

  struct Prediction: Encodable {
    var item: Int
    var output: String
    var classes: [Class]

    struct Class: Encodable {
      var index: Int
      var label: String?
      var value: Float

      enum CodingKeys: String, CodingKey {
        case label, value
        case index = "class"
      }
    }
  }

  func validate() throws {
    guard top > 0 else { throw ValidationError("--top is \(top); expected at least 1") }
  }

  func run() throws {
    let (network, tensors) = try inputs.load(for: try options.network())
    let names = try labels.map(LabelFile.read)
    try check(names, network)
    let isSingle = tensors[0].shape[0] == 1
    var predictions: [Prediction] = []
    var item = 0
    try BatchRunner(network: network, compute: compute).run(tensors) { results in
      let count = results.outputs[0].shape[0]
      for row in 0..<count {
        for (tensor, output) in zip(results.outputs, network.outputNames) {
          let size = tensor.values.count / count
          let prediction = Prediction(
            item: item + row, output: output,
            classes: classes(tensor.values[row * size..<(row + 1) * size], names))
          if json { predictions.append(prediction) } else { show(prediction, network, isSingle) }
        }
      }
      item += count
    }
    if json { try JSONOutput.print(predictions) }
  }

  private func check(_ labels: [String]?, _ network: Network) throws {
    for (shape, name) in zip(network.outputShapes, network.outputNames) {
      guard shape.rank == 1, let count = shape.count else {
        throw ToolFailure(
          "output '\(name)' has shape \(shape), which is no list of classes; "
            + "'cnntool run' writes it as it is")
      }
      if let labels, labels.count != count {
        throw ToolFailure(
          "\(self.labels ?? ""): it has \(labels.count) labels; output '\(name)' has \(count) classes"
        )
      }
    }
  }

  private func classes(_ values: ArraySlice<Float>, _ labels: [String]?) -> [Prediction.Class] {
    let first = values.startIndex
    // The larger value, of equal ones the lower class; NaN last.
    let order = values.indices.sorted { a, b in
      if values[a].isNaN || values[b].isNaN { return !values[a].isNaN && values[b].isNaN }
      return values[a] != values[b] ? values[a] > values[b] : a < b
    }
    return order.prefix(top).map { index in
      Prediction.Class(index: index - first, label: labels?[index - first], value: values[index])
    }
  }

  private func show(_ prediction: Prediction, _ network: Network, _ isSingle: Bool) {
    if network.outputs.count > 1 { print("\(prediction.output):") }
    for entry in prediction.classes {
      var columns = isSingle ? [] : ["\(prediction.item)"]
      columns += ["\(entry.index)", FixedPoint.text(Double(entry.value), digits: 6)]
      if let label = entry.label { columns.append(label) }
      print(columns.joined(separator: "\t"))
    }
  }
}
