// What each layer of an image brought, the base's first; of an image whose layers nobody listed, those that findings name.
const KIB = 1024;
const LAYER_TITLES = ["Layer", "Size", "Files", "Packages", "Findings", "Severities"];
const NUMBERS = new Set(["Size", "Files", "Findings"]);

function renderLayers() {
  const counts = countBy((one) => (one.layer ? layerKey(one.target, one.layer) : null));
  const most = Math.max(1, ...[...counts.values()].map(total));
  const images = layersByImage();
  for (const [target, layers] of images) {
    const rows = layers.map((layer, number) => layerRow(target, layer, number, counts.get(layerKey(target, layer.diff_id)), most));
    const head = LAYER_TITLES.map((title) => make("th", { scope: "col", class: NUMBERS.has(title) ? "number" : null }, title));
    byId("layers").append(make("h3", {}, target), make(
      "div", { class: "wide", role: "region", "aria-label": `Layers of ${target}`, tabindex: 0 },
      make("table", { class: "layers" }, make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows)),
    ));
  }
  byId("layers").hidden = images.size === 0;
}

const layerKey = (target, layer) => `${target}\n${layer}`;

function layersByImage() {
  const images = new Map(contents.images.map(({ target, layers }) => [target, layers]));
  const listed = new Set(images.keys());
  for (const { target, layer } of findings) {
    if (!layer || listed.has(target)) continue;
    if (!images.has(target)) images.set(target, []);
    if (!images.get(target).some((one) => one.diff_id === layer)) images.get(target).push({ diff_id: layer });
  }
  return images;
}

function layerRow(target, layer, number, counts = noCounts(), most) {
  const short = layer.diff_id.slice(0, 19);
  const found = total(counts);
  const show = { class: "digest", title: layer.diff_id, "aria-label": `${short}: show what is found in it` };
  const name = found ? button(short, show, () => showOnly({ layer: layer.diff_id, target })) : make("span", { title: layer.diff_id }, short);
  const parts = barParts(counts, most, { x: 0, y: 0, length: WIDTH, thickness: 12 }).map(([, part]) => part);
  const spread = draw("svg", { viewBox: `0 0 ${WIDTH} 12`, preserveAspectRatio: "none", role: "img", "aria-label": inSeverities(counts) }, ...parts);
  return make(
    "tr", {},
    make("th", { scope: "row" }, `${number + 1} `, make("code", {}, name), layer.created_by ? make("code", { class: "step" }, layer.created_by) : null),
    make("td", { class: "number" }, layer.size === undefined ? "" : inBytes(layer.size)),
    make("td", { class: "number" }, layer.files === undefined ? "" : filesOf(layer)),
    make("td", { class: "packages" }, layer.size === undefined ? "" : packagesOf(layer.packages)),
    make("td", { class: "number" }, found.toLocaleString("en")),
    make("td", { class: "spread" }, found ? spread : ""),
  );
}

function inBytes(size) {
  const [unit, name] = size < KIB ** 2 ? [KIB, "KiB"] : [KIB ** 2, "MiB"];
  return `${(size / unit).toLocaleString("en", { maximumFractionDigits: 1, minimumFractionDigits: 1 })} ${name}`;
}

function filesOf({ files, hidden }) {
  const hides = hidden ? make("span", { class: "sub" }, `${hidden.toLocaleString("en")} hidden below`) : null;
  return make("span", {}, files.toLocaleString("en"), hides);
}

// "3 added, 1 changed", which opens to the first of them by name.
function packagesOf(changes) {
  if (!changes) return make("span", { class: "unknown" }, "cannot be counted");
  const kinds = ["added", "changed", "removed"].filter((kind) => changes[kind]);
  if (!kinds.length) return make("span", { class: "unknown" }, "none");
  const summary = kinds.map((kind) => `${changes[kind].count.toLocaleString("en")} ${kind}`).join(", ");
  return make("details", {}, make("summary", {}, summary), ...kinds.map((kind) => namesOf(kind, changes[kind])));
}

function namesOf(kind, { count, first }) {
  const more = count > first.length ? ` and ${(count - first.length).toLocaleString("en")} more` : "";
  return make("p", {}, make("strong", {}, `${kind[0].toUpperCase()}${kind.slice(1)}: `), first.join(", ") + more);
}
