// What the page is about: read once, never changed.
const contents = JSON.parse(document.getElementById("contents").textContent);
const findings = contents.findings;
const SEVERITIES = ["critical", "high", "medium", "low", "info"];
const DAY = 24 * 60 * 60 * 1000;
const finishedAt = Date.parse(contents.finished_at);

// Parts that JSON leaves out stand for their defaults.
const NO_VULNERABILITY = Object.freeze({});
const vulnerabilityOf = (finding) => finding.vulnerability ?? NO_VULNERABILITY;
const NOT_SET_ASIDE = contents.is_compared ? "new" : "open"; // without an earlier state nothing can be called new
const statusOf = (finding) => finding.status ?? NOT_SET_ASIDE;
const fixedVersions = (finding) => vulnerabilityOf(finding).fixed_versions ?? [];
const isFixable = (finding) => fixedVersions(finding).length > 0;
const severityRank = (finding) => SEVERITIES.indexOf(finding.severity);
const cvssOf = (finding) => vulnerabilityOf(finding).cvss ?? null;
const epssOf = (finding) => vulnerabilityOf(finding).epss ?? null;
const packageName = (finding) => `${finding.package.name} ${finding.package.version}`;

// What a finding is about: its package, else its place.
const nameOf = (finding) => (finding.package ? packageName(finding) : finding.place);

const whyOf = (finding) => contents.why[`${finding.stage} ${finding.rule}`];

// Whole days from a time to the run; null if nobody knows.
function daysSince(time) {
  const then = time ? Date.parse(time) : NaN;
  return Number.isNaN(then) ? null : Math.max(0, Math.floor((finishedAt - then) / DAY));
}

// How long it has been a problem: known here since, else published.
const ageOf = (finding) => daysSince(finding.first_seen ?? vulnerabilityOf(finding).published);

function inWords(days) {
  if (days === null) return "";
  if (days < 60) return `${days} d`;
  if (days < 730) return `${Math.round(days / 30.44)} mo`;
  return `${Math.floor(days / 365.25)} y`;
}

const counted = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
