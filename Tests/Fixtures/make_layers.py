"""Writes layers/: many layers, group by group, saved by Keras 2 and 3, with their outputs.

    python Tests/Fixtures/make_layers.py --keras 2
    python Tests/Fixtures/make_layers.py --keras 3

Names of groups behind that write only those.
"""

import sys
import warnings

import numpy as np

from fixture import HERE, import_keras, keras_option, normal, randomise, save

warnings.filterwarnings("ignore", message=".*HDF5 file.*")
BATCH = 2


def newer(keras):
    return keras.__version__.startswith("3")


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
    slope = "negative_slope" if newer(keras) else "alpha"
    for name in BOTH + (NEWER if newer(keras) else []):
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
    if not newer(keras):  # Keras 3 saves the axes, but loads -1 instead
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


def transposed(keras):
    branches = Branches(keras, (5, 6, 3))
    Layer = keras.layers.Conv2DTranspose

    def add(filters, kernel, strides=1, padding="valid", **more):
        name = f"transposed_f{filters}_k{text(kernel)}_s{text(strides)}_{padding}"
        name += "".join(f"_{key}_{text(value)}" for key, value in more.items())
        branches.add(Layer(filters, kernel, strides=strides, padding=padding, name=name, **more))

    for padding in ("valid", "same"):
        for kernel in (1, 2, 3, (2, 3), 5):
            for strides in (1, 2, 3, (1, 2), (3, 1)):
                add(4, kernel, strides, padding)
        add(4, 3, 2, padding, output_padding=1)
        add(4, 3, 2, padding, output_padding=0)
        add(4, 4, 3, padding, output_padding=(2, 1))
    for filters in (1, 16, 17, 40):
        add(filters, 3, 2, "same")
    add(5, 3, 2, "same", use_bias=False, activation="relu")
    bn = keras.layers.BatchNormalization(name="chain_bn")(
        Layer(6, 3, strides=2, padding="same", use_bias=False, name="chain_conv")(branches.input))
    branches.outputs.append(keras.layers.ReLU(name="chain_relu")(bn))
    return branches.model(), normal("transposed", (BATCH, 5, 6, 3))


def resizing(keras):
    branches = Branches(keras, (6, 8, 3))
    layers = keras.layers
    add = branches.add
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        for size in (2, (3, 2), (1, 4)):
            add(layers.UpSampling2D(size, interpolation=interpolation,
                                    name=f"up_{interpolation}_{text(size)}"))
        for size in ((12, 16), (3, 4), (7, 5), (1, 1), (6, 13)):
            add(layers.Resizing(*size, interpolation=interpolation,
                                name=f"resizing_{interpolation}_{text(size)}"))
    add(layers.Resizing(5, 5, crop_to_aspect_ratio=True, name="resizing_cropped"))
    add(layers.Resizing(4, 9, crop_to_aspect_ratio=True, name="resizing_cropped_wide"))
    if keras.__version__.startswith("3"):
        add(layers.Resizing(5, 5, pad_to_aspect_ratio=True, fill_value=2.0,
                            name="resizing_padded"))
        for interpolation in ("bilinear", "bicubic", "lanczos3"):
            add(layers.Resizing(3, 5, interpolation=interpolation, antialias=True,
                                name=f"resizing_antialias_{interpolation}"))
    else:
        add(layers.Resizing(4, 5, interpolation="area", name="resizing_area"))
    add(layers.CenterCrop(3, 5, name="center_crop"))
    add(layers.CenterCrop(4, 8, name="center_crop_whole"))
    add(layers.CenterCrop(9, 9, name="center_crop_larger"))
    add(layers.Cropping2D(1, name="cropping_1"))
    add(layers.Cropping2D((1, 2), name="cropping_1_2"))
    add(layers.Cropping2D(((0, 1), (2, 3)), name="cropping_0_1_2_3"))
    return branches.model(), normal("resizing", (BATCH, 6, 8, 3))


