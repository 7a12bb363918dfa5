"""Group B of the fourteenth set: one web application each, on the base of the full images."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, FULL, FULL_PYTHON, NODE
from benchmarks.in_use.recipes.twelfth import HOSTS

SOCKET_IO = Recipe(
    name="flask-socketio",
    packages=FULL_PYTHON,
    python=(
        *("flask", "flask-socketio", "gevent", "gevent-websocket", "gunicorn", "flask-login", "flask-sqlalchemy"),
        *("flask-migrate", "flask-wtf", "flask-caching", "flask-limiter", "psycopg2-binary", "redis", "python-dotenv"),
        *("marshmallow", "email-validator", "pymysql", "pytest", "pytest-flask", "black", "flake8", "isort", "faker"),
    ),
    env=VENV | {"FLASK_APP": "shop", "SHOP_SETTINGS": "shop.settings.Production", "PYTHONUNBUFFERED": "1"},
    cmd=(
        *("gunicorn", "-k", "geventwebsocket.gunicorn.workers.GeventWebSocketWorker", "-w", "1"),
        *("-b", "127.0.0.1:9611", "shop:create_app()"),
    ),
    files=HOSTS
    | {
        "app/.env": "SHOP_NAME=shop\n",
        "app/shop/__init__.py": """import os
from importlib import import_module

from dotenv import load_dotenv
from flask import Flask

from shop.extensions import cache, db, limiter, login, migrate, socketio


def create_app():
    load_dotenv()
    app = Flask(__name__)
    app.config.from_object(os.environ["SHOP_SETTINGS"])
    for extension in (db, cache, login, limiter):
        extension.init_app(app)
    migrate.init_app(app, db)
    socketio.init_app(app, cors_allowed_origins="*")
    for name in ("pages", "orders"):
        app.register_blueprint(import_module(f"shop.{name}").blueprint)
    with app.app_context():
        db.create_all()
    return app
""",
        "app/shop/extensions.py": """from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy

cache, db, login, migrate, socketio = Cache(), SQLAlchemy(), LoginManager(), Migrate(), SocketIO()
limiter = Limiter(get_remote_address)
""",
        "app/shop/settings.py": """class Base:
    SECRET_KEY = "one"
    CACHE_TYPE = "SimpleCache"
    SQLALCHEMY_DATABASE_URI = "sqlite:////tmp/shop.sqlite3"
    RATELIMIT_STORAGE_URI = "memory://"


class Production(Base):
    WTF_CSRF_ENABLED = False
""",
        "app/shop/models.py": """from shop.extensions import db, login


class Order(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80))


@login.user_loader
def load(number):
    return None
""",
        "app/shop/pages.py": """from flask import Blueprint, render_template
from flask_socketio import emit
from flask_wtf import FlaskForm
from wtforms import EmailField
from wtforms.validators import Email

from shop.extensions import cache, socketio

blueprint = Blueprint("pages", __name__)


class Sign(FlaskForm):
    mail = EmailField(validators=[Email()])


@blueprint.route("/", methods=["GET", "POST"])
def index():
    form = Sign()
    return render_template("index.html", form=form, ok=form.validate_on_submit())


@blueprint.get("/cached")
@cache.cached(timeout=5)
def cached():
    return "cached"


@blueprint.get("/broken")
def broken():
    raise RuntimeError("broken")


@socketio.on("message")
def message(data):
    emit("message", data)
""",
        "app/shop/orders.py": """from flask import Blueprint, jsonify, request
from marshmallow import Schema, fields

from shop.extensions import db, limiter
from shop.models import Order

blueprint = Blueprint("orders", __name__, url_prefix="/orders")


class OrderSchema(Schema):
    id = fields.Int(dump_only=True)
    name = fields.Str(required=True)


@blueprint.get("/")
@limiter.limit("5/second")
def every():
    return jsonify(OrderSchema(many=True).dump(Order.query.all()))


