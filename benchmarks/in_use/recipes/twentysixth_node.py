"""The twenty-sixth set's web applications of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")
_COMPILED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} && npm run build && npm prune -q --omit=dev && rm -rf src || exit 1",
)
_TOOLS = ("ca-certificates", "curl", "procps", "netbase", "tzdata", "tini")
TYPESCRIPT = """{
  "compilerOptions": {"target": "es2022", "module": "commonjs", "moduleResolution": "node", "rootDir": "src",
    "outDir": "dist", "experimentalDecorators": true, "emitDecoratorMetadata": true, "esModuleInterop": true,
    "skipLibCheck": true, "strict": false, "noEmitOnError": false},
  "include": ["src"]
}
"""

ADONIS = Recipe(
    name="adonis",
    packages=_TOOLS,
    env=PRODUCTION_NODE
    | {"HOST": "127.0.0.1", "PORT": "10401", "LOG_LEVEL": "info", "APP_KEY": "one-key-that-is-long-enough-for-this"},
    entrypoint=("tini", "--"),
    cmd=("node", "bin/server.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "shop", "version": "1.0.0", "private": true, "type": "module",
  "imports": {"#controllers/*": "./app/controllers/*.js", "#middleware/*": "./app/middleware/*.js",
    "#exceptions/*": "./app/exceptions/*.js", "#validators/*": "./app/validators/*.js",
    "#start/*": "./start/*.js", "#config/*": "./config/*.js"},
  "scripts": {"start": "node bin/server.js", "test": "node ace test"},
  "dependencies": {"@adonisjs/core": "^6", "@adonisjs/cors": "^2", "@adonisjs/static": "^1", "@adonisjs/session": "^7",
    "@adonisjs/lucid": "^21", "@adonisjs/mail": "^9", "@vinejs/vine": "^3", "edge.js": "^6", "luxon": "^3",
    "reflect-metadata": "^0.2", "pg": "^8"},
  "devDependencies": {"@adonisjs/assembler": "^7", "@japa/runner": "^3", "typescript": "^5", "pino-pretty": "^11"}
}
""",
        "app/bin/server.js": """import 'reflect-metadata'
import { Ignitor, prettyPrintError } from '@adonisjs/core'

const APP_ROOT = new URL('../', import.meta.url)
const IMPORTER = (filePath) => {
  if (filePath.startsWith('./') || filePath.startsWith('../')) {
    return import(new URL(filePath, APP_ROOT).href)
  }
  return import(filePath)
}

new Ignitor(APP_ROOT, { importer: IMPORTER })
  .tap((app) => {
    app.booting(async () => {
      await import('#start/env')
    })
    app.listen('SIGTERM', () => app.terminate())
  })
  .httpServer()
  .start()
  .catch((error) => {
    process.exitCode = 1
    prettyPrintError(error)
  })
""",
        "app/adonisrc.js": """import { defineConfig } from '@adonisjs/core/app'

export default defineConfig({
  commands: [() => import('@adonisjs/core/commands'), () => import('@adonisjs/mail/commands')],
  providers: [
    () => import('@adonisjs/core/providers/app_provider'),
    () => import('@adonisjs/core/providers/hash_provider'),
    { file: () => import('@adonisjs/core/providers/repl_provider'), environment: ['repl', 'test'] },
    () => import('@adonisjs/core/providers/vinejs_provider'),
    () => import('@adonisjs/core/providers/edge_provider'),
    () => import('@adonisjs/session/session_provider'),
    () => import('@adonisjs/cors/cors_provider'),
    () => import('@adonisjs/static/static_provider'),
  ],
  preloads: [() => import('#start/routes'), () => import('#start/kernel')],
  metaFiles: [{ pattern: 'resources/views/**/*.edge', reloadServer: false }],
})
""",
        "app/start/env.js": """import { Env } from '@adonisjs/core/env'

export default await Env.create(new URL('../', import.meta.url), {
  NODE_ENV: Env.schema.enum(['development', 'production', 'test']),
  PORT: Env.schema.number(),
  APP_KEY: Env.schema.string(),
  HOST: Env.schema.string(),
  LOG_LEVEL: Env.schema.string(),
})
""",
        "app/start/kernel.js": """import router from '@adonisjs/core/services/router'
import server from '@adonisjs/core/services/server'

server.errorHandler(() => import('#exceptions/handler'))
server.use([
  () => import('#middleware/took'),
  () => import('@adonisjs/static/static_middleware'),
  () => import('@adonisjs/cors/cors_middleware'),
])
router.use([
  () => import('@adonisjs/core/bodyparser_middleware'),
  () => import('@adonisjs/session/session_middleware'),
])
export const middleware = router.named({})
""",
        "app/start/routes.js": """import router from '@adonisjs/core/services/router'

const OrdersController = () => import('#controllers/orders_controller')

router.get('/', ({ view }) => view.render('home', { name: 'shop' }))
router.get('/orders', [OrdersController, 'index'])
router.post('/orders', [OrdersController, 'store'])
router.get('/fail', () => { throw new Error('on purpose') })
""",
        "app/app/controllers/orders_controller.js": """import { createOrder } from '#validators/order'

const orders = []
export default class OrdersController {
  index() { return orders.slice(-5) }
  async store({ request, response, session }) {
    const order = await request.validateUsing(createOrder)
    session.put('last', order.name)
    orders.push(order)
    return response.created(order)
  }
}
""",
        "app/app/validators/order.js": """import vine from '@vinejs/vine'

export const createOrder = vine.compile(vine.object({ name: vine.string().trim().minLength(1) }))
""",
        "app/app/middleware/took.js": """export default class Took {
  async handle(ctx, next) {
    const start = Date.now()
    await next()
    ctx.response.header('x-took', String(Date.now() - start))
  }
}
""",
        "app/app/exceptions/handler.js": """import { ExceptionHandler } from '@adonisjs/core/http'
import app from '@adonisjs/core/services/app'

export default class HttpExceptionHandler extends ExceptionHandler {
  debug = !app.inProduction
}
""",
        "app/config/app.js": """import env from '#start/env'
import { Secret } from '@adonisjs/core/helpers'
import { defineConfig } from '@adonisjs/core/http'

export const appKey = new Secret(env.get('APP_KEY'))
export const http = defineConfig({ generateRequestId: true, cookie: { path: '/', maxAge: '2h', httpOnly: true } })
""",
        "app/config/bodyparser.js": """import { defineConfig } from '@adonisjs/core/bodyparser'

export default defineConfig({ allowedMethods: ['POST'], form: {}, json: {}, multipart: { autoProcess: true } })
""",
        "app/config/hash.js": """import { defineConfig, drivers } from '@adonisjs/core/hash'

export default defineConfig({ default: 'scrypt', list: { scrypt: drivers.scrypt({}) } })
""",
        "app/config/logger.js": """import env from '#start/env'
import { defineConfig } from '@adonisjs/core/logger'

export default defineConfig({
  default: 'app', loggers: { app: { enabled: true, name: 'shop', level: env.get('LOG_LEVEL') } },
})
""",
        "app/config/session.js": """import { defineConfig, stores } from '@adonisjs/session'

export default defineConfig({
  enabled: true, cookieName: 'shop', clearWithBrowser: false, age: '2h', cookie: { path: '/' },
  store: 'cookie', stores: { cookie: stores.cookie() },
})
""",
        "app/config/cors.js": """import { defineConfig } from '@adonisjs/cors'

export default defineConfig({ enabled: true, origin: true, methods: ['GET', 'POST'], headers: true })
""",
        "app/config/static.js": """import { defineConfig } from '@adonisjs/static'

export default defineConfig({ enabled: true, etag: true, lastModified: true, dotFiles: 'ignore' })
""",
        "app/config/mail.js": """import { defineConfig, transports } from '@adonisjs/mail'

export default defineConfig({
  default: 'smtp', mailers: { smtp: transports.smtp({ host: 'localhost', port: 25 }) },
})
""",
        "app/resources/views/home.edge": "<h1>{{ name }}</h1>\n@if(name)\n<p>open</p>\n@end\n",
        "app/public/robots.txt": "User-agent: *\n",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10401/{path}" for path in ("", "orders", "robots.txt", "fail", "no")),
    sends=(("http://127.0.0.1:10401/orders", '{"name": "one"}'), ("http://127.0.0.1:10401/orders", "name=")),
    seconds=20,
)

