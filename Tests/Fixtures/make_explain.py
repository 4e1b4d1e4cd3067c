"""Writes explain/: small models, and what TensorFlow's gradients say of two pictures by each method.

    python Tests/Fixtures/make_explain.py

Grad-CAM and the last layer without its activation are as in Keras's example (grad_cam), integrated gradients as in
TensorFlow's tutorial. SmoothGrad's noise is stored, since the tests hand it over.
"""

import numpy as np

from fixture import HERE, import_keras, normal, pixels, randomise

keras = import_keras(3)
import tensorflow as tf  # noqa: E402, behind the choice of the backend

FOLDER = HERE / "explain"
SIZE = 12
PICTURES = 2
COPIES = 5
NOISE = 0.1
STEPS = 20
BASELINE = 0.25
WINDOW, STRIDE = 4, 3

layers = keras.layers


def plain():
    return keras.Sequential([
        layers.Input((SIZE, SIZE, 2), name="input"),
        layers.Conv2D(6, 3, activation="relu", name="first"),
        layers.MaxPooling2D(2, name="pooled"),
        layers.Conv2D(8, 3, padding="same", activation="relu", name="second"),
        layers.Flatten(name="flat"),
        layers.Dense(10, activation="relu", name="hidden"),
        layers.Dropout(0.5, name="dropped"),
        layers.Dense(5, activation="softmax", name="classes"),
    ], name="plain")


def residual():
    inputs = keras.Input((SIZE, SIZE, 3), name="input")
    x = layers.Conv2D(8, 3, padding="same", use_bias=False, name="first")(inputs)
    x = layers.BatchNormalization(name="first_normalised")(x)
    x = shortcut = layers.Activation("relu", name="first_cut")(x)
    x = layers.Conv2D(8, 3, padding="same", name="second")(x)
    x = layers.BatchNormalization(name="second_normalised")(x)
    x = layers.Add(name="added")([x, shortcut])
    x = layers.ReLU(name="second_cut")(x)
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    x = layers.Dense(4, name="scores")(x)
    return keras.Model(inputs, layers.Softmax(name="classes")(x), name="residual")


def mobile():
    inputs = keras.Input((SIZE, SIZE, 3), name="input")
    x = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False, name="first")(inputs)
    x = layers.BatchNormalization(name="first_normalised")(x)
    x = layers.ReLU(6.0, name="first_cut")(x)
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name="depthwise")(x)
    x = layers.BatchNormalization(name="second_normalised")(x)
    x = layers.ReLU(6.0, name="second_cut")(x)
    x = layers.Conv2D(12, 1, use_bias=False, name="pointwise")(x)
    x = layers.BatchNormalization(name="third_normalised")(x)
    x = layers.ReLU(6.0, name="third_cut")(x)
    x = layers.GlobalAveragePooling2D(keepdims=True, name="mean")(x)
    x = layers.Flatten(name="flat")(x)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid", name="yes")(x), name="mobile")


# The last layer with maps, and one in front of it.
MODELS = {"plain": (plain, "second", "first"), "residual": (residual, "second_cut", "first"),
          "mobile": (mobile, "third_cut", "depthwise")}


def without_activation(model):
    """The model up to what its last softmax or sigmoid is applied to."""
    last = model.layers[-1]
    if isinstance(last, layers.Softmax):
        return keras.Model(model.inputs, last.input)
    last.activation = keras.activations.linear
    return model


def scores_and_gradient(model, pictures, label):
    pictures = tf.convert_to_tensor(pictures)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        scores = model(pictures, training=False)[:, label]
    return scores.numpy(), tape.gradient(scores, pictures).numpy()


def grad_cam(model, layer, picture, label):
    both = keras.Model(model.inputs, [model.get_layer(layer).output, model.outputs[0]])
    with tf.GradientTape() as tape:
        maps, scores = both(picture[None], training=False)
        score = scores[:, label]
    means = tf.reduce_mean(tape.gradient(score, maps), axis=(0, 1, 2))
    return tf.nn.relu(tf.reduce_sum(maps[0] * means, axis=-1)).numpy()


def saliency(gradients):
    return np.abs(gradients).max(-1)


def integrated_gradients(model, picture, label):
    baseline = np.full_like(picture, BASELINE)
    shares = np.linspace(0, 1, STEPS + 1, dtype=np.float32)[:, None, None, None]
    _, gradients = scores_and_gradient(model, baseline + shares * (picture - baseline), label)
    return (picture - baseline) * ((gradients[:-1] + gradients[1:]) / 2).mean(0)


def occlusion(model, picture, label):
    starts = sorted({*range(0, SIZE - WINDOW, STRIDE), SIZE - WINDOW})
    whole = scores_and_gradient(model, picture[None], label)[0][0]
    drops = [[[] for _ in range(SIZE)] for _ in range(SIZE)]
    for top in starts:
        for left in starts:
            hidden = picture.copy()
            hidden[top:top + WINDOW, left:left + WINDOW] = BASELINE
            drop = whole - scores_and_gradient(model, hidden[None], label)[0][0]
            for row in range(top, top + WINDOW):
                for column in range(left, left + WINDOW):
                    drops[row][column].append(drop)
    return np.array([[np.mean(cell) for cell in row] for row in drops])


def explain(name):
    make, last, early = MODELS[name]
    model = make()
    randomise(model)
    model.save(FOLDER / f"{name}.h5", include_optimizer=False)
    shape = (SIZE, SIZE, model.input_shape[-1])
    pictures = pixels(f"explain/{name}", (PICTURES, *shape))
    noise = normal(f"explain/{name}/noise", (COPIES, *shape), NOISE)
    outputs = np.asarray(model(pictures, training=False))
    arrays = {"input": pictures, "noise": noise, "outputs": outputs}
    model = without_activation(model)
    for index, picture in enumerate(pictures):
        scores = np.asarray(model(picture[None], training=False))[0]
        winner = int(scores.argmax())
        # The winner, and another class where there is one.
        for label in sorted({winner, (winner + 1) % len(scores)}):
            copies = scores_and_gradient(model, picture + noise, label)[1]
            for method, values in {
                "score": scores[label],
                "gradcam": grad_cam(model, last, picture, label),
                f"gradcam:{early}": grad_cam(model, early, picture, label),
                "saliency": saliency(scores_and_gradient(model, picture[None], label)[1])[0],
                "smoothgrad": saliency(copies).mean(0),
                "integrated-gradients": integrated_gradients(model, picture, label),
                "occlusion": occlusion(model, picture, label),
            }.items():
                # Where nothing speaks for a class, Grad-CAM's map is zeros, which show nothing.
                if np.abs(values).max() > 0:
                    arrays[f"{index}/{label}/{method}"] = np.asarray(values, np.float32)
        arrays[f"{index}/winner"] = np.float32(winner)
    # A probability's own gradient.
    _, gradients = scores_and_gradient(restored(name), pictures, 0)
    arrays["probability"] = saliency(gradients)
    np.savez_compressed(FOLDER / f"{name}.npz", **arrays)
    for key, values in arrays.items():
        assert np.isfinite(values).all(), key
    for method in ("gradcam", f"gradcam:{early}"):
        assert sum(key.endswith("/" + method) for key in arrays) >= PICTURES, method
    print(f"{name}: {len(arrays)} arrays")


def restored(name):
    return keras.models.load_model(FOLDER / f"{name}.h5", compile=False)


FOLDER.mkdir(exist_ok=True)
for name in MODELS:
    explain(name)
