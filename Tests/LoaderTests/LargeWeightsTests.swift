import Foundation
import Loader
import Network
import TestSupport
import Testing

/// Weights that several threads read.
@Suite struct LargeWeightsTests {
  /// 18 MiB of weights: two whole parts and a rest.
  private static func network() throws -> Network {
    var network = try Sequential(input: [1500]) { Dense(3146) }
    try network.initializeWeights(seed: 1)
    return network
  }

  @Test(arguments: ["model.h5", "model.keras"])
  func areReadAsWritten(_ name: String) throws {
    let network = try Self.network()
    let scratch = TemporaryFolder()
    let file = "\(scratch.path)/\(name)"
    try network.save(to: file)
    let again = try Network(contentsOf: file)
    let index = try #require(again.nodes.indices.last)
    #expect(again.nodes[index].weights == network.nodes[index].weights)
  }

  @Test func endWithTheFile() throws {
    let scratch = TemporaryFolder()
    let file = "\(scratch.path)/model.h5"
    try Self.network().save(to: file)
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    try handle.truncate(atOffset: 12 << 20)
    try handle.close()
    let error = #expect(throws: LoadError.self) { try Network(contentsOf: file) }
    #expect("\(try #require(error))".contains(file))
  }
}