REMIX = Recipe(
    name="remix",
    packages=("ca-certificates", "openssl", "procps"),
    env=PRODUCTION_NODE | {"PORT": "10402", "NODE_OPTIONS": "--enable-source-maps"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("npm", "run", "start"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "pages", "version": "1.0.0", "private": true, "type": "module", "sideEffects": false,
  "scripts": {"build": "remix vite:build", "start": "cross-env NODE_ENV=production node ./server.js",
    "dev": "node ./server.js", "lint": "eslint .", "typecheck": "tsc"},
  "dependencies": {"@remix-run/express": "^2", "@remix-run/node": "^2", "@remix-run/react": "^2", "compression": "^1",
    "cross-env": "^7", "express": "^4", "isbot": "^4", "morgan": "^1", "react": "^18", "react-dom": "^18",
    "remix-auth": "^3", "remix-validated-form": "^5", "zod": "^3", "@sentry/remix": "^8"},
  "devDependencies": {"@remix-run/dev": "^2", "vite": "^5", "typescript": "^5", "eslint": "^8",
    "vite-tsconfig-paths": "^4", "tailwindcss": "^3", "autoprefixer": "^10", "postcss": "^8"}
}
""",
        "app/vite.config.js": """import { vitePlugin as remix } from '@remix-run/dev';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [remix()] });
