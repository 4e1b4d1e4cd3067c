"""Writes models/: whole models saved by Keras 2 and 3, with each layer's outputs.

    python Tests/Fixtures/make_models.py --keras 2
    python Tests/Fixtures/make_models.py --keras 3

Large files are compressed with h5repack (Debian package hdf5-tools).
"""

import subprocess
import warnings

from fixture import HERE, import_keras, keras_option, pixels, randomise, save

warnings.filterwarnings("ignore", message=".*HDF5 file.*")
TRAINED = HERE.parent.parent / "Models" / "fashion-mnist.h5"


def models(layers):
    """Name, input shape and layers of each model."""
    Conv, Pool, Dense = layers.Conv2D, layers.MaxPooling2D, layers.Dense
    same = dict(padding="same", activation="relu")
    yield "conv10", (28, 28, 1), [Conv(10, 3, activation="relu", name="conv2d")]
    yield "mnist-two-convolutions", (28, 28, 1), [
        Conv(32, 2, activation="relu", name="conv2d"),
        Pool(2, name="max_pooling2d"),
        Conv(32, 2, activation="relu", name="conv2d_1"),
        Pool(2, name="max_pooling2d_1"),
        layers.Flatten(name="flatten"),
        Dense(500, activation="sigmoid", name="dense"),
        Dense(10, activation="softmax", name="dense_1"),
    ]
    yield "fashion-mnist", (28, 28, 1), [
        Conv(64, 3, activation="relu", name="conv_layer_1"),
        Pool(2, name="pool_layer_2"),
        Conv(64, 3, activation="relu", name="conv_layer_3"),
        Pool(2, name="pool_layer_4"),
        layers.Flatten(name="flatten_layer_5"),
        Dense(128, activation="relu", name="dense_layer_6"),
        Dense(10, activation="softmax", name="dense_layer_7"),
    ]
    yield "mnist-5x5", (28, 28, 1), [
        Conv(30, 5, activation="relu", name="conv2d"),
        Pool(2, name="max_pooling2d"),
        Conv(15, 3, activation="relu", name="conv2d_1"),
        layers.Dropout(0.2, name="dropout"),
        layers.Flatten(name="flatten"),
        Dense(128, activation="relu", name="dense"),
        Dense(50, activation="relu", name="dense_1"),
        Dense(10, activation="softmax", name="dense_2"),
    ]
    yield "cats-and-dogs", (150, 150, 3), [
        Conv(16, 3, name="conv2d", **same),
        Pool(2, name="max_pooling2d"),
        layers.Dropout(0.2, name="dropout"),
        Conv(32, 3, name="conv2d_1", **same),
        Pool(2, name="max_pooling2d_1"),
        Conv(64, 3, name="conv2d_2", **same),
        Pool(2, name="max_pooling2d_2"),
        layers.Dropout(0.2, name="dropout_1"),
        layers.Flatten(name="flatten"),
        Dense(512, activation="relu", name="dense"),
        Dense(1, name="dense_1"),
    ]


COMPRESSED = ("mnist-two-convolutions", "cats-and-dogs")
# The 42 MB kernel repeats with a period shorter than deflate's window.
PERIODS = {"cats-and-dogs": {"dense": 8191}}


def repack(file):
    small = file.with_suffix(".small")
    subprocess.run(["h5repack", "-f", "SHUF", "-f", "GZIP=9", "-m", "1024", file, small],
                   check=True)
    small.replace(file)


def main():
    version = keras_option(__doc__)
    keras = import_keras(version)
    for name, shape, layers in models(keras.layers):
        input_layer = keras.layers.InputLayer(shape, name="input_layer")
        model = keras.Sequential([input_layer] + layers, name="sequential")
        if name == "fashion-mnist":
            model.load_weights(TRAINED)
        else:
            randomise(model, PERIODS.get(name, {}))
        save(keras, model, HERE / "models" / f"{name}.keras{version}",
             pixels(name, (3,) + shape), stride=True,
             repack=repack if name in COMPRESSED else None)


if __name__ == "__main__":
    main()
