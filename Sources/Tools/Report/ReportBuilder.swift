import CNN
import Figures

/// Runs a model and takes down what a report shows, as far as it fits.
struct ReportBuilder {
  let network: Network
  let inputs: [Tensor]
  let items: [String]
  let labels: [String]?
  let limit: Double

  /// - Parameter title: What the model is called in the page.
  /// - Throws: `NetworkError` and `ToolFailure`, where the model cannot be run.
  func data(title: String, _ compute: ComputeOptions) throws -> ReportData {
    let graph = try ReportGraph(network)
    let taps = graph.layers.map(\.path)
    let results = try BatchRunner(network: network, compute: compute, taps: taps).run(inputs)
    var report = ReportData(
      model: title, graph: graph.size, items: items, layers: graph.layers,
      inputs: graph.inputs(of: network), outputs: graph.outputs, labels: labels,
      colors: ColorMap.viridis.colors.map(Self.hex), notes: [])
    for index in report.layers.indices {
      report.layers[index].shape = Array(results.taps[index].shape.dropFirst())
    }
    var budget = ReportBudget(megabytes: limit)
    // What went in and came out first; then all else in the model's order.
    let ends = report.inputs + report.outputs
    let order = ends + report.layers.indices.filter { !ends.contains($0) }
    for index in order where report.layers[index].values == nil {
      report.layers[index].values = budget.encode(results.taps[index].items)
    }
    // Filters first, then the weights of dense layers, which are many and less to look at.
    let dense = order.filter { report.layers[$0].recipe?.kind == .dense }
    for index in order.filter({ !dense.contains($0) }) + dense {
      embed(graph.weights[index], &report.layers[index], &budget)
    }
    report.notes = notes(report, graph)
    return report
  }

  private func embed(
    _ weights: [(name: String, tensor: Tensor)], _ layer: inout ReportData.Layer,
    _ budget: inout ReportBudget
  ) {
    guard layer.recipe != nil, layer.values != nil,
      let texts = budget.encode(weights.map { $0.tensor.values[...] })
    else { return }
    let pairs = zip(weights, texts).map { weight, text in
      (weight.name, ReportData.Weight(shape: weight.tensor.shape, values: text))
    }
    layer.recipe?.weights = Dictionary(pairs) { first, _ in first }
  }

  private func notes(_ report: ReportData, _ graph: ReportGraph) -> [String] {
    let limit = "\(limit) MB (--limit)"
    let valueless = report.layers.filter { $0.values == nil }.count
    let weightless = zip(report.layers, graph.weights).filter { layer, weights in
      !weights.isEmpty && layer.recipe?.weights == nil
    }.count
    var notes: [String] = []
    if valueless > 0 {
      notes.append(
        "The values of \(valueless) of \(report.layers.count) layers do not fit into \(limit); "
          + "their shapes are here.")
    }
    if weightless > 0 {
      notes.append("The weights of \(weightless) layers do not fit into \(limit).")
    }
    return notes
  }

  private static func hex(_ color: RGB) -> String {
    [color.red, color.green, color.blue].map { part in
      let digits = String(part, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

extension Tensor {
  /// The values of each item of a batch.
  fileprivate var items: [ArraySlice<Float>] {
    let size = values.count / max(shape[0], 1)
    return (0..<shape[0]).map { values[$0 * size..<($0 + 1) * size] }
  }
}
