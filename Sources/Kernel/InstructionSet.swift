/// The instruction sets that kernels exist for, from the one that every processor has.
public enum InstructionSet: UInt8, CaseIterable, Comparable, Sendable {
  /// What every processor of the architecture has: SSE2 on x86-64, NEON on aarch64.
  case baseline = 0
  /// x86-64-v3: AVX2 and FMA.
  case avx2 = 1
  /// x86-64-v4: AVX-512 F, BW, CD, DQ and VL.
  case avx512 = 2

  public static func < (a: InstructionSet, b: InstructionSet) -> Bool { a.rawValue < b.rawValue }

  /// The name that `CNN_ISA` takes.
  public var name: StaticString {
    switch self {
    case .baseline: "baseline"
    case .avx2: "avx2"
    case .avx512: "avx512"
    }
  }
}
