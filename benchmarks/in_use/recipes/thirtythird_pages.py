"""The thirty-third set's pages and its graph of Node.js on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, NPM_CI, PRODUCTION_NODE
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_INSTALLED = (*NODE, "hash -r", f"cd /app && {NPM_CI} --omit=dev || exit 1")
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
    "yarn install --non-interactive --production --ignore-scripts --prefer-offline || exit 1",
    "rm -rf /app/src /usr/local/share/.cache /tmp/v8-compile-cache* && yarn cache clean",
)

SHOPFRONT = Recipe(
    name="shopfront",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10714"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "server.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "shopfront", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"dev": "node server.js", "build": "npm run build:client && npm run build:server",
    "build:client": "vite build --outDir dist/client",
    "build:server": "vite build --outDir dist/server --ssr src/entry-server.jsx",
    "preview": "NODE_ENV=production node server.js"},
  "dependencies": {"express": "^5", "compression": "^1", "sirv": "^3", "react": "^19", "react-dom": "^19",
    "react-router": "^7", "@tanstack/react-query": "^5", "styled-components": "^6", "zustand": "^5",
    "react-intl": "^7", "react-hook-form": "^7", "clsx": "^2", "dompurify": "^3", "isomorphic-dompurify": "^2",
    "isbot": "^5", "serialize-javascript": "^6", "http-proxy-middleware": "^3", "@growthbook/growthbook": "^1",
    "helmet": "^8", "pino": "^9", "lru-cache": "^11", "express-static-gzip": "^3", "@sentry/react": "^9"},
  "devDependencies": {"vite": "^6", "@vitejs/plugin-react": "^4", "vitest": "^3", "@testing-library/react": "^16"}
}
""",
        "app/vite.config.js": """import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({ plugins: [react()], ssr: { noExternal: ['styled-components'] } });
""",
        "app/index.html": '<!doctype html><html><head><!--app-head--></head><body><div id="root"><!--app-html--></div>'
        '<script type="module" src="/src/entry-client.jsx"></script></body></html>\n',
        "app/server.js": """import fs from 'node:fs/promises';
import express from 'express';
import helmet from 'helmet';
import { isbot } from 'isbot';
import { LRUCache } from 'lru-cache';
import pino from 'pino';
import serialize from 'serialize-javascript';
import { api } from './server/api.js';
import { features } from './server/features.js';

const isProduction = process.env.NODE_ENV === 'production';
const log = pino();
const pages = new LRUCache({ max: 50, ttl: 2000 });
const template = isProduction ? await fs.readFile('./dist/client/index.html', 'utf-8') : '';
const app = express();
app.use(helmet({ contentSecurityPolicy: false }));

let vite;
if (!isProduction) {
  const { createServer } = await import('vite');
  vite = await createServer({ server: { middlewareMode: true }, appType: 'custom' });
  app.use(vite.middlewares);
} else {
  const compression = (await import('compression')).default;
  const sirv = (await import('sirv')).default;
  app.use(compression());
  app.use('/', sirv('./dist/client', { extensions: [] }));
}
if (process.env.API_URL) {
  const { createProxyMiddleware } = await import('http-proxy-middleware');
  app.use('/api', createProxyMiddleware({ target: process.env.API_URL, changeOrigin: true }));
} else {
  app.use('/api', api);
}
app.use(async (request, response) => {
  try {
    const url = request.originalUrl;
    const known = pages.get(url);
    if (known && !isbot(request.get('user-agent'))) return response.send(known);
    const { render } = isProduction
      ? await import('./dist/server/entry-server.js')
      : await vite.ssrLoadModule('/src/entry-server.jsx');
    const { html, head, status, state } = await render(url, await features(request));
    const script = `<script>window.state = ${serialize(state)}</script>`;
    const page = template.replace('<!--app-head-->', head + script).replace('<!--app-html-->', html);
    pages.set(url, page);
    return response.status(status).type('html').send(page);
  } catch (error) {
    log.error(error);
    return response.status(500).end('error');
  }
});
app.listen(Number(process.env.PORT), '127.0.0.1', () => log.info('ready'));
""",
        "app/server/api.js": """import express, { Router } from 'express';
import { all, one } from './products.js';

export const api = Router();
api.use(express.json());
api.get('/products', (request, response) => { response.json(all()); });
api.get('/products/:id', (request, response) => {
  const found = one(request.params.id);
  response.status(found ? 200 : 404).json(found ?? { error: 'none' });
});
api.post('/basket', (request, response) => {
  if (!one(request.body.id)) return response.status(422).json({ error: 'none' });
  return response.status(201).json({ id: request.body.id });
});
""",
        "app/server/products.js": """const products = [
  { id: '1', name: 'Chair', about: '<b>red</b><script>1</script>' },
  { id: '2', name: 'Table', about: '<i>green</i>' },
];
export const all = () => products;
export const one = (id) => products.find((product) => product.id === id);
""",
        "app/server/features.js": """import { GrowthBookClient } from '@growthbook/growthbook';

const client = new GrowthBookClient({ clientKey: process.env.GROWTHBOOK_KEY });
client.initSync({ payload: { features: { sale: { defaultValue: true } } } });
export async function features(request) {
  return { sale: client.isOn('sale', { attributes: { id: request.ip } }) };
}
""",
        "app/src/entry-client.jsx": """import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { hydrateRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from './App';

const client = new QueryClient();
hydrateRoot(document.getElementById('root'),
  <QueryClientProvider client={client}><BrowserRouter><App features={{}} /></BrowserRouter></QueryClientProvider>);
""",
        "app/src/entry-server.jsx": """import { renderToString } from 'react-dom/server';
import { dehydrate, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StaticRouter } from 'react-router';
import { ServerStyleSheet } from 'styled-components';
import { App } from './App';

const base = `http://127.0.0.1:${process.env.PORT}`;

export async function render(url, features) {
  const client = new QueryClient();
  await client.prefetchQuery({
    queryKey: ['products'], queryFn: async () => (await fetch(`${base}/api/products`)).json(),
  });
  const sheet = new ServerStyleSheet();
  const html = renderToString(sheet.collectStyles(
    <QueryClientProvider client={client}>
      <StaticRouter location={url}><App features={features} /></StaticRouter>
    </QueryClientProvider>,
  ));
  return { html, head: sheet.getStyleTags(), status: html.includes('Nothing') ? 404 : 200, state: dehydrate(client) };
}
""",
        "app/src/App.jsx": """import { useQuery } from '@tanstack/react-query';
import clsx from 'clsx';
import DOMPurify from 'isomorphic-dompurify';
import { useForm } from 'react-hook-form';
import { FormattedMessage, FormattedNumber, IntlProvider } from 'react-intl';
import { Link, Route, Routes, useParams } from 'react-router';
import styled from 'styled-components';
import { create } from 'zustand';

const messages = { title: 'Shop', count: '{count, plural, one {# thing} other {# things}}' };
const Title = styled.h1`color: red;`;
const useBasket = create(() => ({ all: [] }));
const useProducts = () => useQuery({ queryKey: ['products'], queryFn: () => [], staleTime: 9000 }).data ?? [];

function Home({ features }) {
  const all = useProducts();
  return (
    <main className={clsx('home', { sale: features.sale })}>
      <FormattedMessage id="count" values={{ count: all.length }} />
      <ul>{all.map(({ id, name }) => <li key={id}><Link to={`/products/${id}`}>{name}</Link></li>)}</ul>
    </main>
  );
}

function Product() {
  const { id } = useParams();
  const product = useProducts().find((one) => one.id === id);
  if (!product) return <p>Nothing</p>;
  return (
    <article>
      <h2>{product.name} <FormattedNumber value={3.2} style="currency" currency="EUR" /></h2>
      <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(product.about) }} />
    </article>
  );
}

function Contact() {
  const { register } = useForm();
  return <form><input {...register('mail')} /></form>;
}

export function App({ features }) {
  const basket = useBasket((state) => state.all);
  return (
    <IntlProvider locale="en" messages={messages}>
      <Title><FormattedMessage id="title" /> {basket.length}</Title>
      <Routes>
        <Route path="/" element={<Home features={features} />} />
        <Route path="/products/:id" element={<Product />} />
        <Route path="/contact" element={<Contact />} />
        <Route path="*" element={<p>Nothing</p>} />
      </Routes>
    </IntlProvider>
  );
}
""",
    },
    prepare=(*_COMPILED, "rm -f /app/vite.config.js /app/index.html"),
    asks=tuple(
        f"http://127.0.0.1:10714/{path}"
        for path in ("", "products/1", "products/9", "contact", "api/products", "api/products/2", "no")
    ),
    sends=(("http://127.0.0.1:10714/api/basket", '{"id": "1"}'), ("http://127.0.0.1:10714/api/basket", "{}")),
    seconds=22,
)

