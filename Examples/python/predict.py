"""What is in a picture: python predict.py MODEL PICTURE.pgm [LABELS.txt]"""

import sys

import numpy as np

from cnn import Model


def read_pgm(path):
    """An 8-bit binary PGM (P5) as a batch of one picture, with values from 0 to 1."""
    with open(path, "rb") as file:
        kind, width, height, maximum, pixels = file.read().split(maxsplit=4)
    assert (kind, maximum) == (b"P5", b"255"), f"{path}: not a binary PGM with a maximum of 255"
    pixels = np.frombuffer(pixels, np.uint8).reshape(1, int(height), int(width), 1)
    return pixels.astype(np.float32) / 255


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    labels = open(sys.argv[3]).read().splitlines() if len(sys.argv) > 3 else []
    for index, value in enumerate(Model(sys.argv[1])(read_pgm(sys.argv[2]))[0]):
        print(f"{value:.9g} {labels[index] if index < len(labels) else ''}".rstrip())


main()
