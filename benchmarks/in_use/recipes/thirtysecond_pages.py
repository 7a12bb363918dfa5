"""The thirty-second set's web applications of Node.js with pages, uploads and sockets, on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")
_WITH_DEVELOPMENT = (*NODE, "hash -r", f"cd /app && {NPM_CI} --include=dev || exit 1")
_PICTURE = (
    '--one\r\nContent-Disposition: form-data; name="title"\r\n\r\nred\r\n'
    '--one\r\nContent-Disposition: form-data; name="file"; filename="red.svg"\r\nContent-Type: image/svg+xml\r\n\r\n'
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40" fill="red"/></svg>\r\n'
    "--one--\r\n"
)
"""A picture as a form in a browser sends it."""

GALLERY = Recipe(
    name="gallery",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10611", "NEW_RELIC_LICENSE_KEY": "0" * 40},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "-r", "newrelic", "src/server.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "gallery", "version": "1.0.0", "private": true,
  "scripts": {"start": "node -r newrelic src/server.js", "dev": "nodemon src/server.js"},
  "dependencies": {"fastify": "^5", "@fastify/view": "^11", "eta": "^3", "@fastify/multipart": "^9", "sharp": "^0.34",
    "@fastify/static": "^8", "@fastify/formbody": "^8", "@fastify/etag": "^6", "@fastify/caching": "^9",
    "@fastify/sensible": "^6", "@fastify/schedule": "^6", "toad-scheduler": "^3", "newrelic": "^12", "exifr": "^7",
    "blurhash": "^2", "file-type": "^16", "env-schema": "^6", "mime": "^3", "p-map": "^4", "pino-http-print": "^3",
    "@aws-sdk/client-s3": "^3", "@aws-sdk/s3-request-presigner": "^3", "ejs": "^3", "heic-convert": "^2"},
  "devDependencies": {"nodemon": "^3", "tap": "^21"}
}
""",
        "app/newrelic.js": """'use strict';

exports.config = {
  app_name: ['gallery'],
  host: '127.0.0.1',
  logging: { level: 'info', filepath: 'stdout' },
  allow_all_headers: true,
  attributes: { exclude: ['request.headers.cookie'] },
};
""",
        "app/src/server.js": """const path = require('node:path');
const { Eta } = require('eta');
const Fastify = require('fastify');
const { AsyncTask, SimpleIntervalJob } = require('toad-scheduler');
const config = require('./config');
const { pictures, sweep } = require('./pictures');

const fastify = Fastify({ logger: { level: config.LOG_LEVEL }, bodyLimit: 5 << 20 });
fastify.register(require('@fastify/sensible'));
fastify.register(require('@fastify/etag'));
fastify.register(require('@fastify/caching'), { expiresIn: 60 });
fastify.register(require('@fastify/formbody'));
fastify.register(require('@fastify/multipart'), { limits: { files: 2 } });
fastify.register(require('@fastify/static'), { root: path.join(__dirname, '../public'), prefix: '/static/' });
fastify.register(require('@fastify/view'), { engine: { eta: new Eta() }, templates: path.join(__dirname, '../views') });
fastify.register(require('@fastify/schedule'));
fastify.register(pictures);
fastify.setNotFoundHandler((request, reply) => reply.code(404).view('absent.eta', { url: request.url }));
fastify.setErrorHandler((error, request, reply) => {
  request.log.error(error);
  return reply.code(error.statusCode ?? 500).view('failed.eta', { message: error.message });
});
fastify.ready().then(() => {
  const task = new AsyncTask('sweep', sweep, (error) => fastify.log.error(error));
  fastify.scheduler.addSimpleIntervalJob(new SimpleIntervalJob({ seconds: 3 }, task));
});
fastify.listen({ host: '127.0.0.1', port: config.PORT });
process.on('SIGTERM', () => fastify.close().then(() => process.exit(0)));
""",
        "app/src/config.js": """const { envSchema } = require('env-schema');

module.exports = envSchema({
  schema: {
    type: 'object', required: ['PORT'],
    properties: {
      PORT: { type: 'number' }, LOG_LEVEL: { type: 'string', default: 'info' }, BUCKET: { type: 'string', default: '' },
    },
  },
});
""",
        "app/src/pictures.js": """const { mkdir, readdir, stat, unlink, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { encode } = require('blurhash');
const exifr = require('exifr');
const FileType = require('file-type');
const mime = require('mime');
const pMap = require('p-map');
const sharp = require('sharp');
const config = require('./config');

const folder = '/tmp/pictures';
const all = [];

async function store(name, content) {
  if (config.BUCKET) {
    const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
    return new S3Client({}).send(new PutObjectCommand({ Bucket: config.BUCKET, Key: name, Body: content }));
  }
  await mkdir(folder, { recursive: true });
  return writeFile(path.join(folder, name), content);
}
async function added(content, title) {
  const type = await FileType.fromBuffer(content);
  const source = type?.ext === 'heic' ? await require('heic-convert')({ buffer: content, format: 'JPEG' }) : content;
  const image = sharp(source);
  const small = await pMap([16, 32], (width) => image.clone().resize(width).webp().toBuffer());
  const { data, info } = await image.clone().resize(8, 8).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const hash = encode(new Uint8ClampedArray(data), info.width, info.height, 3, 3);
  const exif = await exifr.parse(await image.clone().jpeg().toBuffer()).catch(() => null);
  await pMap(small, (one, place) => store(`${all.length}-${place}.webp`, one));
  all.push({ title, hash, exif, type: type?.mime ?? mime.getType('one.svg') });
  return all.at(-1);
}

exports.sweep = async () => {
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    if (Date.now() - (await stat(file)).mtimeMs > 9000) await unlink(file);
  }
};
exports.pictures = async (fastify) => {
  fastify.get('/', (request, reply) => reply.view('index.eta', { title: 'Gallery', all: all.slice(-5) }));
  fastify.get('/fail', () => { throw fastify.httpErrors.teapot('on purpose'); });
  fastify.post('/plain', (request) => request.body);
  fastify.post('/pictures', async (request, reply) => {
    const file = await request.file();
    if (!file) throw fastify.httpErrors.badRequest('no file');
    const picture = await added(await file.toBuffer(), file.fields.title?.value);
    return reply.code(201).send(picture);
  });
};
""",
        "app/views/index.eta": "<%~ include('head.eta', it) %>\n"
        "<% it.all.forEach((one) => { %><li><%= one.title %></li><% }) %>\n",
        "app/views/head.eta": "<h1><%= it.title %></h1>\n",
        "app/views/absent.eta": "<p>nothing at <%= it.url %></p>\n",
        "app/views/failed.eta": "<p><%= it.message %></p>\n",
        "app/public/site.css": "h1 { color: black }\n",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10611/{path}" for path in ("", "static/site.css", "fail", "no")),
    sends=(
        ("http://127.0.0.1:10611/pictures", _PICTURE),
        ("http://127.0.0.1:10611/pictures", "{}"),
        ("http://127.0.0.1:10611/plain", "a=1"),
    ),
    seconds=40,
)