def one_dimensional(keras):
    branches = Branches(keras, (13, 5))
    layers = keras.layers
    add = branches.add
    for padding in ("valid", "same", "causal"):
        for kernel, strides, dilation in ((1, 1, 1), (3, 1, 1), (3, 2, 1), (4, 3, 1), (3, 1, 2)):
            add(layers.Conv1D(6, kernel, strides=strides, padding=padding, dilation_rate=dilation,
                              name=f"conv_{padding}_k{kernel}_s{strides}_d{dilation}"))
    add(layers.Conv1D(10, 3, groups=5, activation="relu", name="conv_groups"))
    for padding in ("valid", "same"):
        for strides in (1, 2, 3):
            add(layers.Conv1DTranspose(4, 3, strides=strides, padding=padding,
                                       name=f"transposed_{padding}_s{strides}"))
            add(layers.SeparableConv1D(4, 3, strides=strides, padding=padding,
                                       depth_multiplier=2, name=f"separable_{padding}_s{strides}"))
            add(layers.DepthwiseConv1D(3, strides=strides, padding=padding, depth_multiplier=2,
                                       name=f"depthwise_{padding}_s{strides}"))
            for pool in (2, 3):
                for name, Pool in (("max", layers.MaxPooling1D),
                                   ("average", layers.AveragePooling1D)):
                    add(Pool(pool, strides=strides, padding=padding,
                             name=f"{name}_p{pool}_{padding}_s{strides}"))
    add(layers.GlobalMaxPooling1D(name="global_max"))
    add(layers.GlobalAveragePooling1D(name="global_average"))
    add(layers.GlobalAveragePooling1D(keepdims=True, name="global_average_keepdims"))
    add(layers.UpSampling1D(3, name="up"))
    add(layers.ZeroPadding1D(2, name="padding_2"))
    add(layers.ZeroPadding1D((1, 3), name="padding_1_3"))
    add(layers.Cropping1D((2, 1), name="cropping"))
    add(layers.Permute((2, 1), name="permute"))
    add(layers.Dense(7, activation="relu", name="dense"))
    if hasattr(layers, "LocallyConnected1D"):
        add(layers.LocallyConnected1D(4, 3, name="local"))
        add(layers.LocallyConnected1D(4, 3, strides=2, activation="tanh", use_bias=False,
                                      name="local_strides"))
    return branches.model(), normal("one-dimensional", (BATCH, 13, 5))


def three_dimensional(keras):
    branches = Branches(keras, (5, 6, 7, 3))
    layers = keras.layers
    add = branches.add
    for padding in ("valid", "same"):
        for kernel, strides in ((1, 1), (2, 1), (3, 1), ((3, 2, 1), 1), (3, 2), (2, (1, 2, 3)),
                                (3, (2, 3, 1))):
            add(layers.Conv3D(4, kernel, strides=strides, padding=padding,
                              name=f"conv_{padding}_k{text(kernel)}_s{text(strides)}"))
        for strides in (1, 2, (1, 2, 3)):
            add(layers.Conv3DTranspose(3, 3, strides=strides, padding=padding,
                                       name=f"transposed_{padding}_s{text(strides)}"))
        for name, Pool in (("max", layers.MaxPooling3D), ("average", layers.AveragePooling3D)):
            for pool, strides in ((2, None), (3, 2), ((1, 2, 3), 1)):
                add(Pool(pool, strides=strides, padding=padding,
                         name=f"{name}_{padding}_p{text(pool)}_s{text(strides)}"))
    add(layers.Conv3D(4, 2, dilation_rate=2, activation="relu", use_bias=False, name="conv_d2"))
    add(layers.GlobalMaxPooling3D(name="global_max"))
    add(layers.GlobalAveragePooling3D(name="global_average"))
    add(layers.UpSampling3D((2, 1, 2), name="up"))
    add(layers.ZeroPadding3D(((0, 1), (1, 0), (2, 1)), name="padding"))
    add(layers.Cropping3D(((0, 1), (1, 0), (2, 1)), name="cropping"))
    add(layers.BatchNormalization(name="bn"))
    add(layers.Permute((3, 1, 4, 2), name="permute"))
    return branches.model(), normal("three-dimensional", (BATCH, 5, 6, 7, 3))


