"""Writes samples/cat.jpg: the face of the cat that scikit-image has as `skimage.data.chelsea`.

    python Models/make_cat.py

The picture is 451 x 300; its columns 85 to 384 are a square, made 150 x 150 by Pillow's Lanczos filter.
"""

from pathlib import Path

from PIL import Image
from skimage import data

LEFT = 85
SIDE = 300
SIZE = 150


def main():
    picture = Image.fromarray(data.chelsea())
    face = picture.crop((LEFT, 0, LEFT + SIDE, SIDE))
    face = face.resize((SIZE, SIZE), Image.Resampling.LANCZOS)
    # A fifth of the PNG; what JPEG changes is not seen in the maps.
    face.save(Path(__file__).resolve().parent / "samples" / "cat.jpg", quality=90)


if __name__ == "__main__":
    main()
