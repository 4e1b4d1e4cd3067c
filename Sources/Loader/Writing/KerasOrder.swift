import Network

/// The order in which Keras lists the layers of a model, which is that of their weights in a file.
///
/// Of a Functional model it follows from the connections alone (Keras's `map_graph`): the layers by their
/// distance from the outputs, those of the same distance as they are met from the outputs backwards.
package struct KerasOrder {
  /// The layers by their indices, without any that the outputs do not depend on.
  package let nodes: [Int]
  /// For each layer its calls that are used.
  package let calls: [[Int]]

  package init(_ network: Network) {
    if network.kind == .sequential {
      nodes = Array(network.nodes.indices)
      calls = nodes.map { node in
        network.calls.indices.filter { network.calls[$0].node == node }
      }
      return
    }
    var traversal = Traversal(network)
    for output in network.outputs { traversal.visit(output.call) }
    let depths = traversal.depths()
    var firstMet = traversal.firstMet
    for input in network.inputs {
      firstMet[network.calls[input.call].node] = firstMet[network.calls[input.call].node] ?? -1
    }
    nodes = firstMet.keys.sorted { a, b in
      let (x, y) = (depths[a] ?? 0, depths[b] ?? 0)
      if x != y { return x > y }
      let (i, j) = (firstMet[a] ?? -1, firstMet[b] ?? -1)
      return i != j ? i < j : a < b
    }
    let used = Set(traversal.order).union(network.inputs.map(\.call))
    var calls = [[Int]](repeating: [], count: network.nodes.count)
    for call in network.calls.indices where used.contains(call) {
      calls[network.calls[call].node].append(call)
    }
    self.calls = calls
  }

  /// The way from the outputs to the inputs, depth first.
  private struct Traversal {
    let network: Network
    /// The calls, each behind those that it takes its inputs from.
    private(set) var order: [Int] = []
    /// For each layer when it was met first.
    private(set) var firstMet: [Int: Int] = [:]
    private var isVisited: [Bool]

    init(_ network: Network) {
      self.network = network
      isVisited = Array(repeating: false, count: network.calls.count)
    }

    /// With a stack of its own, since models may be deeper than the program's.
    mutating func visit(_ call: Int) {
      var stack: [(call: Int, next: Int)] = []
      enter(call, &stack)
      while let top = stack.last {
        let inputs = network.calls[top.call].inputs
        if top.next < inputs.count {
          stack[stack.count - 1].next += 1
          enter(inputs[top.next].call, &stack)
        } else {
          order.append(top.call)
          stack.removeLast()
        }
      }
    }

    private mutating func enter(_ call: Int, _ stack: inout [(call: Int, next: Int)]) {
      guard !isVisited[call] else { return }
      isVisited[call] = true
      let node = network.calls[call].node
      if firstMet[node] == nil { firstMet[node] = firstMet.count }
      stack.append((call, 0))
    }

    /// For each layer the largest distance of its calls from the outputs.
    func depths() -> [Int: Int] {
      var ofCalls = [Int](repeating: 0, count: network.calls.count)
      var ofNodes: [Int: Int] = [:]
      for call in order.reversed() {
        let node = network.calls[call].node
        let depth = max(ofCalls[call], ofNodes[node] ?? 0)
        ofNodes[node] = depth
        for input in network.calls[call].inputs {
          ofCalls[input.call] = max(ofCalls[input.call], depth + 1)
        }
      }
      return ofNodes
    }
  }
}
