"""The twentieth set's applications of Python."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL_PYTHON, PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

BLACKSHEEP = Recipe(
    name="blacksheep",
    packages=(*PYTHON, "ca-certificates", "curl", "gosu", "libpq5", "netbase", "procps", "tzdata", "tini"),
    env=PRODUCTION_PYTHON | {"APP_ENV": "production", "PORT": "10020"},
    entrypoint=("/usr/bin/tini", "--", "/docker-entrypoint.sh"),
    cmd=("web",),
    python=(
        *("blacksheep", "uvicorn[standard]", "rodi", "essentials-openapi", "guardpost", "pydantic", "pyjwt[crypto]"),
        *("jinja2", "asyncpg", "sqlalchemy[asyncio]", "alembic", "aiosqlite", "httpx", "structlog", "redis", "orjson"),
        *("sentry-sdk", "opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http", "boto3", "python-multipart"),
    ),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/bin/bash
set -euo pipefail

case "${1:-web}" in
  web)
    shift || true
    set -- uvicorn main:app --host 127.0.0.1 --port "$PORT" --proxy-headers --no-server-header "$@"
    ;;
  migrate)
    set -- alembic upgrade head
    ;;
esac

if [ "$(id -u)" = 0 ]; then
  exec gosu www-data "$@"
fi
exec "$@"
""",
        "app/settings.yaml": "app:\n  title: shop\n  show_error_details: false\n",
        "app/alembic.ini": "[alembic]\nscript_location = migrations\n",
        "app/main.py": """import os

from blacksheep import Application, Request, json
from blacksheep.server.openapi.v3 import OpenAPIHandler
from blacksheep.settings.html import html_settings
from blacksheep.server.rendering.jinja2 import JinjaRenderer
from jinja2 import FileSystemLoader
from openapidocs.v3 import Info

from shop.orders import Orders
from shop import routes  # noqa: F401
from shop.logs import configure

configure()
html_settings.use(JinjaRenderer(FileSystemLoader("views"), enable_async=True))
app = Application(show_error_details=os.environ.get("APP_ENV") != "production")
app.services.add_singleton(Orders)
docs = OpenAPIHandler(info=Info(title="Shop", version="1"))
docs.bind_app(app)
app.serve_files("static", root_path="static")


@app.on_start
async def start(application):
    if dsn := os.environ.get("SENTRY_DSN"):
        import sentry_sdk

        sentry_sdk.init(dsn)
    application.services.resolve(Orders).start()


@app.exception_handler(KeyError)
async def missing(self, request: Request, error: KeyError):
    return json({"missing": str(error)}, status=404)
""",
        "app/shop/__init__.py": "",
        "app/shop/logs.py": """import logging

import structlog


def configure():
    logging.basicConfig(level=logging.INFO)
    structlog.configure(processors=[structlog.processors.TimeStamper(), structlog.processors.JSONRenderer()])
""",
        "app/shop/orders.py": """import structlog

log = structlog.get_logger()


class Orders:
    def __init__(self):
        self.names = []

    def start(self):
        log.info("ready")

    def add(self, name):
        if len(self.names) < 10:
            self.names.append(name)

    async def stored(self, address):
        from sqlalchemy import text
        from sqlalchemy.ext.asyncio import create_async_engine

        engine = create_async_engine(address)
        async with engine.connect() as connection:
            return (await connection.execute(text("select 1"))).scalar()
""",
        "app/shop/routes.py": """import os

from blacksheep import FromJSON, created, get, post
from blacksheep.server.responses import view_async
from pydantic import BaseModel

from shop.orders import Orders


class Order(BaseModel):
    name: str


@get("/")
async def home():
    return await view_async("home", {"name": "shop"})


@get("/orders")
async def names(orders: Orders):
    return orders.names


@post("/orders")
async def add(data: FromJSON[Order], orders: Orders):
    orders.add(data.value.name)
    return created("/orders")


@get("/orders/{name}")
async def one(name: str, orders: Orders):
    raise KeyError(name)


@get("/stored")
async def stored(orders: Orders):
    return await orders.stored(os.environ.get("DATABASE_URL", "sqlite+aiosqlite:///:memory:"))


@get("/token")
async def token():
    import jwt

    return jwt.encode({"sub": "a"}, "a secret of more than thirty-two bytes")
""",
        "app/views/home.jinja": "<h1>{{ name }}</h1>\n",
        "app/static/robots.txt": "User-agent: *\n",
    },
    asks=tuple(
        f"http://127.0.0.1:10020/{path}"
        for path in ("", "orders", "orders/a", "stored", "token", "docs", "openapi.json", "robots.txt", "no")
    ),
    sends=(
        ("http://127.0.0.1:10020/orders", '{"name": "one"}'),
        ("http://127.0.0.1:10020/orders", '{"no": 1}'),
        ("http://127.0.0.1:10020/orders", "{no"),
    ),
    seconds=20,
)

