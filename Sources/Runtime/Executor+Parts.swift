import CProcessor
import Kernel

extension Executor {
  /// How far ahead the rows of parts are asked for.
  private static var floatsAhead: Int { 512 }

  /// Where the outputs of an operation with a window lie if not one behind the other.
  ///
  /// - Parameters:
  ///   - target: The value that it computes.
  ///   - rows: How many of a picture's are computed at a time; nil for all.
  func spacing(
    _ operation: Operation, _ target: TensorRecord, rows: Int? = nil
  ) -> OutputSpacing? {
    guard target.placement == .part else { return nil }
    let size = operation.storedSize
    return program.layout(target)
      .spacing(height: rows ?? size.height, width: size.width, channels: size.channels)
  }

  /// Executes a share of an element-wise operation that reads or writes a part of another value: row by row.
  func executeByRows(
    _ operation: Operation, _ part: Part, _ share: Share, _ input: UnsafePointer<Float>,
    _ output: UnsafeMutablePointer<Float>
  ) {
    let source = program.tensor(Int(operation.input))
    let target = program.tensor(Int(operation.output))
    let length = source.placement == .part ? source.rowLength : target.rowLength
    func step(_ tensor: TensorRecord) -> Int {
      tensor.placement == .part ? program.layout(tensor).stride : length
    }
    let (sourceStep, targetStep) = (step(source), step(target))
    let rows = share.of(target.count / length * part.count)
    if operation.kind == .activation {
      for row in rows.lower..<rows.upper {
        kernels.activate(
          operation.activation, input + row * sourceStep, output + row * targetStep, length)
      }
      return
    }
    let scale = constants(operation.scale).unsafelyUnwrapped
    let shift = constants(operation.shift).unsafelyUnwrapped
    let channels = operation.number(0)
    let pixels = length / channels
    // What the processor asks for by itself are lines that follow each other: not those of the rows to come.
    let ahead = Self.floatsAhead / length + 1
    for row in rows.lower..<rows.upper {
      let from = input + row * sourceStep
      if sourceStep > length {
        for line in stride(from: 0, to: length, by: Panel.width) {
          cnn_prefetch(from + (ahead * sourceStep + line))
        }
      }
      kernels.scaleAndShift(
        from, output + row * targetStep, scale, shift, pixels, channels)
    }
  }
}
