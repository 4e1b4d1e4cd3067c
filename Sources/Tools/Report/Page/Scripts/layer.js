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

function showValue(layer, at, box) {
  const cell = { row: at, column: 0 };
  mark(box, cell);
  if (layer.recipe) explain(layer, `value ${at}`, cell);
}

function showBars(layer) {
  const values = valuesOf(layer);
  const labels = labelsOf(layer);
  const largest = largestOf(values);
  const shown = state.all ? values.length : Math.min(values.length, mostMaps);
  const box = element("div", { className: "rows" });
  box.style.width = "min(100%, 620px)";
  for (let at = 0; at < shown; at += 1) {
    const row = bar(labels ? `${at} ${labels[at]}` : `${at}`, values[at], largest);
    row.dataset.row = at;
    row.dataset.column = 0;
    box.append(row);
  }
  box.addEventListener("mouseover", (event) => {
    const row = event.target.closest(".row");
    if (row) showValue(layer, Number(row.dataset.row), box);
  });
  byId("bar").replaceChildren(element("span", {
    className: "what", text: `bars up to ${exact(largest)}; orange ones are negative`,
  }));
  byId("maps").append(box);
  if (layer.recipe) {
    byId("maps").classList.add("opened");
    byId("detail").replaceChildren(
      element("h3", { text: "The value under the pointer" }),
      element("div", { className: "cell", children: [note("Point at a bar.")] }));
  }
  if (shown === values.length) return;
  const more = element("button", { text: `all ${values.length} values` });
  more.addEventListener("click", () => { state.all = true; show(); });
  byId("maps").append(more);
}
