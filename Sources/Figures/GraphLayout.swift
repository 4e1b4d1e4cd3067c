/// Places for the nodes of a graph without cycles: in layers from top to bottom, branches side by side.
///
/// The method of Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System
/// Structures", 1981: layers by the longest way from the top, stand-ins where an edge passes a layer, an order
/// in each layer by the mean place of the neighbours.
struct GraphLayout {
  /// The middle of each node.
  private(set) var centers: [Point]
  /// For each edge the places it passes between its nodes, from the top.
  private(set) var bends: [[Point]]
  private(set) var size: Size

  /// What is placed: a node, or the stand-in of an edge.
  private struct Item {
    var size: Size
    var layer: Int
    var x = 0.0
    var above: [Int] = []
    var below: [Int] = []
  }

  private static let layerGap = 26.0
  private static let nodeGap = 22.0
  private static let sweeps = 8

  /// - Parameters:
  ///   - sizes: Of the nodes.
  ///   - edges: From node to node; each leads to one that comes later.
  init(sizes: [Size], edges: [(from: Int, to: Int)]) {
    var items = sizes.map { Item(size: $0, layer: 0) }
    for edge in edges.sorted(by: { $0.to < $1.to }) {
      items[edge.to].layer = max(items[edge.to].layer, items[edge.from].layer + 1)
    }
    var chains: [[Int]] = []
    for edge in edges {
      var chain = [edge.from]
      for layer in items[edge.from].layer
        + 1..<max(items[edge.from].layer + 1, items[edge.to].layer)
      {
        chain.append(items.count)
        items.append(Item(size: Size(width: 8, height: 0), layer: layer))
      }
      chain.append(edge.to)
      for (from, to) in zip(chain, chain.dropFirst()) {
        items[from].below.append(to)
        items[to].above.append(from)
      }
      chains.append(chain)
    }
    var layers = [[Int]](repeating: [], count: (items.map(\.layer).max() ?? 0) + 1)
    for index in items.indices { layers[items[index].layer].append(index) }
    Self.arrange(&items, &layers)

    let left = items.map { $0.x - $0.size.width / 2 }.min() ?? 0
    let right = items.map { $0.x + $0.size.width / 2 }.max() ?? 0
    var tops: [Double] = []
    var y = 0.0
    for layer in layers {
      tops.append(y)
      y += (layer.map { items[$0].size.height }.max() ?? 0) + Self.layerGap
    }
    func center(_ index: Int) -> Point {
      let height = layers[items[index].layer].map { items[$0].size.height }.max() ?? 0
      return Point(x: items[index].x - left, y: tops[items[index].layer] + height / 2)
    }
    centers = sizes.indices.map(center)
    bends = chains.map { $0.dropFirst().dropLast().map(center) }
    size = Size(width: right - left, height: y - Self.layerGap)
  }

  /// Orders the layers and gives each item its place across, going down and up in turn.
  private static func arrange(_ items: inout [Item], _ layers: inout [[Int]]) {
    for index in layers.indices { spread(&items, layers[index]) }
    for sweep in 0..<sweeps {
      let isDown = sweep % 2 == 0
      for index in isDown ? Array(layers.indices) : layers.indices.reversed() {
        var wanted: [Int: Double] = [:]
        for item in layers[index] {
          let neighbours = isDown ? items[item].above : items[item].below
          wanted[item] =
            neighbours.isEmpty
            ? items[item].x
            : neighbours.reduce(0) { $0 + items[$1].x } / Double(neighbours.count)
        }
        layers[index].sort { (wanted[$0] ?? 0, $0) < (wanted[$1] ?? 0, $1) }
        for item in layers[index] { items[item].x = wanted[item] ?? 0 }
        spread(&items, layers[index])
      }
    }
  }

  /// Moves the items of a layer apart where they overlap, around where they wanted to be.
  private static func spread(_ items: inout [Item], _ layer: [Int]) {
    guard !layer.isEmpty else { return }
    let wanted = layer.reduce(0) { $0 + items[$1].x } / Double(layer.count)
    for (left, right) in zip(layer, layer.dropFirst()) {
      let least =
        items[left].x + (items[left].size.width + items[right].size.width) / 2 + nodeGap
      items[right].x = max(items[right].x, least)
    }
    let found = layer.reduce(0) { $0 + items[$1].x } / Double(layer.count)
    for item in layer { items[item].x += wanted - found }
  }
}