""",
        "app/server.js": """import { createRequestHandler } from '@remix-run/express';
import { installGlobals } from '@remix-run/node';
import compression from 'compression';
import express from 'express';
import morgan from 'morgan';

installGlobals();
const viteDevServer = process.env.NODE_ENV === 'production' ? undefined : await import('vite').then((vite) =>
  vite.createServer({ server: { middlewareMode: true } }));
const remixHandler = createRequestHandler({
  build: viteDevServer
    ? () => viteDevServer.ssrLoadModule('virtual:remix/server-build')
    : await import('./build/server/index.js'),
});
const app = express();
app.use(compression());
app.disable('x-powered-by');
app.use('/assets', express.static('build/client/assets', { immutable: true, maxAge: '1y' }));
app.use(express.static('build/client', { maxAge: '1h' }));
app.use(morgan('tiny'));
app.all('*', remixHandler);
app.listen(process.env.PORT || 3000, '127.0.0.1', () => console.log('ready'));
""",
        "app/app/root.jsx": """import { Links, Meta, Outlet, Scripts, ScrollRestoration } from '@remix-run/react';

export default function App() {
  return (<html><head><Meta /><Links /></head><body><Outlet /><ScrollRestoration /><Scripts /></body></html>);
}
""",
        "app/app/routes/_index.jsx": """import { json } from '@remix-run/node';
import { Form, useLoaderData } from '@remix-run/react';
import { add, all } from '../orders.server';

export const loader = async () => json({ orders: all() });
export async function action({ request }) {
  const form = await request.formData();
  return json(add(form.get('name')));
}
export default function Index() {
  const { orders } = useLoaderData();
  return (<main><h1>Shop</h1>{orders.map((one) => <p key={one.name}>{one.name}</p>)}
    <Form method="post"><input name="name" /></Form></main>);
}
""",
        "app/app/routes/api.orders.jsx": """import { json } from '@remix-run/node';
import { all } from '../orders.server';

export const loader = async () => json(all());
""",
        "app/app/orders.server.js": """import { z } from 'zod';

const orders = [];
const Order = z.object({ name: z.string().min(1) });
export const all = () => orders.slice(-5);
export function add(name) {
  const order = Order.safeParse({ name });
  if (order.success) orders.push(order.data);
  return { ok: order.success };
}
""",
        "app/public/robots.txt": "User-agent: *\n",
    },
    prepare=(*NODE, "hash -r", f"cd /app && {NPM_CI} && npm run build && npm prune -q --omit=dev || exit 1"),
    asks=tuple(f"http://127.0.0.1:10402/{path}" for path in ("", "api/orders", "robots.txt", "no")),
    sends=(("http://127.0.0.1:10402/?index", "name=one"), ("http://127.0.0.1:10402/?index", "name=")),
    seconds=20,
)

MIDWAY = Recipe(
    name="midway",
    packages=_TOOLS,
    env=PRODUCTION_NODE,
    entrypoint=("tini", "--"),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "midway-shop", "version": "1.0.0", "private": true,
  "scripts": {"start": "NODE_ENV=production node ./bootstrap.js", "build": "tsc --noCheck", "dev": "mwtsc --watch"},
  "dependencies": {"@midwayjs/bootstrap": "^3", "@midwayjs/core": "^3", "@midwayjs/info": "^3", "@midwayjs/koa": "^3",
    "@midwayjs/logger": "^3", "@midwayjs/validate": "^3", "@midwayjs/static-file": "^3", "@midwayjs/view-ejs": "^3",
    "@midwayjs/cron": "^3", "@midwayjs/redis": "^3", "@midwayjs/jwt": "^3", "@midwayjs/swagger": "^3",
    "@midwayjs/cross-domain": "^3", "dayjs": "^1"},
  "devDependencies": {"@midwayjs/mock": "^3", "mwts": "^1", "mwtsc": "^1", "typescript": "^5", "jest": "^29",
    "@types/node": "^20", "@types/koa": "^2"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/bootstrap.js": "const { Bootstrap } = require('@midwayjs/bootstrap');\nBootstrap.run();\n",
        "app/src/configuration.ts": """import { Configuration, App } from '@midwayjs/core';
import * as koa from '@midwayjs/koa';
import * as validate from '@midwayjs/validate';
import * as info from '@midwayjs/info';
import * as view from '@midwayjs/view-ejs';
import * as files from '@midwayjs/static-file';
import * as cron from '@midwayjs/cron';
import * as cross from '@midwayjs/cross-domain';
import { join } from 'path';
import { TookMiddleware } from './middleware/took.middleware';

