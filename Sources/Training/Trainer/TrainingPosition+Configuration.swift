import Network

/// A position as a value of JSON: all but the best weights, which are arrays.
extension TrainingPosition {
  public var configuration: LayerConfiguration.Value {
    var object: [String: LayerConfiguration.Value] = [
      // As text: JSON's readers may take numbers for doubles.
      "seed": .string(String(seed)), "batch_size": .integer(batchSize),
      "items": .integer(itemCount), "epoch": .integer(epoch), "item": .integer(item),
      "loss_sum": .number(sums.loss), "hits": .number(sums.hits), "measured": .integer(sums.count),
      "has_stopped": .bool(hasStopped), "history": history.configuration,
    ]
    if let settings { object["settings"] = .object(settings.mapValues { .string($0) }) }
    if let earlyStopping {
      object["early_stopping"] = .object([
        "best": .optional(earlyStopping.best),
        "best_epoch": .integer(earlyStopping.bestEpoch ?? -1),
        "wait": .integer(earlyStopping.wait),
      ])
    }
    if let plateau {
      object["plateau"] = .object([
        "best": .optional(plateau.best), "wait": .integer(plateau.wait),
        "cooling": .integer(plateau.cooling),
      ])
    }
    if let bestCheckpoint { object["best_checkpoint"] = .number(bestCheckpoint) }
    return .object(object)
  }

  /// - Throws: `ConfigurationError`, where it is not what `configuration` gives.
  public init(configuration value: LayerConfiguration.Value) throws(ConfigurationError) {
    do {
      let values = try Fields(value)
      guard let seed = UInt64(try values.arguments.string("seed", default: "")) else {
        throw LayerError("its seed is no number")
      }
      self.init(
        seed: seed, batchSize: try values.count("batch_size"), itemCount: try values.count("items"))
      settings = try values.arguments["settings"].map { try Self.settings($0) }
      epoch = try values.count("epoch")
      item = try values.count("item")
      sums.loss = try values.number("loss_sum") ?? 0
      sums.hits = try values.number("hits") ?? 0
      sums.count = try values.count("measured")
      hasStopped = try values.arguments.bool("has_stopped", default: false)
      history = try History(configuration: values.arguments["history"] ?? .null)
      bestCheckpoint = try values.number("best_checkpoint")
      if let value = values.arguments["early_stopping"] {
        let fields = try Fields(value)
        var progress = EarlyStopping.Progress()
        progress.best = try fields.number("best")
        let epoch = try fields.arguments.integer("best_epoch")
        progress.bestEpoch = epoch < 0 ? nil : epoch
        progress.wait = try fields.count("wait")
        earlyStopping = progress
      }
      if let value = values.arguments["plateau"] {
        let fields = try Fields(value)
        var progress = ReduceLROnPlateau.Progress()
        progress.best = try fields.number("best")
        progress.wait = try fields.count("wait")
        progress.cooling = try fields.count("cooling")
        plateau = progress
      }
    } catch let error as LayerError {
      throw ConfigurationError("where the training was: \(error.message)")
    } catch {
      throw ConfigurationError("where the training was: \(error)")
    }
  }

  private static func settings(_ value: LayerConfiguration.Value) throws -> [String: String] {
    guard case .object(let object) = value else { throw LayerError("its settings are no object") }
    return try object.mapValues {
      guard case .string(let text) = $0 else { throw LayerError("a setting of it is no text") }
      return text
    }
  }

  /// The fields of an object.
  private struct Fields {
    let arguments: LayerConfiguration

    init(_ value: LayerConfiguration.Value) throws {
      guard case .object(let values) = value else { throw LayerError("it is no object") }
      arguments = LayerConfiguration(className: "training", values: values)
    }

    func count(_ key: String) throws -> Int {
      let count = try arguments.integer(key)
      guard count >= 0 else { throw LayerError("its \(key) is \(count); expected 0 or more") }
      return count
    }

    func number(_ key: String) throws -> Double? {
      arguments[key] == nil ? nil : try arguments.number(key, default: 0)
    }
  }
}

extension LayerConfiguration.Value {
  /// A number, or null for none.
  fileprivate static func optional(_ number: Double?) -> Self {
    number.map { .number($0) } ?? .null
  }
}

extension History {
  fileprivate var configuration: LayerConfiguration.Value {
    .object([
      "names": .list(names.map { .string($0) }),
      "rows": .list(
        rows.map { row in
          .list([.integer(row.epoch)] + names.map { .optional(row.values[$0]) })
        }),
    ])
  }

  fileprivate init(configuration value: LayerConfiguration.Value) throws {
    self.init()
    guard case .object(let object) = value, let names = object["names"]?.list,
      let rows = object["rows"]?.list
    else { throw LayerError("it has no history") }
    let texts = names.compactMap { name -> String? in
      if case .string(let text) = name { text } else { nil }
    }
    for row in rows {
      guard let cells = row.list, cells.count == texts.count + 1, let epoch = cells[0].integer
      else {
        throw LayerError("a row of its history is not of \(texts.count + 1) numbers")
      }
      append(
        epoch: epoch,
        zip(texts, cells.dropFirst()).compactMap { name, cell in
          cell.number.map { (name: name, value: $0) }
        })
    }
  }
}
