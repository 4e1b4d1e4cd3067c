import ArgumentParser
import CNN
import DataSets
import Figures

/// Several pictures, from files or from a data set, for figures that compare them.
struct PictureRows: ParsableArguments {
  @OptionGroup var inputs: InputFiles

  @Option(
    help: ArgumentHelp(
      "A data set in place of --input: a folder of IDX files or of pictures by class, a CSV, .npz or "
        + ".npy file.", valueName: "path"), completion: .directory)
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Fetch a public data set in place of --data: mnist or fashion-mnist.", valueName: "name"))
  var download: PublicDataSet?

  @Option(
    help: ArgumentHelp(
      "The classes of the data set to show, by commas: 0,9; without it all.", valueName: "numbers"))
  var classes: ClassNumbers?

  @Option(
    help: ArgumentHelp("How many pictures of each class, from the first.", valueName: "number"))
  var pictures = 1

  func validate() throws {
    let sources = (inputs.input.isEmpty ? 0 : 1) + (data == nil ? 0 : 1) + (download == nil ? 0 : 1)
    guard sources == 1 else {
      throw ValidationError("expected --input, --data or --download, one of the three")
    }
    if !inputs.input.isEmpty, classes != nil || pictures != 1 {
      throw ValidationError("--classes and --pictures choose from --data; --input names files")
    }
    guard (1...100).contains(pictures) else {
      throw ValidationError("--pictures is \(pictures); expected 1 to 100")
    }
  }

  /// A picture, and the network for its size.
  struct Row {
    var title: String
    var network: Network
    /// The model's inputs, a batch of one each.
    var inputs: [Tensor]
  }

  /// What the figure's heading says of the pictures.
  var headingLine: String {
    let part =
      pictures == 1 ? "the first picture of each class" : "the first \(pictures) pictures a class"
    if let download { return "\(part) of \(download.rawValue)" }
    if let data { return "\(part) of \(FigureHeading.fileName(data))" }
    return "input: \(inputs.input.count) files"
  }

  func rows(_ network: Network) throws -> [Row] {
    inputs.input.isEmpty ? try dataRows(network) : try fileRows(network)
  }

  /// A row for each item of each file; the inputs of a model with several are one item.
  private func fileRows(_ network: Network) throws -> [Row] {
    if network.inputs.count > 1 {
      let (sized, tensors) = try inputs.load(for: network)
      return items(tensors, sized, title: "")
    }
    return try inputs.input.flatMap { path in
      var one = inputs
      one.input = [path]
      let (sized, tensors) = try one.load(for: network)
      let name = FigureHeading.fileName(path)
      let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
      return items(tensors, sized, title: stem)
    }
  }

  private func items(_ tensors: [Tensor], _ network: Network, title: String) -> [Row] {
    let count = tensors[0].shape[0]
    return (0..<count).map { item in
      let inputs = tensors.map { tensor in
        let size = tensor.values.count / count
        return Tensor(
          shape: [1] + tensor.shape.dropFirst(),
          values: Array(tensor.values[item * size..<(item + 1) * size]))
      }
      let label = count == 1 ? title : title.isEmpty ? "\(item)" : "\(title) \(item)"
      return Row(title: label, network: network, inputs: inputs)
    }
  }

  /// The first pictures of each class, of the items to test with where there are such.
  private func dataRows(_ network: Network) throws -> [Row] {
    guard network.inputs.count == 1 else {
      throw ToolFailure(
        "--data has one picture an item; the model has \(network.inputs.count) inputs: use --input")
    }
    let path = try download.map {
      try Download.fetch($0, showsProgress: StandardError.isTerminal)
    }
    let items = try DataSets.openTest(path ?? data ?? "", inputShape: network.inputShapes[0].known)
    let sized = try network.resized(inputShapes: [Shape(items.inputShape)])
    let names = items.classNames ?? download?.classNames
    var input = [Float](repeating: 0, count: items.inputSize)
    var target: [Float] = [0]
    return try chosen(of: items).flatMap { label, indices in
      let name = names.flatMap { $0.indices.contains(label) ? $0[label] : nil } ?? "class \(label)"
      return try indices.enumerated().map { number, index in
        var inputSpan = input.mutableSpan
        var targetSpan = target.mutableSpan
        try items.read(index, variation: nil, input: &inputSpan, target: &targetSpan)
        var tensor = Tensor(shape: [1] + items.inputShape, values: input)
        try inputs.standardization.apply(to: &tensor)
        return Row(
          title: pictures == 1 ? name : "\(name) \(number + 1)", network: sized, inputs: [tensor])
      }
    }
  }

  /// The classes that are shown, and which items of each: known by their labels, without reading any.
  private func chosen(of items: any DataSet) throws -> [(label: Int, indices: [Int])] {
    let wanted = classes?.values ?? items.classCount.map { Array(0..<$0) }
    var found: [Int: [Int]] = [:]
    for index in 0..<items.count {
      guard let label = items.label(of: index) else {
        throw ToolFailure("\(data ?? ""): its targets are no classes; --input names pictures")
      }
      if found[label, default: []].count < pictures { found[label, default: []].append(index) }
    }
    return try (wanted ?? found.keys.sorted()).map { label in
      guard let indices = found[label] else {
        throw ToolFailure("the data set has no item of class \(label); see --classes")
      }
      return (label, indices)
    }
  }
}

/// Numbers of classes, by commas.
struct ClassNumbers: ExpressibleByArgument {
  var values: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { Int($0) }
    guard values.count == parts.count, values.allSatisfy({ $0 >= 0 }),
      Set(values).count == values.count
    else { return nil }
  }
}
