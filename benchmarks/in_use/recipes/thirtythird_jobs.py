"""The thirty-third set's workers, jobs and streams of Python on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

PAPERWORK = Recipe(
    name="paperwork",
    packages=(*PYTHON, *_TOOLS, "redis-server", "tini"),
    env=PRODUCTION_PYTHON | {"REDIS_URL": "redis://127.0.0.1:6379/0", "OUT": "/tmp/out"},
    entrypoint=("tini", "-g", "--", "/app/entrypoint.sh"),
    cmd=("worker",),
    python=(
        *("rq", "rq-scheduler", "redis[hiredis]", "docxtpl", "python-docx", "pikepdf", "pypdf", "xmltodict", "zeep"),
        *("pydantic", "pydantic-settings", "python-magic", "structlog", "jinja2", "babel", "pandas", "openpyxl"),
        *("docx2txt", "num2words", "boto3", "sentry-sdk[rq]", "rq-dashboard", "pysftp", "signxml", "lxml", "mammoth"),
    ),
    files=HOSTS
    | {
        "app/entrypoint.sh": """#!/bin/sh
set -e
case "$1" in
  worker)
    redis-server --port 6379 --daemonize yes --dir /tmp --save ''
    python -m paperwork.send &
    exec rq worker --url "$REDIS_URL" --worker-class paperwork.worker.PaperWorker letters archive
    ;;
  scheduler) exec rqscheduler --url "$REDIS_URL" ;;
  dashboard) exec rq-dashboard --redis-url "$REDIS_URL" ;;
esac
exec "$@"
""",
        "app/paperwork/__init__.py": "",
        "app/paperwork/settings.py": """from functools import lru_cache
from pathlib import Path

from pydantic import RedisDsn
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    redis_url: RedisDsn
    out: Path
    bucket: str | None = None
    sentry_dsn: str | None = None


@lru_cache
def settings():
    return Settings()
""",
        "app/paperwork/worker.py": """import structlog
from rq import Worker

from paperwork.settings import settings

log = structlog.get_logger()


def on_failure(job, kind, error, trace):
    log.error("failed", job=job.func_name, error=str(error))
    return True


class PaperWorker(Worker):
    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.push_exc_handler(on_failure)
        settings().out.mkdir(exist_ok=True)
        if settings().sentry_dsn:
            import sentry_sdk
            from sentry_sdk.integrations.rq import RqIntegration

            sentry_sdk.init(dsn=settings().sentry_dsn, integrations=[RqIntegration()])
""",
        "app/paperwork/template.py": """from docx import Document


def make(path):
    document = Document()
    document.add_heading("Invoice {{ number }}")
    document.add_paragraph("Dear {{ name }}, {{ total }} ({{ words }})")
    document.save(path)
""",
        "app/paperwork/letters.py": """from decimal import Decimal

from babel.numbers import format_currency
from docxtpl import DocxTemplate
from num2words import num2words
from pydantic import BaseModel

from paperwork import template
from paperwork.settings import settings


class Letter(BaseModel):
    number: int
    name: str
    total: Decimal


def write(content):
    letter = Letter.model_validate(content)
    path = settings().out / "template.docx"
    if not path.exists():
        template.make(path)
    document = DocxTemplate(path)
    total = format_currency(letter.total, "EUR", locale="de_DE")
    document.render({**letter.model_dump(), "total": total, "words": num2words(int(letter.total), lang="de")})
    out = settings().out / f"{letter.number}.docx"
    document.save(out)
    return str(out)


def text(path):
    import docx2txt

    return docx2txt.process(path)
""",
        "app/paperwork/archive.py": """import pikepdf
import xmltodict

from paperwork.settings import settings


def seal(name):
    path = settings().out / f"{name}.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = name
        pdf.save(path, encryption=pikepdf.Encryption(owner="one", user=""))
    return path.stat().st_size


def order(xml):
    return xmltodict.parse(xml)["order"]["item"]


def tax(country, number):
    from zeep import Client

    return Client("http://127.0.0.1:9/vat?wsdl").service.check(country, number)


