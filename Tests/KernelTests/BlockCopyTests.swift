import Kernel
import Testing

struct BlockCopyTests {
  @Test func blocksGoWhereTheStridesSay() {
    let copy = BlockCopy(
      planes: 2, rows: 3, length: 4, source: (planeStride: 20, rowStride: 5),
      target: (planeStride: 30, rowStride: 7))
    let numbers = (0..<20 + 2 * 5 + 4).map { Float($0) }
    let source = Floats(numbers)
    let target = GuardedFloats(Array(repeating: -1, count: 30 + 2 * 7 + 4))
    withExtendedLifetime(source) { copy.run(source.pointer, target.pointer) }
    var expected = [Float](repeating: -1, count: 30 + 2 * 7 + 4)
    for plane in 0..<2 {
      for row in 0..<3 {
        for i in 0..<4 { expected[plane * 30 + row * 7 + i] = numbers[plane * 20 + row * 5 + i] }
      }
    }
    #expect(target.isWrittenExactly && target.values == expected)
  }

  @Test func nothingIsCopiedWhereACountIsZero() {
    for (planes, rows, length) in [(0, 3, 4), (2, 0, 4), (2, 3, 0)] {
      let source = Floats([])
      let target = GuardedFloats([-1])
      let copy = BlockCopy(
        planes: planes, rows: rows, length: length, source: (1, 1), target: (1, 1))
      withExtendedLifetime(source) { copy.run(source.pointer, target.pointer) }
      #expect(target.isWrittenExactly && target.values == [-1])
    }
  }
}
