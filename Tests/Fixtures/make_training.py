"""Writes training/: losses and weights of some steps of training, and gradients of single layers.

    python Tests/Fixtures/make_training.py --keras 3
    python Tests/Fixtures/make_training.py --keras 2

Keras 2 writes what its optimizers do with given gradients; all else is of Keras 3.
Initial weights and batches follow from `uniform`, which the tests compute as well, so that
only what Keras makes of them is stored. Of long arrays some elements are: see `sample`.
"""

import json
import math

import numpy as np

from fixture import HERE, import_keras, keras_option

FOLDER = HERE / "training"
STEPS = 10
LONGEST = 2000
# How far single precision may lead from double precision in the steps that are stored.
WORST = 5e-5

# Formulas that the tests have as well: TrainingFixture.swift

def uniform(array, shape):
    """Numbers in [0, 1) in steps of 2⁻²⁴: SplitMix64's outputs for states that count on from
    array · 2⁴⁰."""
    with np.errstate(over="ignore"):
        count = math.prod(shape)
        z = (np.arange(count, dtype=np.uint64) + np.uint64(array << 40)
             + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return ((z >> np.uint64(40)).astype(np.float64) / 2**24).reshape(shape)


def initial(number, name, shape):
    """A weight: kernels as Glorot's, others within ±0.1 of zero, or of one."""
    signed = 2 * uniform(number, shape) - 1
    if name in ("gamma", "moving_variance"):
        return (1 + 0.1 * signed).astype(np.float32)
    limit = 0.1
    if len(shape) > 1:
        limit = math.sqrt(6 / ((shape[-2] + shape[-1]) * math.prod(shape[:-2])))
    return (limit * signed).astype(np.float32)


def initialise(model):
    model.set_weights([initial(number, weight.name, tuple(weight.shape))
                       for number, weight in enumerate(model.weights)])


def batch_input(seed, step, shape):
    return uniform(1000 * seed + step, shape).astype(np.float32)


def batch_classes(seed, step, count, classes):
    return np.floor(uniform(1000 * seed + 500 + step, (count,)) * classes).astype(np.int64)


def signed(array, shape):
    """What gradients are asked at, in [-1, 1)."""
    return (2 * uniform(array, shape) - 1).astype(np.float32)


def sample(values):
    """At most LONGEST elements, evenly apart, which go through all places of the last axis."""
    stride = -(-values.size // LONGEST)
    while values.ndim and math.gcd(stride, values.shape[-1]) > 1:
        stride += 1
    return values.ravel()[::stride]


# Steps of training

def networks(keras):
    """Name, items of a batch, loss, shape of the input, layers, and the seed of the batches.

    With the seed the weights after all steps are the same within WORST as those that Keras computes in
    double precision, which `make_steps` checks. With others, some value meets the kink of a ReLU or a tie
    between two pixels so closely, or so small a gradient is divided by its own size, that rounding
    decides where weights go: see docs/numerics.md.
    """
    layers = keras.layers
    Conv, Pool, Dense = layers.Conv2D, layers.MaxPooling2D, layers.Dense
    same = dict(padding="same", activation="relu")
    sparse = "sparse_categorical_crossentropy"
    yield "conv10", 8, sparse, (28, 28, 1), 1, [
        Conv(10, 3, activation="relu"), layers.Flatten(), Dense(10, activation="softmax")]
    yield "mnist-two-convolutions", 8, sparse, (28, 28, 1), 1, [
        Conv(32, 2, activation="relu"), Pool(2), Conv(32, 2, activation="relu"), Pool(2),
        layers.Flatten(), Dense(500, activation="sigmoid"), Dense(10, activation="softmax")]
    yield "fashion-mnist", 8, sparse, (28, 28, 1), 1, [
        Conv(64, 3, activation="relu"), Pool(2), Conv(64, 3, activation="relu"), Pool(2),
        layers.Flatten(), Dense(128, activation="relu"), Dense(10, activation="softmax")]
    yield "mnist-5x5", 8, "categorical_crossentropy", (28, 28, 1), 1, [
        Conv(30, 5, activation="relu"), Pool(2), Conv(15, 3, activation="relu"), Pool(2),
        layers.Flatten(), Dense(128, activation="relu"), Dense(50, activation="relu"),
        Dense(10, activation="softmax")]
    yield "cats-and-dogs", 2, "binary_crossentropy", (150, 150, 3), 19, [
        Conv(16, 3, **same), Pool(2), Conv(32, 3, **same), Pool(2), Conv(64, 3, **same), Pool(2),
        layers.Flatten(), Dense(512, activation="relu"), Dense(1)]


# Of the batches of an optimizer, where it needs others.
SEEDS = {
    ("cats-and-dogs", "adagrad"): 21, ("cats-and-dogs", "nadam"): 22, ("fashion-mnist", "adagrad"): 2}


def optimizers(keras):
    """Keras's defaults, but for what would hardly move in ten steps."""
    o = keras.optimizers
    return {
        "sgd": o.SGD,
        "nesterov": lambda: o.SGD(momentum=0.9, nesterov=True),
        "rmsprop": o.RMSprop,
        "adam": o.Adam,
        "adamw": o.AdamW,
        "adagrad": lambda: o.Adagrad(learning_rate=0.01),
        "adadelta": lambda: o.Adadelta(learning_rate=1.0),
        "nadam": o.Nadam,
    }


def more_optimizers(keras):
    """What the first network is trained with besides: settings in which they matter within ten steps."""
    o = keras.optimizers
    return {
        "sgd_clipnorm": lambda: o.SGD(0.1, clipnorm=0.1),
        "momentum_global_clipnorm": lambda: o.SGD(0.05, momentum=0.9, global_clipnorm=0.5),
        "amsgrad": lambda: o.Adam(beta_2=0.5, amsgrad=True),
        "adamw_amsgrad": lambda: o.AdamW(beta_2=0.5, amsgrad=True, clipnorm=0.2),
        "rmsprop_centered": lambda: o.RMSprop(centered=True),
        "rmsprop_centered_momentum": lambda: o.RMSprop(momentum=0.5, centered=True),
    }


def train(keras, model, optimizer, loss, seed, shape, batch):
    """The losses of the steps; the weights are left in the model."""
    function = loss
    if loss == "binary_crossentropy":
        function = keras.losses.BinaryCrossentropy(from_logits=True)
    initialise(model)
    model.compile(optimizer=optimizer, loss=function)
    losses = []
    for step in range(STEPS):
        x = batch_input(seed, step, (batch,) + shape)
        y = batch_classes(seed, step, batch, 2 if loss == "binary_crossentropy" else 10)
        if loss == "binary_crossentropy":
            y = y.astype(np.float32)[:, None]
        if loss == "categorical_crossentropy":
            y = np.eye(10, dtype=np.float32)[y]
        model.reset_metrics()
        losses.append(float(model.train_on_batch(x, y)))
    return losses


def make_steps(keras):
    for number, (name, *_) in enumerate(networks(keras)):
        set_precision(keras, "float64")
        exact = {key: weights for key, _, weights in trained(keras, list(networks(keras))[number])}
        set_precision(keras, "float32")
        arrays = {}
        for key, losses, weights in trained(keras, list(networks(keras))[number]):
            arrays[f"{key}/losses"] = np.array(losses, np.float32)
            for place, weight in enumerate(weights):
                assert weight.dtype == np.float32
                arrays[f"{key}/{place}"] = sample(weight)
            worst = max(np.abs(a - b).max() for a, b in zip(weights, exact[key], strict=True))
            print(f"{name} {key}: {worst:.1e} from double precision", flush=True)
            assert worst < WORST, "take another seed"
        np.savez_compressed(FOLDER / f"{name}.npz", **arrays)


def set_precision(keras, name):
    """That of the layers that are made from now on, and of their inputs."""
    keras.backend.set_floatx(name)
    keras.config.set_dtype_policy(name)


def trained(keras, network):
    """The losses and weights that each optimizer comes to."""
    name, batch, loss, shape, seed, layers = network
    model = keras.Sequential([keras.layers.InputLayer(shape, name="input_layer")] + layers,
                             name="sequential")
    renamed(model)
    if keras.backend.floatx() == "float32":
        (FOLDER / f"{name}.json").write_text(
            json.dumps(json.loads(model.to_json()), indent=1) + "\n")
    makers = optimizers(keras) | (more_optimizers(keras) if name == "conv10" else {})
    for key, optimizer in makers.items():
        own = SEEDS.get((name, key), seed)
        losses = train(keras, model, optimizer(), loss, own, shape, batch)
        yield key, losses, model.get_weights()


def renamed(model):
    """Keras numbers layers from one model to the next; here from one."""
    counts = {}
    for layer in model.layers:
        base = {"Conv2D": "conv2d", "MaxPooling2D": "max_pooling2d"}.get(
            type(layer).__name__, type(layer).__name__.lower())
        number = counts.get(base, 0)
        counts[base] = number + 1
        layer.name = base if number == 0 else f"{base}_{number}"


# Gradients of single layers

def cases(keras):
    """Name, shapes of the inputs, and what makes an output of them."""
    L = keras.layers

    def case(name, shape, layer):
        shapes = shape if isinstance(shape, list) else [shape]
        return name, shapes, layer

    picture, small = (9, 8, 3), (5, 6, 4)
    yield case("conv", picture, L.Conv2D(5, 3))
    yield case("conv_same", picture, L.Conv2D(5, 3, padding="same", activation="relu"))
    yield case("conv_strides", picture, L.Conv2D(5, (3, 2), strides=(2, 3)))
    yield case("conv_strides_same", picture, L.Conv2D(5, 3, strides=2, padding="same"))
    yield case("conv_dilation", picture, L.Conv2D(5, (2, 3), dilation_rate=(3, 2)))
    yield case("conv_dilation_same", picture, L.Conv2D(5, 3, dilation_rate=2, padding="same"))
    yield case("conv_groups", small, L.Conv2D(6, 3, groups=2, padding="same"))
    yield case("conv_1x1", picture, L.Conv2D(17, 1, use_bias=False))
    yield case("conv_1x1_strides", picture, L.Conv2D(7, 1, strides=2))
    yield case("conv_wide", (12, 11, 18), L.Conv2D(33, 3, padding="same", activation="tanh"))
    yield case("depthwise", picture, L.DepthwiseConv2D(3, padding="same"))
    yield case("depthwise_strides", picture, L.DepthwiseConv2D(3, strides=2, padding="same"))
    yield case("depthwise_multiplier", picture, L.DepthwiseConv2D((2, 3), depth_multiplier=3))
    yield case("separable", picture, L.SeparableConv2D(6, 3, strides=2, padding="same",
                                                       depth_multiplier=2))
    yield case("transposed", small, L.Conv2DTranspose(5, 3, strides=2, padding="same"))
    yield case("transposed_valid", small, L.Conv2DTranspose(3, (2, 4), strides=(3, 2)))
    yield case("transposed_stride_1", small, L.Conv2DTranspose(3, 3))
    yield case("transposed_stride_1_same", small,
               L.Conv2DTranspose(17, 3, padding="same", activation="tanh"))
    yield case("transposed_narrow", small, L.Conv2DTranspose(3, 2, strides=3, use_bias=False))
    yield case("transposed_output_padding", small,
               L.Conv2DTranspose(6, (3, 5), strides=2, padding="same", output_padding=(1, 0)))
    for kind, Pool in (("max", L.MaxPooling2D), ("average", L.AveragePooling2D)):
        yield case(f"{kind}_pooling", picture, Pool(2))
        yield case(f"{kind}_pooling_overlap", picture, Pool(3, strides=2))
        yield case(f"{kind}_pooling_same", picture, Pool(3, strides=(2, 1), padding="same"))
    yield case("global_average", small, L.GlobalAveragePooling2D())
    yield case("global_average_kept", small, L.GlobalAveragePooling2D(keepdims=True))
    yield case("global_max", small, L.GlobalMaxPooling2D())
    yield case("batch_normalization", small, L.BatchNormalization())
    yield case("batch_normalization_plain", small,
               L.BatchNormalization(momentum=0.9, epsilon=1e-2, center=False, scale=False))
    yield case("batch_normalization_rank_1", (7,), L.BatchNormalization())
    yield case("layer_normalization", small, L.LayerNormalization())
    yield case("layer_normalization_rank_1", (7,), L.LayerNormalization(epsilon=1e-2))
    yield case("layer_normalization_axes", small, L.LayerNormalization(axis=(2, 3)))
    yield case("layer_normalization_plain", small,
               L.LayerNormalization(axis=1, center=False, scale=False))
    yield case("rms_normalization", small, L.RMSNormalization())
    yield case("group_normalization", small, L.GroupNormalization(2))
    yield case("unit_normalization", small, L.UnitNormalization())
    yield case("dense", (19,), L.Dense(7, activation="sigmoid"))
    yield case("dense_rank_3", (3, 4, 5), L.Dense(6, activation="softmax"))
    for function in ("relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "sigmoid", "tanh",
                     "softplus", "softsign", "silu", "hard_sigmoid", "exponential", "softmax",
                     "celu", "hard_shrink", "hard_silu", "hard_tanh", "log_sigmoid",
                     "log_softmax", "mish", "soft_shrink", "sparse_plus", "sparse_sigmoid",
                     "squareplus", "tanh_shrink"):
        yield case(f"activation_{function}", small, L.Activation(function))
    yield case("relu_layer", small,
               L.ReLU(max_value=0.5, negative_slope=0.1, threshold=0.1))
    yield case("leaky_relu", small, L.LeakyReLU(0.2))
    yield case("elu", small, L.ELU(0.5))
    yield case("prelu", small, L.PReLU())
    yield case("prelu_shared", small, L.PReLU(shared_axes=[1, 2]))
    yield case("prelu_channels_shared", small, L.PReLU(shared_axes=[3]))
    yield case("prelu_single", small, L.PReLU(shared_axes=[1, 2, 3]))
    yield case("softmax_axis", small, L.Softmax(axis=1))
    yield case("upsampling", small, L.UpSampling2D((2, 3)))
    yield case("upsampling_bilinear", small, L.UpSampling2D(2, interpolation="bilinear"))
    yield case("zero_padding", small, L.ZeroPadding2D(((1, 0), (2, 3))))
    yield case("cropping", small, L.Cropping2D(((1, 2), (0, 3))))
    yield case("permute", small, L.Permute((3, 1, 2)))
    yield case("reshape", small, L.Reshape((10, 12)))
    yield case("flatten", small, L.Flatten())
    yield case("repeat_vector", (7,), L.RepeatVector(3))
    yield case("rescaling", small, L.Rescaling(0.25, offset=1))
    two, three = [small, small], [small, small, small]
    yield case("add", three, L.Add())
    yield case("add_broadcast", [small, (1, 1, 4)], L.Add())
    yield case("subtract", two, L.Subtract())
    yield case("multiply", three, L.Multiply())
    yield case("multiply_broadcast", [small, (1, 1, 4)], L.Multiply())
    yield case("average", three, L.Average())
    yield case("maximum", two, L.Maximum())
    yield case("maximum_broadcast", [(1, 1, 4), small, small], L.Maximum())
    yield case("minimum", two, L.Minimum())
    yield case("minimum_broadcast", [(1, 1, 4), small, small], L.Minimum())
    yield case("dot", [(7,), (7,)], L.Dot(axes=1, normalize=True))
    yield case("concatenate", [small, (5, 6, 3)], L.Concatenate())
    yield case("concatenate_axis", [small, (2, 6, 4)], L.Concatenate(axis=1))
    sequence, volume = (9, 4), (5, 6, 4, 3)
    yield case("conv1d", sequence, L.Conv1D(5, 3, strides=2, padding="same"))
    yield case("conv1d_causal", sequence, L.Conv1D(5, 3, dilation_rate=2, padding="causal"))
    yield case("depthwise1d", sequence, L.DepthwiseConv1D(3, depth_multiplier=2))
    yield case("separable1d", sequence, L.SeparableConv1D(5, 3, padding="same"))
    yield case("transposed1d", sequence, L.Conv1DTranspose(5, 3, strides=2))
    yield case("conv3d", volume, L.Conv3D(4, 3))
    yield case("conv3d_strides", volume, L.Conv3D(4, (2, 3, 2), strides=2, padding="same"))
    yield case("conv3d_groups", (5, 6, 4, 4), L.Conv3D(6, 2, groups=2))
    yield case("transposed3d", volume, L.Conv3DTranspose(4, 3, strides=2, padding="same"))
    for kind, one, three in (("max", L.MaxPooling1D, L.MaxPooling3D),
                             ("average", L.AveragePooling1D, L.AveragePooling3D)):
        yield case(f"{kind}_pooling1d", sequence, one(3, strides=2, padding="same"))
        yield case(f"{kind}_pooling3d", volume, three(2))
    yield case("global_max1d", sequence, L.GlobalMaxPooling1D())
    yield case("global_average3d", volume, L.GlobalAveragePooling3D())
    yield case("global_max3d", volume, L.GlobalMaxPooling3D())
    yield case("upsampling3d", volume, L.UpSampling3D(2))
    yield case("einsum_dense", (3, 4, 5), L.EinsumDense("abcd,de->abce", (3, 4, 6), bias_axes="e"))
    yield case("einsum_dense_axes", (4, 6),
               L.EinsumDense("abc,cde->abde", (None, 2, 3), bias_axes="de"))
    yield case("time_distributed", (3, 4, 5), L.TimeDistributed(L.Dense(6)))
    yield case("simple_rnn", sequence, L.SimpleRNN(5))
    yield case("lstm", sequence, L.LSTM(5, return_sequences=True))
    yield case("gru", sequence, L.GRU(5))


def make_gradients(keras):
    import tensorflow as tf
    arrays, models = {}, {}
    for name, shapes, layer in cases(keras):
        layer.name = "layer"
        inputs = [keras.Input(shape, name=f"input_{number}")
                  for number, shape in enumerate(shapes)]
        output = layer(inputs if len(inputs) > 1 else inputs[0])
        model = keras.Model(inputs, output, name=name)
        initialise(model)
        models[name] = json.loads(model.to_json())
        values = [tf.constant(4 * signed(100 + number, (3,) + shape))
                  for number, shape in enumerate(shapes)]
        with tf.GradientTape() as tape:
            tape.watch(values)
            result = model(values if len(values) > 1 else values[0], training=True)
            total = tf.reduce_sum(result * signed(200, tuple(result.shape)))
        weights = [weight.value for weight in model.trainable_weights]
        gradients = tape.gradient(total, values + weights)
        arrays[f"{name}/output"] = sample(result.numpy())
        for number, gradient in enumerate(gradients[:len(values)]):
            arrays[f"{name}/input{number}"] = sample(gradient.numpy())
        for weight, gradient in zip(model.trainable_weights, gradients[len(values):]):
            arrays[f"{name}/{weight.name}"] = sample(gradient.numpy())
        # Moving averages.
        for weight in model.non_trainable_weights:
            arrays[f"{name}/{weight.name}"] = sample(weight.numpy())
    np.savez_compressed(FOLDER / "gradients.npz", **arrays)
    folder = FOLDER / "gradients"
    folder.mkdir(exist_ok=True)
    for name, model in models.items():
        (folder / f"{name}.json").write_text(json.dumps(model) + "\n")


# Optimizers by themselves

def settings(keras):
    """Optimizers in settings beyond Keras's defaults."""
    o, s = keras.optimizers, keras.optimizers.schedules
    return optimizers(keras) | {
        "momentum": lambda: o.SGD(0.1, momentum=0.8),
        "sgd_decay": lambda: o.SGD(0.1, weight_decay=0.1),
        "sgd_clipnorm": lambda: o.SGD(0.1, clipnorm=0.5),
        "sgd_clipvalue": lambda: o.SGD(0.1, clipvalue=0.25),
        "sgd_global_clipnorm": lambda: o.SGD(0.1, global_clipnorm=0.75),
        "rmsprop_centered": lambda: o.RMSprop(rho=0.8, momentum=0.5, centered=True),
        "amsgrad": lambda: o.Adam(0.01, amsgrad=True, epsilon=1e-3),
        "piecewise": lambda: o.SGD(s.PiecewiseConstantDecay([1, 3], [0.5, 0.25, 0.125])),
        "exponential": lambda: o.Adam(s.ExponentialDecay(0.1, 2, 0.5)),
        "staircase": lambda: o.SGD(s.ExponentialDecay(0.1, 2, 0.5, staircase=True)),
        "inverse_time": lambda: o.SGD(s.InverseTimeDecay(0.1, 2, 0.5)),
        "cosine": lambda: o.SGD(s.CosineDecay(0.1, 4, alpha=0.1)),
        "warmup": lambda: o.SGD(s.CosineDecay(0.01, 4, warmup_target=0.1, warmup_steps=3)),
    }


def make_optimizers(keras, version):
    """The values of two variables after each step, with given gradients; the optimizers themselves as
    Keras saves them."""
    import tensorflow as tf
    arrays, saved = {}, {}
    shapes = [(2, 3), (5,)]
    for name, make in settings(keras).items():
        optimizer = make()
        Variable = keras.Variable if version == 3 else tf.Variable
        variables = [Variable(signed(300 + number, shape)) for number, shape in enumerate(shapes)]
        values = [[], []]
        for step in range(STEPS):
            gradients = [tf.constant(signed(400 + 10 * step + number, shape))
                         for number, shape in enumerate(shapes)]
            optimizer.apply_gradients(zip(gradients, variables))
            for number, variable in enumerate(variables):
                values[number].append(variable.numpy())
        for number in range(len(shapes)):
            arrays[f"{name}/{number}"] = np.stack(values[number])
        saved[name] = keras.optimizers.serialize(make())
    np.savez_compressed(FOLDER / f"optimizers.keras{version}.npz", **arrays)
    (FOLDER / f"optimizers.keras{version}.json").write_text(
        json.dumps(saved, indent=1, default=float) + "\n")


# Models as Keras saves them after training

def trainable_model(keras, optimizer):
    """Shared and nested layers, a frozen one, and one with weights that are not trained."""
    layers = keras.layers
    inner_input = layers.Input((6, 6, 3), name="inner_input")
    x = layers.Conv2D(4, 3, name="conv", kernel_initializer="he_normal",
                      kernel_regularizer=keras.regularizers.L2(0.01))(inner_input)
    inner = keras.Model(inner_input, layers.BatchNormalization(name="norm")(x), name="inner")
    outer_input = layers.Input((6, 6, 3), name="input")
    x = layers.Flatten(name="flatten")(inner(outer_input))
    x = layers.Dense(5, activation="tanh", trainable=False, name="frozen")(x)
    shared = layers.Dense(5, activation="tanh", name="shared")
    x = layers.Add(name="add")([shared(x), shared(shared(x))])
    result = keras.Model(outer_input, layers.Dense(4, name="logits")(x), name="outer")
    for number, weight in enumerate(result.weights):
        values = 0.3 * signed(number, tuple(weight.shape))
        weight.assign(np.abs(values) + 1 if "variance" in weight.name else values)
    result.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                   metrics=["accuracy"])
    return result


def train_further(model, first, count):
    for step in range(first, first + count):
        targets = (np.arange(8) * (step + 1) // 3) % 4
        model.train_on_batch(signed(900 + step, (8, 6, 6, 3)), targets)


WEIGHTS = ("inner/conv/kernel", "inner/conv/bias", "inner/norm/gamma", "inner/norm/beta",
           "shared/kernel", "shared/bias", "logits/kernel", "logits/bias")


def make_trained(keras, version):
    """Models after three steps, and what their optimizers keep for each weight."""
    lists = {
        "amsgrad": {"momentum": "_momentums", "velocity": "_velocities",
                    "velocity_hat": "_velocity_hats"},
        "rmsprop_centered": {"velocity": "_velocities", "momentum": "_momentums",
                             "average_gradient": "_average_gradients"},
        "nadam": {"momentum": "_momentums", "velocity": "_velocities"},
        "sgd": {},
    }
    for name, slots in lists.items():
        model = trainable_model(keras, settings(keras)[name]())
        train_further(model, 0, 3)
        file = FOLDER / f"trained-{name}.keras{version}"
        np.savez_compressed(f"{file}.npz", **{
            f"{path}|{slot}": np.asarray(value) for slot, attribute in slots.items()
            for path, value in zip(WEIGHTS, getattr(model.optimizer, attribute), strict=True)})
        # Saving an .h5 makes Keras 3 forget the optimizer, so it comes last.
        for ending in (("keras", "h5") if version == 3 else ("h5",)):
            model.save(f"{file}.{ending}")


def one_thread():
    """With several, sums are taken in whatever order they come."""
    import tensorflow as tf
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def main():
    version = keras_option(__doc__)
    keras = import_keras(version)
    one_thread()
    FOLDER.mkdir(exist_ok=True)
    make_optimizers(keras, version)
    make_trained(keras, version)
    if version == 3:
        make_steps(keras)
        make_gradients(keras)


if __name__ == "__main__":
    main()
