"""The thirty-seventh set's services of Node.js compiled from TypeScript, and a function of a cloud's framework."""

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
_MODULES = TYPESCRIPT.replace('"commonjs"', '"nodenext"').replace('"node"', '"nodenext"')
_MAPPED = TYPESCRIPT.replace('"skipLibCheck"', '"sourceMap": true, "skipLibCheck"')

GYMNASIUM = Recipe(
    name="gymnasium",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10914", "DATABASE_FILE": "/tmp/gymnasium.sqlite", "API_KEYS": "one,two"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "--enable-source-maps", "dist/server.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "gymnasium", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "start": "node --enable-source-maps dist/server.js", "test": "vitest"},
  "dependencies": {"fastify": "^5", "fastify-plugin": "^5", "@fastify/auth": "^5", "@fastify/basic-auth": "^6",
    "@fastify/bearer-auth": "^10", "@fastify/error": "^4", "@fastify/middie": "^9", "@fastify/one-line-logger": "^2",
    "@fastify/request-context": "^6", "@fastify/routes": "^6", "@fastify/reply-from": "^12", "@fastify/postgres": "^6",
    "@fastify/type-provider-json-schema-to-ts": "^5", "json-schema-to-ts": "^3", "fastify-raw-body": "^5",
    "fastify-sse-v2": "^4", "ajv-i18n": "^4", "accept-language-parser": "^1", "x-xss-protection": "^2",
    "date-fns": "^4", "nanoid": "^3", "pino-socket": "^7", "stripe": "^18",
    "@aws-sdk/client-secrets-manager": "^3", "cookie-es": "^2"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "vitest": "^3"}
}
""",
        "app/tsconfig.json": _MAPPED,
        "app/src/server.ts": """import { build } from './app';
import { loadConfig } from './config';

async function main() {
  const config = await loadConfig();
  const app = await build(config);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => app.close().then(() => process.exit(0)));
  }
  await app.listen({ host: '127.0.0.1', port: config.port });
  if (config.showRoutes) app.log.info([...app.routes.keys()]);
}
main();
""",
        "app/src/config.ts": """export interface Config {
  port: number;
  database: string;
  keys: Set<string>;
  stripe?: string;
  partner?: string;
  showRoutes: boolean;
}

async function secret(name: string): Promise<string | undefined> {
  if (!process.env.SECRETS_PREFIX) return process.env[name];
  const { GetSecretValueCommand, SecretsManagerClient } = await import('@aws-sdk/client-secrets-manager');
  const client = new SecretsManagerClient({});
  const command = new GetSecretValueCommand({ SecretId: `${process.env.SECRETS_PREFIX}/${name}` });
  return (await client.send(command)).SecretString;
}

export async function loadConfig(): Promise<Config> {
  return {
    port: Number(process.env.PORT ?? 3000),
    database: process.env.DATABASE_FILE ?? ':memory:',
    keys: new Set(((await secret('API_KEYS')) ?? '').split(',')),
    stripe: await secret('STRIPE_KEY'),
    partner: process.env.PARTNER_URL,
    showRoutes: true,
  };
}
""",
        "app/src/app.ts": """import bearerAuth from '@fastify/bearer-auth';
import middie from '@fastify/middie';
import requestContext from '@fastify/request-context';
import routes from '@fastify/routes';
import Fastify from 'fastify';
import rawBody from 'fastify-raw-body';
import { FastifySSEPlugin } from 'fastify-sse-v2';
import xss from 'x-xss-protection';
import { Config } from './config';
import database from './plugins/database';
import errors from './plugins/errors';
import staff from './plugins/staff';
import classes from './routes/classes';
import members from './routes/members';
import payments from './routes/payments';

export async function build(config: Config) {
  const app = Fastify({
    logger: { level: process.env.LOG_LEVEL ?? 'info', transport: { target: '@fastify/one-line-logger' } },
    ajv: { customOptions: { allErrors: true, messages: false } },
  });
  await app.register(routes);
  await app.register(middie);
  app.use(xss());
  await app.register(requestContext, { defaultStoreValues: { language: 'en' } });
  await app.register(FastifySSEPlugin);
  await app.register(rawBody, { field: 'rawBody', global: false, runFirst: true });
  await app.register(errors);
  await app.register(database, { file: config.database });
  await app.register(staff, { keys: config.keys });
  await app.register(classes, { prefix: '/classes' });
  await app.register(members, { prefix: '/members' });
  await app.register(payments, { prefix: '/payments', key: config.stripe });
  if (config.partner) {
    await app.register(import('@fastify/reply-from'), { base: config.partner });
    app.get('/partner/*', (request, reply) => reply.from(request.url));
  }
  await app.register(async (internal) => {
    await internal.register(bearerAuth, { keys: config.keys });
    internal.get('/internal/stats', async () => ({ memory: process.memoryUsage().rss }));
  });
  app.get('/health', async () => ({ status: 'up' }));
  return app;
}
""",
        "app/src/plugins/errors.ts": """import { pick } from 'accept-language-parser';