CLUBHOUSE = Recipe(
    name="clubhouse",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10612", "DATABASE": "/tmp/clubhouse.db"},
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "clubhouse", "version": "1.0.0", "private": true,
  "scripts": {"start": "node ./bin/www", "dev": "nodemon ./bin/www", "test": "jest", "lint": "eslint ."},
  "dependencies": {"express": "^4", "ejs": "^3", "express-ejs-layouts": "^2", "express-session": "^1",
    "session-file-store": "^1", "connect-flash": "^0.1", "csrf-csrf": "^4", "cookie-parser": "^1", "morgan": "^1",
    "passport": "^0.7", "passport-local": "^1", "passport-google-oauth20": "^2", "bcryptjs": "^3", "debug": "^4",
    "method-override": "^3", "serve-favicon": "^2", "express-validator": "^7", "http-errors": "^2", "formidable": "^3",
    "moment": "^2", "sanitize-html": "^2", "marked": "^15", "slugify": "^1", "connect-redis": "^8", "redis": "^4",
    "stripe": "^17", "mongoose": "^8"},
  "devDependencies": {"nodemon": "^3", "jest": "^29", "supertest": "^7", "eslint": "^9", "prettier": "^3",
    "husky": "^9", "lint-staged": "^15"}
}
""",
        "app/bin/www": """#!/usr/bin/env node
const debug = require('debug')('clubhouse:server');
const http = require('http');
const app = require('../app');

const server = http.createServer(app);
server.listen(process.env.PORT || 3000, '127.0.0.1');
server.on('listening', () => debug('listening'));
process.on('SIGTERM', () => server.close());
""",
        "app/app.js": """const path = require('path');
const cookieParser = require('cookie-parser');
const flash = require('connect-flash');
const createError = require('http-errors');
const express = require('express');
const layouts = require('express-ejs-layouts');
const methodOverride = require('method-override');
const morgan = require('morgan');
const passport = require('passport');
const favicon = require('serve-favicon');
const session = require('./config/session');
require('./config/passport');

