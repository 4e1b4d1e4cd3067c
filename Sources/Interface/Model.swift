// The functions of `cnn.h` that describe a model.
//
// `@implementation` has the compiler check each against its declaration in the header; for that it must have the
// same name in Swift.

// swift-format-ignore-file: AlwaysUseLowerCamelCase

import CInterface
import Runtime

#if compiler(>=6.3)  // The first with `@c`; before it the library is without the C interface.
  /// The model of a view that `cnn_model_open` filled in; nil where it is null or was not filled in.
  func flatModel(_ model: UnsafePointer<cnn_model>?) -> FlatModel? {
    guard let model, let bytes = model.pointee.bytes else { return nil }
    return FlatModel(validated: UnsafeRawBufferPointer(start: bytes, count: model.pointee.size))
  }

  @c @implementation
  public func cnn_model_open(
    _ model: UnsafeMutablePointer<cnn_model>?, _ bytes: UnsafeRawPointer?, _ size: Int
  ) -> cnn_status {
    guard let model, let bytes else { return CNN_NULL_POINTER }
    // A `size_t` beyond `Int` comes as a negative number; no memory is that large.
    let all = UnsafeRawBufferPointer(start: bytes, count: size < 0 ? Int.max : size)
    do throws(ProgramError) {
      _ = try FlatModel(validating: all)
    } catch {
      return cnn_status(error)
    }
    model.pointee = cnn_model(bytes: bytes, size: all.count)
    return CNN_OK
  }

  @c @implementation
  public func cnn_input_count(_ model: UnsafePointer<cnn_model>?) -> Int {
    flatModel(model)?.program.header.inputCount ?? 0
  }

  @c @implementation
  public func cnn_output_count(_ model: UnsafePointer<cnn_model>?) -> Int {
    flatModel(model)?.program.header.outputCount ?? 0
  }

  @c @implementation
  public func cnn_describe_input(
    _ model: UnsafePointer<cnn_model>?, _ index: Int, _ tensor: UnsafeMutablePointer<cnn_tensor>?
  ) -> cnn_status {
    guard let program = flatModel(model)?.program, let tensor else { return CNN_NULL_POINTER }
    guard index >= 0 && index < program.header.inputCount else { return CNN_NO_SUCH_INPUT }
    tensor.pointee = cnn_tensor(program.input(index), of: program)
    return CNN_OK
  }

  @c @implementation
  public func cnn_describe_output(
    _ model: UnsafePointer<cnn_model>?, _ index: Int, _ tensor: UnsafeMutablePointer<cnn_tensor>?
  ) -> cnn_status {
    guard let program = flatModel(model)?.program, let tensor else { return CNN_NULL_POINTER }
    guard index >= 0 && index < program.header.outputCount else { return CNN_NO_SUCH_OUTPUT }
    tensor.pointee = cnn_tensor(program.output(index), of: program)
    return CNN_OK
  }

  @c @implementation
  public func cnn_describe_tensor(
    _ model: UnsafePointer<cnn_model>?, _ name: UnsafePointer<CChar>?,
    _ tensor: UnsafeMutablePointer<cnn_tensor>?
  ) -> cnn_status {
    guard let program = flatModel(model)?.program, let name, let tensor else {
      return CNN_NULL_POINTER
    }
    guard let index = program.visibleTensor(named: name) else { return CNN_NO_SUCH_TENSOR }
    tensor.pointee = cnn_tensor(program.tensor(index), of: program)
    return CNN_OK
  }

  extension cnn_tensor {
    init(_ record: TensorRecord, of program: Program) {
      let name = program.name(record)
      self.init()
      self.name = name.baseAddress?.assumingMemoryBound(to: CChar.self)
      name_length = name.count
      rank = record.rank
      shape = (
        record.sizes[0], record.sizes[1], record.sizes[2], record.sizes[3], record.sizes[4],
        record.sizes[5]
      )
      count = record.count
    }
  }

  extension Program {
    /// The first tensor of a name that can be seen after a run.
    func visibleTensor(named name: UnsafePointer<CChar>) -> Int? {
      for index in 0..<header.tensorCount {
        let tensor = tensor(index)
        if tensor.role != .intermediate && isName(self.name(tensor), name) { return index }
      }
      return nil
    }

    private func isName(_ bytes: UnsafeRawBufferPointer, _ name: UnsafePointer<CChar>) -> Bool {
      for (index, byte) in bytes.enumerated() {
        let other = UInt8(bitPattern: name[index])
        if other == 0 || other != byte { return false }
      }
      return name[bytes.count] == 0
    }
  }
#endif