def upload(name):
    import boto3

    boto3.client("s3").upload_file(str(settings().out / name), settings().bucket, name)


def table(name):
    import pandas

    return len(pandas.read_excel(settings().out / name))
""",
        "app/paperwork/send.py": """import time

from redis import Redis
from rq import Queue, Retry

from paperwork import archive, letters
from paperwork.settings import settings

connection = Redis.from_url(str(settings().redis_url))
to_letters, to_archive = Queue("letters", connection=connection), Queue("archive", connection=connection)
for number in range(4):
    first = to_letters.enqueue(letters.write, {"number": number, "name": "One", "total": "3.20"})
    to_archive.enqueue(archive.seal, f"sealed-{number}", depends_on=first)
    time.sleep(1)
to_letters.enqueue(letters.write, {"number": "x"})
to_archive.enqueue(archive.order, "<order><item>one</item></order>", retry=Retry(max=1))
""",
    },
    seconds=40,
)

DIGEST = Recipe(
    name="digest",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"SOURCES": "/app/sources.yaml", "TZ": "Europe/Berlin"},
    cmd=("python", "-m", "digest"),
    python=(
        *("apscheduler<4", "feedparser", "trafilatura", "selectolax", "dateparser", "html2text", "httpx", "pyyaml"),
        *("peewee", "langdetect", "rapidfuzz", "yake", "python-dotenv", "loguru", "mistune", "jinja2", "tldextract"),
        *("slack-sdk", "python-telegram-bot", "openai", "playwright", "newspaper4k", "sumy", "psycopg2-binary"),
    ),
    files=HOSTS
    | {
        "app/sources.yaml": """sources:
  - {name: one, kind: feed, address: /app/samples/feed.xml}
  - {name: two, kind: page, address: /app/samples/page.html}
  - {name: three, kind: feed, address: "http://127.0.0.1:9/feed"}
""",
        "app/samples/feed.xml": """<?xml version="1.0"?>
<rss version="2.0"><channel><title>One</title>
<item><title>Ships are late again</title><link>http://news.shop.example/1</link>
<pubDate>Mon, 04 Feb 2030 10:00:00 GMT</pubDate><description>&lt;p&gt;All the &lt;b&gt;ships&lt;/b&gt; were late in the
harbour of the town, because of the storm.&lt;/p&gt;</description></item>
<item><title>Ships are late, again!</title><link>http://news.shop.example/2</link><description>x</description></item>
</channel></rss>
""",
        "app/samples/page.html": "<html><head><title>Two</title></head><body><nav>menu</nav><article><h1>Trains</h1>"
        "<time>4. Februar 2030</time>"
        + "<p>The trains of the town were on time for the whole of the week.</p>" * 9
        + "</article></body></html>\n",
        "app/digest/__init__.py": "",
        "app/digest/__main__.py": """import signal
import sys

from apscheduler.events import EVENT_JOB_ERROR
from apscheduler.schedulers.blocking import BlockingScheduler
from dotenv import load_dotenv
from loguru import logger

from digest import jobs, store

load_dotenv()
logger.remove()
logger.add(sys.stdout, serialize=True)
store.open_database()
scheduler = BlockingScheduler(timezone="Europe/Berlin")
scheduler.add_listener(lambda event: logger.error(event.exception), EVENT_JOB_ERROR)
scheduler.add_job(jobs.collect, "interval", seconds=3)
scheduler.add_job(jobs.publish, "interval", seconds=5)
scheduler.add_job(jobs.summarise, "cron", hour=3)
signal.signal(signal.SIGTERM, lambda *_: scheduler.shutdown(wait=False))
scheduler.start()
""",
        "app/digest/store.py": """from peewee import CharField, DateTimeField, Model, SqliteDatabase, TextField

database = SqliteDatabase("/tmp/digest.db")


class Entry(Model):
    address = CharField(unique=True)
    title = CharField()
    text = TextField()
    language = CharField(null=True)
    at = DateTimeField(null=True)

    class Meta:
        database = database


