/// Floats that a kernel reads, in memory of exactly their number: AddressSanitizer sees every read
/// beyond either end.
final class Floats {
  let pointer: UnsafePointer<Float>
  private let memory: UnsafeMutableBufferPointer<Float>

  init(_ values: [Float]) {
    memory = .allocate(capacity: values.count)
    _ = memory.initialize(from: values)
    pointer = UnsafePointer(memory.baseAddress!)
  }

  deinit { memory.deallocate() }
}

/// Floats that a kernel writes, between guard values that it must not touch.
///
/// What was not written yet holds the guard too. It is a NaN: a kernel that reads its output before
/// writing it gives itself away.
final class GuardedFloats {
  let pointer: UnsafeMutablePointer<Float>
  private let count: Int
  private let memory: UnsafeMutableBufferPointer<Float>
  private static let margin = 33
  private static let guardPattern: UInt32 = 0x7fed_cba9

  init(count: Int) {
    self.count = count
    memory = .allocate(capacity: count + 2 * Self.margin)
    memory.initialize(repeating: Float(bitPattern: Self.guardPattern))
    pointer = memory.baseAddress! + Self.margin
  }

  /// With values to begin with, for kernels that work in place.
  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    pointer.update(from: values, count: values.count)
  }

  deinit { memory.deallocate() }

  var input: UnsafePointer<Float> { UnsafePointer(pointer) }

  var values: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// The values' bits: unlike floats they compare equal where they are NaN, and tell -0 from 0.
  var bits: [UInt32] { values.map(\.bitPattern) }

  /// Whether nothing around the values was written.
  var isWrittenInside: Bool {
    memory.indices.allSatisfy { index in
      (Self.margin..<Self.margin + count).contains(index)
        || memory[index].bitPattern == Self.guardPattern
    }
  }

  /// Whether every value was written, and nothing around them.
  var isWrittenExactly: Bool { isWritten(exactlyAt: 0..<count) }

  /// Whether the values at these places were written, and nothing between and around them.
  func isWritten(exactlyAt places: some Sequence<Int>) -> Bool {
    let written = Set(places.map { $0 + Self.margin })
    return memory.indices.allSatisfy {
      (memory[$0].bitPattern == Self.guardPattern) != written.contains($0)
    }
  }
}
