"""Writes samples/*.png, one picture a class from the test set of Fashion-MNIST.

    python Models/make_samples.py --data FOLDER

bag.png is test image 2000; each other picture is the first test image of its
class that fashion-mnist.h5 predicts correctly.
"""

import argparse
import gzip
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
BAG = 8
BAG_IMAGE = 2000


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder with the four .gz files")
    options = parser.parse_args()

    import keras
    from PIL import Image

    images, labels = read_set(options.data, "t10k")
    model = keras.saving.load_model(HERE / "fashion-mnist.h5", compile=False)
    predictions = model.predict(scaled(images[:3000]), verbose=0).argmax(1)
    names = (HERE / "fashion-mnist-labels.txt").read_text().splitlines()

    (HERE / "samples").mkdir(exist_ok=True)
    for label, name in enumerate(names):
        right = (labels[:3000] == label) & (predictions == label)
        index = BAG_IMAGE if label == BAG else int(right.argmax())
        assert right[index], f"image {index} is not predicted as {name}"
        file = name.split("/")[0].lower().replace(" ", "-") + ".png"
        Image.fromarray(images[index]).save(HERE / "samples" / file, optimize=True)
        print(f"{file}: test image {index}")


if __name__ == "__main__":
    main()
