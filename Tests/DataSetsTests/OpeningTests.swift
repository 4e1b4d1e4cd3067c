import DataFiles
import DataSets
import Network
import TestSupport
import Testing

@Suite struct OpeningTests {
  private let folder = TemporaryFolder()

  @Test(arguments: [("-", ".gz"), (".", "")])
  func foldersOfIDXFiles(separator: String, packed: String) throws {
    for part in ["train", "t10k"] {
      try folder.copy(
        "fashion-mnist-20.idx3-ubyte" + packed, to: "\(part)-images\(separator)idx3-ubyte\(packed)")
      try folder.copy(
        "fashion-mnist-20.idx1-ubyte" + packed, to: "\(part)-labels\(separator)idx1-ubyte\(packed)")
    }
    let opened = try DataSets.open(folder.path)
    #expect(opened.training.count == 20)
    #expect(opened.training.inputShape == [28, 28, 1])
    #expect(opened.test?.count == 20)
  }

  @Test func itemsToTestWithAreOpenedAlone() throws {
    try folder.write("no pictures", to: "divided/train-images-idx3-ubyte")
    for part in ["divided/t10k", "whole/train"] {
      for (kind, suffix) in [("images", "idx3-ubyte"), ("labels", "idx1-ubyte")] {
        try folder.copy("fashion-mnist-20.\(suffix)", to: "\(part)-\(kind)-\(suffix)")
      }
    }
    #expect(try DataSets.openTest(folder.path + "/divided").count == 20)
    // What is not divided is all to test with.
    #expect(try DataSets.openTest(folder.path + "/whole").count == 20)
    #expect(message { try DataSets.open(folder.path + "/divided") } != nil)
  }

  @Test func picturesWithoutLabelsAreRefused() throws {
    try folder.copy("fashion-mnist-20.idx3-ubyte", to: "train-images-idx3-ubyte")
    #expect(
      message { try DataSets.open(folder.path) }
        == "\(folder.path)/train-images-idx3-ubyte: pictures without labels; "
        + "put the file of labels beside it")
  }

  @Test func foldersOfPictures() throws {
    for name in ["b", "a"] { try folder.copy("rgb.png", to: "\(name)/1.png") }
    let opened = try DataSets.open(folder.path)
    #expect(opened.training.classNames == ["a", "b"])
    #expect(opened.training.inputShape == [256, 256, 3])
    #expect(opened.test?.count == nil)
    #expect(
      message { try DataSets.open(folder.path, classes: 1) }
        == "\(folder.path): 2 classes, but 1 are expected; "
        + "give the network as many outputs as there are folders")
  }

  @Test(arguments: ["validation", "test"])
  func dividedFoldersOfPictures(part: String) throws {
    for name in ["train/b", "train/a", "\(part)/a", "\(part)/b"] {
      try folder.copy("rgb.png", to: "\(name)/1.png")
    }
    let opened = try DataSets.open(folder.path, inputShape: [4, 5, 1])
    #expect(opened.training.classNames == ["a", "b"])
    #expect(opened.test?.classNames == ["a", "b"])
    #expect(opened.test?.inputShape == [4, 5, 1])
  }

  @Test func aClassMayBeCalledTrain() throws {
    for name in ["train", "bus"] { try folder.copy("rgb.png", to: "\(name)/1.png") }
    #expect(try DataSets.open(folder.path).training.classNames == ["bus", "train"])
  }

  @Test func filesAreToldApartByTheirContent() throws {
    let table = try DataSets.open(folder.write("label,a\n1,2\n", to: "table"))
    #expect(try table.training.item(0) == Item(input: [2], target: [1]))

    let arrays = ["x_train": [2, 3], "y_train": [2], "x_test": [1, 3], "y_test": [1]]
    for (name, shape) in arrays {
      try folder.write(NPY.bytes(of: Tensor(shape: shape, repeating: 1)), to: name + ".npy")
    }
    for path in ["", "/x_train.npy"] {
      let opened = try DataSets.open(folder.path + path)
      #expect(opened.training.count == 2)
      #expect(opened.test?.count == 1)
    }
    let named = arrays.map {
      NamedTensor(name: $0.key, tensor: Tensor(shape: $0.value, repeating: 1))
    }
    let archive = try DataSets.open(folder.write(NPZ.bytes(of: named, named: ""), to: "archive"))
    #expect(archive.training.count == 2)
    #expect(archive.test?.count == 1)
  }

  @Test func whatIsNoDataSetIsRefused() throws {
    let text = try folder.write("Hello", to: "text")
    #expect(
      message { try DataSets.open(text) }
        == "\(text): no data set that is known; "
        + "give a folder of pictures or IDX files, or a .csv, .npz or .npy file")
    #expect(
      message { try DataSets.open(fixture("rgb.png")) }
        == "\(fixture("rgb.png")): a single picture; name a folder that has a folder for each class"
    )
    #expect(
      message { try DataSets.open(fixture("float32.npy")) }
        == "\(fixture("float32.npy")): an array without targets; call it x.npy and its targets y.npy"
    )
    #expect(
      message { try DataSets.open(folder.path + "/none") }
        == "\(folder.path)/none: cannot be read (No such file or directory); "
        + "check the path and its permissions")
  }
}
