import Network

/// The kernels of a convolution as maps.
public struct FilterGrid {
  /// A map for each filter and input channel.
  public let maps: [FeatureMap]
  public let filters: Int
  public let channels: Int

  /// The kernels of a layer.
  ///
  /// Numbers are brought to 0 to 1 over the whole layer: (w − least) / (greatest − least); where all are the
  /// same, 0. What is not finite stays, and does not count.
  ///
  /// - Parameters:
  ///   - kernel: Of (rows, columns, input channels, filters), Keras's layout of a convolution; without rows
  ///     for one of one dimension.
  ///   - hasFiltersFirst: Whether the last two axes are the other way round, as in a transposed convolution.
  /// - Throws: `FigureError`, where it has other axes.
  public init(_ kernel: Tensor, hasFiltersFirst: Bool = false) throws(FigureError) {
    let shape = kernel.shape.count == 3 ? [1] + kernel.shape : kernel.shape
    guard shape.count == 4, !kernel.values.isEmpty else {
      throw FigureError(
        "a kernel of shape \(kernel.shape) is no picture; expected rows, columns, channels and "
          + "filters")
    }
    let (rows, columns) = (shape[0], shape[1])
    (filters, channels) = hasFiltersFirst ? (shape[2], shape[3]) : (shape[3], shape[2])
    let finite = kernel.values.filter(\.isFinite)
    low = Double(finite.min() ?? 0)
    high = Double(finite.max() ?? 0)
    let (low, high) = (low, high)
    let values = kernel.values.map { value -> Float in
      guard value.isFinite else { return value }
      return high > low ? Float((Double(value) - low) / (high - low)) : 0
    }
    var maps: [FeatureMap] = []
    for filter in 0..<filters {
      for channel in 0..<channels {
        let (third, fourth) = hasFiltersFirst ? (filter, channel) : (channel, filter)
        maps.append(
          FeatureMap(
            title: "", rows: rows, columns: columns,
            values: (0..<rows * columns).map {
              values[($0 * shape[2] + third) * shape[3] + fourth]
            }))
      }
    }
    self.maps = maps
  }

  /// The least weight of the layer, which is drawn as 0.
  public let low: Double
  /// The greatest weight of the layer, which is drawn as 1.
  public let high: Double

  public subscript(filter: Int, channel: Int) -> FeatureMap { maps[filter * channels + channel] }

  /// A filter in colour, of three input channels.
  ///
  /// - Precondition: There are three.
  public func colored(_ filter: Int) -> Raster {
    precondition(channels == 3, "colours have three parts")
    return Raster(red: self[filter, 0], green: self[filter, 1], blue: self[filter, 2])
  }
}

extension Raster {
  /// Three maps of numbers from 0 to 1 as the parts of colours.
  ///
  /// - Precondition: The maps are of one size.
  public init(red: FeatureMap, green: FeatureMap, blue: FeatureMap) {
    func level(_ value: Float) -> UInt8 { UInt8(max(0, min(255, (value * 255).rounded()))) }
    self.init(
      width: red.columns, height: red.rows,
      cells: red.values.indices.map { cell in
        let parts = [red.values[cell], green.values[cell], blue.values[cell]]
        guard parts.allSatisfy(\.isFinite) else { return ColorMap.notANumber.color }
        return RGB(level(parts[0]), level(parts[1]), level(parts[2]))
      })
  }
}
