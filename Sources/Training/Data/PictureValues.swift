/// Changes of a picture's values in place, as Keras's `preprocessing.image` makes them.
enum PictureValues {
  /// Adds `amount` to every value and keeps them within the range that they had.
  static func shift(_ picture: inout MutableSpan<Float>, by amount: Float) {
    let (least, most) = range(of: picture)
    for index in 0..<picture.count {
      picture[index] = min(max(picture[index] + amount, least), most)
    }
  }

  /// Swaps left and right.
  static func flipHorizontally(
    _ picture: inout MutableSpan<Float>, height: Int, width: Int, channels: Int
  ) {
    for row in 0..<height {
      for column in 0..<width / 2 {
        let left = (row * width + column) * channels
        let right = (row * width + width - 1 - column) * channels
        for channel in 0..<channels { picture.swapAt(left + channel, right + channel) }
      }
    }
  }

  /// Swaps top and bottom.
  static func flipVertically(_ picture: inout MutableSpan<Float>, height: Int, rowSize: Int) {
    for row in 0..<height / 2 {
      let other = height - 1 - row
      for index in 0..<rowSize { picture.swapAt(row * rowSize + index, other * rowSize + index) }
    }
  }

  /// Multiplies every value by `factor` the way Keras does through Pillow: as bytes, whose fractions are
  /// cut off before and after. Values that are no bytes are stretched to 0…255 and back.
  static func brighten(_ picture: inout MutableSpan<Float>, by factor: Float) {
    let (least, most) = range(of: picture)
    let isStretched = least < 0 || most > 255
    let extent = most - least
    for index in 0..<picture.count {
      var value = picture[index]
      if isStretched {
        value -= least
        if extent != 0 { value /= extent }
        value *= 255
      }
      value = byte(factor * byte(value))
      picture[index] = isStretched ? value / 255 * extent + least : value
    }
  }

  /// The value within 0…255 without its fraction.
  @inline(__always)
  private static func byte(_ value: Float) -> Float {
    // No number is not above zero either, and cannot be made an integer.
    value > 0 ? Float(Int32(min(value, 255))) : 0
  }

  private static func range(of picture: borrowing MutableSpan<Float>) -> (least: Float, most: Float)
  {
    var least = Float.infinity
    var most = -Float.infinity
    for index in 0..<picture.count {
      least = min(least, picture[index])
      most = max(most, picture[index])
    }
    return (least, most)
  }
}
