import ArgumentParser
import CNN
import DataFiles
import Figures

/// The pictures that excite channels most.
struct ExplainMaximiseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maximise",
    abstract: "Finds the picture that excites a channel of a layer most.",
    discussion: """
      Example: cnntool explain maximise Models/fashion-mnist.h5 --layer conv_layer_3 --channel 7 \
      --limits 0:1 -o channel.png

      Gradient ascent from faint noise, as in Keras's example "Visualizing what convnets learn". Of the \
      model's last layer, what its softmax or sigmoid is applied to is maximised. The same seed gives \
      the same picture.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var inputShapes: InputShapeOptions
  @OptionGroup var compute: ComputeOptions
  @OptionGroup var colors: ColorOptions
  @OptionGroup var file: FigureFile

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The layer's name or index, 'outer/inner' inside of a nested model.", valueName: "layer"))
  var layer: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The channel, from 0; may be repeated.", valueName: "number"))
  var channel: [Int]

  @Option(help: ArgumentHelp("How many steps.", valueName: "number"))
  var steps = 30

  @Option(
    help: ArgumentHelp("What a gradient of length 1 is multiplied by.", valueName: "number"))
  var rate = 10.0

  @Option(help: ArgumentHelp("What the noise follows from.", valueName: "number"))
  var seed: UInt64 = 0

  @Option(
    help: ArgumentHelp(
      "What values the picture may have, as the model takes them: 0:1 for one that was trained on "
        + "pixels times 1/255.", valueName: "LOW:HIGH"))
  var limits: Limits?

  @Option(
    help: ArgumentHelp("Write the pictures' values, too.", valueName: "file"),
    completion: .file(extensions: ["npy"]))
  var npy: String?

  @Flag(help: "Print as JSON how much the channels were excited before and after.")
  var json = false

  func validate() throws {
    guard (1...100_000).contains(steps) else {
      throw ValidationError("--steps is \(steps); expected 1 to 100000")
    }
    guard rate > 0, rate.isFinite else {
      throw ValidationError("--rate is \(rate); expected more than 0")
    }
    if json, file.output == "-" || npy == "-" {
      throw ValidationError("--json is printed, and so would '-' be: name a file")
    }
  }

  struct Report: Encodable {
    var layer: String
    var channel: Int
    var before: Float
    var after: Float
  }

  func run() throws {
    for path in [file.output, npy].compactMap({ $0 }) { try options.refuse(asOutput: path) }
    let network = try inputShapes.resize(try options.network())
    let path = try network.layerPath(layer)
    let results = try channel.map { channel in
      try ActivationMaximisation(
        layer: path, channel: channel, steps: steps, rate: rate, seed: seed,
        limits: limits.map { Float($0.low)...Float($0.high) }
      ).run(network, threads: compute.threads, algorithm: compute.convolutionAlgorithm)
    }
    let figure = try figure(results, path)
    if let npy {
      try OutputFile.write(
        NPY.bytes(
          of: Tensor(
            shape: [results.count] + results[0].picture.shape,
            values: results.flatMap(\.picture.values))), to: npy)
    }
    try file.write(figure)
    if json {
      try JSONOutput.print(
        zip(channel, results).map {
          Report(layer: path, channel: $0, before: $1.before, after: $1.after)
        })
    }
  }

  /// The pictures in a grid, in colour where they have three channels.
  private func figure(
    _ results: [ActivationMaximisation.Result], _ path: String
  ) throws -> MapGrid {
    let titles = zip(channel, results).map {
      "\($0): \(NumberText.short(Double($1.before))) → \(NumberText.short(Double($1.after)))"
    }
    let heading = Heading(
      title: "what excites \(path)",
      lines: [
        "channel: its mean before and after \(steps) steps of rate "
          + "\(NumberText.short(rate)), seed \(seed)"
      ])
    let shape = GridShape(nearSquare: results.count)
    if let pictures = ColorPictures(results.map(\.picture), range: colors.range) {
      return MapGrid(
        rasters: pictures.rasters, titles: titles,
        heading: Heading(title: heading.title, lines: heading.lines + [pictures.rangeText]),
        shape: shape, cell: colors.cell)
    }
    let maps = try zip(titles, results).map { title, result in
      FeatureMap.mean(of: try FeatureMap.maps(of: result.picture, layer: "input"), title: title)
    }
    return MapGrid(colors.colored(maps), heading: heading, shape: shape, cell: colors.cell)
  }
}
