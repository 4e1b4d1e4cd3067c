#if !hasFeature(Embedded)
  /// The kernels of one instruction set. Embedded Swift has `KernelTable` in CompactKernels.swift.
  ///
  /// Functions, not a protocol: a table is a plain value without metadata, chosen once, and a call
  /// through it is one indirect jump.
  public struct KernelTable: Sendable {
    /// The instruction set that the kernels are made for.
    public let instructionSet: InstructionSet
    public let convolve: Convolve
    public let convolveWinograd: ConvolveWinograd
    /// Whether `convolveWinograd` may be called.
    public var hasWinograd: Bool { true }
    public let convolveDepthwise: ConvolveDepthwise
    public let widen: Widen
    public let quantize: Quantize
    public let poolMaximum: Pool
    public let poolAverage: Pool
    public let activate: Activate
    public let scaleAndShift: ScaleAndShift
    public let add: Add
    public let softmax: Softmax
    public let combine: Combine
    public let reduce: Reduce
    public let resample: Resample
    public let multiplyMatrices: MultiplyMatrices
    public let runMultiplyAdds: RunMultiplyAdds
    /// Those of training; nil where there is none.
    public var training: TrainingKernels?

    public typealias Input = UnsafePointer<Float>
    public typealias Output = UnsafeMutablePointer<Float>
    public typealias Bytes = UnsafeMutablePointer<UInt8>
    /// The arguments may be changed to others that mean the same.
    public typealias Convolve = @Sendable (inout ConvolutionArguments) -> Void
    public typealias ConvolveWinograd = @Sendable (WinogradArguments) -> Void
    public typealias ConvolveDepthwise = @Sendable (DepthwiseArguments) -> Void
    /// Narrow weights or values, their type, where they become floats, how many.
    public typealias Widen = @Sendable (UnsafeRawPointer, ElementType, Output, Int) -> Void
    /// Floats, the type that they become, where, how many, the number that a value of 1 becomes.
    public typealias Quantize = @Sendable (Input, ElementType, Bytes, Int, Float) -> Void
    public typealias Pool = @Sendable (PoolingArguments) -> Void
    /// The function, input, output, count.
    public typealias Activate = @Sendable (Activation, Input, Output, Int) -> Void
    /// Input, output, scale, shift, pixels, channels.
    public typealias ScaleAndShift = @Sendable (Input, Output, Input, Input, Int, Int) -> Void
    /// Two inputs, output, count.
    public typealias Add = @Sendable (Input, Input, Output, Int) -> Void
    /// Input, output, outer, axis, inner, whether the logarithm is asked for.
    public typealias Softmax = @Sendable (Input, Output, Int, Int, Int, Bool) -> Void
    public typealias Combine = @Sendable (BinaryArguments) -> Void
    /// What, input, output, outer, axis, inner.
    public typealias Reduce = @Sendable (Reduction, Input, Output, Int, Int, Int) -> Void
    public typealias Resample = @Sendable (ResamplingArguments) -> Void
    public typealias MultiplyMatrices = @Sendable (MatrixProductArguments) -> Void
    /// Repetitions, seed, sink; returns the number of floating-point operations.
    public typealias RunMultiplyAdds = @Sendable (Int, Float, Output) -> Int

    public init(
      instructionSet: InstructionSet, convolve: @escaping Convolve,
      convolveWinograd: @escaping ConvolveWinograd, convolveDepthwise: @escaping ConvolveDepthwise,
      widen: @escaping Widen, quantize: @escaping Quantize, poolMaximum: @escaping Pool,
      poolAverage: @escaping Pool, activate: @escaping Activate,
      scaleAndShift: @escaping ScaleAndShift, add: @escaping Add, softmax: @escaping Softmax,
      combine: @escaping Combine, reduce: @escaping Reduce, resample: @escaping Resample,
      multiplyMatrices: @escaping MultiplyMatrices, runMultiplyAdds: @escaping RunMultiplyAdds
    ) {
      self.instructionSet = instructionSet
      self.convolve = convolve
      self.convolveWinograd = convolveWinograd
      self.convolveDepthwise = convolveDepthwise
      self.widen = widen
      self.quantize = quantize
      self.poolMaximum = poolMaximum
      self.poolAverage = poolAverage
      self.activate = activate
      self.scaleAndShift = scaleAndShift
      self.add = add
      self.softmax = softmax
      self.combine = combine
      self.reduce = reduce
      self.resample = resample
      self.multiplyMatrices = multiplyMatrices
      self.runMultiplyAdds = runMultiplyAdds
    }
  }
#endif
