"""The thirty-fifth set's worker, scheduler and job of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")
_BUNDLED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev || exit 1",
)

PARCELS = Recipe(
    name="parcels",
    packages=(*_TOOLS, "redis-server"),
    env=PRODUCTION_NODE | {"PORT": "10808", "REDIS_URL": "redis://127.0.0.1:6379", "OUT": "/tmp/parcels"},
    entrypoint=("/app/docker/entrypoint.sh",),
    cmd=("worker",),
    files=HOSTS
    | {
        "app/docker/entrypoint.sh": """#!/bin/sh
set -e
if [ "$1" = worker ]; then
  redis-server --port 6379 --daemonize yes --dir /tmp --save ''
  exec node worker.js
fi
exec "$@"
""",
        "app/package.json": """{
  "name": "parcels", "version": "1.0.0", "private": true,
  "scripts": {"start": "node worker.js", "test": "mocha"},
  "dependencies": {"bull": "^4", "@bull-board/api": "^6", "@bull-board/express": "^6", "express": "^4",
    "email-templates": "^12", "pug": "^3", "nodemailer": "^6", "pdfmake": "^0.2", "jsbarcode": "^3", "qr-image": "^3",
    "country-list": "^2", "@easypost/api": "^8", "@sendgrid/mail": "^8", "pino": "^9",
    "pino-pretty": "^13", "env-cmd": "^10", "p-map": "^4", "got": "^11", "i18n": "^0.15", "moment": "^2",
    "underscore": "^1", "fs-extra": "^11", "@aws-sdk/client-sqs": "^3", "sqs-consumer": "^11", "applicationinsights":
    "^2", "postal-codes-js": "^2", "shortid": "^2", "joi": "^17", "svg2png-wasm": "^1", "lodash": "^4"},
  "devDependencies": {"mocha": "^11", "nock": "^14"}
}
""",
        "app/locales/en.json": '{"Your parcel": "Your parcel", "on its way": "%s is on its way"}\n',
        "app/locales/de.json": '{"Your parcel": "Ihr Paket", "on its way": "%s ist unterwegs"}\n',
        "app/emails/sent/html.pug": "h1 Parcel #{code}\np Hello #{name},\np= line\n",
        "app/emails/sent/subject.pug": "= `Parcel ${code}`\n",
        "app/emails/sent/text.pug": "| Parcel #{code}\n",
        "app/worker.js": """if (process.env.INSIGHTS) require('applicationinsights').setup().start();
const { createServer } = require('./lib/server');
const log = require('./lib/log');
const { queues } = require('./lib/queues');
const processors = require('./lib/processors');

for (const [name, queue] of Object.entries(queues)) {
  queue.process(2, processors[name]);
  queue.on('completed', (job) => log.info({ name, id: job.id }, 'done'));
  queue.on('failed', (job, error) => log.warn({ name, id: job.id, error: error.message }, 'failed'));
}
queues.sweep.add({}, { repeat: { every: 4000 } });
const server = createServer(queues).listen(process.env.PORT, '127.0.0.1', () => log.info('ready'));
process.on('SIGTERM', async () => {
  server.close();
  await Promise.all(Object.values(queues).map((queue) => queue.close(true)));
  process.exit(0);
});
""",
        "app/lib/log.js": """const pino = require('pino');

module.exports = process.env.PRETTY
  ? pino({ transport: { target: 'pino-pretty' } })
  : pino({ level: process.env.LOG_LEVEL || 'info' });
""",
        "app/lib/queues.js": """const Queue = require('bull');

const make = (name) => new Queue(name, process.env.REDIS_URL, {
  defaultJobOptions: { attempts: 2, backoff: 500, removeOnComplete: 20, removeOnFail: 20 },
});
exports.queues = { label: make('label'), mail: make('mail'), sweep: make('sweep') };
""",
        "app/lib/processors/index.js": """const fs = require('fs');
const path = require('path');

for (const file of fs.readdirSync(__dirname)) {
  if (file !== 'index.js') exports[path.basename(file, '.js')] = require(path.join(__dirname, file));
}
""",
        "app/lib/processors/label.js": """const fs = require('fs-extra');
const qr = require('qr-image');
const path = require('path');
const { queues } = require('../queues');
const carriers = require('../carriers');

