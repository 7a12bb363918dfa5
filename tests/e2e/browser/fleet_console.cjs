// Opens a fleet's console in a headless Chromium, searches it, opens a target and a phone's view, and prints what it saw:
//     node fleet_console.cjs ADDRESS WORD
// The browser is the one that CHROMIUM names. Times are milliseconds since the page was asked for.
const { chromium } = require("playwright-core");

const [, , address, word] = process.argv;

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(30_000);
  const [elsewhere, errors] = [[], []];
  page.on("request", (request) => { if (!request.url().startsWith(address)) elsewhere.push(request.url()); });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
  const started = Date.now();
  await page.goto(`${address}/`);
  const opened = Date.now() - started;
  await page.waitForSelector("html[data-ready]", { state: "attached" });
  const ready = Date.now() - started;
  const before = Date.now();
  await page.fill("#search", word);
  await page.waitForFunction((text) => document.getElementById("rest").textContent.includes(text), "that match");
  const searched = Date.now() - before;
  const [rest, rows] = [await page.textContent("#rest"), await page.locator("#all tbody tr").count()];
  await page.locator("#all tbody button").first().click();
  await page.waitForFunction(() => (document.querySelector("#all tr[data-of]")?.textContent ?? "…") !== "…");
  const detail = await page.textContent("#all tr[data-of]");
  let answer = null;
  if (await page.locator("#ask").count()) {
    await page.fill("#question", "rule:AWS-ACCESS-KEY");
    await page.click('button[value="what-if"]');
    await page.waitForSelector("#answer p");
    answer = await page.textContent("#answer p");
  }
  await page.setViewportSize({ width: 390, height: 800 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  console.log(JSON.stringify({ opened, ready, searched, rest, rows, detail, answer, elsewhere, errors, overflow }));
  await browser.close();
})().catch((error) => { console.error(error); process.exit(1); });
