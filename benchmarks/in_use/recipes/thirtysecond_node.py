"""The thirty-second set's services and workers of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")
_COMPILED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev && rm -rf src || exit 1",
)
_PNPM = (
    *NODE,
    "hash -r",
    "npm install -q -g --prefix /usr/local pnpm@9",
    "cd /app && NODE_ENV=development pnpm install --silent && pnpm run build && CI=1 pnpm prune --prod || exit 1",
    "rm -rf /app/src /root/.local/share/pnpm /root/.cache",
)

STOREKEEPER = Recipe(
    name="storekeeper",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10601"},
    cmd=("node", "dist/src/server.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "storekeeper", "version": "1.0.0", "private": true, "main": "dist/src/server.js",
  "scripts": {"build": "tsoa spec-and-routes && tsc --noCheck", "start": "node dist/src/server.js"},
  "dependencies": {"@tsoa/runtime": "^6", "express": "^4", "typeorm": "^0.3", "sql.js": "^1",
    "reflect-metadata": "^0.2",
    "swagger-ui-express": "^5", "winston": "^3", "winston-daily-rotate-file": "^5", "express-winston": "^4",
    "express-async-errors": "^3", "http-status-codes": "^2", "compression": "^1", "response-time": "^2", "ulid": "^2",
    "class-transformer": "^0.5", "pg": "^8", "mysql2": "^3", "ioredis": "^5", "@elastic/elasticsearch": "^8",
    "lodash": "^4", "moment-timezone": "^0.5", "axios": "^1", "module-alias": "^2"},
  "_moduleAliases": {"@app": "dist/src"},
  "devDependencies": {"tsoa": "^6", "typescript": "^5", "@types/node": "^22", "@types/express": "^4", "jest": "^29"}
}
""",
        "app/tsconfig.json": TYPESCRIPT.replace('"rootDir": "src"', '"rootDir": ".", "incremental": true').replace(
            '"include": ["src"]', '"include": ["src", "build"]'
        ),
        "app/tsoa.json": """{
  "entryFile": "src/server.ts", "noImplicitAdditionalProperties": "throw-on-extras",
  "controllerPathGlobs": ["src/**/*.controller.ts"],
  "spec": {"outputDirectory": "dist", "specVersion": 3},
  "routes": {"routesDir": "build", "middleware": "express"}
}
""",
        "app/src/server.ts": """import 'module-alias/register';
import 'reflect-metadata';
import 'express-async-errors';
import { createServer } from 'node:http';
import { source } from './database';
import { app } from './app';
import { log } from './log';

source.initialize().then(() => {
  const server = createServer(app).listen(Number(process.env.PORT), '127.0.0.1', () => log.info('ready'));
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
});
""",
        "app/src/log.ts": """import winston from 'winston';
import 'winston-daily-rotate-file';

export const log = winston.createLogger({
  format: winston.format.json(),
  transports: process.env.LOG_FOLDER
    ? [new winston.transports.DailyRotateFile({ dirname: process.env.LOG_FOLDER, filename: 'app-%DATE%.log' })]
    : [new winston.transports.Console()],
});
""",
        "app/src/database.ts": """import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';

@Entity()
export class Part {
  @PrimaryColumn('varchar') id: string;
  @Column('varchar') name: string;
  @Column('integer') left: number;
}

export const source = process.env.DATABASE_URL
  ? new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, entities: [Part] })
  : new DataSource({ type: 'sqljs', entities: [Part], synchronize: true });
""",
        "app/src/app.ts": """import { ValidateError } from '@tsoa/runtime';
import compression from 'compression';
import express from 'express';
import expressWinston from 'express-winston';
import { ReasonPhrases, StatusCodes } from 'http-status-codes';
import { readFileSync } from 'node:fs';
import responseTime from 'response-time';
import swagger from 'swagger-ui-express';
import { RegisterRoutes } from '../build/routes';
import { log } from './log';

export const app = express();
app.use(expressWinston.logger({ winstonInstance: log }), compression(), responseTime(), express.json());
app.use('/docs', swagger.serve, swagger.setup(JSON.parse(readFileSync('dist/swagger.json', 'utf8'))));
app.get('/search', async (request, response) => {
  const { Client } = await import('@elastic/elasticsearch');
  response.json(await new Client({ node: process.env.SEARCH }).search({ q: String(request.query.q) }));
});
RegisterRoutes(app);
app.use((request, response) => { response.status(StatusCodes.NOT_FOUND).json({ error: ReasonPhrases.NOT_FOUND }); });
app.use((error, request, response, next) => {
  const status = error instanceof ValidateError ? StatusCodes.UNPROCESSABLE_ENTITY : StatusCodes.INTERNAL_SERVER_ERROR;
  response.status(status).json({ error: error.message, fields: error.fields });
});
""",
        "app/src/parts/parts.controller.ts": """import {
  Body, Controller, Get, Path, Post, Query, Response, Route, SuccessResponse, Tags,
} from '@tsoa/runtime';
import { instanceToPlain } from 'class-transformer';
import { chunk } from 'lodash';
import { ulid } from 'ulid';
import { Part, source } from '../database';

interface NewPart {
  /** @minLength 1 */
  name: string;
  /** @isInt */
  left: number;
}

@Route('parts')
@Tags('parts')
export class PartsController extends Controller {
  @Get()
  async list(@Query() page = 0) {
    const all = await source.getRepository(Part).find({ take: 20 });
    return instanceToPlain(chunk(all, 5)[page] ?? []);
  }

  @Get('{id}')
  async one(@Path() id: string) {
    return source.getRepository(Part).findOneByOrFail({ id });
  }

  @Post()
  @SuccessResponse(201)
  @Response(422)
  async add(@Body() part: NewPart) {
    this.setStatus(201);
    return source.getRepository(Part).save({ id: ulid(), ...part });
  }
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(f"http://127.0.0.1:10601/{path}" for path in ("parts", "parts/no", "docs/", "no", "parts?page=x")),
    sends=(
        ("http://127.0.0.1:10601/parts", '{"name": "one", "left": 3}'),
        ("http://127.0.0.1:10601/parts", '{"name": ""}'),
    ),
    seconds=30,
)

PLANNER = Recipe(
    name="planner",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10602", "DATABASE": "file:/tmp/planner.db"},
    entrypoint=("tini", "--"),
    cmd=("node", "dist/main.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "planner", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "start": "node dist/main.js", "test": "vitest"},
  "dependencies": {"@pothos/core": "^4", "@pothos/plugin-validation": "^3", "@pothos/plugin-relay": "^4",
    "@pothos/plugin-scope-auth": "^4", "@pothos/plugin-dataloader": "^4", "graphql": "^16", "graphql-http": "^1",
    "dataloader": "^2", "graphql-sse": "^2", "zod": "^3", "@libsql/client": "^0.15", "rrule": "^2",
    "luxon": "^3", "pino": "^9", "pino-pretty": "^13", "ical-generator": "^8", "graphql-depth-limit": "^1",
    "fast-jwt": "^5", "@google-cloud/pubsub": "^4", "redis": "^4", "mongodb": "^6"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "vitest": "^3"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/src/main.ts": """import { createServer } from 'node:http';
