"""The thirty-sixth set's API and worker of Python on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

ALLOTMENT = Recipe(
    name="allotment",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON
    | {"PYTHONPATH": "/app", "APP_DATABASE": "sqlite:///tmp/allotment.sqlite3", "APP_SECRET": "one-long-secret-key"},
    cmd=("uvicorn", "allotment.main:app", "--host", "127.0.0.1", "--port", "10836"),
    python=(
        *("fastapi", "uvicorn[standard]", "tortoise-orm", "aerich", "dependency-injector", "pydantic-settings"),
        *("fastapi-cache2", "asgi-correlation-id", "starlette-context", "python-ulid", "pendulum", "babel", "pyjwt"),
        *("pwdlib[argon2]", "python-multipart", "fastapi-pagination", "rich", "asyncpg", "aiokafka", "opensearch-py"),
        *("elastic-apm", "fastapi-mail", "stamina", "msgspec", "cachetools", "geopy", "motor", "inflect", "pyyaml"),
        *("result", "fastapi-utils", "typing-inspect", "email-validator"),
    ),
    files=HOSTS
    | {
        "app/allotment/__init__.py": '__version__ = "1.2.0"\n',
        "app/allotment/settings.py": """from functools import lru_cache

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_")
    database: str
    secret: SecretStr
    kafka: str | None = None
    search: str | None = None
    apm: str | None = None
    mail: str | None = None
    locale: str = "de_DE"


@lru_cache
def settings() -> Settings:
    return Settings()
""",
        "app/allotment/main.py": """from contextlib import asynccontextmanager

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import FastAPI
from fastapi_cache import FastAPICache
from fastapi_cache.backends.inmemory import InMemoryBackend
from fastapi_pagination import add_pagination
from starlette_context.middleware import RawContextMiddleware
from starlette_context.plugins import ForwardedForPlugin
from tortoise.contrib.fastapi import RegisterTortoise

from allotment import __version__
from allotment.containers import Container
from allotment.errors import register
from allotment.logs import configure
from allotment.routers import plots, system, users
from allotment.settings import settings

TORTOISE = {
    "connections": {"default": settings().database},
    "apps": {"models": {"models": ["allotment.models", "aerich.models"], "default_connection": "default"}},
}


@asynccontextmanager
async def lifespan(app):
    configure()
    FastAPICache.init(InMemoryBackend(), prefix="allotment")
    async with RegisterTortoise(app, config=TORTOISE, generate_schemas=True):
        await app.container.events().start()
        yield


def create_app():
    app = FastAPI(title="Allotment", version=__version__, lifespan=lifespan)
    app.container = Container()
    app.add_middleware(RawContextMiddleware, plugins=(ForwardedForPlugin(),))
    app.add_middleware(CorrelationIdMiddleware)
    if settings().apm:
        from elasticapm.contrib.starlette import ElasticAPM, make_apm_client

        app.add_middleware(ElasticAPM, client=make_apm_client({"SERVER_URL": settings().apm}))
    for module in (system, users, plots):
        app.include_router(module.router)
    register(app)
    add_pagination(app)
    return app


app = create_app()
""",
        "app/allotment/logs.py": """import logging

from asgi_correlation_id import CorrelationIdFilter
from rich.logging import RichHandler


def configure():
    handler = RichHandler(show_path=False)
    handler.addFilter(CorrelationIdFilter())
    logging.basicConfig(level=logging.INFO, format="[%(correlation_id)s] %(message)s", handlers=[handler])
""",
        "app/allotment/errors.py": """import logging

from fastapi.responses import JSONResponse
from tortoise.exceptions import DoesNotExist, IntegrityError

log = logging.getLogger(__name__)


def register(app):
    @app.exception_handler(DoesNotExist)
    async def missing(request, error):
        return JSONResponse({"detail": "none"}, 404)

    @app.exception_handler(IntegrityError)
    async def conflict(request, error):
        log.warning("conflict: %s", error)
        return JSONResponse({"detail": "taken"}, 409)
""",
        "app/allotment/models.py": """from tortoise import fields
from tortoise.models import Model
from ulid import ULID


def new_key():
    return str(ULID())


