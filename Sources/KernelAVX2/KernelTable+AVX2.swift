import Kernel

private typealias Lanes = SIMD8<Float>

// Not made by a function generic over the vector: its closures would be emitted as weak symbols, of
// which the linker keeps one for all modules.
extension KernelTable {
  /// The kernels for x86-64-v3; to be called only on a processor that has it.
  public static func avx2() -> KernelTable {
    KernelTable(
      instructionSet: .avx2,
      convolve: { Kernel.convolve(Lanes.self, &$0) },
      convolveWinograd: { Kernel.convolveWinograd(Lanes.self, $0) },
      convolveDepthwise: { Kernel.convolveDepthwise(Lanes.self, $0) },
      widen: { Kernel.widen($0, $1, to: $2, count: $3) },
      quantize: { Kernel.quantize($0, $1, to: $2, count: $3, factor: $4) },
      poolMaximum: { Kernel.poolMaximum(Lanes.self, $0) },
      poolAverage: { Kernel.poolAverage(Lanes.self, $0) },
      activate: { Kernel.activate(Lanes.self, $0, $1, $2, count: $3) },
      scaleAndShift: {
        Kernel.scaleAndShift(Lanes.self, $0, $1, scale: $2, shift: $3, pixels: $4, channels: $5)
      },
      add: { Kernel.add(Lanes.self, $0, $1, $2, count: $3) },
      softmax: {
        Kernel.softmax(Lanes.self, $0, $1, outer: $2, axis: $3, inner: $4, isLogarithmic: $5)
      },
      combine: { Kernel.combine(Lanes.self, $0) },
      reduce: { Kernel.reduce(Lanes.self, $0, $1, $2, outer: $3, axis: $4, inner: $5) },
      resample: { Kernel.resample(Lanes.self, $0) },
      multiplyMatrices: { Kernel.multiplyMatrices(Lanes.self, $0) },
      runMultiplyAdds: { Kernel.runMultiplyAdds(Lanes.self, repetitions: $0, seed: $1, sink: $2) }
    )
  }
}
