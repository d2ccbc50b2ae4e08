// The editor: a text area, the numbers of its lines, and marks beneath what is wrong.
"use strict";

const editor = (() => {
  const area = document.getElementById("program");
  const numbers = document.getElementById("numbers");
  const marks = document.getElementById("marks");

  area.addEventListener("scroll", follow);

  function follow() {
    marks.scrollTop = numbers.scrollTop = area.scrollTop;
    marks.scrollLeft = area.scrollLeft;
  }

  // offset is where a line and a column, in code points and both from 1, lie in the text.
  function offset(lines, line, column) {
    let at = 0;
    for (let i = 0; i < line - 1 && i < lines.length; i++) at += lines[i].length + 1;
    return at + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
  }

  // placed are the diagnostics that have a place in the program, with it in the text.
  function placed(diagnostics) {
    const lines = area.value.split("\n");
    return diagnostics.filter((d) => d.line && d.file === "program.ncd").map((d) => {
      const start = offset(lines, d.line, d.column);
      return { d, start, end: Math.max(start + 1, offset(lines, d.endLine, d.endColumn)) };
    });
  }

  // mark numbers the lines, and underlines what the diagnostics are about.
  function mark(diagnostics) {
    const wrong = new Set(diagnostics.map((d) => d.line));
    numbers.replaceChildren(...area.value.split("\n").map((_, i) => {
      const number = document.createElement("span");
      number.textContent = `${i + 1}\n`;
      if (wrong.has(i + 1)) number.className = "wrong";
      return number;
    }));
    const parts = [];
    let at = 0;
    for (const { d, start, end } of placed(diagnostics).sort((a, b) => a.start - b.start)) {
      if (start < at) continue;
      const under = document.createElement("mark");
      under.className = d.severity;
      under.textContent = area.value.slice(start, end);
      parts.push(area.value.slice(at, start), under);
      at = end;
    }
    marks.replaceChildren(...parts, area.value.slice(at) + "\n");
    follow();
  }

  // go selects what a diagnostic is about.
  function go(d) {
    const [place] = placed([d]);
    area.focus();
    if (!place) return;
    area.setSelectionRange(place.start, place.end);
    area.scrollTop = (d.line - 8) * 20;
  }

  return { area, mark, go };
})();
