import CNN
import DataFiles
import Figures

/// Pictures and what one method says of them.
struct ExplanationTable {
  let items: [Item]
  /// What the method is called, and the layer that it looks at; nil where it is the input.
  let method: String
  let layer: String?
  /// What the scores are.
  let scoreText: String
  let colormap: ColorMap
  let range: ValueRange

  struct Item {
    var row: PictureRows.Row
    var explanation: Explanation
    /// The name of the class; nil where there are no labels.
    var label: String?

    var className: String { label ?? "class \(explanation.classIndex)" }
  }

  /// A line for each picture: the picture, the map, both over each other.
  func figure(inputLine: String) throws -> MapTable {
    guard !items.isEmpty, let input = try PictureTable.inputColumn(items.map(\.row)) else {
      throw ToolFailure("there are no pictures to explain")
    }
    let maps = items.map { FeatureMap($0.explanation.map) }
    let colored = ColoredMaps(maps, map: colormap, range: range)
    let overlays = zip(input.rasters, zip(maps, colored.scales)).map { picture, map in
      let large = map.0.resized(rows: picture.height, columns: picture.width)
      return picture.overlaid(
        with: map.1.raster(large.values, rows: large.rows, columns: large.columns))
    }
    let isSingle = items.count == 1
    return MapTable(
      heading: heading(inputLine, colored),
      rowTitles: isSingle ? [""] : items.indices.map { rowTitle($0, colored) },
      columns: [
        input, MapTable.Column(title: method, maps: colored),
        MapTable.Column(title: "overlay", pictures: overlays),
      ], side: isSingle ? 240 : nil)
  }

  private func heading(_ inputLine: String, _ colored: ColoredMaps) -> Heading {
    let subject = method + (layer.map { " of \($0)" } ?? "")
    let classes = Set(items.map(\.className))
    let name = classes.count == 1 ? items[0].className : nil
    let isNamed = items.count == 1 && !items[0].row.title.isEmpty
    var lines = [isNamed ? "input: \(items[0].row.title)" : inputLine]
    if items.count == 1 {
      let output = items[0].explanation.output.map { "; output \(Self.text($0))" } ?? ""
      lines.append("\(scoreText) \(Self.text(items[0].explanation.score))\(output)")
    } else {
      lines.append("beside each picture: class and \(scoreText)")
    }
    switch range {
    case .perMap where items.count > 1: lines.append("range per map, beside each picture")
    default: lines.append("range: \(Self.text(colored.scales[0]))")
    }
    return Heading(
      title: subject + (name.map { ": \($0)" } ?? ""), lines: lines + colored.notes)
  }

  /// `bag: Bag 12.3`, with the range where each map has its own.
  private func rowTitle(_ index: Int, _ colored: ColoredMaps) -> String {
    let item = items[index]
    let name = item.row.title.isEmpty ? "" : "\(item.row.title): "
    let limits = range == .perMap ? ", \(Self.text(colored.scales[index]))" : ""
    return "\(name)\(item.className) \(Self.text(item.explanation.score))\(limits)"
  }

  private static func text(_ number: Float) -> String { NumberText.short(Double(number)) }

  private static func text(_ scale: ColorScale) -> String {
    "\(NumberText.short(scale.low)) … \(NumberText.short(scale.high))"
  }

  /// All numbers with the pictures as first axis.
  ///
  /// - Throws: `ToolFailure`, where they are of several sizes.
  func array() throws -> Tensor {
    let shape = items[0].explanation.values.shape
    guard items.allSatisfy({ $0.explanation.values.shape == shape }) else {
      throw ToolFailure("the pictures' maps are of several sizes; write --npy for one at a time")
    }
    return Tensor(
      shape: [items.count] + shape, values: items.flatMap(\.explanation.values.values))
  }

  /// What was explained, for machines.
  struct Report: Encodable {
    var input: String
    var method: String
    var layer: String?
    var classIndex: Int
    var label: String?
    var score: Float
    var output: Float?
    /// The least and the greatest number of the map.
    var low: Float
    var high: Float

    enum CodingKeys: String, CodingKey {
      case input, method, layer, label, score, output, low, high
      case classIndex = "class"
    }
  }

  var reports: [Report] {
    items.map { item in
      let values = item.explanation.map.values
      return Report(
        input: item.row.title, method: method, layer: layer,
        classIndex: item.explanation.classIndex, label: item.label,
        score: item.explanation.score, output: item.explanation.output,
        low: values.min() ?? 0, high: values.max() ?? 0)
    }
  }
}

extension FeatureMap {
  /// A map of shape (rows, columns).
  fileprivate init(_ tensor: Tensor) {
    self.init(title: "", rows: tensor.shape[0], columns: tensor.shape[1], values: tensor.values)
  }

  /// The map in another size, bilinear.
  fileprivate func resized(rows: Int, columns: Int) -> FeatureMap {
    let tensor = Tensor(shape: [self.rows, self.columns, 1], values: values)
      .resized(width: columns, height: rows, interpolation: .bilinear)
    return FeatureMap(title: title, rows: rows, columns: columns, values: tensor.values)
  }
}
