"""The twenty-second set's web applications of Python."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL_PYTHON, PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

KINTO = Recipe(
    name="kinto",
    packages=(*PYTHON, "ca-certificates", "gosu", "libpq5", "curl"),
    env=PRODUCTION_PYTHON | {"KINTO_INI": "/etc/kinto/kinto.ini"},
    entrypoint=("/entrypoint.sh",),
    cmd=("kinto", "start", "--port", "10221"),
    python=("kinto", "kinto-attachment", "kinto-emailer", "psycopg2-binary", "kinto-http", "setuptools<80"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e
if [ "$1" = kinto ] && [ "$(id -u)" = 0 ]; then
  kinto migrate --ini "$KINTO_INI"
  exec gosu www-data "$@" --ini "$KINTO_INI"
fi
exec "$@"
""",
        "etc/kinto/kinto.ini": """[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = 10221

[app:main]
use = egg:kinto
kinto.userid_hmac_secret = one
kinto.storage_backend = kinto.core.storage.memory
kinto.cache_backend = kinto.core.cache.memory
kinto.permission_backend = kinto.core.permission.memory
kinto.includes = kinto.plugins.default_bucket
    kinto.plugins.admin
    kinto.plugins.history
    kinto_emailer
kinto.bucket_create_principals = system.Authenticated
multiauth.policies = basicauth
multiauth.policy.basicauth.use = kinto.core.authentication.BasicAuthAuthenticationPolicy
mail.default_sender = a@shop.example

[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = color
[logger_root]
level = INFO
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = color
[formatter_color]
class = logging_color_formatter.ColorFormatter
""",
    },
    asks=tuple(f"http://127.0.0.1:10221/v1/{path}" for path in ("", "__heartbeat__", "__api__", "admin/", "buckets")),
    sends=(("http://127.0.0.1:10221/v1/batch", '{"requests": [{"path": "/buckets", "method": "POST"}]}'),),
    seconds=25,
)

NICEGUI = Recipe(
    name="nicegui",
    packages=(*PYTHON, "ca-certificates", "netbase", "tzdata"),
    env=PRODUCTION_PYTHON,
    cmd=("python3", "main.py"),
    python=("nicegui", "httpx", "pandas", "plotly", "matplotlib", "redis", "sqlmodel", "authlib"),
    files=HOSTS
    | {
        "app/main.py": """import os

from nicegui import app, ui

from pages import orders

app.add_static_files("/static", "static")


@ui.page("/")
def index():
    ui.label("Shop")
    ui.table(columns=[{"name": "name", "label": "Name", "field": "name"}], rows=orders.rows())
    ui.button("more", on_click=lambda: ui.notify("no"))


@ui.page("/chart")
def chart():
    import plotly.graph_objects

    ui.plotly(plotly.graph_objects.Figure(plotly.graph_objects.Scatter(x=[1, 2], y=[2, 1])))


if os.environ.get("OAUTH_CLIENT"):
    from authlib.integrations.starlette_client import OAuth

    OAuth().register("shop")

ui.run(host="127.0.0.1", port=10222, show=False, reload=False, storage_secret="one")
""",
        "app/pages/__init__.py": "",
        "app/pages/orders.py": """import os


def rows():
    if os.environ.get("DATABASE_URL"):
        from pages import database

        return database.rows()
    return [{"name": "one"}]
""",
        "app/pages/database.py": """import os

from sqlmodel import Field, Session, SQLModel, create_engine, select


class Order(SQLModel, table=True):
    id: int = Field(primary_key=True)
    name: str


def rows():
    with Session(create_engine(os.environ["DATABASE_URL"])) as session:
        return [order.model_dump() for order in session.exec(select(Order))]
""",
        "app/static/one.txt": "one\n",
    },
    asks=tuple(f"http://127.0.0.1:10222/{path}" for path in ("", "chart", "static/one.txt", "no")),
    seconds=25,
)

