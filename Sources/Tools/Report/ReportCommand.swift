import ArgumentParser
import CNN

/// A page in which everything that a model computes can be looked at.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Writes a page to look at everything that a model computes for its inputs.",
    discussion: """
      Example: cnntool report Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --labels Models/fashion-mnist-labels.txt -o report.html

      The page is one file that needs no network: the graph, the maps of every layer, each map's exact \
      numbers, its filter, and for every cell what it was made of. Where a model has one input, \
      several --input are several items, between which the page switches.
      """)

  /// More items make a page that nobody goes through.
  private static let mostItems = 16

  @OptionGroup var options: ModelOptions
  @OptionGroup var inputs: InputOptions
  @OptionGroup var compute: ComputeOptions

  @Option(
    help: ArgumentHelp("A text file with a class name a line.", valueName: "file"),
    completion: .file())
  var labels: String?

  @Option(
    help: ArgumentHelp(
      "How much the numbers in the page may take; what does not fit is left out.", valueName: "MB"))
  var limit: Double = 5

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The page; '-' for standard output.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var output: String

  func validate() throws {
    guard limit >= 0, limit <= 1000 else {
      throw ValidationError("--limit is \(limit); expected 0 to 1000 MB")
    }
  }

  func run() throws {
    try options.refuse(asOutput: output)
    let (network, tensors, items) = try load(try options.network())
    let names = try labels.map(LabelFile.read)
    try check(names, network)
    let data = try ReportBuilder(
      network: network, inputs: tensors, items: items, labels: names, limit: limit
    ).data(title: FigureHeading.fileName(options.model), compute)
    for note in data.notes { StandardError.write("cnntool: \(note)") }
    try OutputFile.write(try ReportPage.bytes(data), to: output, isText: true)
  }

  /// The items and what they are called, and the network for their sizes.
  private func load(
    _ network: Network
  ) throws -> (network: Network, inputs: [Tensor], items: [String]) {
    // Of a model with several inputs each file is one of them.
    let files = network.inputs.count == 1 ? inputs.files.input.map { [$0] } : [inputs.files.input]
    var sized = network
    var tensors: [Tensor] = []
    var items: [String] = []
    for group in files {
      var one = inputs.files
      one.input = group
      let loaded = try one.load(for: network)
      let name = group.map(FigureHeading.fileName).joined(separator: ", ")
      let count = loaded.inputs[0].shape[0]
      items += count == 1 ? [name] : (0..<count).map { "\(name), item \($0)" }
      if tensors.isEmpty {
        (sized, tensors) = loaded
      } else {
        try append(loaded.inputs, to: &tensors, file: name)
      }
    }
    if items.count > Self.mostItems {
      StandardError.write(
        "cnntool: the page has the first \(Self.mostItems) of \(items.count) items; "
          + "--index chooses others")
      items = Array(items.prefix(Self.mostItems))
      tensors = tensors.map { $0.prefix(Self.mostItems) }
    }
    return (sized, tensors, items)
  }

  private func append(_ more: [Tensor], to tensors: inout [Tensor], file: String) throws {
    for (index, tensor) in more.enumerated() {
      let (old, new) = (tensors[index].shape, tensor.shape)
      guard old.dropFirst() == new.dropFirst() else {
        throw ToolFailure(
          "\(file): an item has shape \(Array(new.dropFirst())), the first one "
            + "\(Array(old.dropFirst())); items of one page have one shape (--resize makes it so)")
      }
      tensors[index] = Tensor(
        shape: [old[0] + new[0]] + old.dropFirst(), values: tensors[index].values + tensor.values)
    }
  }

  private func check(_ labels: [String]?, _ network: Network) throws {
    guard let labels else { return }
    let counts = network.outputShapes.compactMap { $0.rank == 1 ? $0.count : nil }
    guard counts.contains(labels.count) else {
      throw ToolFailure(
        "\(self.labels ?? ""): it has \(labels.count) labels; the model's outputs have shapes "
          + network.outputShapes.map(\.description).joined(separator: " "))
    }
  }
}

extension Tensor {
  /// The first items of a batch.
  fileprivate func prefix(_ count: Int) -> Tensor {
    let size = values.count / max(shape[0], 1)
    return Tensor(
      shape: [count] + shape.dropFirst(), values: Array(values.prefix(count * size)))
  }
}