FLOWER = Recipe(
    name="flower",
    packages=(*PYTHON, "ca-certificates", "curl", "redis-server", "supervisor", "procps", "netcat-openbsd"),
    env=PRODUCTION_PYTHON | {"CELERY_BROKER_URL": "redis://127.0.0.1:10021/0"},
    cmd=("/usr/bin/supervisord", "-n", "-c", "/etc/supervisor/supervisord.conf"),
    python=(
        *("celery[redis]", "flower", "django-environ", "requests", "pandas", "openpyxl", "jinja2", "psycopg[binary]"),
        *("sentry-sdk", "python-json-logger", "tenacity", "pillow"),
    ),
    files=HOSTS
    | {
        "etc/supervisor/conf.d/shop.conf": """[program:redis]
command=/usr/bin/redis-server --port 10021 --bind 127.0.0.1 --save ""
priority=1
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0

[program:worker]
directory=/app
command=celery -A shop.tasks worker -B -s /tmp/beat --loglevel=INFO --concurrency=1
startsecs=2
stopasgroup=true
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
redirect_stderr=true

[program:flower]
directory=/app
command=celery -A shop.tasks flower --address=127.0.0.1 --port=10022 --persistent=False
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
redirect_stderr=true
""",
        "app/shop/__init__.py": "",
        "app/shop/tasks.py": """import os

from celery import Celery

app = Celery("shop", broker=os.environ["CELERY_BROKER_URL"], backend=os.environ["CELERY_BROKER_URL"])
app.conf.task_send_sent_event = True
app.conf.worker_send_task_events = True
app.conf.beat_schedule = {
    "mail": {"task": "shop.tasks.mail", "schedule": 3.0, "args": ["a"]},
    "report": {"task": "shop.tasks.report", "schedule": 5.0},
}


@app.task
def mail(name):
    from jinja2 import Template

    return Template("Hello {{ name }}").render(name=name)


@app.task(bind=True, max_retries=1)
def report(self):
    from pathlib import Path

    import pandas

    pandas.DataFrame([{"orders": 1}]).to_csv(Path("/tmp/report.csv"))


@app.task
def picture(path):
    from PIL import Image

    Image.open(path).resize((10, 10)).save(path)
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10022/{path}"
        for path in ("", "workers", "tasks", "broker", "metrics", "healthcheck", "api/workers", "static/css/flower.css")
    ),
    sends=(("http://127.0.0.1:10022/api/task/async-apply/shop.tasks.mail", '{"args": ["b"]}'),),
    seconds=35,
)

TRYTOND = Recipe(
    name="trytond",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"TRYTOND_CONFIG": "/etc/trytond.conf", "DB_NAME": "shop", "TRYTONPASSFILE": "/etc/pass"},
    folder="/var/lib/trytond",
    entrypoint=("/entrypoint.sh",),
    cmd=("trytond", "--logconf", "/etc/trytond_log.conf"),
    python=(
        *("trytond", "trytond_party", "trytond_product", "trytond_company", "trytond_currency", "trytond_country"),
        *("psycopg2-binary", "proteus", "bcrypt", "pydot", "html2text", "weasyprint", "gevent", "levenshtein"),
    ),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -e

: ${DB_NAME:=tryton}
export TRYTOND_DATABASE_URI
if [ "${1:0:1}" = '-' ]; then
    set -- trytond "$@"
fi
if [ "$1" = 'trytond' ] && [ ! -f "/var/lib/trytond/${DB_NAME}.sqlite" ]; then
    : > "/var/lib/trytond/${DB_NAME}.sqlite"
    trytond-admin -d "$DB_NAME" --all --email a@shop.example
fi
exec "$@"
""",
        "etc/pass": "a long secret one\n",
        "etc/trytond.conf": """[web]
listen = 127.0.0.1:10023
[database]
uri = sqlite://
path = /var/lib/trytond
[session]
authentications = password
""",
        "etc/trytond_log.conf": """[formatters]
keys=simple
[handlers]
keys=console
[loggers]
keys=root
[formatter_simple]
format=%(asctime)s %(levelname)s %(name)s %(message)s
[handler_console]
class=StreamHandler
formatter=simple
args=(sys.stdout,)
[logger_root]
level=INFO
handlers=console
""",
    },
    asks=("http://127.0.0.1:10023/", "http://127.0.0.1:10023/no"),
    sends=tuple(
        (f"http://127.0.0.1:10023/{path}", content)
        for path, content in (
            ("rpc/", '{"id": 1, "method": "common.server.version", "params": []}'),
            ("rpc/", '{"id": 2, "method": "common.db.list", "params": []}'),
            (
                "shop/rpc/",
                '{"id": 3, "method": "common.db.login", "params": ["admin", {"password": "a long secret one"}]}',
            ),
            ("shop/rpc/", '{"id": 4, "method": "model.party.party.search", "params": [[], 0, 10, null, {}]}'),
            ("shop/rpc/", "{no"),
        )
    ),
    seconds=60,
)

