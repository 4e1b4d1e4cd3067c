import DataFiles
import Network
import Testing

@Suite struct NPYTests {
  private let ramp: [Float] = [
    -2, -1.5454545, -1.0909091, -0.6363636, -0.18181819, 0.27272728,
  ]

  /// An `.npy` file of format 1.0 with the given dictionary and data.
  private func file(_ dictionary: String, data: [UInt8] = []) -> [UInt8] {
    let text = Array(dictionary.utf8)
    return NPY.magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text + data
  }

  @Test(arguments: ["float32.npy", "float64.npy", "big-endian.npy"])
  func numbersOfAnySizeAndOrderAreRead(name: String) throws {
    let tensor = try Fixtures.array(name)
    #expect(tensor.shape == [3, 4])
    #expect(Array(tensor.values.prefix(6)) == ramp)
  }

  @Test func halfPrecisionIsRead() throws {
    let tensor = try Fixtures.array("float16.npy")
    #expect(tensor.shape == [3, 4])
    #expect(tensor.values.prefix(2) == [-2, -1.5458984])
  }

  @Test func integersAndBooleansAreRead() throws {
    let integers = try Fixtures.array("int64.npy")
    #expect(integers.shape == [2, 3])
    #expect(integers.values == [-1_099_511_627_776, -1, 0, 1, 255, 1_099_511_627_776])
    #expect(try Fixtures.array("uint8.npy").values == (0..<16).map { Float($0 * 17) })
    #expect(try Fixtures.array("bool.npy").values.prefix(6) == [0, 0, 0, 0, 0, 1])
  }

  @Test func fortranOrderBecomesRowMajor() throws {
    let tensor = try Fixtures.array("fortran.npy")
    #expect(tensor.shape == [2, 3, 4])
    #expect(tensor.values == (0..<24).map(Float.init))
  }

  @Test func formatsTwoAndThreeHaveALongerHeader() throws {
    let text = Array("{'shape': (2,), 'fortran_order': False, 'descr': '|i1'}".utf8)
    for version: UInt8 in [2, 3] {
      let bytes = NPY.magic + [version, 0, UInt8(text.count), 0, 0, 0] + text + [1, 0xFF]
      #expect(
        try NPY.tensor(from: bytes, named: "a.npy") == Tensor(shape: [2], values: [1, -1]))
    }
  }

  @Test func whatIsWrittenIsWhatNumPyWrites() throws {
    let tensor = try Fixtures.array("float32.npy")
    #expect(try NPY.bytes(of: tensor) == Fixtures.bytes("float32.npy"))
  }

  @Test func headersAreLaidOutAsNumPyLaysThemOut() {
    func text(_ shape: [Int]) -> String {
      let header = NPYHeader.bytes(shape: shape)
      #expect(header.count % 64 == 0)
      #expect(Int(header[8]) + Int(header[9]) << 8 == header.count - 10)
      return String(decoding: header[10...], as: UTF8.self)
    }
    let start = "{'descr': '<f4', 'fortran_order': False, 'shape': "
    #expect(text([]) == start + "(), }" + String(repeating: " ", count: 62) + "\n")
    #expect(text([3]) == start + "(3,), }" + String(repeating: " ", count: 60) + "\n")
    #expect(
      text([1, 26, 26, 64]) == start + "(1, 26, 26, 64), }"
        + String(repeating: " ", count: 49) + "\n")
  }

  @Test(arguments: [[], [3], [0, 4], [2, 3, 4]])
  func whatIsWrittenIsReadBack(shape: [Int]) throws {
    let count = shape.reduce(1, *)
    let tensor = Tensor(shape: shape, values: (0..<count).map { Float($0) / 7 })
    #expect(try NPY.tensor(from: NPY.bytes(of: tensor), named: "a.npy") == tensor)
  }

  @Test(arguments: [
    ("'|O'", "an array of Python objects (dtype '|O')"),
    ("'<c8'", "an array of complex numbers (dtype '<c8')"),
    ("'<U3'", "an array of text (dtype '<U3')"),
    ("'<f16'", "an array of a type that cannot be read (dtype '<f16')"),
    ("[('x', '<f4'), ('y', '<i4')]", "an array of records"),
  ])
  func arraysOfOtherThanNumbersAreRefused(descr: String, problem: String) {
    let bytes = file("{'descr': \(descr), 'fortran_order': False, 'shape': (1,), }")
    #expect(
      message { try NPY.tensor(from: bytes, named: "a.npy") }
        == "a.npy: \(problem); save it as numbers, with "
        + "numpy.save(file, array.astype('float32'))")
  }

  @Test func truncationIsRefusedWhereverItFalls() throws {
    let whole = try Fixtures.bytes("float32.npy")
    for count in 0..<whole.count {
      #expect(throws: DataFileError.self) {
        try NPY.tensor(from: Array(whole.prefix(count)), named: "a.npy")
      }
    }
    #expect(
      message { try NPY.tensor(from: Array(whole.dropLast()), named: "a.npy") }
        == "a.npy: ends early (it holds 47 bytes of the array of shape (3, 4)); "
        + "the file is damaged, so make or fetch it again")
  }

  @Test(arguments: [
    "(4611686018427387904, 4)", "(9223372036854775807, 9223372036854775807, 0)",
    "(4611686018427387904,)",
  ])
  func sizesThatOverflowAreRefused(shape: String) {
    let bytes = file("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }")
    #expect(
      message { try NPY.tensor(from: bytes, named: "a.npy") }?.contains("ends early") == true)
  }

  @Test(arguments: [
    "{}", "[]", "{ 'descr': '<f4', 'fortran_order': False}",
    "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1",
  ])
  func malformedHeadersAreRefused(dictionary: String) {
    #expect(
      message { try NPY.tensor(from: file(dictionary), named: "a.npy") }
        == "a.npy: the .npy header is no dictionary of descr, fortran_order and shape; "
        + "the file is damaged, so make or fetch it again")
  }
}