import localize from 'ajv-i18n';
import fp from 'fastify-plugin';

export default fp(async (app) => {
  app.addHook('onRequest', async (request) => {
    const language = pick(['en', 'de', 'fr'], request.headers['accept-language'] ?? 'de') ?? 'de';
    request.requestContext.set('language' as never, language as never);
  });
  app.setErrorHandler((error: any, request, reply) => {
    if (error.validation) {
      localize[request.requestContext.get('language' as never) as 'de'](error.validation);
      return reply.code(422).send({ errors: error.validation.map((one: any) => one.message) });
    }
    request.log.error(error);
    return reply.code(error.statusCode ?? 500).send({ error: error.message, code: error.code });
  });
});
""",
        "app/src/plugins/database.ts": """import fp from 'fastify-plugin';
import { DatabaseSync } from 'node:sqlite';

declare module 'fastify' {
  interface FastifyInstance { database: DatabaseSync }
}

export default fp(async (app, { file }: { file: string }) => {
  const database = new DatabaseSync(file);
  database.exec('create table if not exists classes (id text primary key, name text, starts text)');
  database.exec('create table if not exists members (id text primary key, name text)');
  app.decorate('database', database);
  if (process.env.WAREHOUSE_URL) {
    await app.register(import('@fastify/postgres'), { connectionString: process.env.WAREHOUSE_URL });
  }
  app.addHook('onClose', async () => database.close());
}, { name: 'database' });
""",
        "app/src/plugins/staff.ts": """import auth from '@fastify/auth';
import basicAuth from '@fastify/basic-auth';
import createError from '@fastify/error';
import fp from 'fastify-plugin';

const NoKey = createError('NO_KEY', 'no such key: %s', 401);

export default fp(async (app, { keys }: { keys: Set<string> }) => {
  await app.register(auth);
  await app.register(basicAuth, {
    authenticate: { realm: 'staff' },
    validate: async (name, password) => {
      if (!keys.has(password)) throw new NoKey(name);
    },
  });
  app.decorate('byKey', async (request: any) => {
    if (!keys.has(request.query.key)) throw new NoKey(request.query.key ?? 'none');
  });
});
""",
        "app/src/routes/classes.ts": """import { addDays, formatISO, startOfDay } from 'date-fns';
import { FastifyInstance } from 'fastify';
import { nanoid } from 'nanoid';
import { setTimeout } from 'node:timers/promises';

const body = {
  type: 'object',
  required: ['name'],
  properties: { name: { type: 'string', minLength: 2 }, inDays: { type: 'integer', minimum: 0, default: 1 } },
} as const;

export default async function classes(app: FastifyInstance) {
  app.get('/', async () => app.database.prepare('select * from classes order by starts limit 10').all());
  app.post('/', {
    schema: { body },
    preHandler: app.auth([(app as any).byKey, app.basicAuth], { relation: 'or' }),
  }, async (request, reply) => {
    const { name, inDays } = request.body as { name: string; inDays: number };
    const one = { id: nanoid(8), name, starts: formatISO(addDays(startOfDay(new Date()), inDays)) };
    app.database.prepare('insert into classes values (?, ?, ?)').run(one.id, one.name, one.starts);
    return reply.code(201).send(one);
  });
  app.get('/live', (request, reply) => {
    reply.sse((async function* places() {
      for (const free of [3, 2, 1]) {
        yield { id: String(free), event: 'places', data: JSON.stringify({ free }) };
        await setTimeout(50);
      }
    })());
  });
}
""",
        "app/src/routes/members.ts": """import type { JsonSchemaToTsProvider }
  from '@fastify/type-provider-json-schema-to-ts';
import { FastifyInstance } from 'fastify';
import { nanoid } from 'nanoid';

const member = {
  type: 'object', required: ['name'], properties: { name: { type: 'string', minLength: 1 } },
} as const;

