"""The thirty-fifth set's services of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")
_COMPILED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev || exit 1",
)
_YARN = (
    *NODE,
    "hash -r",
    "npm install -q -g --prefix /usr/local yarn@1",
    "cd /app && yarn install --non-interactive --production=false && yarn build && "
    "yarn install --non-interactive --production --ignore-scripts --prefer-offline || exit 1",
    "rm -rf /usr/local/share/.cache /tmp/v8-compile-cache* && yarn cache clean",
)
_MODULES = TYPESCRIPT.replace('"commonjs"', '"nodenext"').replace('"node"', '"nodenext"')

TALLY = Recipe(
    name="tally",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10801", "LOG_LEVEL": "info", "SESSION_SECRET": "one"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "server.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "tally", "version": "1.0.0", "private": true,
  "scripts": {"start": "node server.js", "dev": "nodemon server.js", "test": "jest"},
  "dependencies": {"express": "^4", "express-async-errors": "^3", "celebrate": "^15", "express-session": "^1",
    "memorystore": "^1", "connect-redis": "^7", "ioredis": "^5", "swagger-stats": "^0.99", "prom-client": "^14",
    "swagger-jsdoc": "^6", "swagger-ui-express": "^5", "dinero.js": "^1", "jspdf": "^3", "jspdf-autotable": "^5",
    "@json2csv/plainjs": "^7", "nedb-promises": "^6", "winston": "^3", "winston-daily-rotate-file": "^5",
    "express-winston": "^4", "helmet": "^8", "cors": "^2", "hpp": "^0.2", "express-rate-limit": "^7",
    "plaid": "^30", "newrelic": "^12", "ramda": "^0.30", "moment-timezone": "^0.5", "xml-js": "^1",
    "node-quickbooks": "^2", "config": "^3", "validator": "^13", "http-errors": "^2"},
  "devDependencies": {"nodemon": "^3", "jest": "^29", "supertest": "^7"}
}
""",
        "app/config/default.json": '{"port": 8080, "currency": "EUR", "zone": "Europe/Berlin", "newrelic": null}\n',
        "app/config/custom-environment-variables.json": '{"port": "PORT", "newrelic": "NEW_RELIC_LICENSE_KEY", '
        '"plaid": "PLAID_SECRET", "redis": "REDIS_URL", "secret": "SESSION_SECRET"}\n',
        "app/server.js": """'use strict';
const config = require('config');
if (config.has('newrelic') && config.get('newrelic')) require('newrelic');
require('express-async-errors');
const { createApp } = require('./app');
const logger = require('./lib/logger');

const server = createApp().listen(config.get('port'), '127.0.0.1', () => logger.info('ready'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
""",
        "app/lib/logger.js": """const winston = require('winston');
require('winston-daily-rotate-file');

module.exports = winston.createLogger({
  level: process.env.LOG_LEVEL,
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [
    new winston.transports.Console(),
    new winston.transports.DailyRotateFile({ dirname: '/tmp/log', filename: 'tally-%DATE%.log', maxFiles: '3d' }),
  ],
});
""",
        "app/app.js": """const express = require('express');
const session = require('express-session');
const { errors } = require('celebrate');
const config = require('config');
const cors = require('cors');
const createError = require('http-errors');
const expressWinston = require('express-winston');
const helmet = require('helmet');
const hpp = require('hpp');
const { rateLimit } = require('express-rate-limit');
const swaggerJsdoc = require('swagger-jsdoc');
const swaggerStats = require('swagger-stats');
const swaggerUi = require('swagger-ui-express');
const logger = require('./lib/logger');
const sessionStore = require('./lib/session-store');

exports.createApp = () => {
  const app = express();
  const contract = swaggerJsdoc({
    definition: { openapi: '3.0.0', info: { title: 'Tally', version: '1.0.0' } },
    apis: ['./routes/*.js'],
  });
  app.use(swaggerStats.getMiddleware({ swaggerSpec: contract, uriPath: '/stats' }));
  app.use(helmet(), cors(), express.json(), express.urlencoded({ extended: true }), hpp());
  app.use(rateLimit({ windowMs: 60000, limit: 900, standardHeaders: 'draft-7' }));
  app.use(session({ store: sessionStore(session), secret: config.get('secret'), resave: false,
    saveUninitialized: true }));
  app.use(expressWinston.logger({ winstonInstance: logger }));
  app.use('/docs', swaggerUi.serve, swaggerUi.setup(contract));
  app.use('/', require('./routes/health'));
  app.use('/entries', require('./routes/entries'));
  app.use('/banks', require('./routes/banks'));
  app.use((req, res, next) => next(createError(404)));
  app.use(errors());
  app.use(expressWinston.errorLogger({ winstonInstance: logger }));
  app.use((error, req, res, next) => res.status(error.status || 500).json({ error: error.message }));
  return app;
};
""",
        "app/lib/session-store.js": """const config = require('config');

module.exports = (session) => {
  if (config.has('redis')) {
    const RedisStore = require('connect-redis').default;
    const Redis = require('ioredis');
    return new RedisStore({ client: new Redis(config.get('redis')) });
  }
  const MemoryStore = require('memorystore')(session);
  return new MemoryStore({ checkPeriod: 60000 });
};
""",
        "app/lib/store.js": """const Datastore = require('nedb-promises');

const entries = Datastore.create('/tmp/entries.db');
entries.ensureIndex({ fieldName: 'account' });
exports.all = () => entries.find({}).sort({ at: -1 }).limit(20);
exports.add = (entry) => entries.insert(entry);
""",
        "app/lib/money.js": """const Dinero = require('dinero.js');
const R = require('ramda');
const config = require('config');

const toMoney = (amount) => Dinero({ amount, currency: config.get('currency') });
exports.format = (amount) => toMoney(amount).toFormat('$0,0.00');
exports.total = R.pipe(R.pluck('amount'), R.map(toMoney), R.reduce((sum, one) => sum.add(one), toMoney(0)));
exports.byAccount = R.groupBy(R.prop('account'));
""",
        "app/lib/exports.js": """const { Parser } = require('@json2csv/plainjs');
const moment = require('moment-timezone');
const config = require('config');
const money = require('./money');

const at = (entry) => moment(entry.at).tz(config.get('zone')).format('YYYY-MM-DD HH:mm');

exports.csv = (entries) => new Parser({ fields: ['account', 'amount', { label: 'at', value: at }] }).parse(entries);
exports.xml = (entries) => require('xml-js').js2xml({ entries: { entry: entries.map(({ account, amount }) =>
  ({ account, amount })) } }, { compact: true });
exports.pdf = (entries) => {
  const { jsPDF } = require('jspdf');
  const { autoTable } = require('jspdf-autotable');
  const document = new jsPDF();
  document.text(`Total ${money.total(entries).toFormat()}`, 10, 10);
  autoTable(document, { head: [['account', 'amount', 'at']],
    body: entries.map((one) => [one.account, money.format(one.amount), at(one)]) });
  return Buffer.from(document.output('arraybuffer'));
};
""",
        "app/routes/health.js": """const router = require('express').Router();

/**
 * @openapi
 * /health:
 *   get:
 *     responses: {200: {description: up}}
 */
router.get('/health', (req, res) => res.json({ status: 'up' }));
router.get('/fail', async () => { throw new Error('on purpose'); });
module.exports = router;
""",
        "app/routes/entries.js": """const { celebrate, Joi, Segments } = require('celebrate');
const router = require('express').Router();
const store = require('../lib/store');
const money = require('../lib/money');
const files = require('../lib/exports');

const entry = celebrate({ [Segments.BODY]: Joi.object({ account: Joi.string().required(),
  amount: Joi.number().integer().required() }) });

/**
 * @openapi
 * /entries:
 *   get:
 *     responses: {200: {description: the newest}}
 */
router.get('/', async (req, res) => {
  req.session.views = (req.session.views || 0) + 1;
  const entries = await store.all();
  res.json({ total: money.total(entries).toFormat(), accounts: money.byAccount(entries) });
});
router.post('/', entry, async (req, res) => res.status(201).json(await store.add({ ...req.body, at: Date.now() })));
router.get('/export.csv', async (req, res) => res.type('csv').send(files.csv(await store.all())));
router.get('/export.pdf', async (req, res) => res.type('pdf').send(files.pdf(await store.all())));
router.get('/export.xml', async (req, res) => res.type('xml').send(files.xml(await store.all())));
module.exports = router;
""",
        "app/routes/banks.js": """const config = require('config');
const createError = require('http-errors');
const router = require('express').Router();

router.post('/link', async (req, res) => {
  if (!config.has('plaid')) throw createError(501, 'no bank');
  const { Configuration, PlaidApi, PlaidEnvironments } = require('plaid');
  const client = new PlaidApi(new Configuration({ basePath: PlaidEnvironments.sandbox }));
  res.json((await client.linkTokenCreate({ client_name: 'tally' })).data);
});
module.exports = router;
""",
    },
    prepare=_INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10801/{path}"
        for path in (
            *("health", "entries", "entries/export.csv", "entries/export.pdf", "docs/", "stats/metrics", "fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10801/entries", '{"account": "one", "amount": 320}'),
        ("http://127.0.0.1:10801/entries", '{"account": ""}'),
        ("http://127.0.0.1:10801/banks/link", "{}"),
    ),
    seconds=20,
)