SELFSERVICE = Recipe(
    name="selfservice",
    packages=(*_TOOLS, "tini"),
    env=PRODUCTION_NODE
    | {"PORT": "10716", "NODE_OPTIONS": "--require dd-trace/init", "DD_SERVICE": "selfservice", "DD_ENV": "prod"},
    entrypoint=("tini", "--"),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "selfservice", "version": "1.0.0", "private": true,
  "scripts": {"start": "node server.js", "dev": "nodemon server.js", "test": "jest"},
  "dependencies": {"koa": "^2", "koa-router": "^13", "koa-body": "^6", "koa-session": "^7", "koa-passport": "^6",
    "passport-local": "^1", "koa-csrf": "^5", "koa-static": "^5", "koa-mount": "^4", "koa-conditional-get": "^3",
    "koa-etag": "^4", "koa-ratelimit": "^6", "liquidjs": "^10", "dd-trace": "^5", "@node-rs/argon2": "^2",
    "otplib": "^12", "qrcode": "^1", "zxcvbn": "^4", "config": "^4", "bunyan": "^1", "koa-bunyan-logger": "^2",
    "ldapts": "^8", "samlify": "^2", "openid-client": "^5", "hot-shots": "^11", "@simplewebauthn/server": "^11",
    "validator": "^13", "connect-flash": "^0.1", "node-cache": "^5", "postmark": "^4"},
  "devDependencies": {"nodemon": "^3", "jest": "^29", "supertest": "^7"}
}
""",
        "app/config/default.json": '{"port": 8080, "keys": ["one"], "ldap": null, "statsd": null, "title": "All"}\n',
        "app/config/production.json": '{"keys": ["two", "three"]}\n',
        "app/config/custom-environment-variables.json": '{"port": "PORT", "ldap": "LDAP_URL", "statsd": "STATSD"}\n',
        "app/server.js": """const config = require('config');
