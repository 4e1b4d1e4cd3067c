/// How `fit` goes through the data, and what it decides by itself.
public struct FitOptions: Equatable, Sendable {
  /// How often to go through the data, all in all: a training that goes on has done some already.
  public var epochs: Int
  /// Whether each epoch has an order of its own.
  public var shuffles = true
  /// Whether an item that cannot be read ends the training rather than being left out.
  public var isStrict = false
  public var weights = ItemWeights()
  public var callbacks = Callbacks()

  public init(
    epochs: Int, shuffles: Bool = true, isStrict: Bool = false,
    weights: ItemWeights = ItemWeights(), callbacks: Callbacks = Callbacks()
  ) {
    self.epochs = epochs
    self.shuffles = shuffles
    self.isStrict = isStrict
    self.weights = weights
    self.callbacks = callbacks
  }
}