module.exports = async ({ data }) => {
  const code = await carriers.ship(data);
  const PdfPrinter = require('pdfmake');
  const fonts = { Helvetica: { normal: 'Helvetica', bold: 'Helvetica-Bold' } };
  const document = new PdfPrinter(fonts).createPdfKitDocument({
    defaultStyle: { font: 'Helvetica' },
    content: [{ text: data.name, bold: true }, code, { svg: qr.imageSync(code, { type: 'svg' }), width: 80 }],
  });
  const file = path.join(process.env.OUT, `${code}.pdf`);
  await fs.ensureDir(process.env.OUT);
  document.pipe(fs.createWriteStream(file));
  document.end();
  await queues.mail.add({ ...data, code });
  return { code };
};
""",
        "app/lib/processors/mail.js": """const Email = require('email-templates');
const { I18n } = require('i18n');
const moment = require('moment');
const path = require('path');
const log = require('../log');

const i18n = new I18n({ locales: ['en', 'de'], directory: path.join(__dirname, '../../locales'), updateFiles: false });
const email = new Email({
  message: { from: 'parcels@shop.example' },
  send: true,
  transport: process.env.SMTP_HOST ? { host: process.env.SMTP_HOST } : { jsonTransport: true },
  views: { root: path.join(__dirname, '../../emails') },
  juice: true,
});

module.exports = async ({ data }) => {
  const line = i18n.__({ phrase: 'on its way', locale: data.language }, data.code);
  if (process.env.SENDGRID_API_KEY) {
    const sendgrid = require('@sendgrid/mail');
    sendgrid.setApiKey(process.env.SENDGRID_API_KEY);
    return sendgrid.send({ to: data.mail, from: 'parcels@shop.example', subject: data.code, text: line });
  }
  const sent = await email.send({ template: 'sent', message: { to: data.mail }, locals: { ...data, line } });
  log.info({ id: sent.messageId, at: moment().format('LLL') }, 'mailed');
};
""",
        "app/lib/processors/sweep.js": """const fs = require('fs-extra');
const map = require('p-map');
const path = require('path');
const _ = require('underscore');

module.exports = async () => {
  const files = await fs.readdir(process.env.OUT).catch(() => []);
  const old = _.initial(_.sortBy(files), 5);
  await map(old, (file) => fs.remove(path.join(process.env.OUT, file)), { concurrency: 2 });
  return { removed: old.length };
};
""",
        "app/lib/carriers.js": """const { getName } = require('country-list');
const Joi = require('joi');
const shortid = require('shortid');

const parcel = Joi.object({ name: Joi.string().required(), mail: Joi.string().email({ tlds: false }).required(),
  country: Joi.string().length(2).required(), language: Joi.string().default('en') });

exports.ship = async (data) => {
  const { country, name } = await parcel.validateAsync(data);
  if (!getName(country)) throw new Error(`no country ${country}`);
  if (process.env.EASYPOST_KEY) {
    const EasyPost = require('@easypost/api');
    const shipment = await new EasyPost(process.env.EASYPOST_KEY).Shipment.create({ to_address: { name, country } });
    return shipment.tracking_code;
  }
  return `${country}-${shortid.generate()}`;
};
exports.track = async (code) => require('got')(`http://carrier.example/${code}`, { timeout: 1000 }).json();
""",
        "app/lib/server.js": """const { createBullBoard } = require('@bull-board/api');
const { BullAdapter } = require('@bull-board/api/bullAdapter');
const { ExpressAdapter } = require('@bull-board/express');
const express = require('express');
const carriers = require('./carriers');

