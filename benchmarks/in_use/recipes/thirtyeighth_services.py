"""The thirty-eighth set's other services of Python on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

MENTOR = Recipe(
    name="mentor",
    packages=(*PYTHON, *_TOOLS, "tini"),
    env=PRODUCTION_PYTHON | {"MENTOR_COLLECTION": "lessons"},
    entrypoint=("tini", "--"),
    cmd=("uvicorn", "mentor.main:app", "--host", "127.0.0.1", "--port", "11308", "--no-server-header"),
    python=(
        *("fastapi", "uvicorn[standard]", "pydantic-ai-slim[openai,anthropic]==1.*", "pydantic-settings"),
        *("qdrant-client", "langchain-text-splitters", "numpy", "tiktoken", "markdownify", "pypdf", "python-docx"),
        *("python-multipart", "sse-starlette", "structlog", "asgi-correlation-id", "tenacity", "slowapi", "rank-bm25"),
        *("logfire-api", "langfuse", "redis", "boto3", "trafilatura", "cohere"),
    ),
    files=HOSTS
    | {
        "app/mentor/__init__.py": "",
        "app/mentor/settings.py": """from functools import lru_cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="MENTOR_")

    collection: str
    model: str = "openai:gpt-4o"
    key: SecretStr | None = None
    langfuse: str | None = None
    bucket: str | None = None
    limit: str = "900/minute"


@lru_cache
def settings() -> Settings:
    return Settings()
""",
        "app/mentor/log.py": """import logging

import structlog
from asgi_correlation_id import correlation_id


def _with_id(logger, name, event):
    event["request"] = correlation_id.get()
    return event


def configure():
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    structlog.configure(
        processors=[
            _with_id,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ]
    )


log = structlog.get_logger()
""",
        "app/mentor/store.py": """import zlib

import numpy
from qdrant_client import AsyncQdrantClient
from qdrant_client.models import Distance, PointStruct, VectorParams

from mentor.settings import settings

SIZE = 64
client = AsyncQdrantClient(":memory:")


def vector(text):
    generator = numpy.random.default_rng(zlib.crc32(text.encode()))
    made = generator.normal(size=SIZE)
    return (made / numpy.linalg.norm(made)).tolist()


async def prepare():
    name = settings().collection
    if not await client.collection_exists(name):
        await client.create_collection(name, vectors_config=VectorParams(size=SIZE, distance=Distance.COSINE))


async def keep(pieces):
    points = [
        PointStruct(id=zlib.crc32(piece.encode()), vector=vector(piece), payload={"text": piece}) for piece in pieces
    ]
    await client.upsert(settings().collection, points=points)
    return len(points)


async def find(question):
    found = await client.query_points(settings().collection, query=vector(question), limit=3)
    return [point.payload["text"] for point in found.points]
""",
        "app/mentor/documents.py": """from io import BytesIO

from langchain_text_splitters import RecursiveCharacterTextSplitter
from markdownify import markdownify

splitter = RecursiveCharacterTextSplitter(chunk_size=200, chunk_overlap=20)


def text_of(name, content):
    if name.endswith(".pdf"):
        from pypdf import PdfReader

        return "\\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    if name.endswith(".docx"):
        from docx import Document

        return "\\n".join(paragraph.text for paragraph in Document(BytesIO(content)).paragraphs)
    if name.endswith(".html"):
        return markdownify(content.decode())
    return content.decode("utf-8", "replace")


def pieces(name, content):
    return splitter.split_text(text_of(name, content))


def archive(name, content, bucket):
    import boto3

    boto3.client("s3").put_object(Bucket=bucket, Key=name, Body=content)
""",
        "app/mentor/agent.py": """from dataclasses import dataclass

from pydantic import BaseModel
from pydantic_ai import Agent, RunContext
from pydantic_ai.models.test import TestModel

from mentor.settings import settings
from mentor.store import find


@dataclass
class Learner:
    name: str


class Answer(BaseModel):
    text: str
    sources: int


def model():
    if settings().key is None:
        return TestModel()
    if settings().model.startswith("anthropic:"):
        from pydantic_ai.models.anthropic import AnthropicModel
        from pydantic_ai.providers.anthropic import AnthropicProvider

        provider = AnthropicProvider(api_key=settings().key.get_secret_value())
        return AnthropicModel(settings().model.removeprefix("anthropic:"), provider=provider)
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    provider = OpenAIProvider(api_key=settings().key.get_secret_value())
    return OpenAIChatModel(settings().model.removeprefix("openai:"), provider=provider)


