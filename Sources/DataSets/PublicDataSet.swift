/// The public data sets that can be downloaded: each 60,000 pictures of 28×28 to train with and 10,000 to
/// test, in ten classes.
public enum PublicDataSet: String, CaseIterable, Sendable {
  /// Handwritten digits.
  case mnist
  /// Articles of clothing.
  case fashionMNIST = "fashion-mnist"

  /// What the classes are called, in order.
  public var classNames: [String] {
    switch self {
    case .mnist: (0..<10).map(String.init)
    case .fashionMNIST:
      [
        "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
        "Ankle boot",
      ]
    }
  }

  /// The four files, as their authors published them.
  var files: [RemoteFile] {
    switch self {
    case .mnist:
      [
        file(
          "train-images-idx3-ubyte.gz", 9_630_610,
          "71524e2cd1ad2968737f7f2f2ff69cbfc32df8ccddff51593f7cb2d4e0eb5b64"),
        file(
          "train-labels-idx1-ubyte.gz", 28878,
          "fe03b8bd7915f70bf5aa08be480aa413fbd85afcaa58b35d230d335f284fd88e"),
        file(
          "t10k-images-idx3-ubyte.gz", 1_602_050,
          "5634745efa576a17e7d4cf5cd9d09123c75e6538e5114267c2d156edaf519341"),
        file(
          "t10k-labels-idx1-ubyte.gz", 4517,
          "ae18e77e031ccde52407f794d123116439864147d33ac992975f85dd4dc42af6"),
      ]
    case .fashionMNIST:
      [
        file(
          "train-images-idx3-ubyte.gz", 26_192_508,
          "a26751d72d89606ffbfdd4dd5d16911f01e93a7ff4783c95da7307a073d79fa7"),
        file(
          "train-labels-idx1-ubyte.gz", 29506,
          "a578f3c9ec239359c0d23abadc5d55e4a4fb20df357215637b7a2f127b006a74"),
        file(
          "t10k-images-idx3-ubyte.gz", 4_383_619,
          "78cb45a589ec14266eab4ac0cb2e9e10a4c076ae2d337fe86383d761bff83f32"),
        file(
          "t10k-labels-idx1-ubyte.gz", 5125,
          "ae04cd950ab214637dd08f56319057c2ae10cbb660f742681f426479e3d51363"),
      ]
    }
  }

  private func file(_ name: String, _ size: Int, _ sha256: String) -> RemoteFile {
    RemoteFile(url: server + name, size: size, sha256: sha256)
  }

  private var server: String {
    switch self {
    case .mnist: "https://storage.googleapis.com/cvdf-datasets/mnist/"
    // There is no certificate for it; the checksums tell what is right.
    case .fashionMNIST: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
    }
  }
}