def normalizations(keras):
    branches = Branches(keras, (5, 6, 8))
    layers = keras.layers
    add = branches.add
    for axis in (1, 2, 3, -1):
        add(layers.BatchNormalization(axis=axis, name=f"batch_{axis}"))
    add(layers.BatchNormalization(scale=False, name="batch_no_scale"))
    add(layers.BatchNormalization(center=False, epsilon=0.1, name="batch_no_center"))
    add(layers.LayerNormalization(name="layer"))
    add(layers.LayerNormalization(axis=[2, 3], epsilon=1e-5, name="layer_2_3"))
    add(layers.LayerNormalization(axis=1, center=False, name="layer_1_no_center"))
    add(layers.LayerNormalization(scale=False, name="layer_no_scale"))
    for groups in (1, 2, 4, 8, -1):
        add(layers.GroupNormalization(groups, name=f"group_{groups}"))
    add(layers.GroupNormalization(3, axis=2, epsilon=0.01, center=False, name="group_axis_2"))
    add(layers.UnitNormalization(name="unit"))
    add(layers.UnitNormalization(axis=[1, 2], name="unit_1_2"))
    add(layers.Normalization(axis=-1, mean=[0.5] * 8, variance=[2.0] * 8, name="given"))
    add(layers.Normalization(axis=None, mean=0.25, variance=4.0, name="given_all"))
    add(layers.Normalization(axis=(1, 3), name="adapted"))
    add(layers.Rescaling(1 / 127.5, offset=-1, name="rescaling"))
    add(layers.Rescaling([1.0, 2, 3, 4, 5, 6, 7, 8], offset=[8.0, 7, 6, 5, 4, 3, 2, 1],
                         name="rescaling_channels"))
    if keras.__version__.startswith("3"):
        add(layers.RMSNormalization(name="rms"))
    for shared in (None, [1, 2], [1], [2, 3]):
        add(layers.PReLU(shared_axes=shared, name="prelu_" + text(tuple(shared or ()))))
    if hasattr(layers, "ThresholdedReLU"):
        add(layers.ThresholdedReLU(0.5, name="thresholded"))
    add(layers.SpectralNormalization(layers.Conv2D(4, 2, name="inner"), name="spectral"))
    # Neither version loads all of them again: SpectralNormalization, LayerNormalization's axes.
    return branches.model(), normal("normalizations", (BATCH, 5, 6, 8)), {"check": False}


def merging(keras):
    layers = keras.layers
    inputs = {"whole": (4, 5, 6), "channels": (1, 1, 6), "pixels": (4, 5, 1), "rows": (4, 1, 1)}
    tensors = {name: keras.Input(shape, name=name) for name, shape in inputs.items()}
    outputs = []
    for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
        for other in ("channels", "pixels", "rows"):
            layer = getattr(layers, kind)
            outputs.append(layer(name=f"{kind.lower()}_{other}")([tensors["whole"], tensors[other]]))
            outputs.append(layer(name=f"{kind.lower()}_{other}_first")(
                [tensors[other], tensors["whole"]]))
        outputs.append(getattr(layers, kind)(name=f"{kind.lower()}_both")(
            [tensors["channels"], tensors["pixels"]]))
    for kind in ("Multiply", "Average", "Maximum"):
        outputs.append(getattr(layers, kind)(name=f"{kind.lower()}_three")(
            [tensors["whole"], tensors["channels"], tensors["pixels"]]))
    model = keras.Model(list(tensors.values()), outputs, name="merging")
    return model, {name: normal(name, (BATCH, *shape)) for name, shape in inputs.items()}