import { createHandler } from 'graphql-http/lib/use/http';
import { createHandler as createStream } from 'graphql-sse/lib/use/http';
import depthLimit from 'graphql-depth-limit';
import { specifiedRules } from 'graphql';
import { calendar } from './calendar';
import { contextOf } from './context';
import { start } from './database';
import { log } from './log';
import { schema } from './schema';

const handle = createHandler({
  schema, validationRules: [...specifiedRules, depthLimit(9)],
  context: (request) => contextOf(request.headers as never),
});
const stream = createStream({ schema });
const server = createServer(async (request, response) => {
  log.info({ url: request.url });
  if (request.url.startsWith('/graphql/stream')) return stream(request, response);
  if (request.url.startsWith('/graphql')) return handle(request, response);
  if (request.url === '/calendar.ics') return response.end(await calendar());
  response.writeHead(404).end();
});
start().then(() => server.listen(Number(process.env.PORT), '127.0.0.1', () => log.info('ready')));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => server.close(() => process.exit(0)));
""",
        "app/src/log.ts": """import pino from 'pino';

export const log = pino(process.env.NODE_ENV === 'production' ? {} : { transport: { target: 'pino-pretty' } });
""",
        "app/src/context.ts": """import { createSigner, createVerifier } from 'fast-jwt';

