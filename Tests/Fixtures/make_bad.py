"""Writes bad/: files that must be refused, each with one thing wrong.

    python Tests/Fixtures/make_bad.py

Run it after make_models.py.
"""

import h5py
import numpy as np

from fixture import HERE, import_keras, randomise

FOLDER = HERE / "bad"


def main():
    keras = import_keras(3)
    keras.utils.set_random_seed(1)
    layers = keras.layers
    FOLDER.mkdir(exist_ok=True)

    def save(name, shape, *contents):
        model = keras.Sequential([keras.Input(shape, name="input_layer"), *contents],
                                 name="sequential")
        if name not in ("unsupported-layer", "lambda"):
            randomise(model)
        file = FOLDER / f"{name}.h5"
        model.save(file, include_optimizer=False)
        return file

    (FOLDER / "text.h5").write_text("This is no HDF5 file.\n")
    with h5py.File(FOLDER / "no-model.h5", "w") as file:
        file["values"] = np.arange(6, dtype=np.float32)

    save("unsupported-layer", (5, 3), layers.LSTM(4, name="memory"), layers.Dense(2, name="dense"))
    # Compiled from text: the file holds the function's code, with where it came from.
    double = eval(compile("lambda x: x * 2", "double", "eval"))
    save("lambda", (8, 8, 1), layers.Conv2D(2, 3, name="conv2d"),
         layers.Lambda(double, name="double"))
    save("channels-first", (1, 8, 8),
         layers.Conv2D(2, 3, data_format="channels_first", name="conv2d"))

    def small(name):
        return save(name, (8, 8, 1), layers.Conv2D(2, 3, name="conv2d"),
                    layers.Flatten(name="flatten"), layers.Dense(3, name="dense"))

    with h5py.File(small("wrong-shape"), "r+") as file:
        group = file["model_weights/conv2d/sequential/conv2d"]
        del group["kernel"]
        group["kernel"] = np.ones((3, 3, 1, 4), np.float32)
    with h5py.File(small("missing-weights"), "r+") as file:
        group = file["model_weights/dense"]
        del group["sequential"]
        group.attrs["weight_names"] = np.zeros(0)
    with h5py.File(small("bad-json"), "r+") as file:
        text = file.attrs["model_config"]
        file.attrs["model_config"] = text[:len(text) // 2]

    whole = (HERE / "models" / "conv10.keras3.h5").read_bytes()
    (FOLDER / "truncated.h5").write_bytes(whole[:len(whole) * 6 // 10])
    for file in sorted(FOLDER.iterdir()):
        print(f"{file.relative_to(HERE)}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