def sequences(keras):
    branches = Branches(keras, (6, 5))
    layers = keras.layers
    add = branches.add
    for kind in ("SimpleRNN", "LSTM", "GRU"):
        Layer = getattr(layers, kind)
        small = kind.lower()
        add(Layer(4, name=small))
        add(Layer(4, return_sequences=True, name=f"{small}_sequences"))
        add(Layer(4, go_backwards=True, use_bias=False, name=f"{small}_backwards"))
        add(Layer(17, activation="relu", name=f"{small}_relu"))
        for merge in ("concat", "sum", "mul", "ave"):
            for sequences in (False, True):
                add(layers.Bidirectional(Layer(3, return_sequences=sequences), merge_mode=merge,
                                         name=f"bidirectional_{small}_{merge}_{sequences}"))
    add(layers.GRU(4, reset_after=False, name="gru_before"))
    add(layers.LSTM(4, recurrent_activation="hard_sigmoid", name="lstm_hard"))
    add(layers.TimeDistributed(layers.Dense(3, activation="relu"), name="distributed_dense"))
    add(layers.Masking(0.0, name="masking"))
    flat = layers.Flatten(name="flatten")(branches.input)
    add(layers.RepeatVector(3, name="repeat"), flat)
    video = layers.Reshape((3, 5, 2, 1), name="video")(flat)
    add(layers.TimeDistributed(layers.Conv2D(3, 2, activation="relu"), name="distributed_conv"),
        video)
    add(layers.TimeDistributed(layers.BatchNormalization(), name="distributed_bn"), video)
    picture = keras.Input((5, 2, 1), name="picture")
    inner = layers.Conv2D(2, 2, activation="relu", name="conv")(picture)
    inner = layers.Flatten(name="flat")(inner)
    add(layers.TimeDistributed(keras.Model(picture, inner, name="inner"),
                               name="distributed_model"), video)
    add(layers.ConvLSTM2D(2, (2, 1), padding="same", name="conv_lstm"), video)
    add(layers.ConvLSTM2D(2, 2, return_sequences=True, activation="relu", use_bias=False,
                          name="conv_lstm_sequences"), video)
    return branches.model(), normal("sequences", (BATCH, 6, 5))


def attention(keras):
    layers = keras.layers
    query = keras.Input((4, 6), name="query")
    value = keras.Input((5, 6), name="value")
    outputs = [
        layers.Attention(name="dot")([query, value]),
        layers.Attention(use_scale=True, name="scaled")([query, value]),
        layers.AdditiveAttention(name="additive")([query, value]),
        layers.MultiHeadAttention(2, 3, name="heads")(query, value),
        layers.MultiHeadAttention(3, 4, value_dim=2, use_bias=False, output_shape=5,
                                  name="heads_5")(query, value),
        layers.MultiHeadAttention(1, 3, name="itself")(query, query),
        layers.Dot((2, 2), name="dot_2_2")([query, value]),
        layers.Dot((2, 2), normalize=True, name="dot_normalized")([query, value]),
        layers.EinsumDense("abc,cd->abd", output_shape=(None, 7), bias_axes="d",
                           name="einsum")(query),
        layers.EinsumDense("abc,bcd->ad", output_shape=3, activation="relu",
                           name="einsum_two")(query),
        layers.EinsumDense("abc,cde->abde", output_shape=(4, 2, 3), bias_axes="de",
                           name="einsum_heads")(query),
        layers.EinsumDense("...x,xy->...y", output_shape=4, bias_axes="y",
                           name="einsum_dots")(query),
    ]
    model = keras.Model([query, value], outputs, name="attention")
    # Keras 3 takes the score_mode "dot" in an .h5 for the function of that name.
    return (model, {"query": normal("query", (BATCH, 4, 6)),
                    "value": normal("value", (BATCH, 5, 6))}, {"check": not newer(keras)})


