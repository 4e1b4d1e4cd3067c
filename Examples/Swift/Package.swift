// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "predict",
  dependencies: [.package(name: "cnn", path: "../..")],
  targets: [
    .executableTarget(name: "Predict", dependencies: [.product(name: "CNN", package: "cnn")])
  ]
)
