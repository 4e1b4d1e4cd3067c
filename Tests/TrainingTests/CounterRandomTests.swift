import Testing
import Training

@Suite struct CounterRandomTests {
  /// The values that the authors' SplitMix64 gives in turn for this seed.
  @Test func theValuesAreThoseOfSplitMix64() {
    let random = CounterRandom(key: 1_234_567)
    #expect(
      (0..<5).map { random[$0] } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func numbersAreSpreadEvenly() {
    let random = CounterRandom(key: 9)
    let units = (0..<10_000).map { random.unit($0) }
    #expect(units.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(units.reduce(0, +) / 10_000 - 0.5) < 0.01)
    #expect((0..<1000).allSatisfy { (-2.0 ... -1.0).contains(random.uniform($0, in: -2 ... -1)) })
  }

  @Test func everyOrderIsAsLikely() {
    var counts: [[Int]: Int] = [:]
    for key in 0..<6000 {
      var elements = [0, 1, 2]
      CounterRandom(key: 3).part(UInt64(key)).shuffle(&elements)
      counts[elements, default: 0] += 1
    }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 150 })
  }
}
