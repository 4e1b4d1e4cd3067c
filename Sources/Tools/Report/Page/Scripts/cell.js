// One cell

function showCell(layer, map, cell, holder) {
  const { rows, columns } = dimensions(layer);
  state.cell = cell;
  outlineOn(holder, rows, columns, holder.firstChild, {
    top: cell.row, bottom: cell.row + 1, left: cell.column, right: cell.column + 1,
  });
  mark(byId("table"), cell);
  showField(layer, cell);
  explain(layer, `row ${cell.row}, column ${cell.column}`, cell);
}

/** Marks the element of a cell among those of all cells. */
function mark(box, cell) {
  box?.querySelector(".here")?.classList.remove("here");
  box?.querySelector(`[data-row="${cell.row}"][data-column="${cell.column}"]`)?.classList.add("here");
}

/** Says what a cell is, and what it was made of. */
function explain(layer, name, cell) {
  const place = placeOf(layer, cell);
  const value = valueAt(layer, place);
  byId("detail").querySelector(".cell").replaceChildren(
    element("p", { className: "sum", children: [`${name}: `, element("b", { text: exact(value) })] }),
    ...explanation(layer, place, value));
}

const note = (text) => element("p", { className: "facts", text });

/** By the recipe's kind: elements that show the sum or the choice that made a value. */
const explanations = {
  convolution: convolved, depthwise: convolved, separable: convolved, maximum: pooled, mean: pooled,
  wholeMaximum: pooledWhole, wholeMean: pooledWhole, dense: multiplied, normalization: normalized,
  merging: merged, concatenation: concatenated, function: applied, same: taken,
};

function explanation(layer, place, value) {
  if (!layer.recipe) return [];
  const inputs = layer.inputs.map((index) => report.layers[index]);
  if (!inputs.every((input) => input.values)) return [note("The layer's input is beyond --limit.")];
  if (lacksWeights(layer)) return [note("The layer's weights are beyond --limit.")];
  return explanations[layer.recipe.kind](layer, inputs, place, value);
}

/** A line that ends in a number, and in what the layer's activation makes of it. */
function sumLine(layer, text, total, value) {
  const line = element("p", { className: "sum" });
  line.append(text, element("b", { className: "total", text: fixed(total) }));
  const activation = layer.recipe.activation ?? "linear";
  if (activation !== "linear") line.append(` → ${activation} → `, element("b", { text: fixed(value) }));
  return line;
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
