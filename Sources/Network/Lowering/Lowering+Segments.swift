import Kernel
import Runtime

extension Lowering {
  /// Steps that follow each other and are done for so many pictures at a time.
  struct Segment {
    var steps: Range<Int>
    var pictures: Int
    /// The chunks of the batch that what is added up has sums for; 0 where nothing is.
    var chunks = 0
  }

  /// The bytes of values that stay in the second cache.
  private static var cachedBytes: Int { 3 << 18 }
  /// The most pictures at a time.
  static var mostPictures: Int { 256 }

  /// Divides the steps into segments.
  ///
  /// Within a segment values go from one operation to the next through the cache, which holds those of
  /// some pictures. An operation whose weights come from memory for few pixels needs more pictures than
  /// that, or it would wait for the weights: there a new segment begins.
  func segments() -> [Segment] {
    var result: [Segment] = []
    var bandEnd = 0
    for index in steps.indices {
      let step = steps[index]
      // Bands that are there already stay whole.
      if index < bandEnd {
        result[result.count - 1].steps = result[result.count - 1].steps.lowerBound..<index + 1
        continue
      }
      bandEnd = index + step.bandLength
      if isAboutBatch(step) {
        result.append(Segment(steps: index..<index + 1, pictures: SegmentRecord.allPictures))
        continue
      }
      let needed = picturesForWeights(step)
      let fitting = picturesInCache(step)
      var segment = Segment(
        steps: index..<index + 1, pictures: max(needed, fitting),
        chunks: step.isAccumulated ? step.chunks : 0)
      if let last = result.last, joins(last, step, needed: needed, fitting: fitting) {
        result.removeLast()
        segment.steps = last.steps.lowerBound..<index + 1
        segment.chunks = max(last.chunks, segment.chunks)
        // A dense layer's segment is about its weights; elsewhere the largest values count.
        let isSmaller = needed <= 1 && last.pictures > fitting && !isAboutWeights(last)
        segment.pictures = isSmaller ? fitting : last.pictures
      }
      result.append(segment)
    }
    return result
  }

  /// Whether a step belongs to the segment before it.
  private func joins(_ last: Segment, _ step: Step, needed: Int, fitting: Int) -> Bool {
    guard last.pictures != SegmentRecord.allPictures, needed <= 2 * last.pictures else {
      return false
    }
    // Behind dense layers, what large values are computed from goes through the cache again.
    return !isAboutWeights(last) || !step.isAccumulated && 4 * fitting >= last.pictures
  }

  /// Whether a step is done once for the whole batch: what it computes is of the state.
  private func isAboutBatch(_ step: Step) -> Bool {
    values[values[step.output].root].isOfState && !step.isAccumulated
  }

  private func isAboutWeights(_ segment: Segment) -> Bool {
    segment.steps.contains { picturesForWeights(steps[$0]) > 1 }
  }

  private func picturesInCache(_ step: Step) -> Int {
    let output = step.isAccumulated ? 0 : count(step.output)
    let floats = step.inputs.reduce(output) { $0 + count($1) }
    return max(1, min(Self.mostPictures, Self.cachedBytes / (floats * 4)))
  }

  /// The pictures for which reading the weights takes a fraction of the arithmetic's time.
  private func picturesForWeights(_ step: Step) -> Int {
    guard step.kind == .convolution || step.kind == .trackedConvolution,
      let geometry = step.window?.geometry
    else { return 1 }
    let variable = step.references.weights.map { count($0) }
    guard let weights = variable ?? step.packedWeights?.count else { return 1 }
    let bytes = weights * 4
    guard bytes > 1 << 17 else { return 1 }
    var pixels = geometry.outputHeight * geometry.outputWidth
    if step.winogradTile > 0 {
      let tile = step.winogradTile
      pixels =
        ((geometry.outputHeight + tile - 1) / tile) * ((geometry.outputWidth + tile - 1) / tile)
    }
    let wanted = bytes <= 1 << 19 ? 20 : 150
    return max(1, min(Self.mostPictures, (wanted + pixels - 1) / pixels))
  }

  /// The scratch memory that each thread needs, in floats.
  func scratchCount(_ segments: [Segment]) -> Int {
    var most = 0
    for segment in segments {
      for step in steps[segment.steps] {
        guard var geometry = step.window?.geometry else { continue }
        geometry.batch = segment.pictures
        if step.kind == .weightGradient, let groups = step.window?.groups {
          most = max(most, WeightGradient.scratchCount(geometry, groups: groups))
        }
        if step.kind == .winogradWeightGradient {
          most = max(most, WinogradGradient.scratchCount(geometry))
        }
        let pooling = step.isPooled ? Convolution.scratchCount(geometry) : 0
        most = max(most, pooling + widenedCount(step))
        if step.winogradTile > 0 {
          most = max(most, Winograd.scratchCount(geometry, tile: step.winogradTile))
        }
      }
    }
    return most
  }
}
