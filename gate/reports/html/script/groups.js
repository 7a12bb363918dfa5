// Findings that are fixed together, as on the terminal: those of a package, else those of a rule.
function groupOf({ stage, rule, package: of }) {
  return of ? `${stage}\npackage\n${of.ecosystem}\n${of.name}\n${of.version}` : `${stage}\nrule\n${rule}`;
}

const GROUPS = findings.map(groupOf);

// Returns the numbers with those of a group behind its first one; the groups stay in the order of their first ones.
function grouped(shown) {
  return [...Map.groupBy(shown, (number) => GROUPS[number]).values()].flat();
}

// Sorted by a column, all findings stand in that order; groups are shown in the first order alone, the worst first.
const isGrouping = () => state.isGrouped && state.sort === "";

// What the table shows, in its order.
function arranged() {
  const { shown, counts } = filtered(ordered(state.sort), state.search, state.chosen);
  return { shown: isGrouping() ? grouped(shown) : shown, counts };
}

function renderGrouping() {
  byId("grouping").checked = isGrouping();
  byId("grouping").disabled = state.sort !== "";
}

function offerGrouping() {
  byId("grouping").addEventListener("change", (event) => {
    state.isGrouped = event.target.checked;
    state.page = 0;
    update();
  });
}

// The heading of a group; a finding that is alone needs none.
function groupRow(members) {
  const first = findings[members[0]];
  const blocking = members.filter((number) => findings[number].is_blocking).length;
  const mends = new Set(members.map((number) => findings[number].mend));
  const name = first.package ? packageName(first) : first.title;
  const of = first.package ? first.package.ecosystem : first.rule;
  const numbers = `${counted(members.length, "finding")}${blocking ? `, ${blocking.toLocaleString("en")} blocking` : ""}`;
  const heading = [
    make("span", { class: "of" }, name), make("span", { class: "rule" }, of), make("span", {}, `${first.stage} · ${numbers}`),
    mends.size === 1 ? make("span", { class: "together" }, [...mends][0]) : null,
  ];
  return make("tr", { class: "group" }, make("th", { colspan: shownColumns().length, scope: "colgroup" }, make("span", { class: "sub" }, ...heading)));
}