COPYDESK = Recipe(
    name="copydesk",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10802", "JWT_SECRET": "one-secret", "DATA": "/tmp/copydesk", "ASSISTANT": "on"},
    entrypoint=("tini", "--"),
    cmd=("node", "src/main.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "copydesk", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node src/main.js", "test": "node --test"},
  "dependencies": {"@hocuspocus/server": "^2", "@hocuspocus/extension-database": "^2",
    "@hocuspocus/extension-logger": "^2", "@hocuspocus/extension-redis": "^2", "@hocuspocus/extension-webhook": "^2",
    "@hocuspocus/extension-throttle": "^2", "@hocuspocus/transformer": "^2", "@hocuspocus/provider": "^2",
    "@tiptap/core": "^2", "@tiptap/pm": "^2", "@tiptap/html": "^2", "@tiptap/starter-kit": "^2",
    "@tiptap/extension-link": "^2", "yjs": "^13", "y-prosemirror": "^1", "y-protocols": "^1", "ws": "^8",
    "express": "^5", "express-ws": "^5", "jsonwebtoken": "^9", "classic-level": "^3", "turndown": "^7",
    "envalid": "^8", "loglevel": "^1", "diff": "^8", "openai": "^5", "languagedetect": "^2", "y-websocket": "^2"}
}
""",
        "app/src/config.js": """import { bool, cleanEnv, port, str } from 'envalid';

