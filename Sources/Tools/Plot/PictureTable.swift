import CNN
import Figures

/// Pictures, and what layers make of each of them, in a table.
struct PictureTable {
  let rows: [PictureRows.Row]
  let colors: ColorOptions
  let compute: ComputeOptions

  /// The layers that give maps, in the model's order; the input has a column of its own.
  static func layersWithMaps(_ network: Network) -> [String] {
    network.nodes.enumerated().filter { index, node in
      let rank = network.firstCall(ofNode: index)?.outputShapes.first?.rank ?? 0
      return (3...4).contains(rank) && !(node.layer is InputLayer)
    }.map(\.element.name)
  }

  /// The table of what `map` makes of each layer's maps.
  ///
  /// - Parameters:
  ///   - layers: The paths of the layers, with the titles of their columns.
  ///   - map: The map that is shown of a layer's maps.
  func figure(
    heading: Heading, layers: [(path: String, title: String)],
    _ map: (_ maps: [FeatureMap], _ path: String) throws -> FeatureMap
  ) throws -> MapTable {
    guard !rows.isEmpty else { throw ToolFailure("there are no pictures to draw") }
    var maps = [[FeatureMap]](repeating: [], count: layers.count)
    for row in rows {
      let outputs = try LayerOutputs.run(row.network, row.inputs, layers.map(\.path), compute)
      for (index, layer) in outputs.enumerated() {
        maps[index].append(
          try map(try FeatureMap.maps(of: layer.output, layer: layer.path), layer.path))
      }
    }
    var columns = try [Self.inputColumn(rows)].compactMap { $0 }
    var notes: [String] = []
    for (layer, maps) in zip(layers, maps) {
      let colored = colors.colored(maps)
      notes += colored.notes.map { "\(layer.path): \($0)" }
      columns.append(MapTable.Column(title: layer.title, maps: colored))
    }
    let range =
      switch colors.range {
      case .perLayer: "range per layer: above each column"
      case .perMap: "range per map: each by its own least and greatest"
      case .fixed(let low, let high): "range: \(NumberText.short(low)) … \(NumberText.short(high))"
      }
    return MapTable(
      heading: Heading(title: heading.title, lines: heading.lines + [range] + notes),
      rowTitles: rows.map(\.title), columns: columns)
  }

  /// The pictures themselves, gray or in colour: of several inputs the first that has rows, columns and
  /// channels; nil where all are vectors.
  static func inputColumn(_ rows: [PictureRows.Row]) throws -> MapTable.Column? {
    let axes = rows[0].inputs.map { $0.shape.count - 1 }
    guard let place = axes.firstIndex(of: 3) ?? axes.firstIndex(where: { (2...4).contains($0) })
    else { return nil }
    let tensors = rows.map { $0.inputs[place].withoutBatch }
    if let pictures = ColorPictures(tensors, range: .perLayer) {
      return MapTable.Column(title: "input", pictures: pictures.rasters)
    }
    let maps = try tensors.map { tensor in
      FeatureMap.mean(of: try FeatureMap.maps(of: tensor, layer: "input"), title: "")
    }
    return MapTable.Column(
      title: "input", maps: ColoredMaps(maps, map: .gray, range: .perLayer))
  }
}
