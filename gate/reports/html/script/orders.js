// The columns and the orders that they sort by. The worst are first as the report has them: that order is no column's.
const COLUMNS = [
  { id: "severity", title: "Severity", key: severityRank },
  { id: "finding", title: "Finding", key: (one) => one.title.toLowerCase() },
  { id: "where", title: "Where", key: (one) => (one.package ? packageName(one) : one.place).toLowerCase() },
  { id: "stage", title: "Stage", key: (one) => one.stage },
  { id: "cvss", title: "CVSS", isNumber: true, startsHigh: true, key: (one) => vulnerabilityOf(one).cvss ?? null },
  { id: "epss", title: "EPSS", isNumber: true, startsHigh: true, key: (one) => vulnerabilityOf(one).epss ?? null },
  { id: "age", title: "Age", isNumber: true, startsHigh: true, key: ageOf },
  { id: "state", title: "State", key: (one) => (one.is_blocking ? "" : statusOf(one)) },
];
const WORST_FIRST = findings.map((_, number) => number);
const orders = new Map();

// What has no value stands last in either direction.
function compare(keys, direction) {
  return (one, other) => {
    const [left, right] = [keys[one], keys[other]];
    if (left === right) return one - other;
    if (left === null) return 1;
    if (right === null) return -1;
    return (left < right ? -1 : 1) * direction;
  };
}

// Returns all findings in the order of `sort` ("cvss", "-cvss" for the highest first, "" for the worst first).
function ordered(sort) {
  const column = COLUMNS.find((one) => one.id === sort.replace("-", ""));
  if (!column) return WORST_FIRST;
  if (!orders.has(sort)) {
    const keys = findings.map(column.key);
    orders.set(sort, [...WORST_FIRST].sort(compare(keys, sort.startsWith("-") ? -1 : 1)));
  }
  return orders.get(sort);
}
