"""Saves what every layer of a Keras model computes, for `cnntool verify`.

    python save_reference.py model.h5 reference.npz [input.npy …]

One input file for each of the model's inputs, with the batch first; without, random
numbers. Models of Keras 2 need tf_keras and TF_USE_LEGACY_KERAS=1.
"""

import os
import sys

import numpy as np

if os.environ.get("TF_USE_LEGACY_KERAS") == "1":
    import tf_keras as keras
else:
    import keras


def layers(model, prefix=""):
    """(path, layer) of every layer; inner ones are outer/inner."""
    for layer in getattr(model, "operations", model.layers):
        if type(layer).__name__ != "InputLayer":
            yield prefix + layer.name, layer
            if hasattr(layer, "layers") and hasattr(layer, "inputs"):
                yield from layers(layer, f"{prefix}{layer.name}/")


def record(layer, path, arrays):
    """Makes the layer put what it computes into `arrays`; `path:1` is its second call."""
    call, count = layer.call, iter(range(1 << 30))

    def recorded(*arguments, **keywords):
        result = call(*arguments, **keywords)
        index = next(count)
        if not isinstance(result, (list, tuple, dict)):
            arrays[f"{path}:{index}" if index else path] = np.asarray(result)
        return result

    layer.call = recorded


def main(file, reference, *inputs):
    model = keras.models.load_model(file, compile=False)
    names = [tensor.name.split(":")[0] for tensor in model.inputs]
    values = [np.load(path).astype("float32") for path in inputs] or [
        np.random.default_rng(0).random([2] + [size or 32 for size in tensor.shape[1:]], "float32")
        for tensor in model.inputs]
    arrays = {}
    for path, layer in layers(model):
        record(layer, path, arrays)
    outputs = model(values if len(values) > 1 else values[0], training=False)
    for index, output in enumerate(outputs if isinstance(outputs, (list, tuple)) else [outputs]):
        arrays[f"output_{index}"] = np.asarray(output)
    single = len(values) == 1
    arrays.update({"input" if single else f"input:{name}": value
                   for name, value in zip(names, values)})
    np.savez_compressed(reference, **arrays)


if __name__ == "__main__":
    main(*sys.argv[1:])
