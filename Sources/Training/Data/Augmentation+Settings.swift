extension Augmentation {
  /// What is set other than to change nothing, in words; see `TrainingPosition.settings`.
  var settings: [String: String] {
    let unset = Augmentation()
    var result: [String: String] = [:]
    func say<Value: Equatable>(_ name: String, _ path: KeyPath<Augmentation, Value>) {
      let value = self[keyPath: path]
      if value != unset[keyPath: path] { result[name] = "\(value)" }
    }
    say("factor of all values", \.rescale)
    say("rotation", \.rotation)
    say("shift of the width", \.widthShift)
    say("shift of the height", \.heightShift)
    say("shear", \.shear)
    say("zoom", \.zoom)
    say("horizontal flip", \.flipsHorizontally)
    say("vertical flip", \.flipsVertically)
    if let brightness { result["brightness"] = "\(brightness)" }
    say("shift of the channels", \.channelShift)
    say("fill mode", \.fill)
    return result
  }
}

extension DataSet {
  /// What changes the items at random; empty where nothing does.
  var augmentationSettings: [String: String] {
    if let augmented = self as? Augmented { return augmented.augmentation.settings }
    return (self as? any DataSetWrapper)?.base.augmentationSettings ?? [:]
  }
}
