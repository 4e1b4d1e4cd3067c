/// What training measured in each epoch: losses, metrics, learning rates.
public struct History: Equatable, Sendable {
  /// The values of an epoch.
  public struct Row: Equatable, Sendable {
    /// The number of the epoch; the first is 0.
    public var epoch: Int
    /// By name: `loss`, `accuracy`, `val_loss`.
    public var values: [String: Double]

    public init(epoch: Int, values: [String: Double]) {
      self.epoch = epoch
      self.values = values
    }
  }

  /// The names of the values, in the order of the columns.
  public private(set) var names: [String] = []
  public private(set) var rows: [Row] = []

  public init() {}

  /// Adds an epoch.
  ///
  /// - Parameter values: In the order of their columns.
  public mutating func append(epoch: Int, _ values: KeyValuePairs<String, Double>) {
    append(epoch: epoch, values.map { ($0.key, $0.value) })
  }

  /// Adds an epoch.
  ///
  /// - Parameter values: In the order of their columns.
  public mutating func append(epoch: Int, _ values: [(name: String, value: Double)]) {
    for (name, _) in values where !names.contains(name) { names.append(name) }
    rows.append(Row(epoch: epoch, values: Dictionary(values.map { ($0, $1) }) { $1 }))
  }

  /// The values of a name, epoch after epoch; those that have it.
  public subscript(name: String) -> [Double] { rows.compactMap { $0.values[name] } }

  /// The history as Keras's `CSVLogger` writes it: a line for each epoch, with nothing where it has no
  /// value.
  public func csv() -> String {
    var text = (["epoch"] + names).map(Self.field).joined(separator: ",") + "\n"
    for row in rows {
      let values = names.map { name in row.values[name].map { "\($0)" } ?? "" }
      text += (["\(row.epoch)"] + values).joined(separator: ",") + "\n"
    }
    return text
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { ",\"\n".contains($0) }) else { return text }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
