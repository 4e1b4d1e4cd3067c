import Network

/// A way to say which parts of a picture a score depends on.
public protocol ExplanationMethod: Sendable {
  /// What it is called in figures: `Grad-CAM`.
  var title: String { get }

  /// Whether its numbers speak for the class where they are above zero and against it below.
  var isSigned: Bool { get }

  /// What it needs gradients of.
  ///
  /// - Parameter input: The network's input that is the picture, by its place.
  /// - Throws: `NetworkError`, where the network has nothing of the kind.
  func targets(in network: Network, input: Int) throws -> ScoreGradient.Targets

  /// The numbers for one picture: (rows, columns), or with the channels as last axis.
  ///
  /// - Throws: `NetworkError`, where the method's settings do not suit the picture.
  func values(for score: ExplainedScore) throws -> Tensor
}
