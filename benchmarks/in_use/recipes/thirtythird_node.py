"""The thirty-third set's services of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_COMPILED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} --include=dev && npm run build && npm prune -q --omit=dev && rm -rf src || exit 1",
)
_PNPM = (
    *NODE,
    "hash -r",
    "npm install -q -g --prefix /usr/local pnpm@9",
    "cd /app && pnpm install --silent --prod || exit 1",
    "npm uninstall -q -g --prefix /usr/local pnpm && rm -rf /root/.local/share/pnpm /root/.cache",
)

CLINIC = Recipe(
    name="clinic",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10701", "LOG_LEVEL": "info"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "dist/server.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "clinic", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck && tsc-alias", "start": "node dist/server.js", "test": "jest"},
  "dependencies": {"express": "^5", "express-openapi-validator": "^5", "@casl/ability": "^6", "env-var": "^7",
    "pino": "^9", "cls-rtracer": "^2", "rate-limiter-flexible": "^7", "@scalar/express-api-reference": "^0.8",
    "libphonenumber-js": "^1", "@bugsnag/js": "^8", "@bugsnag/plugin-express": "^8", "firebase-admin": "^13",
    "@opensearch-project/opensearch": "^3", "pg": "^8", "http-graceful-shutdown": "^3", "date-fns-tz": "^3",
    "date-fns": "^4", "iconv-lite": "^0.6", "p-limit": "^3", "uuid": "^11", "aws-jwt-verify": "^5"},
  "devDependencies": {"typescript": "^5", "tsc-alias": "^1", "@types/node": "^22", "jest": "^29"}
}
""",
        "app/tsconfig.json": TYPESCRIPT.replace('"strict"', '"baseUrl": "src", "paths": {"@/*": ["*"]}, "strict"'),
        "app/openapi.yaml": """openapi: 3.0.3
info: {title: Clinic, version: 1.0.0}
paths:
  /visits:
    get:
      parameters:
        - {name: day, in: query, schema: {type: string, format: date}}
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Visit"}}
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {$ref: "#/components/schemas/Visit"}
      responses:
        "201":
          description: made
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Visit"}
components:
  schemas:
    Visit:
      type: object
      required: [patient, phone]
      properties:
        id: {type: string, readOnly: true}
        patient: {type: string, minLength: 1}
        phone: {type: string}
        at: {type: string}
""",
        "app/src/config.ts": """import env from 'env-var';

export const config = {
  port: env.get('PORT').default('8080').asPortNumber(),
  level: env.get('LOG_LEVEL').default('info').asEnum(['debug', 'info', 'warn']),
  bugsnag: env.get('BUGSNAG_KEY').asString(),
  database: env.get('DATABASE_URL').asUrlString(),
  search: env.get('SEARCH_URL').asUrlString(),
  push: env.get('FIREBASE_CREDENTIALS').asJsonObject(),
};
""",
        "app/src/log.ts": """import pino from 'pino';
import rTracer from 'cls-rtracer';
import { config } from '@/config';

export const log = pino({ level: config.level, mixin: () => ({ request: rTracer.id() }) });
""",
        "app/src/server.ts": """import gracefulShutdown from 'http-graceful-shutdown';
import { createApp } from '@/app';
import { config } from '@/config';
import { log } from '@/log';
import { open } from '@/visits/store';

async function main() {
  await open();
  const server = createApp().listen(config.port, '127.0.0.1', () => log.info('ready'));
  gracefulShutdown(server, { timeout: 1000, finally: () => log.info('bye') });
}
main();
""",
        "app/src/app.ts": """import path from 'node:path';
import Bugsnag from '@bugsnag/js';
import bugsnagExpress from '@bugsnag/plugin-express';
import { apiReference } from '@scalar/express-api-reference';
import rTracer from 'cls-rtracer';
import express from 'express';
import * as OpenApiValidator from 'express-openapi-validator';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { config } from '@/config';
import { log } from '@/log';
import { visits } from '@/visits/router';

const limiter = new RateLimiterMemory({ points: 900, duration: 60 });
const contract = path.join(__dirname, '../openapi.yaml');

export function createApp() {
  const app = express();
  if (config.bugsnag) {
    Bugsnag.start({ apiKey: config.bugsnag, plugins: [bugsnagExpress] });
    app.use(Bugsnag.getPlugin('express').requestHandler);
  }
  app.use(rTracer.expressMiddleware(), express.json());
  app.use(async (request, response, next) => {
    await limiter.consume(request.ip);
    log.info({ url: request.url });
    next();
  });
  app.get('/health', (request, response) => { response.json({ status: 'up' }); });
  app.get('/openapi.yaml', (request, response) => response.sendFile(contract));
  app.use('/reference', apiReference({ url: '/openapi.yaml' }));
  app.use(OpenApiValidator.middleware({ apiSpec: contract, validateResponses: true, ignorePaths: /search|fail/ }));
  app.use('/visits', visits);
  app.get('/search', async (request, response) => {
    const { Client } = await import('@opensearch-project/opensearch');
    response.json(await new Client({ node: config.search }).search({ q: String(request.query.q) }));
  });
  app.get('/fail', () => { throw new Error('on purpose'); });
  app.use((error, request, response, next) => {
    if (!error.status) log.error(error);
    response.status(error.status ?? 500).json({ error: error.message, errors: error.errors });
  });
  return app;
}
""",
        "app/src/visits/router.ts": """import { ForbiddenError, subject } from '@casl/ability';
import { Router } from 'express';
import { parsePhoneNumberFromString } from 'libphonenumber-js';
import { abilityOf } from '@/visits/ability';
import { notify } from '@/visits/notify';
import { add, all } from '@/visits/store';

export const visits = Router();
visits.get('/', async (request, response) => {
  const ability = abilityOf(request.get('x-role'));
  const found = await all();
  response.json(found.filter((visit) => ability.can('read', subject('Visit', { ...visit }))));
});
visits.post('/', async (request, response) => {
  ForbiddenError.from(abilityOf(request.get('x-role'))).throwUnlessCan('create', 'Visit');
  const phone = parsePhoneNumberFromString(request.body.phone, 'DE');
  if (!phone?.isValid()) {
    response.status(422).json({ error: 'phone' });
    return;
  }
  const visit = await add(request.body.patient, phone.number);
  await notify(visit);
  response.status(201).json(visit);
});
""",
        "app/src/visits/ability.ts": """import { AbilityBuilder, createMongoAbility } from '@casl/ability';

export function abilityOf(role?: string) {
  const { can, cannot, build } = new AbilityBuilder(createMongoAbility);
  can('read', 'Visit', { patient: { $ne: 'secret' } });
  can('create', 'Visit');
  if (role === 'guest') cannot('create', 'Visit').because('guests only read');
  return build();
}
""",
        "app/src/visits/notify.ts": """import { config } from '@/config';

export async function notify(visit: { patient: string }) {
  if (!config.push) return;
  const admin = await import('firebase-admin');
  const app = admin.initializeApp({ credential: admin.credential.cert(config.push as never) });
  await app.messaging().send({ topic: 'visits', data: { patient: visit.patient } });
}
""",
        "app/src/visits/store.ts": """import { formatInTimeZone } from 'date-fns-tz';
import { v7 as uuid } from 'uuid';
import { config } from '@/config';

let run: (sql: string, values?: unknown[]) => Promise<any[]>;

export async function open() {
  if (config.database) {
    const { Pool } = await import('pg');
    const pool = new Pool({ connectionString: config.database });
    run = async (sql, values) => (await pool.query(sql, values)).rows;
  } else {
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync('/tmp/clinic.db');
    run = async (sql, values = []) => database.prepare(sql.replaceAll('$', '?')).all(...(values as never[]));
  }
  await run('create table if not exists visits (id text, patient text, phone text, at text)');
}
export const all = () => run('select * from visits order by at desc limit 5');
export async function add(patient: string, phone: string) {
  const visit = { id: uuid(), patient, phone, at: formatInTimeZone(new Date(), 'Europe/Berlin', 'yyyy-MM-dd HH:mm') };
  await run('insert into visits values ($1, $2, $3, $4)', Object.values(visit));
  return visit;
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(
        f"http://127.0.0.1:10701/{path}"
        for path in ("health", "visits", "visits?day=x", "reference", "openapi.yaml", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:10701/visits", '{"patient": "one", "phone": "030 901820"}'),
        ("http://127.0.0.1:10701/visits", '{"patient": ""}'),
    ),
    seconds=25,
)

ROSTER = Recipe(
    name="roster",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10702", "UPSTREAM": "http://127.0.0.1:10702/holidays"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "dist/src/main"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "roster", "version": "1.0.0", "private": true,
  "scripts": {"build": "nest build -b swc", "start": "nest start", "start:prod": "node dist/src/main"},
  "dependencies": {"@nestjs/common": "^11", "@nestjs/core": "^11", "@nestjs/platform-fastify": "^11",
    "@nestjs/config": "^4", "@nestjs/swagger": "^11", "@fastify/static": "^10", "@fastify/helmet": "^13",
    "@fastify/compress": "^8", "@nestjs/schedule": "^6", "@nestjs/terminus": "^11", "@nestjs/axios": "^4",
    "axios": "^1", "nestjs-zod": "^5", "zod": "^4", "nestjs-cls": "^6", "@nestjs/cache-manager": "^3",
    "cache-manager": "^7", "cacheable": "^1", "@keyv/redis": "^5", "keyv": "^5", "reflect-metadata": "^0.2",
    "rxjs": "^7", "neverthrow": "^8", "ics": "^3", "@nestjs/microservices": "^11", "kafkajs": "^2",
    "@willsoto/nestjs-prometheus": "^6", "prom-client": "^15", "nestjs-i18n": "^10"},
  "devDependencies": {"@nestjs/cli": "^11", "@swc/cli": "^0.7", "@swc/core": "^1", "typescript": "^5",
    "@types/node": "^22", "vitest": "^3"}
}
""",
        "app/nest-cli.json": '{"collection": "@nestjs/schematics", "sourceRoot": "src", '
        '"compilerOptions": {"deleteOutDir": true}}\n',
        "app/tsconfig.json": TYPESCRIPT,
        "app/.swcrc": """{
  "sourceMaps": true, "module": {"type": "commonjs"},
  "jsc": {"target": "es2022", "parser": {"syntax": "typescript", "decorators": true},
    "transform": {"legacyDecorator": true, "decoratorMetadata": true}}
}
""",
        "app/src/main.ts": """import { ConfigService } from '@nestjs/config';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create<NestFastifyApplication>(AppModule, new FastifyAdapter({ trustProxy: true }));
  await app.register(helmet as never, { contentSecurityPolicy: false });
  await app.register(compress as never);
  const config = app.get(ConfigService);
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Roster').build());
  SwaggerModule.setup('docs', app, cleanupOpenApiDoc(document));
  if (config.get('KAFKA')) {
    const { Transport } = await import('@nestjs/microservices');
    app.connectMicroservice({ transport: Transport.KAFKA, options: { client: { brokers: [config.get('KAFKA')] } } });
    await app.startAllMicroservices();
  }
  app.enableShutdownHooks();
  await app.listen(config.get('PORT', 8080), '127.0.0.1');
}
bootstrap();
""",
        "app/src/app.module.ts": """import { Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { CacheModule } from '@nestjs/cache-manager';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { ScheduleModule } from '@nestjs/schedule';
import { PrometheusModule } from '@willsoto/nestjs-prometheus';
import { ClsModule } from 'nestjs-cls';
import { ZodSerializerInterceptor, ZodValidationPipe } from 'nestjs-zod';
import { HealthModule } from './health/health.module';
import { ErrorFilter } from './error.filter';
import { ShiftsModule } from './shifts/shifts.module';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, cache: true }),
    ClsModule.forRoot({ global: true, middleware: { mount: true, generateId: true } }),
    ScheduleModule.forRoot(),
    PrometheusModule.register(),
    CacheModule.registerAsync({
      isGlobal: true,
      inject: [ConfigService],
      useFactory: async (config: ConfigService) => {
        if (!config.get('REDIS_URL')) return { ttl: 5000 };
        const { default: KeyvRedis } = await import('@keyv/redis');
        return { stores: [new KeyvRedis(config.get('REDIS_URL'))] };
      },
    }),
    HealthModule,
    ShiftsModule,
  ],
  providers: [
    { provide: APP_PIPE, useClass: ZodValidationPipe },
    { provide: APP_INTERCEPTOR, useClass: ZodSerializerInterceptor },
    { provide: APP_FILTER, useClass: ErrorFilter },
  ],
})
export class AppModule {}
""",
        "app/src/error.filter.ts": """import { ArgumentsHost, Catch, HttpException, Logger } from '@nestjs/common';
import { BaseExceptionFilter, HttpAdapterHost } from '@nestjs/core';
import { ClsService } from 'nestjs-cls';

@Catch()
export class ErrorFilter extends BaseExceptionFilter {
  private readonly log = new Logger(ErrorFilter.name);

  constructor(host: HttpAdapterHost, private readonly cls: ClsService) { super(host.httpAdapter); }

  catch(error: unknown, host: ArgumentsHost) {
    if (!(error instanceof HttpException)) this.log.error(`${this.cls.getId()}: ${error}`);
    super.catch(error, host);
  }
}
""",
        "app/src/health/health.module.ts": """import { Controller, Get, Module } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { HttpModule } from '@nestjs/axios';
import {
  HealthCheck, HealthCheckService, HttpHealthIndicator, MemoryHealthIndicator, TerminusModule,
} from '@nestjs/terminus';

@Controller('health')
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly http: HttpHealthIndicator,
    private readonly memory: MemoryHealthIndicator,
    private readonly config: ConfigService,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([
      () => this.http.pingCheck('holidays', this.config.getOrThrow('UPSTREAM')),
      () => this.memory.checkHeap('heap', 900 << 20),
    ]);
  }
}

@Module({ imports: [TerminusModule, HttpModule], controllers: [HealthController] })
export class HealthModule {}
""",
        "app/src/shifts/shifts.module.ts": """import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { ShiftsController } from './shifts.controller';
import { ShiftsService } from './shifts.service';

@Module({ imports: [HttpModule], controllers: [ShiftsController], providers: [ShiftsService] })
export class ShiftsModule {}
""",
        "app/src/shifts/shift.dto.ts": """import { createZodDto } from 'nestjs-zod';
import { z } from 'zod';

export class NewShift extends createZodDto(z.object({ who: z.string().min(1), day: z.iso.date() })) {}
""",
        "app/src/shifts/shifts.controller.ts": """import {
  Body, Controller, Get, Header, Post, UnprocessableEntityException, UseInterceptors,
} from '@nestjs/common';
import { CacheInterceptor } from '@nestjs/cache-manager';
import { NewShift } from './shift.dto';
import { ShiftsService } from './shifts.service';

@Controller()
export class ShiftsController {
  constructor(private readonly shifts: ShiftsService) {}

  @Get('holidays')
  @UseInterceptors(CacheInterceptor)
  holidays() { return ['2030-01-01']; }

  @Get('shifts')
  list() { return this.shifts.list(); }

  @Get('shifts.ics')
  @Header('Content-Type', 'text/calendar')
  calendar() { return this.shifts.calendar(); }

  @Post('shifts')
  async add(@Body() shift: NewShift) {
    const added = await this.shifts.add(shift);
    return added.match((one) => one, (error) => { throw new UnprocessableEntityException(error); });
  }

  @Get('fail')
  fail() { throw new Error('on purpose'); }
}
""",
        "app/src/shifts/shifts.service.ts": """import { HttpService } from '@nestjs/axios';
import { Injectable, Logger } from '@nestjs/common';
import { ConfigService } from '@nestjs/config';
import { Cron, CronExpression } from '@nestjs/schedule';
import { createEvents } from 'ics';
import { err, ok, Result } from 'neverthrow';
import { firstValueFrom, retry } from 'rxjs';
import { NewShift } from './shift.dto';

@Injectable()
export class ShiftsService {
  private readonly log = new Logger(ShiftsService.name);
  private readonly all: NewShift[] = [];

  constructor(private readonly http: HttpService, private readonly config: ConfigService) {}

  list() { return this.all.slice(-5); }

  async add(shift: NewShift): Promise<Result<NewShift, string>> {
    const upstream = this.http.get<string[]>(this.config.getOrThrow('UPSTREAM')).pipe(retry(1));
    const { data } = await firstValueFrom(upstream);
    if (data.includes(shift.day)) return err('a holiday');
    this.all.push(shift);
    return ok(shift);
  }

  calendar() {
    const events = this.list().map(({ who, day }) => ({
      title: who, start: day.split('-').map(Number) as [number, number, number], duration: { hours: 8 },
    }));
    return createEvents(events).value ?? '';
  }

  @Cron(CronExpression.EVERY_5_SECONDS)
  sweep() { this.log.log(`${this.all.length} shifts`); }
}
""",
    },
    prepare=(*_COMPILED, "rm -f /app/.swcrc /app/tsconfig.json"),
    asks=tuple(
        f"http://127.0.0.1:10702/{path}"
        for path in ("health", "holidays", "shifts", "shifts.ics", "docs", "docs-json", "metrics", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:10702/shifts", '{"who": "one", "day": "2030-02-01"}'),
        ("http://127.0.0.1:10702/shifts", '{"who": "one", "day": "2030-01-01"}'),
        ("http://127.0.0.1:10702/shifts", "{}"),
    ),
    seconds=25,
)

