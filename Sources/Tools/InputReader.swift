import CNN
import DataFiles

/// Fits what a file holds to one input of a model.
struct InputReader {
  let options: InputFiles
  /// The input's name.
  let name: String
  /// What the model expects, without the batch; sizes may be open.
  let shape: Shape

  /// Where an input comes from.
  enum Source {
    case file(InputData)
    case array(Tensor, file: String)
  }

  /// The values with the batch as first axis.
  func tensor(_ source: Source) throws -> Tensor {
    switch source {
    case .array(let tensor, let file): return try batch(tensor, file: file, isItem: false)
    case .file(let data):
      switch data.content {
      case .picture(let picture): return try self.picture(picture, data)
      case .tensor(let tensor):
        return try batch(
          tensor, file: data.name, isItem: data.format == .idx && options.index != nil)
      case .arrays(let arrays):
        guard arrays.count == 1 else {
          throw ToolFailure(
            "\(data.name): it holds \(arrays.count) arrays; input '\(name)' takes one")
        }
        return try batch(arrays[0].tensor, file: data.name, isItem: false)
      }
    }
  }

  private func picture(_ picture: Picture, _ data: InputData) throws -> Tensor {
    if let index = options.index, index != 0 {
      throw ToolFailure("\(data.name): it holds one picture; --index \(index) is out of range")
    }
    // Without channels in the model's shape, a picture is gray.
    let channels = shape.rank == 3 ? shape.sizes[2] ?? picture.channels : 1
    guard let converted = picture.converted(toChannels: channels) else {
      throw ToolFailure(
        "\(data.name): a picture has 1 or 3 channels; the model's input has shape \(shape)")
    }
    if options.standardization.standardizer.isIdentity && StandardError.isTerminal {
      StandardError.write(
        "note: pixels are 0 to 255; where the model was trained on 0 to 1, add --scale 1/255")
    }
    return try item(converted.tensor, file: data.name)
  }

  /// A tensor that is a batch, or one item of it.
  private func batch(_ tensor: Tensor, file: String, isItem: Bool) throws -> Tensor {
    guard !isItem, isBatch(tensor) else {
      if !isItem, let index = options.index, index != 0 {
        throw ToolFailure("\(file): it holds one item; --index \(index) is out of range")
      }
      return try item(tensor, file: file)
    }
    if let index = options.index {
      return try item(try tensor.item(index, of: file), file: file)
    }
    let count = tensor.shape[0]
    let size = tensor.values.count / count
    let inner = Array(tensor.shape.dropFirst())
    var items: [Tensor] = []
    for index in 0..<count {
      let values = Array(tensor.values[index * size..<(index + 1) * size])
      items.append(try item(Tensor(shape: inner, values: values), file: file))
    }
    return Tensor(
      shape: [count] + items[0].shape.dropFirst(), values: items.flatMap(\.values))
  }

  /// Whether the first axis counts items: there is one axis more than an item has, a picture's last one
  /// may be missing, or each row holds just as many values as an item.
  private func isBatch(_ tensor: Tensor) -> Bool {
    guard let count = tensor.shape.first, count > 0, tensor.shape.count > 1 else { return false }
    if tensor.shape.count == shape.rank + 1 { return true }
    if tensor.values.count == shape.count { return false }
    if let size = shape.count, tensor.values.count / count == size { return true }
    return tensor.shape.count == shape.rank && shape.sizes.last == 1 && tensor.shape.last != 1
  }

  /// One item, in the model's shape, with a batch of one in front.
  private func item(_ tensor: Tensor, file: String) throws -> Tensor {
    var tensor = tensor
    if options.resize, let height = shape.sizes.first ?? nil, shape.rank >= 2,
      let width = shape.sizes[1]
    {
      // A gray picture may come without its channel.
      let isGray = tensor.shape.count == 2
      if isGray { tensor.shape.append(1) }
      if tensor.shape.count == 3, !tensor.values.isEmpty, tensor.shape[..<2] != [height, width] {
        tensor = tensor.resized(
          width: width, height: height, interpolation: options.interpolation)
      }
    }
    let found = tensor.shape
    if shape.rank == found.count, zip(shape.sizes, found).allSatisfy({ $0 == nil || $0 == $1 }) {
      return Tensor(shape: [1] + found, values: tensor.values)
    }
    // The same number of values in another shape: (28, 28) or 784 for (28, 28, 1).
    let trimmed = found.filter { $0 != 1 }
    if let known = shape.known, known.reduce(1, *) == tensor.values.count,
      trimmed == known.filter({ $0 != 1 }) || trimmed.count <= 1 || known.count == 1
    {
      return Tensor(shape: [1] + known, values: tensor.values)
    }
    throw mismatch(found, file)
  }

  private func mismatch(_ found: [Int], _ file: String) -> ToolFailure {
    let isPicture = shape.rank == 3 && (2...3).contains(found.count)
    let hint = isPicture && !options.resize ? "; --resize fits it" : ""
    let size =
      isPicture
      ? "is \(found[0])×\(found[1]) (height × width)" : "has shape \(found)"
    return ToolFailure(
      "\(file): the input \(size); the model's input '\(name)' has shape \(shape)\(hint)")
  }
}
