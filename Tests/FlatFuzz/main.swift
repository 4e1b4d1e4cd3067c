// Opens and runs damaged compiled models; meant to run under AddressSanitizer:
//
//     flat-fuzz FIRST COUNT
//
// Each number is a seed: what it does is the same every time. Bytes of the records are changed and the checksum is
// made right again, so that what is tested is what checks the records. Prints how many were run.

import CInterface
import CNN
import Kernel

/// Small models that have every kind of operation between them.
func seeds() throws -> [[UInt8]] {
  var plain = try Sequential(input: [8, 8, 3]) {
    Conv2D(5, kernel: 3, padding: .same, activation: .relu)
    MaxPooling2D(2)
    BatchNormalization()
    Conv2D(16, kernel: 3, padding: .same, activation: .sigmoid)
    Flatten()
    Dense(4, activation: .softmax)
  }
  try plain.initializeWeights(seed: 1)

  let input = Input([8, 8, 4])
  let first = Conv2D(16, kernel: 1, activation: .relu, name: "first")(input)
  let second = DepthwiseConv2D(kernel: 3, padding: .same, name: "second")(input)
  let third = Conv2D(16, kernel: 3, padding: .same, name: "third")(first)
  let joined = Concatenate(name: "joined")(first, third)
  let sum = Add(name: "sum")(first, third)
  let turned = Conv2DTranspose(4, kernel: 3, strides: 2, padding: .same, name: "turned")(sum)
  let mean = GlobalAveragePooling2D(name: "mean")(joined)
  var branched = try Functional(inputs: [input], outputs: [mean, turned, second])
  try branched.initializeWeights(seed: 2)

  return try [plain, branched].flatMap { network in
    try [ConvolutionAlgorithm.direct, .winograd].map {
      try CompiledProgram(network, taps: [], algorithm: $0).flatModel()
    }
      + [WeightType.float16, .int8].map {
        try CompiledProgram(network, weights: $0, widenedSize: 2048).flatModel()
      }
  }
}

/// Changes some numbers of a model's headers and records.
func damage(_ bytes: UnsafeMutableRawBufferPointer, _ generator: inout SplitMix64) {
  let interesting: [UInt32] = [
    0, 1, 2, 3, 7, 63, 64, 255, 1 << 16, 1 << 24, 1 << 31, .max - 1, .max,
  ]
  // The records are in front, the constants behind them.
  let header = FlatModel(validated: UnsafeRawBufferPointer(bytes)).program.header
  let end = FlatModel.headerSize + header.namesOffset
  for _ in 0...Int.random(in: 0..<3, using: &generator) {
    let place = Int.random(in: 16..<end / 4, using: &generator) * 4
    let old = bytes.load(fromByteOffset: place, as: UInt32.self)
    let new: UInt32 =
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: interesting.randomElement(using: &generator) ?? 0
      case 1: old &+ UInt32.random(in: 0..<5, using: &generator) &- 2
      case 2: old ^ 1 << UInt32.random(in: 0..<32, using: &generator)
      default: UInt32.random(in: 0..<64, using: &generator)
      }
    bytes.storeBytes(of: new, toByteOffset: place, as: UInt32.self)
  }
  guard let base = bytes.baseAddress else { return }
  var checksum = FlatModel.checksum(ofHeader: base)
  checksum.add(UnsafeRawBufferPointer(rebasing: bytes[64...]))
  FlatModel.writeChecksum(checksum, to: base)
}

/// Memory of exactly so many bytes, so that whatever is beyond is noticed.
func memory(_ count: Int) -> UnsafeMutableRawPointer {
  .allocate(byteCount: max(count, 1), alignment: 64)
}

/// Opens a model and runs it once, in exactly the memory that it asks for; false where it was refused.
func run(_ bytes: UnsafeMutableRawBufferPointer) -> Bool {
  var model = cnn_model()
  var size = 0
  guard cnn_model_open(&model, bytes.baseAddress, bytes.count) == CNN_OK,
    cnn_arena_size(&model, 1, 1, &size) == CNN_OK, size < 1 << 26
  else { return false }
  var taken: [UnsafeMutableRawPointer] = []
  defer { for memory in taken { memory.deallocate() } }
  let arena = memory(size)
  taken.append(arena)
  var session: OpaquePointer?
  guard cnn_session_open(&session, &model, 1, nil, arena, size) == CNN_OK else { return false }
  defer { cnn_session_close(session) }
  var tensor = cnn_tensor()
  for index in 0..<cnn_input_count(&model) + cnn_output_count(&model) {
    let isInput = index < cnn_input_count(&model)
    let slot = isInput ? index : index - cnn_input_count(&model)
    _ =
      isInput
      ? cnn_describe_input(&model, slot, &tensor) : cnn_describe_output(&model, slot, &tensor)
    guard tensor.count < 1 << 24 else { return false }
    let values = memory(tensor.count * 4)
    taken.append(values)
    let floats = values.initializeMemory(as: Float.self, repeating: 0.5, count: tensor.count)
    _ = isInput ? cnn_bind_input(session, slot, floats) : cnn_bind_output(session, slot, floats)
  }
  return cnn_run(session) == CNN_OK
}

let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
guard arguments.count == 2 else { fatalError("expected FIRST COUNT") }
let models = try seeds()
var ran = 0
for seed in arguments[0]..<arguments[0] + arguments[1] {
  var generator = SplitMix64(state: UInt64(seed))
  let original = models[seed % models.count]
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: original.count, alignment: 64)
  defer { copy.deallocate() }
  copy.copyBytes(from: original)
  damage(copy, &generator)
  if run(copy) { ran += 1 }
}
print("\(arguments[1]) models, \(ran) of them run")
