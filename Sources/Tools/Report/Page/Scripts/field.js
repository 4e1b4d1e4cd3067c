// What a cell sees of the input

/** Where the window of the value at `index` begins along an axis, and how large it is. */
const spanOf = (extent, index) => (extent.starts
  ? { start: extent.starts[index], size: extent.sizes[index] }
  : { start: extent.start + index * extent.step, size: extent.size });

const largest = (extent) => (extent.sizes ? Math.max(...extent.sizes) : extent.size);

function fieldText(field) {
  if (!field) return "depends on the whole input, or on more than a window";
  const { height, width } = field;
  const isUniform = !height.sizes && !width.sizes;
  const most = isUniform ? "" : "up to ";
  if (width.step === 0) {
    return `sees ${most}${largest(height)} steps of the input${isUniform ? `, in steps of ${height.step}` : ""}`;
  }
  return `sees ${most}${largest(height)} × ${largest(width)} pixels of the input`
    + (isUniform ? `, in steps of ${height.step} × ${width.step}` : "");
}

/** Outlines what a cell depends on in the input. */
function showField(layer, cell) {
  const field = layer.field;
  const holder = byId("input").children[field ? field.input : 0]?.querySelector(".picture");
  if (!holder) return;
  const input = report.layers[report.inputs[field ? field.input : 0]];
  const { rows, columns } = dimensions(input);
  const down = field ? spanOf(field.height, cell.row) : { start: 0, size: rows };
  const across = field ? spanOf(field.width, cell.column) : { start: 0, size: columns };
  const isEmpty = down.size === 0 || across.size === 0;
  const box = {
    top: down.start, bottom: down.start + down.size, left: across.start, right: across.start + across.size,
  };
  outlineOn(holder, rows, columns, holder.firstChild, isEmpty ? null : box);
  if (!field) byId("field").textContent = "the whole input, or more than a window";
  else if (isEmpty) byId("field").textContent = "nothing of the input";
  else {
    byId("field").textContent = `rows ${box.top} to ${box.bottom - 1}, columns ${box.left} to ${box.right - 1}`;
  }
}