export const config = cleanEnv(process.env, {
  PORT: port({ default: 8080 }), JWT_SECRET: str(), DATA: str(), ASSISTANT: bool({ default: false }),
  REDIS_HOST: str({ default: '' }), WEBHOOK: str({ default: '' }), OPENAI_API_KEY: str({ default: '' }),
});
""",
        "app/src/main.js": """import express from 'express';
import expressWebsockets from 'express-ws';
import log from 'loglevel';
import { config } from './config.js';
import { createDesk } from './desk.js';
import { documents } from './documents.js';
import { close } from './store.js';

log.setLevel('info');
const desk = await createDesk();
const { app } = expressWebsockets(express());
app.use(express.json());
app.get('/health', (request, response) => response.json({ documents: desk.getDocumentsCount() }));
app.use('/documents', documents(desk));
app.ws('/collaboration', (socket, request) => desk.handleConnection(socket, request));
app.use((error, request, response, next) => {
  log.error(error);
  response.status(500).json({ error: error.message });
});
const server = app.listen(config.PORT, '127.0.0.1', async () => {
  log.info('ready');
  if (config.ASSISTANT) (await import('./assistant.js')).start();
});
process.on('SIGTERM', async () => {
  server.close();
  await close();
  process.exit(0);
});
""",
        "app/src/desk.js": """import { Database } from '@hocuspocus/extension-database';
import { Logger } from '@hocuspocus/extension-logger';
import { Throttle } from '@hocuspocus/extension-throttle';
import { Server } from '@hocuspocus/server';
import jwt from 'jsonwebtoken';
import { config } from './config.js';
import { load, save } from './store.js';

