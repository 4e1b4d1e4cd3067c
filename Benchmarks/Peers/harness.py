"""The harness: one worker process per runtime and thread count, measured in turn.

A worker is any program that reads JSON lines on stdin and answers each with one JSON line on stdout:
    {"op":"load","model":NAME,"batch":B,"threads":T,...paths...}  ->  {"ok":true,"variants":{V:{"rel_err":..}}}
    {"op":"measure","variant":V,"budget":SECONDS,"min_n":N}       ->  {"ok":true,"ms":[one time per batch]}
    {"op":"quit"}
While one worker is measured all others are stopped (SIGSTOP), so that spinning thread pools cannot disturb it.
With one thread the whole worker is bound to one core, whatever switches its runtime has. For every measurement
the parent notes how busy the machine was with other processes; it waits for a quiet machine, measures again when
it was disturbed (as long as its patience lasts), and the summary uses the quiet rounds only, or is marked noisy.

glibc is told to keep freed memory: runtimes that allocate their buffers anew on every call would otherwise spend
their time on fresh pages.
"""
import ctypes, json, os, platform, resource, select, signal, statistics, subprocess, sys, time, traceback

FOLDER = os.environ.get("CNN_PEERS", os.path.join(os.getcwd(), ".build", "peers"))
TICK = os.sysconf("SC_CLK_TCK")
ONE_CORE = max(os.sched_getaffinity(0))
QUIET = 0.15  # cores taken by other processes up to which a measurement counts
KEEP = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(32 << 30), "MALLOC_TOP_PAD_": str(64 << 20)}


def thread_env(threads):
    e = dict(os.environ, **KEEP, PYTHONWARNINGS="ignore")
    for k in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        e[k] = str(threads)
    return e