exports.createServer = (queues) => {
  const board = new ExpressAdapter();
  board.setBasePath('/queues');
  createBullBoard({ queues: Object.values(queues).map((queue) => new BullAdapter(queue)), serverAdapter: board });
  const app = express();
  app.use(express.json());
  app.use('/queues', board.getRouter());
  app.get('/health', async (req, res) => res.json(await queues.label.getJobCounts()));
  app.post('/parcels', async (req, res) => res.status(202).json({ id: (await queues.label.add(req.body)).id }));
  app.get('/track/:code', (req, res, next) => carriers.track(req.params.code).then((one) => res.json(one), next));
  return app;
};
""",
    },
    prepare=_INSTALLED,
    asks=(
        "http://127.0.0.1:10808/health",
        "http://127.0.0.1:10808/queues/",
        "http://127.0.0.1:10808/queues/api/queues",
        "http://127.0.0.1:10808/track/one",
        "http://127.0.0.1:10808/no",
    ),
    sends=(
        (
            "http://127.0.0.1:10808/parcels",
            '{"name": "One", "mail": "one@shop.example", "country": "DE", "language": "de"}',
        ),
        ("http://127.0.0.1:10808/parcels", '{"name": "Two", "mail": "two@shop.example", "country": "XX"}'),
    ),
    seconds=25,
)

NEWSROOM = Recipe(
    name="newsroom",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10809", "TZ": "Europe/Berlin", "FEEDS": "http://127.0.0.1:10809/samples/feed.xml"},
    entrypoint=("dumb-init", "node"),
    cmd=("src/index.mjs",),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "newsroom", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node src/index.mjs", "test": "vitest"},
  "dependencies": {"cron": "^4", "got": "^14", "cheerio": "^1", "rss-parser": "^3", "feed": "^5", "level": "^10",
    "telegraf": "^4", "discord.js": "^14", "@slack/web-api": "^7", "consola": "^3", "luxon": "^3", "franc-min": "^6",
    "p-map": "^7", "p-retry": "^6", "sanitize-html": "^2", "open-graph-scraper": "^6", "@mozilla/readability": "^0.6",
    "linkedom": "^0.18", "natural": "^8", "h3": "^1", "c12": "^2", "defu": "^6", "string-similarity": "^4",
    "normalize-url": "^8", "@atproto/api": "^0.15", "masto": "^7", "@logtail/node": "^0.5", "keyword-extractor": "^0.0",
    "reading-time": "^1", "ms": "^2"},
  "devDependencies": {"vitest": "^3"}
}
""",
        "app/newsroom.config.mjs": "export default { collect: '*/3 * * * * *', publish: '*/5 * * * * *', "
        "keep: '2d' };\n",
        "app/samples/feed.xml": """<?xml version="1.0"?>
<rss version="2.0"><channel><title>One</title>
<item><title>Ships are late</title><link>http://127.0.0.1:10809/samples/ships.html</link>
<pubDate>Mon, 04 Feb 2030 10:00:00 GMT</pubDate><description>Ships of the harbour are late</description></item>
<item><title>Ships are late!</title><link>http://127.0.0.1:10809/samples/ships.html?utm_source=x</link></item>
</channel></rss>
""",
        "app/samples/ships.html": '<html lang="en"><head><title>Ships</title><meta property="og:title" content="Ships">'
        "</head><body><nav>menu</nav><article><h1>Ships</h1>"
        + "<p>The ships of the town were late for the whole of the week, because of the storm.</p>" * 12
        + "</article></body></html>\n",
        "app/src/index.mjs": """import { loadConfig } from 'c12';
import { CronJob } from 'cron';
import { consola } from 'consola';
import { collect } from './collect.mjs';
import { publish } from './publish.mjs';
import { serve } from './server.mjs';
import { close } from './store.mjs';

const { config } = await loadConfig({ name: 'newsroom', defaults: { keep: '7d' } });
const guarded = (name, run) => async () => {
  try {
    consola.info(name, await run(config));
  } catch (error) {
    consola.error(name, error);
  }
};
const jobs = [
  CronJob.from({ cronTime: config.collect, onTick: guarded('collect', collect), waitForCompletion: true }),
  CronJob.from({ cronTime: config.publish, onTick: guarded('publish', publish), timeZone: 'Europe/Berlin' }),
];
const server = serve(Number(process.env.PORT));
jobs.forEach((job) => job.start());
process.on('SIGTERM', async () => {
  jobs.forEach((job) => job.stop());
  server.close();
  await close();
  process.exit(0);
});
""",
        "app/src/store.mjs": """import { Level } from 'level';

const database = new Level('/tmp/newsroom', { valueEncoding: 'json' });
const entries = database.sublevel('entries', { valueEncoding: 'json' });
export const has = async (key) => {
  try {
    return (await entries.get(key)) !== undefined;
  } catch {
    return false;
  }
};
export const put = (key, entry) => entries.put(key, entry);
export const all = () => entries.values({ limit: 20 }).all();
export const close = () => database.close();
""",
        "app/src/collect.mjs": """import got from 'got';
import normalizeUrl from 'normalize-url';
import pMap from 'p-map';
import pRetry from 'p-retry';
import Parser from 'rss-parser';
import similarity from 'string-similarity';
import { article } from './article.mjs';
import { all, has, put } from './store.mjs';

const parser = new Parser();
const client = got.extend({ timeout: { request: 2000 }, retry: { limit: 0 }, headers: { 'user-agent': 'newsroom' } });
const fetchText = (address) => pRetry(() => client(address).text(), { retries: 1, minTimeout: 100 });

async function take({ link, title, isoDate }) {
  const key = normalizeUrl(link, { stripHash: true, removeQueryParameters: [/^utm_/] });
  if (await has(key)) return 0;
  const known = (await all()).some((one) => similarity.compareTwoStrings(one.title, title) > 0.9);
  if (known) return 0;
  await put(key, { link: key, title, at: isoDate ?? null, ...(await article(await fetchText(key), key)) });
  return 1;
}

export async function collect() {
  const feeds = await pMap(process.env.FEEDS.split(','), async (one) => parser.parseString(await fetchText(one)));
  const taken = await pMap(feeds.flatMap(({ items }) => items), take, { concurrency: 1 });
  return { taken: taken.reduce((sum, one) => sum + one, 0) };
}
""",
        "app/src/article.mjs": """import { Readability } from '@mozilla/readability';
import * as cheerio from 'cheerio';
import { franc } from 'franc-min';
import keywords from 'keyword-extractor';
import { parseHTML } from 'linkedom';
import readingTime from 'reading-time';
import sanitizeHtml from 'sanitize-html';

async function openGraph(html) {
  const { default: ogs } = await import('open-graph-scraper');
  const { result } = await ogs({ html });
  return result.ogTitle ?? null;
}

export async function article(html) {
  const { document } = parseHTML(html);
  const found = new Readability(document).parse();
  const $ = cheerio.load(html);
  const text = $('article').text();
  return {
    heading: $('h1').first().text(), og: await openGraph(html), language: franc(text),
    minutes: readingTime(text).minutes, html: sanitizeHtml(found?.content ?? ''),
    words: keywords.extract(text, { language: 'english', remove_duplicates: true }).slice(0, 5),
  };
}
""",
        "app/src/publish.mjs": """import fs from 'node:fs/promises';
import { defu } from 'defu';
import { Feed } from 'feed';
import { DateTime } from 'luxon';
import ms from 'ms';
import { channels } from './channels.mjs';
import { all } from './store.mjs';

export async function publish({ keep }) {
  const entries = (await all()).filter(({ at }) => !at || Date.parse(at) > Date.now() - ms(keep));
  const updated = DateTime.now().setZone('Europe/Berlin');
  const feed = new Feed(defu({ updated: updated.toJSDate() }, { title: 'Newsroom', id: 'news', link: 'http://x/' }));
  for (const { title, link, html } of entries) feed.addItem({ title, link, content: html, date: new Date() });
  await fs.writeFile('/tmp/feed.atom', feed.atom1());
  for (const channel of await channels()) await channel(entries);
  return { published: entries.length, at: updated.toISO() };
}
""",
        "app/src/channels.mjs": """const makers = {
  TELEGRAM_TOKEN: async (token) => {
    const { Telegram } = await import('telegraf');
    return (entries) => new Telegram(token).sendMessage('@news', entries.map(({ title }) => title).join('\\n'));
  },
  DISCORD_WEBHOOK: async (url) => {
    const { WebhookClient } = await import('discord.js');
    return (entries) => new WebhookClient({ url }).send(entries[0].title);
  },
  SLACK_TOKEN: async (token) => {
    const { WebClient } = await import('@slack/web-api');
    return (entries) => new WebClient(token).chat.postMessage({ channel: 'news', text: String(entries.length) });
  },
};
export const channels = () => Promise.all(Object.entries(makers).filter(([name]) => process.env[name])
  .map(([name, make]) => make(process.env[name])));
""",
        "app/src/server.mjs": """import fs from 'node:fs/promises';
import { createServer } from 'node:http';
import { createApp, createError, createRouter, defineEventHandler, setHeader, toNodeListener } from 'h3';
import { all } from './store.mjs';

const router = createRouter()
  .get('/health', defineEventHandler(() => ({ status: 'up' })))
  .get('/entries', defineEventHandler(() => all()))
  .get('/feed', defineEventHandler((event) => {
    setHeader(event, 'content-type', 'application/atom+xml');
    return fs.readFile('/tmp/feed.atom', 'utf8').catch(() => { throw createError({ statusCode: 503 }); });
  }))
  .get('/samples/:name', defineEventHandler(({ context }) => fs.readFile(`samples/${context.params.name}`, 'utf8')));
export const serve = (port) => createServer(toNodeListener(createApp().use(router))).listen(port, '127.0.0.1');
""",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10809/{path}" for path in ("health", "entries", "feed", "no")),
    seconds=25,
)

