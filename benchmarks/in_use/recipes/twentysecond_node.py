"""The twenty-second set's web applications of Node.js."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, FULL, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")
_COMPILED = (*NODE, "hash -r", f"cd /app && {NPM_CI} && npx tsc && npm prune -q --omit=dev && rm -rf src || exit 1")
_GLOBAL = "npm install -q -g --omit=dev --no-audit --no-fund"
_TOOLS = ("ca-certificates", "curl", "procps", "netbase", "tzdata")

EGG = Recipe(
    name="egg",
    packages=("ca-certificates", "tini", "procps"),
    env=PRODUCTION_NODE | {"EGG_SERVER_ENV": "prod"},
    entrypoint=("tini", "--"),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "shop", "version": "1.0.0", "private": true, "egg": {"framework": "egg"},
  "scripts": {"start": "egg-scripts start --title=shop --port=10201 --workers=1", "stop": "egg-scripts stop",
    "dev": "egg-bin dev", "test": "egg-bin test", "lint": "eslint ."},
  "dependencies": {"egg": "^3", "egg-scripts": "^2", "egg-view-nunjucks": "^2", "egg-cors": "^2", "egg-validate": "^2",
    "egg-redis": "^2", "egg-mysql": "^3", "egg-jwt": "^3", "dayjs": "^1", "xlsx-populate": "^1"},
  "devDependencies": {"egg-bin": "^6", "egg-mock": "^5", "eslint": "^8", "eslint-config-egg": "^12"}
}
""",
        "app/config/plugin.js": """exports.nunjucks = { enable: true, package: 'egg-view-nunjucks' };
exports.cors = { enable: true, package: 'egg-cors' };
exports.validate = { enable: true, package: 'egg-validate' };
exports.redis = { enable: false, package: 'egg-redis' };
exports.mysql = { enable: false, package: 'egg-mysql' };
""",
        "app/config/config.default.js": """module.exports = (app) => ({
  keys: `${app.name}_one`,
  cluster: { listen: { port: 10201, hostname: '127.0.0.1' } },
  view: { defaultViewEngine: 'nunjucks', mapping: { '.njk': 'nunjucks' } },
  security: { csrf: { enable: false } },
  middleware: ['took'],
  logger: { dir: '/tmp/logs' },
  rundir: '/tmp/run',
});
""",
        "app/app/middleware/took.js": """module.exports = () => async function took(ctx, next) {
  const start = Date.now();
  await next();
  ctx.set('X-Took', String(Date.now() - start));
};
""",
        "app/app/router.js": """module.exports = (app) => {
  app.get('/', app.controller.orders.index);
  app.get('/page', app.controller.orders.page);
  app.post('/orders', app.controller.orders.create);
};
""",
        "app/app/service/orders.js": """const { Service } = require('egg');
const dayjs = require('dayjs');

const orders = [];
module.exports = class OrdersService extends Service {
  all() { return orders.slice(-5); }
  add(order) { orders.push({ ...order, at: dayjs().toISOString() }); return order; }
};
""",
        "app/app/controller/orders.js": """const { Controller } = require('egg');

module.exports = class OrdersController extends Controller {
  index() { this.ctx.body = this.service.orders.all(); }
  async page() { await this.ctx.render('page.njk', { orders: this.service.orders.all() }); }
  create() {
    this.ctx.validate({ name: { type: 'string', min: 1 } });
    this.ctx.status = 201;
    this.ctx.body = this.service.orders.add(this.ctx.request.body);
  }
};
""",
        "app/app/schedule/report.js": """module.exports = {
  schedule: { interval: '5s', type: 'worker' },
  task(ctx) { ctx.logger.info('%d orders', ctx.service.orders.all().length); },
};
""",
        "app/app/view/page.njk": "<h1>Shop</h1>{% for order in orders %}{{ order.name }}{% endfor %}\n",
        "app/app/public/robots.txt": "User-agent: *\n",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10201/{path}" for path in ("", "page", "public/robots.txt", "no")),
    sends=(("http://127.0.0.1:10201/orders", '{"name": "one"}'), ("http://127.0.0.1:10201/orders", "{}")),
    seconds=30,
)

