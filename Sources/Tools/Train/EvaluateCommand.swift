import ArgumentParser
import CNN
import DataSets

/// How well a model does on a data set.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Prints a model's loss and accuracy on a data set.",
    discussion: """
      Example: cnntool evaluate Models/fashion-mnist.h5 --data fashion-mnist --scale 1/255

      Where the data has a part to test with, that is what is taken; with --training the other.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var data: DataSetOptions

  @Flag(help: "Take the items to train with.")
  var training = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let network = try options.network()
    let opened = try data.open(for: network)
    let items = training ? opened.training : opened.test ?? opened.training
    let result = try network.evaluate(
      items, loss: try data.chosenLoss(), batchSize: data.batchSize, threads: data.threads)
    let report = Report(items: items.count, loss: result.loss, accuracy: result.accuracy)
    if json { return try JSONOutput.print(report) }
    print("items,loss,accuracy\n\(report.items),\(report.loss),\(report.accuracy)")
  }

  private struct Report: Encodable {
    var items: Int
    var loss: Double
    var accuracy: Double
  }
}
