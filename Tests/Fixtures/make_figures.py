"""Writes figures/: a model that computes nothing, its inputs, and tables and strips of them by pandas and NumPy.

    python Tests/Fixtures/make_figures.py
"""

import numpy as np
import pandas

from fixture import HERE, generator, import_keras

FOLDER = HERE / "figures"
SHAPES = {
    "vector": (7,),
    "sequence": (6, 5),
    "maps": (6, 5, 3),
    "volume": (2, 4, 5, 2),
    "wide": (1, 1, 512),
    "beyond": (2, 2, 2, 2, 2),
}


def inputs():
    """Normal numbers; in the first map of `maps` zeros and what rounds to zero, the second has numbers that are
    none, the third is constant."""
    random = generator("figures")
    arrays = {name: random.normal(size=(1, *shape)).astype(np.float32) for name, shape in SHAPES.items()}
    maps = arrays["maps"][0]
    maps[0, 0, 0], maps[0, 1, 0], maps[0, 2, 0], maps[0, 3, 0] = 0, 1e-9, -1e-9, 1234.5678
    maps[..., 1] = np.abs(maps[..., 1])
    maps[1, 1, 1], maps[2, 2, 1], maps[3, 3, 1] = np.nan, np.inf, -np.inf
    maps[..., 2] = 0.75
    return arrays


def model():
    keras = import_keras(3)
    tensors = {name: keras.Input(shape, name=f"{name}_input") for name, shape in SHAPES.items()}
    outputs = [keras.layers.Activation("linear", name=name)(tensor) for name, tensor in tensors.items()]
    return keras.Model(list(tensors.values()), outputs, name="identity")


def styled(table):
    """The table with positive cells green, as notebooks show it."""
    frame = pandas.DataFrame(table)
    style = frame.style.map(lambda value: "background-color: lightgreen" if value > 0 else "")
    return style.format(precision=6).set_uuid("table").to_html()


def strip(maps):
    """The maps side by side as in Deep Learning with Python, 2017, section 5.4.1; constant ones are gray."""
    size, width, count = maps.shape
    grid = np.zeros((size, width * count), np.uint8)
    for index in range(count):
        image = maps[..., index].copy()
        image -= image.mean()
        deviation = image.std()
        image = image / deviation if deviation > 0 else image
        image *= 64
        image += 128
        grid[:, index * width:(index + 1) * width] = np.clip(image, 0, 255).astype("uint8")
    return grid


arrays = inputs()
FOLDER.mkdir(exist_ok=True)
model().save(FOLDER / "identity.keras")
np.savez(FOLDER / "identity.npz", **{f"{name}_input": array for name, array in arrays.items()})
(FOLDER / "table.html").write_text(styled(arrays["maps"][0, ..., 0]))
maps = generator("strips").gamma(0.5, size=(8, 7, 5)).astype(np.float32)
maps[..., 3] = 0.1
np.savez(FOLDER / "strip.npz", maps=maps, strip=strip(maps))
