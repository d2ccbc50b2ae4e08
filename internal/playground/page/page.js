// The page: what is typed goes to one worker, which checks and draws, and what is
// trained to another.
"use strict";

const $ = (id) => document.getElementById(id);
const dark = matchMedia("(prefers-color-scheme: dark)");

// unpacked is the engine's module, compiled once for both workers.
async function unpacked() {
  const bytes = Uint8Array.from(atob(engine.wasm), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// start is a worker: ask gives the reply to a call, after what is told on its way.
function start(bytes) {
  const worker = new Worker(URL.createObjectURL(new Blob([engine.worker], { type: "text/javascript" })));
  const waiting = new Map();
  let last = 0;
  worker.onmessage = ({ data }) => {
    if (data.broken) return say(`The engine broke: ${data.broken}. Reload the page.`);
    const asked = waiting.get(data.id);
    if (data.told) return asked.told(data.told);
    waiting.delete(data.id);
    asked.resolve(data.reply);
  };
  worker.onerror = (wrong) => say(`The engine does not start: ${wrong.message ?? "a worker cannot be made"}.`);
  worker.postMessage({ wasm: bytes });
  return {
    ask: (call, request, told) => new Promise((resolve) => {
      waiting.set(++last, { resolve, told });
      worker.postMessage({ id: last, call, request });
    }),
    tell: (call) => worker.postMessage({ id: 0, call }),
  };
}

const modules = unpacked();
let checker, trainer, isTraining = false, drawn = "";

const say = (words) => { $("state").textContent = words; };
const program = () => ({ program: editor.area.value, rule: $("rule").value });

// choose fills a list, and keeps what was chosen where it is there still.
function choose(select, names) {
  const was = select.value;
  select.replaceChildren(...names.map((name) => new Option(name, name)));
  select.value = names.includes(was) ? was : names.at(-1) ?? "";
}

// show lists diagnostics; each goes to its place.
function show(diagnostics) {
  editor.mark(diagnostics);
  $("diagnostics").replaceChildren(...diagnostics.map((d) => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.className = d.severity;
    const code = document.createElement("code");
    code.textContent = d.code;
    button.append(code, d.line ? ` ${d.line}:${d.column} ` : " ", d.message);
    for (const words of [d.label, ...d.notes.map((n) => (n.line ? `${n.line}:${n.column} ${n.message}` : n.message)), ...d.help.map((h) => `help: ${h}`)]) {
      if (!words) continue;
      const small = document.createElement("small");
      small.textContent = words;
      button.append(small);
    }
    button.onclick = () => editor.go(d);
    item.append(button);
    return item;
  }));
}

let version = 0;

// look checks and draws what stands in the editor.
async function look() {
  const mine = ++version;
  editor.mark([]);
  const { value, diagnostics } = await checker.ask("check", program());
  if (mine !== version) return;
  const said = value ? value.diagnostics : diagnostics;
  show(said);
  const isWrong = said.some((d) => d.severity === "error");
  if (value && !isWrong) {
    choose($("diagram"), value.diagrams);
    $("train").disabled = !isTraining && value.trains.length === 0;
  } else {
    $("train").disabled = !isTraining;
  }
  $("figure").classList.toggle("stale", isWrong);
  if (isWrong) return say("There is something wrong in the program.");
  await draw(mine, said);
}

async function draw(mine, said) {
  if ($("diagram").value === "") return say("There is no diagram to draw.");
  const began = performance.now();
  const { value, diagnostics } = await checker.ask("draw", {
    ...program(), diagram: $("diagram").value, view: $("view").value, depth: Number($("depth").value),
    theme: dark.matches ? "dark" : "paper", format: "svg",
  });
  if (mine !== version) return;
  if (diagnostics) return show([...said, ...diagnostics]);
  drawn = value;
  $("figure").innerHTML = value;
  say(`Checked and drawn in ${(performance.now() - began).toFixed(0)} ms.`);
}

let later;
function typed() {
  editor.mark([]);
  clearTimeout(later);
  later = setTimeout(look, 150);
}

const number = (id) => ($(id).value === "" ? null : Number($(id).value));

// train runs the program's train block, or stops the run.
async function train() {
  if (isTraining) return trainer?.tell("stop");
  if ($("train").disabled) return;
  isTraining = true;
  $("train").textContent = "Stop";
  $("measure").disabled = true;
  $("figures").hidden = true;
  $("told").textContent = "Compiling…";
  $("progress").value = 0;
  curve.begin();
  trainer ??= start(await modules);
  const request = { ...program(), epochs: number("epochs") ?? 0, seed: number("seed") };
  const { value, diagnostics } = await trainer.ask("train", request, follow);
  isTraining = false;
  $("train").textContent = "Train";
  if (diagnostics) {
    $("told").textContent = "The run ended with an error.";
    return show(diagnostics);
  }
  $("measure").disabled = false;
  const accuracy = Object.entries(value.test ?? {}).map(([name, x]) => `test ${name} ${short(x)}`);
  $("told").textContent = [`${value.steps} steps in ${value.seconds.toFixed(1)} s`, `${Math.round(value.examples_per_second)} examples/s`, ...accuracy].join(", ");
}

const short = (x) => (x === null ? "no number" : Number(x).toPrecision(4));

function follow(told) {
  curve.add(told);
  $("progress").value = told.step / told.total;
  if (!told.figures) {
    $("told").textContent = `step ${told.step} of ${told.total}, loss ${short(told.loss)}`;
    return;
  }
  table(told.epoch, Object.fromEntries(told.figures.map((f) => [`${f.split} ${f.name}`, f.value])));
}

// table adds a line of figures.
function table(title, figures) {
  const [head, body] = [$("figures").tHead, $("figures").tBodies[0]];
  if ($("figures").hidden) {
    body.replaceChildren();
    head.replaceChildren(row("th", ["epoch", ...Object.keys(figures)]));
    $("figures").hidden = false;
  }
  body.prepend(row("td", [title, ...Object.values(figures).map(short)]));
  while (body.rows.length > 10) body.lastChild.remove();
}

function row(kind, words) {
  const line = document.createElement("tr");
  line.append(...words.map((word) => Object.assign(document.createElement(kind), { textContent: word })));
  return line;
}

async function measure() {
  const parts = [];
  for (const split of ["train", "test"]) {
    const { value } = await trainer.ask("eval", split);
    if (value) parts.push(...Object.entries(value[split]).map(([name, x]) => `${split} ${name} ${short(x)}`));
  }
  $("told").textContent = parts.join(", ");
}

async function format() {
  const { value, diagnostics } = await checker.ask("format", program());
  if (diagnostics) return show(diagnostics);
  if (value === editor.area.value) return;
  editor.area.focus();
  editor.area.select();
  if (!document.execCommand("insertText", false, value)) editor.area.value = value; // the first way can be undone
  look();
}

function load(example) {
  editor.area.value = example.text;
  $("rule").value = example.rule;
  look();
}

function save() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([drawn], { type: "image/svg+xml" }));
  link.download = `${$("diagram").value}.svg`;
  link.click();
}