class Worker:
    def __init__(self, name, cmd, threads, log, mem_gib=8):
        def pre():
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # dies with the parent, even while stopped
            if threads == 1:
                os.sched_setaffinity(0, {ONE_CORE})
            resource.setrlimit(resource.RLIMIT_DATA, (mem_gib << 30,) * 2)
        self.name, self.dead = name, None
        self.p = subprocess.Popen(cmd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(log, "ab"),
                                  env=thread_env(threads), preexec_fn=pre, bufsize=0)
        self.buf = b""
        os.kill(self.p.pid, signal.SIGSTOP)

    def cpu(self):
        f = open(f"/proc/{self.p.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(f[11]) + int(f[12])) / TICK

    def ask(self, limit=300, **msg):
        """Send one message, wait for the answer; the worker runs only meanwhile."""
        if self.dead:
            return {"ok": False, "error": self.dead}
        os.kill(self.p.pid, signal.SIGCONT)
        try:
            self.p.stdin.write((json.dumps(msg) + "\n").encode())
            end = time.time() + limit
            while b"\n" not in self.buf:
                r, _, _ = select.select([self.p.stdout], [], [], max(0, end - time.time()))
                chunk = os.read(self.p.stdout.fileno(), 1 << 20) if r else b""
                if not chunk:
                    self.dead = "timed out" if not r else "worker ended"
                    self.p.kill()
                    self.p.wait()
                    return {"ok": False, "error": self.dead}
                self.buf += chunk
            line, self.buf = self.buf.split(b"\n", 1)
            return json.loads(line)
        except BrokenPipeError:
            self.dead = "worker ended"
            return {"ok": False, "error": self.dead}
        finally:
            if not self.dead:
                os.kill(self.p.pid, signal.SIGSTOP)

    def measure(self, **msg):
        if self.dead:
            return {"ok": False, "error": self.dead}
        c0, s0, t0 = self.cpu(), machine_busy(), time.perf_counter()
        r = self.ask(op="measure", **msg)
        if r.get("ok") and not self.dead:
            wall = time.perf_counter() - t0
            own = self.cpu() - c0
            busy, steal = (b - a for a, b in zip(s0, machine_busy()))
            r.update(cores=round(own / wall, 2), foreign=round(max(0, busy - own) / wall, 2),
                     steal=round(steal / wall, 2))
        return r

    def careful(self, patience, tries=3, **msg):
        """measure() on a quiet machine if there is one to be had; patience is [seconds left], shared by all."""
        for left in range(tries, 0, -1):
            wait_quiet(patience)
            r = self.measure(**msg)
            if not r.get("ok") or r.get("foreign", 0) <= QUIET or patience[0] <= 0:
                break
        return r

    def close(self):
        if self.p.poll() is None:
            self.p.kill()
            os.kill(self.p.pid, signal.SIGCONT)
            self.p.wait()


def wait_quiet(patience):
    """Wait, with all workers stopped, until other processes leave the machine alone."""
    while patience[0] > 0:
        a, t = machine_busy()[0], time.perf_counter()
        time.sleep(0.12)
        wall = time.perf_counter() - t
        if (machine_busy()[0] - a) / wall <= QUIET:
            return
        time.sleep(0.5)
        patience[0] -= wall + 0.5


def machine_busy():
    f = list(map(int, open("/proc/stat").readline().split()[1:]))
    user, nice, system, _, _, irq, soft, steal = f[:8]
    return (user + nice + system + irq + soft + steal) / TICK, steal / TICK


def mem_available_gib():
    for l in open("/proc/meminfo"):
        if l.startswith("MemAvailable"):
            return int(l.split()[1]) / 2 ** 20


def serve(handler):
    """Worker side. handler(msg) returns the answer; everything libraries print goes to stderr."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        msg = json.loads(line)
        if msg["op"] == "quit":
            break
        try:
            r = {"ok": True, **handler(msg)}
        except BaseException as e:
            traceback.print_exc()
            r = {"ok": False, "error": f"{type(e).__name__}: {e}"[:300]}
        out.write(json.dumps(r) + "\n")
        out.flush()


def sample(fn, budget, min_n, warm=2, max_n=20000):
    """Times in ms of calls of fn for about budget seconds; calls of a few microseconds are timed in groups."""
    now = time.perf_counter_ns
    end, one = now() + budget * 0.2e9, None
    for _ in range(warm):
        a = now()
        fn()
        one = now() - a
        if now() > end:
            break
    group = max(1, int(30e3 // max(one or 0, 500)))
    out, end = [], now() + budget * 1e9
    while len(out) < min_n or (now() < end and len(out) < max_n):
        a = now()
        for _ in range(group):
            fn()
        out.append((now() - a) / 1e6 / group)
    return out


def summary(rounds):
    """rounds: answers of measure(). Only rounds on a quiet machine count, unless there were none."""
    good = [r for r in rounds if r.get("ok")]
    if not good:
        return None
    quiet = [r for r in good if r.get("foreign", 0) <= QUIET]
    ms = sorted(x for r in quiet or good for x in r["ms"])
    q = lambda f: round(ms[min(len(ms) - 1, int(f * len(ms)))], 5)
    return dict(median_ms=round(statistics.median(ms), 5), min_ms=round(ms[0], 5), p10_ms=q(.1), p90_ms=q(.9),
                n=len(ms), noisy=not quiet,
                rounds=[dict(median_ms=round(statistics.median(r["ms"]), 5), n=len(r["ms"]), cores=r.get("cores"),
                             foreign=r.get("foreign"), steal=r.get("steal")) for r in good])


def meta():
    from importlib.metadata import version
    packages = ("onnxruntime", "ai-edge-litert", "openvino", "ncnn", "numpy")
    cpu = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    return dict(date=time.strftime("%Y-%m-%d %H:%M:%S"), cpu=cpu, cores=os.cpu_count(),
                kernel=platform.release(), versions={p: version(p) for p in packages})


def fmt(ms):
    return "-" if ms is None else f"{ms:.3f}" if ms < 10 else f"{ms:.1f}" if ms < 1000 else f"{ms:.0f}"
