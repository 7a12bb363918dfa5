"""The nineteenth set's applications with libraries of PyPI, npm, Java and PHP."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import (
    DOCKER_NODE,
    FULL,
    FULL_PYTHON,
    NODE,
    NPM_CI,
    PRODUCTION_NODE,
    PRODUCTION_PYTHON,
    PYTHON,
)
from benchmarks.in_use.recipes.twelfth import HOSTS

QUART = Recipe(
    name="quart",
    packages=(*PYTHON, "tini", "ca-certificates", "curl", "libpq5", "netbase", "tzdata"),
    env=PRODUCTION_PYTHON | {"SHOP_DATABASE": "sqlite+aiosqlite:////tmp/quart.sqlite3"},
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("hypercorn", "--config", "hypercorn.toml", "shop:create_app()"),
    python=(
        *(
            "quart",
            "quart-schema[pydantic]",
            "quart-cors",
            "quart-rate-limiter",
            "hypercorn[h3]",
            "sqlalchemy[asyncio]",
        ),
        *(
            "aiosqlite",
            "asyncpg",
            "alembic",
            "sentry-sdk",
            "structlog",
            "orjson",
            "redis",
            "httpx",
            "boto3",
            "tenacity",
        ),
        *("python-dotenv", "bcrypt", "pyjwt[crypto]", "email-validator", "arq", "prometheus-client", "uvloop"),
    ),
    files=HOSTS
    | {
        "app/hypercorn.toml": 'bind = "127.0.0.1:9988"\naccesslog = "-"\nworkers = 1\ngraceful_timeout = 2\n',
        "app/alembic.ini": "[alembic]\nscript_location = migrations\n",
        "app/shop/__init__.py": """import os
from importlib import import_module

from quart import Quart
from quart_schema import QuartSchema, RequestSchemaValidationError

from shop.store import Store

BLUEPRINTS = ("orders", "pages", "metrics")


def create_app():
    app = Quart(__name__)
    app.config.from_prefixed_env("SHOP")
    QuartSchema(app)
    store = Store(os.environ["SHOP_DATABASE"])
    app.store = store
    app.before_serving(store.start)
    app.after_serving(store.stop)
    for name in BLUEPRINTS:
        app.register_blueprint(import_module(f"shop.views.{name}").blueprint)
    if dsn := os.environ.get("SENTRY_DSN"):
        import sentry_sdk

        sentry_sdk.init(dsn)

    @app.errorhandler(RequestSchemaValidationError)
    async def refused(error):
        return {"error": str(error.validation_error)}, 422

    @app.cli.command("tokens")
    def tokens():
        import jwt

        print(jwt.encode({"sub": "a"}, "secret"))

    return app
""",
        "app/shop/store.py": """from sqlalchemy import Column, Integer, MetaData, String, Table, select
from sqlalchemy.ext.asyncio import create_async_engine

meta = MetaData()
orders = Table("orders", meta, Column("id", Integer, primary_key=True), Column("name", String(40)))


class Store:
    def __init__(self, address):
        self.engine = create_async_engine(address)

    async def start(self):
        async with self.engine.begin() as connection:
            await connection.run_sync(meta.create_all)

    async def stop(self):
        await self.engine.dispose()

    async def names(self):
        async with self.engine.connect() as connection:
            return [row.name for row in await connection.execute(select(orders).limit(10))]

    async def add(self, name):
        async with self.engine.begin() as connection:
            await connection.execute(orders.insert().values(name=name))
""",
        "app/shop/views/__init__.py": "",
        "app/shop/views/orders.py": """from dataclasses import dataclass

import structlog
from quart import Blueprint, current_app, websocket
from quart_schema import validate_request

blueprint = Blueprint("orders", __name__, url_prefix="/orders")
log = structlog.get_logger()


@dataclass
class Order:
    name: str


@blueprint.get("/")
async def names():
    return await current_app.store.names()


@blueprint.post("/")
@validate_request(Order)
async def add(data: Order):
    log.info("order", name=data.name)
    await current_app.store.add(data.name)
    return {"name": data.name}, 201


@blueprint.websocket("/live")
async def live():
    await websocket.send("hello")
""",
        "app/shop/views/pages.py": """from quart import Blueprint, abort, render_template

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
async def home():
    return await render_template("home.html", name="shop")


@blueprint.get("/fail")
async def fail():
    raise RuntimeError("on purpose")


@blueprint.get("/gone")
async def gone():
    abort(410)
""",
        "app/shop/views/metrics.py": """import prometheus_client
from quart import Blueprint, Response

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
async def metrics():
    return Response(prometheus_client.generate_latest(), content_type=prometheus_client.CONTENT_TYPE_LATEST)
