import CNN
import Figures

/// Inputs of three channels as pictures in colour.
struct ColorPictures {
  let rasters: [Raster]
  /// What the darkest and the brightest stand for.
  let rangeText: String

  /// Brings all values from the least to the greatest, or by a range that was asked for, to 0 to 1.
  ///
  /// - Returns: Nil where the inputs have not the shape (rows, columns, 3).
  init?(_ tensors: [Tensor], range: ValueRange) {
    guard tensors.allSatisfy({ $0.shape.count == 3 && $0.shape[2] == 3 && !$0.values.isEmpty })
    else { return nil }
    var (low, high) = (Double.infinity, -Double.infinity)
    if case .fixed(let least, let greatest) = range {
      (low, high) = (least, greatest)
    } else {
      for value in tensors.lazy.flatMap(\.values) where value.isFinite {
        low = min(low, Double(value))
        high = max(high, Double(value))
      }
    }
    if low > high { (low, high) = (0, 0) }
    let span = high > low ? high - low : 1
    rasters = tensors.map { tensor in
      var tensor = tensor
      for index in tensor.values.indices where tensor.values[index].isFinite {
        tensor.values[index] = Float((Double(tensor.values[index]) - low) / span)
      }
      func part(_ channel: Int) -> FeatureMap {
        FeatureMap(
          title: "", rows: tensor.shape[0], columns: tensor.shape[1],
          values: stride(from: channel, to: tensor.values.count, by: 3).map { tensor.values[$0] })
      }
      return Raster(red: part(0), green: part(1), blue: part(2))
    }
    rangeText = "range: \(NumberText.short(low)) … \(NumberText.short(high))"
  }
}
