"""The seventeenth set's services of Node.js."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, FULL, NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_ENTRYPOINT = HOSTS | {"usr/local/bin/docker-entrypoint.sh": DOCKER_NODE}
_INSTALL = "cd /app && npm install -q --include=dev --no-audit --no-fund"
PRODUCTION = SYSTEM | {"NODE_ENV": "production"}

FEATHERS = Recipe(
    name="feathers",
    packages=("ca-certificates", "curl"),
    env=PRODUCTION | {"PORT": "9901", "HOSTNAME": "127.0.0.1"},
    cmd=("node", "lib/index.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "chat", "version": "1.0.0", "private": true, "main": "lib/index",
  "scripts": {"compile": "shx rm -rf lib/ && tsc", "start": "node lib/", "dev": "nodemon -x ts-node src/index.ts",
              "prettier": "npx prettier \\"**/*.ts\\" --write", "test": "cross-env NODE_ENV=test mocha test/"},
  "dependencies": {"@feathersjs/adapter-commons": "^5", "@feathersjs/authentication": "^5",
    "@feathersjs/authentication-client": "^5", "@feathersjs/authentication-local": "^5",
    "@feathersjs/authentication-oauth": "^5", "@feathersjs/configuration": "^5", "@feathersjs/errors": "^5",
    "@feathersjs/feathers": "^5", "@feathersjs/koa": "^5", "@feathersjs/memory": "^5", "@feathersjs/schema": "^5",
    "@feathersjs/socketio": "^5", "@feathersjs/transport-commons": "^5", "@feathersjs/typebox": "^5",
    "winston": "^3"},
  "devDependencies": {"@feathersjs/cli": "^5", "@feathersjs/rest-client": "^5", "@types/mocha": "^10",
    "@types/node": "^22", "axios": "^1", "cross-env": "^7", "mocha": "^11", "nodemon": "^3", "prettier": "^3",
    "shx": "^0.4", "ts-node": "^10", "typescript": "^5"}
}
""",
        "app/tsconfig.json": '{"ts-node": {"files": true}, "compilerOptions": {"target": "es2020", "module": '
        '"commonjs", "outDir": "./lib", "rootDir": "./src", "declaration": true, "strict": false, "esModuleInterop": '
        'true, "skipLibCheck": true}, "include": ["src"]}\n',
        "app/config/default.json": """{
  "host": "localhost", "port": 3030, "public": "./public/", "origins": ["http://localhost:3030"],
  "paginate": {"default": 10, "max": 50},
  "authentication": {"entity": "user", "service": "users", "secret": "one", "authStrategies": ["jwt", "local"],
    "jwtOptions": {"header": {"typ": "access"}, "audience": "https://shop.example", "algorithm": "HS256",
    "expiresIn": "1d"}, "local": {"usernameField": "email", "passwordField": "password"}}
}
""",
        "app/config/custom-environment-variables.json": '{"port": {"__name": "PORT", "__format": "number"}, '
        '"host": "HOSTNAME"}\n',
        "app/public/index.html": "<h1>chat</h1>\n",
        "app/src/index.ts": """import { app } from './app';
import { logger } from './logger';

const port = app.get('port' as never);
const host = app.get('host' as never);
process.on('unhandledRejection', (reason) => logger.error('Unhandled Rejection %O', reason));
app.listen(port, host).then(() => logger.info(`Feathers app listening on http://${host}:${port}`));
""",
        "app/src/logger.ts": """import { createLogger, format, transports } from 'winston';

export const logger = createLogger({
  level: 'info',
  format: format.combine(format.splat(), format.simple()),
  transports: [new transports.Console()],
});
""",
        "app/src/app.ts": """import { feathers } from '@feathersjs/feathers';
import configuration from '@feathersjs/configuration';
import { koa, rest, bodyParser, errorHandler, parseAuthentication, cors, serveStatic } from '@feathersjs/koa';
import socketio from '@feathersjs/socketio';
import { AuthenticationService, JWTStrategy } from '@feathersjs/authentication';
import { LocalStrategy } from '@feathersjs/authentication-local';
import { logger } from './logger';
import { users } from './services/users';
import { messages } from './services/messages';

const app = koa(feathers());
app.configure(configuration());
app.use(cors());
app.use(serveStatic(app.get('public' as never)));
app.use(errorHandler());
app.use(parseAuthentication());
app.use(bodyParser());
app.configure(rest());
app.configure(socketio({ cors: { origin: app.get('origins' as never) } }));
const authentication = new AuthenticationService(app as never);
authentication.register('jwt', new JWTStrategy());
authentication.register('local', new LocalStrategy());
app.use('authentication' as never, authentication as never);
app.configure(users as never);
app.configure(messages as never);
app.hooks({ around: { all: [async (context: any, next: any) => {
  try { await next(); } catch (error: any) { logger.error(error.stack); throw error; }
}] } });
export { app };
""",
        "app/src/services/users.ts": """import { passwordHash } from '@feathersjs/authentication-local';
import { MemoryService } from '@feathersjs/memory';
import { Ajv, addFormats, hooks, resolve, validateData } from '@feathersjs/schema';
import { getValidator, querySyntax, Type } from '@feathersjs/typebox';

const schema = Type.Object({ email: Type.String({ format: 'email' }), password: Type.String() }, { $id: 'User' });
const validator = getValidator(schema, addFormats(new Ajv({}), ['email']) as never);
const query = querySyntax(Type.Pick(schema, ['email']));

export const users = (app: any) => {
  app.use('users', new MemoryService({ multi: false, paginate: app.get('paginate') }));
  app.service('users').hooks({
    before: { create: [validateData(validator as never),
      hooks.resolveData(resolve({ password: passwordHash({ strategy: 'local' }) } as never))] },
    around: { all: [hooks.resolveExternal(resolve({ password: async () => undefined } as never))] },
  });
  return query;
};
""",
        "app/src/services/messages.ts": """import { authenticate } from '@feathersjs/authentication';
import { BadRequest } from '@feathersjs/errors';
import { MemoryService } from '@feathersjs/memory';

export const messages = (app: any) => {
  app.use('messages', new MemoryService({ paginate: app.get('paginate') }));
  app.service('messages').hooks({
    before: { remove: [authenticate('jwt')], create: [async (context: any) => {
      if (!context.data.text) throw new BadRequest('text');
    }] },
  });
};
""",
    },
    prepare=(*NODE, "hash -r", f"{_INSTALL} && npm run compile"),
    asks=tuple(
        f"http://127.0.0.1:9901/{path}"
        for path in ("", "messages", "users", "no", "socket.io/?EIO=4&transport=polling", "authentication")
    ),
    sends=(
        ("http://127.0.0.1:9901/users", '{"email": "one@shop.example", "password": "two"}'),
        ("http://127.0.0.1:9901/users", '{"email": "one"}'),
        ("http://127.0.0.1:9901/messages", '{"text": "one"}'),
        (
            "http://127.0.0.1:9901/authentication",
            '{"strategy": "local", "email": "one@shop.example", "password": "two"}',
        ),
    ),
    seconds=25,
)

