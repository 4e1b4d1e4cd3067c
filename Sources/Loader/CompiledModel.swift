import Files
import Network
import Runtime

/// A compiled model, `.cnn`, mapped from its file.
public struct CompiledModel: Sendable {
  /// The model's program, which keeps the file mapped.
  public let program: CompiledProgram
  /// Inputs and what should come of them, where the file has that.
  public let test: CompiledProgram.Test?

  /// - Throws: `LoadError`, where the file cannot be read, is damaged, is no compiled model, or one of another
  ///   version.
  public init(contentsOf path: String) throws(LoadError) {
    let mapped: MappedFile
    do throws(SystemError) { mapped = try MappedFile(path: path) } catch {
      throw LoadError(file: path, "it cannot be read (\(error))")
    }
    let file: FlatModel
    do throws(ProgramError) { file = try FlatModel(validating: mapped.bytes) } catch {
      throw LoadError(file: path, "\(error)")
    }
    program = CompiledProgram(file, keeping: mapped)
    test = file.hasTest ? Self.test(of: file) : nil
    withExtendedLifetime(mapped) {}
  }

  private static func test(of file: FlatModel) -> CompiledProgram.Test {
    func tensor(_ record: TensorRecord, _ values: UnsafeBufferPointer<Float>) -> Tensor {
      Tensor(
        shape: [1] + (0..<record.rank).map { record.sizes[$0] }, values: Array(values))
    }
    let (program, header) = (file.program, file.program.header)
    return CompiledProgram.Test(
      inputs: (0..<header.inputCount).map { tensor(program.input($0), file.testInput($0)) },
      outputs: (0..<header.outputCount).map { tensor(program.output($0), file.testOutput($0)) },
      tolerance: file.tolerance)
  }

  /// Whether a file begins as compiled models do.
  public static func isCompiled(_ path: String) -> Bool {
    guard let head = try? OpenFile.bytes(of: path, atMost: 8) else { return false }
    return head.elementsEqual("CNNMODEL".utf8)
  }
}