@blueprint.post("/")
def add():
    order = Order(**OrderSchema().load(request.get_json()))
    db.session.add(order)
    db.session.commit()
    return OrderSchema().dump(order), 201
""",
        "app/shop/templates/index.html": "<h1>shop {{ ok }}</h1>{{ form.mail }}\n",
    },
    asks=tuple(
        f"http://127.0.0.1:9611/{path}"
        for path in ("", "cached", "orders/", "broken", "socket.io/?EIO=4&transport=polling", "nothing")
    ),
    sends=(
        ("http://127.0.0.1:9611/", "mail=one@shop.example"),
        ("http://127.0.0.1:9611/orders/", '{"name": "one"}'),
        ("http://127.0.0.1:9611/orders/", '{"nam": "one"}'),
    ),
    hangup=True,
    seconds=25,
)

ASSISTANT = Recipe(
    name="assistant",
    packages=FULL_PYTHON,
    python=(
        *("fastapi", "uvicorn[standard]", "langchain-core", "langchain-openai", "langchain-text-splitters", "openai"),
        *("tiktoken", "qdrant-client", "sqlmodel", "python-multipart", "pypdf", "numpy", "structlog", "tenacity"),
        *("prometheus-fastapi-instrumentator", "pydantic-settings", "redis", "boto3", "asyncpg", "pytest", "ruff"),
    ),
    env=VENV | {"OPENAI_API_KEY": "none", "APP_ENV": "production", "PYTHONPATH": "/app/src"},
    cmd=("uvicorn", "assistant.main:app", "--host", "127.0.0.1", "--port", "9612", "--workers", "2", "--proxy-headers"),
    files=HOSTS
    | {
        "app/src/assistant/__init__.py": "",
        "app/src/assistant/settings.py": """from functools import lru_cache

from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    app_env: str = "dev"
    openai_api_key: str
    openai_url: str = "http://127.0.0.1:1"


@lru_cache
def settings():
    return Settings()
""",
        "app/src/assistant/main.py": """from contextlib import asynccontextmanager

import structlog
from fastapi import FastAPI
from prometheus_fastapi_instrumentator import Instrumentator
from sqlmodel import SQLModel

from assistant.api import documents, questions
from assistant.store import engine

log = structlog.get_logger()


@asynccontextmanager
async def lifespan(app):
    SQLModel.metadata.create_all(engine)
    log.info("started")
    yield


app = FastAPI(lifespan=lifespan)
app.include_router(documents.router)
app.include_router(questions.router)
Instrumentator().instrument(app).expose(app)


@app.get("/health")
def health():
    return {"up": True}
""",
        "app/src/assistant/store.py": """from sqlmodel import Field, SQLModel, create_engine

engine = create_engine("sqlite:////tmp/assistant.sqlite3")