MOLECULER = Recipe(
    name="moleculer",
    packages=FULL,
    env=PRODUCTION | {"PORT": "9902", "LOGGER": "true", "LOGLEVEL": "info", "SERVICEDIR": "services"},
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "stock", "version": "1.0.0", "private": true,
  "scripts": {"dev": "moleculer-runner --repl --hot services/**/*.service.js", "start": "moleculer-runner",
              "cli": "moleculer connect NATS", "ci": "jest --watch", "test": "jest --coverage",
              "lint": "eslint services"},
  "dependencies": {"moleculer": "^0.14", "moleculer-web": "^0.10", "moleculer-db": "^0.8", "moleculer-db-adapter-mongo":
    "^0.4", "fastest-validator": "^1", "ioredis": "^5", "lru-cache": "^10", "nats": "^2", "slugify": "^1"},
  "devDependencies": {"axios": "^1", "eslint": "^8", "jest": "^29", "jest-cli": "^29", "moleculer-repl": "^0.7",
    "supertest": "^7", "prettier": "^3", "moleculer-cli": "^0.8"},
  "jest": {"testEnvironment": "node"}
}
""",
        "app/moleculer.config.js": """"use strict";

/** @type {import("moleculer").BrokerOptions} */
module.exports = {
	namespace: "",
	nodeID: "shop",
	metadata: {},
	logger: { type: "Console", options: { colors: false, moduleColors: false, formatter: "full" } },
	logLevel: "info",
	transporter: null,
	cacher: "Memory",
	serializer: "JSON",
	requestTimeout: 10 * 1000,
	retryPolicy: { enabled: false, retries: 5 },
	validator: true,
	metrics: { enabled: true, reporter: { type: "Prometheus", options: { port: 9932, path: "/metrics" } } },
	tracing: { enabled: true, exporter: { type: "Console", options: { colors: false } } },
	middlewares: [],
	created(broker) {},
};
""",
        "app/public/index.html": "<h1>stock</h1>\n",
        "app/mixins/store.js": """"use strict";