PICTURES = Recipe(
    name="pictures",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"FORCE_COLOR": "0"},
    entrypoint=("tini", "--", "node", "dist/cli.js"),
    cmd=("import", "data/orders.csv", "--out", "/tmp/pictures", "--zip"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "pictures", "version": "1.0.0", "private": true, "type": "module", "bin": {"pictures": "dist/cli.js"},
  "scripts": {"build": "tsup", "dev": "tsx src/cli.ts", "test": "vitest"},
  "dependencies": {"clipanion": "^4.0.0-rc.4", "typanion": "^3", "listr2": "^8", "jimp": "^1", "papaparse": "^5",
    "archiver": "^7", "cosmiconfig": "^9", "execa": "^9", "globby": "^14", "chalk": "^5", "cli-table3": "^0.6",
    "exifr": "^7", "write-excel-file": "^2", "@aws-sdk/client-s3": "^3", "@aws-sdk/lib-storage": "^3",
    "@google-cloud/storage": "^7", "filenamify": "^6", "pretty-bytes": "^7", "p-limit": "^6", "inquirer": "^12",
    "ora": "^8", "arktype": "^2", "colord": "^2", "tempy": "^3", "update-notifier": "^7", "mime": "^4",
    "@tensorflow/tfjs": "^4", "fast-glob": "^3"},
  "devDependencies": {"tsup": "^8", "typescript": "^5", "tsx": "^4", "@types/node": "^22"}
}
""",
        "app/tsup.config.ts": """import { defineConfig } from 'tsup';