ARIADNE = Recipe(
    name="ariadne",
    packages=(*FULL_PYTHON, "tini"),
    env=PRODUCTION_PYTHON | {"GUNICORN_CMD_ARGS": "--workers=1 --access-logfile=- --worker-tmp-dir=/dev/shm"},
    entrypoint=("tini", "-g", "--"),
    cmd=("gunicorn", "--bind=127.0.0.1:10024", "--worker-class=uvicorn_worker.UvicornWorker", "graph.asgi:app"),
    python=(
        *("ariadne", "starlette", "gunicorn", "uvicorn[standard]", "uvicorn-worker", "databases[aiosqlite]"),
        *("pydantic-settings", "dependency-injector", "passlib[bcrypt]", "python-jose[cryptography]", "aiodataloader"),
        *("elasticsearch", "psycopg[binary]", "google-cloud-storage", "pyyaml", "requests"),
    ),
    files=HOSTS
    | {
        "app/graph/__init__.py": "",
        "app/graph/settings.py": """from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str = "sqlite+aiosqlite:////tmp/graph.sqlite3"
    bucket: str | None = None
    debug: bool = False


settings = Settings()
""",
        "app/graph/schema.graphql": """type Query { orders: [Order!]!, hello: String!, fail: String
  token(password: String!): String }
type Mutation { add(name: String!): Order! }
type Order { id: Int!, name: String! }
""",
        "app/graph/store.py": """from databases import Database

from graph.settings import settings

database = Database(settings.database_url)


async def start():
    await database.connect()
    await database.execute("create table if not exists orders (id integer primary key, name text)")


async def names():
    return [dict(row._mapping) for row in await database.fetch_all("select id, name from orders limit 10")]


async def add(name):
    number = await database.execute("insert into orders (name) values (:name)", {"name": name})
    return {"id": number, "name": name}


def upload(name):
    from google.cloud import storage

    return storage.Client().bucket(settings.bucket).blob(name)
""",
        "app/graph/asgi.py": """from contextlib import asynccontextmanager
from pathlib import Path

from ariadne import MutationType, QueryType, load_schema_from_path, make_executable_schema
from ariadne.asgi import GraphQL
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from graph import store
from graph.settings import settings

query, mutation = QueryType(), MutationType()
query.set_field("hello", lambda *_: "shop")


@query.field("orders")
async def orders(*_):
    return await store.names()


@query.field("fail")
def fail(*_):
    raise RuntimeError("on purpose")


@query.field("token")
def token(*_, password):
    from jose import jwt

    return jwt.encode({"sub": password}, "secret", algorithm="HS256")


@mutation.field("add")
async def add(*_, name):
    if settings.bucket:
        store.upload(name)
    return await store.add(name)


@asynccontextmanager
async def lifespan(app):
    await store.start()
    yield
    await store.database.disconnect()


schema = make_executable_schema(load_schema_from_path(str(Path(__file__).parent)), query, mutation)
app = Starlette(
    lifespan=lifespan,
    middleware=[Middleware(CORSMiddleware, allow_origins=["*"])],
    routes=[
        Route("/health", lambda request: JSONResponse({"ok": True})),
        Mount("/graphql", GraphQL(schema, debug=settings.debug)),
    ],
)
""",
    },
    asks=("http://127.0.0.1:10024/health", "http://127.0.0.1:10024/graphql/", "http://127.0.0.1:10024/no"),
    sends=tuple(
        ("http://127.0.0.1:10024/graphql/", content)
        for content in (
            '{"query": "{ hello orders { id name } }"}',
            '{"query": "mutation { add(name: \\"one\\") { id } }"}',
            '{"query": "{ fail }"}',
            '{"query": "{ token(password: \\"a\\") }"}',
            '{"query": "{ __schema { types { name } } }"}',
            '{"query": "{ no }"}',
            "{no",
        )
    ),
    hangup=True,
    seconds=25,
)

