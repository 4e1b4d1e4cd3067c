"""Writes samples/*.png, one picture a class from the test set of Fashion-MNIST.

    python Models/make_samples.py --data FOLDER

bag.png is test image 2000; each other picture is the first test image of its
class that fashion-mnist.h5 predicts correctly.
"""

import argparse

from train_fashion_mnist import HERE, read_set, scaled

BAG = 8
BAG_IMAGE = 2000


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
