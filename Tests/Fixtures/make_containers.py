"""Writes containers/: models in every kind of file that Keras writes, and files made to do harm.

    python Tests/Fixtures/make_containers.py --keras 2
    python Tests/Fixtures/make_containers.py --keras 3

`--keras 2` writes what Keras 2 and 1 wrote and the harmful files, `--keras 3` what Keras 3 writes.
"""

import json
import shutil
import zipfile

import h5py
import numpy as np

from fixture import HERE, import_keras, keras_option, normal, pixels, random_weight, randomise

FOLDER = HERE / "containers"


def write(name, inputs, output):
    np.savez_compressed(FOLDER / f"{name}.npz", input=inputs, output=np.asarray(output))


def several_layers(keras):
    """Layers whose weights lie differently in each kind of file; two of a class, a nested model."""
    layers = keras.layers
    inner = keras.Sequential([keras.Input((7, 7, 4)),
                              layers.Conv2D(3, 2, activation="relu", name="within"),
                              layers.BatchNormalization(name="within_norm")], name="inner")
    inputs = keras.Input((9, 9, 2), name="pixels")
    x = layers.SeparableConv2D(4, 3, name="separable")(inputs)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.ReLU(name="positive")(x)
    left = inner(x)
    right = layers.Conv2D(3, 2, name="beside")(x)
    x = layers.Add(name="sum")([left, right])
    x = layers.Conv2D(2, 1, name="last")(x)
    x = layers.Flatten(name="flat")(x)
    return keras.Model(inputs, layers.Dense(3, activation="softmax", name="classes")(x), name="whole")


def layers_within_layers(keras):
    """Layers that have others inside of them, each with its own place in a `.weights.h5`."""
    layers = keras.layers
    inputs = keras.Input((5, 4), name="steps")
    x = layers.TimeDistributed(layers.Dense(6), name="each")(inputs)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both_ways")(x)
    x = layers.MultiHeadAttention(2, 3, name="attention")(x, x)
    x = layers.LayerNormalization(name="norm")(x)
    x = layers.GRU(4, return_sequences=True, name="gated")(x)
    x = layers.LSTM(4, return_sequences=True, name="long")(x)
    outputs = layers.SimpleRNN(4, name="simple")(x)
    model = keras.Model(inputs, outputs, name="sequences")
    model.set_weights([np.round(normal(f"sequences/{index}", weight.shape, 0.5) * 64) / 64
                       for index, weight in enumerate(model.get_weights())])
    return model


def save_layers_within_layers(keras, name):
    model = layers_within_layers(keras)
    inputs = normal("sequences", (2, 5, 4))
    write(name, inputs, model(inputs, training=False))
    model.save(FOLDER / f"{name}.keras")
    model.save_weights(FOLDER / f"{name}.weights.h5")
    (FOLDER / f"{name}.json").write_text(model.to_json())
    return model


# What Keras 3 writes

def keras3(keras):
    model = several_layers(keras)
    randomise(model)
    inputs = pixels("containers", (2, 9, 9, 2))
    write("keras3", inputs, model(inputs, training=False))
    model.save(FOLDER / "keras3.keras")
    model.save_weights(FOLDER / "keras3.weights.h5")
    (FOLDER / "keras3.json").write_text(model.to_json())
    # Deflated, and with the weights of a model of another class.
    with zipfile.ZipFile(FOLDER / "keras3.keras") as stored, \
            zipfile.ZipFile(FOLDER / "keras3-deflated.keras", "w", zipfile.ZIP_DEFLATED) as deflated:
        for member in stored.infolist():
            deflated.writestr(zipfile.ZipInfo(member.filename), stored.read(member),
                              zipfile.ZIP_DEFLATED)
    subclass(keras)
    save_layers_within_layers(keras, "sequences3")


