/// Random changes of pictures, with the parameters of Keras's `ImageDataGenerator`.
public struct Augmentation: Equatable, Sendable {
  /// The number that values are multiplied by at last, such as 1/255; also where nothing is random.
  public var rescale: Float = 1
  /// The most that a picture is turned in either direction, in degrees.
  public var rotation = 0.0
  /// The most that a picture is moved left or right: a part of its width below 1, else pixels.
  public var widthShift = 0.0
  /// The most that a picture is moved up or down: a part of its height below 1, else pixels.
  public var heightShift = 0.0
  /// The largest angle by which a picture is slanted in either direction, in degrees.
  public var shear = 0.0
  /// How much of the picture is seen, of each axis on its own: below 1 it is enlarged.
  public var zoom: ClosedRange<Double> = 1...1
  /// Whether every other picture has left and right swapped.
  public var flipsHorizontally = false
  /// Whether every other picture has top and bottom swapped.
  public var flipsVertically = false
  /// The range of the factor for the values; nil for none.
  public var brightness: ClosedRange<Double>?
  /// The most that is added to or taken from all values of a picture.
  public var channelShift = 0.0
  /// What is seen beyond the edges.
  public var fill = FillMode.nearest

  /// An augmentation that changes nothing, to set what is wanted.
  public init() {}

  /// The numbers of the random values, so that adding a change leaves the others as they were.
  private enum Parameter: UInt64 {
    case rotation, heightShift, widthShift, shear, zoomX, zoomY, horizontalFlip, verticalFlip
    case channelShift, brightness
  }

  /// What is done to a picture of the given size in pixels: it depends on `variation` alone.
  public func transform(variation: UInt64, height: Int, width: Int) -> PictureTransform {
    let random = CounterRandom(key: variation)
    func within(_ most: Double, _ parameter: Parameter) -> Double {
      most == 0 ? 0 : random.uniform(parameter.rawValue, in: -abs(most)...abs(most))
    }
    func pixels(_ shift: Double, of size: Int) -> Double { shift < 1 ? Double(size) : 1 }
    func isHeads(_ parameter: Parameter) -> Bool { random.unit(parameter.rawValue) < 0.5 }
    var transform = PictureTransform()
    transform.rotation = within(rotation, .rotation)
    // Keras draws its `tx`, which moves along the rows, from the range for the height, and the other way
    // round. What is called a shift of the width is one here.
    transform.shiftX = within(widthShift, .widthShift) * pixels(widthShift, of: width)
    transform.shiftY = within(heightShift, .heightShift) * pixels(heightShift, of: height)
    transform.shear = within(shear, .shear)
    if zoom != 1...1 {
      transform.zoomX = random.uniform(Parameter.zoomX.rawValue, in: zoom)
      transform.zoomY = random.uniform(Parameter.zoomY.rawValue, in: zoom)
    }
    transform.flipsHorizontally = flipsHorizontally && isHeads(.horizontalFlip)
    transform.flipsVertically = flipsVertically && isHeads(.verticalFlip)
    if channelShift != 0 { transform.channelShift = Float(within(channelShift, .channelShift)) }
    if let brightness {
      transform.brightness = Float(random.uniform(Parameter.brightness.rawValue, in: brightness))
    }
    transform.fill = fill
    return transform
  }
}
