"""The thirty-ninth set's services and jobs of Python on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

CROSSINGS = Recipe(
    name="crossings",
    packages=(*PYTHON, *_TOOLS, "curl"),
    env=PRODUCTION_PYTHON
    | {"DATABASE_URL": "sqlite:////tmp/ferries.db", "SECRET_KEY": "one-long-secret-for-all-of-it-and-more"},
    cmd=(
        *("gunicorn", "--bind", "127.0.0.1:12007", "--workers", "2", "--threads", "2", "--preload"),
        *("--access-logfile", "-", "ferries.wsgi:app"),
    ),
    python=(
        *("flask==3.*", "flask-restful", "flask-sqlalchemy==3.*", "flask-migrate==4.*", "flask-jwt-extended==4.*"),
        *("flasgger", "flask-talisman", "flask-compress", "flask-httpauth", "gunicorn", "psycopg2-binary", "pytz"),
        *("marshmallow-sqlalchemy", "simplejson", "python-dotenv", "ua-parser", "user-agents", "isodate", "hashids"),
        *("sentry-sdk[flask]", "boto3", "flask-mailman", "pyfiglet", "py-healthcheck", "blinker", "deepdiff", "ujson"),
    ),
    files=HOSTS
    | {
        "app/ferries/__init__.py": "",
        "app/ferries/wsgi.py": """from ferries.app import create_app

app = create_app()
""",
        "app/ferries/config.py": """import os

from dotenv import load_dotenv

load_dotenv()


class Config:
    SECRET_KEY = os.environ["SECRET_KEY"]
    JWT_SECRET_KEY = SECRET_KEY
    SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"]
    SWAGGER = {"title": "Ferries", "uiversion": 3}
    BUCKET = os.environ.get("BUCKET")
    SENTRY_DSN = os.environ.get("SENTRY_DSN")
    MAIL_SERVER = os.environ.get("MAIL_SERVER")
    RESTFUL_JSON = {"ensure_ascii": False}
    PROPAGATE_EXCEPTIONS = True
""",
        "app/ferries/extensions.py": """from flasgger import Swagger
from flask_compress import Compress
from flask_httpauth import HTTPBasicAuth
from flask_jwt_extended import JWTManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_talisman import Talisman
from healthcheck import HealthCheck

db = SQLAlchemy()
migrate = Migrate()
jwt = JWTManager()
swagger = Swagger()
compress = Compress()
talisman = Talisman()
basic = HTTPBasicAuth()
health = HealthCheck()


@basic.verify_password
def verify(name, password):
    return name if password == "two-three" else None


@health.add_check
def database():
    db.session.execute(db.text("select 1"))
    return True, "database up"
""",
        "app/ferries/app.py": """from flask import Flask

from ferries.config import Config
from ferries.extensions import compress, db, health, jwt, migrate, swagger, talisman
from ferries.resources import api
from ferries.views import views


def create_app(config=Config):
    if config.SENTRY_DSN:
        import sentry_sdk

        sentry_sdk.init(dsn=config.SENTRY_DSN)
    app = Flask(__name__)
    app.config.from_object(config)
    db.init_app(app)
    migrate.init_app(app, db)
    jwt.init_app(app)
    compress.init_app(app)
    talisman.init_app(app, force_https=False, content_security_policy=None)
    api.init_app(app)
    app.register_blueprint(views)
    swagger.init_app(app)
    app.add_url_rule("/health", "health", view_func=health.run)
    if config.MAIL_SERVER:
        from flask_mailman import Mail

        Mail(app)
    with app.app_context():
        db.create_all()
    return app
""",
        "app/ferries/models.py": """from datetime import UTC, datetime

from ferries.extensions import db


