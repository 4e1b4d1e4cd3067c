import Kernel
import Testing
import Glibc
@Suite(.serialized) struct PrintTmp {
  @Test func printULP() {
    func p(_ n: String, _ s: FloatSweep) { print("ULP", n, s.largestError, s.argument) }
    for k in testedKernels {
      p("exp \(k.testDescription)", FloatSweep(k.computation(.exponential), exact: exp))
      p("exp normal results \(k.testDescription)", FloatSweep(k.computation(.exponential), domain: -87.3...200, exact: exp))
      p("tanh \(k.testDescription)", FloatSweep(k.computation(.tanh), exact: tanh))
      p("sigmoid \(k.testDescription)", FloatSweep(k.computation(.sigmoid)) { 1 / (1 + exp(-$0)) })
      p("softplus \(k.testDescription)", FloatSweep(k.computation(.softplus)) { x in max(x, 0) + log1p(exp(-abs(x))) })
    }
    p("erf base", FloatSweep(computation(SIMD4.self) { errorFunction($0) }, exact: erf))
    p("erf fma", FloatSweep(computation(SIMD8.self) { errorFunction($0) }, exact: erf))
    let d = Float.leastNormalMagnitude ... .greatestFiniteMagnitude
    p("log base", FloatSweep(computation(SIMD4.self) { logarithm($0) }, domain: d, exact: log))
    p("log fma", FloatSweep(computation(SIMD8.self) { logarithm($0) }, domain: d, exact: log))
    p("log 0.5-2 base", FloatSweep(computation(SIMD4.self) { logarithm($0) }, domain: 0.5...2, exact: log))
    p("log1p base", FloatSweep(computation(SIMD4.self) { logarithmOfOnePlus($0) }, domain: 0...1, exact: log1p))
    p("log1p fma", FloatSweep(computation(SIMD8.self) { logarithmOfOnePlus($0) }, domain: 0...1, exact: log1p))
  }
  @Test func timePool() {
    for k in testedKernels { for c in [16, 64] {
      let g = WindowGeometry(batch: 1, input: (56, 56, c), output: (28, 28, c), window: (3, 3), stride: (2, 2))
      var r = SeededGenerator(1)
      let i = Floats(r.floats(g.inputCount)); let o = GuardedFloats(count: g.outputCount)
      var best = 1e9
      for _ in 0..<200 {
        let t = clock_gettime_nsec()
        k.poolMaximum(PoolingArguments(input: i.pointer, output: o.pointer, geometry: g))
        best = min(best, Double(clock_gettime_nsec() - t))
      }
      print("POOL", k.testDescription, c, best / 1000, "us") } }
  }
}
func clock_gettime_nsec() -> UInt64 { var t = timespec(); clock_gettime(CLOCK_MONOTONIC, &t); return UInt64(t.tv_sec) * 1_000_000_000 + UInt64(t.tv_nsec) }
