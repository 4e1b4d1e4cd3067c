import Kernel
import Testing

/// The vectors' operations, for each width, by their results lane by lane.
struct VectorTests {
  @Test func vectorsOfEveryWidth() {
    check(SIMD4<Float>.self)
    check(SIMD8<Float>.self)
    check(SIMD16<Float>.self)
  }

  private func check<V: Vector>(_: V.Type) {
    checkLoadsAndStores(V.self)
    checkChoices(V.self)
    checkArithmetic(V.self)
    checkPowers(V.self)
  }

  private func checkLoadsAndStores<V: Vector>(_: V.Type) {
    for lanes in 0...V.count {
      let numbers = (0..<lanes).map { Float($0 + 1) }
      let source = Floats(numbers)
      let target = GuardedFloats(count: lanes)
      let vector = withExtendedLifetime(source) { V.load(source.pointer, lanes: lanes) }
      vector.store(target.pointer, lanes: lanes)
      #expect(target.isWrittenExactly && target.values == numbers)
      #expect((lanes..<V.count).allSatisfy { vector[$0] == 0 })
    }
    let numbers = (0..<V.count).map { Float($0) }
    let source = Floats(numbers)
    let target = GuardedFloats(count: V.count)
    withExtendedLifetime(source) { V.load(source.pointer).store(target.pointer) }
    #expect(target.isWrittenExactly && target.values == numbers)
  }

  private func checkChoices<V: Vector>(_: V.Type) {
    let special: [Float] = [.nan, -.infinity, -1, -0.0, 0, 2, .infinity]
    for x in special {
      for y in special {
        let a = V(repeating: x)
        let b = V(repeating: y)
        let (yes, no) = (V(repeating: 5), V(repeating: 7))
        expect(no.replaced(with: yes, whereLess: a, than: b), x < y ? 5 : 7)
        expect(no.replaced(with: yes, whereAtMost: a, b), x <= y ? 5 : 7)
        expect(no.replaced(with: yes, whereEqual: a, b), x == y ? 5 : 7)
        expect(a.clampedBelow(by: b), x < y ? y : x)
        expect(a.clampedAbove(by: b), y < x ? y : x)
        if !x.isNaN { expect(a.withSign(of: b), Float(signOf: y, magnitudeOf: x)) }
      }
      if !x.isNaN { expect(V(repeating: x).magnitudes, x.magnitude) }
    }
    #expect(
      V(repeating: .nan).magnitudes[0].isNaN && V(repeating: .nan).withSign(of: .zeros)[0].isNaN)
  }

  private func checkArithmetic<V: Vector>(_: V.Type) {
    let (x, y, z): (Float, Float, Float) = (1.1, -2.3, 0.7)
    let (a, b, c) = (V(repeating: x), V(repeating: y), V(repeating: z))
    expect(a + b, x + y)
    expect(a - b, x - y)
    expect(a * b, x * y)
    expect(a / b, x / y)
    expect(-a, -x)
    expect(a.squareRoots(), x.squareRoot())
    let fused = c.fusedAddingProduct(a, b)[0]
    #expect(fused == z.addingProduct(x, y) || V.count == 4 && fused == z + x * y)
  }

  private func checkPowers<V: Vector>(_: V.Type) {
    for exponent in -126...127 {
      let power = V(repeating: 0x1.8p23 + Float(exponent)).powerOfTwoOfLowBits
      expect(power, Float(sign: .plus, exponent: exponent, significand: 1))
    }
    let normal: [Float] = [
      .leastNormalMagnitude, Float(0.75).nextDown, 0.75, 1, Float(1.5).nextDown, 1.5, 3, 1e10,
      .greatestFiniteMagnitude,
    ]
    for x in normal {
      let (significand, exponent) = V(repeating: x).significandAndExponent
      #expect((0.75..<1.5).contains(significand[0]))
      let scaled = Double(sign: .plus, exponent: Int(exponent[0]), significand: 1)
      #expect(Double(significand[0]) * scaled == Double(x))
      expect(significand, significand[0])
      expect(exponent, exponent[0])
    }
  }

  /// Expects every lane to hold the value, bit for bit.
  private func expect<V: Vector>(
    _ vector: V, _ value: Float, at location: SourceLocation = #_sourceLocation
  ) {
    for lane in 0..<V.count {
      let isSame = vector[lane].bitPattern == value.bitPattern
      #expect(isSame || vector[lane].isNaN && value.isNaN, sourceLocation: location)
    }
  }
}
