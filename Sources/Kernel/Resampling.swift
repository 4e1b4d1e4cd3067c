/// Values along an axis as weighted sums, or largest ones, of a few others: resizing, pooling into a
/// number of bins, sums over neighbouring channels.
public struct ResamplingArguments {
  /// `outer · inputLength · inner` values.
  public var input: UnsafePointer<Float>
  /// `outer · outputLength · inner` values; not the input's memory.
  public var output: UnsafeMutablePointer<Float>
  /// For each output `taps` places along the input's axis; a negative one takes no part.
  public var places: UnsafePointer<Int32>
  /// As many weights; nil for the largest value.
  public var weights: UnsafePointer<Float>?
  public var outer: Int
  public var inputLength: Int
  public var outputLength: Int
  public var inner: Int
  public var taps: Int

  @inlinable
  public init(
    input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
    places: UnsafePointer<Int32>, weights: UnsafePointer<Float>?, outer: Int, inputLength: Int,
    outputLength: Int, inner: Int, taps: Int
  ) {
    self.input = input
    self.output = output
    self.places = places
    self.weights = weights
    self.outer = outer
    self.inputLength = inputLength
    self.outputLength = outputLength
    self.inner = inner
    self.taps = taps
  }
}

/// Resamples along an axis; sums are taken in the order of the taps.
@inlinable @inline(always)
public func resample<V: Vector>(_: V.Type, _ arguments: ResamplingArguments) {
  let (inner, taps) = (arguments.inner, arguments.taps)
  var row = 0
  while row < arguments.outer {
    var place = 0
    while place < arguments.outputLength {
      let source = arguments.input + row * arguments.inputLength * inner
      let target = arguments.output + (row * arguments.outputLength + place) * inner
      let places = arguments.places + place * taps
      var i = 0
      while i < inner {
        let lanes = inner - i < V.count ? inner - i : V.count
        var result = arguments.weights == nil ? V(repeating: -.infinity) : V.zeros
        var tap = 0
        while tap < taps {
          let from = Int(places[tap])
          if from >= 0 {
            let x = V.load(source + (from * inner + i), lanes: lanes)
            if let weights = arguments.weights {
              result = result.fusedAddingProduct(x, V(repeating: weights[place * taps + tap]))
            } else {
              result = result.maximum(x)
            }
          }
          tap += 1
        }
        result.store(target + i, lanes: lanes)
        i += V.count
      }
      place += 1
    }
    row += 1
  }
}
