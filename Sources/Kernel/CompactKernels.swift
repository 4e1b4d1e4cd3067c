#if hasFeature(Embedded)
  // Sums of four channels, whose weights lie side by side; elsewhere a value at a time, which takes a
  // quarter of the code.
  @usableFromInline typealias Sums = SIMD4<Float>
  @usableFromInline typealias Value = Float

  /// The kernels for small memories: the same source as on every processor, in few tiles and narrow vectors.
  ///
  /// The functions of `KernelTable` elsewhere, as functions that are called directly: it takes no memory.
  /// Without Winograd's method, whose weights are several times as many.
  public struct KernelTable: Sendable {
    public typealias Input = UnsafePointer<Float>
    public typealias Output = UnsafeMutablePointer<Float>
    public typealias Bytes = UnsafeMutablePointer<UInt8>

    public var instructionSet: InstructionSet { .baseline }
    public var hasWinograd: Bool { false }

    public init() {}

    @export(interface) @inline(never)
    public func convolve(_ arguments: inout ConvolutionArguments) {
      Kernel.convolve(Sums.self, &arguments)
    }

    @export(interface) @inline(never)
    public func convolveDepthwise(_ arguments: DepthwiseArguments) {
      Kernel.convolveDepthwise(Sums.self, arguments)
    }

    public func convolveWinograd(_ arguments: WinogradArguments) {
      assertionFailure("there is no Winograd's method here")
    }

    @export(interface) @inline(never)
    public func widen(
      _ source: UnsafeRawPointer, _ type: ElementType, _ target: Output, _ count: Int
    ) {
      Kernel.widen(source, type, to: target, count: count)
    }

    @export(interface) @inline(never)
    public func quantize(
      _ source: Input, _ type: ElementType, _ target: Bytes, _ count: Int, _ factor: Float
    ) {
      Kernel.quantize(source, type, to: target, count: count, factor: factor)
    }

    @export(interface) @inline(never)
    public func poolMaximum(_ arguments: PoolingArguments) {
      Kernel.poolMaximum(Value.self, arguments)
    }

    @export(interface) @inline(never)
    public func poolAverage(_ arguments: PoolingArguments) {
      Kernel.poolAverage(Value.self, arguments)
    }

    @export(interface) @inline(never)
    public func activate(
      _ activation: Activation, _ input: Input, _ output: Output, _ count: Int
    ) {
      Kernel.activate(Value.self, activation, input, output, count: count)
    }

    @export(interface) @inline(never)
    public func scaleAndShift(
      _ input: Input, _ output: Output, _ scale: Input, _ shift: Input, _ pixels: Int,
      _ channels: Int
    ) {
      Kernel.scaleAndShift(
        Value.self, input, output, scale: scale, shift: shift, pixels: pixels, channels: channels)
    }

    @export(interface) @inline(never)
    public func add(_ a: Input, _ b: Input, _ output: Output, _ count: Int) {
      Kernel.add(Value.self, a, b, output, count: count)
    }

    @export(interface) @inline(never)
    public func softmax(
      _ input: Input, _ output: Output, _ outer: Int, _ axis: Int, _ inner: Int,
      _ isLogarithmic: Bool
    ) {
      Kernel.softmax(
        Value.self, input, output, outer: outer, axis: axis, inner: inner,
        isLogarithmic: isLogarithmic)
    }

    @export(interface) @inline(never)
    public func combine(_ arguments: BinaryArguments) { Kernel.combine(Value.self, arguments) }

    @export(interface) @inline(never)
    public func reduce(
      _ reduction: Reduction, _ input: Input, _ output: Output, _ outer: Int, _ axis: Int,
      _ inner: Int
    ) {
      Kernel.reduce(
        Value.self, reduction, input, output, outer: outer, axis: axis, inner: inner)
    }

    @export(interface) @inline(never)
    public func resample(_ arguments: ResamplingArguments) {
      Kernel.resample(Value.self, arguments)
    }

    @export(interface) @inline(never)
    public func multiplyMatrices(_ arguments: MatrixProductArguments) {
      Kernel.multiplyMatrices(Value.self, arguments)
    }
  }
#endif
