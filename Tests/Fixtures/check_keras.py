"""Checks that Keras loads what cnntool writes, and computes the same with it.

    python Tests/Fixtures/check_keras.py TOOL [NAME …]

Every fixture is converted to .keras and .h5 for Keras 3 and to .h5 for Keras 2; each
file is loaded by that Keras, which must give the outputs that were saved with the
fixture. Prints a table; exits with status 1 where a file does not load or an output
differs.
"""

import argparse
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

from fixture import HERE, import_keras

warnings.filterwarnings("ignore")

# What one of the versions has no layer for: the tool must refuse to write it.
REFUSED = {
    ("activations.keras2", 3): "hard_sigmoid is another function in Keras 3",
    ("activations.keras3", 2): "Keras 2 lacks celu, hard_silu and others",
    ("sequences.keras2", 3): "hard_sigmoid is another function in Keras 3",
    ("sequences.keras3", 2): "hard_sigmoid is another function in Keras 2",
    ("one-dimensional.keras2", 3): "Keras 3 lacks LocallyConnected1D",
    ("normalizations.keras3", 2): "Keras 2 lacks RMSNormalization",
    ("resizing.keras2", 3): "Keras 3 lacks the interpolation area",
    ("resizing.keras3", 2): "Keras 2 lacks antialias and pad_to_aspect_ratio",
    ("operations.keras2", 3): "functions of TensorFlow",
    ("operations.keras3", 2): "operations of Keras 3",
}

# What is written, but not loaded or not computed by that Keras.
UNLOADABLE = {
}


def fixtures(names):
    for folder in ("models", "layers"):
        for path in sorted((HERE / folder).glob("*.h5")):
            if not names or any(name in path.stem for name in names):
                yield path


def reference(path):
    """The inputs by name (a single one under ""), and the outputs by the layers' paths."""
    arrays = np.load(path.with_suffix(".npz"))
    inputs = {key[6:]: arrays[key] for key in arrays if key == "input" or key.startswith("input:")}
    return inputs, {key: arrays[key] for key in arrays if not key.startswith("input")}


def output_names(model):
    """The layers whose outputs are the model's, by the names that references have."""
    last = model.layers[-1] if type(model).__name__ == "Sequential" else None
    if last is not None:
        return [last.name]
    names = []
    for tensor in model.outputs:
        history = getattr(tensor, "_keras_history")
        layer, node = history[0], history[1]
        calls = [index for index, inbound in enumerate(layer._inbound_nodes)]
        names.append((layer.name, node, len(calls)))
    return names


def compare(keras, file, inputs, wanted):
    """The largest difference beyond the tolerance, and how many outputs were compared."""
    model = keras.models.load_model(file, compile=False)
    given = [inputs.get(tensor.name.split(":")[0], inputs.get("")) for tensor in model.inputs]
    # The layers' outputs, all of which the fixture has.
    from fixture import layer_outputs
    found = layer_outputs(model, given[0] if len(given) == 1 else given)
    worst, count = 0.0, 0
    for name, values in found.items():
        if name in wanted:
            expected = wanted[name]
        elif f"{name}|stride" in wanted:
            step = int(wanted[f"{name}|s"])
            expected = wanted[f"{name}|stride"]
            values = values.reshape(len(values), -1)[:, ::step]
        else:
            continue
        if values.shape != expected.shape:
            raise ValueError(f"{name} has shape {values.shape}; expected {expected.shape}")
        excess = np.abs(values - expected) / (1e-5 + 1e-5 * np.abs(expected))
        if excess.size and not excess.max() <= 1:
            raise ValueError(f"{name} differs by {np.abs(values - expected).max():.2g}")
        worst = max(worst, float(np.abs(values - expected).max(initial=0)))
        count += 1
    if count == 0:
        raise ValueError("no layer of the reference")
    return worst, count


def check(tool, version, kinds, names):
    """Whether all is well; prints a line for each file."""
    keras = import_keras(version)
    isWell = True
    with tempfile.TemporaryDirectory() as folder:
        for path in fixtures(names):
            inputs, wanted = reference(path)
            for kind in kinds:
                file = Path(folder) / f"{path.stem}.{kind}"
                run = subprocess.run(
                    [tool, "convert", str(path), str(file), "--keras", str(version)],
                    capture_output=True, text=True, check=False)
                reason = REFUSED.get((path.stem, version))
                if run.returncode != 0:
                    isRight = reason is not None
                    result = f"not written: {reason}" if reason else run.stderr.strip()[:300]
                elif reason:
                    isRight, result = False, f"written, although: {reason}"
                else:
                    known = UNLOADABLE.get((path.stem, version))
                    try:
                        worst, count = compare(keras, file, inputs, wanted)
                        isRight, result = known is None, f"{count} layers, at most {worst:.1e} apart"
                    except Exception as error:  # pylint: disable=broad-exception-caught
                        isRight = known is not None
                        result = known or " ".join(str(error).split())[:300]
                isWell = isWell and isRight
                print(f"{'ok' if isRight else 'FAILED':6} {path.stem:32} .{kind:5} "
                      f"Keras {version}  {result}", flush=True)
                file.unlink(missing_ok=True)
    return isWell


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tool")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--keras", type=int, choices=(2, 3))
    options = parser.parse_args()
    if options.keras:
        kinds = ("keras", "h5") if options.keras == 3 else ("h5",)
        sys.exit(0 if check(options.tool, options.keras, kinds, options.names) else 1)
    # Each version in a process of its own: TensorFlow decides once which it uses.
    status = 0
    for version in ("3", "2"):
        run = subprocess.run(
            [sys.executable, __file__, options.tool, *options.names, "--keras", version],
            check=False)
        status = max(status, run.returncode)
    print("all is well" if status == 0 else "there are differences")
    sys.exit(1 if status else 0)


if __name__ == "__main__":
    main()
