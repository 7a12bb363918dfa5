"""Images of an engineer who did not write the analysis, by the rule of the sixth set: traced before it was asked."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

FACTORY = Recipe(
    name="flask-factory",
    packages=("python3", "python3-venv", "libmagic1", "vim-tiny", "git"),
    python=(
        "flask",
        "flask-sqlalchemy",
        "flask-migrate",
        "flask-login",
        "flask-caching",
        "gunicorn",
        "python-dotenv",
        "marshmallow",
        "psycopg2-binary",
        "sentry-sdk[flask]",
        "pytest",
        "mypy",
    ),
    env=VENV | {"FLASK_APP": "wsgi.py", "FLASK_CONFIG": "production", "DATABASE_URL": "sqlite:////tmp/shop.sqlite3"},
    entrypoint=("./boot.sh",),
    files={
        "app/boot.sh": """#!/bin/bash
source .flaskenv
while true; do
    flask db upgrade
    if [[ "$?" == "0" ]]; then
        break
    fi
    echo Upgrade command failed, retrying in 5 secs...
    sleep 5
done
flask seed
exec gunicorn -b "127.0.0.1:${PORT}" --access-logfile - --error-logfile - "wsgi:make_app()"
""",
        "app/.flaskenv": "PORT=9221\n",
        "app/config.py": """
import os

class Base:
    SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"]
    SECRET_KEY = "k"
    CACHE_TYPE = "SimpleCache"

class Production(Base):
    SENTRY_DSN = os.environ.get("SENTRY_DSN")

class Testing(Base):
    TESTING = True

config = {"production": Production, "testing": Testing}
""",
        "app/wsgi.py": """
import os
import click
from shop import create_app, db

def make_app():
    return create_app(os.environ.get("FLASK_CONFIG", "default"))

app = make_app()

@app.cli.command()
def seed():
    from shop.models import Order
    db.session.add(Order(name="one"))
    db.session.commit()
    click.echo("seeded")
""",
        "app/shop/__init__.py": """
from importlib import import_module

from flask import Flask
from flask_caching import Cache
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

from config import config

db = SQLAlchemy()
login = LoginManager()
cache = Cache()

def create_app(name):
    app = Flask(__name__)
    app.config.from_object(config[name])
    for extension in (db, login, cache):
        extension.init_app(app)
    Migrate(app, db)
    if app.config["SENTRY_DSN"]:
        import sentry_sdk
        sentry_sdk.init(app.config["SENTRY_DSN"])
    for blueprint in ("main", "api"):
        app.register_blueprint(import_module(f"shop.{blueprint}.views").pages, url_prefix=f"/{blueprint}")
    return app
""",
        "app/shop/models.py": """
from . import db

