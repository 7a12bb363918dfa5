// Searches all targets, which it fetches in shards once the page is shown. Without it the most urgent ones are there.
(() => {
"use strict";
const byId = (id) => document.getElementById(id);
const table = byId("all");
const size = Number(table.dataset.shard);
const MOST_SHOWN = 200;
const STATUS = 3, RUNS_IN = 5;
const shards = new Array(Number(table.dataset.shards)).fill(null);
const details = new Map();

function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

async function fetched(path) {
  const answer = await fetch(path, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(await answer.text() || `${answer.status}`);
  return answer.json();
}

function rowOf(target, place) {
  const [kind, name, digest, status, blocking, runsIn, exposed, ways, owners, firstSeen, read] = target;
  const opener = make("button", { type: "button" }, name);
  const row = make("tr", {},
    make("th", { scope: "row" }, opener, " ", make("span", { class: "note" }, `${kind} ${digest}`)),
    make("td", { class: `verdict ${status}`, "data-label": "Verdict" }, status),
    make("td", { class: blocking ? "number" : "number none", "data-label": "Blocking" }, blocking.toLocaleString("en")),
    make("td", { class: "wording", "data-label": "Runs in" }, runsIn.join("; ")),
    make("td", { "data-label": "Exposed" }, [exposed, ways.join("; ")].filter(Boolean).join(": ")),
    make("td", { "data-label": "Owner" }, owners.join(" ")),
    make("td", { class: "day", "data-label": "First seen" }, firstSeen),
    make("td", { class: "day", "data-label": "Read" }, read));
  opener.addEventListener("click", () => toggle(row, place));
  return row;
}

// What blocks a target is in a file of its shard, which is fetched when somebody asks first.
async function toggle(row, place) {
  if (row.nextSibling?.dataset?.of) return row.nextSibling.remove();
  const cell = make("td", { colspan: "8", class: "wording" }, "…");
  const below = make("tr", { "data-of": String(place) }, cell);
  row.after(below);
  const number = Math.floor(place / size);
  try {
    if (!details.has(number)) details.set(number, await fetched(`data/details-${number}.json`));
    const blockers = details.get(number)[place % size];
    const lines = blockers.map(([what, where]) => make("li", {}, where ? `${what} in ${where}` : what));
    cell.replaceChildren(lines.length ? make("ul", {}, ...lines) : "Nothing blocks.");
  } catch (error) {
    details.delete(number);
    cell.replaceChildren(`Could not be read: ${error.message}`);
  }
}

const textOf = (target) => target.flat().join(" ").toLowerCase();

function* matching() {
  const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  const [verdict, onlyRuns] = [byId("verdict").value, byId("runs").checked];
  for (const [number, shard] of shards.entries()) {
    for (const [place, { target, text }] of (shard ?? []).entries()) {
      const isOf = (!verdict || target[STATUS] === verdict) && (!onlyRuns || target[RUNS_IN].length > 0);
      if (isOf && words.every((word) => text.includes(word))) yield [target, number * size + place];
    }
  }
}

function update() {
  const found = [...matching()];
  table.tBodies[0].replaceChildren(...found.slice(0, MOST_SHOWN).map(([target, place]) => rowOf(target, place)));
  const shown = Math.min(found.length, MOST_SHOWN).toLocaleString("en");
  byId("rest").textContent = `${shown} of ${found.length.toLocaleString("en")} that match, the most urgent ones.`;
}

async function load() {
  await Promise.all(shards.map(async (_, number) => {
    const rows = await fetched(`data/targets-${number}.json`);
    shards[number] = rows.map((target) => ({ target, text: textOf(target) }));
  }));
  for (const id of ["search", "verdict", "runs"]) byId(id).addEventListener("input", update);
  byId("tools").hidden = false;
  update();
  document.documentElement.dataset.ready = "yes";
}

function showAnswer(found) {
  const heads = found.columns.map((name) => make("th", { scope: "col" }, name));
  const rows = found.rows.map((row) => make("tr", {}, ...row.map((cell) => make("td", {}, cell))));
  const notes = found.notes.map((note) => make("p", { class: "note" }, note));
  byId("answer").replaceChildren(make("p", {}, found.summary), ...notes,
    make("table", { class: "rows" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...rows)));
}

byId("ask")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const kind = event.submitter?.value ?? "find";
  try {
    showAnswer(await fetched(`api/${kind}?q=${encodeURIComponent(byId("question").value)}`));
  } catch (error) {
    byId("answer").replaceChildren(error.message);
  }
});

load().catch(() => {
  byId("rest").textContent += " To search them, open the site from a web server: a browser reads no data beside a file.";
});
})();
