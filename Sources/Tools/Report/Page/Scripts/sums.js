// What layers without windows make of their inputs

const mostProducts = 8;

/** The layer and the place that a value comes from, through layers that only put values into another shape. */
function originOf(layer, index) {
  const source = layer.recipe?.kind === "same" ? report.layers[layer.inputs[0]] : null;
  return source ? originOf(source, index) : `${layer.path}, ${placeText(layer, placeAt(layer, index))}`;
}

/** The sum of a dense layer, the products that matter most in a table. */
function multiplied(layer, [input], place, value) {
  const { values: kernel, shape: [count, units] } = weightOf(layer, "kernel");
  const first = indexOf(input, { ...place, channel: 0 });
  const numbers = valuesOf(input);
  const all = Array.from({ length: count }, (_, at) => {
    const [x, weight] = [numbers[first + at], kernel[at * units + place.channel]];
    return { at, x, weight, product: x * weight };
  });
  const bias = weightOf(layer, "bias")?.values[place.channel] ?? 0;
  const total = all.reduce((sum, term) => sum + term.product, bias);
  const most = [...all].sort((a, b) => Math.abs(b.product) - Math.abs(a.product)).slice(0, mostProducts);
  const sum = most.reduce((all, term) => all + term.product, 0);
  const parts = [`the ${most.length} largest products ${fixed(sum)}`];
  if (count > most.length) parts.push(`${count - most.length} others ${fixed(total - bias - sum)}`);
  return [
    sumLine(layer, `${parts.join(" + ")} + bias ${fixed(bias)} = `, total, value),
    table(["input", "value", "weight", "product"], most.map((term) => [
      originOf(input, first + term.at), term.x, term.weight, term.product,
    ])),
  ];
}

/** Rows of a text and numbers. */
function table(names, rows) {
  return element("table", {
    className: "products",
    children: [
      element("thead", {
        children: [element("tr", { children: names.map((text) => element("th", { text })) })],
      }),
      element("tbody", {
        children: rows.map(([name, ...numbers]) => element("tr", {
          children: [
            element("th", { text: name }),
            ...numbers.map((number) => {
              const cell = element("td", { className: number > 0 ? "positive" : "", text: fixed(number) });
              cell.title = exact(number);
              return cell;
            }),
          ],
        })),
      }),
    ],
  });
}

function normalized(layer, [input], place) {
  const of = (name, otherwise) => weightOf(layer, name)?.values[place.channel] ?? otherwise;
  const x = valueAt(input, place);
  const [mean, variance] = [of("moving_mean", 0), of("moving_variance", 1)];
  const [gamma, beta] = [of("gamma", 1), of("beta", 0)];
  const { epsilon } = layer.recipe;
  const result = ((x - mean) / Math.sqrt(variance + epsilon)) * gamma + beta;
  return [sumLine(
    layer, `(${fixed(x)} − mean ${fixed(mean)}) ÷ √(variance ${fixed(variance)} + ${epsilon}) × γ ${fixed(gamma)}`
      + ` + β ${fixed(beta)} = `, result, result)];
}

const mergings = {
  Add: { sign: " + ", of: (a, b) => a + b }, Average: { sign: " + ", of: (a, b) => a + b },
  Subtract: { sign: " − ", of: (a, b) => a - b }, Multiply: { sign: " × ", of: (a, b) => a * b },
  Maximum: { sign: ", ", of: Math.max }, Minimum: { sign: ", ", of: Math.min },
};

/** Value by value; an axis of size 1 counts for every place along the others'. */
function merged(layer, inputs, place) {
  const merging = mergings[layer.className];
  if (!merging) return [];
  const numbers = inputs.map((input) => {
    const { rows, columns, channels } = pictureOf(input);
    return valueAt(input, {
      row: rows === 1 ? 0 : place.row, column: columns === 1 ? 0 : place.column,
      channel: channels === 1 ? 0 : place.channel,
    });
  });
  const all = numbers.reduce((a, b) => merging.of(a, b));
  const result = layer.className === "Average" ? all / numbers.length : all;
  const text = numbers.map((number, at) => `${inputs[at].path} ${fixed(number)}`).join(merging.sign);
  const named = merging.sign === ", " ? `the ${layer.className.toLowerCase()} of ${text}` : text;
  return [sumLine(
    layer, `${layer.className === "Average" ? `(${text}) ÷ ${numbers.length}` : named} = `, result, result)];
}

/** Which input, and which of its channels, a channel of a concatenation is. */
function concatenated(layer, inputs, place) {
  let channel = place.channel;
  const source = inputs.find((input) => {
    const { channels } = pictureOf(input);
    if (channel < channels) return true;
    channel -= channels;
    return false;
  });
  const there = { ...place, channel };
  const value = valueAt(source, there);
  return [sumLine(layer, `${source.path}, ${placeText(source, there)}: `, value, value)];
}

function applied(layer, [input], place, value) {
  const x = valueAt(input, place);
  const name = layer.recipe.activation ?? layer.className;
  return [element("p", {
    className: "sum",
    children: [
      `${input.path}: `, element("b", { className: "total", text: fixed(x) }), ` → ${name} → `,
      element("b", { text: fixed(value) }),
    ],
  })];
}

function taken(layer, inputs, place, value) {
  return [sumLine(layer, `${originOf(layer, indexOf(layer, place))}: `, value, value)];
}
