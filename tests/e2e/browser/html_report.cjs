// Opens HTML reports in a headless Chromium as a reader would, and prints what each check saw as one line of JSON:
//     node html_report.cjs FOLDER-FOR-SCREENSHOTS CHECK REPORT.html [CHECK REPORT.html …]
// The browser is the one that CHROMIUM names. A check that fails prints {"failed": "why"}.
const { readFileSync } = require("node:fs");
const { chromium } = require("playwright-core");

const [, , folder, ...asked] = process.argv;
let address = ""; // of the report that is looked at

// Everything that must not happen on a page is written down.
function watch(page) {
  const seen = { errors: [], dialogs: [], requests: [] };
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("console", (said) => seen.errors.push(said.text()));
  page.on("dialog", (dialog) => { seen.dialogs.push(dialog.message()); dialog.dismiss(); });
  page.on("request", (request) => { if (request.url() !== address) seen.requests.push(request.url()); });
  return seen;
}

async function open(browser, settings = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...settings });
  await context.addInitScript(() => {
    globalThis.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => globalThis.violations.push(event.violatedDirective));
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const seen = watch(page);
  await page.goto(address);
  return { page, seen };
}

const violations = (page) => page.evaluate(() => globalThis.violations);
const texts = (page, selector) => page.locator(selector).allInnerTexts();
const focused = (page) => page.evaluate(() => document.activeElement.innerText || document.activeElement.id);

const openDetails = (page, most) => page.evaluate((number) => {
  for (const opener of [...document.querySelectorAll(".opener")].slice(0, number)) opener.click();
}, most);

// How far a page reaches over the edge of its window, or the filters over that of their column, in pixels.
const overflow = (page) => page.evaluate(() => {
  const filters = document.getElementById("filters");
  return Math.max(document.documentElement.scrollWidth - innerWidth, filters ? filters.scrollWidth - filters.clientWidth : 0);
});

// What axe finds (https://www.deque.com/axe/): rule, impact and places. Of a long table it sees the first rows, as those
// that follow are of the same kinds, and each takes it seconds.
async function barriers(page) {
  await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
  const { violations } = await page.evaluate(() => globalThis.axe.run(
    { exclude: ["tbody tr:nth-child(n+25)"] },
    { resultTypes: ["violations"] },
  ));
  return violations.map(({ id, impact, nodes }) => ({ id, impact, places: nodes.map((node) => node.target.join(" ")) }));
}

