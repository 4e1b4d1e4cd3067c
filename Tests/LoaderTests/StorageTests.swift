import DataFiles
import Loader
import Network
import Testing

/// Data sets in every way that HDF5 stores numbers and groups; see `Tests/Fixtures/README.md`.
@Suite struct StorageTests {
  private static let folder = KerasFixture.folder + "/storage"

  @Test(arguments: ["earliest", "ordered", "latest"])
  func values(_ name: String) throws {
    let weights = try StoredWeights(contentsOf: "\(Self.folder)/\(name).weights.h5")
    let expected = try KerasFixture(path: "storage/\(name)").arrays()
    #expect(Set(weights.entries.map(\.name)) == Set(expected.keys))
    for (index, entry) in weights.entries.enumerated() {
      let found = try weights.tensor(at: index)
      let wanted = try #require(expected[entry.name])
      #expect(found.shape == wanted.shape, "\(entry.name)")
      #expect(
        zip(found.values, wanted.values).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN },
        "\(entry.name)")
    }
  }

  /// Groups are listed in the order in which they were made where the file tells, else sorted.
  @Test func order() throws {
    let layers = { (name: String) throws -> [String] in
      let weights = try StoredWeights(contentsOf: "\(Self.folder)/\(name).weights.h5")
      var layers: [String] = []
      for entry in weights.entries {
        let layer = String(entry.name.prefix { $0 != "/" })
        if layers.last != layer { layers.append(layer) }
      }
      return layers
    }
    #expect(
      try layers("ordered")
        == ["several_types", "special", "many", "compact", "fill", "empty", "chunks"])
    #expect(
      try layers("earliest")
        == ["chunks", "compact", "empty", "fill", "many", "special", "several_types"])
  }

  /// More attributes than a header holds are elsewhere, where nothing looks at them before libhdf5 does.
  @Test func manyAttributes() throws {
    let path = "\(Self.folder)/many-attributes.weights.h5"
    ContainerFixture.expectFailure([path, "layers/dense/vars' has more attributes than"]) {
      _ = try StoredWeights(contentsOf: path)
    }
  }
}
