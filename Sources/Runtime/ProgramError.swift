/// Why bytes are not a program that can be run.
public enum ProgramError: Error, Equatable, Sendable {
  /// The bytes do not begin with `CNN PROG`.
  case notAProgram
  /// The program was written by a newer or older version of this source.
  case unknownVersion
  /// The bytes end before the program does.
  case truncated
  /// The bytes do not begin at a multiple of 64.
  case misaligned
  /// A record points outside of the program, or contradicts another.
  case damaged
  /// The arena is smaller than the program asks for, or does not begin at a multiple of 64.
  case unsuitableArena
}