const app = express();
app.set('views', path.join(__dirname, 'views'));
app.set('view engine', 'ejs');
app.set('layout', 'layout');
app.use(layouts);
app.use(favicon(path.join(__dirname, 'public', 'favicon.ico')));
app.use(morgan('combined'));
app.use(express.urlencoded({ extended: true }));
app.use(methodOverride('_method'));
app.use(cookieParser('one'));
app.use(express.static(path.join(__dirname, 'public')));
app.use(session);
app.use(flash());
app.use(passport.initialize());
app.use(passport.session());
app.use('/', require('./routes/index'));
app.use('/events', require('./routes/events'));
app.use((req, res, next) => next(createError(404)));
app.use((err, req, res, next) => {
  res.status(err.status || 500).render('error', { title: 'Error', message: err.message });
});
module.exports = app;
""",
        "app/config/session.js": """const session = require('express-session');

function store() {
  if (process.env.REDIS_URL) {
    const { RedisStore } = require('connect-redis');
    const client = require('redis').createClient({ url: process.env.REDIS_URL });
    client.connect();
    return new RedisStore({ client });
  }
  const FileStore = require('session-file-store')(session);
  return new FileStore({ path: '/tmp/sessions' });
}
module.exports = session({ store: store(), secret: 'one', resave: false, saveUninitialized: true });
""",
        "app/config/passport.js": """const bcrypt = require('bcryptjs');
const passport = require('passport');
const { Strategy } = require('passport-local');

const members = [{ id: 1, name: 'a', word: bcrypt.hashSync('one', 4) }];
passport.use(new Strategy({ usernameField: 'name', passwordField: 'word' }, (name, word, done) => {
  const member = members.find((one) => one.name === name);
  if (!member || !bcrypt.compareSync(word, member.word)) return done(null, false, { message: 'no' });
  return done(null, member);
}));
passport.serializeUser((member, done) => done(null, member.id));
passport.deserializeUser((id, done) => done(null, members.find((one) => one.id === id)));
if (process.env.GOOGLE_ID) {
  const { Strategy: Google } = require('passport-google-oauth20');
  const { GOOGLE_ID: clientID, GOOGLE_SECRET: clientSecret } = process.env;
  passport.use(new Google({ clientID, clientSecret, callbackURL: '/' },
    (access, refresh, profile, done) => done(null, profile)));
}
""",
        "app/models/event.js": """const { DatabaseSync } = require('node:sqlite');

const database = new DatabaseSync(process.env.DATABASE);
database.exec('create table if not exists events (slug text, title text, body text, at text)');
module.exports = {
  all: () => database.prepare('select * from events order by rowid desc limit 5').all(),
  add: (event) => database.prepare('insert into events values (?, ?, ?, ?)').run(
    event.slug, event.title, event.body, event.at),
};
""",
        "app/routes/index.js": """const express = require('express');
const passport = require('passport');
const { doubleCsrf } = require('csrf-csrf');

const { generateCsrfToken, doubleCsrfProtection } = doubleCsrf({
  getSecret: () => 'one', getSessionIdentifier: (req) => req.session.id,
});
const router = express.Router();
router.get('/', (req, res) => {
  req.flash('info', 'hello');
  res.render('index', { title: 'Club', csrf: generateCsrfToken(req, res), messages: req.flash('info') });
});
const pages = { successRedirect: '/', failureRedirect: '/', failureFlash: true };
router.post('/login', passport.authenticate('local', pages));
router.post('/guarded', doubleCsrfProtection, (req, res) => res.sendStatus(204));
router.post('/pay', async (req, res) => {
  const stripe = require('stripe')(process.env.STRIPE);
  res.json(await stripe.checkout.sessions.create({ mode: 'payment' }));
});
module.exports = router;
""",
        "app/routes/events.js": """const express = require('express');
const { body, validationResult } = require('express-validator');
const formidable = require('formidable').default;
const { marked } = require('marked');
const moment = require('moment');
const sanitizeHtml = require('sanitize-html');
const slugify = require('slugify');
const events = require('../models/event');

