#!/usr/bin/env python3
"""Compares cnntool with onnxruntime, LiteRT, OpenVINO and ncnn: median milliseconds per batch, float32.

    python compare.py --engine 'cnntool bench --worker' [--models a,b] [--batches 1,32] [--threads 1,2]
                      [--rounds 3] [--budget 0.6] [--patience 600] [--out FOLDER]

Prints a table of every row and writes it with results.json into --out. The last line says how many rows were
lost, and the geometric mean of the best peer's time over ours; the exit status is 1 where a row was lost.

    LiteRT       interpreter with XNNPACK: set_tensor, invoke, get_tensor
    onnxruntime  CPU provider
    OpenVINO     CPU, latency hint, inference precision float32 (left to itself it may compute in bfloat16)
    ncnn         one image after another; with two threads also two images at a time, one thread each
"""
import argparse, json, math, os, random, sys, time
import numpy as np
import harness
from models import LARGE, MODELS, NAMES, SHAPES

CONV = os.path.join(harness.FOLDER, "conv")
RUNTIMES = ("ort", "tflite", "openvino", "ncnn")
TITLES = {"ort": "onnxruntime", "tflite": "LiteRT", "openvino": "OpenVINO", "ncnn": "ncnn", "cnn": "cnntool"}
AGREEMENT = 1e-4  # of the largest reference value


# ---- worker side: each loader returns {variant: function that runs one batch and returns numpy} ----

def load_tflite(m, x, threads, state):
    from ai_edge_litert.interpreter import Interpreter
    it = Interpreter(os.path.join(CONV, f"{m['model']}.b{len(x)}.tflite"), num_threads=threads)
    it.allocate_tensors()
    i, o = it.get_input_details()[0]["index"], it.get_output_details()[0]["index"]

    def run():
        it.set_tensor(i, x)
        it.invoke()
        return it.get_tensor(o)
    return {"tflite": run}


def load_ort(m, x, threads, state):
    import onnxruntime as o
    so = o.SessionOptions()
    so.intra_op_num_threads, so.inter_op_num_threads = threads, 1
    so.add_free_dimension_override_by_name("N", len(x))
    s = o.InferenceSession(os.path.join(CONV, f"{m['model']}.onnx"), so,
                           providers=["CPUExecutionProvider"])
    n = s.get_inputs()[0].name
    return {"ort": lambda: s.run(None, {n: x})[0]}


def load_openvino(m, x, threads, state):
    import openvino as ov
    core = ov.Core()
    mod = core.read_model(os.path.join(CONV, f"{m['model']}.onnx"))
    mod.reshape(list(x.shape))
    req = core.compile_model(mod, "CPU", {"INFERENCE_NUM_THREADS": threads, "NUM_STREAMS": 1,
                                          "PERFORMANCE_HINT": "LATENCY",
                                          "INFERENCE_PRECISION_HINT": "f32"}).create_infer_request()
    return {"openvino": lambda: np.array(req.infer(x, share_inputs=True, share_outputs=True)[0], copy=True)}


def load_ncnn(m, x, threads, state):
    import ncnn
    from concurrent.futures import ThreadPoolExecutor
    ins = [np.ascontiguousarray(a.transpose(2, 0, 1)) for a in x]
    rank3 = m["model"] == "seed0"

    def net_of(n):
        net = ncnn.Net()
        net.opt.num_threads = n
        net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
        net.opt.use_bf16_storage = False
        assert net.load_param(os.path.join(CONV, f"{m['model']}.ncnn.param")) == 0
        assert net.load_model(os.path.join(CONV, f"{m['model']}.ncnn.bin")) == 0
        return net

    def one(net, a):
        ex = net.create_extractor()
        ex.input("in0", ncnn.Mat(a))
        out = np.array(ex.extract("out0")[1])
        return out.transpose(1, 2, 0) if rank3 else out
    net = net_of(threads)
    fns = {"ncnn": lambda: np.stack([one(net, a) for a in ins])}
    if threads == 2 and len(x) > 1:
        if "pool" not in state:
            state["pool"] = ThreadPoolExecutor(2)
        net1, pool = net_of(1), state["pool"]
        half = (len(ins) + 1) // 2
        part = lambda p: [one(net1, a) for a in p]
        fns["ncnn_par"] = lambda: np.stack(sum(pool.map(part, (ins[:half], ins[half:])), []))
    return fns


