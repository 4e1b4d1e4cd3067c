"""Writes layers/: many layers, group by group, saved by Keras 2 and 3, with their outputs.

    python Tests/Fixtures/make_layers.py --keras 2
    python Tests/Fixtures/make_layers.py --keras 3
"""

import warnings

from fixture import HERE, import_keras, keras_option, normal, randomise, save

warnings.filterwarnings("ignore", message=".*HDF5 file.*")
BATCH = 2


def text(value):
    """(2, 3) as 2x3, for names."""
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)


class Branches:
    """A model with one input; each branch is one of its outputs."""

    def __init__(self, keras, shape):
        self.keras = keras
        self.input = keras.Input(shape, name="input_layer")
        self.outputs = []

    def add(self, layer, to=None):
        self.outputs.append(layer(self.input if to is None else to))

    def model(self):
        return self.keras.Model(self.input, self.outputs, name="branches")


def convolution(keras):
    branches = Branches(keras, (9, 11, 3))
    Conv = keras.layers.Conv2D

    def add(filters, kernel, strides=1, padding="valid", dilation=1, **more):
        name = f"conv_f{filters}_k{text(kernel)}_s{text(strides)}_d{text(dilation)}_{padding}"
        name += "".join(f"_{key}_{value}" for key, value in more.items())
        branches.add(Conv(filters, kernel, strides=strides, padding=padding,
                          dilation_rate=dilation, name=name, **more))

    for padding in ("valid", "same"):
        for kernel in (1, 2, 3, (2, 3), 5):
            for strides in (1, 2, 3, (1, 2), (3, 1)):
                add(4, kernel, strides, padding)
        for kernel in (2, 3):
            for dilation in (2, (1, 3)):
                add(4, kernel, padding=padding, dilation=dilation)
        add(4, 4, 2, padding)
    for filters in (1, 5, 16, 17, 70):
        add(filters, 3, padding="same")
        add(filters, 1)
    add(4, 3, use_bias=False)
    add(17, 3, use_bias=False, activation="relu")

    eight = Conv(8, 1, name="eight_channels")(branches.input)
    for groups in (2, 4):
        for padding in ("valid", "same"):
            branches.add(Conv(12, 3, padding=padding, groups=groups,
                              name=f"conv_g{groups}_{padding}"), eight)
    branches.add(Conv(8, 3, strides=2, groups=8, use_bias=False, name="conv_g8_s2"), eight)
    return branches.model(), normal("convolution", (BATCH, 9, 11, 3))


def depthwise(keras):
    branches = Branches(keras, (9, 11, 5))
    layers = keras.layers
    many = layers.Conv2D(20, 1, name="twenty_channels")(branches.input)
    for channels, tensor in ((5, branches.input), (20, many)):
        for padding in ("valid", "same"):
            prefix = f"depthwise_c{channels}_{padding}"
            for kernel in (2, 3):
                for strides in (1, 2):
                    branches.add(layers.DepthwiseConv2D(
                        kernel, strides=strides, padding=padding,
                        name=f"{prefix}_k{kernel}_s{strides}"), tensor)
            branches.add(layers.DepthwiseConv2D(
                3, dilation_rate=2, padding=padding, name=f"{prefix}_d2"), tensor)
            for multiplier in (2, 3):
                branches.add(layers.DepthwiseConv2D(
                    3, depth_multiplier=multiplier, padding=padding,
                    name=f"{prefix}_m{multiplier}"), tensor)
        branches.add(layers.DepthwiseConv2D(
            3, use_bias=False, activation="relu6", name=f"depthwise_c{channels}_no_bias"), tensor)
    branches.add(layers.DepthwiseConv2D(
        (2, 3), padding="same", depth_multiplier=2, name="depthwise_k2x3_m2"))

    for padding in ("valid", "same"):
        for multiplier in (1, 2):
            for strides in (1, 2):
                branches.add(layers.SeparableConv2D(
                    7, 3, strides=strides, depth_multiplier=multiplier, padding=padding,
                    name=f"separable_{padding}_m{multiplier}_s{strides}"))
    branches.add(layers.SeparableConv2D(18, 2, activation="relu", padding="same",
                                        name="separable_relu"))
    branches.add(layers.SeparableConv2D(7, 3, dilation_rate=2, name="separable_d2"))
    branches.add(layers.SeparableConv2D(7, 3, use_bias=False, activation="tanh",
                                        name="separable_no_bias"), many)
    return branches.model(), normal("depthwise", (BATCH, 9, 11, 5))


