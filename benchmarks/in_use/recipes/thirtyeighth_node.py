"""The thirty-eighth set's services of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_COMPILED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev || exit 1",
)

WHITEBOARD = Recipe(
    name="whiteboard",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "11301", "HOST": "127.0.0.1", "SESSION_SECRET": "one-long-secret-for-all-of-it"},
    entrypoint=("dumb-init", "--"),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "whiteboard", "version": "2.1.0", "private": true, "main": "server.js",
  "scripts": {"start": "node server.js", "dev": "nodemon server.js", "test": "mocha"},
  "dependencies": {"express": "^4", "socket.io": "^4", "@socket.io/redis-adapter": "^8", "@socket.io/admin-ui": "^0.5",
    "redis": "^4", "passport": "^0.7", "passport-local": "^1", "passport-google-oauth20": "^2",
    "express-session": "^1", "session-file-store": "^1", "connect-redis": "^7", "connect-flash": "^0.1",
    "bcryptjs": "^2", "nunjucks": "^3", "i18next": "^23", "i18next-http-middleware": "^3", "i18next-fs-backend": "^2",
    "compression": "^1", "serve-favicon": "^2", "express-validator": "^7", "method-override": "^3",
    "express-async-errors": "^3", "config": "^3", "js-yaml": "^4", "loglevel": "^1", "morgan": "^1",
    "rate-limiter-flexible": "^5", "sanitize-html": "^2", "qrcode": "^1", "archiver": "^7", "nedb-promises": "^6",
    "prom-client": "^15", "response-time": "^2", "on-headers": "^1", "@aws-sdk/client-s3": "^3", "web-push": "^3",
    "lodash": "^4", "moment": "^2", "uuid": "^9"},
  "devDependencies": {"nodemon": "^3", "mocha": "^10", "supertest": "^7", "socket.io-client": "^4"}
}
""",
        "app/config/default.yaml": """log: info
board: {limit: 200, title: Whiteboard}
storage: {bucket: null}
""",
        "app/config/production.yaml": "board: {limit: 500}\n",
        "app/config/custom-environment-variables.yaml": """port: PORT
host: HOST
redis: REDIS_URL
google: {id: GOOGLE_ID, secret: GOOGLE_SECRET}
storage: {bucket: BUCKET}
push: {public: VAPID_PUBLIC, private: VAPID_PRIVATE}
""",
        "app/server.js": """const http = require('http');
const config = require('config');
const log = require('loglevel');
const createApp = require('./app');
const sockets = require('./lib/sockets');

log.setLevel(config.get('log'));

async function main() {
  const { app, session } = await createApp();
  const server = http.createServer(app);
  await sockets(server, session);
  server.listen(Number(config.get('port')), config.get('host'), () => log.info('listening on', config.get('port')));
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => server.close(() => process.exit(0)));
}

main().catch((error) => {
  log.error(error);
  process.exit(1);
});
""",
        "app/app.js": """require('express-async-errors');
const path = require('path');
const express = require('express');
const session = require('express-session');
const compression = require('compression');
const flash = require('connect-flash');
const i18next = require('i18next');
const Backend = require('i18next-fs-backend');
const i18nHttp = require('i18next-http-middleware');
const methodOverride = require('method-override');
const morgan = require('morgan');
const nunjucks = require('nunjucks');
const responseTime = require('response-time');
const config = require('config');
const passport = require('./lib/passport');
const metrics = require('./lib/metrics');
const store = require('./lib/store');

module.exports = async function createApp() {
  const app = express();
  app.set('trust proxy', 1);
  nunjucks.configure(path.join(__dirname, 'views'), { express: app, autoescape: true });
  await i18next.use(Backend).use(i18nHttp.LanguageDetector).init({
    fallbackLng: 'en', preload: ['en', 'de'],
    backend: { loadPath: path.join(__dirname, 'locales/{{lng}}.json') },
  });
  const sessions = session({
    secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false, store: await store(session),
  });
  app.use(morgan('combined'), responseTime(metrics.observe), compression());
  app.use('/static', express.static(path.join(__dirname, 'public'), { maxAge: '1h' }));
  app.use(express.json(), express.urlencoded({ extended: true }), methodOverride('_method'));
  app.use(sessions, flash(), passport.initialize(), passport.session(), i18nHttp.handle(i18next));
  app.get('/metrics', metrics.handler);
  app.get('/health', (req, res) => res.json({ status: 'ok', title: config.get('board.title') }));
  app.use('/account', require('./routes/account'));
  app.use('/boards', require('./routes/boards'));
  app.get('/', (req, res) => res.render('index.njk', { t: req.t, user: req.user, messages: req.flash('error') }));
  app.use((req, res) => res.status(404).render('error.njk', { t: req.t, message: 'not found' }));
  app.use((error, req, res, next) => {
    if (res.headersSent) return next(error);
    res.status(error.status || 500).json({ error: error.message });
  });
  return { app, session: sessions };
};
""",
        "app/lib/store.js": """const config = require('config');

module.exports = async function store(session) {
  if (config.has('redis')) {
    const { createClient } = require('redis');
    const RedisStore = require('connect-redis').default;
    const client = createClient({ url: config.get('redis') });
    await client.connect();
    return new RedisStore({ client });
  }
  const FileStore = require('session-file-store')(session);
  return new FileStore({ path: '/tmp/sessions', logFn() {} });
};
""",
        "app/lib/passport.js": """const passport = require('passport');
const { Strategy: LocalStrategy } = require('passport-local');
const bcrypt = require('bcryptjs');
const config = require('config');
const { users } = require('./database');

passport.use(new LocalStrategy({ usernameField: 'email' }, async (email, password, done) => {
  const user = await users.findOne({ email });
  if (!user || !(await bcrypt.compare(password, user.hash))) return done(null, false, { message: 'wrong' });
  return done(null, user);
}));

if (config.has('google.id')) {
  const { Strategy: GoogleStrategy } = require('passport-google-oauth20');
  passport.use(new GoogleStrategy({
    clientID: config.get('google.id'), clientSecret: config.get('google.secret'), callbackURL: '/account/google/back',
  }, (access, refresh, profile, done) => done(null, { _id: profile.id })));
}

passport.serializeUser((user, done) => done(null, user._id));
passport.deserializeUser((id, done) => users.findOne({ _id: id }).then((user) => done(null, user), done));
module.exports = passport;
""",
        "app/lib/database.js": """const fs = require('fs');
const Datastore = require('nedb-promises');

fs.mkdirSync('/tmp/whiteboard', { recursive: true });
exports.users = Datastore.create('/tmp/whiteboard/users.db');
exports.boards = Datastore.create('/tmp/whiteboard/boards.db');
exports.users.ensureIndex({ fieldName: 'email', unique: true });
""",
        "app/lib/metrics.js": """const client = require('prom-client');

client.collectDefaultMetrics();
const seconds = new client.Histogram({ name: 'http_seconds', help: 'Duration', labelNames: ['method', 'code'] });

exports.observe = (req, res, time) => seconds.labels(req.method, String(res.statusCode)).observe(time / 1000);
exports.handler = async (req, res) => {
  res.set('Content-Type', client.register.contentType);
  res.end(await client.register.metrics());
};
""",
        "app/lib/sockets.js": """const { Server } = require('socket.io');
const config = require('config');
const sanitize = require('sanitize-html');
const { RateLimiterMemory } = require('rate-limiter-flexible');

const limiter = new RateLimiterMemory({ points: 50, duration: 1 });

module.exports = async function sockets(server, session) {
  const io = new Server(server, { cors: { origin: false } });
  io.engine.use(session);
  if (config.has('redis')) {
    const { createAdapter } = require('@socket.io/redis-adapter');
    const { createClient } = require('redis');
    const pub = createClient({ url: config.get('redis') });
    const sub = pub.duplicate();
    await Promise.all([pub.connect(), sub.connect()]);
    io.adapter(createAdapter(pub, sub));
  }
  if (process.env.ADMIN_UI) require('@socket.io/admin-ui').instrument(io, { auth: false });
  io.on('connection', (socket) => {
    socket.on('draw', async (stroke) => {
      await limiter.consume(socket.id);
      socket.broadcast.emit('draw', { ...stroke, label: sanitize(stroke.label || '') });
    });
  });
  return io;
};
""",
        "app/lib/archive.js": """const archiver = require('archiver');
const config = require('config');

exports.send = (board, res) => {
  const zip = archiver('zip', { zlib: { level: 6 } });
  res.attachment(`${board.slug}.zip`);
  zip.pipe(res);
  zip.append(JSON.stringify(board), { name: 'board.json' });
  return zip.finalize();
};

exports.keep = async (board) => {
  if (!config.get('storage.bucket')) return false;
  const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
  const command = { Bucket: config.get('storage.bucket'), Key: board.slug, Body: JSON.stringify(board) };
  await new S3Client({}).send(new PutObjectCommand(command));
  return true;
};
""",
        "app/lib/push.js": """const config = require('config');

exports.notify = async (subscription, text) => {
  if (!config.has('push.public')) return;
  const push = require('web-push');
  push.setVapidDetails('mailto:a@shop.example.com', config.get('push.public'), config.get('push.private'));
  await push.sendNotification(subscription, text);
};
""",
        "app/routes/account.js": """const { Router } = require('express');
const bcrypt = require('bcryptjs');
const { body, validationResult } = require('express-validator');
const passport = require('../lib/passport');
const { users } = require('../lib/database');

const router = Router();
const rules = [body('email').isEmail().normalizeEmail(), body('password').isLength({ min: 6 })];

router.get('/', (req, res) => res.render('account.njk', { t: req.t, user: req.user }));
router.post('/', rules, async (req, res) => {
  const errors = validationResult(req);
  if (!errors.isEmpty()) return res.status(422).json({ errors: errors.array() });
  const known = await users.findOne({ email: req.body.email });
  if (known) return res.status(409).json({ error: 'known' });
  const user = await users.insert({ email: req.body.email, hash: await bcrypt.hash(req.body.password, 6) });
  return res.status(201).json({ id: user._id });
});
router.post('/login', passport.authenticate('local', { successRedirect: '/account', failureRedirect: '/',
  failureFlash: true }));
router.post('/logout', (req, res, next) => req.logout((error) => (error ? next(error) : res.redirect('/'))));
module.exports = router;
""",
        "app/routes/boards.js": """const { Router } = require('express');
const QRCode = require('qrcode');
const sanitize = require('sanitize-html');
const { boards } = require('../lib/database');
const archive = require('../lib/archive');
const push = require('../lib/push');

const router = Router();

router.get('/', async (req, res) => {
  const all = await boards.find({}).sort({ made: -1 }).limit(10);
  res.format({ json: () => res.json(all), html: () => res.render('boards.njk', { t: req.t, boards: all }) });
});
router.post('/', async (req, res) => {
  const title = sanitize(req.body.title || '', { allowedTags: ['b', 'i'] });
  if (!title) return res.status(422).json({ error: 'title' });
  const board = await boards.insert({ title, slug: title.toLowerCase().replace(/[^a-z]+/g, '-'), made: Date.now() });
  await archive.keep(board);
  await push.notify({}, title);
  return res.status(201).json(board);
});
router.get('/:slug/code', async (req, res) => {
  res.type('svg').send(await QRCode.toString(`/boards/${req.params.slug}`, { type: 'svg' }));
});
router.get('/:slug/archive', async (req, res) => {
  const board = await boards.findOne({ slug: req.params.slug });
  if (!board) return res.status(404).json({ error: 'none' });
  return archive.send(board, res);
});
router.get('/:slug/fail', async () => { throw new Error('on purpose'); });
module.exports = router;
""",
        "app/views/base.njk": "<!doctype html>\n<title>{% block title %}Whiteboard{% endblock %}</title>\n"
        "{% block content %}{% endblock %}\n",
        "app/views/index.njk": '{% extends "base.njk" %}\n{% block content %}<h1>{{ t("welcome") }}</h1>'
        "{{ messages | join }}{% endblock %}\n",
        "app/views/account.njk": '{% extends "base.njk" %}\n{% block content %}<p>{{ t("account") }} '
        '{{ user.email or t("guest") }}</p>{% endblock %}\n',
        "app/views/boards.njk": '{% extends "base.njk" %}\n{% block content %}<ul>{% for board in boards %}'
        "<li>{{ board.title | safe }}</li>{% endfor %}</ul>{% endblock %}\n",
        "app/views/error.njk": '{% extends "base.njk" %}\n{% block content %}<p>{{ message }}</p>{% endblock %}\n',
        "app/locales/en.json": '{"welcome": "Welcome", "account": "Account", "guest": "guest"}\n',
        "app/locales/de.json": '{"welcome": "Willkommen", "account": "Konto", "guest": "Gast"}\n',
        "app/public/draw.js": "document.title = 'draw';\n",
    },
    prepare=(*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1"),
    asks=tuple(
        f"http://127.0.0.1:11301/{path}"
        for path in (
            *("", "health", "metrics", "account", "boards", "boards/one/code", "boards/one/archive", "boards/one/fail"),
            *("static/draw.js", "socket.io/?EIO=4&transport=polling", "socket.io/socket.io.js", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:11301/account", '{"email": "a@shop.example.com", "password": "one-two-three"}'),
        ("http://127.0.0.1:11301/account", "{}"),
        ("http://127.0.0.1:11301/account/login", "email=a%40shop.example.com&password=one-two-three"),
        ("http://127.0.0.1:11301/account/login", "email=a%40shop.example.com&password=no"),
        ("http://127.0.0.1:11301/boards", '{"title": "one"}'),
    ),
    seconds=30,
)

TIMESHEETS = Recipe(
    name="timesheets",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "11302", "DATABASE_URL": "file:/tmp/timesheets.db", "JWT_SECRET": "one-long-secret"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "--enable-source-maps", "dist/server.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "timesheets", "version": "1.4.0", "private": true, "type": "module",
  "scripts": {"build": "tsup", "start": "node dist/server.js", "dev": "tsx watch src/server.ts"},
  "dependencies": {"@trpc/server": "^11", "express": "^5", "cors": "^2", "superjson": "^2", "zod": "^4",
    "drizzle-orm": "^0.44", "@libsql/client": "^0.15", "jose": "^6", "date-fns": "^4", "date-fns-tz": "^3",
    "exceljs": "^4", "@paralleldrive/cuid2": "^2", "trpc-to-openapi": "^3", "@t3-oss/env-core": "^0.13",
    "dotenv": "^17", "consola": "^3", "p-queue": "^8", "ofetch": "^1", "hono-rate-limiter": "^0.4", "ws": "^8",
    "postgres": "^3", "resend": "^4", "posthog-node": "^4", "@sentry/node": "^9", "stripe": "^18", "lru-cache": "^11",
    "papaparse": "^5", "tiny-invariant": "^1", "ts-pattern": "^5", "neverthrow": "^8", "remeda": "^2"},
  "devDependencies": {"tsup": "^8", "tsx": "^4", "typescript": "^5", "@types/node": "^22", "drizzle-kit": "^0.31",
    "vitest": "^3"}
}
""",
        "app/tsup.config.ts": """import { defineConfig } from 'tsup';

export default defineConfig({
  entry: ['src/server.ts'], format: ['esm'], target: 'node22', sourcemap: true, clean: true, splitting: true,
  noExternal: ['ts-pattern', 'tiny-invariant', 'remeda'],
});
""",
        "app/tsconfig.json": """{
  "compilerOptions": {"target": "es2022", "module": "esnext", "moduleResolution": "bundler", "strict": true,
    "skipLibCheck": true, "esModuleInterop": true},
  "include": ["src"]
}
""",
        "app/src/server.ts": """import { createExpressMiddleware } from '@trpc/server/adapters/express';
import cors from 'cors';
import express from 'express';
import { createOpenApiExpressMiddleware, generateOpenApiDocument } from 'trpc-to-openapi';
import { createContext } from './context';
import { migrate } from './database';
import { env } from './env';
import { exports } from './exports';
import { log } from './log';
import { router } from './router';

if (env.SENTRY_DSN) {
  const Sentry = await import('@sentry/node');
  Sentry.init({ dsn: env.SENTRY_DSN });
}
await migrate();
const app = express();
app.use(cors());
app.get('/healthz', (request, response) => { response.json({ ok: true }); });
app.use('/trpc', createExpressMiddleware({ router, createContext, onError: ({ error }) => log.warn(error.message) }));
app.use('/api', createOpenApiExpressMiddleware({ router, createContext } as never));
app.get('/openapi.json', (request, response) => {
  response.json(generateOpenApiDocument(router, { title: 'Timesheets', version: '1', baseUrl: '/api' }));
});
app.use('/exports', exports);
const server = app.listen(env.PORT, '127.0.0.1', () => log.success(`listening on ${env.PORT}`));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
""",
        "app/src/env.ts": """import 'dotenv/config';
import { createEnv } from '@t3-oss/env-core';
import { z } from 'zod';

export const env = createEnv({
  server: {
    PORT: z.coerce.number().default(3000),
    DATABASE_URL: z.string(),
    JWT_SECRET: z.string().min(8),
    SENTRY_DSN: z.string().optional(),
    RESEND_KEY: z.string().optional(),
    POSTHOG_KEY: z.string().optional(),
    STRIPE_KEY: z.string().optional(),
  },
  runtimeEnv: process.env,
  emptyStringAsUndefined: true,
});
""",
        "app/src/log.ts": "import { createConsola } from 'consola';\n\nexport const log = createConsola();\n",
        "app/src/context.ts": """import type { CreateExpressContextOptions } from '@trpc/server/adapters/express';
import { jwtVerify, SignJWT } from 'jose';
import { env } from './env';

const secret = new TextEncoder().encode(env.JWT_SECRET);

export const token = (name: string) =>
  new SignJWT({ name }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(secret);

export async function createContext({ req }: CreateExpressContextOptions) {
  const [, given] = (req.headers.authorization ?? '').split(' ');
  if (!given) return { name: null };
  const { payload } = await jwtVerify(given, secret).catch(() => ({ payload: {} as Record<string, unknown> }));
  return { name: (payload.name as string | undefined) ?? null };
}
export type Context = Awaited<ReturnType<typeof createContext>>;
""",
        "app/src/database.ts": """import { createClient } from '@libsql/client';
import { createId } from '@paralleldrive/cuid2';
import { drizzle } from 'drizzle-orm/libsql';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { env } from './env';

export const entries = sqliteTable('entries', {
  id: text('id').primaryKey().$defaultFn(createId),
  project: text('project').notNull(),
  minutes: integer('minutes').notNull(),
  at: integer('at', { mode: 'timestamp' }).notNull().$defaultFn(() => new Date()),
});
const client = createClient({ url: env.DATABASE_URL });
export const database = drizzle(client, { schema: { entries } });
export const migrate = () => client.execute(
  'create table if not exists entries (id text primary key, project text, minutes integer, at integer)');
""",
        "app/src/trpc.ts": """import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
import type { OpenApiMeta } from 'trpc-to-openapi';
import type { Context } from './context';

const t = initTRPC.meta<OpenApiMeta>().context<Context>().create({ transformer: superjson });
export const createRouter = t.router;
export const open = t.procedure;
export const signedIn = t.procedure.use(({ ctx, next }) => {
  if (!ctx.name) throw new TRPCError({ code: 'UNAUTHORIZED' });
  return next({ ctx: { name: ctx.name } });
});
""",
        "app/src/router.ts": """import { startOfWeek } from 'date-fns';
import { formatInTimeZone } from 'date-fns-tz';
import { desc } from 'drizzle-orm';
import { groupBy, mapValues, sumBy } from 'remeda';
import invariant from 'tiny-invariant';
import { match } from 'ts-pattern';
import { z } from 'zod';
import { token } from './context';
import { database, entries } from './database';
import { changed } from './notify';
import { createRouter, open, signedIn } from './trpc';

const Entry = z.object({ project: z.string().min(1), minutes: z.number().int().positive() });

export const router = createRouter({
  list: open.meta({ openapi: { method: 'GET', path: '/entries' } }).input(z.object({}).optional())
    .output(z.array(z.object({ project: z.string(), minutes: z.number() })))
    .query(() => database.select().from(entries).orderBy(desc(entries.at)).limit(5)),
  add: open.meta({ openapi: { method: 'POST', path: '/entries' } }).input(Entry).output(z.object({ id: z.string() }))
    .mutation(async ({ input }) => {
      const [entry] = await database.insert(entries).values(input).returning();
      invariant(entry, 'inserted');
      await changed(entry.project);
      return { id: entry.id };
    }),
  week: open.query(async () => {
    const all = await database.select().from(entries).limit(100);
    const hours = mapValues(groupBy(all, (entry) => entry.project), (some) => sumBy(some, (entry) => entry.minutes));
    const from = formatInTimeZone(startOfWeek(new Date()), 'Europe/Berlin', 'yyyy-MM-dd');
    const load = match(all.length).with(0, () => 'none').otherwise(() => 'some');
    return { from, hours, load };
  }),
  token: open.query(() => token('a')),
  me: signedIn.query(({ ctx }) => ({ name: ctx.name })),
});
""",
        "app/src/notify.ts": """import PQueue from 'p-queue';
import { env } from './env';
import { log } from './log';

const queue = new PQueue({ concurrency: 2 });

async function send(project: string) {
  if (env.RESEND_KEY) {
    const { Resend } = await import('resend');
    const mail = { from: 'a@shop.example.com', to: 'b@shop.example.com', subject: project, text: project };
    await new Resend(env.RESEND_KEY).emails.send(mail);
  }
  if (env.POSTHOG_KEY) {
    const { PostHog } = await import('posthog-node');
    new PostHog(env.POSTHOG_KEY).capture({ distinctId: 'a', event: 'entry' });
  }
  log.debug(project);
}
export const changed = (project: string) => queue.add(() => send(project));
""",
        "app/src/exports.ts": """import { Router } from 'express';
import Papa from 'papaparse';
import { database, entries } from './database';

export const exports = Router();
exports.get('/csv', async (request, response) => {
  response.type('csv').send(Papa.unparse(await database.select().from(entries).limit(50)));
});
exports.get('/xlsx', async (request, response) => {
  const { default: excel } = await import('exceljs');
  const book = new excel.Workbook();
  const sheet = book.addWorksheet('entries');
  sheet.addRows((await database.select().from(entries).limit(50)).map((entry) => [entry.project, entry.minutes]));
  response.type('xlsx').send(Buffer.from(await book.xlsx.writeBuffer()));
});
""",
    },
    prepare=_COMPILED,
    asks=tuple(
        f"http://127.0.0.1:11302/{path}"
        for path in (
            *("healthz", "trpc/list", "trpc/week", "trpc/token", "trpc/me", "api/entries", "openapi.json"),
            *("exports/csv", "exports/xlsx", "trpc/no", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:11302/api/entries", '{"project": "one", "minutes": 5}'),
        ("http://127.0.0.1:11302/trpc/add", '{"json": {"project": "two", "minutes": 7}}'),
        ("http://127.0.0.1:11302/api/entries", "{}"),
    ),
    seconds=25,
)

WARDROBE = Recipe(
    name="wardrobe",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE
    | {"PORT": "11303", "JWT_SECRET": "one-long-secret", "NODE_OPTIONS": "--max-old-space-size=512"},
    entrypoint=("tini", "--"),
    cmd=("node", "dist/main"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "wardrobe", "version": "0.9.0", "private": true,
  "scripts": {"build": "tsc -p tsconfig.json --noCheck", "start:prod": "node dist/main"},
  "dependencies": {"@nestjs/common": "^11", "@nestjs/core": "^11", "@nestjs/platform-fastify": "^11",
    "@nestjs/microservices": "^11", "@nestjs/config": "^4", "@nestjs/swagger": "^11", "@nestjs/schedule": "^6",
    "@nestjs/event-emitter": "^3", "@nestjs/axios": "^4", "axios": "^1", "@nestjs/passport": "^11",
    "@nestjs/jwt": "^11", "passport": "^0.7", "passport-jwt": "^4", "passport-http": "^0.3", "nestjs-cls": "^5",
    "nestjs-zod": "^5", "zod": "^4", "@fastify/static": "^10", "@fastify/cookie": "^11", "@fastify/compress": "^8",
    "@fastify/helmet": "^13", "reflect-metadata": "^0.2", "rxjs": "^7", "node-cron": "^3", "ioredis": "^5",
    "kafkajs": "^2", "amqplib": "^0.10", "ulid": "^3", "csv-stringify": "^6", "csv-parse": "^5", "mustache": "^4",
    "nodemailer": "^7", "slugify": "^1", "@willsoto/nestjs-prometheus": "^6", "prom-client": "^15", "keyv": "^5",
    "cacheable": "^1", "argon2": "^0.41", "nest-winston": "^1", "winston": "^3", "@grpc/grpc-js": "^1",
    "@grpc/proto-loader": "^0.7", "class-validator": "^0.14", "class-transformer": "^0.5", "ua-parser-js": "^1"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@nestjs/testing": "^11", "jest": "^29"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/src/main.ts": """import 'reflect-metadata';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { MicroserviceOptions, Transport } from '@nestjs/microservices';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { WINSTON_MODULE_NEST_PROVIDER } from 'nest-winston';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { AppModule } from './app.module';

async function bootstrap() {
  const adapter = new FastifyAdapter({ trustProxy: true });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, adapter, { bufferLogs: true });
  const config = app.get(ConfigService);
  app.useLogger(app.get(WINSTON_MODULE_NEST_PROVIDER));
  await app.register(helmet as never, { contentSecurityPolicy: false });
  await app.register(cookie as never, { secret: config.getOrThrow('JWT_SECRET') });
  await app.register(compress as never);
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Wardrobe').build());
  SwaggerModule.setup('docs', app, cleanupOpenApiDoc(document));
  const options = { host: '127.0.0.1', port: 11313 };
  app.connectMicroservice<MicroserviceOptions>({ transport: Transport.TCP, options });
  if (config.get('KAFKA')) {
    app.connectMicroservice<MicroserviceOptions>({
      transport: Transport.KAFKA, options: { client: { brokers: [config.get('KAFKA')!] } },
    });
  }
  app.enableShutdownHooks();
  await app.startAllMicroservices();
  await app.listen(config.getOrThrow<number>('PORT'), '127.0.0.1');
}
bootstrap();
""",
        "app/src/app.module.ts": """import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { APP_PIPE } from '@nestjs/core';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ScheduleModule } from '@nestjs/schedule';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { ClsModule } from 'nestjs-cls';
import { WinstonModule } from 'nest-winston';
import { ZodValidationPipe } from 'nestjs-zod';
import { ulid } from 'ulid';
import * as winston from 'winston';
import { AuthModule } from './auth/auth.module';
import { HealthController } from './health.controller';
import { PiecesModule } from './pieces/pieces.module';

const format = winston.format.combine(winston.format.timestamp(), winston.format.json());

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, cache: true }),
    ClsModule.forRoot({ global: true, middleware: { mount: true, generateId: true, idGenerator: () => ulid() } }),
    WinstonModule.forRoot({ transports: [new winston.transports.Console({ format })] }),
    EventEmitterModule.forRoot(),
    ScheduleModule.forRoot(),
    PrometheusModule.register(),
    HttpModule.register({ timeout: 1000 }),
    AuthModule,
    PiecesModule,
  ],
  controllers: [HealthController],
  providers: [{ provide: APP_PIPE, useClass: ZodValidationPipe }],
})
export class AppModule {}
""",
        "app/src/health.controller.ts": """import { HttpService } from '@nestjs/axios';
