import Network

/// Numbers in rows and columns: one channel of what a layer computes.
public struct FeatureMap: Equatable, Sendable {
  public var title: String
  public var rows: Int
  public var columns: Int
  /// Row by row.
  public var values: [Float]

  /// - Precondition: There are `rows * columns` values.
  public init(title: String, rows: Int, columns: Int, values: [Float]) {
    precondition(values.count == rows * columns, "\(values.count) values do not fill the map")
    self.title = title
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The maps of a layer, from its output for one item, without the batch.
  ///
  /// A map for each channel of (rows, columns, channels), titled with its number; for each plane and channel
  /// of (planes, rows, columns, channels), titled `channel:plane`; and one for (steps, channels).
  ///
  /// - Throws: `FigureError`, where the shape has fewer or more axes, or no values.
  public static func maps(of output: Tensor) throws(FigureError) -> [FeatureMap] {
    let shape = output.shape
    guard (2...4).contains(shape.count) else {
      throw FigureError(
        "values of shape \(shape) are no maps; expected 2 to 4 axes: rows, columns, channels")
    }
    guard !output.values.isEmpty else { throw FigureError("values of shape \(shape) are none") }
    if shape.count == 2 {
      return [FeatureMap(title: "", rows: shape[0], columns: shape[1], values: output.values)]
    }
    let (rows, columns, channels) = (shape[shape.count - 3], shape[shape.count - 2], shape.last!)
    let planes = shape.count == 4 ? shape[0] : 1
    let size = rows * columns
    return (0..<channels * planes).map { index in
      let (channel, plane) = (index / planes, index % planes)
      let first = plane * size * channels + channel
      return FeatureMap(
        title: planes > 1 ? "\(channel):\(plane)" : "\(channel)", rows: rows, columns: columns,
        values: (0..<size).map { output.values[first + $0 * channels] })
    }
  }

  /// The mean over all maps, cell by cell, added up in double precision.
  ///
  /// - Precondition: There is a map, and all are of its size.
  public static func mean(of maps: [FeatureMap], title: String) -> FeatureMap {
    var sums = [Double](repeating: 0, count: maps[0].values.count)
    for map in maps {
      for (cell, value) in map.values.enumerated() { sums[cell] += Double(value) }
    }
    return FeatureMap(
      title: title, rows: maps[0].rows, columns: maps[0].columns,
      values: sums.map { Float($0 / Double(maps.count)) })
  }
}