def open_database():
    database.connect()
    database.create_tables([Entry])
    database.close()
""",
        "app/digest/read.py": """from pathlib import Path

import dateparser
import feedparser
import html2text
import httpx
import trafilatura
from selectolax.lexbor import LexborHTMLParser


def content(address):
    if address.startswith("http"):
        return httpx.get(address, timeout=2).raise_for_status().text
    return Path(address).read_text("utf-8")


def feed(source):
    for entry in feedparser.parse(content(source["address"])).entries:
        at = dateparser.parse(entry.get("published", "")) if entry.get("published") else None
        yield entry.link, entry.title, html2text.html2text(entry.get("description", "")), at


def page(source):
    text = content(source["address"])
    tree = LexborHTMLParser(text)
    at = dateparser.parse(tree.css_first("time").text(), languages=["de"])
    yield source["address"], tree.css_first("h1").text(), trafilatura.extract(text) or "", at


READERS = {"feed": feed, "page": page}
""",
        "app/digest/jobs.py": """import os
from pathlib import Path

import httpx
import mistune
import tldextract
import yaml
import yake
from jinja2 import Environment, FileSystemLoader, select_autoescape
from langdetect import DetectorFactory, LangDetectException, detect
from loguru import logger
from rapidfuzz import fuzz

from digest.read import READERS
from digest.store import Entry

DetectorFactory.seed = 0
site = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
pages = Environment(loader=FileSystemLoader("/app/templates"), autoescape=select_autoescape())
keywords = yake.KeywordExtractor(lan="en", n=1, top=3)


def language(text):
    try:
        return detect(text)
    except LangDetectException:
        return None


def collect():
    for source in yaml.safe_load(Path(os.environ["SOURCES"]).read_text())["sources"]:
        try:
            for address, title, text, at in READERS[source["kind"]](source):
                keep(address, title, text, at)
        except httpx.HTTPError as error:
            logger.warning("{}: {}", source["name"], error)


def keep(address, title, text, at):
    if any(fuzz.ratio(title, old.title) > 90 for old in Entry.select().where(Entry.address != address)):
        logger.info("known: {}", title)
        return
    Entry.insert(address=address, title=title, text=text, language=language(text), at=at).on_conflict_ignore().execute()


def publish():
    entries = [
        {"title": one.title, "site": site(one.address).domain, "html": mistune.html(one.text), "words": words(one)}
        for one in Entry.select().limit(5)
    ]
    Path("/tmp/digest.html").write_text(pages.get_template("digest.html").render(entries=entries))
    if os.environ.get("SLACK_TOKEN"):
        from slack_sdk import WebClient

        WebClient(os.environ["SLACK_TOKEN"]).chat_postMessage(channel="news", text=str(len(entries)))


def words(entry):
    return [word for word, _ in keywords.extract_keywords(entry.text)]


def summarise():
    from openai import OpenAI

    client = OpenAI()
    for entry in Entry.select():
        client.responses.create(model=os.environ["MODEL"], input=entry.text)
""",
        "app/templates/digest.html": "{% for entry in entries %}<h2>{{ entry.title }} ({{ entry.site }})</h2>"
        "{{ entry.html|safe }}<p>{{ entry.words|join(', ') }}</p>{% endfor %}\n",
    },
    seconds=25,
)

GRIDJOB = Recipe(
    name="gridjob",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"GRIDJOB_BUFFER": "60", "OMP_NUM_THREADS": "1"},
    entrypoint=("gridjob",),
    cmd=("plan", "/app/data/stops.csv", "/tmp/plan.gpkg", "--from", "a", "--to", "d"),
    python=(
        *(
            "cyclopts",
            "geopandas",
            "shapely",
            "networkx",
            "pyproj",
            "dynaconf",
            "rich",
            "scipy",
            "folium",
            "contextily",
        ),
        *("geopy", "psycopg2-binary", "geoalchemy2", "boto3", "matplotlib", "statsmodels", "pandera", "tabulate"),
    ),
    files=HOSTS
    | {
        "app/pyproject.toml": """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "gridjob"