import { Controller, Get } from '@nestjs/common';
import { ClsService } from 'nestjs-cls';
import { firstValueFrom } from 'rxjs';

@Controller()
export class HealthController {
  constructor(private readonly cls: ClsService, private readonly http: HttpService) {}

  @Get('health')
  health() { return { up: true, request: this.cls.getId() }; }

  @Get('rates')
  async rates() {
    const answer = await firstValueFrom(this.http.get('http://127.0.0.1:11303/health'));
    return answer.data;
  }

  @Get('fail')
  fail() { throw new Error('on purpose'); }
}
""",
        "app/src/auth/auth.module.ts": """import { Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { AuthController } from './auth.controller';
import { JwtStrategy } from './jwt.strategy';

@Module({
  imports: [
    PassportModule,
    JwtModule.registerAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({ secret: config.get('JWT_SECRET'), signOptions: { expiresIn: '1h' } }),
    }),
  ],
  controllers: [AuthController],
  providers: [JwtStrategy],
})
export class AuthModule {}
""",
        "app/src/auth/jwt.strategy.ts": """import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor(config: ConfigService) {
    super({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: config.get('JWT_SECRET')! });
  }
  validate(payload: { sub: string }) { return { name: payload.sub }; }
}
""",
        "app/src/auth/auth.controller.ts": """import {
  Body, Controller, Get, Post, Req, UseGuards,
} from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import { AuthGuard } from '@nestjs/passport';
import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

