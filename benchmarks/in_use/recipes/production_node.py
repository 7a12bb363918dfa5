"""The production images' services of Node.js: what `npm ci --omit=dev` installs, and no more."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_BASE = ("ca-certificates",)
_PRODUCTION = SYSTEM | {"NODE_ENV": "production"}
_INSTALL = (
    *NODE,
    "hash -r",
    "cd /app && npm install -q --package-lock-only --no-audit --no-fund && npm ci -q --omit=dev --no-audit --no-fund",
)

PASSPORT = Recipe(
    name="passport",
    packages=_BASE,
    env=_PRODUCTION | {"PORT": "9951", "MONGO_URL": "mongodb://127.0.0.1:1/shop", "SESSION_SECRET": "one"},
    cmd=("node", "src/server.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "shop-api", "version": "2.3.1", "private": true, "main": "src/server.js",
  "engines": {"node": ">=18"},
  "scripts": {"start": "node src/server.js", "dev": "nodemon src/server.js", "test": "jest --runInBand",
              "lint": "eslint src", "format": "prettier --write ."},
  "dependencies": {"bcryptjs": "^2", "compression": "^1", "connect-mongo": "^5", "cookie-parser": "^1", "cors": "^2",
    "dotenv": "^16", "express": "^4", "express-rate-limit": "^7", "express-session": "^1", "express-validator": "^7",
    "helmet": "^8", "http-status": "^2", "jsonwebtoken": "^9", "lodash": "^4", "moment": "^2", "mongoose": "^8",
    "morgan": "^1", "multer": "^1", "nodemailer": "^6", "passport": "^0.7", "passport-jwt": "^4",
    "passport-local": "^1", "pug": "^3", "stripe": "^17", "swagger-jsdoc": "^6", "swagger-ui-express": "^5",
    "uuid": "^11", "winston": "^3", "winston-daily-rotate-file": "^5", "xss-clean": "^0.1"},
  "devDependencies": {"eslint": "^8", "jest": "^29", "nodemon": "^3", "prettier": "^3", "supertest": "^7"},
  "jest": {"testEnvironment": "node"},
  "eslintConfig": {"extends": "eslint:recommended"}
}
""",
        "app/.env": "LOG_LEVEL=info\nSMTP_HOST=127.0.0.1\n",
        "app/src/config.js": """'use strict';
require('dotenv').config();
module.exports = {
  port: process.env.PORT || 3000,
  mongo: process.env.MONGO_URL,
  secret: process.env.SESSION_SECRET,
  level: process.env.LOG_LEVEL || 'info',
  smtp: { host: process.env.SMTP_HOST, port: 25 },
};
""",
        "app/src/logger.js": """'use strict';
const winston = require('winston');
require('winston-daily-rotate-file');
const config = require('./config');

module.exports = winston.createLogger({
  level: config.level,
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [
    new winston.transports.Console(),
    new winston.transports.DailyRotateFile({ dirname: '/tmp/logs', filename: 'shop-%DATE%.log', maxFiles: '7d' }),
  ],
});
""",
        "app/src/models/user.js": """'use strict';
const mongoose = require('mongoose');
const bcrypt = require('bcryptjs');

const schema = new mongoose.Schema({ email: { type: String, unique: true }, hash: String }, { timestamps: true });
schema.methods.matches = function (word) { return bcrypt.compare(word, this.hash); };
module.exports = mongoose.model('User', schema);
""",
        "app/src/auth.js": """'use strict';
const passport = require('passport');
const { Strategy: LocalStrategy } = require('passport-local');
const { Strategy: JwtStrategy, ExtractJwt } = require('passport-jwt');
const config = require('./config');
const User = require('./models/user');

passport.use(new LocalStrategy({ usernameField: 'email' }, async (email, password, done) => {
  try {
    const user = await User.findOne({ email }).maxTimeMS(100);
    return done(null, user && (await user.matches(password)) ? user : false);
  } catch (error) { return done(error); }
}));
passport.use(new JwtStrategy({ jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(), secretOrKey: config.secret },
  (payload, done) => done(null, { id: payload.sub })));
passport.serializeUser((user, done) => done(null, user.id));
passport.deserializeUser((id, done) => done(null, { id }));
module.exports = passport;
""",
        "app/src/routes/index.js": """'use strict';
const fs = require('fs');
const path = require('path');
const router = require('express').Router();

fs.readdirSync(__dirname)
  .filter((file) => file.endsWith('.js') && file !== 'index.js')
  .forEach((file) => router.use('/' + path.basename(file, '.js'), require(path.join(__dirname, file))));
module.exports = router;
""",
        "app/src/routes/auth.js": """'use strict';
const router = require('express').Router();
const jwt = require('jsonwebtoken');
const { body, validationResult } = require('express-validator');
const config = require('../config');
const passport = require('../auth');

/**
 * @openapi
 * /auth/login: {post: {responses: {200: {description: token}}}}
 */
router.post('/login', body('email').isEmail(), (req, res, next) => {
  if (!validationResult(req).isEmpty()) return res.status(400).json(validationResult(req).array());
  return res.json({ token: jwt.sign({ sub: req.body.email }, config.secret, { expiresIn: '1h' }) });
});
router.post('/session', passport.authenticate('local'), (req, res) => res.json(req.user));
module.exports = router;
""",
        "app/src/routes/orders.js": """'use strict';
const router = require('express').Router();
const _ = require('lodash');
const moment = require('moment');
const multer = require('multer');
const { v4 } = require('uuid');
const passport = require('../auth');

const upload = multer({ dest: '/tmp/uploads' });
router.get('/', (req, res) => res.json(_.chunk([1, 2, 3], 2)));
router.post('/', (req, res) => res.status(201).json({ id: v4(), at: moment().format(), ...req.body }));
router.get('/mine', passport.authenticate('jwt', { session: false }), (req, res) => res.json([]));
router.post('/files', upload.single('file'), (req, res) => res.json({}));
router.post('/pay', async (req, res) => {
  const stripe = require('stripe')('sk_test_one');
  res.json({ object: typeof stripe.charges });
});
module.exports = router;
""",
        "app/src/mail.js": """'use strict';
const nodemailer = require('nodemailer');
const config = require('./config');

const transport = nodemailer.createTransport(config.smtp);
exports.send = (to, subject, text) => transport.sendMail({ from: 'shop@shop.example', to, subject, text });
""",
        "app/src/views/index.pug": "doctype html\nhtml\n  body\n    h1= title\n    include part.pug\n",
        "app/src/views/part.pug": "p part\n",
        "app/src/app.js": """'use strict';
const path = require('path');
const express = require('express');
const compression = require('compression');
const cookieParser = require('cookie-parser');
const cors = require('cors');
const helmet = require('helmet');
const morgan = require('morgan');
const session = require('express-session');
const rateLimit = require('express-rate-limit');
const swaggerJsdoc = require('swagger-jsdoc');
const swaggerUi = require('swagger-ui-express');
const status = require('http-status');
const config = require('./config');
const logger = require('./logger');
const passport = require('./auth');
const routes = require('./routes');
require('./mail');

const app = express();
app.set('views', path.join(__dirname, 'views'));
app.set('view engine', 'pug');
app.use(helmet());
app.use(cors());
app.use(compression());
app.use(cookieParser());
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.use(morgan('combined', { stream: { write: (line) => logger.info(line.trim()) } }));
app.use(session({ secret: config.secret, resave: false, saveUninitialized: false }));
app.use(passport.initialize());
app.use(passport.session());
app.use('/api', rateLimit({ windowMs: 60000, limit: 1000 }), routes);
app.use('/docs', swaggerUi.serve, swaggerUi.setup(swaggerJsdoc({
  definition: { openapi: '3.0.0', info: { title: 'shop', version: '1' } }, apis: [path.join(__dirname, 'routes/*.js')],
})));
app.get('/', (req, res) => res.render('index', { title: 'shop' }));
app.get('/fail', () => { throw new Error('broken'); });
app.use((error, req, res, next) => {
  logger.error(error.stack);
  res.status(500).json({ message: 'Internal Server Error', of: typeof status });
});
module.exports = app;
""",
        "app/src/server.js": """'use strict';
const mongoose = require('mongoose');
const config = require('./config');
const logger = require('./logger');
const app = require('./app');

mongoose.set('bufferCommands', false);
mongoose.connect(config.mongo, { serverSelectionTimeoutMS: 500 }).catch((error) => logger.warn(error.message));
app.listen(config.port, '127.0.0.1', () => logger.info('listening'));
""",
    },
    prepare=_INSTALL,
    asks=tuple(
        f"http://127.0.0.1:9951/{path}" for path in ("", "api/orders", "api/orders/mine", "docs/", "fail", "nowhere")
    ),
    sends=(
        ("http://127.0.0.1:9951/api/auth/login", '{"email": "one@shop.example", "password": "two"}'),
        ("http://127.0.0.1:9951/api/auth/session", '{"email": "one@shop.example", "password": "two"}'),
        ("http://127.0.0.1:9951/api/orders", '{"name": "one"}'),
        ("http://127.0.0.1:9951/api/orders/pay", '{"name": "one"}'),
    ),
    seconds=20,
)

