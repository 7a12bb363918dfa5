"""The thirty-first set's services and workers of Node.js on slim bases."""

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
_YARN = (
    *NODE,
    "hash -r",
    "npm install -q -g --prefix /usr/local yarn@1",
    "cd /app && yarn install --non-interactive --production=false && yarn build && "
    "yarn install --non-interactive --production --offline --prefer-offline || "
    "yarn install --non-interactive --production",
    "rm -rf /app/src /usr/local/share/.cache /tmp/v8-compile-cache*",
)
_MODULES = TYPESCRIPT.replace('"commonjs"', '"nodenext"').replace('"node"', '"nodenext"')

CATALOG = Recipe(
    name="catalog",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10511", "DATABASE": "file:/tmp/catalog.db"},
    entrypoint=("tini", "--"),
    cmd=("node", "dist/main.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "catalog", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "start": "node dist/main.js"},
  "dependencies": {"express": "^5", "kysely": "^0.27", "@libsql/kysely-libsql": "^0.4", "zod": "^3", "pino": "^9",
    "pino-http": "^10", "helmet": "^8", "cors": "^2", "passport": "^0.7", "passport-jwt": "^4", "jsonwebtoken": "^9",
    "swagger-ui-express": "^5", "multer": "^2", "@sentry/node": "^8", "ioredis": "^5", "dotenv": "^16",
    "@aws-sdk/client-s3": "^3", "nodemailer": "^7", "express-rate-limit": "^7"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@types/express": "^5", "vitest": "^3"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/src/main.ts": """import 'dotenv/config';
import * as Sentry from '@sentry/node';
import { createApp } from './app';
import { migrate } from './database';
import { log } from './log';

Sentry.init({ dsn: process.env.SENTRY_DSN });

async function main() {
  await migrate();
  const server = createApp().listen(Number(process.env.PORT), '127.0.0.1', () => log.info('ready'));
  process.on('SIGTERM', () => server.close(() => process.exit(0)));
}
main();
""",
        "app/src/log.ts": "import pino from 'pino';\n\n"
        "export const log = pino({ level: process.env.LOG_LEVEL ?? 'info' });\n",
        "app/src/database.ts": """import { LibsqlDialect } from '@libsql/kysely-libsql';
import { Kysely } from 'kysely';

interface Tables { items: { name: string } }
export const database = new Kysely<Tables>({ dialect: new LibsqlDialect({ url: process.env.DATABASE! }) });
export const migrate = () =>
  database.schema.createTable('items').ifNotExists().addColumn('name', 'text').execute();
""",
        "app/src/app.ts": """import cors from 'cors';
import express from 'express';
import rateLimit from 'express-rate-limit';
import helmet from 'helmet';
import passport from 'passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import pinoHttp from 'pino-http';
import swagger from 'swagger-ui-express';
import * as Sentry from '@sentry/node';
import { log } from './log';
import { items } from './items';

export function createApp() {
  const app = express();
  app.use(pinoHttp({ logger: log }), helmet(), cors(), express.json());
  app.use(rateLimit({ windowMs: 60_000, limit: 900 }));
  passport.use(new Strategy({ secretOrKey: 'one', jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken() },
    (payload, done) => done(null, payload)));
  const document = { openapi: '3.0.0', info: { title: 'Catalog', version: '1' }, paths: {} };
  app.use('/docs', swagger.serve, swagger.setup(document));
  app.get('/health', (request, response) => { response.json({ status: 'up' }); });
  app.get('/me', passport.authenticate('jwt', { session: false }), (request, response) => {
    response.json(request.user);
  });
  app.use('/items', items);
  app.get('/fail', () => { throw new Error('on purpose'); });
  Sentry.setupExpressErrorHandler(app);
  app.use((error, request, response, next) => { response.status(500).json({ error: error.message }); });
  return app;
}
""",
        "app/src/items.ts": """import { Router } from 'express';
import multer from 'multer';
import { z } from 'zod';
import { database } from './database';

const Item = z.object({ name: z.string().min(1) });
export const items = Router();
items.get('/', async (request, response) => {
  response.json(await database.selectFrom('items').selectAll().limit(5).execute());
});
items.post('/', async (request, response) => {
  const item = Item.safeParse(request.body);
  if (!item.success) return response.status(422).json(item.error.issues);
  await database.insertInto('items').values({ name: item.data.name! }).execute();
  response.status(201).json(item.data);
});
items.post('/picture', multer({ storage: multer.memoryStorage() }).single('file'), async (request, response) => {
  const { S3Client, PutObjectCommand } = await import('@aws-sdk/client-s3');
  await new S3Client({}).send(new PutObjectCommand({ Bucket: 'shop', Key: 'one', Body: request.file!.buffer }));
  response.sendStatus(201);
});
""",
    },
    prepare=_YARN,
    asks=tuple(f"http://127.0.0.1:10511/{path}" for path in ("health", "items", "docs/", "me", "fail", "no")),
    sends=(("http://127.0.0.1:10511/items", '{"name": "one"}'), ("http://127.0.0.1:10511/items", "{}")),
    seconds=20,
)

DELIVERY = Recipe(
    name="delivery",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10512"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "--import", "./src/telemetry.mjs", "src/main.mjs"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "delivery", "version": "1.0.0", "private": true, "type": "module",
  "dependencies": {"fastify": "^5", "@fastify/awilix": "^7", "awilix": "^12", "@sinclair/typebox": "^0.34",
    "@fastify/type-provider-typebox": "^5", "@fastify/swagger": "^9", "@fastify/swagger-ui": "^5", "@fastify/jwt": "^9",
    "@fastify/multipart": "^9", "@fastify/under-pressure": "^9", "@fastify/helmet": "^13", "@fastify/rate-limit": "^10",
    "@opentelemetry/sdk-node": "^0.203", "@opentelemetry/instrumentation-http": "^0.203", "@opentelemetry/api": "^1",
    "@opentelemetry/exporter-trace-otlp-http": "^0.203", "@opentelemetry/instrumentation-pino": "^0.50",
    "fastify-plugin": "^5", "pg": "^8", "ioredis": "^5", "close-with-grace": "^2", "undici": "^7", "nanoid": "^5"},
  "devDependencies": {"tap": "^21", "eslint": "^9"}
}
""",
        "app/src/telemetry.mjs": """import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PinoInstrumentation } from '@opentelemetry/instrumentation-pino';
