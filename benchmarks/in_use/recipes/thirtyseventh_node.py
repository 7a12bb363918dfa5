"""The thirty-seventh set's services of Node.js in JavaScript on slim bases: hapi, Feathers and Koa."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")

FERRIES = Recipe(
    name="ferries",
    packages=(*_TOOLS, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10911"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "."),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "ferries", "version": "1.0.0", "private": true, "main": "server/index.js",
  "dependencies": {"@hapi/hapi": "^21", "@hapi/boom": "^10", "@hapi/yar": "^11", "@hapi/inert": "^7",
    "@hapi/h2o2": "^10", "@hapi/bell": "^13", "@hapi/scooter": "^8", "@hapi/hoek": "^11", "@hapi/nes": "^14",
    "@hapipal/haute-couture": "^4", "@hapipal/schmervice": "^3", "@hapipal/confidence": "^6", "@hapipal/toys": "^4",
    "blankie": "^5", "hapi-rate-limit": "^8", "hapi-auth-bearer-token": "^8", "exiting": "^7", "joi": "^17",
    "casbin": "^5", "dayjs": "^1", "pg-promise": "^11", "mimos": "^4", "hapi-pulse": "^3", "dotenv": "^16"},
  "devDependencies": {"@hapi/lab": "^26", "@hapi/code": "^9", "@hapi/eslint-plugin": "^7", "eslint": "^9"}
}
""",
        "app/server/index.js": """'use strict';

require('dotenv').config();

const Exiting = require('exiting');
const Hapi = require('@hapi/hapi');
const Manifest = require('./manifest');

const main = async () => {
  const config = Manifest.get('/', { env: process.env.NODE_ENV });
  const server = Hapi.server(config.server);
  for (const registration of config.plugins) {
    const { module, ...rest } = registration;
    await server.register({ plugin: require(module), ...rest });
  }
  server.events.on({ name: 'request', channels: 'error' }, (request, event) => {
    console.error(request.method, request.path, event.error.message);
  });
  await Exiting.createManager(server).start();
  console.log(`ready at ${server.info.uri}`);
};

main();
""",
        "app/server/manifest.js": """'use strict';

const Confidence = require('@hapipal/confidence');

module.exports = new Confidence.Store({
  server: {
    host: '127.0.0.1',
    port: { $param: 'PORT', $default: Number(process.env.PORT ?? 3000) },
    router: { stripTrailingSlash: true },
    routes: { cors: { $filter: 'env', production: true, $default: false } },
  },
  plugins: [
    { module: '@hapi/inert' },
    { module: '@hapi/scooter' },
    { module: '../lib/policies', options: { styles: 'self' } },
    {
      module: '@hapi/yar',
      options: { cookieOptions: { password: process.env.COOKIE_PASSWORD ?? 'a'.repeat(32), isSecure: false } },
    },
    { module: 'hapi-rate-limit', options: { userLimit: 9000, pathLimit: false } },
    { module: '../lib', routes: { prefix: '/api' } },
  ],
});
""",
        "app/lib/policies.js": """'use strict';

const Blankie = require('blankie');

exports.plugin = {
  name: 'policies',
  async register(server, { styles }) {
    await server.register({ plugin: Blankie, options: { styleSrc: styles, scriptSrc: 'self' } });
    server.route({ method: 'GET', path: '/{file*}', handler: { directory: { path: 'public', index: true } } });
  },
};
""",
        "app/lib/index.js": """'use strict';

const HauteCouture = require('@hapipal/haute-couture');
const Package = require('../package.json');

exports.plugin = {
  pkg: Package,
  register: async (server, options) => {
    await HauteCouture.compose(server, options, { dirname: __dirname });
  },
};
""",
        "app/lib/plugins/@hapipal.schmervice.js": "'use strict';\n\nmodule.exports = { options: {} };\n",
        "app/lib/plugins/hapi-auth-bearer-token.js": "'use strict';\n\nmodule.exports = { options: {} };\n",
        "app/lib/auth/strategies/operators.js": """'use strict';

module.exports = {
  name: 'operators',
  scheme: 'bearer-access-token',
  options: {
    allowQueryToken: true,
    validate: async (request, token) => ({
      isValid: token.length > 2,
      credentials: { name: token },
    }),
  },
};
""",
        "app/lib/services/sailings.js": """'use strict';

const Dayjs = require('dayjs');
const { Service } = require('@hapipal/schmervice');
const Store = require('../store');

module.exports = class SailingsService extends Service {
  async initialize() {
    this.store = await Store.open(process.env.DATABASE_URL);
  }

  list() {
    const today = Dayjs().startOf('day');
    return this.store.all().map((one) => ({ ...one, leaves: today.add(one.hour, 'hour').toISOString() }));
  }

  async add(sailing) {
    return this.store.add(sailing);
  }
};
""",
        "app/lib/services/roles.js": """'use strict';

const Path = require('node:path');
const { newEnforcer } = require('casbin');
const { Service } = require('@hapipal/schmervice');

module.exports = class RolesService extends Service {
  async initialize() {
    const at = (name) => Path.join(__dirname, '..', 'roles', name);
    this.enforcer = await newEnforcer(at('model.conf'), at('policy.csv'));
  }

  allows(who, what, how) {
    return this.enforcer.enforce(who, what, how);
  }
};
""",
        "app/lib/roles/model.conf": """[request_definition]
r = sub, obj, act

[policy_definition]
p = sub, obj, act

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = g(r.sub, p.sub) && keyMatch(r.obj, p.obj) && r.act == p.act
""",
        "app/lib/roles/policy.csv": "p, operator, /sailings*, write\np, guest, /sailings*, read\ng, alice, operator\n",
        "app/lib/store.js": """'use strict';

class Memory {
  sailings = [{ id: 1, from: 'Oban', to: 'Mull', hour: 9 }];

  all() {
    return this.sailings.slice(-5);
  }

  add(sailing) {
    this.sailings.push({ id: this.sailings.length + 1, ...sailing });
    return this.sailings.at(-1);
  }
}

exports.open = async (url) => {
  if (!url) {
    return new Memory();
  }
  const connect = require('pg-promise')();
  const database = connect(url);
  const sailings = await database.any('select * from sailings');
  return Object.assign(new Memory(), { sailings });
};
""",
        "app/lib/routes/sailings.js": """'use strict';

const Boom = require('@hapi/boom');
const Joi = require('joi');
const Toys = require('@hapipal/toys');

const authorized = Toys.pre({
  authorized: async (request) => {
    const { rolesService } = request.services();
    if (!(await rolesService.allows(request.auth.credentials.name, '/sailings', 'write'))) {
      throw Boom.forbidden();
    }
    return true;
  },
});

module.exports = [
  {
    method: 'GET',
    path: '/sailings',
    handler: (request) => request.services().sailingsService.list(),
  },
  {
    method: 'POST',
    path: '/sailings',
    options: {
      auth: 'operators',
      pre: authorized,
      validate: {
        payload: Joi.object({
          from: Joi.string().required(), to: Joi.string().required(), hour: Joi.number().min(0).max(23).required(),
        }),
      },
      handler: async (request, h) => {
        const sailing = await request.services().sailingsService.add(request.payload);
        return h.response(sailing).code(201);
      },
    },
  },
];
""",
        "app/lib/routes/health.js": """'use strict';

const Toys = require('@hapipal/toys');

const get = Toys.withRouteDefaults({ method: 'GET', options: { tags: ['api', 'ops'] } });

module.exports = get([
  { path: '/health', handler: () => ({ status: 'up' }) },
  {
    path: '/visits',
    handler: (request) => {
      const visits = (request.yar.get('visits') ?? 0) + 1;
      request.yar.set('visits', visits);
      return { visits, agent: request.plugins.scooter.toString() };
    },
  },
  { path: '/fail', handler: () => { throw new Error('on purpose'); } },
]);
""",
        "app/lib/routes/login.js": """'use strict';

module.exports = (server) => {
  if (!process.env.OAUTH_CLIENT_ID) {
    return { method: 'GET', path: '/login', handler: (request, h) => h.redirect('/') };
  }
  const Bell = require('@hapi/bell');
  return {
    method: 'GET', path: '/login',
    handler: () => Object.keys(Bell.providers ?? {}),
  };
};
""",
        "app/lib/routes/legacy.js": """'use strict';

module.exports = () => ({
  method: 'GET',
  path: '/legacy/{rest*}',
  handler: async (request, h) => {
    if (!process.env.LEGACY) {
      return h.response({ error: 'gone' }).code(410);
    }
    await request.server.register(require('@hapi/h2o2'));
    return h.proxy({ uri: process.env.LEGACY });
  },
});
""",
        "app/public/index.html": "<!doctype html><title>Ferries</title><link rel=stylesheet href=/main.css>\n",
        "app/public/main.css": "body { font-family: sans-serif }\n",
    },
    prepare=_INSTALLED,
    asks=(
        *(f"http://127.0.0.1:10911/{path}" for path in ("", "main.css", "no")),
        *(
            f"http://127.0.0.1:10911/api/{path}"
            for path in ("health", "sailings", "visits", "fail", "login", "legacy/a")
        ),
    ),
    sends=(
        (
            "http://127.0.0.1:10911/api/sailings?access_token=alice",
            '{"from": "Mallaig", "to": "Armadale", "hour": 11}',
        ),
        ("http://127.0.0.1:10911/api/sailings?access_token=bob", '{"from": "Mallaig", "to": "Eigg", "hour": 11}'),
        ("http://127.0.0.1:10911/api/sailings?access_token=alice", "{}"),
    ),
    seconds=20,
)

