import Network

/// Why what Keras saved of a model's training cannot be used: an optimizer, a loss, a metric.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible, Sendable {
  /// What was found, and what was expected.
  public var message: String

  public init(_ message: String) { self.message = message }

  public var description: String { message }
}

/// An object as Keras saves one: the name of its class and its arguments.
struct KerasObject {
  let className: String
  let arguments: LayerConfiguration

  /// - Parameters:
  ///   - value: `{"class_name": …, "config": …}`, or the name alone.
  ///   - kind: What messages call it: `optimizer`.
  init(_ value: LayerConfiguration.Value, kind: String) throws(ConfigurationError) {
    switch value {
    case .string(let name):
      self.init(name, [:])
    case .object(let object):
      guard case .string(let name)? = object["class_name"] else {
        throw ConfigurationError("the \(kind) has no class_name; expected an object of Keras")
      }
      switch object["config"] {
      case .object(let arguments)?: self.init(name, arguments)
      // A function by its name, as Keras 3 wraps one.
      case .string(let function)? where name == "function": self.init(function, [:])
      case nil, .null?: self.init(name, [:])
      case let other?:
        throw ConfigurationError("the \(kind) \(name) has the config \(other); expected an object")
      }
    default:
      throw ConfigurationError("the \(kind) is \(value); expected a name or an object of Keras")
    }
  }

  private init(_ name: String, _ values: [String: LayerConfiguration.Value]) {
    // Keras 2 registers its own optimizers as `Custom>Adam`.
    className = name.split(separator: ">").last.map(String.init) ?? name
    arguments = LayerConfiguration(className: className, values: values)
  }

  /// Runs `body` and puts the name of what is read to what it throws.
  func reading<Result>(
    _ kind: String, _ body: (LayerConfiguration) throws -> Result
  ) throws(ConfigurationError) -> Result {
    do {
      return try body(arguments)
    } catch let error as LayerError {
      throw ConfigurationError("the \(kind) \(className): \(error.message)")
    } catch let error as ConfigurationError {
      throw error
    } catch {
      throw ConfigurationError("the \(kind) \(className): \(error)")
    }
  }
}

extension LayerConfiguration.Value {
  /// An object as Keras saves one; Keras 3 tells the module as well.
  static func keras(
    _ className: String, module: String?, _ arguments: [String: LayerConfiguration.Value]
  ) -> Self {
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