import { NodeSDK } from '@opentelemetry/sdk-node';

const sdk = new NodeSDK({
  serviceName: 'delivery',
  instrumentations: [new HttpInstrumentation(), new PinoInstrumentation()],
});
sdk.start();
process.on('SIGTERM', () => sdk.shutdown());
""",
        "app/src/main.mjs": """import closeWithGrace from 'close-with-grace';
import Fastify from 'fastify';
import { app } from './app.mjs';

const fastify = Fastify({ logger: { level: process.env.LOG_LEVEL ?? 'info' }, trustProxy: true });
await fastify.register(app);
closeWithGrace({ delay: 500 }, async ({ err }) => {
  if (err) fastify.log.error(err);
  await fastify.close();
});
await fastify.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
""",
        "app/src/app.mjs": """import { fastifyAwilixPlugin, diContainer } from '@fastify/awilix';
import helmet from '@fastify/helmet';
import jwt from '@fastify/jwt';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import underPressure from '@fastify/under-pressure';
import { asClass, asFunction } from 'awilix';
import fp from 'fastify-plugin';
import { Parcels } from './parcels.mjs';
import routes from './routes.mjs';

export const app = fp(async (fastify) => {
  await fastify.register(fastifyAwilixPlugin, { disposeOnClose: true });
  diContainer.register({
    parcels: asClass(Parcels).singleton(),
    database: asFunction(() => ({ query: async () => [] })).singleton(),
  });
  await fastify.register(helmet);
  await fastify.register(rateLimit, { max: 900 });
  await fastify.register(jwt, { secret: 'one' });
  await fastify.register(underPressure, { exposeStatusRoute: true });
  await fastify.register(swagger, { openapi: { info: { title: 'Delivery', version: '1' } } });
  await fastify.register(swaggerUi, { routePrefix: '/docs' });
  if (process.env.UPLOADS) await fastify.register(import('@fastify/multipart'));
  await fastify.register(routes, { prefix: '/parcels' });
});
""",
        "app/src/parcels.mjs": """import { nanoid } from 'nanoid';