def categories(keras):
    layers = keras.layers
    numbers = keras.Input((3,), name="numbers")
    values = keras.Input((4,), name="values")
    outputs = [
        layers.Embedding(7, 5, name="embedding")(numbers),
        layers.CategoryEncoding(7, output_mode="multi_hot", name="multi_hot")(numbers),
        layers.CategoryEncoding(7, output_mode="count", name="count")(numbers),
        layers.Discretization(bin_boundaries=[-1.0, 0.0, 0.5], name="bins")(values),
    ]
    model = keras.Model([numbers, values], outputs, name="categories")
    return model, {"numbers": np.array([[0, 3, 6], [2, 2, 5]], np.float32),
                   "values": normal("values", (BATCH, 4))}


def operations(keras):
    """What models do to tensors between layers: TFOpLambda in Keras 2, operations in Keras 3."""
    input = keras.Input((6, 8, 4), name="input_layer")
    if newer(keras):
        ops = keras.ops
        nn = keras.ops
    else:
        import tensorflow as ops
        nn = ops.nn
    mean, maximum = (ops.mean, ops.max) if newer(keras) else (ops.reduce_mean, ops.reduce_max)
    concat = ops.concatenate if newer(keras) else ops.concat
    pooled = mean(input, axis=(1, 2), keepdims=True)
    outputs = [
        input + 1.5, 2.0 - input, input * 0.5, input / 3.0, 1.0 / (input * input + 1.0), -input,
        input * pooled, input - pooled, ops.maximum(input, 0.25), ops.minimum(input, pooled),
        input[:, 1:4, ::2, :], input[:, :, -1], input[..., 1:3], input[:, 2, 3, :],
        mean(input, axis=-1), maximum(input, axis=[1, 2]), mean(input, axis=1, keepdims=True),
        nn.relu(input), nn.sigmoid(input), nn.silu(input), ops.tanh(input), ops.exp(input),
        ops.square(input), ops.sqrt(ops.abs(input)), nn.softmax(input), nn.relu6(input * 4),
        ops.reshape(input, (-1, 48, 4)), ops.transpose(input, (0, 3, 1, 2)),
        concat([input, input * 2.0], axis=-1), ops.stack([input, -input], axis=1),
        ops.expand_dims(input, 1), ops.squeeze(pooled, axis=1),
        ops.pad(input, [[0, 0], [1, 2], [0, 1], [0, 0]]),
        ops.matmul(input, ops.transpose(input, (0, 1, 3, 2))),
        ops.image.resize(input, (12, 4)),
    ]
    if newer(keras):
        outputs += [ops.clip(input, -0.5, 0.75), ops.repeat(input, 2, axis=1),
                    ops.power(ops.abs(input), 1.5), ops.flip(input, axis=2)]
    else:
        outputs += [ops.clip_by_value(input, -0.5, 0.75), ops.repeat(input, 2, axis=1),
                    ops.pow(ops.abs(input), 1.5), ops.reverse(input, axis=[2]),
                    ops.nn.l2_normalize(input, axis=-1), ops.nn.leaky_relu(input, alpha=0.1),
                    ops.nn.local_response_normalization(input, 2, 1.0, 0.5, 0.75),
                    ops.nn.depth_to_space(input, 2), ops.nn.space_to_depth(input, 2),
                    ops.math.rsqrt(ops.abs(input) + 1.0)]
    model = keras.Model(input, outputs, name="operations")
    # Keras 3 saves operations in an .h5, but does not load them from one.
    return model, normal("operations", (BATCH, 6, 8, 4)), {"check": not newer(keras)}


