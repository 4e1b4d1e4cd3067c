import CNN
import Figures

/// The layers of a network and of those nested in it, one for each use, behind those that they take their
/// inputs from.
struct ReportGraph {
  private(set) var layers: [ReportData.Layer] = []
  private(set) var outputs: [Int] = []
  /// For each layer its weights with their names, where the page can show what they do.
  private(set) var weights: [[(name: String, tensor: Tensor)]] = []
  private(set) var size = ReportData.GraphSize(width: 0, height: 0)
  private var uses: [String: Int] = [:]
  /// The layers of the network itself, in the order of its calls.
  private var outer: [Int] = []

  /// - Parameter network: One of known sizes.
  init(_ network: Network) throws {
    outputs = try append(network, prefix: "", inputs: [])
    try place(network)
  }

  /// Where the model's inputs are in `layers`, in their order.
  func inputs(of network: Network) -> [Int] {
    network.inputNames.compactMap { name in layers.firstIndex { $0.path == name } }
  }

  /// - Parameter inputs: What a nested model is given, as places in `layers`.
  /// - Returns: Its outputs, as such places.
  private mutating func append(
    _ network: Network, prefix: String, inputs: [Int]
  ) throws -> [Int] {
    var places: [Int] = []
    for call in network.calls {
      let node = network.nodes[call.node]
      let path = prefix + node.name
      let use = uses[path, default: 0]
      uses[path] = use + 1
      var sources = call.inputs.map { places[$0.call] }
      let position = network.inputs.firstIndex { network.calls[$0.call].node == call.node }
      if let position, !prefix.isEmpty { sources = [inputs[position]] }
      let parameters = try network.parameterCount(ofNode: call.node)
      var layer = ReportData.Layer(
        path: use == 0 ? path : "\(path):\(use)", className: node.layer.className,
        shape: call.outputShapes.first?.known ?? [],
        parameters: parameters.trainable + parameters.fixed, inputs: sources)
      if let position {
        layer.field =
          prefix.isEmpty ? .pixels(ofInput: position) : layers[sources[0]].field
      } else if let nested = node.layer as? NestedNetwork, !nested.isTimeDistributed {
        let inner = try nested.network.resized(inputShapes: call.inputShapes)
        let results = try append(inner, prefix: path + "/", inputs: sources)
        layer.field = results.count == 1 ? layers[results[0]].field : nil
      } else {
        let fields = sources.map { layers[$0].field }
        layer.field = ReceptiveField.field(of: call, node.layer, fields)
        layer.recipe = ReportData.Recipe(call, node.layer)
      }
      if !(2...3).contains(layer.shape.count) { layer.field = nil }
      places.append(layers.count)
      layers.append(layer)
      let names = try network.weightSpecifications(ofNode: call.node).map(\.name)
      let named = zip(names, node.weights ?? []).map { (name: $0, tensor: $1) }
      weights.append(layer.recipe == nil ? [] : named)
    }
    if prefix.isEmpty { outer = places }
    return network.outputs.map { places[$0.call] }
  }

  /// Says where the layers that are not nested are in the graph.
  private mutating func place(_ network: Network) throws {
    let drawing = try GraphDrawing(network, heading: Heading(title: ""))
    size = ReportData.GraphSize(width: drawing.size.width, height: drawing.size.height)
    for (position, index) in outer.enumerated() {
      let frame = drawing.frame(of: position)
      layers[index].frame = ReportData.Frame(
        x: frame.x, y: frame.y, width: frame.width, height: frame.height)
    }
  }
}
