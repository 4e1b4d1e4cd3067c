import Kernel

extension WindowFixture {
  func outputCount(isPooled: Bool) -> Int {
    isPooled
      ? geometry.batch * (geometry.outputHeight / 2) * (geometry.outputWidth / 2)
        * geometry.outputChannels
      : geometry.batch * geometry.outputCount
  }

  /// The maximum of every two by two values.
  func pooled(_ values: [Float]) -> [Float] {
    let g = geometry
    var result: [Float] = []
    for image in 0..<g.batch {
      for y in 0..<g.outputHeight / 2 {
        for x in 0..<g.outputWidth / 2 {
          for channel in 0..<g.outputChannels {
            func value(_ row: Int, _ column: Int) -> Float {
              let line = image * g.outputHeight + 2 * y + row
              return values[(line * g.outputWidth + 2 * x + column) * g.outputChannels + channel]
            }
            result.append(max(value(0, 0), value(0, 1), value(1, 0), value(1, 1)))
          }
        }
      }
    }
    return result
  }

}