TICKERS = Recipe(
    name="tickers",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10703", "FEED": "ws://127.0.0.1:10703/feed"},
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("node", "src/server.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "tickers", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node src/server.js", "dev": "node --watch src/server.js", "test": "node --test"},
  "dependencies": {"fastify": "^5", "@fastify/websocket": "^11", "@fastify/autoload": "^6", "@fastify/cors": "^11",
    "@fastify/redis": "^7", "@fastify/mongodb": "^9", "@fastify/circuit-breaker": "^4", "fastify-metrics": "^12",
    "fluent-json-schema": "^6", "ws": "^8", "reconnecting-websocket": "^4", "decimal.js": "^10", "msgpackr": "^1",
    "remeda": "^2", "p-throttle": "^7", "mnemonist": "^0.40", "@influxdata/influxdb-client": "^1", "pino-loki": "^2",
    "fastify-graceful-shutdown": "^4", "fastify-plugin": "^5", "technicalindicators": "^3", "undici": "^7"},
  "devDependencies": {"eslint": "^9", "c8": "^10"}
}
""",
        "app/src/server.js": """import Fastify from 'fastify';
import app from './app.js';
import { connect } from './feed/client.js';

const targets = [{ target: 'pino/file', options: { destination: 1 } }];
if (process.env.LOKI) targets.push({ target: 'pino-loki', options: { host: process.env.LOKI } });
const fastify = Fastify({ logger: { level: process.env.LOG_LEVEL ?? 'info', transport: { targets } } });
await fastify.register(app);
await fastify.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
connect(process.env.FEED, fastify.prices, fastify.log);
""",
        "app/src/app.js": """import path from 'node:path';