class Order(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
""",
        "app/shop/main/__init__.py": "",
        "app/shop/main/views.py": """
from flask import Blueprint, render_template_string
from .. import cache
pages = Blueprint("main", __name__)

@pages.get("/")
@cache.cached()
def index():
    return render_template_string("<p>{{ 1 }}</p>")
""",
        "app/shop/api/__init__.py": "",
        "app/shop/api/views.py": """
from flask import Blueprint
from marshmallow import Schema, fields
from ..models import Order
pages = Blueprint("api", __name__)

class OrderSchema(Schema):
    name = fields.Str()

@pages.get("/orders")
def orders():
    return OrderSchema(many=True).dump(Order.query.all())
""",
    },
    prepare=(
        "cd /app && export FLASK_APP=wsgi.py FLASK_CONFIG=production DATABASE_URL=sqlite:////tmp/b.sqlite3 "
        "&& /opt/venv/bin/flask db init && /opt/venv/bin/flask db migrate -m orders && rm -f /tmp/b.sqlite3",
    ),
    asks=("http://127.0.0.1:9221/main/", "http://127.0.0.1:9221/api/orders"),
    seconds=25,
)

HONCHO = Recipe(
    name="honcho",
    packages=("python3", "python3-venv", "redis-server", "procps", "jq"),
    python=("honcho", "arq", "starlette", "uvicorn", "httptools", "orjson", "aiosqlite", "beautifulsoup4", "isort"),
    env=VENV | {"PYTHONPATH": "/app"},
    entrypoint=("honcho",),
    cmd=("start", "--no-prefix"),
    files={
        "app/Procfile": """
redis: redis-server --port 9232 --save "" --dir /tmp
web: sleep 2; uvicorn shop.web:app --host 127.0.0.1 --port $WEB_PORT
worker: sleep 2; exec arq shop.jobs.Settings
""",
        "app/.env": "WEB_PORT=9222\nREDIS_DSN=redis://127.0.0.1:9232\n",
        "app/shop/__init__.py": "",
        "app/shop/web.py": """
import os

import orjson
from arq import create_pool
from arq.connections import RedisSettings
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

async def index(request):
    pool = await create_pool(RedisSettings.from_dsn(os.environ["REDIS_DSN"]))
    await pool.enqueue_job("titles", "<title>x</title>")
    return Response(orjson.dumps({"ok": True}), media_type="application/json")

app = Starlette(routes=[Route("/", index)])
""",
        "app/shop/jobs.py": """
import os

from arq.connections import RedisSettings

async def titles(context, page):
    from bs4 import BeautifulSoup
    return BeautifulSoup(page, "html.parser").title.string

class Settings:
    functions = [titles]
    redis_settings = RedisSettings.from_dsn(os.environ.get("REDIS_DSN", "redis://localhost"))
""",
    },
    asks=("http://127.0.0.1:9222/",),
    seconds=25,
)

STREAMLIT = Recipe(
    name="streamlit",
    packages=("python3", "python3-venv", "curl", "build-essential", "git"),
    python=("streamlit", "plotly", "matplotlib", "openpyxl"),
    env=VENV,
    entrypoint=("streamlit", "run", "streamlit_app.py", "--server.port=9223", "--server.address=127.0.0.1"),
    files={
        "app/.streamlit/config.toml": "[browser]\ngatherUsageStats = false\n[server]\nheadless = true\n",
        "app/streamlit_app.py": """
import pandas as pd
import plotly.express as px
import streamlit as st

frame = pd.DataFrame({"x": [1, 2], "y": [3, 4]})
st.title("Shop")
st.dataframe(frame)
st.plotly_chart(px.line(frame, x="x", y="y"))
if st.button("Export"):
    frame.to_excel("/tmp/shop.xlsx")
""",
    },
    asks=("http://127.0.0.1:9223/", "http://127.0.0.1:9223/_stcore/health"),
    seconds=25,
)

PM2_JSON = Recipe(
    name="pm2-json",
    packages=("nodejs", "npm", "ca-certificates", "bash", "tini"),
    npm=("express@4", "compression", "node-cron", "better-sqlite3", "nanoid", "winston", "nodemon", "mocha"),
    env=SYSTEM | {"NODE_ENV": "production", "PM2_HOME": "/tmp/pm2"},
    entrypoint=("tini", "--"),
    cmd=("pm2-runtime", "process.json", "--env", "production"),
    files={
        "app/process.json": """
{"apps": [
  {"name": "web", "script": "web/index.js", "exec_mode": "cluster", "instances": 1, "env_production": {"PORT": "9224"}},
  {"name": "ticks", "cwd": "/app/ticks", "script": "npm", "args": "start"}
]}
""",
        "app/web/index.js": """
const express = require("express");
const compression = require("compression");
const log = require("../lib/log");
const app = express();
app.use(compression());
app.get("/", async (request, response) => {
  const { nanoid } = await import("nanoid");
  response.json({ id: nanoid() });
});
app.listen(process.env.PORT, "127.0.0.1", () => log.info("started"));
""",
        "app/lib/log.js": """
const { createLogger, transports } = require("winston");
module.exports = createLogger({ transports: [new transports.Console()] });
""",
        "app/ticks/package.json": '{"name": "ticks", "scripts": {"start": "node tick.js"}}\n',
        "app/ticks/tick.js": """
const cron = require("node-cron");
const log = require("../lib/log");
cron.schedule("* * * * * *", () => log.info("tick"));
""",
    },
    prepare=("npm install -q -g pm2",),
    asks=("http://127.0.0.1:9224/",),
    seconds=30,
)

BUNDLE = Recipe(
    name="bundle",
    packages=("nodejs", "npm", "dumb-init", "curl"),
    npm=("esbuild", "hono", "@hono/node-server", "drizzle-orm", "better-sqlite3", "zod", "pino", "vitest"),
    env=SYSTEM | {"NODE_ENV": "production", "NODE_OPTIONS": "--enable-source-maps"},
    entrypoint=("dumb-init",),
    cmd=("node", "dist/server.mjs"),
    files={
        "app/src/server.ts": """
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { logger } from "hono/logger";
import { z } from "zod";
import { log } from "./log";

const app = new Hono();
app.use(logger());
app.get("/orders", (context) => context.json(z.object({ page: z.coerce.number() }).parse(context.req.query())));
app.get("/rows", async (context) => {
  const { default: Database } = await import("better-sqlite3");
  return context.json({ ok: typeof Database });
});
serve({ fetch: app.fetch, port: 9225, hostname: "127.0.0.1" });
log.info("started");
""",
        "app/src/log.ts": 'import pino from "pino";\nexport const log = pino();\n',
    },
    prepare=(
        "cd /app && npx esbuild src/server.ts --bundle --platform=node --format=esm --sourcemap "
        "--outfile=dist/server.mjs --external:better-sqlite3 --external:pino",
    ),
    asks=("http://127.0.0.1:9225/orders?page=2", "http://127.0.0.1:9225/rows"),
    seconds=20,
)

ALLURE = Recipe(
    name="allure",
    packages=("default-jre-headless", "nodejs", "npm", "unzip", "wget"),
    npm=("allure-commandline",),
    env=SYSTEM | {"JAVA_HOME": "/usr/lib/jvm/default-java", "RESULTS": "/app/results"},
    entrypoint=("/app/serve",),
    files={
        "app/serve": """#!/bin/sh
set -eu
node_modules/allure-commandline/dist/bin/allure generate "$RESULTS" -o /tmp/report --clean
exec node_modules/allure-commandline/dist/bin/allure open /tmp/report --host 127.0.0.1 --port 9226
""",
        "app/results/a-result.json": """
{"uuid": "a", "name": "one", "status": "passed", "stage": "finished", "start": 1, "stop": 2, "fullName": "one"}
""",
    },
    asks=("http://127.0.0.1:9226/", "http://127.0.0.1:9226/data/suites.json"),
    seconds=40,
)

SIDEKIQ = Recipe(
    name="sidekiq",
    packages=(
        "ruby-sidekiq",
        "puma",
        "ruby-rack",
        "ruby-sequel",
        "ruby-sqlite3",
        "redis-server",
        "bundler",
        "vim",
    ),
    env=SYSTEM | {"RACK_ENV": "production", "REDIS_URL": "redis://127.0.0.1:9237"},
    entrypoint=("/app/bin/docker-entrypoint",),
    cmd=("puma", "-b", "tcp://127.0.0.1:9227", "config.ru"),
    files={
        "app/bin/docker-entrypoint": """#!/bin/bash -e
redis-server --port 9237 --save "" --dir /tmp &
sleep 1
ruby bin/migrate
bundle exec sidekiq -r ./jobs.rb -c 1 &
exec bundle exec "${@}"
""",
        "app/bin/migrate": """require 'sequel'
Sequel.sqlite('/tmp/shop.sqlite3').create_table?(:orders) { String :name }
""",
        "app/Gemfile": "gem 'sidekiq'\ngem 'puma'\ngem 'rack'\ngem 'sequel'\ngem 'sqlite3'\n",
        "app/jobs.rb": """
require 'sidekiq'

class Tick
  include Sidekiq::Job
  def perform(name)
    require 'digest'
    Digest::SHA256.hexdigest(name)
  end
end
""",
        "app/config.ru": """
require 'json'
require 'sequel'
require_relative 'jobs'

DB = Sequel.sqlite('/tmp/shop.sqlite3')

class Shop
  def call(env)
    Tick.perform_async('x')
    [200, { 'content-type' => 'application/json' }, [{ rows: DB[:orders].count }.to_json]]
  end
end

use Rack::CommonLogger
run Shop.new
""",
    },
    asks=("http://127.0.0.1:9227/",),
    seconds=25,
)

SVSCAN = Recipe(
    name="svscan",
    packages=("daemontools", "postfix", "unbound", "prometheus-node-exporter", "bsd-mailx", "swaks"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/local/sbin/start",),
    files={
        "usr/local/sbin/start": """#!/bin/sh
postconf -e maillog_file=/dev/stdout inet_interfaces=127.0.0.1
newaliases
exec env - PATH="$PATH" svscan /etc/service 2>&1
""",
        "etc/service/mail/run": "#!/bin/sh\nexec 2>&1\nexec postfix start-fg\n",
        "etc/service/dns/run": "#!/bin/sh\nexec 2>&1 envdir ./env sh -c 'exec unbound -d -p -c \"$CONFIG\"'\n",
        "etc/service/dns/env/CONFIG": "/etc/unbound/site.conf\n",
        "etc/service/dns/log/run": "#!/bin/sh\nexec multilog t /tmp/dns\n",
        "etc/service/exporter/run": """#!/bin/sh
exec softlimit -o 256 setuidgid nobody prometheus-node-exporter --web.listen-address=127.0.0.1:9228
""",
        "etc/unbound/site.conf": """server:
  interface: 127.0.0.1@9238
  username: ""
  chroot: ""
  do-daemonize: no
""",
    },
    prepare=("sed -i 's/^smtp  *inet/9248 inet/' /etc/postfix/master.cf",),
    asks=("http://127.0.0.1:9228/metrics", "http://127.0.0.1:9248/"),
    seconds=20,
)

SEVENTH = (FACTORY, HONCHO, STREAMLIT, PM2_JSON, BUNDLE, ALLURE, SIDEKIQ, SVSCAN)
