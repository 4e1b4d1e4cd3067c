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
  // The box was made for as many lines, and a margin of six.
  const lines = layer.parameters ? 4 : 3;
  const line = (number, text, name) => node.append(
    svg("text", { x: x + width / 2, y: y + 6 + ((height - 12) * (number - 0.25)) / lines, class: name }, text));
  node.append(svg("rect", { x, y, width, height, rx: 7 }));
  line(1, layer.path, "");
  line(2, layer.className, "small");
  line(3, shapeText(layer.shape), "small");
  if (layer.parameters) line(4, `${layer.parameters.toLocaleString("en")} parameters`, "small");
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