def pooling(keras):
    branches = Branches(keras, (9, 11, 5))
    layers = keras.layers
    for prefix, Pool in (("max", layers.MaxPooling2D), ("average", layers.AveragePooling2D)):
        for pool in (2, 3, (2, 3)):
            for strides in (None, 1, 2, 3, (1, 2)):
                for padding in ("valid", "same"):
                    name = f"{prefix}_p{text(pool)}_s{text(strides)}_{padding}"
                    branches.add(Pool(pool, strides=strides, padding=padding, name=name))
    for prefix, Pool in (("max", layers.GlobalMaxPooling2D),
                         ("average", layers.GlobalAveragePooling2D)):
        branches.add(Pool(name=f"global_{prefix}"))
        branches.add(Pool(keepdims=True, name=f"global_{prefix}_keepdims"))
    # All negative, so that a padding of zeros would show.
    return branches.model(), normal("pooling", (BATCH, 9, 11, 5)) - 3


BOTH = """linear relu relu6 elu selu softplus softsign tanh sigmoid exponential hard_sigmoid
    swish silu gelu mish leaky_relu softmax log_softmax""".split()
NEWER = """celu hard_silu hard_swish hard_tanh hard_shrink log_sigmoid soft_shrink sparse_plus
    sparse_sigmoid squareplus tanh_shrink""".split()


def activations(keras):
    branches = Branches(keras, (5, 7, 4))
    layers = keras.layers
    newer = keras.__version__.startswith("3")
    slope = "negative_slope" if newer else "alpha"
    for name in BOTH + (NEWER if newer else []):
        branches.add(layers.Activation(name, name=f"activation_{name}"))
    for most in (None, 2.5):
        for negative in (0.0, 0.25):
            for threshold in (0.0, 0.5):
                name = f"relu_max_{most}_slope_{negative}_threshold_{threshold}"
                branches.add(layers.ReLU(max_value=most, negative_slope=negative,
                                         threshold=threshold, name=name))
    branches.add(layers.LeakyReLU(name="leaky_default"))
    branches.add(layers.LeakyReLU(**{slope: 0.1}, name="leaky_0.1"))
    branches.add(layers.ELU(name="elu_default"))
    branches.add(layers.ELU(alpha=0.5, name="elu_0.5"))
    branches.add(layers.Softmax(name="softmax_default"))
    branches.add(layers.Softmax(axis=1, name="softmax_axis_1"))
    if not newer:  # Keras 3 saves the axes, but loads -1 instead
        branches.add(layers.Softmax(axis=[1, 2], name="softmax_axis_1_2"))
    for name in ("relu6", "elu", "swish", "hard_sigmoid", "leaky_relu", "gelu", "softmax"):
        branches.add(layers.Conv2D(6, 2, activation=name, name=f"conv_{name}"))
        branches.add(layers.Dense(6, activation=name, name=f"dense_{name}"))
    for name, layer in (("LeakyReLU", layers.LeakyReLU()),
                        ("ReLU", layers.ReLU(max_value=1.5, negative_slope=0.125)),
                        ("ELU", layers.ELU(alpha=0.5)),
                        ("Softmax", layers.Softmax())):
        branches.add(layers.Dense(6, activation=layer, name=f"dense_layer_{name}"))
        branches.add(layers.Conv2D(6, 2, activation=layer, name=f"conv_layer_{name}"))
    return branches.model(), normal("activations", (BATCH, 5, 7, 4), 3)


def shapes(keras):
    branches = Branches(keras, (6, 8, 3))
    layers = keras.layers
    add = branches.add
    add(layers.Reshape((8, 6, 3), name="reshape"))
    add(layers.Reshape((-1, 9), name="reshape_-1"))
    add(layers.Reshape((144,), name="reshape_flat"))
    add(layers.Flatten(name="flatten"))
    add(layers.ZeroPadding2D(2, name="padding_2"))
    add(layers.ZeroPadding2D((1, 2), name="padding_1_2"))
    add(layers.ZeroPadding2D(((0, 1), (2, 3)), name="padding_0_1_2_3"))
    add(layers.Dropout(0.5, name="dropout"))

    parts = [layers.Conv2D(3, 1, name=f"part_{i}")(branches.input) for i in range(2)]
    add(layers.Add(name="add_2"), [branches.input, parts[0]])
    add(layers.Add(name="add_3"), [branches.input] + parts)
    for axis in (-1, 1, 2, 3):
        add(layers.Concatenate(axis=axis, name=f"concatenate_2_axis_{axis}"),
            [branches.input, parts[0]])
        add(layers.Concatenate(axis=axis, name=f"concatenate_3_axis_{axis}"),
            [parts[1], branches.input, parts[0]])
    wide = layers.Conv2D(5, 1, name="wide")(branches.input)
    add(layers.Concatenate(name="concatenate_unequal"), [branches.input, wide, parts[0]])

    for scale in (True, False):
        for center in (True, False):
            add(layers.BatchNormalization(scale=scale, center=center,
                                          name=f"normalization_scale_{scale}_center_{center}"))
    add(layers.BatchNormalization(epsilon=0.1, name="normalization_epsilon"))
    flat = layers.Flatten(name="flat")(branches.input)
    add(layers.BatchNormalization(name="normalization_flat"), flat)
    add(layers.Dense(5, name="dense_flat"), flat)
    add(layers.Dense(5, name="dense_rank_4"))
    add(layers.Dense(17, use_bias=False, name="dense_no_bias"))

    def chain(prefix, padding="valid", last=None, tensor=branches.input):
        tensor = layers.Conv2D(3, 3, padding=padding, use_bias=last is not None,
                               name=f"{prefix}_conv")(tensor)
        tensor = layers.BatchNormalization(name=f"{prefix}_bn")(tensor)
        last = last or layers.ReLU(name=f"{prefix}_relu")
        return last(tensor)

    branches.outputs.append(chain("chain_relu"))
    sigmoid = layers.Activation("sigmoid", name="chain_sigmoid_sigmoid")
    branches.outputs.append(chain("chain_sigmoid", last=sigmoid))
    first = chain("residual_1", "same")
    second = layers.Conv2D(3, 3, padding="same", name="residual_2_conv")(first)
    second = layers.BatchNormalization(name="residual_2_bn")(second)
    sum = layers.Add(name="residual_add")([second, branches.input])
    add(layers.ReLU(name="residual_relu"), sum)
    return branches.model(), normal("shapes", (BATCH, 6, 8, 3))