module.exports = {
	settings: { entityValidator: { name: "string|min:1" } },
	created() { this.products = new Map(); },
	methods: { all() { return [...this.products.values()]; } },
};
""",
        "app/services/api.service.js": """"use strict";

const ApiGateway = require("moleculer-web");

module.exports = {
	name: "api",
	mixins: [ApiGateway],
	settings: {
		port: process.env.PORT || 3000,
		ip: "127.0.0.1",
		use: [],
		routes: [{
			path: "/api",
			whitelist: ["**"],
			mergeParams: true,
			autoAliases: true,
			bodyParsers: { json: { strict: false, limit: "1MB" }, urlencoded: { extended: true, limit: "1MB" } },
			mappingPolicy: "all",
			rateLimit: { limit: 1000, window: 1000 },
			etag: true,
		}],
		assets: { folder: "public", options: {} },
	},
};
""",
        "app/services/products.service.js": """"use strict";

const slugify = require("slugify");
const { MoleculerClientError } = require("moleculer").Errors;
const Store = require("../mixins/store");

module.exports = {
	name: "products",
	mixins: [Store],
	actions: {
		list: { rest: "GET /", cache: { ttl: 5 }, handler() { return this.all(); } },
		create: {
			rest: "POST /",
			params: { name: "string|min:1" },
			handler(ctx) {
				const product = { id: slugify(ctx.params.name), name: ctx.params.name };
				this.products.set(product.id, product);
				ctx.emit("product.created", product);
				return product;
			},
		},
		get: { rest: "GET /:id", handler() { throw new MoleculerClientError("missing", 404); } },
	},
	events: { "product.created"(ctx) { this.logger.info(ctx.params); } },
};
""",
        "app/services/stock/report.service.js": """"use strict";

