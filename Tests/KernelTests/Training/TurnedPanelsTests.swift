import Kernel
import Testing

struct TurnedPanelsTests {
  /// The last tap first, and input and output channels in each other's place; zeros behind the channels.
  @Test(arguments: TestedTraining.all)
  func turnsEveryWeight(_ tested: TestedTraining) {
    var random = SeededGenerator(31)
    for (taps, inputs, outputs, groups) in [
      (1, 1, 1, 1), (9, 3, 5, 2), (4, 16, 16, 1), (9, 33, 20, 1), (1, 40, 70, 3),
    ] {
      let rows = taps * inputs
      let (panels, turnedPanels) = (Panel.count(outputs), Panel.count(inputs))
      let weights = random.floats(groups * panels * rows * 16)
      let source = Floats(weights)
      let target = GuardedFloats(count: groups * turnedPanels * taps * outputs * 16)
      tested.kernels.turnPanels(
        TurningArguments(
          weights: source.pointer, output: target.pointer, taps: taps, inputs: inputs,
          outputs: outputs, groups: groups),
        WorkRange(0, groups * turnedPanels))
      #expect(target.isWrittenExactly)
      let turned = target.values
      for index in turned.indices {
        let (row, lane) = (index / 16, index % 16)
        let (panel, place) = (row / (taps * outputs), row % (taps * outputs))
        let (group, input) = (panel / turnedPanels, panel % turnedPanels * 16 + lane)
        let (tap, output) = (taps - 1 - place / outputs, place % outputs)
        let from = ((group * panels + output / 16) * rows + tap * inputs + input) * 16 + output % 16
        #expect(turned[index] == (input < inputs ? weights[from] : 0))
      }
    }
  }
}
