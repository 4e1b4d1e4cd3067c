import Kernel

/// How the narrow weights of a convolution, and the pixels of an input that is bytes, are taken through a thread's
/// scratch memory, where they become the floats that the kernels read: weights once for all the pixels that they
/// are needed for.
///
/// Some panels of outputs at a time, with groups all of some groups'. Where not even one has room, some input
/// channels of it at a time, whose sums join what the output holds.
public struct Widening {
  /// The least panels that are taken together: one, with groups those of a group.
  let panels: Int
  let taps: Int
  /// The input channels of a group.
  let inputs: Int
  /// How many times so many panels there are.
  let units: Int
  /// The pixels of the input that become floats with the weights; 0 where they are floats.
  let pixels: Int

  /// - Parameter pixels: The most pixels of the input at a time; 0 where they are floats. Without groups only.
  public init(_ window: Operation.Window, pixels: Int = 0) {
    self.init(window.geometry, groups: window.groups, pixels: pixels)
  }

  init(_ geometry: WindowGeometry, groups: Int, pixels: Int = 0) {
    let perGroup = Panel.count(geometry.outputChannels / groups)
    panels = groups == 1 ? 1 : perGroup
    units = groups == 1 ? perGroup : groups
    taps = geometry.windowHeight * geometry.windowWidth
    inputs = geometry.inputChannels / groups
    self.pixels = pixels
  }

  /// The floats of an input channel's weights, of as few panels as can be.
  var perInput: Int { panels * taps * Panel.width }

  /// The floats of the weights of as few panels as can be.
  var perUnit: Int { perInput * inputs }

  /// In how many parts of the input channels it is done in so many floats, and how many panels at a time, in
  /// units of the fewest.
  func division(_ floats: Int) -> (blocks: Int, units: Int) {
    let room = floats / (perInput + pixels)
    if room < inputs { return ((inputs + room - 1) / room, 1) }
    return (1, max((floats - pixels * inputs) / perUnit, 1))
  }

  /// The floats without which it cannot be done: what is pooled at once needs whole sums.
  public func fewest(isPooled: Bool) -> Int { isPooled ? perUnit : perInput + pixels }

  /// The floats that are best, of at most `limit` where that is enough.
  public func best(limit: Int, isPooled: Bool) -> Int {
    if isPooled && limit < perUnit { return perUnit }
    let fewest = perInput + pixels
    let (blocks, atOnce) = division(max(limit, fewest))
    return blocks == 1
      ? min(units, atOnce) * perUnit + pixels * inputs : (inputs + blocks - 1) / blocks * fewest
  }

  /// The floats of some rows of an input that is bytes, where all its channels are needed at a time.
  public static func inputCount(_ geometry: WindowGeometry, rows: Int) -> Int {
    Panel.count(rows * geometry.inputWidth * geometry.inputChannels) * Panel.width
  }
}

extension Operation {
  /// As what the weights of a convolution are stored.
  public var weightType: ElementType {
    get { ElementType(rawValue: numbers[15] >> 9 & 7) ?? .float32 }
    set { numbers[15] = numbers[15] & ~0xe00 | newValue.rawValue << 9 }
  }

  /// Whether the type of the weights is one that the kind can have.
  var hasKnownWeights: Bool {
    switch kind {
    case .convolution, .depthwiseConvolution, .transposedConvolution:
      numbers[15] >> 9 & 7 <= ElementType.int8.rawValue
    case .maximumPooling, .averagePooling, .quantization: numbers[15] & 0xe00 == 0
    default: true
    }
  }

  /// The floats of a depthwise convolution's weights.
  var depthwiseWeights: Int {
    number(0) * number(1) * Panel.count(number(13)) * Panel.width
  }

  /// The floats of scratch memory in front of those that weights are widened into.
  var scratchBeforeWidened: Int {
    kind == .convolution && isPooled ? Convolution.scratchCount(window.geometry) : 0
  }

  /// The floats of scratch memory without which weights that are narrow cannot be widened.
  ///
  /// - Precondition: The numbers are those of a valid operation.
  var fewestWidened: Int {
    guard weightType != .float32 else { return 0 }
    switch kind {
    case .depthwiseConvolution: return depthwiseWeights
    case .transposedConvolution:
      // The first phase has the most taps.
      let geometry = window.geometry
      return geometry.transposedRows(0).taps * geometry.transposedColumns(0).taps * Panel.width
    default: return Widening(window).fewest(isPooled: isPooled)
    }
  }
}
