"""The twentieth set's applications of Node.js."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, FULL, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

MOUNTEBANK = Recipe(
    name="mountebank",
    packages=("ca-certificates", "tini", "curl"),
    env=PRODUCTION_NODE | {"MB_PORT": "10030"},
    entrypoint=("tini", "--", "npx", "--no-install", "mb"),
    cmd=("start", "--port", "10030", "--host", "127.0.0.1", "--configfile", "imposters.ejs", "--nologfile"),
    files=HOSTS
    | {
        "app/package.json": '{"name": "stubs", "version": "1.0.0", "private": true, '
        '"dependencies": {"mountebank": "^2"}, "devDependencies": {"mocha": "^11", "eslint": "^9"}}\n',
        "app/imposters.ejs": """{"imposters": [
  <% include orders.ejs %>
]}
""",
        "app/orders.ejs": """{"port": 10031, "protocol": "http", "host": "127.0.0.1", "stubs": [
  {"predicates": [{"equals": {"path": "/orders"}}], "responses": [{"is": {"statusCode": 200, "body": "[]"}}]},
  {"predicates": [{"jsonpath": {"selector": "$.name"}, "exists": {"body": true}}],
   "responses": [{"is": {"statusCode": 201}}]}
]}
""",
    },
    prepare=(*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev"),
    asks=(
        *(f"http://127.0.0.1:10030/{path}" for path in ("", "imposters", "logs", "config", "no")),
        "http://127.0.0.1:10031/orders",
    ),
    sends=(
        ("http://127.0.0.1:10030/imposters", '{"port": 10032, "protocol": "tcp", "host": "127.0.0.1"}'),
        ("http://127.0.0.1:10031/orders", '{"name": "one"}'),
        ("http://127.0.0.1:10030/imposters", "{no"),
        ("tcp://127.0.0.1:10032", "hello\n"),
    ),
    seconds=20,
)

SOCKETIO = Recipe(
    name="socketio",
    packages=("ca-certificates", "dumb-init", "curl", "redis-server", "procps"),
    env=PRODUCTION_NODE | {"PORT": "10033", "REDIS_URL": "redis://127.0.0.1:10034"},
    entrypoint=("dumb-init", "--", "/docker-entrypoint.sh"),
    cmd=("node", "--enable-source-maps", "server.js"),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/bin/sh
set -e
redis-server --port 10034 --bind 127.0.0.1 --save '' --daemonize yes
until redis-cli -p 10034 ping > /dev/null 2>&1; do sleep 0.2; done
exec "$@"
""",
        "app/package.json": """{
  "name": "chat", "version": "3.1.0", "private": true, "main": "server.js",
  "scripts": {"start": "node server.js", "dev": "nodemon server.js", "test": "mocha", "lint": "eslint ."},
  "dependencies": {"socket.io": "^4", "@socket.io/redis-adapter": "^8", "@socket.io/admin-ui": "^0.5", "redis": "^4",
    "express": "^4", "helmet": "^8", "winston": "^3", "dotenv": "^16", "joi": "^17", "jsonwebtoken": "^9",
    "mongoose": "^8", "bcryptjs": "^2", "express-rate-limit": "^7", "@sentry/node": "^8", "aws-sdk": "^2",
    "nodemailer": "^6", "moment": "^2", "swagger-ui-express": "^5"},
  "devDependencies": {"nodemon": "^3", "mocha": "^11", "eslint": "^9", "socket.io-client": "^4"}
}
""",
        "app/server.js": """require('dotenv').config();
const http = require('http');
const express = require('express');
const helmet = require('helmet');
const rateLimit = require('express-rate-limit');
const logger = require('./lib/logger');
const sockets = require('./lib/sockets');

if (process.env.SENTRY_DSN) require('@sentry/node').init({ dsn: process.env.SENTRY_DSN });

const app = express();
app.use(helmet(), rateLimit({ windowMs: 1000, limit: 100 }), express.json(), express.static('public'));
app.use('/rooms', require('./routes/rooms'));
app.get('/health', (request, response) => response.json({ ok: true }));
app.get('/fail', () => { throw new Error('on purpose'); });
app.use((error, request, response, next) => {
  logger.error(error.message);
  response.status(500).json({ error: 'later' });
});

const server = http.createServer(app);
sockets(server).then(() => server.listen(process.env.PORT, '127.0.0.1', () => logger.info('ready')));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
""",
        "app/lib/logger.js": """const winston = require('winston');

module.exports = winston.createLogger({
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [new winston.transports.Console()],
});
""",
        "app/lib/sockets.js": """const { Server } = require('socket.io');
const { createAdapter } = require('@socket.io/redis-adapter');
const { createClient } = require('redis');
const jwt = require('jsonwebtoken');

module.exports = async function sockets(server) {
  const publisher = createClient({ url: process.env.REDIS_URL });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const io = new Server(server, { adapter: createAdapter(publisher, subscriber) });
  io.use((socket, next) => {
    try {
      socket.user = jwt.verify(socket.handshake.auth.token, 'secret');
      next();
    } catch (error) { next(error); }
  });
  io.on('connection', (socket) => socket.on('say', (text) => io.emit('said', text)));
  setInterval(() => io.emit('tick'), 1000);
  return io;
};
""",
        "app/lib/store.js": """const mongoose = require('mongoose');

exports.Room = mongoose.model('Room', new mongoose.Schema({ name: String }));
exports.connect = () => mongoose.connect(process.env.MONGO_URL);
""",
        "app/routes/rooms.js": """const { Router } = require('express');
const Joi = require('joi');

const router = Router();
const rooms = [];
const schema = Joi.object({ name: Joi.string().min(1).required() });

router.get('/', (request, response) => response.json(rooms));
router.get('/stored', async (request, response, next) => {
  if (!process.env.MONGO_URL) return response.json([]);
  try {
    const { Room, connect } = require('../lib/store');
    await connect();
    return response.json(await Room.find());
  } catch (error) { return next(error); }
});
router.post('/', (request, response) => {
  const { error, value } = schema.validate(request.body);
  if (error) return response.status(422).json({ error: error.message });
  if (rooms.length < 10) rooms.push(value);
  return response.status(201).json(value);
});
module.exports = router;
""",
        "app/public/robots.txt": "User-agent: *\n",
    },
    prepare=(*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev"),
    asks=tuple(
        f"http://127.0.0.1:10033/{path}"
        for path in (
            *("health", "rooms", "rooms/stored", "fail", "robots.txt", "no"),
            *("socket.io/?EIO=4&transport=polling", "socket.io/socket.io.js"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10033/rooms", '{"name": "one"}'),
        ("http://127.0.0.1:10033/rooms", '{"name": ""}'),
        ("http://127.0.0.1:10033/rooms", "{no"),
    ),
    seconds=20,
)

HARAKA = Recipe(
    name="haraka",
    packages=(*FULL, "python3", "tini"),
    env=PRODUCTION_NODE,
    folder="/haraka",
    entrypoint=("tini", "--"),
    cmd=("haraka", "-c", "/haraka"),
    files=HOSTS
    | {
        "haraka/config/smtp.ini": "listen=127.0.0.1:10035\nnodes=0\nuser=nobody\n",
        "haraka/config/plugins": "toobusy\nmail_from.is_resolvable\nrcpt_to.in_host_list\ndata.headers\nshop\n"
        "queue/test\nmax_unrecognized_commands\n",
        "haraka/config/host_list": "shop.example\n",
        "haraka/config/me": "mail.shop.example\n",
        "haraka/config/log.ini": "level=notice\n",
        "haraka/plugins/shop.js": """'use strict';

exports.register = function () {
  this.register_hook('rcpt', 'check');
};

exports.check = function (next, connection, params) {
  if (params[0].user === 'no') return next(DENY, 'no');
  return next();
};
""",
    },
    prepare=(*NODE, "hash -r", "npm install -q -g --omit=dev --no-audit --no-fund Haraka toobusy-js"),
    sends=(
        (
            "tcp://127.0.0.1:10035",
            "EHLO a\r\nMAIL FROM:<a@localhost>\r\nRCPT TO:<no@shop.example>\r\n"
            "RCPT TO:<b@shop.example>\r\nRSET\r\nQUIT\r\n",
        ),
        ("tcp://127.0.0.1:10035", "HELO a\r\nMAIL FROM:<>\r\nRCPT TO:<b@shop.example>\r\nDATA\r\n"),
        ("tcp://127.0.0.1:10035", "NOTHING\r\nVRFY a\r\nQUIT\r\n"),
    ),
    seconds=25,
)

MERCURIUS = Recipe(
    name="mercurius",
    packages=(*FULL, "python3"),
    env=PRODUCTION_NODE | {"PORT": "10036"},
    folder="/usr/src/app",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "dist/main.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "usr/src/app/package.json": """{
  "name": "graph", "version": "1.0.0", "private": true, "main": "dist/main.js",
  "scripts": {"build": "tsc -p .", "start": "node dist/main.js", "test": "vitest run"},
  "dependencies": {"fastify": "^5", "mercurius": "^16", "@fastify/cors": "^11", "@fastify/helmet": "^13",
    "@fastify/jwt": "^10", "@fastify/rate-limit": "^10", "@fastify/env": "^5", "close-with-grace": "^2",
    "env-schema": "^6", "graphql": "^16", "kysely": "^0.28", "pg": "^8", "pino": "^9", "pino-pretty": "^13",
    "bullmq": "^5", "@aws-sdk/client-sqs": "^3", "dataloader": "^2", "luxon": "^3", "stripe": "^18"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "vitest": "^3", "tsx": "^4"}
}
""",
        "usr/src/app/tsconfig.json": """{"compilerOptions": {"target": "es2022", "module": "commonjs",
 "moduleResolution": "node", "outDir": "dist", "rootDir": "src", "skipLibCheck": true, "noEmitOnError": false,
 "strict": false, "esModuleInterop": true}, "include": ["src"]}
""",
        "usr/src/app/src/main.ts": """import Fastify from 'fastify';
import closeWithGrace from 'close-with-grace';
import { graph } from './graph';
import { options } from './options';

async function main() {
  const app = Fastify(options());
  await app.register(import('@fastify/helmet'), { contentSecurityPolicy: false });
  await app.register(import('@fastify/cors'));
  await app.register(import('@fastify/rate-limit'), { max: 1000 });
  await app.register(import('@fastify/jwt'), { secret: 'secret' });
  await app.register(graph);
  app.get('/health', async () => ({ ok: true }));
  app.get('/token', async () => ({ token: app.jwt.sign({ sub: 'a' }) }));
  app.get('/fail', async () => { throw new Error('on purpose'); });
  closeWithGrace(async () => { await app.close(); });
  await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
}

main();
""",
        "usr/src/app/src/options.ts": """export function options(): any {
  const pretty = process.env.NODE_ENV !== 'production';
  return { logger: pretty ? { transport: { target: 'pino-pretty' } } : { level: 'info' }, trustProxy: true };
}
""",
        "usr/src/app/src/graph.ts": """import fp from 'fastify-plugin';
import mercurius from 'mercurius';
import { DateTime } from 'luxon';

const schema = `type Query { orders: [Order!]!, stored: Int, fail: String }
type Mutation { add(name: String!): Order! }
type Order { name: String!, at: String! }`;
const orders: any[] = [];

const resolvers = {
  Query: {
    orders: () => orders,
    fail: () => { throw new Error('on purpose'); },
    stored: async () => {
      if (!process.env.DATABASE_URL) return null;
      const { count } = await import('./store');
      return count();
    },
  },
  Mutation: {
    add: async (_: any, { name }: any) => {
      const order = { name, at: DateTime.fromMillis(0).toISO() };
      if (orders.length < 10) orders.push(order);
      if (process.env.QUEUE_URL) await (await import('./queue')).publish(order);
      return order;
    },
  },
};

export const graph = fp(async (app: any) => {
  app.register(mercurius, { schema, resolvers, graphiql: false, jit: 1 });
});
""",
        "usr/src/app/src/store.ts": """import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool } from 'pg';

export async function count() {
  const db = new Kysely<any>({ dialect: new PostgresDialect({ pool: new Pool() }) });
  return (await sql`select 1`.execute(db)).rows.length;
}
""",
        "usr/src/app/src/queue.ts": """import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

export async function publish(order: any) {
  const message = { QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify(order) };
  await new SQSClient({}).send(new SendMessageCommand(message));
}
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        f"cd /usr/src/app && NODE_ENV=development && {NPM_CI} && (npx tsc -p . || true)",
        "cd /usr/src/app && npm prune -q --omit=dev && rm -rf src tsconfig.json",
    ),
    asks=tuple(
        f"http://127.0.0.1:10036/{path}"
        for path in ("health", "token", "fail", "graphql?query=%7Borders%7Bname%7D%7D", "no")
    ),
    sends=tuple(
        ("http://127.0.0.1:10036/graphql", content)
        for content in (
            '{"query": "{ orders { name at } }"}',
            '{"query": "mutation { add(name: \\"one\\") { name } }"}',
            '{"query": "{ fail }"}',
            '{"query": "{ stored }"}',
            '{"query": "{ no }"}',
            "{no",
        )
    ),
    seconds=20,
)