export default defineConfig({ entry: ['src/cli.ts'], format: 'esm', target: 'node22', sourcemap: true, clean: true });
""",
        "app/tsconfig.json": """{
  "compilerOptions": {"target": "es2022", "module": "esnext", "moduleResolution": "bundler", "skipLibCheck": true},
  "include": ["src"]
}
""",
        "app/.picturesrc.yaml": "width: 120\nheight: 80\nbackground: '#336699'\nmarked: true\n",
        "app/data/orders.csv": "sku,title,price\na-1,One thing,3.20\na-2,Two things,4.50\na-3,,x\n",
        "app/src/cli.ts": """import { Builtins, Cli } from 'clipanion';
import { CleanCommand } from './commands/clean';
import { ImportCommand } from './commands/import';
import { UploadCommand } from './commands/upload';

const cli = new Cli({ binaryName: 'pictures', binaryLabel: 'Pictures', binaryVersion: '1.0.0' });
for (const command of [ImportCommand, UploadCommand, CleanCommand, Builtins.HelpCommand]) cli.register(command);
cli.runExit(process.argv.slice(2));
""",
        "app/src/settings.ts": """import { type } from 'arktype';
import { cosmiconfig } from 'cosmiconfig';

const Settings = type({ width: 'number.integer > 0', height: 'number.integer > 0', background: 'string',
  'marked?': 'boolean' });
export async function settings() {
  const found = await cosmiconfig('pictures').search();
  const read = Settings(found?.config ?? { width: 10, height: 10, background: '#fff' });
  if (read instanceof type.errors) throw new Error(read.summary);
  return read;
}
""",
        "app/src/rows.ts": """import { readFile } from 'node:fs/promises';
import { type } from 'arktype';
import Papa from 'papaparse';

const Row = type({ sku: 'string > 0', title: 'string > 0', price: 'string.numeric.parse' });
export async function rows(file: string) {
  const { data } = Papa.parse(await readFile(file, 'utf8'), { header: true, skipEmptyLines: true });
  const checked = data.map((one) => Row(one));
  return { good: checked.filter((one) => !(one instanceof type.errors)) as (typeof Row.infer)[],
    bad: checked.filter((one) => one instanceof type.errors).length };
}
""",
        "app/src/picture.ts": """import path from 'node:path';
import { colord } from 'colord';
import filenamify from 'filenamify';
import { Jimp } from 'jimp';

