// The functions of `cnn.h`, which documents them.
//
// `@implementation` has the compiler check each against its declaration in the header; for that it
// must have the same name in Swift.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

#if compiler(>=6.3)  // The first with `@c`; before it the library is without the C interface.
  internal import CInterface

  /// What a `cnn_model *` points to.
  private final class Model {
    let inference: Inference
    let inputSizes: [Int]
    let outputSizes: [Int]
    /// Which inputs were set since the last run.
    var isSet: [Bool]
    /// Whether the outputs hold what a run computed.
    var hasRun = false

    init(path: String, batch: Int) throws {
      let network = try Network(contentsOf: path)
      let (inputs, outputs) = (network.inputs.indices, network.outputs.indices)
      inference = try Inference(consume network, batch: batch)
      inputSizes = inputs.map { [inference] in inference.input($0).count }
      outputSizes = outputs.map { [inference] in inference.output($0).count }
      isSet = Array(repeating: false, count: inputSizes.count)
    }

    /// The model of a handle, which keeps it.
    static func of(_ handle: OpaquePointer?) -> Model? {
      handle.map { Unmanaged<Model>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
    }
  }

  @c @implementation
  func cnn_open(
    _ path: UnsafePointer<CChar>?, _ batch: Int, _ message: UnsafeMutablePointer<CChar>?,
    _ capacity: Int
  ) -> OpaquePointer? {
    copy("", message, capacity)
    guard let path else {
      copy("no path was given", message, capacity)
      return nil
    }
    // A `size_t` beyond `Int` comes as a negative number.
    guard batch > 0 else {
      copy("the batch is \(UInt(bitPattern: batch)); expected at least 1", message, capacity)
      return nil
    }
    do {
      let model = try Model(path: String(cString: path), batch: batch)
      return OpaquePointer(Unmanaged.passRetained(model).toOpaque())
    } catch {
      copy("\(error)", message, capacity)
      return nil
    }
  }

  @c @implementation
  func cnn_close(_ model: OpaquePointer?) {
    guard let model else { return }
    Unmanaged<Model>.fromOpaque(UnsafeRawPointer(model)).release()
  }

  @c @implementation
  func cnn_input_count(_ model: OpaquePointer?) -> Int {
    Model.of(model)?.inputSizes.count ?? 0
  }

  @c @implementation
  func cnn_output_count(_ model: OpaquePointer?) -> Int {
    Model.of(model)?.outputSizes.count ?? 0
  }

  @c @implementation
  func cnn_input_size(_ model: OpaquePointer?, _ index: Int) -> Int {
    guard let sizes = Model.of(model)?.inputSizes, sizes.indices.contains(index) else { return 0 }
    return sizes[index]
  }

  @c @implementation
  func cnn_output_size(_ model: OpaquePointer?, _ index: Int) -> Int {
    guard let sizes = Model.of(model)?.outputSizes, sizes.indices.contains(index) else { return 0 }
    return sizes[index]
  }

  @c @implementation
  func cnn_set_input(
    _ model: OpaquePointer?, _ index: Int, _ values: UnsafePointer<Float>?, _ count: Int
  ) -> cnn_status {
    guard let model = Model.of(model), let values else { return CNN_NULL_POINTER }
    guard model.inputSizes.indices.contains(index) else { return CNN_NO_SUCH_INPUT }
    guard count == model.inputSizes[index] else { return CNN_WRONG_COUNT }
    _ = model.inference.input(index).update(
      fromContentsOf: UnsafeBufferPointer(start: values, count: count))
    model.isSet[index] = true
    model.hasRun = false
    return CNN_OK
  }

  @c @implementation
  func cnn_run(_ model: OpaquePointer?) -> cnn_status {
    guard let model = Model.of(model) else { return CNN_NULL_POINTER }
    guard model.isSet.allSatisfy({ $0 }) else { return CNN_INPUT_NOT_SET }
    model.inference.runInPlace()
    for index in model.isSet.indices { model.isSet[index] = false }
    model.hasRun = true
    return CNN_OK
  }

  @c @implementation
  func cnn_output(_ model: OpaquePointer?, _ index: Int) -> UnsafePointer<Float>? {
    guard let model = Model.of(model), model.hasRun, model.outputSizes.indices.contains(index)
    else { return nil }
    return UnsafePointer(model.inference.output(index).baseAddress)
  }

  /// Copies as much of a text as there is room for, cut at a whole character, and a null byte.
  private func copy(_ text: String, _ target: UnsafeMutablePointer<CChar>?, _ capacity: Int) {
    // A capacity beyond `Int` comes as a negative number; no text is that long.
    guard let target, capacity != 0 else { return }
    let room = capacity < 0 ? Int.max : capacity
    var length = 0
    for character in text.unicodeScalars {
      let bytes = UTF8.width(character)
      guard length + bytes < room else { break }
      length += bytes
    }
    for (index, byte) in text.utf8.prefix(length).enumerated() {
      target[index] = CChar(bitPattern: byte)
    }
    target[length] = 0
  }
#endif