const router = express.Router();
router.get('/', (req, res) => res.render('events', { title: 'Events', events: events.all(), moment }));
router.post('/', body('title').trim().notEmpty().escape(), (req, res) => {
  if (!validationResult(req).isEmpty()) {
    return res.status(422).render('error', { title: 'Events', message: 'no title' });
  }
  const { title, text = '' } = req.body;
  const html = sanitizeHtml(marked.parse(text));
  events.add({ slug: slugify(title, { lower: true }), title, body: html, at: moment().toISOString() });
  return res.redirect('/events');
});
router.post('/poster', (req, res, next) => {
  formidable({ uploadDir: '/tmp' }).parse(req)
    .then(([fields, files]) => res.json({ fields, count: files.file?.length }))
    .catch(next);
});
module.exports = router;
""",
        "app/views/layout.ejs": "<title><%= title %></title>\n<%- include('partials/menu') %>\n<%- body %>\n",
        "app/views/partials/menu.ejs": "<nav><a href='/events'>Events</a></nav>\n",
        "app/views/index.ejs": "<h1><%= title %></h1>\n<% messages.forEach((one) => { %><p><%= one %></p><% }) %>\n",
        "app/views/events.ejs": "<% events.forEach((one) => { %>\n"
        "<h2><%= one.title %> <%= moment(one.at).fromNow() %></h2>\n"
        "<%- one.body %>\n<% }) %>\n",
        "app/views/error.ejs": "<h1><%= message %></h1>\n",
        "app/public/favicon.ico": "icon\n",
        "app/public/stylesheets/style.css": "h1 { color: black }\n",
        "app/test/app.test.js": """const request = require('supertest');
const app = require('../app');

