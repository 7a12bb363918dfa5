"""The thirty-fourth set's bookings, uploads, accounts and pages of Node.js on slim bases."""

from dataclasses import replace

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")
COMPILED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev && rm -rf src || exit 1",
)


def written(folder: str, files: dict[str, str]) -> tuple[str, ...]:
    """Return the commands that write files at the build alone, so that a build may remove them."""
    return tuple(
        f"mkdir -p '{folder}/{path.rpartition('/')[0]}' && cat > '{folder}/{path}' <<'THE_END'\n{content}THE_END"
        for path, content in files.items()
    )


def without_sources(recipe: Recipe, *prefixes: str) -> Recipe:
    """Return the recipe whose files with these prefixes are there while it is built, and not in what is left."""
    sources = {path: content for path, content in recipe.files.items() if path.startswith(prefixes)}
    left = {path: content for path, content in recipe.files.items() if path not in sources}
    return replace(recipe, files=left, prepare=(*written("", sources), *recipe.prepare))


BOOKINGS = Recipe(
    name="reservations",
    packages=(*_TOOLS, "postgresql", "gosu", "tini"),
    env=PRODUCTION_NODE | {"PORT": "10811", "PGHOST": "/tmp", "PGUSER": "postgres", "PGDATABASE": "postgres"},
    entrypoint=("tini", "-g", "--", "/usr/local/bin/entrypoint.sh"),
    cmd=("node", "dist/server.js"),
    files=HOSTS
    | {
        "usr/local/bin/entrypoint.sh": """#!/bin/sh
set -e
if [ "$PGHOST" = /tmp ]; then
  gosu postgres /usr/lib/postgresql/17/bin/initdb -D /tmp/data --auth=trust >/dev/null
  gosu postgres /usr/lib/postgresql/17/bin/pg_ctl -D /tmp/data -o "-k /tmp -h ''" -w start >/dev/null
fi
gosu nobody node dist/migrate.js
exec gosu nobody "$@"
""",
        "app/package.json": """{
  "name": "bookings", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "start": "node dist/server.js", "migrate": "node dist/migrate.js"},
  "dependencies": {"@ts-rest/core": "^3", "@ts-rest/express": "^3", "@ts-rest/open-api": "^3", "zod": "^3",
    "express": "^4", "cors": "^2", "helmet": "^8", "swagger-ui-express": "^5", "sequelize": "^6",
    "sequelize-typescript": "^2", "reflect-metadata": "^0.2", "pg": "^8", "pg-hstore": "^2", "umzug": "^3",
    "pg-boss": "^10", "postmark": "^4", "rollbar": "^2", "luxon": "^3", "ics": "^3", "libphonenumber-js": "^1",
    "@paypal/checkout-server-sdk": "^1", "express-openid-connect": "^2", "http-terminator": "^3", "env-var": "^7",
    "express-http-context": "^1", "cls-hooked": "^4", "tiny-typed-emitter": "^2", "@slack/webhook": "^7"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@types/express": "^4", "sequelize-cli": "^6"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/src/config.ts": """import { get } from 'env-var';

export const config = {
  port: get('PORT').default('8080').asPortNumber(),
  host: get('HOST').default('127.0.0.1').asString(),
  postmark: get('POSTMARK_TOKEN').asString(),
  rollbar: get('ROLLBAR_TOKEN').asString(),
  issuer: get('OIDC_ISSUER').asString(),
  slack: get('SLACK_WEBHOOK').asString(),
};
""",
        "app/src/database.ts": """import 'reflect-metadata';
import path from 'node:path';
import { Sequelize } from 'sequelize-typescript';

export const sequelize = new Sequelize({
  dialect: 'postgres',
  host: process.env.PGHOST,
  username: process.env.PGUSER,
  database: process.env.PGDATABASE,
  logging: false,
  models: [path.join(__dirname, 'models')],
  modelMatch: (file, member) => file === member.toLowerCase(),
});
""",
        "app/src/models/room.ts": """import { Column, HasMany, Model, Table } from 'sequelize-typescript';
import { Booking } from './booking';

@Table({ tableName: 'rooms', timestamps: false })
export class Room extends Model {
  @Column declare name: string;
  @HasMany(() => Booking) declare bookings: Booking[];
}
""",
        "app/src/models/booking.ts": """
import { BelongsTo, Column, ForeignKey, Model, Table } from 'sequelize-typescript';
import { Room } from './room';

@Table({ tableName: 'bookings', timestamps: false, underscored: true })
export class Booking extends Model {
  @ForeignKey(() => Room) @Column declare roomId: number;
  @BelongsTo(() => Room) declare room: Room;
  @Column declare phone: string;
  @Column declare starts: Date;
}
""",
        "app/src/migrations/0001-rooms.ts": """import { DataTypes, QueryInterface } from 'sequelize';

export async function up({ context }: { context: QueryInterface }) {
  const id = { type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true };
  await context.createTable('rooms', { id, name: DataTypes.STRING });
  await context.createTable('bookings', {
    id, phone: DataTypes.STRING, starts: DataTypes.DATE, room_id: { type: DataTypes.INTEGER },
  });
  await context.bulkInsert('rooms', [{ name: 'Oak' }, { name: 'Elm' }]);
}
""",
        "app/src/migrate.ts": """import { SequelizeStorage, Umzug } from 'umzug';
import { sequelize } from './database';

const umzug = new Umzug({
  migrations: { glob: ['migrations/*.js', { cwd: __dirname }] },
  context: sequelize.getQueryInterface(),
  storage: new SequelizeStorage({ sequelize }),
  logger: console,
});
umzug.up().then(() => sequelize.close());
""",
        "app/src/contract.ts": """import { initContract } from '@ts-rest/core';
import { z } from 'zod';

const c = initContract();
export const contract = c.router({
  rooms: { method: 'GET', path: '/rooms', responses: { 200: z.array(z.object({ name: z.string() })) } },
  book: {
    method: 'POST', path: '/bookings',
    body: z.object({ room: z.number(), phone: z.string(), starts: z.string().datetime() }),
    responses: { 201: z.object({ id: z.number() }), 422: z.object({ error: z.string() }) },
  },
  calendar: {
    method: 'GET', path: '/bookings/:id/calendar', pathParams: z.object({ id: z.coerce.number() }),
    responses: { 200: c.otherResponse({ contentType: 'text/calendar', body: z.string() }), 404: z.null() },
  },
});
""",
        "app/src/jobs.ts": """import PgBoss from 'pg-boss';
import { config } from './config';
import { confirm } from './mails';

export const boss = new PgBoss({ host: process.env.PGHOST, user: process.env.PGUSER, database: 'postgres' });

export async function work() {
  boss.on('error', console.error);
  await boss.start();
  await boss.createQueue('confirm');
  await boss.work<{ id: number }>('confirm', async ([job]) => {
    await confirm(job.data.id);
    if (config.slack) {
      const { IncomingWebhook } = await import('@slack/webhook');
      await new IncomingWebhook(config.slack).send(`Booked ${job.data.id}`);
    }
  });
}
""",
        "app/src/mails.ts": """import { DateTime } from 'luxon';
import { ServerClient } from 'postmark';
import { config } from './config';
import { Booking } from './models/booking';

const client = config.postmark ? new ServerClient(config.postmark) : null;

export async function confirm(id: number) {
  const booking = await Booking.findByPk(id);
  const when = DateTime.fromJSDate(booking!.starts).setLocale('de').toLocaleString(DateTime.DATETIME_MED);
  if (!client) return console.log('confirmed', id, when);
  await client.sendEmail({ From: 'a@shop.example', To: 'b@shop.example', TextBody: when });
}
""",
        "app/src/routes.ts": """import { initServer } from '@ts-rest/express';
import { createEvent } from 'ics';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { contract } from './contract';
import { boss } from './jobs';
import { Booking } from './models/booking';
import { Room } from './models/room';

const s = initServer();
export const router = s.router(contract, {
  rooms: async () => ({ status: 200, body: (await Room.findAll({ limit: 5 })).map(({ name }) => ({ name })) }),
  book: async ({ body }) => {
    const phone = parsePhoneNumberFromString(body.phone, 'DE');
    if (!phone?.isValid()) return { status: 422, body: { error: 'phone' } };
    const booking = await Booking.create({ roomId: body.room, phone: phone.number, starts: body.starts });
    await boss.send('confirm', { id: booking.id });
    return { status: 201, body: { id: booking.id } };
  },
  calendar: async ({ params, res }) => {
    const booking = await Booking.findByPk(params.id, { include: Room });
    if (!booking) return { status: 404, body: null };
    const start = booking.starts.getTime();
    const { value } = createEvent({ title: booking.room.name, start, duration: { hours: 1 } });
    res.type('text/calendar');
    return { status: 200, body: value! };
  },
});
""",
        "app/src/server.ts": """import { createExpressEndpoints } from '@ts-rest/express';
import { generateOpenApi } from '@ts-rest/open-api';
import cors from 'cors';
import express from 'express';
import helmet from 'helmet';
import { createHttpTerminator } from 'http-terminator';
import Rollbar from 'rollbar';
import * as swagger from 'swagger-ui-express';
import { config } from './config';
import { contract } from './contract';
import { sequelize } from './database';
import { work } from './jobs';
import { router } from './routes';

const rollbar = new Rollbar({ accessToken: config.rollbar ?? 'none', enabled: Boolean(config.rollbar) });

async function main() {
  await sequelize.authenticate();
  await work();
  const app = express();
  app.use(helmet(), cors(), express.json());
  if (config.issuer) {
    const { auth } = await import('express-openid-connect');
    app.use(auth({ issuerBaseURL: config.issuer, authRequired: false }));
  }
  app.get('/health', (request, response) => { response.send('up'); });
  app.use('/docs', swagger.serve, swagger.setup(generateOpenApi(contract, { info: { title: 'B', version: '1' } })));
  app.post('/bookings/:id/pay', async (request, response) => {
    const paypal = await import('@paypal/checkout-server-sdk');
    const client = new paypal.core.PayPalHttpClient(new paypal.core.SandboxEnvironment('a', 'b'));
    response.json(await client.execute(new paypal.orders.OrdersCreateRequest()));
  });
  createExpressEndpoints(contract, router, app);
  app.get('/fail', () => { throw new Error('on purpose'); });
  app.use(rollbar.errorHandler());
  app.use((error, request, response, next) => { response.status(500).json({ error: error.message }); });
  const server = app.listen(config.port, config.host, () => console.log('ready'));
  const terminator = createHttpTerminator({ server });
  process.on('SIGTERM', () => terminator.terminate().then(() => process.exit(0)));
}
main();
""",
    },
    prepare=COMPILED,
    asks=tuple(
        f"http://127.0.0.1:10811/{path}"
        for path in ("health", "rooms", "docs/", "bookings/1/calendar", "bookings/x/calendar", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:10811/bookings", '{"room": 1, "phone": "030 12345678", "starts": "2027-01-01T10:00:00Z"}'),
        ("http://127.0.0.1:10811/bookings", '{"room": 1, "phone": "1", "starts": "2027-01-01T10:00:00Z"}'),
        ("http://127.0.0.1:10811/bookings", "{}"),
    ),
    seconds=35,
)

DEPOT = Recipe(
    name="stash",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10812", "STORAGE": "/tmp/depot"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "--max-old-space-size=512", "src/server.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "depot", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node src/server.js", "test": "node --test"},
  "dependencies": {"express": "^5", "@tus/server": "^2", "@tus/file-store": "^2", "@tus/s3-store": "^2",
    "busboy": "^1", "mime-types": "^3", "music-metadata": "^11", "probe-image-size": "^7", "sanitize-filename": "^1",
    "yazl": "^3", "papaparse": "^5", "hot-shots": "^11", "winston": "^3", "winston-loki": "^6", "minio": "^8",
    "@aws-sdk/lib-storage": "^3", "@aws-sdk/client-s3": "^3", "express-oauth2-jwt-bearer": "^1", "p-limit": "^6",
    "on-finished": "^2", "range-parser": "^1", "clamscan": "^2", "hash-wasm": "^4", "pretty-bytes": "^7",
    "jszip": "^3", "iconv-lite": "^0.6", "chokidar": "^4", "node-stream-zip": "^1"},
  "devDependencies": {"c8": "^10", "supertest": "^7"}
}
""",
        "app/src/server.js": """import fs from 'node:fs/promises';
import express from 'express';
import { auth } from 'express-oauth2-jwt-bearer';
import onFinished from 'on-finished';
import { files } from './files.js';
import { log } from './log.js';
import { metrics } from './metrics.js';
import { tus } from './tus.js';

await fs.mkdir(process.env.STORAGE, { recursive: true });
const app = express();
app.disable('x-powered-by');
app.use((request, response, next) => {
  const begun = Date.now();
  onFinished(response, () => metrics.timing('request', Date.now() - begun, [`status:${response.statusCode}`]));
  next();
});
app.get('/health', (request, response) => response.json({ up: process.uptime() }));
if (process.env.ISSUER) app.use(auth({ issuerBaseURL: process.env.ISSUER, audience: 'depot' }));
app.all('/uploads{/*rest}', (request, response) => tus.handle(request, response));
app.use('/files', files);
app.get('/fail', () => { throw new Error('on purpose'); });
app.use((error, request, response, next) => {
  log.error(error.message, { path: request.path });
  response.status(error.status ?? 500).json({ error: error.message });
});
const server = app.listen(Number(process.env.PORT), '127.0.0.1', () => log.info('ready'));
process.once('SIGTERM', () => server.close(() => process.exit(0)));
""",
        "app/src/log.js": """import winston from 'winston';

const transports = [new winston.transports.Console()];
if (process.env.LOKI) {
  const { default: Loki } = await import('winston-loki');
  transports.push(new Loki({ host: process.env.LOKI }));
}
export const log = winston.createLogger({ level: process.env.LOG_LEVEL ?? 'info', transports });
""",
        "app/src/metrics.js": """import { StatsD } from 'hot-shots';

export const metrics = new StatsD({ prefix: 'depot.', errorHandler: () => {}, mock: !process.env.STATSD });
""",
        "app/src/tus.js": """import { FileStore } from '@tus/file-store';
import { EVENTS, Server } from '@tus/server';
import { log } from './log.js';

async function store() {
  if (!process.env.BUCKET) return new FileStore({ directory: process.env.STORAGE });
  const { S3Store } = await import('@tus/s3-store');
  return new S3Store({ s3ClientConfig: { bucket: process.env.BUCKET, region: process.env.REGION } });
}
export const tus = new Server({ path: '/uploads', datastore: await store(), maxSize: 50_000_000 });
tus.on(EVENTS.POST_FINISH, (request, response, upload) => log.info('uploaded', { id: upload.id }));
""",
        "app/src/files.js": """import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { Router } from 'express';
import { createSHA256 } from 'hash-wasm';
import mime from 'mime-types';
import pLimit from 'p-limit';
import prettyBytes from 'pretty-bytes';
import sanitize from 'sanitize-filename';
import yazl from 'yazl';
import { describe } from './describe.js';
import { archive } from './storage.js';

const limit = pLimit(4);
const folder = process.env.STORAGE;
export const files = Router();

async function keep(stream, name) {
  const target = path.join(folder, sanitize(name));
  const hash = await createSHA256();
  stream.on('data', (chunk) => hash.update(chunk));
  await pipeline(stream, fs.createWriteStream(target));
  await archive(target);
  return { name, sha256: hash.digest('hex'), type: mime.lookup(name), ...await describe(target) };
}

files.post('/', (request, response, next) => {
  const kept = [];
  const form = busboy({ headers: request.headers, limits: { fileSize: 5_000_000 } });
  form.on('file', (field, stream, { filename }) => kept.push(limit(() => keep(stream, filename))));
  form.on('close', () => Promise.all(kept).then((all) => response.status(201).json(all), next));
  request.pipe(form);
});
files.get('/', async (request, response) => {
  const names = await fs.promises.readdir(folder);
  const sizes = await Promise.all(names.slice(0, 20).map((name) => fs.promises.stat(path.join(folder, name))));
  response.json(sizes.map(({ size }) => prettyBytes(size)));
});
files.get('/all.zip', async (request, response) => {
  const zip = new yazl.ZipFile();
  for (const name of await fs.promises.readdir(folder)) zip.addFile(path.join(folder, name), name);
  zip.end();
  zip.outputStream.pipe(response.type('zip'));
});
files.get('/:name', (request, response) => response.sendFile(sanitize(request.params.name), { root: folder }));
""",
        "app/src/describe.js": """import fs from 'node:fs';
import path from 'node:path';

const audio = async (file) => {
  const { parseFile } = await import('music-metadata');
  const { format } = await parseFile(file);
  return { seconds: format.duration };
};
const picture = async (file) => {
  const { default: probe } = await import('probe-image-size');
  return probe(fs.createReadStream(file));
};
const table = async (file) => {
  const { default: Papa } = await import('papaparse');
  return { rows: Papa.parse(await fs.promises.readFile(file, 'utf8'), { header: true }).data.length };
};
const kinds = { '.mp3': audio, '.wav': audio, '.png': picture, '.jpg': picture, '.csv': table };

export async function describe(file) {
  const kind = kinds[path.extname(file).toLowerCase()];
  return kind ? kind(file) : {};
}
""",
        "app/src/storage.js": """import fs from 'node:fs';
import path from 'node:path';

const backends = {
  async s3(file) {
    const { S3Client } = await import('@aws-sdk/client-s3');
    const { Upload } = await import('@aws-sdk/lib-storage');
    const params = { Bucket: process.env.BUCKET, Key: path.basename(file), Body: fs.createReadStream(file) };
    await new Upload({ client: new S3Client({}), params }).done();
  },
  async minio(file) {
    const { Client } = await import('minio');
    await new Client({ endPoint: process.env.MINIO }).fPutObject('depot', path.basename(file), file);
  },
  async none() {},
};
export const archive = (file) => backends[process.env.ARCHIVE ?? 'none'](file);
""",
    },
    prepare=INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10812/{path}"
        for path in ("health", "files", "files/one.csv", "files/all.zip", "uploads/none", "fail", "no")
    ),
    sends=(
        (
            "http://127.0.0.1:10812/files",
            '--one\r\nContent-Disposition: form-data; name="file"; filename="one.csv"\r\n'
            "Content-Type: text/csv\r\n\r\na,b\n1,2\n\r\n--one--\r\n",
        ),
        (
            "http://127.0.0.1:10812/files",
            '--one\r\nContent-Disposition: form-data; name="file"; filename="one.txt"\r\n\r\none\r\n--one--\r\n',
        ),
        ("http://127.0.0.1:10812/files", "a=1"),
        ("http://127.0.0.1:10812/uploads", "a=1"),
    ),
    seconds=25,
)

