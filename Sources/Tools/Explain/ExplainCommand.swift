import ArgumentParser

/// Which parts of a picture a model's decision depends on, and what its channels look for.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Draws which parts of a picture speak for a class, by gradients or by hiding them.",
    discussion: """
      Example: cnntool explain gradcam Models/fashion-mnist.h5 --input Models/samples/bag.png \
      --scale 1/255 -o gradcam.png

      The score that is explained is that of the winner, or of --class, in front of the last softmax or \
      sigmoid. The figure shows the picture, the map with its colour bar, and both over each other, a \
      line for each picture; --npy writes the numbers.
      """,
    subcommands: [
      ExplainGradCAMCommand.self, ExplainSaliencyCommand.self, ExplainSmoothGradCommand.self,
      ExplainIntegratedGradientsCommand.self, ExplainOcclusionCommand.self,
      ExplainMaximiseCommand.self,
    ])
}
