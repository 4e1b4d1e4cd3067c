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
  /// Where the taps are taken from: the last first where nil, else the tap of each place, -1 for none.
  public var order: UnsafePointer<Int32>?
  /// The taps of the turned weights: `taps` where there is no order.
  public var turnedTaps: Int

  @inlinable
  public init(
    weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, taps: Int, inputs: Int,
    outputs: Int, groups: Int, order: UnsafePointer<Int32>? = nil, turnedTaps: Int
  ) {
    self.weights = weights
    self.output = output
    self.taps = taps
    self.inputs = inputs
    self.outputs = outputs
    self.groups = groups
    self.order = order
    self.turnedTaps = turnedTaps
  }
}

/// Turns a convolution's weights round, for some of the panels that result, of all groups' together.
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
    var target = arguments.output + panel * arguments.turnedTaps * outputs * Panel.width
    var place = 0
    while place < arguments.turnedTaps {
      let tap = arguments.order.map { Int($0[place]) } ?? arguments.taps - 1 - place
      var output = 0
      while output < outputs {
        if tap < 0 {
          target.update(repeating: 0, count: Panel.width)
        } else {
          let from =
            source
            + ((output / Panel.width * rows + tap * inputs + first) * Panel.width
              + output % Panel.width)
          var lane = 0
          while lane < lanes {
            target[lane] = from[lane * Panel.width]
            lane += 1
          }
          while lane < Panel.width {
            target[lane] = 0
            lane += 1
          }
        }
        target += Panel.width
        output += 1
      }
      place += 1
    }
    panel += 1
  }
}