const { createApp } = require('./lib/app');
const log = require('./lib/log');

const server = createApp().listen(Number(config.get('port')), '127.0.0.1', () => log.info('ready'));
process.on('SIGTERM', () => server.close(() => process.exit(0)));
""",
        "app/lib/log.js": "module.exports = require('bunyan').createLogger({ name: 'selfservice' });\n",
        "app/lib/app.js": """const path = require('node:path');
const config = require('config');
const Koa = require('koa');
const { koaBody } = require('koa-body');
const bunyanLogger = require('koa-bunyan-logger');
const conditional = require('koa-conditional-get');
const etag = require('koa-etag');
const mount = require('koa-mount');
const passport = require('koa-passport');
const ratelimit = require('koa-ratelimit');
const session = require('koa-session');
const serve = require('koa-static');
const { errors } = require('./errors');
const log = require('./log');
const { views } = require('./views');
require('./strategies');

exports.createApp = () => {
  const app = new Koa({ proxy: true });
  app.keys = config.get('keys').slice();
  app.use(bunyanLogger(log)).use(bunyanLogger.requestLogger()).use(errors);
  app.use(ratelimit({ driver: 'memory', db: new Map(), duration: 60000, max: 900, id: (ctx) => ctx.ip }));
  app.use(conditional()).use(etag());
  app.use(mount('/public', serve(path.join(__dirname, '../public'))));
  app.use((session.createSession ?? session.default ?? session)({ renew: true }, app));
  app.use(koaBody()).use(passport.initialize()).use(passport.session()).use(views);
  for (const name of ['pages', 'api', 'keys']) {
    const router = require(`./routes/${name}`);
    app.use(router.routes()).use(router.allowedMethods());
  }
  return app;
};
""",
        "app/lib/errors.js": """exports.errors = async (ctx, next) => {
  try {
    await next();
    if (ctx.status === 404 && !ctx.body) ctx.throw(404, 'none');
  } catch (error) {
    ctx.status = error.status ?? 500;
    ctx.body = { error: error.message };
    if (ctx.status >= 500) ctx.log.error(error);
  }
};
""",
        "app/lib/views.js": """const path = require('node:path');
const config = require('config');
const { Liquid } = require('liquidjs');

