import Kernel

/// The weights of a convolution in 16 or 8 bits, packed as the kernels read them.
struct NarrowWeights {
  let type: ElementType
  let bytes: [UInt8]
  /// Of 8 bits the step of each output channel, laid out as a bias: what a weight is multiplied by.
  let steps: [Float]

  /// Rows of 16 packed weights that follow each other, all of the same 16 output channels.
  struct Run {
    /// The panel of a bias's that they are of.
    var panel: Int
    var rows: Int
  }

  /// Why weights cannot be narrow.
  enum Obstacle: Error {
    case notFinite
    /// The largest magnitude.
    case tooLarge(Float)
  }

  /// The largest magnitude that rounds to a finite number of 16 bits is below this.
  private static let halfBound: Float = 65520

  /// Rounds packed weights.
  ///
  /// - Parameters:
  ///   - type: Not `float32`.
  ///   - runs: All rows of `packed`, in order.
  ///   - panels: The panels of a bias.
  init(
    _ packed: [Float], _ type: ElementType, runs: [Run], panels: Int
  ) throws(Obstacle) {
    precondition(type != .float32 && runs.reduce(0) { $0 + $1.rows } * Panel.width == packed.count)
    guard packed.allSatisfy(\.isFinite) else { throw .notFinite }
    self.type = type
    if type == .float16 {
      let largest = packed.reduce(0) { max($0, abs($1)) }
      guard largest < Self.halfBound else { throw .tooLarge(largest) }
      steps = []
      bytes = [UInt8](unsafeUninitializedCapacity: packed.count * 2) { target, count in
        for (index, weight) in packed.enumerated() {
          let bits = weight.halfBits
          target[2 * index] = UInt8(truncatingIfNeeded: bits)
          target[2 * index + 1] = UInt8(truncatingIfNeeded: bits >> 8)
        }
        count = packed.count * 2
      }
      return
    }
    let steps = Self.steps(packed, runs, panels)
    self.steps = steps
    bytes = [UInt8](unsafeUninitializedCapacity: packed.count) { target, count in
      Self.forEachRow(runs) { row, panel in
        for lane in row..<row + Panel.width {
          let number = (packed[lane] / steps[panel + lane - row]).rounded(.toNearestOrEven)
          target[lane] = UInt8(bitPattern: Int8(min(max(number, -127), 127)))
        }
      }
      count = packed.count
    }
  }

  /// A 127th of the largest magnitude of each output channel. Channels of nothing but zeros, or of numbers
  /// too small to be divided so, become zeros of any step.
  private static func steps(_ packed: [Float], _ runs: [Run], _ panels: Int) -> [Float] {
    var largest = [Float](repeating: 0, count: panels * Panel.width)
    forEachRow(runs) { row, panel in
      for lane in 0..<Panel.width {
        largest[panel + lane] = max(largest[panel + lane], abs(packed[row + lane]))
      }
    }
    return largest.map { ($0 / 127).isNormal ? $0 / 127 : 1 }
  }

  /// Calls `body` with the place of each row of 16 weights and that of its first output channel.
  private static func forEachRow(_ runs: [Run], _ body: (_ row: Int, _ panel: Int) -> Void) {
    var row = 0
    for run in runs {
      for _ in 0..<run.rows {
        body(row, run.panel * Panel.width)
        row += Panel.width
      }
    }
  }
}

extension Float {
  /// The bits of the nearest 16-bit float, of two the even one; an infinity from 65,520 on.
  var halfBits: UInt16 {
    let sign = UInt16(truncatingIfNeeded: bitPattern >> 16) & 0x8000
    let magnitude = bitPattern & 0x7fff_ffff
    if magnitude > 0x7f80_0000 { return sign | 0x7e00 }
    if magnitude >= 0x477f_f000 { return sign | 0x7c00 }
    if magnitude < 0x3880_0000 {
      // Below 2⁻¹⁴ they are multiples of 2⁻²⁴: adding a half, whose last bit that is, rounds so.
      let sum = Float(bitPattern: magnitude) + 0.5
      return sign | UInt16(truncatingIfNeeded: sum.bitPattern &- 0x3f00_0000)
    }
    let isOdd = magnitude >> 13 & 1
    return sign | UInt16(truncatingIfNeeded: (magnitude &- 0x3800_0000 &+ 0xfff &+ isOdd) >> 13)
  }
}
