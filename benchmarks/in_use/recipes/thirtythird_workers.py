"""The thirty-third set's workers and its bundle of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")
_COMPILED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev && rm -rf src || exit 1",
)
_MODULES = TYPESCRIPT.replace('"commonjs"', '"nodenext"').replace('"node"', '"nodenext"')
_UPLOAD = (
    '--one\r\nContent-Disposition: form-data; name="file"; filename="stock.csv"\r\nContent-Type: text/csv\r\n\r\n'
    "sku;name;count\r\na-1;one;3\r\na-2;two;x\r\n\r\n--one--\r\n"
)
"""A table as a form in a browser sends it."""

INTAKE = Recipe(
    name="intake",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10711", "INBOX": "/tmp/inbox", "INTAKE_LIMIT": "2"},
    entrypoint=("tini", "--"),
    cmd=("node", "src/worker.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "intake", "version": "1.0.0", "private": true,
  "scripts": {"start": "node src/worker.js", "test": "mocha"},
  "dependencies": {"chokidar": "^4", "@fast-csv/parse": "^5", "@fast-csv/format": "^5", "unzipper": "^0.12",
    "bottleneck": "^2", "iconv-lite": "^0.6", "async-retry": "^1", "fast-xml-parser": "^5", "stream-json": "^1",
    "nconf": "^0.12", "pino": "^9", "@elastic/ecs-pino-format": "^1", "busboy": "^1", "prom-client": "^15",
    "ajv": "^8", "ajv-keywords": "^5", "ajv-errors": "^3", "exceljs": "^4", "ssh2-sftp-client": "^12",
    "basic-ftp": "^5", "@azure/storage-blob": "^12", "amqp-connection-manager": "^5", "amqplib": "^0.10",
    "fs-extra": "^11", "chardet": "^2", "object-hash": "^3", "lodash.groupby": "^4", "cron-parser": "^4"},
  "devDependencies": {"mocha": "^11", "chai": "^4", "sinon": "^19"}
}
""",
        "app/config/default.json": '{"PORT": 8080, "INBOX": "/data/inbox", "INTAKE_LIMIT": 1, "SFTP": ""}\n',
        "app/src/config.js": """const nconf = require('nconf');

nconf.env({ parseValues: true }).file('default', `${__dirname}/../config/default.json`);
nconf.required(['PORT', 'INBOX']);
module.exports = (name) => nconf.get(name);
""",
        "app/src/log.js": "const { ecsFormat } = require('@elastic/ecs-pino-format');\n\n"
        "module.exports = require('pino')(ecsFormat({ serviceName: 'intake' }));\n",
        "app/src/worker.js": """const fs = require('fs-extra');
const path = require('node:path');
const chokidar = require('chokidar');
const Bottleneck = require('bottleneck');
const retry = require('async-retry');
const config = require('./config');
const log = require('./log');
const readers = require('./readers');
const { save } = require('./store');
const { counted, serve } = require('./status');

const limiter = new Bottleneck({ maxConcurrent: config('INTAKE_LIMIT') });

async function take(file) {
  const reader = readers[path.extname(file)];
  if (!reader) return log.warn({ file }, 'no reader');
  const { good, bad } = await retry(() => reader(file), { retries: 1, minTimeout: 100 });
  save(good);
  counted.inc({ kind: path.extname(file) }, good.length);
  if (bad.length) await fs.outputJson(`${config('INBOX')}/../rejected/${path.basename(file)}.json`, bad);
  await fs.move(file, `${config('INBOX')}/../done/${path.basename(file)}`, { overwrite: true });
  log.info({ file, good: good.length, bad: bad.length }, 'taken');
}

async function main() {
  await fs.ensureDir(config('INBOX'));
  await fs.copy(path.join(__dirname, '../samples'), config('INBOX'));
  const watcher = chokidar.watch(config('INBOX'), { awaitWriteFinish: { stabilityThreshold: 200 } });
  watcher.on('add', (file) => limiter.schedule(take, file).catch((error) => log.error(error, file)));
  const server = serve(config('PORT'));
  if (config('SFTP')) setInterval(() => require('./remote').fetchAll(config('SFTP')), 60_000);
  process.on('SIGTERM', async () => {
    await watcher.close();
    server.close(() => process.exit(0));
  });
}
main();
""",
        "app/src/readers/index.js": """module.exports = {
  '.csv': require('./csv'),
  '.xml': require('./xml'),
  '.json': require('./json'),
  '.zip': (file) => require('./zip')(file),
  '.xlsx': (file) => require('./sheet')(file),
};
""",
        "app/src/readers/csv.js": """const fs = require('node:fs');
const chardet = require('chardet');
const iconv = require('iconv-lite');
const { parse } = require('@fast-csv/parse');
const sorted = require('../sorted');

module.exports = async (file) => {
  const charset = await chardet.detectFile(file, { sampleSize: 1024 });
  const rows = [];
  const stream = fs.createReadStream(file).pipe(iconv.decodeStream(charset ?? 'utf8'));
  for await (const row of stream.pipe(parse({ headers: true, delimiter: ';', ignoreEmpty: true }))) {
    rows.push({ ...row, count: Number(row.count) });
  }
  return sorted(rows);
};
""",
        "app/src/readers/xml.js": """const fs = require('node:fs/promises');
const { XMLParser } = require('fast-xml-parser');
const sorted = require('../sorted');

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '' });
module.exports = async (file) => sorted([parser.parse(await fs.readFile(file)).stock.item].flat());
""",
        "app/src/readers/json.js": """const { chain } = require('stream-chain');
const fs = require('node:fs');
const { parser } = require('stream-json');
const { streamArray } = require('stream-json/streamers/StreamArray');
const sorted = require('../sorted');

module.exports = async (file) => {
  const rows = [];
  for await (const { value } of chain([fs.createReadStream(file), parser(), streamArray()])) rows.push(value);
  return sorted(rows);
};
""",
        "app/src/readers/zip.js": """const unzipper = require('unzipper');
const config = require('../config');

module.exports = async (file) => {
  const archive = await unzipper.Open.file(file);
  await archive.extract({ path: config('INBOX') });
  return { good: [], bad: [] };
};
""",
        "app/src/readers/sheet.js": """const ExcelJS = require('exceljs');
const sorted = require('../sorted');

module.exports = async (file) => {
  const book = await new ExcelJS.Workbook().xlsx.readFile(file);
  return sorted(book.worksheets[0].getSheetValues().slice(2).map(([, sku, name, count]) => ({ sku, name, count })));
};
""",
        "app/src/sorted.js": """const Ajv = require('ajv');
const groupBy = require('lodash.groupby');

const ajv = new Ajv({ allErrors: true });
require('ajv-keywords')(ajv, ['transform']);
require('ajv-errors')(ajv);
const valid = ajv.compile({
  type: 'object',
  required: ['sku', 'count'],
  properties: {
    sku: { type: 'string', transform: ['trim', 'toUpperCase'] },
    count: { type: 'integer', minimum: 0, errorMessage: 'count is a number' },
  },
});
module.exports = (rows) => {
  const { true: good = [], false: bad = [] } = groupBy(rows, (row) => valid(row));
  return { good, bad };
};
""",
        "app/src/store.js": """const { DatabaseSync } = require('node:sqlite');
const hash = require('object-hash');

const database = new DatabaseSync(':memory:');
database.exec('create table stock (id text primary key, sku text, count integer)');
const insert = database.prepare('insert or replace into stock values (?, ?, ?)');
exports.save = (rows) => rows.forEach((row) => insert.run(hash(row), row.sku, row.count));
exports.all = () => database.prepare('select * from stock order by sku limit 50').all();
""",
        "app/src/remote.js": """const Client = require('ssh2-sftp-client');
const config = require('./config');

exports.fetchAll = async (address) => {
  const client = new Client();
  await client.connect({ host: address });
  await client.downloadDir('/out', config('INBOX'));
  await client.end();
};
""",
        "app/src/status.js": """const fs = require('node:fs');
const http = require('node:http');
const busboy = require('busboy');
const { writeToString } = require('@fast-csv/format');
const { Counter, register } = require('prom-client');
const config = require('./config');
const { all } = require('./store');

exports.counted = new Counter({ name: 'rows', help: 'rows taken', labelNames: ['kind'] });

function upload(request, response) {
  const form = busboy({ headers: request.headers });
  form.on('file', (name, stream, { filename }) => {
    stream.pipe(fs.createWriteStream(`${config('INBOX')}/${Date.now()}-${filename}`));
  });
  form.on('close', () => response.writeHead(202).end());
  request.pipe(form);
}

const pages = {
  'GET /metrics': async (request, response) => response.end(await register.metrics()),
  'GET /stock.csv': async (request, response) => response.end(await writeToString(all(), { headers: true })),
  'GET /stock': (request, response) => response.end(JSON.stringify(all())),
  'POST /files': upload,
};
exports.serve = (port) => http.createServer((request, response) => {
  const page = pages[`${request.method} ${request.url}`];
  if (page) return page(request, response);
  return response.writeHead(404).end();
}).listen(port, '127.0.0.1');
""",
        "app/samples/one.csv": "sku;name;count\na-1;Stühle;3\na-2;two;x\n",
        "app/samples/two.xml": '<stock><item sku="b-1" ><count>3</count></item><item><count>1</count></item></stock>\n',
        "app/samples/three.json": '[{"sku": "c-1", "count": 4}, {"sku": "c-2", "count": -1}]\n',
        "app/samples/four.txt": "none\n",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10711/{path}" for path in ("stock", "stock.csv", "metrics", "no")),
    sends=(("http://127.0.0.1:10711/files", _UPLOAD),),
    seconds=20,
)