module.exports = {
	name: "report",
	dependencies: ["products"],
	actions: { now: { rest: "GET /now", async handler(ctx) { return (await ctx.call("products.list")).length; } } },
};
""",
    },
    prepare=(*NODE, "hash -r", _INSTALL.replace("npm install", "npm install --legacy-peer-deps")),
    asks=(
        *(f"http://127.0.0.1:9902/{path}" for path in ("", "api/products", "api/products/no", "api/report/now", "no")),
        "http://127.0.0.1:9932/metrics",
    ),
    sends=(
        ("http://127.0.0.1:9902/api/products", '{"name": "one two"}'),
        ("http://127.0.0.1:9902/api/products", "name="),
    ),
    seconds=30,
)

LOOPBACK = Recipe(
    name="loopback",
    packages=("ca-certificates", "dumb-init"),
    env=PRODUCTION | {"HOST": "127.0.0.1", "PORT": "9903"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "-r", "source-map-support/register", "."),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "todos", "version": "1.0.0", "private": true, "main": "dist/index.js",
  "scripts": {"build": "lb-tsc", "lint": "lb-eslint --report-unused-disable-directives .", "prestart": "npm run build",
    "test": "lb-mocha --allow-console-logs dist/__tests__", "start": "node -r source-map-support/register ."},
  "dependencies": {"@loopback/boot": "^8", "@loopback/core": "^7", "@loopback/repository": "^8",
    "@loopback/rest": "^15", "@loopback/rest-explorer": "^8",
    "@loopback/service-proxy": "^8",
    "loopback-connector-rest": "^5", "tslib": "^2"},
  "devDependencies": {"@loopback/build": "^12", "@loopback/eslint-config": "^16", "@loopback/testlab": "^8",
    "@types/node": "^18", "eslint": "^8", "source-map-support": "^0.5", "typescript": "~5.2"}
}
""",
        "app/tsconfig.json": '{"extends": "@loopback/build/config/tsconfig.common.json", "compilerOptions": '
        '{"outDir": "dist", "rootDir": "src", "strict": false, "skipLibCheck": true}, "include": ["src"]}\n',
        "app/src/index.ts": """import {ApplicationConfig, TodoApplication} from './application';

export * from './application';

export async function main(options: ApplicationConfig = {}) {
  const app = new TodoApplication(options);
  await app.boot();
  await app.start();
  console.log(`Server is running at ${app.restServer.url}`);
  return app;
}

if (require.main === module) {
  const config = {
    rest: {
      port: +(process.env.PORT ?? 3000),
      host: process.env.HOST,
      gracePeriodForClose: 5000,
      openApiSpec: {setServersFromRequest: true},
    },
  };
  main(config).catch(err => {
    console.error('Cannot start the application.', err);
    process.exit(1);
  });
}
""",
        "app/src/application.ts": """import {BootMixin} from '@loopback/boot';
import {ApplicationConfig} from '@loopback/core';
import {RepositoryMixin} from '@loopback/repository';
import {RestApplication} from '@loopback/rest';
import {RestExplorerBindings, RestExplorerComponent} from '@loopback/rest-explorer';
import {ServiceMixin} from '@loopback/service-proxy';
import path from 'path';

export {ApplicationConfig};

export class TodoApplication extends BootMixin(ServiceMixin(RepositoryMixin(RestApplication))) {
  constructor(options: ApplicationConfig = {}) {
    super(options);
    this.static('/', path.join(__dirname, '../public'));
    this.configure(RestExplorerBindings.COMPONENT).to({path: '/explorer'});
    this.component(RestExplorerComponent);
    this.projectRoot = __dirname;
    this.bootOptions = {controllers: {dirs: ['controllers'], extensions: ['.controller.js'], nested: true}};
  }
}
""",
        "app/src/models/todo.model.ts": """import {Entity, model, property} from '@loopback/repository';

@model()
export class Todo extends Entity {
  @property({type: 'number', id: true, generated: true})
  id?: number;
  @property({type: 'string', required: true})
  title: string;
  constructor(data?: Partial<Todo>) {
    super(data);
  }
}
""",
        "app/src/datasources/db.datasource.ts": """import {inject, lifeCycleObserver, LifeCycleObserver} from
  '@loopback/core';
import {juggler} from '@loopback/repository';

const config = {name: 'db', connector: 'memory', localStorage: '', file: ''};

@lifeCycleObserver('datasource')
export class DbDataSource extends juggler.DataSource implements LifeCycleObserver {
  static dataSourceName = 'db';
  constructor(@inject('datasources.config.db', {optional: true}) dsConfig: object = config) {
    super(dsConfig);
  }
}
""",
        "app/src/repositories/todo.repository.ts": """import {inject} from '@loopback/core';
import {DefaultCrudRepository} from '@loopback/repository';
import {DbDataSource} from '../datasources/db.datasource';
import {Todo} from '../models/todo.model';

export class TodoRepository extends DefaultCrudRepository<Todo, typeof Todo.prototype.id> {
  constructor(@inject('datasources.db') dataSource: DbDataSource) {
    super(Todo, dataSource);
  }
}
""",
        "app/src/controllers/todo.controller.ts": """import {repository} from '@loopback/repository';
import {del, get, getModelSchemaRef, HttpErrors, param, post, requestBody} from '@loopback/rest';
import {Todo} from '../models/todo.model';
import {TodoRepository} from '../repositories/todo.repository';

export class TodoController {
  constructor(@repository(TodoRepository) protected todos: TodoRepository) {}

  @post('/todos')
  async create(
    @requestBody({content: {'application/json': {schema: getModelSchemaRef(Todo, {exclude: ['id']})}}})
    todo: Omit<Todo, 'id'>,
  ): Promise<Todo> {
    return this.todos.create(todo);
  }

  @get('/todos')
  async find(): Promise<Todo[]> {
    return this.todos.find({limit: 10});
  }

  @get('/todos/{id}')
  async one(@param.path.number('id') id: number): Promise<Todo> {
    if (id < 0) throw new HttpErrors.ImATeapot();
    return this.todos.findById(id);
  }

  @del('/todos/{id}')
  async remove(@param.path.number('id') id: number): Promise<void> {
    await this.todos.deleteById(id);
  }
}
""",
        "app/public/index.html": "<h1>todos</h1>\n",
    },
    prepare=(*NODE, "hash -r", f"{_INSTALL} && npm run build"),
    asks=tuple(
        f"http://127.0.0.1:9903/{path}"
        for path in ("", "todos", "todos/9", "todos/-1", "explorer/", "openapi.json", "openapi.yaml", "no")
    ),
    sends=(("http://127.0.0.1:9903/todos", '{"title": "one"}'), ("http://127.0.0.1:9903/todos", '{"titel": 1}')),
    seconds=25,
)

