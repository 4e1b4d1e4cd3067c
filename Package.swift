// swift-tools-version: 6.2

import PackageDescription

/// Kernels are optimised in debug builds too: unoptimised SIMD is two orders of magnitude slower,
/// and what is not inlined would leave weak symbols that the linker may mix up between instruction
/// sets. Debug builds keep their assertions; release builds drop the overflow checks, which keep
/// register tiles from being unrolled.
func kernelSettings(_ targetFlags: [String] = []) -> [SwiftSetting] {
  [
    .unsafeFlags(targetFlags.flatMap { ["-Xcc", $0] }),
    .unsafeFlags(["-Ounchecked"], .when(configuration: .release)),
    // Several threads mean one object for each source file, as SwiftPM expects of a debug build.
    .unsafeFlags(
      ["-O", "-wmo", "-num-threads", "2", "-assert-config", "Debug"],
      .when(configuration: .debug)),
  ]
}

/// LLVM unrolls loops to 300 instructions or so, which is too few for a step of the largest register tiles: a loop that is
/// not unrolled keeps its sums in memory. With AVX-512 only: elsewhere it makes kernels larger and slower.
let unrolledSettings: [SwiftSetting] = [
  .unsafeFlags(["-Xllvm", "-unroll-threshold=3000"], .when(configuration: .release))
]

#if arch(x86_64)
  let avx2Flags = ["-march=x86-64-v3"]
  let avx512Flags = ["-march=x86-64-v4", "-mprefer-vector-width=512"]
#else
  let avx2Flags: [String] = []
  let avx512Flags: [String] = []
#endif

/// Under a sanitizer, which has a malloc of its own, the program that replaces malloc is left out, and the
/// tests that run programs with it: see `make sanitize`.
let isSanitized = Context.environment["CNN_SANITIZE"] != nil
/// Whether the package is only the kernels, what runs them, and their tests: see `make sanitize-kernels`.
let isKernelsAlone = Context.environment["CNN_SANITIZE"] == "kernels"
/// What kernels are compared with are plain loops, which as they are in debug builds take hours under a sanitizer.
let referenceSettings: [SwiftSetting] = isSanitized ? [.unsafeFlags(["-O"])] : []

