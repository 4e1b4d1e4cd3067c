import DataFiles
import Foundation
import Testing

/// One binary for every processor.
@Suite struct InstructionSetTests {
  private static let emulator = "/usr/bin/qemu-x86_64"

  private let dump = [
    "dump-layer", Tool.model, "-i", Tool.bag, "--scale", "1/255", "-l", "conv_layer_3", "-c", "7",
  ]

  #if arch(x86_64)
    /// An instruction that leaked out of its module dies there with SIGILL.
    @Test(
      .enabled(
        if: FileManager.default.isExecutableFile(atPath: emulator), "qemu-user is not installed"),
      arguments: [("Nehalem", "baseline"), ("Haswell", "avx2")])
    func olderProcessorsGiveTheSameTable(_ processor: String, _ set: String) throws {
      let emulated = try Tool.run(dump, under: [Self.emulator, "-cpu", processor])
      #expect(emulated.status == 0, "\(emulated.error)")
      let native = try Tool.run(dump)
      let forced = try Tool.run(dump, environment: ["CNN_ISA": set])
      // Byte for byte what the same kernels give here, where they run.
      if forced.status == 0 { #expect(emulated.text == forced.text) }
      try expectSameNumbers(emulated.text, native.text)
    }
  #endif

  /// Those with a fused multiply-add add up in the same order and agree byte for byte.
  @Test func wideVectorsChangeNothing() throws {
    let avx2 = try Tool.run(dump, environment: ["CNN_ISA": "avx2"])
    let avx512 = try Tool.run(dump, environment: ["CNN_ISA": "avx512"])
    if avx2.status == 0 && avx512.status == 0 { #expect(avx2.text == avx512.text) }
  }

  /// The linker keeps one copy of a weak function for the whole program: were it that of an AVX module,
  /// older processors would die in it.
  @Test(arguments: ["KernelAVX2", "KernelAVX512", "TrainingAVX2", "TrainingAVX512"])
  func objectsHoldNoWeakFunction(_ module: String) throws {
    let folder = Tool.products.appending(path: "\(module).build")
    let objects = try FileManager.default.contentsOfDirectory(atPath: folder.path())
      .filter { $0.hasSuffix(".o") }
    try #require(!objects.isEmpty)
    for object in objects {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["nm", folder.appending(path: object).path()]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      let symbols = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
      let weak = symbols.split(separator: "\n").filter {
        $0.split(separator: " ").dropLast().last == "W"
      }
      #expect(weak.isEmpty, "weak functions in \(object): \(weak)")
      #expect(symbols.contains(" t ") || symbols.contains(" T "))
    }
  }

  private func expectSameNumbers(_ a: String, _ b: String) throws {
    let first = try CSVTable.tensor(from: Array(a.utf8), named: "a")
    let second = try CSVTable.tensor(from: Array(b.utf8), named: "b")
    #expect(first.shape == second.shape)
    // Without a fused multiply-add each product is rounded, too.
    #expect(
      zip(first.values, second.values).allSatisfy { abs($0 - $1) <= 1e-5 + 1e-5 * abs($1) })
  }
}
