"use strict";

const errors = [];
window.onerror = (message, _, line) => { errors.push(`${message} (line ${line})`); };
window.onunhandledrejection = (event) => { errors.push(String(event.reason)); };

const report = JSON.parse(document.getElementById("data").textContent);
const colors = report.colors.map((hex) => [0, 2, 4].map((at) => parseInt(hex.substr(at, 2), 16)));
const notANumber = [255, 0, 255];
const mostMaps = 256;
const mostCells = 64;

const state = { item: 0, layer: 0, channel: null, cell: null, range: "layer", all: false };
const byId = (id) => document.getElementById(id);

/** A new element with a class, text and children; text is never read as HTML. */
function element(tag, { className = "", text = null, children = [] } = {}) {
  const result = document.createElement(tag);
  if (className) result.className = className;
  if (text !== null) result.textContent = text;
  result.append(...children);
  return result;
}
