// All that is known of one finding, below its row.
const quoted = (text) => (/^[\w.@:/=+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);
const yesOrNo = (holds) => (holds ? "yes" : "no");

function detail(finding) {
  return make(
    "div", { class: "detail" },
    make("p", { class: "message" }, finding.message),
    ...whyOf(finding) ? [make("p", { class: "why" }, make("strong", {}, "Why "), whyOf(finding))] : [],
    make("p", { class: "mend" }, make("strong", {}, "Fix "), finding.mend),
    ...finding.excerpt ? [excerpt(finding)] : [],
    ...finding.edits?.length ? [edits(finding)] : [],
    make("div", { class: "sections" }, ...DETAIL_SECTIONS.map(([title, rows]) => section(title, rows(finding)))),
    commands(finding),
  );
}

function excerpt(finding) {
  const lines = finding.excerpt.map(([number, isMarked, text]) =>
    make(isMarked ? "mark" : "span", {}, make("span", { class: "number" }, `${number}`), `${text}\n`));
  return make("pre", { class: "excerpt", role: "group", tabindex: "0", "aria-label": `Lines around ${finding.place}` }, ...lines);
}

function edits(finding) {
  const items = finding.edits.map((edit) => make("li", {}, make("code", {}, edit.place), make("pre", {}, edit.text || "(nothing)")));
  return make("details", { class: "edits" }, make("summary", {}, "What gate fix would write"), make("ul", {}, ...items));
}

const DETAIL_SECTIONS = [
  ["Where", whereRows],
  ["Package", packageRows],
  ["Vulnerability", vulnerabilityRows],
  ["In use", useRows],
  ["Secret", secretRows],
  ["Decision", decisionRows],
];

function section(title, rows) {
  const known = rows.filter(([, value]) => value !== null && value !== undefined && value !== "" && value.length !== 0);
  if (!known.length) return null;
  const parts = known.flatMap(([name, value]) => [make("dt", {}, name), ...[value].flat().map((one) => make("dd", {}, one))]);
  return make("section", {}, make("h3", {}, title), make("dl", {}, ...parts));
}

const ORIGINS = { base: "the base image", own: "the layers above the base" };

function whereRows(one) {
  return [["Place", one.place], ["Target", one.target], ["Layer", one.layer], ["Brought by", ORIGINS[one.origin]], ["Also at", one.more_places]];
}

function packageRows({ package: about }) {
  if (!about) return [];
  const way = about.way?.join(" → ") ?? (about.is_direct ? "asked for by the project itself" : null);
  return [
    ["Name", `${about.name} ${about.version}`],
    ["Installed as", about.installed_as],
    ["Ecosystem", about.ecosystem],
    ["Needed for", about.scope ?? "runtime"],
    ["Comes in by", way],
    ["Licence", about.license],
    ["purl", about.purl],
  ];
}

function vulnerabilityRows(one) {
  const known = one.vulnerability;
  if (!known) return [["Rule", one.rule], ["Confidence", one.confidence ?? "high"], ["Read more", one.help_uri && link(one.help_uri, one.help_uri)]];
  return [
    ["Id", one.help_uri ? link(one.help_uri, one.rule) : one.rule],
    ["Also", known.aliases],
    ["CVSS", known.cvss?.toFixed(1)],
    ["EPSS", epssOf(one) === null ? null : `${percent(epssOf(one))} in the next 30 days`],
    ["Exploited", known.is_exploited ? "attackers already use it" : null],
    ["Malicious", known.is_malicious ? "published to do harm" : null],
    ["Fixed in", known.fixed_versions ?? "no release yet"],
    ["Published", known.published?.slice(0, 10)],
    ["Weakness", known.cwes],
  ];
}

function useRows(one) {
  const used = [
    ...(one.in_use ? [["In use", one.in_use], ["Evidence", one.evidence ?? "none"]] : []),
    ...(one.exposed ? [["Run by", one.run_by ?? "no file of the repository"], ["Exposed", one.exposed], ["Ways", one.exposed_by ?? "none"]] : []),
    ...(one.deployed ? [["Deployed", one.deployed], ["In", one.deployed_in ?? "no place that is listed"]] : []),
  ];
  if (!one.reachable_function) return used;
  return [...used, ["Vulnerable function reached", one.reachable_function], ["By", one.function_evidence ?? "none"], ["Functions", one.functions]];
}

function secretRows({ secret }) {
  if (!secret) return [];
  const verified = secret.is_verified === undefined ? null : yesOrNo(secret.is_verified);
  return [["Type", secret.type], ["Begins", secret.redacted], ["Verified", verified]];
}

function decisionRows(one) {
  return [
    ["Blocks", yesOrNo(one.is_blocking ?? false)],
    ["Worth stopping for", one.worth ?? "medium"],
    ["As", one.worth_evidence],
    ["Status", statusOf(one)],
    ["Decided by", one.decided_by],
    ["In file", one.decided_in],
    ["Blocks from", one.blocks_from],
    ["First seen", one.first_seen?.slice(0, 10)],
    ["Comment", one.comment],
    ["VEX", one.vex],
    ["Fingerprint", make("code", {}, one.fingerprint)],
  ];
}

function commands(one) {
  const waive = `gate waive ${quoted(one.fingerprint)} --reason "…" --owner "…" --until YYYY-MM-DD`;
  return make("div", { class: "commands" }, command(`gate explain ${quoted(one.rule)}`), command(waive));
}

function command(text) {
  const shown = make("code", {}, text);
  const copy = button("Copy", { class: "quiet", "aria-label": `Copy ${text}` }, () => copyText(shown, copy));
  return make("p", {}, shown, copy);
}

// Where the browser has no clipboard to offer, the text is marked for the reader to copy.
async function copyText(shown, copy) {
  const isCopied = await navigator.clipboard?.writeText(shown.textContent).then(() => true, () => false);
  if (!isCopied) getSelection().selectAllChildren(shown);
  copy.textContent = isCopied ? "Copied" : "Marked";
  byId("told").textContent = isCopied ? "Copied" : "The text is selected. Copy it with the keyboard.";
}
