// Says what is in a picture: loads a model, gives it a binary PGM and prints the outputs.
//
//     Predict MODEL.h5 PICTURE.pgm [LABELS.txt]

import CNN
import Glibc

struct PictureError: Error, CustomStringConvertible {
  var description: String
}

func bytes(of path: String) throws -> [UInt8] {
  guard let file = fopen(path, "rb") else {
    throw PictureError(description: "\(path): \(String(cString: strerror(errno)))")
  }
  defer { fclose(file) }
  var result: [UInt8] = []
  var part = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&part, 1, part.count, file), count > 0 {
    result += part.prefix(count)
  }
  return result
}

/// Reads an 8-bit binary PGM (P5) as a batch of one picture, with values from 0 to 1.
func picture(_ path: String) throws -> Tensor {
  let bytes = try bytes(of: path)
  // "P5", width, height and maximum, each ended by one white-space character; then the pixels.
  let parts = bytes.split(maxSplits: 4, omittingEmptySubsequences: false) {
    [9, 10, 13, 32].contains($0)
  }
  let header = parts.prefix(4).map { String(decoding: $0, as: UTF8.self) }
  guard parts.count == 5, header[0] == "P5", let width = Int(header[1]), width > 0,
    let height = Int(header[2]), height > 0, header[3] == "255",
    parts[4].count / width == height, parts[4].count % width == 0
  else {
    throw PictureError(description: "\(path): not a binary PGM with a maximum of 255")
  }
  return Tensor(shape: [1, height, width, 1], values: parts[4].map { Float($0) / 255 })
}

func run() throws {
  let arguments = CommandLine.arguments
  guard arguments.count >= 3 else {
    throw PictureError(description: "usage: \(arguments[0]) MODEL.h5 PICTURE.pgm [LABELS.txt]")
  }
  let network = try Network(contentsOf: arguments[1])
  let outputs = try network.predict(try picture(arguments[2]))
  var labels: [String] = []
  if arguments.count > 3 {
    labels = String(decoding: try bytes(of: arguments[3]), as: UTF8.self)
      .split(whereSeparator: \.isNewline).map(String.init)
  }
  for (index, probability) in outputs[0].values.enumerated() {
    print(index < labels.count ? "\(probability) \(labels[index])" : "\(probability)")
  }
}

do {
  try run()
} catch {
  let message = Array("\(error)\n".utf8)
  _ = write(STDERR_FILENO, message, message.count)
  exit(1)
}
