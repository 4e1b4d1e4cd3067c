/// What the gradients of a depthwise convolution read and write.
public struct DepthwiseGradientArguments {
  /// NHWC, as `geometry` says.
  public var input: UnsafePointer<Float>
  /// The gradient of the convolution's outputs, NHWC.
  public var outputGradient: UnsafePointer<Float>
  /// The weights `[tap][channels]`, each tap filled up to whole panels; of the input's gradient only.
  public var weights: UnsafePointer<Float>?
  /// That of the weights, laid out as they are, or where there are weights that of the input.
  public var gradient: UnsafeMutablePointer<Float>
  /// That of the bias; of the weights' gradient only.
  public var biasGradient: UnsafeMutablePointer<Float>?
  public var geometry: WindowGeometry
  /// Of the weights' gradient the output channels to compute, of the input's the pictures.
  public var range: WorkRange

  @inlinable
  public init(
    input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
    weights: UnsafePointer<Float>?, gradient: UnsafeMutablePointer<Float>,
    biasGradient: UnsafeMutablePointer<Float>?, geometry: WindowGeometry, range: WorkRange
  ) {
    self.input = input
    self.outputGradient = outputGradient
    self.weights = weights
    self.gradient = gradient
    self.biasGradient = biasGradient
    self.geometry = geometry
    self.range = range
  }
}

/// The gradient of a depthwise convolution's weights, or of its input.
@inlinable @inline(always)
public func computeDepthwiseGradient<V: Vector>(
  _: V.Type, _ arguments: DepthwiseGradientArguments
) {
  if let weights = arguments.weights {
    depthwiseInputGradient(V.self, arguments, weights)
  } else {
    depthwiseWeightGradient(V.self, arguments)
  }
}

/// Channel by channel the sum over all windows of what a tap sees times the output's gradient.
@inlinable @inline(always)
func depthwiseWeightGradient<V: Vector>(_: V.Type, _ arguments: DepthwiseGradientArguments) {
  let geometry = arguments.geometry
  let outputs = geometry.outputChannels
  let multiplier = outputs / geometry.inputChannels
  let padded = Panel.count(outputs) * Panel.width
  var channel = arguments.range.lower
  while channel < arguments.range.upper {
    let left = arguments.range.upper - channel
    let lanes = left < V.count ? left : V.count
    var tap = 0
    while tap < geometry.windowHeight * geometry.windowWidth {
      V.zeros.store(arguments.gradient + (tap * padded + channel), lanes: lanes)
      tap += 1
    }
    var bias = V.zeros
    let lines = WorkRange(0, geometry.batch * geometry.outputHeight)
    forEachWindow(geometry, lines) { pixelOffset, outputOffset, rows, columns in
      let g = V.load(arguments.outputGradient + (outputOffset + channel), lanes: lanes)
      bias = bias + g
      var row = 0
      while row < rows.count {
        var column = 0
        while column < columns.count {
          let tap = (rows.first + row) * geometry.windowWidth + columns.first + column
          let pixel = row * geometry.dilationY * geometry.inputWidth + column * geometry.dilationX
          let x: V = loadReplicated(
            arguments.input + (pixelOffset + pixel * geometry.inputChannels), channel: channel,
            lanes: lanes, multiplier: multiplier)
          let target = arguments.gradient + (tap * padded + channel)
          V.load(target, lanes: lanes).fusedAddingProduct(x, g).store(target, lanes: lanes)
          column += 1
        }
        row += 1
      }
    }
    if let target = arguments.biasGradient { bias.store(target + channel, lanes: lanes) }
    channel += V.count
  }
}

/// Each output's gradient times the tap, added where the tap saw.
@inlinable @inline(always)
func depthwiseInputGradient<V: Vector>(
  _: V.Type, _ arguments: DepthwiseGradientArguments, _ weights: UnsafePointer<Float>
) {
  let geometry = arguments.geometry
  let outputs = geometry.outputChannels
  let multiplier = outputs / geometry.inputChannels
  let padded = Panel.count(outputs) * Panel.width
  let pictures = arguments.range
  (arguments.gradient + pictures.lower * geometry.inputCount)
    .update(repeating: 0, count: pictures.count * geometry.inputCount)
  let lines = WorkRange(
    pictures.lower * geometry.outputHeight, pictures.upper * geometry.outputHeight)
  forEachWindow(geometry, lines) { pixelOffset, outputOffset, rows, columns in
    var row = 0
    while row < rows.count {
      var column = 0
      while column < columns.count {
        let tap = (rows.first + row) * geometry.windowWidth + columns.first + column
        let pixel = row * geometry.dilationY * geometry.inputWidth + column * geometry.dilationX
        let target = arguments.gradient + (pixelOffset + pixel * geometry.inputChannels)
        let w = weights + tap * padded
        let g = arguments.outputGradient + outputOffset
        var channel = 0
        while multiplier == 1 && channel + V.count <= outputs {
          V.load(target + channel).fusedAddingProduct(V.load(g + channel), V.load(w + channel))
            .store(target + channel)
          channel += V.count
        }
        while channel < outputs {
          target[channel / multiplier] += g[channel] * w[channel]
          channel += 1
        }
        column += 1
      }
      row += 1
    }
  }
}
