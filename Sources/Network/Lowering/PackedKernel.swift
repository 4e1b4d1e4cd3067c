import Kernel

/// Weights in the layouts that the kernels read.
enum PackedKernel {
  /// A kernel HWIO as panels: `[group][panel][tap and in][16]`, filled up with zeros.
  static func panels(_ kernel: Tensor, groups: Int) -> [Float] {
    let count = panelCount(kernel.shape, groups: groups)
    return [Float](unsafeUninitializedCapacity: count) { target, initialized in
      target.initialize(repeating: 0)
      writePanels(kernel, groups: groups, to: target)
      initialized = count
    }
  }

  /// The number of floats of a kernel's panels.
  static func panelCount(_ shape: [Int], groups: Int) -> Int {
    let rows = shape[0] * shape[1] * shape[2]
    return groups * Panel.count(shape[3] / groups) * rows * Panel.width
  }

  /// Writes a kernel's panels to memory that is zero.
  static func writePanels(
    _ kernel: Tensor, groups: Int, to target: UnsafeMutableBufferPointer<Float>
  ) {
    let outputs = kernel.shape[3]
    let perGroup = outputs / groups
    let rows = kernel.shape[0] * kernel.shape[1] * kernel.shape[2]
    let panels = Panel.count(perGroup)
    kernel.values.withUnsafeBufferPointer { source in
      guard let from = source.baseAddress, let to = target.baseAddress else { return }
      // Some rows at a time, so that their pages stay known while all panels read from them.
      for begin in stride(from: 0, to: rows, by: 64) {
        for group in 0..<groups {
          for panel in 0..<panels {
            let first = group * perGroup + panel * Panel.width
            let count = min(Panel.width, (group + 1) * perGroup - first)
            let base = to + (group * panels + panel) * rows * Panel.width
            for row in begin..<min(begin + 64, rows) {
              (base + row * Panel.width).update(
                from: from + (row * outputs + first), count: count)
            }
          }
        }
      }
    }
  }

  /// A transposed convolution's kernel (height, width, out, in) as the panels of each phase's kernel, the
  /// phases of a row of them one after the other.
  static func transposed(_ kernel: Tensor, strides: Size2D) -> [Float] {
    let (height, width) = (kernel.shape[0], kernel.shape[1])
    let (outputs, inputs) = (kernel.shape[2], kernel.shape[3])
    var result: [Float] = []
    for phaseY in 0..<strides.height {
      let rows = taps(phase: phaseY, window: height, stride: strides.height)
      for phaseX in 0..<strides.width {
        let columns = taps(phase: phaseX, window: width, stride: strides.width)
        var part = Tensor(shape: [rows.count, columns.count, inputs, outputs], repeating: 0)
        for (y, row) in rows.enumerated() where row < height {
          for (x, column) in columns.enumerated() where column < width {
            for output in 0..<outputs {
              for input in 0..<inputs {
                part.values[((y * columns.count + x) * inputs + input) * outputs + output] =
                  kernel.values[((row * width + column) * outputs + output) * inputs + input]
              }
            }
          }
        }
        result += panels(part, groups: 1)
      }
    }
    return result
  }

  /// A phase's taps in the order of the inputs that they see: the last comes first. One beyond the window
  /// where there is none.
  private static func taps(phase: Int, window: Int, stride: Int) -> [Int] {
    phase < window ? Array(Swift.stride(from: phase, to: window, by: stride).reversed()) : [window]
  }

  /// A depthwise kernel (height, width, channels, multiplier) as `[tap][channels · multiplier]`, each
  /// tap filled up with zeros to a multiple of 16.
  static func depthwise(_ kernel: Tensor) -> [Float] {
    let channels = kernel.shape[2] * kernel.shape[3]
    let padded = Panel.count(channels) * Panel.width
    let taps = kernel.shape[0] * kernel.shape[1]
    var result = [Float](repeating: 0, count: taps * padded)
    for tap in 0..<taps {
      for channel in 0..<channels {
        result[tap * padded + channel] = kernel.values[tap * channels + channel]
      }
    }
    return result
  }

  /// A number for each output channel, each group filled up to a multiple of 16.
  static func channels(_ values: [Float], groups: Int, fill: Float) -> [Float] {
    let perGroup = values.count / groups
    let padded = Panel.count(perGroup) * Panel.width
    var result = [Float](repeating: fill, count: groups * padded)
    for group in 0..<groups {
      for channel in 0..<perGroup {
        result[group * padded + channel] = values[group * perGroup + channel]
      }
    }
    return result
  }
}
