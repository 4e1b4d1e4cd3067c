/// What training makes smaller: Keras's losses with their names, arguments and defaults.
///
/// The loss of a batch is the mean over its items, as weighted; where an output has several values that
/// are compared one by one, an item's loss is their mean.
public struct Loss: Equatable, Sendable {
  /// What is computed of an output p and its target y.
  public enum Function: String, CaseIterable, Sendable {
    /// −log pᵧ, where y is the number of a class.
    case sparseCategoricalCrossentropy = "sparse_categorical_crossentropy"
    /// −Σ y · log p, where y has a value for each class.
    case categoricalCrossentropy = "categorical_crossentropy"
    /// The mean of −y · log p − (1 − y) · log(1 − p).
    case binaryCrossentropy = "binary_crossentropy"
    /// The mean of (p − y)².
    case meanSquaredError = "mean_squared_error"
    /// The mean of |p − y|.
    case meanAbsoluteError = "mean_absolute_error"
    /// The mean of (p − y)² / 2 where |p − y| ≤ delta, and of delta · (|p − y| − delta / 2) elsewhere.
    case huber = "huber"
  }

  public var function: Function
  /// Whether outputs are logits, of which softmax or sigmoid would make probabilities; of crossentropies
  /// alone. Of probabilities that a softmax or sigmoid gave, Keras takes the logits all the same.
  public var fromLogits: Bool
  /// The share of the target that is spread evenly over the classes: y becomes y(1 − s) + s/n, and in binary
  /// crossentropy, whose classes are two, y(1 − s) + s/2.
  public var labelSmoothing: Double
  /// Of Huber's loss, where the parabola becomes a line.
  public var delta: Double

  public init(
    _ function: Function, fromLogits: Bool = false, labelSmoothing: Double = 0, delta: Double = 1
  ) {
    self.function = function
    self.fromLogits = fromLogits
    self.labelSmoothing = labelSmoothing
    self.delta = delta
  }

  public static let sparseCategoricalCrossentropy = Loss(.sparseCategoricalCrossentropy)
  public static let categoricalCrossentropy = Loss(.categoricalCrossentropy)
  public static let binaryCrossentropy = Loss(.binaryCrossentropy)
  public static let meanSquaredError = Loss(.meanSquaredError)
  public static let meanAbsoluteError = Loss(.meanAbsoluteError)
  public static let huber = Loss(.huber)

  public static func sparseCategoricalCrossentropy(fromLogits: Bool) -> Loss {
    Loss(.sparseCategoricalCrossentropy, fromLogits: fromLogits)
  }

  public static func categoricalCrossentropy(
    fromLogits: Bool = false, labelSmoothing: Double = 0
  ) -> Loss {
    Loss(.categoricalCrossentropy, fromLogits: fromLogits, labelSmoothing: labelSmoothing)
  }

  public static func binaryCrossentropy(
    fromLogits: Bool = false, labelSmoothing: Double = 0
  ) -> Loss {
    Loss(.binaryCrossentropy, fromLogits: fromLogits, labelSmoothing: labelSmoothing)
  }

  public static func huber(delta: Double) -> Loss { Loss(.huber, delta: delta) }

  /// Whether a target is the number of a class rather than of the output's shape.
  public var takesClassNumbers: Bool { function == .sparseCategoricalCrossentropy }

  /// What Keras keeps probabilities away from 0 and 1 by, where it takes their logarithm.
  public static let probabilityMargin: Float = 1e-7
}
