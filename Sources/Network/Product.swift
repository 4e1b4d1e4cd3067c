extension Collection<Int> {
  /// The product of sizes; nil where it is beyond 2⁴⁰, more than any network's value or weight has.
  ///
  /// Sizes come from files: one that was made to overflow must not end the program.
  var productOfSizes: Int? {
    var result = 1
    for size in self {
      let (product, overflow) = result.multipliedReportingOverflow(by: size)
      guard !overflow, product <= 1 << 40 else { return nil }
      result = product
    }
    return result
  }
}
