import Runtime

/// Where each value lies, so that values whose lives do not overlap share memory.
///
/// Inputs and outputs are the caller's. Values that live within one segment are in its own memory, which
/// each thread has for the pictures that it works on; the others are kept for the whole batch.
struct MemoryPlan {
  /// Where a root value lies; nil for values never used.
  private(set) var places: [Place?]
  /// The size of the values of the whole batch in bytes, for one picture.
  private(set) var batchSize = 0
  /// The size of the state in bytes.
  private(set) var stateSize = 0
  /// The size of each segment's own values in bytes, for one picture.
  private(set) var localSizes: [Int]

  struct Place {
    var placement: TensorRecord.Placement
    /// In bytes, for one picture; of a bound value the slot.
    var offset: Int
  }

  private struct Block {
    var size: Int
    var first: Int
    var last: Int
    /// The segment whose own the block is; nil for one of the whole batch.
    var segment: Int?
    var offset = 0
  }

  init(_ lowering: Lowering, _ segments: [Lowering.Segment]) {
    let lives = ValueLives(lowering, segments)
    let owner = Self.sharedOwners(lowering, lives)
    let bandOffsets = lowering.bandOffsets
    var blocks: [Int: Block] = [:]
    places = Array(repeating: nil, count: lowering.values.count)
    localSizes = Array(repeating: 0, count: segments.count)
    placeState(lowering)
    for value in lowering.values.indices
    where lowering.values[value].root == value && !lowering.values[value].isOfState {
      if let rows = lowering.values[value].rows {
        places[value] = Place(placement: .part, offset: rows.offset * 4)
        continue
      }
      if let slot = lives.slots[value] {
        places[value] = Place(placement: .bound, offset: slot)
        continue
      }
      if let offset = bandOffsets[value] {
        places[value] = Place(placement: .band, offset: offset)
        continue
      }
      guard let life = lives.life(of: value) else { continue }
      var block = Block(
        size: ProgramHeader.aligned(lowering.byteCount(value)), first: life.lowerBound,
        last: life.upperBound, segment: lives.segment(of: value))
      if let shared = blocks[owner[value]] {
        block.first = min(block.first, shared.first)
        block.last = max(block.last, shared.last)
      }
      blocks[owner[value]] = block
    }
    batchSize = Self.place(&blocks, segment: nil)
    for index in segments.indices { localSizes[index] = Self.place(&blocks, segment: index) }
    for value in lowering.values.indices where lowering.values[value].root == value {
      guard let block = blocks[owner[value]], lives.first[value] != nil, places[value] == nil
      else { continue }
      places[value] = Place(placement: block.segment == nil ? .batch : .local, offset: block.offset)
    }
    places = lowering.values.indices.map { places[lowering.values[$0].root] }
  }

  /// Places the values of the state one after the other: each is there from run to run.
  private mutating func placeState(_ lowering: Lowering) {
    for (value, record) in lowering.values.enumerated()
    where record.isOfState && record.root == value && record.part == nil {
      places[value] = Place(placement: .state, offset: stateSize)
      stateSize += ProgramHeader.aligned(lowering.count(value) * 4)
    }
    for (value, record) in lowering.values.enumerated() {
      guard let part = record.part, let whole = places[part.whole] else { continue }
      places[value] = Place(placement: .state, offset: whole.offset + part.offset * 4)
    }
  }