agent = Agent(model(), deps_type=Learner, output_type=Answer, instructions="Answer a learner's question.")


@agent.tool
async def passages(context: RunContext[Learner], question: str) -> list[str]:
    return await find(question)


@agent.instructions
def named(context: RunContext[Learner]) -> str:
    return f"The learner is {context.deps.name}."


def observe():
    if settings().langfuse is None:
        return
    from langfuse import get_client

    get_client()
    Agent.instrument_all()
""",
        "app/mentor/main.py": """from contextlib import asynccontextmanager

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI, Request, UploadFile
from pydantic import BaseModel, Field
from rank_bm25 import BM25Okapi
from slowapi import Limiter, _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded
from slowapi.util import get_remote_address
from sse_starlette.sse import EventSourceResponse
from tenacity import retry, stop_after_attempt, wait_fixed

from mentor.agent import Learner, agent, observe
from mentor.documents import archive, pieces
from mentor.log import configure, log
from mentor.settings import settings
from mentor.store import find, keep, prepare

limiter = Limiter(key_func=get_remote_address)


@asynccontextmanager
async def lifespan(app):
    configure()
    observe()
    await prepare()
    yield


app = FastAPI(title="Mentor", lifespan=lifespan)
app.state.limiter = limiter
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
app.add_middleware(CorrelationIdMiddleware)


class Question(BaseModel):
    text: str = Field(min_length=1)
    name: str = "a"


@app.get("/health")
async def health():
    return {"up": True}


@retry(stop=stop_after_attempt(2), wait=wait_fixed(0.1))
async def answered(question):
    return await agent.run(question.text, deps=Learner(question.name))


@app.post("/questions")
@limiter.limit(settings().limit)
async def ask(request: Request, question: Question):
    result = await answered(question)
    log.info("answered", question=question.text)
    return result.output


@app.get("/stream")
async def stream():
    async def words():
        async with agent.run_stream("one", deps=Learner("a")) as result:
            async for output in result.stream_output():
                yield {"data": output.model_dump_json()}

    return EventSourceResponse(words())


@app.post("/documents", status_code=201)
async def add(file: UploadFile):
    content = await file.read()
    if settings().bucket:
        archive(file.filename, content, settings().bucket)
    return {"pieces": await keep(pieces(file.filename, content))}


@app.get("/search")
async def search(words: str):
    found = await find(words)
    if not found:
        return []
    ranked = BM25Okapi([text.split() for text in found]).get_scores(words.split())
    return [{"text": text, "score": float(score)} for text, score in zip(found, ranked, strict=True)]


@app.post("/pages")
async def page(question: Question):
    import trafilatura

    return {"text": trafilatura.extract(f"<html><body><article><p>{question.text}</p></article></body></html>")}


@app.get("/fail")
async def fail():
    raise RuntimeError("on purpose")
""",
    },
    asks=tuple(
        f"http://127.0.0.1:11308/{path}"
        for path in ("health", "docs", "openapi.json", "stream", "search?words=one%20two", "search", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:11308/questions", '{"text": "What is one?"}'),
        ("http://127.0.0.1:11308/questions", "{}"),
        ("http://127.0.0.1:11308/pages", '{"text": "One sentence that is long enough to be kept by it, we hope."}'),
        *(
            (
                "http://127.0.0.1:11308/documents",
                f'--one\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
                "<p>one two three</p>\r\n--one--\r\n",
            )
            for name in ("one.html", "one.txt", "one.pdf")
        ),
    ),
    seconds=35,
)

SURVEYS = Recipe(
    name="surveys",
    packages=(*PYTHON, *_TOOLS, "fonts-dejavu-core"),
    env=PRODUCTION_PYTHON | {"PORT": "11309", "MPLCONFIGDIR": "/tmp/matplotlib", "COOKIE_SECRET": "one-long-secret"},
    cmd=("python", "-m", "surveys", "--port=11309", "--logging=info"),
    python=(
        *("tornado==6.*", "shapely==2.*", "pyproj==3.*", "matplotlib==3.*", "mercantile", "geojson", "sqlalchemy==2.*"),
        *("pint", "gpxpy", "fastjsonschema", "prometheus-client", "cachetools", "simplekml"),
        *("psycopg2-binary", "geoalchemy2", "rasterio", "pymemcache", "sentry-sdk", "boto3", "pyyaml", "toolz"),
    ),
    files=HOSTS
    | {
        "app/surveys/__init__.py": "",
        "app/surveys/__main__.py": """import asyncio