BOKEH = Recipe(
    name="bokeh",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"BOKEH_LOG_LEVEL": "info", "BOKEH_ALLOW_WS_ORIGIN": "127.0.0.1:10025"},
    cmd=(
        "bokeh",
        "serve",
        "dashboard",
        "--address",
        "127.0.0.1",
        "--port",
        "10025",
        "--session-token-expiration",
        "60",
    ),
    python=("bokeh", "scipy", "requests", "sqlalchemy", "pyarrow", "matplotlib", "xlrd", "boto3", "selenium"),
    files=HOSTS
    | {
        "app/dashboard/main.py": """from bokeh.io import curdoc
from bokeh.layouts import column
from bokeh.models import Slider
from bokeh.plotting import figure

from dashboard_data import rows

plot = figure(title="orders")
table = rows()
plot.line(table.x, table.y)
slider = Slider(start=0, end=10, value=1, title="days")
slider.on_change("value", lambda name, old, new: None)
curdoc().add_root(column(slider, plot))
curdoc().title = "Orders"
curdoc().add_periodic_callback(lambda: None, 1000)
""",
        "app/dashboard/templates/index.html": """{% extends base %}
{% block title %}Orders{% endblock %}
""",
        "app/dashboard/theme.yaml": "attrs:\n  figure:\n    background_fill_color: '#eeeeee'\n",
        "opt/shared/dashboard_data.py": """import numpy
import pandas


def rows():
    return pandas.DataFrame({"x": numpy.arange(10), "y": numpy.arange(10)})
""",
    },
    prepare=("echo /opt/shared > $(ls -d /opt/venv/lib/python3*/site-packages)/shared.pth",),
    asks=tuple(
        f"http://127.0.0.1:10025/{path}"
        for path in ("", "dashboard", "dashboard/metadata", "static/js/bokeh.min.js", "dashboard/autoload.js", "no")
    ),
    seconds=30,
)

SLIM_PYTHON = (BLACKSHEEP, FLOWER)
FULL_BASE_PYTHON = (TRYTOND, ARIADNE, BOKEH)
PYTHON_APPS = SLIM_PYTHON + FULL_BASE_PYTHON
