// What windows make of a layer's input

/** The input channels that a channel is made of; of a separable convolution one for each middle channel. */
function sourcesOf(layer, channel) {
  const { kind, window } = layer.recipe;
  if (kind === "separable") {
    const [, , inputs, multiplier] = weightOf(layer, "depthwise_kernel").shape;
    return Array.from({ length: inputs * multiplier }, (_, at) => Math.floor(at / multiplier));
  }
  if (kind !== "convolution" && kind !== "depthwise") return [channel];
  const [, , inputs, last] = weightOf(layer, "kernel").shape;
  if (kind === "depthwise") return [Math.floor(channel / last)];
  const group = Math.floor(channel / (last / window.groups));
  return Array.from({ length: inputs }, (_, at) => group * inputs + at);
}

/** The weights of one of a channel's sources, row by row; of a separable convolution both factors' product. */
function kernelOf(layer, at, channel) {
  const kind = layer.recipe.kind;
  const { values, shape } = weightOf(layer, kind === "separable" ? "depthwise_kernel" : "kernel");
  const [height, width, inputs, last] = shape;
  const stride = inputs * last;
  const first = { convolution: at * last + channel, depthwise: channel, separable: at }[kind];
  const pointwise = kind === "separable" ? weightOf(layer, "pointwise_kernel") : null;
  const factor = pointwise ? pointwise.values[at * pointwise.shape[3] + channel] : 1;
  return Array.from({ length: height * width }, (_, tap) => values[tap * stride + first] * factor);
}

/** The numbers of the input that a window lies on, null in the padding. */
function windowOn(input, window, place, channel) {
  const { rows, columns } = pictureOf(input);
  const [height, width] = window.size;
  return Array.from({ length: height * width }, (_, tap) => {
    const row = place.row * window.strides[0] - window.padding[0] + Math.floor(tap / width) * window.dilation[0];
    const column = place.column * window.strides[1] - window.padding[1] + (tap % width) * window.dilation[1];
    if (row < 0 || column < 0 || row >= rows || column >= columns) return null;
    return valueAt(input, { row, column, channel });
  });
}

function pooled(layer, [input], place) {
  const window = layer.recipe.window;
  const numbers = windowOn(input, window, place, place.channel);
  const inside = numbers.filter((number) => number !== null);
  const isMaximum = layer.recipe.kind === "maximum";
  const result = isMaximum
    ? inside.reduce((most, number) => (number > most ? number : most))
    : inside.reduce((sum, number) => sum + number, 0) / inside.length;
  return [
    sumLine(layer, `the ${isMaximum ? "greatest number" : "mean"} of this window of ${input.path}: `, result, result),
    grid(numbers, window.size[1], isMaximum ? numbers.indexOf(result) : null),
  ];
}

/** A channel's greatest number and where it is, or its mean. */
function pooledWhole(layer, [input], place) {
  const { rows, columns } = pictureOf(input);
  const numbers = Array.from({ length: rows * columns }, (_, pixel) => valueAt(input, {
    row: Math.floor(pixel / columns), column: pixel % columns, channel: place.channel,
  }));
  const isMaximum = layer.recipe.kind === "wholeMaximum";
  const best = isMaximum ? numbers.reduce((most, number, at) => (number > numbers[most] ? at : most), 0) : null;
  const result = isMaximum ? numbers[best] : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const where = isMaximum
    ? `, at ${placeText(input, { ...placeAt(input, best * pictureOf(input).channels), channel: place.channel })}` : "";
  return [
    sumLine(layer, `the ${isMaximum ? "greatest" : "mean"} of ${numbers.length} numbers of ${input.path}, `
      + `channel ${place.channel}${where}: `, result, result),
    rows <= mostCells && columns <= mostCells
      ? element("div", { className: "scroll", children: [grid(numbers, columns, best)] }) : "",
  ];
}

/** The sum of a convolution, the input channels that matter most with their numbers. */
function convolved(layer, [input], place, value) {
  const { window, kind } = layer.recipe;
  const all = sourcesOf(layer, place.channel).map((source, at) => {
    const numbers = windowOn(input, window, place, source);
    const kernel = kernelOf(layer, at, place.channel);
    return { source, numbers, kernel, sum: numbers.reduce((sum, x, tap) => sum + (x ?? 0) * kernel[tap], 0) };
  });
  const bias = weightOf(layer, "bias")?.values[place.channel] ?? 0;
  const total = all.reduce((sum, term) => sum + term.sum, bias);
  const most = [...all].sort((a, b) => Math.abs(b.sum) - Math.abs(a.sum)).slice(0, 3);
  const rest = total - bias - most.reduce((sum, term) => sum + term.sum, 0);
  const parts = most.map((term) => fixed(term.sum));
  if (all.length > most.length) parts.push(`${fixed(rest)} (${all.length - most.length} other channels)`);
  return [
    sumLine(layer, `${parts.join(" + ")} + bias ${fixed(bias)} = `, total, value),
    kind === "separable" ? note("Kernels are the depthwise ones, times their pointwise weight.") : "",
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