HARVEST = Recipe(
    name="harvest",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10912", "HOSTNAME": "127.0.0.1", "FEATHERS_SECRET": "one-long-secret"},
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "harvest", "version": "1.0.0", "private": true, "main": "lib/", "directories": {"lib": "lib"},
  "scripts": {"start": "node lib/", "dev": "nodemon lib/", "test": "mocha test/ --recursive --exit"},
  "dependencies": {"@feathersjs/feathers": "^5", "@feathersjs/express": "^5", "@feathersjs/errors": "^5",
    "@feathersjs/configuration": "^5", "@feathersjs/authentication": "^5", "@feathersjs/authentication-local": "^5",
    "@feathersjs/memory": "^5", "@feathersjs/socketio": "^5", "@feathersjs/transport-commons": "^5",
    "feathers-hooks-common": "^8", "feathers-swagger": "^3", "swagger-ui-dist": "^5", "winston": "^3",
    "compression": "^1", "helmet": "^8", "serve-favicon": "^2", "feathers-mailer": "^4", "@feathersjs/knex": "^5",
    "nodemailer-postmark-transport": "^6", "sift": "^17", "convert-units": "^2"},
  "devDependencies": {"mocha": "^11", "nodemon": "^3", "axios": "^1"}
}
""",
        "app/config/default.json": """{
  "host": "127.0.0.1", "port": 3030, "public": "./public/", "paginate": {"default": 10, "max": 50},
  "authentication": {"entity": "user", "service": "users", "secret": "", "authStrategies": ["jwt", "local"],
    "jwtOptions": {"audience": "https://harvest.example.com", "issuer": "feathers", "expiresIn": "1d"},
    "local": {"usernameField": "email", "passwordField": "password"}}
}
""",
        "app/config/custom-environment-variables.json": """{
  "port": {"__name": "PORT", "__format": "number"}, "host": "HOSTNAME",
  "authentication": {"secret": "FEATHERS_SECRET"}
}
""",
        "app/lib/index.js": """const { app } = require('./app');
