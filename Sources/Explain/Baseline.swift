import Network

/// What a picture of nothing is: a value for each channel.
struct Baseline {
  private let values: [Float]

  /// - Parameter values: One for all channels, or one a channel.
  init(_ values: [Float], channels: Int) throws {
    guard values.count == 1 || values.count == channels else {
      throw NetworkError(
        "the baseline has \(values.count) values; the picture has \(channels) channels: give one "
          + "value, or \(channels)")
    }
    self.values = values
  }

  /// The value in the place of a picture's value, by its place among all.
  subscript(index: Int) -> Float { values[index % values.count] }
}
