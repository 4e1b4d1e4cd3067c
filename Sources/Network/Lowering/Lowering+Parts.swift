import Kernel
import Runtime

extension Lowering {
  /// The floats of the shortest row that is worth writing to its place at once: shorter ones are copied sooner.
  private static var shortestRow: Int { 16 }

  /// Lets operations write straight into the concatenation that their result is a part of.
  ///
  /// A concatenation is a copy for each part, into rows of its own. The copy goes where nobody keeps the part,
  /// and whoever computes and reads it can do so with other parts between the rows. A concatenation that is a
  /// part of another, as all but the last of a block of DenseNet are, lies in that.
  mutating func placeParts() {
    let uses = ValueUses(self)
    var placed: Set<Int> = []
    // From behind: where a concatenation lies is known before its parts are placed.
    for index in steps.indices.reversed() {
      let copy = steps[index]
      let root = values[copy.output].root
      guard copy.kind == .copy, uses.isConcatenation[root] else { continue }
      let part = values[copy.inputs[0]].root
      let outer = values[root].rows
      let place = Rows(
        whole: outer?.whole ?? root, offset: (outer?.offset ?? 0) + copy.numbers[7],
        length: copy.numbers[2])
      if canPlace(part, by: index, uses) {
        values[part].rows = place
        for writer in uses.writers[part] where steps[writer].kind != .copy {
          steps[writer].layers += copy.layers.filter { !steps[writer].layers.contains($0) }
        }
        placed.insert(index)
      } else if outer != nil {
        steps[index].output = place.whole
        steps[index].numbers[6] = count(place.whole) / copy.numbers[1]
        steps[index].numbers[7] = place.offset
      }
    }
    steps = steps.indices.filter { !placed.contains($0) }.map { steps[$0] }
  }

  /// Whether a value needs no memory but the rows that a copy brings it to.
  private func canPlace(_ part: Value, by copy: Int, _ uses: ValueUses) -> Bool {
    let length = steps[copy].numbers[2]
    guard length >= Self.shortestRow, !uses.isKept[part], let writer = uses.writers[part].first
    else { return false }
    let isWritten =
      uses.isConcatenation[part]
      ? steps[writer].numbers[6] == length
      : uses.writers[part].count == 1 && steps[writer].canWriteRows(length)
    return isWritten && uses.readers[part].filter { $0 == copy }.count == 1
      && uses.readers[part].allSatisfy { $0 == copy || steps[$0].canReadRows(length) }
  }
}

/// Who computes and who reads each root value.
private struct ValueUses {
  var writers: [[Int]]
  var readers: [[Int]]
  /// Whether somebody sees the value besides the program's operations.
  var isKept: [Bool]
  /// Whether all of the value are rows that are copied from others, side by side.
  var isConcatenation: [Bool]

  init(_ lowering: Lowering) {
    let values = lowering.values
    writers = Array(repeating: [], count: values.count)
    readers = Array(repeating: [], count: values.count)
    isKept = Array(repeating: false, count: values.count)
    for (index, step) in lowering.steps.enumerated() {
      writers[values[step.output].root].append(index)
      for input in step.inputs where !step.readsNothing {
        readers[values[input].root].append(index)
      }
    }
    for value in values where value.role != .intermediate || value.isOfState {
      isKept[value.root] = true
    }
    isConcatenation = zip(values.indices, writers).map { value, writers in
      !values[value].isOfState
        && Self.isConcatenation(writers.map { lowering.steps[$0] }, count: lowering.count(value))
    }
  }

  private static func isConcatenation(_ copies: [Lowering.Step], count: Int) -> Bool {
    guard let first = copies.first, first.kind == .copy else { return false }
    let (rows, stride) = (first.numbers[1], first.numbers[6])
    var end = 0
    for copy in copies.sorted(by: { $0.numbers.last ?? 0 < $1.numbers.last ?? 0 }) {
      // One plane of rows that follow each other in the part, from its first float on.
      guard copy.kind == .copy, copy.numbers.count == 8, copy.padding == nil,
        copy.numbers[0] == 1, copy.numbers[1] == rows, copy.numbers[4] == copy.numbers[2],
        copy.numbers[6] == stride, copy.numbers[7] == end
      else { return false }
      end += copy.numbers[2]
    }
    return end == stride && rows * stride == count
  }
}

extension Lowering.Step {
  /// Whether this operation can write its result as rows of some floats with others between them.
  fileprivate func canWriteRows(_ length: Int) -> Bool {
    guard inputs.count == 1 else { return false }
    switch kind {
    case .activation: return true
    case .scaleAndShift: return length % numbers[0] == 0
    case .convolution, .maximumPooling, .averagePooling:
      guard let geometry = window?.geometry else { return false }
      let shrink = isPooled ? 2 : 1
      let line = geometry.outputWidth / shrink * geometry.outputChannels
      return [geometry.outputChannels, line, geometry.outputHeight / shrink * line].contains(length)
    default: return false
    }
  }

  /// Whether it can read its input so.
  fileprivate func canReadRows(_ length: Int) -> Bool {
    guard inputs.count == 1 else { return false }
    switch kind {
    case .activation: return true
    case .scaleAndShift: return length % numbers[0] == 0
    default: return false
    }
  }
}
