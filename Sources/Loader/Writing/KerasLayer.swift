import Network

/// A layer as a version of Keras has it: its class, where that class is, and its configuration.
struct KerasLayer {
  private let layer: any Layer
  private let kerasMajorVersion: Int

  init(_ layer: any Layer, kerasMajorVersion: Int) {
    self.kerasMajorVersion = kerasMajorVersion
    self.layer = kerasMajorVersion >= 3 ? Self.ofKeras3(layer) : layer
  }

  /// The layer of Keras 3 that computes the same as one that only Keras 2 has; itself where there is none.
  static func ofKeras3(_ layer: any Layer) -> any Layer {
    switch layer {
    case let layer as ThresholdedReLU: ReLU(threshold: layer.theta, name: layer.name)
    case let layer as TensorOperation: layer.ofKeras3 ?? layer
    default: layer
    }
  }

  var className: String { layer.className }

  /// Whether it is an operation of Keras 3, which has a name and no other property of a layer.
  var isOperation: Bool { kerasMajorVersion >= 3 && layer is TensorOperation }

  /// Whether the configuration may say that the layer is not to be trained.
  var hasTrainable: Bool {
    hasType && !(layer is InputLayer) && !(kerasMajorVersion >= 3 && layer is Discretization)
  }

  /// Whether the configuration may say which type of numbers the layer computes with.
  var hasType: Bool { !isOperation && !(layer is Pipeline) }

  /// - Throws: `LayerError`, where this version of Keras cannot compute what the layer does.
  func configuration() throws -> [String: LayerConfiguration.Value] {
    try layer.configuration(kerasMajorVersion: kerasMajorVersion)
  }

  /// The module in which Keras 3 looks for the class; nil for one that is not Keras's.
  var module: String? {
    if isOperation { return "keras.src.ops." + (Self.operationModules[className] ?? "numpy") }
    return Self.otherModules[className] ?? "keras.layers"
  }

  var registeredName: String? { module == "keras.layers" ? nil : className }

  /// The modules of classes that are not among Keras's layers, but those of its applications, or users' own.
  private static let otherModules: [String: String?] = [
    "CustomScaleLayer": "keras.src.applications.inception_resnet_v2",
    "LayerScale": "keras.src.applications.convnext",
    "StochasticDepth": "keras.src.applications.convnext",
    "DropBlock2D": nil, "FixedDropout": nil, "LRN": nil, "Scale": nil,
  ]

  /// The modules of operations that are not in `keras.src.ops.numpy`.
  private static let operationModules: [String: String] = {
    let modules = [
      "nn": [
        "Celu", "DepthToSpace", "Elu", "Gelu", "HardSigmoid", "HardSilu", "HardTanh", "LeakyRelu",
        "LogSigmoid", "LogSoftmax", "Normalize", "Relu", "Relu6", "Selu", "Sigmoid", "Silu",
        "Softmax", "Softplus", "Softsign", "SpaceToDepth",
      ],
      "core": ["Cast", "StopGradient", "Unstack"],
      "image": ["Resize"],
      "math": ["Erf", "Rsqrt"],
    ]
    return Dictionary(
      uniqueKeysWithValues: modules.flatMap { module, names in names.map { ($0, module) } })
  }()
}
