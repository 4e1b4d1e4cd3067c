/// What the page of a report shows, as the page's script reads it.
///
/// Numbers are float32 in little-endian order and base64, so that they are exact, NaN and infinity too.
struct ReportData: Encodable {
  var model: String
  /// The size of the graph of the layers that are not nested.
  var graph: GraphSize
  /// What the model was run on, in order.
  var items: [String]
  var layers: [Layer]
  /// The places of the model's inputs and outputs in `layers`.
  var inputs: [Int]
  var outputs: [Int]
  var labels: [String]?
  /// The colours from the lowest to the highest number, as `rrggbb`.
  var colors: [String]
  /// What does not fit and was left out, in sentences.
  var notes: [String]

  struct GraphSize: Encodable {
    var width: Double
    var height: Double
  }

  /// One use of a layer.
  struct Layer: Encodable {
    /// As `--layer` takes it; with a number where it is a further use of the same layer.
    var path: String
    var className: String
    /// Of its first output, without the batch.
    var shape: [Int]
    var parameters: Int
    /// Places in `layers`.
    var inputs: [Int]
    /// Where it is in the graph; nil for layers of nested models.
    var frame: Frame?
    /// Nil where a value depends on the whole input, or it is not known on what.
    var field: ReceptiveField?
    /// Nil where the page cannot say what a value is made of.
    var recipe: Recipe?
    /// For each item; nil where they do not fit.
    var values: [String]?
  }

  struct Frame: Encodable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }
}
