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
      children: [note("Point at a cell of the map or the table.")],
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
  const box = element("div");
  if (isSequence(layer) || !["convolution", "depthwise", "separable"].includes(layer.recipe?.kind)) return box;
  box.append(element("h3", { text: `Filter ${state.channel}` }));
  if (lacksWeights(layer)) {
    box.append(note("The filters are beyond --limit."));
    return box;
  }
  const [height, width] = layer.recipe.window.size;
  const sources = sourcesOf(layer, state.channel);
  const kernels = sources.map((_, at) => kernelOf(layer, at, state.channel));
  const range = limits(kernels.flat());
  const grid = element("div", { className: "kernels" });
  kernels.slice(0, mostMaps).forEach((kernel, at) => {
    const scale = scaleFor(height, width, sources.length > 16 ? 27 : 78);
    const canvas = mapPicture(kernel, height, width, scale, range);
    canvas.title = `of input channel ${sources[at]}: ${kernel.map(exact).join(", ")}`;
    grid.append(canvas);
  });
  const bias = weightOf(layer, "bias")?.values[state.channel] ?? 0;
  box.append(
    grid, element("div", { className: "bar", children: colorBar(range, "weights, one range for the filter") }),
    note(`${height} × ${width} for ${sources.length} input channel${sources.length > 1 ? "s" : ""}; `
      + `bias ${exact(bias)}`));
  return box;
}