AUTOLOAD = Recipe(
    name="autoload",
    packages=_BASE,
    env=_PRODUCTION | {"PORT": "9952", "DATABASE_URL": "postgres://shop:one@127.0.0.1:1/shop"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "server.mjs"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "stock", "version": "1.4.0", "private": true, "type": "module",
  "scripts": {"start": "node server.mjs", "dev": "node --watch server.mjs", "test": "tap", "lint": "standard",
              "migrate": "knex migrate:latest"},
  "dependencies": {"@fastify/autoload": "^6", "@fastify/compress": "^8", "@fastify/cookie": "^11",
    "@fastify/helmet": "^13", "@fastify/jwt": "^9", "@fastify/multipart": "^9", "@fastify/rate-limit": "^10",
    "@fastify/sensible": "^6", "@fastify/static": "^8", "@fastify/swagger": "^9", "@fastify/swagger-ui": "^5",
    "@fastify/under-pressure": "^9", "@fastify/view": "^10", "@sinclair/typebox": "^0.34", "ajv-formats": "^3",
    "bullmq": "^5", "close-with-grace": "^2", "date-fns": "^4", "fastify": "^5", "fastify-plugin": "^5",
    "handlebars": "^4", "ioredis": "^5", "knex": "^3", "nanoid": "^5", "pg": "^8", "pino-pretty": "^13",
    "prom-client": "^15", "undici": "^7", "zod": "^3"},
  "devDependencies": {"tap": "^21", "standard": "^17", "typescript": "^5"}
}
""",
        "app/server.mjs": """import Fastify from 'fastify';
import closeWithGrace from 'close-with-grace';
import app from './app.mjs';

const fastify = Fastify({ logger: { level: 'info', transport: { target: 'pino-pretty' } } });
fastify.register(app);
closeWithGrace({ delay: 500 }, async () => fastify.close());
await fastify.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
""",
        "app/app.mjs": """import path from 'node:path';
import { fileURLToPath } from 'node:url';
import AutoLoad from '@fastify/autoload';

const here = path.dirname(fileURLToPath(import.meta.url));

export default async function app(fastify, options) {
  await fastify.register(AutoLoad, { dir: path.join(here, 'plugins'), options: { ...options } });
  await fastify.register(AutoLoad, { dir: path.join(here, 'routes'), options: { ...options } });
}
""",
        "app/plugins/web.mjs": """import path from 'node:path';
import fp from 'fastify-plugin';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import jwt from '@fastify/jwt';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import sensible from '@fastify/sensible';
import staticFiles from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import pressure from '@fastify/under-pressure';
import view from '@fastify/view';
import handlebars from 'handlebars';

export default fp(async (fastify) => {
  await fastify.register(helmet, { contentSecurityPolicy: false });
  await fastify.register(compress);
  await fastify.register(cookie);
  await fastify.register(jwt, { secret: 'one' });
  await fastify.register(multipart);
  await fastify.register(rateLimit, { max: 1000 });
  await fastify.register(sensible);
  await fastify.register(pressure);
  await fastify.register(swagger, { openapi: { info: { title: 'stock', version: '1' } } });
  await fastify.register(swaggerUi, { routePrefix: '/docs' });
  await fastify.register(staticFiles, { root: path.resolve('public'), prefix: '/public/' });
  await fastify.register(view, { engine: { handlebars }, root: path.resolve('templates') });
});
""",
        "app/plugins/database.mjs": """import fp from 'fastify-plugin';
import knex from 'knex';

export default fp(async (fastify) => {
  const database = knex({ client: 'pg', connection: process.env.DATABASE_URL, acquireConnectionTimeout: 300 });
  fastify.decorate('knex', database);
  fastify.addHook('onClose', () => database.destroy());
});
""",
        "app/plugins/queue.mjs": """import fp from 'fastify-plugin';
import { Queue } from 'bullmq';
import Redis from 'ioredis';

export default fp(async (fastify) => {
  const connection = new Redis({ port: 1, lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 5000 });
  connection.on('error', () => {});
  const queue = new Queue('orders', { connection });
  queue.on('error', () => {});
  fastify.decorate('queue', queue);
});
""",
        "app/plugins/metrics.mjs": """import fp from 'fastify-plugin';
import client from 'prom-client';

export default fp(async (fastify) => {
  client.collectDefaultMetrics();
  fastify.get('/metrics', async () => client.register.metrics());
});
""",
        "app/routes/root.mjs": """export default async function root(fastify) {
  fastify.get('/', async (request, reply) => reply.view('index.hbs', { title: 'stock' }));
  fastify.get('/fail', async () => { throw fastify.httpErrors.teapot(); });
}
""",
        "app/routes/items/index.mjs": """import { Type } from '@sinclair/typebox';
import { formatISO } from 'date-fns';
import { nanoid } from 'nanoid';
import { z } from 'zod';

const Item = Type.Object({ name: Type.String({ minLength: 1 }) });
const query = z.object({ page: z.coerce.number().default(1) });

export default async function items(fastify) {
  fastify.get('/', async (request) => ({ page: query.parse(request.query).page, at: formatISO(new Date()) }));
  fastify.post('/', { schema: { body: Item } }, async (request, reply) => {
    reply.code(201);
    return { id: nanoid(), token: fastify.jwt.sign({ name: request.body.name }) };
  });
  fastify.get('/stored', async () => {
    try { return await fastify.knex('items').select(); } catch (error) { return { message: error.code }; }
  });
  fastify.get('/remote', async () => {
    const { request } = await import('undici');
    try { return await request('http://127.0.0.1:1/'); } catch (error) { return { message: error.code }; }
  });
}
""",
        "app/templates/index.hbs": "<h1>{{title}}</h1>\n",
        "app/public/site.css": "h1 { color: green }\n",
    },
    prepare=_INSTALL,
    asks=tuple(
        f"http://127.0.0.1:9952/{path}"
        for path in ("", "items", "items/stored", "items/remote", "docs", "public/site.css", "metrics", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:9952/items", '{"name": "one"}'),
        ("http://127.0.0.1:9952/items", '{"name": ""}'),
    ),
    seconds=20,
)

ROOMS = Recipe(
    name="rooms",
    packages=(*_BASE, "tini"),
    env=_PRODUCTION | {"PORT": "9953", "DEBUG": "rooms"},
    entrypoint=("tini", "--"),
    cmd=("node", "index.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "rooms", "version": "0.9.0", "private": true,
  "scripts": {"start": "node index.js", "dev": "nodemon", "test": "mocha", "lint": "eslint ."},
  "dependencies": {"@koa/cors": "^5", "@koa/router": "^13", "@sentry/node": "^8", "axios": "^1", "config": "^3",
    "debug": "^4", "i18next": "^24", "i18next-fs-backend": "^2", "joi": "^17", "js-yaml": "^4", "koa": "^2",
    "koa-bodyparser": "^4", "koa-compress": "^5", "koa-ejs": "^4", "koa-helmet": "^8", "koa-logger": "^3",
    "koa-session": "^6", "koa-static": "^5", "mysql2": "^3", "node-cron": "^3", "ramda": "^0.30", "sequelize": "^6",
    "sharp": "^0.33", "socket.io": "^4", "umzug": "^3", "ws": "^8"},
  "devDependencies": {"chai": "^5", "eslint": "^9", "mocha": "^11", "nodemon": "^3"}
}
""",
        "app/config/default.yaml": "database:\n  dialect: mysql\n  host: 127.0.0.1\n  port: 1\ntitle: rooms\n",
        "app/config/production.yaml": "title: rooms of production\n",
        "app/locales/en/translation.json": '{"hello": "hello"}\n',
        "app/views/index.ejs": "<h1><%= title %></h1>\n",
        "app/public/a.txt": "a\n",
        "app/models/index.js": """const fs = require('fs');
const path = require('path');
const { Sequelize, DataTypes } = require('sequelize');
const config = require('config');

const sequelize = new Sequelize('rooms', 'one', 'two', { ...config.get('database'), logging: false });
const models = {};
for (const file of fs.readdirSync(__dirname).filter((name) => name !== 'index.js')) {
  const model = require(path.join(__dirname, file))(sequelize, DataTypes);
  models[model.name] = model;
}
module.exports = { ...models, sequelize };
""",
        "app/models/room.js": """module.exports = (sequelize, DataTypes) =>
  sequelize.define('Room', { id: { type: DataTypes.UUID, primaryKey: true }, name: DataTypes.STRING });
""",
        "app/router.js": """const Router = require('@koa/router');
const Joi = require('joi');
const R = require('ramda');
const axios = require('axios');
const models = require('./models');

const router = new Router();
router.get('/', (ctx) => ctx.render('index', { title: ctx.t('hello') }));
router.get('/rooms', async (ctx) => {
  try { ctx.body = await models.Room.findAll(); } catch (error) { ctx.body = { message: error.name }; }
});
router.post('/rooms', (ctx) => {
  const { error, value } = Joi.object({ name: Joi.string().required() }).validate(ctx.request.body);
  ctx.status = error ? 400 : 201;
  ctx.body = error ? error.details : R.assoc('id', 1, value);
});
router.get('/remote', async (ctx) => {
  try { ctx.body = (await axios.get('http://127.0.0.1:1/')).data; } catch (error) { ctx.body = error.code; }
});
router.get('/picture', async (ctx) => {
  const sharp = require('sharp');
  ctx.type = 'png';
  ctx.body = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).png().toBuffer();
});
module.exports = router;
""",
        "app/index.js": """const Sentry = require('@sentry/node');
Sentry.init({ dsn: process.env.SENTRY_DSN });
const http = require('http');
const path = require('path');
const Koa = require('koa');
const bodyParser = require('koa-bodyparser');
const compress = require('koa-compress');
const cors = require('@koa/cors');
const helmet = require('koa-helmet').default || require('koa-helmet');
const logger = require('koa-logger');
const render = require('koa-ejs');
const serve = require('koa-static');
const session = require('koa-session');
const i18next = require('i18next');
const Backend = require('i18next-fs-backend');
const cron = require('node-cron');
const { Server } = require('socket.io');
const debug = require('debug')('rooms');
const router = require('./router');

i18next.use(Backend).init({ lng: 'en', backend: { loadPath: path.join(__dirname, 'locales/{{lng}}/{{ns}}.json') } });
const app = new Koa();
app.keys = ['one'];
app.context.t = i18next.t.bind(i18next);
render(app, { root: path.join(__dirname, 'views'), layout: false, viewExt: 'ejs' });
app.use(logger()).use(helmet()).use(cors()).use(compress()).use(session(app)).use(bodyParser());
app.use(serve(path.join(__dirname, 'public')));
app.use(router.routes()).use(router.allowedMethods());
const server = http.createServer(app.callback());
new Server(server).on('connection', (socket) => socket.emit('hello'));
cron.schedule('* * * * *', () => debug('tick'));
server.listen(process.env.PORT, '127.0.0.1', () => debug('listening'));
""",
    },
    prepare=_INSTALL,
    asks=tuple(
        f"http://127.0.0.1:9953/{path}"
        for path in ("", "rooms", "remote", "picture", "a.txt", "socket.io/?EIO=4&transport=polling", "nowhere")
    ),
    sends=(
        ("http://127.0.0.1:9953/rooms", '{"name": "one"}'),
        ("http://127.0.0.1:9953/rooms", '{"size": 1}'),
    ),
    seconds=20,
)