export async function picture(out: string, row: { sku: string; price: number }, settings: any) {
  const color = colord(settings.background).lighten(row.price / 100).toHex();
  const image = new Jimp({ width: settings.width, height: settings.height, color });
  if (settings.marked) image.blur(1).greyscale();
  const file = path.join(out, `${filenamify(row.sku)}.png`);
  await image.write(file as `${string}.${string}`);
  return file;
}
""",
        "app/src/commands/import.ts": """import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import archiver from 'archiver';
import chalk from 'chalk';
import Table from 'cli-table3';
import { Command, Option } from 'clipanion';
import { execa } from 'execa';
import { globby } from 'globby';
import { Listr } from 'listr2';
import pLimit from 'p-limit';
import prettyBytes from 'pretty-bytes';
import * as t from 'typanion';
import { picture } from '../picture';
import { rows } from '../rows';
import { settings } from '../settings';

export class ImportCommand extends Command {
  static paths = [['import']];
  file = Option.String();
  out = Option.String('--out', { required: true });
  zip = Option.Boolean('--zip', false);
  at = Option.String('--at', '2', { validator: t.isNumber() });

  async execute() {
    const limit = pLimit(this.at);
    const table = new Table({ head: ['file', 'size'] });
    const tasks = new Listr<any>([
      { title: 'settings', task: async (context) => { context.settings = await settings(); } },
      { title: 'rows', task: async (context) => { Object.assign(context, await rows(this.file)); } },
      { title: 'pictures', task: async (context) => {
        await mkdir(this.out, { recursive: true });
        await Promise.all(context.good.map((row) => limit(() => picture(this.out, row, context.settings))));
      } },
      { title: 'sheet', task: async (context) => {
        const { default: writeXlsxFile } = await import('write-excel-file/node');
        const schema = ['sku', 'title'].map((column) => ({ column, type: String, value: (one: any) => one[column] }));
        await writeXlsxFile(context.good, { schema, filePath: `${this.out}/orders.xlsx` } as any);
      } },
      { title: 'zip', enabled: () => this.zip, task: async () => {
        const archive = archiver('zip');
        archive.pipe(createWriteStream('/tmp/pictures.zip'));
        archive.directory(this.out, false);
        await archive.finalize();
      } },
    ], { renderer: 'simple' });
    const { bad } = await tasks.run();
    for (const file of await globby(`${this.out}/*.png`)) table.push([file, prettyBytes((await stat(file)).size)]);
    const { stdout } = await execa('ls', [this.out]);
    this.context.stdout.write(`${table}\\n${chalk.green(stdout)}\\n${chalk.red(bad)} rejected\\n`);
    return 0;
  }
}
""",
        "app/src/commands/upload.ts": """import { createReadStream } from 'node:fs';
import { Command, Option } from 'clipanion';
import mime from 'mime';
import ora from 'ora';

export class UploadCommand extends Command {
  static paths = [['upload']];
  file = Option.String();
  bucket = Option.String('--bucket', { required: true });

  async execute() {
    const spinner = ora('upload').start();
    if (this.bucket.startsWith('gs://')) {
      const { Storage } = await import('@google-cloud/storage');
      await new Storage().bucket(this.bucket.slice(5)).upload(this.file);
    } else {
      const { S3Client } = await import('@aws-sdk/client-s3');
      const { Upload } = await import('@aws-sdk/lib-storage');
      const params = { Bucket: this.bucket, Key: this.file, Body: createReadStream(this.file),
        ContentType: mime.getType(this.file) ?? undefined };
      await new Upload({ client: new S3Client({}), params }).done();
    }
    spinner.succeed();
  }
}
""",
        "app/src/commands/clean.ts": """import { rm } from 'node:fs/promises';
import { Command, Option } from 'clipanion';

export class CleanCommand extends Command {
  static paths = [['clean']];
  folder = Option.String();
  yes = Option.Boolean('--yes', false);

  async execute() {
    const { default: inquirer } = await import('inquirer');
    const { sure } = this.yes ? { sure: true } :
      await inquirer.prompt([{ type: 'confirm', name: 'sure', message: '?' }]);
    if (sure) await rm(this.folder, { recursive: true });
  }
}
""",
    },
    prepare=_BUNDLED,
    seconds=20,
)

NODE_JOBS = (PARCELS, NEWSROOM, PICTURES)