@Configuration({
  imports: [koa, validate, view, files, cron, cross, { component: info, enabledEnvironment: ['local'] }],
  importConfigs: [join(__dirname, './config')],
})
export class MainConfiguration {
  @App('koa')
  app: koa.Application;

  async onReady() {
    this.app.useMiddleware([TookMiddleware]);
  }
}
""",
        "app/src/config/config.default.ts": """export default {
  keys: 'one',
  koa: { port: 10403, hostname: '127.0.0.1' },
  view: { defaultViewEngine: 'ejs', mapping: { '.ejs': 'ejs' } },
  midwayLogger: { default: { dir: '/tmp/logs' } },
};
""",
        "app/src/config/config.prod.ts": "export default { midwayLogger: { default: { level: 'warn' } } };\n",
        "app/src/middleware/took.middleware.ts": """import { Middleware } from '@midwayjs/core';

@Middleware()
export class TookMiddleware {
  resolve() {
    return async (ctx, next) => {
      const start = Date.now();
      const result = await next();
      ctx.set('x-took', String(Date.now() - start));
      return result;
    };
  }
}
""",
        "app/src/service/orders.service.ts": """import { Provide, Scope, ScopeEnum } from '@midwayjs/core';
import * as dayjs from 'dayjs';

@Provide()
@Scope(ScopeEnum.Singleton)
export class OrdersService {
  orders = [];
  all() { return this.orders.slice(-5); }
  add(order) { this.orders.push({ ...order, at: dayjs().toISOString() }); return order; }
}
""",
        "app/src/controller/orders.controller.ts": """import { Body, Controller, Get, Inject } from '@midwayjs/core';
import { Post } from '@midwayjs/core';
import { Rule, RuleType } from '@midwayjs/validate';
import { OrdersService } from '../service/orders.service';

export class OrderDTO {
  @Rule(RuleType.string().min(1).required())
  name: string;
}

@Controller('/')
export class OrdersController {
  @Inject()
  ctx;

  @Inject()
  orders: OrdersService;

  @Get('/')
  async page() { await this.ctx.render('page', { orders: this.orders.all() }); }

  @Get('/orders')
  async all() { return this.orders.all(); }

  @Post('/orders')
  async add(@Body() order: OrderDTO) { return this.orders.add(order); }
}
""",
        "app/src/job/report.job.ts": """import { Job, IJob } from '@midwayjs/cron';
import { Inject } from '@midwayjs/core';
import { OrdersService } from '../service/orders.service';

@Job({ cronTime: '*/5 * * * * *', start: true })
export class ReportJob implements IJob {
  @Inject()
  orders: OrdersService;

  async onTick() { console.log(this.orders.all().length); }
}
""",
        "app/view/page.ejs": "<h1>Shop</h1><% orders.forEach((one) => { %><p><%= one.name %></p><% }) %>\n",
        "app/public/robots.txt": "User-agent: *\n",
    },
    prepare=_COMPILED,
    asks=tuple(f"http://127.0.0.1:10403/{path}" for path in ("", "orders", "public/robots.txt", "no")),
    sends=(("http://127.0.0.1:10403/orders", '{"name": "one"}'), ("http://127.0.0.1:10403/orders", "{}")),
    seconds=25,
)

FOAL = Recipe(
    name="foal",
    packages=(*_TOOLS, "gosu"),
    env=PRODUCTION_NODE | {"PORT": "10404", "SETTINGS_JWT_SECRET": "one"},
    entrypoint=("/app/entrypoint.sh",),
    cmd=("node", "dist/index.js"),
    files=HOSTS
    | {
        "app/entrypoint.sh": """#!/bin/sh
set -e
if [ "$(id -u)" = 0 ] && [ "$1" = node ]; then
  mkdir -p /tmp/shop && chown -R nobody /tmp/shop
  exec gosu nobody "$0" "$@"
