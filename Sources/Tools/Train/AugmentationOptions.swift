import ArgumentParser
import CNN
import Training

/// How pictures are changed at random, by the arguments of Keras's `ImageDataGenerator`.
struct AugmentationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Turn pictures by up to so many degrees.", valueName: "degrees"))
  var rotationRange = 0.0

  @Option(
    help: ArgumentHelp(
      "Move them sideways by up to this part of the width, or so many pixels from 1 on.",
      valueName: "part"))
  var widthShiftRange = 0.0

  @Option(
    help: ArgumentHelp(
      "Move them up or down by up to this part of the height, or so many pixels from 1 on.",
      valueName: "part"))
  var heightShiftRange = 0.0

  @Option(help: ArgumentHelp("Slant them by up to so many degrees.", valueName: "degrees"))
  var shearRange = 0.0

  @Option(
    help: ArgumentHelp(
      "Zoom by 1 - z to 1 + z, or by a range: 0.2, or 0.8,1.2.", valueName: "z"))
  var zoomRange: NumberList?

  @Flag(help: "Swap left and right of every other picture.")
  var horizontalFlip = false

  @Flag(help: "Swap top and bottom of every other picture.")
  var verticalFlip = false

  @Option(
    help: ArgumentHelp(
      "Multiply brightness by a number from this range: 0.8,1.2.", valueName: "range"))
  var brightnessRange: NumberList?

  @Option(
    help: ArgumentHelp(
      "What is seen beyond the edges: nearest, constant, reflect or wrap.", valueName: "mode"))
  var fillMode = FillName.nearest

  enum FillName: String, ExpressibleByArgument, CaseIterable {
    case nearest, constant, reflect, wrap

    var mode: FillMode {
      switch self {
      case .nearest: .nearest
      case .constant: .constant(0)
      case .reflect: .reflect
      case .wrap: .wrap
      }
    }
  }

  func validate() throws {
    for (name, value) in [
      ("rotation-range", rotationRange), ("width-shift-range", widthShiftRange),
      ("height-shift-range", heightShiftRange), ("shear-range", shearRange),
    ] where !(value >= 0 && value.isFinite) {
      throw ValidationError("--\(name) is \(value); expected 0 or more")
    }
    if let values = zoomRange?.values, zoom == nil {
      throw ValidationError(
        "--zoom-range is \(values.map { "\($0)" }.joined(separator: ",")); "
          + "expected 0 to less than 1, or a range of two numbers above 0")
    }
    if let values = brightnessRange?.values,
      values.count != 2 || values[0] > values[1] || values[0] < 0
    {
      throw ValidationError("--brightness-range is no range; expected two numbers, such as 0.8,1.2")
    }
  }

  private var zoom: ClosedRange<Double>? {
    guard let values = zoomRange?.values else { return 1...1 }
    if values.count == 1, values[0] >= 0, values[0] < 1 { return 1 - values[0]...1 + values[0] }
    return values.count == 2 && values[0] > 0 && values[0] <= values[1]
      ? values[0]...values[1] : nil
  }

  /// Nil where nothing changes.
  var augmentation: Augmentation? {
    var result = Augmentation()
    result.rotation = rotationRange
    result.widthShift = widthShiftRange
    result.heightShift = heightShiftRange
    result.shear = shearRange
    result.zoom = zoom ?? 1...1
    result.flipsHorizontally = horizontalFlip
    result.flipsVertically = verticalFlip
    if let values = brightnessRange?.values, values.count == 2 {
      result.brightness = values[0]...values[1]
    }
    if result == Augmentation() { return nil }
    result.fill = fillMode.mode
    return result
  }
}