version = "1.0.0"
dependencies = ["cyclopts", "geopandas", "networkx", "dynaconf", "rich", "scipy", "pandera"]

[project.optional-dependencies]
maps = ["folium", "contextily", "matplotlib"]

[project.scripts]
gridjob = "gridjob.cli:app"

[tool.hatch.build.targets.wheel]
packages = ["src/gridjob"]
""",
        "app/data/stops.csv": "name,lon,lat\na,13.40,52.52\nb,13.41,52.53\nc,13.43,52.52\nd,13.45,52.55\n",
        "app/settings.toml": "[default]\nspeed = 20\nbuffer = 50\n\n[production]\nspeed = 30\n",
        "app/src/gridjob/__init__.py": "",
        "app/src/gridjob/config.py": """from dynaconf import Dynaconf, Validator

settings = Dynaconf(
    envvar_prefix="GRIDJOB",
    settings_files=["/app/settings.toml"],
    environments=True,
    env="production",
    validators=[Validator("speed", gt=0), Validator("buffer", gt=0)],
)
""",
        "app/src/gridjob/cli.py": """from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from rich.console import Console
from rich.table import Table

from gridjob.config import settings

app = App(name="gridjob", help="Plans ways between stops.")
console = Console()


@app.command
def plan(
    stops: Path,
    out: Path,
    start: Annotated[str, Parameter("--from")],
    end: Annotated[str, Parameter("--to")],
    draw: Path | None = None,
):
    \"\"\"Plan a way and write it.\"\"\"
    from gridjob.network import Network
    from gridjob.tables import read_stops

    table = read_stops(stops)
    network = Network(table, settings.speed)
    way = network.way(start, end)
    network.write(way, out, settings.buffer)
    shown = Table("stop", "minutes")
    for name, minutes in way:
        shown.add_row(name, f"{minutes:.1f}")
    console.print(shown)
    if draw:
        from gridjob.maps import draw_way

        draw_way(table, way, draw)


@app.command
def load(address: str, out: Path):
    \"\"\"Load stops of a database.\"\"\"
    import geopandas
    from sqlalchemy import create_engine

    geopandas.read_postgis("select * from stops", create_engine(address)).to_file(out)


@app.command
def locate(name: str):
    \"\"\"Say where something is.\"\"\"
    from geopy.geocoders import Nominatim

    console.print(Nominatim(user_agent="gridjob").geocode(name))
""",
        "app/src/gridjob/tables.py": """import geopandas
import pandas
import pandera.pandas as pa

STOPS = pa.DataFrameSchema(
    {"name": pa.Column(str, unique=True), "lon": pa.Column(float), "lat": pa.Column(float, pa.Check.in_range(-90, 90))}
)


def read_stops(path):
    table = STOPS.validate(pandas.read_csv(path))
    points = geopandas.points_from_xy(table.lon, table.lat, crs="EPSG:4326")
    return geopandas.GeoDataFrame(table, geometry=points).to_crs(25833)
""",
        "app/src/gridjob/network.py": """import geopandas
import networkx
from scipy.spatial import Delaunay
from shapely.geometry import LineString


class Network:
    def __init__(self, stops, speed):
        self._stops = stops.set_index("name")
        self._graph = networkx.Graph()
        corners = [(point.x, point.y) for point in stops.geometry]
        names = list(stops.name)
        for triangle in Delaunay(corners).simplices:
            for first, second in ((0, 1), (1, 2), (2, 0)):
                self._join(names[triangle[first]], names[triangle[second]], speed)

    def _join(self, first, second, speed):
        metres = self._stops.geometry[first].distance(self._stops.geometry[second])
        self._graph.add_edge(first, second, minutes=metres / (speed * 1000 / 60))

    def way(self, start, end):
        names = networkx.dijkstra_path(self._graph, start, end, weight="minutes")
        lengths = networkx.single_source_dijkstra_path_length(self._graph, start, weight="minutes")
        return [(name, lengths[name]) for name in names]

    def write(self, way, out, buffer):
        line = LineString([self._stops.geometry[name] for name, _ in way])
        frame = geopandas.GeoDataFrame({"kind": ["way"]}, geometry=[line.buffer(buffer)], crs=self._stops.crs)
        frame.to_file(out, driver="GPKG")
