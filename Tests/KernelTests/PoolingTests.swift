import Kernel
import Testing

struct PoolingTests {
  @Test(arguments: [1, 3, 4, 8, 15, 16, 20, 33])
  func poolingIsThatOfThePlainLoop(channels: Int) {
    var random = SeededGenerator(UInt64(channels))
    for height in 1...4 {
      for width in 1...4 {
        var geometry = WindowGeometry.random(
          window: (height, width), channels: (channels, channels), largestInput: 9,
          using: &random)
        // A window without a value has no mean: where one could be, pool from the first pixel on.
        if (0..<geometry.outputHeight).contains(where: { geometry.rows(ofOutput: $0).count == 0 }) {
          geometry.outputHeight = 1
          geometry.paddingTop = 0
        }
        if (0..<geometry.outputWidth).contains(where: { geometry.columns(ofOutput: $0).count == 0 })
        {
          geometry.outputWidth = 1
          geometry.paddingLeft = 0
        }
        check(geometry, random.floats(geometry.batch * geometry.inputCount, in: -3...3))
      }
    }
  }

  @Test func averageOfAWholePictureKeepsItsDigits() {
    let geometry = WindowGeometry(
      batch: 1, input: (128, 128, 5), output: (1, 1, 5), window: (128, 128))
    check(geometry, Array(repeating: 0.1, count: geometry.inputCount))
  }

  /// Wherever in the window it is: the first, the last, or between.
  @Test(arguments: testedKernels)
  func maximumWithNotANumberIsNotANumber(_ kernels: KernelTable) {
    var random = SeededGenerator(1)
    for channels in [1, 7, 16] {
      let geometry = WindowGeometry(
        batch: 1, input: (3, 3, channels), output: (1, 1, channels), window: (3, 3))
      for position in 0..<9 {
        var input = random.floats(9 * channels)
        input[position * channels] = .nan
        let values = pool(kernels.poolMaximum, geometry, input).values
        #expect(values[0].isNaN, "NaN at \(position)")
        #expect(values.dropFirst().allSatisfy { !$0.isNaN })
      }
    }
  }

  @Test(arguments: testedKernels)
  func maximumOfInfinities(_ kernels: KernelTable) {
    let geometry = WindowGeometry(
      batch: 1, input: (1, 4, 3), output: (1, 2, 3), window: (1, 2), stride: (1, 2))
    let input: [Float] = [
      -.infinity, -.infinity, 1, -.infinity, -2, .infinity,
      -.greatestFiniteMagnitude, .infinity, -0.5, -.infinity, -.infinity, -0.25,
    ]
    #expect(
      pool(kernels.poolMaximum, geometry, input).values
        == [-.infinity, -2, .infinity, -.greatestFiniteMagnitude, .infinity, -0.25])
  }

  private func check(_ geometry: WindowGeometry, _ input: [Float]) {
    var random = SeededGenerator(UInt64(input.count))
    // The same among other values, which stay as they are.
    let spaced = SpacedOutputs(
      batch: geometry.batch, height: geometry.outputHeight, width: geometry.outputWidth,
      channels: geometry.outputChannels, using: &random)
    for kernels in testedKernels {
      let largest = pool(kernels.poolMaximum, geometry, input)
      let mean = pool(kernels.poolAverage, geometry, input)
      #expect(largest.isWrittenExactly && mean.isWrittenExactly, "\(geometry)")
      let largestValues = largest.values
      let means = mean.values
      for (kernel, plain) in [(kernels.poolMaximum, largest), (kernels.poolAverage, mean)] {
        let output = pool(kernel, geometry, input, spaced: spaced)
        #expect(output.isWritten(exactlyAt: spaced.places), "\(geometry), \(spaced.spacing)")
        #expect(spaced.bits(output) == plain.bits, "\(geometry), \(spaced.spacing)")
      }
      var worst = 0.0
      for index in largestValues.indices {
        let window = self.window(ofOutput: index, geometry, input)
        #expect(largestValues[index] == window.max(), "\(geometry), \(kernels.testDescription)")
        let exact = window.reduce(0) { $0 + Double($1) } / Double(window.count)
        let magnitudes = window.reduce(0) { $0 + abs(Double($1)) } / Double(window.count)
        // A row is added up, then the rows: no value takes part in more roundings than that.
        let roundings = Double(geometry.windowHeight + geometry.windowWidth)
        worst = max(worst, abs(Double(means[index]) - exact) / (roundings * magnitudes))
      }
      #expect(worst <= unitRoundoff, "\(geometry), \(kernels.testDescription)")
    }
    let results = testedKernels.map { pool($0.poolAverage, geometry, input).bits }
    #expect(results.allSatisfy { $0 == results[0] }, "Nothing is fused: all sets agree")
  }

  private func pool(
    _ kernel: KernelTable.Pool, _ geometry: WindowGeometry, _ input: [Float],
    spaced: SpacedOutputs? = nil
  ) -> GuardedFloats {
    let output = GuardedFloats(count: spaced?.count ?? geometry.batch * geometry.outputCount)
    let input = Floats(input)
    withExtendedLifetime(input) {
      kernel(
        PoolingArguments(
          input: input.pointer, output: output.pointer, geometry: geometry,
          spacing: spaced?.spacing))
    }
    return output
  }

  /// The values in the window of an output.
  private func window(
    ofOutput index: Int, _ g: WindowGeometry, _ input: [Float]
  ) -> [Float] {
    let channel = index % g.outputChannels
    let column = index / g.outputChannels % g.outputWidth
    let row = index / (g.outputChannels * g.outputWidth) % g.outputHeight
    let image = index / g.outputCount
    var values: [Float] = []
    for tapRow in 0..<g.windowHeight {
      let y = row * g.strideY - g.paddingTop + tapRow * g.dilationY
      guard (0..<g.inputHeight).contains(y) else { continue }
      for tapColumn in 0..<g.windowWidth {
        let x = column * g.strideX - g.paddingLeft + tapColumn * g.dilationX
        guard (0..<g.inputWidth).contains(x) else { continue }
        let pixel = (image * g.inputHeight + y) * g.inputWidth + x
        values.append(input[pixel * g.inputChannels + channel])
      }
    }
    return values
  }
}