test('answers', () => request(app).get('/').expect(200));
""",
        "app/eslint.config.js": "module.exports = [{ rules: { semi: 'error' } }];\n",
    },
    prepare=_WITH_DEVELOPMENT,
    asks=tuple(
        f"http://127.0.0.1:10612/{path}" for path in ("", "events", "favicon.ico", "stylesheets/style.css", "no")
    ),
    sends=(
        ("http://127.0.0.1:10612/events", "title=One+event&text=**bold**"),
        ("http://127.0.0.1:10612/events", "title="),
        ("http://127.0.0.1:10612/login", "name=a&word=one"),
        ("http://127.0.0.1:10612/login", "name=a&word=no"),
        ("http://127.0.0.1:10612/guarded", "a=1"),
        ("http://127.0.0.1:10612/events/poster", _PICTURE),
    ),
    seconds=40,
)

COOKBOOK = Recipe(
    name="cookbook",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10613", "DATABASE": "/tmp/cookbook.db", "NODE_CONFIG_DIR": "/app/config"},
    entrypoint=("tini", "--"),
    cmd=("node", "server.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "cookbook", "version": "1.0.0", "private": true,
  "scripts": {"start": "node server.js", "migrate": "knex migrate:latest"},
  "dependencies": {"koa": "^2", "@koa/router": "^13", "@ladjs/koa-views": "^9", "pug": "^3", "koa-body": "^6",
    "koa-session": "^6", "koa-mount": "^4", "koa-static": "^5", "koa-conditional-get": "^3", "koa-etag": "^4",
    "koa-passport": "^6", "passport-custom": "^1", "@koa/multer": "^3", "multer": "^1", "objection": "^3", "knex": "^3",
    "libsql": "^0.5", "config": "^3", "koa-ratelimit": "^5", "koa-json-error": "^3", "log4js": "^6",
    "pluralize": "^8", "fraction.js": "^4", "rss": "^1", "pdf-lib": "^1", "pg": "^8", "@elastic/apm-rum": "^5",
    "elastic-apm-node": "^4"},
  "devDependencies": {"mocha": "^11", "chai": "^4", "nyc": "^17"}
}
""",
        "app/config/default.json": '{"title": "Cookbook", "limit": 900, "log": "info"}\n',
        "app/config/production.json": '{"log": "warn"}\n',
        "app/knexfile.js": """const Dialect = require('knex/lib/dialects/better-sqlite3');

class Libsql extends Dialect {
  _driver() { return require('libsql'); }
}
module.exports = {
  client: Libsql,
  connection: { filename: process.env.DATABASE },
  useNullAsDefault: true,
  migrations: { directory: `${__dirname}/migrations` },
};
""",
        "app/migrations/20260101000000_recipes.js": """\
exports.up = (knex) => knex.schema.createTable('recipes', (table) => {
  table.increments();
  table.string('name');
  table.string('amount');
});
exports.down = (knex) => knex.schema.dropTable('recipes');
""",
        "app/models/recipe.js": """const { Model } = require('objection');

class Recipe extends Model {
  static tableName = 'recipes';

  static jsonSchema = { type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } } };
}
module.exports = Recipe;
""",
        "app/server.js": """\
if (process.env.APM_URL) require('elastic-apm-node').start({ serverUrl: process.env.APM_URL });
const config = require('config');
const Knex = require('knex');
const log4js = require('log4js');
const { Model } = require('objection');

const categories = { default: { appenders: ['out'], level: config.log } };
log4js.configure({ appenders: { out: { type: 'stdout' } }, categories });
const knex = Knex(require('./knexfile'));
Model.knex(knex);
knex.migrate.latest().then(() => {
  const server = require('./app').listen(process.env.PORT, '127.0.0.1');
  log4js.getLogger().warn('ready');
  process.on('SIGTERM', () => server.close(() => log4js.shutdown(() => process.exit(0))));
});
""",
        "app/app.js": """const path = require('node:path');
const views = require('@ladjs/koa-views');
const config = require('config');
const Koa = require('koa');
const conditional = require('koa-conditional-get');
const etag = require('koa-etag');
const error = require('koa-json-error');
const mount = require('koa-mount');
const passport = require('koa-passport');
const ratelimit = require('koa-ratelimit');
const session = require('koa-session');
const serve = require('koa-static');
const { koaBody } = require('koa-body');
const { Strategy } = require('passport-custom');

passport.use('key', new Strategy((request, done) => done(null, request.headers['x-key'] ? { name: 'a' } : false)));
const app = new Koa();
app.keys = ['one'];
app.use(error());
app.use(ratelimit({ driver: 'memory', db: new Map(), duration: 60000, max: config.get('limit') }));
app.use(conditional()).use(etag());
app.use(session(app));
app.use(mount('/static', serve(path.join(__dirname, 'public'))));
app.use(async (ctx, next) => (ctx.path === '/recipes/picture' ? next() : koaBody()(ctx, next)));
app.use(passport.initialize()).use(passport.session());
app.use(views(path.join(__dirname, 'views'), { extension: 'pug', options: { title: config.get('title') } }));
app.use(require('./routes/recipes').routes());
module.exports = app;
""",
        "app/routes/recipes.js": """const Router = require('@koa/router');
const multer = require('@koa/multer');
const Fraction = require('fraction.js');
const passport = require('koa-passport');
const { PDFDocument } = require('pdf-lib');
const pluralize = require('pluralize');
const RSS = require('rss');
const Recipe = require('../models/recipe');

const router = new Router();
const upload = multer({ storage: multer.memoryStorage() });
const latest = () => Recipe.query().orderBy('id', 'desc').limit(5);
router.get('/', async (ctx) => {
  ctx.session.views = (ctx.session.views ?? 0) + 1;
  const all = await latest();
  await ctx.render('index', { all, count: pluralize('recipe', all.length, true), views: ctx.session.views });
});
router.get('/feed', async (ctx) => {
  const feed = new RSS({ title: 'Cookbook', site_url: 'http://shop.example', feed_url: 'http://shop.example/feed' });
  for (const one of await latest()) feed.item({ title: one.name, date: new Date(), url: 'http://shop.example/' });
  ctx.type = 'application/rss+xml';
  ctx.body = feed.xml();
});
router.get('/book.pdf', async (ctx) => {
  const pdf = await PDFDocument.create();
  pdf.addPage().drawText('Cookbook');
  ctx.type = 'application/pdf';
  ctx.body = Buffer.from(await pdf.save());
});
router.get('/mine', passport.authenticate('key', { session: false }), (ctx) => { ctx.body = ctx.state.user; });
router.get('/fail', (ctx) => ctx.throw(503, 'on purpose'));
router.post('/recipes', async (ctx) => {
  const { name, amount = 0.5 } = ctx.request.body;
  ctx.body = await Recipe.query().insert({ name, amount: new Fraction(amount).toFraction() });
  ctx.status = 201;
});
router.post('/recipes/picture', upload.single('file'), (ctx) => { ctx.body = { size: ctx.file.size }; });
module.exports = router;
""",
        "app/views/layout.pug": "doctype html\nhtml\n  head\n    title= title\n  body\n    block content\n",
        "app/views/index.pug": "extends layout\nblock content\n  h1= count\n  each one in all\n    +one\nmixin one\n"
        "  p a recipe\n",
        "app/public/site.css": "h1 { color: black }\n",
    },
    prepare=(
        *NODE,
        "hash -r",
        "npm install -q -g --prefix /usr/local yarn@1",
        "cd /app && yarn install --non-interactive --production || exit 1",
        "rm -rf /usr/local/share/.cache /tmp/v8-compile-cache*",
    ),
    asks=tuple(
        f"http://127.0.0.1:10613/{path}" for path in ("", "feed", "book.pdf", "mine", "fail", "static/site.css", "no")
    ),
    sends=(
        ("http://127.0.0.1:10613/recipes", '{"name": "one", "amount": 0.25}'),
        ("http://127.0.0.1:10613/recipes", "{}"),
        ("http://127.0.0.1:10613/recipes/picture", _PICTURE),
    ),
    seconds=40,
)