SAILS = Recipe(
    name="sails",
    packages=("ca-certificates", "procps"),
    env=PRODUCTION | {"PORT": "9904", "sails_security__csrf": "false"},
    cmd=("/bin/sh", "-c", "node app.js --prod"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "blog", "version": "1.0.0", "private": true, "main": "app.js",
  "scripts": {"start": "NODE_ENV=production node app.js", "test": "npm run lint && npm run custom-tests && echo done",
    "lint": "./node_modules/eslint/bin/eslint.js . --max-warnings=0", "debug": "node --inspect app.js",
    "lift": "sails lift"},
  "dependencies": {"@sailshq/connect-redis": "^6", "@sailshq/lodash": "^3", "@sailshq/socket.io-redis": "^6",
    "sails": "^1", "sails-hook-grunt": "^5", "sails-hook-orm": "^4", "sails-hook-sockets": "^3",
    "sails-hook-organics": "^3", "ejs": "^3"},
  "devDependencies": {"eslint": "5.16.0", "htmlhint": "0.11.0", "lesshint": "6.3.6", "mocha": "^10"}
}
""",
        "app/app.js": """process.chdir(__dirname);

var sails;
var rc;
try {
  sails = require('sails');
  rc = require('sails/accessible/rc');
} catch (err) {
  console.error('Could not load sails', err);
  process.exit(1);
}
sails.lift(rc('sails'));
""",
        "app/.sailsrc": '{"generators": {"modules": {}}, "hooks": {"grunt": false}, "_generatedWith": {"sails": '
        '"1.5.14", "sails-generate": "2.0.13"}}\n',
        "app/config/env/production.js": """module.exports = {
  port: Number(process.env.PORT),
  explicitHost: '127.0.0.1',
  models: { migrate: 'safe' },
  datastores: { default: {} },
  session: { cookie: { maxAge: 24 * 60 * 60 * 1000 } },
  sockets: { onlyAllowOrigins: ['http://127.0.0.1:9904'] },
  log: { level: 'info' },
  http: { cache: 365.25 * 24 * 60 * 60 * 1000, trustProxy: true },
};
""",
        "app/config/models.js": """module.exports.models = {
  schema: true,
  attributes: {
    createdAt: { type: 'number', autoCreatedAt: true },
    id: { type: 'number', autoIncrement: true },
  },
  dataEncryptionKeys: { default: 'yTTPAO24ML94IbXyykVQCJkFUdBgWH2DCexRlKrRBFc=' },
  archiveModelIdentity: false,
};
""",
        "app/config/globals.js": """module.exports.globals = {
  _: require('@sailshq/lodash'),
  async: false,
  models: true,
  sails: true,
};
""",
        "app/config/session.js": "module.exports.session = { secret: '0123456789abcdef0123456789abcdef' };\n",
        "app/config/routes.js": """module.exports.routes = {
  'GET /': { view: 'pages/home' },
  'GET /posts': { action: 'post/list' },
  'POST /posts': { action: 'post/create' },
  'GET /broken': () => { throw new Error('broken'); },
};
""",
        "app/config/views.js": "module.exports.views = { layout: 'layouts/layout' };\n",
        "app/views/layouts/layout.ejs": "<html><body><%- body %></body></html>\n",
        "app/views/pages/home.ejs": "<h1>blog</h1>\n",
        "app/views/404.ejs": "<h1>404</h1>\n",
        "app/views/500.ejs": "<h1>500</h1>\n",
        "app/assets/robots.txt": "User-agent: *\n",
        "app/api/models/Post.js": "module.exports = { attributes: { title: { type: 'string', required: true } } };\n",
        "app/api/helpers/slug.js": """module.exports = {
  friendlyName: 'Slug',
  sync: true,
  inputs: { text: { type: 'string', required: true } },
  fn: ({ text }) => require('@sailshq/lodash').kebabCase(text),
};
""",
        "app/api/controllers/post/list.js": """module.exports = {
  friendlyName: 'List',
  exits: { success: { description: 'all' } },
  fn: async function () {
    const posts = await Post.find().limit(10);
    return posts.map((post) => ({ ...post, slug: sails.helpers.slug(post.title) }));
  },
};
""",
        "app/api/controllers/post/create.js": """module.exports = {
  friendlyName: 'Create',
  inputs: { title: { type: 'string', required: true } },
  fn: async function ({ title }) {
    return Post.create({ title }).fetch();
  },
};
""",
    },
    prepare=(*NODE, "hash -r", _INSTALL),
    asks=tuple(f"http://127.0.0.1:9904/{path}" for path in ("", "posts", "broken", "no", "__getcookie")),
    sends=(("http://127.0.0.1:9904/posts", '{"title": "One Two"}'), ("http://127.0.0.1:9904/posts", "titel=one")),
    seconds=25,
)

APOLLO = Recipe(
    name="apollo",
    packages=("ca-certificates", "dumb-init", "curl"),
    env=PRODUCTION | {"PORT": "9905"},
    entrypoint=("/usr/bin/dumb-init", "--"),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "graph", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"compile": "tsc", "start": "node ./dist/index.js", "codegen": "graphql-codegen --config codegen.ts",
              "test": "jest", "lint": "eslint ."},
  "dependencies": {"@apollo/server": "^5", "@as-integrations/express5": "^1", "@graphql-tools/schema": "^10",
    "@graphql-tools/load-files": "^7", "@graphql-tools/merge": "^9", "cors": "^2", "dataloader": "^2",
    "express": "^5", "graphql": "^16", "graphql-scalars": "^1", "graphql-subscriptions": "^3", "graphql-ws": "^6",
    "jose": "^6", "pino": "^9", "ws": "^8", "mongoose": "^8"},
  "devDependencies": {"@graphql-codegen/cli": "^6", "@graphql-codegen/typescript": "^5",
    "@graphql-codegen/typescript-resolvers": "^5", "@types/cors": "^2", "@types/express": "^5", "@types/node": "^22",
    "@types/ws": "^8", "eslint": "^9", "jest": "^30", "ts-jest": "^29", "tsx": "^4", "typescript": "^5"}
}
""",
        "app/tsconfig.json": '{"compilerOptions": {"target": "es2022", "module": "nodenext", "outDir": "dist", '
        '"rootDir": "src", "strict": false, "skipLibCheck": true}, "include": ["src"]}\n',
        "app/codegen.ts": "export default { schema: 'schema/*.graphql', generates: { 'src/types.ts': {} } };\n",
        "app/schema/books.graphql": """scalar DateTime
type Book { id: ID! title: String! author: Author! at: DateTime! }
type Author { id: ID! name: String! }
type Query { books: [Book!]! broken: String }
type Mutation { add(title: String!): Book! }
type Subscription { added: Book! }
""",
        "app/src/index.ts": """import { createServer } from 'node:http';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { expressMiddleware } from '@as-integrations/express5';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { loadFiles } from '@graphql-tools/load-files';
import { mergeTypeDefs } from '@graphql-tools/merge';
import cors from 'cors';
import express from 'express';
import { useServer } from 'graphql-ws/use/ws';
import { pino } from 'pino';
import { WebSocketServer } from 'ws';
import { context } from './context.js';
import { resolvers } from './resolvers.js';

const logger = pino();
const app = express();
const http = createServer(app);
const schema = makeExecutableSchema({ typeDefs: mergeTypeDefs(await loadFiles('schema/*.graphql')), resolvers });
const sockets = new WebSocketServer({ server: http, path: '/graphql' });
const cleanup = useServer({ schema }, sockets);
const server = new ApolloServer({
  schema,
  introspection: true,
  plugins: [
    ApolloServerPluginDrainHttpServer({ httpServer: http }),
    { async serverWillStart() { return { async drainServer() { await cleanup.dispose(); } }; } },
  ],
});
await server.start();
app.use('/graphql', cors(), express.json(), expressMiddleware(server, { context }));
app.get('/health', (req, res) => { res.send('ok'); });
http.listen(Number(process.env.PORT), '127.0.0.1', () => logger.info('listening'));
""",
        "app/src/context.ts": """import DataLoader from 'dataloader';
import { jwtVerify } from 'jose';

const secret = new TextEncoder().encode('one');

export async function context({ req }: any) {
  const token = (req.headers.authorization ?? '').replace('Bearer ', '');
  const user = token ? await jwtVerify(token, secret).catch(() => null) : null;
  const authors = new DataLoader(async (ids: readonly string[]) => ids.map((id) => ({ id, name: `author ${id}` })));
  return { user, authors };
}
""",
        "app/src/resolvers.ts": """import { GraphQLError } from 'graphql';
import { DateTimeResolver } from 'graphql-scalars';
import { PubSub } from 'graphql-subscriptions';

const books = [{ id: '1', title: 'one', author: '7', at: new Date(0) }];
const events = new PubSub();

export const resolvers = {
  DateTime: DateTimeResolver,
  Query: {
    books: () => books,
    broken: () => { throw new GraphQLError('broken', { extensions: { code: 'FORBIDDEN' } }); },
  },
  Book: { author: (book: any, args: any, context: any) => context.authors.load(book.author) },
  Mutation: {
    add: async (parent: any, { title }: any) => {
      const book = { id: String(books.length + 1), title, author: '8', at: new Date() };
      books.push(book);
      await events.publish('ADDED', { added: book });
      return book;
    },
  },
  Subscription: { added: { subscribe: () => events.asyncIterableIterator(['ADDED']) } },
};
""",
    },
    prepare=(*NODE, "hash -r", f"{_INSTALL} && npm run compile"),
    asks=tuple(f"http://127.0.0.1:9905/{path}" for path in ("health", "graphql", "no")),
    sends=tuple(
        ("http://127.0.0.1:9905/graphql", f'{{"query": "{query}"}}')
        for query in (
            "{books {id title at author {name}}}",
            "{broken}",
            "{no}",
            'mutation {add(title: \\"two\\") {id}}',
            "{__schema {types {name}}}",
        )
    ),
    seconds=25,
)