""",
        "app/shop/templates/home.html": "<h1>{{ name }}</h1>\n",
        "app/shop/static/robots.txt": "User-agent: *\n",
    },
    asks=tuple(
        f"http://127.0.0.1:9988/{path}"
        for path in ("", "orders/", "openapi.json", "docs", "metrics", "fail", "gone", "static/robots.txt", "no")
    ),
    sends=(
        ("http://127.0.0.1:9988/orders/", '{"name": "one"}'),
        ("http://127.0.0.1:9988/orders/", '{"no": 1}'),
        ("http://127.0.0.1:9988/orders/", "{no"),
    ),
    seconds=20,
)

SYNAPSE = Recipe(
    name="synapse",
    packages=(*PYTHON, "gosu", "curl", "libjemalloc2", "libpq5", "libwebp7", "libssl3t64", "openssl", "xmlsec1"),
    env=PRODUCTION_PYTHON
    | {"SYNAPSE_SERVER_NAME": "shop.example", "SYNAPSE_REPORT_STATS": "no", "SYNAPSE_CONFIG_DIR": "/data"},
    folder="/data",
    entrypoint=("/start.sh",),
    cmd=("run",),
    python=("matrix-synapse[url-preview,jwt,redis]", "psycopg2-binary", "setuptools<81"),
    files=HOSTS
    | {
        "start.sh": """#!/bin/bash
set -e

CONFIG="${SYNAPSE_CONFIG_DIR}/homeserver.yaml"
export LD_PRELOAD=/usr/lib/x86_64-linux-gnu/libjemalloc.so.2
case "$1" in
  generate)
    exec python -m synapse.app.homeserver --server-name "$SYNAPSE_SERVER_NAME" --config-path "$CONFIG" \\
      --generate-config --report-stats="$SYNAPSE_REPORT_STATS"
    ;;
  run)
    shift
    if [ ! -f "$CONFIG" ]; then
      echo "no settings in $CONFIG" >&2
      exit 2
    fi
    python -m synapse.app.homeserver --config-path "$CONFIG" --generate-keys
    exec python -m synapse.app.homeserver --config-path "$CONFIG" "$@"
    ;;
  *)
    exec "$@"
    ;;
esac
""",
        "data/homeserver.yaml": """server_name: "shop.example"
pid_file: /data/homeserver.pid
listeners:
  - port: 9989
    tls: false
    type: http
    x_forwarded: true
    bind_addresses: ['127.0.0.1']
    resources:
      - names: [client, federation, metrics]
        compress: false
database:
  name: sqlite3
  args:
    database: /data/homeserver.db
log_config: "/data/log.config"
media_store_path: /data/media_store
registration_shared_secret: "one"
report_stats: false
macaroon_secret_key: "two"
form_secret: "three"
signing_key_path: "/data/shop.signing.key"
trusted_key_servers: []
enable_registration: true
enable_registration_without_verification: true
enable_metrics: true
url_preview_enabled: false
""",
        "data/log.config": """version: 1
formatters:
  precise:
    format: '%(asctime)s - %(name)s - %(lineno)d - %(levelname)s - %(request)s - %(message)s'
handlers:
  console:
    class: logging.StreamHandler
    formatter: precise
root:
  level: INFO
  handlers: [console]
disable_existing_loggers: false
""",
    },
    asks=tuple(
        f"http://127.0.0.1:9989/{path}"
        for path in (
            *("", "health", "_matrix/client/versions", "_matrix/client/v3/login", "_matrix/federation/v1/version"),
            *("_matrix/key/v2/server", "_synapse/admin/v1/register", "_synapse/metrics", "_matrix/static/", "no"),
        )
    ),
    sends=(
        (
            "http://127.0.0.1:9989/_matrix/client/v3/register",
            '{"username": "one", "password": "long secret one", "auth": {"type": "m.login.dummy"}}',
        ),
        (
            "http://127.0.0.1:9989/_matrix/client/v3/login",
            '{"type": "m.login.password", "user": "one", "password": "long secret one"}',
        ),
        ("http://127.0.0.1:9989/_matrix/client/v3/login", '{"type": "m.login.password", "user": "a", "password": "b"}'),
        ("http://127.0.0.1:9989/_matrix/client/v3/createRoom", "{}"),
    ),
    hangup=True,
    seconds=40,
)

CONNEXION = Recipe(
    name="connexion",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"WEB_CONCURRENCY": "1"},
    cmd=("gunicorn", "-k", "uvicorn.workers.UvicornWorker", "-c", "gunicorn.conf.py", "pets.app:app"),
    python=(
        *("connexion[flask,swagger-ui,uvicorn]", "gunicorn", "uvicorn[standard]", "sqlalchemy", "psycopg[binary]"),
        *("marshmallow", "requests", "celery", "redis", "pandas", "openpyxl", "sentry-sdk", "python-json-logger"),
    ),
    files=HOSTS
    | {
        "app/gunicorn.conf.py": """import logging.config

