// Puts the parts together.
function update() {
  const { shown, counts } = arranged();
  state.page = Math.min(state.page, Math.max(0, Math.ceil(shown.length / PAGE_SIZE) - 1));
  renderRows(shown, state.page * PAGE_SIZE, (state.page + 1) * PAGE_SIZE);
  renderPages(shown.length);
  renderChips();
  renderGrouping();
  showChoices(counts);
  byId("nothing").hidden = shown.length > 0;
  byId("count").textContent = isFiltered()
    ? `${shown.length.toLocaleString("en")} of ${counted(findings.length, "finding")}`
    : counted(findings.length, "finding");
  writeState();
}

// Filters by these choices alone and takes the reader to the table.
function showOnly({ search = "", ...choices }) {
  clearChoices();
  state.search = search;
  for (const [facetId, value] of Object.entries(choices)) choose(facetId, value, true);
  update();
  byId("findings").scrollIntoView();
  byId("findings").focus({ preventScroll: true });
}

function offerReasons() {
  for (const reason of document.querySelectorAll("[data-decided-by]")) {
    reason.hidden = false;
    reason.addEventListener("click", () => showOnly({ rule: reason.dataset.decidedBy }));
  }
}

function offerThemes() {
  byId("theme").hidden = false;
  byId("theme").addEventListener("change", (event) => {
    document.documentElement.dataset.theme = event.target.value;
  });
}

// Paper has no pages to turn and nothing to press: it gets what is filtered, up to a bound.
function onPrint() {
  const { shown } = arranged();
  renderRows(shown, 0, MOST_PRINTED);
}

function start() {
  byId("unscripted").remove();
  readState();
  renderFilters();
  offerSorting();
  offerGrouping();
  renderHead();
  byId("app").hidden = false;
  byId("rows").addEventListener("click", onRowClick);
  byId("rows").addEventListener("keydown", onRowKey);
  offerThemes();
  offerReasons();
  renderFigures();
  renderCharts();
  renderUsed();
  renderLayers();
  update();
  addEventListener("hashchange", () => { readState(); renderHead(); update(); });
  for (const { from } of COLUMNS) {
    if (from) matchMedia(`(min-width: ${from + 1}px)`).addEventListener("change", () => { renderHead(); update(); });
  }
  addEventListener("beforeprint", onPrint);
  addEventListener("afterprint", update);
}

start();