const engine = new Liquid({ root: path.join(__dirname, '../views'), extname: '.liquid', cache: true });
engine.registerFilter('shout', (text) => String(text).toUpperCase());
exports.views = (ctx, next) => {
  ctx.render = async (name, values) => {
    ctx.type = 'html';
    ctx.body = await engine.renderFile(name, { title: config.get('title'), user: ctx.state.user, ...values });
  };
  return next();
};
""",
        "app/lib/people.js": """const NodeCache = require('node-cache');
const { hash, verify } = require('@node-rs/argon2');

const people = new NodeCache({ stdTTL: 600 });
exports.find = (mail) => people.get(mail);
exports.add = async (mail, password) => people.set(mail, { mail, password: await hash(password) });
exports.check = async (mail, password) => {
  const person = people.get(mail);
  return person && (await verify(person.password, password)) ? person : null;
};
""",
        "app/lib/strategies.js": """const config = require('config');
const passport = require('koa-passport');
const { Strategy } = require('passport-local');
const people = require('./people');

async function byDirectory(mail, password) {
  const { Client } = require('ldapts');
  const client = new Client({ url: config.get('ldap') });
  await client.bind(`mail=${mail}`, password);
  return { mail };
}

passport.serializeUser((person, done) => done(null, person.mail));
passport.deserializeUser((mail, done) => done(null, people.find(mail) ?? false));
passport.use(new Strategy({ usernameField: 'mail' }, (mail, password, done) => {
  const found = config.get('ldap') ? byDirectory(mail, password) : people.check(mail, password);
  found.then((person) => done(null, person ?? false), done);
}));
""",
        "app/lib/routes/pages.js": """const { CSRF } = (() => {
  const loaded = require('koa-csrf');
  return { CSRF: loaded.default ?? loaded };
})();
const Router = require('koa-router');
const QRCode = require('qrcode');
const { authenticator } = require('otplib');

const router = module.exports = new Router();
const csrf = new CSRF();
router.get('/', (ctx) => ctx.render('index', { days: [1, 2, 3] }));
router.get('/join', csrf, (ctx) => ctx.render('join', { token: ctx.state._csrf }));
router.post('/join', csrf, (ctx) => ctx.redirect('/'));
router.get('/second', async (ctx) => {
  const secret = authenticator.generateSecret();
  const picture = await QRCode.toDataURL(authenticator.keyuri('a', 'Shop', secret));
  await ctx.render('second', { picture, right: authenticator.check(authenticator.generate(secret), secret) });
});
""",
        "app/lib/routes/api.js": """const config = require('config');
const passport = require('koa-passport');
const Router = require('koa-router');
const validator = require('validator');
const zxcvbn = require('zxcvbn');
const people = require('../people');

const router = module.exports = new Router({ prefix: '/api' });
router.get('/health', (ctx) => { ctx.body = { status: 'up' }; });
router.post('/people', async (ctx) => {
  const { mail = '', password = '' } = ctx.request.body;
  if (!validator.isEmail(mail)) ctx.throw(422, 'mail');
  if (zxcvbn(password).score < 2) ctx.throw(422, 'password');
  await people.add(mail, password);
  if (config.get('statsd')) {
    const StatsD = require('hot-shots');
    new StatsD({ host: config.get('statsd') }).increment('people');
  }
  ctx.status = 201;
});
router.post('/session', (ctx, next) => passport.authenticate('local', async (error, person) => {
  if (!person) ctx.throw(401, 'wrong');
  await ctx.login(person);
  ctx.body = { mail: person.mail };
})(ctx, next));
router.get('/fail', () => { throw new Error('on purpose'); });
""",
        "app/lib/routes/keys.js": """const Router = require('koa-router');

