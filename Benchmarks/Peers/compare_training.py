#!/usr/bin/env python3
"""Compares training by cnntool with TensorFlow and PyTorch: images a second, float32, one batch again and again.

    python compare_training.py --engine 'cnntool bench --worker' [--models a,b] [--threads 1,2] [--rounds 3]
                               [--patience 600] [--out FOLDER]

A step is forward, backward and the optimiser's update. TensorFlow's is a hand-written tf.function loop, compiled
once; PyTorch's is eager, channels last. Workers are measured in turn while the others are stopped. Prints a table
and writes training.json; the last line is the smallest ratio to the best peer.
"""
import argparse, json, os, random, sys, time
import numpy as np
import harness
from models import MODELS, SHAPES

# model: optimiser, loss, batch
TRAIN = {"seed1": ("adam", "categorical_crossentropy", 1000), "seed2": ("adam", "categorical_crossentropy", 32),
         "seed3": ("rmsprop", "categorical_crossentropy", 100), "seed4": ("adam", "bce_logits", 64)}
TITLES = {"seed1": "MNIST, two convolutions", "seed2": "Fashion-MNIST", "seed3": "MNIST 30x5x5",
          "seed4": "cats and dogs 150x150"}


def batch_files(name):
    """The one batch everybody trains on: images in 0..1, one-hot classes (seed4: 0 or 1)."""
    r, b = np.random.default_rng(7), TRAIN[name][2]
    paths = [os.path.join(harness.FOLDER, f"{name}.train_{k}.f32") for k in "xy"]
    x = r.random((b,) + SHAPES[name], dtype=np.float32)
    k = r.integers(0, 2 if name == "seed4" else 10, b)
    x.tofile(paths[0])
    (k[:, None] if name == "seed4" else np.eye(10)[k]).astype("<f4").tofile(paths[1])
    return paths


# ---- worker side: each loader returns a function that takes one step and returns its loss ----

def load_tensorflow(m, x, y, threads, state):
    import tensorflow as tf
    import keras
    if not state:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
        state["set"] = True
    keras.backend.clear_session()
    model = keras.models.load_model(m["h5_k3"], compile=False)
    optimizer = keras.optimizers.get(m["optimizer"])
    loss = (keras.losses.BinaryCrossentropy(from_logits=True) if m["loss"] == "bce_logits"
            else keras.losses.CategoricalCrossentropy())
    optimizer.build(model.trainable_variables)
    xs, ys = tf.constant(x), tf.constant(y)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            value = loss(ys, model(xs, training=True))
        optimizer.apply_gradients(zip(tape.gradient(value, model.trainable_variables), model.trainable_variables))
        return value
    return lambda: float(step())


def load_torch(m, x, y, threads, state):
    import torch
    from torch import nn
    import torch.nn.functional as F
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    pool, relu = lambda: nn.MaxPool2d(2), nn.ReLU
    layers = {
        "seed1": [nn.Conv2d(1, 32, 2), relu(), pool(), nn.Conv2d(32, 32, 2), relu(), pool(), nn.Flatten(),
                  nn.Linear(1152, 500), nn.Sigmoid(), nn.Linear(500, 10)],
        "seed2": [nn.Conv2d(1, 64, 3), relu(), pool(), nn.Conv2d(64, 64, 3), relu(), pool(), nn.Flatten(),
                  nn.Linear(1600, 128), relu(), nn.Linear(128, 10)],
        "seed3": [nn.Conv2d(1, 30, 5), relu(), pool(), nn.Conv2d(30, 15, 3), relu(), nn.Dropout(0.2), nn.Flatten(),
                  nn.Linear(1500, 128), relu(), nn.Linear(128, 50), relu(), nn.Linear(50, 10)],
        "seed4": [nn.Conv2d(3, 16, 3, padding=1), relu(), pool(), nn.Dropout(0.2), nn.Conv2d(16, 32, 3, padding=1),
                  relu(), pool(), nn.Conv2d(32, 64, 3, padding=1), relu(), pool(), nn.Dropout(0.2), nn.Flatten(),
                  nn.Linear(20736, 512), relu(), nn.Linear(512, 1)]}
    net = nn.Sequential(*layers[m["model"]]).train().to(memory_format=torch.channels_last)
    xs = torch.from_numpy(x).permute(0, 3, 1, 2).contiguous(memory_format=torch.channels_last)
    binary = m["loss"] == "bce_logits"
    ys = torch.from_numpy(y) if binary else torch.from_numpy(y).argmax(1)
    optimizer = (torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7) if m["optimizer"] == "adam"
                 else torch.optim.RMSprop(net.parameters(), lr=1e-3, alpha=0.9, eps=1e-7))

    def step():
        optimizer.zero_grad(set_to_none=True)
        out = net(xs)
        value = F.binary_cross_entropy_with_logits(out, ys) if binary else F.cross_entropy(out, ys)
        value.backward()
        optimizer.step()
        return float(value)
    return step