const { logger } = require('./logger');

process.on('unhandledRejection', (reason) => logger.error('Unhandled Rejection %O', reason));
app.listen(app.get('port')).then(() => logger.info(`listening on http://${app.get('host')}:${app.get('port')}`));
""",
        "app/lib/logger.js": """const { createLogger, format, transports } = require('winston');

exports.logger = createLogger({
  level: process.env.LOG_LEVEL ?? 'info',
  format: format.combine(format.splat(), format.timestamp(), format.json()),
  transports: [new transports.Console()],
});
""",
        "app/lib/app.js": """const { feathers } = require('@feathersjs/feathers');
const configuration = require('@feathersjs/configuration');
const express = require('@feathersjs/express');
const socketio = require('@feathersjs/socketio');
const compression = require('compression');
const helmet = require('helmet');
const swagger = require('feathers-swagger');

const { authentication } = require('./authentication');
const { channels } = require('./channels');
const { logger } = require('./logger');
const { logError } = require('./hooks/log-error');
const { services } = require('./services');

const app = express(feathers());
app.configure(configuration());
app.use(helmet({ contentSecurityPolicy: false }));
app.use(compression());
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.use('/', express.static(app.get('public')));
app.configure(express.rest());
app.configure(socketio());
app.configure(swagger({
  specs: { info: { title: 'Harvest', version: '1.0.0' } },
  ui: swagger.swaggerUI({ docsPath: '/docs' }),
}));
app.configure(authentication);
app.configure(services);
app.configure(channels);
app.use(express.notFound());
app.use(express.errorHandler({ logger, html: false }));
app.hooks({ around: { all: [logError] } });

