/// The layers that do something in training only: noise, dropout, random changes of pictures.
public struct PassThrough: UnaryLayer {
  public static let className = "PassThrough"
  public let className: String
  public var name: String?
  /// What was read: training does more with it.
  private let values: [String: LayerConfiguration.Value]

  public init(_ configuration: LayerConfiguration) throws {
    className = configuration.className
    name = configuration.name
    values = configuration.arguments
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    values
  }

  public func outputShape(_ input: Shape) throws -> Shape { input }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    if className.hasPrefix("SpatialDropout") {
      return [context.drop(context.inputs[0], rate: values["rate"]?.number ?? 0, isSpatial: true)]
    }
    guard !context.isTraining || Self.alwaysPassing.contains(className) else {
      throw LayerError("training does not do what it does in Keras; leave it out")
    }
    return [context.view(context.inputs[0], shape: context.shape(context.inputs[0]))]
  }

  /// The class names of those that do nothing in training, too.
  private static let alwaysPassing: Set<String> = ["Identity", "MaxNumBoundingBoxes"]

  /// The class names of all of them.
  static let classNames = [
    "ActivityRegularization", "AlphaDropout", "AugMix", "CutMix", "Equalization",
    "GaussianDropout", "GaussianNoise", "Identity", "MaxNumBoundingBoxes", "MixUp", "RandAugment",
    "RandomApply", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter",
    "RandomContrast", "RandomElasticTransform", "RandomErasing", "RandomFlip",
    "RandomGaussianBlur", "RandomGrayscale", "RandomHeight", "RandomHue", "RandomInvert",
    "RandomPerspective", "RandomPosterization", "RandomRotation", "RandomSaturation",
    "RandomSharpness", "RandomShear", "RandomTranslation", "RandomWidth", "RandomZoom",
    "DropBlock2D", "FixedDropout", "Solarization", "SpatialDropout1D", "SpatialDropout2D",
    "SpatialDropout3D", "StochasticDepth",
  ]
}
