import CNN
import Figures

extension GraphDrawing {
  /// A box for each use of a layer of a network, in the order of its calls, with its class, shapes and
  /// parameters; nested models are one box.
  init(_ network: Network, heading: Heading) throws {
    var uses: [Int: Int] = [:]
    let nodes = try network.calls.map { call in
      let node = network.nodes[call.node]
      let use = uses[call.node, default: 0]
      uses[call.node] = use + 1
      let parameters = try network.parameterCount(ofNode: call.node)
      let count = parameters.trainable + parameters.fixed
      let shapes = call.outputShapes.map(\.description).joined(separator: ", ")
      return Node(
        title: use == 0 ? node.name : "\(node.name):\(use)",
        lines: [node.layer.className, shapes]
          + (count > 0 ? ["\(SummaryTable.grouped(count)) parameters"] : []),
        kind: node.layer.className)
    }
    let edges = network.calls.enumerated().flatMap { index, call in
      // Two outputs of one layer are one line.
      Set(call.inputs.map(\.call)).sorted().map { (from: $0, to: index) }
    }
    self.init(nodes, edges: edges, heading: heading)
  }
}
