// swift-tools-version: 6.2

import PackageDescription

// A package of its own, so that the library's users do not build it.
let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "cnn", path: "..")],
  targets: [
    .systemLibrary(name: "CScheduler"),
    .executableTarget(
      name: "kernel-bench", dependencies: [.product(name: "CNN", package: "cnn"), "CScheduler"]),
  ]
)