fi
exec "$@"
""",
        "app/package.json": """{
  "name": "foal-shop", "version": "1.0.0", "private": true,
  "scripts": {"start": "node dist/index.js", "build": "tsc --noCheck", "test": "mocha"},
  "dependencies": {"@foal/core": "^4", "@foal/typeorm": "^4", "@foal/swagger": "^4", "@foal/jwt": "^4",
    "@foal/storage": "^4", "reflect-metadata": "^0.1", "source-map-support": "^0.5", "typeorm": "0.3.20",
    "sql.js": "^1", "pg": "^8", "yamljs": "^0.3", "jsonwebtoken": "^9"},
  "devDependencies": {"@foal/cli": "^4", "typescript": "^5", "mocha": "^10", "eslint": "^8", "@types/node": "^20"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/config/default.json": '{"port": "env(PORT)", "settings": {"loggerFormat": "tiny"}}\n',
        "app/config/production.json": '{"settings": {"debug": false}}\n',
        "app/src/db.ts": """import { DataSource } from 'typeorm';
import { Order } from './app/entities';

export const dataSource = new DataSource({
  type: 'sqljs', location: '/tmp/shop/db.sqlite', autoSave: true, synchronize: true, entities: [Order],
});
""",
        "app/src/app/entities/index.ts": "export * from './order.entity';\n",
        "app/src/app/entities/order.entity.ts": """import { BaseEntity, Column, Entity } from 'typeorm';
import { PrimaryGeneratedColumn } from 'typeorm';

@Entity()
export class Order extends BaseEntity {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  name: string;
}
""",
        "app/src/app/app.controller.ts": """import { controller, Context, Get, render } from '@foal/core';
import type { IAppController } from '@foal/core';
import { ApiController } from './controllers/api.controller';
import { DocsController } from './controllers/docs.controller';

export class AppController implements IAppController {
  subControllers = [controller('/api', ApiController), controller('/docs', DocsController)];

  @Get('/')
  home(ctx: Context) { return render('./templates/home.html', { name: 'shop' }); }

  @Get('/fail')
  fail() { throw new Error('on purpose'); }
}
""",
        "app/src/app/controllers/api.controller.ts": """import { ApiInfo, Context, Get, HttpResponseCreated,
  HttpResponseOK, Post, ValidateBody } from '@foal/core';
import { JWTRequired } from '@foal/jwt';
import { Order } from '../entities';

@ApiInfo({ title: 'Shop', version: '1' })
export class ApiController {
  @Get('/orders')
  async all() { return new HttpResponseOK(await Order.find({ take: 5 })); }

  @Post('/orders')
  @ValidateBody({ type: 'object', properties: { name: { type: 'string' } }, required: ['name'] })
  async add(ctx: Context) {
    const order = new Order();
    order.name = ctx.request.body.name;
    return new HttpResponseCreated(await order.save());
  }

  @Get('/mine')
  @JWTRequired()
  mine() { return new HttpResponseOK([]); }
}
""",
        "app/src/app/controllers/docs.controller.ts": """import { SwaggerController } from '@foal/swagger';
import { ApiController } from './api.controller';

export class DocsController extends SwaggerController {
  options = { controllerClass: ApiController };
}
""",
        "app/src/index.ts": """import 'source-map-support/register';
import { createApp, Config } from '@foal/core';
import { dataSource } from './db';
import { AppController } from './app/app.controller';

async function main() {
  await dataSource.initialize();
  const app = await createApp(AppController);
  app.listen(Config.get('port', 'number', 3001), '127.0.0.1');
}

main().catch((error) => { console.error(error); process.exit(1); });
""",
        "app/templates/home.html": "<h1>{{ name }}</h1>\n",
        "app/public/robots.txt": "User-agent: *\n",
    },
    prepare=_COMPILED,
    asks=tuple(
        f"http://127.0.0.1:10404/{path}" for path in ("", "api/orders", "api/mine", "docs/", "robots.txt", "fail")
    ),
    sends=(("http://127.0.0.1:10404/api/orders", '{"name": "one"}'), ("http://127.0.0.1:10404/api/orders", "{}")),
    seconds=20,
)

