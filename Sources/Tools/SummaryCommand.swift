import ArgumentParser
import CNN

/// Keras's table of a model's layers.
struct SummaryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "Prints Keras's table of a model: layers, output shapes, parameters.",
    discussion: "Example: cnntool summary Models/fashion-mnist.h5")

  @OptionGroup var options: ModelOptions

  @OptionGroup var inputShapes: InputShapeOptions

  @Flag(help: "Print JSON.")
  var json = false

  /// The model for inputs of the sizes that were given.
  private func network() throws -> Network {
    try inputShapes.resize(try options.network())
  }

  func run() throws {
    let summary = try self.summary()
    if json { try JSONOutput.print(summary) } else { print(SummaryTable(summary).text) }
  }

  /// Of the model, or where it cannot be loaded, of what can be told of it.
  private func summary() throws -> ModelSummary {
    do {
      return try ModelSummary(try network())
    } catch {
      // What is wrong with the file itself is wrong with its outline, too, or with the weights.
      guard let outline = try? options.outline(),
        outline.problem != nil || !outline.hasWeights
          || outline.layers.contains(where: { $0.problem != nil })
      else { throw error }
      StandardError.write("cnntool: this model can be shown, but not computed: \(error)")
      return ModelSummary(outline)
    }
  }
}

/// What the table of a model says.
struct ModelSummary: Encodable {
  var name: String
  var className: String
  var layers: [Row]
  var totalParameters: Int
  var trainableParameters: Int
  var nonTrainableParameters: Int

  struct Row: Encodable {
    var index: Int
    var name: String
    var className: String
    /// One for each output, in which nil is an open size, as the batch always is; nil where they are not
    /// known.
    var outputShapes: [[Int?]]?
    var parameters: Int
    var connectedTo: [String]

    enum CodingKeys: String, CodingKey {
      case index, name, parameters
      case className = "class_name"
      case outputShapes = "output_shapes"
      case connectedTo = "connected_to"
    }
  }

  enum CodingKeys: String, CodingKey {
    case name, layers
    case className = "class_name"
    case totalParameters = "total_parameters"
    case trainableParameters = "trainable_parameters"
    case nonTrainableParameters = "non_trainable_parameters"
  }

  init(_ network: Network) throws {
    name = network.name
    className = network.kind.rawValue
    layers = try network.listedNodes.enumerated().map { index, node in
      let calls = network.calls.filter { $0.node == node }
      let parameters = try network.parameterCount(ofNode: node)
      return Row(
        index: index, name: network.nodes[node].name,
        className: network.nodes[node].layer.className,
        outputShapes: (calls.first?.outputShapes ?? []).map { [nil] + $0.sizes },
        parameters: parameters.trainable + parameters.fixed,
        connectedTo: calls.flatMap(\.inputs).map { reference in
          "\(network.nodes[network.calls[reference.call].node].name)[0][\(reference.output)]"
        })
    }
    let all = try network.parameterCount()
    totalParameters = all.trainable + all.fixed
    trainableParameters = all.trainable
    nonTrainableParameters = all.fixed
  }

  /// What is known of a model that cannot be computed.
  init(_ outline: ModelOutline) {
    name = outline.name
    className = outline.kind.rawValue
    trainableParameters = 0
    nonTrainableParameters = 0
    layers = []
    for (index, layer) in outline.layers.enumerated() {
      let parameters = layer.parameters ?? (trainable: 0, fixed: 0)
      trainableParameters += parameters.trainable
      nonTrainableParameters += parameters.fixed
      layers.append(
        Row(
          index: index, name: layer.name, className: layer.className,
          outputShapes: layer.outputShapes.map { $0.map { [nil] + $0.sizes } },
          parameters: parameters.trainable + parameters.fixed,
          connectedTo: layer.inputs.map { "\($0.layer)[0][\($0.output)]" }))
    }
    totalParameters = trainableParameters + nonTrainableParameters
  }
}