bind = "127.0.0.1:9990"
accesslog = "-"
max_requests = 500
logconfig_dict = {
    "version": 1,
    "formatters": {"json": {"class": "pythonjsonlogger.jsonlogger.JsonFormatter", "format": "%(message)s"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["out"]},
    "loggers": {},
}


def post_fork(server, worker):
    server.log.info("worker %s", worker.pid)
""",
        "app/pets/__init__.py": "",
        "app/pets/app.py": """from pathlib import Path

import connexion
from connexion.resolver import RestyResolver

app = connexion.FlaskApp("pets", specification_dir=Path(__file__).parent / "api")
app.add_api("openapi.yaml", resolver=RestyResolver("pets.api"), validate_responses=True)


@app.route("/fail")
def fail():
    raise RuntimeError("on purpose")
""",
        "app/pets/api/__init__.py": "",
        "app/pets/api/openapi.yaml": """openapi: "3.0.0"
info: {title: Pets, version: "1.0"}
paths:
  /pets:
    get:
      responses: {"200": {description: all, content: {application/json: {schema: {type: array}}}}}
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/Pet"}}}
      responses: {"201": {description: added}}
  /reports/{name}:
    get:
      operationId: pets.reports.read
      parameters: [{name: name, in: path, required: true, schema: {type: string, pattern: "^[a-z]+$"}}]
      responses: {"200": {description: one}}
components:
  schemas:
    Pet: {type: object, required: [name], properties: {name: {type: string, minLength: 1}, tag: {type: string}}}
""",
        "app/pets/api/pets.py": """from marshmallow import Schema, fields

PETS = []


class PetSchema(Schema):
    name = fields.String()
    tag = fields.String(load_default="none")


def search():
    return PETS, 200


def post(body):
    if len(PETS) < 10:
        PETS.append(PetSchema().load(body))
    return "added", 201
""",
        "app/pets/reports.py": """def read(name):
    if name == "table":
        import pandas

        return {"rows": int(pandas.DataFrame([{"a": 1}]).a.sum())}
    return {"name": name}
""",
    },
    asks=tuple(
        f"http://127.0.0.1:9990/{path}"
        for path in ("pets", "ui/", "openapi.json", "reports/sales", "reports/table", "reports/9", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:9990/pets", '{"name": "one"}'),
        ("http://127.0.0.1:9990/pets", '{"name": ""}'),
        ("http://127.0.0.1:9990/pets", "name=a"),
    ),
    hangup=True,
    seconds=25,
)

CHERRYPY = Recipe(
    name="cherrypy",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON,
    cmd=("python", "-m", "wiki", "/app/wiki.conf"),
    python=(
        *("cherrypy", "mako", "markdown", "pygments", "sqlalchemy", "routes", "ws4py", "pyopenssl"),
        *("psycopg2-binary", "lxml", "pillow", "requests", "pytest", "flake8", "ipython", "babel", "pymysql"),
    ),
    files=HOSTS
    | {
        "app/wiki.conf": """[global]
server.socket_host = "127.0.0.1"
server.socket_port = 9991
engine.autoreload.on = False
log.screen = True

[/]
tools.sessions.on = True
tools.sessions.storage_class = cherrypy.lib.sessions.FileSession
tools.sessions.storage_path = "/tmp/sessions"
tools.gzip.on = True
tools.encode.on = True

[/static]
tools.staticdir.on = True
tools.staticdir.dir = "/app/static"
""",
        "app/static/robots.txt": "User-agent: *\n",
        "app/wiki/__init__.py": "",
        "app/wiki/__main__.py": """import sys
from pathlib import Path

import cherrypy
from cherrypy.process.plugins import BackgroundTask

from wiki.pages import Api, Wiki

Path("/tmp/sessions").mkdir(exist_ok=True)
cherrypy.config.update(sys.argv[1])
cherrypy.tree.mount(Wiki(), "/", sys.argv[1])
cherrypy.tree.mount(Api(), "/api", {"/": {"request.dispatch": cherrypy.dispatch.MethodDispatcher()}})
BackgroundTask(3, lambda: cherrypy.log("still here")).start()
cherrypy.engine.start()
cherrypy.engine.block()
""",
        "app/wiki/pages.py": """import cherrypy
from mako.lookup import TemplateLookup
from markdown import markdown

LOOKUP = TemplateLookup(directories=["/app/templates"], module_directory="/tmp/mako")
PAGES = {"home": "# Home\\n\\n```python\\nprint(1)\\n```\\n"}


class Wiki:
    @cherrypy.expose
    def index(self):
        cherrypy.session["seen"] = cherrypy.session.get("seen", 0) + 1
        body = markdown(PAGES["home"], extensions=["fenced_code", "codehilite", "toc"])
        return LOOKUP.get_template("page.mako").render(body=body, seen=cherrypy.session["seen"])

    @cherrypy.expose
    @cherrypy.tools.json_out()
    def names(self):
        return sorted(PAGES)

    @cherrypy.expose
    def fail(self):
        raise ValueError("on purpose")


@cherrypy.expose
class Api:
    @cherrypy.tools.json_out()
    def GET(self, name=None):
        if name not in PAGES:
            raise cherrypy.HTTPError(404)
        return PAGES[name]

    @cherrypy.tools.json_in()
    @cherrypy.tools.json_out()
    def POST(self):
        if len(PAGES) < 10:
            PAGES[cherrypy.request.json["name"]] = "new"
        return sorted(PAGES)
""",
        "app/templates/page.mako": "<p>${seen}</p>${body}\n",
    },
    asks=tuple(
        f"http://127.0.0.1:9991/{path}"
        for path in ("", "names", "fail", "static/robots.txt", "api/?name=home", "api/?name=b", "no")
    ),
    sends=(
        ("http://127.0.0.1:9991/api/", '{"name": "one"}'),
        ("http://127.0.0.1:9991/api/", "{no"),
        ("http://127.0.0.1:9991/names", "a=1"),
    ),
    prepare=("/opt/venv/bin/pip uninstall -qy wheel || true",),
    seconds=20,
)

BREE = Recipe(
    name="bree",
    packages=(*FULL, "python3"),
    env=PRODUCTION_NODE | {"PORT": "9992"},
    folder="/usr/src/app",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "index.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "usr/src/app/package.json": """{
  "name": "nightly", "version": "1.4.0", "private": true, "main": "index.js",
  "scripts": {"start": "node index.js", "test": "ava"},
  "dependencies": {"bree": "^9", "cabin": "^14", "@ladjs/graceful": "^4", "axe": "^12", "signale": "^1",
    "fast-csv": "^5", "dayjs": "^1", "got": "^11", "mustache": "^4", "mysql2": "^3", "nodemailer": "^7", "p-map": "^4",
    "pdfkit": "^0.17", "@aws-sdk/client-s3": "^3"},
  "devDependencies": {"ava": "^6", "xo": "^0.60"}
}
""",
        "usr/src/app/index.js": """const http = require('node:http');
const path = require('node:path');
const Bree = require('bree');
const Graceful = require('@ladjs/graceful');
const signale = require('signale');

const bree = new Bree({
  logger: signale,
  root: path.join(__dirname, 'jobs'),
  jobs: [
    { name: 'report', interval: '3s', timeout: '1s' },
    { name: 'mail', cron: '* * * * *', hasSeconds: false, timeout: '2s' },
    { name: 'clean', timeout: '4s' },
  ],
});
new Graceful({ brees: [bree] }).listen();

(async () => { await bree.start(); })();

http.createServer((request, response) => {
  if (request.url === '/health') { response.end('ok'); return; }
  if (request.method === 'POST' && request.url === '/run') {
    bree.run('report').then(() => response.end('started'), (error) => response.end(error.message));
    return;
  }
  response.statusCode = 404;
  response.end();
}).listen(process.env.PORT, '127.0.0.1');
""",
        "usr/src/app/jobs/report.js": """const fs = require('node:fs');
const { parentPort } = require('node:worker_threads');
const csv = require('fast-csv');
const dayjs = require('dayjs');

const out = csv.format({ headers: true });
out.pipe(fs.createWriteStream('/tmp/report.csv')).on('finish', () => parentPort && parentPort.postMessage('done'));
out.write({ at: dayjs().format(), orders: 1 });
out.end();
""",
        "usr/src/app/jobs/mail.js": """const mustache = require('mustache');
const nodemailer = require('nodemailer');

const transport = nodemailer.createTransport({ host: '127.0.0.1', port: 1, connectionTimeout: 200 });
const text = mustache.render('Hello {{name}}', { name: 'shop' });
transport.sendMail({ from: 'a@shop.example', to: 'b@shop.example', subject: 'nightly', text })
  .catch((error) => { console.error(error.code); process.exitCode = 1; });
""",
        "usr/src/app/jobs/clean.js": """const { rm } = require('node:fs/promises');

async function upload(file) {
  const { S3Client, PutObjectCommand } = require('@aws-sdk/client-s3');
  await new S3Client({}).send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: file }));
}