TINYHTTP = Recipe(
    name="tinyhttp",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10202"},
    cmd=("node", "--enable-source-maps", "src/index.mjs"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "links", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node src/index.mjs", "test": "uvu"},
  "dependencies": {"@tinyhttp/app": "^2", "@tinyhttp/cors": "^2", "@tinyhttp/logger": "^2", "@tinyhttp/cookie-parser":
    "^2", "milliparsec": "^4", "eta": "^3", "lowdb": "^7", "nanoid": "^5", "@google-cloud/storage": "^7",
    "openai": "^4", "zod": "^3", "pino": "^9", "qrcode": "^1"},
  "devDependencies": {"uvu": "^0.5"}
}
""",
        "app/src/index.mjs": """import { App } from '@tinyhttp/app';
import { cors } from '@tinyhttp/cors';
import { cookieParser } from '@tinyhttp/cookie-parser';
import { logger } from '@tinyhttp/logger';
import { json } from 'milliparsec';
import { routes } from './routes.mjs';

const app = new App({ onError: (error, req, res) => res.status(422).send({ message: error.message }) });
app.use(logger()).use(cors()).use(cookieParser()).use(json());
routes(app);
app.listen(Number(process.env.PORT), () => console.log('ready'), '127.0.0.1');
""",
        "app/src/routes.mjs": """import { JSONFilePreset } from 'lowdb/node';
import { nanoid } from 'nanoid';
import { z } from 'zod';

const db = await JSONFilePreset('/tmp/links.json', { links: [] });
const Link = z.object({ url: z.string().url() });

export function routes(app) {
  app.get('/links', (req, res) => res.json(db.data.links.slice(-5)));
  app.post('/links', async (req, res) => {
    const link = { id: nanoid(8), ...Link.parse(req.body) };
    await db.update(({ links }) => links.push(link));
    res.status(201).json(link);
  });
  app.get('/code', async (req, res) => {
    const { default: qrcode } = await import('qrcode');
    res.type('image/svg+xml').send(await qrcode.toString('http://shop.example/', { type: 'svg' }));
  });
  app.get('/words', async (req, res) => {
    if (!process.env.OPENAI_API_KEY) return res.sendStatus(503);
    const { default: OpenAI } = await import('openai');
    res.json(await new OpenAI().models.list());
  });
  app.get('/backup', async (req, res) => {
    if (!process.env.BUCKET) return res.sendStatus(503);
    const { backup } = await import('./backup.mjs');
    res.json(await backup(db.data));
  });
}
""",
        "app/src/backup.mjs": """import { Storage } from '@google-cloud/storage';

export const backup = (data) => new Storage().bucket(process.env.BUCKET).file('links').save(JSON.stringify(data));
""",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10202/{path}" for path in ("links", "code", "words", "backup", "no")),
    sends=(("http://127.0.0.1:10202/links", '{"url": "http://a.example/"}'), ("http://127.0.0.1:10202/links", "{}")),
    seconds=15,
)

ROUTING = Recipe(
    name="routing",
    packages=(*FULL, "python3"),
    env=PRODUCTION_NODE | {"PORT": "10203"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "dist/main.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "shop-api", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc", "start": "node dist/main.js", "dev": "ts-node-dev src/main.ts", "test": "jest"},
  "dependencies": {"routing-controllers": "^0.11", "typedi": "^0.10", "class-transformer": "^0.5",
    "class-validator": "^0.14", "reflect-metadata": "^0.2", "express": "^4", "body-parser": "^1", "multer": "^1",
    "typeorm": "^0.3", "sql.js": "^1", "typeorm-naming-strategies": "^4", "winston": "^3", "envalid": "^8",
    "argon2-browser": "^1", "@elastic/elasticsearch": "^8", "nodemailer": "^7", "agenda": "^5"},
  "devDependencies": {"typescript": "^5", "@types/express": "^4", "@types/node": "^22", "jest": "^29",
    "ts-node-dev": "^2"}
}
""",
        "app/tsconfig.json": '{"compilerOptions": {"target": "es2022", "module": "commonjs", "outDir": "dist", '
        '"rootDir": "src", "strict": true, "noImplicitAny": false, "esModuleInterop": true, "skipLibCheck": true, '
        '"strictPropertyInitialization": false, "experimentalDecorators": true, "emitDecoratorMetadata": true}, '
        '"include": ["src"]}\n',
        "app/src/main.ts": """import 'reflect-metadata';
import { cleanEnv, port } from 'envalid';
import { createExpressServer, useContainer, getMetadataArgsStorage } from 'routing-controllers';
import { Container } from 'typedi';
import { source } from './database';
import { logger } from './logger';
import path from 'node:path';

const env = cleanEnv(process.env, { PORT: port({ default: 3000 }) });
useContainer(Container);
source.initialize().then(() => {
  const app = createExpressServer({
    controllers: [path.join(__dirname, 'controllers', '*.js')],
    middlewares: [path.join(__dirname, 'middlewares', '*.js')],
    defaultErrorHandler: false, validation: { whitelist: true },
  });
  logger.info(`${getMetadataArgsStorage().actions.length} actions`);
  app.listen(env.PORT, '127.0.0.1', () => logger.info('ready'));
});
""",
        "app/src/logger.ts": """import { createLogger, format, transports } from 'winston';

export const logger = createLogger({ format: format.json(), transports: [new transports.Console()] });
""",
        "app/src/database.ts": """import { DataSource } from 'typeorm';
import { SnakeNamingStrategy } from 'typeorm-naming-strategies';
import { Order } from './order';

export const source = new DataSource({
  type: 'sqljs', synchronize: true, entities: [Order], namingStrategy: new SnakeNamingStrategy(),
});
""",
        "app/src/order.ts": """import { IsString, Length } from 'class-validator';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Order {
  @PrimaryGeneratedColumn() id: number;
  @IsString() @Length(1, 40) @Column() name: string;
}
""",
        "app/src/controllers/orders.ts": """import { Body, Get, HttpCode, JsonController, Post }
  from 'routing-controllers';
import { Service } from 'typedi';
import { source } from '../database';
import { Order } from '../order';

@Service()
@JsonController('/orders')
export class OrdersController {
  @Get() all() { return source.getRepository(Order).find({ take: 5 }); }

  @Post() @HttpCode(201) add(@Body() order: Order) { return source.getRepository(Order).save(order); }

  @Get('/search') async search() {
    if (!process.env.ELASTIC_URL) return [];
    const { Client } = require('@elastic/elasticsearch');
    return new Client({ node: process.env.ELASTIC_URL }).search({ index: 'orders' });
  }
}
""",
        "app/src/middlewares/errors.ts": """import { ExpressErrorMiddlewareInterface, Middleware }
  from 'routing-controllers';
import { Service } from 'typedi';

@Service()
@Middleware({ type: 'after' })
export class Errors implements ExpressErrorMiddlewareInterface {
  error(error: any, req: any, res: any, next: any) {
    if (res.headersSent) return next();
    res.status(error.httpCode ?? 500).json({ message: error.message });
  }
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(f"http://127.0.0.1:10203/{path}" for path in ("orders", "orders/search", "no")),
    sends=(("http://127.0.0.1:10203/orders", '{"name": "one"}'), ("http://127.0.0.1:10203/orders", "{}")),
    seconds=20,
)

GRPC = Recipe(
    name="grpc",
    packages=(*FULL, "tini"),
    env=PRODUCTION_NODE | {"GRPC_PORT": "10204", "HTTP_PORT": "10205"},
    entrypoint=("tini", "--", "node"),
    cmd=("server.js",),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "stock", "version": "1.0.0", "private": true, "main": "server.js",
  "dependencies": {"@grpc/grpc-js": "^1", "@grpc/proto-loader": "^0.7", "@grpc/reflection": "^1",
    "grpc-health-check": "^2", "find-my-way": "^9", "pino": "^9", "@opentelemetry/api": "^1",
    "@opentelemetry/sdk-node": "^0.57", "@opentelemetry/instrumentation-grpc": "^0.57",
    "@opentelemetry/exporter-trace-otlp-grpc": "^0.57", "cassandra-driver": "^4", "opossum": "^8"},
  "devDependencies": {"grpc-tools": "^1", "tape": "^5"}
}
""",
        "app/stock.proto": """syntax = "proto3";
package stock;
service Stock { rpc Find (Item) returns (Item) {} }
message Item { string name = 1; int32 count = 2; }
""",
        "app/server.js": """if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) require('./tracing');
const http = require('node:http');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const { HealthImplementation } = require('grpc-health-check');
const { ReflectionService } = require('@grpc/reflection');
const CircuitBreaker = require('opossum');
const logger = require('pino')();
const router = require('find-my-way')({ defaultRoute: (req, res) => { res.statusCode = 404; res.end(); } });

const definition = loader.loadSync(path.join(__dirname, 'stock.proto'), { keepCase: true, defaults: true });
const { stock } = grpc.loadPackageDefinition(definition);
const server = new grpc.Server();
server.addService(stock.Stock.service, {
  Find({ request }, callback) {
    if (!request.name) return callback({ code: grpc.status.INVALID_ARGUMENT, message: 'no name' });
    callback(null, { name: request.name, count: request.name.length });
  },
});
new HealthImplementation({ stock: 'SERVING' }).addToServer(server);
new ReflectionService(definition).addToServer(server);
const address = `127.0.0.1:${process.env.GRPC_PORT}`;
server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
  logger.info('ready');
});

const client = new stock.Stock(address, grpc.credentials.createInsecure());
const find = (name) => new Promise((resolve, reject) => {
  client.Find({ name }, { deadline: Date.now() + 1000 }, (error, item) => (error ? reject(error) : resolve(item)));
});
const breaker = new CircuitBreaker(find, { timeout: 1000 });
const fail = (res, error) => { res.statusCode = 502; res.end(error.message); };
router.on('GET', '/items/:name', async (req, res, { name }) => {
  try { res.end(JSON.stringify(await breaker.fire(name))); } catch (error) { fail(res, error); }
});
router.on('GET', '/items', async (req, res) => {
  try { res.end(JSON.stringify(await breaker.fire(''))); } catch (error) { fail(res, error); }
});
http.createServer((req, res) => router.lookup(req, res)).listen(process.env.HTTP_PORT, '127.0.0.1');
""",
        "app/tracing.js": """const { NodeSDK } = require('@opentelemetry/sdk-node');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-grpc');
const { GrpcInstrumentation } = require('@opentelemetry/instrumentation-grpc');

new NodeSDK({ traceExporter: new OTLPTraceExporter(), instrumentations: [new GrpcInstrumentation()] }).start();
""",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10205/{path}" for path in ("items/one", "items", "no")),
    seconds=15,
)

