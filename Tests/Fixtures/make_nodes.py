"""Writes layers/nodes.keras2: operations as tf.keras 2.0 to 2.3 saved them, `TensorFlowOpLayer`.

    python Tests/Fixtures/make_nodes.py

No Keras of today makes such files, so this does what that one did (`create_keras_history`): each operation
of TensorFlow's graph behind the model's input becomes a layer, with the node's definition as JSON and
the inputs that are constants. TensorFlow computes the outputs.
"""

import json

import h5py
import numpy as np

from fixture import HERE, import_keras, normal

import_keras(2)
import tensorflow as tf  # noqa: E402
from google.protobuf import json_format  # noqa: E402

SHAPE = (6, 8, 4)


def operations(x):
    """The values that are the model's outputs."""
    nn, image = tf.nn, tf.image
    pooled = tf.reduce_mean(x, axis=[1, 2], keepdims=True)
    positive = tf.abs(x) + 0.5
    rows = tf.reshape(x, [-1, 48, 4])
    left, right = tf.split(x, 2, axis=-1)
    first, *_ = tf.unstack(x, axis=2)
    return [
        x + 1.5, 2.0 - x, x * [1.0, 2, 3, 4], x / 3.0, 1.0 / positive, tf.maximum(x, pooled),
        tf.minimum(0.25, x), positive ** 1.5, tf.math.squared_difference(x, pooled),
        tf.square(x), tf.sqrt(positive), tf.math.rsqrt(positive), -x, tf.exp(x),
        tf.math.log(positive), tf.sign(x), tf.floor(x), tf.math.ceil(x), nn.relu(x),
        nn.relu6(x * 4), nn.elu(x), nn.selu(x), nn.sigmoid(x), nn.tanh(x), nn.softplus(x),
        nn.softsign(x), nn.softmax(x), nn.log_softmax(x), nn.leaky_relu(x, 0.1),
        nn.bias_add(x, [0.5, -0.5, 0.25, 1]), tf.identity(x), tf.cast(tf.cast(x, tf.float64), tf.float32),
        tf.clip_by_value(x, -0.5, 0.75), tf.reduce_sum(x, -1), tf.reduce_max(x, [1, 2]),
        tf.reduce_min(x, 1, keepdims=True), tf.transpose(x, [0, 3, 1, 2]),
        tf.concat([x, x * 2.0], 2),
        tf.stack([x, -x], 1), tf.add_n([x, left[..., :1] + x, -pooled + x]), right + 1.0, first * 2.0,
        x[:, 1:4, ::2, :], x[:, :, -1], x[..., 1:3], x[:, 2, None, ::-1],
        tf.slice(x, [0, 1, 2, 0], [-1, 3, -1, 2]),
        tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]]),
        tf.pad(x, [[0, 0], [1, 0], [0, 0], [2, 0]], constant_values=-1.0),
        tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], "REFLECT"),
        tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]], "SYMMETRIC"),
        tf.expand_dims(x, 1), tf.expand_dims(x, -1), tf.squeeze(pooled, [1, 2]),
        tf.tile(x, [1, 1, 2, 3]), tf.reverse(x, [2]), rows,
        image.resize(x, [12, 4], "nearest"), image.resize(x, [3, 5]),
        image.resize(x, [9, 11], "bicubic"),
        nn.depth_to_space(x, 2), nn.space_to_depth(x, 2), nn.local_response_normalization(x, 2),
        tf.matmul(x, tf.transpose(x, [0, 1, 3, 2])), tf.matmul(x, x, transpose_b=True),
        tf.matmul(tf.squeeze(pooled, [1, 2]), np.arange(8, dtype=np.float32).reshape(4, 2) / 8),
    ]


def layers_of(graph, x, constants):
    """The layers that the operations of a graph become, in order."""
    made, layers = {x.op.name: "input_1"}, []
    for operation in graph.get_operations():
        if operation.name in made or operation.type in ("Const", "Placeholder"):
            continue
        name = f"tf_op_layer_{operation.name}"
        made[operation.name] = name
        values, inbound = {}, []
        for index, tensor in enumerate(operation.inputs):
            if tensor.op.type == "Const":
                values[index] = constants(tensor).tolist()
            else:
                inbound.append([made[tensor.op.name], 0, tensor.value_index, {}])
        layers.append({
            "class_name": "TensorFlowOpLayer", "name": name, "inbound_nodes": [inbound],
            "config": {"name": operation.name, "trainable": True, "dtype": "float32",
                       "node_def": json_format.MessageToDict(operation.node_def),
                       "constants": {str(index): value for index, value in values.items()}}})
    return layers


def main():
    inputs = normal("nodes", (2, *SHAPE))
    with tf.Graph().as_default() as graph:
        x = tf.compat.v1.placeholder(tf.float32, (None, *SHAPE), "input_1")
        results = operations(x)
        with tf.compat.v1.Session() as session:
            layers = layers_of(graph, x, lambda tensor: np.asarray(session.run(tensor)))
            made = {layer["name"]: graph.get_operation_by_name(layer["config"]["name"]).outputs
                    for layer in layers}
            # What takes pieces of a value apart is seen by what is done with the pieces.
            wanted = {name: values[0] for name, values in made.items() if len(values) == 1}
            outputs = session.run(wanted, {x: inputs})
    ends = [[f"tf_op_layer_{tensor.op.name}", 0, tensor.value_index] for tensor in results]
    config = {"class_name": "Model", "config": {
        "name": "nodes",
        "layers": [{"class_name": "InputLayer", "name": "input_1", "inbound_nodes": [],
                    "config": {"batch_input_shape": [None, *SHAPE], "dtype": "float32",
                               "sparse": False, "ragged": False, "name": "input_1"}}] + layers,
        "input_layers": [["input_1", 0, 0]], "output_layers": ends}}
    path = HERE / "layers" / "nodes.keras2.h5"
    with h5py.File(path, "w") as file:
        file.attrs["keras_version"] = "2.4.0"
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps(config)
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = ["input_1"] + [layer["name"] for layer in layers]
        for name in group.attrs["layer_names"]:
            group.require_group(name).attrs["weight_names"] = []
    for name, values in outputs.items():
        assert np.isfinite(values).all(), f"{name} is not finite"
    np.savez_compressed(path.with_suffix(".npz"), input=inputs, **outputs)
    print(f"{path.relative_to(HERE)}: {len(outputs)} outputs, {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