class Crossing(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    harbour = db.Column(db.String(80), nullable=False)
    minutes = db.Column(db.Integer, nullable=False)
    price = db.Column(db.Numeric(8, 2))
    created = db.Column(db.DateTime, default=lambda: datetime.now(UTC))
""",
        "app/ferries/schemas.py": """import isodate
from marshmallow import fields
from marshmallow_sqlalchemy import SQLAlchemyAutoSchema

from ferries.extensions import db
from ferries.models import Crossing


class CrossingSchema(SQLAlchemyAutoSchema):
    class Meta:
        model = Crossing
        load_instance = True
        sqla_session = db.session

    price = fields.Decimal(as_string=True)
    lasts = fields.Function(lambda crossing: isodate.duration_isoformat(isodate.Duration(minutes=crossing.minutes)))
""",
        "app/ferries/resources.py": """import simplejson
from flask import Response, current_app, request
from flask_jwt_extended import create_access_token, get_jwt_identity, jwt_required
from flask_restful import Api, Resource, fields, marshal_with, reqparse
from hashids import Hashids
from marshmallow import ValidationError

from ferries.extensions import basic, db, verify
from ferries.models import Crossing
from ferries.schemas import CrossingSchema

api = Api(prefix="/api")
hashids = Hashids(min_length=6)
ticket_fields = {"code": fields.String, "crossing": fields.Integer}


class Crossings(Resource):
    def get(self):
        \"\"\"All crossings.
        ---
        responses:
          200: {description: the newest}
        \"\"\"
        newest = db.select(Crossing).order_by(Crossing.id.desc()).limit(5)
        return CrossingSchema(many=True).dump(db.session.scalars(newest))

    def post(self):
        try:
            crossing = CrossingSchema().load(request.get_json())
        except ValidationError as error:
            return {"errors": error.messages}, 422
        db.session.add(crossing)
        db.session.commit()
        return CrossingSchema().dump(crossing), 201


class Tickets(Resource):
    parser = reqparse.RequestParser()
    parser.add_argument("crossing", type=int, required=True)

    @marshal_with(ticket_fields)
    def post(self):
        crossing = self.parser.parse_args()["crossing"]
        return {"code": hashids.encode(crossing), "crossing": crossing}, 201


class Token(Resource):
    def post(self):
        name = verify(request.get_json()["name"], request.get_json()["password"])
        return {"token": create_access_token(identity=name)} if name else ({"message": "no"}, 403)


class Admin(Resource):
    decorators = [basic.login_required]

    def get(self):
        return {"crossings": db.session.query(Crossing).count()}


class Me(Resource):
    @jwt_required()
    def get(self):
        return {"name": get_jwt_identity()}


class Export(Resource):
    def get(self):
        rows = CrossingSchema(many=True).dump(db.session.scalars(db.select(Crossing).limit(50)))
        content = simplejson.dumps(rows, use_decimal=True)
        if current_app.config["BUCKET"]:
            import boto3

            boto3.client("s3").put_object(Bucket=current_app.config["BUCKET"], Key="all.json", Body=content)
        return Response(content, mimetype="application/json")


class Fail(Resource):
    def get(self):
        raise RuntimeError("on purpose")


api.add_resource(Crossings, "/crossings")
api.add_resource(Tickets, "/tickets")
api.add_resource(Token, "/token")
api.add_resource(Admin, "/admin")
api.add_resource(Me, "/me")
api.add_resource(Export, "/export")
api.add_resource(Fail, "/fail")
""",
        "app/ferries/views.py": """from datetime import datetime

import pytz
from flask import Blueprint, render_template, request
from user_agents import parse

from ferries.extensions import db
from ferries.models import Crossing

views = Blueprint("views", __name__)


@views.get("/")
def index():
    agent = parse(request.user_agent.string)
    now = datetime.now(pytz.timezone("Europe/Copenhagen"))
    return render_template("index.html", agent=agent, now=now, crossings=db.session.query(Crossing).limit(5).all())
""",
        "app/ferries/templates/index.html": """<!doctype html>
<title>Ferries</title>
<p>{{ now.strftime("%H:%M") }}, {{ agent.browser.family }}</p>
<ul>{% for crossing in crossings %}<li>{{ crossing.harbour }}</li>{% endfor %}</ul>
""",
    },
    asks=tuple(
        f"http://127.0.0.1:12007/{path}"
        for path in (
            *("", "health", "api/crossings", "api/me", "api/admin", "api/export", "api/fail", "apidocs/"),
            *("apispec_1.json", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:12007/api/crossings", '{"harbour": "Gedser", "minutes": 105, "price": "89.50"}'),
        ("http://127.0.0.1:12007/api/crossings", '{"minutes": "none"}'),
        ("http://127.0.0.1:12007/api/tickets", '{"crossing": 3}'),
        ("http://127.0.0.1:12007/api/tickets", "{}"),
        ("http://127.0.0.1:12007/api/token", '{"name": "one", "password": "two-three"}'),
    ),
    seconds=25,
)

PRESSINGS = Recipe(
    name="pressings",
    packages=(*PYTHON, *_TOOLS, "redis-server"),
    env=PRODUCTION_PYTHON | {"REDIS_URL": "redis://127.0.0.1:6379/0", "FOLDER": "/tmp"},
    entrypoint=("/app/start.sh",),
    cmd=("faststream", "run", "pressings.app:app", "--workers", "1"),
    python=(
        *("faststream[redis,cli,prometheus]", "pydantic-settings", "pydantic-extra-types", "pycountry", "semver"),
        *("python-barcode", "fpdf2", "mutagen", "xxhash", "aiosmtplib", "anyio", "uvloop", "structlog-sentry"),
        *("structlog", "aioboto3", "aiomysql", "prometheus-client", "deepmerge", "inflection", "more-itertools"),
    ),
    files=HOSTS
    | {
        "app/start.sh": """#!/bin/sh
set -e
redis-server --port 6379 --daemonize yes --dir /tmp --save ''
python -m pressings.seed &
exec "$@"
""",
        "app/pressings/__init__.py": "",
        "app/pressings/settings.py": """from pydantic import RedisDsn
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    redis_url: RedisDsn
    folder: str = "/tmp"
    bucket: str | None = None
    mysql_url: str | None = None
    smtp_host: str | None = None
    sentry_dsn: str | None = None


settings = Settings()
""",
        "app/pressings/log.py": """import structlog

from pressings.settings import settings

processors = [structlog.processors.TimeStamper(fmt="iso"), structlog.processors.JSONRenderer()]
if settings.sentry_dsn:
    from structlog_sentry import SentryProcessor

    processors.insert(0, SentryProcessor())
structlog.configure(processors=processors)
log = structlog.get_logger()
""",
        "app/pressings/app.py": """from faststream import FastStream
from faststream.redis import RedisBroker
from faststream.redis.prometheus import RedisPrometheusMiddleware
from prometheus_client import CollectorRegistry, start_http_server

from pressings.handlers import router
from pressings.log import log
from pressings.settings import settings

registry = CollectorRegistry()
broker = RedisBroker(str(settings.redis_url), middlewares=(RedisPrometheusMiddleware(registry=registry),))
broker.include_router(router)
app = FastStream(broker)


@app.after_startup
async def started():
    start_http_server(12008, addr="127.0.0.1", registry=registry)
    log.info("ready")
""",
        "app/pressings/models.py": """from pydantic import BaseModel, Field
from pydantic_extra_types.country import CountryAlpha2
from pydantic_extra_types.semantic_version import SemanticVersion


class Track(BaseModel):
    title: str = Field(min_length=1)
    seconds: int = Field(gt=0)


class Record(BaseModel):
    ean: str = Field(pattern=r"^\\d{12}$")
    title: str
    country: CountryAlpha2 = "DE"
    master: SemanticVersion = "1.0.0"
    tracks: list[Track] = []


class Sleeve(BaseModel):
    ean: str
    file: str
    hash: str
""",
        "app/pressings/handlers.py": """from faststream.redis import ListSub, RedisRouter, StreamSub

from pressings.labels import label, sleeve
from pressings.log import log
from pressings.models import Record, Sleeve
from pressings.sides import sides
from pressings.store import keep

router = RedisRouter()


@router.subscriber(list="records")
@router.publisher(stream="sleeves")
async def press(record: Record) -> Sleeve:
    log.info("pressing", title=record.title, sides=[len(side) for side in sides(record.tracks)])
    label(record)
    return sleeve(record)


@router.subscriber(stream=StreamSub("sleeves"))
async def pack(sleeve: Sleeve):
    await keep(sleeve)
    log.info("packed", ean=sleeve.ean, hash=sleeve.hash)


@router.subscriber(list=ListSub("returns", batch=True))
async def returned(eans: list[str]):
    log.info("returned", count=len(eans))
""",
        "app/pressings/sides.py": """from more_itertools import split_into


def sides(tracks):
    half = (len(tracks) + 1) // 2
    return list(split_into(tracks, [half, None]))
""",
        "app/pressings/labels.py": """import barcode
import xxhash
from barcode.writer import SVGWriter
from fpdf import FPDF
from inflection import parameterize

from pressings.models import Sleeve
from pressings.settings import settings


def label(record):
    return barcode.get("ean13", record.ean, writer=SVGWriter()).save(f"{settings.folder}/{record.ean}")


def sleeve(record):
    page = FPDF(format="A5")
    page.add_page()
    page.set_font("Helvetica", size=16)
    page.cell(text=record.title)
    with page.table() as table:
        for track in record.tracks:
            table.row([track.title, str(track.seconds)])
    file = f"{settings.folder}/{parameterize(record.title)}.pdf"
    content = bytes(page.output())
    with open(file, "wb") as out:
        out.write(content)
    return Sleeve(ean=record.ean, file=file, hash=xxhash.xxh64(content).hexdigest())
""",
        "app/pressings/store.py": """from pressings.settings import settings


async def keep(sleeve):
    if settings.bucket:
        import aioboto3

        async with aioboto3.Session().client("s3") as client:
            await client.upload_file(sleeve.file, settings.bucket, sleeve.hash)
    if settings.mysql_url:
        import aiomysql

        await aiomysql.connect(settings.mysql_url)
    if settings.smtp_host:
        import aiosmtplib

        await aiosmtplib.send("packed", sender="a@shop.example", recipients=["b@shop.example"])
""",
        "app/pressings/seed.py": """import asyncio

from faststream.redis import RedisBroker

from pressings.settings import settings

TRACKS = [{"title": "One", "seconds": 180}, {"title": "Two", "seconds": 240}, {"title": "Three", "seconds": 75}]


async def main():
    async with RedisBroker(str(settings.redis_url)) as broker:
        for number in range(30):
            await broker.publish(
                {"ean": f"40123450000{number % 10}", "title": f"Record {number}", "tracks": TRACKS}, list="records"
            )
            await broker.publish({"ean": "no"}, list="records")
            await broker.publish("R-401234500001", list="returns")
            await asyncio.sleep(1)


asyncio.run(main())
""",
    },
    asks=("http://127.0.0.1:12008/metrics",),
    seconds=35,
)

TURBINES = Recipe(
    name="turbines",
    packages=(*PYTHON, *_TOOLS, "tini"),
    env=PRODUCTION_PYTHON | {"CACHE": "/tmp/cache", "NUMBER_OF_DAYS": "40"},
    entrypoint=("tini", "--"),
    cmd=("gunicorn", "-c", "gunicorn.conf.py", "turbines.index:server"),
    python=(
        *("dash==3.*", "dash-bootstrap-components==2.*", "dash-ag-grid", "plotly", "pandas", "numpy", "gunicorn"),
        *("flask-caching", "statsmodels", "dash-bootstrap-templates", "dash-auth", "whitenoise", "xlsxwriter"),
        *("pyyaml", "sqlalchemy==2.*", "psycopg[binary]", "influxdb-client", "kaleido", "astral", "dash-iconify"),
    ),
    files=HOSTS
    | {
        "app/gunicorn.conf.py": """bind = "127.0.0.1:12009"
workers = 1
threads = 4
accesslog = "-"
preload_app = True
""",
        "app/turbines/__init__.py": "",
        "app/turbines/settings.yaml": "site: Nordergründe\nturbines: [t1, t2, t3]\nlatitude: 53.8\nlongitude: 8.2\n",
        "app/turbines/settings.py": """import os
from pathlib import Path

import yaml

SITE = yaml.safe_load((Path(__file__).parent / "settings.yaml").read_text("utf-8"))
DAYS = int(os.environ.get("NUMBER_OF_DAYS", "30"))
INFLUX = os.environ.get("INFLUX_URL")
DATABASE = os.environ.get("DATABASE_URL")
PASSWORD = os.environ.get("DASHBOARD_PASSWORD")
""",
        "app/turbines/data.py": """import numpy as np
import pandas as pd

from turbines.cache import cache
from turbines.settings import DATABASE, DAYS, INFLUX, SITE


def _drawn():
    chance = np.random.default_rng(7)
    hours = pd.date_range("2026-01-01", periods=DAYS * 24, freq="h", tz="Europe/Berlin")
    wind = chance.weibull(2, len(hours)) * 8
    parts = [
        pd.DataFrame({"turbine": name, "time": hours, "wind": wind, "power": np.clip(wind**3 * 4, 0, 3600)})
        for name in SITE["turbines"]
    ]
    return pd.concat(parts, ignore_index=True)


@cache.memoize(timeout=60)
def measured():
    if INFLUX:
        from influxdb_client import InfluxDBClient

        return InfluxDBClient(INFLUX).query_api().query_data_frame("from(bucket: 'wind')")
    if DATABASE:
        from sqlalchemy import create_engine

        return pd.read_sql("select * from measured", create_engine(DATABASE))
    return _drawn()


def daily(turbine):
    one = measured().query("turbine == @turbine").set_index("time")
    return one[["wind", "power"]].resample("D").mean().reset_index()
""",
        "app/turbines/cache.py": """import os

from flask_caching import Cache

cache = Cache(config={"CACHE_TYPE": "FileSystemCache", "CACHE_DIR": os.environ["CACHE"]})
""",
        "app/turbines/index.py": """import dash_bootstrap_components as dbc
from dash import Dash, dcc, html, page_container, page_registry
from dash_bootstrap_templates import load_figure_template
from whitenoise import WhiteNoise

from turbines.cache import cache
from turbines.settings import PASSWORD, SITE

load_figure_template("flatly")
app = Dash(__name__, use_pages=True, external_stylesheets=[dbc.themes.FLATLY])
server = app.server
server.wsgi_app = WhiteNoise(server.wsgi_app, root="turbines/static", prefix="static/")
cache.init_app(server)
if PASSWORD:
    import dash_auth

    dash_auth.BasicAuth(app, {"one": PASSWORD})
links = [dbc.NavLink(page["name"], href=page["path"]) for page in page_registry.values()]
app.layout = html.Div([dbc.NavbarSimple(links, brand=SITE["site"]), dcc.Store(id="chosen"), page_container])


@server.get("/health")
def health():
    return {"status": "up"}
""",
        "app/turbines/pages/power.py": """import dash_bootstrap_components as dbc
import plotly.express as px
from dash import Input, Output, State, callback, dcc, html, register_page
from dash_iconify import DashIconify

from turbines.data import daily, measured
from turbines.settings import SITE

register_page(__name__, path="/", name="Power")
layout = dbc.Container(
    [
        dcc.Dropdown(SITE["turbines"], "t1", id="turbine"),
        dcc.Graph(id="power"),
        dbc.Button([DashIconify(icon="mdi:download"), "Excel"], id="excel"),
        dcc.Download(id="file"),
        html.Div(id="day"),
    ]
)


@callback(Output("power", "figure"), Input("turbine", "value"))
def power(turbine):
    return px.line(daily(turbine), x="time", y="power", title=turbine)


@callback(Output("file", "data"), Input("excel", "n_clicks"), State("turbine", "value"), prevent_initial_call=True)
def excel(clicks, turbine):
    return dcc.send_data_frame(daily(turbine).assign(time=str).to_excel, "power.xlsx", engine="xlsxwriter")


@callback(Output("day", "children"), Input("power", "clickData"))
def day(click):
    from astral import Observer
    from astral.sun import sun

    times = sun(Observer(SITE["latitude"], SITE["longitude"]), date=measured()["time"].iloc[0].date())
    return times["sunrise"].isoformat()
""",
        "app/turbines/pages/fit.py": """import dash_bootstrap_components as dbc
import plotly.express as px
from dash import Input, Output, callback, dcc, register_page

from turbines.data import measured

register_page(__name__, path="/fit", name="Fit")
layout = dbc.Container([dcc.Slider(10, 200, 10, value=50, id="count"), dcc.Graph(id="fit")])


@callback(Output("fit", "figure"), Input("count", "value"))
def fit(count):
    return px.scatter(measured().head(count), x="wind", y="power", trendline="ols")
""",
        "app/turbines/pages/table.py": """import dash_ag_grid as dag
from dash import register_page

from turbines.data import daily

register_page(__name__, path="/table", name="Table")


def layout(turbine="t1", **_):
    rows = daily(turbine).assign(time=lambda all: all["time"].astype(str))
    return dag.AgGrid(rowData=rows.to_dict("records"), columnDefs=[{"field": name} for name in rows.columns])
""",
        "app/turbines/static/robots.txt": "User-agent: *\nDisallow: /\n",
    },
    asks=tuple(
        f"http://127.0.0.1:12009/{path}"
        for path in ("", "health", "_dash-layout", "_dash-dependencies", "static/robots.txt", "table", "_favicon.ico")
    ),
    sends=(
        (
            "http://127.0.0.1:12009/_dash-update-component",
            '{"output": "power.figure", "outputs": {"id": "power", "property": "figure"}, "changedPropIds": [], '
            '"inputs": [{"id": "turbine", "property": "value", "value": "t2"}]}',
        ),
        (
            "http://127.0.0.1:12009/_dash-update-component",
            '{"output": "fit.figure", "outputs": {"id": "fit", "property": "figure"}, "changedPropIds": [], '
            '"inputs": [{"id": "count", "property": "value", "value": 90}]}',
        ),
        (
            "http://127.0.0.1:12009/_dash-update-component",
            '{"output": "file.data", "outputs": {"id": "file", "property": "data"}, '
            '"changedPropIds": ["excel.n_clicks"], "inputs": [{"id": "excel", "property": "n_clicks", "value": 1}], '
            '"state": [{"id": "turbine", "property": "value", "value": "t1"}]}',
        ),
        (
            "http://127.0.0.1:12009/_dash-update-component",
            '{"output": "day.children", "outputs": {"id": "day", "property": "children"}, "changedPropIds": [], '
            '"inputs": [{"id": "power", "property": "clickData", "value": null}]}',
        ),
        (
            "http://127.0.0.1:12009/_dash-update-component",
            '{"output": ".._pages_content.children..._pages_store.data..", "outputs": '
            '[{"id": "_pages_content", "property": "children"}, {"id": "_pages_store", "property": "data"}], '
            '"changedPropIds": [], "inputs": [{"id": "_pages_location", "property": "pathname", "value": "/table"}, '
            '{"id": "_pages_location", "property": "search", "value": ""}]}',
        ),
    ),
    seconds=35,
)

PRICELISTS = Recipe(
    name="pricelists",
    packages=(*PYTHON, *_TOOLS, "cron"),
    env=PRODUCTION_PYTHON | {"TARIFF_STORE": "/tmp/tariffs.db", "TARIFF_INBOX": "/app/inbox", "TARIFF_OUT": "/tmp/out"},
    entrypoint=("/app/entrypoint.sh",),
    cmd=("cron", "-f"),
    python=(
        *("typer", "rich", "pyjson5", "price-parser", "dateparser", "chardet", "openpyxl", "sqlalchemy==2.*"),
        *("jinja2", "css-inline", "prettytable", "filelock", "platformdirs", "tomlkit", "requests", "requests-cache"),
        *("pysftp", "psycopg[binary]", "sendgrid", "opsgenie-sdk", "jsonpath-ng", "unidecode", "boltons"),
    ),
    files=HOSTS
    | {
        "app/entrypoint.sh": """#!/bin/sh
set -e
printenv | grep -E '^(TARIFF_|PATH=|PYTHON)' > /etc/environment
exec "$@"
""",
        "etc/cron.d/tariffs": """SHELL=/bin/sh
* * * * * root cd /app && . /etc/environment && export PATH TARIFF_STORE TARIFF_INBOX TARIFF_OUT && \
/opt/venv/bin/python -m tariffs import >> /tmp/tariffs.log 2>&1 && \
/opt/venv/bin/python -m tariffs report --format table >> /tmp/tariffs.log 2>&1
""",
        "app/inbox/north.csv": "code;price;from\nA1;1.234,50 €;1 May 2026\nA2;99,00 €;yesterday\n",
        "app/inbox/south.json5": "[{code: 'B1', price: '12.40 EUR', from: '2026-02-01'}, /* the last */]\n",
        "app/tariffs.toml": '[report]\ntitle = "Tariffs"\nkeep = 50\n',
        "app/tariffs/__init__.py": "",
        "app/tariffs/__main__.py": """from tariffs.cli import app

app()
""",
        "app/tariffs/cli.py": """from enum import StrEnum
from pathlib import Path

import typer
from filelock import FileLock
from rich.console import Console

from tariffs.settings import settings

app = typer.Typer(add_completion=False)
console = Console(width=100)


class Format(StrEnum):
    TABLE = "table"
    XLSX = "xlsx"


@app.command("import")
def import_(folder: Path = typer.Option(settings.inbox, "--folder")):
    from tariffs.readers import read
    from tariffs.store import keep

    with FileLock("/tmp/tariffs.lock", timeout=5):
        for file in sorted(folder.iterdir()):
            count = keep(read(file))
            console.print(f"[green]{file.name}[/green]: {count}")


@app.command()
def report(format: Format = Format.TABLE):
    from tariffs.report import mail, table, workbook
    from tariffs.store import newest

    rows = newest()
    console.print(table(rows))
    workbook(rows, settings.out / "tariffs.xlsx")
    mail(rows)


@app.command()
def fetch(address: str):
    import requests_cache
    from jsonpath_ng import parse

    session = requests_cache.CachedSession("/tmp/cache")
    console.print([found.value for found in parse("$.tariffs[*]").find(session.get(address).json())])


@app.command()
def upload(host: str):
    import pysftp

    with pysftp.Connection(host) as connection:
        connection.put(str(settings.out / "tariffs.xlsx"))
""",
        "app/tariffs/settings.py": """import os
from pathlib import Path

import tomlkit
from platformdirs import user_cache_path


class Settings:
    def __init__(self):
        self.inbox = Path(os.environ.get("TARIFF_INBOX", "inbox"))
        self.out = Path(os.environ.get("TARIFF_OUT", "."))
        self.store = os.environ.get("TARIFF_STORE", str(user_cache_path("tariffs") / "tariffs.db"))
        self.sendgrid = os.environ.get("TARIFF_SENDGRID")
        self.opsgenie = os.environ.get("TARIFF_OPSGENIE")
        self.report = tomlkit.parse(Path("tariffs.toml").read_text("utf-8"))["report"]
        self.out.mkdir(exist_ok=True)


settings = Settings()
""",
        "app/tariffs/readers.py": """import csv
import io

import chardet
import dateparser
import pyjson5
from price_parser import Price
from unidecode import unidecode


def _text(file):
    content = file.read_bytes()
    return content.decode(chardet.detect(content)["encoding"] or "utf-8")


def _rows(file):
    if file.suffix == ".json5":
        return pyjson5.decode(_text(file))
    return csv.DictReader(io.StringIO(_text(file)), delimiter=";")


def read(file):
    for row in _rows(file):
        price = Price.fromstring(row["price"])
        yield {"code": unidecode(row["code"]), "price": price.amount_float, "since": dateparser.parse(row["from"])}
""",
        "app/tariffs/store.py": """from datetime import datetime

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from tariffs.settings import settings


class Base(DeclarativeBase):
    pass


class Tariff(Base):
    __tablename__ = "tariffs"
    code: Mapped[str] = mapped_column(primary_key=True)
    price: Mapped[float]
    since: Mapped[datetime | None]


engine = create_engine(f"sqlite:///{settings.store}")
Base.metadata.create_all(engine)


def keep(rows):
    with Session(engine) as session:
        count = 0
        for row in rows:
            session.merge(Tariff(**row))
            count += 1
        session.commit()
    return count


def newest():
    with Session(engine) as session:
        return [(one.code, one.price) for one in session.scalars(select(Tariff).limit(settings.report["keep"]))]
""",
        "app/tariffs/report.py": """import css_inline
from jinja2 import Template
from openpyxl import Workbook
from prettytable import PrettyTable

from tariffs.settings import settings

ROWS = "{% for row in rows %}<p>{{ row[0] }}</p>{% endfor %}"
PAGE = Template("<style>h1 {color: red}</style><h1>{{ title }}</h1>" + ROWS)


def table(rows):
    shown = PrettyTable(["code", "price"])
    shown.add_rows(rows)
    return str(shown)


def workbook(rows, file):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(file)


def mail(rows):
    html = css_inline.inline(PAGE.render(title=settings.report["title"], rows=rows))
    (settings.out / "tariffs.html").write_text(html, "utf-8")
    if settings.sendgrid:
        from sendgrid import Mail, SendGridAPIClient

        SendGridAPIClient(settings.sendgrid).send(Mail("a@shop.example", "b@shop.example", "Tariffs", html))
    if settings.opsgenie:
        import opsgenie_sdk

        opsgenie_sdk.AlertApi().create_alert({"message": "sent"})
""",
    },
    prepare=("chmod 0644 /etc/cron.d/tariffs",),
    seconds=80,
)

PYTHON_SERVICES = (CROSSINGS, PRESSINGS, TURBINES, PRICELISTS)
