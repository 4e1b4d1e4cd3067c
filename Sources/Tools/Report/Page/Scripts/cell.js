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