class User(Model):
    key = fields.CharField(26, primary_key=True, default=new_key)
    name = fields.CharField(50, unique=True)
    password = fields.CharField(200)


class Plot(Model):
    key = fields.CharField(26, primary_key=True, default=new_key)
    number = fields.IntField()
    area = fields.FloatField()
    rent = fields.DecimalField(8, 2)
    free_from = fields.DatetimeField()
    owner = fields.ForeignKeyField("models.User", related_name="plots", null=True)
""",
        "app/allotment/containers.py": """from dependency_injector import containers, providers

from allotment.services.events import Events
from allotment.services.passwords import Passwords
from allotment.services.plots import Plots
from allotment.settings import settings


class Container(containers.DeclarativeContainer):
    wiring_config = containers.WiringConfiguration(
        modules=["allotment.routers.plots", "allotment.routers.users"]
    )
    config = providers.Callable(settings)
    events = providers.Singleton(Events, config)
    passwords = providers.Singleton(Passwords, config)
    plots = providers.Factory(Plots, events=events, config=config)
""",
        "app/allotment/services/__init__.py": "",
        "app/allotment/services/events.py": """import logging

import msgspec
import stamina

log = logging.getLogger(__name__)


class Event(msgspec.Struct):
    name: str
    key: str


class Events:
    def __init__(self, settings):
        self._address = settings.kafka
        self._producer = None

    async def start(self):
        if self._address:
            from aiokafka import AIOKafkaProducer

            self._producer = AIOKafkaProducer(bootstrap_servers=self._address)
            await self._producer.start()

    @stamina.retry(on=ConnectionError, attempts=2)
    async def publish(self, name, key):
        content = msgspec.json.encode(Event(name, key))
        if self._producer:
            await self._producer.send("plots", content)
        log.info("event %s", content.decode())
""",
        "app/allotment/services/passwords.py": """import jwt
import pendulum
from pwdlib import PasswordHash


class Passwords:
    def __init__(self, settings):
        self._secret = settings.secret.get_secret_value()
        self._hash = PasswordHash.recommended()

    def hashed(self, password):
        return self._hash.hash(password)

    def token(self, user, password):
        if not self._hash.verify(password, user.password):
            return None
        until = pendulum.now("UTC").add(hours=1)
        return jwt.encode({"sub": user.key, "exp": until.int_timestamp}, self._secret, "HS256")
""",
        "app/allotment/services/plots.py": """from datetime import UTC, datetime

import pendulum
from babel.dates import format_date
from babel.numbers import format_currency
from cachetools import TTLCache, cached

from allotment.models import Plot

prices = TTLCache(100, 60)


@cached(prices)
def priced(rent, locale):
    return format_currency(rent, "EUR", locale=locale)


class Plots:
    def __init__(self, events, config):
        self._events = events
        self._locale = config.locale

    def shown(self, plot):
        return {
            "key": plot.key,
            "number": plot.number,
            "rent": priced(plot.rent, self._locale),
            "free": format_date(plot.free_from, locale=self._locale),
        }

    async def add(self, number, area):
        month = pendulum.now("UTC").add(months=3).start_of("month")
        free = datetime.fromtimestamp(month.timestamp(), UTC)
        plot = await Plot.create(number=number, area=area, rent=round(area * 0.35, 2), free_from=free)
        await self._events.publish("added", plot.key)
        return self.shown(await Plot.get(key=plot.key))

    async def near(self, place):
        from geopy.distance import geodesic
        from geopy.geocoders import Nominatim

        found = Nominatim(user_agent="allotment").geocode(place)
        return geodesic((52.5, 13.4), (found.latitude, found.longitude)).km
""",
        "app/allotment/services/search.py": """from allotment.models import Plot
from allotment.settings import settings


async def search(area):
    if settings().search:
        from opensearchpy import AsyncOpenSearch

        found = await AsyncOpenSearch(settings().search).search(index="plots", body={"query": {"match_all": {}}})
        return [hit["_id"] for hit in found["hits"]["hits"]]
    return await Plot.filter(area__gte=area).limit(5).values_list("key", flat=True)