const verify = createVerifier({ key: 'one-secret' });
export const token = () => createSigner({ key: 'one-secret' })({ name: 'a' });
export function contextOf(headers: { get?: (name: string) => string | null }) {
  const given = headers.get?.('authorization');
  return { user: given ? verify(given.replace('Bearer ', '')) : null };
}
""",
        "app/src/database.ts": """import { createClient } from '@libsql/client';

const client = createClient({ url: process.env.DATABASE });
export const start = () => client.execute('create table if not exists tasks (id integer primary key, title text)');
const latest = 'select id, title from tasks order by id desc limit 5';
export const all = async () => (await client.execute(latest)).rows;
export const byIds = async (ids: readonly number[]) => {
  const sql = `select * from tasks where id in (${ids.map(() => '?')})`;
  const { rows } = await client.execute({ sql, args: [...ids] });
  return ids.map((id) => rows.find((row) => row.id === id) ?? new Error(`no task ${id}`));
};
export const add = async (title: string) =>
  (await client.execute({ sql: 'insert into tasks (title) values (?) returning id, title', args: [title] })).rows[0];
""",
        "app/src/calendar.ts": """import ical from 'ical-generator';
import { DateTime } from 'luxon';
import { RRule } from 'rrule';
import { all } from './database';

export async function calendar() {
  const plan = ical({ name: 'Tasks' });
  const days = new RRule({ freq: RRule.DAILY, count: 5, dtstart: new Date() }).all();
  for (const [place, task] of (await all()).entries()) {
    plan.createEvent({ start: DateTime.fromJSDate(days[place]).toJSDate(), summary: String(task.title) });
  }
  return plan.toString();
}
""",
        "app/src/schema.ts": """import SchemaBuilder from '@pothos/core';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import ValidationPlugin from '@pothos/plugin-validation';
import { token } from './context';
import { add, all, byIds } from './database';

