"""The thirty-sixth set's services of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")

MOTORPOOL = Recipe(
    name="motorpool",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10831", "COOKIE_SECRET": "one", "DATA": "/tmp/motorpool.json"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "motorpool", "version": "2.1.0", "private": true, "main": "index.js",
  "scripts": {"start": "node index.js", "dev": "nodemon index.js", "test": "ava"},
  "dependencies": {"express": "^4", "express-handlebars": "^8", "lokijs": "^1", "dotenv-safe": "^9", "lusca": "^1",
    "cookie-session": "^2", "connect-timeout": "^1", "express-slow-down": "^2", "request-ip": "^3",
    "express-request-id": "^1", "errorhandler": "^1", "csvtojson": "^2", "accounting": "^0.4",
    "moment-business-days": "^1", "moment": "^2", "npmlog": "^7", "morgan": "^1", "serve-index": "^1",
    "async": "^3", "deepmerge": "^4", "pdfreader": "^3", "mysql": "^2", "@google-cloud/firestore": "^7",
    "nodemailer-mailgun-transport": "^2", "nodemailer": "^6", "rotating-file-stream": "^3", "bluebird": "^3",
    "swig-templates": "^2", "colors": "^1", "express-list-endpoints": "^7", "vin-validator": "^1", "haversine": "^1"},
  "devDependencies": {"nodemon": "^3", "ava": "^6"}
}
""",
        "app/.env.example": "PORT=\nCOOKIE_SECRET=\nDATA=\n",
        "app/.env": "FUEL_PRICE=1.79\n",
        "app/public/site.css": "body { font-family: sans-serif; }\n",
        "app/public/files/terms.txt": "Fill the tank.\n",
        "app/index.js": """require('dotenv-safe').config({ allowEmptyValues: true });
const log = require('npmlog');
const app = require('./src/app');
const db = require('./src/db');

log.level = process.env.LOG_LEVEL || 'info';
db.open((error) => {
  if (error) {
    log.error('db', error.message);
    process.exit(1);
  }
  const server = app.listen(process.env.PORT, '127.0.0.1', () => log.info('motorpool', 'on %s', process.env.PORT));
  process.on('SIGTERM', () => server.close(() => db.close(() => process.exit(0))));
});
""",
        "app/src/app.js": """const path = require('path');
const express = require('express');
const { engine } = require('express-handlebars');
const cookieSession = require('cookie-session');
const timeout = require('connect-timeout');
const lusca = require('lusca');
const morgan = require('morgan');
const requestIp = require('request-ip');
const serveIndex = require('serve-index');
const slowDown = require('express-slow-down').default;
const helpers = require('./helpers');

const app = express();
const root = path.join(__dirname, '..');
app.engine('hbs', engine({ extname: '.hbs', defaultLayout: 'main', helpers }));
app.set('view engine', 'hbs');
app.set('views', path.join(root, 'views'));
app.use(timeout('5s'));
app.use(require('./request-id'));
app.use(requestIp.mw());
if (process.env.ACCESS_LOG) {
  const { createStream } = require('rotating-file-stream');
  app.use(morgan('combined', { stream: createStream('access.log', { interval: '1d', path: process.env.ACCESS_LOG }) }));
} else {
  app.use(morgan('tiny'));
}
app.use(express.static(path.join(root, 'public')));
app.use('/files', serveIndex(path.join(root, 'public/files')));
app.use(cookieSession({ name: 'pool', secret: process.env.COOKIE_SECRET }));
app.use(lusca({ xframe: 'SAMEORIGIN', xssProtection: true, nosniff: true }));
app.use(slowDown({ windowMs: 60000, delayAfter: 500, delayMs: () => 100 }));
app.use(express.json(), express.text({ type: 'text/csv' }));
app.use('/', require('./routes/pages'));
app.use('/api/cars', require('./routes/cars'));
app.use('/api/trips', require('./routes/trips'));
app.get('/routes', (req, res) => res.json(require('express-list-endpoints')(app)));
if (process.env.NODE_ENV === 'development') app.use(require('errorhandler')());
app.use((error, req, res, next) => {
  res.status(error.status || 500).json({ error: error.message, id: req.id });
});
module.exports = app;
""",
        "app/src/request-id.js": """const { randomUUID } = require('crypto');

module.exports = (req, res, next) => {
  req.id = req.get('x-request-id') || randomUUID();
  res.set('x-request-id', req.id);
  next();
};
""",
        "app/src/helpers.js": """const accounting = require('accounting');
const moment = require('moment');

exports.money = (amount) => accounting.formatMoney(amount, '€');
exports.ago = (at) => moment(at).fromNow();
""",
        "app/src/db.js": """const Loki = require('lokijs');
const deepmerge = require('deepmerge');

const database = new Loki(process.env.DATA, { autosave: true, autosaveInterval: 4000 });
const collection = (name, options) => database.getCollection(name)
  || database.addCollection(name, deepmerge({ unique: ['key'] }, options));
exports.open = (done) => {
  if (process.env.MYSQL_URL) exports.mirror = require('mysql').createPool(process.env.MYSQL_URL);
  database.loadDatabase({}, (error) => {
    exports.cars = collection('cars', { indices: ['seats'] });
    exports.trips = collection('trips', { indices: ['car'] });
    done(error);
  });
};
exports.close = (done) => database.close(done);
""",
        "app/src/services/cars.js": """const async = require('async');
const csv = require('csvtojson');
const db = require('../db');

exports.import = async (text) => {
  const rows = await csv({ colParser: { seats: 'number' } }).fromString(text);
  await async.eachLimit(rows, 2, async (row) => db.cars.insert({ key: row.plate, ...row }));
  return rows.length;
};
exports.all = () => db.cars.chain().simplesort('seats').data({ removeMeta: true });
exports.scan = (buffer, done) => {
  const { PdfReader } = require('pdfreader');
  new PdfReader().parseBuffer(buffer, done);
};
""",
        "app/src/services/trips.js": """const haversine = require('haversine');
const moment = require('moment-business-days');
const Promise = require('bluebird');
const db = require('../db');

const distance = ({ from, to }) => haversine(from, to);
exports.add = Promise.method((trip) => {
  const km = distance(trip);
  const back = moment().businessAdd(trip.days || 1).toDate();
  return db.trips.insert({ key: `${trip.car}-${Date.now()}`, ...trip, km, back, price: km * process.env.FUEL_PRICE });
});
exports.all = () => db.trips.chain().data({ removeMeta: true });
exports.send = (trip) => {
  if (!process.env.MAILGUN_KEY) return null;
  const transport = require('nodemailer-mailgun-transport')({ auth: { api_key: process.env.MAILGUN_KEY } });
  return require('nodemailer').createTransport(transport).sendMail({ to: 'pool@shop.example', text: trip.key });
};
""",
        "app/src/routes/pages.js": """const router = require('express').Router();
const cars = require('../services/cars');
const trips = require('../services/trips');

router.get('/', (req, res) => {
  req.session.views = (req.session.views || 0) + 1;
  res.render('home', { cars: cars.all(), trips: trips.all(), views: req.session.views });
});
router.get('/health', (req, res) => res.json({ status: 'up', ip: req.clientIp }));
router.get('/fail', () => { throw new Error('on purpose'); });
module.exports = router;
""",
        "app/src/routes/cars.js": """const router = require('express').Router();
const cars = require('../services/cars');

router.get('/', (req, res) => res.json(cars.all()));
router.post('/', (req, res, next) => cars.import(req.body.csv || 'plate,seats').then((count) =>
  res.status(201).json({ count }), next));
module.exports = router;
""",
        "app/src/routes/trips.js": """const router = require('express').Router();
const trips = require('../services/trips');

router.get('/', (req, res) => res.json(trips.all()));
router.post('/', (req, res, next) => trips.add(req.body).then((trip) => {
  trips.send(trip);
  res.status(201).json(trip);
}).catch(next));
module.exports = router;
""",
        "app/views/layouts/main.hbs": "<link rel=stylesheet href=/site.css><body>{{{body}}}</body>\n",
        "app/views/home.hbs": """<h1>Cars ({{views}})</h1>
<ul>{{#each cars}}<li>{{plate}}: {{seats}}</li>{{/each}}</ul>
<ol>{{#each trips}}<li>{{car}} {{money price}}, back {{ago back}}</li>{{/each}}</ol>
""",
    },
    prepare=_INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10831/{path}"
        for path in ("health", "", "api/cars", "api/trips", "files", "site.css", "routes", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:10831/api/cars", '{"csv": "plate,seats\\nB-AB-1,4\\nB-AB-2,7"}'),
        (
            "http://127.0.0.1:10831/api/trips",
            '{"car": "B-AB-1", "from": {"latitude": 52.5, "longitude": 13.4}, '
            '"to": {"latitude": 53.5, "longitude": 10}}',
        ),
        ("http://127.0.0.1:10831/api/trips", "{"),
    ),
    seconds=20,
)