SHINY = Recipe(
    name="shiny",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON,
    entrypoint=("shiny", "run"),
    cmd=("--host", "127.0.0.1", "--port", "10223", "app.py"),
    python=("shiny", "faicons", "pandas", "seaborn", "shinywidgets", "great-tables", "duckdb", "pyarrow"),
    files=HOSTS
    | {
        "app/app.py": """from pathlib import Path

import pandas
from faicons import icon_svg
from shiny import App, reactive, render, ui

from shared import orders

page = ui.page_sidebar(
    ui.sidebar(ui.input_slider("n", "Orders", 1, 10, 5)),
    ui.value_box("Orders", ui.output_text("count"), showcase=icon_svg("truck")),
    ui.output_plot("plot"),
    title="Shop",
)


def server(input, output, session):
    @reactive.calc
    def chosen() -> pandas.DataFrame:
        return orders().head(input.n())

    @render.text
    def count():
        return str(len(chosen()))

    @render.plot
    def plot():
        import seaborn

        return seaborn.barplot(chosen(), x="name", y="n")


app = App(page, server, static_assets=Path(__file__).parent / "www")
""",
        "app/shared.py": """from pathlib import Path

import pandas


def orders():
    parquet = Path(__file__).parent / "orders.parquet"
    if parquet.exists():
        import duckdb

        return duckdb.sql(f"from '{parquet}'").df()
    return pandas.read_csv(Path(__file__).parent / "orders.csv")
""",
        "app/orders.csv": "name,n\none,1\ntwo,2\n",
        "app/www/one.css": "body { color: black }\n",
    },
    asks=tuple(f"http://127.0.0.1:10223/{path}" for path in ("", "one.css", "no")),
    seconds=25,
)

PGADMIN = Recipe(
    name="pgadmin",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON
    | {
        "PGADMIN_SETUP_EMAIL": "a@shop.example",
        "PGADMIN_SETUP_PASSWORD": "shop-one",
        "PGADMIN_LISTEN_ADDRESS": "127.0.0.1",
    },
    folder="/pgadmin4",
    entrypoint=("/entrypoint.sh",),
    python=("pgadmin4", "gunicorn"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -e

site=$(python3 -c 'import pgadmin4; print(pgadmin4.__path__[0])')
cat > "$site/config_local.py" <<CONF
DATA_DIR = "/tmp/pgadmin"
LOG_FILE = "/tmp/pgadmin/log"
SERVER_MODE = True
UPGRADE_CHECK_ENABLED = False
${PGADMIN_CONFIG_EXTRA}
CONF
mkdir -p /tmp/pgadmin
if [ ! -f /tmp/pgadmin/pgadmin4.db ]; then
  python3 "$site/setup.py" setup-db
fi
exec gunicorn --timeout 60 --bind "${PGADMIN_LISTEN_ADDRESS:-[::]}:${PGADMIN_LISTEN_PORT:-10224}" -w 1 \\
  --threads 5 --access-logfile "${GUNICORN_ACCESS_LOGFILE:--}" --chdir "$site" pgAdmin4:app
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10224/{path}" for path in ("", "login?next=/", "misc/ping", "browser/js/messages.js", "no")
    ),
    sends=(("http://127.0.0.1:10224/authenticate/login", "email=a&password=b"),),
    seconds=60,
)

