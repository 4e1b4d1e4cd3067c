import CNN
import Glibc
import Training

/// Says how a training goes: a bar on a terminal, and a line for each epoch.
struct TrainingReport {
  private let isJSON: Bool
  private var progress: Progress?
  private var part = (epoch: -1, isValidating: false)
  /// When the epoch, or the rest of one that goes on, began, and with how many items.
  private var start = (time: 0.0, items: 0)
  /// The items of the epoch and the time that they took.
  private var speed: Double?
  /// What could not be read, by its number and whether it is of the validation set.
  private var skipped: Set<Int> = []
  private var skippedOfValidation: Set<Int> = []

  init(isJSON: Bool) { self.isJSON = isJSON }

  /// How many items could not be read.
  var skippedCount: Int { skipped.count + skippedOfValidation.count }

  /// A batch has ended.
  mutating func advance(_ state: TrainingProgress) {
    let now = Progress.now
    if (state.epoch, state.isValidating) != part || progress == nil {
      part = (state.epoch, state.isValidating)
      progress = Progress(total: state.itemCount)
      start = (now, state.items)
    }
    note(state.skipped, ofValidation: state.isValidating)
    let (time, items) = (now - start.time, state.items - start.items)
    let rate = time > 0 ? Double(items) / time : 0
    if !state.isValidating, items > 0 { speed = rate }
    progress?.advance(to: state.items) {
      let left = rate > 0 ? Double(state.itemCount - state.items) / rate : 0
      return ", epoch \(state.epoch + 1)/\(state.epochs)"
        + (state.isValidating ? " validation" : "")
        + ", loss \(FixedPoint.text(state.loss, digits: 4))"
        + ", accuracy \(FixedPoint.text(state.accuracy, digits: 4))"
        + ", \(Int(rate)) images/s, \(Int(left.rounded(.up))) s left"
    }
  }

  /// Names what could not be read, once.
  private mutating func note(_ items: [SkippedItem], ofValidation isOfValidation: Bool) {
    for item in items {
      let isNew =
        isOfValidation
        ? skippedOfValidation.insert(item.index).inserted : skipped.insert(item.index).inserted
      guard isNew else { continue }
      progress?.wipe()
      StandardError.write("cnntool: left out: \(item.error)")
    }
  }

  /// An epoch has ended.
  mutating func end(_ epoch: EpochReport) throws {
    progress?.wipe()
    progress = nil
    if isJSON {
      Swift.print(
        try JSONOutput.line(
          Line(
            epoch: epoch.epoch + 1, epochs: epoch.epochs,
            values: Dictionary(uniqueKeysWithValues: epoch.values.map { ($0.name, $0.value) }),
            imagesPerSecond: speed, isBest: epoch.isBest, skipped: skippedCount)))
    } else {
      let values = epoch.values.map { name, value in
        name == "learning_rate"
          ? "\(name) \(Float(value))" : "\(name) \(FixedPoint.text(value, digits: 4))"
      }
      let rate = speed.map { ", \(Int($0)) images/s" } ?? ""
      Swift.print(
        "epoch \(epoch.epoch + 1)/\(epoch.epochs): \(values.joined(separator: ", "))\(rate)")
    }
    // Seen at once in a pipe, too.
    fflush(nil)
  }

  /// The line of an epoch for machines.
  private struct Line: Encodable {
    var epoch: Int
    var epochs: Int
    var values: [String: Double]
    var imagesPerSecond: Double?
    var isBest: Bool
    var skipped: Int

    enum CodingKeys: String, CodingKey {
      case epoch, epochs, values, skipped
      case imagesPerSecond = "images_per_second"
      case isBest = "is_best"
    }
  }
}