const builder = new SchemaBuilder<any>({
  plugins: [ScopeAuthPlugin, RelayPlugin, DataloaderPlugin, ValidationPlugin],
  relay: {},
  scopeAuth: { authScopes: async (context: any) => ({ member: Boolean(context?.user) }) },
} as never) as any;
const Task = builder.loadableObject('Task', {
  load: (ids: number[]) => byIds(ids),
  fields: (t: any) => ({ id: t.exposeID('id', {}), title: t.exposeString('title', {}) }),
});
builder.queryType({
  fields: (t: any) => ({
    tasks: t.field({ type: [Task], resolve: () => all() }),
    task: t.field({
      type: Task, args: { id: t.arg.int({ required: true }) }, resolve: (_: unknown, { id }: any) => id,
    }),
    token: t.string({ resolve: () => token() }),
    mine: t.string({ authScopes: { member: true }, resolve: (_: unknown, __: unknown, { user }: any) => user.name }),
  }),
});
builder.mutationType({
  fields: (t: any) => ({
    add: t.field({
      type: Task, args: { title: t.arg.string({ required: true, validate: { minLength: 1 } }) },
      resolve: (_: unknown, { title }: any) => add(title),
    }),
    publish: t.boolean({
      resolve: async () => {
        const { PubSub } = await import('@google-cloud/pubsub');
        await new PubSub().topic('tasks').publishMessage({ json: {} });
        return true;
      },
    }),
  }),
});
builder.subscriptionType({
  fields: (t: any) => ({
    ticks: t.int({
      subscribe: async function* () { for (let tick = 0; tick < 2; tick++) yield tick; },
      resolve: (tick: number) => tick,
    }),
  }),
});
export const schema = builder.toSchema();
""",
    },
    prepare=_PNPM,
    asks=(
        "http://127.0.0.1:10602/calendar.ics",
        "http://127.0.0.1:10602/no",
        "http://127.0.0.1:10602/graphql?query=%7Btasks%7Bid%20title%7D%20token%7D",
        "http://127.0.0.1:10602/graphql/stream?query=subscription%7Bticks%7D",
    ),
    sends=(
        ("http://127.0.0.1:10602/graphql", '{"query": "mutation { add(title: \\"one\\") { id title } }"}'),
        ("http://127.0.0.1:10602/graphql", '{"query": "mutation { add(title: \\"\\") { id } }"}'),
        ("http://127.0.0.1:10602/graphql", '{"query": "{ mine task(id: 1) { title } }"}'),
        ("http://127.0.0.1:10602/graphql", '{"query": "{ no }"}'),
    ),
    seconds=30,
)

STATEMENTS = Recipe(
    name="statements",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"SMTP": "smtp://127.0.0.1:2525", "PORT": "10603"},
    entrypoint=("tini", "--"),
    cmd=("node", "worker.mjs"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "statements", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node worker.mjs"},
  "dependencies": {"piscina": "^4", "toad-scheduler": "^3", "p-queue": "^8", "p-retry": "^6", "pdfmake": "^0.2",
    "exceljs": "^4", "@json2csv/plainjs": "^7", "nodemailer": "^6", "smtp-server": "^3", "mailparser": "^3",
    "email-templates": "^12", "pug": "^3", "consola": "^3", "archiver": "^7", "qrcode": "^1", "bwip-js": "^4",
    "dinero.js": "^1", "date-fns": "^4", "pg": "^8", "@aws-sdk/client-ses": "^3", "ssh2-sftp-client": "^12",
    "puppeteer-core": "^24"},
  "devDependencies": {"ava": "^6", "xo": "^0.60"}
}
""",
        "app/worker.mjs": """import { createServer } from 'node:http';
import { consola } from 'consola';
import PQueue from 'p-queue';
import pRetry from 'p-retry';
import { Piscina } from 'piscina';
import { AsyncTask, SimpleIntervalJob, ToadScheduler } from 'toad-scheduler';
import { send } from './mails.mjs';
import { sink } from './sink.mjs';

const pool = new Piscina({ filename: new URL('./reports.mjs', import.meta.url).href, maxThreads: 2 });
const queue = new PQueue({ concurrency: 2 });
const scheduler = new ToadScheduler();
let number = 0;

async function statement() {
  const kinds = ['pdf', 'sheet', 'list', 'label'];
  const name = kinds[number++ % kinds.length];
  const file = await queue.add(() => pRetry(() => pool.run({ number }, { name }), { retries: 1 }));
  await send('a@shop.example', file);
  consola.success(file);
}
if (process.env.SMTP.includes('127.0.0.1')) sink(2525);
const task = new AsyncTask('statements', statement, (error) => consola.error(error));
scheduler.addSimpleIntervalJob(new SimpleIntervalJob({ seconds: 2, runImmediately: true }, task));
createServer((request, response) => {
  if (request.url === '/fail') return pool.run({}, { name: 'absent' }).catch((error) => {
    response.writeHead(500).end(error.message);
  });
  response.end(JSON.stringify({ waiting: queue.size, done: pool.completed }));
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', async () => {
  scheduler.stop();
  await pool.destroy();
  process.exit(0);
});
""",
        "app/sink.mjs": """import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export function sink(port) {
  new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) =>
      simpleParser(stream).then((mail) => { console.log(mail.subject); done(); }, done),
  }).listen(port, '127.0.0.1');
}
""",
        "app/mails.mjs": """import path from 'node:path';
import Email from 'email-templates';
import nodemailer from 'nodemailer';

const email = new Email({
  message: { from: 'b@shop.example' }, send: true, preview: false, juice: false,
  views: { root: path.join(import.meta.dirname, 'emails') },
  transport: nodemailer.createTransport(process.env.SMTP),
});
export async function send(to, file) {
  if (process.env.BY_SES) {
    const { SESClient, SendEmailCommand } = await import('@aws-sdk/client-ses');
    return new SESClient({}).send(new SendEmailCommand({ Destination: { ToAddresses: [to] } }));
  }
  return email.send({ template: 'statement', message: { to, attachments: [{ path: file }] }, locals: { file } });
}
""",
        "app/emails/statement/subject.pug": "= `Statement ${file}`\n",
        "app/emails/statement/html.pug": "h1 Hello\np Here is #{file}\n",
        "app/reports.mjs": """import { createWriteStream, writeFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { format } from 'date-fns';
import Dinero from 'dinero.js';

const rows = Array.from({ length: 5 }, (_, row) => ({ row, sum: Dinero({ amount: row * 100 }).toFormat('0.00') }));

export async function pdf({ number }) {
  const { default: PdfPrinter } = await import('pdfmake');
  const printer = new PdfPrinter({ Helvetica: { normal: 'Helvetica', bold: 'Helvetica-Bold' } });
  const body = rows.map((row) => Object.values(row));
  const content = [`Statement of ${format(new Date(), 'PP')}`, { table: { body } }];
  const pdf = printer.createPdfKitDocument({ content, defaultStyle: { font: 'Helvetica' } });
  const out = createWriteStream(`/tmp/${number}.pdf`);
  pdf.pipe(out);
  pdf.end();
  await finished(out);
  return `/tmp/${number}.pdf`;
}
export async function sheet({ number }) {
  const { default: Excel } = await import('exceljs');
  const book = new Excel.Workbook();
  book.addWorksheet('all').addRows(rows.map((row) => Object.values(row)));
  await book.xlsx.writeFile(`/tmp/${number}.xlsx`);
  return `/tmp/${number}.xlsx`;
}
export async function list({ number }) {
  const { Parser } = await import('@json2csv/plainjs');
  const { default: archiver } = await import('archiver');
  const archive = archiver('zip');
  const out = createWriteStream(`/tmp/${number}.zip`);
  archive.pipe(out);
  archive.append(new Parser().parse(rows), { name: 'all.csv' });
  await archive.finalize();
  await finished(out);
  return `/tmp/${number}.zip`;
}
export async function label({ number }) {
  const { default: qrcode } = await import('qrcode');
  writeFileSync(`/tmp/${number}.svg`, await qrcode.toString(String(number), { type: 'svg' }));
  return `/tmp/${number}.svg`;
}
export async function barcode({ number }) {
  const { default: bwip } = await import('bwip-js/node');
  return bwip.toBuffer({ bcid: 'code128', text: String(number) });
}
export async function upload({ file }) {
  const { default: Client } = await import('ssh2-sftp-client');
  const client = new Client();
  await client.connect({ host: process.env.SFTP });
  return client.put(file, file);
}
export default pdf;
""",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10603/{path}" for path in ("", "fail")),
    seconds=40,
)

