import ArgumentParser
import CNN
import DataFiles

/// Files that hold a model's inputs, and how their values are prepared; none may be given.
struct InputFiles: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "A picture, .npy, .npz, CSV or IDX file, or '-'. Once for each of a model's inputs, in order or "
        + "as name=file; an .npz whose keys are the inputs' names holds them all.",
      valueName: "file"),
    completion: .file())
  var input: [String] = []

  @Option(help: ArgumentHelp("Take one item of a file that holds several.", valueName: "number"))
  var index: Int?

  @OptionGroup var standardization: Standardization

  @Flag(help: "Bring pictures to the model's size.")
  var resize = false

  @Option(help: "How --resize computes pixels: bilinear or nearest.")
  var interpolation = Interpolation.bilinear

  func validate() throws {
    if let index, index < 0 { throw ValidationError("--index is \(index); it counts from 0") }
  }

  /// The inputs for a network, in its order, with the batch as first axis, scaled; and the network for
  /// their sizes.
  func load(for network: Network) throws -> (network: Network, inputs: [Tensor]) {
    let inputs = try load(names: network.inputNames, shapes: network.inputShapes)
    let shapes = inputs.map { Shape(Array($0.shape.dropFirst())) }
    return (try network.resized(inputShapes: shapes), inputs)
  }

  /// The inputs for a model of these inputs, in its order, with the batch as first axis, scaled.
  func load(names: [String], shapes: [Shape]) throws -> [Tensor] {
    let files = try assigned(to: names)
    var inputs: [Tensor] = []
    for (position, file) in files.enumerated() {
      let reader = InputReader(options: self, name: names[position], shape: shapes[position])
      var tensor = try reader.tensor(file)
      try standardization.apply(to: &tensor)
      inputs.append(tensor)
    }
    let batches = Set(inputs.map { $0.shape[0] })
    guard batches.count == 1, batches != [0] else {
      let all = inputs.map { "\($0.shape[0])" }.joined(separator: " and ")
      throw ToolFailure("the inputs hold \(all) items; they must hold as many, at least one")
    }
    return inputs
  }

  /// One source for each of a model's inputs.
  private func assigned(to names: [String]) throws -> [InputReader.Source] {
    var named: [String: InputReader.Source] = [:]
    var unnamed: [InputReader.Source] = []
    for text in input {
      // 'name=file' where the name is an input's: a file name may hold '=' too.
      if let separator = text.firstIndex(of: "="), names.contains(String(text[..<separator])) {
        let path = String(text[text.index(after: separator)...])
        named[String(text[..<separator])] = .file(try read(path))
      } else {
        let file = try read(text)
        if case .arrays(let arrays) = file.content {
          for source in try split(arrays, of: file.name, names) {
            if let name = source.name {
              named[name] = source.source
            } else {
              unnamed.append(source.source)
            }
          }
        } else {
          unnamed.append(.file(file))
        }
      }
    }
    var rest = unnamed[...]
    let sources = names.compactMap { named[$0] ?? rest.popFirst() }
    guard sources.count == names.count, rest.isEmpty else {
      throw ToolFailure(
        "\(named.count + unnamed.count) inputs are given; the model has \(names.count): "
          + names.joined(separator: " "))
    }
    return sources
  }

  /// The arrays of an .npz: by the inputs' names, or where it holds just one, that one.
  private func split(
    _ arrays: [NamedTensor], of file: String, _ names: [String]
  ) throws -> [(name: String?, source: InputReader.Source)] {
    if arrays.count == 1, names.count == 1 { return [(nil, .array(arrays[0].tensor, file: file))] }
    let matching = arrays.filter { names.contains($0.name) }
    if matching.isEmpty, arrays.count == names.count {
      return arrays.map { (nil, .array($0.tensor, file: file)) }
    }
    guard !matching.isEmpty else {
      throw ToolFailure(
        "\(file): it holds \(arrays.map(\.name).joined(separator: " ")); the model's inputs are "
          + names.joined(separator: " "))
    }
    return matching.map { ($0.name, .array($0.tensor, file: file)) }
  }

  private func read(_ path: String) throws -> InputData {
    try DataFile.read(path, index: index)
  }
}

extension Interpolation: ExpressibleByArgument {
  public init?(argument: String) {
    switch argument {
    case "bilinear": self = .bilinear
    case "nearest": self = .nearest
    default: return nil
    }
  }

  public var defaultValueDescription: String { "bilinear" }
}
