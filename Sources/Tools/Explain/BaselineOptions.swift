import ArgumentParser

/// What a picture of nothing is.
struct BaselineOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The values of a picture of nothing, as the model takes them, behind --scale and the like: one "
        + "number, or one a channel, by commas.", valueName: "numbers"))
  var baseline = NumberList(values: [0])

  var values: [Float] { baseline.values.map { Float($0) } }
}