HANDBOOK = Recipe(
    name="handbook",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10832", "DATA": "/tmp/handbook", "FORCE_COLOR": "0"},
    entrypoint=("tini", "--"),
    cmd=("node", "src/server.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "handbook", "version": "0.9.0", "private": true, "type": "module",
  "imports": {"#lib/*": "./src/lib/*.js"},
  "scripts": {"start": "node src/server.js", "test": "node --test"},
  "dependencies": {"koa": "^3", "@koa/router": "^13", "koa-respond": "^2", "koa-response-time": "^2",
    "koa-bodyparser": "^4", "koa-requestid": "^2", "koa-etag": "^5", "koa-conditional-get": "^3", "koa-send": "^5",
    "koa-range": "^0.3", "lmdb": "^3", "cbor-x": "^1", "ow": "^2", "unified": "^11", "remark-parse": "^11",
    "remark-gfm": "^4", "remark-rehype": "^11", "rehype-slug": "^6", "rehype-highlight": "^7",
    "rehype-stringify": "^10", "unist-util-visit": "^5", "hast-util-to-string": "^3", "gray-matter": "^4",
    "camelcase-keys": "^9", "escape-goat": "^4", "title": "^4", "p-debounce": "^4", "quick-lru": "^7", "lunr": "^2",
    "consola": "^3", "ky": "^1", "retext": "^9", "retext-english": "^5", "retext-readability": "^8",
    "@aws-sdk/client-sns": "^3", "@logdna/logger": "^2", "rehype-katex": "^7", "katex": "^0.16", "remark-math": "^6",
    "pako": "^2", "human-interval": "^2", "is-svg": "^6", "file-size": "^1", "simple-git": "^3"}
}
""",
        "app/pages/start.md": """---
title: the first day
tags: [team, start]
---
# Welcome

| what | where |
|------|-------|
| desk | left  |

```js
const one = 1;
```
""",
        "app/src/config.js": """import { env } from 'node:process';

export const config = {
  port: Number(env.PORT ?? 8080), data: env.DATA ?? 'data', topic: env.SNS_TOPIC, logdna: env.LOGDNA_KEY,
  math: env.MATH === 'on', repository: env.REPOSITORY,
};
""",
        "app/src/server.js": """import { config } from './config.js';
import { createApp } from './app.js';
import { close } from '#lib/store';
import { load } from '#lib/pages';
import { log } from '#lib/log';

if (config.repository) {
  const { simpleGit } = await import('simple-git');
  await simpleGit().clone(config.repository, 'pages');
}
log.info(`${await load(new URL('../pages/', import.meta.url))} pages`);
const server = createApp().listen(config.port, '127.0.0.1', () => log.success('ready'));
process.once('SIGTERM', async () => {
  server.close();
  await close();
  process.exit(0);
});
""",
        "app/src/lib/log.js": """import { createConsola } from 'consola';
import { config } from '../config.js';

export const log = createConsola({ level: 3 });
if (config.logdna) {
  const { createLogger } = await import('@logdna/logger');
  const remote = createLogger(config.logdna);
  log.addReporter({ log: ({ args }) => remote.log(args.join(' ')) });
}
""",
        "app/src/lib/store.js": """import { open } from 'lmdb';
import { config } from '../config.js';

const root = open({ path: config.data, compression: true });
const pages = root.openDB({ name: 'pages' });
export const get = (slug) => pages.get(slug);
export const put = (slug, page) => pages.put(slug, page);
export const all = () => pages.getRange({ limit: 50 }).map(({ key, value }) => ({ slug: key, ...value })).asArray;
export const close = () => root.close();
""",
        "app/src/lib/render.js": """import { toString } from 'hast-util-to-string';
import rehypeHighlight from 'rehype-highlight';
import rehypeSlug from 'rehype-slug';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import QuickLRU from 'quick-lru';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { config } from '../config.js';

const rendered = new QuickLRU({ maxSize: 100 });

function contents() {
  return (tree, file) => {
    file.data.contents = [];
    visit(tree, 'element', (node) => {
      if (/^h[1-3]$/.test(node.tagName)) file.data.contents.push({ id: node.properties.id, text: toString(node) });
    });
  };
}

const processor = unified().use(remarkParse).use(remarkGfm);
if (config.math) processor.use((await import('remark-math')).default);
processor.use(remarkRehype).use(rehypeSlug).use(contents).use(rehypeHighlight);
if (config.math) processor.use((await import('rehype-katex')).default);
processor.use(rehypeStringify);

export async function render(text) {
  if (!rendered.has(text)) {
    const file = await processor.process(text);
    rendered.set(text, { html: String(file), contents: file.data.contents });
  }
  return rendered.get(text);
}
""",
        "app/src/lib/pages.js": """import { readdir, readFile } from 'node:fs/promises';
import camelcaseKeys from 'camelcase-keys';
import matter from 'gray-matter';
import title from 'title';
import { put } from './store.js';

export async function save(slug, text) {
  const { content, data } = matter(text);
  const page = { ...camelcaseKeys(data), title: title(data.title ?? slug), content };
  await put(slug, page);
  return page;
}
export async function load(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.md'));
  for (const name of names) await save(name.slice(0, -3), await readFile(new URL(name, folder), 'utf8'));
  return names.length;
}
""",
        "app/src/lib/search.js": """import lunr from 'lunr';
import { all } from './store.js';

export const search = (text) => lunr(function index() {
  this.ref('slug');
  this.field('title', { boost: 3 });
  this.field('content');
  for (const page of all()) this.add(page);
}).search(text);
""",
        "app/src/lib/readability.js": """import { retext } from 'retext';
import retextEnglish from 'retext-english';
import retextReadability from 'retext-readability';

export const check = async (text) =>
  (await retext().use(retextEnglish).use(retextReadability, { age: 14 }).process(text)).messages.map(String);
""",
        "app/src/lib/notify.js": """import { config } from '../config.js';

export async function notify(slug) {
  if (!config.topic) return;
  const { PublishCommand, SNSClient } = await import('@aws-sdk/client-sns');
  await new SNSClient({}).send(new PublishCommand({ TopicArn: config.topic, Message: slug }));
}
""",
        "app/src/app.js": """import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import conditional from 'koa-conditional-get';
import etag from 'koa-etag';
import requestId from 'koa-requestid';
import respond from 'koa-respond';
import responseTime from 'koa-response-time';
import { log } from '#lib/log';
import { router } from './routes.js';

export function createApp() {
  const app = new Koa();
  app.use(responseTime());
  app.use(requestId());
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      log.warn(error.message);
      ctx.status = error.name === 'ArgumentError' ? 422 : error.status ?? 500;
      ctx.body = { error: error.message, id: ctx.state.id };
    }
  });
  app.use(conditional()).use(etag()).use(bodyParser({ enableTypes: ['json', 'text'] })).use(respond());
  app.use(router.routes()).use(router.allowedMethods());
  return app;
}
""",
        "app/src/routes.js": """import Router from '@koa/router';
