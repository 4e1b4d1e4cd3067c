#!/usr/bin/env python3
"""Builds the models of the comparison with fixed seeds: Keras 2's .h5 for cnntool, .keras for the converters.

    python models.py [NAME ...]        (default: all)

Writes, for each model NAME, into the folder models: NAME.h5, NAME.keras, NAME.ref.npz (x (4,H,W,C), y), and
models.json with the multiply-adds for one image. The weights are random; nothing is downloaded but packages.
"""
import json, os, sys, warnings
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
warnings.filterwarnings("ignore")
import numpy as np

from harness import FOLDER

MODELS = os.path.join(FOLDER, "models")
SEED = 20240
NAMES = ["seed0", "seed1", "seed2", "seed3", "seed4", "vgg16", "resnet50", "mobilenetv2"]
LARGE = {"vgg16", "resnet50", "mobilenetv2"}
SHAPES = {**{f"seed{i}": (28, 28, 1) for i in range(4)}, "seed4": (150, 150, 3),
          **{n: (224, 224, 3) for n in LARGE}}


def layers_of(name, L):
    """Layer list of a Sequential model; L is keras.layers or tf_keras.layers (same spelling in both)."""
    C, P, D = L.Conv2D, L.MaxPooling2D, L.Dense
    if name == "seed0":
        return [C(10, (3, 3), activation="relu")]
    if name == "seed1":
        return [C(32, (2, 2), activation="relu"), P((2, 2)), C(32, (2, 2), activation="relu"), P((2, 2)),
                L.Flatten(), D(500, activation="sigmoid"), D(10, activation="softmax")]
    if name == "seed2":
        return [C(64, (3, 3), activation="relu", name="conv_layer_1"), P((2, 2), name="pool_layer_2"),
                C(64, (3, 3), activation="relu", name="conv_layer_3"), P((2, 2), name="pool_layer_4"),
                L.Flatten(name="flatten_layer_5"), D(128, activation="relu", name="dense_layer_6"),
                D(10, activation="softmax", name="dense_layer_7")]
    if name == "seed3":
        return [C(30, (5, 5), activation="relu"), P((2, 2)), C(15, (3, 3), activation="relu"), L.Dropout(0.2),
                L.Flatten(), D(128, activation="relu"), D(50, activation="relu"), D(10, activation="softmax")]
    if name == "seed4":
        c = dict(padding="same", activation="relu")
        return [C(16, 3, **c), P(), L.Dropout(0.2), C(32, 3, **c), P(), C(64, 3, **c), P(), L.Dropout(0.2),
                L.Flatten(), D(512, activation="relu"), D(1)]
    raise KeyError(name)


def build(name, K, legacy=False):
    """K is the keras or the tf_keras module."""
    K.backend.clear_session()
    K.utils.set_random_seed(SEED)
    if name in LARGE:
        app = {"vgg16": "VGG16", "resnet50": "ResNet50", "mobilenetv2": "MobileNetV2"}[name]
        return getattr(K.applications, app)(weights=None, input_shape=SHAPES[name])
    ls = layers_of(name, K.layers)
    if legacy:  # what an old script writes: input_shape= on the first layer
        ls[0] = type(ls[0]).from_config({**ls[0].get_config(), "batch_input_shape": (None,) + SHAPES[name]})
        return K.Sequential(ls)
    return K.Sequential([K.Input(SHAPES[name])] + ls)


def randomise(model):
    """Initial biases are 0 and BatchNorm is the identity: make both matter."""
    r = np.random.default_rng(SEED)
    for l in model.layers:
        w, kind = l.get_weights(), type(l).__name__
        if kind == "BatchNormalization":
            g, b, m, v = w
            l.set_weights([r.uniform(.8, 1.2, g.shape), r.normal(0, .1, b.shape),
                           r.normal(0, .1, m.shape), r.uniform(.7, 1.4, v.shape)])
        elif w and w[-1].ndim == 1:
            l.set_weights(w[:-1] + [r.normal(0, .05, w[-1].shape)])


def macs(model):
    """Multiply-adds of convolutions and dense layers for one image."""
    n = 0
    for l in model.layers:
        k = type(l).__name__
        if k == "Conv2D":
            n += int(np.prod(l.output.shape[1:])) * int(np.prod(l.kernel.shape[:3]))
        elif k == "DepthwiseConv2D":
            n += int(np.prod(l.output.shape[1:])) * int(np.prod(l.kernel.shape[:2]))
        elif k == "Dense":
            n += int(np.prod(l.kernel.shape))
    return n


def main(names):
    import keras, tf_keras
    os.makedirs(MODELS, exist_ok=True)
    path, man = os.path.join(MODELS, "models.json"), {}
    if os.path.exists(path):
        man = json.load(open(path))
    for name in names:
        at = lambda ext: os.path.join(MODELS, f"{name}.{ext}")
        if name in man and all(os.path.exists(at(e)) for e in ("h5", "keras", "ref.npz")):
            continue
        x = np.random.default_rng(SEED + 1).random((4,) + SHAPES[name], dtype=np.float32)
        k3 = build(name, keras)
        randomise(k3)
        y = np.asarray(k3(x, training=False))
        k3.save(at("keras"))
        k2 = build(name, tf_keras, legacy=True)
        a = [l for l in k3.layers if l.get_weights()]
        b = [l for l in k2.layers if l.get_weights()]
        assert len(a) == len(b), name
        for p, q in zip(a, b):
            q.set_weights(p.get_weights())
        k2.save(at("h5"))
        np.savez(at("ref.npz"), x=x, y=y)
        man[name] = dict(input=SHAPES[name], params=int(k3.count_params()), macs=macs(k3))
        print(name, json.dumps(man[name]), flush=True)
        json.dump(man, open(path, "w"), indent=1)


if __name__ == "__main__":
    main(sys.argv[1:] or NAMES)