(async () => {
  if (process.env.BUCKET) await upload('/tmp/report.csv');
  await rm('/tmp/report.csv', { force: true });
})();
""",
    },
    prepare=(*NODE, "hash -r", f"cd /usr/src/app && {NPM_CI} --omit=dev"),
    asks=("http://127.0.0.1:9992/health", "http://127.0.0.1:9992/no"),
    sends=(("http://127.0.0.1:9992/run", "a=1"),),
    seconds=20,
)

TRPC = Recipe(
    name="trpc",
    packages=(*FULL, "python3", "tini"),
    env=PRODUCTION_NODE | {"PORT": "9993"},
    folder="/srv/api",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("node", "dist/server.js"),
    files=HOSTS
    | {
        "app/pnpm-workspace.yaml": "packages:\n  - api\n  - shared\n",
        "app/package.json": '{"name": "mono", "private": true, "version": "1.0.0"}\n',
        "app/shared/package.json": '{"name": "@mono/shared", "version": "1.0.0", "private": true, "main": "index.js", '
        '"files": ["index.js"], "dependencies": {"zod": "^4", "lodash": "^4"}, "devDependencies": {"vitest": "^3"}}\n',
        "app/shared/index.js": """'use strict';
const { z } = require('zod');
const { capitalize } = require('lodash');