export async function createDesk() {
  const extensions = [new Logger(), new Throttle({ throttle: 100 }), new Database({
    fetch: ({ documentName }) => load(documentName),
    store: ({ documentName, state }) => save(documentName, state),
  })];
  if (config.REDIS_HOST) {
    const { Redis } = await import('@hocuspocus/extension-redis');
    extensions.push(new Redis({ host: config.REDIS_HOST, port: 6379 }));
  }
  if (config.WEBHOOK) {
    const { Webhook } = await import('@hocuspocus/extension-webhook');
    extensions.push(new Webhook({ url: config.WEBHOOK, secret: config.JWT_SECRET }));
  }
  return Server.configure({
    extensions, debounce: 300,
    async onAuthenticate({ token }) { return { user: jwt.verify(token, config.JWT_SECRET).sub }; },
  });
}
""",
        "app/src/store.js": """import { ClassicLevel } from 'classic-level';
import { config } from './config.js';

const database = new ClassicLevel(config.DATA, { valueEncoding: 'buffer' });
export async function load(name) {
  try {
    return (await database.get(name)) ?? null;
  } catch {
    return null;
  }
}
export const save = (name, state) => database.put(name, Buffer.from(state));
export const names = () => database.keys({ limit: 20 }).all();
export const close = () => database.close();
""",
        "app/src/documents.js": """import { TiptapTransformer } from '@hocuspocus/transformer';
import Link from '@tiptap/extension-link';
import { generateHTML } from '@tiptap/html';
import StarterKit from '@tiptap/starter-kit';
import { diffWords } from 'diff';
import { Router } from 'express';
import TurndownService from 'turndown';
import * as Y from 'yjs';
import { load, names } from './store.js';

const extensions = [StarterKit, Link];
const turndown = new TurndownService();

async function html(name) {
  const document = new Y.Doc();
  const state = await load(name);
  if (state) Y.applyUpdate(document, state);
  return generateHTML({ type: 'doc', content: [], ...TiptapTransformer.fromYdoc(document, 'default') }, extensions);
}

export function documents(desk) {
  const router = Router();
  router.get('/', async (request, response) => response.json(await names()));
  router.get('/:name.html', async (request, response) => response.type('html').send(await html(request.params.name)));
  router.get('/:name.md', async (request, response) =>
    response.type('text').send(turndown.turndown(await html(request.params.name) || '<p></p>')));
  router.post('/:name', async (request, response) => {
    const connection = await desk.openDirectConnection(request.params.name, {});
    const before = await html(request.params.name);
    const content = [{ type: 'paragraph', content: [{ type: 'text', text: request.body.text }] }];
    const added = TiptapTransformer.toYdoc({ type: 'doc', content }, 'default', extensions);
    await connection.transact((document) => Y.applyUpdate(document, Y.encodeStateAsUpdate(added)));
    await connection.disconnect();
    response.status(201).json(diffWords(before, await html(request.params.name)).length);
  });
  router.post('/:name/summary', async (request, response) => {
    const { default: OpenAI } = await import('openai');
    const answer = await new OpenAI().responses.create({ model: 'gpt', input: await html(request.params.name) });
    response.json({ text: answer.output_text });
  });
  return router;
}
""",
        "app/src/assistant.js": """import * as provided from '@hocuspocus/provider';
import jwt from 'jsonwebtoken';
import LanguageDetect from 'languagedetect';
import log from 'loglevel';
import { WebSocket } from 'ws';
import { config } from './config.js';

const detector = new LanguageDetect();

