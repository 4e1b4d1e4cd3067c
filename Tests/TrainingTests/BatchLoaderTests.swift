import Testing
import Training

@Suite struct BatchLoaderTests {
  /// All batches of an epoch, as copies.
  private func batches(_ loader: BatchLoader) throws -> [Copy] {
    var batches: [Copy] = []
    while let batch = try loader.next() { batches.append(Copy(batch)) }
    return batches
  }

  private func epoch(
    _ set: NumberedDataSet, _ epoch: Int = 0, at position: Int = 0, batchSize: Int = 4,
    seed: UInt64 = 1, shuffles: Bool = true, threads: Int = 2
  ) throws -> [Copy] {
    let loader = BatchLoader(
      set, batchSize: batchSize, seed: seed, shuffles: shuffles, threads: threads)
    loader.start(epoch: epoch, at: position)
    return try batches(loader)
  }

  @Test func withoutShufflingTheOrderIsTheDataSets() throws {
    let batches = try epoch(NumberedDataSet(count: 10), shuffles: false)
    #expect(batches.map(\.indices) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    #expect(batches.map(\.nextPosition) == [4, 8, 10])
    #expect(batches[2].inputs == [8, 8, 8, 9, 9, 9])
    #expect(batches[2].targets == [-8, -9])
  }

  @Test func anEpochHasEveryItemOnce() throws {
    let set = NumberedDataSet(count: 103)
    let orders = try (0..<3).map { try epoch(set, $0).flatMap(\.indices) }
    for order in orders { #expect(order.sorted() == Array(0..<103)) }
    #expect(Set(orders).count == 3)
    #expect(try epoch(set, 1, seed: 2).flatMap(\.indices) != orders[1])
    #expect(try epoch(set, 1).flatMap(\.indices) == orders[1])
  }

  @Test(arguments: [1, 2, 7])
  func theThreadsDoNotMatter(threads: Int) throws {
    let set = NumberedDataSet(count: 201, broken: [0, 5, 6, 7, 8, 9, 100, 200])
    let expected = try epoch(set, 3, batchSize: 8, threads: 3)
    #expect(try epoch(set, 3, batchSize: 8, threads: threads) == expected)
  }

  @Test func everyItemHasItsOwnVariationEachEpoch() throws {
    let set = NumberedDataSet(count: 20, showsVariation: true)
    func variations(_ number: Int, _ seed: UInt64) throws -> [Int: Float] {
      let batches = try epoch(set, number, seed: seed)
      return Dictionary(
        uniqueKeysWithValues: zip(batches.flatMap(\.indices), batches.flatMap(\.targets)))
    }
    let first = try variations(0, 1)
    #expect(Set(first.values).count == 20)
    #expect(try variations(0, 1) == first)
    #expect(try variations(1, 1) != first)
    #expect(try variations(0, 2) != first)
    let still = BatchLoader(set, batchSize: 20, isVaried: false)
    still.start(epoch: 0)
    #expect(Set(try batches(still)[0].targets) == [-1])
  }

  @Test(arguments: [1, 3])
  func brokenItemsAreSkippedAndNamed(threads: Int) throws {
    let broken: Set<Int> = [1, 2, 5, 11]
    let loader = BatchLoader(
      NumberedDataSet(count: 12, broken: broken), batchSize: 3, shuffles: false, threads: threads)
    loader.start(epoch: 0)
    let batches = try batches(loader)
    #expect(batches.map(\.indices) == [[0, 3, 4], [6, 7, 8], [9, 10]])
    #expect(
      batches.map(\.inputs)
        == batches.map { $0.indices.flatMap { [Float($0), Float($0), Float($0)] } })
    #expect(batches.map(\.skipped) == [[1, 2], [5], [11]])
    #expect(loader.skipped.map(\.index) == [1, 2, 5, 11])
    #expect(loader.skipped.map { "\($0.error)" }.first == "item 1 is broken; mend it")
    loader.start(epoch: 1)
    #expect(loader.skipped.isEmpty)
  }