BOOKING = Recipe(
    name="booking",
    packages=_BASE,
    env=_PRODUCTION | {"PORT": "9954"},
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "booking", "version": "3.0.0", "private": true,
  "scripts": {"start": "node lib/start.js", "test": "lab -t 100", "lint": "eslint lib"},
  "dependencies": {"@hapi/basic": "^7", "@hapi/boom": "^10", "@hapi/cookie": "^12", "@hapi/glue": "^9",
    "@hapi/hapi": "^21", "@hapi/inert": "^7", "@hapi/vision": "^7", "@aws-sdk/client-s3": "^3",
    "@elastic/elasticsearch": "^8", "amqplib": "^0.10", "dayjs": "^1", "exceljs": "^4", "handlebars": "^4",
    "hapi-pino": "^12", "hapi-swagger": "^17", "joi": "^17", "kafkajs": "^2", "objection": "^3", "knex": "^3",
    "pg": "^8", "pdfkit": "^0.16", "redis": "^4"},
  "devDependencies": {"@hapi/code": "^9", "@hapi/lab": "^26", "eslint": "^9"}
}
""",
        "app/lib/manifest.js": """'use strict';
module.exports = {
  server: { port: process.env.PORT, host: '127.0.0.1', routes: { cors: true } },
  register: {
    plugins: [
      '@hapi/inert', '@hapi/vision', '@hapi/basic', '@hapi/cookie',
      { plugin: 'hapi-pino', options: { redact: ['req.headers.authorization'] } },
      { plugin: 'hapi-swagger', options: { info: { title: 'booking', version: '3' } } },
      { plugin: './plugins/store' },
      { plugin: './plugins/bookings', routes: { prefix: '/bookings' } },
      './plugins/pages',
    ],
  },
};
""",
        "app/lib/plugins/store.js": """'use strict';
