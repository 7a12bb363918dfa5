// The filters beside the table, and the chips that say which hold.
const inputs = new Map();
let searchField = null;

function renderFilters() {
  searchField = make("input", { type: "search", id: "search", autocomplete: "off", spellcheck: "false", placeholder: "CVE, package, path …" });
  searchField.addEventListener("input", () => {
    state.search = searchField.value;
    state.page = 0;
    update();
  });
  const groups = Map.groupBy(FACETS.filter((facet) => facet.legend && isUseful(facet)), (facet) => facet.legend);
  byId("filters").replaceChildren(
    make("p", { class: "search" }, make("label", { for: "search" }, "Search"), searchField),
    make(
      "details", { open: innerWidth > 800 }, make("summary", {}, "Filters"),
      ...[...groups].map(([legend, facets]) => make("fieldset", {}, make("legend", {}, legend), ...facets.flatMap(choices))),
    ),
  );
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
}

// A facet that cannot tell findings apart is not offered.
function isUseful(facet) {
  const used = new Set(facet.codes);
  return facet.label ? used.has(0) : used.size > 1;
}

function choices(facet) {
  const used = new Set(facet.codes);
  return facet.values.filter((_, number) => used.has(number)).map((value) => choice(facet, value));
}

function choice(facet, value) {
  const input = make("input", { type: "checkbox" });
  const count = make("span", { class: "tally" });
  input.addEventListener("change", () => {
    choose(facet.id, value, input.checked);
    update();
  });
  inputs.set(`${facet.id}=${value}`, { input, count, facet, value });
  const swatch = facet.id === "severity" ? make("span", { class: `swatch ${value}` }) : null;
  return make("label", {}, input, swatch, make("span", { class: "value" }, facet.label ?? value), count);
}

function showChoices(counts) {
  searchField.value = state.search;
  for (const { input, count, facet, value } of inputs.values()) {
    const number = counts[FACETS.indexOf(facet)][facet.numbers.get(value)];
    input.checked = state.chosen.get(facet.id).has(value);
    count.textContent = number.toLocaleString("en");
    input.parentElement.classList.toggle("empty", number === 0);
  }
}

function renderChips() {
  const chips = FACETS.flatMap((facet) => [...state.chosen.get(facet.id)].map((value) => chip(facet, value)));
  const clear = isFiltered() ? button("Clear all", { class: "quiet" }, () => { clearChoices(); update(); byId("search").focus(); }) : null;
  byId("chips").replaceChildren(...chips, ...clear ? [clear] : []);
}

function chip(facet, value) {
  const isFlag = facet.legend === "Only";
  const text = isFlag ? facet.label : `${facet.legend ?? facet.label}: ${value.length > 40 ? `${value.slice(0, 40)}…` : value}`;
  return button(`${text} ×`, { class: "chip", "aria-label": `No longer filter by ${text}` }, () => {
    choose(facet.id, value, false);
    update();
    byId("search").focus();
  });
}
