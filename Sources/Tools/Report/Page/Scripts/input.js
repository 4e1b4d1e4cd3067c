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
