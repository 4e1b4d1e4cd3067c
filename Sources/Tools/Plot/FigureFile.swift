import ArgumentParser
import Figures

/// Where a figure is written.
struct FigureFile: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A file that ends in .png, .svg or .pdf; '-' for PNG to standard output.", valueName: "path"),
    completion: .file(extensions: FigureFormat.allCases.map(\.rawValue)))
  var output: String

  /// - Throws: `ToolFailure`, where the file's name has another ending.
  static func format(of path: String) throws -> FigureFormat {
    if path == "-" { return .png }
    guard let format = FigureFormat(fileName: path) else {
      throw ToolFailure(
        "\(path): the ending says which kind of file it is; expected .png, .svg or .pdf",
        isUsage: true)
    }
    return format
  }

  func validate() throws {
    do {
      _ = try Self.format(of: output)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  func write(_ figure: some Figure) throws { try Self.write(figure, to: output) }

  static func write(_ figure: some Figure, to path: String) throws {
    let format = try format(of: path)
    do {
      try OutputFile.write(try figure.bytes(as: format), to: path, isText: format == .svg)
    } catch let error as FigureError {
      throw ToolFailure("\(path): \(error)")
    }
  }
}
