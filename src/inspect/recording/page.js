"use strict";
// A step of the data holds what differs from the step before; `state(n)` puts them together. States are kept
// at every KEY-th step, so that going back costs at most KEY small steps.
const data = JSON.parse(document.getElementById("data").textContent);
const T = data.texts, V = (list) => data.lists[list].map((n) => data.values[n]), STEPS = data.steps, KEY = 250;
const $ = (id) => document.getElementById(id);
const keys = [{ l: null, f: [], rows: new Map(), o: [], t: new Map(), k: [], g: null, out: 0, ev: 0 }];
const output = [], events = [];
STEPS.forEach((step, n) => {
  for (const [err, text] of step.p || []) output.push([n, err, text]);
  for (const event of step.e || []) events.push([n, ...event]);
});

function apply(state, step) {
  for (const key of ["l", "f", "o", "k", "g"]) if (key in step) state[key] = step[key];
  for (const row of step.r || []) state.rows.set(row[0], row);
  for (const group of step.t || []) if (group.length > 1) state.t.set(group[0], group); else state.t.delete(group[0]);
  state.out += (step.p || []).length;
  state.ev += (step.e || []).length;
}
function copy(state) { return { ...state, rows: new Map(state.rows), t: new Map(state.t) }; }
// `keys[i]` is the state before step i * KEY.
function state(n) {
  while (keys.length <= Math.floor(n / KEY)) {
    const next = copy(keys[keys.length - 1]), from = (keys.length - 1) * KEY;
    for (let i = from; i < from + KEY; i++) apply(next, STEPS[i]);
    keys.push(next);
  }
  const base = Math.floor(n / KEY), result = copy(keys[base]);
  for (let i = base * KEY; i <= n; i++) apply(result, STEPS[i]);
  return result;
}

let at = 0, before = null, now = null, picked = null, timer = null, shownFile = -1, shownRow = null;

function make(tag, attributes, ...children) {
  const element = tag.startsWith("svg:") ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4))
    : document.createElement(tag);
  for (const name in attributes) element.setAttribute(name, attributes[name]);
  element.append(...children);
  return element;
}

function go(n) {
  n = Math.max(0, Math.min(STEPS.length - 1, n));
  before = n > 0 ? (n === at + 1 && now ? now : state(n - 1)) : null;
  now = n === at + 1 && now ? (() => { const s = copy(now); apply(s, STEPS[n]); return s; })() : state(n);
  at = n;
  draw();
}

function draw() {
  const place = now.l, step = STEPS[at];
  $("scrub").value = at;
  $("count").textContent = `step ${at + 1} of ${STEPS.length}${data.cut ? "+" : ""}`;
  $("place").textContent = step.x ? step.x : place ? `${T[place[0]]}:${place[1]} in ${T[place[2]]}`
    : "z" in step ? `the program has ended with status ${step.z}` : "the program has ended";
  drawSource(place);
  drawStack();
  drawMemory();
  drawGraph();
  drawOutput();
  drawEvents();
}

function drawSource(place) {
  const file = place ? place[0] : shownFile;
  if (file !== shownFile) {
    const entry = data.sources.find((source) => source[0] === file);
    const lines = (entry ? entry[1] : "").split("\n");
    if (lines.length > 1 && lines[lines.length - 1] === "") lines.pop();
    $("source").replaceChildren(...lines.map((text, i) => {
      const number = make("b", { title: "Go to the next time this line runs" }, String(i + 1));
      return make("div", { class: "row", "data-line": i + 1 }, number, text || " ");
    }));
    shownFile = file;
    shownRow = null;
  }
  if (shownRow) { shownRow.classList.remove("here"); shownRow.removeAttribute("aria-current"); }
  shownRow = place ? $("source").children[place[1] - 1] : null;
  if (shownRow) {
    shownRow.classList.add("here");
    shownRow.setAttribute("aria-current", "step");
    const box = $("source"), top = shownRow.offsetTop - box.offsetTop;
    if (top < box.scrollTop + 20 || top > box.scrollTop + box.clientHeight - 40) box.scrollTop = top - box.clientHeight / 2;
  }
}

