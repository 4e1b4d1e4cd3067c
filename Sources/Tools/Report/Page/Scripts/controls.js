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
  const cell = byId("layer").querySelector(`[data-row="${row}"][data-column="${column || 0}"]`);
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
  const first = report.layers.findIndex((layer) => layer.values && layer.recipe);
  if (!followAddress()) choose(Math.max(0, first));
}
