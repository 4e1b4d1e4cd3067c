/// The layers that networks can be made of, by Keras's class names.
public enum LayerRegistry {
  /// One line a layer.
  private static let types: [any Layer.Type] = [
    Activation.self,
    Add.self,
    AveragePooling2D.self,
    BatchNormalization.self,
    Concatenate.self,
    Conv2D.self,
    Dense.self,
    DepthwiseConv2D.self,
    Dropout.self,
    ELU.self,
    Flatten.self,
    GlobalAveragePooling2D.self,
    GlobalMaxPooling2D.self,
    InputLayer.self,
    LeakyReLU.self,
    MaxPooling2D.self,
    ReLU.self,
    Reshape.self,
    SeparableConv2D.self,
    Softmax.self,
    ZeroPadding2D.self,
  ]

  private static let byName = Dictionary(
    uniqueKeysWithValues: types.map { ($0.className, $0) })

  /// The layer of a class name; nil where it is not supported.
  public static func type(named className: String) -> (any Layer.Type)? { byName[className] }

  /// The class names of all layers, sorted.
  public static var classNames: [String] { byName.keys.sorted() }
}