TOTAL = Recipe(
    name="total",
    packages=_TOOLS,
    env=PRODUCTION_NODE,
    cmd=("node", "index.js", "10405", "--release"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "total-shop", "version": "1.0.0", "private": true,
  "dependencies": {"total4": "~0.0.99", "nodemailer": "^7", "sharp": "^0.34", "exceljs": "^4"}
}
""",
        "app/index.js": """const options = {};
const type = process.argv.indexOf('--release', 1) !== -1 ? 'release' : 'debug';
options.ip = '127.0.0.1';
options.port = parseInt(process.argv[2]);
require('total4/' + type)(options);
""",
        "app/config": "name : Shop\nauthor : a\nsecret : one\ndirectory_temp : /tmp/total/\n"
        "directory_logs : /tmp/total/\n"
        "directory_databases : /tmp/total/\n",
        "app/controllers/default.js": """exports.install = function() {
	ROUTE('GET /', view_index);
	ROUTE('GET /orders', view_orders);
	ROUTE('POST /orders *Orders --> @insert');
};

function view_index() {
	this.view('index', { orders: MAIN.orders });
}

function view_orders() {
	this.json(MAIN.orders);
}
""",
        "app/schemas/orders.js": """NEWSCHEMA('Orders', function(schema) {
	schema.define('name', 'String(30)', true);
	schema.setInsert(function($, model) {
		MAIN.orders.push(model);
		$.success();
	});
});
""",
        "app/definitions/init.js": "MAIN.orders = [];\nON('service', function(count) { console.log(count); });\n",
        "app/views/index.html": "@{layout('')}\n<h1>Shop</h1>\n@{foreach m in model.orders}<p>@{m.name}</p>@{end}\n",
        "app/public/robots.txt": "User-agent: *\n",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10405/{path}" for path in ("", "orders", "robots.txt", "no")),
    sends=(("http://127.0.0.1:10405/orders", '{"name": "one"}'), ("http://127.0.0.1:10405/orders", "{}")),
    seconds=15,
)

OIDC = Recipe(
    name="oidc",
    packages=("ca-certificates", "dumb-init", "tzdata"),
    env=PRODUCTION_NODE | {"ISSUER": "http://127.0.0.1:10406", "PORT": "10406"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "--disable-proto=delete", "src/main.mjs"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "sign-in", "version": "1.0.0", "private": true, "type": "module",
  "dependencies": {"oidc-provider": "^8", "express": "^4", "ejs": "^3", "helmet": "^7", "lru-cache": "^10",
    "desm": "^1", "lodash": "^4", "ioredis": "^5", "nodemailer": "^6", "@koa/router": "^12", "openid-client": "^5"},
  "devDependencies": {"mocha": "^10", "c8": "^9", "xo": "^0.58"}
}
""",
        "app/src/main.mjs": """import path from 'node:path';
import { dirname } from 'desm';
import express from 'express';
import helmet from 'helmet';
import Provider from 'oidc-provider';
import configuration from './configuration.mjs';

const app = express();
app.use(helmet());
app.set('views', path.join(dirname(import.meta.url), 'views'));
app.set('view engine', 'ejs');
let adapter;
if (process.env.REDIS_URL) {
  ({ default: adapter } = await import('./redis.mjs'));
}
const provider = new Provider(process.env.ISSUER, { adapter, ...configuration });
app.get('/interaction/:uid', async (request, response, next) => {
  try {
    const { uid, prompt } = await provider.interactionDetails(request, response);
    return response.render('login', { uid, prompt: prompt.name });
  } catch (error) {
    return next(error);
  }
});
app.use(provider.callback());
app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
""",
        "app/src/redis.mjs": """import Redis from 'ioredis';

export default class RedisAdapter {
  constructor(name) { this.name = name; this.client = new Redis(process.env.REDIS_URL); }
}
""",
        "app/src/configuration.mjs": """import { LRUCache } from 'lru-cache';

const accounts = new LRUCache({ max: 100 });
export default {
  clients: [{ client_id: 'shop', client_secret: 'one', grant_types: ['client_credentials', 'authorization_code'],
    redirect_uris: ['https://shop.example/cb'] }],
  cookies: { keys: ['one'] },
  features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true },
    introspection: { enabled: true } },
  async findAccount(ctx, id) {
    accounts.set(id, true);
    return { accountId: id, claims: async () => ({ sub: id }) };
  },
};
""",
        "app/src/views/login.ejs": "<form action='/interaction/<%= uid %>/login'><%= prompt %></form>\n",
    },
    prepare=_INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10406/{path}"
        for path in (
            ".well-known/openid-configuration",
            "jwks",
            "auth?client_id=shop&response_type=code&scope=openid",
            "interaction/one",
            "no",
        )
    ),
    sends=(
        ("http://127.0.0.1:10406/token", "grant_type=client_credentials&client_id=shop&client_secret=one"),
        ("http://127.0.0.1:10406/token", "grant_type=no"),
    ),
    seconds=18,
)