const Knex = require('knex');
const { Model } = require('objection');
const redis = require('redis');

class Booking extends Model {
  static get tableName() { return 'bookings'; }
}
module.exports = {
  name: 'store',
  async register(server) {
    Model.knex(Knex({ client: 'pg', connection: 'postgres://one@127.0.0.1:1/x', acquireConnectionTimeout: 300 }));
    const client = redis.createClient({ url: 'redis://127.0.0.1:1' });
    client.on('error', () => {});
    server.app.Booking = Booking;
  },
};
""",
        "app/lib/plugins/bookings.js": """'use strict';
const Boom = require('@hapi/boom');
const Joi = require('joi');
const dayjs = require('dayjs');

module.exports = {
  name: 'bookings',
  async register(server) {
    server.route([
      { method: 'GET', path: '/', options: { tags: ['api'] }, async handler(request) {
        try { return await request.server.app.Booking.query(); } catch (error) { return { message: error.code }; }
      } },
      { method: 'POST', path: '/', options: { tags: ['api'],
        validate: { payload: Joi.object({ name: Joi.string().required() }) } },
      handler: (request, h) => h.response({ ...request.payload, at: dayjs().format() }).code(201) },
      { method: 'GET', path: '/missing', handler() { throw Boom.notFound('missing'); } },
      { method: 'GET', path: '/sheet', async handler() {
        const ExcelJS = require('exceljs');
        const book = new ExcelJS.Workbook();
        book.addWorksheet('one').addRow([1, 2]);
        return Buffer.from(await book.xlsx.writeBuffer());
      } },
      { method: 'GET', path: '/files', async handler() {
        const { S3Client, ListBucketsCommand } = require('@aws-sdk/client-s3');
        const client = new S3Client({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:1', maxAttempts: 1,
          credentials: { accessKeyId: 'one', secretAccessKey: 'two' } });
        try { return await client.send(new ListBucketsCommand({})); } catch (error) { return { message: error.name }; }
      } },
    ]);
  },
};
""",
        "app/lib/plugins/pages.js": """'use strict';