def subclass(keras):
    """A class of its own: weights without a list of layers."""

    @keras.saving.register_keras_serializable("fixture")
    class Pair(keras.Model):
        def __init__(self, **more):
            super().__init__(**more)
            self.first = keras.layers.Dense(3, name="first")
            self.second = keras.layers.Dense(2, name="second")

        def call(self, inputs):
            return self.second(self.first(inputs))

    model = Pair(name="pair")
    model(np.zeros((1, 4), np.float32))
    model.save(FOLDER / "subclass.keras")

    @keras.saving.register_keras_serializable("fixture")
    class Twice(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 2

    @keras.saving.register_keras_serializable("fixture")
    def clipped(inputs):
        return keras.ops.relu(inputs)

    layers = keras.layers
    inner = keras.Sequential([keras.Input((6, 6, 2)), Twice(name="twice")], name="inner")
    model = keras.Sequential([
        keras.Input((8, 8, 1), name="pixels"), layers.Conv2D(2, 3, activation=clipped, name="conv"),
        inner, layers.Flatten(name="flat"), layers.Dense(2, name="dense")], name="custom")
    for layer in (model.get_layer("conv"), model.get_layer("dense")):
        layer.set_weights([random_weight(f"custom/{layer.name}/{kind}", kind, weight.shape)
                           for kind, weight in zip(("kernel", "bias"), layer.weights)])
    model.save(FOLDER / "custom.keras")
    # With `twice` taken for the identity.
    inputs = pixels("custom", (2, 8, 8, 1))
    x = model.get_layer("conv")(inputs)
    write("custom", inputs, model.get_layer("dense")(model.get_layer("flat")(x)))


# What Keras 2 wrote

def keras2(keras):
    model = several_layers(keras)
    randomise(model)
    inputs = pixels("containers", (2, 9, 9, 2))
    write("keras2", inputs, model(inputs, training=False))
    model.save_weights(FOLDER / "keras2-weights.h5", save_format="h5")
    model.save_weights(FOLDER / "keras2.weights.h5")
    model.save(FOLDER / "keras2.keras")
    (FOLDER / "keras2.json").write_text(model.to_json())
    import yaml
    # As Keras wrote it until 2.6, tuples included; with other names, as a second run has them.
    text = model.to_json().replace('"beside"', '"beside_1"').replace('"norm"', '"norm_1"')
    config = json.loads(text)
    layers = config["config"]["layers"]
    layers[1]["config"]["kernel_size"] = tuple(layers[1]["config"]["kernel_size"])
    (FOLDER / "keras2-renamed.yaml").write_text(yaml.dump(config, default_flow_style=None))
    number_types(keras)
    save_layers_within_layers(keras, "sequences2").save_weights(
        FOLDER / "sequences2-weights.h5", save_format="h5")


def number_types(keras):
    """One model; each of its weights another type, all of them exact in every one."""
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((8, 8, 1), name="pixels"), layers.Conv2D(2, 3, name="first"),
        layers.Conv2D(3, 3, name="second"), layers.Flatten(name="flat"),
        layers.Dense(3, name="classes")], name="types")
    model.set_weights([np.round(normal(f"types/{index}", weight.shape) * 8) / 8
                       for index, weight in enumerate(model.get_weights())])
    inputs = pixels("types", (2, 8, 8, 1))
    write("number-types", inputs, model(inputs, training=False))
    file = FOLDER / "number-types.h5"
    model.save(file, include_optimizer=False)
    with h5py.File(file, "r+") as stored:
        weights = stored["model_weights"]

        def replace(path, values, **more):
            values = np.asarray(values)
            del weights[path]
            weights.create_dataset(path, data=values, **more)

        replace("first/first/kernel:0", weights["first/first/kernel:0"][()].astype(np.float16))
        replace("first/first/bias:0", weights["first/first/bias:0"][()].astype(">f8"))
        replace("second/second/kernel:0", weights["second/second/kernel:0"][()].astype(">f4"),
                compression="gzip", shuffle=True, fletcher32=True)
        halves = (weights["second/second/bias:0"][()].view(np.uint32) >> 16).astype(np.uint16)
        replace("second/second/bias:0", halves.view("V2"))
        # Fixed texts, in two parts as a long list has them.
        names = [name.encode() if isinstance(name, str) else name
                 for name in weights.attrs["layer_names"]]
        del weights.attrs["layer_names"]
        for part, values in enumerate(np.array_split(np.array(names), 2)):
            weights.attrs[f"layer_names{part}"] = values


