import Runtime

/// Where each value lies in the arena, so that values whose lives do not overlap share memory.
struct MemoryPlan {
  /// The offset of each root value in bytes, for a batch of one; nil for values never used.
  private(set) var offsets: [Int?]
  /// The size of the arena in bytes, for a batch of one.
  private(set) var arenaSize = 0

  private struct Block {
    var size: Int
    var first: Int
    var last: Int
    var offset = 0
  }

  init(_ lowering: Lowering) {
    let values = lowering.values
    let end = lowering.steps.count
    var first = [Int?](repeating: nil, count: values.count)
    var last = [Int](repeating: -1, count: values.count)
    for value in values.indices where values[value].role == .input {
      first[values[value].root] = -1
    }
    for (index, step) in lowering.steps.enumerated() {
      let output = values[step.output].root
      first[output] = first[output] ?? index
      last[output] = max(last[output], index)
      for input in step.inputs { last[values[input].root] = max(last[values[input].root], index) }
    }
    for value in values where value.role == .output || value.role == .tap { last[value.root] = end }

    let owner = Self.sharedOwners(lowering, last)
    var blocks: [Int: Block] = [:]
    for value in values.indices {
      guard values[value].root == value, let begin = first[value] else { continue }
      let size = ProgramHeader.aligned(lowering.count(value) * 4)
      var block = Block(size: size, first: begin, last: max(begin, last[value]))
      if let shared = blocks[owner[value]] {
        block.first = min(block.first, shared.first)
        block.last = max(block.last, shared.last)
      }
      blocks[owner[value]] = block
    }
    Self.place(&blocks)
    arenaSize = blocks.values.map { $0.offset + $0.size }.max() ?? 0
    offsets = values.indices.map { blocks[owner[values[$0].root]]?.offset }
  }

  /// For each root value the one whose memory it uses: an element-wise operation writes over its input
  /// where that is the input's last use and nobody keeps it.
  private static func sharedOwners(_ lowering: Lowering, _ last: [Int]) -> [Int] {
    let values = lowering.values
    var isKept = [Bool](repeating: false, count: values.count)
    for value in values where value.role == .output || value.role == .tap {
      isKept[value.root] = true
    }
    var owner = Array(values.indices)
    for (index, step) in lowering.steps.enumerated() {
      switch step.kind {
      case .activation, .scaleAndShift, .addition, .softmax: break
      default: continue
      }
      let output = values[step.output].root
      let candidates = step.inputs.map { values[$0].root }
      for input in candidates
      where last[input] == index && !isKept[input] && owner[output] == output {
        owner[output] = owner[input]
      }
    }
    return owner
  }

  /// Places the largest first, each at the lowest offset where no block that lives at the same time
  /// is: a greedy rule that comes close to the lower bound for networks.
  private static func place(_ blocks: inout [Int: Block]) {
    let order = blocks.keys.sorted {
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
  }
}
