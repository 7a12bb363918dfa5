// What findings can be filtered by. A facet has values; of one facet's values any holds, of the facets all do.
const FACETS = [
  { id: "severity", legend: "Severity", values: SEVERITIES, of: (one) => one.severity },
  { id: "blocking", legend: "Only", label: "Blocking", values: ["yes"], of: (one) => (one.is_blocking ? "yes" : null) },
  {
    id: "exploited", legend: "Only", label: "Exploited", values: ["yes"],
    of: (one) => (vulnerabilityOf(one).is_exploited ? "yes" : null),
  },
  { id: "fixable", legend: "Only", label: "Fixable", values: ["yes"], of: (one) => (isFixable(one) ? "yes" : null) },
  { id: "stage", legend: "Stage", values: contents.stages, of: (one) => one.stage },
  { id: "status", legend: "Status", values: [NOT_SET_ASIDE, "existing", "waived", "ignored"], of: statusOf },
  { id: "in-use", legend: "In use", values: ["yes", "unknown", "no"], of: (one) => one.in_use ?? null },
  { id: "function", legend: "Vulnerable function reached", values: ["yes", "unknown", "no"], of: (one) => one.reachable_function ?? null },
  { id: "exposed", legend: "Exposed", values: ["yes", "unknown", "no"], of: (one) => one.exposed ?? null },
  { id: "deployed", legend: "Deployed", values: ["yes", "unknown"], of: (one) => one.deployed ?? null },
  { id: "origin", legend: "Brought by", values: ["base", "own"], of: (one) => one.origin ?? null },
  { id: "target", legend: "Target", values: [], of: (one) => one.target },
  { id: "rule", legend: null, label: "Decided by", values: [], of: (one) => one.decided_by ?? null },
  { id: "layer", legend: null, label: "Layer", values: [], of: (one) => one.layer ?? null },
];

// Each finding's value of each facet as a number: filtering compares numbers only.
for (const facet of FACETS) {
  const numbers = new Map(facet.values.map((value, number) => [value, number]));
  facet.codes = Int32Array.from(findings, (finding) => {
    const value = facet.of(finding);
    if (value === null) return -1;
    if (!numbers.has(value)) numbers.set(value, numbers.size);
    return numbers.get(value);
  });
  facet.values = [...numbers.keys()];
  facet.numbers = numbers;
}

let texts = null;

// All that a search looks at, in small letters; made when somebody searches first.
function searchable() {
  texts ??= findings.map((one) => {
    const { aliases = [] } = vulnerabilityOf(one);
    const names = one.package ? [one.package.name, one.package.version, one.package.purl] : [];
    const parts = [one.title, one.rule, one.place, one.target, one.message, one.fingerprint, ...aliases, ...names];
    return parts.join("\n").toLowerCase();
  });
  return texts;
}

function searchMatches(search) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return () => true;
  const all = searchable();
  return (number) => words.every((word) => all[number].includes(word));
}

// For each facet that is used: which of its numbers were chosen.
function chosenNumbers(chosen) {
  return FACETS.map((facet) => {
    const values = chosen.get(facet.id);
    if (!values?.size) return null;
    const marks = new Uint8Array(facet.values.length + 1); // the last one stands for findings without a value
    for (const value of values) if (facet.numbers.has(value)) marks[facet.numbers.get(value)] = 1;
    return marks;
  });
}

// Returns the facet that alone keeps a finding out, FACETS.length if nothing does, or -1 if several do.
function obstacle(marks, number) {
  let found = FACETS.length;
  for (let at = 0; at < FACETS.length; at++) {
    const mark = marks[at];
    if (mark === null) continue;
    const code = FACETS[at].codes[number];
    if (mark[code < 0 ? mark.length - 1 : code]) continue;
    if (found < FACETS.length) return -1;
    found = at;
  }
  return found;
}

// Returns the numbers of the findings that match, in `order`, and for each facet how many each value would show.
function filtered(order, search, chosen) {
  const marks = chosenNumbers(chosen);
  const matches = searchMatches(search);
  const counts = FACETS.map((facet) => new Uint32Array(facet.values.length));
  const shown = [];
  for (const number of order) {
    const obstacleAt = obstacle(marks, number);
    if (obstacleAt < 0 || !matches(number)) continue;
    if (obstacleAt === FACETS.length) shown.push(number);
    for (let at = 0; at < FACETS.length; at++) {
      const code = FACETS[at].codes[number];
      if (code >= 0 && (obstacleAt === FACETS.length || obstacleAt === at)) counts[at][code]++;
    }
  }
  return { shown, counts };
}
