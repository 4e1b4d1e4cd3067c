#!/usr/bin/env python3
"""Trains one of the networks of docs/results.md with Keras 3, on the same data, to compare the curves.

    results_keras.py NETWORK DATA SEED HISTORY.csv [EPOCHS]

NETWORK-rate-R is the network with the learning rate R. The history has the columns of `cnntool train --history`,
and one of the epochs' seconds. Needs TensorFlow; for cats-and-dogs SciPy and Pillow, too. Pictures are resized as
the tool does, by image_dataset_from_directory, once; ImageDataGenerator then changes them.
"""
import csv, gzip, os, sys, time
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import numpy as np
import keras
import tensorflow as tf
from keras import Input, Sequential
from keras.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D

SAME = dict(padding="same", activation="relu")
LAYERS = {
    "fashion-mnist": lambda: [
        Conv2D(64, 3, activation="relu"), MaxPooling2D(2), Conv2D(64, 3, activation="relu"), MaxPooling2D(2),
        Flatten(), Dense(128, activation="relu"), Dense(10, activation="softmax")],
    "mnist-two-convolutions": lambda: [
        Conv2D(32, 2, activation="relu"), MaxPooling2D(2), Conv2D(32, 2, activation="relu"), MaxPooling2D(2),
        Flatten(), Dense(500, activation="sigmoid"), Dense(10, activation="softmax")],
    "mnist-5x5": lambda: [
        Conv2D(30, 5, activation="relu"), MaxPooling2D(2), Conv2D(15, 3, activation="relu"), Dropout(0.2),
        Flatten(), Dense(128, activation="relu"), Dense(50, activation="relu"), Dense(10, activation="softmax")],
    "cats-and-dogs": lambda: [
        Conv2D(16, 3, **SAME), MaxPooling2D(), Dropout(0.2), Conv2D(32, 3, **SAME), MaxPooling2D(),
        Conv2D(64, 3, **SAME), MaxPooling2D(), Dropout(0.2), Flatten(), Dense(512, activation="relu"), Dense(1)],
}
# Optimiser, batch, epochs.
TRAINING = {"fashion-mnist": ("adam", 32, 5), "mnist-two-convolutions": ("adam", 1000, 20),
            "mnist-5x5": ("rmsprop", 100, 3), "cats-and-dogs": ("adam", 64, 15)}


def idx(folder, part):
    def read(name, header):
        with gzip.open(os.path.join(folder, f"{part}-{name}-ubyte.gz")) as file:
            return np.frombuffer(file.read(), np.uint8, offset=header)
    return read("images-idx3", 16).reshape(-1, 28, 28, 1).astype("f4") / 255, read("labels-idx1", 8)


def pictures(folder):
    data = keras.utils.image_dataset_from_directory(
        folder, label_mode="binary", batch_size=64, image_size=(150, 150), shuffle=False, verbose=False)
    xs, ys = zip(*data)
    return np.concatenate(xs), np.concatenate(ys)


class Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.start = time.perf_counter()

    def on_test_begin(self, logs=None):
        self.seconds = time.perf_counter() - self.start


class History(Clock):
    """What a CSVLogger writes, with the seconds of training, without those of validation."""

    def __init__(self, path):
        super().__init__()
        self.file = open(path, "w", newline="")
        self.writer = csv.writer(self.file)
        self.writer.writerow(["epoch", "loss", "accuracy", "val_loss", "val_accuracy", "seconds"])

    def on_epoch_end(self, epoch, logs=None):
        values = [logs[name] for name in ("loss", "accuracy", "val_loss", "val_accuracy")]
        self.writer.writerow([epoch, *values, round(self.seconds, 2)])
        self.file.flush()
        print(epoch + 1, *values, round(self.seconds, 2), flush=True)


def main(network, data, seed, history, epochs=None):
    keras.utils.set_random_seed(int(seed))
    network, _, rate = network.partition("-rate-")
    optimizer, batch, usual = TRAINING[network]
    optimizer = keras.optimizers.get(optimizer)
    if rate:
        optimizer.learning_rate = float(rate)
    if network == "cats-and-dogs":
        from keras.src.legacy.preprocessing.image import ImageDataGenerator
        x, y = pictures(os.path.join(data, network, "train"))
        vx, vy = pictures(os.path.join(data, network, "validation"))
        vx /= 255
        change = ImageDataGenerator(
            rescale=1 / 255, rotation_range=45, width_shift_range=.15, height_shift_range=.15, zoom_range=.5,
            horizontal_flip=True)
        training = dict(x=change.flow(x, y, batch_size=batch, seed=int(seed)))
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
    else:
        folder = os.path.join(data, "fashion-mnist" if network == "fashion-mnist" else "mnist")
        x, y = idx(folder, "train")
        vx, vy = idx(folder, "t10k")
        training = dict(x=x, y=y, batch_size=batch)
        loss = "sparse_categorical_crossentropy"
    model = Sequential([Input(x.shape[1:])] + LAYERS[network]())
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    model.fit(**training, validation_data=(vx, vy), validation_batch_size=batch, epochs=int(epochs or usual),
              verbose=0, callbacks=[History(history)])


main(*sys.argv[1:])
