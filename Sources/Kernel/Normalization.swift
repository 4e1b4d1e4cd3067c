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
      let lanes = left < V.count ? left : V.count
      V.load(shift + channel)
        .fusedAddingProduct(
          V.load(input + offset + channel, lanes: lanes), V.load(scale + channel)
        )
        .store(output + offset + channel, lanes: lanes)
      channel += V.count
    }
    pixel += 1
  }
}
