/// The header of a group or a data set: messages that say what it is (section IV.A of the specification).
struct ObjectHeader {
  /// The messages that are looked at here, by their numbers.
  enum Kind: Int {
    case dataspace = 0x01
    case linkInfo = 0x02
    case datatype = 0x03
    case oldFillValue = 0x04
    case fillValue = 0x05
    case link = 0x06
    case externalFiles = 0x07
    case layout = 0x08
    case filters = 0x0b
    case attribute = 0x0c
    case sharedTable = 0x0f
    case continuation = 0x10
    case symbolTable = 0x11
    case nodeSizes = 0x13
    case driver = 0x14
    case attributeInfo = 0x15
    case cacheImage = 0x18
  }

  private struct Message {
    var kind: Kind
    var isShared: Bool
    var body: ArraySlice<UInt8>
  }

  /// A part of the header: the first, or where a message says that it goes on.
  private struct Block {
    var offset: Int
    var count: Int
  }

  private var messages: [Message] = []

  init(at address: Int, in file: StoredBytes) throws(HDF5Problem) {
    // No header is as short as this, and no file ends so soon behind one.
    guard let start = file.bytes(at: address, count: 16) else {
      throw .damage("its header is beyond the end of the file")
    }
    let isNew = start.starts(with: "OHDR".utf8)
    var hasOrder = false
    var blocks: [Block]
    if isNew {
      (blocks, hasOrder) = try Self.newPrefix(at: address, in: file)
    } else {
      blocks = [try Self.oldPrefix(start, at: address)]
    }
    var next = 0
    while next < blocks.count {
      let block = blocks[next]
      next += 1
      var reader = try file.record(at: block.offset, count: block.count, "its header")
      if isNew, next > 1 { try reader.expect("OCHK") }
      while reader.count >= (isNew ? hasOrder ? 6 : 4 : 8) {
        try readMessage(&reader, isNew: isNew, hasOrder: hasOrder, &blocks)
      }
    }
  }

  /// A header of version 1.
  private static func oldPrefix(_ start: [UInt8], at address: Int) throws(HDF5Problem) -> Block {
    var reader = RecordReader(start[...], "its header")
    try reader.expect(version: 1...1)
    // A byte of nothing, the number of messages, the number of links to this.
    try reader.skip(7)
    return Block(offset: address + 16, count: try reader.size(4))
  }

  /// A header of version 2, and whether its messages are numbered.
  private static func newPrefix(
    at address: Int, in file: StoredBytes
  ) throws(HDF5Problem) -> ([Block], Bool) {
    let most = min(34, file.count - address)
    var reader = try file.record(at: address, count: most, "its header")
    try reader.expect("OHDR", version: 2)
    let flags = try reader.byte()
    // Times, and when attributes are to be stored elsewhere.
    if flags & 0x20 != 0 { try reader.skip(16) }
    if flags & 0x10 != 0 { try reader.skip(4) }
    let count = try reader.size(1 << (flags & 3))
    return ([Block(offset: address + most - reader.count, count: count)], flags & 4 != 0)
  }

  private mutating func readMessage(
    _ reader: inout RecordReader, isNew: Bool, hasOrder: Bool, _ blocks: inout [Block]
  ) throws(HDF5Problem) {
    let number = Int(try reader.integer(isNew ? 1 : 2))
    let count = Int(try reader.integer(2))
    let flags = try reader.byte()
    try reader.skip(isNew ? hasOrder ? 2 : 0 : 3)
    let body = try reader.bytes(count)
    guard let kind = Kind(rawValue: number) else { return }
    guard kind == .continuation else {
      messages.append(Message(kind: kind, isShared: flags & 2 != 0, body: body))
      return
    }
    var target = RecordReader(body, "its header")
    guard let offset = try target.address() else { throw .damage("its header goes on nowhere") }
    // The checksum at the end of the newer ones is no message.
    let size = try target.size() - (isNew ? 4 : 0)
    guard size > 0 else { throw .damage("its header goes on with nothing") }
    blocks.append(Block(offset: offset, count: size))
  }

  /// As libhdf5 tells them apart.
  var isGroup: Bool { contains(.symbolTable) || contains(.linkInfo) }

  var isDataset: Bool { !isGroup && contains(.datatype) && contains(.dataspace) }

  /// Whether this, behind a superblock, has nothing that libhdf5 would act on.
  var isPlainExtension: Bool {
    ![.sharedTable, .nodeSizes, .driver, .cacheImage].contains(where: contains)
  }

  func contains(_ kind: Kind) -> Bool { messages.contains { $0.kind == kind } }

  /// All messages of a kind.
  func records(_ kind: Kind, _ name: StaticString) throws(HDF5Problem) -> [RecordReader] {
    var result: [RecordReader] = []
    for message in messages where message.kind == kind {
      // Types with names of their own, and messages that objects share: Keras writes neither.
      guard !message.isShared else {
        throw .refusal(
          "is not read, because \(name) is stored elsewhere; save the model again")
      }
      result.append(RecordReader(message.body, name))
    }
    return result
  }

  /// The first message of a kind, which libhdf5 goes by; nil where there is none.
  func record(_ kind: Kind, _ name: StaticString) throws(HDF5Problem) -> RecordReader? {
    try records(kind, name).first
  }
}
