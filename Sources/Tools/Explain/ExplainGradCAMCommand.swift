import ArgumentParser
import CNN

/// Where a layer's maps speak for a class.
struct ExplainGradCAMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcam",
    abstract: "Grad-CAM: where the feature maps of a layer speak for the class.",
    discussion: """
      Example: cnntool explain gradcam Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 --labels Models/fashion-mnist-labels.txt --class Bag -o gradcam.png

      The sum of the layer's maps, each times the mean gradient of the score by it, cut off at zero \
      (Selvaraju and others, 2017). The map has the size of the layer's.
      """)

  @OptionGroup var options: ExplainOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The layer's name or index, 'outer/inner' inside of a nested model; without it the last that "
        + "gives maps.", valueName: "layer"))
  var layer: String?

  func run() throws {
    let network = try options.network()
    try options.explain(GradCAM(layer: try layer.map(network.layerPath)), network)
  }
}
