/// A convolution's weights turned round for the gradient of its input.
///
/// That gradient is a convolution of the output's gradient with the last tap first, and with input and output
/// channels in each other's place.
public struct TurningArguments {
  /// The weights in `Panel`'s layout.
  public var weights: UnsafePointer<Float>
  /// The turned weights in `Panel`'s layout: the input channels of a group filled up to whole panels.
  public var output: UnsafeMutablePointer<Float>
  public var taps: Int
  /// The input and output channels of a group.
  public var inputs: Int
  public var outputs: Int
  public var groups: Int

  @inlinable
  public init(
    weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, taps: Int, inputs: Int,
    outputs: Int, groups: Int
  ) {
    self.weights = weights
    self.output = output
    self.taps = taps
    self.inputs = inputs
    self.outputs = outputs
    self.groups = groups
  }
}

/// Turns a convolution's weights round, for some of the panels that result, of all groups' together.
@inlinable @inline(always)
public func turnPanels(_ arguments: TurningArguments, panels: WorkRange) {
  let (inputs, outputs) = (arguments.inputs, arguments.outputs)
  let perGroup = Panel.count(inputs)
  let sourcePanels = Panel.count(outputs)
  let rows = arguments.taps * inputs
  var panel = panels.lower
  while panel < panels.upper {
    let group = panel / perGroup
    let first = panel % perGroup * Panel.width
    let lanes = inputs - first < Panel.width ? inputs - first : Panel.width
    let source = arguments.weights + group * sourcePanels * rows * Panel.width
    var target = arguments.output + panel * arguments.taps * outputs * Panel.width
    var tap = arguments.taps - 1
    while tap >= 0 {
      var output = 0
      while output < outputs {
        let from = source + (output / Panel.width * rows + tap * inputs + first) * Panel.width
        let left = outputs - output
        let count = left < Panel.width ? left : Panel.width
        transposeBlock(from, rows: lanes, to: target, columns: count)
        target += count * Panel.width
        output += count
      }
      tap -= 1
    }
    panel += 1
  }
}

/// Transposes a block of 16 by 16 numbers: `rows` of those in `source` become lanes, behind them zeros, and
/// `columns` of them are written.
///
/// Four passes of a perfect shuffle: each puts rows i and i + 8, number by number, into rows 2i and 2i + 1.
@inlinable @inline(always)
func transposeBlock(
  _ source: UnsafePointer<Float>, rows: Int, to target: UnsafeMutablePointer<Float>, columns: Int
) {
  var block = InlineArray<16, SIMD16<Float>>(repeating: SIMD16(repeating: 0))
  var row = 0
  while row < rows {
    block[unchecked: row] = UnsafeRawPointer(source + row * Panel.width)
      .loadUnaligned(as: SIMD16<Float>.self)
    row += 1
  }
  var pass = 0
  while pass < 4 {
    let before = block
    var i = 0
    while i < 8 {
      let (a, b) = (before[unchecked: i], before[unchecked: i + 8])
      block[unchecked: 2 * i].evenHalf = a.lowHalf
      block[unchecked: 2 * i].oddHalf = b.lowHalf
      block[unchecked: 2 * i + 1].evenHalf = a.highHalf
      block[unchecked: 2 * i + 1].oddHalf = b.highHalf
      i += 1
    }
    pass += 1
  }
  row = 0
  while row < columns {
    UnsafeMutableRawPointer(target + row * Panel.width)
      .storeBytes(of: block[unchecked: row], as: SIMD16<Float>.self)
    row += 1
  }
}