""",
        "app/allotment/routers/__init__.py": "",
        "app/allotment/routers/system.py": """from fastapi import APIRouter
from fastapi_cache.decorator import cache
from starlette_context import context

from allotment import __version__
from allotment.models import Plot

router = APIRouter()


@router.get("/health")
async def health():
    return {"status": "up", "for": context.data.get("X-Forwarded-For")}


@router.get("/totals")
@cache(expire=5)
async def totals():
    return {"plots": await Plot.all().count(), "version": __version__}


@router.get("/fail")
async def fail():
    raise RuntimeError("on purpose")
""",
        "app/allotment/routers/users.py": """from typing import Annotated

from dependency_injector.wiring import Provide, inject
from fastapi import APIRouter, BackgroundTasks, Depends, Form, HTTPException
from pydantic import BaseModel, Field

from allotment.containers import Container
from allotment.models import User
from allotment.services.mails import welcome
from allotment.services.passwords import Passwords

router = APIRouter(prefix="/users")


class NewUser(BaseModel):
    name: str = Field(min_length=2)
    password: str


@router.post("", status_code=201)
@inject
async def add(
    user: NewUser, tasks: BackgroundTasks, passwords: Passwords = Depends(Provide[Container.passwords])
):
    added = await User.create(name=user.name, password=passwords.hashed(user.password))
    tasks.add_task(welcome, added.name)
    return {"key": added.key}


@router.post("/token")
@inject
async def token(user: NewUser, passwords: Passwords = Depends(Provide[Container.passwords])):
    issued = passwords.token(await User.get(name=user.name), user.password)
    if not issued:
        raise HTTPException(401)
    return {"access_token": issued}


@router.post("/photo")
async def photo(title: Annotated[str, Form()]):
    return {"title": title}
""",
        "app/allotment/services/mails.py": """import logging

from allotment.settings import settings

log = logging.getLogger(__name__)


async def welcome(name):
    if not settings().mail:
        log.info("no mail for %s", name)
        return
    from fastapi_mail import ConnectionConfig, FastMail, MessageSchema

    config = ConnectionConfig(MAIL_SERVER=settings().mail, MAIL_FROM="garden@shop.example")
    await FastMail(config).send_message(MessageSchema(subject="Welcome", recipients=[name], body=""))
""",
        "app/allotment/routers/plots.py": """from dependency_injector.wiring import Provide, inject
from fastapi import APIRouter, Depends
from fastapi_pagination import Page, paginate
from pydantic import BaseModel, PositiveFloat, PositiveInt

from allotment.containers import Container
from allotment.models import Plot
from allotment.services.plots import Plots
from allotment.services.search import search

router = APIRouter(prefix="/plots")


class NewPlot(BaseModel):
    number: PositiveInt
    area: PositiveFloat


class ShownPlot(BaseModel):
    key: str
    number: int
    rent: str
    free: str


@router.get("", response_model=Page[ShownPlot])
@inject
async def page(plots: Plots = Depends(Provide[Container.plots])):
    return paginate([plots.shown(plot) async for plot in Plot.all().limit(50)])


@router.post("", status_code=201)
@inject
async def add(plot: NewPlot, plots: Plots = Depends(Provide[Container.plots])):
    return await plots.add(plot.number, plot.area)


@router.get("/search")
async def found(area: float = 0):
    return await search(area)


@router.get("/near")
@inject
async def near(place: str, plots: Plots = Depends(Provide[Container.plots])):
    return {"km": await plots.near(place)}


@router.get("/{key}")
@inject
async def one(key: str, plots: Plots = Depends(Provide[Container.plots])):
    return plots.shown(await Plot.get(key=key))
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10836/{path}"
        for path in (
            *("health", "plots", "plots?size=x", "plots/search?area=2", "plots/none", "totals", "docs", "openapi.json"),
            *("fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10836/plots", '{"number": 12, "area": 240.5}'),
        ("http://127.0.0.1:10836/plots", '{"number": -1}'),
        ("http://127.0.0.1:10836/users", '{"name": "one", "password": "two-three"}'),
        ("http://127.0.0.1:10836/users/token", '{"name": "one", "password": "two-three"}'),
    ),
    seconds=25,
)

