// Layers

const shapeText = (shape) => `(${["None", ...shape].join(", ")})`;
const product = (shape) => shape.reduce((all, size) => all * size, 1);
const isVector = (layer) => layer.shape.length < 2;
const isSequence = (layer) => layer.shape.length === 2;

/** Rows, columns and channels of what a layer gives; planes are below each other. */
function dimensions(layer) {
  const shape = layer.shape;
  if (isSequence(layer)) return { rows: shape[0], columns: shape[1], channels: 1 };
  if (isVector(layer)) return { rows: product(shape), columns: 1, channels: 1 };
  return {
    rows: product(shape.slice(0, -2)), columns: shape[shape.length - 2], channels: shape[shape.length - 1],
  };
}

/** The same as layers compute it: a sequence is a picture of one row, a vector one of a single pixel. */
function pictureOf(layer) {
  const shape = layer.shape;
  if (isVector(layer)) return { rows: 1, columns: 1, channels: product(shape) };
  return isSequence(layer) ? { rows: 1, columns: shape[0], channels: shape[1] } : dimensions(layer);
}

/** Where a cell of the map that is shown lies in the layer's picture. */
function placeOf(layer, cell) {
  if (isVector(layer)) return { row: 0, column: 0, channel: cell.row };
  if (isSequence(layer)) return { row: 0, column: cell.row, channel: cell.column };
  return { ...cell, channel: state.channel };
}

/** The place among all values of a layer. */
function indexOf(layer, { row, column, channel }) {
  const { columns, channels } = pictureOf(layer);
  return (row * columns + column) * channels + channel;
}

function placeAt(layer, index) {
  const { columns, channels } = pictureOf(layer);
  const pixel = Math.floor(index / channels);
  return { row: Math.floor(pixel / columns), column: pixel % columns, channel: index % channels };
}

/** What a place is called. */
function placeText(layer, { row, column, channel }) {
  if (isVector(layer)) return `value ${channel}`;
  return isSequence(layer)
    ? `step ${column}, channel ${channel}` : `row ${row}, column ${column}, channel ${channel}`;
}

const valuesOf = (layer) => (layer.values ? floats(layer.values[state.item]) : null);
const valueAt = (layer, place) => valuesOf(layer)[indexOf(layer, place)];

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

/** A weight's numbers and its shape; a sequence's kernel is one of a single row. */
function weightOf(layer, name) {
  const weight = layer.recipe.weights?.[name];
  if (!weight) return null;
  const isRow = layer.recipe.window && weight.shape.length === 3;
  return { values: floats(weight.values), shape: isRow ? [1, ...weight.shape] : weight.shape };
}

/** Whether a layer has weights that are not in the page. */
const lacksWeights = (layer) => !layer.recipe.weights;
