// What the reader chose. It stands behind the # of the address, so that a link shows the same.
const state = { search: "", chosen: new Map(), sort: "", page: 0, open: new Set(), isGrouped: true };

function readState() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  state.search = wanted.get("search") ?? "";
  state.sort = COLUMNS.some(({ id }) => [id, `-${id}`].includes(wanted.get("sort"))) ? wanted.get("sort") : "";
  state.page = Math.max(0, Math.trunc(Number(wanted.get("page") ?? 1)) - 1) || 0;
  state.isGrouped = wanted.get("grouped") !== "no";
  state.open = new Set(wanted.getAll("open"));
  state.chosen = new Map(FACETS.map((facet) => [facet.id, new Set(wanted.getAll(facet.id))]));
}

function writeState() {
  const wanted = new URLSearchParams();
  if (state.search) wanted.set("search", state.search);
  for (const [id, values] of state.chosen) for (const value of values) wanted.append(id, value);
  if (state.sort) wanted.set("sort", state.sort);
  if (state.page) wanted.set("page", state.page + 1);
  if (!state.isGrouped) wanted.set("grouped", "no");
  for (const fingerprint of state.open) wanted.append("open", fingerprint);
  history.replaceState(null, "", `#${wanted}`);
}

const isFiltered = () => state.search !== "" || [...state.chosen.values()].some((values) => values.size > 0);

function choose(facetId, value, isChosen) {
  const values = state.chosen.get(facetId);
  if (isChosen) values.add(value);
  else values.delete(value);
  state.page = 0;
}

function clearChoices() {
  state.search = "";
  state.page = 0;
  for (const values of state.chosen.values()) values.clear();
}
