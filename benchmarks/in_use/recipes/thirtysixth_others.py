"""The thirty-sixth set's worker and GraphQL service of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")

LETTERS = Recipe(
    name="letters",
    packages=(*_TOOLS, "redis-server"),
    env=PRODUCTION_NODE | {"REDIS_URL": "redis://127.0.0.1:6379", "OUT": "/tmp/letters", "METRICS_PORT": "10834"},
    entrypoint=("/app/bin/entrypoint.sh",),
    cmd=("node", "worker.js"),
    files=HOSTS
    | {
        "app/bin/entrypoint.sh": """#!/bin/sh
set -e
redis-server --port 6379 --daemonize yes --dir /tmp --save ''
mkdir -p "$OUT"
exec "$@"
""",
        "app/package.json": """{
  "name": "letters", "version": "1.0.3", "private": true,
  "scripts": {"start": "node worker.js", "test": "tap"},
  "dependencies": {"ioredis": "^5", "redlock": "5.0.0-beta.2", "workerpool": "^9", "fastq": "^1", "juice": "^11",
    "html-to-text": "^9", "nodemailer": "^7", "docx": "^9", "docxtemplater": "^3", "pizzip": "^3", "pngjs": "^7",
    "jpeg-js": "^0.4", "bwip-js": "^4", "mustache": "^4", "node-html-parser": "^7", "backoff": "^2", "yaml": "^2",
    "rc": "^1", "pino": "^9", "on-exit-leak-free": "^2", "prom-client": "^15", "polka": "^0.5", "sirv": "^2",
    "@azure/storage-queue": "^12", "ssh2": "^1", "snowflake-sdk": "^1", "honeycomb-beeline": "^4", "ibantools": "^4",
    "written-number": "^0.11", "to-words": "^4", "camelcase": "^6", "traverse": "^0.6", "flat": "^5", "tmp": "^0.2",
    "xlsx": "^0.18", "pdf2json": "^3", "cron-validate": "^1", "throng": "^5"},
  "devDependencies": {"tap": "^21"}
}
""",
        "app/.lettersrc": '{"group": "letters", "idle": 400, "concurrency": 2, "from": "letters@shop.example"}\n',
        "app/templates/reminder.html": """<style>h1 { color: #333 } .due { font-weight: bold }</style>
<h1>Reminder {{number}}</h1><p>Dear {{name}}, <span class=due>{{words}}</span> are due.</p>
""",
        "app/templates/texts.yml": "reminder: {subject: A reminder}\nreceipt: {subject: Your receipt}\n",
        "app/worker.js": """const { HONEYCOMB_KEY: writeKey } = process.env;
if (writeKey) require('honeycomb-beeline')({ writeKey });
const settings = require('./lib/settings');
const log = require('./lib/log');
const metrics = require('./lib/metrics');
const { consume, stop } = require('./lib/stream');
const { handle, close } = require('./lib/handlers');
const { feed } = require('./lib/feed');

async function main() {
  metrics.serve();
  await feed();
  await consume(settings, handle);
}

process.on('SIGTERM', async () => {
  stop();
  await close();
  process.exit(0);
});
main().catch((error) => {
  log.fatal(error);
  process.exit(1);
});
""",
        "app/lib/settings.js": """const rc = require('rc');

module.exports = rc('letters', { group: 'workers', stream: 'letters', concurrency: 1 });
""",
        "app/lib/log.js": """const pino = require('pino');

module.exports = pino({ level: process.env.LOG_LEVEL || 'info', base: { app: 'letters' } });
""",
        "app/lib/redis.js": """const Redis = require('ioredis');

exports.connect = () => new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
""",
        "app/lib/metrics.js": """const polka = require('polka');
const client = require('prom-client');

client.collectDefaultMetrics();
exports.done = new client.Counter({ name: 'letters_done', help: 'letters', labelNames: ['kind', 'ok'] });
exports.serve = () => {
  const app = polka();
  app.get('/metrics', async (req, res) => res.end(await client.register.metrics()));
  app.get('/health', (req, res) => res.end('up'));
  if (process.env.SHOW_FILES) app.use('/files', require('sirv')(process.env.OUT));
  app.listen(process.env.METRICS_PORT, '127.0.0.1');
};
""",
        "app/lib/feed.js": """const { flatten } = require('flat');
const { connect } = require('./redis');

const JOBS = [
  { kind: 'reminder', to: { name: 'One', mail: 'one@shop.example', iban: 'DE89370400440532013000' }, amount: 320 },
  { kind: 'letter', to: { name: 'Two', mail: 'two@shop.example' }, amount: 12 },
  { kind: 'label', to: { name: 'Three' }, code: '12345' },
  { kind: 'reminder', to: { name: 'Four', mail: 'no', iban: 'none' }, amount: 1 },
  { kind: 'none', to: { name: 'Five' } },
];

exports.feed = async () => {
  const redis = connect();
  for (const job of JOBS) await redis.xadd('letters', '*', 'job', JSON.stringify(flatten(job)));
  redis.disconnect();
};
""",
        "app/lib/stream.js": """const backoff = require('backoff');
const fastq = require('fastq');
const { unflatten } = require('flat');
const log = require('./log');
const metrics = require('./metrics');
const { connect } = require('./redis');

let running = true;
exports.stop = () => { running = false; };

const attempt = (task) => new Promise((resolve, reject) => {
  const tries = backoff.fibonacci({ initialDelay: 50, maxDelay: 200 });
  tries.failAfter(2);
  tries.on('ready', () => task().then(resolve, (error) => {
    log.warn(error.message);
    tries.backoff(error);
  }));
  tries.on('fail', reject);
  tries.backoff();
});

exports.consume = async (settings, handle) => {
  const redis = connect();
  await redis.xgroup('CREATE', settings.stream, settings.group, '0', 'MKSTREAM').catch(() => {});
  const queue = fastq.promise(async ([id, job]) => {
    const ok = await attempt(() => handle(job)).then(() => true, () => false);
    metrics.done.inc({ kind: job.kind, ok: String(ok) });
    await redis.xack(settings.stream, settings.group, id);
    log.info({ id, kind: job.kind, ok }, 'job');
  }, settings.concurrency);
  const reader = connect();
  while (running) {
    const read = await reader.xreadgroup('GROUP', settings.group, 'one', 'COUNT', 5, 'BLOCK', settings.idle,
      'STREAMS', settings.stream, '>');
    for (const [, entries] of read || []) {
      for (const [id, fields] of entries) queue.push([id, unflatten(JSON.parse(fields[1]))]);
    }
  }
};
""",
        "app/lib/handlers/index.js": """const path = require('path');
const { default: Redlock } = require('redlock');
const workerpool = require('workerpool');
const { connect } = require('../redis');

const kinds = { reminder: require('./reminder'), letter: require('./letter') };
const pool = workerpool.pool(path.join(__dirname, '../drawing.js'), { maxWorkers: 1, workerType: 'thread' });
const locks = new Redlock([connect()], { retryCount: 1 });

exports.handle = async (job) => {
  if (job.kind === 'label') return pool.exec('label', [job.code, process.env.OUT]);
  if (!kinds[job.kind]) throw new Error(`no kind ${job.kind}`);
  return locks.using([`lock:${job.to.name}`], 2000, () => kinds[job.kind](job));
};
exports.close = () => pool.terminate();
""",
        "app/lib/handlers/reminder.js": """const fs = require('fs');
const path = require('path');
const { isValidIBAN } = require('ibantools');
const Mustache = require('mustache');
const { ToWords } = require('to-words');
const YAML = require('yaml');
const { send } = require('../mail');

const folder = path.join(__dirname, '../../templates');
const texts = YAML.parse(fs.readFileSync(path.join(folder, 'texts.yml'), 'utf8'));
const template = fs.readFileSync(path.join(folder, 'reminder.html'), 'utf8');
const toWords = new ToWords({ localeCode: 'en-US' });

module.exports = async ({ to, amount }) => {
  if (!isValidIBAN(to.iban)) throw new Error('no account');
  const html = Mustache.render(template, { name: to.name, number: Date.now(), words: toWords.convert(amount) });
  await send({ to: to.mail, subject: texts.reminder.subject, html });
};
""",
        "app/lib/handlers/letter.js": """const fs = require('fs/promises');
const path = require('path');
const { Document, Packer, Paragraph } = require('docx');
const tmp = require('tmp');
const { archive } = require('../archive');

tmp.setGracefulCleanup();
module.exports = async ({ to, amount, template }) => {
  let content;
  if (template) {
    const PizZip = require('pizzip');
    const Docxtemplater = require('docxtemplater');
    const document = new Docxtemplater(new PizZip(await fs.readFile(template)));
    document.render({ to, amount });
    content = document.getZip().generate({ type: 'nodebuffer' });
  } else {
    const children = [new Paragraph(`Dear ${to.name}`), new Paragraph(`You owe ${amount}`)];
    content = await Packer.toBuffer(new Document({ sections: [{ children }] }));
  }
  const file = tmp.tmpNameSync({ postfix: '.docx' });
  await fs.writeFile(file, content);
  await archive(file, path.join(process.env.OUT, `${to.name}.docx`));
};
""",
        "app/lib/archive.js": """const fs = require('fs/promises');

exports.archive = async (file, target) => {
  if (process.env.SFTP_HOST) {
    const { Client } = require('ssh2');
    return new Promise((resolve, reject) => {
      const client = new Client();
      client.on('ready', () => client.sftp((error, sftp) => sftp.fastPut(file, target, resolve)));
      client.on('error', reject).connect({ host: process.env.SFTP_HOST });
    });
  }
  if (process.env.QUEUE) {
    const { QueueServiceClient } = require('@azure/storage-queue');
    await QueueServiceClient.fromConnectionString(process.env.QUEUE).getQueueClient('letters').sendMessage(target);
  }
  return fs.copyFile(file, target);
};
""",
        "app/lib/mail.js": """const { convert } = require('html-to-text');
const juice = require('juice');
const { parse } = require('node-html-parser');
const nodemailer = require('nodemailer');
const settings = require('./settings');
const log = require('./log');

const transport = process.env.SMTP_URL
  ? nodemailer.createTransport(process.env.SMTP_URL)
  : nodemailer.createTransport({ streamTransport: true, buffer: true });

exports.send = async ({ to, subject, html }) => {
  const styled = juice(html);
  const heading = parse(styled).querySelector('h1').textContent;
  const sent = await transport.sendMail({ from: settings.from, to, subject, html: styled, text: convert(styled) });
  log.info({ heading, bytes: sent.message.length }, 'mail');
};
""",
        "app/lib/drawing.js": """const fs = require('fs');
const path = require('path');
const bwip = require('bwip-js');
const { PNG } = require('pngjs');
const workerpool = require('workerpool');

async function label(code, out) {
  const drawn = await bwip.toBuffer({ bcid: 'code128', text: code });
  const image = PNG.sync.read(drawn);
  fs.writeFileSync(path.join(out, `${code}.png`), PNG.sync.write(image));
  return image.width;
}

async function photo(file) {
  return require('jpeg-js').decode(fs.readFileSync(file)).width;
}

workerpool.worker({ label, photo });
""",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10834/{path}" for path in ("health", "metrics", "no")),
    seconds=20,
)

CINEMA = Recipe(
    name="cinema",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10835", "APP_SECRET": "one"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "src/index.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "cinema", "version": "3.0.0", "private": true,
  "scripts": {"start": "node src/index.js", "dev": "ts-node-dev src/index.js", "test": "jest"},
  "dependencies": {"apollo-server-express": "^3", "apollo-server-core": "^3", "apollo-datasource": "^3",
    "apollo-datasource-rest": "^3", "apollo-server-plugin-response-cache": "^3", "express": "^4", "nexus": "^1",
    "graphql": "^16", "graphql-shield": "^7", "graphql-middleware": "^6", "graphql-rate-limit": "^3",
    "graphql-validation-complexity": "^0.4", "graphql-relay": "^0.10", "graphql-redis-subscriptions": "^2",
    "ioredis": "^5", "dataloader": "^2", "jsonwebtoken": "^8", "bcryptjs": "^2", "lokijs": "^1", "joi": "^17",
    "yup": "^0.32", "graphql-type-json": "^0.3", "cookie-parser": "^1", "cors": "^2", "helmet": "^5",
    "graphql-voyager": "^2", "pino-http": "^6", "pino": "^7", "knex": "^2", "objection": "^3", "mysql2": "^3",
    "@sentry/node": "^7", "cross-fetch": "^3", "graphql-tag": "^2", "lodash.get": "^4", "lodash.merge": "^4",
    "faker": "5.5.3", "inflection": "^1", "url-join": "^4", "wait-on": "^7"},
  "devDependencies": {"jest": "^29", "ts-node-dev": "^2"}
}
""",
        "app/src/index.js": """const http = require('http');
const log = require('./log');
const { createApp } = require('./server');

if (process.env.SENTRY_DSN) require('@sentry/node').init({ dsn: process.env.SENTRY_DSN });
createApp().then((app) => {
  const server = http.createServer(app).listen(process.env.PORT, '127.0.0.1', () => log.info('ready'));
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
});
""",
        "app/src/log.js": """module.exports = require('pino')({ level: process.env.LOG_LEVEL || 'info' });
""",
        "app/src/server.js": """const { ApolloServer } = require('apollo-server-express');
const { ApolloServerPluginCacheControl, ApolloServerPluginLandingPageDisabled } = require('apollo-server-core');
const responseCache = require('apollo-server-plugin-response-cache').default;
const cookieParser = require('cookie-parser');
const cors = require('cors');
const express = require('express');
const { createComplexityLimitRule } = require('graphql-validation-complexity');
const helmet = require('helmet');
const pinoHttp = require('pino-http');
const { createContext } = require('./context');
const log = require('./log');
const { schema } = require('./schema');
const { dataSources } = require('./sources');

exports.createApp = async () => {
  const app = express();
  app.use(pinoHttp({ logger: log }), helmet({ contentSecurityPolicy: false }), cors(), cookieParser());
  app.get('/health', (req, res) => res.json({ status: 'up' }));
  app.use('/rest', express.json(), require('./rest'));
  if (process.env.VOYAGER) {
    const { express: voyager } = require('graphql-voyager/middleware');
    app.use('/voyager', voyager({ endpointUrl: '/graphql' }));
  }
  const apollo = new ApolloServer({
    schema, dataSources, context: createContext, cache: 'bounded', csrfPrevention: true,
    validationRules: [createComplexityLimitRule(2000)],
    plugins: [ApolloServerPluginCacheControl({ defaultMaxAge: 1 }), responseCache(),
      ApolloServerPluginLandingPageDisabled()],
  });
  await apollo.start();
  apollo.applyMiddleware({ app, cors: false });
  app.use((req, res) => res.status(404).json({ error: 'none' }));
  return app;
};
""",
        "app/src/context.js": """const jwt = require('jsonwebtoken');
const get = require('lodash.get');
const { loaders } = require('./loaders');

exports.createContext = ({ req }) => {
  const token = get(req, 'cookies.token') || (req.headers.authorization || '').replace('Bearer ', '');
  let user = null;
  try {
    user = token ? jwt.verify(token, process.env.APP_SECRET) : null;
  } catch (error) {
    req.log.warn(error.message);
  }
  return { user, ip: req.ip, loaders: loaders() };
};
""",
        "app/src/db.js": """const bcrypt = require('bcryptjs');
const Loki = require('lokijs');
const { pluralize } = require('inflection');

const database = new Loki('cinema.db', { adapter: new Loki.LokiMemoryAdapter() });
const collection = (name) => database.addCollection(pluralize(name));
exports.films = collection('film');
exports.shows = collection('show');
exports.users = collection('user');
const one = exports.films.insert({ title: 'One', year: 1999 });
exports.films.insert({ title: 'Two', year: 2011 });
exports.shows.insert({ filmId: one.$loki, at: '2026-03-01T20:00', seats: 80 });
exports.users.insert({ name: 'one', password: bcrypt.hashSync('two', 4) });
exports.archive = () => {
  const knex = require('knex')({ client: 'mysql2', connection: process.env.ARCHIVE_URL });
  require('objection').Model.knex(knex);
  return knex;
};
""",
        "app/src/loaders.js": """const DataLoader = require('dataloader');
const db = require('./db');

exports.loaders = () => ({
  films: new DataLoader(async (ids) => ids.map((id) => db.films.get(id))),
  shows: new DataLoader(async (ids) => ids.map((filmId) => db.shows.find({ filmId }))),
});
""",
        "app/src/sources.js": """const { DataSource } = require('apollo-datasource');
const { RESTDataSource } = require('apollo-datasource-rest');
const urlJoin = require('url-join');
const db = require('./db');

class Films extends DataSource {
  initialize({ context }) { this.context = context; }

  search(text) { return db.films.find({ title: { $contains: text } }); }
}

class Ratings extends RESTDataSource {
  constructor() {
    super();
    this.baseURL = process.env.RATINGS_URL || 'http://127.0.0.1:10835/';
  }

  of(id) { return this.get(urlJoin('rest', 'ratings', String(id))); }
}

exports.dataSources = () => ({ films: new Films(), ratings: new Ratings() });
""",
        "app/src/rest.js": """const Joi = require('joi');
const router = require('express').Router();

const rating = Joi.object({ film: Joi.number().integer().required(), stars: Joi.number().min(1).max(5).required() });
router.get('/ratings/:id', (req, res) => res.json({ id: req.params.id, stars: 4 }));
router.post('/ratings', (req, res) => {
  const { error, value } = rating.validate(req.body);
  if (error) return res.status(422).json({ error: error.message });
  return res.status(201).json(value);
});
module.exports = router;
""",
        "app/src/permissions.js": """const { getGraphQLRateLimiter } = require('graphql-rate-limit');
const { allow, rule, shield } = require('graphql-shield');

const known = rule({ cache: 'contextual' })((parent, args, { user }) => Boolean(user));
const limiter = getGraphQLRateLimiter({ identifyContext: ({ ip }) => ip });
const limited = rule({ cache: 'no_cache' })(async (parent, args, context, info) =>
  (await limiter({ parent, args, context, info }, { max: 50, window: '10s' })) || true);

exports.permissions = shield({
  Query: { '*': limited, me: known },
  Mutation: { '*': allow, book: known },
}, { allowExternalErrors: true });
""",
        "app/src/events.js": """exports.createEvents = () => {
  if (process.env.REDIS_URL) {
    const Redis = require('ioredis');
    const { RedisPubSub } = require('graphql-redis-subscriptions');
    const connect = () => new Redis(process.env.REDIS_URL);
    return new RedisPubSub({ publisher: connect(), subscriber: connect() });
  }
  return { publish: async () => {} };
};
""",
        "app/src/schema/index.js": """const { applyMiddleware } = require('graphql-middleware');
const { connectionPlugin, fieldAuthorizePlugin, makeSchema } = require('nexus');
const { permissions } = require('../permissions');
const films = require('./films');
const users = require('./users');

const schema = makeSchema({
  types: [films, users], shouldGenerateArtifacts: false,
  plugins: [connectionPlugin(), fieldAuthorizePlugin()],
});
exports.schema = applyMiddleware(schema, permissions);
""",
        "app/src/schema/films.js": """const { connectionFromArray, toGlobalId } = require('graphql-relay');
const { arg, extendType, inputObjectType, intArg, nonNull, objectType, stringArg } = require('nexus');
const merge = require('lodash.merge');
const db = require('../db');
const { createEvents } = require('../events');

const events = createEvents();
exports.Film = objectType({
  name: 'Film',
  definition(t) {
    t.nonNull.id('id', { resolve: (film) => toGlobalId('Film', film.$loki) });
    t.nonNull.string('title');
    t.int('year');
    t.list.field('shows', { type: 'Show', resolve: (film, _, { loaders }) => loaders.shows.load(film.$loki) });
    t.int('stars', { resolve: async (film, _, { dataSources }) => (await dataSources.ratings.of(film.$loki)).stars });
  },
});
exports.Show = objectType({
  name: 'Show',
  definition(t) {
    t.string('at');
    t.int('seats');
    t.field('film', { type: 'Film', resolve: (show, _, { loaders }) => loaders.films.load(show.filmId) });
  },
});
exports.NewFilm = inputObjectType({
  name: 'NewFilm',
  definition(t) {
    t.nonNull.string('title');
    t.int('year');
  },
});
exports.FilmQueries = extendType({
  type: 'Query',
  definition(t) {
    t.connectionField('films', { type: 'Film', resolve: (_, args) => connectionFromArray(db.films.find(), args) });
    t.list.field('search', {
      type: 'Film', args: { text: nonNull(stringArg()) },
      resolve: (_, { text }, { dataSources }) => dataSources.films.search(text),
    });
  },
});
exports.FilmMutations = extendType({
  type: 'Mutation',
  definition(t) {
    t.field('addFilm', {
      type: 'Film', args: { film: nonNull(arg({ type: 'NewFilm' })) },
      resolve: async (_, { film }) => {
        const added = db.films.insert(merge({ year: 2026 }, film));
        await events.publish('FILM', added);
        return added;
      },
    });
    t.field('book', {
      type: 'Show', args: { show: nonNull(intArg()) },
      resolve: (_, { show }) => db.shows.get(show),
    });
  },
});
""",
        "app/src/schema/users.js": """const { AuthenticationError } = require('apollo-server-express');
const bcrypt = require('bcryptjs');
const jwt = require('jsonwebtoken');
const { extendType, nonNull, objectType, stringArg } = require('nexus');
const yup = require('yup');
const db = require('../db');

const shape = yup.object({ name: yup.string().min(2).required(), password: yup.string().required() });
exports.User = objectType({ name: 'User', definition: (t) => t.string('name') });
exports.UserQueries = extendType({
  type: 'Query',
  definition: (t) => t.field('me', { type: 'User', resolve: (_, args, { user }) => user }),
});
exports.UserMutations = extendType({
  type: 'Mutation',
  definition: (t) => t.string('login', {
    args: { name: nonNull(stringArg()), password: nonNull(stringArg()) },
    resolve: async (_, args) => {
      const { name, password } = await shape.validate(args);
      const user = db.users.findOne({ name });
      if (!user || !(await bcrypt.compare(password, user.password))) throw new AuthenticationError('no');
      return jwt.sign({ name }, process.env.APP_SECRET, { expiresIn: '1h' });
    },
  }),
});
""",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10835/{path}" for path in ("health", "rest/ratings/1", "graphql", "no")),
    sends=(
        (
            "http://127.0.0.1:10835/graphql",
            '{"query": "{ films(first: 2) { edges { node { id title stars shows { at film { title } } } } } }"}',
        ),
        ("http://127.0.0.1:10835/graphql", '{"query": "{ search(text: \\"O\\") { title } }"}'),
        ("http://127.0.0.1:10835/graphql", '{"query": "{ me { name } }"}'),
        (
            "http://127.0.0.1:10835/graphql",
            '{"query": "mutation { addFilm(film: {title: \\"Three\\"}) { title year } }"}',
        ),
        (
            "http://127.0.0.1:10835/graphql",
            '{"query": "mutation { login(name: \\"one\\", password: \\"two\\") }"}',
        ),
        ("http://127.0.0.1:10835/rest/ratings", '{"film": 1, "stars": 5}'),
    ),
    seconds=20,
)

NODE_OTHERS = (LETTERS, CINEMA)
