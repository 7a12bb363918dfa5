"""The twenty-first set's jobs and workers of Python."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL_PYTHON, PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

YOYO = Recipe(
    name="yoyo",
    packages=(*PYTHON, "ca-certificates", "curl", "libpq5", "netbase", "tzdata"),
    env=PRODUCTION_PYTHON | {"DATABASE_URL": "sqlite:////tmp/shop.sqlite3", "PORT": "10120"},
    entrypoint=("/bin/sh", "-c"),
    cmd=(
        "yoyo apply --batch --database $DATABASE_URL migrations && exec waitress-serve --host=127.0.0.1 --port=$PORT "
        "--call shop:create_app",
    ),
    python=(
        *(
            "apiflask",
            "waitress",
            "yoyo-migrations",
            "psycopg[binary]",
            "flask-caching",
            "flask-limiter",
            "marshmallow",
        ),
        *("requests", "redis", "pandas", "flask-admin", "pymysql", "sentry-sdk[flask]", "gunicorn"),
    ),
    files=HOSTS
    | {
        "app/migrations/0001.orders.sql": "-- orders\ncreate table orders (id integer primary key, name text);\n",
        "app/migrations/0002.seed.py": """from yoyo import step

__depends__ = {"0001.orders"}
steps = [step("insert into orders (name) values ('first')", "delete from orders")]
""",
        "app/shop/__init__.py": """import os
import sqlite3

from apiflask import APIBlueprint, APIFlask, Schema, abort
from apiflask.fields import Integer, String
from apiflask.validators import Length
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

cache = Cache(config={"CACHE_TYPE": "SimpleCache"})
limiter = Limiter(get_remote_address, storage_uri="memory://")
blueprint = APIBlueprint("orders", __name__, url_prefix="/orders")


class Order(Schema):
    id = Integer(dump_only=True)
    name = String(required=True, validate=Length(1, 40))


def connect():
    return sqlite3.connect(os.environ["DATABASE_URL"].partition(":///")[2])


@blueprint.get("/")
@blueprint.output(Order(many=True))
def names():
    with connect() as connection:
        return [{"id": row[0], "name": row[1]} for row in connection.execute("select id, name from orders limit 5")]


@blueprint.post("/")
@blueprint.input(Order, arg_name="order")
def add(order):
    with connect() as connection:
        connection.execute("insert into orders (name) values (?)", [order["name"]])
    return order, 201


@blueprint.get("/report")
@cache.cached(timeout=1)
def report():
    import pandas

    return pandas.DataFrame([{"orders": 1}]).to_dict()


def create_app():
    app = APIFlask(__name__, title="Shop")
    cache.init_app(app)
    limiter.init_app(app)
    if os.environ.get("SENTRY_DSN"):
        import sentry_sdk

        sentry_sdk.init()
    app.register_blueprint(blueprint)
    app.add_url_rule("/gone", view_func=lambda: abort(410))
    return app
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10120/{path}" for path in ("orders/", "orders/report", "docs", "openapi.json", "gone", "no")
    ),
    sends=(
        ("http://127.0.0.1:10120/orders/", '{"name": "one"}'),
        ("http://127.0.0.1:10120/orders/", '{"name": ""}'),
        ("http://127.0.0.1:10120/orders/", "{no"),
    ),
    seconds=25,
)

TASKIQ = Recipe(
    name="taskiq",
    packages=(*PYTHON, "ca-certificates", "dumb-init", "redis-server", "procps", "tzdata"),
    env=PRODUCTION_PYTHON | {"REDIS_URL": "redis://127.0.0.1:10121"},
    entrypoint=("dumb-init", "--", "/app/start"),
    python=(
        *("taskiq", "taskiq-redis", "pydantic", "httpx", "orjson", "aiosmtplib", "jinja2", "asyncpg", "croniter"),
        *("boto3", "polars", "prometheus-client", "sentry-sdk"),
    ),
    files=HOSTS
    | {
        "app/start": """#!/bin/bash
set -e
redis-server --port 10121 --bind 127.0.0.1 --save "" --daemonize yes
python -m shop.publish &
taskiq scheduler shop.broker:scheduler shop.tasks --skip-first-run &
exec taskiq worker shop.broker:broker shop.tasks --workers 1 --max-async-tasks 4
""",
        "app/shop/__init__.py": "",
        "app/shop/broker.py": """import os

from taskiq import TaskiqScheduler
from taskiq.schedule_sources import LabelScheduleSource
from taskiq_redis import ListQueueBroker, RedisAsyncResultBackend

URL = os.environ["REDIS_URL"]
broker = ListQueueBroker(URL).with_result_backend(RedisAsyncResultBackend(URL))
scheduler = TaskiqScheduler(broker, [LabelScheduleSource(broker)])
""",
        "app/shop/tasks.py": """from pydantic import BaseModel

from shop.broker import broker


class Order(BaseModel):
    name: str


@broker.task
async def mail(order: Order) -> str:
    from jinja2 import Template

    return Template("Hello {{ name }}").render(name=order.name)


@broker.task(retry_on_error=True, max_retries=1)
async def fail() -> None:
    raise RuntimeError("on purpose")


@broker.task(schedule=[{"cron": "* * * * *"}])
async def report() -> int:
    import polars

    return polars.DataFrame({"orders": [1]}).height


@broker.task
async def upload(name: str) -> None:
    import boto3

    boto3.client("s3").upload_file(name, "shop", name)
""",
        "app/shop/publish.py": """import asyncio

from shop.broker import broker
from shop.tasks import Order, fail, mail


async def main():
    await broker.startup()
    for number in range(5):
        await asyncio.sleep(2)
        task = await mail.kiq(Order(name=str(number)))
        await fail.kiq()
        print((await task.wait_result(timeout=10)).return_value)
    await broker.shutdown()


asyncio.run(main())
""",
    },
    seconds=70,
)