export class Parcels {
  #all = [];
  constructor({ database }) { this.database = database; }
  list() { return this.#all.slice(-5); }
  add(to) {
    const parcel = { id: nanoid(), to };
    this.#all.push(parcel);
    return parcel;
  }
  async save() {
    const { default: pg } = await import('pg');
    return new pg.Pool().query('select 1');
  }
}
""",
        "app/src/routes.mjs": """import { Type } from '@sinclair/typebox';

const Parcel = Type.Object({ id: Type.String(), to: Type.String() });

export default async function routes(fastify) {
  fastify.get('/', { schema: { response: { 200: Type.Array(Parcel) } } },
    async (request) => request.diScope.resolve('parcels').list());
  fastify.post('/', { schema: { body: Type.Object({ to: Type.String({ minLength: 1 }) }), response: { 201: Parcel } } },
    async (request, reply) => reply.code(201).send(request.diScope.resolve('parcels').add(request.body.to)));
  fastify.get('/token', async () => ({ token: fastify.jwt.sign({ name: 'a' }) }));
  fastify.get('/mine', { onRequest: (request) => request.jwtVerify() }, async (request) => request.user);
}
""",
    },
    prepare=(*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1"),
    asks=tuple(
        f"http://127.0.0.1:10512/{path}"
        for path in ("status", "parcels", "parcels/token", "parcels/mine", "docs/", "docs/json", "no")
    ),
    sends=(("http://127.0.0.1:10512/parcels", '{"to": "one"}'), ("http://127.0.0.1:10512/parcels", "{}")),
    seconds=20,
)

FORUM = Recipe(
    name="forum",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10513"},
    cmd=("node", "dist/main.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "forum", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "start": "nest start", "start:prod": "node dist/main.js"},
  "dependencies": {"@nestjs/common": "^11", "@nestjs/core": "^11", "@nestjs/platform-express": "^11",
    "@nestjs/graphql": "^13", "@nestjs/apollo": "^13", "@apollo/server": "^5", "graphql": "^16", "dataloader": "^2",
    "@nestjs/config": "^4", "@nestjs/cache-manager": "^3", "cache-manager": "^6", "@nestjs/jwt": "^11", "joi": "^17",
    "class-validator": "^0.14", "class-transformer": "^0.5", "nestjs-pino": "^4", "pino": "^9", "pino-http": "^10",
    "reflect-metadata": "^0.2", "rxjs": "^7", "drizzle-orm": "^0.44", "@libsql/client": "^0.15", "ioredis": "^5",
    "graphql-subscriptions": "^3", "graphql-ws": "^6", "@as-integrations/express5": "^1", "ts-morph": "^25"},
  "devDependencies": {"@nestjs/cli": "^11", "typescript": "^5", "jest": "^29", "@types/node": "^22"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/src/main.ts": """import { ValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { bufferLogs: true });
  app.useLogger(app.get(Logger));
  app.useGlobalPipes(new ValidationPipe());
  app.enableShutdownHooks();
  await app.listen(Number(process.env.PORT), '127.0.0.1');
}
bootstrap();
""",
        "app/src/app.module.ts": """import { ApolloDriver, ApolloDriverConfig } from '@nestjs/apollo';
