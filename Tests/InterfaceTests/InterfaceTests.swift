import CInterface
import CNN
import Kernel
import Testing

@Suite struct InterfaceTests {
  /// A session over the sample, and what it needs to live.
  private final class OpenSession {
    let bytes: FlatBytes
    var model = cnn_model()
    let arena: FlatBytes
    var session: OpaquePointer?

    init(_ sample: SampleModel, batch: Int = 1, threads: OpaquePointer? = nil) throws {
      bytes = FlatBytes(sample.bytes)
      try #require(cnn_model_open(&model, bytes.base, sample.bytes.count) == CNN_OK)
      var size = 0
      try #require(
        cnn_arena_size(&model, batch, cnn_threads_count(threads), &size) == CNN_OK)
      arena = FlatBytes(count: size)
      try #require(
        cnn_session_open(&session, &model, batch, threads, arena.base, size) == CNN_OK)
    }

    deinit { cnn_session_close(session) }
  }

  private func name(_ tensor: cnn_tensor) -> String {
    String(
      decoding: UnsafeRawBufferPointer(start: tensor.name, count: tensor.name_length),
      as: UTF8.self)
  }

  @Test func runsAsTheNetworkDoes() throws {
    let sample = try SampleModel()
    let open = try OpenSession(sample)
    var output = [Float](repeating: 0, count: 4)
    #expect(cnn_predict(open.session, sample.input.values, &output) == CNN_OK)
    #expect(output == (try sample.network.predict(sample.input)[0].values))
  }

  /// Nothing is to be said for weights of 16 or 8 bits; what is stored as a test is what they compute.
  @Test(arguments: [ElementType.float16, .int8])
  func runsNarrowWeights(_ type: ElementType) throws {
    let sample = try SampleModel(weights: type)
    let open = try OpenSession(sample)
    var output = [Float](repeating: 0, count: 4)
    #expect(cnn_predict(open.session, sample.input.values, &output) == CNN_OK)
    let wide = try sample.network.predict(sample.input)[0].values
    #expect(output != wide && zip(output, wide).allSatisfy { abs($0 - $1) < 0.02 })
    #expect(sample.bytes.count < (try SampleModel().bytes.count))
  }

  /// Nor for values of 8 bits.
  @Test func runsByteValues() throws {
    let sample = try SampleModel(taps: [], weights: .int8, hasBytes: true)
    let open = try OpenSession(sample)
    var output = [Float](repeating: 0, count: 4)
    #expect(cnn_predict(open.session, sample.input.values, &output) == CNN_OK)
    let wide = try sample.network.predict(sample.input)[0].values
    #expect(output != wide && zip(output, wide).allSatisfy { abs($0 - $1) < 0.02 })
    let floats = try Inference(CompiledProgram(sample.network, weights: .int8))
      .run([sample.input])[0].values
    #expect(output != floats)
  }

  @Test func runsABatchOnThreads() throws {
    let sample = try SampleModel()
    var threads: OpaquePointer?
    #expect(cnn_threads_open(&threads, 3) == CNN_OK)
    defer { cnn_threads_close(threads) }
    #expect(cnn_threads_count(threads) == 3)
    let open = try OpenSession(sample, batch: 5, threads: threads)
    let input = Tensor(
      shape: [5, 9, 7, 3], values: (0..<945).map { Float(($0 * 31) % 29) / 14 - 1 })
    var output = [Float](repeating: 0, count: 20)
    input.values.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        #expect(cnn_bind_input(open.session, 0, input.baseAddress) == CNN_OK)
        #expect(cnn_bind_output(open.session, 0, output.baseAddress) == CNN_OK)
        #expect(cnn_run(open.session) == CNN_OK)
        #expect(cnn_run(open.session) == CNN_OK)
      }
    }
    #expect(output == (try sample.network.predict(input)[0].values))
  }

  @Test func describesInputsAndOutputs() throws {
    let open = try OpenSession(try SampleModel())
    #expect(cnn_input_count(&open.model) == 1 && cnn_output_count(&open.model) == 1)
    var tensor = cnn_tensor()
    #expect(cnn_describe_input(&open.model, 0, &tensor) == CNN_OK)
    #expect(tensor.rank == 3 && tensor.count == 189)
    #expect(tensor.shape.0 == 9 && tensor.shape.1 == 7 && tensor.shape.2 == 3)
    #expect(tensor.shape.3 == 1)
    #expect(cnn_describe_output(&open.model, 0, &tensor) == CNN_OK)
    #expect(name(tensor) == "probabilities" && tensor.rank == 1 && tensor.count == 4)
    #expect(cnn_describe_input(&open.model, 1, &tensor) == CNN_NO_SUCH_INPUT)
    #expect(cnn_describe_output(&open.model, -1, &tensor) == CNN_NO_SUCH_OUTPUT)
    #expect(cnn_describe_tensor(&open.model, "conv", &tensor) == CNN_OK)
    #expect(name(tensor) == "conv" && tensor.count == 7 * 5 * 5)
    #expect(cnn_describe_tensor(&open.model, "con", &tensor) == CNN_NO_SUCH_TENSOR)
    #expect(cnn_describe_tensor(&open.model, "conv2", &tensor) == CNN_NO_SUCH_TENSOR)
  }

  @Test func tappedLayersAreReadByName() throws {
    let sample = try SampleModel()
    let open = try OpenSession(sample)
    var values: UnsafePointer<Float>?
    var count = 0
    #expect(cnn_values(open.session, "conv", &values, &count) == CNN_NOT_BOUND)
    var output = [Float](repeating: 0, count: 4)
    #expect(cnn_predict(open.session, sample.input.values, &output) == CNN_OK)
    #expect(cnn_values(open.session, "conv", &values, &count) == CNN_OK)
    let maps = try sample.network.activations(of: ["conv"], sample.input)
    #expect(Array(UnsafeBufferPointer(start: values, count: count)) == maps["conv"]?.values)
    #expect(cnn_values(open.session, "pool", &values, &count) == CNN_NO_SUCH_TENSOR)
    #expect(cnn_values(open.session, "conv", &values, nil) == CNN_OK)
  }

  @Test func sessionsShareAModel() throws {
    let sample = try SampleModel()
    let open = try OpenSession(sample)
    let other = FlatBytes(count: open.arena.memory.count)
    var session: OpaquePointer?
    #expect(
      cnn_session_open(&session, &open.model, 1, nil, other.base, other.memory.count) == CNN_OK)
    defer { cnn_session_close(session) }
    var (first, second) = ([Float](repeating: 0, count: 4), [Float](repeating: 0, count: 4))
    let shifted = sample.input.values.map { $0 + 0.5 }
    #expect(cnn_predict(open.session, sample.input.values, &first) == CNN_OK)
    #expect(cnn_predict(session, shifted, &second) == CNN_OK)
    #expect(first != second)
    #expect(first == (try sample.network.predict(sample.input)[0].values))
  }

  @Test func theStoredTestIsRun() throws {
    let sample = try SampleModel()
    let bytes = FlatBytes(sample.bytes)
    var model = cnn_model()
    #expect(cnn_model_open(&model, bytes.base, sample.bytes.count) == CNN_OK)
    var size = 0
    #expect(cnn_selftest_size(&model, &size) == CNN_OK)
    let arena = FlatBytes(count: size)
    var difference: Float = -1
    #expect(cnn_selftest(&model, arena.base, size, &difference) == CNN_OK)
    #expect(difference >= 0 && difference <= 1e-5)
    #expect(cnn_selftest(&model, arena.base, size - 1, nil) == CNN_ARENA_TOO_SMALL)

    let wrong = try CompiledProgram(sample.network).flatModel(
      test: CompiledProgram.Test(
        inputs: [sample.input], outputs: [Tensor(shape: [1, 4], repeating: 2)], tolerance: 1e-5))
    let wrongBytes = FlatBytes(wrong)
    #expect(cnn_model_open(&model, wrongBytes.base, wrong.count) == CNN_OK)
    #expect(cnn_selftest_size(&model, &size) == CNN_OK)
    let larger = FlatBytes(count: size)
    #expect(cnn_selftest(&model, larger.base, size, &difference) == CNN_TEST_FAILED)
    #expect(difference > 1)

    let without = FlatBytes(try SampleModel(hasTest: false).bytes)
    #expect(cnn_model_open(&model, without.base, without.memory.count) == CNN_OK)
    #expect(cnn_selftest_size(&model, &size) == CNN_NO_TEST)
    #expect(cnn_selftest(&model, larger.base, larger.memory.count, nil) == CNN_NO_TEST)
  }

  @Test func operationsAreMeasured() throws {
    let sample = try SampleModel()
    let open = try OpenSession(sample)
    var output = [Float](repeating: 0, count: 4)
    #expect(cnn_predict(open.session, sample.input.values, &output) == CNN_OK)
    var events = [cnn_event](repeating: cnn_event(), count: 16)
    var count = 0
    let clock: @convention(c) () -> UInt64 = { Processor.nanoseconds }
    #expect(cnn_run_profiled(open.session, clock, &events, events.count, &count) == CNN_OK)
    #expect(count > 1 && count < 16)
    let names = events[..<count].map { event in
      String(
        decoding: UnsafeRawBufferPointer(start: event.name, count: event.name_length),
        as: UTF8.self)
    }
    #expect(names.first == "conv" && names.allSatisfy { !$0.isEmpty })
    #expect(events[0].multiply_adds == 7 * 5 * 5 * 27)
    for event in events[..<count] { #expect(event.begin <= event.end && event.begin > 0) }
    var some = 0
    #expect(cnn_run_profiled(open.session, clock, &events, 1, &some) == CNN_OK)
    #expect(some == 1)
  }
}
