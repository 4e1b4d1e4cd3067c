"""A data set through a model on the workers of a Dask cluster: python cluster.py MODEL PICTURES.npy OUT.npy

Each worker loads the model once. A local cluster stands here for one of many machines: give Client the address
of its scheduler instead.
"""

import sys

import dask.array as da
import numpy as np
from dask.distributed import Client, LocalCluster

from cnn import Model

_models = {}


def predict(path, pictures):
    """The model's outputs, by a model that each process loads once and runs on one thread."""
    if path not in _models:
        _models[path] = Model(path, threads=1)
    return _models[path](pictures)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    path, source, target = sys.argv[1:]
    classes = Model(path, threads=1).outputs[0][0]
    with LocalCluster(n_workers=2, threads_per_worker=1) as cluster, Client(cluster):
        pictures = da.from_array(np.load(source, mmap_mode="r"), chunks=(256, -1, -1, -1))
        outputs = pictures.map_blocks(
            lambda block: predict(path, block), dtype=np.float32, drop_axis=(1, 2, 3), new_axis=1,
            chunks=(pictures.chunks[0], (classes,)), meta=np.empty((0, 0), np.float32))
        np.save(target, outputs.compute())


if __name__ == "__main__":
    main()
