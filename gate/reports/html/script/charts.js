// Pictures of all findings, drawn once. What they show can be read in their labels and in the filters' numbers too.
const [WIDTH, HEIGHT] = [264, 176];

function renderCharts() {
  const drawn = [severityByStage(), exploitability(), packagesInUse(), ages()].filter(Boolean);
  byId("charts").replaceChildren(...drawn);
  byId("charts").hidden = drawn.length === 0;
}

function picture(title, note, label, ...shapes) {
  const svg = draw("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": label }, ...shapes);
  return make("figure", { class: "card" }, make("figcaption", {}, title, make("small", {}, note)), svg);
}

const MOST_BARS = 9;

const noCounts = () => Object.fromEntries(SEVERITIES.map((severity) => [severity, 0]));
const total = (counts) => SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
const inSeverities = (counts) => SEVERITIES.filter((one) => counts[one]).map((one) => `${counts[one]} ${one}`).join(", ");
const shortened = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

// Groups findings: for each key, how many there are of each severity.
function countBy(keyOf, keys = []) {
  const groups = new Map(keys.map((key) => [key, noCounts()]));
  for (const finding of findings) {
    const key = keyOf(finding);
    if (key === null) continue;
    if (!groups.has(key)) groups.set(key, noCounts());
    groups.get(key)[finding.severity]++;
  }
  return groups;
}

// A press on a part of a picture filters the table; the filters do the same from the keyboard.
function pressable(shape, text, choices) {
  shape.classList.add("press");
  shape.append(draw("title", {}, text));
  shape.addEventListener("click", () => showOnly(choices));
  return shape;
}

// Returns the parts of a bar, the worst at its start; `most` fills `length`.
function barParts(counts, most, { x, y, length, thickness }) {
  let start = x;
  return SEVERITIES.filter((severity) => counts[severity]).map((severity) => {
    const size = (counts[severity] / most) * length;
    const part = draw("rect", { class: `severity ${severity}`, x: start, y, width: Math.max(size - 1, 0.8), height: thickness, rx: 1.5 });
    start += size;
    return [severity, part];
  });
}

function bars(groups, choicesOf, labels = (key) => key) {
  const most = Math.max(1, ...[...groups.values()].map(total));
  const step = Math.min(46, HEIGHT / groups.size);
  const thickness = Math.min(12, step / 3);
  return [...groups].flatMap(([key, counts], row) => {
    const y = row * step + 12;
    const parts = barParts(counts, most, { x: 0, y: y + 5, length: WIDTH, thickness });
    return [
      draw("text", { class: "strong", x: 0, y }, shortened(labels(key), 28)),
      draw("text", { class: "end", x: WIDTH, y }, total(counts).toLocaleString("en")),
      ...parts.map(([severity, part]) => pressable(part, `${labels(key)}: ${counts[severity]} ${severity}`, choicesOf(key, severity))),
    ];
  });
}

const spoken = (groups) => [...groups].map(([key, counts]) => `${key}: ${inSeverities(counts) || "none"}`).join("; ");

function severityByStage() {
  const groups = countBy((one) => one.stage);
  if (!groups.size || groups.size > MOST_BARS) return null;
  const choicesOf = (stage, severity) => ({ stage, severity });
  return picture("Severity by stage", counted(findings.length, "finding"), `Findings by stage. ${spoken(groups)}`, ...bars(groups, choicesOf));
}

// EPSS spreads over decades, so its axis is logarithmic; what is below its foot stands on it.
const PLOT = { left: 34, right: WIDTH - 4, top: 8, bottom: 146, foot: -3.5 };
const atCvss = (cvss) => PLOT.left + (cvss / 10) * (PLOT.right - PLOT.left);
const atEpss = (epss) => PLOT.bottom - (1 - Math.max(Math.log10(Math.max(epss, 1e-9)), PLOT.foot) / PLOT.foot) * (PLOT.bottom - PLOT.top);

function exploitability() {
  const known = findings.filter((one) => cvssOf(one) !== null && epssOf(one) !== null);
  if (!known.length) return null;
  const exploited = known.filter((one) => vulnerabilityOf(one).is_exploited).length;
  const label = `${counted(known.length, "finding")} with both scores, ${exploited} of them exploited already`;
  return picture("Exploitability and severity", "with a ring: attackers already use it", label, ...plotFrame(), ...dots(known));
}

