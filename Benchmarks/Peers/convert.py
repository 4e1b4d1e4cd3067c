#!/usr/bin/env python3
"""Turn the models of models.py into what each peer loads, into the folder conv.

    NAME.onnx            NHWC input, free batch             (ONNX Runtime, OpenVINO)
    NAME.bN.tflite       fixed batch N, frozen, float32     (LiteRT)
    NAME.ncnn.param/.bin NCHW input, one image, float32     (ncnn, by pnnx)
    NAME.x.f32 NAME.y.f32  reference input (NHWC) and output, raw little-endian float32

Existing outputs newer than the .keras file are kept; delete the folder to redo all.
"""
import os, subprocess, sys, warnings
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.filterwarnings("ignore")
import numpy as np
from harness import FOLDER
from models import LARGE, MODELS, NAMES, SHAPES

CONV = os.path.join(FOLDER, "conv")
BATCHES = lambda name: (1, 8) if name in LARGE else (1, 32, 256)


def spec_of(model):
    """Neutral description of a Keras 3 functional or sequential model: layers in order, with their inputs."""
    ops, w, shapes = [], {}, {}
    for l in model.layers:
        kind, c = type(l).__name__, l.get_config()
        ts = [] if kind == "InputLayer" else l._inbound_nodes[0].input_tensors
        ins = [t._keras_history.operation.name for t in ts]
        for i, t in zip(ins, ts):  # Sequential.layers leaves its InputLayer out
            if i not in shapes:
                ops.append(dict(kind="InputLayer", name=i, inputs=[]))
                shapes[i] = tuple(t.shape[1:])
        keep = {k: c[k] for k in ("strides", "padding", "activation", "pool_size", "epsilon", "max_value", "rate")
                if k in c}
        ops.append(dict(kind=kind, name=l.name, inputs=ins, **keep))
        out = l.output[0] if isinstance(l.output, list) else l.output
        shapes[l.name] = tuple(out.shape[1:])
        w[l.name] = l.get_weights()
    return dict(ops=ops, weights=w, shapes=shapes)