import autoload from '@fastify/autoload';
import circuitBreaker from '@fastify/circuit-breaker';
import cors from '@fastify/cors';
import websocket from '@fastify/websocket';
import metrics from 'fastify-metrics';
import graceful from 'fastify-graceful-shutdown';
import fp from 'fastify-plugin';

export default fp(async (fastify) => {
  await fastify.register(graceful);
  await fastify.register(cors);
  await fastify.register(websocket);
  await fastify.register(circuitBreaker, { threshold: 3 });
  await fastify.register(metrics.default ?? metrics, { endpoint: '/metrics' });
  if (process.env.REDIS_URL) await fastify.register(import('@fastify/redis'), { url: process.env.REDIS_URL });
  if (process.env.MONGO_URL) await fastify.register(import('@fastify/mongodb'), { url: process.env.MONGO_URL });
  await fastify.register(autoload, { dir: path.join(import.meta.dirname, 'plugins') });
  await fastify.register(autoload, { dir: path.join(import.meta.dirname, 'routes') });
});
""",
        "app/src/plugins/prices.js": """import fp from 'fastify-plugin';
import { Prices } from '../feed/prices.js';

export default fp(async (fastify) => {
  fastify.decorate('prices', new Prices());
}, { name: 'prices' });
""",
        "app/src/feed/prices.js": """import Decimal from 'decimal.js';
