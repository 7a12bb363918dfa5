// The numbers that say where to begin; each shows its findings.
const FIGURES = [
  { label: "blocking", facet: "blocking", value: "yes", tone: "hot" },
  { label: "exploited by attackers", facet: "exploited", value: "yes", tone: "hot" },
  ...(contents.is_compared ? [{ label: "new", facet: "status", value: "new" }] : []),
  { label: "fixed by an update", facet: "fixable", value: "yes" },
  { label: "in packages in use", facet: "in-use", value: "yes" },
];

function renderFigures() {
  byId("figures").replaceChildren(...FIGURES.map(figure));
  byId("figures").hidden = findings.length === 0;
}

function figure({ label, facet, value, tone }) {
  const { codes, numbers } = FACETS.find((one) => one.id === facet);
  const number = codes.reduce((sum, code) => sum + (code === numbers.get(value)), 0);
  const show = button("", { class: `figure ${number ? tone ?? "" : ""}`, disabled: number === 0 }, () => showOnly({ [facet]: value }));
  show.append(make("strong", {}, number.toLocaleString("en")), make("span", {}, ` ${label}`));
  return show;
}