  /// For each root value the one whose memory it uses: an element-wise operation writes over its input
  /// where that is the input's last use and nobody keeps it. Not into a concatenation or out of one: the rows
  /// are as far from each other as they are.
  private static func sharedOwners(_ lowering: Lowering, _ lives: ValueLives) -> [Int] {
    let values = lowering.values
    var owner = Array(values.indices)
    for (index, step) in lowering.steps.enumerated() {
      let inputs: [Lowering.Value]
      switch step.kind {
      case .activation, .scaleAndShift, .addition, .softmax, .dropout: inputs = step.inputs
      case .activationGradient: inputs = [step.inputs[0]]
      // Not the second: it may be a smaller one, which is read again and again.
      case .combination: inputs = [step.inputs[0]]
      default: continue
      }
      let output = values[step.output].root
      if values[output].isOfState || values[output].rows != nil { continue }
      for input in inputs.map({ values[$0].root })
      where lives.last[input] == index && !lives.isKept[input] && values[input].rows == nil
        && owner[output] == output
        && lives.slots[output] == nil && lives.segment(of: input) == lives.segment(of: output)
      {
        owner[output] = owner[input]
      }
    }
    return owner
  }

  /// Places the largest first, each at the lowest offset where no block that lives at the same time
  /// is: a greedy rule that comes close to the lower bound for networks. Returns the size of all.
  private static func place(_ blocks: inout [Int: Block], segment: Int?) -> Int {
    let order = blocks.filter { $0.value.segment == segment }.keys.sorted {
      let (a, b) = (blocks[$0]?.size ?? 0, blocks[$1]?.size ?? 0)
      return a != b ? a > b : $0 < $1
    }
    var placed: [Block] = []
    for key in order {
      guard var block = blocks[key] else { continue }
      let rivals = placed.filter { $0.first <= block.last && block.first <= $0.last }
        .sorted { $0.offset < $1.offset }
      var offset = 0
      for rival in rivals where rival.offset < offset + block.size {
        offset = max(offset, rival.offset + rival.size)
      }
      block.offset = offset
      blocks[key] = block
      placed.append(block)
    }
    return placed.map { $0.offset + $0.size }.max() ?? 0
  }
}

/// From which step to which each root value is needed, and by whom; a concatenation as long as any part.
private struct ValueLives {
  var first: [Int?]
  var last: [Int]
  /// Whether somebody sees the value after the run.
  var isKept: [Bool]
  /// The slot of a value in the caller's memory.
  var slots: [Int: Int] = [:]
  private let segments: [Lowering.Segment]

  init(_ lowering: Lowering, _ segments: [Lowering.Segment]) {
    let values = lowering.values
    self.segments = segments
    first = Array(repeating: nil, count: values.count)
    last = Array(repeating: -1, count: values.count)
    isKept = Array(repeating: false, count: values.count)
    for (slot, value) in (lowering.inputs + lowering.outputs).enumerated() {
      slots[values[value].root] = slot
    }
    // A band's operations are all at work at the same time.
    let bands = lowering.bands
    for (index, step) in lowering.steps.enumerated() {
      let output = lowering.home(step.output)
      let (begin, end) = (bands[index].lowerBound, bands[index].upperBound - 1)
      first[output] = first[output] ?? begin
      last[output] = max(last[output], end)
      if let places = step.places {
        first[places] = first[places] ?? begin
        last[places] = max(last[places], end)
      }
      for input in step.inputs.map(lowering.home) { last[input] = max(last[input], end) }
    }
    for value in values where value.role != .intermediate {
      isKept[value.root] = true
      last[value.root] = lowering.steps.count
    }
  }

  /// The steps between which a value's memory is its own; nil where it is never used.
  ///
  /// One that leaves its segment keeps it for whole segments: some pictures have gone through all of a
  /// segment before others begin.
  func life(of value: Int) -> ClosedRange<Int>? {
    guard let first = first[value] else { return nil }
    let last = max(first, last[value])
    guard segment(of: value) == nil else { return first...last }
    let begin = segments.first { $0.steps.contains(first) }?.steps.lowerBound ?? first
    let end = segments.first { $0.steps.contains(last) }.map { $0.steps.upperBound - 1 } ?? last
    return begin...end
  }

  /// The segment that a value does not leave; nil where it does.
  func segment(of value: Int) -> Int? {
    guard let first = first[value], !isKept[value] else { return nil }
    return segments.firstIndex { $0.steps.contains(first) && $0.steps.contains(last[value]) }
  }
}
