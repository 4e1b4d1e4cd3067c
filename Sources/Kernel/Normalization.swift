/// Multiplies each channel by its scale and adds its shift: batch normalisation at inference.
///
/// `scale` and `shift` hold `channels` floats, filled up to a multiple of 16; `input` and `output`
/// hold `pixels · channels` and may be the same memory. The arithmetic is that of a convolution with
/// scale and shift, so that fusing changes no bit.
@inlinable @inline(always)
public func scaleAndShift<V: Vector>(
  _: V.Type, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
  scale: UnsafePointer<Float>, shift: UnsafePointer<Float>, pixels: Int, channels: Int
) {
  var pixel = 0
  while pixel < pixels {
    let offset = pixel * channels
    var channel = 0
    while channel < channels {
      let left = channels - channel
      let source = input + (offset + channel)
      let target = output + (offset + channel)
      let isWhole = left >= V.count
      let x = isWhole ? V.load(source) : V.load(source, lanes: left)
      let value = V.load(shift + channel).fusedAddingProduct(x, V.load(scale + channel))
      if isWhole { value.store(target) } else { value.store(target, lanes: left) }
      channel += V.count
    }
    pixel += 1
  }
}
