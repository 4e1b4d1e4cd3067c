import ArgumentParser
import Glibc
import Runtime

/// The tool: commands that show what a Keras model is and computes.
struct CNNTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cnntool",
    abstract: "Shows what every layer of a Keras model computes, and runs it.",
    discussion: """
      Models are Keras .h5 and .keras files. Inputs are PNG or JPEG pictures, .npy, .npz, CSV or IDX files, \
      gzipped or not; '-' is standard input or output.

      The environment variable CNN_ISA=baseline|avx2|avx512 chooses the instruction set; without it \
      the best that the processor has is taken. CNN_THREADS=N sets the number of threads; without \
      it there is one for each core.
      """,
    version: "\(Version.text)",
    subcommands: [
      SummaryCommand.self, PredictCommand.self, RunCommand.self, DumpLayerCommand.self,
      DumpWeightsCommand.self, PlotCommand.self, ReportCommand.self, ExplainCommand.self,
      ConvertCommand.self, CompileCommand.self,
      SelfTestCommand.self, VerifyCommand.self,
      TrainCommand.self, EvaluateCommand.self, BenchCommand.self,
    ])
}

@main
enum Main {
  /// Exit status 0; 1 for a failure, 2 for wrong usage, each with one line on standard error.
  static func main() {
    // A reader that has seen enough closes the pipe: that is an error of the write, not a signal.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that grows beyond what is allowed.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try CNNTool.parseAsRoot()
      try command.run()
    } catch {
      exit(report(error))
    }
  }

  private static func report(_ error: any Error) -> Int32 {
    switch CNNTool.exitCode(for: error) {
    case .success:
      print(CNNTool.fullMessage(for: error))
      return 0
    case .validationFailure:
      StandardError.write("cnntool: \(oneLine(CNNTool.message(for: error))); see cnntool --help")
      return 2
    default:
      if let failure = error as? ToolFailure, failure.isQuiet { return 1 }
      StandardError.write("cnntool: \(oneLine(String(describing: error)))")
      return (error as? ToolFailure)?.isUsage == true ? 2 : 1
    }
  }

  private static func oneLine(_ text: String) -> String {
    var text = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    while text.last == "." { text.removeLast() }
    return text
  }
}

/// What a command cannot do with what it was given.
struct ToolFailure: Error, CustomStringConvertible {
  var description: String
  /// Whether the command was called wrongly, rather than given bad files.
  var isUsage = false
  /// Whether there is nobody to tell.
  var isQuiet = false

  init(_ description: String, isUsage: Bool = false, isQuiet: Bool = false) {
    self.description = description
    self.isUsage = isUsage
    self.isQuiet = isQuiet
  }
}

/// Lines for the user that are not the result.
enum StandardError {
  static func write(_ text: String, terminator: String = "\n") {
    var bytes = Array((text + terminator).utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written <= 0 { return }
      bytes = bytes.dropFirst(written)
    }
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