REMINDERS = Recipe(
    name="reminders",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10712", "TZ": "Europe/Berlin", "EVERY": "*/3 * * * * *"},
    entrypoint=("/usr/bin/dumb-init", "--"),
    cmd=("node", "--enable-source-maps", "dist/main.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "reminders", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"build": "tsc --noCheck", "start": "node dist/main.js", "lint": "eslint ."},
  "dependencies": {"node-schedule": "^2", "mjml": "^4", "nodemailer": "^7", "nodemailer-html-to-text": "^3",
    "@formatjs/intl": "^3", "yup": "^1", "lightship": "^9", "web-push": "^3", "node-ical": "^0.20", "p-queue": "^8",
    "cockatiel": "^3", "tslib": "^2", "winston": "^3", "@vonage/server-sdk": "^3", "@aws-sdk/client-sesv2": "^3",
    "mailgun.js": "^12", "form-data": "^4", "sort-keys": "^5", "pretty-ms": "^9", "lodash-es": "^4", "lowdb": "^7",
    "@date-fns/tz": "^1", "date-fns": "^4", "launchdarkly-node-client-sdk": "^3"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "eslint": "^9", "tsx": "^4"}
}
""",
        "app/tsconfig.json": _MODULES.replace('"target"', '"sourceMap": true, "importHelpers": true, "target"'),
        "app/data/people.json": """{"people": [
  {"name": "One", "mail": "a@shop.example", "language": "de", "due": "2030-02-01"},
  {"name": "Two", "mail": "wrong", "language": "en", "due": "2030-03-01"},
  {"name": "Three", "mail": "c@shop.example", "language": "en", "due": "2031-03-01"}
]}
""",
        "app/data/holidays.ics": "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\nBEGIN:VEVENT\nUID:1\n"
        "DTSTART;VALUE=DATE:20300101\nSUMMARY:New year\nEND:VEVENT\nEND:VCALENDAR\n",
        "app/data/reminder.mjml": """<mjml>
  <mj-head><mj-style>h1 { color: red }</mj-style></mj-head>
  <mj-body>
    <mj-section><mj-column>
      <mj-text>{{text}}</mj-text>
      <mj-button href="http://shop.example/">Pay</mj-button>
    </mj-column></mj-section>
  </mj-body>
</mjml>
""",
        "app/src/main.ts": """import { createServer } from 'node:http';
import { createLightship } from 'lightship';
import schedule from 'node-schedule';
import prettyMilliseconds from 'pretty-ms';
import { log } from './log.js';
import { remindAll, state } from './remind.js';

const lightship = await createLightship({ port: 10713, detectKubernetes: false });
schedule.scheduleJob(process.env.EVERY, () => remindAll());
schedule.scheduleJob('0 3 * * *', async () => {
  const { report } = await import('./report.js');
  await report();
});
const server = createServer((request, response) => {
  if (request.url === '/state') {
    response.end(JSON.stringify({ ...state, up: prettyMilliseconds(process.uptime() * 1000) }));
    return;
  }
  if (request.method === 'POST') {
    remindAll().then(() => response.writeHead(202).end());
    return;
  }
  response.writeHead(404).end();
}).listen(Number(process.env.PORT), '127.0.0.1');
lightship.registerShutdownHandler(() => {
  server.close();
  return schedule.gracefulShutdown();
});
lightship.signalReady();
log.info('ready');
""",
        "app/src/log.ts": """import winston from 'winston';

export const log = winston.createLogger({
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [new winston.transports.Console()],
});
""",
        "app/src/people.ts": """import { readFile } from 'node:fs/promises';
import { partition } from 'lodash-es';
import * as yup from 'yup';

const Person = yup.object({
  name: yup.string().required(), mail: yup.string().email().required(), language: yup.string().oneOf(['de', 'en']),
  due: yup.date().required(),
});
export async function people() {
  const { people: all } = JSON.parse(await readFile('data/people.json', 'utf8'));
  const [good, bad] = partition(all, (one) => Person.isValidSync(one));
  return { good: good.map((one) => Person.cast(one)), bad };
}
""",
        "app/src/holidays.ts": """import ical from 'node-ical';

const events = Object.values(ical.sync.parseFile('data/holidays.ics'));
export const isHoliday = (day: Date) =>
  events.some((event) => event.type === 'VEVENT' && event.start.toDateString() === day.toDateString());
""",
        "app/src/texts.ts": """import { createIntl, createIntlCache } from '@formatjs/intl';

const cache = createIntlCache();
const messages = {
  de: { due: 'Hallo {name}, fällig am {due, date, long}. {count, plural, one {# Buch} other {# Bücher}}' },
  en: { due: 'Hello {name}, due on {due, date, long}. {count, plural, one {# book} other {# books}}' },
};
export const textFor = (person: { name: string; language?: string; due: Date }) => {
  const locale = person.language ?? 'en';
  const intl = createIntl({ locale, messages: messages[locale] }, cache);
  return intl.formatMessage({ id: 'due' }, { name: person.name, due: person.due, count: person.name.length });
};
""",
        "app/src/remind.ts": """import { tz } from '@date-fns/tz';
import { differenceInDays } from 'date-fns';
import { circuitBreaker, ConsecutiveBreaker, handleAll, retry, wrap, ExponentialBackoff } from 'cockatiel';
import PQueue from 'p-queue';
import { isHoliday } from './holidays.js';
import { log } from './log.js';
import { people } from './people.js';
import { send } from './send.js';
import { textFor } from './texts.js';

export const state = { sent: 0, failed: 0 };
const queue = new PQueue({ concurrency: 2 });
const policy = wrap(
  retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff() }),
  circuitBreaker(handleAll, { halfOpenAfter: 5000, breaker: new ConsecutiveBreaker(5) }),
);

