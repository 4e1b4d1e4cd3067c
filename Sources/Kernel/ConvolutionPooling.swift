/// Where the pooled outputs of a line go.
@usableFromInline
struct PooledLine {
  /// The picture, and the line in it.
  @usableFromInline let image: Int
  @usableFromInline let y: Int
  @usableFromInline let width: Int
  /// Where the line's outputs begin, and the floats from one to the next.
  @usableFromInline let first: Int
  @usableFromInline let pixel: Int

  @inlinable @inline(always)
  init(_ arguments: inout ConvolutionArguments, _ slice: ConvolutionSlice, _ line: Int) {
    let geometry = arguments.geometry
    let height = geometry.outputHeight / 2
    width = geometry.outputWidth / 2
    let spacing =
      arguments.spacing
      ?? OutputSpacing(height: height, width: width, channels: geometry.outputChannels)
    image = line / height
    y = line - image * height
    first = image * spacing.image + y * spacing.row + slice.firstOutput
    pixel = spacing.pixel
  }
}

/// Stores the maximum of every two by two results that a line's two rows in the scratch memory hold.
///
/// The arguments are only read.
@inlinable @inline(always)
func poolLine<V: Vector>(
  _: V.Type, _ arguments: inout ConvolutionArguments, _ slice: ConvolutionSlice,
  _ pooled: PooledLine
) {
  guard let scratch = arguments.scratch else { return }
  let stride = slice.vectors * V.count
  let row = arguments.geometry.outputWidth * stride
  var x = 0
  while x < pooled.width {
    let upper = scratch + 2 * x * stride
    let lower = upper + row
    let target = arguments.output + (pooled.first + x * pooled.pixel)
    var c = 0
    while c < slice.vectors {
      let at = V.firstChannel(ofVectorAt: c * V.count, channels: slice.outputs)
      let value = V.load(upper + at).maximum(V.load(upper + (at + stride)))
        .maximum(V.load(lower + at).maximum(V.load(lower + (at + stride))))
      let lanes = slice.outputs - at
      if lanes >= V.count {
        value.store(target + at)
      } else {
        value.store(target + at, lanes: lanes)
      }
      c += 1
    }
    x += 1
  }
}

/// The same, and stores the tap that each maximum comes from; by itself, since the choice in one loop would make
/// both slower.
@inlinable @inline(always)
func poolLineTracking<V: Vector>(
  _: V.Type, _ arguments: inout ConvolutionArguments, _ slice: ConvolutionSlice,
  _ pooled: PooledLine
) {
  guard let scratch = arguments.scratch, let places = arguments.places else { return }
  assert(arguments.spacing == nil)
  let stride = slice.vectors * V.count
  let row = arguments.geometry.outputWidth * stride
  let nowhere = V(repeating: 4)
  // What a ReLU makes of less comes from no tap.
  let lowest = V(repeating: arguments.activation.function == .linear ? -.infinity : 0)
  var x = 0
  while x < pooled.width {
    let upper = scratch + 2 * x * stride
    let lower = upper + row
    let first = pooled.first + x * pooled.pixel
    var c = 0
    while c < slice.vectors {
      let at = V.firstChannel(ofVectorAt: c * V.count, channels: slice.outputs)
      let found = largestOfPairs(
        V.load(upper + at), V.load(upper + (at + stride)), V.load(lower + at),
        V.load(lower + (at + stride)))
      let place = found.place.replaced(with: nowhere, whereAtMost: found.largest, lowest)
      let lanes = slice.outputs - at
      if lanes >= V.count {
        found.largest.store(arguments.output + (first + at))
        place.store(places + (first + at))
      } else {
        found.largest.store(arguments.output + (first + at), lanes: lanes)
        place.store(places + (first + at), lanes: lanes)
      }
      c += 1
    }
    x += 1
  }
}