export function start() {
  const websocketProvider = new provided.HocuspocusProviderWebsocket({
    url: `ws://127.0.0.1:${config.PORT}/collaboration`, WebSocketPolyfill: WebSocket,
  });
  const provider = new provided.HocuspocusProvider({
    websocketProvider, name: 'board', token: jwt.sign({ sub: 'assistant' }, config.JWT_SECRET),
    onSynced: () => log.info('assistant has the board'),
  });
  const notes = provider.document.getArray('notes');
  provider.document.getXmlFragment('default').observeDeep(() => {
    const [best] = detector.detect(provider.document.getXmlFragment('default').toString(), 1);
    notes.push([{ language: best?.[0] ?? null, at: Date.now() }]);
  });
}
""",
    },
    prepare=_INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10802/{path}"
        for path in ("health", "documents", "documents/board.html", "documents/board.md", "no")
    ),
    sends=(
        ("http://127.0.0.1:10802/documents/board", '{"text": "this is one of the sentences of the board"}'),
        ("http://127.0.0.1:10802/documents/other", '{"text": "two"}'),
    ),
    seconds=20,
)

GAUGES = Recipe(
    name="gauges",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10803", "STATSD_HOST": "127.0.0.1"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "--enable-source-maps", "dist/main.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "gauges", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"generate": "buf generate", "build": "npm run generate && tsc --noCheck --sourceMap",
    "start": "node dist/main.js"},
  "dependencies": {"@connectrpc/connect": "^2", "@connectrpc/connect-node": "^2", "@connectrpc/connect-fastify": "^2",
    "@bufbuild/protobuf": "^2", "@bufbuild/protovalidate": "^1", "@connectrpc/validate": "^0.2", "fastify": "^5",
    "@fastify/cors": "^11", "simple-statistics": "^7", "hot-shots": "^10", "rxjs": "^7", "mathjs": "^14",
    "@influxdata/influxdb-client": "^1", "@clickhouse/client": "^1", "@js-temporal/polyfill": "^0.5", "tslog": "^4",
    "emittery": "^1", "mitt": "^3", "@msgpack/msgpack": "^3", "ml-regression-simple-linear": "^3",
    "p-throttle": "^7", "@google-cloud/pubsub": "^5"},
  "devDependencies": {"@bufbuild/buf": "^1", "@bufbuild/protoc-gen-es": "^2", "typescript": "^5",
    "@types/node": "^22"}
}
""",
        "app/tsconfig.json": _MODULES,
        "app/buf.yaml": "version: v2\nmodules:\n  - path: proto\n",
        "app/buf.gen.yaml": """version: v2
plugins:
  - local: node_modules/.bin/protoc-gen-es
    out: src/gen
    opt: [target=ts, import_extension=js]
""",
        "app/proto/gauges/v1/gauges.proto": """syntax = "proto3";
package gauges.v1;

message Sample { string gauge = 1; double value = 2; int64 at = 3; }
message RecordRequest { repeated Sample samples = 1; }
message RecordResponse { int32 kept = 1; }
message SummaryRequest { string gauge = 1; string formula = 2; }
message SummaryResponse { double mean = 1; double deviation = 2; double slope = 3; double result = 4; }
message WatchRequest { string gauge = 1; }

service GaugeService {
  rpc Record(RecordRequest) returns (RecordResponse);
  rpc Summary(SummaryRequest) returns (SummaryResponse) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Watch(WatchRequest) returns (stream Sample);
}
""",
        "app/src/main.ts": """import cors from '@fastify/cors';
import { fastifyConnectPlugin } from '@connectrpc/connect-fastify';
import { fastify } from 'fastify';
import { interceptors } from './interceptors.js';
import { log } from './log.js';
import { probe } from './probe.js';
import { routes } from './service.js';
import { samples } from './store.js';

const server = fastify();
await server.register(cors, { origin: true });
await server.register(fastifyConnectPlugin, { routes, interceptors });
server.get('/health', async () => ({ samples: samples.length }));
const port = Number(process.env.PORT ?? 8080);
await server.listen({ host: '127.0.0.1', port });
log.info('ready');
const timer = setInterval(() => probe(port).catch((error) => log.error(error)), 4000);
process.on('SIGTERM', async () => {
  clearInterval(timer);
  await server.close();
  process.exit(0);
});
""",
        "app/src/log.ts": "import { Logger } from 'tslog';\n\n"
        "export const log = new Logger({ type: 'json', name: 'gauges' });\n",
        "app/src/interceptors.ts": """import { Code, ConnectError, type Interceptor } from '@connectrpc/connect';
import { StatsD } from 'hot-shots';
import { log } from './log.js';

const statsd = new StatsD({ host: process.env.STATSD_HOST, prefix: 'gauges.', errorHandler: () => {} });
const measured: Interceptor = (next) => async (request) => {
  const begin = performance.now();
  try {
    return await next(request);
  } catch (error) {
    log.warn(ConnectError.from(error, Code.Internal).message);
    throw error;
  } finally {
    statsd.timing(request.method.name, performance.now() - begin);
  }
};
export const interceptors = [measured];
""",
        "app/src/store.ts": """import { Subject } from 'rxjs';

export interface Kept { gauge: string; value: number; at: bigint }
export const samples: Kept[] = [];
export const stream = new Subject<Kept>();

export async function keep(all: Kept[]) {
  for (const sample of all) {
    samples.push(sample);
    stream.next(sample);
  }
  if (process.env.INFLUX_URL) await (await import('./influx.js')).write(all);
  if (process.env.CLICKHOUSE_URL) {
    const { createClient } = await import('@clickhouse/client');
    const client = createClient({ url: process.env.CLICKHOUSE_URL });
    await client.insert({ table: 'samples', values: all, format: 'JSONEachRow' });
  }
}
""",
        "app/src/influx.ts": """import { InfluxDB, Point } from '@influxdata/influxdb-client';
import type { Kept } from './store.js';

const writer = new InfluxDB({ url: process.env.INFLUX_URL! }).getWriteApi('one', 'gauges');
export async function write(all: Kept[]) {
  writer.writePoints(all.map(({ gauge, value }) => new Point(gauge).floatField('value', value)));
  await writer.flush();
}
""",
        "app/src/service.ts": """import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { Temporal } from '@js-temporal/polyfill';
import { SimpleLinearRegression } from 'ml-regression-simple-linear';
import { bufferCount, filter } from 'rxjs';
import { mean, standardDeviation } from 'simple-statistics';
import { GaugeService } from './gen/gauges/v1/gauges_pb.js';
import { keep, samples, stream } from './store.js';

const valuesOf = (gauge: string) => samples.filter((one) => one.gauge === gauge).slice(-50).map(({ value }) => value);

stream.pipe(filter(({ value }) => value > 90), bufferCount(3)).subscribe((high) => console.log('high', high.length));

export const routes = (router: ConnectRouter) => router.service(GaugeService, {
  async record({ samples: sent }) {
    if (!sent.length) throw new ConnectError('no samples', Code.InvalidArgument);
    const now = BigInt(Temporal.Now.instant().epochMilliseconds);
    await keep(sent.map(({ gauge, value, at }) => ({ gauge, value, at: at || now })));
    return { kept: sent.length };
  },
  async summary({ gauge, formula }) {
    const values = valuesOf(gauge);
    if (values.length < 2) throw new ConnectError('too few', Code.NotFound);
    const line = new SimpleLinearRegression(values.map((_, place) => place), values);
    const { evaluate } = await import('mathjs');
    const result = formula ? Number(evaluate(formula, { values })) : 0;
    return { mean: mean(values), deviation: standardDeviation(values), slope: line.slope, result };
  },
  async *watch({ gauge }) {
    for (const sample of samples.filter((one) => one.gauge === gauge).slice(-3)) yield sample;
  },
});
""",
        "app/src/probe.ts": """import { createClient } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { GaugeService } from './gen/gauges/v1/gauges_pb.js';
import { log } from './log.js';

export async function probe(port: number) {
  const transport = createConnectTransport({ baseUrl: `http://127.0.0.1:${port}`, httpVersion: '1.1' });
  const client = createClient(GaugeService, transport);
  await client.record({ samples: [{ gauge: 'self', value: process.memoryUsage().rss / 2 ** 20 }] });
  for await (const sample of client.watch({ gauge: 'self' })) log.debug(sample.value);
}
""",
    },
    prepare=_COMPILED,
    asks=("http://127.0.0.1:10803/health", "http://127.0.0.1:10803/no"),
    sends=(
        (
            "http://127.0.0.1:10803/gauges.v1.GaugeService/Record",
            '{"samples": [{"gauge": "one", "value": 3.5}, {"gauge": "one", "value": 4.5}]}',
        ),
        ("http://127.0.0.1:10803/gauges.v1.GaugeService/Record", "{}"),
        ("http://127.0.0.1:10803/gauges.v1.GaugeService/Summary", '{"gauge": "one", "formula": "max(values) * 2"}'),
    ),
    seconds=20,
)