import { htmlEscape } from 'escape-goat';
import ow from 'ow';
import { notify } from '#lib/notify';
import { save } from '#lib/pages';
import { render } from '#lib/render';
import { search } from '#lib/search';
import { all, get } from '#lib/store';

export const router = new Router();
const shape = ow.object.exactShape({ slug: ow.string.matches(/^[a-z-]+$/), text: ow.string.nonEmpty });

router.get('/health', (ctx) => ctx.ok({ status: 'up' }));
router.get('/pages', (ctx) => ctx.ok(all().map(({ slug, title }) => ({ slug, title }))));
router.get('/pages/:slug', async (ctx) => {
  const page = get(ctx.params.slug);
  if (!page) return ctx.notFound({ error: htmlEscape`no ${ctx.params.slug}` });
  const { html } = await render(page.content);
  ctx.type = 'html';
  ctx.body = htmlEscape`<h1>${page.title}</h1>` + html;
});
router.get('/pages/:slug/contents', async (ctx) => ctx.ok((await render(get(ctx.params.slug).content)).contents));
router.get('/pages/:slug/readability', async (ctx) => {
  const { check } = await import('#lib/readability');
  ctx.ok(await check(get(ctx.params.slug).content));
});
router.get('/search', (ctx) => ctx.ok(search(ctx.query.q ?? '')));
router.post('/pages', async (ctx) => {
  ow(ctx.request.body, 'page', shape);
  const page = await save(ctx.request.body.slug, ctx.request.body.text);
  await notify(ctx.request.body.slug);
  ctx.created(page);
});
""",
    },
    prepare=_INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10832/{path}"
        for path in (
            *("health", "pages", "pages/start", "pages/start/contents", "pages/start/readability", "search?q=desk"),
            *("pages/none", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10832/pages", '{"slug": "leave", "text": "# Leave\\n\\nAsk your lead."}'),
        ("http://127.0.0.1:10832/pages", '{"slug": "Not so", "text": ""}'),
    ),
    seconds=20,
)

NODE_SERVICES = (MOTORPOOL, HANDBOOK)