COMMANDER = Recipe(
    name="commander",
    packages=("ca-certificates", "dumb-init", "redis-server"),
    env=PRODUCTION_NODE | {"REDIS_HOSTS": "local:127.0.0.1:10408", "NODE_APP_INSTANCE": "docker"},
    folder="/redis-commander",
    entrypoint=("/usr/bin/dumb-init", "--"),
    cmd=("/redis-commander/docker/entrypoint.sh",),
    files=HOSTS
    | {
        "redis-commander/docker/entrypoint.sh": """#!/bin/sh
set -e

redis-server --port 10408 --bind 127.0.0.1 --dir /tmp --daemonize yes
for one in $(seq 3); do
  redis-cli -p 10408 set "order:$one" "$one" > /dev/null
done
CMD_ARGS="--port 10407 --address 127.0.0.1"
if [ -n "$REDIS_PASSWORD_FILE" ]; then
  CMD_ARGS="$CMD_ARGS --redis-password=$(cat "$REDIS_PASSWORD_FILE")"
fi
echo "REDIS_HOSTS ${REDIS_HOSTS}"
exec redis-commander --redis-host 127.0.0.1 --redis-port 10408 $CMD_ARGS
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        "npm install -q -g --omit=dev --no-audit --no-fund redis-commander@0.9 || exit 1",
    ),
    asks=tuple(
        f"http://127.0.0.1:10407/{path}"
        for path in ("", "apiv2/connection", "apiv2/server/info", "apiv2/keystree/R:127.0.0.1:10408:0/", "no")
    ),
    seconds=18,
)

COLYSEUS = Recipe(
    name="colyseus",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10409"},
    entrypoint=("tini", "--"),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "play", "version": "1.0.0", "private": true, "main": "lib/index.js",
  "scripts": {"start": "node lib/index.js", "test": "mocha", "loadtest": "tsx loadtest/example.ts"},
  "dependencies": {"@colyseus/core": "^0.15", "@colyseus/schema": "^2", "@colyseus/monitor": "^0.15",
    "@colyseus/playground": "^0.15", "@colyseus/tools": "^0.15", "@colyseus/ws-transport": "^0.15",
    "@colyseus/redis-driver": "^0.15", "@colyseus/redis-presence": "^0.15", "@colyseus/auth": "^0.15",
    "express": "^4", "express-basic-auth": "^1", "zod": "^3"},
  "devDependencies": {"@colyseus/testing": "^0.15", "@colyseus/loadtest": "^0.15", "mocha": "^10", "tsx": "^4"}
}
""",
        "app/lib/index.js": """const { listen } = require('@colyseus/tools');
const app = require('./app.config').default;

listen(app, Number(process.env.PORT));
""",
        "app/lib/app.config.js": """const config = require('@colyseus/tools').default;
const { monitor } = require('@colyseus/monitor');
const basicAuth = require('express-basic-auth');
const { TableRoom } = require('./rooms/TableRoom');

exports.default = config({
  initializeGameServer: (gameServer) => {
    gameServer.define('table', TableRoom).filterBy(['mode']);
  },
  initializeExpress: (app) => {
    app.get('/hello', (request, response) => response.send('one'));
    if (process.env.NODE_ENV !== 'production') {
      app.use('/', require('@colyseus/playground').playground);
    }
    app.use('/monitor', basicAuth({ users: { a: 'b' } }), monitor());
  },
  beforeListen: () => console.log('soon'),
});
""",
        "app/lib/rooms/TableRoom.js": """const { Room } = require('@colyseus/core');
const { TableState } = require('./schema/TableState');

exports.TableRoom = class TableRoom extends Room {
  maxClients = 4;
  onCreate() {
    this.setState(new TableState());
    this.onMessage('move', (client, message) => { this.state.moves += 1; });
    this.setSimulationInterval(() => { this.state.moves += 0; });
  }
  onJoin(client) { this.state.players += 1; }
  onLeave() { this.state.players -= 1; }
};
""",
        "app/lib/rooms/schema/TableState.js": """const { Schema, defineTypes } = require('@colyseus/schema');

class TableState extends Schema {
  constructor() { super(); this.players = 0; this.moves = 0; }
}
defineTypes(TableState, { players: 'number', moves: 'number' });
exports.TableState = TableState;
""",
    },
    prepare=_INSTALLED,
    asks=tuple(f"http://127.0.0.1:10409/{path}" for path in ("hello", "monitor", "matchmake/", "no")),
    sends=(
        ("http://127.0.0.1:10409/matchmake/joinOrCreate/table", '{"mode": "one"}'),
        ("http://127.0.0.1:10409/matchmake/create/none", "{}"),
    ),
    seconds=18,
)