EVENINGS = Recipe(
    name="evenings",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10804", "JWT_KEY": "one-key-that-is-long-enough-for-this"},
    cmd=("node", "dist/index.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "evenings", "version": "1.0.0", "private": true, "license": "UNLICENSED",
  "scripts": {"build": "tsc --noCheck", "start": "node dist/index.js", "codegen": "graphql-codegen"},
  "dependencies": {"graphql": "^16", "graphql-yoga": "^5", "@pothos/core": "^4", "@pothos/plugin-relay": "^4",
    "@pothos/plugin-dataloader": "^4", "@pothos/plugin-errors": "^4", "@pothos/plugin-scope-auth": "^4",
    "dataloader": "^2", "@graphql-yoga/plugin-response-cache": "^3", "@graphql-yoga/plugin-csrf-prevention": "^3",
    "@envelop/core": "^5", "graphql-depth-limit": "^1",
    "@escape.tech/graphql-armor": "^3", "drizzle-orm": "^0.44", "@electric-sql/pglite": "^0.3", "postgres": "^3",
    "fast-jwt": "^5", "@graphql-tools/utils": "^10", "signale": "^1", "rrule": "^2", "geolib": "^3",
    "@googlemaps/google-maps-services-js": "^3", "twilio": "^5", "@elastic/elasticsearch": "^8", "graphql-ws": "^6",
    "cloudinary": "^2", "znv": "^0.4", "zod": "^3"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "drizzle-kit": "^0.31", "vitest": "^3"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/src/env.ts": """import { parseEnv, port } from 'znv';
import { z } from 'zod';

export const env = parseEnv(process.env, {
  PORT: port().default(8080), JWT_KEY: z.string().min(10), DATABASE_URL: z.string().optional(),
  TWILIO_SID: z.string().optional(), ELASTIC_URL: z.string().optional(), MAPS_KEY: z.string().optional(),
});
""",
        "app/src/index.ts": """import { createServer } from 'node:http';
import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor';
import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import { createYoga } from 'graphql-yoga';
import signale from 'signale';
import { contextOf } from './context';
import { open } from './database';
import { env } from './env';
import { schema } from './schema';

async function main() {
  await open();
  const yoga = createYoga({
    schema, context: contextOf, landingPage: true, logging: signale,
    plugins: [
      EnvelopArmorPlugin({ maxDepth: { n: 8 } }),
      useResponseCache({ session: (request) => request.headers.get('authorization'), ttl: 500 }),
      useCSRFPrevention({ requestHeaders: ['content-type'] }),
    ],
  });
  const server = createServer(yoga);
  server.listen(env.PORT, '127.0.0.1', () => signale.success('ready'));
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
}
main();
""",
        "app/src/context.ts": """import { createSigner, createVerifier } from 'fast-jwt';
import { env } from './env';

const verify = createVerifier({ key: env.JWT_KEY, cache: true });
const sign = createSigner({ key: env.JWT_KEY });
export interface Context { user?: string; sign: (user: string) => string }
export function contextOf({ request }: { request: Request }): Context {
  const token = request.headers.get('authorization')?.slice(7);
  return { user: token ? verify(token).sub : undefined, sign: (user) => sign({ sub: user }) };
}
""",
        "app/src/database.ts": """import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { env } from './env';

export const venues = pgTable('venues', { id: serial('id').primaryKey(), name: text('name').notNull(),
  latitude: integer('latitude'), longitude: integer('longitude') });
export const evenings = pgTable('evenings', { id: serial('id').primaryKey(), title: text('title').notNull(),
  rule: text('rule'), venue: integer('venue').references(() => venues.id) });
export let database: any;

export async function open() {
  if (env.DATABASE_URL) {
    const { drizzle } = await import('drizzle-orm/postgres-js');
    const { default: postgres } = await import('postgres');
    database = drizzle(postgres(env.DATABASE_URL));
    return;
  }
  const { drizzle } = await import('drizzle-orm/pglite');
  const { PGlite } = await import('@electric-sql/pglite');
  const client = new PGlite();
  await client.exec(`create table venues (id serial primary key, name text, latitude integer, longitude integer);
    create table evenings (id serial primary key, title text, rule text, venue integer);
    insert into venues (name, latitude, longitude) values ('Hall', 52, 13), ('Barn', 53, 10);
    insert into evenings (title, rule, venue) values ('Songs', 'FREQ=WEEKLY;COUNT=3', 1), ('Plays', null, 2)`);
  database = drizzle(client);
}
""",
        "app/src/schema.ts": """import { builder } from './builder';
import './types/evening';
import './types/venue';
import './types/session';

export const schema = builder.toSchema();
""",
        "app/src/builder.ts": """import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import ErrorsPlugin from '@pothos/plugin-errors';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import type { Context } from './context';

export const builder = new SchemaBuilder<{ Context: Context; AuthScopes: { user: boolean } }>({
  plugins: [ErrorsPlugin, ScopeAuthPlugin, RelayPlugin, DataloaderPlugin],
  relay: {},
  errors: { defaultTypes: [Error] },
  scopeAuth: { authScopes: (context) => ({ user: Boolean(context.user) }) },
});
builder.queryType({});
builder.mutationType({});
builder.objectType(Error, { name: 'Error', fields: (t) => ({ message: t.exposeString('message') }) });
""",
        "app/src/types/venue.ts": """import { inArray } from 'drizzle-orm';
import { getDistance } from 'geolib';
import { builder } from '../builder';
import { database, venues } from '../database';
import { env } from '../env';

export const Venue = builder.loadableNode('Venue' as any, {
  id: { resolve: (venue: any) => venue.id },
  load: async (ids: string[]) => {
    const found = await database.select().from(venues).where(inArray(venues.id, ids.map(Number)));
    return ids.map((id) => found.find((one: any) => one.id === Number(id)) ?? new Error('no venue'));
  },
  fields: (t: any) => ({
    name: t.exposeString('name'),
    kilometres: t.float({ resolve: (one: any) =>
      getDistance({ latitude: 52.5, longitude: 13.4 }, { latitude: one.latitude, longitude: one.longitude }) / 1000 }),
    address: t.string({ nullable: true, resolve: async (one: any) => {
      if (!env.MAPS_KEY) return null;
      const { Client } = await import('@googlemaps/google-maps-services-js');
      const { data } = await new Client().geocode({ params: { address: one.name, key: env.MAPS_KEY } });
      return data.results[0]?.formatted_address;
    } }),
  }),
} as any);
""",
        "app/src/types/evening.ts": """import { ilike } from 'drizzle-orm';
import { resolveOffsetConnection } from '@pothos/plugin-relay';
import { rrulestr } from 'rrule';
import { builder } from '../builder';
import { database, evenings } from '../database';
import { env } from '../env';
import { Venue } from './venue';

const Evening = builder.objectRef<any>('Evening').implement({
  fields: (t) => ({
    id: t.exposeID('id'),
    title: t.exposeString('title'),
    days: t.stringList({ resolve: ({ rule }) => (rule ? rrulestr(rule).all().map((day) => day.toISOString()) : []) }),
    venue: t.field({ type: Venue as any, resolve: ({ venue }) => String(venue) }),
  }),
});
builder.queryField('evenings', (t) => t.connection({
  type: Evening,
  args: { title: t.arg.string() },
  resolve: (_, args) => resolveOffsetConnection({ args }, ({ limit, offset }) =>
    database.select().from(evenings).where(ilike(evenings.title, `%${args.title ?? ''}%`)).limit(limit).offset(offset)),
}));
builder.mutationField('addEvening', (t) => t.field({
  type: Evening,
  errors: {},
  args: { title: t.arg.string({ required: true }), venue: t.arg.int({ required: true }) },
  resolve: async (_, { title, venue }) => {
    if (title.length < 3) throw new Error('too short');
    const [added] = await database.insert(evenings).values({ title, venue }).returning();
    if (env.TWILIO_SID) {
      const { default: twilio } = await import('twilio');
      await twilio(env.TWILIO_SID).messages.create({ to: '+1', body: title });
    }
    return added;
  },
}));
""",
        "app/src/types/session.ts": """import { builder } from '../builder';

builder.queryField('me', (t) => t.string({ nullable: true, authScopes: { user: true }, resolve: (_, __, { user }) =>
  user }));
builder.mutationField('signIn', (t) => t.string({
  args: { user: t.arg.string({ required: true }) },
  resolve: (_, { user }, { sign }) => sign(user),
}));
""",
    },
    prepare=_YARN,
    asks=("http://127.0.0.1:10804/health", "http://127.0.0.1:10804/", "http://127.0.0.1:10804/no"),
    sends=tuple(
        ("http://127.0.0.1:10804/graphql", f'{{"query": "{query}"}}')
        for query in (
            "{ evenings(first: 5) { edges { node { id title days venue { name kilometres address } } } } }",
            'mutation { signIn(user: \\"one\\") }',
            "{ me }",
            'mutation { addEvening(title: \\"Dances\\", venue: 1) { __typename } }',
            "{ nothing }",
        )
    ),
    seconds=20,
)

NODE_SERVICES = (TALLY, COPYDESK, GAUGES, EVENINGS)