class Document(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str
""",
        "app/src/assistant/api/__init__.py": "",
        "app/src/assistant/api/documents.py": """from fastapi import APIRouter, UploadFile
from langchain_text_splitters import RecursiveCharacterTextSplitter
from sqlmodel import Session, select

from assistant.store import Document, engine

router = APIRouter(prefix="/documents")


@router.get("/")
def every():
    with Session(engine) as session:
        return session.exec(select(Document)).all()


@router.post("/")
def add(document: Document):
    parts = RecursiveCharacterTextSplitter(chunk_size=10, chunk_overlap=0).split_text(document.text)
    with Session(engine) as session:
        session.add_all(Document(text=part) for part in parts)
        session.commit()
    return {"parts": len(parts)}


@router.post("/file")
def read(file: UploadFile):
    from pypdf import PdfReader

    return {"pages": len(PdfReader(file.file).pages)}
""",
        "app/src/assistant/api/questions.py": """from fastapi import APIRouter, HTTPException
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from tenacity import retry, stop_after_attempt

from assistant.settings import settings

router = APIRouter(prefix="/questions")


@retry(stop=stop_after_attempt(2), reraise=True)
def ask(text):
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(model="gpt-4o", base_url=settings().openai_url, max_retries=0, timeout=2)
    chain = ChatPromptTemplate.from_template("Answer: {text}") | model | StrOutputParser()
    return chain.invoke({"text": text})


@router.get("/")
def answer(text: str = "one"):
    try:
        return {"answer": ask(text)}
    except Exception as error:
        raise HTTPException(502, str(error)) from error


@router.get("/near")
def near():
    import numpy
    from qdrant_client import QdrantClient, models

    client = QdrantClient(":memory:")
    client.create_collection("one", vectors_config=models.VectorParams(size=2, distance=models.Distance.COSINE))
    client.upsert("one", [models.PointStruct(id=1, vector=[0.1, 0.2], payload={})])
    return {"near": len(client.query_points("one", query=numpy.array([0.1, 0.2])).points)}
""",
    },
    asks=tuple(
        f"http://127.0.0.1:9612/{path}"
        for path in ("health", "documents/", "questions/", "questions/near", "metrics", "openapi.json", "nothing")
    ),
    sends=(
        ("http://127.0.0.1:9612/documents/", '{"text": "one two three four five"}'),
        ("http://127.0.0.1:9612/documents/", '{"name": 1}'),
        ("http://127.0.0.1:9612/documents/file", "x"),
    ),
    seconds=60,
)

GRADIO = Recipe(
    name="gradio",
    packages=(*FULL_PYTHON, "ffmpeg"),
    python=("gradio", "matplotlib", "scikit-learn", "requests", "transformers", "pytest", "jupyterlab", "pre-commit"),
    env=VENV | {"GRADIO_SERVER_NAME": "127.0.0.1", "GRADIO_ANALYTICS_ENABLED": "False", "MPLCONFIGDIR": "/tmp/mpl"},
    cmd=("python", "app.py"),
    files=HOSTS
    | {
        "app/app.py": """import gradio as gr
import pandas as pd

import plots


def greet(name, times):
    return ("Hello " + name + "! ") * int(times)


def table():
    return pd.DataFrame({"name": ["a", "b"], "amount": [1, 2]})


with gr.Blocks(title="shop") as page:
    name, times = gr.Textbox(), gr.Slider(1, 5)
    said = gr.Textbox()
    gr.Button("Greet").click(greet, [name, times], said, api_name="greet")
    gr.Button("Table").click(table, None, gr.Dataframe(), api_name="table")
    gr.Button("Plot").click(plots.chart, None, gr.Plot(), api_name="plot")

page.launch(server_port=9613)
""",
        "app/plots.py": """def chart():
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    from sklearn.linear_model import LinearRegression

    model = LinearRegression().fit([[0], [1]], [0, 1])
    figure, axes = plt.subplots()
    axes.plot(model.predict([[0], [2]]))
    return figure
""",
    },
    asks=tuple(f"http://127.0.0.1:9613/{path}" for path in ("", "config", "gradio_api/info", "theme.css", "nothing")),
    sends=tuple(
        (f"http://127.0.0.1:9613/gradio_api/{path}", body)
        for path, body in (
            ("run/greet", '{"data": ["one", 2]}'),
            ("run/table", '{"data": []}'),
            ("run/plot", '{"data": []}'),
            ("call/greet", '{"data": ["one", 2]}'),
        )
    ),
    seconds=60,
)

BULLMQ = Recipe(
    name="bullmq",
    packages=(*FULL, "redis-server"),
    env=SYSTEM
    | {"NODE_ENV": "production", "PORT": "9614", "REDIS_URL": "redis://127.0.0.1:9615", "NODE_VERSION": "22"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("npm", "run", "start:all"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "shop", "version": "1.0.0", "private": true,
  "scripts": {"start:all": "concurrently -k 'npm:start:*(!all)'", "start:store": "redis-server --port 9615 --save ''",
    "start:api": "node src/api.js", "start:worker": "node src/worker.js", "test": "mocha"},
  "dependencies": {"bullmq": "^5", "concurrently": "^9", "express": "^5", "ioredis": "^5", "socket.io": "^4",
    "@bull-board/api": "^6", "@bull-board/express": "^6", "axios": "^1", "bunyan": "^1", "config": "^4",
    "handlebars": "^4", "jimp": "^1", "knex": "^3", "lodash": "^4", "mongodb": "^6", "node-cron": "^4",
    "pdfkit": "^0.17"},
  "devDependencies": {"chai": "^5", "eslint": "^9", "mocha": "^11", "nyc": "^17", "sinon": "^20", "typescript": "^5"}
}
""",
        "app/config/default.json": '{"queue": {"name": "orders"}, "processor": "pdf"}\n',
        "app/config/production.json": '{"queue": {"name": "orders-production"}}\n',
        "app/src/api.js": """const config = require('config');
const express = require('express');
const http = require('http');
const { Server } = require('socket.io');
const { Queue } = require('bullmq');
const { createBullBoard } = require('@bull-board/api');
const { BullMQAdapter } = require('@bull-board/api/bullMQAdapter');
const { ExpressAdapter } = require('@bull-board/express');
const connection = require('./connection');
const log = require('./log');

const queue = new Queue(config.get('queue.name'), { connection });
const board = new ExpressAdapter();
board.setBasePath('/board');
createBullBoard({ queues: [new BullMQAdapter(queue)], serverAdapter: board });
const app = express();
app.use(express.json());
app.use('/board', board.getRouter());
app.get('/', async (req, res) => res.json(await queue.getJobCounts()));
app.post('/orders', async (req, res) => res.status(202).json({ id: (await queue.add(req.body.kind, req.body)).id }));
app.get('/broken', async () => { throw new Error('broken'); });
const server = http.createServer(app);
new Server(server).on('connection', (socket) => socket.emit('hello'));
server.listen(Number(process.env.PORT), '127.0.0.1', () => log.info('up'));
""",
        "app/src/connection.js": "const Redis = require('ioredis');\n\n"
        "module.exports = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });\n",
        "app/src/log.js": "module.exports = require('bunyan').createLogger({ name: 'shop' });\n",
        "app/src/worker.js": """const config = require('config');
const cron = require('node-cron');
const { Worker } = require('bullmq');
const connection = require('./connection');
const log = require('./log');

const worker = new Worker(config.get('queue.name'), (job) => require(`./jobs/${job.name}`)(job), { connection });
worker.on('completed', (job) => log.info({ job: job.id }, 'done'));
worker.on('failed', (job, error) => log.error(error.message));
cron.schedule('*/5 * * * * *', () => log.info('tick'));
""",
        "app/src/jobs/pdf.js": """const PDFDocument = require('pdfkit');

module.exports = async (job) => {
  const page = new PDFDocument();
  page.text(require('handlebars').compile('Order {{name}}')(job.data));
  page.end();
  return page.read()?.length;
};
""",
        "app/src/jobs/image.js": """const { Jimp } = require('jimp');

module.exports = async () => (await new Jimp({ width: 8, height: 8 }).getBuffer('image/png')).length;
""",
        "app/src/jobs/fetch.js": "module.exports = (job) =>\n"
        "  require('axios').get(job.data.url).then((answer) => answer.status);\n",
    },
    prepare=(*NODE, "cd /app && npm install -q --include=dev --no-audit --no-fund"),
    asks=tuple(
        f"http://127.0.0.1:9614/{path}"
        for path in ("", "board/", "board/api/queues", "broken", "nothing", "socket.io/?EIO=4&transport=polling")
    ),
    sends=tuple(
        ("http://127.0.0.1:9614/orders", body)
        for body in (
            '{"kind": "pdf", "name": "one"}',
            '{"kind": "image"}',
            '{"kind": "nothing"}',
            '{"kind": "fetch", "url": "http://127.0.0.1:9614/"}',
        )
    ),
    seconds=35,
)