function drawStack() {
  $("stack").replaceChildren(...now.f.map((frame) => {
    const list = make("dl", {});
    for (const value of V(frame[3])) {
      const name = make("dt", {}, T[value[0]]);
      if (value.length === 1) { list.append(name, make("dd", {}, ""), make("dd", {}, "not bound")); continue; }
      list.append(name, make("dd", { title: "references" }, String(value[3])), make("dd", { "data-number": value[1] }, T[value[4]]));
    }
    for (const value of V(frame[4])) if (value.length > 1)
      list.append(make("dt", {}, T[value[0]]), make("dd", {}, String(value[3])), make("dd", { "data-number": value[1] }, T[value[4]]));
    return make("div", {}, make("h3", {}, `${T[frame[0]]}  line ${frame[2]}`), list);
  }));
}

function size(bytes) { return bytes < 10000 ? `${bytes} B` : bytes < 1e7 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1e6)} MB`; }

function drawMemory() {
  const g = now.g;
  $("totals").textContent = g ? `${g[4].toLocaleString("en")} objects, ${size(g[5])}` : "";
  const gauges = g ? g[0].map((count, i) => make("span", {}, `gen${i} `,
    make("meter", { min: 0, max: Math.max(1, g[1][i]), value: count, "aria-label": `generation ${i}` }),
    ` ${count}/${g[1][i]} ×${g[6][i]}`)) : [];
  if (g && !g[2]) gauges.push(make("span", {}, "gc disabled"));
  if (g && g[3].length) gauges.push(make("span", {}, `gc.garbage: ${g[3].map((n) => T[n]).join(", ")}`));
  $("gauges").replaceChildren(...gauges);
  const old = new Set(before ? before.o : []), rows = [];
  const cells = (row) => [T[row[2]], `${T[row[1]]} #${row[0]}`, T[row[6]], row[3], T[row[4]], row[5]].map((v) => make("td", {}, String(v)));
  for (const number of now.o) {
    const row = now.rows.get(number), was = before && before.rows.get(number);
    const kind = before && !old.has(number) ? "new" : was && was[3] !== row[3] ? "changed" : "";
    rows.push(make("tr", { class: `${kind} ${number === picked ? "picked" : ""}`, "data-number": number }, ...cells(row)));
  }
  const here = new Set(now.o);
  for (const number of old) if (!here.has(number)) rows.push(make("tr", { class: "ghost" }, ...cells(before.rows.get(number))));
  const groups = [...now.t.values()].sort((a, b) => (a[0] < 0) - (b[0] < 0) || b[1] - a[1] || a[0] - b[0]);
  for (const [type, count, bytes] of groups)
    rows.push(make("tr", { class: "group" }, make("td", {}, ""), make("td", {}, type < 0 ? "there before" : T[type]),
      make("td", {}, `${count.toLocaleString("en")} objects`), make("td", {}, ""), make("td", {}, ""), make("td", {}, size(bytes))));
  $("rows").replaceChildren(...rows);
}

// Objects that can reach themselves: strongly connected parts, found without recursion.
function cycles(nodes, out) {
  const index = new Map(), low = new Map(), stack = [], on = new Set(), result = new Map();
  let counter = 0, group = 0;
  for (const root of nodes) {
    if (index.has(root)) continue;
    const work = [[root, 0]];
    while (work.length) {
      const top = work[work.length - 1], node = top[0];
      if (top[1] === 0) { index.set(node, counter); low.set(node, counter++); stack.push(node); on.add(node); }
      const next = out.get(node) || [];
      if (top[1] < next.length) {
        const to = next[top[1]++];
        if (!index.has(to)) work.push([to, 0]);
        else if (on.has(to)) low.set(node, Math.min(low.get(node), index.get(to)));
        continue;
      }
      work.pop();
      if (work.length) { const up = work[work.length - 1][0]; low.set(up, Math.min(low.get(up), low.get(node))); }
      if (low.get(node) === index.get(node)) {
        const part = [];
        let one;
        do { one = stack.pop(); on.delete(one); part.push(one); } while (one !== node);
        if (part.length > 1 || (out.get(node) || []).includes(node)) { group++; for (const p of part) result.set(p, group); }
      }
    }
  }
  return result;
}