# What Keras 1 wrote: no Keras of today makes such files, so they are written by hand

def keras1(keras):
    layers = keras.layers
    inputs = keras.Input((9, 8, 2), name="input_1")
    first = layers.Conv2D(3, (3, 2), padding="same", activation="relu", name="convolution2d_1")(inputs)
    second = layers.Conv2D(3, 1, name="convolution2d_2")(first)
    total = layers.Add(name="merge_1")([first, second])
    both = layers.Concatenate(name="merge_2")([total, first])
    x = layers.BatchNormalization(epsilon=1e-3, name="batchnormalization_1")(both)
    x = layers.Conv2D(2, 2, dilation_rate=2, name="atrousconvolution2d_1")(x)
    x = layers.AveragePooling2D(2, name="averagepooling2d_1")(x)
    x = layers.Flatten(name="flatten_1")(x)
    x = layers.Dropout(0.25, name="dropout_1")(x)
    outputs = layers.Dense(4, activation="softmax", name="dense_1")(x)
    model = keras.Model(inputs, outputs, name="model_1")
    randomise(model)
    pictures = pixels("keras1", (2, 9, 8, 2))
    write("keras1", pictures, model(pictures, training=False))
    for backend in ("tensorflow", "theano"):
        keras1_file(model, FOLDER / f"keras1-{backend}.h5", backend)


def keras1_file(model, path, backend):
    def convolution(name, source, class_name="Convolution2D", mode="valid", **more):
        weights = model.get_layer(name).get_weights()[0].shape
        return entry(class_name, name, [source], nb_filter=weights[3], nb_row=weights[0],
                     nb_col=weights[1], init="glorot_uniform", border_mode=mode,
                     subsample=[1, 1], dim_ordering="tf", bias=True,
                     activation=more.pop("activation", "linear"), **more)

    def entry(class_name, name, sources, **config):
        return {"class_name": class_name, "name": name,
                "config": {"name": name, "trainable": True, **config},
                "inbound_nodes": [[[source, 0, 0] for source in sources]] if sources else []}

    config = {"name": "model_1", "layers": [
        entry("InputLayer", "input_1", [], batch_input_shape=[None, 9, 8, 2], input_dtype="float32",
              sparse=False),
        convolution("convolution2d_1", "input_1", mode="same", activation="relu"),
        convolution("convolution2d_2", "convolution2d_1"),
        entry("Merge", "merge_1", ["convolution2d_1", "convolution2d_2"], mode="sum",
              mode_type="raw", concat_axis=-1, dot_axes=-1, output_shape=None, arguments={}),
        entry("Merge", "merge_2", ["merge_1", "convolution2d_1"], mode="concat", mode_type="raw",
              concat_axis=-1, dot_axes=-1, output_shape=None, arguments={}),
        entry("BatchNormalization", "batchnormalization_1", ["merge_2"], mode=0, axis=-1,
              epsilon=1e-3, momentum=0.99),
        convolution("atrousconvolution2d_1", "batchnormalization_1",
                    class_name="AtrousConvolution2D", atrous_rate=[2, 2]),
        entry("AveragePooling2D", "averagepooling2d_1", ["atrousconvolution2d_1"], pool_size=[2, 2],
              strides=[2, 2], border_mode="valid", dim_ordering="tf"),
        entry("Flatten", "flatten_1", ["averagepooling2d_1"]),
        entry("Dropout", "dropout_1", ["flatten_1"], p=0.25),
        entry("Dense", "dense_1", ["dropout_1"], output_dim=4, init="glorot_uniform",
              activation="softmax", bias=True, input_dim=None)],
        "input_layers": [["input_1", 0, 0]], "output_layers": [["dense_1", 0, 0]]}
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = b"1.2.2"
        file.attrs["model_config"] = json.dumps({"class_name": "Model", "config": config}).encode()
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [layer["name"].encode() for layer in config["layers"]]
        for layer in config["layers"]:
            own = group.create_group(layer["name"])
            values = model.get_layer(layer["name"]).get_weights()
            endings = {4: ["gamma", "beta", "running_mean", "running_std"], 2: ["W", "b"], 0: []}
            names = []
            for ending, value in zip(endings[len(values)], values):
                # TensorFlow numbers what a name means; Theano does not, and turns kernels.
                name = f"{layer['name']}_{ending}" + (":0" if backend == "tensorflow" else "")
                if backend == "theano" and value.ndim == 4:
                    value = value[::-1, ::-1]
                own[name] = value
                names.append(name.encode())
            own.attrs["weight_names"] = names


