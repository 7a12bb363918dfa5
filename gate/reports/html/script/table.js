// The table: a page of rows, each with a button that opens the finding's detail below it.
const PAGE_SIZE = 50;
const MOST_PRINTED = 2000;

function renderHead() {
  byId("columns").replaceChildren(...shownColumns().map(heading));
  byId("sorting").value = state.sort;
}

// The menu sorts also by what a narrow window has no column for, and says what the first order is.
function offerSorting() {
  const turns = COLUMNS.flatMap((column) => {
    const isUp = [column.id, `${column.title} ↑`];
    const isDown = [`-${column.id}`, `${column.title} ↓`];
    return column.startsHigh ? [isDown, isUp] : [isUp, isDown];
  });
  const choices = [["", "worst first"], ...turns].map(([value, text]) => make("option", { value }, text));
  byId("sorting").replaceChildren(...choices);
  byId("sorting").addEventListener("change", (event) => sortBy(event.target.value));
}

function heading(column) {
  const direction = { [column.id]: "ascending", [`-${column.id}`]: "descending" }[state.sort];
  const sort = button(column.title, { class: "sort" }, () => {
    sortBy(nextSort(column));
    byId("columns").querySelector(`[data-column="${column.id}"] button`).focus();
  });
  const classes = `${column.id}${column.isNumber ? " number" : ""}`;
  return make("th", { scope: "col", class: classes, "data-column": column.id, "aria-sort": direction ?? "none" }, sort);
}

// First the column's own direction, then the other, then the worst first again.
function nextSort({ id, startsHigh }) {
  const turns = startsHigh ? [`-${id}`, id, ""] : [id, `-${id}`, ""];
  return turns[(turns.indexOf(state.sort) + 1) % turns.length];
}

function sortBy(sort) {
  state.sort = sort;
  state.page = 0;
  renderHead();
  update();
}

function renderRows(shown, from, to) {
  const rows = [];
  const members = isGrouping() ? Map.groupBy(shown, (number) => GROUPS[number]) : null;
  for (let at = from; at < Math.min(to, shown.length); at++) {
    const group = members?.get(GROUPS[shown[at]]);
    if (group?.length > 1 && (at === from || GROUPS[shown[at - 1]] !== GROUPS[shown[at]])) rows.push(groupRow(group));
    rows.push(...rowsOf(shown[at]));
  }
  byId("rows").replaceChildren(...rows);
}

function rowsOf(number) {
  const finding = findings[number];
  const isOpen = state.open.has(finding.fingerprint);
  const row = rowOf(finding, number, isOpen);
  return isOpen ? [row, detailRow(finding, number)] : [row];
}

function rowOf(finding, number, isOpen) {
  const cells = shownColumns().map(({ id, isNumber, isHeader, cell }) => {
    const attributes = { class: `${id}${isNumber ? " number" : ""}`, scope: isHeader ? "row" : null };
    return make(isHeader ? "th" : "td", attributes, ...cell(finding, number, isOpen));
  });
  const isSetAside = ["waived", "ignored"].includes(finding.status);
  return make("tr", { class: isSetAside ? "aside" : null, "data-number": number }, ...cells);
}

function detailRow(finding, number) {
  return make("tr", { class: "opened", id: `detail-${number}` }, make("td", { colspan: shownColumns().length }, detail(finding)));
}

// Opens or closes a finding's detail; the row is made anew and keeps the focus if it had it.
function toggle(row) {
  const number = Number(row.dataset.number);
  const { fingerprint } = findings[number];
  const hasFocus = row.contains(document.activeElement);
  if (state.open.delete(fingerprint)) byId(`detail-${number}`).remove();
  else state.open.add(fingerprint);
  const rows = rowsOf(number);
  row.replaceWith(...rows);
  if (hasFocus) rows[0].querySelector(".opener").focus();
  writeState();
}

// A press anywhere on a row opens it, unless it only marked text.
function onRowClick({ target }) {
  const row = target.closest("tr[data-number]");
  if (row && (target.closest(".opener") || getSelection().isCollapsed)) toggle(row);
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
  const opener = own.querySelector(".opener");
  opener.focus();
  if (opener.getAttribute("aria-expanded") === "true") toggle(own);
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
