import Kernel
import Testing

@Suite struct WideningTests {
  /// Every 16-bit float, in numbers that are whole vectors and not.
  @Test(arguments: testedKernels)
  func halvesAreTheirValues(_ kernels: KernelTable) {
    let all = (0...UInt16.max).map { $0 }
    let wide = widened(all, .float16, kernels)
    #expect(wide.isWrittenExactly)
    for (half, value) in zip(all, wide.values) {
      let expected = Self.value(ofHalf: half)
      #expect(
        expected.isNaN
          ? value.isNaN
          : value.bitPattern == Float(expected).bitPattern, "\(String(half, radix: 16))")
    }
    for count in 0..<40 {
      let part = widened(Array(all[15350..<15350 + count]), .float16, kernels)
      #expect(part.isWrittenExactly && part.bits == Array(wide.bits[15350..<15350 + count]))
    }
  }

  @Test(arguments: testedKernels)
  func bytesAreTheirValues(_ kernels: KernelTable) {
    let all = (Int8.min...Int8.max).map { $0 }
    let wide = widened(all, .int8, kernels)
    #expect(wide.isWrittenExactly && wide.values == all.map { Float($0) })
    for count in 0..<40 {
      let part = widened(Array(all[100..<100 + count]), .int8, kernels)
      #expect(part.isWrittenExactly && part.values == all[100..<100 + count].map { Float($0) })
    }
    let positive = (UInt8.min...UInt8.max).map { $0 }
    let unsigned = widened(positive, .uint8, kernels)
    #expect(unsigned.isWrittenExactly && unsigned.values == positive.map { Float($0) })
  }

  /// What IEEE 754 says of the fields.
  private static func value(ofHalf bits: UInt16) -> Double {
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }

  private func widened<Narrow: BitwiseCopyable>(
    _ weights: [Narrow], _ type: ElementType, _ kernels: KernelTable
  ) -> GuardedFloats {
    let target = GuardedFloats(count: weights.count)
    // Memory of exactly so many bytes.
    let source = UnsafeMutableBufferPointer<Narrow>.allocate(capacity: weights.count)
    defer { source.deallocate() }
    _ = source.initialize(from: weights)
    kernels.widen(
      UnsafeRawPointer(source.baseAddress!), type, target.pointer, weights.count)
    return target
  }
}