exports.app = app;
""",
        "app/lib/channels.js": """exports.channels = (app) => {
  app.on('connection', (connection) => app.channel('anonymous').join(connection));
  app.publish(() => app.channel('anonymous'));
};
""",
        "app/lib/authentication.js": """const { AuthenticationService, JWTStrategy } =
  require('@feathersjs/authentication');
const { LocalStrategy } = require('@feathersjs/authentication-local');

exports.authentication = (app) => {
  const authentication = new AuthenticationService(app);
  authentication.register('jwt', new JWTStrategy());
  authentication.register('local', new LocalStrategy());
  app.use('authentication', authentication);
};
""",
        "app/lib/hooks/log-error.js": """const { logger } = require('../logger');

exports.logError = async (context, next) => {
  try {
    await next();
  } catch (error) {
    logger.error('%s %s: %s', context.path, context.method, error.message);
    throw error;
  }
};
""",
        "app/lib/services/index.js": """const { fields } = require('./fields');
const { mails } = require('./mails');
const { users } = require('./users');
const { yields } = require('./yields');

exports.services = (app) => {
  app.configure(users);
  app.configure(fields);
  app.configure(yields);
  if (process.env.POSTMARK_KEY) app.configure(mails);
};
""",
        "app/lib/services/users.js": """const { hooks: { hashPassword } } = require('@feathersjs/authentication-local');
const { memory } = require('@feathersjs/memory');
const { discard, disallow, iff, isProvider, lowerCase } = require('feathers-hooks-common');

exports.users = (app) => {
  app.use('users', memory({ paginate: app.get('paginate') }));
  app.service('users').hooks({
    before: {
      create: [lowerCase('email'), hashPassword('password')],
      update: [disallow('external')],
    },
    after: { all: [iff(isProvider('external'), discard('password'))] },
  });
};
""",
        "app/lib/services/fields.js": """const { BadRequest } = require('@feathersjs/errors');
const { memory } = require('@feathersjs/memory');
const { required, setNow, paramsFromClient } = require('feathers-hooks-common');

