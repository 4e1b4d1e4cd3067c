import ArgumentParser

/// What a compiled model is for.
enum CompilationTarget: String, ExpressibleByArgument, CaseIterable {
  case generic
  case avx512
  case cortexM7 = "cortex-m7"
}