const Path = require('path');

module.exports = {
  name: 'pages',
  async register(server) {
    server.views({ engines: { html: require('handlebars') }, path: Path.join(__dirname, '../templates') });
    server.route({ method: 'GET', path: '/', handler: { view: 'index' } });
    server.route({ method: 'GET', path: '/public/{param*}', handler: { directory: {
      path: Path.join(__dirname, '../public') } } });
  },
};
""",
        "app/lib/templates/index.html": "<h1>booking</h1>\n",
        "app/lib/public/a.txt": "a\n",
        "app/lib/start.js": """'use strict';
const Glue = require('@hapi/glue');
const manifest = require('./manifest');

(async () => {
  const server = await Glue.compose(manifest, { relativeTo: __dirname });
  await server.start();
})();
""",
    },
    prepare=_INSTALL,
    asks=tuple(
        f"http://127.0.0.1:9954/{path}"
        for path in (
            *("", "bookings/", "bookings/missing", "bookings/sheet", "bookings/files", "public/a.txt"),
            *("documentation", "swagger.json", "nowhere"),
        )
    ),
    sends=(
        ("http://127.0.0.1:9954/bookings/", '{"name": "one"}'),
        ("http://127.0.0.1:9954/bookings/", '{"size": 1}'),
    ),
    seconds=20,
)

TUNED_NODE = (PASSPORT, AUTOLOAD)
HELD_NODE = (ROOMS, BOOKING)