ASTRO = Recipe(
    name="astro",
    packages=FULL,
    env=SYSTEM | {"HOST": "127.0.0.1", "PORT": "9616", "NODE_VERSION": "22", "ASTRO_TELEMETRY_DISABLED": "1"},
    entrypoint=("docker-entrypoint.sh",),
    cmd=("node", "./dist/server/entry.mjs"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "shop", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"build": "astro build", "start": "node ./dist/server/entry.mjs", "dev": "astro dev"},
  "dependencies": {"astro": "^5", "@astrojs/node": "^9", "@astrojs/react": "^4", "react": "^19", "react-dom": "^19",
    "marked": "^16", "sanitize-html": "^2", "pg": "^8"},
  "devDependencies": {"@astrojs/check": "^0.9", "typescript": "^5", "prettier": "^3", "prettier-plugin-astro": "^0.14",
    "@playwright/test": "^1", "eslint": "^9"}
}
""",
        "app/astro.config.mjs": """import node from '@astrojs/node';
import react from '@astrojs/react';
import { defineConfig } from 'astro/config';

export default defineConfig({ output: 'server', adapter: node({ mode: 'standalone' }), integrations: [react()] });
""",
        "app/src/pages/index.astro": """---
import Count from '../components/Count.jsx';
import { marked } from 'marked';
const text = marked('# shop');
---
<html><head><title>shop</title></head><body><Fragment set:html={text} /><Count client:load /></body></html>
""",
        "app/src/pages/orders.json.js": """import sanitize from 'sanitize-html';

