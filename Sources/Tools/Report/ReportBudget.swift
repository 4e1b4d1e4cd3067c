import CNN

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How many bytes of a page numbers may take.
struct ReportBudget {
  private(set) var remaining: Int

  init(megabytes: Double) { remaining = Int(megabytes * 1_000_000) }

  /// Numbers as text of the page; nil where not all of them fit any more.
  mutating func encode(_ arrays: [ArraySlice<Float>]) -> [String]? {
    let size = arrays.reduce(0) { $0 + ($1.count * MemoryLayout<Float>.size + 2) / 3 * 4 }
    guard size <= remaining else { return nil }
    remaining -= size
    return arrays.map { values in
      values.withUnsafeBytes { Data($0).base64EncodedString() }
    }
  }
}
