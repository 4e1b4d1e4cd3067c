"""Writes storage/: data sets in every way that HDF5 stores numbers and groups, with the numbers.

    python Tests/Fixtures/make_storage.py

Keras writes few of these, but files may have gone through h5py or h5repack.
"""

import h5py
import numpy as np

from fixture import HERE

FOLDER = HERE / "storage"
TYPES = ["f2", "f4", "f8", ">f2", ">f4", ">f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8",
         ">i2", ">i8", ">u4"]
SPECIAL = {
    "f2": [np.inf, -np.inf, np.nan, 0, -0.0, 6e-8, 65504, 1e-7],
    "f8": [np.inf, -np.inf, np.nan, 0, -0.0, 1e-310, 1e300, 1e-40, 1e-46],
    "i8": [2**63 - 1, -2**63, -1, 16777217],
    "u8": [2**64 - 1, 0, 1, 16777217],
}
CHUNKS = [
    {"chunks": (4, 3, 2)}, {"chunks": (4, 3, 2), "compression": "gzip"},
    {"chunks": (5, 7, 5), "compression": "gzip", "shuffle": True},
    {"chunks": (4, 4, 4), "fletcher32": True},
    {"chunks": (4, 4, 4), "fletcher32": True, "shuffle": True, "compression": "gzip"},
    {"chunks": (9, 7, 5)}, {"chunks": (3, 3, 3), "maxshape": (None, None, None)},
]
generator = np.random.default_rng(1)


class Writer:
    def __init__(self, name, **options):
        self.order = options.pop("track_order", False)
        self.file = h5py.File(FOLDER / f"{name}.weights.h5", "w", track_order=self.order, **options)
        self.layers = self.file.create_group("layers", track_order=self.order)
        self.values = {}

    def group(self, layer):
        if layer not in self.layers:
            self.layers.create_group(layer, track_order=self.order).create_group(
                "vars", track_order=self.order)
        return self.layers[layer]["vars"]

    def add(self, layer, *arguments, **options):
        group = self.group(layer)
        dataset = group.create_dataset(str(len(group)), *arguments, **options)
        self.note(layer, dataset)
        return dataset

    def note(self, layer, dataset):
        with np.errstate(over="ignore"):
            values = dataset[()].astype(np.float32)
        self.values[f"{layer}/{dataset.name.split('/')[-1]}"] = values


def write(name, chunks=True, **options):
    writer = Writer(name, **options)
    for kind in TYPES:
        values = (generator.normal(size=(3, 5)) * 50).astype(kind)
        writer.add("types", data=values)
    for kind, values in SPECIAL.items():
        writer.add("special", data=np.array(values, kind))
    for index in range(60):
        writer.add("many", data=np.float32(index))
    # A data set that is part of its header.
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((3, 4))
    compact = h5py.h5d.create(
        writer.group("compact").id, b"0", h5py.h5t.IEEE_F32LE, space, creation)
    compact.write(h5py.h5s.ALL, h5py.h5s.ALL, generator.normal(size=(3, 4)).astype("f4"))
    writer.note("compact", h5py.Dataset(compact))
    writer.add("fill", (6, 6), "f4", fillvalue=2.5)
    writer.add("fill", (6, 6), "f4")
    writer.add("empty", data=np.zeros((0, 3), "f4"))
    if chunks:
        values = generator.normal(size=(9, 7, 5)).astype("f4")
        for more in CHUNKS:
            writer.add("chunks", data=values, **more)
        # Some chunks were never written.
        dataset = writer.add("fill", (6, 6), "f4", chunks=(2, 2), fillvalue=7.5)
        dataset[2:4, 2:4] = 1
        writer.note("fill", dataset)
    # As many attributes as a header holds, with the name; more are elsewhere, where they can be.
    attributes = writer.group("types").attrs
    for index in range(7):
        attributes[f"a{index}"] = np.bytes_("x" * (index + 1))
    attributes["name"] = "several_types"
    values = {key.replace("types/", "several_types/"): value
              for key, value in writer.values.items()}
    writer.file.close()
    np.savez_compressed(FOLDER / f"{name}.npz", **values)


def main():
    FOLDER.mkdir(exist_ok=True)
    write("earliest")
    write("ordered", track_order=True)
    write("latest", libver="latest")
    with h5py.File(FOLDER / "many-attributes.weights.h5", "w", libver="latest") as file:
        file["layers/dense/vars/0"] = np.ones((4, 4), "f4")
        for index in range(12):
            file["layers/dense/vars"].attrs[f"a{index}"] = 1


if __name__ == "__main__":
    main()