class Login extends createZodDto(z.object({ name: z.string().min(1) })) {}

@Controller('auth')
export class AuthController {
  constructor(private readonly jwt: JwtService) {}

  @Post('login')
  async login(@Body() login: Login) { return { token: await this.jwt.signAsync({ sub: login.name }) }; }

  @Get('me')
  @UseGuards(AuthGuard('jwt'))
  me(@Req() request: { user: unknown }) { return request.user; }
}
""",
        "app/src/pieces/piece.ts": """import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

export class NewPiece extends createZodDto(z.object({ name: z.string().min(1), size: z.enum(['s', 'm', 'l']) })) {}
export interface Piece { id: string; name: string; slug: string; size: string }
""",
        "app/src/pieces/pieces.module.ts": """import { Module } from '@nestjs/common';
import { ClientsModule, Transport } from '@nestjs/microservices';
import { makeCounterProvider } from '@willsoto/nestjs-prometheus';
import { PiecesController } from './pieces.controller';
import { PiecesService } from './pieces.service';
import { Mailer } from './mailer';

@Module({
  imports: [ClientsModule.register([
    { name: 'COUNTER', transport: Transport.TCP, options: { host: '127.0.0.1', port: 11313 } },
  ])],
  controllers: [PiecesController],
  providers: [PiecesService, Mailer, makeCounterProvider({ name: 'pieces_total', help: 'Pieces' })],
})
export class PiecesModule {}
""",
        "app/src/pieces/pieces.service.ts": """import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { Cron, CronExpression } from '@nestjs/schedule';
