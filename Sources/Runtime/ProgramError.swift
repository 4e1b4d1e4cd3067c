/// Why bytes are not a program that can be run.
public enum ProgramError: Error, Equatable, Sendable {
  /// The bytes do not begin as a program or a model does.
  case notAProgram
  /// They were written by an older version of this source.
  case olderVersion
  /// They were written by a newer version of this source.
  case newerVersion
  /// They were written with the most significant byte first.
  case wrongByteOrder
  /// They are not those that were written.
  case wrongChecksum
  /// The bytes end before the program does.
  case truncated
  /// The bytes do not begin at a multiple of 64.
  case misaligned
  /// A record points outside of the program, or contradicts another.
  case damaged
  /// The arena is smaller than the program asks for, or does not begin at a multiple of 64.
  case unsuitableArena
  /// An operation is computed by a method that these kernels do not have.
  case unsupportedMethod
}