""",
        "app/src/gridjob/maps.py": """import folium
import matplotlib

matplotlib.use("Agg")


def draw_way(stops, way, out):
    picture = folium.Map(location=[52.5, 13.4])
    for name, _ in way:
        folium.Marker([0, 0], tooltip=name).add_to(picture)
    picture.save(out)
""",
    },
    prepare=("/opt/venv/bin/pip install -q --no-deps /app && rm -rf /app/src /app/build",),
    seconds=45,
)

QUOTATION = Recipe(
    name="quotation",
    packages=(*PYTHON, *_TOOLS, "dumb-init"),
    env=PRODUCTION_PYTHON | {"PORT": "10726", "GRPC_PORT": "10727"},
    entrypoint=("dumb-init", "--"),
    cmd=("python", "-m", "quotation"),
    python=(
        *("grpcio", "grpcio-health-checking", "grpcio-reflection", "grpcio-status", "googleapis-common-protos"),
        *("protobuf", "grpc-interceptor", "starlette", "sse-starlette", "uvicorn", "uvloop", "python-json-logger"),
        *("opentelemetry-instrumentation-grpc", "opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-grpc"),
        *("aiokafka", "orjson", "sortedcontainers", "betterproto", "confluent-kafka", "prometheus-client", "janus"),
    ),
    files=HOSTS
    | {
        "app/quotes.proto": """syntax = "proto3";
package quotes;
import "google/protobuf/timestamp.proto";

message Asked { string name = 1; }
message Quote { string name = 1; double price = 2; google.protobuf.Timestamp at = 3; }
service Quotes {
  rpc Latest (Asked) returns (Quote);
  rpc Watch (Asked) returns (stream Quote);
}
""",
        "app/quotation/__init__.py": "",
        "app/quotation/__main__.py": """import asyncio
import logging
import os

import uvloop
from pythonjsonlogger.json import JsonFormatter

from quotation import door, server

handler = logging.StreamHandler()
handler.setFormatter(JsonFormatter("%(levelname)s %(name)s %(message)s"))
logging.basicConfig(level=logging.INFO, handlers=[handler])


async def main():
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        from quotation import telemetry

        telemetry.start()
    running = await server.start(os.environ["GRPC_PORT"])
    await door.serve(int(os.environ["PORT"]), os.environ["GRPC_PORT"])
    await running.stop(1)


uvloop.run(main())
""",
        "app/quotation/telemetry.py": """from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.grpc import GrpcAioInstrumentorServer
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def start():
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    GrpcAioInstrumentorServer().instrument()
""",
        "app/quotation/prices.py": """import os
import random
from datetime import datetime, timezone

from sortedcontainers import SortedDict


class Prices:
    def __init__(self):
        self._all = SortedDict({"one": 10.0, "two": 20.0})

    def latest(self, name):
        if name not in self._all:
            return None
        self._all[name] += random.uniform(-1, 1)
        return self._all[name], datetime.now(timezone.utc)

    async def publish(self, name):
        if os.environ.get("KAFKA"):
            from aiokafka import AIOKafkaProducer

            async with AIOKafkaProducer(bootstrap_servers=os.environ["KAFKA"]) as producer:
                await producer.send_and_wait("quotes", name.encode())
""",
        "app/quotation/server.py": """import asyncio
import logging

import grpc
from google.protobuf.timestamp_pb2 import Timestamp
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_interceptor import AsyncServerInterceptor
from grpc_interceptor.exceptions import NotFound
from grpc_reflection.v1alpha import reflection
from grpc_status import rpc_status

from quotation import quotes_pb2, quotes_pb2_grpc
from quotation.prices import Prices

log = logging.getLogger(__name__)