import { CacheModule } from '@nestjs/cache-manager';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { GraphQLModule } from '@nestjs/graphql';
import * as Joi from 'joi';
import { LoggerModule } from 'nestjs-pino';
import { PostsModule } from './posts/posts.module';

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true, validationSchema: Joi.object({ PORT: Joi.number().required() }) }),
    LoggerModule.forRoot(),
    CacheModule.register({ isGlobal: true }),
    GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true, introspection: true,
      csrfPrevention: false }),
    PostsModule,
  ],
})
export class AppModule {}
""",
        "app/src/posts/post.ts": """import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { MinLength } from 'class-validator';

@ObjectType()
export class Post {
  @Field(() => ID) id: string;
  @Field(() => String) title: string;
}

@InputType()
export class NewPost {
  @Field(() => String) @MinLength(1) title: string;
}
""",
        "app/src/posts/posts.module.ts": """import { Module } from '@nestjs/common';
import { PostsResolver } from './posts.resolver';
import { PostsService } from './posts.service';

@Module({ providers: [PostsResolver, PostsService] })
export class PostsModule {}
""",
        "app/src/posts/posts.service.ts": """import { Injectable } from '@nestjs/common';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

const posts = sqliteTable('posts', { id: integer('id').primaryKey(), title: text('title') });

@Injectable()
export class PostsService {
  private readonly client = createClient({ url: 'file:/tmp/forum.db' });
  private readonly database = drizzle(this.client);

  async onModuleInit() {
    await this.client.execute('create table if not exists posts (id integer primary key, title text)');
  }

  all() { return this.database.select().from(posts).limit(5); }

  async add(title: string) {
    const [one] = await this.database.insert(posts).values({ title }).returning();
    return one;
  }
}
""",
        "app/src/posts/posts.resolver.ts": """import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { NewPost, Post } from './post';
import { PostsService } from './posts.service';

@Resolver(() => Post)
export class PostsResolver {
  constructor(private readonly posts: PostsService) {}

  @Query(() => [Post])
  all() { return this.posts.all(); }

  @Mutation(() => Post)
  add(@Args('post', { type: () => NewPost }) post: NewPost) { return this.posts.add(post.title); }
}
""",
    },
    prepare=_COMPILED,
    asks=(
        "http://127.0.0.1:10513/graphql?query=%7Ball%7Btitle%7D%7D",
        "http://127.0.0.1:10513/graphql",
        "http://127.0.0.1:10513/no",
    ),
    sends=(
        ("http://127.0.0.1:10513/graphql", '{"query": "mutation { add(post: {title: \\"one\\"}) { id } }"}'),
        ("http://127.0.0.1:10513/graphql", '{"query": "{ __schema { types { name } } }"}'),
        ("http://127.0.0.1:10513/graphql", '{"query": "{ no }"}'),
    ),
    seconds=25,
)

LINKS = Recipe(
    name="links",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10514", "DATABASE": "file:/tmp/links.db"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "--enable-source-maps", "dist/index.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "links", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"build": "tsc --noCheck", "start": "node dist/index.js", "migrate": "drizzle-kit migrate"},
  "dependencies": {"hono": "^4", "@hono/node-server": "^1", "@hono/zod-openapi": "^0.19", "zod": "^3", "jose": "^6",
    "@hono/swagger-ui": "^0.5", "drizzle-orm": "^0.44", "@libsql/client": "^0.15", "pino": "^9", "hono-pino": "^0.9",
    "nanoid": "^5", "postgres": "^3", "@upstash/redis": "^1", "date-fns": "^4", "stripe": "^17", "resend": "^4"},
  "devDependencies": {"typescript": "^5", "drizzle-kit": "^0.31", "@types/node": "^22", "tsx": "^4"}
}
""",
        "app/tsconfig.json": _MODULES,
        "app/src/index.ts": """import { serve } from '@hono/node-server';
import { swaggerUI } from '@hono/swagger-ui';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { formatISO } from 'date-fns';
import { pinoLogger } from 'hono-pino';
import { SignJWT, jwtVerify } from 'jose';
import { nanoid } from 'nanoid';
import { pino } from 'pino';
import { compress } from 'hono/compress';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { all, save, start } from './database.js';

const log = pino();
const secret = new TextEncoder().encode('one-secret-that-is-long-enough-for-it');
const app = new OpenAPIHono();
app.use(pinoLogger({ pino: log }), secureHeaders(), compress());
app.doc('/openapi.json', { openapi: '3.0.0', info: { title: 'Links', version: '1' } });
app.get('/docs', swaggerUI({ url: '/openapi.json' }));
app.get('/links', async (c) => c.json(await all()));
app.openapi(createRoute({
  method: 'post', path: '/links',
  request: { body: { content: { 'application/json': { schema: z.object({ url: z.string().url() }) } } } },
  responses: { 201: { description: 'made' } },
}), async (c) => {
  const { url } = c.req.valid('json');
  const id = nanoid(6);
  await save(id, url);
  return c.json({ id, at: formatISO(new Date()) }, 201);
});
app.get('/token', async (c) => {
  const token = await new SignJWT({ name: 'a' }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
  return c.json((await jwtVerify(token, secret)).payload);
});
app.post('/pay', async (c) => {
  const { default: Stripe } = await import('stripe');
  return c.json(await new Stripe(process.env.STRIPE!).paymentIntents.create({ amount: 1, currency: 'eur' }));
});
app.get('/fail', () => { throw new HTTPException(503, { message: 'on purpose' }); });
await start();
serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) }, () => log.info('ready'));
""",
        "app/src/database.ts": """import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';

const links = sqliteTable('links', { id: text('id').primaryKey(), url: text('url') });
const client = createClient({ url: process.env.DATABASE! });
const database = drizzle(client);
export const start = () => client.execute('create table if not exists links (id text primary key, url text)');
export const all = () => database.select().from(links).limit(5);
export const save = (id: string, url: string) => database.insert(links).values({ id, url });
""",
    },
    prepare=_COMPILED,
    asks=tuple(f"http://127.0.0.1:10514/{path}" for path in ("links", "docs", "openapi.json", "token", "fail", "no")),
    sends=(("http://127.0.0.1:10514/links", '{"url": "http://shop.example"}'), ("http://127.0.0.1:10514/links", "{}")),
    seconds=20,
)

