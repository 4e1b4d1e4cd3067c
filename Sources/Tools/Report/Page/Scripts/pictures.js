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
