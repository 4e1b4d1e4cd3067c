public import CProcessor

/// What a unit is added up over where a maximum pooling of two by two follows: the results of some of its lines.
///
/// Of each two by two windows only that counts which a channel's largest value comes from. So a result's gradient is
/// taken four times, each time where it comes from that window, and spread nowhere: it is read once, and there are no
/// zeros to write and to read again.
@usableFromInline
struct PooledGradientSpan {
  /// The pooling's lines, and the results in a line.
  @usableFromInline let lines: Int
  @usableFromInline let columns: Int
  @usableFromInline let channels: Int
  /// The first result's first window, its gradient, and its places.
  @usableFromInline let source: UnsafePointer<Float>
  @usableFromInline let gradient: UnsafePointer<Float>
  @usableFromInline let places: UnsafePointer<Float>
  /// From a window to the next, and from a line of them to the next, in floats of input.
  @usableFromInline let windowStep: Int
  @usableFromInline let windowLineStep: Int

  /// - Parameters:
  ///   - lines: Of the convolution; two of them are one of the pooling's.
  ///   - input: The picture, with zeros around it.
  @inlinable @inline(always)
  init(
    _ arguments: WeightGradientArguments, _ unit: UnitPlace, _ lines: WorkRange, picture: Int,
    input: UnsafePointer<Float>, places: UnsafePointer<Float>
  ) {
    let geometry = arguments.geometry
    let inputs = geometry.inputChannels
    let width = geometry.needsZeros ? geometry.reachedWidth : geometry.inputWidth
    self.lines = lines.count / 2
    columns = geometry.outputWidth / 2
    channels = geometry.outputChannels
    windowStep = geometry.strideX * inputs
    windowLineStep = geometry.strideY * width * inputs
    source = input + (unit.group * inputs / arguments.groups + lines.lower * windowLineStep)
    let line = picture * (geometry.outputHeight / 2) + lines.lower / 2
    let offset = line * columns * channels + unit.firstOutput
    gradient = arguments.outputGradient + offset
    self.places = places + offset
  }
}

extension PooledGradientSpan: GradientTerms {
  /// Few, and so the more rows: which windows gradients come from is worked out once for all of a tile's rows.
  ///
  /// With 16 registers even two vectors take some from the sums; one alone has enough of them with eight rows.
  @inlinable @inline(always)
  static func maximumVectors<V: Vector>(_: V.Type, rows: Int) -> Int {
    if TileSize.maximumVectors(V.self) < 2 { return 1 }
    return V.registers == 16 && rows >= 8 ? 1 : 2
  }

  @inlinable @inline(always)
  func add<V: Vector, Rows: WindowRows, let count: Int, let vectors: Int>(
    to sum: inout InlineArray<count, InlineArray<vectors, V>>, _ rows: Rows, channel: Int
  ) {
    var lineSource = source
    var gradient = gradient + channel
    var places = places + channel
    var linesLeft = lines
    while linesLeft > 0 {
      var source = lineSource
      var left = columns
      while left > 0 {
        askAhead(vectors * V.count, gradient, places)
        add(to: &sum, rows, source, gradient, places, place: 0)
        add(to: &sum, rows, source + windowStep, gradient, places, place: 1)
        add(to: &sum, rows, source + windowLineStep, gradient, places, place: 2)
        add(to: &sum, rows, source + (windowLineStep + windowStep), gradient, places, place: 3)
        source += 2 * windowStep
        gradient += channels
        places += channels
        left -= 1
      }
      lineSource += 2 * windowLineStep
      linesLeft -= 1
    }
  }

  /// Asks for some channels of a result some pixels ahead: where these are not all, no processor sees by itself what
  /// comes next.
  @inlinable @inline(always)
  func askAhead(
    _ count: Int, _ gradient: UnsafePointer<Float>, _ places: UnsafePointer<Float>
  ) {
    var channel = 8 * channels
    let end = channel + count
    while channel < end {
      cnn_prefetch(gradient + channel)
      cnn_prefetch(places + channel)
      channel += Panel.width
    }
  }

  /// Adds the products of one window and the gradients that come from it.
  @inlinable @inline(always)
  func add<V: Vector, Rows: WindowRows, let count: Int, let vectors: Int>(
    to sum: inout InlineArray<count, InlineArray<vectors, V>>, _ rows: Rows,
    _ source: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>,
    _ places: UnsafePointer<Float>, place: Float
  ) {
    var own = InlineArray<vectors, V>(repeating: V.zeros)
    var c = 0
    while c < vectors {
      own[unchecked: c] = V.zeros.replaced(
        with: V.load(gradient + c * V.count), whereEqual: V.load(places + c * V.count),
        V(repeating: place))
      c += 1
    }
    var row = 0
    while row < count {
      let x = V(repeating: rows.value(row, source))
      c = 0
      while c < vectors {
        sum[unchecked: row][unchecked: c] = sum[unchecked: row][unchecked: c]
          .fusedAddingProduct(x, own[unchecked: c])
        c += 1
      }
      row += 1
    }
  }
}
