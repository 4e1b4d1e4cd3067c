import Kernel
import Runtime
import Testing

struct OperationTests {
  @Test func recordIsReadAsItWasWritten() throws {
    let sample = SampleProgram()
    var written = try sample.operation(SampleProgram.addition)
    written.activation = Activation(.selu, alpha: 1.5, beta: -2, gamma: .infinity)
    for index in 0..<16 { written.numbers[index] = UInt32.max - UInt32(index) }
    written.weights = 64
    written.bias = 1 << 40
    written.scale = 128
    sample.write(written, at: SampleProgram.addition)
    let read = try sample.operation(SampleProgram.addition)
    #expect(read.kind == .addition && read.activation == written.activation)
    #expect(read.input == 6 && read.secondInput == 4 && read.output == 7)
    #expect(read.weights == 64 && read.bias == 1 << 40 && read.scale == 128)
    #expect(read.shift == Operation.noConstant)
    #expect((0..<16).allSatisfy { read.numbers[$0] == written.numbers[$0] })
    withExtendedLifetime(sample) {}
  }

  @Test func windowIsReadAsItWasWritten() {
    let geometry = WindowGeometry(
      batch: 1, input: (1, 2, 3), output: (4, 5, 6), window: (7, 8), stride: (9, 10),
      dilation: (11, 12), padding: (13, 14))
    var operation = Operation(.convolution, input: 0, output: 1)
    operation.window = Operation.Window(geometry: geometry, groups: 15)
    #expect(operation.window.geometry == geometry && operation.window.groups == 15)
  }
}
