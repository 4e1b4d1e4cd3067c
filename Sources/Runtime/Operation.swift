import Kernel

/// One step of a program: a record of 128 bytes, the same for every kind.
///
/// | bytes | what |
/// | --- | --- |
/// | 0 | kind |
/// | 4, 8 | input tensors; the second is `none` where the kind has one input |
/// | 12 | output tensor |
/// | 16…31 | activation: function, alpha, beta, gamma |
/// | 32…63 | offsets of weights, bias, scale, shift into the constants; all ones where there is none |
/// | 64…127 | sixteen numbers, whose meaning is the kind's |
public struct Operation: Sendable {
  /// The size of a record in bytes.
  public static var size: Int { 128 }
  /// A tensor that is not there.
  public static var none: UInt32 { .max }
  /// A constant that is not there.
  public static var noConstant: UInt64 { .max }

  /// What stands for a tensor of the state in place of a constant's offset.
  public static func reference(toTensor index: Int) -> UInt64 { 1 << 62 | UInt64(index) }

  /// The tensor that a constant's offset stands for; nil where it is an offset.
  static func referencedTensor(_ offset: UInt64) -> Int? {
    offset != noConstant && offset >> 62 == 1 ? Int(offset & 0xffff_ffff) : nil
  }

  public var kind: Kind
  public var input: UInt32
  public var secondInput: UInt32
  public var output: UInt32
  public var activation: Activation
  public var weights: UInt64
  public var bias: UInt64
  public var scale: UInt64
  public var shift: UInt64
  public var numbers: InlineArray<16, UInt32>

  /// What an operation does, by the number that is stored.
  public enum Kind: UInt32, Sendable {
    /// A convolution or dense layer; the numbers are a window's, the last the method. A second input is
    /// added to the sums.
    case convolution = 1
    /// A depthwise convolution; the numbers are a window's.
    case depthwiseConvolution = 2
    /// The numbers are a window's.
    case maximumPooling = 3
    /// The numbers are a window's.
    case averagePooling = 4
    /// An element-wise function.
    case activation = 5
    /// Each channel scaled and shifted; numbers: channels.
    case scaleAndShift = 6
    case addition = 7
    /// Numbers: outer, axis, inner, 1 for the logarithm.
    case softmax = 8
    /// Numbers: planes, rows, length, source plane and row stride, target plane and row stride, target
    /// offset, source offset.
    case copy = 9
    /// The output set to activation alpha.
    case fill = 10
    /// A transposed convolution; the numbers are a window's, which slides over the output. Weights are
    /// those of each phase, one after the other: see `TransposedPhase`.
    case transposedConvolution = 11
    /// Two values combined by a `BinaryFunction`; the second is a tensor or `weights`. Numbers: function,
    /// outer, middle, inner, 1 where the second is the left operand.
    case combination = 12
    /// Numbers: the `Reduction`, outer, axis, inner.
    case reduction = 13
    /// Rows from other places, or of activation alpha; `weights` are the places as 32-bit integers.
    /// Numbers: rows, length.
    case gathering = 14
    /// `weights` are the places as 32-bit integers, `scale` the weights, none for the largest value.
    /// Numbers: outer, input length, output length, inner, taps.
    case resampling = 15
    /// The second matrices are a tensor or `weights`. Numbers: matrices, rows, inner, columns.
    case matrixProduct = 16
    /// Rows of the table `weights` by their number. Numbers: rows of the table, length.
    case lookup = 17
    /// The number of `weights` that are at most each value. Numbers: how many there are.
    case boundaryCount = 18
    /// The output set to `weights`.
    case constant = 19
    /// Whole numbers of 8 bits: values times activation alpha, to the nearest. The numbers are a window's of one
    /// pixel, since it is in a band, maybe by itself.
    case quantization = 37

    // What training adds. Values of the state are called so.

