import Network

/// Brings a configuration that Keras 1 wrote to the names of today, before any layer reads it.
///
/// The map is that of Keras 2.0's own `legacy/interfaces.py`. Only what is there is renamed, so that a
/// configuration of Keras 2 comes out as it went in.
package enum Keras1Configuration {
  package typealias Value = LayerConfiguration.Value

  /// A model or a layer, with everything inside of it.
  ///
  /// - Parameter entry: `{"class_name": …, "config": …}`.
  /// - Throws: `NetworkError`, where Keras 1 meant something that Keras 2 has no layer for.
  package static func translated(
    _ entry: [String: Value]
  ) throws(NetworkError) -> [String: Value] {
    guard case .string(let className)? = entry["class_name"] else { return entry }
    var entry = entry
    switch entry["config"] {
    case .list(let layers)?:
      entry["config"] = .list(try translatedAll(layers))
    case .object(var values)?:
      if case .list(let layers)? = values["layers"], className != "Merge" {
        values["layers"] = .list(try translatedAll(layers))
        entry["config"] = .object(values)
      } else {
        let layer = try layer(className, values)
        entry["class_name"] = .string(layer.className)
        entry["config"] = .object(layer.values)
      }
    default: break
    }
    return entry
  }

  private static func translatedAll(_ entries: [Value]) throws(NetworkError) -> [Value] {
    var result: [Value] = []
    for entry in entries {
      guard case .object(let object) = entry else {
        result.append(entry)
        continue
      }
      result.append(.object(try translated(object)))
    }
    return result
  }

  private static func layer(
    _ className: String, _ values: [String: Value]
  ) throws(NetworkError) -> (className: String, values: [String: Value]) {
    var values = values
    func refuse(_ message: String) -> NetworkError {
      var name: String?
      if case .string(let text)? = values["name"] { name = text }
      return NetworkError(message, layer: name ?? "?", className: className)
    }
    if className == "Merge" { return try merge(values, refuse) }
    if className == "BatchNormalization", let mode = values["mode"], mode != .integer(0) {
      throw refuse(
        "its mode is \(mode), which normalises by the batch that it is given; only 0 is supported")
    }
    if case .object(let inner)? = values["layer"] {
      values["layer"] = .object(try translated(inner))
    }
    if className == "TimeDistributedDense" { return timeDistributedDense(values) }
    joinSizes(&values)
    for (old, new) in renamed(in: className) where values[new] == nil {
      if let value = values.removeValue(forKey: old) { values[new] = value }
    }
    if case .string(let ordering)? = values["dim_ordering"] {
      values["data_format"] = .string(ordering == "th" ? "channels_first" : "channels_last")
    }
    if className.hasPrefix("ZeroPadding") { values["padding"] = padding(values["padding"]) }
    // Keras 1 computed a GRU's reset gate before the recurrent product, which is a choice since.
    if className == "GRU" { values["reset_after"] = .bool(false) }
    return (Self.classNames[className] ?? className, values)
  }

  private static let classNames = [
    "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D",
    "AtrousConvolution1D": "Conv1D", "AtrousConvolution2D": "Conv2D",
    "AtrousConv1D": "Conv1D", "AtrousConv2D": "Conv2D",
    "Deconvolution2D": "Conv2DTranspose", "SeparableConvolution2D": "SeparableConv2D",
  ]

  /// Old names and new ones; several old ones become the same.
  private static func renamed(in className: String) -> [(String, String)] {
    let isEmbedding = className == "Embedding"
    var names = [
      ("nb_filter", "filters"), ("filter_length", "kernel_size"), ("subsample", "strides"),
      ("subsample_length", "strides"), ("border_mode", "padding"), ("bias", "use_bias"),
      ("init", isEmbedding ? "embeddings_initializer" : "kernel_initializer"),
      ("inner_init", "recurrent_initializer"), ("inner_activation", "recurrent_activation"),
      ("dropout_W", "dropout"), ("dropout_U", "recurrent_dropout"),
      ("atrous_rate", "dilation_rate"), ("pool_length", "pool_size"), ("stride", "strides"),
      ("p", "rate"), ("sigma", "stddev"),
    ]
    if !isEmbedding { names.append(("output_dim", "units")) }
    if className == "UpSampling1D" { names.append(("length", "size")) }
    return names
  }

  /// The sizes of a kernel, which were arguments of their own.
  private static func joinSizes(_ values: inout [String: Value]) {
    for keys in [["nb_row", "nb_col"], ["kernel_dim1", "kernel_dim2", "kernel_dim3"]] {
      let sizes = keys.compactMap { values[$0] }
      if sizes.count == keys.count, values["kernel_size"] == nil {
        values["kernel_size"] = .list(sizes)
      }
    }
  }

  /// `{"top_pad": 1, …}` and `[top, bottom, left, right]` as pairs for each axis.
  private static func padding(_ value: Value?) -> Value? {
    if case .object(let sides)? = value {
      func pair(_ first: String, _ second: String) -> Value {
        .list([sides[first] ?? .integer(0), sides[second] ?? .integer(0)])
      }
      if sides["left_pad"] != nil, sides["top_pad"] == nil, sides["bottom_pad"] == nil {
        return pair("left_pad", "right_pad")
      }
      return .list([pair("top_pad", "bottom_pad"), pair("left_pad", "right_pad")])
    }
    if let sides = value?.list, sides.count == 4 {
      return .list([.list(Array(sides[0..<2])), .list(Array(sides[2..<4]))])
    }
    return value
  }

  private static func merge(
    _ values: [String: Value], _ refuse: (String) -> NetworkError
  ) throws(NetworkError) -> (className: String, values: [String: Value]) {
    if values["layers"] != nil {
      throw refuse(
        "it joins whole models in a Sequential; rebuild the model with Keras 2's functional API")
    }
    var result: [String: Value] = [:]
    result["name"] = values["name"]
    result["trainable"] = values["trainable"]
    switch values["mode"] {
    case .string("sum")?: return ("Add", result)
    case .string("mul")?: return ("Multiply", result)
    case .string("ave")?: return ("Average", result)
    case .string("max")?: return ("Maximum", result)
    case .string("concat")?:
      result["axis"] = values["concat_axis"] ?? .integer(-1)
      return ("Concatenate", result)
    default:
      throw refuse(
        "its mode is \(values["mode"] ?? .null); supported are 'sum', 'mul', 'ave', 'max', 'concat'"
      )
    }
  }

  private static func timeDistributedDense(
    _ values: [String: Value]
  ) -> (className: String, values: [String: Value]) {
    var inner = values
    inner.removeValue(forKey: "batch_input_shape")
    for (old, new) in renamed(in: "Dense") where inner[new] == nil {
      if let value = inner.removeValue(forKey: old) { inner[new] = value }
    }
    var outer: [String: Value] = [:]
    for key in ["name", "trainable", "batch_input_shape"] { outer[key] = values[key] }
    outer["layer"] = .object(["class_name": .string("Dense"), "config": .object(inner)])
    return ("TimeDistributed", outer)
  }
}