MEMBERS = Recipe(
    name="memberships",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE
    | {"PORT": "10813", "DATABASE": "/tmp/members.db", "BETTER_AUTH_SECRET": "one-secret-that-is-long-enough-for-it"},
    entrypoint=("tini", "--"),
    cmd=("node", "src/main.ts"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "memberships", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node src/main.ts", "check": "tsc --noEmit"},
  "dependencies": {"fastify": "^5", "better-auth": "^1", "fastify-type-provider-zod": "^6", "zod": "^4",
    "@fastify/secure-session": "^8", "@fastify/csrf-protection": "^7", "@fastify/accepts": "^5",
    "fastify-metrics": "^12",
    "nodemailer": "^8", "mjml": "^4", "@formatjs/intl": "^3", "@simplewebauthn/server": "^13", "otpauth": "^9",
    "@bugsnag/js": "^8", "twilio": "^5", "p-memoize": "^8", "ms": "^2", "pino-loki": "^2", "@node-rs/bcrypt": "^1",
    "@keyv/redis": "^4", "keyv": "^5", "fastify-graceful-shutdown": "^4", "ua-parser-js": "^2", "maxmind": "^4"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@types/nodemailer": "^7"}
}
""",
        "app/src/main.ts": """import { buildApp } from './app.ts';
import { environment } from './environment.ts';

const app = await buildApp();
await app.listen({ host: environment.HOST, port: environment.PORT });
""",
        "app/src/environment.ts": """import { z } from 'zod';

export const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().default(8080),
  DATABASE: z.string(),
  BUGSNAG: z.string().optional(),
  LOKI: z.url().optional(),
  TWILIO: z.string().optional(),
  REDIS_URL: z.string().optional(),
}).parse(process.env);
""",
        "app/src/app.ts": """import accepts from '@fastify/accepts';