    /// Weights of the state turned for the gradient of a convolution's input. Numbers: taps, inputs and
    /// outputs of a group, groups.
    case turning = 20
    /// Weights of the state transformed for Winograd's method; `weights` are the lines of the transform's
    /// matrix. Numbers: inputs, outputs, tile.
    case winogradTransformation = 21
    /// The gradient of a convolution's weights: from its input and, second, the gradient of its output, into
    /// the state, `bias` that of its bias. The numbers are a window's, the last the number of chunks. Where
    /// `weights` stands for places, the second is the gradient of a maximum pooling, two by two, behind it.
    case weightGradient = 22
    /// The same of a depthwise convolution, without chunks.
    case depthwiseWeightGradient = 23
    /// The gradient of a depthwise convolution's input; the numbers are the window's.
    case depthwiseInputGradient = 24
    /// The gradient of an activation's input; the second is its result or input.
    case activationGradient = 25
    /// A maximum pooling, behind it a ReLU or nothing, and into the tensor that `weights` stands for the
    /// taps that its results come from; the numbers are the window's.
    case trackedMaximumPooling = 26
    /// The gradient of a maximum pooling's input; the second are the places.
    case maximumPoolingGradient = 27
    case averagePoolingGradient = 28
    /// Changes the weights, the output, by their gradient, the input; `weights`, `bias` and `shift` are the
    /// slots, `scale` the numbers of the step. The second, where there is one, begins with the sum of squares
    /// that the gradient is clipped by. Numbers: the `UpdateRule`.
    case update = 29
    /// `weights` is the seed in the state; activation alpha the rate. Numbers: the layer, positions,
    /// channels, 1 where whole channels are dropped.
    case dropout = 30
    /// Each picture's loss; the second are the targets, activation alpha the loss's parameter. Numbers:
    /// the `LossFunction`, rows, classes, the tensor of the pictures' weights.
    case loss = 31
    /// The gradient of the weighted losses.
    case lossGradient = 32
    /// Mean, variance, scale and shift of each channel of a batch into the state; `weights` and `bias` are γ
    /// and β, `scale` and `shift` the moving mean and variance; activation alpha is ε, beta the momentum.
    /// Numbers: channels.
    case batchMoments = 33
    /// From the gradient of a batch normalisation's output and, second, its input, into the state the
    /// gradients of γ and β and the factors of the input's gradient: of the output's gradient, of the input,
    /// and what is added. `weights` are the moments, `bias` γ. Numbers: channels.
    case batchGradient = 34
    /// The gradient of a 3×3 convolution's weights, without groups, by Winograd's method, in a segment with
    /// chunks; `scale` are the lines of the weights' transform. Otherwise as `weightGradient`.
    case winogradWeightGradient = 35
    /// The sum of the squares of a gradient, as the first number of a panel; `weights` are those that it is of,
    /// `scale` the numbers of the step.
    case gradientSquares = 36
    /// A convolution that is pooled, behind it a ReLU or nothing, and into the second tensor the places of its
    /// results as `trackedMaximumPooling` writes them. The numbers are a window's, the last the method: direct.
    case trackedConvolution = 38

    /// Whether only training has it.
    var isOfTraining: Bool { rawValue >= Kind.turning.rawValue && self != .quantization }
  }

  public init(_ kind: Kind, input: UInt32, output: UInt32) {
    self.kind = kind
    self.input = input
    secondInput = Self.none
    self.output = output
    activation = .linear
    weights = Self.noConstant
    bias = Self.noConstant
    scale = Self.noConstant
    shift = Self.noConstant
    numbers = InlineArray(repeating: 0)
  }

  /// Reads a record; nil where the kind or the function is not known.
  init?(_ bytes: UnsafeRawPointer) {
    guard Kind(rawValue: bytes.littleEndian(at: 0, as: UInt32.self)) != nil,
      Activation.Function(rawValue: bytes.littleEndian(at: 16, as: UInt32.self)) != nil
    else { return nil }
    self.init(validated: bytes)
    guard hasNumbers, hasKnownWeights else { return nil }
  }

  /// Reads a record that was read before.
  init(validated bytes: UnsafeRawPointer) {
    func word(_ index: Int) -> UInt32 { bytes.littleEndian(at: index * 4, as: UInt32.self) }
    func long(_ offset: Int) -> UInt64 { bytes.littleEndian(at: offset, as: UInt64.self) }
    kind = Kind(rawValue: word(0)).unsafelyUnwrapped
    input = word(1)
    secondInput = word(2)
    output = word(3)
    activation = Activation(
      Activation.Function(rawValue: word(4)).unsafelyUnwrapped, alpha: Float(bitPattern: word(5)),
      beta: Float(bitPattern: word(6)),
      gamma: Float(bitPattern: word(7)))
    weights = long(32)
    bias = long(40)
    scale = long(48)
    shift = long(56)
    numbers = InlineArray { word(16 + $0) }
  }

  /// Whether the numbers are those of a window, in training or not.
  private var describesWindow: Bool {
    switch kind {
    case .weightGradient, .depthwiseWeightGradient, .winogradWeightGradient,
      .depthwiseInputGradient,
      .trackedMaximumPooling, .trackedConvolution, .maximumPoolingGradient, .averagePoolingGradient:
      true
    default: kind.hasWindow
    }
  }

