/// What an `.npy` file says about its array: a Python dictionary after a few fixed bytes.
package struct NPYHeader {
  /// The type of the numbers.
  let type: ElementType
  /// The order of the bytes within a number.
  let order: ElementType.ByteOrder
  /// Whether the first axis is the fastest.
  let isFortranOrder: Bool
  /// The sizes of the axes, none negative.
  let shape: [Int]
  /// Where in the file the array begins.
  let dataOffset: Int

  /// Reads the header at the start of `bytes`.
  init(_ bytes: [UInt8], named name: String) throws(DataFileError) {
    guard bytes.starts(with: NPY.magic) else {
      throw DataFileError(
        file: name, problem: "not an .npy file, for it does not begin with \\x93NUMPY",
        advice: "save the array with numpy.save")
    }
    guard bytes.count >= 12 else { throw .damaged(name, "ends within the header of the .npy") }
    let textOffset: Int
    switch bytes[6] {
    case 1:
      textOffset = 10
      dataOffset = textOffset + Int(bytes[8]) + Int(bytes[9]) << 8
    case 2, 3:
      textOffset = 12
      dataOffset = textOffset + (0..<4).reduce(0) { $0 + Int(bytes[8 + $1]) << (8 * $1) }
    default:
      throw DataFileError(
        file: name, problem: "an .npy file of format \(bytes[6]).\(bytes[7])",
        advice: "formats 1.0, 2.0 and 3.0 can be read, so save the array with numpy.save")
    }
    guard dataOffset <= bytes.count else {
      throw .damaged(name, "ends within the header of the .npy")
    }
    var literal = PythonLiteral(bytes[textOffset..<dataOffset])
    guard let fields = literal.npyFields() else {
      throw .damaged(name, "the .npy header is no dictionary of descr, fortran_order and shape")
    }
    isFortranOrder = fields.isFortranOrder
    shape = fields.shape
    (type, order) = try Self.elementType(fields.descr, named: name)
  }

  /// The number type a NumPy `descr` such as `<f4` names; nil stands for a list of fields.
  private static func elementType(
    _ descr: String?, named name: String
  ) throws(DataFileError) -> (ElementType, ElementType.ByteOrder) {
    let advice = "save it as numbers, with numpy.save(file, array.astype('float32'))"
    guard let descr else {
      throw DataFileError(file: name, problem: "an array of records", advice: advice)
    }
    let type: ElementType? =
      switch descr.dropFirst() {
      case "b1": .bool
      case "u1": .uint8
      case "u2": .uint16
      case "u4": .uint32
      case "u8": .uint64
      case "i1": .int8
      case "i2": .int16
      case "i4": .int32
      case "i8": .int64
      case "f2": .float16
      case "f4": .float32
      case "f8": .float64
      default: nil
      }
    let order: ElementType.ByteOrder? =
      switch descr.first {
      case "<", "|", "=": .little
      case ">": .big
      default: nil
      }
    if let type, let order { return (type, order) }
    let kind =
      switch descr.dropFirst().first {
      case "O": "Python objects"
      case "c": "complex numbers"
      case "S", "U", "T": "text"
      case "M", "m": "dates or durations"
      case "V": "raw records"
      default: "a type that cannot be read"
      }
    throw DataFileError(
      file: name, problem: "an array of \(kind) (dtype '\(descr)')", advice: advice)
  }

  /// The header NumPy writes for a little-endian `float32` array in C order.
  package static func bytes(shape: [Int]) -> [UInt8] {
    var text = "{'descr': '<f4', 'fortran_order': False, 'shape': \(text(of: shape)), }"
    // NumPy leaves room for the first axis to grow to 21 digits in place.
    if let first = shape.first {
      text += String(repeating: " ", count: max(0, 21 - String(first).utf8.count))
    }
    // The length counts the closing line break; what is a multiple of 64 already gets 64 more.
    let length = text.utf8.count + 1
    text += String(repeating: " ", count: 64 - (10 + length) % 64) + "\n"
    let size = text.utf8.count
    return NPY.magic + [1, 0, UInt8(size & 0xFF), UInt8(size >> 8)] + Array(text.utf8)
  }

  /// The shape as Python writes it: `()`, `(3,)`, `(3, 4)`.
  static func text(of shape: [Int]) -> String {
    let sizes = shape.map(String.init).joined(separator: ", ")
    return shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
  }
}
