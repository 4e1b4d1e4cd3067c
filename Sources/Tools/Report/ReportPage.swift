/// The page of a report: one file with everything in it.
enum ReportPage {
  /// - Throws: `EncodingError`, which no data of a report gives rise to.
  static func bytes(_ data: ReportData) throws -> [UInt8] {
    // Within a script element only `<` could end it, or begin a comment; JSON has an escape for it.
    let json = try JSONOutput.line(data).replacing("<", with: "\\u003c")
    let parts = [
      ("/* report.css */", String(decoding: PackageResources.report_css, as: UTF8.self)),
      ("/* report.json */", json),
      ("/* report.js */", String(decoding: PackageResources.report_js, as: UTF8.self)),
    ]
    var rest = String(decoding: PackageResources.report_html, as: UTF8.self)[...]
    var page = ""
    for (place, text) in parts {
      guard let range = rest.firstRange(of: place) else {
        preconditionFailure("the page has no place for \(place)")
      }
      page += rest[..<range.lowerBound] + text
      rest = rest[range.upperBound...]
    }
    return Array((page + rest).utf8)
  }
}