SCHEDULER = Recipe(
    name="apscheduler",
    packages=(*FULL_PYTHON, "tini"),
    env=PRODUCTION_PYTHON | {"TZ": "UTC"},
    entrypoint=("tini", "--"),
    cmd=("python", "-m", "nightly", "run", "--store", "sqlite:////tmp/jobs.sqlite"),
    python=(
        *("apscheduler<4", "sqlalchemy<2.1", "click", "rich", "paramiko", "openpyxl", "reportlab", "pypdf", "lxml"),
        *("requests", "ldap3", "pyyaml", "psycopg[binary]", "watchdog"),
    ),
    files=HOSTS
    | {
        "app/nightly/__init__.py": "",
        "app/nightly/__main__.py": """import click
from rich.console import Console


@click.group()
def main():
    pass


@main.command()
@click.option("--store", required=True)
def run(store):
    from nightly.schedule import start

    Console().print("[bold]nightly[/bold]")
    start(store)


@main.command()
@click.argument("host")
def push(host):
    import paramiko

    paramiko.SSHClient().connect(host)


@main.command()
def users():
    import ldap3

    print(ldap3.Server("ldap.shop.example"))


main()
""",
        "app/nightly/schedule.py": """import yaml
from apscheduler.executors.pool import ProcessPoolExecutor, ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.blocking import BlockingScheduler


def start(store):
    scheduler = BlockingScheduler(
        jobstores={"default": SQLAlchemyJobStore(url=store)},
        executors={"default": ThreadPoolExecutor(2), "processes": ProcessPoolExecutor(1)},
    )
    with open("/app/jobs.yaml") as file:
        for job in yaml.safe_load(file):
            scheduler.add_job(job["call"], job["trigger"], id=job["id"], replace_existing=True, **job["options"])
    scheduler.start()
""",
        "app/nightly/jobs.py": """def pdf():
    from pypdf import PdfReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas("/tmp/orders.pdf")
    canvas.drawString(100, 100, "orders")
    canvas.save()
    print(len(PdfReader("/tmp/orders.pdf").pages))


def table():
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["orders", 1])
    book.save("/tmp/orders.xlsx")


def fetch():
    import requests
    from lxml import etree

    try:
        etree.fromstring(requests.get("http://127.0.0.1:1/orders.xml", timeout=1).content)
    except requests.RequestException as error:
        print(error)
""",
        "app/jobs.yaml": """- {id: pdf, call: "nightly.jobs:pdf", trigger: interval, options: {seconds: 2}}
- {id: table, call: "nightly.jobs:table", trigger: interval, options: {seconds: 3, executor: processes}}
- {id: fetch, call: "nightly.jobs:fetch", trigger: cron, options: {second: "*/5"}}
""",
    },
    seconds=25,
)

SPHINX = Recipe(
    name="sphinx",
    packages=(*FULL_PYTHON, "graphviz"),
    env=PRODUCTION_PYTHON,
    folder="/docs",
    entrypoint=("sphinx-build",),
    cmd=("-b", "html", "-d", "/tmp/doctrees", "-j", "1", "/docs", "/tmp/html"),
    python=(
        *("sphinx", "furo", "myst-parser[linkify]", "sphinx-copybutton", "sphinx-design", "sphinxcontrib-mermaid"),
        *(
            "sphinx-autobuild",
            "sphinx-rtd-theme",
            "sphinx-intl",
            "numpydoc",
            "doc8",
            "rstcheck",
            "nbsphinx",
            "ipykernel",
        ),
    ),
    files=HOSTS
    | {
        "docs/conf.py": """import sys

sys.path.insert(0, "/docs/src")
project = "shop"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.graphviz", "sphinx.ext.napoleon", "sphinx_copybutton"]
extensions += ["sphinx_design", "sphinxcontrib.mermaid"]
myst_enable_extensions = ["linkify", "colon_fence"]
html_theme = "furo"
exclude_patterns = ["src"]
""",
        "docs/index.md": "# Shop\n\n```{toctree}\napi\n```\n\nwww.shop.example\n\n"
        "```{mermaid}\ngraph LR\n  a --> b\n```\n",
        "docs/api.rst": "API\n===\n\n.. automodule:: orders\n   :members:\n\n.. graphviz::\n\n   digraph { a -> b }\n\n"
        ".. code-block:: python\n\n   print(1)\n",
        "docs/src/orders.py": '"""Orders."""\n\n\ndef add(name):\n    """Add one.\n\n    Args:\n'
        '        name: what.\n    """\n',
    },
    seconds=30,
)

