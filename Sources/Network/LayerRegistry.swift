/// The layers that networks can be made of, by Keras's class names.
public enum LayerRegistry {
  /// One line a layer.
  private static let types: [any Layer.Type] = [
    Activation.self,
    Add.self,
    AveragePooling2D.self,
    BatchNormalization.self,
    Bidirectional.self,
    CategoryEncoding.self,
    CenterCrop.self,
    Concatenate.self,
    Conv2D.self,
    Conv2DTranspose.self,
    Conv3D.self,
    Conv3DTranspose.self,
    CustomScaleLayer.self,
    Dense.self,
    DepthwiseConv2D.self,
    Discretization.self,
    Dot.self,
    Dropout.self,
    EinsumDense.self,
    ELU.self,
    Embedding.self,
    Flatten.self,
    GlobalAveragePooling2D.self,
    GlobalMaxPooling2D.self,
    GroupNormalization.self,
    InputLayer.self,
    LayerNormalization.self,
    LayerScale.self,
    LeakyReLU.self,
    LocallyConnected2D.self,
    LRN.self,
    Masking.self,
    MaxPooling2D.self,
    MultiHeadAttention.self,
    Normalization.self,
    Permute.self,
    Pipeline.self,
    PReLU.self,
    RandomCrop.self,
    ReLU.self,
    RepeatVector.self,
    Rescaling.self,
    Reshape.self,
    Resizing.self,
    RNN.self,
    Scale.self,
    SeparableConv2D.self,
    Softmax.self,
    SpectralNormalization.self,
    ThresholdedReLU.self,
    TimeDistributed.self,
    UnitNormalization.self,
    UpSampling2D.self,
    ZeroPadding2D.self,
  ]

  /// Those that are one kind under several names.
  private static let families: [(any Layer.Type, [String])] = [
    (AdaptivePooling.self, AdaptivePooling.classNames),
    (Attention.self, Attention.classNames),
    (ConvLSTM2D.self, ConvLSTM2D.classNames),
    (GroupNormalization.self, ["InstanceNormalization"]),
    (LayerNormalization.self, ["RMSNormalization"]),
    (Merging.self, Array(Merging.functions.keys)),
    (OneDimensional.self, Array(OneDimensional.types.keys)),
    (PassThrough.self, PassThrough.classNames),
    (Pooling3D.self, Pooling3D.classNames),
    (Recurrent.self, Recurrent.classNames),
    (SpatialSelection.self, SpatialSelection.classNames),
    (TensorOperation.self, ["TFOpLambda", "SlicingOpLambda"]),
  ]

  private static let byName = Dictionary(
    uniqueKeysWithValues: types.map { ($0.className, $0) }
      + families.flatMap { type, names in names.map { ($0, type) } })

  /// Other names of the same classes.
  private static let synonyms = [
    "AvgPool1D": "AveragePooling1D", "AvgPool2D": "AveragePooling2D",
    "AvgPool3D": "AveragePooling3D", "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization", "SyncBatchNormalization": "BatchNormalization",
    "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D",
    "Convolution2DTranspose": "Conv2DTranspose", "Convolution3DTranspose": "Conv3DTranspose",
    "DepthwiseConvolution2D": "DepthwiseConv2D", "GRUV1": "GRU", "GRUV2": "GRU",
    "GlobalAvgPool1D": "GlobalAveragePooling1D", "GlobalAvgPool2D": "GlobalAveragePooling2D",
    "GlobalAvgPool3D": "GlobalAveragePooling3D", "GlobalMaxPool1D": "GlobalMaxPooling1D",
    "GlobalMaxPool2D": "GlobalMaxPooling2D", "GlobalMaxPool3D": "GlobalMaxPooling3D",
    "LSTMV1": "LSTM", "LSTMV2": "LSTM", "MaxPool1D": "MaxPooling1D", "MaxPool2D": "MaxPooling2D",
    "MaxPool3D": "MaxPooling3D", "SeparableConvolution1D": "SeparableConv1D",
    "SeparableConvolution2D": "SeparableConv2D",
  ]

  /// The name of a class without the package that registered it, `Addons>`, and as the layers here have
  /// it.
  public static func canonicalName(_ className: String) -> String {
    let own = className.split(separator: ">").last.map(String.init) ?? className
    return synonyms[own] ?? own
  }

  /// The layer of a class name; nil where it is not supported.
  public static func type(named className: String) -> (any Layer.Type)? {
    byName[canonicalName(className)]
  }

  /// Whether a configuration is of a layer that is supported.
  public static func supports(_ configuration: LayerConfiguration) -> Bool {
    type(named: configuration.className) != nil || TensorOperation.isOperation(configuration)
      || configuration.className == TensorFlowNode.className
  }

  /// The layer that a configuration describes.
  ///
  /// - Throws: `LayerError`, where its class or an argument is not supported.
  public static func layer(_ configuration: LayerConfiguration) throws -> any Layer {
    var configuration = configuration
    configuration.className = canonicalName(configuration.className)
    if configuration.className == TensorFlowNode.className {
      return try TensorFlowNode(configuration).layer()
    }
    if TensorOperation.isOperation(configuration) { return try TensorOperation(configuration) }
    guard let type = byName[configuration.className] else {
      throw LayerError("its class \(configuration.className) is not supported")
    }
    // A ConvLSTM2D has its steps in front of the channels, so it moves the axes itself.
    guard configuration["data_format"] == .string("channels_first"), type != ConvLSTM2D.self else {
      return try type.init(configuration)
    }
    configuration.values["data_format"] = .string("channels_last")
    let layer = try type.init(configuration)
    return layer is PassThrough || layer is Recurrent || layer is RNN ? layer : ChannelsFirst(layer)
  }

  /// The class names of all layers, sorted.
  public static var classNames: [String] { byName.keys.sorted() }
}
