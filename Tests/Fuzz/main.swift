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
  var generator: SplitMix64

  mutating func apply(to bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    switch below(10) {
    case 0: bytes.removeLast(below(bytes.count))
    case 1: moveChunk(&bytes)
    case 2, 3: changeDigits(&bytes, count: 1 + below(4))
    case 4: for _ in 0...below(3) { changeNumber(&bytes, at: place(bytes)) }
    case 5, 6: for _ in 0...below(3) { changeRecord(&bytes) }
    default: for _ in 0...below(12) { changeByte(&bytes, at: place(bytes)) }
    }
  }

  private mutating func below(_ limit: Int) -> Int { Int(generator.next() % UInt64(max(limit, 1))) }

  /// Near the beginning more often, where HDF5 keeps its structure.
  private mutating func place(_ bytes: [UInt8]) -> Int {
    below(2) == 0 ? below(min(bytes.count, 4096)) : below(bytes.count)
  }

  /// What HDF5's records begin with, and names of Keras's attributes; the superblock begins the file.
  private static let marks = [
    "\u{89}HDF", "TREE", "SNOD", "HEAP", "GCOL", "OHDR", "OCHK", "FRHP", "FHDB", "BTHD", "BTLF",
    "layer_names", "weight_names", "model_config", "backend", "keras_version", "name",
  ].map { $0.unicodeScalars.map { UInt8($0.value) } }

  /// A byte or a number of a record, around what it is known by.
  private mutating func changeRecord(_ bytes: inout [UInt8]) {
    let mark = Self.marks[below(Self.marks.count)]
    let start = below(bytes.count)
    func found(_ part: Range<Int>) -> Int? {
      part.first { bytes[$0] == mark[0] && bytes[$0...].starts(with: mark) }
    }
    guard let place = found(start..<bytes.count) ?? found(0..<start) else { return }
    let index = min(max(place + below(120) - 24, 0), bytes.count - 1)
    if below(3) == 0 { changeNumber(&bytes, at: index) } else { changeByte(&bytes, at: index) }
  }

  private mutating func changeByte(_ bytes: inout [UInt8], at index: Int) {
    switch below(4) {
    case 0: bytes[index] ^= 1 << UInt8(below(8))
    case 1: bytes[index] = 0xff
    case 2: bytes[index] = 0
    default: bytes[index] = UInt8(below(256))
    }
  }

  /// Addresses and lengths have 8 bytes: another place in the file, or more than there is.
  private mutating func changeNumber(_ bytes: inout [UInt8], at index: Int) {
    guard bytes.count >= 16 else { return }
    let start = min(index, bytes.count - 8) & ~7
    let number: UInt64
    switch below(4) {
    case 0: number = UInt64(below(bytes.count)) & ~7
    case 1: number = generator.next() >> UInt64(below(64))
    case 2: number = UInt64(bytes.count - below(64) % bytes.count)
    default: number = [0, 1, 0x7fff_ffff, 0xffff_ffff, UInt64(Int64.max), .max][below(6)]
    }
    for index in 0..<8 {
      bytes[start + index] = UInt8(truncatingIfNeeded: number >> UInt64(8 * index))
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
// At once, since what is printed is lost where the process dies.
FileHandle.standardOutput.write(Data("input: \(path)\n".utf8))
var loaded = 0
for index in 0..<count {
  var damage = Damage(generator: SplitMix64(state: seed &+ UInt64(index) &* 0x1_0000_0001))
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
  // Files of weights alone are read by this only.
  if let weights = try? StoredWeights(contentsOf: path) {
    for entry in weights.entries.indices { _ = try? weights.tensor(at: entry) }
  }
}
alarm(0)
try? FileManager.default.removeItem(atPath: path)
print("\(count) inputs from \(files.count) files: \(loaded) loaded, the others refused")
