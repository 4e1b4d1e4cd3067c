/// A function of two values, by the number that a program stores.
public enum BinaryFunction: UInt32, CaseIterable, Sendable {
  case addition = 0
  case subtraction = 1
  case multiplication = 2
  case division = 3
  case maximum = 4
  case minimum = 5
  /// a to the power of b; NaN where a is negative and b no whole number.
  case power = 6
  case squaredDifference = 7
}

/// Two arrays combined value by value, the second one repeated.
///
/// The first is `outer` times `middle` times `inner` values. Each value of the second, which has
/// `middle`, is for `inner` values of the first that follow each other, and the whole is repeated
/// `outer` times: a value a channel, a value a pixel, or one for each.
public struct BinaryArguments {
  public var first: UnsafePointer<Float>
  public var second: UnsafePointer<Float>
  /// May be the memory of `first`.
  public var output: UnsafeMutablePointer<Float>
  public var function: BinaryFunction
  public var outer: Int
  public var middle: Int
  public var inner: Int
  /// Whether the second is the left operand.
  public var isReversed: Bool

  @inlinable
  public init(
    first: UnsafePointer<Float>, second: UnsafePointer<Float>,
    output: UnsafeMutablePointer<Float>, function: BinaryFunction,
    outer: Int, middle: Int, inner: Int, isReversed: Bool = false
  ) {
    self.first = first
    self.second = second
    self.output = output
    self.function = function
    self.outer = outer
    self.middle = middle
    self.inner = inner
    self.isReversed = isReversed
  }
}

/// Combines two arrays value by value.
@inlinable @inline(always)
public func combine<V: Vector>(_: V.Type, _ arguments: BinaryArguments) {
  let isReversed = arguments.isReversed
  // The choice is made once, outside the loops.
  switch arguments.function {
  case .addition: combine(arguments) { (a: V, b: V) in a + b }
  case .subtraction:
    if isReversed {
      combine(arguments) { (a: V, b: V) in b - a }
    } else {
      combine(arguments) { (a: V, b: V) in a - b }
    }
  case .multiplication: combine(arguments) { (a: V, b: V) in a * b }
  case .division:
    if isReversed {
      combine(arguments) { (a: V, b: V) in b / a }
    } else {
      combine(arguments) { (a: V, b: V) in a / b }
    }
  case .maximum: combine(arguments) { (a: V, b: V) in a.maximum(b) }
  case .minimum: combine(arguments) { (a: V, b: V) in -((-a).maximum(-b)) }
  case .power:
    if isReversed {
      combine(arguments) { (a: V, b: V) in power(b, a) }
    } else {
      combine(arguments) { (a: V, b: V) in power(a, b) }
    }
  case .squaredDifference: combine(arguments) { (a: V, b: V) in (a - b) * (a - b) }
  }
}

@inlinable @inline(always)
func combine<V: Vector>(_ arguments: BinaryArguments, _ body: (V, V) -> V) {
  var outer = 0
  while outer < arguments.outer {
    let offset = outer * arguments.middle * arguments.inner
    if arguments.inner == 1 {
      combine(
        arguments.first + offset, arguments.output + offset, arguments.middle,
        arguments.second, body)
    } else {
      var middle = 0
      while middle < arguments.middle {
        let start = offset + middle * arguments.inner
        let b = V(repeating: arguments.second[middle])
        map(arguments.first + start, arguments.output + start, arguments.inner) { (a: V) in
          body(a, b)
        }
        middle += 1
      }
    }
    outer += 1
  }
}

@inlinable @inline(always)
func combine<V: Vector>(
  _ first: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ count: Int,
  _ second: UnsafePointer<Float>, _ body: (V, V) -> V
) {
  var i = 0
  while i + V.count <= count {
    body(V.load(first + i), V.load(second + i)).store(output + i)
    i += V.count
  }
  if i < count {
    let lanes = count - i
    body(V.load(first + i, lanes: lanes), V.load(second + i, lanes: lanes))
      .store(output + i, lanes: lanes)
  }
}
