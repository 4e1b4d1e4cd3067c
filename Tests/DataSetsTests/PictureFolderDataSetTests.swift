import DataFiles
import DataSets
import Network
import TestSupport
import Testing

@Suite struct PictureFolderDataSetTests {
  private let folder = TemporaryFolder()

  @Test func foldersAreClassesInTheOrderOfTheirNames() throws {
    try folder.copy("rgb.png", to: "dogs/b.png")
    try folder.copy("gray.jpg", to: "dogs/B.JPG")
    try folder.copy("rgb.jpg", to: "dogs/more/a.jpeg")
    try folder.copy("gray.jpg", to: "Zebras/z.jpg")
    try folder.write("notes", to: "dogs/notes.txt")
    try folder.copy("rgb.png", to: ".hidden/b.png")
    try folder.copy("rgb.png", to: "beside.png")
    let set = try PictureFolderDataSet(folder.path, inputShape: [17, 23, 3])
    #expect(set.classNames == ["Zebras", "dogs"])
    #expect(set.classCount == 2)
    #expect(set.inputShape == [17, 23, 3])
    #expect(
      (0..<set.count).map { set.path(of: $0).dropFirst(folder.path.count) } == [
        "/Zebras/z.jpg", "/dogs/B.JPG", "/dogs/b.png", "/dogs/more/a.jpeg",
      ])
    #expect(try (0..<4).map { try set.item($0).target } == [[0], [1], [1], [1]])
    #expect((0..<4).map(set.label) == [0, 1, 1, 1])
    let pixels = try NPY.tensor(from: FileBytes.read(fixture("rgb.png.npy")), named: "")
    #expect(try set.item(2).input == pixels.values)
  }

  @Test(arguments: [1, 3], [Interpolation.bilinear, .nearest])
  func picturesAreResizedAsKerasDoes(channels: Int, interpolation: Interpolation) throws {
    try folder.copy("rgb.jpg", to: "a/1.jpg")
    let set = try PictureFolderDataSet(
      folder.path, inputShape: [31, 12, channels], interpolation: interpolation)
    let picture = try Picture(jpeg: FileBytes.read(fixture("rgb.jpg")), named: "")
    let expected = try #require(picture.converted(toChannels: channels))
      .tensor.resized(width: 12, height: 31, interpolation: interpolation)
    #expect(try set.item(0).input == expected.values)
  }

  @Test func aClassWithoutAPictureIsNamed() throws {
    try folder.copy("rgb.jpg", to: "a/1.jpg")
    try folder.write("no picture", to: "b/1.txt")
    #expect(
      message { try PictureFolderDataSet(folder.path) }
        == "\(folder.path)/b: the folder of a class, but no picture in it; "
        + "put .png or .jpg files into it, or remove it")
  }

  @Test func aFolderWithoutClassesIsRefused() throws {
    try folder.copy("rgb.jpg", to: "1.jpg")
    #expect(
      message { try PictureFolderDataSet(folder.path) }
        == "\(folder.path): no folders in it; put the pictures of each class into a folder")
    #expect(
      message { try PictureFolderDataSet(folder.path + "/none") }
        == "\(folder.path)/none: the folder cannot be read (No such file or directory); "
        + "check the path and its permissions")
    #expect(
      message { try PictureFolderDataSet(folder.path, inputShape: [784]) }
        == "\(folder.path): pictures, which are of (height, width, 1 or 3), not of 784; "
        + "use a network of pictures, or data that fits the network")
  }

  @Test func aBrokenPictureIsSkippedAndNamed() throws {
    for number in 0..<5 { try folder.copy("rgb.jpg", to: "a/\(number).jpg") }
    let whole = try FileBytes.read(fixture("rgb.jpg"))
    let broken = try folder.write(Array(whole.prefix(300)), to: "a/2.jpg")
    let set = try PictureFolderDataSet(folder.path, inputShape: [8, 8, 3])
    let loader = BatchLoader(set, batchSize: 3, shuffles: false)
    loader.start(epoch: 0)
    let first = try #require(try loader.next())
    #expect(Array(first.indices) == [0, 1, 3])
    #expect(first.skipped.map(\.index) == [2])
    #expect("\(first.skipped[0].error)".hasPrefix("\(broken): a JPEG file "))
    #expect(try loader.next()?.count == 1)
    #expect(loader.skipped.count == 1)
  }
}
