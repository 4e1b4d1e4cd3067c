/// What a line's two rows of results in the scratch memory are pooled from and to.
@usableFromInline
struct PooledLine {
  /// The two rows, and the floats of a pixel in them.
  @usableFromInline let upper: UnsafePointer<Float>
  @usableFromInline let lower: UnsafePointer<Float>
  @usableFromInline let stride: Int
  @usableFromInline let width: Int
  /// Where the line's outputs begin, and the floats from one to the next.
  @usableFromInline let first: Int
  @usableFromInline let pixel: Int

  @inlinable @inline(always)
  init(
    _ arguments: inout ConvolutionArguments, _ scratch: UnsafePointer<Float>,
    _ slice: ConvolutionSlice, _ line: Int, stride: Int
  ) {
    let geometry = arguments.geometry
    let height = geometry.outputHeight / 2
    width = geometry.outputWidth / 2
    let spacing =
      arguments.spacing
      ?? OutputSpacing(height: height, width: width, channels: geometry.outputChannels)
    let image = line / height
    first = image * spacing.image + (line - image * height) * spacing.row + slice.firstOutput
    pixel = spacing.pixel
    upper = scratch
    lower = scratch + geometry.outputWidth * stride
    self.stride = stride
  }
}

/// Stores the maximum of every two by two results that a line's two rows in the scratch memory hold.
///
/// The arguments are only read.
@inlinable @inline(always)
func poolLine<V: Vector>(
  _: V.Type, _ arguments: inout ConvolutionArguments, _ slice: ConvolutionSlice, _ line: Int
) {
  guard let scratch = arguments.scratch else { return }
  let pooled = PooledLine(&arguments, scratch, slice, line, stride: slice.vectors * V.count)
  var x = 0
  while x < pooled.width {
    let upper = pooled.upper + 2 * x * pooled.stride
    let lower = pooled.lower + 2 * x * pooled.stride
    let target = arguments.output + (pooled.first + x * pooled.pixel)
    var c = 0
    while c < slice.vectors {
      let at = V.firstChannel(ofVectorAt: c * V.count, channels: slice.outputs)
      let value = V.load(upper + at).maximum(V.load(upper + (at + pooled.stride)))
        .maximum(V.load(lower + at).maximum(V.load(lower + (at + pooled.stride))))
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
  _: V.Type, _ arguments: inout ConvolutionArguments, _ slice: ConvolutionSlice, _ line: Int
) {
  guard let scratch = arguments.scratch, let places = arguments.places else { return }
  assert(arguments.spacing == nil)
  let pooled = PooledLine(&arguments, scratch, slice, line, stride: slice.vectors * V.count)
  let nowhere = V(repeating: 4)
  // What a ReLU makes of less comes from no tap.
  let lowest = V(repeating: arguments.activation.function == .linear ? -.infinity : 0)
  var x = 0
  while x < pooled.width {
    let upper = pooled.upper + 2 * x * pooled.stride
    let lower = pooled.lower + 2 * x * pooled.stride
    let first = pooled.first + x * pooled.pixel
    var c = 0
    while c < slice.vectors {
      let at = V.firstChannel(ofVectorAt: c * V.count, channels: slice.outputs)
      let found = largestOfPairs(
        V.load(upper + at), V.load(upper + (at + pooled.stride)), V.load(lower + at),
        V.load(lower + (at + pooled.stride)))
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