import { InjectMetric } from '@willsoto/nestjs-prometheus';
import { Cacheable } from 'cacheable';
import type { Counter } from 'prom-client';
import slugify from 'slugify';
import { ulid } from 'ulid';
import { NewPiece, Piece } from './piece';

@Injectable()
export class PiecesService {
  private readonly logger = new Logger(PiecesService.name);
  private readonly cache = new Cacheable({ ttl: '1m' });
  private readonly pieces: Piece[] = [];

  constructor(
    private readonly events: EventEmitter2,
    @InjectMetric('pieces_total') readonly counter: Counter<string>,
  ) {}

  async list() {
    const known = await this.cache.get<Piece[]>('all');
    if (known) return known;
    const all = this.pieces.slice(-5);
    await this.cache.set('all', all, '1s');
    return all;
  }

  add(given: NewPiece) {
    const piece = { id: ulid(), slug: slugify(given.name, { lower: true }), ...given };
    this.pieces.push(piece);
    this.counter.inc();
    this.events.emit('piece.added', piece);
    return piece;
  }

  count() { return this.pieces.length; }

  @Cron(CronExpression.EVERY_5_SECONDS)
  tidy() { this.logger.log(`${this.pieces.splice(0, this.pieces.length - 100).length} removed`); }
}
""",
        "app/src/pieces/mailer.ts": """import { Injectable } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { OnEvent } from '@nestjs/event-emitter';
