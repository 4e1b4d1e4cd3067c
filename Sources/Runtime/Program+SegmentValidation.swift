import Kernel

// What a step needs of a record is read by a function by itself: opening a model must not take more stack than
// running it.

extension Program {
  /// Whether the segments hold all operations, and each operation's local values are in its segment's
  /// memory.
  @inline(never)
  func hasValidSegments() -> Bool {
    var first = 0
    for index in 0..<header.segmentCount {
      guard
        let segment = SegmentRecord(
          base + (header.segmentsOffset + index * SegmentRecord.size)),
        segment.operationCount <= header.operationCount - first
      else { return false }
      let operations = first..<first + segment.operationCount
      for operation in operations where !isIn(segment, operation) { return false }
      guard hasValidBands(operations) else { return false }
      first = operations.upperBound
    }
    return first == header.operationCount
  }

  @inline(never)
  private func isIn(_ segment: SegmentRecord, _ index: Int) -> Bool {
    let operation = operation(index)
    return fits(operation.input, segment) && fits(operation.secondInput, segment)
      && fits(operation.output, segment)
      && operation.places.map { fits(UInt32($0), segment) } ?? true
      && isInChunks(operation, segment)
  }

  @inline(never)
  private func fits(_ index: UInt32, _ segment: SegmentRecord) -> Bool {
    if index == Operation.none { return true }
    var tensor = tensor(Int(index))
    if tensor.placement == .part { tensor = self.tensor(tensor.whole) }
    return tensor.placement != .local || tensor.offset <= segment.localSize - tensor.byteCount
  }

  /// Whether there are sums for each chunk of a segment.
  private func isInChunks(_ operation: Operation, _ segment: SegmentRecord) -> Bool {
    guard operation.isAddedUp else { return true }
    // In a segment without chunks, the direct method's operation goes through them itself.
    if segment.chunks == 0 { return operation.kind == .weightGradient }
    return operation.number(15) == segment.chunks
  }

  /// Whether each of a segment's operations is in one band at most, and what goes through a band is seen by
  /// nobody else.
  private func hasValidBands(_ operations: Range<Int>) -> Bool {
    var first = operations.lowerBound
    while first < operations.upperBound {
      let count = bandLength(at: first)
      guard count <= Band.mostOperations, count <= operations.upperBound - first else {
        return false
      }
      let band = first..<first + max(count, 1)
      for operation in band where !isConnected(operation, in: band) { return false }
      if count > 0 {
        for operation in band where !isLink(operation, of: band) { return false }
        guard hasRoom(band) else { return false }
      }
      first = band.upperBound
    }
    return true
  }

  /// Whether an operation's values go through the band where they should, and nowhere else; outside of bands no
  /// value is bytes.
  @inline(never)
  private func isConnected(_ index: Int, in band: Range<Int>) -> Bool {
    let operation = operation(index)
    let (isFirst, isLast) = (index == band.lowerBound, index == band.upperBound - 1)
    return isThroughBand(operation.input) == !isFirst && !isThroughBand(operation.secondInput)
      && isThroughBand(operation.output) == !isLast
      && (isFirst ? operation.bandLength > 0 || !hasBytes(operation) : operation.bandLength == 0)
  }

  private func isThroughBand(_ index: UInt32) -> Bool {
    index != Operation.none && TensorRecord.isBand(record(ofTensor: Int(index)))
  }

  /// Whether an operation can be done for some rows at a time, of what the one before it in the band computes.
  @inline(never)
  private func isLink(_ index: Int, of band: Range<Int>) -> Bool {
    let operation = operation(index)
    guard operation.isForBands else { return false }
    if index == band.lowerBound { return operation.bandRows > 0 }
    let before = self.operation(index - 1)
    return operation.input == before.output
      && operation.window.geometry.inputHeight == before.window.geometry.outputHeight
      // Where the rows end is a number, then; whether that is inside, `hasRoom` asks.
      && tensor(Int(operation.input)).offset <= header.scratchSize
  }

  /// Whether the rows of a band fit into the scratch memory, and behind them what becomes floats.
  private func hasRoom(_ band: Range<Int>) -> Bool {
    let rows = Band(self, at: band.lowerBound)
    guard rows.scratchSize <= header.scratchSize else { return false }
    for index in band
    where fewestWidened(at: index, rows: rows.inputRows)
      > (header.scratchSize - rows.scratchSize) / 4
    {
      return false
    }
    return true
  }
}
