"use strict";

const errors = [];
window.onerror = (message, _, line) => { errors.push(`${message} (line ${line})`); };
window.onunhandledrejection = (event) => { errors.push(String(event.reason)); };

const report = JSON.parse(document.getElementById("data").textContent);
const colors = report.colors.map((hex) => [0, 2, 4].map((at) => parseInt(hex.substr(at, 2), 16)));
const notANumber = [255, 0, 255];
const mostMaps = 256;
const mostCells = 64;

const state = { item: 0, layer: 0, channel: null, cell: null, range: "layer", all: false };
const byId = (id) => document.getElementById(id);

/** A new element with a class, text and children; text is never read as HTML. */
function element(tag, { className = "", text = null, children = [] } = {}) {
  const result = document.createElement(tag);
  if (className) result.className = className;
  if (text !== null) result.textContent = text;
  result.append(...children);
  return result;
}

// Numbers

const decoded = new Map();

/** The float32 numbers of a text in base64. */
function floats(text) {
  let result = decoded.get(text);
  if (!result) {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    result = Float32Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(4 * at, true));
    decoded.set(text, result);
  }
  return result;
}

function special(value) {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

/** Six decimals as Python rounds them: a tie goes to the even digit. */
function fixed(value) {
  if (!Number.isFinite(value)) return special(value);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const size = Math.abs(value);
  let text = size.toFixed(6);
  const exact = size.toFixed(60);
  const point = exact.indexOf(".");
  const rest = exact.slice(point + 7);
  if (/^50*$/.test(rest) && Number(exact[point + 6]) % 2 === 0) text = exact.slice(0, point + 7);
  return sign + text;
}

/** The shortest text that is read as the same float32. */
function exact(value) {
  if (!Number.isFinite(value)) return special(value);
  if (Object.is(value, -0)) return "-0";
  for (let digits = 1; digits < 9; digits += 1) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(Number(value.toPrecision(9)));
}

const short = (value) => (Number.isFinite(value) ? String(Number(value.toPrecision(4))) : special(value));

function limits(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? { low: 0, high: 0 } : { low, high };
}

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

// Pictures

function colorOf(value, { low, high }, palette = colors) {
  if (!Number.isFinite(value)) return notANumber;
  const part = high > low ? (value - low) / (high - low) : 0;
  return palette[Math.max(0, Math.min(255, Math.floor(part * 256)))];
}

/** A canvas with a pixel for each cell, shown larger. */
function picture(rows, columns, scale, colorAt) {
  const canvas = element("canvas");
  canvas.width = columns;
  canvas.height = rows;
  canvas.style.width = `${columns * scale}px`;
  canvas.style.height = `${rows * scale}px`;
  if (!rows || !columns) return canvas;
  const context = canvas.getContext("2d");
  const image = context.createImageData(columns, rows);
  for (let at = 0; at < rows * columns; at += 1) image.data.set([...colorAt(at), 255], 4 * at);
  context.putImageData(image, 0, 0);
  return canvas;
}

function mapPicture(map, rows, columns, scale, range) {
  return picture(rows, columns, scale, (at) => colorOf(map[at], range));
}

function scaleFor(rows, columns, target) {
  const scale = target / Math.max(rows, columns, 1);
  return scale > 1 ? Math.floor(scale) : scale;
}

/** A bar with the colours between the ends of a range. */
function colorBar({ low, high }, what) {
  const bar = picture(1, 256, 1, (at) => colors[at]);
  bar.removeAttribute("style");
  return [
    element("span", { text: exact(low) }), bar, element("span", { text: exact(high) }),
    element("span", { className: "what", text: what }),
  ];
}

function outlineOn(holder, rows, columns, canvas, box) {
  holder.querySelector(".outline")?.remove();
  if (!box) return;
  const [top, left] = [Math.max(0, box.top), Math.max(0, box.left)];
  const [bottom, right] = [Math.min(rows, box.bottom), Math.min(columns, box.right)];
  if (bottom <= top || right <= left) return;
  const outline = element("div", { className: "outline" });
  outline.style.top = `${(100 * top) / rows}%`;
  outline.style.height = `${(100 * (bottom - top)) / rows}%`;
  outline.style.left = `${(100 * left) / columns}%`;
  outline.style.width = `${(100 * (right - left)) / columns}%`;
  holder.append(outline);
}

// The graph

const svgNamespace = "http://www.w3.org/2000/svg";

function svg(tag, attributes, text = null) {
  const result = document.createElementNS(svgNamespace, tag);
  for (const [name, value] of Object.entries(attributes)) result.setAttribute(name, value);
  if (text !== null) result.textContent = text;
  return result;
}

const nodes = new Map();

function drawGraph() {
  const placed = report.layers.filter((layer) => layer.frame);
  const left = Math.min(...placed.map(({ frame }) => frame.x));
  const top = Math.min(...placed.map(({ frame }) => frame.y));
  const right = Math.max(...placed.map(({ frame }) => frame.x + frame.width));
  const bottom = Math.max(...placed.map(({ frame }) => frame.y + frame.height));
  const graph = svg("svg", {
    width: right - left + 4, height: bottom - top + 4,
    viewBox: `${left - 2} ${top - 2} ${right - left + 4} ${bottom - top + 4}`, role: "img",
  });
  for (const layer of placed) {
    for (const source of layer.inputs) {
      const from = report.layers[source].frame;
      if (!from) continue;
      const [x1, y1] = [from.x + from.width / 2, from.y + from.height];
      const [x2, y2] = [layer.frame.x + layer.frame.width / 2, layer.frame.y];
      const middle = (y1 + y2) / 2;
      graph.append(svg("path", { d: `M${x1} ${y1} C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}` }));
    }
  }
  report.layers.forEach((layer, index) => {
    if (layer.frame) graph.append(graphNode(layer, index));
    else byId("inner").append(innerButton(layer, index));
  });
  byId("graph").append(graph);
}

function graphNode(layer, index) {
  const { x, y, width, height } = layer.frame;
  const node = svg("g", { class: layer.values ? "node" : "node missing", tabindex: 0, role: "button" });
  const line = (number, text, name) =>
    node.append(svg("text", { x: x + width / 2, y: y + (height * number) / 4.6, class: name }, text));
  node.append(svg("rect", { x, y, width, height, rx: 7 }));
  line(1.2, layer.path, "");
  line(2.2, layer.className, "small");
  line(3.1, shapeText(layer.shape), "small");
  line(4, layer.parameters ? `${layer.parameters.toLocaleString("en")} parameters` : "", "small");
  node.append(svg("title", {}, layer.path));
  node.addEventListener("click", () => choose(index));
  node.addEventListener("keydown", (event) => { if (event.key === "Enter") choose(index); });
  nodes.set(index, node);
  return node;
}

function innerButton(layer, index) {
  const button = element("button", { text: `${layer.path} · ${layer.className} · ${shapeText(layer.shape)}` });
  button.type = "button";
  button.addEventListener("click", () => choose(index));
  nodes.set(index, button);
  return button;
}

// One layer

function choose(layer, channel = null) {
  state.layer = layer;
  state.channel = channel;
  state.cell = null;
  state.all = false;
  show();
}

function show() {
  const layer = report.layers[state.layer];
  for (const [index, node] of nodes) node.classList.toggle("chosen", index === state.layer);
  nodes.get(state.layer)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  byId("name").textContent = layer.path;
  byId("facts").textContent = [
    layer.className, shapeText(layer.shape), `${layer.parameters.toLocaleString("en")} parameters`,
    fieldText(layer.field),
  ].join(" · ");
  byId("bar").replaceChildren();
  byId("maps").replaceChildren();
  byId("maps").classList.remove("opened");
  byId("detail").replaceChildren();
  showInput();
  if (!layer.values) {
    byId("maps").append(element("p", {
      className: "note",
      text: `The values of this layer are not in the page: ${product(layer.shape).toLocaleString("en")} `
        + "numbers are beyond --limit. cnntool dump-layer writes them.",
    }));
    return;
  }
  if (isVector(layer)) showBars(layer);
  else showMaps(layer);
  if (state.channel !== null) showDetail(layer);
}

function fieldText(field) {
  if (!field) return "depends on the whole input, or on more than a window";
  const { height, width } = field;
  return `sees ${height.size} × ${width.size} pixels of the input, in steps of ${height.step} × ${width.step}`;
}

function showMaps(layer) {
  const { rows, columns, channels } = dimensions(layer);
  const one = state.range === "layer";
  byId("bar").replaceChildren(...(one
    ? colorBar(limits(valuesOf(layer)), "one range for all maps of the layer; NaN and infinities are magenta")
    : colorBar({ low: 0, high: 1 }, "from each map's least (0) to its greatest number (1), as below the map")));
  const shown = state.all ? channels : Math.min(channels, mostMaps);
  const scale = scaleFor(rows, columns, channels > 1 ? 78 : 280);
  for (let channel = 0; channel < shown; channel += 1) {
    const map = channelOf(layer, channel);
    const range = rangeOf(layer, map);
    const caption = one ? `${channel}` : `${channel}: ${short(range.low)} … ${short(range.high)}`;
    const figure = element("figure", {
      className: channel === state.channel ? "chosen" : "",
      children: [mapPicture(map, rows, columns, scale, range), element("figcaption", { text: caption })],
    });
    figure.tabIndex = 0;
    figure.addEventListener("click", () => chooseChannel(channel));
    figure.addEventListener("keydown", (event) => { if (event.key === "Enter") chooseChannel(channel); });
    byId("maps").append(figure);
  }
  if (shown === channels) return;
  const more = element("button", { text: `all ${channels} maps` });
  more.addEventListener("click", () => { state.all = true; show(); });
  byId("maps").append(more);
}

function chooseChannel(channel) {
  state.channel = channel;
  state.cell = null;
  [...byId("maps").children].forEach((map, index) => map.classList.toggle("chosen", index === channel));
  showDetail(report.layers[state.layer]);
}

/** A line with a bar, its length in relation to the largest of all. */
function bar(name, value, largest) {
  const line = element("i", { className: value < 0 ? "negative" : "" });
  line.style.width = `${Number.isFinite(value) && largest > 0 ? (100 * Math.abs(value)) / largest : 0}%`;
  const number = element("span", { text: fixed(value) });
  number.title = exact(value);
  return element("div", {
    className: "row", children: [element("span", { text: name }), element("span", { children: [line] }), number],
  });
}

const largestOf = (values) => values.reduce(
  (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
const labelsOf = (layer) =>
  (report.labels && report.outputs.includes(report.layers.indexOf(layer))
    && report.labels.length === product(layer.shape) ? report.labels : null);

function showBars(layer) {
  const values = valuesOf(layer);
  const labels = labelsOf(layer);
  const largest = largestOf(values);
  const shown = state.all ? values.length : Math.min(values.length, mostMaps);
  const box = element("div", { className: "rows" });
  box.style.width = "min(100%, 620px)";
  for (let at = 0; at < shown; at += 1) {
    box.append(bar(labels ? `${at} ${labels[at]}` : `${at}`, values[at], largest));
  }
  byId("bar").replaceChildren(element("span", {
    className: "what", text: `bars up to ${exact(largest)}; orange ones are negative`,
  }));
  byId("maps").append(box);
  if (shown === values.length) return;
  const more = element("button", { text: `all ${values.length} values` });
  more.addEventListener("click", () => { state.all = true; show(); });
  byId("maps").append(more);
}

// One map

function showDetail(layer) {
  byId("maps").classList.add("opened");
  byId("maps").children[state.channel]?.scrollIntoView({ block: "nearest" });
  const { rows, columns } = dimensions(layer);
  const map = channelOf(layer, state.channel);
  const range = rangeOf(layer, map);
  const scale = scaleFor(rows, columns, Math.min(320, window.innerWidth - 60));
  const large = mapPicture(map, rows, columns, scale, range);
  large.id = "large";
  const holder = element("div", { className: "picture", children: [large] });
  const cellAt = (event) => {
    const box = large.getBoundingClientRect();
    return {
      row: Math.max(0, Math.min(rows - 1, Math.floor(((event.clientY - box.top) / box.height) * rows))),
      column: Math.max(0, Math.min(columns - 1, Math.floor(((event.clientX - box.left) / box.width) * columns))),
    };
  };
  large.addEventListener("mousemove", (event) => showCell(layer, map, cellAt(event), holder));
  large.addEventListener("click", (event) => {
    const cell = cellAt(event);
    showCell(layer, map, cell, holder);
    if (rows > mostCells || columns > mostCells) showTable(layer, map, cell, holder);
  });
  const what = state.range === "layer" ? "the layer's range" : "the map's range";
  byId("detail").replaceChildren(
    element("h3", { text: `Channel ${state.channel}` }),
    element("div", {
      className: "columns",
      children: [
        element("div", {
          children: [holder, element("div", { className: "bar", children: colorBar(range, what) })],
        }),
        filterOf(layer),
      ],
    }),
    element("h3", { text: "The cell under the pointer" }),
    element("div", {
      className: "cell",
      children: [element("p", { className: "facts", text: "Point at a cell of the map or the table." })],
    }),
    element("h3", { text: "Numbers; positive ones are green, the exact float32 is in each cell's title" }),
    element("div", { className: "scroll" }));
  showTable(layer, map, { row: 0, column: 0 }, holder);
}

/** Numbers as a table; of a large map the part around a cell. */
function showTable(layer, map, around, holder) {
  const { rows, columns } = dimensions(layer);
  const first = (at, size) => Math.max(0, Math.min(size - mostCells, at - mostCells / 2));
  const [top, left] = [first(around.row, rows), first(around.column, columns)];
  const [bottom, right] = [Math.min(rows, top + mostCells), Math.min(columns, left + mostCells)];
  const head = element("tr", { children: [element("th")] });
  for (let column = left; column < right; column += 1) head.append(element("th", { text: `${column}` }));
  const body = element("tbody");
  for (let row = top; row < bottom; row += 1) {
    const line = element("tr", { children: [element("th", { text: `${row}` })] });
    for (let column = left; column < right; column += 1) {
      const value = map[row * columns + column];
      const cell = element("td", { className: value > 0 ? "positive" : "", text: fixed(value) });
      cell.title = `${exact(value)} at row ${row}, column ${column}`;
      cell.dataset.row = row;
      cell.dataset.column = column;
      line.append(cell);
    }
    body.append(line);
  }
  const table = element("table", { children: [element("thead", { children: [head] }), body] });
  table.id = "table";
  table.addEventListener("mouseover", (event) => {
    const cell = event.target.closest("td");
    if (cell) showCell(layer, map, { row: Number(cell.dataset.row), column: Number(cell.dataset.column) }, holder);
  });
  // What is copied is the exact number.
  table.addEventListener("copy", (event) => {
    if (state.cell === null || String(getSelection()).includes("\t")) return;
    event.clipboardData.setData("text/plain", exact(map[state.cell.row * columns + state.cell.column]));
    event.preventDefault();
  });
  byId("detail").querySelector(".scroll").replaceChildren(table);
}

/** The filter that made a map. */
function filterOf(layer) {
  const window = layer.window;
  const box = element("div");
  if (!window || !["convolution", "depthwise"].includes(window.kind)) return box;
  box.append(element("h3", { text: `Filter ${state.channel}` }));
  if (!window.kernel) {
    box.append(element("p", { className: "facts", text: "The filters are beyond --limit." }));
    return box;
  }
  const [height, width] = window.size;
  const sources = sourcesOf(layer, window, state.channel);
  const kernels = sources.map((_, at) => kernelOf(window, at, state.channel));
  const range = limits(kernels.flat());
  const grid = element("div", { className: "kernels" });
  kernels.slice(0, mostMaps).forEach((kernel, at) => {
    const scale = scaleFor(height, width, sources.length > 16 ? 27 : 78);
    const canvas = mapPicture(kernel, height, width, scale, range);
    canvas.title = `of input channel ${sources[at]}: ${kernel.map(exact).join(", ")}`;
    grid.append(canvas);
  });
  const bias = window.bias ? floats(window.bias)[state.channel] : 0;
  box.append(
    grid, element("div", { className: "bar", children: colorBar(range, "weights, one range for the filter") }),
    element("p", {
      className: "facts",
      text: `${height} × ${width} for ${sources.length} input channel${sources.length > 1 ? "s" : ""}; `
        + `bias ${exact(bias)}`,
    }));
  return box;
}

// One cell

/** The input channels that a channel is made of. */
function sourcesOf(layer, window, channel) {
  const [, , inputs, last] = window.kernelShape ?? [0, 0, 1, 1];
  if (window.kind === "depthwise") return [Math.floor(channel / last)];
  if (window.kind !== "convolution") return [channel];
  const group = Math.floor(channel / (last / window.groups));
  return Array.from({ length: inputs }, (_, at) => group * inputs + at);
}

/** The weights of one input channel, row by row. */
function kernelOf(window, at, channel) {
  const weights = floats(window.kernel);
  const [height, width, inputs, last] = window.kernelShape;
  const index = window.kind === "depthwise"
    ? (tap) => tap * inputs * last + channel
    : (tap) => (tap * inputs + at) * last + channel;
  return Array.from({ length: height * width }, (_, tap) => weights[index(tap)]);
}

/** The numbers of the input that a window lies on, null in the padding. */
function windowOn(input, window, cell, channel) {
  const { rows, columns, channels } = dimensions(input);
  const values = valuesOf(input);
  const [height, width] = window.size;
  return Array.from({ length: height * width }, (_, tap) => {
    const row = cell.row * window.strides[0] - window.padding[0] + Math.floor(tap / width) * window.dilation[0];
    const column = cell.column * window.strides[1] - window.padding[1] + (tap % width) * window.dilation[1];
    if (row < 0 || column < 0 || row >= rows || column >= columns) return null;
    return values[(row * columns + column) * channels + channel];
  });
}

function showCell(layer, map, cell, holder) {
  const { rows, columns } = dimensions(layer);
  state.cell = cell;
  const value = map[cell.row * columns + cell.column];
  outlineOn(holder, rows, columns, holder.firstChild, {
    top: cell.row, bottom: cell.row + 1, left: cell.column, right: cell.column + 1,
  });
  showField(layer, cell);
  const table = byId("table");
  table?.querySelector(".here")?.classList.remove("here");
  table?.querySelector(`td[data-row="${cell.row}"][data-column="${cell.column}"]`)?.classList.add("here");
  byId("detail").querySelector(".cell").replaceChildren(
    element("p", {
      className: "sum",
      children: [`row ${cell.row}, column ${cell.column}: `, element("b", { text: exact(value) })],
    }),
    ...explanation(layer, cell, value));
}

/** Outlines what a cell depends on in the input. */
function showField(layer, cell) {
  const field = layer.field;
  const holder = byId("input").children[field ? field.input : 0]?.querySelector(".picture");
  if (!holder) return;
  const input = report.layers[report.inputs[field ? field.input : 0]];
  const { rows, columns } = dimensions(input);
  const box = field
    ? {
      top: field.height.start + cell.row * field.height.step,
      left: field.width.start + cell.column * field.width.step,
    }
    : { top: 0, left: 0 };
  box.bottom = box.top + (field ? field.height.size : rows);
  box.right = box.left + (field ? field.width.size : columns);
  outlineOn(holder, rows, columns, holder.firstChild, box);
  byId("field").textContent = field
    ? `rows ${box.top} to ${box.bottom - 1}, columns ${box.left} to ${box.right - 1}`
    : "the whole input, or more than a window";
}

function grid(values, width, marked = null) {
  const body = element("tbody");
  for (let at = 0; at < values.length; at += width) {
    body.append(element("tr", {
      children: values.slice(at, at + width).map((value, offset) => {
        const cell = element("td", {
          className: [
            value === null ? "outside" : value > 0 ? "positive" : "", at + offset === marked ? "best" : "",
          ].join(" "),
          text: value === null ? "0" : fixed(value),
        });
        cell.title = value === null ? "padding" : exact(value);
        return cell;
      }),
    }));
  }
  return element("table", { children: [body] });
}

/** What made a value: elements that show the sum or the choice. */
function explanation(layer, cell, value) {
  const window = layer.window;
  const input = report.layers[layer.inputs[0]];
  if (!window) return [];
  if (!input.values) return [element("p", { className: "facts", text: "The layer's input is beyond --limit." })];
  if (window.kind === "maximum" || window.kind === "mean") return pooled(input, window, cell, value);
  if (!window.kernel) return [element("p", { className: "facts", text: "The filters are beyond --limit." })];
  return convolved(layer, input, window, cell, value);
}

function pooled(input, window, cell, value) {
  const numbers = windowOn(input, window, cell, state.channel);
  const isMaximum = window.kind === "maximum";
  return [
    element("p", {
      className: "facts",
      text: `the ${isMaximum ? "greatest number" : "mean"} of this window of ${input.path}:`,
    }),
    grid(numbers, window.size[1], isMaximum ? numbers.indexOf(value) : null),
  ];
}

/** The sum of a convolution, the input channels that matter most with their numbers. */
function terms(layer, input, window, cell) {
  return sourcesOf(layer, window, state.channel).map((source, at) => {
    const numbers = windowOn(input, window, cell, source);
    const kernel = kernelOf(window, at, state.channel);
    return { source, numbers, kernel, sum: numbers.reduce((sum, x, tap) => sum + (x ?? 0) * kernel[tap], 0) };
  });
}

function convolved(layer, input, window, cell, value) {
  const all = terms(layer, input, window, cell);
  const bias = window.bias ? floats(window.bias)[state.channel] : 0;
  const total = all.reduce((sum, term) => sum + term.sum, bias);
  const most = [...all].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)).slice(0, 3);
  const rest = total - bias - most.reduce((sum, term) => sum + term.sum, 0);
  const parts = most.map((term) => fixed(term.sum));
  if (all.length > most.length) parts.push(`${fixed(rest)} (${all.length - most.length} other channels)`);
  const line = element("p", { className: "sum" });
  const sum = element("b", { className: "total", text: fixed(total) });
  line.append(`${parts.join(" + ")} + bias ${fixed(bias)} = `, sum);
  line.append(window.activation === "linear" ? "" : ` → ${window.activation} → `);
  if (window.activation !== "linear") line.append(element("b", { text: fixed(value) }));
  return [
    line,
    ...most.map((term) => element("div", {
      className: "term",
      children: [
        element("span", { className: "facts", text: `${input.path}, channel ${term.source}` }),
        grid(term.numbers, window.size[1]), element("span", { text: "×" }), grid(term.kernel, window.size[1]),
        element("span", { text: `= ${fixed(term.sum)}` }),
      ],
    })),
  ];
}

// Input and predictions

function inputPicture(layer) {
  const { rows, columns, channels } = dimensions(layer);
  const values = valuesOf(layer);
  const range = limits(values);
  const level = (value) => (Number.isNaN(value) || range.high === range.low
    ? 0 : Math.round((255 * (value - range.low)) / (range.high - range.low)));
  const isColored = channels === 3;
  const canvas = picture(rows, columns, scaleFor(rows, columns, 216), (at) => [0, 1, 2].map(
    (part) => level(values[at * channels + (isColored ? part : 0)])));
  return element("div", {
    children: [
      element("div", { className: "picture", children: [canvas] }),
      element("p", {
        className: "facts",
        text: `${layer.path} ${shapeText(layer.shape)}; black is ${exact(range.low)}, white ${exact(range.high)}`
          + (channels > 1 && !isColored ? "; the first channel" : ""),
      }),
    ],
  });
}

function showInput() {
  byId("input").replaceChildren(...report.inputs.map((index) => {
    const layer = report.layers[index];
    return layer.values && layer.shape.length > 1
      ? inputPicture(layer) : element("div", { text: `${layer.path} ${shapeText(layer.shape)}` });
  }));
  byId("field").textContent = "";
  byId("predictions").replaceChildren(...report.outputs.map((index) => {
    const layer = report.layers[index];
    if (!layer.values || !isVector(layer)) {
      return element("p", { className: "facts", text: `${layer.path} ${shapeText(layer.shape)}` });
    }
    const values = [...valuesOf(layer)];
    const labels = labelsOf(layer);
    const order = values.map((_, at) => at).sort((a, b) => values[b] - values[a]).slice(0, 5);
    const largest = largestOf(values);
    return element("div", {
      children: [
        element("p", { className: "facts", text: layer.path }),
        element("div", {
          className: "rows",
          children: order.map((at) => bar(labels ? labels[at] : `${at}`, values[at], largest)),
        }),
      ],
    });
  }));
}

// Controls

const matches = (layer, text) => `${layer.path} ${layer.className}`.toLowerCase().includes(text.toLowerCase());

function search(text) {
  for (const [index, node] of nodes) node.classList.toggle("other", !matches(report.layers[index], text));
}

function step(layers, channels) {
  if (layers) {
    const next = Math.max(0, Math.min(report.layers.length - 1, state.layer + layers));
    if (next !== state.layer) choose(next, isVector(report.layers[next]) || state.channel === null ? null : 0);
    return;
  }
  const layer = report.layers[state.layer];
  if (!layer.values || isVector(layer)) return;
  const count = dimensions(layer).channels;
  chooseChannel(state.channel === null ? 0 : (state.channel + channels + count) % count);
}

function connect() {
  byId("search").addEventListener("input", (event) => search(event.target.value));
  byId("search").addEventListener("keydown", (event) => {
    const text = event.target.value;
    const same = report.layers.findIndex((layer) => layer.path === text);
    const found = same >= 0 ? same : report.layers.findIndex((layer) => matches(layer, text));
    if (event.key === "Enter" && found >= 0) choose(found);
    if (event.key === "Enter" || event.key === "Escape") event.target.blur();
  });
  byId("item").addEventListener("change", (event) => { state.item = Number(event.target.value); show(); });
  byId("range").addEventListener("change", (event) => { state.range = event.target.value; show(); });
  byId("theme").addEventListener("click", () => {
    setTheme(document.documentElement.dataset.theme === "dark" ? "light" : "dark");
  });
  const keys = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  document.addEventListener("keydown", (event) => {
    if (event.target.closest?.("input, select") || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "/") byId("search").focus();
    else if (keys[event.key]) step(...keys[event.key]);
    else return;
    event.preventDefault();
  });
}

/** Goes where the address says: `#layer=conv_layer_1&channel=39&cell=9,12&dark`; false where it says no layer. */
function followAddress() {
  const place = new URLSearchParams(location.hash.slice(1));
  const found = report.layers.findIndex((layer) => layer.path === place.get("layer"));
  if (found < 0) return false;
  const layer = report.layers[found];
  const channel = Number(place.get("channel"));
  const isMap = place.has("channel") && layer.values && !isVector(layer)
    && Number.isInteger(channel) && channel >= 0 && channel < dimensions(layer).channels;
  choose(found, isMap ? channel : null);
  const [row, column] = (place.get("cell") ?? "").split(",").map(Number);
  const cell = byId("table")?.querySelector(`td[data-row="${row}"][data-column="${column}"]`);
  cell?.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
  return true;
}

function setTheme(theme) { document.documentElement.dataset.theme = theme; }

function start() {
  const preference = window.matchMedia("(prefers-color-scheme: dark)");
  setTheme(new URLSearchParams(location.hash.slice(1)).has("dark") || preference.matches ? "dark" : "light");
  preference.addEventListener("change", () => setTheme(preference.matches ? "dark" : "light"));
  document.title = `${report.model}: ${report.items[0]}`;
  byId("title").textContent = report.model;
  report.items.forEach((name, index) => {
    const option = element("option", { text: name });
    option.value = index;
    byId("item").append(option);
  });
  byId("notes").append(...report.notes.map((text) => element("p", { text })));
  drawGraph();
  connect();
  window.addEventListener("hashchange", followAddress);
  const first = report.layers.findIndex((layer) => layer.values && layer.window);
  if (!followAddress()) choose(Math.max(0, first));
}

// The page's test of itself, for `#check`: what a user does, and what is then there to read.

function check() {
  const pointer = (name, target) => target.dispatchEvent(new MouseEvent(name, { bubbles: true }));
  const results = report.layers.filter((layer) => layer.values).map((layer) => {
    byId("search").value = layer.path;
    byId("search").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    const result = { layer: byId("name").textContent };
    if (isVector(layer)) return { ...result, bars: document.querySelectorAll("#maps .row").length };
    pointer("click", document.querySelector("#maps figure:last-of-type"));
    const cells = [...document.querySelectorAll("#table td")];
    pointer("mouseover", cells[cells.length - 1]);
    return {
      ...result, channel: state.channel, cells: cells.map((cell) => cell.textContent),
      sum: document.querySelector("#detail .total")?.textContent ?? null,
      field: byId("field").textContent, outlines: document.querySelectorAll("#input .outline").length,
    };
  });
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp" }));
  const output = element("pre", { text: JSON.stringify({ errors, results, last: state.layer }) });
  output.id = "check";
  document.body.append(output);
}

start();
if (location.hash === "#check") {
  try {
    check();
  } catch (error) {
    const output = element("pre", { text: JSON.stringify({ errors: [...errors, String(error)] }) });
    output.id = "check";
    document.body.append(output);
  }
}
