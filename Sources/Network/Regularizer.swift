/// What large weights add to the loss: l1 · Σ|w| + l2 · Σw².
public struct Regularizer: Equatable, Sendable {
  public var l1: Double
  public var l2: Double

  public init(l1: Double = 0, l2: Double = 0) {
    self.l1 = l1
    self.l2 = l2
  }

  /// The regularizer that Keras saved, or one with Keras's defaults by its name: `l2`.
  ///
  /// - Throws: `LayerError`, where it is none that is known.
  public init(configuration value: LayerConfiguration.Value) throws {
    let (name, arguments) = try KerasEntry.parts(value, kind: "regularizer")
    let isDefault: Bool
    if case .string = value { isDefault = true } else { isDefault = false }
    // Of an object, Keras 2 says both where it says either.
    func factor(_ key: String) throws -> Double {
      try arguments.number(key, default: isDefault ? 0.01 : 0)
    }
    switch name.filter({ $0 != "_" }).lowercased() {
    case "l1": self.init(l1: try factor("l1"))
    case "l2": self.init(l2: try factor("l2"))
    case "l1l2": self.init(l1: try factor("l1"), l2: try factor("l2"))
    default:
      throw LayerError("the regularizer '\(name)' is not known; expected L1, L2 or L1L2")
    }
  }

  /// The regularizer as a version of Keras saves it.
  public func configuration(kerasMajorVersion version: Int) -> LayerConfiguration.Value {
    let module = version >= 3 ? "keras.regularizers" : nil
    if l1 == 0 { return KerasEntry.value("L2", module: module, ["l2": .number(l2)]) }
    if l2 == 0 { return KerasEntry.value("L1", module: module, ["l1": .number(l1)]) }
    return KerasEntry.value(
      "L1L2", module: module, ["l1": .number(l1), "l2": .number(l2)])
  }
}