export async function remindAll() {
  if (isHoliday(new Date())) return;
  const { good, bad } = await people();
  for (const one of bad) log.warn({ message: 'wrong', one });
  await queue.addAll(good.map((one) => async () => {
    const days = differenceInDays(one.due, new Date(), { in: tz('Europe/Berlin') });
    try {
      await policy.execute(() => send(one.mail, textFor(one)));
      state.sent += 1;
      log.info({ message: 'sent', days });
    } catch (error) {
      state.failed += 1;
      log.error(error);
    }
  }));
}
""",
        "app/src/send.ts": """import { readFile } from 'node:fs/promises';
import mjml2html from 'mjml';
import nodemailer from 'nodemailer';
import { htmlToText } from 'nodemailer-html-to-text';

const template = await readFile('data/reminder.mjml', 'utf8');
const transport = process.env.SMTP_URL
  ? nodemailer.createTransport(process.env.SMTP_URL)
  : nodemailer.createTransport({ streamTransport: true, buffer: true });
transport.use('compile', htmlToText());

export async function send(to: string, text: string) {
  if (process.env.MAILGUN_KEY) {
    const { default: Mailgun } = await import('mailgun.js');
    const { default: FormData } = await import('form-data');
    const client = new Mailgun(FormData).client({ username: 'api', key: process.env.MAILGUN_KEY });
    return client.messages.create('shop.example', { to, text });
  }
  const { html } = mjml2html(template.replace('{{text}}', text), { validationLevel: 'soft' });
  return transport.sendMail({ from: 'b@shop.example', to, subject: 'Reminder', html });
}
""",
        "app/src/report.ts": """import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { state } from './remind.js';

