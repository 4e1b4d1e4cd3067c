#!/usr/bin/env python3
"""Draws the curves of docs/results.md: loss and accuracy by epoch, of training and of what was held back.

    results_svg.py FOLDER NETWORK

reads FOLDER/NETWORK-SEED.csv, which `cnntool train --history` writes, and FOLDER/NETWORK-keras-SEED.csv, where
there are any, and writes FOLDER/NETWORK.svg. Each seed is a thin line, the mean of the seeds a thick one; that
of Keras is dashed. Where the first epoch would press all others together, it is beyond the axis. Needs nothing but
Python.
"""
import csv, math, os, re, sys

WIDTH, HEIGHT = 420, 300  # of a panel
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 34, 44  # of its margins
LEGEND = 30
PARTS = [("", "training", "#1f6fb4"), ("val_", "{held}", "#d1601f")]


def histories(folder, pattern):
    """The columns of each file as lists of numbers, by the name of the column."""
    found = []
    for name in sorted(os.listdir(folder)):
        if re.fullmatch(pattern, name):
            with open(os.path.join(folder, name), newline="") as file:
                rows = list(csv.DictReader(file))
            found.append({key: [float(row[key]) for row in rows] for key in rows[0]})
    return found


def mean(runs, column):
    """The mean of the runs, epoch by epoch, as far as the shortest one goes."""
    return [sum(values) / len(values) for values in zip(*(run[column] for run in runs))]


def ticks(low, high, most):
    """Round numbers from low to high: at most `most` and one, with steps of 1, 2 or 5 times a power of ten."""
    least = (high - low) / most
    power = 10 ** math.floor(math.log10(least))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))
    return [index * step for index in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def limits(columns):
    return (min(map(min, columns)), max(map(max, columns))) if columns else None


class Panel:
    """One chart: where its axes are, and how numbers become places."""

    def __init__(self, x, runs, metric):
        self.x, self.metric = x, metric
        columns = [run[prefix + metric] for run in runs for prefix in ("", "val_")]
        self.low, self.high = limits(columns)
        later = limits([column[1:] for column in columns if len(column) > 3])
        if later and 3 * (later[1] - later[0]) < self.high - self.low:
            self.low, self.high = later
        margin = (self.high - self.low) * 0.05 or 0.05
        self.low, self.high = self.low - margin, self.high + margin
        if metric == "accuracy":
            self.high = min(self.high, 1)
        else:
            self.low = max(self.low, 0)
        self.epochs = max(len(run[metric]) for run in runs)

    def place(self, epoch, value):
        across = (epoch - 1) / max(self.epochs - 1, 1)
        up = (value - self.low) / (self.high - self.low)
        return (self.x + LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM))

    def clip(self):
        return (f'<clipPath id="{self.metric}"><rect x="{self.x + LEFT}" y="{TOP}" '
                f'width="{WIDTH - LEFT - RIGHT}" height="{HEIGHT - TOP - BOTTOM}"/></clipPath>')

    def axes(self):
        left, bottom = self.place(1, self.low)
        right, top = self.place(self.epochs, self.high)
        middle = (left + right) / 2
        yield text(middle, TOP - 14, self.metric, "middle", 'font-weight="bold"')
        yield text(middle, bottom + 36, "epoch", "middle")
        for value in ticks(self.low, self.high, 8):
            y = self.place(1, value)[1]
            yield line([(left, y), (right, y)], "#ddd", 1)
            yield text(left - 7, y + 4, f"{value:.4g}", "end")
        for epoch in ticks(1, self.epochs, 10) if self.epochs > 1 else [1]:
            if epoch == int(epoch):
                x = self.place(epoch, 0)[0]
                yield line([(x, bottom), (x, bottom + 4)], "#444", 1)
                yield text(x, bottom + 19, f"{int(epoch)}", "middle")
        yield line([(left, top), (left, bottom), (right, bottom)], "#444", 1)

    def curve(self, values, colour, width, more=""):
        more += f' clip-path="url(#{self.metric})"'
        return line([self.place(epoch, value) for epoch, value in enumerate(values, 1)], colour, width, more)


def line(points, colour, width, more=""):
    if len(points) == 1:
        points = points * 2
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="{width}" {more}/>'


def text(x, y, content, anchor="start", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#222" {more}>{content}</text>'


def draw(folder, network):
    runs = histories(folder, re.escape(network) + r"-\d+\.csv")
    keras = histories(folder, re.escape(network) + r"-keras-\d+\.csv")
    if not runs:
        sys.exit(f"results_svg.py: no {network}-SEED.csv in {folder}")
    held = "validation" if network == "cats-and-dogs" else "test"
    width, height = 2 * WIDTH, HEIGHT + LEGEND
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
             f'height="{height}" font-family="sans-serif" font-size="12">',
             f"<title>{network}: loss and accuracy by epoch</title>",
             f'<rect width="{width}" height="{height}" fill="#fff"/>']
    for index, metric in enumerate(("loss", "accuracy")):
        panel = Panel(index * WIDTH, runs + keras, metric)
        parts += [panel.clip(), *panel.axes()]
        for prefix, _, colour in PARTS:
            for run in runs:
                parts.append(panel.curve(run[prefix + metric], colour, 1, 'opacity="0.45"'))
            parts.append(panel.curve(mean(runs, prefix + metric), colour, 2.6))
            for run in keras if len(keras) > 1 else []:
                parts.append(panel.curve(run[prefix + metric], colour, 1, 'opacity="0.45" stroke-dasharray="3 3"'))
            if keras:
                parts.append(panel.curve(mean(keras, prefix + metric), colour, 2, 'stroke-dasharray="7 4"'))
    entries = [(label.format(held=held), colour, 2.6, "") for _, label, colour in PARTS]
    entries.append((f"each of {len(runs)} seeds" if len(runs) > 1 else "one seed", "#777", 1, ""))
    if keras:
        entries.append(("Keras", "#444", 2, 'stroke-dasharray="7 4"'))
    for index, (label, colour, thickness, more) in enumerate(entries):
        x, y = LEFT + index * 150, HEIGHT + LEGEND / 2 - 4
        parts += [line([(x, y), (x + 32, y)], colour, thickness, more), text(x + 40, y + 4, label)]
    path = os.path.join(folder, network + ".svg")
    with open(path, "w") as file:
        file.write("\n".join(parts + ["</svg>"]) + "\n")


if len(sys.argv) != 3:
    sys.exit(__doc__)
draw(sys.argv[1], sys.argv[2])