class Logged(AsyncServerInterceptor):
    async def intercept(self, method, request, context, method_name):
        log.info(method_name)
        result = method(request, context)
        if hasattr(result, "__aiter__"):
            return result
        try:
            return await result
        except NotFound as error:
            await context.abort_with_status(rpc_status.to_status(detailed(error)))


def detailed(error):
    status = status_pb2.Status(code=code_pb2.NOT_FOUND, message=error.details)
    status.details.add().Pack(error_details_pb2.ResourceInfo(resource_type="quote"))
    return status


class Quotes(quotes_pb2_grpc.QuotesServicer):
    def __init__(self, prices):
        self._prices = prices

    def _quote(self, name):
        found = self._prices.latest(name)
        if found is None:
            raise NotFound(f"no {name}")
        at = Timestamp()
        at.FromDatetime(found[1])
        return quotes_pb2.Quote(name=name, price=found[0], at=at)

    async def Latest(self, request, context):
        await self._prices.publish(request.name)
        return self._quote(request.name)

    async def Watch(self, request, context):
        for _ in range(5):
            yield self._quote(request.name)
            await asyncio.sleep(0.1)


async def start(port):
    server = grpc.aio.server(interceptors=[Logged()])
    quotes_pb2_grpc.add_QuotesServicer_to_server(Quotes(Prices()), server)
    state = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(state, server)
    names = (quotes_pb2.DESCRIPTOR.services_by_name["Quotes"].full_name, reflection.SERVICE_NAME)
    reflection.enable_server_reflection(names, server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await state.set("", health_pb2.HealthCheckResponse.SERVING)
    return server
""",
        "app/quotation/door.py": """import grpc
import orjson
import uvicorn
from google.protobuf.json_format import MessageToDict
from grpc_health.v1 import health_pb2, health_pb2_grpc
from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Route

from quotation import quotes_pb2, quotes_pb2_grpc


def as_json(content, status=200):
    return Response(orjson.dumps(content), status, media_type="application/json")


class Door:
    def __init__(self, channel):
        self._quotes = quotes_pb2_grpc.QuotesStub(channel)
        self._health = health_pb2_grpc.HealthStub(channel)

    async def health(self, request):
        answer = await self._health.Check(health_pb2.HealthCheckRequest())
        return as_json({"status": health_pb2.HealthCheckResponse.ServingStatus.Name(answer.status)})

    async def latest(self, request):
        try:
            quote = await self._quotes.Latest(quotes_pb2.Asked(name=request.path_params["name"]))
        except grpc.aio.AioRpcError as error:
            return as_json({"error": error.details()}, 404)
        return as_json(MessageToDict(quote))

    async def watch(self, request):
        async def events():
            async for quote in self._quotes.Watch(quotes_pb2.Asked(name=request.path_params["name"])):
                yield {"event": "quote", "data": orjson.dumps(MessageToDict(quote)).decode()}

        return EventSourceResponse(events())


async def serve(port, grpc_port):
    async with grpc.aio.insecure_channel(f"127.0.0.1:{grpc_port}") as channel:
        door = Door(channel)
        routes = [
            Route("/health", door.health),
            Route("/quotes/{name}", door.latest),
            Route("/quotes/{name}/events", door.watch),
        ]
        app = Starlette(routes=routes, middleware=[Middleware(GZipMiddleware)])
        await uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port)).serve()
""",
    },
    prepare=(
        "/opt/venv/bin/pip install -q grpcio-tools && cd /app && "
        "/opt/venv/bin/python -m grpc_tools.protoc -I quotation=. --python_out=. --grpc_python_out=. "
        "quotation/quotes.proto && /opt/venv/bin/pip uninstall -qy grpcio-tools",
        "ls /app/quotation/quotes_pb2_grpc.py",
    ),
    asks=tuple(
        f"http://127.0.0.1:10726/{path}" for path in ("health", "quotes/one", "quotes/none", "quotes/two/events", "no")
    ),
    seconds=20,
)

JOBS = (PAPERWORK, DIGEST, GRIDJOB, QUOTATION)
