"""Trains fashion-mnist.h5, the model that comes with this project.

    python Models/train_fashion_mnist.py --data FOLDER

FOLDER holds the four .gz files of Fashion-MNIST.
"""

import argparse
import gzip
import os
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np

HERE = Path(__file__).resolve().parent


def read_idx(path):
    """The array in a gzip-compressed IDX file of unsigned bytes."""
    data = gzip.decompress(Path(path).read_bytes())
    assert data[:3] == b"\0\0\x08", f"{path} is not an IDX file of bytes"
    rank = data[3]
    shape = np.frombuffer(data, ">u4", rank, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_set(folder, name):
    """Images and labels of the set `train` or `t10k`."""
    folder = Path(folder)
    return (read_idx(folder / f"{name}-images-idx3-ubyte.gz"),
            read_idx(folder / f"{name}-labels-idx1-ubyte.gz"))


def scaled(images):
    """What the model takes: pixels divided by 255, with a channel axis."""
    return images[..., np.newaxis].astype(np.float32) / 255


def make_model():
    from keras import Input, Sequential, layers

    return Sequential([
        Input((28, 28, 1)),
        layers.Conv2D(64, 3, activation="relu", name="conv_layer_1"),
        layers.MaxPooling2D(2, name="pool_layer_2"),
        layers.Conv2D(64, 3, activation="relu", name="conv_layer_3"),
        layers.MaxPooling2D(2, name="pool_layer_4"),
        layers.Flatten(name="flatten_layer_5"),
        layers.Dense(128, activation="relu", name="dense_layer_6"),
        layers.Dense(10, activation="softmax", name="dense_layer_7"),
    ], name="fashion_mnist")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder with the four .gz files")
    parser.add_argument("--output", default=HERE / "fashion-mnist.h5", type=Path)
    parser.add_argument("--epochs", default=5, type=int)
    options = parser.parse_args()

    import keras

    keras.utils.set_random_seed(1)
    train_images, train_labels = read_set(options.data, "train")
    test_images, test_labels = read_set(options.data, "t10k")

    model = make_model()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.summary()
    model.fit(scaled(train_images), train_labels, batch_size=32,
              epochs=options.epochs, verbose=2)
    for name, images, labels in [("train", train_images, train_labels),
                                 ("test", test_images, test_labels)]:
        _, accuracy = model.evaluate(scaled(images), labels, batch_size=256, verbose=0)
        print(f"{name} accuracy: {accuracy:.4f}", flush=True)
    model.save(options.output, include_optimizer=False)


if __name__ == "__main__":
    main()
