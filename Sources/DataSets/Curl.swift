import DataFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The system's `curl`, which knows proxies, certificates and how to resume; a library of that would be
/// more than all the rest of this program.
enum Curl {
  /// Fetches what is at `url` to the file at `path`, going on behind what is there already.
  ///
  /// - Throws: `DataFileError` where there is no curl, or it could not fetch the file.
  static func fetch(_ url: String, to path: String, showsProgress: Bool) throws(DataFileError) {
    let options = ["--fail", "--location", "--retry", "3", "--continue-at", "-", "--output", path]
    let display = showsProgress ? ["--progress-bar"] : ["--silent"]
    let status = try run(["curl"] + options + display + ["--", url], for: url)
    guard status != 0 else { return }
    throw DataFileError(
      file: url, problem: "cannot be fetched: \(reason(status))",
      advice: "try again, which goes on where it ended, or name a folder that has the data")
  }

  /// What curl's exit status means, of those that people meet.
  private static func reason(_ status: Int32) -> String {
    switch status {
    case 5, 6: "the server's name is not known, so there may be no network"
    case 7: "the server does not answer"
    case 22: "the server does not have it"
    case 23: "it cannot be written, so the disk may be full"
    case 28: "it took too long"
    case 35, 51, 60: "the connection is not secure"
    case 37: "there is no such file"
    case 18, 56: "the connection broke off"
    default: "curl ended with status \(status)"
    }
  }

  /// Runs a program that is found as the shell would find it, and returns its exit status.
  private static func run(
    _ command: [String], for url: String
  ) throws(DataFileError) -> Int32 {
    var arguments = command.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, command[0], nil, nil, arguments, environ)
    guard failure == 0 else {
      throw DataFileError(
        file: url,
        problem: "cannot be fetched, for \(command[0]) cannot be run "
          + "(\(String(cString: strerror(failure))))",
        advice: "install \(command[0]), or name a folder that has the data")
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    // The status in the second byte, or the number of the signal that ended it.
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
  }
}
