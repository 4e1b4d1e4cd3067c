import Kernel
import Testing

@Suite struct QuantizationTests {
  /// Every type, with factors that round and such that do not.
  @Test(arguments: testedKernels, [ElementType.int8, .uint8])
  func numbersAreThoseOfThePlainLoop(_ kernels: KernelTable, _ type: ElementType) {
    for factor: Float in [1, 0.1, 7.3, 1e30] {
      // Halves, which go to the even neighbour, and what is beyond the numbers.
      let values = (-1200...1200).map { Float($0) / 4 } + Self.special
      let found = quantized(values, type, factor, kernels)
      #expect(found == values.map { Self.number($0 * factor, type) }, "\(factor)")
    }
  }

  /// Numbers that are whole vectors and not: nothing is written behind them.
  @Test(arguments: testedKernels)
  func nothingIsWrittenBehindThem(_ kernels: KernelTable) {
    for count in 0..<70 {
      let values = (0..<count).map { Float($0) - 35.5 }
      #expect(
        quantized(values, .int8, 1, kernels) == values.map { Self.number($0, .int8) })
    }
  }

  @Test(arguments: testedKernels)
  func whatIsNoNumberIsDecided(_ kernels: KernelTable) {
    let values: [Float] = [.nan, .infinity, -.infinity, -0.0, 0.5, 1.5, -0.5, -1.5]
    #expect(
      quantized(values, .int8, 1, kernels)
        == [0, 127, -127, 0, 0, 2, 0, -2].map { UInt8(bitPattern: $0) })
    #expect(quantized(values, .uint8, 1, kernels) == [0, 255, 0, 0, 0, 2, 0, 0])
  }

  private static let special: [Float] = [
    .nan, .infinity, -.infinity, .greatestFiniteMagnitude, -.greatestFiniteMagnitude,
    .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 0, -0.0, 254.5, 255.5, 126.5, -126.5, -127.5,
  ]

  private static func number(_ value: Float, _ type: ElementType) -> UInt8 {
    if value.isNaN { return 0 }
    let (lower, upper): (Float, Float) = type == .int8 ? (-127, 127) : (0, 255)
    let number = min(max(value.rounded(.toNearestOrEven), lower), upper)
    return type == .int8 ? UInt8(bitPattern: Int8(number)) : UInt8(number)
  }

  private func quantized(
    _ values: [Float], _ type: ElementType, _ factor: Float, _ kernels: KernelTable
  ) -> [UInt8] {
    // A byte more, which stays as it is.
    let target = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: values.count + 1)
    defer { target.deallocate() }
    target.initialize(repeating: 0xa5)
    let source = Floats(values)
    withExtendedLifetime(source) {
      kernels.quantize(source.pointer, type, target.baseAddress!, values.count, factor)
    }
    #expect(target.last == 0xa5)
    return Array(target.dropLast())
  }
}