def worker(runtime, threads):
    loader = globals()["load_" + runtime]
    state, fns = {}, {}

    def handle(m):
        nonlocal fns
        if m["op"] == "load":
            fns = {}
            h, w, c = m["shape"]
            ref = np.fromfile(m["x_f32"], "<f4").reshape(4, h, w, c)
            y = np.fromfile(m["y_f32"], "<f4").reshape(4, -1)
            x = np.ascontiguousarray(np.concatenate([ref] * (-(-m["batch"] // 4)))[:m["batch"]])
            a = time.perf_counter()
            fns = loader(m, x, threads, state)
            load_s, info = time.perf_counter() - a, {}
            for v, f in list(fns.items()):
                try:
                    a = time.perf_counter()
                    out = np.asarray(f())
                    first = time.perf_counter() - a
                    k = min(4, len(x))
                    err = float(np.abs(out[:k].reshape(k, -1) - y[:k]).max() / np.abs(y[:k]).max())
                    info[v] = dict(rel_err=float(f"{err:.2g}") if np.isfinite(err) else "nan", first_s=round(first, 4),
                                   load_s=round(load_s, 4), shape_ok=out.size == len(x) * y.shape[1])
                except Exception as e:
                    print(v, repr(e), file=sys.stderr, flush=True)
                    info[v] = dict(error=f"{type(e).__name__}: {e}"[:200])
                    del fns[v]
            return dict(variants=info)
        return dict(ms=harness.sample(fns[m["variant"]], m["budget"], m["min_n"]))
    harness.serve(handle)


# ---- parent side ----

def compare(row):
    """The best peer that agrees with Keras, and its time over ours; None where one of the two is missing."""
    ours = row["cells"].get("cnn")
    peers = {p: c["median_ms"] for p, c in row["cells"].items() if p != "cnn" and c["agrees"]}
    if not ours or not ours["agrees"] or not peers:
        return None
    best = min(peers, key=peers.get)
    return best, peers[best] / ours["median_ms"]


def line(row):
    result = compare(row)

    def text(peer):
        cell = row["cells"].get(peer)
        if not cell:
            return "-"
        mark = ("~" if cell["noisy"] else "") + ("" if cell["agrees"] else "!")
        value = harness.fmt(cell["median_ms"]) + mark
        return f"**{value}**" if result and peer == result[0] else value
    ratio = f"{result[1]:.2f}" if result else "-"
    return [row["model"], row["batch"], row["threads"], *[text(p) for p in RUNTIMES], text("cnn"), ratio]


def report(data):
    head = ["model", "batch", "threads", *[TITLES[p] for p in RUNTIMES], TITLES["cnn"], "best / ours"]
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    lines += ["| " + " | ".join(map(str, line(r))) + " |" for r in data["rows"]]
    meta = data["meta"]
    lines += ["", f"{meta['cpu']}, {meta['cores']} cores, {meta['date']}; "
              + ", ".join(f"{k} {v}" for k, v in meta["versions"].items())
              + ". Medians in milliseconds; ~ measured on a busy machine, ! output not Keras's."]
    lines += [f"{where}: {error}" for where, error in data["errors"].items()]
    return "\n".join(lines)


def measure_row(workers, model, batch, threads, options, patience, errors, rnd):
    at = lambda folder, e: os.path.join(folder, f"{model}.{e}")
    todo, cells = [], {}
    for peer, w in workers.items():
        where = f"{model}, batch {batch}, {threads} threads, {peer}"
        if harness.mem_available_gib() < 4:
            errors[where] = "left out: less than 4 GiB of memory free"
            continue
        r = w.ask(op="load", model=model, batch=batch, threads=threads, shape=SHAPES[model],
                  h5=at(MODELS, "h5"), x_f32=at(CONV, "x.f32"), y_f32=at(CONV, "y.f32"))
        if not r.get("ok"):
            errors[where] = r.get("error")
        for v, info in r.get("variants", {}).items():
            if "error" in info:
                errors[where] = info["error"]
            else:
                todo.append((w, peer, v, info))
    got = {v: [] for _, _, v, _ in todo}
    for _ in range(options.rounds):
        rnd.shuffle(todo)
        for w, _, v, _ in todo:
            got[v].append(w.careful(patience, variant=v, budget=options.budget, min_n=2))
    for _, peer, v, info in todo:
        summary = harness.summary(got[v])
        if summary is None:
            errors[f"{model}, batch {batch}, {threads} threads, {v}"] = got[v][0].get("error")
            continue
        error = info["rel_err"]
        cell = dict(summary, **info, agrees=isinstance(error, (int, float)) and error < AGREEMENT
                    and info.get("shape_ok", True))
        if peer not in cells or cell["median_ms"] < cells[peer]["median_ms"]:
            cells[peer] = cell
    return dict(model=model, batch=batch, threads=threads, cells=cells)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--engine", required=True)
    ap.add_argument("--models", default=",".join(NAMES))
    ap.add_argument("--batches", default="", help="without it 1, 32, 256; 1 and 8 of the large models")
    ap.add_argument("--threads", default="1,2")
    ap.add_argument("--rounds", type=int, default=3)
    ap.add_argument("--budget", type=float, default=0.6, help="seconds for a measurement")
    ap.add_argument("--patience", type=float, default=600, help="seconds to wait in all for a quiet machine")
    ap.add_argument("--out", default=harness.FOLDER)
    options = ap.parse_args()
    data, patience, rnd = dict(meta=harness.meta(), rows=[], errors={}), [options.patience], random.Random(1)
    log = os.path.join(options.out, "workers.log")
    open(log, "w").close()
    for threads in map(int, options.threads.split(",")):
        workers = {p: harness.Worker(p, [sys.executable, __file__, "--worker", p, str(threads)], threads, log)
                   for p in RUNTIMES}
        workers["cnn"] = harness.Worker("cnn", ["/bin/sh", "-c", "exec " + options.engine], threads, log)
        try:
            for model in options.models.split(","):
                batches = options.batches or ("1,8" if model in LARGE else "1,32,256")
                for batch in map(int, batches.split(",")):
                    row = measure_row(workers, model, batch, threads, options, patience, data["errors"], rnd)
                    data["rows"].append(row)
                    print(" ".join(map(str, line(row))), file=sys.stderr, flush=True)
        finally:
            for w in workers.values():
                w.close()
    for name, text in (("results.json", json.dumps(data, indent=1)), ("results.md", report(data) + "\n")):
        path = os.path.join(options.out, name)
        with open(path + ".part", "w") as f:
            f.write(text)
        os.replace(path + ".part", path)
    print(report(data) + "\n")
    results = [compare(r) for r in data["rows"]]
    ratios = [r[1] for r in results if r]
    lost = sum(r < 1 for r in ratios) + sum(r is None for r in results)
    mean = math.exp(sum(map(math.log, ratios)) / len(ratios)) if ratios else 0
    print(f"rows lost: {lost} of {len(results)}, geometric mean {mean:.2f}", flush=True)
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "--worker":
        worker(sys.argv[2], int(sys.argv[3]))
    else:
        main()
