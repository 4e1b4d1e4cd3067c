/// The page of a report: one file with everything in it.
enum ReportPage {
  /// The page's script, a file for each concept; the last ones call those before.
  private static var scripts: [[UInt8]] {
    [
      PackageResources.state_js, PackageResources.numbers_js, PackageResources.layers_js,
      PackageResources.pictures_js, PackageResources.graph_js, PackageResources.layer_js,
      PackageResources.map_js, PackageResources.field_js, PackageResources.cell_js,
      PackageResources.windows_js, PackageResources.sums_js, PackageResources.input_js,
      PackageResources.controls_js, PackageResources.check_js,
    ]
  }

  /// - Throws: `EncodingError`, which no data of a report gives rise to.
  static func bytes(_ data: ReportData) throws -> [UInt8] {
    // Within a script element only `<` could end it, or begin a comment; JSON has an escape for it.
    let json = try JSONOutput.line(data).replacing("<", with: "\\u003c")
    let parts = [
      ("/* report.css */", String(decoding: PackageResources.report_css, as: UTF8.self)),
      ("/* report.json */", json),
      (
        "/* scripts */", scripts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
      ),
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
