#!/usr/bin/env python3
"""Writes Sources/Figures/ColorMapTables.swift: colour maps of matplotlib, 256 colours each, as hexadecimal digits.

    python scripts/make_colormaps.py > Sources/Figures/ColorMapTables.swift

viridis, magma, inferno and plasma are by Stéfan van der Walt, Nathaniel Smith and Eric Firing, cividis by Jamie
Nuñez, Christopher Anderton and Ryan Renslow, all published under CC0; coolwarm is by Kenneth Moreland, "Diverging Color Maps
for Scientific Visualization", 2009. Needs matplotlib (made with 3.11.2).
"""
import matplotlib

NAMES = ["viridis", "magma", "inferno", "plasma", "cividis", "coolwarm"]
ROW = 15  # colours a line

print("// Written by scripts/make_colormaps.py; do not edit.\n")
print("/// The colours of maps that no formula gives, from the lowest to the highest: `rrggbb` 256 times.")
print("///\n/// The tables of matplotlib: viridis, magma, inferno, plasma and cividis are CC0.")
print("enum ColorMapTables {")
for index, name in enumerate(NAMES):
    colors = matplotlib.colormaps[name](range(256), bytes=True)
    text = ["".join(f"{part:02x}" for part in color[:3]) for color in colors]
    print(f'{"" if index == 0 else chr(10)}  static let {name} = """')
    lines = ["".join(text[start:start + ROW]) for start in range(0, 256, ROW)]
    print("\\\n".join("    " + line for line in lines))
    print('    """')
print("}")