export const report = () => new SESv2Client({}).send(new SendEmailCommand({
  Destination: { ToAddresses: ['b@shop.example'] },
  Content: { Simple: { Subject: { Data: 'Night' }, Body: { Text: { Data: JSON.stringify(state) } } } },
}));
""",
    },
    prepare=_COMPILED,
    asks=(
        "http://127.0.0.1:10712/state",
        "http://127.0.0.1:10712/no",
        "http://127.0.0.1:10713/health",
        "http://127.0.0.1:10713/ready",
    ),
    sends=(("http://127.0.0.1:10712/now", "{}"),),
    seconds=20,
)

SHIPMENTS = Recipe(
    name="shipments",
    packages=(*_TOOLS, "fonts-dejavu-core"),
    env=PRODUCTION_NODE | {"PORT": "10715"},
    cmd=("node", "dist/index.cjs"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "shipments", "version": "1.0.0", "private": true,
  "scripts": {"start": "node dist/index.cjs", "dev": "tsx watch src/index.ts", "build": "node esbuild.mjs"},
  "dependencies": {"hono": "^4", "@hono/node-server": "^1", "@hono/valibot-validator": "^0.5", "valibot": "^1",
    "hono-rate-limiter": "^0.4", "pino": "^9", "bwip-js": "^4", "@resvg/resvg-js": "^2", "pdf-lib": "^1",
    "@aws-sdk/client-dynamodb": "^3", "@aws-sdk/lib-dynamodb": "^3", "@anthropic-ai/sdk": "^0.60", "ts-pattern": "^5",
    "immer": "^10", "ulidx": "^2", "minisearch": "^7", "better-sse": "^0.14", "croner": "^9", "@turf/distance": "^7"},
  "devDependencies": {"esbuild": "^0.25", "typescript": "^5", "tsx": "^4", "vitest": "^3", "@types/node": "^22"}
}
""",
        "app/esbuild.mjs": """import { build } from 'esbuild';

await build({
  entryPoints: ['src/index.ts'], outfile: 'dist/index.cjs', bundle: true, platform: 'node', target: 'node22',
  sourcemap: true, external: ['pino', '@resvg/resvg-js'],
});
""",
        "app/src/index.ts": """import { serve } from '@hono/node-server';
import { Cron } from 'croner';
import { createApp } from './app';
import { log } from './log';
import { sweep } from './shipments/store';

const server = serve({ fetch: createApp().fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) },
  () => log.info('ready'));
const job = new Cron('*/4 * * * * *', () => log.info({ left: sweep() }));
process.on('SIGTERM', () => {
  job.stop();
  server.close(() => process.exit(0));
});
""",
        "app/src/log.ts": "import pino from 'pino';\n\n"
        "export const log = pino({ level: process.env.LOG_LEVEL ?? 'info' });\n",
        "app/src/app.ts": """import { Hono } from 'hono';
import { rateLimiter } from 'hono-rate-limiter';
import { cors } from 'hono/cors';
import { etag } from 'hono/etag';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { log } from './log';
import { shipments } from './shipments/routes';

export function createApp() {
  const app = new Hono();
  app.use(requestId(), cors(), etag());
  app.use(rateLimiter({ windowMs: 60_000, limit: 900, keyGenerator: () => 'all' }));
  app.get('/health', (c) => c.json({ status: 'up' }));
  app.route('/shipments', shipments);
  app.get('/fail', () => { throw new HTTPException(503, { message: 'on purpose' }); });
  app.onError((error, c) => {
    log.error(error);
    return error instanceof HTTPException ? error.getResponse() : c.json({ error: error.message }, 500);
  });
  return app;
}
""",
        "app/src/shipments/store.ts": """import { produce } from 'immer';
import MiniSearch from 'minisearch';
import { ulid } from 'ulidx';

export interface Shipment { id: string; to: string; state: 'new' | 'sent' }
let all: readonly Shipment[] = [];
const index = new MiniSearch<Shipment>({ fields: ['to'], storeFields: ['to'] });

export const list = () => all.slice(-5);
export const one = (id: string) => all.find((shipment) => shipment.id === id);
export const search = (text: string) => index.search(text, { prefix: true }).slice(0, 5);
export async function add(to: string) {
  const shipment: Shipment = { id: ulid(), to, state: 'new' };
  if (process.env.TABLE) {
    const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
    const { DynamoDBDocumentClient, PutCommand } = await import('@aws-sdk/lib-dynamodb');
    const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
    await client.send(new PutCommand({ TableName: process.env.TABLE, Item: shipment }));
  }
  all = produce(all, (draft) => { draft.push(shipment); });
  index.add(shipment);
  return shipment;
}
export function sweep() {
  all = produce(all, (draft) => {
    for (const shipment of draft.slice(0, -10)) shipment.state = 'sent';
  });
  return all.filter(({ state }) => state === 'new').length;
}
""",
        "app/src/shipments/label.ts": """import bwipjs from 'bwip-js/node';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import type { Shipment } from './store';

export const barcode = (shipment: Shipment) => bwipjs.toBuffer({ bcid: 'code128', text: shipment.id, scale: 2 });

export async function pdf(shipment: Shipment) {
  const document = await PDFDocument.create();
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([300, 200]);
  page.drawText(shipment.to, { x: 20, y: 150, font, size: 20 });
  page.drawImage(await document.embedPng(await barcode(shipment)), { x: 20, y: 20, width: 200, height: 60 });
  return document.save();
}

export async function picture(shipment: Shipment) {
  const { Resvg } = await import('@resvg/resvg-js');
  const text = `<text y="30">${shipment.state}</text>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="50">${text}</svg>`;
  return new Resvg(svg, { font: { loadSystemFonts: true } }).render().asPng();
}
""",
        "app/src/shipments/distance.ts": """import distance from '@turf/distance';

const towns: Record<string, [number, number]> = { Berlin: [13.4, 52.5], Hamburg: [10, 53.55] };
export const kilometres = (from: string, to: string) =>
  towns[from] && towns[to] ? Math.round(distance(towns[from], towns[to])) : null;
""",
        "app/src/shipments/routes.ts": """import { vValidator } from '@hono/valibot-validator';
import { Hono } from 'hono';
import { match, P } from 'ts-pattern';
import * as v from 'valibot';
import { kilometres } from './distance';
import { barcode, pdf, picture } from './label';
import { add, list, one, search } from './store';

const NewShipment = v.object({ to: v.pipe(v.string(), v.minLength(1)) });
export const shipments = new Hono();
shipments.get('/', (c) => c.json(list()));
shipments.get('/search', (c) => c.json(search(c.req.query('q') ?? '')));
shipments.get('/distance', (c) => c.json({ km: kilometres('Berlin', c.req.query('to') ?? 'Hamburg') }));
shipments.post('/', vValidator('json', NewShipment), async (c) => c.json(await add(c.req.valid('json').to), 201));
shipments.get('/last/:kind', async (c) => {
  const shipment = list().at(-1);
  return match([shipment, c.req.param('kind')] as const)
    .with([P.nullish, P._], () => c.notFound())
    .with([P._, 'pdf'], async ([found]) => c.body(await pdf(found!) as never))
    .with([P._, 'png'], async ([found]) => c.body(await picture(found!) as never))
    .with([P._, 'code'], async ([found]) => c.body(await barcode(found!) as never))
    .otherwise(([found]) => c.json(one(found!.id)));
});
shipments.post('/explain', async (c) => {
  const { default: Anthropic } = await import('@anthropic-ai/sdk');
  const client = new Anthropic();
  const answer = await client.messages.create({
    model: process.env.MODEL!, max_tokens: 50, messages: [{ role: 'user', content: await c.req.text() }],
  });
  return c.json(answer.content);
});
""",
    },
    prepare=(*_COMPILED, "rm -f /app/esbuild.mjs"),
    asks=tuple(
        f"http://127.0.0.1:10715/{path}"
        for path in (
            *("health", "shipments", "shipments/search?q=ber", "shipments/distance", "shipments/last/pdf"),
            *("shipments/last/png", "shipments/last/code", "shipments/last/any", "fail", "no"),
        )
    ),
    sends=(("http://127.0.0.1:10715/shipments", '{"to": "Berlin"}'), ("http://127.0.0.1:10715/shipments", "{}")),
    seconds=20,
)

NODE_WORKERS = (INTAKE, REMINDERS, SHIPMENTS)
