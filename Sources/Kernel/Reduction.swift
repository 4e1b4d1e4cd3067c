/// What values along an axis are brought to, by the number that a program stores.
public enum Reduction: UInt32, CaseIterable, Sendable {
  case sum = 0
  case mean = 1
  case maximum = 2
  case minimum = 3
  case product = 4
}

/// Reduces the middle axis of `outer · axis · inner` values.
///
/// Sums are taken in the order of the axis, in sums of at most 64 that are added up: the same for every
/// instruction set, and for long axes with small errors. `input` and `output` are different memory.
@inlinable @inline(always)
public func reduce<V: Vector>(
  _: V.Type, _ reduction: Reduction, _ input: UnsafePointer<Float>,
  _ output: UnsafeMutablePointer<Float>, outer: Int, axis: Int, inner: Int
) {
  switch reduction {
  case .sum:
    reduce(input, output, outer, axis, inner, from: V.zeros, { $0 + $1 }, { $0 })
  case .mean:
    let count = V(repeating: Float(axis))
    reduce(input, output, outer, axis, inner, from: V.zeros, { $0 + $1 }, { $0 / count })
  case .maximum:
    let least = V(repeating: -.infinity)
    reduce(input, output, outer, axis, inner, from: least, { $0.maximum($1) }, { $0 })
  case .minimum:
    let most = V(repeating: .infinity)
    reduce(input, output, outer, axis, inner, from: most, { -((-$0).maximum(-$1)) }, { $0 })
  case .product:
    reduce(input, output, outer, axis, inner, from: V(repeating: 1), { $0 * $1 }, { $0 })
  }
}

@inlinable @inline(always)
func reduce<V: Vector>(
  _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ outer: Int, _ axis: Int,
  _ inner: Int, from initial: V, _ combine: (V, V) -> V, _ finish: (V) -> V
) {
  let longest = 64
  // Where the axis is the last one, lanes are rows of it; else lanes are neighbours.
  let (rows, columns) = inner == 1 ? (1, outer) : (outer, inner)
  var row = 0
  while row < rows {
    var column = 0
    while column < columns {
      let lanes = columns - column < V.count ? columns - column : V.count
      let source = input + (inner == 1 ? column * axis : row * axis * inner + column)
      var total = initial
      var k = 0
      while k < axis {
        let end = axis - k < longest ? axis : k + longest
        var part = initial
        while k < end {
          let x: V
          if inner == 1 {
            x = loadStrided(V.self, source + k, axis, lanes: lanes)
          } else if lanes == V.count {
            x = V.load(source + k * inner)
          } else {
            x = V.load(source + k * inner, lanes: lanes)
          }
          part = combine(part, x)
          k += 1
        }
        total = combine(total, part)
      }
      let target = output + (row * inner + column)
      finish(total).store(target, lanes: lanes)
      column += V.count
    }
    row += 1
  }
}
