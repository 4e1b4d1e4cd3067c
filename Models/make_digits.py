"""Writes samples/digit-*.png, the first two pictures of the test set of MNIST: a 7 and a 2.

    python Models/make_digits.py --data FOLDER
"""

import argparse

from make_samples import HERE, read_set
from PIL import Image

COUNT = 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="folder with the four .gz files")
    options = parser.parse_args()
    images, labels = read_set(options.data, "t10k")
    for index in range(COUNT):
        file = f"digit-{labels[index]}.png"
        Image.fromarray(images[index]).save(HERE / "samples" / file, optimize=True)
        print(f"{file}: test image {index}")


if __name__ == "__main__":
    main()
