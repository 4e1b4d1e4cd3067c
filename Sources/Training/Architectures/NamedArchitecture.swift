import Network

/// Networks of well-known articles, to be trained from new weights.
public enum NamedArchitecture: String, CaseIterable, Sendable {
  case conv10 = "conv10"
  case fashionMNIST = "fashion-mnist"
  case mnistTwoConvolutions = "mnist-two-convolutions"
  case mnist5x5 = "mnist-5x5"
  case catsAndDogs = "cats-and-dogs"

  /// What it is, in a line.
  public var summary: String {
    switch self {
    case .conv10: "28×28×1: Conv 10, Dense 10"
    case .fashionMNIST: "28×28×1: two Conv 64 with pooling, Dense 128, 10"
    case .mnistTwoConvolutions: "28×28×1: two Conv 32 2×2 with pooling, Dense 500, 10"
    case .mnist5x5: "28×28×1: Conv 30 5×5, pooling, Conv 15, Dropout, Dense 128, 50, 10"
    case .catsAndDogs:
      "150×150×3: Conv 16, 32, 64 with pooling, Dropout, Dense 512, 1; binary_crossentropy of logits"
    }
  }

  /// The network without weights.
  public func network() throws -> Network {
    switch self {
    case .conv10: try Self.conv10()
    case .fashionMNIST: try Self.fashionMNIST()
    case .mnistTwoConvolutions: try Self.mnistTwoConvolutions()
    case .mnist5x5: try Self.mnist5x5()
    case .catsAndDogs: try Self.catsAndDogs()
    }
  }

  private static func conv10() throws -> Network {
    try Sequential(input: [28, 28, 1], name: "conv10") {
      Conv2D(10, kernel: 3, activation: .relu)
      Flatten()
      Dense(10, activation: .softmax)
    }
  }

  private static func fashionMNIST() throws -> Network {
    try Sequential(input: [28, 28, 1], name: "fashion_mnist") {
      Conv2D(64, kernel: 3, activation: .relu, name: "conv_layer_1")
      MaxPooling2D(2, name: "pool_layer_2")
      Conv2D(64, kernel: 3, activation: .relu, name: "conv_layer_3")
      MaxPooling2D(2, name: "pool_layer_4")
      Flatten(name: "flatten_layer_5")
      Dense(128, activation: .relu, name: "dense_layer_6")
      Dense(10, activation: .softmax, name: "dense_layer_7")
    }
  }

  private static func mnistTwoConvolutions() throws -> Network {
    try Sequential(input: [28, 28, 1], name: "mnist_two_convolutions") {
      Conv2D(32, kernel: 2, activation: .relu)
      MaxPooling2D(2)
      Conv2D(32, kernel: 2, activation: .relu)
      MaxPooling2D(2)
      Flatten()
      Dense(500, activation: .sigmoid)
      Dense(10, activation: .softmax)
    }
  }

  private static func mnist5x5() throws -> Network {
    try Sequential(input: [28, 28, 1], name: "mnist_5x5") {
      Conv2D(30, kernel: 5, activation: .relu)
      MaxPooling2D(2)
      Conv2D(15, kernel: 3, activation: .relu)
      Dropout(0.2)
      Flatten()
      Dense(128, activation: .relu)
      Dense(50, activation: .relu)
      Dense(10, activation: .softmax)
    }
  }

  private static func catsAndDogs() throws -> Network {
    try Sequential(input: [150, 150, 3], name: "cats_and_dogs") {
      Conv2D(16, kernel: 3, padding: .same, activation: .relu)
      MaxPooling2D(2)
      Dropout(0.2)
      Conv2D(32, kernel: 3, padding: .same, activation: .relu)
      MaxPooling2D(2)
      Conv2D(64, kernel: 3, padding: .same, activation: .relu)
      MaxPooling2D(2)
      Dropout(0.2)
      Flatten()
      Dense(512, activation: .relu)
      Dense(1)
    }
  }
}