PAPERMILL = Recipe(
    name="papermill",
    packages=(*FULL_PYTHON, "tini"),
    env=PRODUCTION_PYTHON | {"JUPYTER_PLATFORM_DIRS": "1"},
    entrypoint=("tini", "-g", "--"),
    cmd=("papermill", "/app/report.ipynb", "/tmp/report.ipynb", "-p", "days", "3", "-k", "python3"),
    python=("papermill", "ipykernel", "pandas", "matplotlib", "seaborn", "nbconvert", "scikit-learn", "boto3", "s3fs"),
    files=HOSTS
    | {
        "app/report.ipynb": """{"cells": [
 {"cell_type": "code", "execution_count": null, "id": "a", "metadata": {"tags": ["parameters"]}, "outputs": [],
  "source": ["days = 1"]},
 {"cell_type": "code", "execution_count": null, "id": "b", "metadata": {}, "outputs": [],
  "source": ["import pandas\\n", "table = pandas.DataFrame({'orders': range(days)})\\n", "table.describe()"]},
 {"cell_type": "code", "execution_count": null, "id": "c", "metadata": {}, "outputs": [],
  "source": ["table.to_csv('/tmp/orders.csv')"]}],
 "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
 "nbformat": 4, "nbformat_minor": 5}
""",
    },
    seconds=40,
)

MITMPROXY = Recipe(
    name="mitmproxy",
    packages=(*PYTHON, "ca-certificates", "gosu", "curl", "netbase", "tzdata", "nano", "passwd"),
    env=PRODUCTION_PYTHON,
    folder="/",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("mitmdump", "--listen-host", "127.0.0.1", "--listen-port", "10122", "-s", "/addons/shop.py"),
    python=("mitmproxy", "requests", "rich"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/bash
# WARNING: do not change the shebang - the Docker base image might not have what you want!

set -o errexit
set -o pipefail
set -o nounset

MITMPROXY_PATH="/root/.mitmproxy"

if [[ "$1" = "mitmdump" || "$1" = "mitmproxy" || "$1" = "mitmweb" ]]; then
  mkdir -p "$MITMPROXY_PATH"
  if [[ -f "$MITMPROXY_PATH/mitmproxy-ca.pem" ]]; then
    f="$MITMPROXY_PATH/mitmproxy-ca.pem"
  else
    f="$MITMPROXY_PATH"
  fi
  usermod -o -u "$(stat -c "%u" "$f")" -g "$(stat -c "%g" "$f")" www-data
  exec "$@" --set confdir="$MITMPROXY_PATH"
else
  exec "$@"
fi
""",
        "addons/shop.py": """from mitmproxy import ctx, http


class Shop:
    def load(self, loader):
        loader.add_option("shop", str, "one", "the shop")

    def request(self, flow: http.HTTPFlow):
        if flow.request.pretty_host == "shop.example":
            flow.response = http.Response.make(200, ctx.options.shop.encode())


addons = [Shop()]
""",
    },
    asks=("http://127.0.0.1:10122/", "http://127.0.0.1:10122/no"),
    sends=(
        ("tcp://127.0.0.1:10122", "GET http://shop.example/ HTTP/1.0\r\nHost: shop.example\r\n\r\n"),
        ("tcp://127.0.0.1:10122", "GET http://127.0.0.1:10122/ HTTP/1.0\r\nHost: a\r\n\r\n"),
        ("tcp://127.0.0.1:10122", "CONNECT shop.example:443 HTTP/1.0\r\n\r\n"),
    ),
    seconds=20,
)

LOCUST = Recipe(
    name="locust",
    packages=(*PYTHON, "ca-certificates", "tini", "curl", "netbase"),
    env=PRODUCTION_PYTHON | {"LOCUST_HOST": "http://127.0.0.1:10123", "LOCUST_LOCUSTFILE": "/mnt/locust/load.py"},
    folder="/mnt/locust",
    entrypoint=("tini", "--", "locust"),
    cmd=("--headless", "--users", "2", "--run-time", "10s", "--csv", "/tmp/load", "--html", "/tmp/load.html"),
    python=("locust", "faker", "locust-plugins", "orjson", "websocket-client", "grpcio"),
    files=HOSTS
    | {
        "mnt/locust/load.py": """from faker import Faker
from locust import FastHttpUser, HttpUser, between, task

fake = Faker()


class Visitor(HttpUser):
    wait_time = between(0.1, 0.3)

    @task(3)
    def home(self):
        self.client.get("/")

    @task
    def order(self):
        self.client.post("/orders", json={"name": fake.name()})


class Fast(FastHttpUser):
    @task
    def home(self):
        self.client.get("/")
""",
    },
    seconds=25,
)

SERVED = (YOYO, MITMPROXY)
WORKERS = (TASKIQ, SCHEDULER)
BATCHES = (SPHINX, PAPERMILL, LOCUST)
PYTHON_JOBS = SERVED + WORKERS + BATCHES