export default async function members(instance: FastifyInstance) {
  const app = instance.withTypeProvider<JsonSchemaToTsProvider>();
  app.get('/', async () => app.database.prepare('select * from members limit 10').all());
  app.post('/', { schema: { body: member } }, async (request, reply) => {
    const one = { id: nanoid(8), name: request.body.name };
    app.database.prepare('insert into members values (?, ?)').run(one.id, one.name);
    return reply.code(201).send(one);
  });
  app.get('/fail', async () => { throw new Error('on purpose'); });
}
""",
        "app/src/routes/payments.ts": """import { FastifyInstance } from 'fastify';

export default async function payments(app: FastifyInstance, { key }: { key?: string }) {
  app.post('/webhook', { config: { rawBody: true } }, async (request: any, reply) => {
    if (!key) return reply.code(202).send({ received: request.rawBody.length });
    const { default: Stripe } = await import('stripe');
    const event = new Stripe(key).webhooks.constructEvent(request.rawBody, request.headers['stripe-signature'], key);
    return { received: event.type };
  });
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(
        f"http://127.0.0.1:10914/{path}"
        for path in ("health", "classes", "classes/live", "members", "members/fail", "internal/stats", "no")
    ),
    sends=(
        ("http://127.0.0.1:10914/classes?key=one", '{"name": "Rowing", "inDays": 2}'),
        ("http://127.0.0.1:10914/classes?key=three", '{"name": "Rowing"}'),
        ("http://127.0.0.1:10914/classes?key=one", '{"name": "R"}'),
        ("http://127.0.0.1:10914/members", '{"name": "Ada"}'),
        ("http://127.0.0.1:10914/payments/webhook", '{"type": "charge.succeeded"}'),
    ),
    seconds=20,
)

