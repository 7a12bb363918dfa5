// The columns: what they sort by, what they show, and from which width of the window on they are there.
const COLUMNS = [
  { id: "severity", title: "Severity", key: severityRank, cell: severityCell },
  { id: "finding", title: "Finding", key: (one) => one.title.toLowerCase(), cell: findingCell, isHeader: true },
  { id: "where", title: "Where", from: 800, key: (one) => nameOf(one).toLowerCase(), cell: (one) => wherein(one) },
  { id: "stage", title: "Stage", from: 1000, key: (one) => one.stage, cell: (one) => [one.stage] },
  { id: "cvss", title: "CVSS", from: 800, isNumber: true, startsHigh: true, key: cvssOf, cell: (one) => [cvssOf(one)?.toFixed(1)] },
  { id: "epss", title: "EPSS", from: 1000, isNumber: true, startsHigh: true, key: epssOf, cell: (one) => [percent(epssOf(one))] },
  { id: "age", title: "Age", from: 1000, isNumber: true, startsHigh: true, key: ageOf, cell: (one) => [inWords(ageOf(one))] },
  { id: "state", title: "State", key: (one) => (one.is_blocking ? "" : statusOf(one)), cell: stateCell },
];
const isWide = (from = 0) => innerWidth > from;
const shownColumns = () => COLUMNS.filter((column) => isWide(column.from));

// A probability is never shown as certain.
const percent = (share) => (share === null ? null : `${(Math.min(share, 0.99) * 100).toFixed(share < 0.0995 ? 1 : 0)}%`);

function severityCell(finding) {
  return [make("span", { class: `severity ${finding.severity}` }, finding.severity)];
}

function findingCell(finding, number, isOpen) {
  const name = finding.package ? finding.title.replace(`${packageName(finding)}: `, "") : finding.title;
  const opener = make("button", { type: "button", class: "opener", "aria-expanded": String(isOpen), "aria-controls": isOpen && `detail-${number}` }, name);
  const where = isWide(COLUMNS.find((column) => column.id === "where").from) ? [] : wherein(finding);
  return [opener, ...where, marks(finding)];
}

function marks(finding) {
  const known = vulnerabilityOf(finding);
  const said = [
    [known.is_exploited, "exploited", "hot"],
    [known.is_malicious, "malicious", "hot"],
    [finding.in_use === "yes", "in use", "warm"],
    [finding.in_use === "no", "not in use", ""],
    [finding.reachable_function === "yes", "function reached", "warm"],
    [finding.reachable_function === "no", "function not reached", ""],
    [finding.exposed === "yes", "exposed", "warm"],
    [finding.deployed === "yes", "deployed", "warm"],
    [isFixable(finding), `fix ${fixedVersions(finding)[0]}`, "fix"],
  ];
  const shown = said.filter(([holds]) => holds).map(([, text, tone]) => make("span", { class: `mark ${tone}` }, text));
  return make("span", { class: "sub" }, make("span", { class: "rule" }, finding.rule), ...shown);
}

function wherein(finding) {
  const below = finding.package ? finding.place : finding.target;
  return [make("span", { class: "name" }, nameOf(finding)), make("span", { class: "sub" }, below)];
}

function stateCell(finding) {
  const text = finding.is_blocking ? "blocks" : statusOf(finding);
  return [make("span", { class: `state ${finding.is_blocking ? "blocks" : ""}` }, text)];
}
