import ArgumentParser
import CNN
@main
struct CNNTool: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "cnntool")
  @Argument var model: String
  func run() throws { let n = try Network(contentsOf: model); for p in n.layerPaths { print(p) }; print(try n.parameterCount()); let i = try Inference(n); print(i.arenaSize) }
}