def write_onnx(spec, name, path, nchw=False):
    """ONNX file straight from the layer list (tf2onnx needs > 24 GiB for VGG16). Free batch, NHWC input and
    output as Keras has them; nchw: one image, NCHW input (for pnnx)."""
    import onnx
    from onnx import helper as H, TensorProto as T
    nodes, inits, cur, hwc, padded = [], [], {}, {}, {}
    h, w, c = SHAPES[name]
    b = 1 if nchw else "N"

    def const(key, arr):
        arr = np.ascontiguousarray(arr)
        t = T(name=key, dims=arr.shape, data_type=T.INT64 if arr.dtype == np.int64 else T.FLOAT,
              raw_data=arr.tobytes())
        inits.append(t)
        return key

    def op(kind, ins, out, **kw):
        nodes.append(H.make_node(kind, ins, [out], name=out, **kw))
        return out

    for o in spec["ops"]:
        k, n = o["kind"], o["name"]
        ws, act = spec["weights"].get(n), o.get("activation")
        if k == "InputLayer":
            cur[n] = "x" if nchw else op("Transpose", ["x"], "x_nchw", perm=[0, 3, 1, 2])
            continue
        src = o["inputs"][0]
        t = cur[src]
        if k in ("Conv2D", "DepthwiseConv2D"):
            dw = k == "DepthwiseConv2D"
            kh, kw_, ci, co = ws[0].shape
            s, pads = o["strides"][0], [0, 0, 0, 0]
            if o["padding"] == "same":
                ih, iw, _ = spec["shapes"][src]
                tot = lambda d, f: max((-(-d // s) - 1) * s + f - d, 0)
                th, tw = tot(ih, kh), tot(iw, kw_)
                pads = [th // 2, tw // 2, th - th // 2, tw - tw // 2]
            pads = padded.get(src, pads)
            wt = ws[0].transpose(2, 3, 0, 1).reshape(-1, 1, kh, kw_) if dw else ws[0].transpose(3, 2, 0, 1)
            ins = [t, const(n + "_w", wt)] + ([const(n + "_b", ws[1])] if len(ws) > 1 else [])
            t = op("Conv", ins, n, kernel_shape=[kh, kw_], strides=[s, s], pads=pads, group=ci if dw else 1)
        elif k == "Dense":
            wt = ws[0]
            if src in hwc:
                a, b_, c_ = hwc[src]
                wt = wt.reshape(a, b_, c_, -1).transpose(2, 0, 1, 3).reshape(a * b_ * c_, -1)
            t = op("Gemm", [t, const(n + "_w", wt.T), const(n + "_b", ws[1])], n, transB=1)
        elif k == "BatchNormalization":
            t = op("BatchNormalization", [t] + [const(f"{n}_{i}", a) for i, a in enumerate(ws)], n,
                   epsilon=o["epsilon"])
        elif k == "MaxPooling2D":
            t = op("MaxPool", [t], n, kernel_shape=list(o["pool_size"]), strides=list(o["strides"]),
                   pads=padded.get(src, [0, 0, 0, 0]))
        elif k == "ZeroPadding2D":
            # into the next layer, as tf2onnx does too (pnnx knows no Pad); a pool's input is never negative here
            (p, q), (l, r) = o["padding"]
            padded[n] = [p, l, q, r]
        elif k == "GlobalAveragePooling2D":
            t = op("Flatten", [op("GlobalAveragePool", [t], n + "_g")], n)
        elif k == "Flatten":
            t = op("Flatten", [t], n)
            hwc[n] = spec["shapes"][src]
        elif k == "Add":
            t = op("Add", [t, cur[o["inputs"][1]]], n)
        elif k == "ReLU":
            assert o["max_value"] == 6
            t = op("Clip", [t, "zero", "six"], n)
            if not any(i.name == "six" for i in inits):
                const("zero", np.array(0, "f4")), const("six", np.array(6, "f4"))
        elif k == "Dropout":
            if src in hwc:
                hwc[n] = hwc[src]
        elif k != "Activation":
            raise KeyError(k)
        if act and act != "linear":
            t = op({"relu": "Relu", "sigmoid": "Sigmoid", "softmax": "Softmax"}[act], [t], n + "_act")
        cur[n] = t
    last = spec["shapes"][spec["ops"][-1]["name"]]
    if len(last) == 3 and not nchw:
        t = op("Transpose", [t], "y_nhwc", perm=[0, 2, 3, 1])
    elif len(last) == 3:
        last = (last[2], last[0], last[1])
    g = H.make_graph(nodes, name, [H.make_tensor_value_info("x", T.FLOAT, [b] + ([c, h, w] if nchw else [h, w, c]))],
                     [H.make_tensor_value_info(t, T.FLOAT, [b, *last])], inits)
    m = H.make_model(g, opset_imports=[H.make_opsetid("", 17)], ir_version=8)
    onnx.save(m, path)


def main(names):
    import resource
    resource.setrlimit(resource.RLIMIT_DATA, (10 << 30, 10 << 30))  # fail here rather than starve the machine
    import keras, shutil
    import tensorflow as tf
    os.makedirs(CONV, exist_ok=True)
    for name in names:
        src = os.path.join(MODELS, f"{name}.keras")
        at = lambda ext: os.path.join(CONV, f"{name}.{ext}")
        fresh = lambda p: os.path.exists(p) and os.path.getmtime(p) > os.path.getmtime(src)
        want = [at(e) for e in ("onnx", "ncnn.param", "ncnn.bin", "x.f32", "y.f32")]
        want += [at(f"b{b}.tflite") for b in BATCHES(name)]
        if all(map(fresh, want)):
            print(name, "kept", flush=True)
            continue
        model = keras.models.load_model(src, compile=False)
        ref = np.load(os.path.join(MODELS, f"{name}.ref.npz"))
        ref["x"].astype("<f4").tofile(at("x.f32"))
        ref["y"].astype("<f4").tofile(at("y.f32"))
        spec = spec_of(model)
        write_onnx(spec, name, at("onnx"))

        # TFLite through a SavedModel: from_concrete_functions([cf], keras3_model) writes a file without the
        # weights, and freezing in Python takes some 50 times the memory of the weights
        for b in BATCHES(name):
            tmp = os.path.join(CONV, f"tmp.{name}")
            mod = tf.Module()
            mod.held = [v._value for v in model.variables]
            mod.f = tf.function(lambda x: model(x, training=False),
                                input_signature=[tf.TensorSpec((b,) + SHAPES[name], tf.float32, name="x")])
            tf.saved_model.save(mod, tmp, signatures={"serving_default": mod.f.get_concrete_function()})
            open(at(f"b{b}.tflite"), "wb").write(tf.lite.TFLiteConverter.from_saved_model(tmp).convert())
            shutil.rmtree(tmp)

        tmp = os.path.join(CONV, f"tmp.{name}")
        os.makedirs(tmp, exist_ok=True)
        write_onnx(spec, name, os.path.join(tmp, f"{name}.onnx"), nchw=True)
        h, w, c = SHAPES[name]
        log = subprocess.run([os.path.join(os.path.dirname(sys.executable), "pnnx"), f"{name}.onnx",
                              f"inputshape=[1,{c},{h},{w}]", "fp16=0"], capture_output=True, text=True, cwd=tmp)
        try:
            for e in ("param", "bin"):
                os.replace(os.path.join(tmp, f"{name}.ncnn.{e}"), at(f"ncnn.{e}"))
        except OSError:
            print(name, "pnnx failed:", (log.stdout + log.stderr)[-600:])
        shutil.rmtree(tmp)
        print(name, {os.path.basename(p): os.path.getsize(p) if os.path.exists(p) else None for p in want}, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or NAMES)
