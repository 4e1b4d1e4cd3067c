"""Compares the networks of keras.applications, as Keras saves them, with cnntool.

    python scripts/check_applications.py --keras 3 --tool .build/release/cnntool [NAME ...]

Each is built with random weights of a fixed seed and with statistics of batch normalisation that are
none, saved as .h5, and run on one random picture. Prints a line of Markdown for each: the largest
difference of the logits, relative to the largest one. Exits 1 where one is beyond 1e-4 or refused.
The environment is that of Tests/Fixtures/requirements.txt.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

NAMES = """VGG16 VGG19 ResNet50 ResNet101 ResNet152 ResNet50V2 ResNet101V2 ResNet152V2 MobileNet
    MobileNetV2 MobileNetV3Small MobileNetV3Large DenseNet121 DenseNet169 DenseNet201 InceptionV3
    InceptionResNetV2 Xception NASNetMobile NASNetLarge EfficientNetB0 EfficientNetB1 EfficientNetB2
    EfficientNetB3 EfficientNetB4 EfficientNetB5 EfficientNetB6 EfficientNetB7 EfficientNetV2B0
    EfficientNetV2B1 EfficientNetV2B2 EfficientNetV2B3 EfficientNetV2S EfficientNetV2M
    EfficientNetV2L ConvNeXtTiny ConvNeXtSmall ConvNeXtBase ConvNeXtLarge ConvNeXtXLarge""".split()
TOLERANCE = 1e-4


def import_keras(version):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    if version == 2:
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
        import tf_keras
        return tf_keras
    import keras
    return keras


def randomise(model):
    """Weights that keep the values' scale, and statistics that change it."""
    random = np.random.default_rng(0)
    values = []
    for weight in model.weights:
        name = getattr(weight, "path", weight.name).split("/")[-1].split(":")[0]
        shape = tuple(weight.shape)
        if name in ("gamma", "moving_variance", "variance"):
            value = random.uniform(0.5, 1.5, shape)
        elif name in ("beta", "bias", "moving_mean", "mean"):
            value = random.normal(0, 0.1, shape)
        elif name.endswith("kernel"):
            fan = np.prod(shape[:2]) if "depthwise" in name else np.prod(shape[:-1])
            value = random.normal(0, np.sqrt(1 / fan), shape)
        else:
            value = np.asarray(weight)
        values.append(value)
    model.set_weights(values)


def check(keras, name, tool, folder):
    """The largest relative difference and cnntool's seconds; or what cnntool says instead."""
    keras.backend.clear_session()
    model = getattr(keras.applications, name)(weights=None, classifier_activation=None)
    randomise(model)
    shape = (1, *(size or 224 for size in model.input_shape[1:]))
    picture = np.random.default_rng(1).uniform(0, 255, shape)
    picture = picture.astype(np.float32)
    wanted = np.asarray(model(picture, training=False))
    file, given, found = (str(folder / part) for part in ("model.h5", "input.npy", "output.npy"))
    model.save(file, include_optimizer=False)
    np.save(given, picture)
    del model
    begin = time.monotonic()
    run = subprocess.run([tool, "run", file, "--input", given, "-o", found], text=True,
                         stderr=subprocess.PIPE)
    seconds = time.monotonic() - begin
    os.remove(file)
    if run.returncode:
        return None, run.stderr.strip().replace(file, name)
    values = np.load(found)
    return float(np.abs(values - wanted).max() / np.abs(wanted).max()), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keras", type=int, choices=(2, 3), required=True)
    parser.add_argument("--tool", required=True)
    parser.add_argument("names", nargs="*", default=NAMES)
    options = parser.parse_args()
    keras = import_keras(options.keras)
    failed = 0
    print(f"Keras {getattr(keras, '__version__', options.keras)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names:
            if not hasattr(keras.applications, name):
                print(f"| {name} | not in this version | |", flush=True)
                continue
            difference, more = check(keras, name, options.tool, Path(folder))
            if difference is None:
                print(f"| {name} | refused: {more} | |", flush=True)
            else:
                print(f"| {name} | {difference:.1e} | {more:.1f} s |", flush=True)
            failed += difference is None or not difference <= TOLERANCE
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
