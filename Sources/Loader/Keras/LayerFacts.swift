import Network

/// What the weights of a layer depend on beyond their shapes: its class and the order of its axes.
package struct LayerFacts {
  /// The class as the file has it; of a wrapper's inner layer, where it is one.
  var className: String
  /// The class of the layer itself, which names its group in files of Keras 3.
  var outerClassName: String
  var isChannelsFirst: Bool
  /// By what the adaptation of low rank (`lora_alpha`) is multiplied, before it is divided by its rank.
  var lowRankAlpha: Double?

  package init(className: String, outerClassName: String, isChannelsFirst: Bool) {
    self.className = className
    self.outerClassName = outerClassName
    self.isChannelsFirst = isChannelsFirst
  }

  /// Of every layer of a model by its path, `outer/inner` inside of nested models.
  ///
  /// - Parameter model: `{"class_name": …, "config": …}`, in today's names.
  static func all(of model: [String: LayerConfiguration.Value]) -> [String: LayerFacts] {
    var result: [String: LayerFacts] = [:]
    collect(model, prefix: "", into: &result)
    return result
  }

  private static func collect(
    _ model: [String: LayerConfiguration.Value], prefix: String,
    into result: inout [String: LayerFacts]
  ) {
    var layers: [LayerConfiguration.Value] = []
    if case .object(let config)? = model["config"] { layers = config["layers"]?.list ?? [] }
    if let list = model["config"]?.list { layers = list }
    for case .object(let entry) in layers {
      guard let className = text(entry["class_name"]), let name = name(of: entry) else { continue }
      var facts = LayerFacts(
        className: LayerRegistry.canonicalName(className),
        // Without the package that registered it, `Addons>`.
        outerClassName: className.split(separator: ">").last.map(String.init) ?? className,
        isChannelsFirst: false)
      var inner = entry
      while case .object(let config)? = inner["config"], case .object(let next)? = config["layer"],
        let nextClass = text(next["class_name"])
      {
        facts.className = LayerRegistry.canonicalName(nextClass)
        inner = next
      }
      if case .object(let config)? = inner["config"] {
        facts.lowRankAlpha = config["lora_alpha"]?.number
        facts.isChannelsFirst = config["data_format"] == .string("channels_first")
      }
      result[prefix + name] = facts
      // A model, or one that is applied to each step.
      if ModelReader.isModel(inner) {
        collect(inner, prefix: "\(prefix)\(name)/", into: &result)
      }
    }
  }

  private static func name(of entry: [String: LayerConfiguration.Value]) -> String? {
    if case .object(let config)? = entry["config"], let name = text(config["name"]) { return name }
    return text(entry["name"])
  }

  private static func text(_ value: LayerConfiguration.Value?) -> String? {
    guard case .string(let text)? = value else { return nil }
    return text
  }
}