import { CircularBuffer } from 'mnemonist';
import * as R from 'remeda';
import technical from 'technicalindicators';

export class Prices {
  #kept = new Map();
  add({ name, price }) {
    if (!this.#kept.has(name)) this.#kept.set(name, new CircularBuffer(Array, 50));
    this.#kept.get(name).push(price);
  }
  names() { return [...this.#kept.keys()]; }
  mean(name) {
    const all = [...(this.#kept.get(name) ?? [])];
    const average = technical.SMA.calculate({ period: 2, values: all }).at(-1) ?? 0;
    return { name, last: R.last(all) ?? null, mean: new Decimal(average).toFixed(4) };
  }
}
""",
        "app/src/feed/client.js": """import { unpack } from 'msgpackr';
import pThrottle from 'p-throttle';
import ReconnectingWebSocket from 'reconnecting-websocket';
import WebSocket from 'ws';

export function connect(address, prices, log) {
  const socket = new ReconnectingWebSocket(address, [], { WebSocket, maxRetries: 5 });
  socket.binaryType = 'arraybuffer';
  const throttled = pThrottle({ limit: 2, interval: 1000 })((count) => log.info({ count }, 'prices'));
  let count = 0;
  socket.addEventListener('message', ({ data }) => {
    prices.add(unpack(Buffer.from(data)));
    count += 1;
    if (count % 5 === 0) throttled(count);
  });
  socket.addEventListener('error', ({ message }) => log.warn(message));
}
""",
        "app/src/routes/feed.js": """import { pack } from 'msgpackr';

export default async function feed(fastify) {
  fastify.get('/feed', { websocket: true }, (socket) => {
    const timer = setInterval(() => {
      for (const name of ['one', 'two']) socket.send(pack({ name, price: 10 + Math.random() }));
    }, 300);
    socket.on('close', () => clearInterval(timer));
  });
}
""",
        "app/src/routes/prices/index.js": """import { S } from 'fluent-json-schema';
import { fetch } from 'undici';

const Price = S.object().prop('name', S.string()).prop('last', S.number()).prop('mean', S.string());

export default async function prices(fastify) {
  fastify.get('/', { schema: { response: { 200: S.array().items(Price) } } },
    async () => fastify.prices.names().map((name) => fastify.prices.mean(name)));
  fastify.get('/:name', { schema: { params: S.object().prop('name', S.string().maxLength(5)) } },
    async (request) => fastify.prices.mean(request.params.name));
  const body = S.object().prop('name', S.string().required()).prop('price', S.number().required());
  fastify.post('/', { schema: { body } }, async (request, reply) => {
    fastify.prices.add(request.body);
    return reply.code(201).send({ stored: true });
  });
  fastify.get('/remote', { preHandler: fastify.circuitBreaker() }, async () => {
    const answer = await fetch('http://127.0.0.1:9/');
    return answer.json();
  });
  fastify.post('/archive', async () => {
    const { InfluxDB } = await import('@influxdata/influxdb-client');
    await new InfluxDB({ url: process.env.INFLUX }).getWriteApi('shop', 'prices').close();
    return { archived: true };
  });
}
""",
        "app/src/routes/health.js": """export default async function health(fastify) {
  fastify.get('/health', async () => ({ status: 'up', uptime: process.uptime() }));
}
""",
    },
    prepare=_PNPM,
    asks=tuple(
        f"http://127.0.0.1:10703/{path}"
        for path in ("health", "prices", "prices/one", "prices/much-too-long", "prices/remote", "metrics", "no")
    ),
    sends=(
        ("http://127.0.0.1:10703/prices", '{"name": "one", "price": 3}'),
        ("http://127.0.0.1:10703/prices", '{"name": "one"}'),
    ),
    seconds=22,
)

NODE_SERVICES = (CLINIC, ROSTER, TICKERS)