INVENTORY = Recipe(
    name="inventory",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE | {"PORT": "10915"},
    entrypoint=("tini", "--"),
    cmd=("node", "--require", "./dist/instrument.js", "dist/index.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "inventory", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "start": "node --require ./dist/instrument.js dist/index.js"},
  "dependencies": {"@apollo/server": "^5", "@apollo/subgraph": "^2", "@as-integrations/fastify": "^3",
    "@apollo/utils.keyvaluecache": "^4", "@apollo/server-plugin-response-cache": "^5", "fastify": "^5",
    "@graphql-tools/graphql-file-loader": "^8", "@graphql-tools/load": "^8", "@graphql-tools/merge": "^9",
    "graphql": "^16", "graphql-modules": "^3", "graphql-constraint-directive": "^6", "graphql-scalars": "^1",
    "dataloader": "^2", "reflect-metadata": "^0.2", "sqlstring": "^2", "mysql2": "^3", "@planetscale/database": "^1",
    "@fastify/compress": "^8", "@appsignal/opentelemetry-instrumentation-bullmq": "^0.7", "p-limit": "^3",
    "@opentelemetry/api": "^1", "@opentelemetry/sdk-trace-node": "^2", "@opentelemetry/instrumentation": "^0.203",
    "@opentelemetry/instrumentation-graphql": "^0.51", "@opentelemetry/exporter-prometheus": "^0.203",
    "@opentelemetry/sdk-metrics": "^2", "ts-invariant": "^0.10"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@graphql-codegen/cli": "^5"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/schema/parts.graphql": """extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])

scalar DateTime

type Part @key(fields: "id") {
  id: ID!
  name: String!
  weight: Float!
  added: DateTime!
}

type Query {
  parts(first: Int = 5): [Part!]!
  part(id: ID!): Part
}

type Mutation {
  addPart(name: String!, weight: Float!): Part!
}
""",
        "app/schema/stock.graphql": """type Place {
  shelf: String!
  count: Int!
}

extend type Part {
  places: [Place!]!
}

extend type Mutation {
  move(part: ID!, shelf: String!, count: Int!): Place!
}
""",
        "app/src/instrument.ts": """import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { GraphQLInstrumentation } from '@opentelemetry/instrumentation-graphql';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const provider = new NodeTracerProvider();
provider.register();
registerInstrumentations({ instrumentations: [new GraphQLInstrumentation({ depth: 2 })] });
if (process.env.METRICS_PORT) {
  const { PrometheusExporter } = require('@opentelemetry/exporter-prometheus');
  const { MeterProvider } = require('@opentelemetry/sdk-metrics');
  new MeterProvider({ readers: [new PrometheusExporter({ port: Number(process.env.METRICS_PORT) })] });
}
""",
        "app/src/index.ts": """import 'reflect-metadata';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginCacheControl } from '@apollo/server/plugin/cacheControl';
import responseCache from '@apollo/server-plugin-response-cache';
import { InMemoryLRUCache } from '@apollo/utils.keyvaluecache';
import compress from '@fastify/compress';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { gateway } from './application';
import { Context, contextOf } from './context';

async function main() {
  const fastify = Fastify({ logger: true });
  const apollo = new ApolloServer<Context>({
    gateway: gateway as never,
    cache: new InMemoryLRUCache({ maxSize: 1 << 20 }),
    introspection: true,
    plugins: [
      fastifyApolloDrainPlugin(fastify),
      ApolloServerPluginCacheControl({ defaultMaxAge: 0 }),
      responseCache(),
    ],
  });
  await apollo.start();
  await fastify.register(compress);
  await fastify.register(fastifyApollo(apollo), { context: contextOf });
  fastify.get('/health', async () => ({ status: 'up' }));
  await fastify.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}
main();
""",
        "app/src/context.ts": """import DataLoader from 'dataloader';
import { FastifyRequest } from 'fastify';
import { placesOf } from './stock/places';

export interface Context {
  tenant: string;
  places: DataLoader<string, { shelf: string; count: number }[]>;
}

export const contextOf = async (request: FastifyRequest): Promise<Context> => ({
  tenant: String(request.headers['x-tenant'] ?? 'main'),
  places: new DataLoader(async (ids) => placesOf(ids)),
});
""",
        "app/src/application.ts": """import { buildSubgraphSchema } from '@apollo/subgraph';
import { mergeResolvers } from '@graphql-tools/merge';
import { concatAST } from 'graphql';
import { createApplication } from 'graphql-modules';
import { parts } from './parts';
import { stock } from './stock';

export const application = createApplication({
  modules: [parts, stock],
  schemaBuilder: ({ typeDefs, resolvers }) =>
    buildSubgraphSchema([{ typeDefs: concatAST(typeDefs), resolvers: mergeResolvers(resolvers as never) as never }]),
});

const executor = application.createApolloExecutor();

export const gateway = {
  load: async () => ({ executor }),
  onSchemaLoadOrUpdate(callback: (loaded: unknown) => void) {
    callback({ apiSchema: application.schema, coreSupergraphSdl: '' });
    return () => {};
  },
  stop: async () => {},
};
""",
        "app/src/documents.ts": """import { GraphQLFileLoader } from '@graphql-tools/graphql-file-loader';
import { loadTypedefsSync } from '@graphql-tools/load';
import { join } from 'node:path';

export const documentsOf = (name: string) =>
  loadTypedefsSync(join(__dirname, '..', 'schema', name), { loaders: [new GraphQLFileLoader()] })
    .map((source) => source.document!);
""",
        "app/src/parts/index.ts": """import { createModule } from 'graphql-modules';
import { documentsOf } from '../documents';
import { Parts } from './parts.provider';
import { resolvers } from './resolvers';

export const parts = createModule({
  id: 'parts', dirname: __dirname, typeDefs: documentsOf('parts.graphql'), resolvers, providers: [Parts],
});
""",
        "app/src/parts/parts.provider.ts": """import { Injectable, Scope } from 'graphql-modules';

export interface Part { id: string; name: string; weight: number; added: Date }

@Injectable({ scope: Scope.Singleton })
export class Parts {
  private readonly all: Part[] = [{ id: '1', name: 'Gear', weight: 0.4, added: new Date(0) }];

  find(id: string) { return this.all.find((part) => part.id === id); }

  last(count: number) { return this.all.slice(-count); }

  add(name: string, weight: number) {
    const part = { id: String(this.all.length + 1), name, weight, added: new Date() };
    this.all.push(part);
    return part;
  }
}
""",
        "app/src/parts/resolvers.ts": """import { GraphQLError } from 'graphql';
import { DateTimeResolver } from 'graphql-scalars';
import { invariant } from 'ts-invariant';
import { Parts } from './parts.provider';

export const resolvers = {
  DateTime: DateTimeResolver,
  Query: {
    parts: (_: unknown, { first }: any, { injector }: any) => injector.get(Parts).last(first),
    part: (_: unknown, { id }: any, { injector }: any) => injector.get(Parts).find(id),
  },
  Mutation: {
    addPart: (_: unknown, { name, weight }: any, { injector }: any) => {
      if (weight <= 0) throw new GraphQLError('weight must be positive', { extensions: { code: 'BAD_USER_INPUT' } });
      invariant(name.length < 200, 'too long');
      return injector.get(Parts).add(name, weight);
    },
  },
  Part: { __resolveReference: ({ id }: any, { injector }: any) => injector.get(Parts).find(id) },
};
""",
        "app/src/stock/index.ts": """import { createModule } from 'graphql-modules';
import { documentsOf } from '../documents';
import { move } from './places';

export const stock = createModule({
  id: 'stock',
  dirname: __dirname,
  typeDefs: documentsOf('stock.graphql'),
  resolvers: {
    Part: { places: ({ id }: any, _: unknown, { places }: any) => places.load(id) },
    Mutation: { move: (_: unknown, { part, shelf, count }: any) => move(part, shelf, count) },
  },
});
""",
        "app/src/stock/places.ts": """import pLimit from 'p-limit';
import { format } from 'sqlstring';

const shelves = new Map<string, { shelf: string; count: number }[]>();
const limit = pLimit(4);

async function stored(id: string) {
  if (process.env.MYSQL_URL) {
    const mysql = await import('mysql2/promise');
    const connection = await mysql.createConnection(process.env.MYSQL_URL);
    const [rows] = await connection.query(format('select shelf, count from places where part = ?', [id]));
    return rows as { shelf: string; count: number }[];
  }
  return shelves.get(id) ?? [];
}

export const placesOf = (ids: readonly string[]) => Promise.all(ids.map((id) => limit(() => stored(id))));

export function move(part: string, shelf: string, count: number) {
  const place = { shelf, count };
  shelves.set(part, [...(shelves.get(part) ?? []).slice(-4), place]);
  return place;
}
""",
    },
    prepare=_COMPILED,
    asks=("http://127.0.0.1:10915/health", "http://127.0.0.1:10915/graphql", "http://127.0.0.1:10915/no"),
    sends=tuple(
        ("http://127.0.0.1:10915/graphql", f'{{"query": "{query}"}}')
        for query in (
            "{ parts(first: 3) { id name weight added places { shelf count } } }",
            'mutation { addPart(name: \\"Belt\\", weight: 1.5) { id added } }',
            'mutation { addPart(name: \\"Belt\\", weight: -1) { id } }',
            'mutation { move(part: 1, shelf: \\"A3\\", count: 4) { shelf count } }',
            "{ _service { sdl } }",
            '{ _entities(representations: [{__typename: \\"Part\\", id: 1}]) { ... on Part { name } } }',
            "{ no }",
        )
    ),
    seconds=22,
)

ADVISOR = Recipe(
    name="advisor",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10916"},
    cmd=("node", "--env-file-if-exists=.env", "dist/index.js"),
    files=HOSTS
    | {
        "app/.env": "LOG_LEVEL=debug\nMODEL=demo\n",
        "app/package.json": """{
  "name": "advisor", "version": "1.0.0", "private": true, "type": "module",
  "imports": {"#lib/*": "./dist/lib/*.js"},
  "scripts": {"build": "tsc --noCheck", "start": "node --env-file-if-exists=.env dist/index.js"},
  "dependencies": {"hono": "^4", "@hono/node-server": "^1", "hono-openapi": "^1", "@hono/standard-validator": "^0.1",
    "@standard-community/standard-json": "^0.3", "@standard-community/standard-openapi": "^0.2",
    "@scalar/hono-api-reference": "^0.9", "zod": "^4", "ai": "^5", "@ai-sdk/openai": "^2", "@ai-sdk/anthropic": "^2",
    "@langchain/core": "^1", "@langchain/langgraph": "^1", "@langchain/openai": "^1",
    "@langchain/textsplitters": "^1", "js-tiktoken": "^1", "zod-to-json-schema": "^3", "openapi-types": "^12",
    "@qdrant/js-client-rest": "^1", "pdf-parse": "^1", "gpt-tokenizer": "^3",
    "@hono/otel": "^1", "langfuse": "^3"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "tsx": "^4"}
}
""",
        "app/tsconfig.json": _MODULES.replace(
            '"skipLibCheck"', '"jsx": "react-jsx", "jsxImportSource": "hono/jsx", "skipLibCheck"'
        ),
        "app/src/index.ts": """import { serve } from '@hono/node-server';
import { app } from './app.js';

const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(process.env.PORT) }, ({ port }) => {
  console.log(`listening on ${port}`);
});
process.on('SIGTERM', () => server.close(() => process.exit(0)));
""",
        "app/src/app.ts": """import { serveStatic } from '@hono/node-server/serve-static';
import { Scalar } from '@scalar/hono-api-reference';
import { Hono } from 'hono';
import { openAPIRouteHandler } from 'hono-openapi';
import { HTTPException } from 'hono/http-exception';
import { logger } from 'hono/logger';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { timing } from 'hono/timing';
import { answers } from './routes/answers.js';
import { notes } from './routes/notes.js';
import { pages } from './routes/pages.js';

export const app = new Hono();
app.use(requestId(), logger(), timing(), secureHeaders());
if (process.env.OTEL_EXPORTER_OTLP_ENDPOINT) {
  const { httpInstrumentationMiddleware } = await import('@hono/otel');
  app.use(httpInstrumentationMiddleware());
}
app.route('/answers', answers);
app.route('/notes', notes);
app.route('/', pages);
app.use('/assets/*', serveStatic({ root: './' }));
app.get('/openapi', openAPIRouteHandler(app, { documentation: { info: { title: 'Advisor', version: '1' } } }));
app.get('/docs', Scalar({ url: '/openapi' }));
app.get('/health', (context) => context.json({ status: 'up' }));
app.onError((error, context) => {
  if (error instanceof HTTPException) return error.getResponse();
  console.error(error.message);
  return context.json({ error: error.message }, 500);
});
""",
        "app/src/lib/model.ts": """import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { FakeListChatModel } from '@langchain/core/utils/testing';

export async function modelOf(name: string): Promise<BaseChatModel> {
  if (name === 'demo') return new FakeListChatModel({ responses: ['Water them less.', 'Repot in spring.'] });
  const { ChatOpenAI } = await import('@langchain/openai');
  return new ChatOpenAI({ model: name });
}
""",
        "app/src/lib/graph.ts": """import { ChatPromptTemplate } from '@langchain/core/prompts';
import { StringOutputParser } from '@langchain/core/output_parsers';
import { Annotation, END, MemorySaver, START, StateGraph } from '@langchain/langgraph';
import { modelOf } from '#lib/model';
import { closest } from '#lib/store';

const State = Annotation.Root({
  question: Annotation<string>(),
  notes: Annotation<string[]>(),
  answer: Annotation<string>(),
});
const prompt = ChatPromptTemplate.fromMessages([
  ['system', 'Answer from these notes: {notes}'],
  ['human', '{question}'],
]);

async function retrieve({ question }: typeof State.State) {
  return { notes: await closest(question) };
}

async function answer({ question, notes }: typeof State.State) {
  const chain = prompt.pipe(await modelOf(process.env.MODEL ?? 'demo')).pipe(new StringOutputParser());
  return { answer: await chain.invoke({ question, notes: notes.join('\\n') }) };
}

export const graph = new StateGraph(State)
  .addNode('retrieve', retrieve)
  .addNode('respond', answer)
  .addEdge(START, 'retrieve')
  .addEdge('retrieve', 'respond')
  .addEdge('respond', END)
  .compile({ checkpointer: new MemorySaver() });
""",
        "app/src/lib/store.ts": """import { RecursiveCharacterTextSplitter } from '@langchain/textsplitters';
import { cosineSimilarity } from 'ai';

const kept: { text: string; vector: number[] }[] = [];
const splitter = new RecursiveCharacterTextSplitter({ chunkSize: 120, chunkOverlap: 20 });

function embed(text: string): number[] {
  const vector = new Array(26).fill(0.01);
  for (const letter of text.toLowerCase()) {
    const place = letter.charCodeAt(0) - 97;
    if (place >= 0 && place < 26) vector[place] += 1;
  }
  return vector;
}

export async function add(text: string) {
  const parts = await splitter.splitText(text);
  for (const part of parts) kept.push({ text: part, vector: embed(part) });
  if (process.env.QDRANT_URL) {
    const { QdrantClient } = await import('@qdrant/js-client-rest');
    const client = new QdrantClient({ url: process.env.QDRANT_URL });
    await client.upsert('notes', { points: parts.map((part, id) => ({ id, vector: embed(part) })) });
  }
  return parts.length;
}

export async function closest(question: string, count = 2) {
  const vector = embed(question);
  const scored = kept.map((one) => ({ ...one, score: cosineSimilarity(one.vector, vector) }));
  return scored.sort((a, b) => b.score - a.score).slice(0, count).map((one) => one.text);
}
""",
        "app/src/routes/answers.ts": """import { openai } from '@ai-sdk/openai';
import { generateText, tool } from 'ai';
import { Hono } from 'hono';
import { describeRoute, resolver, validator } from 'hono-openapi';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import { getEncoding } from 'js-tiktoken';
import { z } from 'zod';
import { graph } from '#lib/graph';

const Question = z.object({ question: z.string().min(3), thread: z.string().default('one') });
const Answer = z.object({ answer: z.string(), tokens: z.number() });
const encoding = getEncoding('cl100k_base');

export const answers = new Hono();
answers.post('/', describeRoute({
  description: 'Answer from the notes',
  responses: { 200: { description: 'Answer', content: { 'application/json': { schema: resolver(Answer) } } } },
}), validator('json', Question), async (context) => {
  const { question, thread } = context.req.valid('json');
  const { answer } = await graph.invoke({ question }, { configurable: { thread_id: thread } });
  return context.json({ answer, tokens: encoding.encode(question).length });
});
answers.get('/stream', (context) => streamSSE(context, async (stream) => {
  const run = await graph.stream({ question: 'and?' }, { configurable: { thread_id: 'two' }, streamMode: 'updates' });
  for await (const update of run) await stream.writeSSE({ data: JSON.stringify(update) });
}));
answers.get('/quick', async (context) => {
  if (!process.env.OPENAI_API_KEY) throw new HTTPException(503, { message: 'no key' });
  const weather = tool({ description: 'Weather', inputSchema: z.object({}), execute: async () => 'dry' });
  const { text } = await generateText({ model: openai('gpt-4o-mini'), prompt: 'Water today?', tools: { weather } });
  return context.text(text);
});
""",
        "app/src/routes/notes.ts": """import { sValidator } from '@hono/standard-validator';
import { Hono } from 'hono';
import { z } from 'zod';
import { add, closest } from '#lib/store';

const Note = z.object({ text: z.string().min(10) });

export const notes = new Hono();
notes.post('/', sValidator('json', Note), async (context) => {
  return context.json({ parts: await add(context.req.valid('json').text) }, 201);
});
notes.get('/', async (context) => context.json(await closest(context.req.query('q') ?? 'fern')));
notes.post('/file', async (context) => {
  const { default: parse } = await import('pdf-parse/lib/pdf-parse.js');
  const { text } = await parse(Buffer.from(await context.req.arrayBuffer()));
  return context.json({ parts: await add(text) }, 201);
});
""",
        "app/src/routes/pages.tsx": """import { Hono } from 'hono';
import { jsxRenderer } from 'hono/jsx-renderer';
import { closest } from '#lib/store';

export const pages = new Hono();
pages.use('/', jsxRenderer(({ children }) => (
  <html>
    <head><title>Advisor</title><link rel="stylesheet" href="/assets/main.css" /></head>
    <body>{children}</body>
  </html>
)));
pages.get('/', async (context) => {
  const found = await closest('leaf');
  return context.render(<ul>{found.map((text) => <li>{text}</li>)}</ul>);
});
""",
        "app/assets/main.css": "body { max-width: 40rem }\n",
    },
    prepare=_COMPILED,
    asks=tuple(
        f"http://127.0.0.1:10916/{path}"
        for path in (
            *("", "assets/main.css", "health", "notes?q=fern", "answers/stream", "answers/quick", "openapi", "docs"),
            "no",
        )
    ),
    sends=(
        ("http://127.0.0.1:10916/notes", '{"text": "Ferns like shade and a soil that never dries out in summer."}'),
        ("http://127.0.0.1:10916/notes", "{}"),
        ("http://127.0.0.1:10916/answers", '{"question": "Why is my fern brown?"}'),
        ("http://127.0.0.1:10916/answers", '{"question": 1}'),
    ),
    seconds=24,
)

EXCURSIONS = Recipe(
    name="excursions",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10917", "K_SERVICE": "excursions", "FUNCTION_SIGNATURE_TYPE": "http"},
    cmd=("npx", "functions-framework", "--target=excursions"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "excursions", "version": "1.0.0", "private": true, "main": "index.js",
  "scripts": {"start": "functions-framework --target=excursions"},
  "dependencies": {"@google-cloud/functions-framework": "^4", "@google-cloud/bigquery": "^8",
    "@google-cloud/secret-manager": "^6", "cloudevents": "^8", "geofire-common": "^6", "jszip": "^3", "he": "^1",
    "ajv": "^8", "ajv-formats": "^3", "timezone-support": "^3", "suncalc": "^1",
    "tz-lookup": "^6", "google-auth-library": "^10", "@google-cloud/error-reporting": "^3"},
  "devDependencies": {"mocha": "^11", "sinon": "^21"}
}
""",
        "app/index.js": """const functions = require('@google-cloud/functions-framework');
const { routes } = require('./src/routes');
const { report } = require('./src/report');

functions.http('excursions', async (request, response) => {
  const handler = routes[`${request.method} ${request.path}`];
  if (!handler) return response.status(404).json({ error: 'no such path' });
  try {
    await handler(request, response);
  } catch (error) {
    report(error);
    response.status(error.status ?? 500).json({ error: error.message });
  }
});
""",
        "app/src/report.js": """let reporting;

exports.report = (error) => {
  console.error(JSON.stringify({ severity: 'ERROR', message: error.stack }));
  if (!process.env.GOOGLE_CLOUD_PROJECT) return;
  const { ErrorReporting } = require('@google-cloud/error-reporting');
  reporting ??= new ErrorReporting();
  reporting.report(error);
};
""",
        "app/src/places.js": """const { distanceBetween, geohashForLocation } = require('geofire-common');
const suncalc = require('suncalc');
const zoneOf = require('tz-lookup');

const places = [
  { name: 'Staffa', at: [56.4363, -6.3405] },
  { name: 'Iona', at: [56.3345, -6.3967] },
];

exports.near = (latitude, longitude) => places.map((place) => ({
  name: place.name,
  hash: geohashForLocation(place.at),
  km: Math.round(distanceBetween(place.at, [latitude, longitude])),
  zone: zoneOf(...place.at),
  sunset: suncalc.getTimes(new Date(), ...place.at).sunset,
}));
exports.all = () => places;
""",
        "app/src/bookings.js": """const Ajv = require('ajv');
const addFormats = require('ajv-formats');
const { CloudEvent, HTTP } = require('cloudevents');
const { BigQuery } = require('@google-cloud/bigquery');

const ajv = addFormats(new Ajv({ allErrors: true }));
const valid = ajv.compile({
  type: 'object', required: ['place', 'date', 'email'],
  properties: { place: { type: 'string' }, date: { type: 'string', format: 'date' }, email: { format: 'email' } },
});
const bigquery = process.env.DATASET ? new BigQuery() : undefined;

exports.book = async (booking) => {
  if (!valid(booking)) throw Object.assign(new Error(ajv.errorsText(valid.errors)), { status: 422 });
  if (bigquery) await bigquery.dataset(process.env.DATASET).table('bookings').insert([booking]);
  const event = new CloudEvent({ source: '/excursions', type: 'com.example.booked', data: booking });
  return HTTP.structured(event);
};
""",
        "app/src/routes.js": """const he = require('he');
const JSZip = require('jszip');
const { all, near } = require('./places');
const { book } = require('./bookings');

async function key() {
  const { SecretManagerServiceClient } = require('@google-cloud/secret-manager');
  const [version] = await new SecretManagerServiceClient().accessSecretVersion({ name: process.env.KEY_NAME });
  return version.payload.data.toString();
}

exports.routes = {
  'GET /': (request, response) => response.json({ status: 'up' }),
  'GET /near': (request, response) => response.json(near(Number(request.query.lat), Number(request.query.lon))),
  'GET /page': (request, response) => {
    response.send(`<ul>${all().map(({ name }) => `<li>${he.encode(name)}</li>`).join('')}</ul>`);
  },
  'GET /archive': async (request, response) => {
    const zip = new JSZip();
    for (const place of all()) zip.file(`${place.name}.json`, JSON.stringify(place));
    response.type('zip').send(await zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' }));
  },
  'POST /bookings': async (request, response) => {
    const { headers, body } = await book(request.body);
    response.status(201).set('ce-type', headers['content-type']).send(body);
  },
  'GET /key': async (request, response) => {
    if (!process.env.KEY_NAME) return response.sendStatus(501);
    return response.json({ length: (await key()).length });
  },
  'GET /fail': () => { throw new Error('on purpose'); },
};
""",
    },
    prepare=(*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1"),
    asks=tuple(
        f"http://127.0.0.1:10917/{path}"
        for path in ("", "near?lat=56.4&lon=-5.5", "page", "archive", "key", "fail", "no")
    ),
    sends=(
        (
            "http://127.0.0.1:10917/bookings",
            '{"place": "Iona", "date": "2027-05-01", "email": "a@isles.example.com"}',
        ),
        ("http://127.0.0.1:10917/bookings", '{"place": "Iona"}'),
    ),
    seconds=20,
)

COMPILED_SERVICES = (GYMNASIUM, INVENTORY, ADVISOR, EXCURSIONS)