def picture_layers(keras, first):
    """The same model with the channels first or last."""
    branches = Branches(keras, (3, 9, 11) if first else (9, 11, 3))
    layers = keras.layers
    add = branches.add
    data = {"data_format": "channels_first" if first else "channels_last"}
    x = layers.Conv2D(8, 3, padding="same", name="conv", **data)(branches.input)
    x = layers.BatchNormalization(axis=1 if first else -1, name="bn")(x)
    x = layers.ReLU(name="relu")(x)
    x = layers.MaxPooling2D(2, name="pool", **data)(x)
    add(layers.DepthwiseConv2D(3, name="depthwise", **data), x)
    add(layers.SeparableConv2D(5, 3, name="separable", **data), x)
    add(layers.Conv2DTranspose(5, 3, strides=2, name="transposed", **data), x)
    add(layers.AveragePooling2D(3, padding="same", name="average", **data), x)
    add(layers.GlobalAveragePooling2D(name="global_average", **data), x)
    add(layers.GlobalMaxPooling2D(keepdims=True, name="global_max", **data), x)
    add(layers.UpSampling2D(2, name="up", **data), x)
    add(layers.ZeroPadding2D(1, name="padding", **data), x)
    add(layers.Cropping2D(1, name="cropping", **data), x)
    add(layers.Flatten(name="flatten", **data), x)
    add(layers.Concatenate(axis=1 if first else -1, name="concatenate"), [x, x])
    return branches.model()


def channels_first(keras):
    return (picture_layers(keras, True), normal("channels-first", (BATCH, 3, 9, 11)),
            {"twin": picture_layers(keras, False)})


def recurrence(keras):
    """Recurrent layers by their cells, with states, and over pictures; each state is an output, too."""
    branches = Branches(keras, (5, 4))
    layers = keras.layers
    add = branches.add

    def states(name, layer, to=None):
        values = [value for group in layer(branches.input if to is None else to)
                  for value in (group if isinstance(group, (list, tuple)) else [group])]
        for index, value in enumerate(values):
            add(layers.Activation("linear", name=f"{name}_{index}"), value)

    cells = {"lstm": layers.LSTMCell, "gru": layers.GRUCell, "simple": layers.SimpleRNNCell}
    for name, Cell in cells.items():
        add(layers.RNN(Cell(3), return_sequences=True, name=f"rnn_{name}"))
        add(layers.RNN(Cell(3, use_bias=False), go_backwards=True, name=f"rnn_{name}_backwards"))
        add(layers.Bidirectional(layers.RNN(Cell(2)), name=f"rnn_{name}_both"))
    add(layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(2)], return_sequences=True,
                   name="rnn_two"))
    states("rnn_state", layers.RNN(
        layers.StackedRNNCells([layers.LSTMCell(4), layers.SimpleRNNCell(3), layers.GRUCell(2)]),
        return_state=True, go_backwards=True, name="rnn_three"))
    states("two", layers.Bidirectional(layers.GRU(3, return_sequences=True), merge_mode=None,
                                       name="both_apart"))
    states("both", layers.Bidirectional(layers.LSTM(2, return_state=True), name="both_states"))

    flat = layers.Flatten(name="flatten")(branches.input)
    steps = layers.Reshape((2, 5, 2), name="steps")(flat)
    for padding in ("valid", "same"):
        states(f"lines_{padding}", layers.ConvLSTM1D(
            3, 2, strides=2, padding=padding, return_sequences=True, return_state=True,
            recurrent_activation="sigmoid", name=f"conv_lstm_lines_{padding}"), steps)
    video = layers.Reshape((2, 5, 2, 1), name="video")(flat)
    states("pictures", layers.ConvLSTM2D(
        2, 2, return_state=True, go_backwards=True, recurrent_activation="sigmoid",
        name="conv_lstm_pictures"), video)
    add(layers.Bidirectional(layers.ConvLSTM2D(2, (2, 1), recurrent_activation="sigmoid"),
                             name="conv_lstm_both"), video)
    return branches.model(), normal("recurrence", (BATCH, 5, 4)), {"check": False}


