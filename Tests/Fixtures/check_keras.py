"""Checks that Keras loads what cnntool writes, and computes the same with it.

    python Tests/Fixtures/check_keras.py TOOL [NAME …]

Every fixture is converted to .keras and .h5 for Keras 3 and to .h5 for Keras 2; each
file is loaded by that Keras, which must give what was saved with the fixture,
layer by layer. Prints a table; exits with status 1 where a file does not load or an output
differs.
"""

import argparse
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

from fixture import HERE, import_keras, layer_outputs

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
    ("rarer.keras3", 2): "Keras 2 lacks rms_scaling and Pipeline",
    ("nodes.keras2", 3): "Keras 3 lacks local_response_normalization, split and others",
    ("operations.keras2", 3): "Keras 3 lacks local_response_normalization",
    ("operations.keras3", 2): "operations of Keras 3",
}

# What is written, but that Keras does not load.
UNLOADABLE = {
    **{("scales.keras2", kind, version): "no Keras has the class Scale"
       for kind, version in (("keras", 3), ("h5", 3), ("h5", 2))},
    ("normalizations.keras2", "h5", 2): "Keras 2 does not find SpectralNormalization in an .h5",
}


# One of each kind of file, with the output of the model alone.
CONTAINERS = ("keras1-tensorflow.h5", "keras1-theano.h5", "keras2.keras", "keras3.keras",
              "number-types.h5", "sequences2.keras", "sequences3.keras")


def fixtures(names):
    paths = [HERE / "containers" / name for name in CONTAINERS]
    for folder in ("models", "layers"):
        paths += sorted((HERE / folder).glob("*.h5"))
    for path in paths:
        if not names or any(name in path.stem for name in names):
            yield path


def reference(path):
    """The inputs by name (a single one under ""), and the outputs by the layers' paths."""
    arrays = np.load(path.with_suffix(".npz"))
    inputs = {key[6:]: arrays[key] for key in arrays if key == "input" or key.startswith("input:")}
    return inputs, {key: arrays[key] for key in arrays if not key.startswith("input")}


def compare(keras, file, original):
    """What was compared, and how far apart it is at most."""
    model = keras.models.load_model(file, compile=False)
    if original.stem.startswith("channels-first"):  # TensorFlow does not run them on a CPU
        own = original.with_name(f"channels-first.keras{keras.__version__[0]}.h5")
        other = keras.models.load_model(own, compile=False)
        for weight, wanted in zip(model.weights, other.weights, strict=True):
            if not np.array_equal(weight, wanted):
                raise ValueError(f"{wanted.name} differs")
        for layer, wanted in zip(model.layers, other.layers, strict=True):
            if getattr(layer, "data_format", "") != getattr(wanted, "data_format", ""):
                raise ValueError(f"{layer.name} has another order of axes")
        return f"{len(model.weights)} weights, the same"

    if original.parent.name == "containers":
        arrays = np.load(original.with_name(original.stem.split("-t")[0] + ".npz")
                         if "keras1" in original.stem else original.with_suffix(".npz"))
        found = np.asarray(model(arrays["input"], training=False))
        return distance({"output": found}, {"output": arrays["output"]})
    inputs, wanted = reference(original)
    given = [inputs.get(tensor.name.split(":")[0], inputs.get("")) for tensor in model.inputs]
    return distance(layer_outputs(model, given[0] if len(given) == 1 else given), wanted)


def distance(found, wanted):
    """How many layers were compared, and how far apart they are at most."""
    worst = 0.0
    for key, expected in wanted.items():
        name = key.removesuffix("|stride")
        if key.endswith("|s"):
            continue
        if name not in found:
            raise ValueError(f"there is no layer {name}")
        values = found[name]
        if name != key:
            values = values.reshape(len(values), -1)[:, ::int(wanted[f"{name}|s"])]
        if values.shape != expected.shape:
            raise ValueError(f"{name} has shape {values.shape}; expected {expected.shape}")
        difference = np.abs(values - expected)
        if not (difference <= 1e-5 + 1e-5 * np.abs(expected)).all():
            raise ValueError(f"{name} differs by {difference.max():.2g}")
        worst = max(worst, float(difference.max(initial=0)))
    return f"{len(found)} layers, at most {worst:.1e} apart"


def check(tool, version, kinds, names):
    """Whether all is well; prints a line for each file."""
    keras = import_keras(version)
    is_well = True
    with tempfile.TemporaryDirectory() as folder:
        for path in fixtures(names):
            for kind in kinds:
                file = Path(folder) / f"{path.stem}.{kind}"
                run = subprocess.run(
                    [tool, "convert", str(path), str(file), "--keras", str(version)],
                    capture_output=True, text=True, check=False)
                reason = REFUSED.get((path.stem, version))
                if run.returncode != 0:
                    is_right = reason is not None
                    result = f"not written: {reason}" if reason else run.stderr.strip()
                elif reason:
                    is_right, result = False, f"written, although: {reason}"
                else:
                    known = UNLOADABLE.get((path.stem, kind, version))
                    try:
                        is_right, result = known is None, compare(keras, file, path)
                    except Exception as error:  # whatever Keras does not like
                        is_right = known is not None
                        result = f"not loaded: {known}" if known else " ".join(str(error).split())
                is_well = is_well and is_right
                print(f"{'ok' if is_right else 'FAILED':6} {path.stem:32} .{kind:5} "
                      f"Keras {version}  {result[:400]}", flush=True)
                file.unlink(missing_ok=True)
    return is_well


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
