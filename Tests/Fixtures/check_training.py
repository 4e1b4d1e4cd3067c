"""Checks that Keras goes on training with what cnntool writes of models that Keras has trained.

    python Tests/Fixtures/check_training.py TOOL

Keras 2 and 3 each train a model with every optimizer and save it; the tool converts each file
to every format; the Keras that it is for loads that and trains on. Its weights must be those of
training that was not interrupted, which says that the tool has read and written the optimizer's
state. Of an .h5, Keras 3 cannot restore the state, its own neither; there it must train, if with
an optimizer that begins anew.
"""

import argparse
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

from fixture import import_keras
from make_training import settings, train_further, trainable_model

warnings.filterwarnings("ignore")
STEPS = 3


def write(folder, version):
    """Models after some steps, and their weights after more."""
    keras = import_keras(version)
    for name, optimizer in settings(keras).items():
        trained = trainable_model(keras, optimizer())
        train_further(trained, 0, STEPS)
        for ending in ("keras", "h5") if version == 3 else ("h5",):
            # Saving an .h5 makes Keras 3 forget the optimizer, so it comes last.
            trained.save(folder / f"{name}.from{version}.{ending}")
        train_further(trained, STEPS, STEPS)
        np.savez(folder / f"{name}.from{version}.npz",
                 **{str(n): w for n, w in enumerate(trained.get_weights())})


def check(tool, folder, version):
    keras = import_keras(version)
    is_well = True
    for path in sorted(folder.glob("*.from*.*")):
        if path.suffix == ".npz" or ".to" in path.name:
            continue
        for kind in ("keras", "h5") if version == 3 else ("h5",):
            name, source, suffix = path.name.split(".")
            file = folder / f"{name}.{source}.{suffix}.to{version}.{kind}"
            # Keras 2 does not store the product of momenta that Nadam keeps, and does not multiply it
            # in each step where the step is compiled.
            restores = kind == "keras" or version == 2
            if name == "nadam" and "2" in (source[-1], str(version)):
                restores = False
            try:
                subprocess.run([tool, "convert", path, file, "--keras", str(version)], check=True,
                               capture_output=True, text=True)
                loaded = keras.models.load_model(file)
                steps = int(loaded.optimizer.iterations)
                train_further(loaded, STEPS, STEPS)
                wanted = np.load(folder / f"{name}.{source}.npz")
                # Keras 2 has the moving variance of n - 1 of n items, Keras 3 that of all. The bias
                # in front of a normalisation has a gradient of rounding errors alone.
                worst = max(float(np.abs(np.asarray(weight) - wanted[str(number)]).max())
                            for number, weight in enumerate(loaded.weights)
                            if source == f"from{version}"
                            or number != 1 and "variance" not in weight.name)
                result = f"{steps} steps, then {worst:.1e} apart"
                is_right = steps == STEPS and worst < 1e-5 if restores else True
            except subprocess.CalledProcessError as error:
                is_right, result = False, error.stderr.strip()
            except Exception as error:  # whatever Keras does not like
                is_right, result = False, " ".join(str(error).split())
            is_well = is_well and is_right
            print(f"{'ok' if is_right else 'FAILED':6} {name:20} {source}.{suffix:5} "
                  f".{kind:5} Keras {version}  {result[:300]}", flush=True)
    return is_well


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool")
    parser.add_argument("--write", type=int, choices=(2, 3))
    parser.add_argument("--check", type=int, choices=(2, 3))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.write:
        return write(options.folder, options.write)
    if options.check:
        sys.exit(0 if check(options.tool, options.folder, options.check) else 1)
    # Each version in a process of its own: TensorFlow decides once which it uses.
    status = 0
    with tempfile.TemporaryDirectory() as folder:
        for step in ("--write", "--check"):
            for version in ("3", "2"):
                run = subprocess.run(
                    [sys.executable, __file__, options.tool, "--folder", folder, step, version],
                    check=False)
                status = max(status, run.returncode)
    print("all is well" if status == 0 else "there are differences")
    sys.exit(1 if status else 0)


if __name__ == "__main__":
    main()