const router = module.exports = new Router({ prefix: '/keys' });
router.get('/options', async (ctx) => {
  const { generateRegistrationOptions } = require('@simplewebauthn/server');
  ctx.body = await generateRegistrationOptions({ rpName: 'Shop', rpID: 'shop.example', userName: 'a' });
});
router.get('/saml', (ctx) => {
  const saml = require('samlify');
  ctx.body = saml.ServiceProvider({ metadata: ctx.query.metadata }).getMetadata();
});
""",
        "app/public/style.css": "h1 { color: red }\n",
        "app/views/index.liquid": "{% render 'head', title: title %}"
        "{% for day in days %}<p>{{ day }}</p>{% endfor %}\n",
        "app/views/head.liquid": "<h1>{{ title | shout }}</h1>\n",
        "app/views/join.liquid": '<form method="post"><input name="_csrf" value="{{ token }}"></form>\n',
        "app/views/second.liquid": '<img src="{{ picture }}">{{ right }}\n',
    },
    prepare=_INSTALLED,
    asks=tuple(
        f"http://127.0.0.1:10716/{path}"
        for path in ("", "join", "second", "public/style.css", "api/health", "api/fail", "keys/options", "no")
    ),
    sends=(
        ("http://127.0.0.1:10716/api/people", '{"mail": "a@shop.example", "password": "a-long-one-for-it-77"}'),
        ("http://127.0.0.1:10716/api/people", '{"mail": "a@shop.example", "password": "a"}'),
        ("http://127.0.0.1:10716/api/session", "mail=a@shop.example&password=a-long-one-for-it-77"),
        ("http://127.0.0.1:10716/join", "name=a"),
    ),
    seconds=25,
)

LENDING = Recipe(
    name="lending",
    packages=_TOOLS,
    env=PRODUCTION_NODE | {"PORT": "10704"},
    cmd=("yarn", "start"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "lending", "version": "1.0.0", "private": true, "license": "UNLICENSED",
  "scripts": {"build": "tsc --noCheck", "start": "node dist/index.js"},
  "dependencies": {"type-graphql": "^2.0.0-rc.2", "@apollo/server": "^4", "express": "^4", "graphql": "^16",
    "class-validator": "^0.14", "reflect-metadata": "^0.2", "typedi": "^0.10", "graphql-scalars": "^1",
    "graphql-query-complexity": "^1", "graphql-fields": "^2", "@apollo/utils.keyvadapter": "^4",
    "@apollo/datasource-rest": "^6", "dataloader": "^2", "@typegoose/typegoose": "^12", "mongoose": "^8",
    "dotenv-flow": "^4", "jwks-rsa": "^3", "jsonwebtoken": "^9", "body-parser": "^1", "cors": "^2", "winston": "^3",
    "winston-cloudwatch": "^6", "@rollbar/react": "^0.12", "rollbar": "^2", "isbn3": "^1", "currency.js": "^2"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@types/express": "^4", "graphql-codegen": "^0.4"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/.env": "LOG_LEVEL=info\\nPARTNER=http://127.0.0.1:10704/partner/\\n".replace("\\n", "\n"),
        "app/src/index.ts": """import 'reflect-metadata';
import 'dotenv-flow/config';
import { start } from './server';

start(Number(process.env.PORT));
""",
        "app/src/log.ts": """import winston from 'winston';

export const log = winston.createLogger({
  level: process.env.LOG_LEVEL, format: winston.format.json(), transports: [new winston.transports.Console()],
});
if (process.env.LOG_GROUP) {
  const CloudWatch = require('winston-cloudwatch');
  log.add(new CloudWatch({ logGroupName: process.env.LOG_GROUP, logStreamName: 'lending' }));
}
if (process.env.ROLLBAR_TOKEN) {
  const Rollbar = require('rollbar');
  new Rollbar({ accessToken: process.env.ROLLBAR_TOKEN, captureUncaughtException: true });
}
""",
        "app/src/server.ts": """import { ApolloServer } from '@apollo/server';
import { expressMiddleware } from '@apollo/server/express4';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { json } from 'body-parser';
import cors from 'cors';
import express from 'express';
import { createServer } from 'node:http';
import { Container } from 'typedi';
import { buildSchema } from 'type-graphql';
import { BooksResolver } from './books/resolver';
import { complexity } from './complexity';
import { contextOf } from './context';
import { log } from './log';

export async function start(port: number) {
  const schema = await buildSchema({ resolvers: [BooksResolver], container: Container, validate: true });
  const app = express();
  const http = createServer(app);
  const server = new ApolloServer({
    schema, csrfPrevention: false, introspection: true,
    plugins: [ApolloServerPluginDrainHttpServer({ httpServer: http }), complexity(schema)],
  });
  await server.start();
  app.get('/partner/:isbn', (request, response) => { response.json({ isbn: request.params.isbn, pages: 100 }); });
  app.get('/health', (request, response) => { response.json({ status: 'up' }); });
  app.use('/graphql', cors(), json(), expressMiddleware(server, { context: contextOf }));
  http.listen(port, '127.0.0.1', () => log.info('ready'));
}
""",
        "app/src/complexity.ts": """import { GraphQLError, GraphQLSchema, separateOperations } from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';

