// Layers

const shapeText = (shape) => `(${["None", ...shape].join(", ")})`;
const product = (shape) => shape.reduce((all, size) => all * size, 1);
const isVector = (layer) => layer.shape.length < 2;

/** Rows, columns and channels of what a layer gives; planes are below each other. */
function dimensions(layer) {
  const shape = layer.shape;
  if (shape.length === 2) return { rows: shape[0], columns: shape[1], channels: 1 };
  if (shape.length < 2) return { rows: product(shape), columns: 1, channels: 1 };
  return {
    rows: product(shape.slice(0, -2)), columns: shape[shape.length - 2], channels: shape[shape.length - 1],
  };
}

const valuesOf = (layer) => (layer.values ? floats(layer.values[state.item]) : null);

/** The numbers of one channel, row by row. */
function channelOf(layer, channel) {
  const { rows, columns, channels } = dimensions(layer);
  const values = valuesOf(layer);
  return Float32Array.from({ length: rows * columns }, (_, at) => values[at * channels + channel]);
}

/** The range of colours that a map is drawn in. */
function rangeOf(layer, map) {
  return limits(state.range === "map" ? map : valuesOf(layer));
}
