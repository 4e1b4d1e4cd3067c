import Kernel

/// Operations that follow each other and are executed for some rows of the last one's output at a time; or only one,
/// so that some rows at a time of its input are floats where that is bytes.
///
/// What goes from one to the next is a few rows, which stay in the cache where a whole value would not:
/// each operation computes the rows that the next one needs and that it has not had yet. Their memory is
/// part of the thread's scratch memory. Written at the first operation: how many they are, and the rows.
public struct Band {
  /// The most operations of a band.
  public static var mostOperations: Int { 4 }

  let count: Int
  let rows: Int
  /// The bytes of scratch memory that the rows between the operations take, up to a multiple of 64.
  let scratchSize: Int
  /// The most rows of the first one's input that so many rows need.
  let inputRows: Int

  /// The band that begins at an operation of a program.
  init(_ program: Program, at index: Int) {
    count = program.bandLength(at: index)
    assert(count > 0)
    rows = program.operation(index).bandRows
    var (rows, end) = (rows, 0)
    for position in stride(from: index + count - 1, through: index, by: -1) {
      let operation = program.operation(position)
      let geometry = operation.window.geometry
      rows = Self.inputRows(geometry, for: min(rows, geometry.outputHeight))
      if position > index {
        let size = rows * geometry.inputWidth * geometry.inputChannels * MemoryLayout<Float>.size
        end = max(end, program.tensor(Int(operation.input)).offset + size)
      }
    }
    scratchSize = ProgramHeader.aligned(end)
    inputRows = rows
  }

  /// The most rows of an operation's input that so many rows of its output need.
  public static func inputRows(_ geometry: WindowGeometry, for rows: Int) -> Int {
    let reach = (geometry.windowHeight - 1) * geometry.dilationY
    return min(geometry.inputHeight, (rows - 1) * geometry.strideY + reach + 1)
  }

  /// The rows of an operation's input that some rows of its output need.
  static func inputRows(_ geometry: WindowGeometry, of rows: WorkRange) -> WorkRange {
    let reach = (geometry.windowHeight - 1) * geometry.dilationY
    let height = geometry.inputHeight
    let lower = min(max(rows.lower * geometry.strideY - geometry.paddingTop, 0), height)
    let upper = (rows.upper - 1) * geometry.strideY - geometry.paddingTop + reach + 1
    return WorkRange(lower, min(max(upper, lower), height))
  }

  /// The floats of a row of an operation's output.
  static func rowCount(_ geometry: WindowGeometry) -> Int {
    geometry.outputWidth * geometry.outputChannels
  }

  /// An operation's geometry for some rows of its output, as if they and the rows that they need were a picture.
  static func part(of geometry: WindowGeometry, rows: WorkRange) -> WindowGeometry {
    let needed = inputRows(geometry, of: rows)
    var part = geometry
    part.batch = 1
    part.outputHeight = rows.count
    part.inputHeight = needed.count
    part.paddingTop = needed.lower + geometry.paddingTop - rows.lower * geometry.strideY
    return part
  }
}

extension Operation {
  /// The operations of the band that begins here; 0 where none does.
  public var bandLength: Int {
    get { Self.bandLength(kind, lastNumber: number(15)) }
    set { numbers[15] = numbers[15] & ~0xf000 | UInt32(newValue) << 12 }
  }

  static func bandLength(_ kind: Kind, lastNumber: Int) -> Int {
    kind.hasWindow ? lastNumber >> 12 & 0xf : 0
  }

  /// The rows of the band's last output at a time.
  public var bandRows: Int {
    get { number(15) >> 16 }
    set { numbers[15] = numbers[15] & 0xffff | UInt32(newValue) << 16 }
  }

  /// Whether an operation can be one of a band: it has a window, and its rows can be computed by
  /// themselves.
  public var isForBands: Bool {
    kind.hasWindow && kind != .transposedConvolution && winogradTile == 0 && !isPooled
  }
}

extension Operation.Kind {
  /// Whether the numbers are those of a window.
  var hasWindow: Bool {
    switch self {
    case .convolution, .depthwiseConvolution, .maximumPooling, .averagePooling,
      .transposedConvolution, .quantization:
      true
    default: false
    }
  }
}