def worker(runtime, threads):
    state, current = {}, {}

    def steps(n):
        times = []
        for _ in range(n):
            begin = time.perf_counter()
            loss = current["step"]()
            times.append((time.perf_counter() - begin) * 1e3)
        return times, loss

    def handle(m):
        if m["op"] == "load":
            x = np.fromfile(m["x_f32"], "<f4").reshape(m["batch"], *m["shape"])
            y = np.fromfile(m["y_f32"], "<f4").reshape(m["batch"], -1)
            current["step"] = globals()["load_" + runtime](m, x, y, threads, state)
            times, loss = steps(3)
            return dict(variants={runtime: dict(loss0=loss, est_ms=times[-1])})
        times, loss = steps(m["steps"])
        return dict(ms=times, loss=loss)
    harness.serve(handle)


def measure(args):
    rows, rnd, patience = [], random.Random(1), [args.patience]
    log = os.path.join(harness.FOLDER, "training-workers.log")
    for threads in map(int, args.threads.split(",")):
        workers = [harness.Worker(p, [sys.executable, __file__, "--worker", p, str(threads)], threads, log, mem_gib=10)
                   for p in args.peers.split(",")]
        workers.append(harness.Worker("cnn", ["/bin/sh", "-c", "exec " + args.engine], threads, log))
        try:
            for name in args.models.split(","):
                x, y = batch_files(name)
                optimizer, loss, batch = TRAIN[name]
                todo, got = [], {}
                for w in workers:
                    answer = w.ask(op="load", limit=400, model=name, batch=batch, threads=threads, shape=SHAPES[name],
                                   optimizer=optimizer, loss=loss, x_f32=x, y_f32=y,
                                   h5=os.path.join(MODELS, f"{name}.h5"), h5_k3=os.path.join(MODELS, f"{name}.keras"))
                    if not answer.get("ok"):
                        sys.exit(f"{w.name} cannot train {name}: {answer.get('error')}")
                    todo.append((w, answer["variants"][w.name]))
                    got[w.name] = []
                for _ in range(args.rounds):
                    rnd.shuffle(todo)
                    for w, info in todo:
                        n = max(4, min(200, int(1500 / max(info["est_ms"], 1e-3))))
                        answer = w.careful(patience, variant=w.name, steps=n)
                        if not answer.get("ok"):
                            sys.exit(f"{w.name} failed at {name}: {answer.get('error')}")
                        got[w.name].append(answer)
                speeds = {k: max(1000 * batch / float(np.median(r["ms"])) for r in v) for k, v in got.items()}
                best = max(v for k, v in speeds.items() if k != "cnn")
                rows.append(dict(model=name, threads=threads, batch=batch, ratio=speeds["cnn"] / best, speeds=speeds,
                                 losses={k: v[-1].get("loss") for k, v in got.items()},
                                 noisy=any(r.get("foreign", 0) > harness.QUIET for v in got.values() for r in v)))
                print(f"{TITLES[name]}, {threads} thread(s): ratio {rows[-1]['ratio']:.2f}", file=sys.stderr)
        finally:
            for w in workers:
                w.close()
    return rows


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--engine", default="cnntool bench --worker")
    p.add_argument("--models", default=",".join(TRAIN))
    p.add_argument("--peers", default="tensorflow,torch")
    p.add_argument("--threads", default="1,2")
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--patience", type=float, default=600, help="seconds to wait in all for a quiet machine")
    p.add_argument("--out", default=harness.FOLDER)
    args = p.parse_args()
    rows = measure(args)
    peers = args.peers.split(",")
    print("| network | batch | threads | " + " | ".join(peers) + " | cnntool | ratio |")
    print("| --- " * (len(peers) + 5) + "|")
    for r in rows:
        cells = [f"{r['speeds'][k]:,.0f}" for k in peers + ["cnn"]]
        note = " (busy machine)" if r["noisy"] else ""
        print(f"| {TITLES[r['model']]} | {r['batch']} | {r['threads']} | " + " | ".join(cells) + f" | {r['ratio']:.2f}{note} |")
    with open(os.path.join(args.out, "training.json"), "w") as f:
        json.dump(rows, f, indent=1)
    print(f"smallest ratio to the best peer: {min(r['ratio'] for r in rows):.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] == "--worker":
        worker(sys.argv[2], int(sys.argv[3]))
    else:
        main()
