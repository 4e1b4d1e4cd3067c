/// The first two rows of a 3×3 matrix that maps points (x, y, 1).
struct AffineMatrix {
  var xx = 1.0
  var xy = 0.0
  var x = 0.0
  var yx = 0.0
  var yy = 1.0
  var y = 0.0

  /// The matrix that maps as `right` and then as `left`.
  static func * (left: AffineMatrix, right: AffineMatrix) -> AffineMatrix {
    AffineMatrix(
      xx: left.xx * right.xx + left.xy * right.yx,
      xy: left.xx * right.xy + left.xy * right.yy,
      x: left.xx * right.x + left.xy * right.y + left.x,
      yx: left.yx * right.xx + left.yy * right.yx,
      yy: left.yx * right.xy + left.yy * right.yy,
      y: left.yx * right.x + left.yy * right.y + left.y)
  }
}
