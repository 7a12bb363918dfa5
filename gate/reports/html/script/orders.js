// The orders that the columns sort by. The worst are first as the report has them: that order is no column's.
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