JSON_SERVER = Recipe(
    name="json-server",
    packages=("ca-certificates", "dumb-init"),
    env=PRODUCTION_NODE,
    folder="/data",
    entrypoint=("dumb-init", "--", "json-server"),
    cmd=("--host", "127.0.0.1", "--port", "10206", "--middlewares", "/data/slow.js", "--watch", "/data/db.json"),
    files=HOSTS
    | {
        "data/db.json": '{"orders": [{"id": 1, "name": "one", "shopId": 1}], "shops": [{"id": 1}]}\n',
        "data/routes.json": '{"/api/*": "/$1"}\n',
        "data/slow.js": "module.exports = (req, res, next) => setTimeout(next, 10);\n",
    },
    prepare=(*NODE, "hash -r", f"{_GLOBAL} json-server@0.17"),
    asks=tuple(
        f"http://127.0.0.1:10206/{path}"
        for path in ("", "db", "orders", "orders/1?_expand=shop", "shops?_embed=orders&_page=1", "no")
    ),
    sends=(("http://127.0.0.1:10206/orders", '{"name": "two"}'),),
    seconds=15,
)

RESTANA = Recipe(
    name="restana",
    packages=(*FULL, "python3"),
    env=PRODUCTION_NODE | {"PM2_HOME": "/tmp/pm2"},
    cmd=("pm2-runtime", "start", "ecosystem.config.js"),
    files=HOSTS
    | {
        "app/ecosystem.config.js": """module.exports = {
  apps: [
    { name: 'api', script: './src/api.js', instances: 2, exec_mode: 'cluster', env: { PORT: '10207' } },
    { name: 'cleaner', script: './src/cleaner.js', cron_restart: '0 3 * * *' },
  ],
};
""",
        "app/package.json": """{
  "name": "gateway", "version": "1.0.0", "private": true,
  "dependencies": {"restana": "^5", "fast-gateway": "^3", "http-cache-middleware": "^1", "keyv": "^4", "hpagent": "^1",
    "body-parser": "^1", "ajv": "^8", "ajv-errors": "^3", "bole": "^5", "mysql2": "^3", "ldapjs": "^3",
    "node-cache": "^5",
    "@azure/storage-blob": "^12", "puppeteer-core": "^23", "croner": "^9"},
  "devDependencies": {"mocha": "^10", "chai": "^4"}
}
""",
        "app/src/api.js": """const bole = require('bole');
const restana = require('restana');
const bodyParser = require('body-parser');
const NodeCache = require('node-cache');
const schema = require('./schema');

bole.output({ level: 'info', stream: process.stdout });
const log = bole('api');
const cache = new NodeCache({ stdTTL: 10 });
const service = restana({ errorHandler: (error, req, res) => { log.error(error); res.send(error); } });
service.use(bodyParser.json());
service.get('/orders', (req, res) => res.send(cache.keys()));
service.post('/orders', (req, res) => {
  if (!schema(req.body)) return res.send(schema.errors, 422);
  cache.set(req.body.name, req.body);
  res.send(req.body, 201);
});
service.get('/people', async (req, res) => {
  if (!process.env.LDAP_URL) return res.send('no directory', 503);
  const ldap = require('ldapjs');
  res.send(ldap.createClient({ url: process.env.LDAP_URL }).url);
});
service.get('/fail', () => { throw new Error('on purpose'); });
service.start(Number(process.env.PORT), '127.0.0.1').then(() => log.info('ready'));
""",
        "app/src/schema.js": """const Ajv = require('ajv');

const ajv = new Ajv({ allErrors: true });
require('ajv-errors')(ajv);
module.exports = ajv.compile({
  type: 'object', required: ['name'], properties: { name: { type: 'string' } }, errorMessage: 'an order has a name',
});
""",
        "app/src/cleaner.js": """const { Cron } = require('croner');

new Cron('*/4 * * * * *', async () => {
  if (process.env.CONTAINER) {
    const { BlobServiceClient } = require('@azure/storage-blob');
    await BlobServiceClient.fromConnectionString(process.env.CONTAINER).getProperties();
  }
  console.log('clean');
});
""",
    },
    prepare=(*_INSTALLED, f"{_GLOBAL} pm2"),
    asks=tuple(f"http://127.0.0.1:10207/{path}" for path in ("orders", "people", "fail", "no")),
    sends=(("http://127.0.0.1:10207/orders", '{"name": "one"}'), ("http://127.0.0.1:10207/orders", "{}")),
    seconds=30,
)