def several_inputs(keras):
    layers = keras.layers
    left = keras.Input((9, 11, 3), name="left")
    right = keras.Input((6,), name="right")
    shared = layers.Conv2D(3, 2, activation="tanh", name="shared")
    pooled = layers.AveragePooling2D(2, name="pool")(shared(left))
    image = layers.Flatten(name="flatten")(shared(pooled))
    both = layers.Concatenate(name="both")([image, right])
    kind = layers.Dense(4, activation="softmax", name="kind")(both)
    score = layers.Dense(1, activation="sigmoid", name="score")(right)
    model = keras.Model([left, right], [score, kind], name="several_inputs")
    return model, {"left": normal("left", (BATCH, 9, 11, 3)), "right": normal("right", (BATCH, 6))}


def encoder(keras, first):
    layers = keras.layers
    return keras.Sequential(first + [
        layers.Conv2D(6, 3, name="conv", trainable=False),
        layers.BatchNormalization(name="bn"),
        layers.MaxPooling2D(2, name="pool"),
    ], name="encoder")


def nested(keras):
    layers = keras.layers
    input = keras.Input((4, 5, 6), name="head_input")
    average = layers.GlobalAveragePooling2D(name="average")(input)
    most = layers.GlobalMaxPooling2D(name="most")(input)
    both = layers.Concatenate(name="both")([average, most])
    head = keras.Model(input, layers.Dense(4, activation="softmax", name="dense")(both),
                       name="head")
    outer = keras.Input((11, 13, 3), name="input_layer")
    tensor = layers.Conv2D(3, 1, activation="relu", name="conv")(outer)
    tensor = encoder(keras, [keras.Input((11, 13, 3), name="encoder_input")])(tensor)
    tensor = layers.ReLU(name="relu")(tensor)
    return keras.Model(outer, head(tensor), name="nested"), normal("nested", (BATCH, 11, 13, 3))


def nested_twice(keras):
    """A nested model called twice; both calls' outputs are used, the second's directly."""
    layers = keras.layers
    input = keras.Input((None, None, 3), name="inner_input")
    conv = layers.Conv2D(3, 3, padding="same", name="conv")(input)
    inner = keras.Model(input, layers.Add(name="add")([conv, input]), name="inner")
    outer = keras.Input((7, 9, 3), name="input_layer")
    first = inner(outer)
    second = inner(layers.MaxPooling2D(2, name="pool")(first))
    average = layers.GlobalAveragePooling2D(name="average")(first)
    model = keras.Model(outer, [second, average], name="nested_twice")
    return model, normal("nested-twice", (BATCH, 7, 9, 3))


def sequential_nested(keras):
    layers = keras.layers
    model = keras.Sequential([
        encoder(keras, [keras.layers.InputLayer((11, 13, 3), name="encoder_input")]),
        keras.Sequential([layers.Flatten(name="flatten"),
                          layers.Dense(10, activation="relu", name="dense")], name="top"),
        layers.Dense(3, activation="softmax", use_bias=False, name="dense"),
    ], name="outer")
    model.build((None, 11, 13, 3))
    return model, normal("sequential-nested", (BATCH, 11, 13, 3))


GROUPS = (convolution, depthwise, pooling, activations, shapes, several_inputs, nested,
          nested_twice, sequential_nested)


def main():
    version = keras_option(__doc__)
    keras = import_keras(version)
    for group in GROUPS:
        model, inputs = group(keras)
        randomise(model)
        name = group.__name__.replace("_", "-")
        save(keras, model, HERE / "layers" / f"{name}.keras{version}", inputs)


if __name__ == "__main__":
    main()