TICKETS = Recipe(
    name="tickets",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10515"},
    entrypoint=("tini", "--"),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "tickets", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "start": "node dist/main.js"},
  "dependencies": {"koa": "^3", "@koa/router": "^13", "@koa/bodyparser": "^6", "koa-helmet": "^8",
    "koa-pino-logger": "^4",
    "koa-compress": "^5", "inversify": "^6", "reflect-metadata": "^0.2", "ajv": "^8", "ajv-formats": "^3",
    "convict": "^6", "convict-format-with-validator": "^6", "i18next": "^24", "i18next-fs-backend": "^2",
    "prom-client": "^15", "ioredis": "^5", "amqplib": "^0.10", "@koa/cors": "^5", "http-errors": "^2"},
  "devDependencies": {"typescript": "^5", "@types/koa": "^2", "@types/node": "^22", "mocha": "^11"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/locales/de.json": '{"hello": "Hallo {{name}}"}\n',
        "app/locales/en.json": '{"hello": "Hello {{name}}"}\n',
        "app/src/main.ts": """import 'reflect-metadata';
import { container } from './container';
import { Server } from './server';

container.get(Server).start();
""",
        "app/src/container.ts": """import { Container } from 'inversify';
import { Config } from './config';
import { Server } from './server';
import { Tickets } from './tickets';

export const container = new Container({ defaultScope: 'Singleton' });
container.bind(Config).toSelf();
container.bind(Tickets).toSelf();
container.bind(Server).toSelf();
""",
        "app/src/config.ts": """import convict from 'convict';
import { ipaddress } from 'convict-format-with-validator';
import { injectable } from 'inversify';

convict.addFormat(ipaddress);

@injectable()
export class Config {
  readonly values = convict({
    host: { format: 'ipaddress', default: '127.0.0.1', env: 'HOST' },
    port: { format: 'port', default: 8080, env: 'PORT' },
    amqp: { format: String, default: '', env: 'AMQP' },
  }).validate();
}
""",
        "app/src/tickets.ts": """import Ajv from 'ajv';
import formats from 'ajv-formats';
import createError from 'http-errors';
import { injectable } from 'inversify';

@injectable()
export class Tickets {
  private readonly all: unknown[] = [];
  private readonly valid = formats(new Ajv() as never).compile({
    type: 'object', required: ['name'],
    properties: { name: { type: 'string' }, mail: { type: 'string', format: 'email' } },
  });

  list() { return this.all.slice(-5); }

  add(ticket: unknown) {
    if (!this.valid(ticket)) throw createError(422, JSON.stringify(this.valid.errors));
    this.all.push(ticket);
    return ticket;
  }

  async publish(address: string) {
    const amqp = await import('amqplib');
    return amqp.connect(address);
  }
}
""",
        "app/src/server.ts": """import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import i18next from 'i18next';
import Backend from 'i18next-fs-backend';
import { injectable } from 'inversify';
import Koa from 'koa';
import compress from 'koa-compress';
import helmet from 'koa-helmet';
import logger from 'koa-pino-logger';
import { collectDefaultMetrics, register } from 'prom-client';
import { Config } from './config';
import { Tickets } from './tickets';

@injectable()
export class Server {
  constructor(private readonly config: Config, private readonly tickets: Tickets) {}

  async start() {
    collectDefaultMetrics();
    await i18next.use(Backend).init({ lng: 'de', preload: ['de'], backend: { loadPath: 'locales/{{lng}}.json' } });
    const router = new Router();
    router.get('/', (ctx) => { ctx.body = i18next.t('hello', { name: 'a' }); });
    router.get('/tickets', (ctx) => { ctx.body = this.tickets.list(); });
    router.post('/tickets', (ctx) => { ctx.body = this.tickets.add(ctx.request.body); ctx.status = 201; });
    router.get('/metrics', async (ctx) => { ctx.body = await register.metrics(); });
    router.get('/fail', () => { throw new Error('on purpose'); });
    const app = new Koa();
    app.use(logger()).use(helmet()).use(compress()).use(bodyParser()).use(router.routes()).use(router.allowedMethods());
    const { host, port } = this.config.values.getProperties();
    app.listen(port, host);
    if (this.config.values.get('amqp')) await this.tickets.publish(this.config.values.get('amqp'));
  }
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(f"http://127.0.0.1:10515/{path}" for path in ("", "tickets", "metrics", "fail", "no")),
    sends=(("http://127.0.0.1:10515/tickets", '{"name": "one"}'), ("http://127.0.0.1:10515/tickets", "{}")),
    seconds=20,
)

POSTMAN = Recipe(
    name="postman",
    packages=(*_TOOLS, "redis-server", "tini", "gosu"),
    env=PRODUCTION_NODE | {"PORT": "10516", "REDIS_URL": "redis://127.0.0.1:6379"},
    entrypoint=("tini", "-g", "--", "/usr/local/bin/entrypoint.sh"),
    cmd=("node", "src/worker.js"),
    files=HOSTS
    | {
        "usr/local/bin/entrypoint.sh": '#!/bin/sh\nset -e\nif [ "$REDIS_URL" = redis://127.0.0.1:6379 ]; then\n'
        "  gosu redis redis-server --port 6379 --daemonize yes --dir /tmp\nfi\n"
        'exec gosu nobody "$@"\n',
        "app/package.json": """{
  "name": "postman", "version": "1.0.0", "private": true,
  "dependencies": {"bullmq": "^5", "ioredis": "^5", "@bull-board/api": "^6", "@bull-board/express": "^6",
    "express": "^4",
    "nodemailer": "^7", "handlebars": "^4", "pdfkit": "^0.17", "pino": "^9", "pino-pretty": "^13", "node-cron": "^4",
    "convert-csv-to-json": "^3", "@sentry/node": "^9", "@google-cloud/storage": "^7", "envalid": "^8", "cheerio": "^1"}
}
""",
        "app/src/worker.js": """const { createBullBoard } = require('@bull-board/api');
const { BullMQAdapter } = require('@bull-board/api/bullMQAdapter');
const { ExpressAdapter } = require('@bull-board/express');
const { Queue, Worker, QueueEvents } = require('bullmq');
const express = require('express');
const Redis = require('ioredis');
const path = require('node:path');
const env = require('./env');
const log = require('./log');

const connection = new Redis(env.REDIS_URL, { maxRetriesPerRequest: null });
const queue = new Queue('mails', { connection });
const workers = [
  new Worker('mails', (job) => require(`./jobs/${job.name}`)(job.data), { connection, concurrency: 2 }),
  new Worker('sheets', path.join(__dirname, 'sandboxed.js'), { connection: connection.duplicate() }),
];
for (const worker of workers) worker.on('failed', (job, error) => log.error(error, job.name));
new QueueEvents('mails', { connection: connection.duplicate() }).on('completed', ({ jobId }) => log.info(jobId));
const sheets = new Queue('sheets', { connection });
queue.upsertJobScheduler('every', { every: 3000 }, { name: 'welcome', data: { to: 'a@shop.example' } });
queue.add('invoice', { number: 1 });
queue.add('absent', {});
sheets.add('sheet', { rows: 3 });
require('node-cron').schedule('0 3 * * *', () => queue.clean(1000, 10));

const board = new ExpressAdapter();
board.setBasePath('/board');
createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter: board });
const app = express();
app.use('/board', board.getRouter());
app.post('/mails', express.json(), async (request, response) => {
  const job = await queue.add('welcome', request.body);
  response.status(202).json({ id: job.id });
});
app.listen(env.PORT, '127.0.0.1', () => log.info('ready'));
process.on('SIGTERM', async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  process.exit(0);
});
""",
        "app/src/env.js": "const { cleanEnv, port, url } = require('envalid');\n\n"
        "module.exports = cleanEnv(process.env, { PORT: port({ default: 8080 }), REDIS_URL: url() });\n",
        "app/src/log.js": "module.exports = require('pino')(process.stdout.isTTY ? "
        "{ transport: { target: 'pino-pretty' } } : {});\n",
        "app/src/sandboxed.js": """module.exports = async (job) => {
  const cheerio = require('cheerio');
  return cheerio.load(`<p>${job.data.rows}</p>`)('p').text();
};
""",
        "app/src/jobs/welcome.js": """const fs = require('node:fs');
