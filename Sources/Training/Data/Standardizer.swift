/// What is done to every value of an input: `(value · scale + offset - mean) / deviation`, in double precision
/// and rounded once, as NumPy divides pixels.
public struct Standardizer: Equatable, Sendable {
  /// The scale is a fraction: pixels times 1/255 are pixels divided by 255.
  public var numerator: Double
  public var denominator: Double
  public var offset: Double
  /// One for all channels, or one a channel.
  public var means: [Double]
  public var deviations: [Double]

  public init(
    numerator: Double = 1, denominator: Double = 1, offset: Double = 0, means: [Double] = [0],
    deviations: [Double] = [1]
  ) {
    self.numerator = numerator
    self.denominator = denominator
    self.offset = offset
    self.means = means
    self.deviations = deviations
  }

  /// Whether nothing changes.
  public var isIdentity: Bool {
    numerator == denominator && offset == 0 && means == [0] && deviations == [1]
  }

  /// A value of a channel.
  @inline(__always)
  public func callAsFunction(_ value: Float, channel: Int) -> Float {
    let scaled = Double(value) * numerator / denominator + offset
    let mean = means[means.count == 1 ? 0 : channel]
    return Float((scaled - mean) / deviations[deviations.count == 1 ? 0 : channel])
  }
}