DEPLOYED = Recipe(
    name="pnpm-deploy",
    packages=("ca-certificates", "tini", "tzdata"),
    env=PRODUCTION_NODE | {"PORT": "10410", "DATABASE_URL": "file:/tmp/shop.db"},
    folder="/srv/api",
    entrypoint=("tini", "-g", "--"),
    cmd=("node", "src/server.js"),
    files=HOSTS
    | {
        "src/package.json": '{"name": "shop", "private": true, "packageManager": "pnpm@9.15.9"}\n',
        "src/pnpm-workspace.yaml": "packages: [apps/*, packages/*]\n",
        "src/packages/prices/package.json": """{
  "name": "@shop/prices", "version": "1.0.0", "type": "module", "main": "index.js", "files": ["index.js"],
  "dependencies": {"dinero.js": "2.0.0-alpha.14", "@dinero.js/currencies": "2.0.0-alpha.14", "decimal.js": "^10"}
}
""",
        "src/packages/prices/index.js": """import { EUR } from '@dinero.js/currencies';
import { dinero, add, toDecimal } from 'dinero.js';

export const total = (amounts) => toDecimal(amounts.map((amount) => dinero({ amount, currency: EUR })).reduce(
  (a, b) => add(a, b), dinero({ amount: 0, currency: EUR })));
""",
        "src/apps/web/package.json": '{"name": "web", "private": true, "dependencies": {"preact": "^10"}}\n',
        "src/apps/api/package.json": """{
  "name": "api", "version": "1.0.0", "private": true, "type": "module", "files": ["src"],
  "dependencies": {"@shop/prices": "workspace:*", "h3": "^1", "listhen": "^1", "drizzle-orm": "^0.44",
    "@libsql/client": "^0.15", "valibot": "^1", "consola": "^3", "jose": "^6", "ioredis": "^5", "postgres": "^3"},
  "devDependencies": {"drizzle-kit": "^0.31", "vitest": "^3", "typescript": "^5"}
}
""",
        "src/apps/api/src/server.js": """import { createServer } from 'node:http';
import { consola } from 'consola';
import { createApp, createRouter, defineEventHandler, readBody, toNodeListener } from 'h3';
import * as v from 'valibot';
import { total } from '@shop/prices';
import { database, orders, prepare } from './database.js';

const Order = v.object({ name: v.pipe(v.string(), v.minLength(1)), price: v.number() });
const router = createRouter()
  .get('/', defineEventHandler(() => ({ ok: true })))
  .get('/orders', defineEventHandler(async () => {
    const all = await database.select().from(orders).limit(5);
    return { orders: all, total: total(all.map((one) => one.price)) };
  }))
  .post('/orders', defineEventHandler(async (event) => {
    const order = v.parse(Order, await readBody(event));
    await database.insert(orders).values(order);
    return order;
  }))
  .get('/me', defineEventHandler(async () => {
    const { SignJWT } = await import('jose');
    return { token: await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('one')) };
  }));
await prepare();
const app = createApp({ onError: (error) => consola.warn(error.message) }).use(router);
createServer(toNodeListener(app)).listen(Number(process.env.PORT), '127.0.0.1', () => consola.ready('ready'));
""",
        "src/apps/api/src/database.js": """import { createClient } from '@libsql/client';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/libsql';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const orders = sqliteTable('orders', { name: text('name'), price: integer('price') });
export const database = drizzle(createClient({ url: process.env.DATABASE_URL }));
export const prepare = () => database.run(sql`create table if not exists orders (name text, price integer)`);
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        "npm install -q --prefix /tmp/p pnpm@9.15.9 || exit 1",
        "cd /src && export PATH=/tmp/p/node_modules/.bin:$PATH && pnpm install && "
        "pnpm --filter api --prod deploy /srv/deployed && cp -a /srv/deployed/. /srv/api/ || exit 1",
        "rm -rf /src /tmp/p /srv/deployed /root/.local /root/.cache",
    ),
    asks=tuple(f"http://127.0.0.1:10410/{path}" for path in ("", "orders", "me", "no")),
    sends=(("http://127.0.0.1:10410/orders", '{"name": "one", "price": 3}'), ("http://127.0.0.1:10410/orders", "{}")),
    seconds=15,
)

SERVED = Recipe(
    name="spa",
    packages=("ca-certificates", "wget"),
    env=PRODUCTION_NODE,
    entrypoint=("docker-entrypoint.sh",),
    cmd=("serve", "--single", "dist", "--listen", "tcp://127.0.0.1:10411", "--no-port-switching"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "build/package.json": """{
  "name": "spa", "private": true, "type": "module", "scripts": {"build": "vite build"},
  "dependencies": {"vue": "^3", "vue-router": "^4", "pinia": "^2"},
  "devDependencies": {"vite": "^5", "@vitejs/plugin-vue": "^5"}
}
""",
        "build/vite.config.js": "import vue from '@vitejs/plugin-vue';\nexport default { plugins: [vue()] };\n",
        "build/index.html": '<div id="app"></div><script type="module" src="/main.js"></script>\n',
        "build/main.js": "import { createApp } from 'vue';\nimport { createPinia } from 'pinia';\n"
        "import App from './App.vue';\ncreateApp(App).use(createPinia()).mount('#app');\n",
        "build/App.vue": "<template><h1>Shop</h1></template>\n",
        "build/public/robots.txt": "User-agent: *\n",
        "app/dist/serve.json": '{"headers": [{"source": "**/*.js", "headers": [{"key": "X-One", "value": "1"}]}]}\n',
    },
    prepare=(
        *NODE,
        "hash -r",
        f"cd /build && {NPM_CI} && npm run build && cp -r dist/. /app/dist/ && cd / && rm -rf /build || exit 1",
        "npm install -q -g --omit=dev --no-audit --no-fund serve@14 || exit 1",
    ),
    asks=tuple(f"http://127.0.0.1:10411/{path}" for path in ("", "orders/1", "robots.txt", "assets/", "no")),
    seconds=12,
)

NODE_APPS = (ADONIS, REMIX, MIDWAY, FOAL, TOTAL, OIDC, COMMANDER, COLYSEUS, DEPLOYED, SERVED)