CONCIERGE = Recipe(
    name="concierge",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10604", "BOT_TOKEN": "1:none", "SECRET_PATH": "/hook"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "--import", "./instrument.mjs", "src/bot.mjs"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "concierge", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node --import ./instrument.mjs src/bot.mjs"},
  "dependencies": {"telegraf": "^4", "@telegraf/session": "2.0.0-beta.7", "i18n": "^0.15", "@sentry/node": "^9",
    "@sentry/profiling-node": "^9", "cosmiconfig": "^9", "js-yaml": "^4", "kysely": "^0.27", "redis": "^4",
    "p-throttle": "^7", "emojibase": "^16", "remark": "^15", "strip-markdown": "^6", "franc-min": "^6", "fuse.js": "^7",
    "openai": "^4", "node-emoji": "^2", "got": "^14"},
  "devDependencies": {"eslint": "^9", "prettier": "^3"}
}
""",
        "app/.conciergerc.yaml": "greetings:\n  - hello :wave:\n  - welcome\nfaq:\n"
        "  - {ask: opening hours, say: '**9** to 5'}\n",
        "app/locales/en.json": '{"hello": "Hello %s"}\n',
        "app/locales/de.json": '{"hello": "Hallo %s"}\n',
        "app/instrument.mjs": """import * as Sentry from '@sentry/node';