# Files made to do harm; each is a good file with one thing changed

def harmful():
    good = FOLDER / "number-types.h5"
    other = FOLDER / "bad-elsewhere.bin"

    def change(name):
        path = FOLDER / f"bad-{name}.h5"
        shutil.copy(good, path)
        return h5py.File(path, "r+")

    kernel = "model_weights/classes/classes/kernel:0"
    with change("soft-link") as file:
        file.move(kernel, "aside")
        file[kernel] = h5py.SoftLink("/aside")
    with change("external-link") as file:
        del file[kernel]
        file[kernel] = h5py.ExternalLink("number-types.h5", kernel)
    with change("external-storage") as file:
        shape = file[kernel].shape
        del file[kernel]
        file.create_dataset(kernel, shape, np.float32, external=[(other.name, 0, 4096)])
    with change("virtual") as file:
        shape = file[kernel].shape
        del file[kernel]
        layout = h5py.VirtualLayout(shape, np.float32)
        layout[...] = h5py.VirtualSource("number-types.h5", kernel, shape)
        file.create_virtual_dataset(kernel, layout)
    for name, shape in (("bomb", (1 << 20, 1 << 14)), ("small-bomb", (1 << 14, 1 << 13))):
        with change(name) as file:
            del file[kernel]
            # Never written, so it takes no room.
            file.create_dataset(kernel, shape, np.float32, chunks=(1 << 10, 1 << 10))
    with change("same-name") as file:
        config = json.loads(file.attrs["model_config"])
        for layer in config["config"]["layers"]:
            if layer["config"]["name"] == "second":
                layer["config"]["name"] = "first"
        file.attrs["model_config"] = json.dumps(config)

    with h5py.File(FOLDER / "bad-group-cycle.weights.h5", "w") as file:
        layer = file.create_group("layers/dense")
        layer["vars/0"] = np.ones((2, 2), np.float32)
        layer["again"] = file["layers"]
        layer["vars/deeper"] = file["/"]
    with zipfile.ZipFile(FOLDER / "bad-bomb.keras", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb:
        bomb.writestr("metadata.json", "{}")
        # Fewer megabytes than would harm, but more than any architecture.
        with bomb.open(zipfile.ZipInfo("config.json"), "w", force_zip64=True) as member:
            member.write(b"[")
    write_claim(FOLDER / "bad-bomb.keras")


def write_claim(path):
    """Has an archive's directory claim that its last member is 15 GiB large."""
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24:entry + 28] = (0xF0000000).to_bytes(4, "little")
    path.write_bytes(data)


def main():
    version = keras_option(__doc__)
    keras = import_keras(version)
    keras.utils.set_random_seed(1)
    FOLDER.mkdir(exist_ok=True)
    if version == 3:
        keras3(keras)
    else:
        keras2(keras)
        keras1(keras)
        harmful()
    for file in sorted(FOLDER.iterdir()):
        print(f"{file.relative_to(HERE)}: {file.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
