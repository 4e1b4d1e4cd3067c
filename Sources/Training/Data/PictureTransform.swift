#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What is done to a picture: the parameters of Keras's `ImageDataGenerator.apply_transform`, with the same
/// effect in the same order.
public struct PictureTransform: Equatable, Sendable {
  /// How far the picture is turned, in degrees.
  public var rotation = 0.0
  /// How far the picture is moved to the left, in pixels: Keras's `tx`.
  public var shiftX = 0.0
  /// How far the picture is moved up, in pixels: Keras's `ty`.
  public var shiftY = 0.0
  /// The angle by which the picture is slanted, in degrees.
  public var shear = 0.0
  /// How much wider the part of the picture is that is seen: below 1 it is enlarged. Keras's `zx`.
  public var zoomX = 1.0
  /// How much higher the part of the picture is that is seen: Keras's `zy`.
  public var zoomY = 1.0
  /// Whether left and right are swapped.
  public var flipsHorizontally = false
  /// Whether top and bottom are swapped.
  public var flipsVertically = false
  /// What is added to every value, within the range of the picture's own values; nil for nothing.
  public var channelShift: Float?
  /// The factor for every value as a byte; nil to leave them as they are.
  public var brightness: Float?
  /// What is seen beyond the edges.
  public var fill = FillMode.nearest

  /// The transform that changes nothing.
  public init() {}

  /// Whether pixels come from elsewhere in the picture, flips apart.
  var isAffine: Bool {
    rotation != 0 || shiftX != 0 || shiftY != 0 || shear != 0 || zoomX != 1 || zoomY != 1
  }

  /// Writes the transformed `picture` to `result`; both are of (height, width, channels) and do not
  /// overlap.
  func apply(
    to picture: Span<Float>, height: Int, width: Int, channels: Int,
    result: inout MutableSpan<Float>
  ) {
    let matrix = affineMatrix(height: height, width: width)
    AffineSampler(height: height, width: width, channels: channels, matrix: matrix, fill: fill)
      .sample(picture, into: &result)
  }

  /// What comes after the movement: channel shift, flips and brightness, in Keras's order.
  func applyInPlace(
    to picture: inout MutableSpan<Float>, height: Int, width: Int, channels: Int
  ) {
    if let channelShift { PictureValues.shift(&picture, by: channelShift) }
    if flipsHorizontally {
      PictureValues.flipHorizontally(&picture, height: height, width: width, channels: channels)
    }
    if flipsVertically {
      PictureValues.flipVertically(&picture, height: height, rowSize: width * channels)
    }
    if let brightness { PictureValues.brighten(&picture, by: brightness) }
  }

  /// Where the pixel at (row, column) of the result comes from, as Keras's `apply_affine_transform`
  /// computes it: turned, then shifted, slanted and zoomed.
  func affineMatrix(height: Int, width: Int) -> AffineMatrix {
    var matrix = AffineMatrix()
    if rotation != 0 {
      let angle = rotation * (.pi / 180)
      matrix = AffineMatrix(xx: cos(angle), xy: -sin(angle), yx: sin(angle), yy: cos(angle))
    }
    if shiftX != 0 || shiftY != 0 { matrix = matrix * AffineMatrix(x: shiftX, y: shiftY) }
    if shear != 0 {
      let angle = shear * (.pi / 180)
      matrix = matrix * AffineMatrix(xy: -sin(angle), yy: cos(angle))
    }
    if zoomX != 1 || zoomY != 1 { matrix = matrix * AffineMatrix(xx: zoomX, yy: zoomY) }
    // Keras takes the height for the extent of x, although its x are columns: pictures that are not square
    // turn about a point beside their centre.
    let (centerX, centerY) = (Double(height) / 2 - 0.5, Double(width) / 2 - 0.5)
    return AffineMatrix(x: centerX, y: centerY) * matrix * AffineMatrix(x: -centerX, y: -centerY)
  }
}