exports.Order = z.object({ name: z.string().min(1).transform(capitalize) });
""",
        "app/api/package.json": """{
  "name": "api", "version": "1.0.0", "private": true, "main": "dist/server.js", "files": ["dist"],
  "scripts": {"start": "node dist/server.js", "build": "tsc", "dev": "tsx watch src/server.ts"},
  "dependencies": {"@mono/shared": "workspace:*", "@trpc/server": "^11", "compression": "^1", "cors": "^2",
    "drizzle-orm": "^0.44", "express": "^5", "helmet": "^8", "jose": "^6", "pg": "^8", "pino": "^9", "pino-http": "^10",
    "prom-client": "^15", "superjson": "^1", "undici": "^7"},
  "devDependencies": {"typescript": "^5", "tsx": "^4", "@types/node": "^22", "@types/express": "^5",
    "drizzle-kit": "^0.31"}
}
""",
        "app/api/tsconfig.json": """{"compilerOptions": {"target": "es2022", "module": "node16",
 "moduleResolution": "node16",
 "outDir": "dist", "rootDir": "src", "strict": false, "skipLibCheck": true, "noEmitOnError": false,
 "esModuleInterop": true}, "include": ["src"]}
""",
        "app/api/src/server.ts": """import compression from 'compression';
import cors from 'cors';
import express from 'express';
import helmet from 'helmet';
import pinoHttp from 'pino-http';
import { createExpressMiddleware } from '@trpc/server/adapters/express';
import { appRouter, createContext } from './router';

const app = express();
app.use(helmet(), cors(), compression(), pinoHttp());
app.get('/health', (request: any, response: any) => { response.json({ ok: true }); });
app.get('/metrics', async (request: any, response: any) => {
  const client = await import('prom-client');
  response.type(client.register.contentType).send(await client.register.metrics());
});
app.get('/fail', () => { throw new Error('on purpose'); });
app.use('/trpc', createExpressMiddleware({ router: appRouter, createContext }));
const server = app.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close());
""",
        "app/api/src/router.ts": """import { initTRPC, TRPCError } from '@trpc/server';
import superjson from 'superjson';
const { Order } = require('@mono/shared');

const t = initTRPC.context<any>().create({ transformer: superjson });
const orders: any[] = [];

export const createContext = ({ req }: any) => ({ user: req.headers.authorization });
const signedIn = t.procedure.use(({ ctx, next }) => {
  if (!ctx.user) throw new TRPCError({ code: 'UNAUTHORIZED' });
  return next();
});
export const appRouter = t.router({
  orders: t.procedure.query(() => orders),
  now: t.procedure.query(() => new Date(0)),
  add: t.procedure.input(Order).mutation(({ input }) => { if (orders.length < 10) orders.push(input); return input; }),
  secret: signedIn.query(() => 'secret'),
  stored: t.procedure.query(async () => {
    const { db } = await import('./db');
    return db().execute('select 1');
  }),
});
""",
        "app/api/src/db.ts": """import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';

export const db = () => drizzle(new Pool({ connectionString: 'postgres://127.0.0.1:1/shop' }));
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        "npm install -q -g pnpm@9 && cd /app && NODE_ENV=development pnpm install --silent",
        "cd /app/api && ./node_modules/.bin/tsc || true",
        "cd /app && rm -rf /srv/api && pnpm --filter api deploy --prod --silent /srv/api",
        "cd / && rm -rf /app /root/.local/share/pnpm && npm uninstall -q -g pnpm",
    ),
    asks=tuple(
        f"http://127.0.0.1:9993/{path}"
        for path in (
            "health",
            "metrics",
            "fail",
            "trpc/orders",
            "trpc/now",
            "trpc/secret",
            "trpc/stored",
            "trpc/no",
            "no",
        )
    ),
    sends=(
        ("http://127.0.0.1:9993/trpc/add", '{"json": {"name": "one"}}'),
        ("http://127.0.0.1:9993/trpc/add", '{"json": {"name": ""}}'),
        ("http://127.0.0.1:9993/trpc/add", "{no"),
    ),
    seconds=20,
)