HARBOUR = Recipe(
    name="harbour",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PM2_HOME": "/tmp/pm2"},
    cmd=("pm2-runtime", "ecosystem.config.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "harbour", "private": true, "workspaces": ["packages/*", "apps/*"],
  "scripts": {"start": "pm2-runtime ecosystem.config.js", "test": "npm test --workspaces"},
  "devDependencies": {"turbo": "^2", "vitest": "^3", "typescript": "^5"}
}
""",
        "app/ecosystem.config.js": """module.exports = {
  apps: [
    {
      name: 'gateway', cwd: 'apps/gateway', script: 'src/index.js',
      env: { PORT: 10614, API: 'http://127.0.0.1:10615' },
    },
    { name: 'api', cwd: 'apps/api', script: 'src/index.js', instances: 2, exec_mode: 'cluster', env: { PORT: 10615 } },
  ],
};
""",
        "app/packages/shared/package.json": """{
  "name": "@harbour/shared", "version": "1.0.0", "main": "src/index.js",
  "exports": {".": "./src/index.js", "./queue": "./src/queue.js", "./schemas": "./src/schemas.js"},
  "dependencies": {"pino": "^9", "superstruct": "^2", "amqplib": "^0.10"}
}
""",
        "app/packages/shared/src/index.js": "exports.logger = require('pino')({ name: 'harbour' });\n",
        "app/packages/shared/src/schemas.js": """const { object, nonempty, string } = require('superstruct');

exports.Ship = object({ name: nonempty(string()) });
""",
        "app/packages/shared/src/queue.js": "exports.connect = (address) => require('amqplib').connect(address);\n",
        "app/apps/gateway/package.json": """{
  "name": "@harbour/gateway", "version": "1.0.0", "private": true,
  "dependencies": {"@harbour/shared": "1.0.0", "fastify": "^5", "@fastify/http-proxy": "^11", "@fastify/compress": "^8",
    "@fastify/circuit-breaker": "^4", "@fastify/response-validation": "^3", "fastify-healthcheck": "^5",
    "@fastify/redis": "^7", "prom-client": "^15"}
}
""",
        "app/apps/gateway/src/index.js": """const { logger } = require('@harbour/shared');
const fastify = require('fastify')({ loggerInstance: logger });
const client = require('prom-client');

client.collectDefaultMetrics();
fastify.register(require('@fastify/compress'));
fastify.register(require('@fastify/circuit-breaker'));
if (process.env.REDIS_URL) fastify.register(require('@fastify/redis'), { url: process.env.REDIS_URL });
fastify.register(require('@fastify/http-proxy'), { upstream: process.env.API, prefix: '/api', websocket: true });
fastify.get('/metrics', async (request, reply) => reply.type('text/plain').send(await client.register.metrics()));
fastify.register(async (scope) => {
  scope.get('/broken', { preHandler: fastify.circuitBreaker() }, async () => { throw new Error('on purpose'); });
});
fastify.listen({ host: '127.0.0.1', port: process.env.PORT });
""",
        "app/apps/api/package.json": """{
  "name": "@harbour/api", "version": "1.0.0", "private": true,
  "dependencies": {"@harbour/shared": "1.0.0", "express": "^5", "superstruct": "^2", "express-ws": "^5", "ws": "^7",
    "nedb-promises": "^6", "geolib": "^3", "luxon": "^3", "mysql2": "^3", "web-push": "^3"}
}
""",
        "app/apps/api/src/index.js": """const { logger } = require('@harbour/shared');
const { Ship } = require('@harbour/shared/schemas');
const express = require('express');
const expressWs = require('express-ws');
const { DateTime } = require('luxon');
const Datastore = require('nedb-promises');
const { create, StructError } = require('superstruct');
const WebSocket = require('ws');

const ships = Datastore.create();
const { app } = expressWs(express());
app.use(express.json());
app.ws('/live', (socket) => socket.on('message', (text) => socket.send(`${text} ${DateTime.now().toISOTime()}`)));
app.get('/ships', async (request, response) => response.json(await ships.find({}).limit(5)));
app.get('/distance', (request, response) => {
  const geolib = require('geolib');
  response.json(geolib.getDistance({ latitude: 1, longitude: 1 }, { latitude: 2, longitude: 1 }));
});
app.post('/ships', async (request, response) => {
  response.status(201).json(await ships.insert(create(request.body, Ship)));
});
app.post('/announce', async (request, response) => {
  const { connect } = require('@harbour/shared/queue');
  await connect(process.env.AMQP);
  response.sendStatus(202);
});
app.use((error, request, response, next) => {
  logger.error(error);
  response.status(error instanceof StructError ? 422 : 500).json({ error: error.message });
});
app.listen(process.env.PORT, '127.0.0.1', () => {
  process.send?.('ready');
  const socket = new WebSocket(`ws://127.0.0.1:${process.env.PORT}/live`);
  socket.on('open', () => socket.send('hello'));
  socket.on('message', (text) => { logger.info(String(text)); socket.close(); });
});
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        "npm install -q -g --prefix /usr/local pm2@6",
        f"cd /app && {NPM_CI} --omit=dev || exit 1",
    ),
    asks=tuple(f"http://127.0.0.1:10614/{path}" for path in ("api/ships", "api/distance", "metrics", "broken", "no")),
    sends=(("http://127.0.0.1:10614/api/ships", '{"name": "one"}'), ("http://127.0.0.1:10614/api/ships", "{}")),
    seconds=45,
)

LEDGER = Recipe(
    name="ledger",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10616"},
    cmd=("node", "dist/main"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "ledger", "version": "1.0.0", "private": true,
  "scripts": {"build": "nest build", "start": "nest start", "start:prod": "node dist/main", "test": "jest"},
  "dependencies": {"@nestjs/common": "^11", "@nestjs/core": "^11", "@nestjs/platform-express": "^11",
    "@nestjs/websockets": "^11", "@nestjs/platform-ws": "^11", "ws": "^8", "@nestjs/cqrs": "^11", "hbs": "^4",
    "@nestjs/throttler": "^6", "@nestjs/axios": "^4", "axios": "^1", "nestjs-zod": "^4", "zod": "^3", "rxjs": "^7",
    "nestjs-cls": "^5", "reflect-metadata": "^0.2", "@nestjs/bull": "^11", "bull": "^4", "decimal.js": "^10",
    "@golevelup/nestjs-rabbitmq": "^5", "csv-parse": "^5", "@faker-js/faker": "^9", "typeorm": "^0.3"},
  "devDependencies": {"@nestjs/cli": "^11", "@nestjs/schematics": "^11", "@nestjs/testing": "^11", "typescript": "^5",
    "jest": "^29", "ts-jest": "^29", "@types/jest": "^29", "@types/node": "^22", "supertest": "^7", "eslint": "^9",
    "source-map-support": "^0.5"}
}
""",
        "app/tsconfig.json": TYPESCRIPT.replace('"strict"', '"incremental": true, "noCheck": true, "strict"'),
        "app/nest-cli.json": '{"collection": "@nestjs/schematics", "sourceRoot": "src"}\n',
        "app/views/index.hbs": "<h1>{{title}}</h1>\n{{#each entries}}<li>{{this.sum}}</li>{{/each}}\n",
        "app/src/main.ts": """import { NestFactory } from '@nestjs/core';
import { NestExpressApplication } from '@nestjs/platform-express';
import { WsAdapter } from '@nestjs/platform-ws';
import { ZodValidationPipe } from 'nestjs-zod';
import { join } from 'path';
import WebSocket from 'ws';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create<NestExpressApplication>(AppModule);
  app.useWebSocketAdapter(new WsAdapter(app));
  app.useGlobalPipes(new ZodValidationPipe());
  app.setBaseViewsDir(join(__dirname, '..', 'views'));
  app.setViewEngine('hbs');
  app.enableShutdownHooks();
  await app.listen(Number(process.env.PORT), '127.0.0.1');
  const socket = new WebSocket(`ws://127.0.0.1:${process.env.PORT}/live`);
  socket.on('open', () => socket.send(JSON.stringify({ event: 'total', data: {} })));
  socket.on('message', (text) => { console.log(String(text)); socket.close(); });
}
bootstrap();
""",
        "app/src/app.module.ts": """import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { ClsModule } from 'nestjs-cls';
import { EntriesController } from './entries/entries.controller';
import { AddEntryHandler, EntryAddedHandler, ListEntriesHandler } from './entries/entries.handlers';
import { LiveGateway } from './live.gateway';

@Module({
  imports: [
    CqrsModule.forRoot(), HttpModule, ThrottlerModule.forRoot([{ ttl: 60000, limit: 900 }]),
    ClsModule.forRoot({ global: true, middleware: { mount: true, generateId: true } }),
  ],
  controllers: [EntriesController],
  providers: [
    AddEntryHandler, EntryAddedHandler, ListEntriesHandler, LiveGateway,
    { provide: APP_GUARD, useClass: ThrottlerGuard },
  ],
})
export class AppModule {}
""",
        "app/src/live.gateway.ts": """import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { entries } from './entries/entries.handlers';

@WebSocketGateway({ path: '/live' })
export class LiveGateway {
  @SubscribeMessage('total')
  total() { return { event: 'total', data: entries.length }; }
}
""",
        "app/src/entries/entries.handlers.ts": """import {
  CommandHandler, EventBus, EventsHandler, ICommandHandler, IEventHandler, IQueryHandler, QueryHandler,
} from '@nestjs/cqrs';
import Decimal from 'decimal.js';

export const entries: { sum: string }[] = [];
export class AddEntry { constructor(readonly sum: string) {} }
export class EntryAdded { constructor(readonly sum: string) {} }
export class ListEntries {}

@CommandHandler(AddEntry)
export class AddEntryHandler implements ICommandHandler<AddEntry> {
  constructor(private readonly events: EventBus) {}
  async execute({ sum }: AddEntry) {
    entries.push({ sum: new Decimal(sum).toFixed(2) });
    this.events.publish(new EntryAdded(sum));
    return entries.at(-1);
  }
}

@EventsHandler(EntryAdded)
export class EntryAddedHandler implements IEventHandler<EntryAdded> {
  handle({ sum }: EntryAdded) { console.log(`added ${sum}`); }
}

@QueryHandler(ListEntries)
export class ListEntriesHandler implements IQueryHandler<ListEntries> {
  async execute() { return entries.slice(-5); }
}
""",
        "app/src/entries/entries.controller.ts": """import { HttpService } from '@nestjs/axios';
import { Body, Controller, Get, HttpException, Post, Render, UploadedFile, UseInterceptors } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { FileInterceptor } from '@nestjs/platform-express';
import { ClsService } from 'nestjs-cls';
import { createZodDto } from 'nestjs-zod';
import { lastValueFrom } from 'rxjs';
import { z } from 'zod';
import { AddEntry, ListEntries } from './entries.handlers';

class NewEntry extends createZodDto(z.object({ sum: z.string().regex(/^[0-9.]+$/) })) {}

@Controller()
export class EntriesController {
  constructor(
    private readonly commands: CommandBus, private readonly queries: QueryBus,
    private readonly http: HttpService, private readonly cls: ClsService,
  ) {}

  @Get()
  @Render('index')
  async index() { return { title: 'Ledger', entries: await this.queries.execute(new ListEntries()) }; }

  @Get('id')
  id() { return { id: this.cls.getId() }; }

  @Get('rate')
  async rate() { return (await lastValueFrom(this.http.get('http://127.0.0.1:9/rate'))).data; }

  @Get('fail')
  fail() { throw new HttpException('on purpose', 503); }

  @Post('entries')
  add(@Body() entry: NewEntry) { return this.commands.execute(new AddEntry(entry.sum)); }

  @Post('import')
  @UseInterceptors(FileInterceptor('file'))
  async load(@UploadedFile() file: { buffer: Buffer }) {
    const { parse } = await import('csv-parse/sync');
    return { rows: parse(file.buffer, { relax_quotes: true, relax_column_count: true }).length };
  }
}
""",
        "app/test/app.e2e-spec.ts": """import { Test } from '@nestjs/testing';
import { AppModule } from '../src/app.module';

it('starts', () => Test.createTestingModule({ imports: [AppModule] }).compile());
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        f"cd /app && {NPM_CI} --include=dev && npm run build || exit 1",
    ),
    asks=tuple(f"http://127.0.0.1:10616/{path}" for path in ("", "id", "rate", "fail", "no")),
    sends=(
        ("http://127.0.0.1:10616/entries", '{"sum": "3.5"}'),
        ("http://127.0.0.1:10616/entries", '{"sum": "x"}'),
        ("http://127.0.0.1:10616/import", _PICTURE),
    ),
    seconds=45,
)

NODE_PAGES = (GALLERY, CLUBHOUSE, COOKBOOK, HARBOUR, LEDGER)
