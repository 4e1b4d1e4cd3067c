extension Initializer {
  /// The initializer that Keras saved, or one with Keras's defaults by its name: `he_normal`.
  ///
  /// - Throws: `LayerError`, where it is none that is known.
  public init(configuration value: LayerConfiguration.Value) throws {
    let (name, arguments) = try KerasEntry.parts(value, kind: "initializer")
    func number(_ key: String, _ fallback: Double) throws -> Double {
      try arguments.number(key, default: fallback)
    }
    // Classes are written in capitals, functions with underscores.
    switch name.filter({ $0 != "_" }).lowercased() {
    case "zeros", "zero": self = .zeros
    case "ones", "one": self = .ones
    case "constant": self = .constant(try number("value", 0))
    case "identity", "identityinitializer": self = .identity(gain: try number("gain", 1))
    case "randomuniform", "uniform":
      self = .randomUniform(
        minimum: try number("minval", -0.05), maximum: try number("maxval", 0.05))
    case "randomnormal", "normal":
      self = .randomNormal(mean: try number("mean", 0), deviation: try number("stddev", 0.05))
    case "truncatednormal":
      self = .truncatedNormal(mean: try number("mean", 0), deviation: try number("stddev", 0.05))
    case "orthogonal", "orthogonalinitializer": self = .orthogonal(gain: try number("gain", 1))
    case "glorotuniform": self = .glorotUniform
    case "glorotnormal": self = .glorotNormal
    case "heuniform": self = .heUniform
    case "henormal": self = .heNormal
    case "lecununiform": self = .lecunUniform
    case "lecunnormal": self = .lecunNormal
    case "variancescaling":
      // Keras 1 and early Keras 2 called the truncated distribution `normal`.
      var arguments = arguments
      if arguments["distribution"] == .string("normal") {
        arguments.values["distribution"] = .string("truncated_normal")
      }
      self = .varianceScaling(
        scale: try number("scale", 1), mode: try arguments.choice("mode", default: .fanIn),
        distribution: try arguments.choice("distribution", default: .truncatedNormal))
    default:
      throw LayerError("the initializer '\(name)' is not known; expected one of Keras's")
    }
  }

  /// The initializer as a version of Keras saves it.
  public func configuration(kerasMajorVersion version: Int) -> LayerConfiguration.Value {
    let (name, arguments) = parts
    return KerasEntry.value(
      name, module: version >= 3 ? "keras.initializers" : nil, arguments)
  }

  /// Keras's class and its arguments.
  private var parts: (String, [String: LayerConfiguration.Value]) {
    switch self {
    case .zeros: return ("Zeros", [:])
    case .ones: return ("Ones", [:])
    case .constant(let value): return ("Constant", ["value": .number(value)])
    case .identity(let gain): return ("Identity", ["gain": .number(gain)])
    case .randomUniform(let minimum, let maximum):
      return (
        "RandomUniform", ["minval": .number(minimum), "maxval": .number(maximum), "seed": .null]
      )
    case .randomNormal(let mean, let deviation):
      return ("RandomNormal", ["mean": .number(mean), "stddev": .number(deviation), "seed": .null])
    case .truncatedNormal(let mean, let deviation):
      return (
        "TruncatedNormal", ["mean": .number(mean), "stddev": .number(deviation), "seed": .null]
      )
    case .orthogonal(let gain): return ("Orthogonal", ["gain": .number(gain), "seed": .null])
    case .glorotUniform: return ("GlorotUniform", ["seed": .null])
    case .glorotNormal: return ("GlorotNormal", ["seed": .null])
    case .heUniform: return ("HeUniform", ["seed": .null])
    case .heNormal: return ("HeNormal", ["seed": .null])
    case .lecunUniform: return ("LecunUniform", ["seed": .null])
    case .lecunNormal: return ("LecunNormal", ["seed": .null])
    case .varianceScaling(let scale, let mode, let distribution):
      return (
        "VarianceScaling",
        [
          "scale": .number(scale), "mode": .string(mode.rawValue),
          "distribution": .string(distribution.rawValue), "seed": .null,
        ]
      )
    }
  }
}

/// An object as Keras saves one within a layer's arguments.
enum KerasEntry {
  /// The name of its class, and its arguments.
  static func parts(
    _ value: LayerConfiguration.Value, kind: String
  ) throws -> (String, LayerConfiguration) {
    switch value {
    case .string(let name): return (name, LayerConfiguration(className: name, values: [:]))
    case .object(let object):
      guard case .string(let name)? = object["class_name"] else { break }
      var values: [String: LayerConfiguration.Value] = [:]
      if case .object(let arguments)? = object["config"] { values = arguments }
      return (name, LayerConfiguration(className: name, values: values))
    default: break
    }
    throw LayerError("its \(kind) is \(value); expected a name or an object of Keras")
  }

  static func value(
    _ className: String, module: String?, _ arguments: [String: LayerConfiguration.Value]
  ) -> LayerConfiguration.Value {
    var object: [String: LayerConfiguration.Value] = [
      "class_name": .string(className), "config": .object(arguments),
    ]
    if let module {
      object["module"] = .string(module)
      object["registered_name"] = .null
    }
    return .object(object)
  }
}
