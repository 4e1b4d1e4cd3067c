"""Writes augmentation/: pictures as Keras's ImageDataGenerator.apply_transform changes them.

    python Tests/Fixtures/make_augmentation.py

For each picture, `cases.npz` has the picture, `NAME|parameters` and `NAME|results`, a row for each case. The
parameters are theta, tx, ty, shear, zx, zy, flip_horizontal, flip_vertical, channel_shift_intensity and
brightness (NaN for none), the number of the fill mode (constant, nearest, reflect, wrap) and cval.
"""

import numpy as np

from fixture import HERE, generator, import_keras

MODES = ["constant", "nearest", "reflect", "wrap"]
NAMES = ["theta", "tx", "ty", "shear", "zx", "zy", "flip_horizontal", "flip_vertical",
         "channel_shift_intensity", "brightness"]
NONE = dict(theta=0, tx=0, ty=0, shear=0, zx=1, zy=1, flip_horizontal=False, flip_vertical=False,
            channel_shift_intensity=None, brightness=None)

# No half turn: its pixels lie on the edge, and how BLAS rounds decides whether that is within the picture.
AFFINE = [
    dict(theta=17.5), dict(theta=90), dict(theta=179), dict(tx=1.75), dict(ty=-2.25),
    dict(tx=2, ty=-3), dict(tx=31.4, ty=-45.6), dict(shear=20), dict(zx=0.7, zy=0.8),
    dict(zx=2.3, zy=1.6),
    dict(theta=-35, tx=1.5, ty=0.8, shear=-12, zx=1.2, zy=0.9, flip_horizontal=True,
         flip_vertical=True, channel_shift_intensity=21.5, brightness=0.8),
]
POINTWISE = [
    dict(flip_horizontal=True), dict(flip_vertical=True), dict(channel_shift_intensity=-33.25),
    dict(brightness=0.37), dict(brightness=1.9),
]


def main():
    keras = import_keras(2)
    random = generator("augmentation")
    pictures = {
        "square": random.integers(0, 256, (9, 9, 1)).astype(np.float32),
        "wide": random.integers(0, 256, (6, 10, 3)).astype(np.float32),
        "signed": random.uniform(-3, 2, (5, 4, 1)).astype(np.float32),
    }
    arrays = {}
    for name, picture in pictures.items():
        cases = [(case, "nearest") for case in POINTWISE]
        if name != "signed":
            cases += [(case, mode) for case in AFFINE for mode in MODES]
        parameters, results = [], []
        for case, mode in cases:
            case = NONE | case
            changer = keras.preprocessing.image.ImageDataGenerator(fill_mode=mode, cval=12.5)
            results.append(changer.apply_transform(picture.copy(), case))
            values = [np.nan if case[key] is None else float(case[key]) for key in NAMES]
            parameters.append(values + [MODES.index(mode), 12.5])
        arrays[name] = picture
        arrays[f"{name}|parameters"] = np.array(parameters)
        arrays[f"{name}|results"] = np.array(results, np.float32)

    folder = HERE / "augmentation"
    folder.mkdir(exist_ok=True)
    np.savez_compressed(folder / "cases.npz", **arrays)


if __name__ == "__main__":
    main()