RESTIFY = Recipe(
    name="restify",
    packages=FULL,
    env=PRODUCTION | {"PORT": "9906"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "server.js"),
    files=_ENTRYPOINT
    | {
        "app/package.json": """{
  "name": "tickets", "version": "1.0.0", "private": true, "main": "server.js",
  "scripts": {"start": "node server.js", "test": "nyc ava", "lint": "standard", "docs": "jsdoc -d docs lib"},
  "dependencies": {"ajv": "^8", "ajv-formats": "^3", "bunyan": "^1", "convict": "^6", "jsonwebtoken": "^9",
    "moment": "^2", "mongodb": "^6", "ramda": "^0.30", "restify": "^11", "restify-cors-middleware2": "^2",
    "restify-errors": "^8", "uuid": "^9", "xml2js": "^0.6"},
  "devDependencies": {"ava": "^6", "jsdoc": "^4", "nyc": "^17", "sinon": "^19", "standard": "^17", "supertest": "^7",
    "webpack": "^5", "webpack-cli": "^6", "babel-loader": "^9", "@babel/core": "^7", "@babel/preset-env": "^7"}
}
""",
        "app/lib/config.js": """'use strict'
const convict = require('convict')

const config = convict({
  env: { format: ['production', 'development'], default: 'development', env: 'NODE_ENV' },
  port: { format: 'port', default: 8080, env: 'PORT' }
})
config.validate({ allowed: 'strict' })
module.exports = config
""",
        "app/lib/tickets.js": """'use strict'
const Ajv = require('ajv')
const addFormats = require('ajv-formats')
const errors = require('restify-errors')
const moment = require('moment')
const R = require('ramda')
const { v4 } = require('uuid')

const ajv = addFormats(new Ajv())
const valid = ajv.compile({
  type: 'object',
  required: ['title'],
  properties: { title: { type: 'string' }, due: { type: 'string', format: 'date' } }
})
const tickets = []

module.exports = server => {
  server.get('/tickets', (req, res, next) => {
    res.send(R.sortBy(R.prop('title'), tickets))
    return next()
  })
  server.post('/tickets', (req, res, next) => {
    if (!valid(req.body)) return next(new errors.UnprocessableEntityError(ajv.errorsText(valid.errors)))
    const ticket = R.mergeRight(req.body, { id: v4(), at: moment().format() })
    tickets.push(ticket)
    res.send(201, ticket)
    return next()
  })
  server.get('/feed', (req, res, next) => {
    const { Builder } = require('xml2js')
    res.sendRaw(new Builder().buildObject({ tickets: { ticket: tickets } }))
    return next()
  })
  server.get('/token', async (req, res) => {
    res.send({ token: require('jsonwebtoken').sign({ sub: 'one' }, 'two') })
  })
}
""",
        "app/lib/store.js": "'use strict'\nconst { MongoClient } = require('mongodb')\n"
        "module.exports = url => new MongoClient(url)\n",
        "app/server.js": """'use strict'
const bunyan = require('bunyan')
const restify = require('restify')
const cors = require('restify-cors-middleware2')
const config = require('./lib/config')

const log = bunyan.createLogger({ name: 'tickets' })
const server = restify.createServer({ name: 'tickets', version: '1.0.0' })
const { preflight, actual } = cors({ origins: ['*'], allowHeaders: [], exposeHeaders: [] })

server.pre(preflight)
server.pre(restify.plugins.pre.sanitizePath())
server.use(actual)
server.use(restify.plugins.acceptParser(server.acceptable))
server.use(restify.plugins.queryParser())
server.use(restify.plugins.bodyParser())
server.use(restify.plugins.gzipResponse())
server.use(restify.plugins.throttle({ burst: 1000, rate: 500, ip: true }))
server.on('after', restify.plugins.metrics({ server }, (err, metrics) => log.info(metrics, err && err.message)))
server.get('/static/*', restify.plugins.serveStatic({ directory: './', default: 'package.json' }))
require('./lib/tickets')(server)
if (process.env.MONGODB_URL) require('./lib/store')(process.env.MONGODB_URL)

server.listen(config.get('port'), '127.0.0.1', () => log.info('listening'))
""",
    },
    prepare=(*NODE, "hash -r", _INSTALL),
    asks=tuple(f"http://127.0.0.1:9906/{path}" for path in ("tickets", "feed", "token", "static/package.json", "no")),
    sends=(
        ("http://127.0.0.1:9906/tickets", '{"title": "one", "due": "2026-01-01"}'),
        ("http://127.0.0.1:9906/tickets", "titel=one"),
    ),
    seconds=20,
)

NODE_SERVICES = (FEATHERS, MOLECULER, LOOPBACK, SAILS, APOLLO, RESTIFY)
