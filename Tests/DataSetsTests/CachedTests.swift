import DataFiles
import DataSets
import TestSupport
import Testing

@Suite struct CachedTests {
  private let folder = TemporaryFolder()

  /// Pictures that are gone once they were read.
  private func pictures(_ interpolation: Interpolation) throws -> PictureFolderDataSet {
    for name in ["a/1.jpg", "a/2.jpg", "b/1.jpg"] { try folder.copy("rgb.jpg", to: name) }
    return try PictureFolderDataSet(
      folder.path, inputShape: [10, 10, 3], interpolation: interpolation)
  }

  @Test(arguments: [Interpolation.bilinear, .nearest])
  func anItemIsReadOnce(interpolation: Interpolation) throws {
    let base = try pictures(interpolation)
    let cached = Cached(base)
    let items = try (0..<3).map { try base.item($0) }
    #expect(try (0..<3).map { try cached.item($0) } == items)
    for index in 0..<3 { try AtomicFile.write([], to: base.path(of: index)) }
    #expect(try (0..<3).map { try cached.item($0) } == items)
    #expect(cached.classNames == ["a", "b"] && cached.inputShape == [10, 10, 3])
  }

  // An item of 300 bytes and a target of 4, of which one or two are kept.
  @Test(arguments: [(0, 0), (303, 0), (304, 1), (607, 1), (608, 2), (912, 3)])
  func noMoreIsKeptThanTheLimit(limit: Int, kept: Int) throws {
    let base = try pictures(.nearest)
    let cached = Cached(base, limit: limit)
    for index in 0..<3 { _ = try cached.item(index) }
    for index in 0..<3 { try AtomicFile.write([], to: base.path(of: index)) }
    #expect((0..<3).count { index in message { try cached.item(index) } == nil } == kept)
  }
}