def rarer(keras):
    """Arguments that few models have."""
    branches = Branches(keras, (6, 8, 4))
    layers = keras.layers
    add = branches.add
    for name, axes in (("rows", 1), ("columns", 2), ("all", (1, 2))):
        layer = layers.MultiHeadAttention(2, 3, attention_axes=axes, name=f"heads_{name}")
        branches.outputs.append(layer(branches.input, branches.input))
    add(layers.RandomCrop(6, 8, name="crop"))
    volume = layers.Reshape((3, 4, 4, 4), name="volume")(branches.input)
    for padding in ("valid", "same"):
        add(layers.Conv3D(6, 2, groups=2, padding=padding, activation="relu",
                          name=f"groups_{padding}"), volume)
    if newer(keras):
        add(layers.LayerNormalization(rms_scaling=True, name="variance"))
        add(layers.LayerNormalization(rms_scaling=True, axis=[1, 3], name="variance_1_3"))
        add(layers.Pipeline([layers.Rescaling(2.0, offset=1.0), layers.CenterCrop(4, 4)],
                            name="pipeline"))
    return branches.model(), normal("rarer", (BATCH, 6, 8, 4)), {"check": False}


def low_rank(keras):
    """Kernels with an adaptation of low rank beside them, which an .h5 keeps apart."""
    if not newer(keras):
        return None
    branches = Branches(keras, (None, None, 4))
    layers = keras.layers
    branches.add(layers.Dense(5, lora_rank=2, lora_alpha=3, name="dense"))
    branches.add(layers.Conv2D(6, 3, lora_rank=2, name="conv"))
    branches.add(layers.EinsumDense("abcd,de->abce", (None, None, 3), bias_axes="e", lora_rank=3,
                                    lora_alpha=1, name="einsum"))
    inner = keras.Sequential([keras.Input((None, None, 4)),
                              layers.Dense(3, lora_rank=2, lora_alpha=5, name="dense")], name="inner")
    branches.add(inner)
    return branches.model(), normal("low-rank", (BATCH, 6, 8, 4)), {"check": False}


def scales(keras):
    """The layer of their own that ports of Caffe's networks bring."""
    if newer(keras):
        return None

    import tensorflow as tf

    class Scale(keras.layers.Layer):
        def __init__(self, axis=-1, momentum=0.9, **more):
            super().__init__(**more)
            self.axis, self.momentum = axis, momentum

        def build(self, shape):
            for name in ("gamma", "beta"):
                setattr(self, name, self.add_weight(name, (shape[self.axis],)))

        def call(self, inputs):
            shape = [1] * len(inputs.shape)
            shape[self.axis] = -1
            return inputs * tf.reshape(self.gamma, shape) + tf.reshape(self.beta, shape)

        def get_config(self):
            return {**super().get_config(), "axis": self.axis, "momentum": self.momentum}

        def compute_output_shape(self, shape):
            return shape

    branches = Branches(keras, (5, 6, 4))
    for axis in (-1, 1, 2, 3):
        branches.add(Scale(axis=axis, name=f"scale_{axis}"))
    bn = keras.layers.BatchNormalization(name="bn")(branches.input)
    branches.add(Scale(axis=3, name="scale_bn"), bn)
    return branches.model(), normal("scales", (BATCH, 5, 6, 4)), {"check": False}


GROUPS = (convolution, depthwise, pooling, activations, shapes, several_inputs, nested,
          nested_twice, sequential_nested, transposed, resizing, one_dimensional, three_dimensional,
          normalizations, merging, sequences, attention, categories, operations, channels_first,
          recurrence, rarer, low_rank, scales)


def main():
    names = [name for name in sys.argv[1:] if name in {group.__name__ for group in GROUPS}]
    sys.argv = [name for name in sys.argv if name not in names]
    version = keras_option(__doc__)
    keras = import_keras(version)
    for group in GROUPS:
        if names and group.__name__ not in names:
            continue
        made = group(keras)
        if made is None:  # what this version does not have
            continue
        model, inputs, *more = made
        randomise(model)
        name = group.__name__.replace("_", "-")
        save(keras, model, HERE / "layers" / f"{name}.keras{version}", inputs,
             **(more[0] if more else {}))


if __name__ == "__main__":
    main()
