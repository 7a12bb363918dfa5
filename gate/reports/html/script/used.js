// What an image runs: from its start to the packages with findings, as the evidence of each tells the way.
const MOST_LEAVES = 60;
const MOST_STEPS = 50;

function renderUsed() {
  const images = new Map();
  for (const one of findings) {
    if (one.in_use !== "yes" || !one.package || (one.evidence ?? []).length < 2) continue;
    if (!images.has(one.target)) images.set(one.target, newNode());
    addWay(images.get(one.target), one);
  }
  for (const [target, root] of images) {
    const left = { leaves: MOST_LEAVES };
    const tree = make("ul", { class: "ways" }, ...branches(root, left));
    const more = left.leaves < 0 ? make("p", {}, `And ${counted(-left.leaves, "more way")}.`) : null;
    byId("used").append(make("h3", {}, target), tree, more ?? "");
  }
  byId("used").hidden = images.size === 0;
}

const newNode = () => ({ steps: new Map(), packages: new Map() });

function addWay(root, finding) {
  let node = root;
  for (const step of finding.evidence.slice(0, MOST_STEPS)) {
    if (!node.steps.has(step)) node.steps.set(step, newNode());
    node = node.steps.get(step);
  }
  const name = packageName(finding);
  if (!node.packages.has(name)) node.packages.set(name, []);
  node.packages.get(name).push(finding);
}

// Steps that lead to one place only stand in one line.
function branches(node, left) {
  const made = [];
  for (const [name, about] of node.packages) {
    left.leaves -= 1;
    if (left.leaves >= 0) made.push(leaf(name, about));
  }
  for (const [first, child] of node.steps) {
    const steps = [first];
    let end = child;
    while (end.steps.size === 1 && end.packages.size === 0) {
      const [[step, next]] = end.steps;
      steps.push(step);
      end = next;
    }
    const below = branches(end, left);
    if (below.length) made.push(make("li", {}, make("span", { class: "way" }, steps.join(" → ")), make("ul", {}, ...below)));
  }
  return made;
}

function leaf(name, about) {
  const worst = SEVERITIES[about.reduce((rank, one) => Math.min(rank, severityRank(one)), SEVERITIES.length - 1)];
  const choices = { search: name, target: about[0].target, "in-use": "yes" };
  const show = button(name, { class: "leaf", "aria-label": `${name}: show what is found in it` }, () => showOnly(choices));
  return make("li", {}, make("span", { class: `severity ${worst}` }, worst), " ", show, ` ${counted(about.length, "finding")}`);
}