  @Test func moreBrokenItemsThanAreReadAhead() throws {
    let set = NumberedDataSet(count: 100, broken: Set(3..<90))
    let batches = try epoch(set, shuffles: false)
    #expect(batches.map(\.indices) == [[0, 1, 2, 90], [91, 92, 93, 94], [95, 96, 97, 98], [99]])
  }

  @Test func aStrictLoaderStops() throws {
    let loader = BatchLoader(
      NumberedDataSet(count: 12, broken: [4]), batchSize: 3, shuffles: false, isStrict: true)
    loader.start(epoch: 0)
    #expect(try loader.next()?.count == 3)
    #expect(message { try loader.next() } == "item 4 is broken; mend it")
    loader.start(epoch: 0)
    #expect(try loader.next()?.count == 3)
  }

  @Test func nothingReadableIsAnError() {
    let loader = BatchLoader(
      NumberedDataSet(count: 5, broken: Set(0..<5)), batchSize: 2, shuffles: false)
    loader.start(epoch: 0)
    #expect(
      message { try loader.next() }
        == "none of the 5 items can be read (item 0: item 0 is broken; mend it); "
        + "check the files of the data set")
  }

  @Test(arguments: [[], [2, 3, 17, 30]] as [Set<Int>])
  func anEpochIsResumedWhereItEnded(broken: Set<Int>) throws {
    let set = NumberedDataSet(count: 41, broken: broken, showsVariation: true)
    let whole = try epoch(set, 2, batchSize: 5)
    for done in 1..<whole.count {
      let rest = try epoch(set, 2, at: whole[done - 1].nextPosition, batchSize: 5)
      #expect(rest.map(\.indices) == whole[done...].map(\.indices))
      #expect(rest.map(\.inputs) == whole[done...].map(\.inputs))
      #expect(rest.map(\.targets) == whole[done...].map(\.targets))
    }
  }

  @Test func anEpochMayBeLeftInTheMiddle() throws {
    let set = NumberedDataSet(count: 100)
    let loader = BatchLoader(set, batchSize: 7, seed: 4)
    for number in 0..<20 {
      loader.start(epoch: number)
      for _ in 0..<number % 4 { _ = try loader.next() }
    }
    loader.start(epoch: 1)
    #expect(try batches(loader) == epoch(set, 1, batchSize: 7, seed: 4))
  }

  @Test func theRemainderMayBeDropped() throws {
    let loader = BatchLoader(NumberedDataSet(count: 10), batchSize: 4, dropsRemainder: true)
    loader.start(epoch: 0)
    #expect(try batches(loader).map(\.count) == [4, 4])
  }

  @Test func anEmptyDataSetHasNoBatch() throws {
    #expect(try epoch(NumberedDataSet(count: 0)).isEmpty)
    let loader = BatchLoader(NumberedDataSet(count: 3), batchSize: 2)
    let first = try loader.next()
    #expect(first == nil, "before the start there is nothing")
  }

  @Test func batchesAreAligned() throws {
    let loader = BatchLoader(NumberedDataSet(count: 30, broken: [7]), batchSize: 5)
    loader.start(epoch: 0)
    while let batch = try loader.next() {
      #expect(UInt(bitPattern: batch.inputs.baseAddress) % 64 == 0)
      #expect(UInt(bitPattern: batch.targets.baseAddress) % 64 == 0)
    }
  }

  @Test func asMuchIsReadAheadAsIsAllowed() throws {
    let set = NumberedDataSet(count: 1000)
    let loader = BatchLoader(set, batchSize: 10, batchesAhead: 2)
    loader.start(epoch: 0)
    #expect(set.waitForReads(30))
    _ = try loader.next()
    #expect(!set.waitForReads(31, milliseconds: 20))
    _ = try loader.next()
    #expect(set.waitForReads(40))
  }
}

/// What a batch lent, to keep.
private struct Copy: Equatable {
  var count: Int
  var inputs: [Float]
  var targets: [Float]
  var indices: [Int]
  var skipped: [Int]
  var nextPosition: Int

  init(_ batch: Batch) {
    count = batch.count
    inputs = Array(batch.inputs)
    targets = Array(batch.targets)
    indices = Array(batch.indices)
    skipped = batch.skipped.map(\.index)
    nextPosition = batch.nextPosition
  }
}
