// Measures the kernels of every instruction set that the processor has.
//
//     kernel-bench [--model FILE] [--core N] [--seconds S] [--json]

import CNN
import Glibc
import Kernel

struct UsageError: Error, CustomStringConvertible {
  var description: String
}

struct Options {
  var model: String?
  var core: Int?
  /// How long each layer is measured.
  var seconds = 1.0
  var isJSON = false

  init(_ arguments: some Sequence<String>) throws {
    var rest = arguments.makeIterator()
    func value<Value>(_ name: String, _ make: (String) -> Value?) throws -> Value {
      guard let value = rest.next().flatMap(make) else {
        throw UsageError(description: "\(name) needs a value")
      }
      return value
    }
    while let argument = rest.next() {
      switch argument {
      case "--model": model = try value(argument) { $0 }
      case "--core": core = try value(argument) { Int($0) }
      case "--seconds": seconds = try value(argument) { Double($0).flatMap { $0 > 0 ? $0 : nil } }
      case "--json": isJSON = true
      default:
        throw UsageError(
          description: "unknown argument '\(argument)'; expected "
            + "[--model FILE] [--core N] [--seconds S] [--json]")
      }
    }
  }
}

func measure(_ options: Options) throws -> Report {
  var report = Report(core: Core.pin(to: options.core), model: options.model)
  let model = try options.model.map { try Network(contentsOf: $0) }
  let workloads = try Workload.all()
  for set in InstructionSet.allCases where set <= Processor.best {
    let kernels = try Processor.kernels(for: set)
    var part = SetReport(set: set)
    for workload in workloads {
      part.workloads.append(
        (workload, try Measurement(workload, kernels: kernels, seconds: options.seconds)))
    }
    if let model {
      part.latencies = try [1, 32].map {
        try Latency(model, batch: $0, kernels: kernels, seconds: options.seconds)
      }
    }
    report.sets.append(part)
  }
  return report
}

do {
  let options = try Options(CommandLine.arguments.dropFirst())
  let report = try measure(options)
  print(options.isJSON ? report.json : report.text)
} catch {
  let message = Array("kernel-bench: \(error)\n".utf8)
  _ = write(STDERR_FILENO, message, message.count)
  exit(1)
}
