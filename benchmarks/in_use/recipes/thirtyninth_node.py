"""The thirty-ninth set's services and workers of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.thirtyeighth_sources import written
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_BUILD = (
    f"cd /build && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev && "
    "cp -r dist node_modules package.json /app && cd / && rm -rf /build || exit 1"
)

PAYSLIPS = Recipe(
    name="payslips",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "12001", "SECRET": "one-secret-that-is-long-enough-for-tokens", "LOGS": "/tmp/logs"},
    entrypoint=("tini", "--"),
    cmd=("node", "--enable-source-maps", "dist/main.js"),
    files=HOSTS,
    prepare=(
        *NODE,
        "hash -r",
        *written(
            {
                "package.json": """{
  "name": "payslips", "version": "3.2.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "start": "node dist/main.js", "test": "vitest run"},
  "dependencies": {"express": "^4", "routing-controllers": "^0.11", "routing-controllers-openapi": "^5",
    "class-validator": "^0.14", "class-transformer": "^0.5", "class-validator-jsonschema": "^5", "typedi": "^0.10",
    "reflect-metadata": "^0.2", "@electric-sql/pglite": "^0.3", "winston": "^3", "winston-daily-rotate-file": "^5",
    "express-winston": "^4", "express-jwt": "^8", "jsonwebtoken": "^9", "multer": "^1.4.5-lts.1", "body-parser": "^1",
    "papaparse": "^5", "currency.js": "^2", "iban": "^0.0.14", "date-holidays": "^3", "dotenv-flow": "^4",
    "http-terminator": "^3", "@azure/storage-blob": "^12", "archiver": "^7"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@types/express": "^4", "vitest": "^3"}
}
""",
                "tsconfig.json": TYPESCRIPT.replace('"outDir"', '"sourceMap": true, "outDir"'),
                "src/main.ts": """import 'reflect-metadata';
import { config } from 'dotenv-flow';
config({ silent: true });
import { createHttpTerminator } from 'http-terminator';
import { createApp } from './app';
import { migrate } from './database';
import { log } from './log';

async function main() {
  await migrate();
  const server = createApp().listen(Number(process.env.PORT), '127.0.0.1', () => log.info('ready'));
  const terminator = createHttpTerminator({ server });
  process.on('SIGTERM', async () => { await terminator.terminate(); process.exit(0); });
}
main().catch((error) => { log.error(error); process.exit(1); });
""",
                "src/log.ts": """import winston from 'winston';
import 'winston-daily-rotate-file';

export const log = winston.createLogger({
  level: process.env.LOG_LEVEL ?? 'info',
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [
    new winston.transports.Console(),
    new winston.transports.DailyRotateFile({ dirname: process.env.LOGS, filename: 'payslips-%DATE%.log' }),
  ],
});
""",
                "src/database.ts": """import { PGlite } from '@electric-sql/pglite';

export const database = new PGlite(process.env.DATABASE ?? 'memory://');
export const migrate = () => database.exec(
  `create table if not exists people (id serial primary key, name text, iban text);
   create table if not exists slips (id serial primary key, person int, month text, amount numeric);`);
""",
                "src/app.ts": """import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import express from 'express';
import { expressjwt } from 'express-jwt';
import expressWinston from 'express-winston';
import { getMetadataArgsStorage, useContainer, useExpressServer } from 'routing-controllers';
import { routingControllersToSpec } from 'routing-controllers-openapi';
import { Container } from 'typedi';
import { HealthController } from './controllers/health';
import { PeopleController } from './controllers/people';
import { SlipsController } from './controllers/slips';
import { ErrorHandler } from './middleware/errors';
import { log } from './log';

export function createApp() {
  useContainer(Container);
  const app = express();
  app.use(expressWinston.logger({ winstonInstance: log, meta: false }));
  app.use('/api/slips/mine', expressjwt({ secret: process.env.SECRET!, algorithms: ['HS256'] }));
  const options = { routePrefix: '/api', controllers: [HealthController, PeopleController, SlipsController],
    middlewares: [ErrorHandler], defaultErrorHandler: false, validation: { whitelist: true } };
  app.get('/openapi.json', (request, response) => {
    const schemas = validationMetadatasToSchemas({ refPointerPrefix: '#/components/schemas/' }) as any;
    response.json(routingControllersToSpec(getMetadataArgsStorage(), options, {
      components: { schemas }, info: { title: 'Payslips', version: '3' } }));
  });
  useExpressServer(app, options);
  return app;
}
""",
                "src/middleware/errors.ts": """import { ExpressErrorMiddlewareInterface, Middleware }
  from 'routing-controllers';
import { Service } from 'typedi';
import { log } from '../log';

@Service()
@Middleware({ type: 'after' })
export class ErrorHandler implements ExpressErrorMiddlewareInterface {
  error(error: any, request: any, response: any, next: any) {
    if (response.headersSent) return next(error);
    const status = error.httpCode ?? error.status ?? 500;
    if (status >= 500) log.error(error.stack);
    response.status(status).json({ error: error.message, details: error.errors });
  }
}
""",
                "src/models/person.ts": """import { Expose } from 'class-transformer';
import { IsNotEmpty, IsString } from 'class-validator';
import { IsAccount } from './account';

export class Person {
  @Expose() @IsString() @IsNotEmpty() name: string;
  @Expose() @IsAccount() iban: string;
}
""",
                "src/models/account.ts": """import { registerDecorator } from 'class-validator';
import IBAN from 'iban';

export function IsAccount() {
  return (object: object, propertyName: string) => registerDecorator({
    name: 'isAccount', target: object.constructor, propertyName,
    validator: { validate: (value) => IBAN.isValid(value), defaultMessage: () => 'no account' },
  });
}
""",
                "src/models/slip.ts": """import { IsInt, IsPositive, Matches } from 'class-validator';

export class Slip {
  @IsInt() person: number;
  @Matches(/^\\d{4}-\\d{2}$/) month: string;
  @IsPositive() amount: number;
}
""",
                "src/services/people.ts": """import { Service } from 'typedi';
import { database } from '../database';
import type { Person } from '../models/person';

@Service()
export class People {
  async all() {
    return (await database.query('select * from people order by id desc limit 5')).rows;
  }
  async add(person: Person) {
    const text = 'insert into people (name, iban) values ($1, $2) returning *';
    return (await database.query(text, [person.name, person.iban])).rows[0];
  }
}
""",
                "src/services/slips.ts": """import currency from 'currency.js';
import Holidays from 'date-holidays';
import { Service } from 'typedi';
import { database } from '../database';
import type { Slip } from '../models/slip';

@Service()
export class Slips {
  private readonly holidays = new Holidays('DE', 'be');

  async add(slip: Slip) {
    const text = 'insert into slips (person, month, amount) values ($1, $2, $3) returning *';
    return (await database.query(text, [slip.person, slip.month, currency(slip.amount).multiply(0.7).value])).rows[0];
  }
  async of(month: string) {
    const rows = (await database.query<any>('select * from slips where month = $1 limit 9', [month])).rows;
    const free = this.holidays.getHolidays(month.slice(0, 4)).filter((day) => day.date.startsWith(month));
    return { rows, free: free.map((day) => day.name) };
  }
  async store(name: string, content: string) {
    if (!process.env.AZURE_STORAGE) return false;
    const { BlobServiceClient } = await import('@azure/storage-blob');
    const container = BlobServiceClient.fromConnectionString(process.env.AZURE_STORAGE).getContainerClient('slips');
    await container.getBlockBlobClient(name).upload(content, content.length);
    return true;
  }
}
""",
                "src/controllers/health.ts": """import { Get, JsonController } from 'routing-controllers';
import { Service } from 'typedi';
import { database } from '../database';

@Service()
@JsonController('/health')
export class HealthController {
  @Get('/')
  async health() {
    await database.query('select 1');
    return { status: 'up' };
  }
}
""",
                "src/controllers/people.ts": """import jwt from 'jsonwebtoken';
import { Body, Get, HttpCode, JsonController, Post } from 'routing-controllers';
import { Service } from 'typedi';
import { Person } from '../models/person';
import { People } from '../services/people';

@Service()
@JsonController('/people')
export class PeopleController {
  constructor(private readonly people: People) {}

  @Get('/')
  all() { return this.people.all(); }

  @Post('/')
  @HttpCode(201)
  add(@Body() person: Person) { return this.people.add(person); }

  @Post('/token')
  token() { return { token: jwt.sign({ sub: 'one' }, process.env.SECRET!, { expiresIn: '1h' }) }; }
}
""",
                "src/controllers/slips.ts": """import Papa from 'papaparse';
import { Body, Get, JsonController, Param, Post, Req, Res, UploadedFile } from 'routing-controllers';
import { Service } from 'typedi';
import { Slip } from '../models/slip';
import { Slips } from '../services/slips';

@Service()
@JsonController('/slips')
export class SlipsController {
  constructor(private readonly slips: Slips) {}

  @Get('/mine')
  mine(@Req() request: any) { return request.auth; }

  @Get('/fail')
  fail() { throw new Error('on purpose'); }

  @Get('/:month')
  of(@Param('month') month: string) { return this.slips.of(month); }

  @Get('/:month/csv')
  async csv(@Param('month') month: string, @Res() response: any) {
    const content = Papa.unparse((await this.slips.of(month)).rows);
    await this.slips.store(`${month}.csv`, content);
    return response.type('text/csv').send(content);
  }

  @Post('/')
  add(@Body() slip: Slip) { return this.slips.add(slip); }

  @Post('/import')
  import(@UploadedFile('file') file: any) {
    return Papa.parse(file.buffer.toString(), { header: true }).data;
  }
}
""",
            },
            "/build",
        ),
        _BUILD,
    ),
    asks=tuple(
        f"http://127.0.0.1:12001/{path}"
        for path in (
            *("api/health", "openapi.json", "api/people", "api/slips/2026-05", "api/slips/2026-05/csv"),
            *("api/slips/mine", "api/slips/fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:12001/api/people", '{"name": "one", "iban": "DE89370400440532013000"}'),
        ("http://127.0.0.1:12001/api/people", '{"name": "", "iban": "DE00"}'),
        ("http://127.0.0.1:12001/api/people/token", "{}"),
        ("http://127.0.0.1:12001/api/slips", '{"person": 1, "month": "2026-05", "amount": 3200.5}'),
        (
            "http://127.0.0.1:12001/api/slips/import",
            '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
            "person,amount\r\n1,2\r\n--b--\r\n",
        ),
    ),
    seconds=25,
)

BRANCHES = Recipe(
    name="branches",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "12002", "STORE": "/tmp/branches.json"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("dumb-init", "node", "dist/server.js"),
    files=HOSTS | {"usr/local/bin/docker-entrypoint.sh": DOCKER_NODE},
    prepare=(
        *NODE,
        "hash -r",
        *written(
            {
                "package.json": """{
  "name": "branches", "version": "0.9.4", "private": true,
  "scripts": {"build": "webpack --mode production", "start": "node dist/server.js"},
  "dependencies": {"koa": "^2", "koa-body": "^6", "@koa/cors": "^5", "koa-mount": "^4", "koa-static": "^5",
    "openapi-backend": "^5", "lowdb": "^3", "yup": "^1", "hashids": "^2", "libphonenumber-js": "^1",
    "i18n-iso-countries": "^7", "geolib": "^3", "@turf/turf": "^7", "qr-image": "^3", "fast-csv": "^5",
    "koa-pino-logger": "^4", "mysql2": "^3", "@googlemaps/google-maps-services-js": "^3", "pluralize": "^8"},
  "devDependencies": {"webpack": "^5", "webpack-cli": "^6", "webpack-node-externals": "^3", "ts-loader": "^9",
    "typescript": "^5"}
}
""",
                "tsconfig.json": """{"compilerOptions": {"target": "es2022", "module": "esnext",
  "moduleResolution": "bundler",
  "esModuleInterop": true, "resolveJsonModule": true, "strict": false, "skipLibCheck": true}, "include": ["src"]}
""",
                "webpack.config.js": """const path = require('node:path');
const externals = require('webpack-node-externals');

module.exports = {
  target: 'node22',
  entry: './src/server.ts',
  externals: [externals({ allowlist: [/^lowdb/, /^steno/] })],
  output: { path: path.resolve(__dirname, 'dist'), filename: 'server.js', clean: true },
  resolve: { extensions: ['.ts', '.js'], alias: { '~': path.resolve(__dirname, 'src') } },
  module: { rules: [{ test: /\\.ts$/, loader: 'ts-loader', options: { transpileOnly: true } }] },
  optimization: { minimize: false },
};
""",
                "src/server.ts": """import { createApp } from '~/app';
import { settings } from '~/settings';

const server = createApp().listen(settings.port, '127.0.0.1', () => console.log('ready'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
""",
                "src/settings.ts": """export const settings = {
  port: Number(process.env.PORT ?? 3000),
  store: process.env.STORE ?? 'branches.json',
  mysql: process.env.MYSQL_URL,
  maps: process.env.GOOGLE_MAPS_KEY,
};
""",
                "src/app.ts": """import cors from '@koa/cors';
import Koa from 'koa';
import { koaBody } from 'koa-body';
import mount from 'koa-mount';
import pino from 'koa-pino-logger';
import serve from 'koa-static';
import { api } from '~/api';

export function createApp() {
  const app = new Koa();
  app.use(pino());
  app.use(cors());
  app.use(async (context, next) => {
    try {
      await next();
    } catch (error: any) {
      context.status = error.name === 'ValidationError' ? 422 : 500;
      context.body = { error: error.message };
    }
  });
  app.use(mount('/static', serve('/app')));
  app.use(koaBody({ multipart: true }));
  api.init();
  app.use((context) => api.handleRequest(
    { method: context.method, path: context.path, query: context.query as any, headers: context.headers as any,
      body: (context.request as any).body }, context));
  return app;
}
""",
                "src/document.json": """{"openapi": "3.0.3", "info": {"title": "Branches", "version": "1"}, "paths": {
  "/health": {"get": {"operationId": "health", "responses": {"200": {"description": "up"}}}},
  "/branches": {
    "get": {"operationId": "list", "responses": {"200": {"description": "all"}}},
    "post": {"operationId": "add", "requestBody": {"content": {"application/json": {"schema": {"type": "object",
      "required": ["name"], "properties": {"name": {"type": "string"}}}}}},
      "responses": {"201": {"description": "added"}}}},
  "/branches.csv": {"get": {"operationId": "csv", "responses": {"200": {"description": "table"}}}},
  "/nearest": {"get": {"operationId": "nearest", "parameters": [
    {"name": "lat", "in": "query", "required": true, "schema": {"type": "number"}},
    {"name": "lon", "in": "query", "required": true, "schema": {"type": "number"}}],
    "responses": {"200": {"description": "one"}}}},
  "/branches/{id}/code": {"get": {"operationId": "code", "parameters": [
    {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
    "responses": {"200": {"description": "picture"}}}}
}}
""",
                "src/api.ts": """import { OpenAPIBackend } from 'openapi-backend';
import document from '~/document.json';
import * as handlers from '~/handlers';

export const api = new OpenAPIBackend({
  definition: document as any,
  handlers: {
    ...handlers,
    validationFail: (context, koa) => { koa.status = 400; koa.body = { errors: context.validation.errors }; },
    notFound: (context, koa) => { koa.status = 404; koa.body = { error: 'no' }; },
  },
});
""",
                "src/handlers.ts": """import { writeToString } from 'fast-csv';
import qr from 'qr-image';
import { Branch } from '~/models';
import { located, near } from '~/places';
import { codes, store } from '~/store';

export const health = (context, koa) => { koa.body = { status: 'up' }; };
export const list = async (context, koa) => { koa.body = (await store.all()).slice(-5); };
export const add = async (context, koa) => {
  const branch = await Branch.validate(context.request.requestBody);
  koa.status = 201;
  koa.body = await store.add(await located(branch));
};
export const csv = async (context, koa) => {
  koa.type = 'text/csv';
  koa.body = await writeToString(await store.all(), { headers: true });
};
export const nearest = async (context, koa) => {
  const { lat, lon } = context.request.query;
  koa.body = near(await store.all(), Number(lat), Number(lon)) ?? {};
};
export const code = (context, koa) => {
  koa.type = 'image/svg+xml';
  koa.body = qr.imageSync(codes.encode(Number(context.request.params.id)), { type: 'svg' });
};
""",
                "src/models.ts": """import countries from 'i18n-iso-countries';
import { isValidPhoneNumber } from 'libphonenumber-js';
import { number, object, string } from 'yup';

export const Branch = object({
  name: string().required().min(1),
  phone: string().test('phone', 'no phone number', (value) => !value || isValidPhoneNumber(value, 'DE')),
  country: string().test('country', 'no country', (value) => !value || countries.isValid(value)),
  lat: number(), lon: number(),
});
""",
                "src/places.ts": """import { centroid, points } from '@turf/turf';
import { findNearest, getDistance } from 'geolib';
import { settings } from '~/settings';

export async function located(branch: any) {
  if (branch.lat || !settings.maps) return branch;
  const { Client } = await import('@googlemaps/google-maps-services-js');
  const found = await new Client().geocode({ params: { address: branch.name, key: settings.maps } });
  return { ...branch, ...found.data.results[0].geometry.location };
}

export function near(branches: any[], lat: number, lon: number) {
  const known = branches.filter((branch) => branch.lat && branch.lon);
  if (!known.length) return undefined;
  const found: any = findNearest({ lat, lon }, known);
  return { found, metres: getDistance({ lat, lon }, found),
    middle: centroid(points(known.map((branch) => [branch.lon, branch.lat]))).geometry.coordinates };
}
""",
                "src/store.ts": """import Hashids from 'hashids';
import { JSONFile, Low } from 'lowdb';
import { settings } from '~/settings';

export const codes = new Hashids('branches', 6);

class FileStore {
  private readonly file = new Low<any>(new JSONFile(settings.store));
  async all() {
    await this.file.read();
    return this.file.data?.branches ?? [];
  }
  async add(branch: any) {
    const branches = await this.all();
    const added = { id: codes.encode(branches.length + 1), ...branch };
    this.file.data = { branches: [...branches, added] };
    await this.file.write();
    return added;
  }
}

class TableStore {
  private async pool() {
    const mysql = await import('mysql2/promise');
    return mysql.createPool(settings.mysql!);
  }
  async all() { return ((await (await this.pool()).query('select * from branches'))[0]) as any[]; }
  async add(branch: any) { return (await (await this.pool()).query('insert into branches set ?', branch))[0]; }
}

export const store = settings.mysql ? new TableStore() : new FileStore();
""",
            },
            "/build",
        ),
        _BUILD,
    ),
    asks=tuple(
        f"http://127.0.0.1:12002/{path}"
        for path in (
            *("health", "branches", "branches.csv", "nearest?lat=52.5&lon=13.4", "nearest", "branches/7/code"),
            *("static/package.json", "no"),
        )
    ),
    sends=(
        (
            "http://127.0.0.1:12002/branches",
            '{"name": "one", "phone": "030 123456", "country": "DE", "lat": 52.51, "lon": 13.39}',
        ),
        ("http://127.0.0.1:12002/branches", '{"name": "two", "phone": "1"}'),
        ("http://127.0.0.1:12002/branches", "{}"),
    ),
    seconds=25,
)

COURIERS = Recipe(
    name="couriers",
    packages=(*_TOOLS, "nats-server"),
    env=PRODUCTION_NODE | {"PORT": "12003", "NATS_URL": "nats://127.0.0.1:4222", "STREAM": "orders"},
    entrypoint=("/app/start.sh",),
    cmd=("node", "src/worker.js"),
    files=HOSTS
    | {
        "app/start.sh": """#!/bin/sh
set -e
nats-server --addr 127.0.0.1 --port 4222 --jetstream --store_dir /tmp/nats &
sleep 2
exec "$@"
""",
        "app/package.json": """{
  "name": "dispatch", "version": "2.0.1", "private": true, "type": "module",
  "scripts": {"start": "node src/worker.js", "test": "node --test"},
  "dependencies": {"@nats-io/transport-node": "^3", "@nats-io/jetstream": "^3", "@nats-io/kv": "^3",
    "superstruct": "^2",
    "consola": "^3", "nodemailer": "^7", "eta": "^3", "juice": "^11", "pdf-lib": "^1", "@pdf-lib/fontkit": "^1",
    "fflate": "^0.8", "p-retry": "^6", "ms": "^2", "exit-hook": "^4", "prom-client": "^15", "@tinyhttp/app": "^2",
    "milliparsec": "^4", "dot-prop": "^9", "@aws-sdk/client-sesv2": "^3", "@slack/web-api": "^7",
    "ssh2-sftp-client": "^12",
    "emittery": "^1"},
  "devDependencies": {"prettier": "^3", "eslint": "^9"}
}
""",
        "app/src/settings.js": """export const settings = {
  nats: process.env.NATS_URL ?? 'nats://127.0.0.1:4222',
  stream: process.env.STREAM ?? 'orders',
  port: Number(process.env.PORT ?? 3000),
  ses: process.env.SES_REGION,
  slack: process.env.SLACK_TOKEN,
  sftp: process.env.SFTP_HOST,
};
""",
        "app/src/worker.js": """import { connect } from '@nats-io/transport-node';
import { createConsola } from 'consola';
import { asyncExitHook } from 'exit-hook';
import ms from 'ms';
import { consume } from './consume.js';
import { door } from './door.js';
import { settings } from './settings.js';
import { prepare } from './streams.js';

const log = createConsola({ level: 3 }).withTag('dispatch');
const connection = await connect({ servers: settings.nats, name: 'dispatch', reconnectTimeWait: ms('1s') });
const streams = await prepare(connection, settings.stream);
const server = door(streams, log).listen(settings.port, () => log.success('ready'), '127.0.0.1');
asyncExitHook(async () => {
  server.close();
  await connection.drain();
}, { wait: ms('2s') });
await consume(streams, log);
""",
        "app/src/streams.js": """import { jetstream, jetstreamManager, AckPolicy } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';

export async function prepare(connection, stream) {
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: stream, subjects: [`${stream}.*`] });
  await manager.consumers.add(stream, { durable_name: 'dispatch', ack_policy: AckPolicy.Explicit });
  const client = jetstream(connection);
  const states = await new Kvm(connection).create('states');
  return { client, states, consumer: await client.consumers.get(stream, 'dispatch'), stream };
}
""",
        "app/src/consume.js": """import { getProperty } from 'dot-prop';
import pRetry from 'p-retry';
import { jobs } from './jobs/index.js';
import { failed, handled } from './metrics.js';

export async function consume({ consumer, states, stream }, log) {
  for await (const message of await consumer.consume()) {
    const kind = message.subject.slice(stream.length + 1);
    const job = getProperty(jobs, kind);
    try {
      if (!job) throw new Error(`no job ${kind}`);
      const result = await pRetry(() => job(message.json()), { retries: 1, minTimeout: 100 });
      await states.put(`${kind}.${message.seq}`, JSON.stringify(result ?? {}));
      handled.inc({ kind });
      message.ack();
    } catch (error) {
      log.error(error);
      failed.inc({ kind });
      message.term(String(error.message));
    }
  }
}
""",
        "app/src/metrics.js": """import { collectDefaultMetrics, Counter, register } from 'prom-client';

collectDefaultMetrics();
export const handled = new Counter({ name: 'jobs_handled', help: 'handled', labelNames: ['kind'] });
export const failed = new Counter({ name: 'jobs_failed', help: 'failed', labelNames: ['kind'] });
export const metrics = () => register.metrics();
""",
        "app/src/door.js": """import { App } from '@tinyhttp/app';
import { json } from 'milliparsec';
import { metrics } from './metrics.js';

export function door({ client, states, stream }, log) {
  const app = new App({ onError: (error, request, response) => {
    log.error(error);
    response.status(500).json({ error: error.message });
  } });
  app.use(json());
  app.get('/health', (request, response) => response.json({ status: 'up' }));
  app.get('/metrics', async (request, response) => response.type('text/plain').send(await metrics()));
  app.get('/states', async (request, response) => {
    const keys = [];
    for await (const key of await states.keys()) keys.push(key);
    response.json(keys.slice(-9));
  });
  app.post('/jobs/:kind', async (request, response) => {
    const sent = await client.publish(`${stream}.${request.params.kind}`, JSON.stringify(request.body ?? {}));
    response.status(202).json({ number: sent.seq });
  });
  return app;
}
""",
        "app/src/jobs/index.js": """import { archive } from './archive.js';
import { label } from './label.js';
import { mail } from './mail.js';

export const jobs = { archive, label, mail };
""",
        "app/src/jobs/archive.js": """import { writeFile } from 'node:fs/promises';
import { strToU8, zipSync } from 'fflate';
import { settings } from '../settings.js';

export async function archive(orders) {
  const file = '/tmp/orders.zip';
  await writeFile(file, zipSync({ 'orders.json': strToU8(JSON.stringify(orders)) }));
  if (!settings.sftp) return { file };
  const { default: Client } = await import('ssh2-sftp-client');
  const client = new Client();
  await client.connect({ host: settings.sftp });
  await client.put(file, '/in/orders.zip');
  await client.end();
  return { file, sent: true };
}
""",
        "app/src/jobs/label.js": """import { writeFile } from 'node:fs/promises';
import fontkit from '@pdf-lib/fontkit';
import { PDFDocument, StandardFonts } from 'pdf-lib';
import { create, object, optional, string } from 'superstruct';

const Label = object({ to: string(), note: optional(string()) });

export async function label(content) {
  const { to, note } = create(content, Label);
  const document = await PDFDocument.create();
  document.registerFontkit(fontkit);
  const page = document.addPage([280, 140]);
  page.drawText([to, note].filter(Boolean).join('\\n'), { x: 9, y: 90, size: 14,
    font: await document.embedFont(StandardFonts.Helvetica) });
  await writeFile('/tmp/label.pdf', await document.save());
  return { file: '/tmp/label.pdf' };
}
""",
        "app/src/jobs/mail.js": """import { Eta } from 'eta';
import juice from 'juice';
import { create, object, string } from 'superstruct';
import { transport } from '../transport.js';

const eta = new Eta({ views: '/app/src/views' });
const Mail = object({ to: string(), name: string() });

export async function mail(content) {
  const { to, name } = create(content, Mail);
  const html = juice(eta.render('./sent', { name }));
  const sent = await (await transport()).sendMail({ from: 'shop@shop.example', to, subject: 'Sent', html });
  return { id: sent.messageId };
}
""",
        "app/src/transport.js": """import { createTransport } from 'nodemailer';
import { settings } from './settings.js';

export async function transport() {
  if (settings.slack) {
    const { WebClient } = await import('@slack/web-api');
    await new WebClient(settings.slack).chat.postMessage({ channel: 'shop', text: 'mail' });
  }
  if (!settings.ses) return createTransport({ jsonTransport: true });
  const { SendEmailCommand, SESv2Client } = await import('@aws-sdk/client-sesv2');
  return createTransport({ SES: { sesClient: new SESv2Client({ region: settings.ses }), SendEmailCommand } });
}
""",
        "app/src/views/sent.eta": "<style>p { color: #333 }</style>\n<p>Hello <%= it.name %>, it is on its way.</p>\n",
    },
    prepare=(*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1"),
    asks=tuple(f"http://127.0.0.1:12003/{path}" for path in ("health", "metrics", "states", "no")),
    sends=(
        ("http://127.0.0.1:12003/jobs/mail", '{"to": "a@shop.example", "name": "one"}'),
        ("http://127.0.0.1:12003/jobs/label", '{"to": "one", "note": "second floor"}'),
        ("http://127.0.0.1:12003/jobs/label", "{}"),
        ("http://127.0.0.1:12003/jobs/archive", '{"orders": [1, 2]}'),
        ("http://127.0.0.1:12003/jobs/none", "{}"),
    ),
    seconds=25,
)

LIBRARY = Recipe(
    name="library",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "12004", "SECRET": "one-secret-that-is-long-enough-for-tokens"},
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "library", "version": "1.8.0", "private": true,
  "scripts": {"start": "node src/server.js", "dev": "node --watch src/server.js", "test": "tap"},
  "dependencies": {"fastify": "^5", "mercurius": "^16", "mercurius-auth": "^6", "mercurius-cache": "^8",
    "mercurius-validation": "^7", "graphql": "^16", "@graphql-tools/schema": "^10", "@graphql-tools/merge": "^9",
    "@graphql-tools/load-files": "^7", "graphql-depth-limit": "^1", "graphql-scalars": "^1", "@fastify/jwt": "^9",
    "@fastify/cors": "^11", "@fastify/static": "^8", "@fastify/websocket": "^11", "dataloader": "^2",
    "nedb-promises": "^6", "isbn3": "^1", "fastest-levenshtein": "^1", "pino-pretty": "^13", "mqemitter-redis": "^7",
    "@elastic/elasticsearch": "^8", "graphql-upload-minimal": "^1"},
  "devDependencies": {"tap": "^21"}
}
""".replace("", ""),
        "app/src/server.js": """'use strict';
const { build } = require('./app');

async function main() {
  const app = await build();
  await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close().then(() => process.exit(0)));
}
main().catch((error) => { console.error(error); process.exit(1); });
""",
        "app/src/app.js": """'use strict';
const path = require('node:path');
const Fastify = require('fastify');
const depthLimit = require('graphql-depth-limit');
const mercurius = require('mercurius');
const { loaders } = require('./loaders');
const { schema } = require('./schema');
const { Books } = require('./books');

exports.build = async () => {
  const app = Fastify({ logger: process.env.PRETTY ? { transport: { target: 'pino-pretty' } } : true });
  const books = await new Books().open();
  app.register(require('@fastify/cors'), { origin: true });
  app.register(require('@fastify/jwt'), { secret: process.env.SECRET });
  app.register(require('@fastify/static'), { root: path.join(__dirname, 'public') });
  const emitter = process.env.REDIS_URL
    ? require('mqemitter-redis')({ connectionString: process.env.REDIS_URL }) : undefined;
  app.register(mercurius, {
    schema, loaders, graphiql: true, validationRules: [depthLimit(6)], subscription: emitter ? { emitter } : true,
    context: async (request) => ({ books, user: await request.jwtVerify().catch(() => null) }),
    errorFormatter: (execution, context) => ({ ...mercurius.defaultErrorFormatter(execution, context),
      statusCode: execution.data ? 200 : 400 }),
  });
  app.register(require('mercurius-auth'), {
    authDirective: 'auth',
    applyPolicy: (ast, parent, args, context) => Boolean(context.user),
  });
  app.register(require('mercurius-cache'), { ttl: 5, policy: { Query: { books: true } } });
  app.register(require('mercurius-validation'));
  app.get('/health', async () => ({ status: 'up' }));
  app.post('/login', async (request) => ({ token: app.jwt.sign({ name: request.body.name }) }));
  app.get('/report', async (request, reply) => reply.graphql(
    '{ books { title isbn author { name } } }', { books, user: null }));
  app.get('/fail', async () => { throw new Error('on purpose'); });
  return app;
};
""",
        "app/src/schema.js": """'use strict';
const path = require('node:path');
const { loadFilesSync } = require('@graphql-tools/load-files');
const { mergeResolvers, mergeTypeDefs } = require('@graphql-tools/merge');
const { makeExecutableSchema } = require('@graphql-tools/schema');
const mercuriusValidation = require('mercurius-validation');
const scalars = require('graphql-scalars');

const types = loadFilesSync(path.join(__dirname, 'types'), { extensions: ['graphql'] });
const resolvers = loadFilesSync(path.join(__dirname, 'resolvers'), { extensions: ['js'] });
exports.schema = makeExecutableSchema({
  typeDefs: mergeTypeDefs([mercuriusValidation.graphQLTypeDefs, scalars.DateTimeTypeDefinition, ...types]),
  resolvers: mergeResolvers([{ DateTime: scalars.DateTimeResolver }, ...resolvers]),
});
""",
        "app/src/types/book.graphql": """directive @auth on FIELD_DEFINITION | OBJECT

type Author { name: String! }
type Book { id: ID! title: String! isbn: String added: DateTime! author: Author }
input NewBook { title: String! @constraint(minLength: 1) isbn: String author: String! }
type Query {
  books: [Book!]!
  search(text: String!): [Book!]!
  me: String @auth
}
type Mutation { add(book: NewBook!): Book! }
type Subscription { added: Book! }
""",
        "app/src/resolvers/queries.js": """'use strict';
module.exports = {
  Query: {
    books: (root, args, { books }) => books.last(),
    search: (root, { text }, { books }) => books.search(text),
    me: (root, args, { user }) => user.name,
  },
};
""",
        "app/src/resolvers/mutations.js": """'use strict';
const ISBN = require('isbn3');

module.exports = {
  Mutation: {
    add: async (root, { book }, { books, pubsub }) => {
      const isbn = book.isbn && ISBN.asIsbn13(book.isbn, true);
      if (book.isbn && !isbn) throw new Error('no ISBN');
      const added = await books.add({ ...book, isbn });
      await pubsub.publish({ topic: 'ADDED', payload: { added } });
      return added;
    },
  },
  Subscription: { added: { subscribe: (root, args, { pubsub }) => pubsub.subscribe('ADDED') } },
};
""",
        "app/src/loaders.js": """'use strict';
exports.loaders = {
  Book: { author: async (queries) => queries.map(({ obj }) => ({ name: obj.authorName ?? 'unknown' })) },
};
""",
        "app/src/books.js": """'use strict';
const { distance } = require('fastest-levenshtein');
const Datastore = require('nedb-promises');

exports.Books = class Books {
  async open() {
    this.store = Datastore.create(process.env.STORE ?? '/tmp/books.db');
    await this.store.ensureIndex({ fieldName: 'title' });
    return this;
  }
  async add({ title, isbn, author }) {
    return shown(await this.store.insert({ title, isbn, authorName: author, added: new Date() }));
  }
  async last() {
    return (await this.store.find({}).sort({ added: -1 }).limit(5)).map(shown);
  }
  async search(text) {
    if (process.env.ELASTIC_URL) {
      const { Client } = require('@elastic/elasticsearch');
      const found = await new Client({ node: process.env.ELASTIC_URL }).search({ index: 'books', q: text });
      return found.hits.hits.map((hit) => hit._source);
    }
    const books = await this.last();
    return books.sort((one, other) => distance(one.title, text) - distance(other.title, text)).slice(0, 3);
  }
};

const shown = (book) => ({ ...book, id: book._id });
""",
        "app/src/public/index.html": "<!doctype html>\n<title>Library</title>\n<h1>Library</h1>\n",
    },
    prepare=(*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1"),
    asks=tuple(
        f"http://127.0.0.1:12004/{path}" for path in ("", "health", "report", "graphiql", "graphql?query={me}", "fail")
    ),
    sends=(
        ("http://127.0.0.1:12004/login", '{"name": "one"}'),
        (
            "http://127.0.0.1:12004/graphql",
            '{"query": "mutation { add(book: {title: \\"One\\", isbn: \\"9783161484100\\", author: \\"A\\"}) '
            '{ id isbn added author { name } } }"}',
        ),
        (
            "http://127.0.0.1:12004/graphql",
            '{"query": "mutation { add(book: {title: \\"\\", author: \\"A\\"}) { id } }"}',
        ),
        ("http://127.0.0.1:12004/graphql", '{"query": "{ books { title added } search(text: \\"on\\") { title } }"}'),
        ("http://127.0.0.1:12004/graphql", '{"query": "{ me }"}'),
    ),
    seconds=25,
)

NODE_SERVICES = (PAYSLIPS, BRANCHES, COURIERS, LIBRARY)