const positive = (context) => {
  if (!(context.data.hectares > 0)) throw new BadRequest('hectares must be positive');
};

exports.fields = (app) => {
  const service = memory({ paginate: app.get('paginate'), multi: true });
  service.docs = {
    description: 'Fields of the farm',
    definitions: {
      fields: { type: 'object', properties: { name: { type: 'string' }, hectares: { type: 'number' } } },
    },
  };
  app.use('fields', service);
  app.service('fields').hooks({
    before: {
      all: [paramsFromClient('detail')],
      create: [required('name', 'hectares'), positive, setNow('createdAt')],
    },
  });
};
""",
        "app/lib/services/yields.js": """const convert = require('convert-units');

class Yields {
  constructor(app) {
    this.app = app;
  }

  async find({ query }) {
    const { data } = await this.app.service('fields').find({ query: { $limit: 5 } });
    return data.map((field) => ({
      name: field.name,
      acres: convert(field.hectares).from('ha').to('ac'),
      crop: query.crop ?? 'barley',
    }));
  }
}

exports.yields = (app) => {
  app.use('yields', new Yields(app), { methods: ['find'] });
};
""",
        "app/lib/services/mails.js": """const mailer = require('feathers-mailer');
const postmark = require('nodemailer-postmark-transport');

exports.mails = (app) => {
  app.use('mails', new mailer.Service(postmark({ auth: { apiKey: process.env.POSTMARK_KEY } })));
};
""",
        "app/public/index.html": "<!doctype html><title>Harvest</title>\n",
    },
    prepare=_INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10912/{path}"
        for path in ("", "fields", "yields?crop=oats", "users", "docs/", "swagger.json", "fields/9", "no")
    ),
    sends=(
        ("http://127.0.0.1:10912/users", '{"email": "A@farm.example.com", "password": "one-two-three"}'),
        (
            "http://127.0.0.1:10912/authentication",
            '{"strategy": "local", "email": "a@farm.example.com", "password": "one-two-three"}',
        ),
        ("http://127.0.0.1:10912/fields", '{"name": "Long Acre", "hectares": 4.5}'),
        ("http://127.0.0.1:10912/fields", '{"name": "Short Acre", "hectares": -1}'),
    ),
    seconds=22,
)

LESSONS = Recipe(
    name="lessons",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10913", "DATA": "/tmp/lessons"},
    cmd=("/bin/sh", "-c", "node scripts/seed.js && exec node app.js"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "lessons", "version": "1.0.0", "private": true,
  "scripts": {"start": "node app.js"},
  "dependencies": {"koa": "^3", "@koa/router": "^13", "koa-bodyparser": "^4", "koa-jwt": "^4", "koa-favicon": "^2",
    "koa2-swagger-ui": "^5", "koa-generic-session": "^2", "koa-redis": "^4", "koa-better-http-proxy": "^0.2",
    "koa-mount": "^4", "koa-static-cache": "^5", "@koa/ejs": "^5", "koa-locale": "^1", "koa-useragent": "^4",
    "koa-sslify": "^5", "pouchdb-node": "^9", "pouchdb-find": "^9", "jsonwebtoken": "^9", "bcrypt": "^6",
    "showdown": "^2", "xss": "^1", "slug": "^8", "i18n-iso-countries": "^7", "js-yaml": "^4", "yup": "^1",
    "pino": "^10", "puppeteer-core": "^24"},
  "devDependencies": {"supertest": "^7", "tape": "^5", "standard": "^17"}
}
""",
        "app/openapi.yaml": "openapi: 3.0.3\ninfo: {title: Lessons, version: 1.0.0}\n"
        "paths:\n  /lessons: {get: {responses: {'200': {description: All lessons}}}}\n",
        "app/scripts/seed.js": """const { lessons, accounts } = require('../models');
const { hash } = require('../lib/passwords');

async function seed() {
  await lessons.put('Knots and splices', 'Tie *one* and try `again`.', 'GB').catch(() => {});
  await accounts.put('anna', await hash('one-two-three')).catch(() => {});
}
seed().then(() => process.exit(0));
""",
        "app/lib/log.js": "module.exports = require('pino')({ level: process.env.LOG_LEVEL ?? 'info' });\n",
        "app/lib/passwords.js": """const bcrypt = require('bcrypt');

exports.hash = (password) => bcrypt.hash(password, 8);
exports.same = (password, hashed) => bcrypt.compare(password, hashed);
""",
        "app/models/database.js": """const PouchDB = require('pouchdb-node');

PouchDB.plugin(require('pouchdb-find').default ?? require('pouchdb-find'));

const Local = PouchDB.defaults({ prefix: `${process.env.DATA}-` });
exports.open = (name) => new Local(process.env.COUCHDB ? `${process.env.COUCHDB}/${name}` : name);
""",
        "app/models/index.js": """exports.lessons = require('./lessons');
exports.accounts = require('./accounts');
""",
        "app/models/lessons.js": """const slug = require('slug');
const { open } = require('./database');

const database = open('lessons');

exports.put = (title, text, country) => database.put({ _id: slug(title), title, text, country });
exports.get = (id) => database.get(id);
exports.find = async (country) => {
  await database.createIndex({ index: { fields: ['country'] } });
  const { docs } = await database.find({ selector: { country }, limit: 5 });
  return docs;
};
""",
        "app/models/accounts.js": """const { open } = require('./database');

const database = open('accounts');

exports.put = (name, password) => database.put({ _id: name, password });
exports.get = (name) => database.get(name);
""",
        "app/routes/lessons.js": """const Router = require('@koa/router');
const countries = require('i18n-iso-countries');
const showdown = require('showdown');
const xss = require('xss');
const yup = require('yup');
const { lessons } = require('../models');

const Lesson = yup.object({
  title: yup.string().min(3).required(),
  text: yup.string().required(),
  country: yup.string().length(2).default('GB'),
});
const markdown = new showdown.Converter({ simplifiedAutoLink: true });
const router = new Router({ prefix: '/lessons' });

router.get('/', async (ctx) => {
  const found = await lessons.find(ctx.query.country ?? 'GB');
  ctx.body = found.map((one) => ({ id: one._id, title: one.title, country: countries.getName(one.country, 'en') }));
});
router.get('/:id', async (ctx) => {
  const lesson = await lessons.get(ctx.params.id).catch(() => ctx.throw(404, 'no such lesson'));
  await ctx.render('lesson', { title: lesson.title, html: xss(markdown.makeHtml(lesson.text)) });
});
router.post('/', async (ctx) => {
  const lesson = await Lesson.validate(ctx.request.body).catch((error) => ctx.throw(422, error.message));
  await lessons.put(lesson.title, lesson.text, lesson.country).catch((error) => ctx.throw(error.status, error.message));
  ctx.status = 201;
  ctx.body = lesson;
});
router.get('/:id/pdf', async (ctx) => {
  if (!process.env.CHROME) ctx.throw(501);
  const browser = await require('puppeteer-core').launch({ executablePath: process.env.CHROME });
  ctx.body = await (await browser.newPage()).pdf();
});

module.exports = router;
""",
        "app/routes/accounts.js": """const Router = require('@koa/router');
const jwt = require('jsonwebtoken');
const { accounts } = require('../models');
const { same } = require('../lib/passwords');

const secret = process.env.JWT_SECRET ?? 'one';
const router = new Router();

router.post('/login', async (ctx) => {
  const { name, password } = ctx.request.body;
  const account = await accounts.get(name).catch(() => ctx.throw(401));
  if (!(await same(password, account.password))) ctx.throw(401);
  ctx.body = { token: jwt.sign({ sub: name }, secret, { expiresIn: '1h' }) };
});
router.get('/me', async (ctx) => {
  if (!ctx.state.user) ctx.throw(401, 'log in first');
  ctx.body = { name: ctx.state.user.sub, agent: ctx.userAgent.browser };
});
router.get('/visits', async (ctx) => {
  ctx.session.visits = (ctx.session.visits ?? 0) + 1;
  ctx.body = { visits: ctx.session.visits };
});

module.exports = router;
""",
        "app/app.js": """const fs = require('node:fs');
const path = require('node:path');
const Koa = require('koa');
const bodyParser = require('koa-bodyparser');
const favicon = require('koa-favicon');
const jwt = require('koa-jwt');
const mount = require('koa-mount');
const session = require('koa-generic-session');
const staticCache = require('koa-static-cache');
const { userAgent } = require('koa-useragent');
const { koaSwagger } = require('koa2-swagger-ui');
const render = require('@koa/ejs');
const yaml = require('js-yaml');
const log = require('./lib/log');

const app = new Koa();
app.keys = [process.env.COOKIE_KEY ?? 'one'];
app.on('error', (error) => log.error({ err: error }, 'request failed'));
render(app, { root: path.join(__dirname, 'views'), layout: 'layout', viewExt: 'ejs', cache: true });

if (process.env.FORCE_HTTPS) {
  const { default: sslify, xForwardedProtoResolver: resolver } = require('koa-sslify');
  app.use(sslify({ resolver }));
}
app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    ctx.status = error.status ?? 500;
    ctx.body = { error: error.message };
    if (ctx.status >= 500) ctx.app.emit('error', error, ctx);
  }
});
app.use(favicon(path.join(__dirname, 'public/favicon.ico')));
app.use(mount('/public', staticCache(path.join(__dirname, 'public'), { maxAge: 3600 })));
app.use(userAgent);
app.use(bodyParser());
const store = process.env.REDIS_URL ? require('koa-redis')({ url: process.env.REDIS_URL }) : undefined;
app.use(session({ store }));
app.use(jwt({ secret: process.env.JWT_SECRET ?? 'one', passthrough: true, getToken: (ctx) => ctx.query.token }));
const spec = yaml.load(fs.readFileSync(path.join(__dirname, 'openapi.yaml'), 'utf8'));
app.use(koaSwagger({ routePrefix: '/docs', swaggerOptions: { spec } }));
for (const routes of [require('./routes/lessons'), require('./routes/accounts')]) {
  app.use(routes.routes()).use(routes.allowedMethods());
}
if (process.env.SEARCH) {
  app.use(mount('/search', require('koa-better-http-proxy')(process.env.SEARCH)));
}

app.listen(Number(process.env.PORT), '127.0.0.1', () => log.info('ready'));
""",
        "app/views/layout.ejs": "<!doctype html><title><%= title %></title><main><%- body %></main>\n",
        "app/views/lesson.ejs": "<h1><%= title %></h1><%- html %>\n",
        "app/public/favicon.ico": "icon\n",
        "app/public/main.css": "main { max-width: 40rem }\n",
    },
    prepare=_INSTALLED,
    asks=(
        *(f"http://127.0.0.1:10913/{path}" for path in ("lessons", "lessons/knots-and-splices", "lessons/no", "docs")),
        *(
            f"http://127.0.0.1:10913/{path}"
            for path in ("me", "visits", "favicon.ico", "public/main.css", "lessons/a/pdf")
        ),
    ),
    sends=(
        ("http://127.0.0.1:10913/lessons", '{"title": "Bowlines", "text": "Up **through** the hole."}'),
        ("http://127.0.0.1:10913/lessons", "{}"),
        ("http://127.0.0.1:10913/login", '{"name": "anna", "password": "one-two-three"}'),
        ("http://127.0.0.1:10913/login", '{"name": "anna", "password": "no"}'),
    ),
    seconds=24,
)

NODE_SERVICES = (FERRIES, HARVEST, LESSONS)
