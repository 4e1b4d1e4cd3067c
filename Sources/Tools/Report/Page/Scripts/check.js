// The page's test of itself, for `#check`: what a user does, and what is then there to read.

function check() {
  const pointer = (name, target) => target.dispatchEvent(new MouseEvent(name, { bubbles: true }));
  const results = report.layers.filter((layer) => layer.values).map((layer) => {
    byId("search").value = layer.path;
    byId("search").dispatchEvent(new KeyboardEvent("keydown", { key: "Enter" }));
    const result = {
      layer: byId("name").textContent, kind: layer.recipe?.kind ?? null,
      activation: layer.recipe?.activation ?? "linear",
    };
    const total = () => document.querySelector("#detail .total")?.textContent ?? null;
    if (isVector(layer)) {
      const bars = [...document.querySelectorAll("#maps .row")];
      pointer("mouseover", bars[bars.length - 1].lastChild);
      return {
        ...result, bars: bars.length, cells: bars.map((bar) => bar.lastChild.textContent), sum: total(),
      };
    }
    pointer("click", document.querySelector("#maps figure:last-of-type"));
    const cells = [...document.querySelectorAll("#table td")];
    pointer("mouseover", cells[cells.length - 1]);
    return {
      ...result, channel: state.channel, cells: cells.map((cell) => cell.textContent),
      sum: total(),
      field: byId("field").textContent, outlines: document.querySelectorAll("#input .outline").length,
    };
  });
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp" }));
  const output = element("pre", { text: JSON.stringify({ errors, results, last: state.layer }) });
  output.id = "check";
  document.body.append(output);
}

start();
if (location.hash === "#check") {
  try {
    check();
  } catch (error) {
    const output = element("pre", { text: JSON.stringify({ errors: [...errors, String(error)] }) });
    output.id = "check";
    document.body.append(output);
  }
}