NITRO = Recipe(
    name="nitro",
    packages=("ca-certificates", "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "9994", "HOST": "127.0.0.1"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", ".output/server/index.mjs"),
    files=HOSTS
    | {
        "app/package.json": """{
  "name": "edge", "version": "0.3.0", "private": true, "type": "module",
  "scripts": {"build": "nitropack build", "dev": "nitropack dev", "start": "node .output/server/index.mjs"},
  "dependencies": {"date-fns": "^4", "ioredis": "^5", "jsonwebtoken": "^9", "marked": "^15", "sharp": "^0.34",
    "zod": "^4"},
  "devDependencies": {"nitropack": "^2", "h3": "^1", "typescript": "^5", "vitest": "^3"}
}
""",
        "app/nitro.config.ts": "export default { srcDir: 'server', compatibilityDate: '2025-01-01', "
        "publicAssets: [{ dir: 'public' }], experimental: { tasks: true } };",
        "app/server/public/robots.txt": "User-agent: *\n",
        "app/server/routes/index.ts": """import { defineEventHandler } from 'h3';
import { marked } from 'marked';

export default defineEventHandler(() => marked.parse('# Shop'));
""",
        "app/server/routes/picture.ts": """import { defineEventHandler, setHeader } from 'h3';
import sharp from 'sharp';

export default defineEventHandler(async (event) => {
  setHeader(event, 'Content-Type', 'image/png');
  return await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } }).png().toBuffer();
});
""",
        "app/server/routes/orders.get.ts": """import { defineEventHandler } from 'h3';
import { useStorage } from 'nitropack/runtime';

export default defineEventHandler(async () => (await useStorage().getItem('orders')) ?? []);
""",
        "app/server/routes/orders.post.ts": """import { createError, defineEventHandler, readBody } from 'h3';
import { useStorage } from 'nitropack/runtime';
import { formatISO } from 'date-fns';
import { z } from 'zod';

const Order = z.object({ name: z.string().min(1) });

export default defineEventHandler(async (event) => {
  const order = Order.safeParse(await readBody(event));
  if (!order.success) throw createError({ statusCode: 422, statusMessage: 'no' });
  await useStorage().setItem('orders', [{ ...order.data, at: formatISO(0) }]);
  return { ok: true };
});
""",
        "app/server/routes/token.ts": """import { defineEventHandler } from 'h3';
import jwt from 'jsonwebtoken';

export default defineEventHandler(() => jwt.sign({ sub: 'a' }, 'secret'));
""",
        "app/server/routes/live.ts": """import { defineEventHandler } from 'h3';

export default defineEventHandler(async () => {
  if (!process.env.REDIS_URL) return 'none';
  const { Redis } = await import('ioredis');
  return new Redis(process.env.REDIS_URL).ping();
});
""",
        "app/server/tasks/clean.ts": """import { defineTask } from 'nitropack/runtime';

export default defineTask({ meta: { name: 'clean' }, run: async () => ({ result: 'ok' }) });
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        "cd /app && npm install -q --include=dev --no-audit --no-fund && NODE_ENV=production npx nitropack build",
        "cd /app && rm -rf node_modules server nitro.config.ts package.json package-lock.json .nitro",
    ),
    asks=tuple(
        f"http://127.0.0.1:9994/{path}" for path in ("", "picture", "orders", "token", "live", "robots.txt", "no")
    ),
    sends=(
        ("http://127.0.0.1:9994/orders", '{"name": "one"}'),
        ("http://127.0.0.1:9994/orders", '{"name": ""}'),
        ("http://127.0.0.1:9994/orders", "{no"),
    ),
    seconds=15,
)

TSED = Recipe(
    name="tsed",
    packages=("ca-certificates", "tini", "curl"),
    env=PRODUCTION_NODE | {"PORT": "9995"},
    entrypoint=("tini", "--", "docker-entrypoint.sh"),
    cmd=("node", "dist/index.js"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "rooms", "version": "2.0.0", "private": true,
  "scripts": {"build": "tsc", "start": "node dist/index.js", "test": "jest"},
  "dependencies": {"@tsed/ajv": "^7", "@tsed/common": "^7", "@tsed/core": "^7", "@tsed/di": "^7",
    "@tsed/exceptions": "^7", "@tsed/json-mapper": "^7", "@tsed/openspec": "^7", "@tsed/platform-exceptions": "^7",
    "@tsed/platform-express": "^7", "@tsed/platform-params": "^7", "@tsed/schema": "^7", "@tsed/swagger": "^7",
    "@tsed/logger": "^6", "ajv": "^8", "body-parser": "^1", "compression": "^1", "cookie-parser": "^1", "cors": "^2",
    "express": "^4", "method-override": "^3", "typeorm": "^0.3", "pg": "^8", "reflect-metadata": "^0.2"},
  "devDependencies": {"typescript": "^5", "@types/node": "^22", "@types/express": "^4", "jest": "^29",
    "supertest": "^7"}
}
""",
        "app/tsconfig.json": """{"compilerOptions": {"target": "es2020", "module": "commonjs",
 "moduleResolution": "node", "outDir": "dist",
 "rootDir": "src", "experimentalDecorators": true, "emitDecoratorMetadata": true, "skipLibCheck": true,
 "noEmitOnError": false, "strict": false, "esModuleInterop": true}, "include": ["src"]}
""",
        "app/src/index.ts": """import { $log } from '@tsed/common';
import { PlatformExpress } from '@tsed/platform-express';
import { Server } from './Server';

async function bootstrap() {
  try {
    const platform = await PlatformExpress.bootstrap(Server);
    await platform.listen();
  } catch (error) {
    $log.error({ event: 'SERVER_BOOTSTRAP_ERROR', error });
    process.exit(1);
  }
}

bootstrap();
""",
        "app/src/Server.ts": """import '@tsed/platform-express';
import '@tsed/ajv';
import '@tsed/swagger';
import { Configuration } from '@tsed/di';
import * as rooms from './rooms';

@Configuration({
  rootDir: __dirname,
  acceptMimes: ['application/json'],
  httpPort: `127.0.0.1:${process.env.PORT}`,
  httpsPort: false,
  mount: { '/rest': [...Object.values(rooms) as any] },
  swagger: [{ path: '/doc', specVersion: '3.0.1' }],
  middlewares: ['cors', 'cookie-parser', 'compression', 'method-override', 'json-parser',
    { use: 'urlencoded-parser', options: { extended: true } }],
} as any)
export class Server {}
""",
        "app/src/rooms.ts": """import { BodyParams, Controller, Get, PathParams, Post } from '@tsed/common';
import { Injectable } from '@tsed/di';
import { NotFound } from '@tsed/exceptions';
import { MinLength, Property, Required, Returns } from '@tsed/schema';

class Room {
  @Property() id: string;
  @Required() @MinLength(1) name: string;
}

@Injectable()
class Rooms {
  rooms: Room[] = [];
  async connect() {
    const { DataSource } = await import('typeorm');
    return new DataSource({ type: 'postgres', url: process.env.DATABASE_URL } as any).initialize();
  }
}

@Controller('/rooms')
export class RoomsController {
  constructor(private rooms: Rooms) {}

  @Get('/')
  list() { return this.rooms.rooms; }

  @Get('/stored')
  async stored() { return process.env.DATABASE_URL ? (await this.rooms.connect()).query('select 1') : []; }

  @Get('/:id')
  one(@PathParams('id') id: string) {
    const room = this.rooms.rooms.find((each) => each.id === id);
    if (!room) throw new NotFound('no room');
    return room;
  }

  @Post('/')
  @(Returns(201, Room) as any)
  add(@BodyParams() room: Room) {
    room.id = String(this.rooms.rooms.length);
    if (this.rooms.rooms.length < 10) this.rooms.rooms.push(room);
    return room;
  }
}
""",
    },
    prepare=(
        *NODE,
        "hash -r",
        f"cd /app && {NPM_CI} && (npx tsc || true) && npm prune -q --omit=dev && rm -rf src",
    ),
    asks=tuple(
        f"http://127.0.0.1:9995/{path}"
        for path in ("rest/rooms", "rest/rooms/0", "rest/rooms/9", "doc/", "doc/swagger.json", "no")
    ),
    sends=(
        ("http://127.0.0.1:9995/rest/rooms", '{"name": "one"}'),
        ("http://127.0.0.1:9995/rest/rooms", '{"name": ""}'),
        ("http://127.0.0.1:9995/rest/rooms", "{no"),
    ),
    seconds=20,
)