const CHECKS = {
  // Opens every detail, on a desk in the light and on a phone in the dark, and takes pictures.
  async looks(browser) {
    const seen = [];
    for (const [colorScheme, width] of [["light", 1280], ["dark", 390]]) {
      const { page, seen: mine } = await open(browser, { colorScheme, viewport: { width, height: 900 } });
      await openDetails(page, 3);
      const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const tooWide = await overflow(page);
      await page.screenshot({ path: `${folder}/${colorScheme}-${width}.png` });
      await openDetails(page, 50);
      seen.push({ ...mine, violations: await violations(page), background, overflow: tooWide });
    }
    return seen;
  },

  // Opens every detail of the first page.
  async details(browser) {
    const { page, seen } = await open(browser);
    await openDetails(page, 50);
    return { opened: await page.locator(".detail").count(), violations: await violations(page), ...seen };
  },

  // What a static page is like, on a desk in the light and on a phone in the dark.
  async still(browser) {
    const seen = [];
    for (const settings of [{ colorScheme: "light" }, { colorScheme: "dark", viewport: { width: 390, height: 900 } }]) {
      const { page, seen: mine } = await open(browser, settings);
      const { page: open_to_axe } = await open(browser, { ...settings, bypassCSP: true });
      seen.push({ ...mine, violations: await violations(page), overflow: await overflow(page), barriers: await barriers(open_to_axe) });
    }
    return seen;
  },

  // Searches, filters and sorts the console as a reader would, and counts the rows that each table is left with.
  async console(browser) {
    const { page, seen } = await open(browser);
    const rows = () => page.locator("table.rows").evaluateAll((tables) =>
      tables.map((table) => [...table.tBodies[0].rows].filter((row) => !row.hidden).length));
    const before = await rows();
    await page.fill("#search", "lodash");
    const searched = await rows();
    await page.fill("#search", "there is no such thing");
    const nothing = await texts(page, ".nothing:visible");
    await page.fill("#search", "");
    await page.selectOption("#verdict", "pass");
    const passing = await texts(page, "#what-blocks-where ~ .rows tbody tr:visible");
    await page.selectOption("#verdict", "");
    const stages = page.locator("#secrets-and-configuration ~ .rows");
    await stages.getByRole("button", { name: "Open" }).click();
    const sorted = await stages.locator("td[data-label=Open]").evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.value)));
    const lines = await page.locator("#trend ~ .charts polyline").count();
    const axes = await page.locator("#trend ~ .charts svg text").allTextContents();
    return { before, searched, nothing, passing, sorted, lines, axes, violations: await violations(page), ...seen };
  },

  // Groups and ungroups the findings, as the switch says and the address keeps.
  async grouping(browser) {
    const { page, seen } = await open(browser);
    const groups = () => page.locator("tr.group").count();
    const steps = { grouped: await groups(), first: await texts(page, "tr.group .of") };
    await page.getByLabel("Grouped").uncheck();
    steps.flat = await groups();
    steps.address = new URL(page.url()).hash;
    await page.reload();
    steps.reloaded = await groups();
    await page.getByLabel("Grouped").check();
    await page.getByRole("columnheader", { name: "CVSS" }).getByRole("button").click();
    steps.sorted = await groups();
    steps.isOffered = await page.getByLabel("Grouped").isEnabled();
    return { ...steps, ...seen };
  },

  async accessibility(browser) {
    const found = [];
    for (const settings of [{ colorScheme: "light" }, { colorScheme: "dark", viewport: { width: 390, height: 900 } }]) {
      const { page } = await open(browser, { ...settings, bypassCSP: true });
      await openDetails(page, 5);
      found.push(...await barriers(page));
    }
    return found;
  },

  // The way of somebody who has no mouse: search, filter, sort, open, go down, close.
  async keyboard(browser) {
    const { page, seen } = await open(browser);
    const steps = {};
    await page.keyboard.press("Tab");
    steps.first = await focused(page);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    steps.afterSkip = await focused(page);
    await page.keyboard.type("lodash");
    steps.searched = await page.locator("#count").innerText();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.press("Delete");
    await page.getByLabel("Blocking").focus();
    await page.keyboard.press("Space");
    steps.blocking = await page.locator("#count").innerText();
    await page.getByRole("columnheader", { name: "CVSS" }).getByRole("button").focus();
    await page.keyboard.press("Enter");
    steps.sort = await page.getByRole("columnheader", { name: "CVSS" }).getAttribute("aria-sort");
    steps.scores = await texts(page, "td.cvss");
    await page.locator(".opener").first().focus();
    await page.keyboard.press("Enter");
    steps.detail = await page.locator(".detail").innerText();
    await page.keyboard.press("ArrowDown");
    steps.second = (await focused(page)) === (await page.locator(".opener").nth(1).innerText());
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("Escape");
    steps.details = await page.locator(".detail").count();
    steps.expanded = await page.locator(".opener").first().getAttribute("aria-expanded");
    steps.address = new URL(page.url()).hash;
    await page.reload();
    steps.reloaded = await page.locator("#count").innerText();
    return { ...steps, ...seen };
  },

  // What a reader sees who lets no script run, and what paper shows.
  async unscripted(browser) {
    const { page, seen } = await open(browser, { javaScriptEnabled: false });
    const text = await page.locator("body").innerText();
    const isControlShown = await page.locator("#filters, #theme, [data-decided-by]").first().isVisible();
    await page.emulateMedia({ media: "print" });
    await page.pdf({ path: `${folder}/unscripted.pdf` });
    return { text, isControlShown, ...seen };
  },

  async print(browser) {
    const { page, seen } = await open(browser);
    const colour = () => page.evaluate(() => getComputedStyle(document.body).color);
    const light = await colour();
    await page.getByRole("radio", { name: "Dark" }).check();
    const dark = await colour();
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const rows = await page.locator("tr[data-number]").count();
    const isFilterShown = await page.locator("#filters").isVisible();
    const colours = { light, dark, paper: await colour() };
    await page.pdf({ path: `${folder}/print.pdf` });
    return { isFilterShown, colours, rows, ...seen };
  },

  // The commands to copy, and what the clipboard then holds.
  async copy(browser) {
    const { page, seen } = await open(browser, { permissions: ["clipboard-read", "clipboard-write"] });
    await page.locator(".opener").first().click();
    await page.locator(".commands button").last().click();
    await page.getByText("Copied").first().waitFor();
    const clipboard = await page.evaluate(() => navigator.clipboard.readText());
    return { clipboard, commands: await texts(page, ".commands code"), ...seen };
  },

  // Switch, reasons, figures, charts and layers.
  async presses(browser) {
    const { page, seen } = await open(browser);
    const counts = {};
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await ground();
    await page.getByRole("radio", { name: "Dark" }).check();
    const isDark = before !== (await ground());
    for (const name of ["[data-decided-by]", ".figure:enabled", "#charts .press", ".digest", ".leaf"]) {
      await page.locator(name).first().click();
      counts[name] = await page.locator("#count").innerText();
    }
    await page.getByRole("button", { name: "Clear all" }).click();
    counts.cleared = await page.locator("#count").innerText();
    const layers = await page.locator(".layers tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.innerText)));
    return { counts, isDark, layers, charts: await page.locator("#charts svg").count(), ...seen };
  },

  // How long opening, searching, filtering and sorting take, in ms until the next picture.
  async times(browser) {
    const started = Date.now();
    const { page, seen } = await open(browser);
    const times = { open: Date.now() - started };
    const until = (act) => page.evaluate(`new Promise((done) => {
      const began = performance.now();
      ${act};
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
    })`);
    const search = (text) => `const field = document.getElementById("search"); field.value = ${JSON.stringify(text)}; field.dispatchEvent(new Event("input"));`;
    times["first search"] = await until(search("openssl"));
    times.search = await until(search("cve-2024"));
    times["search ended"] = await until(search(""));
    times.filter = await until(`document.querySelector("#filters [type=checkbox]").click()`);
    times["second filter"] = await until(`document.querySelectorAll("#filters [type=checkbox]")[1].click()`);
    times["first sort"] = await until(`document.querySelectorAll(".sort")[1].click()`);
    times.sort = await until(`document.querySelectorAll(".sort")[1].click()`);
    times["next page"] = await until(`document.querySelectorAll("#pages button")[2].click()`);
    return { times, ...seen };
  },
};

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: process.getuid() === 0 ? ["--no-sandbox"] : [] });
  try {
    for (let index = 0; index < asked.length; index += 2) {
      address = `file://${asked[index + 1]}`;
      const seen = await CHECKS[asked[index]](browser).catch((error) => ({ failed: String(error) }));
      process.stdout.write(JSON.stringify(seen) + "\n");
      await Promise.all(browser.contexts().map((context) => context.close()));
    }
  } finally {
    await browser.close();
  }
}

main();
