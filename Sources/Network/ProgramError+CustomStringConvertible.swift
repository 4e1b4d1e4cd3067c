import Runtime

extension ProgramError: CustomStringConvertible {
  /// What is wrong with the bytes, and what to do.
  public var description: String {
    switch self {
    case .notAProgram: "not a compiled model; 'cnntool compile' makes one of a Keras file"
    case .olderVersion: "compiled by an older version of cnntool; compile the model again"
    case .newerVersion:
      "compiled by a newer version of cnntool; take that one, or compile the model again"
    case .wrongByteOrder:
      "its numbers have their most significant byte first; compile the model for this machine"
    case .wrongChecksum:
      "its checksum is not that of its bytes: it is damaged; copy it again, or compile the model again"
    case .truncated: "a compiled model that is cut off; copy it again, or compile the model again"
    case .misaligned: "it does not begin at a multiple of 64 bytes in memory"
    case .damaged:
      "a compiled model whose records contradict each other: it is damaged; compile the model again"
    case .unsupportedMethod:
      "it is computed by a method that this build has not; compile the model with --target cortex-m7"
    case .unsuitableArena:
      "the memory to run it in is too small, or does not begin at a multiple of 64 bytes"
    }
  }
}