// share puts the program into the address.
async function share() {
  location.hash = `program=${encodeURIComponent(editor.area.value)}`;
  await navigator.clipboard?.writeText(location.href).catch(() => {});
  say("The address holds the program now.");
}

async function begin() {
  $("example").replaceChildren(...engine.examples.map((e, i) => new Option(e.name, i)));
  editor.area.value = engine.examples[0].text;
  editor.mark([]);
  checker = start(await modules);
  const rules = await checker.ask("rules", {});
  $("rule").append(...rules.value.map((name) => new Option(name, name)));
  const shared = new URLSearchParams(location.hash.slice(1)).get("program");
  load(shared ? { text: shared, rule: "" } : engine.examples[0]);
}

editor.area.addEventListener("input", typed);
for (const id of ["diagram", "view", "depth", "rule"]) $(id).addEventListener("change", look);
dark.addEventListener("change", look);
$("example").addEventListener("change", () => load(engine.examples[$("example").value]));
$("format").addEventListener("click", format);
$("share").addEventListener("click", share);
$("save").addEventListener("click", save);
$("train").addEventListener("click", train);
$("measure").addEventListener("click", measure);
document.addEventListener("keydown", (e) => {
  if (!(e.ctrlKey || e.metaKey)) return;
  if (e.key === "s") { e.preventDefault(); format(); }
  if (e.key === "Enter") { e.preventDefault(); train(); }
});
begin().catch((broken) => say(`The engine does not start: ${broken}`));