H2 = Recipe(
    name="h2",
    packages=(*FULL, "openjdk-21-jdk-headless", "libh2-java", "libpostgresql-jdbc-java", "libmariadb-java", "tini"),
    env=SYSTEM
    | {"JAVA_HOME": "/usr/lib/jvm/java-21-openjdk-amd64", "JAVA_OPTS": "-Xmx128m -Dh2.bindAddress=127.0.0.1"},
    folder="/opt/h2-data",
    entrypoint=("/usr/bin/tini", "--", "/usr/local/bin/h2-server"),
    files=HOSTS
    | {
        "usr/local/bin/h2-server": """#!/bin/sh
set -e
exec java $JAVA_OPTS -cp "/usr/share/java/h2.jar:/usr/share/java/postgresql.jar" org.h2.tools.Server \\
  -web -webPort 9996 -tcp -tcpPort 9997 -baseDir /opt/h2-data -ifNotExists "$@"
""",
    },
    asks=tuple(
        f"http://127.0.0.1:9996/{path}"
        for path in (
            "",
            "login.jsp",
            "help.jsp",
            "stylesheet.css",
            "icon_run.gif",
            "login.do?url=jdbc:h2:mem:a",
            "no.jsp",
        )
    ),
    sends=(
        ("tcp://127.0.0.1:9997", "hello\n"),
        ("http://127.0.0.1:9996/test.do", "driver=org.h2.Driver&url=jdbc:h2:mem:a"),
    ),
    seconds=15,
)

