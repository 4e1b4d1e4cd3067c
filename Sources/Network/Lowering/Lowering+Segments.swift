import Kernel
import Runtime

extension Lowering {
  /// Steps that follow each other and are done for so many pictures at a time.
  struct Segment {
    var steps: Range<Int>
    var pictures: Int
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
    for index in steps.indices {
      if isAboutBatch(steps[index]) {
        result.append(Segment(steps: index..<index + 1, pictures: SegmentRecord.allPictures))
        continue
      }
      let needed = picturesForWeights(steps[index])
      let fitting = picturesInCache(steps[index])
      if let last = result.last, last.pictures != SegmentRecord.allPictures,
        needed <= 2 * last.pictures
      {
        result[result.count - 1].steps = last.steps.lowerBound..<index + 1
        // A dense layer's segment is about its weights; elsewhere the largest values count.
        if needed <= 1 && last.pictures > fitting && !isAboutWeights(last) {
          result[result.count - 1].pictures = fitting
        }
      } else {
        result.append(Segment(steps: index..<index + 1, pictures: max(needed, fitting)))
      }
    }
    return result
  }

  /// Whether a step is done once for the whole batch: what it computes is of the state.
  private func isAboutBatch(_ step: Step) -> Bool { values[values[step.output].root].isOfState }

  private func isAboutWeights(_ segment: Segment) -> Bool {
    segment.steps.contains { picturesForWeights(steps[$0]) > 1 }
  }

  private func picturesInCache(_ step: Step) -> Int {
    let floats = step.inputs.reduce(count(step.output)) { $0 + count($1) }
    return max(1, min(Self.mostPictures, Self.cachedBytes / (floats * 4)))
  }

  /// The pictures for which reading the weights takes a fraction of the arithmetic's time.
  private func picturesForWeights(_ step: Step) -> Int {
    guard step.kind == .convolution, let geometry = step.window?.geometry else { return 1 }
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
        if step.isPooled { most = max(most, Convolution.scratchCount(geometry)) }
        if step.winogradTile > 0 {
          most = max(most, Winograd.scratchCount(geometry, tile: step.winogradTile))
        }
      }
    }
    return most
  }
}
