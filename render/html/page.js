"use strict";
// A thing is an axis or a box, with all its marks in the figure that is shown.
// Things are found by what package svg writes on the marks: data-axis, data-box,
// data-path and data-line.
(() => {
	const stage = document.getElementById("stage");
	const told = document.getElementById("told");
	const tip = document.getElementById("tip");
	const sizes = JSON.parse(document.getElementById("sizes").textContent) || {};
	const figures = [stage.firstElementChild];
	for (const t of document.querySelectorAll("template")) figures.push(t.content.firstElementChild);

	let depth = 0;
	let shown; // the figure with its things, as prepare returns it
	const prepared = new Map();

	// prepare finds the things of a figure and makes thin wires easy to hit.
	function prepare(figure) {
		const svg = figure.querySelector("svg");
		const ink = getComputedStyle(document.documentElement).getPropertyValue("--ink").trim();
		const things = new Map();
		const thingOf = new Map();
		for (const mark of svg.querySelectorAll("[data-axis], [data-box]")) {
			const { axis, box, line, path = box } = mark.dataset;
			const key = axis !== undefined ? "axis " + axis : "box " + path + " " + line;
			if (!things.has(key)) things.set(key, { kind: axis !== undefined ? "axis" : "box", name: axis ?? box, path, marks: [], lines: new Set() });
			const thing = things.get(key);
			thing.marks.push(mark);
			if (line) thing.lines.add(Number(line));
			thingOf.set(mark, thing);
			mark.classList.add("mark", ...looks(mark, ink));
			mark.style.setProperty("--lit", Math.max(0.5, 1.25 * (mark.parentElement.getAttribute("stroke-width") ?? 0)));
		}
		for (const other of svg.querySelectorAll(":scope > g > *:not(.mark)")) other.classList.add("plain");
		reach(svg, thingOf);
		const result = { figure, svg, thingOf, order: inOrder([...things.values()]), opens: names(figure.dataset.opens), closes: names(figure.dataset.closes) };
		svg.setAttribute("role", "group");
		result.order.forEach((thing, i) => {
			thing.stop.setAttribute("tabindex", i === 0 ? 0 : -1);
			thing.stop.setAttribute("role", "button");
			thing.stop.setAttribute("aria-label", words(thing, result));
		});
		return result;
	}

	const names = (text) => new Set(text ? text.split("\n") : []);

	// looks says how a mark can be lit: by its line, by its fill, or around it.
	// The middle of a double wire stays as it is.
	function looks(mark, ink) {
		const fill = mark.parentElement.getAttribute("fill");
		const stroke = mark.parentElement.getAttribute("stroke");
		if (stroke === ink) return ["inked"];
		if (fill === ink) return ["filled"];
		return [stroke ? "hollow" : "ground"];
	}

	// reach lays broad invisible lines over the wires, below signs and labels.
	function reach(svg, thingOf) {
		const wires = [...svg.querySelectorAll("g[fill=none] > path[data-axis]")];
		if (wires.length === 0) return;
		const layer = document.createElementNS(svg.namespaceURI, "g");
		for (const wire of wires) {
			const line = document.createElementNS(svg.namespaceURI, "path");
			line.setAttribute("d", wire.getAttribute("d"));
			if (wire.dataset.line) line.dataset.line = wire.dataset.line;
			line.classList.add("mark", "reach");
			thingOf.set(line, thingOf.get(wire));
			layer.append(line);
		}
		wires.at(-1).parentElement.after(layer);
	}

	// inOrder sorts things from left to right, and downward where they begin at
	// about one place. The first shape of each is where the keyboard stops.
	function inOrder(things) {
		const column = 4; // mm
		for (const thing of things) {
			thing.stop = thing.marks.find((m) => m.localName === "path") ?? thing.marks[0];
			const { x, y } = thing.stop.getBBox();
			thing.place = [Math.round(x / column), y];
		}
		return things.sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1]);
	}

	const fold = (thing, view) => thing.kind !== "box" ? "" : view.opens.has(thing.path) ? "opens" : view.closes.has(thing.path) ? "closes" : "";

	function words(thing, view) {
		const isName = thing.marks.every((m) => m.localName === "g");
		const parts = [isName ? thing.name : thing.kind + " " + thing.name];
		if (thing.kind === "axis" && sizes[thing.name]) parts.push("size " + sizes[thing.name]);
		if (fold(thing, view) === "opens") parts.push("closed");
		if (fold(thing, view) === "closes") parts.push("open");
		if (thing.lines.size > 0) parts.push((thing.lines.size > 1 ? "lines " : "line ") + [...thing.lines].sort((a, b) => a - b).join(", "));
		return parts.join(" · ");
	}

	function dark() {
		for (const lit of document.querySelectorAll(".lit")) lit.classList.remove("lit");
		shown.svg.classList.remove("dim");
		told.textContent = "";
		tip.hidden = true;
	}

	function light(thing, x, y) {
		dark();
		if (!thing) return;
		for (const mark of thing.marks) mark.classList.add("lit");
		for (const line of thing.lines) document.getElementById("L" + line)?.classList.add("lit");
		shown.svg.classList.toggle("dim", thing.kind === "axis");
		told.textContent = tip.textContent = words(thing, shown);
		tip.hidden = false;
		tip.style.left = Math.max(0, Math.min(x + 12, innerWidth - tip.offsetWidth - 4)) + "px";
		tip.style.top = Math.max(0, Math.min(y + 16, innerHeight - tip.offsetHeight - 4)) + "px";
	}

	function lightFocus() {
		const thing = shown.thingOf.get(document.activeElement);
		if (!thing) return dark();
		const at = document.activeElement.getBoundingClientRect();
		const over = thing.kind === "box" ? thing.marks : [document.activeElement];
		light(thing, at.left, Math.max(...over.map((m) => m.getBoundingClientRect().bottom)) - 8);
	}

	function lightLine(line) {
		dark();
		if (!line) return;
		const number = line.id.slice(1);
		for (const mark of shown.svg.querySelectorAll('[data-line="' + number + '"]')) mark.classList.add("lit");
		line.classList.add("lit");
	}

	const markAt = (e) => e.target.closest?.(".mark");
	const thingAt = (e) => shown.thingOf.get(markAt(e));

	// act is what a click or Enter on a mark does.
	function act(mark, toLine) {
		const thing = shown.thingOf.get(mark);
		if (!thing) return;
		const way = toLine ? "" : fold(thing, shown);
		if (way === "opens") return show(depth + 1, thing.path);
		if (way === "closes") return show(depth - 1, thing.path);
		const line = document.getElementById("L" + mark.dataset.line);
		if (!line) return;
		for (const here of document.querySelectorAll(".here")) here.classList.remove("here");
		line.classList.add("here");
		line.scrollIntoView({ block: "nearest" });
	}

	// show puts a figure on the stage and keeps the focus on a box, or where it was.
	function show(next, path) {
		if (next < 0 || next >= figures.length) return;
		const focused = stage.contains(document.activeElement);
		const was = shown?.thingOf.get(document.activeElement);
		const isKept = path ? (t) => t.kind === "box" && t.path === path
			: (t) => was && t.kind === was.kind && t.name === was.name && t.path === was.path;
		depth = next;
		stage.replaceChildren(figures[depth]);
		if (!prepared.has(depth)) prepared.set(depth, prepare(figures[depth]));
		shown = prepared.get(depth);
		dark();
		for (const line of document.querySelectorAll("#program li")) {
			const has = shown.svg.querySelector('[data-line="' + line.id.slice(1) + '"]');
			if (has) line.tabIndex = 0; else line.removeAttribute("tabindex");
		}
		if (figures.length > 1) {
			document.getElementById("close").disabled = depth === 0;
			document.getElementById("open").disabled = depth === figures.length - 1;
			document.getElementById("depth").textContent = "depth " + depth + " of " + (figures.length - 1);
		}
		if (focused) stop(shown.order.find(isKept) ?? shown.order[0]);
	}

	// stop moves the keyboard to a thing; Tab then leaves the figure.
	function stop(thing) {
		if (!thing) return;
		for (const other of shown.order) other.stop.setAttribute("tabindex", other === thing ? 0 : -1);
		thing.stop.focus();
	}

	function step(by) {
		const at = shown.order.indexOf(shown.thingOf.get(document.activeElement));
		stop(shown.order[Math.max(0, Math.min(at + by, shown.order.length - 1))]);
	}

	const stageKeys = {
		ArrowRight: () => step(1), ArrowDown: () => step(1), ArrowLeft: () => step(-1), ArrowUp: () => step(-1),
		Home: () => step(-Infinity), End: () => step(Infinity), Escape: () => dark(),
		Enter: (e) => act(document.activeElement, e.shiftKey),
		" ": (e) => act(document.activeElement, e.shiftKey),
	};
	const pageKeys = { "+": () => show(depth + 1), "=": () => show(depth + 1), "-": () => show(depth - 1) };

	stage.addEventListener("pointerover", (e) => thingAt(e) ? light(thingAt(e), e.clientX, e.clientY) : lightFocus());
	stage.addEventListener("pointerleave", lightFocus);
	stage.addEventListener("focusin", lightFocus);
	stage.addEventListener("focusout", dark);
	stage.addEventListener("click", (e) => act(markAt(e), e.shiftKey));
	document.addEventListener("keydown", (e) => {
		if (e.ctrlKey || e.metaKey || e.altKey) return;
		const does = stage.contains(document.activeElement) && stageKeys[e.key] || pageKeys[e.key];
		if (!does) return;
		e.preventDefault();
		does(e);
	});
	const program = document.getElementById("program");
	program?.addEventListener("pointerover", (e) => lightLine(e.target.closest("li[tabindex]")));
	program?.addEventListener("pointerleave", () => dark());
	program?.addEventListener("focusin", (e) => lightLine(e.target.closest("li[tabindex]")));
	program?.addEventListener("focusout", () => dark());
	document.getElementById("open")?.addEventListener("click", () => show(depth + 1));
	document.getElementById("close")?.addEventListener("click", () => show(depth - 1));

	show(0);
})();