export const GET = () => new Response(JSON.stringify({ name: sanitize('<b>one</b><script>') }));
export const POST = async ({ request }) => new Response(JSON.stringify(await request.json()));
""",
        "app/src/pages/broken.js": "export const GET = () => { throw new Error('broken'); };\n",
        "app/src/components/Count.jsx": "import { useState } from 'react';\n\nexport default function Count() {\n"
        "  const [n, set] = useState(0);\n  return <button onClick={() => set(n + 1)}>{n}</button>;\n}\n",
    },
    prepare=(
        *NODE,
        "cd /app && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm install -q --no-audit --no-fund && npm run build",
    ),
    asks=tuple(f"http://127.0.0.1:9616/{path}" for path in ("", "orders.json", "broken", "favicon.svg", "nothing")),
    sends=(("http://127.0.0.1:9616/orders.json", '{"name": "one"}'), ("http://127.0.0.1:9616/orders.json", "{")),
    seconds=15,
)

REDMINE = Recipe(
    name="redmine",
    packages=(*FULL, "redmine", "redmine-sqlite", "dbconfig-no-thanks", "puma", "gosu", "ghostscript", "ruby-dev"),
    env=SYSTEM
    | {
        "RAILS_ENV": "production",
        "LANG": "C.UTF-8",
        "X_DEBIAN_SITEID": "default",
        "REDMINE_DB_SQLITE": "/tmp/redmine.sqlite3",
        "SECRET_KEY_BASE": "one" * 20,
    },
    folder="/usr/share/redmine",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("rails", "server", "-b", "127.0.0.1", "-p", "9617"),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/usr/bin/env bash
set -Eeo pipefail

isLikelyRedmine=
case "$1" in
	rails | rake ) isLikelyRedmine=1 ;;
esac

_fix_permissions() {
	local dirs=( /var/lib/redmine/default /tmp/redmine ) args=()
	mkdir -p "${dirs[@]}"
	args+=( ${args[@]+,} '(' '!' -user root -exec chown root '{}' + ')' )
	find "${dirs[@]}" "${args[@]}" || :
}

if [ -n "$isLikelyRedmine" ]; then
	_fix_permissions
	if [ ! -f './config/database.yml' ]; then
		if [ "$REDMINE_DB_MYSQL" ]; then
			adapter='mysql2'
			host="$REDMINE_DB_MYSQL"
		else
			echo >&2 'warning: falling back to SQLite'
			adapter='sqlite3'
		fi
	fi
	# clean up the application's caches
	rm -f tmp/pids/server.pid
	if [ "$1" != 'rake' -a -z "$REDMINE_NO_DB_MIGRATE" ]; then
		bundle exec rake db:migrate
	fi
	set -- bundle exec "$@"
fi

exec "$@"
""",
        "etc/redmine/default/database.yml": "production:\n  adapter: sqlite3\n  database: /tmp/redmine.sqlite3\n",
        "etc/redmine/default/secret_key.txt": "onetwothree" * 6 + "\n",
    },
    asks=tuple(
        f"http://127.0.0.1:9617/{path}"
        for path in ("", "login", "projects", "projects.json", "issues.pdf", "issues.csv", "activity.atom", "nothing")
    ),
    sends=(("http://127.0.0.1:9617/login", "username=one&password=two"),),
    seconds=110,
)

