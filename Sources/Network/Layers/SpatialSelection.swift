/// Zeros around a sequence or a volume, elements cut off from its sides, or repeated: the layers that give
/// each output the value of one input, axis by axis.
public struct SpatialSelection: UnaryLayer {
  public static let className = "Cropping2D"
  public let className: String
  public var name: String?
  private let change: Change

  private enum Change {
    /// Elements cut off in front of and behind each axis; zeros added where negative.
    case cropping([(before: Int, after: Int)])
    case repetition([Int])
  }

  static let classNames = [
    "Cropping1D", "Cropping2D", "Cropping3D", "ZeroPadding1D", "ZeroPadding3D", "UpSampling1D",
    "UpSampling3D",
  ]

  public init(_ configuration: LayerConfiguration) throws {
    className = configuration.className
    name = configuration.name
    let rank = className.hasSuffix("1D") ? 1 : className.hasSuffix("2D") ? 2 : 3
    if className.hasPrefix("UpSampling") {
      let sizes = try configuration.integers("size") ?? [2]
      guard sizes.count == 1 || sizes.count == rank, sizes.allSatisfy({ $0 > 0 }) else {
        throw LayerError("its size is \(sizes); expected \(rank) positive whole numbers")
      }
      change = .repetition((0..<rank).map { sizes[sizes.count == 1 ? 0 : $0] })
    } else {
      let isCropping = className.hasPrefix("Cropping")
      let sides = try configuration.sides(isCropping ? "cropping" : "padding", rank: rank)
      change = .cropping(
        sides.map { isCropping ? $0 : (before: -$0.before, after: -$0.after) })
    }
  }

  public func configuration(
    kerasMajorVersion version: Int
  ) throws -> [String: LayerConfiguration.Value] {
    let format = LayerConfiguration.Value.string("channels_last")
    switch change {
    case .repetition(let factors):
      // A sequence has no choice of the order of its axes here.
      return factors.count == 1
        ? ["size": .integer(factors[0])] : ["size": .integers(factors), "data_format": format]
    case .cropping(let sides):
      let isCropping = className.hasPrefix("Cropping")
      let pairs = sides.map { side -> LayerConfiguration.Value in
        .integers(isCropping ? [side.before, side.after] : [-side.before, -side.after])
      }
      let key = isCropping ? "cropping" : "padding"
      return pairs.count == 1 ? [key: pairs[0]] : [key: .list(pairs), "data_format": format]
    }
  }

  public func outputShape(_ input: Shape) throws -> Shape {
    var result = input
    for axis in 0..<rank {
      guard input.rank > axis else { throw LayerError("its input has shape \(input)") }
      guard let size = input.sizes[axis] else { continue }
      let new: Int
      switch change {
      case .cropping(let sides): new = size - sides[axis].before - sides[axis].after
      case .repetition(let factors): new = size * factors[axis]
      }
      guard new > 0, new < 1 << 31 else {
        throw LayerError("its output for an input of shape \(input) would have \(new) elements")
      }
      result.sizes[axis] = new
    }
    return result
  }

  public func lower(_ context: inout LoweringContext) throws -> [Lowering.Value] {
    let input = context.shape(context.inputs[0])
    _ = try context.outputShape(of: self)
    let indices = input.indices.map { axis -> [Int] in
      let size = input[axis]
      guard axis < rank else { return Array(0..<size) }
      switch change {
      case .cropping(let sides):
        return (sides[axis].before..<size - sides[axis].after).map { $0 < size ? $0 : -1 }
      case .repetition(let factors):
        return (0..<size * factors[axis]).map { $0 / factors[axis] }
      }
    }
    return [try context.take(context.inputs[0], indices)]
  }

  /// How many elements are cut off in front of each axis, negative where zeros are added; nil where elements
  /// are repeated.
  package var cutBefore: [Int]? {
    guard case .cropping(let sides) = change else { return nil }
    return sides.map(\.before)
  }

  /// How many times each element is repeated along each axis; nil where elements are cut off or added.
  package var repetitions: [Int]? {
    guard case .repetition(let factors) = change else { return nil }
    return factors
  }

  private var rank: Int {
    switch change {
    case .cropping(let sides): sides.count
    case .repetition(let factors): factors.count
    }
  }
}

extension LayerConfiguration {
  /// What is before and behind each axis: Keras writes one number, one for each axis, or two for each.
  func sides(_ key: String, rank: Int) throws -> [(before: Int, after: Int)] {
    let value = self[key] ?? .integer(1)
    var sides: [(before: Int, after: Int)?]
    if let all = value.integer {
      sides = Array(repeating: (all, all), count: rank)
    } else {
      let list = value.list ?? []
      // A sequence has one pair, which older files do not wrap in a list.
      let pairs = rank == 1 && list.count == 2 ? [.list(list)] : list
      sides = pairs.map { side in
        if let both = side.integer { return (both, both) }
        guard let pair = side.list, pair.count == 2, let before = pair[0].integer,
          let after = pair[1].integer
        else { return nil }
        return (before, after)
      }
    }
    let known = sides.compactMap { $0 }
    guard known.count == rank, known.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
      throw LayerError(
        "its \(key) is \(value); expected a number, \(rank), or \(rank) pairs, none negative")
    }
    return known
  }
}
