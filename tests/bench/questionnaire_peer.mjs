// The same answers on the same form with @getodk/xforms-engine; prints milliseconds as JSON.
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { JSDOM } from "jsdom";

const { window } = new JSDOM("");
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis) && /^[A-Z]/.test(name)) globalThis[name] = window[name];
}
const [, , file] = process.argv;
// The package is built for browsers: where it sees Node it asks for what an ES module has not.
globalThis.window = window;
globalThis.document = window.document;
globalThis.process = undefined;
const { loadForm } = await import("@getodk/xforms-engine");
const job = JSON.parse(readFileSync(file, "utf8"));

function find(node, ref) {
  const { reference, children } = node.currentState;
  if (reference === ref) return node;
  for (const child of children ?? []) {
    const at = child.currentState.reference;
    if (ref === at || ref.startsWith(`${at}/`) || ref.startsWith(`${at}[`)) {
      const found = find(child, ref);
      if (found) return found;
    }
  }
  return null;
}

function answer(node, value) {
  if (node.nodeType === "select") node.selectValue(value);
  else if (node.valueType === "int") node.setValue(BigInt(value));
  else if (node.valueType === "decimal") node.setValue(Number(value));
  else node.setValue(value);
  node.root.currentState;
}

let result = "";
const opened = [], typed = [], added = [];
for (let round = 0; round < 3; round++) {
  let began = performance.now();
  const form = await loadForm(job.form);
  const { root } = form.createInstance();
  opened.push(performance.now() - began);
  const range = find(root, "/data/member");
  while (range.currentState.children.length < job.members) {
    began = performance.now();
    range.addInstances();
    added.push(performance.now() - began);
  }
  for (const [ref, value] of job.answers) {
    const node = find(root, ref);
    if (!node) throw new Error(`the form has no ${ref}`);
    began = performance.now();
    answer(node, value);
    typed.push(performance.now() - began);
  }
  result = String(find(root, job.result).currentState.value);
}
const rank = (values, share) => values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const ms = (value) => Math.round(value * 100) / 100;
console.log(JSON.stringify({
  open_ms: ms(rank(opened, 0.5)),
  keystroke_p95_ms: ms(rank(typed, 0.95)),
  keystroke_max_ms: ms(rank(typed, 1)),
  add_member_ms: ms(rank(added, 1)),
  result,
}));
