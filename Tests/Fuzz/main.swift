// Loads damaged model files, which must end in an error or a network, never in a crash.
//
//   loader-fuzz FOLDER COUNT SEED
//
// FOLDER is searched for model files; each input is one of them with some bytes changed. What is loaded is
// in a file of its own, which is left there where the process dies: its name is printed first.

import Foundation
import Loader
import Network

/// One of the files, and how to damage it.
struct Damage {
  var generator: SplitMix

  mutating func apply(to bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    switch below(10) {
    case 0: bytes.removeLast(below(bytes.count))
    case 1: moveChunk(&bytes)
    case 2, 3: changeDigits(&bytes, count: 1 + below(4))
    default: for _ in 0...below(12) { changeByte(&bytes) }
    }
  }

  private mutating func below(_ limit: Int) -> Int { Int(generator.next() % UInt64(max(limit, 1))) }

  /// Near the beginning more often, where HDF5 keeps its structure.
  private mutating func place(_ bytes: [UInt8]) -> Int {
    below(2) == 0 ? below(min(bytes.count, 4096)) : below(bytes.count)
  }

  private mutating func changeByte(_ bytes: inout [UInt8]) {
    let index = place(bytes)
    switch below(4) {
    case 0: bytes[index] ^= 1 << UInt8(below(8))
    case 1: bytes[index] = 0xff
    case 2: bytes[index] = 0
    default: bytes[index] = UInt8(below(256))
    }
  }

  private mutating func moveChunk(_ bytes: inout [UInt8]) {
    let length = 1 + below(min(64, bytes.count))
    let (from, to) = (below(bytes.count - length + 1), below(bytes.count - length + 1))
    bytes.replaceSubrange(to..<to + length, with: Array(bytes[from..<from + length]))
  }

  /// Sizes in a configuration are digits: other numbers of as many.
  private mutating func changeDigits(_ bytes: inout [UInt8], count: Int) {
    for _ in 0..<count {
      let start = below(bytes.count)
      let window = bytes[start..<min(start + 4096, bytes.count)]
      guard let index = window.firstIndex(where: { (0x30...0x39).contains($0) }) else { continue }
      bytes[index] = below(8) == 0 ? UInt8(ascii: "-") : 0x30 + UInt8(below(10))
    }
  }
}

/// Steele, Lea and Flood's generator: the same inputs for the same seed.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

func modelFiles(_ folder: String) -> [[UInt8]] {
  let endings = ["h5", "keras", "json", "yaml", "hdf5"]
  let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
  return names.filter { endings.contains(($0 as NSString).pathExtension) }.sorted()
    .compactMap { FileManager.default.contents(atPath: folder + "/" + $0).map { [UInt8]($0) } }
    .filter { $0.count < 200_000 }
}

guard CommandLine.arguments.count == 4, let count = Int(CommandLine.arguments[2]),
  let seed = UInt64(CommandLine.arguments[3])
else {
  print("usage: loader-fuzz FOLDER COUNT SEED")
  exit(2)
}
let files = modelFiles(CommandLine.arguments[1])
guard !files.isEmpty else {
  print("there are no model files in \(CommandLine.arguments[1])")
  exit(2)
}
let path = FileManager.default.temporaryDirectory
  .appending(path: "loader-fuzz-\(getpid())").path()
print("input: \(path)")
var loaded = 0
for index in 0..<count {
  var damage = Damage(generator: SplitMix(state: seed &+ UInt64(index) &* 0x1_0000_0001))
  var bytes = files[Int(damage.generator.next() % UInt64(files.count))]
  damage.apply(to: &bytes)
  guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
    print("\(path) cannot be written")
    exit(1)
  }
  // One that takes longer than this is a defect, too.
  alarm(20)
  if let network = try? Network(contentsOf: path) {
    loaded += 1
    _ = try? network.parameterCount()
  }
}
alarm(0)
try? FileManager.default.removeItem(atPath: path)
print("\(count) inputs from \(files.count) files: \(loaded) loaded, the others refused")
