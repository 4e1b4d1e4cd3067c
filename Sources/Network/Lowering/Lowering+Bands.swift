import Kernel
import Runtime

extension Lowering {
  /// The bytes of rows that go from operation to operation in a band.
  private static var bandBytes: Int { 1 << 18 }
  /// The pixels below which a band's rows would be too few for whole register tiles, and its threads
  /// better share weights out.
  private static var fewestPixels: Int { 150 }
  /// The bytes of a value that is worth a band: smaller ones stay in the cache whole.
  private static var smallestValue: Int { 1 << 18 }

  /// Finds the chains of operations with windows whose values are better taken a few rows at a time. Bands that are
  /// there already, because of bytes, get their rows.
  mutating func chooseBands(_ segments: [Segment]) {
    for segment in segments {
      var first = segment.steps.lowerBound
      while first < segment.steps.upperBound {
        if steps[first].bandLength > 0 {
          steps[first].bandRows = bandRows(first, steps[first].bandLength, limit: widenedSize / 2)
          first += steps[first].bandLength
          continue
        }
        let count = bandLength(from: first, before: segment.steps.upperBound)
        let values = (first..<first + count - 1).map { self.count(steps[$0].output) * 4 }
        if count > 1, values.contains(where: { $0 >= Self.smallestValue }) {
          steps[first].bandLength = count
          steps[first].bandRows = bandRows(first, count, limit: Self.bandBytes)
        }
        first += count
      }
    }
  }

  /// How many operations from one on are a band: of a chain, in which each is the only one to use what the
  /// one before computes, as many as end with the smallest output, which is written to memory.
  private func bandLength(from first: Int, before end: Int) -> Int {
    let longest = chainLength(from: first, before: end)
    return (min(2, longest)...longest).min {
      (count(steps[first + $0 - 1].output), -$0) < (count(steps[first + $1 - 1].output), -$1)
    } ?? 1
  }

  private func chainLength(from first: Int, before end: Int) -> Int {
    guard isForBands(steps[first]) else { return 1 }
    var count = 1
    while count < Band.mostOperations, first + count < end {
      let (step, before) = (steps[first + count], steps[first + count - 1])
      guard isForBands(step), step.bandLength == 0, step.inputs[0] == before.output,
        isSeenOnce(before.output)
      else { break }
      count += 1
    }
    return count
  }

  private func isForBands(_ step: Step) -> Bool {
    guard let window = step.window?.geometry else { return false }
    return hasRows(step) && window.outputHeight * window.outputWidth >= Self.fewestPixels
  }

  /// Whether some rows of a step's output can be computed by themselves.
  func hasRows(_ step: Step) -> Bool {
    switch step.kind {
    case .convolution, .depthwiseConvolution, .maximumPooling, .averagePooling, .quantization:
      step.winogradTile == 0 && !step.isPooled
    default: false
    }
  }

  /// Whether a value is nothing but the first input of one step.
  func isSeenOnce(_ value: Value) -> Bool {
    guard values[value].role == .intermediate, values[value].root == value else { return false }
    guard !values.indices.contains(where: { $0 != value && values[$0].root == value }) else {
      return false
    }
    return steps.reduce(0) { $0 + $1.inputs.filter { $0 == value }.count } == 1
  }

  /// As many rows as make `limit` bytes of what goes through the band.
  private func bandRows(_ first: Int, _ count: Int, limit: Int) -> Int {
    let height = steps[first + count - 1].window?.geometry.outputHeight ?? 1
    var rows = 1
    while rows < height, bandSize(first, count, rows + 1) <= limit { rows += 1 }
    return rows
  }

  private func bandSize(_ first: Int, _ count: Int, _ rows: Int) -> Int {
    bandSizes(first, count, rows).reduce(0, +)
  }

  /// The pixels of a band's first input that are taken together, where that is bytes.
  private func bytePixels(_ first: Int, _ count: Int, _ rows: Int) -> Int {
    guard let input = steps[first].inputs.first, type(input) != .float32 else { return 0 }
    return steps[first..<first + count].reversed().reduce(rows) { rows, step in
      guard let geometry = step.window?.geometry else { return rows }
      return Band.inputRows(geometry, for: min(rows, geometry.outputHeight))
    } * (steps[first].window?.geometry.inputWidth ?? 1)
  }

  /// The bytes of the rows between a band's operations, in their order.
  func bandSizes(_ first: Int, _ count: Int, _ rows: Int) -> [Int] {
    var rows = rows
    var sizes: [Int] = []
    for step in steps[first + 1..<first + count].reversed() {
      guard let geometry = step.window?.geometry else { continue }
      rows = Band.inputRows(geometry, for: min(rows, geometry.outputHeight))
      sizes.append(
        ProgramHeader.aligned(rows * geometry.inputWidth * geometry.inputChannels * 4))
    }
    return sizes.reversed()
  }

  /// The offsets in the scratch memory of the values that go through bands.
  var bandOffsets: [Value: Int] {
    var result: [Value: Int] = [:]
    for (first, step) in steps.enumerated() where step.bandLength > 0 {
      var offset = 0
      for (position, size) in bandSizes(first, step.bandLength, step.bandRows).enumerated() {
        result[steps[first + position].output] = offset
        offset += size
      }
    }
    return result
  }

  /// The scratch memory that bands need, in bytes: for the rows between their operations, and for weights to be
  /// widened.
  var bandScratch: Int {
    steps.indices.filter { steps[$0].bandLength > 0 }.map { first in
      let (count, rows) = (steps[first].bandLength, steps[first].bandRows)
      let pixels = bytePixels(first, count, rows)
      let widened =
        (first..<first + count)
        .map { widenedCount(steps[$0], pixels: $0 == first ? pixels : 0) }.max() ?? 0
      return bandSize(first, count, rows) + ProgramHeader.aligned(widened * 4)
    }.max() ?? 0
  }

  /// How often operations of bands are executed for one picture, at most.
  var bandEvents: Int {
    steps.indices.reduce(0) { sum, first in
      let step = steps[first]
      guard step.bandLength > 0 else { return sum }
      let height = steps[first + step.bandLength - 1].window?.geometry.outputHeight ?? 1
      return sum + step.bandLength * (height + 1)
    }
  }

  /// For each step those that are executed together with it.
  var bands: [Range<Int>] {
    var result = steps.indices.map { $0..<$0 + 1 }
    for (first, step) in steps.enumerated() where step.bandLength > 0 {
      let band = first..<first + step.bandLength
      for index in band { result[index] = band }
    }
    return result
  }
}