import signal

from tornado.options import options, parse_command_line

from surveys.app import make_app


async def main():
    parse_command_line()
    server = make_app().listen(options.port, "127.0.0.1", xheaders=True)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    server.stop()


asyncio.run(main())
""",
        "app/surveys/app.py": """import os
from pathlib import Path

import yaml
from tornado.options import define, options
from tornado.web import Application, StaticFileHandler

from surveys.handlers import charts, health, pages, shapes, tracks

define("port", default=8888, type=int)
define("settings", default="/app/surveys/settings.yaml")
HERE = Path(__file__).parent


def make_app():
    settings = yaml.safe_load(Path(options.settings).read_text())
    if os.environ.get("SENTRY_DSN"):
        import sentry_sdk
        from sentry_sdk.integrations.tornado import TornadoIntegration

        sentry_sdk.init(dsn=os.environ["SENTRY_DSN"], integrations=[TornadoIntegration()])
    return Application(
        [
            (r"/", pages.Index),
            (r"/health", health.Health),
            (r"/metrics", health.Metrics),
            (r"/plots", shapes.Plots),
            (r"/plots/(\\d+)", shapes.Plot),
            (r"/plots/(\\d+)\\.kml", shapes.Kml),
            (r"/tiles/(-?[\\d.]+)/(-?[\\d.]+)", shapes.Tile),
            (r"/tracks", tracks.Tracks),
            (r"/chart\\.png", charts.Chart),
            (r"/height", charts.Height),
            (r"/static/(.*)", StaticFileHandler, {"path": HERE / "static"}),
        ],
        template_path=HERE / "templates",
        cookie_secret=os.environ["COOKIE_SECRET"],
        compress_response=True,
        title=settings["title"],
        log_function=health.observe,
    )
""",
        "app/surveys/settings.yaml": "title: Surveys\nunits: metre\n",
        "app/surveys/database.py": """import os

from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine(os.environ.get("DATABASE_URL", "sqlite:////tmp/surveys.db"))


class Base(DeclarativeBase):
    pass


class PlotRow(Base):
    __tablename__ = "plots"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    shape: Mapped[str]
    area: Mapped[float]


Base.metadata.create_all(engine)


def add(name, shape, area):
    with Session(engine) as session, session.begin():
        row = PlotRow(name=name, shape=shape, area=area)
        session.add(row)
        session.flush()
        return row.id


def last():
    with Session(engine) as session:
        return [(row.id, row.name, row.area) for row in session.scalars(select(PlotRow).limit(5))]


def one(number):
    with Session(engine) as session:
        return session.get(PlotRow, number)
""",
        "app/surveys/geometry.py": """import pint
from cachetools import LRUCache, cached
from pyproj import Transformer
from shapely import from_wkt, to_geojson
from shapely.geometry import shape
from shapely.ops import transform

units = pint.UnitRegistry()


@cached(LRUCache(8))
def projection(source, target):
    return Transformer.from_crs(source, target, always_xy=True)


def measured(given):
    polygon = shape(given)
    flat = transform(projection("EPSG:4326", "EPSG:3857").transform, polygon)
    area = (flat.area * units.metre**2).to("hectare")
    return polygon.wkt, area.magnitude


def as_geojson(wkt):
    return to_geojson(from_wkt(wkt).buffer(0.01))
""",
        "app/surveys/handlers/__init__.py": "",
        "app/surveys/handlers/health.py": """import logging

from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest
from tornado.web import RequestHandler

seconds = Histogram("request_seconds", "Duration", ["method", "code"])


def observe(handler):
    seconds.labels(handler.request.method, handler.get_status()).observe(handler.request.request_time())
    logging.info("%s %s", handler.get_status(), handler.request.uri)


class Health(RequestHandler):
    def get(self):
        self.write({"up": True})


class Metrics(RequestHandler):
    def get(self):
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.write(generate_latest())
""",
        "app/surveys/handlers/pages.py": """from tornado.web import RequestHandler

from surveys.database import last


class Index(RequestHandler):
    def get(self):
        self.set_signed_cookie("seen", "1")
        self.render("index.html", title=self.settings["title"], plots=last())
""",
        "app/surveys/handlers/shapes.py": """import fastjsonschema