import * as Mustache from 'mustache';
import { Piece } from './piece';

@Injectable()
export class Mailer {
  constructor(private readonly config: ConfigService) {}

  @OnEvent('piece.added', { async: true })
  async added(piece: Piece) {
    const text = Mustache.render('New: {{name}} ({{size}})', piece);
    if (!this.config.get('SMTP_URL')) return;
    const { createTransport } = await import('nodemailer');
    await createTransport(this.config.get('SMTP_URL')).sendMail({ to: 'a@shop.example.com', text });
  }
}
""",
        "app/src/pieces/pieces.controller.ts": """import {
  Body, Controller, Get, Header, Inject, Post,
} from '@nestjs/common';
import { ClientProxy, MessagePattern } from '@nestjs/microservices';
import { stringify } from 'csv-stringify/sync';
import { firstValueFrom } from 'rxjs';
import { NewPiece } from './piece';
import { PiecesService } from './pieces.service';

@Controller('pieces')
export class PiecesController {
  constructor(private readonly pieces: PiecesService, @Inject('COUNTER') private readonly counter: ClientProxy) {}

  @Get()
  list() { return this.pieces.list(); }

  @Post()
  add(@Body() piece: NewPiece) { return this.pieces.add(piece); }

  @Get('count')
  async count() { return { count: await firstValueFrom(this.counter.send('count', {})) }; }

  @Get('export')
  @Header('content-type', 'text/csv')
  async export() { return stringify(await this.pieces.list(), { header: true }); }

  @MessagePattern('count')
  counted() { return this.pieces.count(); }
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(
        f"http://127.0.0.1:11303/{path}"
        for path in (
            *("health", "rates", "metrics", "docs", "docs-json", "auth/me", "pieces", "pieces/count", "pieces/export"),
            *("fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:11303/pieces", '{"name": "Red coat", "size": "m"}'),
        ("http://127.0.0.1:11303/pieces", "{}"),
        ("http://127.0.0.1:11303/auth/login", '{"name": "a"}'),
    ),
    seconds=25,
)

NODE_SERVICES = (WHITEBOARD, TIMESHEETS, WARDROBE)
