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
