/// Copies rows of `length` floats from places that a table names: transposition, slices, repetition.
///
/// A negative place gives a row of `fill`.
public func gatherRows(
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
  offsets: UnsafePointer<Int32>, count: Int, length: Int, fill: Float
) {
  var row = 0
  if length == 1 {
    while row < count {
      let offset = Int(offsets[row])
      output[row] = offset < 0 ? fill : input[offset]
      row += 1
    }
    return
  }
  while row < count {
    let offset = Int(offsets[row])
    let target = output + row * length
    if offset < 0 {
      target.update(repeating: fill, count: length)
    } else {
      target.update(from: input + offset, count: length)
    }
    row += 1
  }
}

/// Copies from a table of `rows` rows of `length` floats the rows that the input numbers.
///
/// A number is rounded down; one outside of the table takes its first or last row.
public func lookUpRows(
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
  table: UnsafePointer<Float>, rows: Int, length: Int, count: Int
) {
  var index = 0
  while index < count {
    let number = input[index]
    // The comparison is false for NaN.
    var row = 0
    if number >= Float(rows - 1) {
      row = rows - 1
    } else if number >= 0 {
      row = Int(number)
    }
    (output + index * length).update(from: table + row * length, count: length)
    index += 1
  }
}

/// For each value the number of `boundaries`, which ascend, that are at most it.
public func countBoundaries(
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
  boundaries: UnsafePointer<Float>, boundaryCount: Int, count: Int
) {
  var index = 0
  while index < count {
    let x = input[index]
    var (low, high) = (0, boundaryCount)
    while low < high {
      let middle = (low + high) / 2
      if boundaries[middle] <= x { low = middle + 1 } else { high = middle }
    }
    output[index] = Float(low)
    index += 1
  }
}
