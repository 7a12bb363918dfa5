// Serves the shop's pages: asks the API for the products and fills the template.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import minimist from "minimist";
import { listing } from "./listing.js";

const options = minimist(process.argv.slice(2), {
  default: { port: 8080, api: "http://api:8000" },
});

const template = await readFile(new URL("./public/index.html", import.meta.url), "utf8");

async function products(words) {
  const answer = await fetch(`${options.api}/products?q=${encodeURIComponent(words)}`);
  if (!answer.ok) throw new Error(`the API answered ${answer.status}`);
  return answer.json();
}

createServer(async (request, response) => {
  try {
    const { searchParams } = new URL(request.url, "http://web");
    const page = listing(template, await products(searchParams.get("q") ?? ""));
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  } catch (error) {
    console.error(error);
    response.writeHead(502).end("The shop is closed for a moment.\n");
  }
}).listen(options.port);
