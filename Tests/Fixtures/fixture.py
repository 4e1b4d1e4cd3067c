"""What the scripts that write Keras models and their outputs share.

`--keras 2` uses Keras 2 (tf-keras), `--keras 3` Keras 3 with TensorFlow. Both
give a weight of the same layer name the same random values.
"""

import argparse
import os
import zlib
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent


def keras_option(description):
    """The command line's only option, `--keras`."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--keras", type=int, choices=(2, 3), required=True)
    return parser.parse_args().keras


def import_keras(version):
    """The module of Keras `version`. Call it before anything imports TensorFlow."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    if version == 2:
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
        import tf_keras
        return tf_keras
    os.environ["KERAS_BACKEND"] = "tensorflow"
    import keras
    return keras


def generator(name):
    """Random numbers that depend on the name alone."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def pixels(name, shape):
    """Uniform in [0, 1), in steps of 1/256."""
    return (generator(name).integers(0, 256, shape) / 256).astype(np.float32)


def normal(name, shape, scale=1):
    return (generator(name).standard_normal(shape) * scale).astype(np.float32)


# Layers and their weights

def is_model(layer):
    return hasattr(layer, "layers") and hasattr(layer, "inputs")


def all_layers(model, prefix=""):
    """(name, layer) of every layer but inputs; inner ones are named outer/inner."""
    # Operations, such as additions of tensors, are not among the layers of Keras 3.
    for layer in getattr(model, "operations", model.layers):
        if type(layer).__name__ == "InputLayer":
            continue
        yield prefix + layer.name, layer
        if is_model(layer):
            yield from all_layers(layer, f"{prefix}{layer.name}/")


def random_weight(name, kind, shape, period=None):
    """A kernel at the scale of He, other weights at the scale training leaves them.

    Values are multiples of a power of two, so that files compress. With a
    period the values repeat along the flat index.
    """
    random = generator(name)
    if kind.endswith("kernel") or kind == "embeddings":
        inputs = np.prod(shape[:2]) if "depthwise" in kind else np.prod(shape[:-1])
        scale = 2.0 ** np.round(np.log2(np.sqrt(2 / inputs)))
        values = scale * random.standard_normal(period or shape)
        if period:
            values = np.resize(values, shape)
        return np.round(values * 32 / scale) * scale / 32
    if kind.startswith("lora"):
        return np.round(random.standard_normal(shape) * 32) / 64
    scale, offset = {"bias": (0.1, 0), "beta": (0.3, 0), "moving_mean": (0.5, 0),
                     "gamma": (0.5, 1), "moving_variance": (0.5, 1), "alpha": (0.2, 0.25),
                     "mean": (0.5, 0), "variance": (0.5, 1), "scale": (0.5, 1), "count": (0, 1),
                     "vector_u": (0.5, 0), "sn_u": (0.5, 0)}[kind]
    if kind in ("gamma", "moving_variance", "variance", "scale", "alpha"):
        values = offset + scale * random.uniform(-1, 1, shape)
    else:
        values = scale * random.standard_normal(shape)
    return (np.floor(values * 256) + 0.5) / 256  # never zero


def randomise(model, periods={}):
    """Replaces every weight; `periods` maps the names of layers to periods."""
    for name, layer in all_layers(model):
        if is_model(layer) or not hasattr(layer, "weights"):
            continue
        values = []
        for weight in layer.weights:
            kind = getattr(weight, "path", weight.name).split("/")[-1].split(":")[0]
            if "DepthwiseConv2D" in type(layer).__name__ and kind == "kernel":
                kind = "depthwise_kernel"
            values.append(random_weight(f"{name}/{kind}", kind, tuple(weight.shape),
                                        periods.get(name)))
        layer.set_weights(values)
        if hasattr(layer, "finalize_state"):  # Normalization, which keeps what it computes
            layer.finalize_state()


# Reference outputs

def layer_outputs(model, inputs):
    """Every layer's output by name, in inference mode; `name:1` is the second call's."""
    outputs = {}

    def record(name, layer):
        call = layer.call

        def recorded(*arguments, **keywords):
            result = call(*arguments, **keywords)
            calls = sum(key.split(":")[0] == name for key in outputs)
            # Where there are several outputs, each goes through a layer of its own.
            if not isinstance(result, (list, tuple)):
                outputs[f"{name}:{calls}" if calls else name] = np.asarray(result)
            return result

        layer.call = recorded

    for name, layer in all_layers(model):
        record(name, layer)
    model(inputs, training=False)
    return outputs


def smallest_prime(above):
    candidate = max(2, above)
    while any(candidate % divisor == 0 for divisor in range(2, int(candidate**0.5) + 1)):
        candidate += 1
    return candidate


def strided(outputs, most=6000, kept=3000):
    """Every s-th value of an output with more than `most` values an image, s prime."""
    result = {}
    for name, values in outputs.items():
        flat = values.reshape(len(values), -1)
        if flat.shape[1] <= most:
            result[name] = values
        else:
            step = smallest_prime(-(-flat.shape[1] // kept))
            result[f"{name}|stride"] = flat[:, ::step]
            result[f"{name}|s"] = np.int64(step)
    return result


# Files

def save(keras, model, path, inputs, stride=False, repack=None, twin=None, check=True):
    """Writes path.h5 and path.npz, then checks that Keras loads the .h5 again.

    `inputs` is an array, or for several inputs a dictionary of them by name.
    `repack` is called with the .h5 before the check. A `twin` with the channels last
    computes the outputs of a model with the channels first, which TensorFlow does not run
    on a CPU. Without `check` the file is one that the Keras that wrote it does not load.
    """
    file = path.with_name(path.name + ".h5")
    file.parent.mkdir(parents=True, exist_ok=True)
    model.save(file, include_optimizer=False)
    if repack:
        repack(file)

    if twin:
        twin.set_weights(model.get_weights())
        wanted = {name: np.moveaxis(values, -1, 1) if values.ndim == 4 else values
                  for name, values in layer_outputs(twin, np.moveaxis(inputs, 1, -1)).items()}
    else:
        wanted = layer_outputs(model, inputs)
    found = wanted
    if check and not twin:
        found = layer_outputs(keras.models.load_model(file, compile=False), inputs)
    assert wanted.keys() == found.keys(), wanted.keys() ^ found.keys()
    for name, values in wanted.items():
        assert np.isfinite(values).all(), f"{name} is not finite"
        assert np.array_equal(values, found[name]), f"{name} differs"

    if isinstance(inputs, dict):
        arrays = {f"input:{name}": values for name, values in inputs.items()}
    else:
        arrays = {"input": inputs}
    arrays.update(strided(wanted) if stride else wanted)
    np.savez_compressed(path.with_name(path.name + ".npz"), **arrays)
    print(f"{file.relative_to(HERE)}: {len(wanted)} outputs, {file.stat().st_size:,} bytes",
          flush=True)
