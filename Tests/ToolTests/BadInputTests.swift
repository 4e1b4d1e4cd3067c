import Foundation
import Testing

/// Bad input gets one line that says what is wrong, where, and what to do; nothing is left behind.
@Suite struct BadInputTests {
  /// A file below `Tests/Fixtures/bad` and parts of what is said of it.
  @Test(arguments: [
    ("text.h5", ["not an HDF5 file", "'This is "]),
    ("truncated.h5", ["damaged or cut off", "download it again"]),
    ("no-model.h5", ["no Keras model in it", "model_config"]),
    ("bad-json.h5", ["'model_config' is not JSON"]),
    ("wrong-shape.h5", ["layer 'conv2d'", "[3, 3, 1, 4]", "needs [3, 3, 1, 2]"]),
    ("missing-weights.h5", ["layer 'dense'", "expected 2: kernel, bias"]),
    ("../containers/subclass.keras", ["class 'Pair'", "Sequential or Functional"]),
    ("lambda.h5", ["layer 'double'", "Lambda", "not supported"]),
  ])
  func modelsThatCannotBeLoaded(_ file: String, _ parts: [String]) throws {
    let path = "\(Tool.fixtures)/bad/\(file)"
    try Tool.expectFailure(["predict", path, "-i", Tool.bag], status: 1, parts: [path] + parts)
  }

  @Test func filesThatAreNotThere() throws {
    try Tool.expectFailure(
      ["summary", "none.h5"], status: 1, parts: ["none.h5", "check the path"])
    try Tool.expectFailure(
      ["predict", Tool.model, "-i", "none.png"], status: 1,
      parts: ["none.png", "check the path"])
  }

  @Test func layersAndChannelsThatAreNotThere() throws {
    let layer = ["dump-layer", Tool.model, "-i", Tool.bag, "-l"]
    try Tool.expectFailure(
      layer + ["conv"], status: 1,
      parts: ["no layer 'conv'", "conv_layer_1 pool_layer_2 conv_layer_3 pool_layer_4"])
    try Tool.expectFailure(layer + ["7"], status: 1, parts: ["no layer 7", "layers 0 to 6"])
    try Tool.expectFailure(
      layer + ["0", "-c", "64"], status: 1,
      parts: ["layer 'conv_layer_1'", "channels 0 to 63", "no channel 64"])
    try Tool.expectFailure(layer + ["0"], status: 1, parts: ["64 channels", "--channel 0 to 63"])
  }

  @Test func inputsThatDoNotFit() throws {
    try Tool.expectFailure(
      ["predict", Tool.model, "-i", "\(Tool.fixtures)/data/rgb.png"], status: 1,
      parts: ["rgb.png", "17×23", "(None, 28, 28, 1)", "--resize"])
    let folder = try TemporaryFolder()
    let table = folder.url.appending(path: "x.csv")
    for (text, part) in [
      ("1,2\n3,nan\n", "line 2, column 2: 'nan' is not finite"),
      ("1,2\n3,inf\n", "line 2, column 2: 'inf' is not finite"),
      ("1,2\n3,x\n", "line 2, column 2: 'x' is not a number"), ("1,2\n3\n", "line 2"),
      ("1,2\n3,4\n", "(None, 28, 28, 1)"),
    ] {
      try Data(text.utf8).write(to: table)
      try Tool.expectFailure(
        ["predict", Tool.model, "-i", table.path()], status: 1, parts: ["x.csv", part])
    }
  }

  @Test func outputsThatCannotBeWritten() throws {
    let folder = try TemporaryFolder()
    let dump = ["dump-layer", Tool.model, "-i", Tool.bag, "-l", "0", "--npy", "-o"]
    try Tool.expectFailure(
      dump + ["\(folder.path)/none/x.npy"], status: 1, parts: ["none/x.npy", "make the folder"])
    try Data("a file".utf8).write(to: folder.url.appending(path: "file"))
    try Tool.expectFailure(dump + ["\(folder.path)/file"], status: 1, parts: ["file", "folder"])
    #expect(try folder.contents == ["file"])
    // What was there before stays when the work fails.
    let kept = folder.url.appending(path: "kept.npy")
    try Data("before".utf8).write(to: kept)
    _ = try Tool.run([
      "dump-layer", Tool.model, "-i", Tool.bag, "-l", "0", "-c", "99", "--npy", "-o", kept.path(),
    ])
    #expect(try String(contentsOf: kept, encoding: .utf8) == "before")
    #expect(try folder.contents == ["file", "kept.npy"])
  }

  @Test(arguments: [
    [], ["predict"], ["nonsense"], ["predict", "x.h5"],
    ["predict", "x.h5", "-i", "y", "--top", "0"],
    ["dump-layer", "x.h5", "-i", "y"], ["predict", "x.h5", "-i", "y", "--scale", "1/0"],
    ["summary", "x.h5", "--nonsense"],
  ])
  func wrongUsage(_ arguments: [String]) throws {
    if arguments.isEmpty {
      // Without a command, the help is what is asked for.
      let result = try Tool.run(arguments)
      #expect(result.status == 0 && result.text.contains("SUBCOMMANDS"))
    } else {
      try Tool.expectFailure(arguments, status: 2, parts: ["cnntool --help"])
    }
  }

  @Test func severalLayersDoNotFitIntoOneTable() throws {
    try Tool.expectFailure(
      ["dump-layer", Tool.model, "-i", Tool.bag, "-l", "all"], status: 2,
      parts: ["7 layers", "folder", "--npz"])
  }

  @Test func instructionSetsThatAreNotThere() throws {
    try Tool.expectFailure(
      ["predict", Tool.model, "-i", Tool.bag], environment: ["CNN_ISA": "mmx"], status: 1,
      parts: ["CNN_ISA", "baseline, avx2, avx512"])
  }
}
