// The table: a page of rows, each with a button that opens the finding's detail below it.
const PAGE_SIZE = 50;
const MOST_PRINTED = 2000;

function renderHead() {
  byId("columns").replaceChildren(...COLUMNS.map(heading));
}

function heading(column) {
  const direction = { [column.id]: "ascending", [`-${column.id}`]: "descending" }[state.sort];
  const sort = button(column.title, { class: "sort" }, () => {
    sortBy(column);
    byId("columns").querySelector(`[data-column="${column.id}"] button`).focus();
  });
  const classes = `${column.id}${column.isNumber ? " number" : ""}`;
  return make("th", { scope: "col", class: classes, "data-column": column.id, "aria-sort": direction ?? "none" }, sort);
}

// First the column's own direction, then the other, then the worst first again.
function sortBy({ id, startsHigh }) {
  const turns = startsHigh ? [`-${id}`, id, ""] : [id, `-${id}`, ""];
  state.sort = turns[(turns.indexOf(state.sort) + 1) % turns.length];
  state.page = 0;
  renderHead();
  update();
}

function renderRows(shown, from, to) {
  byId("rows").replaceChildren(...shown.slice(from, to).flatMap(rowsOf));
}

function rowsOf(number) {
  const finding = findings[number];
  const isOpen = state.open.has(finding.fingerprint);
  const row = rowOf(finding, number, isOpen);
  return isOpen ? [row, detailRow(finding, number)] : [row];
}

function rowOf(finding, number, isOpen) {
  const known = vulnerabilityOf(finding);
  const row = make(
    "tr", { class: ["waived", "ignored"].includes(finding.status) ? "aside" : null, "data-number": number },
    make("td", { class: "severity" }, make("span", { class: `severity ${finding.severity}` }, finding.severity)),
    make("th", { scope: "row", class: "finding" }, opener(finding, number, isOpen), marks(finding)),
    make("td", { class: "where" }, ...wherein(finding)),
    make("td", { class: "stage" }, finding.stage),
    make("td", { class: "cvss number" }, known.cvss?.toFixed(1)),
    make("td", { class: "epss number" }, known.epss === undefined ? "" : `${(known.epss * 100).toFixed(1)}%`),
    make("td", { class: "age number" }, inWords(ageOf(finding))),
    make("td", { class: "state" }, stateOf(finding)),
  );
  return row;
}

function opener(finding, number, isOpen) {
  const name = finding.package ? finding.title.replace(`${packageName(finding)}: `, "") : finding.title;
  return make("button", { type: "button", class: "opener", "aria-expanded": isOpen, "aria-controls": `detail-${number}` }, name);
}

function marks(finding) {
  const known = vulnerabilityOf(finding);
  const said = [
    [known.is_exploited, "exploited", "hot"],
    [known.is_malicious, "malicious", "hot"],
    [finding.in_use === "yes", "in use", "warm"],
    [finding.in_use === "no", "not in use", "cool"],
    [isFixable(finding), `fix ${fixedVersions(finding)[0]}`, "fix"],
  ];
  const shown = said.filter(([holds]) => holds).map(([, text, tone]) => make("span", { class: `mark ${tone}` }, text));
  return make("span", { class: "sub" }, make("span", { class: "rule" }, finding.rule), ...shown);
}

function wherein(finding) {
  if (!finding.package) return [make("span", { class: "name" }, finding.place), make("span", { class: "sub" }, finding.target)];
  return [make("span", { class: "name" }, packageName(finding)), make("span", { class: "sub" }, finding.place)];
}

function stateOf(finding) {
  return finding.is_blocking
    ? make("span", { class: "state blocks" }, "blocks")
    : make("span", { class: "state" }, statusOf(finding));
}

function detailRow(finding, number) {
  return make("tr", { class: "opened", id: `detail-${number}` }, make("td", { colspan: COLUMNS.length }, detail(finding)));
}

function toggle(row) {
  const number = Number(row.dataset.number);
  const finding = findings[number];
  const isOpen = state.open.has(finding.fingerprint);
  if (isOpen) {
    state.open.delete(finding.fingerprint);
    byId(`detail-${number}`).remove();
  } else {
    state.open.add(finding.fingerprint);
    row.after(detailRow(finding, number));
  }
  row.querySelector(".opener").setAttribute("aria-expanded", !isOpen);
  writeState();
}

function onRowClick(event) {
  const row = event.target.closest("tr[data-number]");
  if (row && getSelection().isCollapsed) toggle(row);
}

const STEPS = {
  ArrowDown: (at) => at + 1,
  ArrowUp: (at) => at - 1,
  Home: () => 0,
  End: (_, last) => last,
};

// The arrows go from finding to finding, Escape closes one.
function onRowKey(event) {
  const opened = event.key === "Escape" && event.target.closest("tr.opened, tr[data-number]");
  if (opened) return closeFrom(opened);
  const openers = [...byId("rows").querySelectorAll(".opener")];
  const at = openers.indexOf(event.target);
  if (at < 0 || !STEPS[event.key]) return;
  openers[Math.min(Math.max(STEPS[event.key](at, openers.length - 1), 0), openers.length - 1)].focus();
  event.preventDefault();
}

function closeFrom(row) {
  const own = row.dataset.number ? row : row.previousElementSibling;
  const opens = own.querySelector(".opener");
  if (opens.getAttribute("aria-expanded") === "true") toggle(own);
  opens.focus();
}

function renderPages(total) {
  const last = Math.max(0, Math.ceil(total / PAGE_SIZE) - 1);
  const from = Math.min(total, state.page * PAGE_SIZE + 1);
  const to = Math.min(total, from + PAGE_SIZE - 1);
  const turn = (text, page) => button(text, { disabled: page < 0 || page > last }, () => turnTo(page, text));
  byId("pages").hidden = last === 0;
  byId("pages").replaceChildren(
    turn("First", state.page === 0 ? -1 : 0),
    turn("Previous", state.page - 1),
    make("span", {}, `${from.toLocaleString("en")}–${to.toLocaleString("en")} of ${total.toLocaleString("en")}`),
    turn("Next", state.page + 1),
    turn("Last", state.page === last ? -1 : last),
  );
}

function turnTo(page) {
  state.page = page;
  update();
  byId("findings").scrollIntoView();
  byId("rows").querySelector(".opener")?.focus();
}
