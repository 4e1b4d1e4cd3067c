/// The shape of a data set or an attribute (section IV.A.2.b of the specification).
struct Dataspace {
  /// The number of axes.
  let rank: Int
  /// How many values there are; the largest number where there are more than that.
  let count: Int

  init(_ record: RecordReader) throws(HDF5Problem) {
    var record = record
    let version = try record.expect(version: 1...2)
    rank = try record.byte()
    guard rank <= 32 else { throw .damage("it declares \(rank) axes; 32 are the most") }
    let mayGrow = try record.byte() & 1 != 0
    let kind = try record.byte()
    if version == 1 { try record.skip(4) }
    var sizes: [Int] = []
    for _ in 0..<rank { sizes.append(Int(clamping: try record.integer(8))) }
    // How far the axes may grow.
    if mayGrow { try record.skip(8 * rank) }
    let product = sizes.reduce(1) { result, size in
      let (product, overflow) = result.multipliedReportingOverflow(by: size)
      return overflow ? .max : product
    }
    // Nothing at all is a kind of its own.
    count = version == 2 && kind == 2 || sizes.contains(0) ? 0 : product
  }

  /// The bytes of all values; the largest number where there are more than that.
  func byteCount(_ type: Datatype) -> Int {
    let (product, overflow) = count.multipliedReportingOverflow(by: type.size)
    return overflow ? .max : product
  }
}