let drawn = "";
function drawGraph() {
  const nodes = now.o.filter((n) => now.rows.get(n)).slice(0, 60), known = new Set(nodes);
  const links = now.k.map((n) => data.links[n]).filter((link) => known.has(link[0]) && known.has(link[1]));
  const key = JSON.stringify([nodes.map((n) => now.rows.get(n).slice(0, 4)), links, picked]);
  if (key === drawn) return;
  drawn = key;
  if (!nodes.length) { $("graph").replaceChildren(make("p", { class: "empty" }, "no objects of the program's own yet")); return; }
  const out = new Map(), into = new Map();
  for (const [from, to] of links) {
    if (!out.has(from)) out.set(from, []);
    out.get(from).push(to);
    into.set(to, (into.get(to) || 0) + 1);
  }
  const loops = cycles(nodes, out), level = new Map();
  // Named objects and those that nothing listed holds come first; the rest by distance from them.
  let layer = nodes.filter((n) => now.rows.get(n)[2] !== T.indexOf("") && T[now.rows.get(n)[2]] && !into.get(n));
  if (!layer.length) layer = nodes.filter((n) => T[now.rows.get(n)[2]] || !into.get(n));
  if (!layer.length) layer = [nodes[0]];
  let depth = 0;
  const place = (start) => {
    let current = start;
    while (current.length) {
      for (const n of current) level.set(n, depth);
      const next = [];
      for (const n of current) for (const to of out.get(n) || []) if (!level.has(to) && !next.includes(to)) next.push(to);
      current = next;
      depth++;
    }
  };
  place(layer);
  for (const n of nodes) if (!level.has(n)) { depth = 0; place([n]); }
  const columns = [], W = 190, H = 46, where = new Map();
  for (const n of nodes) { const l = level.get(n); (columns[l] = columns[l] || []).push(n); }
  columns.forEach((column, x) => column.forEach((n, y) => where.set(n, [20 + x * W, 14 + y * H])));
  const svg = make("svg:svg", { width: 40 + columns.length * W, height: 20 + H * Math.max(...columns.map((c) => (c || []).length)), role: "img",
    "aria-label": `${nodes.length} objects, ${links.length} references` });
  const defs = make("svg:defs", {});
  for (const kind of ["", "cycle"]) defs.append(make("svg:marker", { id: `arrow${kind}`, class: kind, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" }, make("svg:path", { d: "M0 0L8 4L0 8z" })));
  svg.append(defs);
  for (const [from, to, path] of links) {
    const [x1, y1] = where.get(from), [x2, y2] = where.get(to), kind = loops.get(from) && loops.get(from) === loops.get(to) ? "cycle" : "";
    const d = from === to ? `M${x1 + 150} ${y1 + 8}c30 -22 30 40 0 18` : x2 > x1 ? `M${x1 + 150} ${y1 + 16}C${x1 + 172} ${y1 + 16} ${x2 - 22} ${y2 + 16} ${x2 - 2} ${y2 + 16}`
      : `M${x1 + 75} ${y1 + 32}C${x1 + 75} ${y1 + 62} ${x2 + 100} ${y2 + 58} ${x2 + 100} ${y2 + 34}`;
    const edge = make("svg:path", { d, class: kind, "marker-end": `url(#arrow${kind})` });
    edge.append(make("svg:title", {}, T[path]));
    svg.append(edge);
    const label = T[path];
    if (x2 > x1) svg.append(make("svg:text", { x: x1 + 153, y: (y1 + y2) / 2 + 12, class: "dim" }, label.length > 9 ? label.slice(0, 8) + "…" : label));
  }
  for (const n of nodes) {
    const row = now.rows.get(n), [x, y] = where.get(n), name = T[row[2]];
    const group = make("svg:g", { class: `node ${name ? "named" : ""} ${loops.has(n) ? "cycle" : ""} ${n === picked ? "picked" : ""}`, "data-number": n, tabindex: 0, role: "button" });
    const short = (text) => text.length > 22 ? text.slice(0, 21) + "…" : text;
    group.append(make("svg:rect", { x, y, width: 150, height: 32 }), make("svg:title", {}, `${name} ${T[row[6]]}`),
      make("svg:text", { x: x + 6, y: y + 13, class: name ? "name" : "dim" }, short(name || "·")),
      make("svg:text", { x: x + 6, y: y + 26 }, short(`${T[row[1]]} #${n}`)),
      make("svg:text", { x: x + 144, y: y + 13, "text-anchor": "end" }, String(row[3])));
    svg.append(group);
  }
  $("graph").replaceChildren(svg);
}

function drawOutput() {
  const box = $("output"), parts = [];
  let end = now.out, start = Math.max(0, end - 400);
  for (let i = start; i < end; i++) {
    const [n, err, text] = output[i];
    parts.push(make("span", { class: `${err ? "err" : ""} ${n === at ? "now" : ""}` }, text));
  }
  box.replaceChildren(...parts);
  box.scrollTop = box.scrollHeight;
}

function drawEvents() {
  const box = $("events"), parts = [];
  for (let i = Math.max(0, now.ev - 200); i < now.ev; i++) {
    const [n, kind, line, text] = events[i];
    parts.push(make("li", { class: `${kind} ${n === at ? "now" : ""}` }, make("span", {}, line ? `line ${line}  ` : ""), T[text]));
  }
  box.replaceChildren(...parts);
  box.scrollTop = box.scrollHeight;
}

function drawLine() {
  const canvas = $("line"), box = canvas.getBoundingClientRect(), scale = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, box.width * scale); canvas.height = Math.max(1, box.height * scale);
  const pen = canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
  let most = 1, least = Infinity, g = null;
  const live = STEPS.map((step) => { if ("g" in step) g = step.g; const n = g ? g[4] : 0; if (n) { most = Math.max(most, n); least = Math.min(least, n); } return n; });
  pen.strokeStyle = style.getPropertyValue("--dim"); pen.beginPath();
  live.forEach((n, i) => { const x = i / Math.max(1, STEPS.length - 1) * canvas.width, y = canvas.height - 3 - (n - least) / Math.max(1, most - least) * (canvas.height - 6); i ? pen.lineTo(x, y) : pen.moveTo(x, y); });
  pen.stroke();
  for (const [n, kind] of events) if (kind === "g") { pen.fillStyle = style.getPropertyValue("--warn"); pen.fillRect(n / Math.max(1, STEPS.length - 1) * canvas.width, 0, scale, canvas.height); }
}

function seek(direction, fits) {
  for (let n = at + direction; n >= 0 && n < STEPS.length; n += direction) if (fits(n)) return go(n);
  go(direction < 0 ? 0 : STEPS.length - 1);
}
const did = (kind) => (n) => (STEPS[n].e || []).some((event) => event[0] === kind);
const places = []; { let l = null; STEPS.forEach((step) => { if ("l" in step) l = step.l; places.push(l); }); }
function play() {
  if (timer) { clearInterval(timer); timer = null; $("play").textContent = "▶"; return; }
  if (at === STEPS.length - 1) go(0);
  $("play").textContent = "■";
  timer = setInterval(() => at < STEPS.length - 1 ? go(at + 1) : play(), 250);
}
function theme() {
  const root = document.documentElement, dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  drawLine();
}
function pick(number) { picked = picked === number ? null : number; draw(); }

if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
$("scrub").max = STEPS.length - 1;
$("scrub").addEventListener("input", (event) => go(Number(event.target.value)));
$("first").onclick = () => go(0); $("last").onclick = () => go(STEPS.length - 1);
$("back").onclick = () => go(at - 1); $("next").onclick = () => go(at + 1);
$("play").onclick = play; $("theme").onclick = theme; $("help").onclick = () => $("keys").showModal();
$("source").addEventListener("click", (event) => {
  const row = event.target.tagName === "B" && event.target.parentElement;
  if (row) { const line = Number(row.dataset.line); seek(1, (n) => places[n] && places[n][0] === shownFile && places[n][1] === line); }
});
for (const box of ["memory", "graph", "stack"]) $(box).addEventListener("click", (event) => {
  const target = event.target.closest("[data-number]");
  if (target) pick(Number(target.dataset.number));
});
document.addEventListener("keydown", (event) => {
  if ($("keys").open || event.ctrlKey || event.metaKey || event.altKey) return;
  const far = event.shiftKey ? 10 : 1, depth = places[at] ? places[at][3] : 0;
  const shallow = (n) => !places[n] || places[n][3] <= depth;
  const actions = {
    ArrowLeft: () => go(at - far), ArrowRight: () => go(at + far), Home: () => go(0), End: () => go(STEPS.length - 1),
    ArrowUp: () => seek(-1, shallow), ArrowDown: () => seek(1, shallow),
    " ": play, "[": () => seek(-1, did("f")), "]": () => seek(1, did("f")), "{": () => seek(-1, did("g")), "}": () => seek(1, did("g")),
    t: theme, "?": () => $("keys").showModal(),
    Enter: () => { const target = document.activeElement.closest("[data-number]"); if (target) pick(Number(target.dataset.number)); },
  };
  if (event.key === " " && document.activeElement.tagName === "BUTTON") return;
  const action = actions[event.key];
  if (action) { if (event.key !== "Enter") event.preventDefault(); action(); }
});
addEventListener("resize", drawLine);
go(0);
drawLine();
