import struct Kernel.WindowGeometry

extension ReceptiveField {
  /// Which pixels of the input the values along one axis depend on.
  enum Extent: Equatable {
    /// A window of `size`, which begins at `start` for the first value, negative in the padding, and `step`
    /// further for each that follows; 0 where all see the same.
    case uniform(size: Int, step: Int, start: Int)
    /// A window for each value, empty for one of nothing but padding: behind layers that make pictures larger.
    case each([Range<Int>])

    /// The values themselves.
    static let pixel = Self.uniform(size: 1, step: 1, start: 0)

    /// What the value at `index` depends on.
    subscript(index: Int) -> Range<Int> {
      switch self {
      case .uniform(let size, let step, let start):
        start + index * step..<start + index * step + size
      case .each(let windows): windows[index]
      }
    }

    /// Of windows over what has this extent; sizes and starts add up as in Araujo, Norris and Sim,
    /// "Computing Receptive Fields of Convolutional Neural Networks", 2019.
    func window(_ axis: Axis) -> Self {
      guard case .uniform(let size, let step, let start) = self else {
        return gathered(axis) { output in
          let first = output * axis.stride - axis.padding
          return first...first + (axis.taps - 1) * axis.dilation
        }
      }
      return .uniform(
        size: size + (axis.taps - 1) * axis.dilation * step, step: step * axis.stride,
        start: start - axis.padding * step)
    }

    /// Of a transposed convolution; `axis` is that of its result.
    func transposed(_ axis: Axis) -> Self {
      gathered(axis) { output in
        // The inputs i with i · stride + tap · dilation = output + padding.
        let last = output + axis.padding
        let first = last - (axis.taps - 1) * axis.dilation
        let lower = max(0, (first + axis.stride - 1) / axis.stride)
        let upper = last / axis.stride
        return lower <= upper ? lower...upper : nil
      }
    }

    /// Of a picture made `factor` times as large, of the nearest pixels, or between the two nearest ones.
    func enlarged(by factor: Int, inputs: Int, isBilinear: Bool) -> Self {
      let axis = Axis(inputs: inputs, outputs: inputs * factor)
      return gathered(axis) { output in
        guard isBilinear else { return output / factor...output / factor }
        // The output's middle is at (output + ½) / factor - ½; the edge counts for what is beyond it.
        let middle = 2 * output + 1 - factor
        let lower = max(0, middle) / (2 * factor)
        return lower...min(inputs - 1, max(0, middle + 2 * factor - 1) / (2 * factor))
      }
    }

    /// Of what has elements cut off in front of it, or zeros added where negative.
    func cut(_ axis: Axis, before: Int) -> Self {
      guard case .uniform(let size, let step, let start) = self else {
        return gathered(axis) { $0 + before...$0 + before }
      }
      return .uniform(size: size, step: step, start: start + before * step)
    }

    /// What covers both, for `count` values.
    func union(_ other: Self, count: Int) -> Self {
      if case .uniform(let size, let step, let start) = self,
        case .uniform(let otherSize, let otherStep, let otherStart) = other, step == otherStep
      {
        let first = min(start, otherStart)
        return .uniform(
          size: max(start + size, otherStart + otherSize) - first, step: step, start: first)
      }
      return .each((0..<count).map { Self.hull(self[$0], other[$0]) })
    }

    /// For each output what covers the extents of the inputs that it is made of.
    private func gathered(_ axis: Axis, _ sources: (_ output: Int) -> ClosedRange<Int>?) -> Self {
      .each(
        (0..<axis.outputs).map { output in
          guard let range = sources(output) else { return 0..<0 }
          let inside = range.clamped(to: 0...axis.inputs - 1)
          guard range.overlaps(0...axis.inputs - 1) else { return 0..<0 }
          return inside.reduce(0..<0) { Self.hull($0, self[$1]) }
        })
    }

    private static func hull(_ first: Range<Int>, _ second: Range<Int>) -> Range<Int> {
      if first.isEmpty { return second }
      if second.isEmpty { return first }
      return min(first.lowerBound, second.lowerBound)..<max(first.upperBound, second.upperBound)
    }
  }

  /// How a window slides along one axis.
  struct Axis {
    var inputs: Int
    var outputs: Int
    var taps = 1
    var stride = 1
    var dilation = 1
    var padding = 0

    init(inputs: Int, outputs: Int) {
      self.inputs = inputs
      self.outputs = outputs
    }

    static func vertical(_ geometry: WindowGeometry) -> Self {
      var axis = Self(inputs: geometry.inputHeight, outputs: geometry.outputHeight)
      axis.taps = geometry.windowHeight
      axis.stride = geometry.strideY
      axis.dilation = geometry.dilationY
      axis.padding = geometry.paddingTop
      return axis
    }

    static func horizontal(_ geometry: WindowGeometry) -> Self {
      var axis = Self(inputs: geometry.inputWidth, outputs: geometry.outputWidth)
      axis.taps = geometry.windowWidth
      axis.stride = geometry.strideX
      axis.dilation = geometry.dilationX
      axis.padding = geometry.paddingLeft
      return axis
    }
  }
}

extension ReceptiveField.Extent: Encodable {
  private enum Key: String, CodingKey { case size, step, start, sizes, starts }

  /// `size`, `step` and `start`, or `sizes` and `starts` of each value.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .uniform(let size, let step, let start):
      try container.encode(size, forKey: .size)
      try container.encode(step, forKey: .step)
      try container.encode(start, forKey: .start)
    case .each(let windows):
      try container.encode(windows.map(\.count), forKey: .sizes)
      try container.encode(windows.map(\.lowerBound), forKey: .starts)
    }
  }
}
