"""Writes figures/report.keras and report.npz, for the page that `cnntool report` writes.

A network with windows of all kinds and a branch, and a layer whose name would end the page's script.
"""

import json
import pathlib
import zipfile

import keras
import numpy

folder = pathlib.Path(__file__).parent / "figures"
layers = keras.layers
keras.utils.set_random_seed(7)

inputs = keras.Input((11, 7, 2), name="picture")
padded = layers.ZeroPadding2D(((1, 0), (2, 1)), name="padded")(inputs)
strided = layers.Conv2D(4, 3, strides=2, padding="same", activation="relu", name="strided")(padded)
dilated = layers.Conv2D(4, 3, dilation_rate=2, padding="same", groups=2, name="dilated")(strided)
single = layers.Conv2D(4, 1, use_bias=False, name="single")(strided)
added = layers.Add(name="added")([dilated, single])
depthwise = layers.DepthwiseConv2D(3, depth_multiplier=2, activation="tanh", name="depthwise")(added)
pooled = layers.AveragePooling2D(2, padding="same", name="pooled")(depthwise)
named = layers.Activation("relu", name="harmful")(pooled)
flat = layers.Flatten(name="flat")(named)
outputs = layers.Dense(3, activation="softmax", name="classes")(flat)
model = keras.Model(inputs, outputs, name="report")
for layer in model.layers:
    if getattr(layer, "bias", None) is not None:
        layer.bias.assign(keras.random.normal(layer.bias.shape))

path = folder / "report.keras"
model.save(path)
with zipfile.ZipFile(path) as archive:
    files = {name: archive.read(name) for name in archive.namelist()}
# Keras refuses such a name, but a file may have it.
text = json.dumps(json.loads(files["config.json"]))
files["config.json"] = text.replace('"harmful"', '"</script><script>throw 1</script>&\\"<b>"').encode()
files["metadata.json"] = json.dumps({"keras_version": keras.__version__}).encode()
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in files.items():
        archive.writestr(zipfile.ZipInfo(name), content)

values = numpy.random.default_rng(7).normal(size=(2, 11, 7, 2)).astype("float32")
numpy.savez(folder / "report.npz", picture=values)
