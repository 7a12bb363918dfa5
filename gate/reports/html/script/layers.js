// What each layer of an image brought: the layers that a finding names, the one with the worst first.
function renderLayers() {
  const groups = countBy((one) => (one.layer ? `${one.target}\n${one.layer}` : null));
  if (!groups.size) return;
  const most = Math.max(...[...groups.values()].map(total));
  const named = packagesOfLayers();
  const rows = [...groups].map(([key, counts]) => layerRow(key, counts, most, named.get(key)));
  const titles = ["Layer", "Image", "Findings", "Packages with findings", "Severities"];
  byId("layers").append(
    make("div", { class: "wide", role: "region", "aria-labelledby": "layers-title", tabindex: 0 }, make(
      "table", { class: "layers" },
      make("thead", {}, make("tr", {}, ...titles.map((title) => make("th", { scope: "col", class: title === "Findings" ? "number" : null }, title)))),
      make("tbody", {}, ...rows),
    )),
  );
  byId("layers").hidden = false;
}

function packagesOfLayers() {
  const named = new Map();
  for (const one of findings) {
    if (!one.layer || !one.package) continue;
    const key = `${one.target}\n${one.layer}`;
    if (!named.has(key)) named.set(key, new Set());
    named.get(key).add(packageName(one));
  }
  return named;
}

function layerRow(key, counts, most, packages = new Set()) {
  const [target, layer] = key.split("\n");
  const parts = barParts(counts, most, { x: 0, y: 0, length: WIDTH, thickness: 12 }).map(([, part]) => part);
  const spread = draw("svg", { viewBox: `0 0 ${WIDTH} 12`, preserveAspectRatio: "none", role: "img", "aria-label": inSeverities(counts) }, ...parts);
  const short = layer.slice(0, 19);
  const show = button(short, { class: "digest", title: layer, "aria-label": `${short}: show what it brought` }, () => showOnly({ layer, target }));
  const names = [...packages];
  const more = names.length > 5 ? ` and ${names.length - 5} more` : "";
  return make(
    "tr", {},
    make("th", { scope: "row" }, make("code", {}, show)),
    make("td", {}, target),
    make("td", { class: "number" }, total(counts).toLocaleString("en")),
    make("td", {}, names.slice(0, 5).join(", ") + more),
    make("td", { class: "spread" }, spread),
  );
}