function plotFrame() {
  const { left, right, top, bottom } = PLOT;
  const levels = [[1, "100%"], [0.1, "10%"], [0.01, "1%"], [0.001, "0.1%"]];
  return [
    draw("rect", { class: "urgent", x: atCvss(7), y: top, width: right - atCvss(7), height: atEpss(0.1) - top }),
    ...levels.map(([epss]) => draw("line", { class: "axis", x1: left, x2: right, y1: atEpss(epss), y2: atEpss(epss) })),
    ...levels.map(([epss, text]) => draw("text", { class: "end", x: left - 5, y: atEpss(epss) + 4 }, text)),
    draw("line", { class: "axis", x1: left, x2: right, y1: bottom, y2: bottom }),
    ...[0, 2, 4, 6, 8, 10].map((cvss) => draw("text", { class: "middle", x: atCvss(cvss), y: bottom + 14 }, cvss)),
    draw("text", { class: "end", x: right, y: bottom + 27 }, "CVSS score"),
    draw("text", { x: 0, y: bottom + 27 }, "EPSS, next 30 days"),
  ];
}

// Findings at the same spot are one dot, the larger the more there are.
function dots(known) {
  const spots = new Map();
  for (const one of known) {
    const { cvss, epss, is_exploited: exploited = false } = one.vulnerability;
    const [x, y] = [Math.round(atCvss(cvss) / 4) * 4, Math.round(atEpss(epss) / 4) * 4];
    const spot = spots.get(`${x} ${y} ${exploited}`) ?? { x, y, exploited, members: [] };
    spot.members.push(one);
    spots.set(`${x} ${y} ${exploited}`, spot);
  }
  return [...spots.values()].sort((one, other) => one.exploited - other.exploited || other.members.length - one.members.length).map(dot);
}

function dot({ x, y, exploited, members }) {
  const first = members[0];
  const r = Math.min(3 + Math.log2(members.length), 10);
  const shape = draw("circle", { class: `severity ${first.severity}${exploited ? " exploited" : ""}`, cx: x, cy: y, r });
  const names = [...new Set(members.map((one) => `${one.rule} in ${nameOf(one)}`))];
  const more = names.length > 6 ? `\nand ${names.length - 6} more` : "";
  return pressable(shape, names.slice(0, 6).join("\n") + more, { search: members.length === 1 ? first.fingerprint : first.rule });
}

// Each package counts once, by the worst that is known of it.
function packagesInUse() {
  const worst = new Map();
  for (const one of findings) {
    if (!one.package) continue;
    const key = `${one.target}\n${one.package.purl}\n${one.package.installed_as ?? ""}`;
    const before = worst.get(key);
    if (!before || severityRank(one) < severityRank(before)) worst.set(key, one);
  }
  if (!worst.size) return null;
  const groups = new Map(["yes", "unknown", "no"].map((use) => [use, noCounts()]));
  for (const one of worst.values()) groups.get(one.in_use ?? "unknown")[one.severity]++;
  const labels = { yes: "In use", unknown: "Unknown", no: "Not in use" };
  const note = `${worst.size.toLocaleString("en")} of ${contents.packages.toLocaleString("en")} packages have findings`;
  const choicesOf = (use, severity) => ({ "in-use": use, severity });
  const label = `Packages with findings, by use. ${spoken(groups)}`;
  return picture("Packages in use", note, label, ...bars(groups, choicesOf, (use) => labels[use]));
}

const AGES = [[7, "7 d"], [30, "30 d"], [91, "3 mo"], [365, "1 y"], [1095, "3 y"], [Infinity, "older"]];
const FLOOR = HEIGHT - 20;

function ages() {
  const ageGroup = (one) => {
    const days = ageOf(one);
    return days === null ? null : AGES.find(([most]) => days <= most)[1];
  };
  const groups = countBy(ageGroup, AGES.map(([, name]) => name));
  const most = Math.max(...[...groups.values()].map(total));
  if (!most) return null;
  const columns = [...groups].flatMap(([name, counts], at) => column(name, counts, most, at));
  const axis = draw("line", { class: "axis", x1: 0, x2: WIDTH, y1: FLOOR, y2: FLOOR });
  return picture("Age", "since first seen, or published", `Findings by age. ${spoken(groups)}`, axis, ...columns);
}

function column(name, counts, most, at) {
  const step = WIDTH / AGES.length;
  const middle = step * (at + 0.5);
  let foot = FLOOR;
  const parts = SEVERITIES.filter((severity) => counts[severity]).map((severity) => {
    const size = (counts[severity] / most) * (FLOOR - 20);
    foot -= size;
    const part = draw("rect", { class: `severity ${severity}`, x: middle - 14, y: foot, width: 28, height: Math.max(size - 1, 0.8), rx: 1.5 });
    part.append(draw("title", {}, `${name}: ${counts[severity]} ${severity}`));
    return part;
  });
  const number = total(counts);
  return [
    ...parts,
    draw("text", { class: "middle strong", x: middle, y: foot - 5 }, number ? number.toLocaleString("en") : ""),
    draw("text", { class: "middle", x: middle, y: HEIGHT - 4 }, name),
  ];
}
