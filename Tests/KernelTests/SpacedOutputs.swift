import Kernel

/// Outputs among other values, as those of a part of a concatenation are.
struct SpacedOutputs {
  let spacing: OutputSpacing
  /// Where each output of some pictures lies, in their order.
  let places: [Int]
  /// As many floats as hold them all.
  let count: Int

  /// Channels among those of wider pixels, columns among those of wider pictures, rows among those of higher
  /// ones, or pixels, rows and pictures at any distances.
  init(
    batch: Int, height: Int, width: Int, channels: Int, using random: inout SeededGenerator
  ) {
    let (one, two, three) = (
      random.pick([0, 1, 3, 16, 33]), random.pick([0, 1, 5, 32]), random.pick([0, 1, 7])
    )
    switch random.pick([0, 0, 1, 2, 3]) {
    case 0: spacing = OutputSpacing(height: height, width: width, channels: channels + one)
    case 1:
      let row = (width + one) * channels
      spacing = OutputSpacing(image: height * row, row: row, pixel: channels)
    case 2:
      let row = width * channels
      spacing = OutputSpacing(image: (height + one) * row, row: row, pixel: channels)
    default:
      let row = width * (channels + one) + two
      spacing = OutputSpacing(image: height * row + three, row: row, pixel: channels + one)
    }
    var places: [Int] = []
    for image in 0..<batch {
      for y in 0..<height {
        for x in 0..<width {
          let first = image * spacing.image + y * spacing.row + x * spacing.pixel
          places += first..<first + channels
        }
      }
    }
    self.places = places
    count = (places.last ?? -1) + 1
  }

  /// The outputs' bits, in their order.
  func bits(_ memory: GuardedFloats) -> [UInt32] {
    let bits = memory.bits
    return places.map { bits[$0] }
  }
}