CLIPPINGS = Recipe(
    name="clippings",
    packages=(*PYTHON, *_TOOLS, "redis-server"),
    env=PRODUCTION_PYTHON | {"PYTHONPATH": "/app", "REDIS_URL": "redis://127.0.0.1:6379/0", "OUT": "/tmp/clippings"},
    entrypoint=("/app/start.sh",),
    cmd=("huey_consumer", "clippings.tasks.huey", "-w", "2", "-k", "thread"),
    python=(
        *("huey", "redis", "feedparser", "beautifulsoup4", "lxml", "readability-lxml", "python-docx", "openpyxl"),
        *("jinja2", "mistune", "python-slugify", "arrow", "backoff", "dataset", "sqlalchemy==2.*", "python-decouple"),
        *("logbook", "langdetect", "textstat", "yake", "wordcloud", "minio", "slack-sdk", "elasticsearch", "nltk"),
        *("html2text", "tldextract", "furl", "httpx", "courlan", "xlsxwriter", "pymongo", "rollbar", "attrs", "cattrs"),
    ),
    files=HOSTS
    | {
        "app/start.sh": """#!/bin/sh
set -e
redis-server --port 6379 --daemonize yes --dir /tmp --save ''
python -m clippings.seed
exec "$@"
""",
        "app/feeds/news.xml": """<?xml version="1.0"?>
<rss version="2.0"><channel><title>News</title>
<item><title>Trees were planted</title><link>http://news.shop.example/a?x=1</link>
<description>&lt;p&gt;Many trees were planted in the town on Monday by the people.&lt;/p&gt;</description>
<pubDate>Mon, 02 Mar 2026 10:00:00 +0100</pubDate></item>
<item><title>A bridge was closed</title><link>http://news.shop.example/b</link>
<description>&lt;p&gt;The old bridge is closed until the summer for repairs.&lt;/p&gt;</description></item>
</channel></rss>
""",
        "app/clippings/__init__.py": "",
        "app/clippings/settings.py": """from decouple import Csv, config

REDIS_URL = config("REDIS_URL")
OUT = config("OUT", default="/tmp")
FEEDS = config("FEEDS", default="/app/feeds/news.xml", cast=Csv())
SLACK = config("SLACK_TOKEN", default=None)
BUCKET = config("MINIO_URL", default=None)
SEARCH = config("ELASTIC_URL", default=None)
ROLLBAR = config("ROLLBAR_TOKEN", default=None)
CLOUD = config("CLOUD", default=False, cast=bool)
""",
        "app/clippings/seed.py": """import os

from clippings import settings
from clippings.tasks import collect, weekly

os.makedirs(settings.OUT, exist_ok=True)
for feed in settings.FEEDS:
    collect(feed)
collect("/app/feeds/none.xml")
weekly.schedule(delay=5)
""",
        "app/clippings/tasks.py": """import sys

from huey import RedisHuey, crontab
from huey.signals import SIGNAL_COMPLETE, SIGNAL_ERROR
from logbook import Logger, StreamHandler

from clippings import settings
from clippings.articles import read
from clippings.store import articles, save

StreamHandler(sys.stdout).push_application()
log = Logger("clippings")
huey = RedisHuey("clippings", url=settings.REDIS_URL)


@huey.on_startup()
def start():
    if settings.ROLLBAR:
        import rollbar

        rollbar.init(settings.ROLLBAR)


@huey.signal(SIGNAL_COMPLETE, SIGNAL_ERROR)
def seen(signal, task, error=None):
    log.info("{} {} {}", task.name, signal, error)


@huey.task(retries=1, retry_delay=1)
def collect(feed):
    for article in read(feed):
        save(article)
        describe(article.key)


@huey.task()
@huey.lock_task("describe")
def describe(key):
    from clippings.texts import described
    from clippings.search import index

    found = described(key)
    index(key, found)
    log.info("{} {}", key, found["language"])


@huey.task()
def weekly():
    from clippings.reports import document, page, sheet

    found = articles()
    log.info("{}", [document(found), sheet(found), page(found)])
    if settings.SLACK:
        from slack_sdk import WebClient

        WebClient(settings.SLACK).chat_postMessage(channel="news", text=f"{len(found)} articles")


@huey.periodic_task(crontab(hour="6", day_of_week="1"))
def monday():
    weekly()
""",
        "app/clippings/articles.py": """import attrs
import arrow
import backoff
import feedparser
from bs4 import BeautifulSoup
from furl import furl
from slugify import slugify


@attrs.frozen
class Article:
    key: str
    title: str
    link: str
    text: str
    at: str


@backoff.on_exception(backoff.expo, OSError, max_tries=2)
def opened(feed):
    if feed.startswith("http"):
        import httpx

        return httpx.get(feed).text
    with open(feed, encoding="utf-8") as file:
        return file.read()


def read(feed):
    for entry in feedparser.parse(opened(feed)).entries:
        at = arrow.get(entry.published, arrow.FORMAT_RFC2822) if "published" in entry else arrow.utcnow()
        link = furl(entry.link).remove(args=True).url
        text = BeautifulSoup(entry.summary, "lxml").get_text(" ", strip=True)
        yield Article(slugify(entry.title), entry.title, link, text, at.isoformat())


def whole(link):
    import httpx
    from readability import Document

    return Document(httpx.get(link).text).summary()
""",
        "app/clippings/store.py": """from functools import cache

import cattrs
import dataset

from clippings.articles import Article


@cache
def table():
    return dataset.connect("sqlite:////tmp/clippings.db", engine_kwargs={"connect_args": {"check_same_thread": False}})[
        "articles"
    ]


def save(article):
    table().upsert(cattrs.unstructure(article), ["key"])


def one(key):
    return cattrs.structure(dict(table().find_one(key=key)), Article)


def articles():
    return [cattrs.structure(dict(row), Article) for row in table().find(order_by="-at", _limit=20)]
""",
        "app/clippings/texts.py": """import langdetect
import textstat
import yake

from clippings.store import one

langdetect.DetectorFactory.seed = 1


def described(key):
    text = one(key).text
    words = yake.KeywordExtractor(n=1, top=3).extract_keywords(text)
    return {
        "language": langdetect.detect(text),
        "words": [word for word, _ in words],
        "length": textstat.lexicon_count(text),
    }
""",
        "app/clippings/search.py": """from clippings import settings


def index(key, found):
    if settings.SEARCH:
        from elasticsearch import Elasticsearch

        Elasticsearch(settings.SEARCH).index(index="articles", id=key, document=found)
""",
        "app/clippings/reports.py": """import os

import mistune
from docx import Document
from jinja2 import Environment, PackageLoader
from openpyxl import Workbook

from clippings import settings
from clippings.uploads import upload

templates = Environment(loader=PackageLoader("clippings"), autoescape=True)


def target(name):
    return os.path.join(settings.OUT, name)


def document(articles):
    made = Document()
    made.add_heading("Clippings")
    for article in articles:
        made.add_paragraph(article.title)
    made.save(target("week.docx"))
    return upload(target("week.docx"))


def sheet(articles):
    book = Workbook()
    for article in articles:
        book.active.append([article.key, article.title, article.at])
    book.save(target("week.xlsx"))
    return upload(target("week.xlsx"))


def page(articles):
    notes = mistune.html("# This *week*")
    content = templates.get_template("week.html").render(articles=articles, notes=notes)
    with open(target("week.html"), "w", encoding="utf-8") as file:
        file.write(content)
    if settings.CLOUD:
        from wordcloud import WordCloud

        WordCloud().generate(" ".join(one.text for one in articles)).to_file(target("week.png"))
    return upload(target("week.html"))
""",
        "app/clippings/uploads.py": """import os

from clippings import settings


def upload(path):
    if settings.BUCKET:
        from minio import Minio

        Minio(settings.BUCKET).fput_object("clippings", os.path.basename(path), path)
    return path
""",
        "app/clippings/templates/week.html": """{{ notes|safe }}
<ul>{% for one in articles %}<li><a href="{{ one.link }}">{{ one.title }}</a></li>{% endfor %}</ul>
""",
    },
    seconds=25,
)

PYTHON_SERVICES = (ALLOTMENT, CLIPPINGS)