MEDIAWIKI = Recipe(
    name="mediawiki",
    packages=(
        *("apache2", "libapache2-mod-php", "php-sqlite3", "php-mbstring", "php-xml", "php-intl", "php-apcu", "php-cli"),
        *("mediawiki", "imagemagick", "librsvg2-bin", "git", "diffutils", "python3", "php-curl"),
    ),
    env=SYSTEM | {"APACHE_CONFDIR": "/etc/apache2", "APACHE_ENVVARS": "/etc/apache2/envvars"},
    folder="/var/lib/mediawiki",
    entrypoint=("docker-php-entrypoint",),
    cmd=("apache2-foreground",),
    files=HOSTS
    | {
        "usr/local/bin/docker-php-entrypoint": """#!/bin/sh
set -e

# first arg is `-f` or `--some-option`
if [ "${1#-}" != "$1" ]; then
	set -- apache2-foreground "$@"
fi

exec "$@"
""",
        "usr/local/bin/apache2-foreground": """#!/bin/bash
set -e

: "${APACHE_CONFDIR:=/etc/apache2}"
: "${APACHE_ENVVARS:=$APACHE_CONFDIR/envvars}"
if test -f "$APACHE_ENVVARS"; then
	. "$APACHE_ENVVARS"
fi

# Apache gets grumpy about PID files pre-existing
: "${APACHE_RUN_DIR:=/var/run/apache2}"
: "${APACHE_PID_FILE:=$APACHE_RUN_DIR/apache2.pid}"
rm -f "$APACHE_PID_FILE"

# create missing directories
for e in "${!APACHE_@}"; do
	if [[ "$e" == *_DIR ]] && [[ "${!e}" == /* ]]; then
		dir="${!e}"
		while [ "$dir" != "$(dirname "$dir")" ]; do
			dir="$(dirname "$dir")"
			if [ -d "$dir" ]; then
				break
			fi
			absDir="$(readlink -f "$dir" 2>/dev/null || :)"
			if [ -n "$absDir" ]; then
				mkdir -p "$absDir"
			fi
		done
		mkdir -p "${!e}"
	fi
done

exec apache2 -DFOREGROUND "$@"
""",
        "etc/apache2/ports.conf": "Listen 127.0.0.1:9998\n",
        "etc/apache2/sites-enabled/000-default.conf": """<VirtualHost *:9998>
    DocumentRoot /var/lib/mediawiki
    ErrorLog /dev/stderr
    CustomLog /dev/stdout combined
    <Directory /var/lib/mediawiki>
        AllowOverride None
        Require all granted
    </Directory>
</VirtualHost>
""",
    },
    prepare=(
        "mkdir -p /var/wiki && cd /var/lib/mediawiki && php maintenance/install.php --dbtype sqlite --dbpath /var/wiki "
        "--dbname wiki --server http://127.0.0.1:9998 --scriptpath '' --pass 'long secret one' Shop Admin",
        "printf '$wgEnableUploads = true;\\n$wgUseImageMagick = true;\\n' >> /var/lib/mediawiki/LocalSettings.php",
        "chown -R www-data:www-data /var/wiki && a2dismod -q mpm_event; a2enmod -q mpm_prefork php8.4 rewrite",
    ),
    asks=tuple(
        f"http://127.0.0.1:9998/{path}"
        for path in (
            *(
                "",
                "index.php/Main_Page",
                "index.php?title=Special:Version",
                "api.php?action=query&format=json",
                "load.php",
            ),
            *("index.php?title=Special:Search&search=shop", "index.php?title=Main_Page&action=history", "no"),
            *(
                "api.php?action=parse&text=%27%27a%27%27&contentmodel=wikitext&format=json",
                "rest.php/v1/page/Main_Page",
            ),
        )
    ),
    sends=(
        (
            "http://127.0.0.1:9998/api.php?action=edit&format=json",
            "title=One&text=hello&token=%2B%5C",
        ),
        ("http://127.0.0.1:9998/index.php?title=Special:UserLogin", "wpName=Admin&wpPassword=no"),
    ),
    seconds=30,
)

PYTHON_APPS = (QUART, SYNAPSE, CONNEXION, CHERRYPY)
NODE_APPS = (BREE, TRPC, NITRO, TSED)
APPS = (*PYTHON_APPS, *NODE_APPS, H2, MEDIAWIKI)