import csrf from '@fastify/csrf-protection';
import session from '@fastify/secure-session';
import Fastify from 'fastify';
import gracefulShutdown from 'fastify-graceful-shutdown';
import metrics from 'fastify-metrics';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { environment } from './environment.ts';
import accounts from './routes/accounts.ts';
import factors from './routes/factors.ts';
import greetings from './routes/greetings.ts';

const transport = environment.LOKI ? { target: 'pino-loki', options: { host: environment.LOKI } } : undefined;

export async function buildApp() {
  const app = Fastify({ logger: { transport }, trustProxy: true }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  if (environment.BUGSNAG) {
    const { default: Bugsnag } = await import('@bugsnag/js');
    Bugsnag.start({ apiKey: environment.BUGSNAG });
  }
  await app.register(accepts);
  await app.register(session, { secret: 'one-secret-that-is-long-enough-for-it', salt: 'mq9hDxBVDbspDR6n' });
  await app.register(csrf, { sessionPlugin: '@fastify/secure-session' });
  await app.register(metrics.default ?? metrics, { endpoint: '/metrics' });
  await app.register(gracefulShutdown);
  await app.register(accounts, { prefix: '/api/auth' });
  await app.register(factors, { prefix: '/factors' });
  await app.register(greetings);
  app.get('/health', async () => ({ status: 'up' }));
  app.get('/fail', async () => { throw new Error('on purpose'); });
  return app;
}
""",
        "app/src/auth.ts": """import { DatabaseSync } from 'node:sqlite';
import bcrypt from '@node-rs/bcrypt';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { organization } from 'better-auth/plugins';
import { environment } from './environment.ts';
import { welcome } from './mails.ts';

const options = {
  database: new DatabaseSync(environment.DATABASE),
  baseURL: `http://127.0.0.1:${environment.PORT}`,
  emailAndPassword: {
    enabled: true,
    password: {
      hash: (password: string) => bcrypt.hash(password, 4),
      verify: ({ hash, password }: { hash: string, password: string }) => bcrypt.verify(password, hash),
    },
  },
  rateLimit: { enabled: false },
  plugins: [organization()],
  databaseHooks: { user: { create: { after: async (user: { email: string }) => welcome(user.email) } } },
};
await (await getMigrations(options)).runMigrations();
export const auth = betterAuth(options);
""",
        "app/src/mails.ts": """import fs from 'node:fs/promises';
import mjml2html from 'mjml';
import nodemailer from 'nodemailer';
import pMemoize from 'p-memoize';

const transport = nodemailer.createTransport(process.env.SMTP_URL ?? { jsonTransport: true });
const template = pMemoize(async (name: string) => {
  const source = await fs.readFile(new URL(`../mails/${name}.mjml`, import.meta.url), 'utf8');
  return mjml2html(source).html;
});

export async function welcome(to: string) {
  await transport.sendMail({ from: 'a@shop.example', to, subject: 'Welcome', html: await template('welcome') });
}

export async function text(to: string, body: string) {
  const { default: twilio } = await import('twilio');
  return twilio(process.env.TWILIO, process.env.TWILIO_TOKEN).messages.create({ to, body, from: '+49301' });
}
""",
        "app/src/routes/accounts.ts": """import type { FastifyInstance } from 'fastify';
import { auth } from '../auth.ts';

export default async function accounts(app: FastifyInstance) {
  app.route({
    method: ['GET', 'POST'],
    url: '/*',
    async handler(request, reply) {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) headers.append(name, String(value));
      headers.delete('content-length');
      const body = request.body ? JSON.stringify(request.body) : undefined;
      const asked = new Request(new URL(request.url, 'http://127.0.0.1'), { method: request.method, headers, body });
      const answer = await auth.handler(asked);
      reply.status(answer.status);
      answer.headers.forEach((value, name) => reply.header(name, value));
      return reply.send(answer.body ? await answer.text() : null);
    },
  });
}
""",
        "app/src/routes/factors.ts": """import { generateRegistrationOptions } from '@simplewebauthn/server';
