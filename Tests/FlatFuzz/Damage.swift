import Runtime

/// Changes that are made to a compiled model, as bytes that a fuzzer makes up: the number of a model, then seven for
/// each change.
///
/// The numbers of headers and records are what is changed, and the checksum is made right again: what is
/// tested is what checks the records, which hardly any other bytes would come to.
struct Damage {
  private let bytes: UnsafeBufferPointer<UInt8>

  private static var changeSize: Int { 7 }

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Which of so many models is meant.
  func model(of count: Int) -> Int { bytes.isEmpty ? 0 : Int(bytes[0]) % count }

  /// Changes a model, which was valid.
  func apply(to model: UnsafeMutableRawBufferPointer) {
    guard let base = model.baseAddress else { return }
    // The records are in front, the constants behind them.
    let header = FlatModel(validated: UnsafeRawBufferPointer(model)).program.header
    let words = (FlatModel.headerSize + header.namesOffset) / 4
    var position = 1
    while position + Self.changeSize <= bytes.count {
      change(base, words: words, position)
      position += Self.changeSize
    }
    var checksum = FlatModel.checksum(ofHeader: base)
    checksum.add(UnsafeRawBufferPointer(rebasing: model[FlatModel.headerSize...]))
    FlatModel.writeChecksum(checksum, to: base)
  }

  /// Makes the change at a position: two bytes say where, one how, four with what.
  private func change(_ base: UnsafeMutableRawPointer, words: Int, _ position: Int) {
    func byte(_ index: Int) -> UInt32 { UInt32(bytes[position + index]) }
    // What says that it is a model, and of which version, stays.
    let first = 4
    let word = first + Int(byte(0) | byte(1) << 8) % (words - first)
    let old = base.load(fromByteOffset: word * 4, as: UInt32.self)
    let value = byte(3) | byte(4) << 8 | byte(5) << 16 | byte(6) << 24
    let new: UInt32 =
      switch byte(2) % 4 {
      case 0: value
      case 1: old &+ value % 5 &- 2
      case 2: old ^ 1 << (value % 32)
      default: value % 64
      }
    base.storeBytes(of: new, toByteOffset: word * 4, as: UInt32.self)
  }
}