POSTGRAPHILE = Recipe(
    name="postgraphile",
    packages=("ca-certificates", "postgresql", "util-linux", "gosu", "procps"),
    env=PRODUCTION_NODE | {"PGDATA": "/tmp/pg", "DATABASE_URL": "postgres://postgres@127.0.0.1:10208/postgres"},
    entrypoint=("/entrypoint.sh",),
    cmd=("postgraphile",),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -euo pipefail

bin=$(echo /usr/lib/postgresql/*/bin)
install -d -o postgres "$PGDATA"
[ -s "$PGDATA/PG_VERSION" ] || gosu postgres "$bin/initdb" -D "$PGDATA" --auth=trust > /dev/null
gosu postgres "$bin/pg_ctl" -D "$PGDATA" -o "-p 10208 -k /tmp" -w start
psql -h /tmp -p 10208 -U postgres -v ON_ERROR_STOP=1 -f /app/schema.sql || true

if [ "${1:-}" = postgraphile ]; then
  shift
  exec npx postgraphile --connection "$DATABASE_URL" --host 127.0.0.1 --port 10209 --schema shop \\
    --append-plugins @graphile-contrib/pg-simplify-inflector,postgraphile-plugin-connection-filter \\
    --enhance-graphiql --dynamic-json "$@"
fi
exec "$@"
""",
        "app/schema.sql": "create schema shop;\ncreate table shop.orders (id serial primary key, name text not null);\n"
        "insert into shop.orders (name) values ('one');\n",
        "app/package.json": """{
  "name": "graph", "version": "1.0.0", "private": true,
  "dependencies": {"postgraphile": "^4", "@graphile-contrib/pg-simplify-inflector": "^6",
    "postgraphile-plugin-connection-filter": "^2", "@graphile/pg-pubsub": "^4", "@graphile/operation-hooks": "^1",
    "graphile-worker": "^0.16", "@graphile-contrib/pg-order-by-related": "^1"}
}
""",
    },
    prepare=_INSTALLED,
    asks=("http://127.0.0.1:10209/graphiql", "http://127.0.0.1:10209/no"),
    sends=(
        ("http://127.0.0.1:10209/graphql", '{"query": "{ orders(filter: {id: {equalTo: 1}}) { nodes { id name } } }"}'),
        (
            "http://127.0.0.1:10209/graphql",
            '{"query": "mutation { createOrder(input: {order: {name: \\"two\\"}}) { order { id } } }"}',
        ),
        ("http://127.0.0.1:10209/graphql", '{"query": "{ no }"}'),
    ),
    seconds=30,
)

PROBOT = Recipe(
    name="probot",
    packages=(*_TOOLS, "tini", "git"),
    env=PRODUCTION_NODE | {"PORT": "10210", "HOST": "127.0.0.1", "APP_ID": "1", "WEBHOOK_SECRET": "development"},
    entrypoint=("tini", "-g", "--"),
    cmd=("/app/start.sh",),
    files=HOSTS
    | {
        "app/start.sh": """#!/bin/sh
set -e
PRIVATE_KEY=$(cat /run/secrets/key.pem 2> /dev/null || cat /app/key.pem)
export PRIVATE_KEY
exec npm start --silent
""",
        "app/package.json": """{
  "name": "robot", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "probot run ./index.js", "test": "node --test"},
  "dependencies": {"probot": "^13", "js-yaml": "^4", "minimatch": "^10", "semver": "^7", "nock": "^13",
    "@slack/web-api": "^7", "jira-client": "^8"}
}
""",
        "app/index.js": """import semver from 'semver';
import { labels } from './labels.js';

export default (app, { getRouter }) => {
  app.log.info('loaded');
  app.on('issues.opened', (context) => context.octokit.issues.addLabels(context.issue({ labels: labels(context) })));
  app.on('release.published', async (context) => {
    if (!semver.valid(context.payload.release.tag_name)) return;
    if (process.env.SLACK_TOKEN) {
      const { WebClient } = await import('@slack/web-api');
      await new WebClient(process.env.SLACK_TOKEN).chat.postMessage({ channel: 'c', text: 'released' });
    }
  });
  const router = getRouter('/robot');
  router.get('/hello', (req, res) => res.send('hello'));
};
""",
        "app/labels.js": """import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { minimatch } from 'minimatch';

const rules = load(readFileSync(new URL('./labels.yml', import.meta.url), 'utf8'));
export const labels = ({ payload }) =>
  Object.keys(rules).filter((name) => minimatch(payload.issue.title, rules[name]));
""",
        "app/labels.yml": "bug: '*bug*'\nidea: '*idea*'\n",
    },
    prepare=(*_INSTALLED, "openssl genrsa -out /app/key.pem 2048"),
    asks=tuple(f"http://127.0.0.1:10210/{path}" for path in ("", "probot", "ping", "robot/hello", "health", "no")),
    sends=(("http://127.0.0.1:10210/api/github/webhooks", '{"action": "opened", "issue": {"number": 1}}'),),
    seconds=20,
)

ELYSIA = Recipe(
    name="elysia",
    packages=FULL,
    env=PRODUCTION_NODE | {"PORT": "10211", "COREPACK_ENABLE_NETWORK": "0"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("pnpm", "start"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "notes", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node src/main.js", "build": "tsup src", "test": "vitest run"},
  "dependencies": {"elysia": "1.2.25", "@elysiajs/node": "1.2.6", "@elysiajs/cors": "1.2.0",
    "@elysiajs/swagger": "1.2.2", "@elysiajs/jwt": "1.2.0", "kysely": "^0.27", "pg": "^8",
    "meilisearch": "^0.45", "@react-email/render": "^1", "react": "^19", "react-dom": "^19", "date-fns": "^4"},
  "devDependencies": {"tsup": "^8", "vitest": "^2"}
}
""",
        "app/src/main.js": """import { Elysia, t } from 'elysia';
import { node } from '@elysiajs/node';
import { cors } from '@elysiajs/cors';
import { jwt } from '@elysiajs/jwt';
import { swagger } from '@elysiajs/swagger';
import { formatISO } from 'date-fns';

const notes = [];
new Elysia({ adapter: node() })
  .use(cors())
  .use(swagger())
  .use(jwt({ name: 'jwt', secret: 'k'.repeat(32) }))
  .get('/notes', () => notes.slice(-5))
  .get('/token', ({ jwt: signer }) => signer.sign({ sub: 'one' }))
  .get('/search', async ({ set }) => {
    if (!process.env.MEILI_URL) { set.status = 503; return 'no index'; }
    const { MeiliSearch } = await import('meilisearch');
    return new MeiliSearch({ host: process.env.MEILI_URL }).index('notes').search('a');
  })
  .post('/notes', ({ body }) => {
    notes.push({ ...body, at: formatISO(new Date()) });
    return body;
  }, { body: t.Object({ text: t.String() }) })
  .listen({ port: Number(process.env.PORT), hostname: '127.0.0.1' }, () => console.log('ready'));
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        f"{_GLOBAL} pnpm@9",
        "cd /app && pnpm install --silent --lockfile-only && pnpm install --silent --prod --frozen-lockfile || exit 1",
        "rm -rf /root/.local/share/pnpm",
    ),
    asks=tuple(f"http://127.0.0.1:10211/{path}" for path in ("notes", "token", "search", "swagger/json", "no")),
    sends=(("http://127.0.0.1:10211/notes", '{"text": "one"}'), ("http://127.0.0.1:10211/notes", '{"no": 1}')),
    seconds=20,
)

ACTIONHERO = Recipe(
    name="actionhero",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10212", "BIND_IP": "127.0.0.1", "PROCESS_TITLE": "shop"},
    cmd=("node", "./dist/server.js"),
    files=HOSTS
    | {
        "srv/shop.ts": """import { Action, api } from 'actionhero';

export class Orders extends Action {
  constructor() {
    super();
    this.name = 'orders';
    this.description = 'all orders';
    this.outputExample = {};
    this.inputs = { name: { required: false } };
  }

  async run({ params }: any) {
    const key = 'orders';
    if (params.name) await api.redis.clients.client.rpush(key, params.name);
    return { orders: await api.redis.clients.client.lrange(key, 0, 5) };
  }
}
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        "cd /app && npm init -y && npm install -q --no-audit --no-fund actionhero@29 || exit 1",
        "cd /app && npx actionhero generate",
        "cd /app && npm install -q --no-audit --no-fund && mv /srv/shop.ts src/actions/orders.ts || exit 1",
        "cd /app && npx tsc && npm prune -q --omit=dev && rm -rf src __tests__",
    ),
    asks=tuple(
        f"http://127.0.0.1:10212/{path}"
        for path in ("api/status", "api/orders?name=one", "api/swagger", "public/index.html", "", "api/no")
    ),
    sends=(("http://127.0.0.1:10212/api/orders", '{"name": "two"}'),),
    seconds=20,
)

UNLEASH = Recipe(
    name="unleash",
    packages=("ca-certificates", "postgresql", "postgresql-client", "gosu", "tini"),
    env=PRODUCTION_NODE
    | {
        "DATABASE_URL": "postgres://postgres@127.0.0.1:10213/postgres",
        "DATABASE_SSL": "false",
        "HTTP_PORT": "10214",
        "HTTP_HOST": "127.0.0.1",
        "CHECK_VERSION": "false",
        "SEND_TELEMETRY": "false",
    },
    folder="/unleash",
    entrypoint=("tini", "--", "/unleash/run.sh"),
    cmd=("node", "index.js"),
    files=HOSTS
    | {
        "unleash/run.sh": """#!/bin/sh
set -e
install -d -o postgres /tmp/pg /run/postgresql
gosu postgres /usr/lib/postgresql/17/bin/initdb -D /tmp/pg -A trust > /dev/null || echo "is there"
gosu postgres /usr/lib/postgresql/17/bin/postgres -D /tmp/pg -p 10213 -h 127.0.0.1 &
until pg_isready -q -h 127.0.0.1 -p 10213; do sleep 0.3; done
exec "$@"
""",
        "unleash/package.json": """{
  "name": "flags", "version": "1.0.0", "private": true,
  "dependencies": {"unleash-server": "5.12.8", "passport": "^0.7", "passport-google-oauth20": "^2"}
}
""",
        "unleash/index.js": """const unleash = require('unleash-server');

unleash.start({ authentication: { type: 'none' } }).then(() => console.log('ready'), (error) => {
  console.error(error);
  process.exit(1);
});
""",
    },
    prepare=(*NODE, "hash -r", f"cd /unleash && {NPM_CI} --omit=dev || exit 1"),
    asks=tuple(
        f"http://127.0.0.1:10214/{path}"
        for path in (
            "",
            "health",
            "api/admin/projects/default/features",
            "api/client/features",
            "api/admin/events",
            "no",
        )
    ),
    sends=(
        (
            "http://127.0.0.1:10214/api/admin/projects/default/features",
            '{"name": "one", "type": "release", "description": "a"}',
        ),
        ("http://127.0.0.1:10214/api/client/metrics", "{}"),
    ),
    seconds=60,
)

STATSD = Recipe(
    name="statsd",
    packages=("ca-certificates", "dumb-init", "netcat-openbsd", "curl"),
    env=PRODUCTION_NODE,
    folder="/usr/src/app",
    entrypoint=("dumb-init", "--", "node"),
    cmd=("node_modules/statsd/stats.js", "config.js"),
    files=HOSTS
    | {
        "usr/src/app/package.json": '{"name": "stats", "version": "1.0.0", "private": true, "dependencies": '
        '{"statsd": "^0.9", "statsd-elasticsearch-backend": "^0.4", "statsd-influxdb-backend": "^0.6"}}\n',
        "usr/src/app/config.js": """{
  port: 10215, address: "127.0.0.1", mgmt_port: 10216, mgmt_address: "127.0.0.1", flushInterval: 3000,
  servers: [{ server: "./servers/tcp", address: "127.0.0.1", port: 10215 }],
  backends: ["./backends/console", "./backends/repeater", "statsd-influxdb-backend"],
  repeater: [{ host: "127.0.0.1", port: 10217 }],
  influxdb: { version: 0.9, host: "127.0.0.1", port: 1, database: "shop", flush: { enable: true } }
}
""",
    },
    prepare=(*NODE, "hash -r", f"cd /usr/src/app && {NPM_CI} --omit=dev || exit 1"),
    sends=(
        ("tcp://127.0.0.1:10216", "stats\n"),
        ("tcp://127.0.0.1:10216", "health\n"),
        ("tcp://127.0.0.1:10215", "orders:1|c\n"),
    ),
    seconds=15,
)

APIS = (EGG, TINYHTTP, ROUTING, GRPC, JSON_SERVER, RESTANA)
APPLICATIONS = (POSTGRAPHILE, PROBOT, ELYSIA, ACTIONHERO, UNLEASH, STATSD)
NODE_APPLICATIONS = (*APIS, *APPLICATIONS)