export const complexity = (schema: GraphQLSchema) => ({
  async requestDidStart() {
    return {
      async didResolveOperation({ request, document }) {
        const cost = getComplexity({
          schema, query: request.operationName ? separateOperations(document)[request.operationName] : document,
          variables: request.variables,
          estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
        });
        if (cost > 200) throw new GraphQLError(`too complex: ${cost}`);
      },
    };
  },
});
""",
        "app/src/context.ts": """import DataLoader from 'dataloader';
import jwt from 'jsonwebtoken';
import { PartnerAPI } from './books/partner';

export async function contextOf({ req }) {
  const token = req.headers.authorization?.replace('Bearer ', '');
  let user = null;
  if (token) {
    const { default: jwksClient } = await import('jwks-rsa');
    const key = await jwksClient({ jwksUri: process.env.JWKS }).getSigningKey();
    user = jwt.verify(token, key.getPublicKey());
  }
  const partner = new PartnerAPI();
  const pages = new DataLoader((isbns: readonly string[]) => Promise.all(isbns.map((isbn) => partner.pages(isbn))));
  return { user, pages };
}
""",
        "app/src/books/partner.ts": """import { RESTDataSource } from '@apollo/datasource-rest';

export class PartnerAPI extends RESTDataSource {
  baseURL = process.env.PARTNER;

  async pages(isbn: string) {
    const { pages } = await this.get<{ pages: number }>(encodeURIComponent(isbn));
    return pages;
  }
}
""",
        "app/src/books/book.ts": """import { IsISBN, MinLength } from 'class-validator';
import { GraphQLISBN } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';

@ObjectType()
export class Book {
  @Field(() => ID) isbn: string;
  @Field(() => String) title: string;
  @Field(() => Int) pages?: number;
}

@InputType()
export class NewBook {
  @Field(() => GraphQLISBN) @IsISBN() isbn: string;
  @Field(() => String) @MinLength(1) title: string;
}
""",
        "app/src/books/service.ts": """import { Service } from 'typedi';
import { Book, NewBook } from './book';

@Service()
export class BooksService {
  private readonly all: Book[] = [];

  async list() { return this.all.slice(-5); }

  async add(book: NewBook) {
    if (process.env.MONGO_URL) {
      const { model } = await import('./document');
      await model.create(book);
    }
    this.all.push(book);
    return book;
  }
}
""",
        "app/src/books/document.ts": """import { getModelForClass, prop } from '@typegoose/typegoose';
import { connect } from 'mongoose';

class Document {
  @prop({ type: String }) isbn: string;
  @prop({ type: String }) title: string;
}
connect(process.env.MONGO_URL);
export const model = getModelForClass(Document);
""",
        "app/src/books/resolver.ts": """import graphqlFields from 'graphql-fields';
import { Arg, Ctx, FieldResolver, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Service } from 'typedi';
import { log } from '../log';
import { Book, NewBook } from './book';
import { BooksService } from './service';

@Service()
@Resolver(() => Book)
export class BooksResolver {
  constructor(private readonly books: BooksService) {}

  @Query(() => [Book], { complexity: 5 })
  async all(@Info() info: never) {
    log.info({ fields: Object.keys(graphqlFields(info)) });
    return this.books.list();
  }

  @Mutation(() => Book)
  add(@Arg('book', () => NewBook) book: NewBook) { return this.books.add(book); }

  @FieldResolver(() => Int)
  pages(@Root() book: Book, @Ctx() { pages }) { return pages.load(book.isbn); }
}
""",
    },
    prepare=_YARN,
    asks=(
        "http://127.0.0.1:10704/health",
        "http://127.0.0.1:10704/graphql?query=%7Ball%7Btitle,pages%7D%7D",
        "http://127.0.0.1:10704/graphql?query=%7Bno%7D",
    ),
    sends=(
        (
            "http://127.0.0.1:10704/graphql",
            '{"query": "mutation { add(book: {isbn: \\"9783161484100\\", title: \\"one\\"}) { isbn pages } }"}',
        ),
        (
            "http://127.0.0.1:10704/graphql",
            '{"query": "mutation { add(book: {isbn: \\"9783161484100\\", title: \\"\\"}) { isbn } }"}',
        ),
        ("http://127.0.0.1:10704/graphql", '{"query": "{ __schema { types { name } } }"}'),
    ),
    seconds=25,
)

NODE_PAGES = (SHOPFRONT, SELFSERVICE, LENDING)