  /// Whether the numbers can be computed with: a window's reach and origin are products of two of them, and
  /// where `Int` has 32 bits it must hold each of the others.
  private var hasNumbers: Bool {
    let isSmall = Int.bitWidth == 32
    let most: UInt32 =
      describesWindow
      ? (isSmall ? 1 << 15 : 1 << 28)
      : isSmall ? UInt32(truncatingIfNeeded: ProgramHeader.largestSize) : .max
    for index in 0..<15 where numbers[index] > most { return false }
    return !isSmall || numbers[15] <= UInt32(Int32.max)
  }

  /// Writes the record's 128 bytes.
  public func write(to bytes: UnsafeMutableRawPointer) {
    bytes.storeLittleEndian(kind.rawValue, at: 0)
    bytes.storeLittleEndian(input, at: 4)
    bytes.storeLittleEndian(secondInput, at: 8)
    bytes.storeLittleEndian(output, at: 12)
    bytes.storeLittleEndian(activation.function.rawValue, at: 16)
    bytes.storeLittleEndian(activation.alpha.bitPattern, at: 20)
    bytes.storeLittleEndian(activation.beta.bitPattern, at: 24)
    bytes.storeLittleEndian(activation.gamma.bitPattern, at: 28)
    bytes.storeLittleEndian(weights, at: 32)
    bytes.storeLittleEndian(bias, at: 40)
    bytes.storeLittleEndian(scale, at: 48)
    bytes.storeLittleEndian(shift, at: 56)
    for index in 0..<16 { bytes.storeLittleEndian(numbers[index], at: 64 + index * 4) }
  }

  /// The tensor of the places that a maximum pooling's results come from, where there is one.
  var places: Int? {
    switch kind {
    case .trackedMaximumPooling, .weightGradient: Self.referencedTensor(weights)
    case .trackedConvolution: Int(exactly: secondInput)
    default: nil
    }
  }

  /// Whether the result is added up over a chunk's pictures.
  var isAddedUp: Bool { kind == .weightGradient || kind == .winogradWeightGradient }

  /// A number as `Int`.
  func number(_ index: Int) -> Int { Int(numbers[index]) }
}

extension Operation {
  /// The window that the numbers of a convolution or pooling describe, for one picture.
  public var window: Window {
    get {
      Window(
        geometry: WindowGeometry(
          batch: 1, input: (number(8), number(9), number(10)),
          output: (number(11), number(12), number(13)), window: (number(0), number(1)),
          stride: (number(2), number(3)), dilation: (number(4), number(5)),
          padding: (number(6), number(7))),
        groups: number(14))
    }
    set {
      let geometry = newValue.geometry
      let all: InlineArray<16, Int> = [
        geometry.windowHeight, geometry.windowWidth, geometry.strideY, geometry.strideX,
        geometry.dilationY, geometry.dilationX, geometry.paddingTop, geometry.paddingLeft,
        geometry.inputHeight, geometry.inputWidth, geometry.inputChannels, geometry.outputHeight,
        geometry.outputWidth, geometry.outputChannels, newValue.groups, number(15),
      ]
      numbers = InlineArray { UInt32(all[$0]) }
    }
  }

  /// The size of the tiles that a convolution computes by Winograd's method; 0 where it is direct.
  public var winogradTile: Int {
    get { number(15) & 0xff }
    set { numbers[15] = numbers[15] & ~0xff | UInt32(newValue) }
  }

  /// Whether the maximum of every two by two results of a convolution is its output.
  public var isPooled: Bool {
    get { number(15) & 0x100 != 0 }
    set { numbers[15] = numbers[15] & ~0x100 | (newValue ? 0x100 : 0) }
  }

  /// The height, width and channels of a window's outputs as they are stored, behind any pooling.
  var storedSize: (height: Int, width: Int, channels: Int) {
    let shrink = kind == .convolution && isPooled ? 2 : 1
    return (number(11) / shrink, number(12) / shrink, number(13))
  }

  /// A window and the groups that it is taken in.
  public struct Window: Sendable {
    public var geometry: WindowGeometry
    public var groups: Int

    public init(geometry: WindowGeometry, groups: Int = 1) {
      self.geometry = geometry
      self.groups = groups
    }

    /// Whether Winograd's method is for such windows: 3×3, side by side, without groups.
    public var suitsWinograd: Bool {
      geometry.windowHeight == 3 && geometry.windowWidth == 3 && geometry.strideY == 1
        && geometry.strideX == 1 && geometry.dilationY == 1 && geometry.dilationX == 1
        && groups == 1
    }
  }
}