const path = require('node:path');
const Handlebars = require('handlebars');
const nodemailer = require('nodemailer');

const template = Handlebars.compile(fs.readFileSync(path.join(__dirname, '../../templates/welcome.hbs'), 'utf8'));
const transport = nodemailer.createTransport({ jsonTransport: true });
module.exports = ({ to }) => transport.sendMail({ from: 'b@shop.example', to, html: template({ to }) });
""",
        "app/src/jobs/invoice.js": """const fs = require('node:fs');
const PDFDocument = require('pdfkit');

module.exports = ({ number }) => new Promise((resolve, reject) => {
  const pdf = new PDFDocument();
  pdf.pipe(fs.createWriteStream(`/tmp/${number}.pdf`)).on('finish', resolve).on('error', reject);
  pdf.fontSize(20).text(`Invoice ${number}`);
  pdf.end();
});
""",
        "app/src/jobs/archive.js": """const { Storage } = require('@google-cloud/storage');

module.exports = ({ file }) => new Storage().bucket('shop').upload(file);
""",
        "app/templates/welcome.hbs": "<h1>Hello {{to}}</h1>\n",
    },
    prepare=(*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1"),
    asks=tuple(f"http://127.0.0.1:10516/{path}" for path in ("board", "board/api/queues", "no")),
    sends=(("http://127.0.0.1:10516/mails", '{"to": "b@shop.example"}'),),
    seconds=22,
)

NODE_SERVICES = (CATALOG, DELIVERY, FORUM, LINKS, TICKETS, POSTMAN)