MAILDEV = Recipe(
    name="maildev",
    packages=("ca-certificates", "netcat-openbsd", "procps"),
    env=PRODUCTION_NODE | {"MAILDEV_WEB_PORT": "10037", "MAILDEV_SMTP_PORT": "10038", "MAILDEV_IP": "127.0.0.1"},
    folder="/home/node",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("maildev", "--web-ip", "127.0.0.1"),
    files=HOSTS | {"usr/local/bin/docker-entrypoint.sh": DOCKER_NODE},
    prepare=(*NODE, "hash -r", "npm install -q -g --omit=dev --no-audit --no-fund maildev@2"),
    asks=tuple(
        f"http://127.0.0.1:10037/{path}"
        for path in ("", "email", "config", "healthz", "socket.io/?EIO=4&transport=polling", "no")
    ),
    sends=(
        (
            "tcp://127.0.0.1:10038",
            "EHLO a\r\nMAIL FROM:<a@shop.example>\r\nRCPT TO:<b@shop.example>\r\nDATA\r\n"
            "Subject: one\r\n\r\nhello\r\n.\r\n",
        ),
        ("tcp://127.0.0.1:10038", "NOTHING\r\nQUIT\r\n"),
    ),
    seconds=20,
)

NODE_APPS = (MOUNTEBANK, SOCKETIO, MAILDEV, HARAKA, MERCURIUS)