import geojson
import mercantile
from tornado.escape import json_decode
from tornado.ioloop import IOLoop
from tornado.web import HTTPError, RequestHandler

from surveys import database
from surveys.geometry import as_geojson, measured

check = fastjsonschema.compile(
    {
        "type": "object",
        "required": ["name", "geometry"],
        "properties": {"name": {"type": "string"}, "geometry": {"type": "object"}},
    }
)


class Plots(RequestHandler):
    def get(self):
        self.write({"plots": database.last()})

    async def post(self):
        try:
            given = check(json_decode(self.request.body))
        except fastjsonschema.JsonSchemaException as error:
            raise HTTPError(422, reason=error.message) from error
        geometry = geojson.loads(geojson.dumps(given["geometry"]))
        if not geometry.is_valid:
            raise HTTPError(422, reason="geometry")
        wkt, area = await IOLoop.current().run_in_executor(None, measured, geometry)
        self.set_status(201)
        self.write({"id": database.add(given["name"], wkt, area), "hectares": area})


class Plot(RequestHandler):
    def get(self, number):
        row = database.one(int(number))
        if row is None:
            raise HTTPError(404)
        self.set_header("Content-Type", "application/geo+json")
        self.write(as_geojson(row.shape))


class Kml(RequestHandler):
    def get(self, number):
        import simplekml

        kml = simplekml.Kml()
        kml.newpoint(name=number, coords=[(13.4, 52.5)])
        self.write(kml.kml())


class Tile(RequestHandler):
    def get(self, longitude, latitude):
        tile = mercantile.tile(float(longitude), float(latitude), 9)
        self.write({"x": tile.x, "y": tile.y, "bounds": list(mercantile.bounds(tile))})
""",
        "app/surveys/handlers/tracks.py": """import os

import gpxpy
from tornado.web import HTTPError, RequestHandler


class Tracks(RequestHandler):
    def post(self):
        try:
            track = gpxpy.parse(self.request.body)
        except gpxpy.gpx.GPXException as error:
            raise HTTPError(422) from error
        if os.environ.get("BUCKET"):
            import boto3

            boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="track", Body=self.request.body)
        self.write({"metres": track.length_2d(), "points": track.get_points_no()})
""",
        "app/surveys/handlers/charts.py": """import os
from io import BytesIO

from tornado.ioloop import IOLoop
from tornado.web import RequestHandler

from surveys.database import last


def drawn(rows):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.bar([row[1] for row in rows], [row[2] for row in rows])
    out = BytesIO()
    figure.savefig(out, format="png")
    pyplot.close(figure)
    return out.getvalue()


class Chart(RequestHandler):
    async def get(self):
        self.set_header("Content-Type", "image/png")
        self.write(await IOLoop.current().run_in_executor(None, drawn, last()))


class Height(RequestHandler):
    def get(self):
        if "ELEVATION" not in os.environ:
            self.set_status(503)
            return
        import rasterio

        with rasterio.open(os.environ["ELEVATION"]) as raster:
            self.write({"height": float(next(raster.sample([(13.4, 52.5)]))[0])})
""",
        "app/surveys/templates/index.html": "<title>{{ title }}</title>"
        "{% for number, name, area in plots %}<p>{{ name }}</p>{% end %}\n",
        "app/surveys/static/map.js": "document.title = 'map';\n",
    },
    asks=tuple(
        f"http://127.0.0.1:11309/{path}"
        for path in (
            *("", "health", "metrics", "plots", "plots/1", "plots/900", "plots/1.kml", "tiles/13.4/52.5"),
            *("chart.png", "height", "static/map.js", "no"),
        )
    ),
    sends=(
        (
            "http://127.0.0.1:11309/plots",
            '{"name": "one", "geometry": {"type": "Polygon", "coordinates": '
            "[[[13.0, 52.0], [13.1, 52.0], [13.1, 52.1], [13.0, 52.0]]]}}",
        ),
        ("http://127.0.0.1:11309/plots", "{}"),
        (
            "http://127.0.0.1:11309/tracks",
            '<?xml version="1.0"?><gpx version="1.1" creator="a"><trk><trkseg><trkpt lat="52" lon="13"/>'
            '<trkpt lat="52.1" lon="13.1"/></trkseg></trk></gpx>',
        ),
        ("http://127.0.0.1:11309/tracks", "none"),
    ),
    seconds=30,
)

MORE_PYTHON = (MENTOR, SURVEYS)