import type { FastifyInstance } from 'fastify';
import ms from 'ms';
import { Secret, TOTP } from 'otpauth';
import { z } from 'zod';

export default async function factors(app: FastifyInstance) {
  app.get('/passkey', async () => generateRegistrationOptions({
    rpName: 'Members', rpID: 'shop.example', userName: 'a', timeout: ms('2m'),
  }));
  app.post('/code', { schema: { body: z.object({ secret: z.string().min(16) }) } }, async (request) => {
    const { secret } = request.body as { secret: string };
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    request.session.set('code', code);
    return { code };
  });
  app.get('/token', async (request, reply) => ({ token: reply.generateCsrf() }));
}
""",
        "app/src/routes/greetings.ts": """import { createIntl, createIntlCache } from '@formatjs/intl';
import type { FastifyInstance } from 'fastify';

const messages = {
  en: { hello: 'Hello, you have {count, plural, one {# message} other {# messages}}' },
  de: { hello: 'Hallo, {count, plural, one {# Nachricht} other {# Nachrichten}}' },
};
const cache = createIntlCache();

export default async function greetings(app: FastifyInstance) {
  app.get('/', async (request) => {
    const locale = request.language(['en', 'de']) || 'en';
    const intl = createIntl({ locale, messages: messages[locale] }, cache);
    return { hello: intl.formatMessage({ id: 'hello' }, { count: 3 }), today: intl.formatDate(new Date()) };
  });
  app.get('/devices', async (request) => {
    const { UAParser } = await import('ua-parser-js');
    return UAParser(request.headers['user-agent']);
  });
}
""",
        "app/mails/welcome.mjml": "<mjml><mj-body><mj-section><mj-column><mj-text>Welcome</mj-text>"
        '<mj-button href="http://shop.example">Go</mj-button></mj-column></mj-section></mj-body></mjml>\n',
        "app/tsconfig.json": '{"compilerOptions": {"module": "nodenext", "target": "es2024", "noEmit": true, '
        '"allowImportingTsExtensions": true, "erasableSyntaxOnly": true}, "include": ["src"]}\n',
    },
    prepare=INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10813/{path}"
        for path in (
            *("", "health", "metrics", "api/auth/ok", "api/auth/get-session", "factors/passkey", "factors/token"),
            *("devices", "fail", "no"),
        )
    ),
    sends=(
        (
            "http://127.0.0.1:10813/api/auth/sign-up/email",
            '{"name": "a", "email": "a@shop.example", "password": "one-long-word"}',
        ),
        (
            "http://127.0.0.1:10813/api/auth/sign-in/email",
            '{"email": "a@shop.example", "password": "one-long-word"}',
        ),
        ("http://127.0.0.1:10813/factors/code", '{"secret": "JBSWY3DPEHPK3PXP"}'),
        ("http://127.0.0.1:10813/factors/code", "{}"),
    ),
    seconds=25,
)

CITIZENS = Recipe(
    name="citizens",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10814", "NODE_OPTIONS": "--enable-source-maps", "CSRF": "off"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "citizens", "version": "1.0.0", "private": true,
  "scripts": {"build": "node esbuild.config.mjs", "start": "node $NODE_OPTIONS dist/server.js",
    "lint": "eslint . --cache", "typecheck": "tsc --noEmit"},
  "dependencies": {"express": "^5", "nunjucks": "^3", "govuk-frontend": "^5", "@ministryofjustice/frontend": "^5",
    "express-session": "^1", "connect-redis": "^8", "redis": "^4", "csrf-sync": "^4", "helmet": "^8",
    "compression": "^1", "http-errors": "^2", "passport": "^0.7", "passport-oauth2": "^1", "applicationinsights": "^2",
    "superagent": "^10", "jwt-decode": "^4", "bunyan": "^1", "bunyan-format": "^0.2", "express-prom-bundle": "^8",
    "prom-client": "^15", "nocache": "^4", "connect-flash": "^0.1", "agentkeepalive": "^4", "date-fns": "^4",
    "url-value-parser": "^2", "notifications-node-client": "^8", "class-validator": "^0.14", "i18next": "^25",
    "i18next-http-middleware": "^3", "i18next-fs-backend": "^2", "multer": "^2", "xlsx-populate": "^1"},
  "devDependencies": {"typescript": "^5", "esbuild": "^0.25", "esbuild-plugin-copy": "^2", "eslint": "^9",
    "@types/node": "^22", "@types/express": "^5", "jest": "^30"}
}
""",
        "app/esbuild.config.mjs": """import { build } from 'esbuild';
import { copy } from 'esbuild-plugin-copy';

await build({
  entryPoints: ['server.ts'], outdir: 'dist', bundle: true, platform: 'node', format: 'cjs', packages: 'external',
  sourcemap: true, minify: true,
  plugins: [copy({ resolveFrom: 'cwd', assets: [{ from: ['server/views/**/*'], to: ['dist/server/views'] }] })],
});
""",
        "app/server.ts": """import { initialise } from './server/telemetry';

initialise();
import('./server/app').then(async ({ createApp }) => {
  const { logger } = await import('./server/logger');
  createApp().listen(Number(process.env.PORT), '127.0.0.1', () => logger.info('ready'));
});
""",
        "app/server/telemetry.ts": """export function initialise() {
  if (!process.env.APPLICATIONINSIGHTS_CONNECTION_STRING) return;
  const insights = require('applicationinsights');
  insights.setup().setDistributedTracingMode(insights.DistributedTracingModes.AI_AND_W3C).start();
}
""",
        "app/server/logger.ts": """import bunyan from 'bunyan';
import bunyanFormat from 'bunyan-format';

const out = bunyanFormat({ outputMode: 'short', color: false });
export const logger = bunyan.createLogger({ name: 'citizens', stream: out, level: 'debug' });
""",
        "app/server/app.ts": """import path from 'node:path';
import compression from 'compression';
import flash from 'connect-flash';
import { csrfSync } from 'csrf-sync';
import express from 'express';
import promBundle from 'express-prom-bundle';
import session from 'express-session';
import helmet from 'helmet';
import createError from 'http-errors';
import noCache from 'nocache';
import passport from 'passport';
import { setUpNunjucks } from './nunjucks';
import { setUpLanguages } from './languages';
import { logger } from './logger';
import { signIn } from './sign-in';
import { store } from './store';
import { routes } from './routes';

export function createApp() {
  const app = express();
  app.use(promBundle({ includePath: true, metricsPath: '/metrics' }));
  app.get('/health', (request, response) => { response.json({ status: 'UP' }); });
  app.use(helmet(), compression());
  app.use('/assets', express.static(path.resolve('node_modules/govuk-frontend/dist/govuk/assets')));
  app.use('/assets', express.static(path.resolve('node_modules/@ministryofjustice/frontend/moj/assets')));
  app.use(session({ store: store(), secret: 'one', resave: false, saveUninitialized: true }));
  app.use(express.urlencoded({ extended: true }), flash(), noCache());
  setUpNunjucks(app);
  app.use(setUpLanguages());
  passport.use(signIn);
  app.use(passport.initialize(), passport.session());
  const csrf = csrfSync({ getTokenFromRequest: (request) => request.body._csrf });
  if (process.env.CSRF !== 'off') app.use(csrf.csrfSynchronisedProtection);
  app.use((request, response, next) => { response.locals.csrfToken = csrf.generateToken(request); next(); });
  app.get('/sign-in', passport.authenticate('oauth2'));
  app.use(routes());
  app.use((request, response, next) => next(createError(404, 'Not found')));
  app.use((error, request, response, next) => {
    logger.error(error.message);
    response.status(error.status ?? 500).render('pages/error', { message: error.message });
  });
  return app;
}
""",
        "app/server/nunjucks.ts": """import path from 'node:path';
import { format } from 'date-fns';
import nunjucks from 'nunjucks';

export function setUpNunjucks(app) {
  app.set('view engine', 'njk');
  const folders = ['dist/server/views', 'node_modules/govuk-frontend/dist', 'node_modules/@ministryofjustice/frontend'];
  const settings = { autoescape: true, express: app };
  const environment = nunjucks.configure(folders.map((folder) => path.resolve(folder)), settings);
  environment.addFilter('day', (date) => format(date, 'd MMMM yyyy'));
}
""",
        "app/server/languages.ts": """import i18next from 'i18next';
import Backend from 'i18next-fs-backend';
import { LanguageDetector, handle } from 'i18next-http-middleware';

export function setUpLanguages() {
  i18next.use(Backend).use(LanguageDetector).init({
    fallbackLng: 'en', preload: ['en', 'cy'], backend: { loadPath: 'locales/{{lng}}.json' },
  });
  return handle(i18next);
}
""",
        "app/server/store.ts": """import { RedisStore } from 'connect-redis';
import { MemoryStore } from 'express-session';
import { createClient } from 'redis';
import { logger } from './logger';

export function store() {
  if (!process.env.REDIS_HOST) return new MemoryStore();
  const client = createClient({ socket: { host: process.env.REDIS_HOST, tls: true } });
  client.on('error', (error) => logger.error(error));
  client.connect();
  return new RedisStore({ client });
}
""",
        "app/server/sign-in.ts": """import { jwtDecode } from 'jwt-decode';
import { Strategy } from 'passport-oauth2';

const base = process.env.AUTH_URL ?? 'http://auth.example';
const addresses = { authorizationURL: `${base}/authorize`, tokenURL: `${base}/token`, callbackURL: '/signed-in' };
export const signIn = new Strategy(
  { ...addresses, clientID: 'citizens', clientSecret: 'one', state: true },
  (token, refreshToken, parameters, profile, done) => done(null, { token, ...jwtDecode(token) }),
);
""",
        "app/server/clients.ts": """import { HttpAgent } from 'agentkeepalive';
import superagent from 'superagent';

const agent = new HttpAgent({ maxSockets: 20 });

export async function offices(postcode: string) {
  if (!process.env.OFFICES_URL) return [{ name: 'Leeds', postcode }];
  const answer = await superagent.get(`${process.env.OFFICES_URL}/offices`).query({ postcode }).agent(agent).retry(2);
  return answer.body;
}

export async function notify(mail: string) {
  const { NotifyClient } = await import('notifications-node-client');
  return new NotifyClient(process.env.NOTIFY_KEY).sendEmail('template', mail, {});
}
""",
        "app/server/routes.ts": """import { Router } from 'express';
import multer from 'multer';
import { notify, offices } from './clients';

export function routes() {
  const router = Router();
  router.get('/', (request, response) => response.render('pages/index', { today: new Date() }));
  router.get('/apply', (request, response) => response.render('pages/apply', { errors: request.flash('errors') }));
  router.post('/apply', async (request, response) => {
    if (!request.body.name) request.flash('errors', 'Enter a name');
    if (process.env.NOTIFY_KEY) await notify(request.body.mail);
    response.redirect('/apply');
  });
  router.get('/offices', async (request, response) => {
    response.render('pages/offices', { offices: await offices(String(request.query.postcode)) });
  });
  router.post('/evidence', multer({ storage: multer.memoryStorage() }).single('file'), async (request, response) => {
    const XlsxPopulate = require('xlsx-populate');
    const book = await XlsxPopulate.fromDataAsync(request.file!.buffer);
    response.json({ sheets: book.sheets().length });
  });
  router.get('/fail', () => { throw new Error('on purpose'); });
  return router;
}
""",
        "app/server/views/partials/layout.njk": """{% extends "govuk/template.njk" %}
{% from "moj/components/banner/macro.njk" import mojBanner %}
{% block header %}{{ mojBanner({ type: "information", text: t("title") }) }}{% endblock %}
""",
        "app/server/views/pages/index.njk": """{% extends "../partials/layout.njk" %}
{% from "govuk/components/button/macro.njk" import govukButton %}
{% block content %}<h1>{{ t("title") }}</h1><p>{{ today | day }}</p>
{{ govukButton({ text: t("start"), href: "/apply", isStartButton: true }) }}{% endblock %}
""",
        "app/server/views/pages/apply.njk": """{% extends "../partials/layout.njk" %}
{% from "govuk/components/input/macro.njk" import govukInput %}
{% from "govuk/components/error-summary/macro.njk" import govukErrorSummary %}
{% block content %}{% if errors.length %}{{ govukErrorSummary({ errorList: [{ text: errors[0] }] }) }}{% endif %}
<form method="post"><input type="hidden" name="_csrf" value="{{ csrfToken }}">
{{ govukInput({ label: { text: "Name" }, id: "name", name: "name" }) }}</form>{% endblock %}
""",
        "app/server/views/pages/offices.njk": """{% extends "../partials/layout.njk" %}
{% block content %}{% for office in offices %}<p>{{ office.name }}</p>{% endfor %}{% endblock %}
""",
        "app/server/views/pages/error.njk": '{% extends "../partials/layout.njk" %}\n'
        "{% block content %}<h1>{{ message }}</h1>{% endblock %}\n",
        "app/locales/en.json": '{"title": "Apply for it", "start": "Start now"}\n',
        "app/locales/cy.json": '{"title": "Gwneud cais", "start": "Dechrau nawr"}\n',
    },
    prepare=(
        *NODE,
        "hash -r",
        f"cd /app && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev && "
        "rm -rf server server.ts esbuild.config.mjs || exit 1",
    ),
    asks=tuple(
        f"http://127.0.0.1:10814/{path}"
        for path in (
            *("", "?lng=cy", "health", "apply", "offices?postcode=LS1", "metrics", "sign-in", "fail", "no"),
            "assets/images/favicon.svg",
        )
    ),
    sends=(
        ("http://127.0.0.1:10814/apply", "name=one"),
        (
            "http://127.0.0.1:10814/evidence",
            '--one\r\nContent-Disposition: form-data; name="file"; filename="one.txt"\r\n\r\none\r\n--one--\r\n',
        ),
    ),
    seconds=25,
)

NODE_SERVICES = (
    without_sources(BOOKINGS, "app/src/"),
    DEPOT,
    MEMBERS,
    without_sources(CITIZENS, "app/server", "app/esbuild"),
)
