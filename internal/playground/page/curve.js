// The curve of a run: the loss of steps, and of the test set at the ends of epochs.
"use strict";

const curve = (() => {
  const width = 600, height = 200, left = 44, bottom = 22, top = 8, right = 8;
  const place = document.getElementById("curve");
  let steps = [], tests = [], total = 1;

  function begin() {
    steps = [], tests = [], total = 1;
    place.replaceChildren();
  }

  function add(told) {
    total = told.total;
    if (told.figures) {
      const test = told.figures.find((f) => f.split === "test" && f.name === "loss");
      if (test && test.value !== null) tests.push([test.step, test.value]);
    } else if (told.loss !== null) {
      steps.push([told.step, told.loss]);
    }
    draw();
  }

  function draw() {
    const most = Math.max(...[...steps, ...tests].map(([, y]) => y), 1e-9);
    const x = (step) => left + (step / total) * (width - left - right);
    const y = (loss) => top + (1 - loss / most) * (height - top - bottom);
    const line = (points) => points.map(([a, b]) => `${x(a).toFixed(1)},${y(b).toFixed(1)}`).join(" ");
    const ticks = [0, most / 2, most].map((v) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${y(v)}" y2="${y(v)}"/><text x="${left - 6}" y="${y(v) + 4}" text-anchor="end">${Number(v.toPrecision(3))}</text>`);
    place.innerHTML = `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Loss over the steps">${ticks.join("")}
<text x="${left}" y="${height - 6}">step 0</text><text x="${width - right}" y="${height - 6}" text-anchor="end">${total}</text>
<polyline class="loss" points="${line(steps)}"/><polyline class="test" points="${line(tests)}"/>
<text x="${width - right}" y="${top + 12}" text-anchor="end">loss: thin, of steps; thick, of the test set</text></svg>`;
  }

  return { begin, add };
})();
