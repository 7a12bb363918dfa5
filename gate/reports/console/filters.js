// Searches, filters and sorts the tables of the console. Without it all rows are there, the most urgent first.
(() => {
"use strict";
const byId = (id) => document.getElementById(id);
const search = byId("search");
const verdict = byId("verdict");
const tables = [...document.querySelectorAll("table.rows")];
const rows = tables.flatMap((table) => [...table.tBodies[0].rows]).map((row) => ({
  row,
  text: row.textContent.toLowerCase(),
  verdict: row.querySelector("td.verdict")?.textContent ?? "",
}));

// Only subjects have a verdict; the other tables are searched, and stay as they are if a verdict is chosen.
function isShown({ text, verdict: own }, words) {
  const isOfVerdict = !verdict.value || !own || own === verdict.value;
  return isOfVerdict && words.every((word) => text.includes(word));
}

function update() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const one of rows) one.row.hidden = !isShown(one, words);
  const isFiltered = words.length > 0 || verdict.value !== "";
  for (const folded of document.querySelectorAll("details.calm")) {
    const matches = folded.querySelectorAll("tbody tr:not([hidden])").length;
    folded.open = isFiltered && matches > 0;
    folded.hidden = isFiltered && matches === 0;
  }
  for (const note of document.querySelectorAll(".nothing")) {
    note.hidden = !isFiltered || note.parentElement.querySelector("tbody tr:not([hidden])") !== null;
  }
}

// What a cell sorts by: its number, else its text; what is empty stands last in either direction.
function keyOf(row, column) {
  const cell = row.cells[column];
  const text = cell.textContent.trim().toLowerCase();
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  return text === "" ? null : text;
}

function compare(one, other, direction) {
  if (one === other) return 0;
  if (one === null) return 1;
  if (other === null) return -1;
  return (one < other ? -1 : 1) * direction;
}

function sortBy(table, column, heading) {
  const before = heading.getAttribute("aria-sort");
  const startsHigh = heading.classList.contains("number") || heading.textContent === "Worth" || heading.textContent === "Worst";
  const isUp = before ? before === "descending" : !startsHigh;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", isUp ? "ascending" : "descending");
  const body = table.tBodies[0];
  const sorted = [...body.rows].sort((one, other) => compare(keyOf(one, column), keyOf(other, column), isUp ? 1 : -1));
  body.append(...sorted);
}

function offerSorting(table) {
  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    const sort = document.createElement("button");
    sort.type = "button";
    sort.append(...heading.childNodes);
    sort.addEventListener("click", () => sortBy(table, column, heading));
    heading.append(sort);
  });
}

tables.forEach(offerSorting);
search.addEventListener("input", update);
verdict.addEventListener("change", update);
byId("tools").hidden = false;
})();
