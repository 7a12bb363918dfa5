// Opens the documentation's site in a headless Chromium, searches it, looks at a page on a phone, and prints what it saw:
//     node site.cjs ADDRESS WORD
// The browser is the one that CHROMIUM names.
const { chromium } = require("playwright-core");

const [, , address, word] = process.argv;

(async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(30_000);
  const elsewhere = [];
  page.on("request", (request) => { if (!request.url().startsWith(address)) elsewhere.push(request.url()); });
  await page.goto(`${address}/index.html`);
  await page.locator("button.md-search__button").click();
  await page.keyboard.type(word, { delay: 20 });
  const results = page.getByText(/^\d+ results$/);
  await results.waitFor();
  const found = await results.textContent();
  await page.setViewportSize({ width: 390, height: 800 });
  await page.goto(`${address}/how-to/stopped.html`);
  const heading = await page.locator("h1").textContent();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  console.log(JSON.stringify({ found: parseInt(found, 10), heading, elsewhere, overflow }));
  await browser.close();
})().catch((error) => { console.error(error); process.exit(1); });
