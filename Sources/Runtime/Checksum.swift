/// The checksum of a model file, which is computed as fast as memory is read.
///
/// The bytes are rows of sixteen little-endian 32-bit numbers. Each column has two sums, as Fletcher's checksum
/// has them, modulo 2³²: of its numbers, and of that sum as it is after each row. The sixteen first sums and
/// then the sixteen second ones are hashed as FNV-1a hashes bytes.
public struct Checksum {
  /// The bytes of a row.
  public static var rowSize: Int { 64 }

  private var sums = SIMD16<UInt32>()
  private var sumsOfSums = SIMD16<UInt32>()

  public init() {}

  /// Adds whole rows, wherever they begin in memory.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    assert(bytes.count % Self.rowSize == 0)
    guard let base = bytes.baseAddress else { return }
    var row = 0
    while row < bytes.count {
      add((base + row).loadUnaligned(as: SIMD16<UInt32>.self))
      row += Self.rowSize
    }
  }

  /// Adds one row.
  public mutating func add(_ row: SIMD16<UInt32>) {
    sums &+= row
    sumsOfSums &+= sums
  }

  /// The checksum of all rows so far.
  public var value: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func join(_ sums: SIMD16<UInt32>) {
      for column in 0..<16 { hash = (hash ^ UInt64(sums[column])) &* 0x100_0000_01b3 }
    }
    join(sums)
    join(sumsOfSums)
    return hash
  }
}