ISSO = Recipe(
    name="isso",
    packages=(*PYTHON, "ca-certificates", "gosu", "sqlite3", "gcc", "libc6-dev", "python3-dev"),
    env=PRODUCTION_PYTHON | {"ISSO_SETTINGS": "/config/isso.cfg", "GID": "33", "UID": "33"},
    entrypoint=("/usr/local/bin/docker-entrypoint.sh",),
    cmd=("gunicorn", "-b", "127.0.0.1:10225", "-w", "1", "--worker-tmp-dir", "/tmp", "--preload", "isso.run"),
    python=("isso", "gunicorn", "gevent", "setuptools<80"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/sh
set -e
mkdir -p /tmp/db
chown -R "$UID:$GID" /tmp/db
exec gosu "$UID:$GID" "$@"
""",
        "config/isso.cfg": "[general]\ndbpath = /tmp/db/comments.db\nhost = http://shop.example/\nnotify = stdout\n"
        "[admin]\nenabled = true\npassword = one\n[guard]\nenabled = false\n[markup]\noptions = tables\n",
    },
    asks=tuple(
        f"http://127.0.0.1:10225/{path}" for path in ("", "?uri=/one/", "feed?uri=/one/", "login/", "config", "no")
    ),
    sends=(
        ("http://127.0.0.1:10225/new?uri=/one/", '{"text": "a *b* comment", "title": "one"}'),
        ("http://127.0.0.1:10225/count", '["/one/"]'),
        ("http://127.0.0.1:10225/login/", "password=one"),
    ),
    seconds=20,
)

ROBYN = Recipe(
    name="robyn",
    packages=(*FULL_PYTHON, "tini"),
    env=PRODUCTION_PYTHON | {"ROBYN_HOST": "127.0.0.1", "ROBYN_PORT": "10226"},
    entrypoint=("tini", "--"),
    cmd=("python", "-m", "robyn", "src/app.py", "--log-level=INFO", "--processes=1"),
    python=("robyn", "jinja2", "tortoise-orm", "asyncpg", "msgspec", "structlog", "google-cloud-pubsub", "pillow"),
    files=HOSTS
    | {
        "app/src/app.py": """import os

import structlog
from robyn import Request, Robyn
from tortoise import Tortoise

from api import router

app = Robyn(__file__)
app.include_router(router)
log = structlog.get_logger()


@app.startup_handler
async def connect():
    await Tortoise.init(db_url=os.environ.get("DATABASE_URL", "sqlite://:memory:"), modules={"models": ["models"]})
    await Tortoise.generate_schemas()
    log.info("ready")


@app.get("/")
async def index(request: Request):
    return "Shop"


@app.get("/publish")
def publish():
    if not os.environ.get("TOPIC"):
        return "no topic"
    from google.cloud import pubsub_v1

    return str(pubsub_v1.PublisherClient().publish(os.environ["TOPIC"], b"one").result())


app.start(host=os.environ["ROBYN_HOST"], port=int(os.environ["ROBYN_PORT"]))
""",
        "app/src/models.py": """from tortoise import fields
from tortoise.models import Model


class Order(Model):
    id = fields.IntField(primary_key=True)
    name = fields.CharField(40)
""",
        "app/src/api.py": """import io

import msgspec
from models import Order
from robyn import Request, SubRouter

router = SubRouter(__file__, prefix="/orders")


class New(msgspec.Struct):
    name: str


@router.get("/")
async def names():
    return {"orders": await Order.all().limit(5).values("id", "name")}


@router.post("/")
async def add(request: Request):
    order = await Order.create(name=msgspec.json.decode(request.body, type=New).name)
    return {"id": order.id}


@router.get("/picture")
def picture():
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return out.getvalue()
""",
    },
    asks=tuple(f"http://127.0.0.1:10226/{path}" for path in ("", "orders/", "orders/picture", "publish", "no")),
    sends=(("http://127.0.0.1:10226/orders/", '{"name": "one"}'), ("http://127.0.0.1:10226/orders/", "{}")),
    seconds=25,
)

WSGIDAV = Recipe(
    name="wsgidav",
    packages=(*PYTHON, "ca-certificates", "curl", "procps"),
    env=PRODUCTION_PYTHON,
    entrypoint=("wsgidav",),
    cmd=("--config", "/etc/wsgidav.yaml"),
    python=("wsgidav", "cheroot", "lxml", "python-pam", "redis", "pymongo"),
    files=HOSTS
    | {
        "etc/wsgidav.yaml": """host: 127.0.0.1
port: 10227
verbose: 3
server: cheroot
provider_mapping:
  "/": {root: /srv/files, readonly: false}
  "/other": {class: wsgidav.samples.virtual_dav_provider.VirtualResourceProvider}
middleware_stack:
  - wsgidav.mw.cors.Cors
  - wsgidav.error_printer.ErrorPrinter
  - wsgidav.http_authenticator.HTTPAuthenticator
  - wsgidav.dir_browser._dir_browser.WsgiDavDirBrowser
  - wsgidav.request_resolver.RequestResolver
http_authenticator:
  domain_controller: null
  accept_basic: true
  accept_digest: true
simple_dc:
  user_mapping: {"*": true}
lock_storage: {class: wsgidav.lock_man.lock_storage.LockStorageShelve, kwargs: {storage_path: /tmp/locks}}
property_manager: {class: wsgidav.prop_man.property_manager.ShelvePropertyManager, kwargs: {storage_path: /tmp/props}}
""",
        "srv/files/one.txt": "one\n",
    },
    asks=tuple(f"http://127.0.0.1:10227/{path}" for path in ("", "one.txt", "other/", "no")),
    sends=(("http://127.0.0.1:10227/one.txt", "a=1"),),
    seconds=15,
)

PYTHON_APPLICATIONS = (KINTO, NICEGUI, SHINY, PGADMIN, ISSO, ROBYN, WSGIDAV)
