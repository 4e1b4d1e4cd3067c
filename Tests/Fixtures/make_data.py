"""Writes data/: images, arrays and tables as numpy, pandas and Pillow write and read them.

    python Tests/Fixtures/make_data.py --data FOLDER

FOLDER holds the .gz files of the test set of Fashion-MNIST.
"""

import argparse
import gzip
from pathlib import Path

import numpy as np
import pandas
from PIL import Image

from fixture import HERE, generator, import_keras

FOLDER = HERE / "data"
TRAINED = HERE.parent.parent / "Models" / "fashion-mnist.h5"


def fashion_mnist(folder):
    def read(name, header):
        data = gzip.decompress((folder / f"t10k-{name}-ubyte.gz").read_bytes())
        return data[:header], np.frombuffer(data, np.uint8, offset=header)

    head, images = read("images-idx3", 16)
    images = images.reshape(-1, 28, 28)
    first = head[:4] + (20).to_bytes(4, "big") + head[8:] + images[:20].tobytes()
    (FOLDER / "fashion-mnist-20.idx3-ubyte").write_bytes(first)
    (FOLDER / "fashion-mnist-20.idx3-ubyte.gz").write_bytes(gzip.compress(first, mtime=0))
    head, labels = read("labels-idx1", 8)
    first = head[:4] + (20).to_bytes(4, "big") + labels[:20].tobytes()
    (FOLDER / "fashion-mnist-20.idx1-ubyte").write_bytes(first)
    (FOLDER / "fashion-mnist-20.idx1-ubyte.gz").write_bytes(gzip.compress(first, mtime=0))

    model = import_keras(3).models.load_model(TRAINED, compile=False)
    images = images[:200]
    outputs = np.asarray(model(images[..., np.newaxis].astype(np.float32) / 255))
    np.savez_compressed(FOLDER / "predictions.npz", images=images,
                        classes=outputs.argmax(1).astype(np.int64))
    print(f"right: {(outputs.argmax(1) == labels[:200]).sum()} of 200")
    highest = np.sort(outputs, axis=1)
    print(f"least lead of a class: {(highest[:, -1] - highest[:, -2]).min():.4f}")


def arrays():
    values = np.linspace(-2, 3, 12).reshape(3, 4)
    for name in ("float16", "float32", "float64"):
        np.save(FOLDER / f"{name}.npy", values.astype(name))
    np.save(FOLDER / "int64.npy", np.array([[-2**40, -1, 0], [1, 255, 2**40]]))
    np.save(FOLDER / "uint8.npy", np.arange(0, 256, 17, dtype=np.uint8).reshape(4, 4))
    np.save(FOLDER / "bool.npy", values > 0)
    np.save(FOLDER / "big-endian.npy", values.astype(">f4"))
    cube = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    np.save(FOLDER / "fortran.npy", np.asfortranarray(cube))
    two = dict(a=values.astype(np.float32), b=np.arange(5))
    np.savez(FOLDER / "two.npz", **two)
    np.savez_compressed(FOLDER / "two-compressed.npz", **two)


def table():
    """Every way pandas writes a float32."""
    random = generator("table")
    special = np.array([
        0, -0.0, 1, -1, 0.1, 1e-4, 9.9999e-5, 1e-5, 1e-10, 1.17549435e-38, 1e-45, -1e-45,
        16777216, 16777218, 123456790000, 1e15, 9.999999e15, 1e16, 1e22, 3.4028235e38,
        -3.4028235e38, np.nan, np.inf, -np.inf, 1 / 3, np.pi, 100, 1e5, 123456.789,
    ], np.float32)
    powers = np.float32(10.0) ** np.arange(-45, 39, dtype=np.float32)
    powers = np.concatenate([powers, 2.0 ** np.arange(-149, 128)]).astype(np.float32)
    parts = [
        special,
        powers,
        np.nextafter(powers, np.float32(0)),
        random.integers(0, 2**32, 900, dtype=np.uint32).view(np.float32),
        random.standard_normal(150),
        np.round(random.uniform(-100, 100, 100), 2),
        random.integers(-10**6, 10**6, 100),
        10 ** random.uniform(-6, -3, 100),
        10 ** random.uniform(5, 18, 200),
    ]
    values = np.concatenate([part.astype(np.float32) for part in parts])
    values = values[:len(values) // 7 * 7].reshape(-1, 7)
    np.save(FOLDER / "table.npy", values)
    pandas.DataFrame(values).to_csv(FOLDER / "table.csv", lineterminator="\n")
    print(f"table: {values.shape}")


def pictures():
    random = generator("pictures")
    rows, columns = np.mgrid[:17, :23]
    smooth = np.stack([rows * 15, columns * 11, 255 - rows * 7 - columns * 5], axis=-1)
    noisy = (smooth + random.integers(-20, 21, smooth.shape)).clip(0, 255).astype(np.uint8)
    alpha = random.integers(0, 256, (17, 23, 1), dtype=np.uint8)
    rgb = Image.fromarray(noisy)
    rgb.save(FOLDER / "rgb.png")
    Image.fromarray(np.concatenate([noisy, alpha], axis=-1)).save(FOLDER / "rgba.png")
    rgb.quantize(16).save(FOLDER / "palette.png")
    rgb.save(FOLDER / "rgb.jpg", quality=90)
    rgb.convert("L").save(FOLDER / "gray.jpg", quality=90)
    for name in ("rgb.png", "rgba.png", "palette.png", "rgb.jpg", "gray.jpg"):
        image = Image.open(FOLDER / name)
        np.save(FOLDER / f"{name}.npy", np.asarray(image.convert("RGB")))
        np.save(FOLDER / f"{name}.gray.npy", np.asarray(image.convert("L")))
        print(f"{name}: {image.mode} {image.size}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with the .gz files")
    FOLDER.mkdir(exist_ok=True)
    fashion_mnist(parser.parse_args().data)
    arrays()
    table()
    pictures()


if __name__ == "__main__":
    main()