ROUNDCUBE = Recipe(
    name="roundcube",
    packages=(
        *FULL,
        *(
            "roundcube",
            "roundcube-sqlite3",
            "dbconfig-no-thanks",
            "apache2",
            "libapache2-mod-php",
            "php-intl",
            "php-gd",
        ),
        *("php-curl", "php-zip", "composer", "aspell", "re2c"),
    ),
    env=SYSTEM
    | {"APACHE_CONFDIR": "/etc/apache2", "APACHE_ENVVARS": "/etc/apache2/envvars", "ROUNDCUBEMAIL_DB_TYPE": "sqlite"},
    folder="/var/lib/roundcube",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("apache2-foreground",),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/usr/bin/env bash
# set -ex

if [[ "$1" == apache2* ]] || [[ "$1" == php-fpm* ]] || [[ "$1" == bin* ]]; then
  INSTALLDIR=$(pwd)
  if ! [ -e public_html/index.php ]; then
    echo >&2 "roundcube not found in $PWD - copying now..."
    tar cf - --one-file-system -C /usr/src/roundcubemail . | tar xf -
  fi
  if [ ! -z "${!POSTGRES_ENV_POSTGRES_*}" ] || [ "$ROUNDCUBEMAIL_DB_TYPE" == "pgsql" ]; then
    : "${ROUNDCUBEMAIL_DB_HOST:=postgres}"
  else
    : "${ROUNDCUBEMAIL_DB_NAME:=sqlite:////tmp/roundcube.db?mode=0646}"
  fi
  echo "<?php \\$config['db_dsnw'] = '${ROUNDCUBEMAIL_DB_NAME}';" > /etc/roundcube/config.docker.inc.php
  mkdir -p /tmp/roundcube && chmod 1777 /tmp/roundcube
  php /usr/share/roundcube/bin/initdb.sh --dir=/usr/share/roundcube/SQL || echo "Failed to initialize the database"
  touch /tmp/roundcube.db && chown www-data /tmp/roundcube.db
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
for e in "${!APACHE_@}"; do
	if [[ "$e" == *_DIR ]] && [[ "${!e}" == /* ]]; then
		mkdir -p "${!e}"
	fi
done
exec apache2 -DFOREGROUND "$@"
""",
        "etc/apache2/ports.conf": "Listen 127.0.0.1:9618\n",
        "etc/apache2/sites-enabled/000-default.conf": "<VirtualHost *:9618>\n"
        "  DocumentRoot /var/lib/roundcube/public_html\n"
        "  ErrorLog /dev/stderr\n  CustomLog /dev/stdout combined\n</VirtualHost>\n",
        "etc/roundcube/config.inc.php": """<?php
$config = [];
include '/etc/roundcube/config.docker.inc.php';
$config['imap_host'] = ['127.0.0.1:1143'];
$config['smtp_host'] = '127.0.0.1:1025';
$config['des_key'] = 'onetwothreefourfivesixse';
$config['plugins'] = ['archive', 'zipdownload', 'managesieve'];
$config['log_driver'] = 'stdout';
$config['temp_dir'] = '/tmp/roundcube';
$config['enable_spellcheck'] = true;
""",
    },
    prepare=("rm -f /etc/apache2/sites-enabled/000-default.conf", "a2enmod rewrite expires deflate"),
    asks=tuple(
        f"http://127.0.0.1:9618/{path}"
        for path in (
            "",
            "?_task=login",
            "?_task=mail",
            "?_lang=de",
            "?_task=utils&_action=text2html",
            "no.php",
            "nothing",
        )
    ),
    sends=(("http://127.0.0.1:9618/?_task=login", "_task=login&_action=login&_user=one&_pass=two"),),
    seconds=30,
)

GORILLA = Recipe(
    name="gorilla",
    packages=(
        *FULL,
        *("golang-go", "golang-github-gorilla-mux-dev", "golang-github-spf13-cobra-dev", "golang-gopkg-yaml.v3-dev"),
        *("golang-github-prometheus-client-golang-dev", "golang-github-mattn-go-sqlite3-dev"),
    ),
    env=SYSTEM
    | {"GOPATH": "/go", "PATH": f"/go/bin:/usr/local/go/bin:{SYSTEM['PATH']}", "SHOP_CONFIG": "/app/shop.yml"},
    cmd=("shop", "serve", "--listen", "127.0.0.1:9619"),
    files=HOSTS
    | {
        "app/shop.yml": "name: shop\nstore: /tmp/shop.sqlite3\n",
        "app/main.go": """package main

import (
	"database/sql"
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/mux"
	_ "github.com/mattn/go-sqlite3"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"
)

func serve(listen string) error {
	var settings map[string]string
	text, err := os.ReadFile(os.Getenv("SHOP_CONFIG"))
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, &settings); err != nil {
		return err
	}
	store, err := sql.Open("sqlite3", settings["store"])
	if err != nil {
		return err
	}
	router := mux.NewRouter()
	router.Handle("/metrics", promhttp.Handler())
	router.HandleFunc("/orders/{id:[0-9]+}", func(w http.ResponseWriter, r *http.Request) {
		var version string
		store.QueryRow("select sqlite_version()").Scan(&version)
		zone, _ := time.LoadLocation("Europe/Berlin")
		at := time.Now().In(zone).String()
		json.NewEncoder(w).Encode(map[string]string{"id": mux.Vars(r)["id"], "v": version, "at": at})
	})
	router.PathPrefix("/static/").Handler(http.StripPrefix("/static/", http.FileServer(http.Dir("/app"))))
	log.Print("listening")
	return http.ListenAndServe(listen, router)
}

func main() {
	var listen string
	root := &cobra.Command{Use: "shop"}
	command := &cobra.Command{Use: "serve", RunE: func(*cobra.Command, []string) error { return serve(listen) }}
	command.Flags().StringVar(&listen, "listen", ":8080", "address")
	root.AddCommand(command)
	if root.Execute() != nil {
		os.Exit(1)
	}
}
""",
    },
    prepare=(
        "mkdir -p /go/bin && cd /app && GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=/tmp/gocache "
        "CGO_ENABLED=1 go build -o /go/bin/shop main.go && rm -rf /tmp/gocache",
    ),
    asks=tuple(f"http://127.0.0.1:9619/{path}" for path in ("orders/1", "metrics", "static/shop.yml", "nothing")),
    seconds=15,
)

FULL_WEB = (SOCKET_IO, ASSISTANT, GRADIO, BULLMQ, ASTRO, REDMINE, ROUNDCUBE, GORILLA)