let allTargets: [Target] = [
  // Floor 1: SIMD arithmetic over caller-owned memory.
  .systemLibrary(name: "CProcessor"),
  .target(name: "Kernel", dependencies: ["CProcessor"], swiftSettings: kernelSettings()),
  // Floor 2: the same source, instantiated for one instruction set each.
  .target(
    name: "KernelAVX2", dependencies: ["Kernel"], swiftSettings: kernelSettings(avx2Flags)),
  .target(
    name: "KernelAVX512", dependencies: ["Kernel"],
    swiftSettings: kernelSettings(avx512Flags) + unrolledSettings),
  // The kernels of training by themselves: a module with more in it is inlined less, and slower.
  .target(
    name: "TrainingBaseline", dependencies: ["Kernel"], swiftSettings: kernelSettings()),
  .target(
    name: "TrainingAVX2", dependencies: ["Kernel"], swiftSettings: kernelSettings(avx2Flags)),
  .target(
    name: "TrainingAVX512", dependencies: ["Kernel"], swiftSettings: kernelSettings(avx512Flags)),
  // Floor 3: the flat program and its executor.
  .target(
    name: "Runtime",
    dependencies: [
      "Kernel", "KernelAVX2", "KernelAVX512", "TrainingBaseline", "TrainingAVX2", "TrainingAVX512",
      "CProcessor",
    ]),
  // Floor 4: layers, shapes, the graph, lowering; and files as such, whatever they hold.
  .target(name: "Network", dependencies: ["Runtime", "Kernel"]),
  .systemLibrary(name: "CZip", pkgConfig: "libzip", providers: [.apt(["libzip-dev"])]),
  .target(name: "Files", dependencies: ["CZip"]),
  // Floor 5: which parts of a picture a network's score depends on.
  .target(name: "Explain", dependencies: ["Network"]),
  // Files that hold networks and tensors.
  .systemLibrary(
    name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
  .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
  .systemLibrary(
    name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
  .target(name: "Training", dependencies: ["Network", "Runtime", "Kernel"]),
  .target(
    name: "Loader",
    dependencies: ["Network", "Runtime", "Files", "Training", "CHDF5", "CYAML", "CZlib"]),
  .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .target(
    name: "DataFiles", dependencies: ["Network", "Files", "CPNG", "CTurboJPEG", "CZlib"]),
  .target(name: "DataSets", dependencies: ["Training", "DataFiles", "Network"]),
  // Figures of tensors; knows no commands and no files.
  .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
  .target(name: "Figures", dependencies: ["Network", "CCairo"]),
  // The façade a user imports, and its C interface: the header, for which Interface has the functions over
  // bytes, CNN those that read files.
  .systemLibrary(name: "CInterface", path: "include"),
  .target(name: "Interface", dependencies: ["Kernel", "Runtime", "CInterface"]),
  .target(
    name: "CNN",
    dependencies: [
      "CInterface", "Explain", "Files", "Interface", "Kernel", "Loader", "Network", "Runtime",
      "Training",
    ]),
  // Floor 6: the tool.
  .executableTarget(
    name: "cnntool",
    dependencies: [
      "CNN", "DataFiles", "DataSets", "Explain", "Figures", "Kernel", "Loader", "Network",
      "Runtime", "Training",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    path: "Sources/Tools",
    // Bytes of the program, so that it stays one file.
    resources: [.embedInCode("Report/Page/report.html"), .embedInCode("Report/Page/report.css")]
      + [
        "state", "numbers", "layers", "pictures", "graph", "layer", "map", "field", "cell",
        "windows", "sums", "input", "controls", "check",
      ].map { .embedInCode("Report/Page/Scripts/\($0).js") }),
  // Tests mirror Sources.
  .testTarget(name: "DataFilesTests", dependencies: ["DataFiles", "TestSupport"]),
  .testTarget(
    name: "DataSetsTests", dependencies: ["DataSets", "DataFiles", "Network", "TestSupport"]),
  .testTarget(
    name: "ExplainTests", dependencies: ["CNN", "DataFiles", "Explain", "Loader", "Network"]),
  .testTarget(
    name: "FiguresTests", dependencies: ["Figures", "DataFiles", "Network", "TestSupport"]),
  .testTarget(name: "FilesTests", dependencies: ["Files", "TestSupport"]),
  .testTarget(name: "InterfaceTests", dependencies: ["CInterface", "CNN", "Kernel"]),
  .testTarget(
    name: "KernelTests", dependencies: ["Kernel", "Runtime"], swiftSettings: referenceSettings),
  .testTarget(name: "LoaderTests", dependencies: ["Loader", "DataFiles", "TestSupport"]),
  .testTarget(
    name: "NetworkTests",
    dependencies: ["CNN", "Kernel", "Loader", "Network", "Runtime", "Training"]),
  .testTarget(
    name: "RuntimeTests", dependencies: ["Runtime", "Kernel"], swiftSettings: referenceSettings),
  .testTarget(
    name: "TrainingTests",
    dependencies: ["CNN", "DataFiles", "Kernel", "Loader", "Network", "TestSupport", "Training"]),
  .testTarget(
    name: "ToolTests",
    dependencies: ["cnntool", "allocation-count", "CNN", "DataFiles", "Figures", "Network"]),
  // What tests of several modules need.
  .target(name: "TestSupport", path: "Tests/Support"),
  .executableTarget(name: "loader-fuzz", dependencies: ["Loader", "Network"], path: "Tests/Fuzz"),
  // Its main function is libFuzzer's.
  .executableTarget(
    name: "flat-fuzz", dependencies: ["CInterface", "Interface", "Kernel", "Network", "Runtime"],
    path: "Tests/FlatFuzz"),
  // A program of its own, because it replaces malloc; exported, so that shared libraries see that too.
  .target(name: "CAllocator", path: "Tests/AllocationCount/Allocator"),
  .executableTarget(
    name: "allocation-count", dependencies: ["CNN", "CInterface", "Network", "CAllocator"],
    path: "Tests/AllocationCount/Program",
    linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic"])]),
]

/// The targets that a sanitizer leaves out.
let programTargets: Set<String> = ["ToolTests", "allocation-count", "CAllocator"]
/// The targets that are left where `isKernelsAlone`.
let kernelTargets: Set<String> = [
  "CProcessor", "Kernel", "KernelAVX2", "KernelAVX512", "TrainingBaseline", "TrainingAVX2",
  "TrainingAVX512", "Runtime", "KernelTests", "RuntimeTests",
]
/// What is linked under libFuzzer alone: see `make fuzz-flat`.
let isFuzzed = Context.environment["CNN_FUZZ"] != nil
let fuzzTargets: Set<String> = ["flat-fuzz"]

let package = Package(
  name: "cnn",
  products: isKernelsAlone
    ? []
    : [
      .library(name: "CNN", type: .static, targets: ["CNN"]),
      .executable(name: "cnntool", targets: ["cnntool"]),
    ],
  dependencies: isKernelsAlone
    ? [] : [.package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0")],
  targets: allTargets.filter {
    (!isSanitized || !programTargets.contains($0.name))
      && (isFuzzed || !fuzzTargets.contains($0.name))
      && (!isKernelsAlone || kernelTargets.contains($0.name))
  }
)