const integrations = [];
if (process.env.PROFILE) {
  const { nodeProfilingIntegration } = await import('@sentry/profiling-node');
  integrations.push(nodeProfilingIntegration());
}
Sentry.init({ dsn: process.env.SENTRY_DSN ?? 'http://a@127.0.0.1:9/1', tracesSampleRate: 1, integrations });
""",
        "app/src/bot.mjs": """import { createServer } from 'node:http';
import path from 'node:path';
import * as Sentry from '@sentry/node';
import { cosmiconfig } from 'cosmiconfig';
import { I18n } from 'i18n';
import pThrottle from 'p-throttle';
import { session, Telegraf } from 'telegraf';
import { message } from 'telegraf/filters';
import { answer, greet, languageOf } from './answers.mjs';

const { config } = await cosmiconfig('concierge').search();
const i18n = new I18n({ directory: path.resolve('locales'), locales: ['en', 'de'], updateFiles: false });
const bot = new Telegraf(process.env.BOT_TOKEN, { telegram: { webhookReply: true } });
const slowly = pThrottle({ limit: 90, interval: 1000 });
bot.botInfo = { id: 1, is_bot: true, first_name: 'concierge', username: 'concierge' };
if (process.env.REDIS_URL) {
  const { Redis } = await import('@telegraf/session/redis');
  bot.use(session({ store: Redis({ url: process.env.REDIS_URL }) }));
} else bot.use(session());
bot.start((ctx) => ctx.reply(greet(config.greetings)));
bot.command('fail', () => { throw new Error('on purpose'); });
bot.command('think', async (ctx) => {
  const { default: OpenAI } = await import('openai');
  const { choices } = await new OpenAI().chat.completions.create({ model: 'small', messages: [] });
  return ctx.reply(choices[0].message.content);
});
bot.on(message('text'), slowly(async (ctx) => {
  ctx.session ??= { count: 0 };
  ctx.session.count += 1;
  const hello = i18n.__({ phrase: 'hello', locale: 'de' }, languageOf(ctx.message.text));
  return ctx.reply(`${hello} ${await answer(config.faq, ctx.message.text)}`);
}));
bot.catch((error) => Sentry.captureException(error));
const hook = bot.webhookCallback(process.env.SECRET_PATH);
const server = createServer((request, response) => {
  if (request.url === '/health') return response.end('up');
  return hook(request, response, () => response.writeHead(404).end());
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.once('SIGTERM', () => server.close(() => Sentry.close(500).then(() => process.exit(0))));
""",
        "app/src/answers.mjs": """import { franc } from 'franc-min';
import Fuse from 'fuse.js';
import * as emoji from 'node-emoji';
import { remark } from 'remark';
import strip from 'strip-markdown';

export const greet = (greetings) => emoji.emojify(greetings[0]);
export const languageOf = (text) => franc(text, { minLength: 3 });
export async function answer(faq, text) {
  const [found] = new Fuse(faq, { keys: ['ask'] }).search(text);
  return found ? String(await remark().use(strip).process(found.item.say)) : '?';
}
""",
    },
    prepare=_INSTALLED,
    asks=("http://127.0.0.1:10604/health", "http://127.0.0.1:10604/no"),
    sends=tuple(
        (
            "http://127.0.0.1:10604/hook",
            '{"update_id": 1, "message": {"message_id": 1, "date": 1, "text": "' + text + '", "entities": ['
            '{"type": "bot_command", "offset": 0, "length": ' + str(len(text)) + "}], "
            '"chat": {"id": 1, "type": "private"}, "from": {"id": 1, "is_bot": false, "first_name": "a"}}}',
        )
        for text in ("/start", "/fail", "opening hours")
    ),
    seconds=30,
)

TARIFFS = Recipe(
    name="tariffs",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE
    | {
        "PORT": "10605",
        "NODE_OPTIONS": "--require @opentelemetry/auto-instrumentations-node/register",
        "OTEL_SERVICE_NAME": "tariffs",
        "OTEL_TRACES_EXPORTER": "console",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
    },
    entrypoint=("dumb-init", "--"),
    cmd=("node", "dist/main.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "tariffs", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "start": "node dist/main.js"},
  "dependencies": {"@orpc/server": "^1", "@orpc/openapi": "^1", "@orpc/zod": "^1", "@orpc/client": "^1",
    "zod": "^4", "bunyan": "^1",
    "@opentelemetry/api": "^1", "@opentelemetry/auto-instrumentations-node": "^0.62", "lru-cache": "^11",
    "big.js": "^6", "@node-rs/argon2": "^2", "ioredis": "^5", "undici": "^7", "kafkajs": "^2", "superjson": "^2",
    "node-cache": "^5"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "tsx": "^4"}
}
""",
        "app/tsconfig.json": TYPESCRIPT.replace('"commonjs"', '"nodenext"').replace('"node"', '"nodenext"'),
        "app/src/main.ts": """import { createServer } from 'node:http';
import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { onError } from '@orpc/server';
import { RPCHandler } from '@orpc/server/node';
import { CORSPlugin } from '@orpc/server/plugins';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { log } from './log';
import { router } from './router';

const failed = onError((error) => { log.error(error); });
const rest = new OpenAPIHandler(router, { plugins: [new CORSPlugin()], interceptors: [failed] });
const rpc = new RPCHandler(router, { interceptors: [failed] });
const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
const server = createServer(async (request, response) => {
  const context = { key: request.headers['x-api-key'] };
  if (request.url === '/openapi.json') {
    const spec = await generator.generate(router, { info: { title: 'Tariffs', version: '1' } });
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(spec));
  }
  const one = await rest.handle(request, response, { prefix: '/api', context });
  if (one.matched) return;
  const other = await rpc.handle(request, response, { prefix: '/rpc', context });
  if (!other.matched) response.writeHead(404).end();
});
server.listen(Number(process.env.PORT), '127.0.0.1', () => log.info('ready'));
process.on('SIGTERM', () => server.close());
""",
        "app/src/log.ts": "import bunyan from 'bunyan';\n\n"
        "export const log = bunyan.createLogger({ name: 'tariffs' });\n",
        "app/src/router.ts": """import { ORPCError, os } from '@orpc/server';
import { hash, verify } from '@node-rs/argon2';
import Big from 'big.js';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';

const prices = new LRUCache<string, string>({ max: 50 });
const base = os.$context<{ key?: string | string[] }>();
const guarded = base.use(({ context, next }) => {
  if (!context.key) throw new ORPCError('UNAUTHORIZED');
  return next();
});
const Price = z.object({ name: z.string().min(1), net: z.string().regex(/^[0-9.]+$/) });

export const router = {
  prices: {
    list: base.route({ method: 'GET', path: '/prices' }).handler(() => Object.fromEntries(prices.entries())),
    set: base.route({ method: 'POST', path: '/prices' }).input(Price).output(z.object({ gross: z.string() }))
      .handler(async ({ input }) => {
        const gross = new Big(input.net).times('1.19').toFixed(2);
        prices.set(input.name, gross);
        return { gross };
      }),
    guarded: guarded.route({ method: 'GET', path: '/guarded' }).handler(() => 'in'),
  },
  login: base.route({ method: 'POST', path: '/login' }).input(z.object({ word: z.string() }))
    .handler(async ({ input }) => ({ valid: await verify(await hash('one'), input.word) })),
  announce: base.route({ method: 'POST', path: '/announce' }).handler(async () => {
    const { Kafka } = await import('kafkajs');
    await new Kafka({ brokers: [process.env.KAFKA!] }).producer().connect();
  }),
};
""",
    },
    prepare=_COMPILED,
    asks=tuple(f"http://127.0.0.1:10605/{path}" for path in ("api/prices", "api/guarded", "openapi.json", "no")),
    sends=(
        ("http://127.0.0.1:10605/api/prices", '{"name": "one", "net": "3.50"}'),
        ("http://127.0.0.1:10605/api/prices", '{"name": ""}'),
        ("http://127.0.0.1:10605/api/login", '{"word": "one"}'),
        ("http://127.0.0.1:10605/rpc/prices/set", '{"json": {"name": "two", "net": "1"}}'),
    ),
    seconds=40,
)

NODE_SERVICES = (STOREKEEPER, PLANNER, STATEMENTS, CONCIERGE, TARIFFS)
