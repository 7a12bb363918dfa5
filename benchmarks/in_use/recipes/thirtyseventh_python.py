"""The thirty-seventh set's services of Python on slim bases: FastAPI, aiogram, Dagster and LitServe."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

KNOWLEDGE = Recipe(
    name="knowledge",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"KNOWLEDGE_STORAGE": "/tmp/knowledge"},
    cmd=("fastapi", "run", "knowledge/main.py", "--host", "127.0.0.1", "--port", "10924"),
    python=(
        *("fastapi[standard]==0.*", "llama-index-core==0.*", "llama-index-llms-openai==0.*"),
        *("llama-index-embeddings-openai==0.*", "llama-index-retrievers-bm25==0.*", "scalar-fastapi==1.*"),
        *("fastapi-events==0.*", "aiolimiter==1.*", "diskcache==5.*", "pydantic-settings==2.*", "structlog==25.*"),
        *("ftfy==6.*", "charset-normalizer==3.*", "docx2python==3.*", "pgvector==0.*", "snowballstemmer==2.*"),
    ),
    files=HOSTS
    | {
        "app/knowledge/__init__.py": "",
        "app/knowledge/settings.py": """from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="KNOWLEDGE_")

    storage: str
    model: str | None = None
    database_url: str | None = None
    a_minute: int = 900


@lru_cache
def settings():
    return Settings()
""",
        "app/knowledge/log.py": """import structlog

structlog.configure(processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()])
log = structlog.get_logger()
""",
        "app/knowledge/models.py": """from pydantic import BaseModel, Field


class Note(BaseModel):
    title: str = Field(min_length=2)
    text: str = Field(min_length=10)


class Question(BaseModel):
    question: str = Field(min_length=3)


class Answer(BaseModel):
    answer: str
    sources: list[str]
""",
        "app/knowledge/engine.py": """from llama_index.core import Document, Settings, VectorStoreIndex
from llama_index.core.embeddings import MockEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.response_synthesizers import ResponseMode

from knowledge.settings import settings


class Engine:
    def __init__(self):
        if settings().model:
            from llama_index.embeddings.openai import OpenAIEmbedding
            from llama_index.llms.openai import OpenAI

            Settings.llm = OpenAI(model=settings().model)
            Settings.embed_model = OpenAIEmbedding()
        else:
            Settings.llm = MockLLM(max_tokens=32)
            Settings.embed_model = MockEmbedding(embed_dim=16)
        Settings.node_parser = SentenceSplitter(chunk_size=128, chunk_overlap=16)
        self.index = VectorStoreIndex.from_documents([])

    def add(self, title, text):
        self.index.insert(Document(text=text, metadata={"title": title}))
        self.index.storage_context.persist(settings().storage)

    def ask(self, question):
        engine = self.index.as_query_engine(similarity_top_k=2, response_mode=ResponseMode.COMPACT)
        response = engine.query(question)
        return str(response), [node.metadata["title"] for node in response.source_nodes]

    def words(self, question):
        from llama_index.retrievers.bm25 import BM25Retriever

        nodes = list(self.index.docstore.docs.values())
        if not nodes:
            return []
        retriever = BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=1)
        return [node.metadata["title"] for node in retriever.retrieve(question)]
""",
        "app/knowledge/texts.py": """import io

import ftfy
from charset_normalizer import from_bytes


def clean(text):
    return ftfy.fix_text(text).strip()


def text_of(name, content):
    if name.endswith(".docx"):
        from docx2python import docx2python

        with docx2python(io.BytesIO(content)) as document:
            return document.text
    return str(from_bytes(content).best())
""",
        "app/knowledge/handlers.py": """from fastapi_events.handlers.local import local_handler
from fastapi_events.typing import Event

from knowledge.log import log


@local_handler.register(event_name="note-added")
async def added(event: Event):
    log.info("note added", payload=event[1])
""",
        "app/knowledge/main.py": """from contextlib import asynccontextmanager

from aiolimiter import AsyncLimiter
from diskcache import Cache
from fastapi import Depends, FastAPI, HTTPException, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi_events.dispatcher import dispatch
from fastapi_events.handlers.local import local_handler
from fastapi_events.middleware import EventHandlerASGIMiddleware
from scalar_fastapi import get_scalar_api_reference

from knowledge import handlers  # noqa: F401
from knowledge.engine import Engine
from knowledge.log import log
from knowledge.models import Answer, Note, Question
from knowledge.settings import settings
from knowledge.texts import clean, text_of

limiter = AsyncLimiter(settings().a_minute)


@asynccontextmanager
async def lifespan(app):
    app.state.engine = Engine()
    app.state.cache = Cache(f"{settings().storage}-cache")
    if settings().database_url:
        from pgvector.psycopg import register_vector

        log.info("vectors in the database", register=register_vector.__name__)
    yield
    app.state.cache.close()


async def limited():
    async with limiter:
        yield


app = FastAPI(title="Knowledge", lifespan=lifespan, dependencies=[Depends(limited)])
app.add_middleware(EventHandlerASGIMiddleware, handlers=[local_handler])


@app.get("/health")
async def health():
    return {"status": "up"}


@app.post("/notes", status_code=201)
async def add(note: Note, request: Request):
    await run_in_threadpool(request.app.state.engine.add, note.title, clean(note.text))
    dispatch("note-added", payload={"title": note.title})
    return note


@app.post("/files", status_code=201)
async def upload(file: UploadFile, request: Request):
    text = clean(text_of(file.filename, await file.read()))
    await run_in_threadpool(request.app.state.engine.add, file.filename, text)
    return {"letters": len(text)}


@app.post("/answers")
async def answer(question: Question, request: Request) -> Answer:
    cache = request.app.state.cache
    found = cache.get(question.question)
    if found is None:
        found = await run_in_threadpool(request.app.state.engine.ask, question.question)
        cache.set(question.question, found, expire=5)
    return Answer(answer=found[0], sources=found[1])


@app.get("/search")
async def search(q: str, request: Request):
    return await run_in_threadpool(request.app.state.engine.words, q)


@app.get("/reference", include_in_schema=False)
async def reference():
    return get_scalar_api_reference(openapi_url=app.openapi_url, title=app.title)


@app.get("/fail")
async def fail():
    raise HTTPException(418, "on purpose")
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10924/{path}"
        for path in ("health", "search?q=tea", "reference", "openapi.json", "docs", "fail")
    ),
    sends=(
        ("http://127.0.0.1:10924/notes", '{"title": "Tea", "text": "Tea wants water that boils, and four minutes."}'),
        ("http://127.0.0.1:10924/notes", "{}"),
        ("http://127.0.0.1:10924/answers", '{"question": "How long does tea take?"}'),
        (
            "http://127.0.0.1:10924/files",
            '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
            "Content-Type: text/plain\r\n\r\nCoffee is quicker than tea, they say.\r\n--cut--\r\n",
        ),
    ),
    seconds=40,
)

_UPDATE = (
    '{"update_id": %d, "message": {"message_id": 1, "date": 1764500000, "text": "%s", '
    '"entities": [{"type": "bot_command", "offset": 0, "length": %d}], '
    '"chat": {"id": 7, "type": "private", "first_name": "Ada"}, '
    '"from": {"id": 7, "is_bot": false, "first_name": "Ada", "language_code": "en"}}}'
)
_WORDS = (
    '{"update_id": 9, "message": {"message_id": 1, "date": 1764500000, "text": "55.86 -4.25", '
    '"chat": {"id": 7, "type": "private", "first_name": "Ada"}, '
    '"from": {"id": 7, "is_bot": false, "first_name": "Ada", "language_code": "de"}}}'
)

CABS = Recipe(
    name="cabs",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"CABS_NUMBER": "42", "CABS_DATABASE_URL": "sqlite+aiosqlite:////tmp/cabs.sqlite"},
    cmd=("python", "-m", "cabs"),
    python=(
        *("aiogram==3.*", "fluent.runtime==0.4.*", "sqlalchemy[asyncio]==2.*", "aiosqlite==0.*", "asyncpg==0.*"),
        *("pydantic-settings==2.*", "prometheus-async[aiohttp]==25.*", "geopy==2.*", "redis==5.*", "apscheduler==3.*"),
        *("openrouteservice==2.*", "python-json-logger==3.*", "uvloop==0.*", "aiogram-dialog==2.*", "qrcode==8.*"),
    ),
    files=HOSTS
    | {
        "app/cabs/__init__.py": "",
        "app/cabs/__main__.py": """import logging

import uvloop
from aiohttp import web
from pythonjsonlogger.json import JsonFormatter

from cabs.app import create_app
from cabs.settings import settings


def main():
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=settings.log_level, handlers=[handler])
    uvloop.install()
    web.run_app(create_app(), host="127.0.0.1", port=settings.port)


if __name__ == "__main__":
    main()
""",
        "app/cabs/settings.py": """from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="CABS_")

    number: int
    key: str = "a" * 35
    port: int = 10925
    log_level: str = "INFO"
    database_url: str
    redis_url: str | None = None
    base_url: str | None = None
    routes_key: str | None = None

    @property
    def bot_key(self):
        return f"{self.number}:{self.key}"


settings = Settings()
""",
        "app/cabs/app.py": """from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.enums import ParseMode
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from prometheus_async.aio import web as metrics

from cabs.database import create_tables, engine
from cabs.handlers import router
from cabs.middlewares import LanguageMiddleware, SessionMiddleware
from cabs.settings import settings
from cabs.tasks import forget_old


def storage():
    if settings.redis_url:
        from aiogram.fsm.storage.redis import RedisStorage

        return RedisStorage.from_url(settings.redis_url)
    return MemoryStorage()


async def started(bot: Bot):
    await create_tables()
    if settings.base_url:
        await bot.set_webhook(f"{settings.base_url}/webhook")


async def stopped():
    await engine.dispose()


async def health(request):
    return web.json_response({"status": "up"})


def create_app():
    bot = Bot(settings.bot_key, default=DefaultBotProperties(parse_mode=ParseMode.HTML))
    dispatcher = Dispatcher(storage=storage())
    dispatcher.startup.register(started)
    dispatcher.shutdown.register(stopped)
    dispatcher.update.outer_middleware(SessionMiddleware())
    dispatcher.message.middleware(LanguageMiddleware())
    dispatcher.include_router(router)
    app = web.Application()
    app.router.add_get("/health", health)
    app.router.add_get("/metrics", metrics.server_stats)
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False).register(app, path="/webhook")
    setup_application(app, dispatcher, bot=bot)
    scheduler = AsyncIOScheduler()
    scheduler.add_job(forget_old, "interval", seconds=5)

    async def start(app):
        scheduler.start()

    app.on_startup.append(start)
    return app
""",
        "app/cabs/database.py": """from datetime import datetime

from sqlalchemy import func
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from cabs.settings import settings


class Base(DeclarativeBase):
    pass


class Ride(Base):
    __tablename__ = "rides"
    id: Mapped[int] = mapped_column(primary_key=True)
    chat: Mapped[int]
    km: Mapped[float]
    at: Mapped[datetime] = mapped_column(server_default=func.now())


engine = create_async_engine(settings.database_url)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def create_tables():
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
""",
        "app/cabs/middlewares.py": """from pathlib import Path

from aiogram import BaseMiddleware
from fluent.runtime import FluentLocalization, FluentResourceLoader

from cabs.database import sessions

LOADER = FluentResourceLoader(str(Path(__file__).parent / "locales" / "{locale}"))
LANGUAGES = {name: FluentLocalization([name, "en"], ["main.ftl"], LOADER) for name in ("en", "de")}


class SessionMiddleware(BaseMiddleware):
    async def __call__(self, handler, event, data):
        async with sessions() as session:
            data["session"] = session
            return await handler(event, data)


class LanguageMiddleware(BaseMiddleware):
    async def __call__(self, handler, event, data):
        name = event.from_user.language_code if event.from_user else "en"
        data["say"] = LANGUAGES.get(name, LANGUAGES["en"]).format_value
        return await handler(event, data)
""",
        "app/cabs/locales/en/main.ftl": "welcome = Hello { $name }, where to?\n"
        "ride = { NUMBER($km, maximumFractionDigits: 1) } km\n"
        "rides = { $count ->\n    [one] one ride\n   *[other] { $count } rides\n}\n",
        "app/cabs/locales/de/main.ftl": "welcome = Hallo { $name }, wohin?\nride = { $km } km weit\n",
        "app/cabs/places.py": """from geopy.distance import geodesic

from cabs.settings import settings

DEPOT = (55.8609, -4.2514)


def distance(latitude, longitude):
    if settings.routes_key:
        import openrouteservice

        client = openrouteservice.Client(key=settings.routes_key)
        found = client.directions([(DEPOT[1], DEPOT[0]), (longitude, latitude)])
        return found["routes"][0]["summary"]["distance"] / 1000
    return round(geodesic(DEPOT, (latitude, longitude)).km, 2)
""",
        "app/cabs/handlers.py": """from aiogram import F, Router
from aiogram.filters import Command, CommandStart
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import Message
from aiogram.utils.keyboard import ReplyKeyboardBuilder
from sqlalchemy import func, select

from cabs.database import Ride
from cabs.places import distance

router = Router()


class Order(StatesGroup):
    where = State()


@router.message(CommandStart())
async def start(message: Message, state: FSMContext, say):
    await state.set_state(Order.where)
    keyboard = ReplyKeyboardBuilder()
    keyboard.button(text="My place", request_location=True)
    return message.answer(say("welcome", {"name": message.from_user.full_name}), reply_markup=keyboard.as_markup())


@router.message(Command("rides"))
async def rides(message: Message, session, say):
    count = await session.scalar(select(func.count()).where(Ride.chat == message.chat.id))
    return message.answer(say("rides", {"count": count}))


@router.message(Order.where, F.text.regexp(r"^-?[0-9.]+ -?[0-9.]+$"))
async def where(message: Message, state: FSMContext, session, say):
    latitude, longitude = map(float, message.text.split())
    km = distance(latitude, longitude)
    session.add(Ride(chat=message.chat.id, km=km))
    await session.commit()
    await state.clear()
    return message.answer(say("ride", {"km": km}))
""",
        "app/cabs/tasks.py": """import logging

from sqlalchemy import delete, func

from cabs.database import Ride, sessions

log = logging.getLogger(__name__)


async def forget_old():
    async with sessions() as session:
        gone = await session.execute(delete(Ride).where(Ride.at < func.datetime("now", "-30 days")))
        await session.commit()
    log.info("forgotten", extra={"rides": gone.rowcount})
""",
    },
    asks=tuple(f"http://127.0.0.1:10925/{path}" for path in ("health", "metrics", "no")),
    sends=(
        ("http://127.0.0.1:10925/webhook", _UPDATE % (1, "/start", 6)),
        ("http://127.0.0.1:10925/webhook", _WORDS),
        ("http://127.0.0.1:10925/webhook", _UPDATE % (2, "/rides", 6)),
    ),
    seconds=26,
)

_LAUNCH = (
    '{"query": "mutation L($p: ExecutionParams!) { launchRun(executionParams: $p) { __typename '
    '... on PythonError { message } } }", "variables": {"p": {"selector": {"repositoryLocationName": "foundry", '
    '"repositoryName": "__repository__", "pipelineName": "nightly"}, "runConfigData": {}, "mode": "default"}}}'
)

FOUNDRY = Recipe(
    name="foundry",
    packages=(*PYTHON, *_TOOLS, "tini"),
    env=PRODUCTION_PYTHON | {"DAGSTER_HOME": "/app/dagster_home", "PYTHONPATH": "/app"},
    entrypoint=("tini", "--"),
    cmd=("/app/start.sh",),
    python=(
        *("dagster==1.*", "dagster-webserver==1.*", "dagster-postgres==0.29.*", "dagster-aws==0.29.*"),
        *("pandas==2.*", "pyarrow==21.*", "psycopg2-binary==2.*", "requests==2.*"),
        *("dagster-pandas==0.29.*", "dagster-slack==0.29.*"),
    ),
    files=HOSTS
    | {
        "app/start.sh": "#!/bin/sh\nset -e\ndagster-daemon run -w workspace.yaml &\n"
        "exec dagster-webserver -h 127.0.0.1 -p 10926 -w workspace.yaml\n",
        "app/workspace.yaml": "load_from:\n  - python_module:\n      module_name: foundry.definitions\n"
        "      location_name: foundry\n",
        "app/dagster_home/dagster.yaml": "telemetry:\n  enabled: false\nrun_launcher:\n  module: dagster\n"
        "  class: DefaultRunLauncher\nconcurrency:\n  runs:\n    max_concurrent_runs: 1\n",
        "app/foundry/__init__.py": "",
        "app/foundry/definitions.py": """import os

from dagster import Definitions, EnvVar, ScheduleDefinition, define_asset_job, load_assets_from_modules

from foundry import assets
from foundry.checks import checks
from foundry.resources import Furnaces

nightly = define_asset_job("nightly", selection="*")
resources = {"furnaces": Furnaces(url=os.environ.get("FURNACES_URL", ""))}
if os.environ.get("BUCKET"):
    from dagster_aws.s3 import S3PickleIOManager, S3Resource

    resources["io_manager"] = S3PickleIOManager(s3_resource=S3Resource(), s3_bucket=EnvVar("BUCKET"))

defs = Definitions(
    assets=load_assets_from_modules([assets]),
    asset_checks=checks,
    jobs=[nightly],
    schedules=[ScheduleDefinition(job=nightly, cron_schedule="0 3 * * *")],
    resources=resources,
)
""",
        "app/foundry/resources.py": """import requests
from dagster import ConfigurableResource


class Furnaces(ConfigurableResource):
    url: str

    def readings(self):
        if not self.url:
            return [{"furnace": number % 3, "degrees": 1400 + number} for number in range(30)]
        return requests.get(self.url, timeout=10).json()
""",
        "app/foundry/assets.py": """from dagster import AssetExecutionContext, MetadataValue, Output, asset
from dagster_pandas import DataFrame

from foundry.resources import Furnaces
from foundry.types import ReadingFrame


@asset(group_name="furnaces", dagster_type=ReadingFrame)
def readings(context: AssetExecutionContext, furnaces: Furnaces):
    import pandas

    frame = pandas.DataFrame(furnaces.readings())
    context.log.info(f"{len(frame)} readings")
    return frame


@asset(group_name="furnaces", dagster_type=DataFrame)
def hottest(readings):
    frame = readings.groupby("furnace", as_index=False)["degrees"].max()
    return Output(frame, metadata={"rows": len(frame), "preview": MetadataValue.md(str(frame.head()))})


@asset(group_name="furnaces")
def report(hottest) -> str:
    path = "/tmp/hottest.parquet"
    hottest.to_parquet(path)
    return path
""",
        "app/foundry/types.py": """from dagster_pandas import PandasColumn, create_dagster_pandas_dataframe_type

ReadingFrame = create_dagster_pandas_dataframe_type(
    name="ReadingFrame",
    columns=[
        PandasColumn.integer_column("furnace", min_value=0),
        PandasColumn.integer_column("degrees", min_value=0, max_value=2000),
    ],
)
""",
        "app/foundry/checks.py": """from dagster import AssetCheckResult, asset_check

from foundry.assets import readings


@asset_check(asset=readings)
def enough(readings):
    return AssetCheckResult(passed=len(readings) > 10, metadata={"rows": len(readings)})


checks = [enough]
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10926/{path}"
        for path in (
            "",
            "server_info",
            "runs",
            "locations/foundry/jobs/nightly",
            "dagit_info",
            "graphql?query=%7Bversion%7D",
        )
    ),
    sends=(
        ("http://127.0.0.1:10926/graphql", '{"query": "{ version }"}'),
        ("http://127.0.0.1:10926/graphql", _LAUNCH),
        (
            "http://127.0.0.1:10926/graphql",
            '{"query": "{ runsOrError(limit: 3) { __typename ... on Runs { results { runId status } } } }"}',
        ),
        (
            "http://127.0.0.1:10926/graphql",
            '{"query": "{ assetNodes { assetKey { path } groupName dependencyKeys { path } } }"}',
        ),
    ),
    seconds=110,
)

GRADING = Recipe(
    name="grading",
    packages=(*PYTHON, *_TOOLS, "libgomp1"),
    env=PRODUCTION_PYTHON | {"PORT": "10927", "MODEL": "/app/models/grades.joblib", "OMP_NUM_THREADS": "1"},
    cmd=("python", "server.py"),
    python=(
        *("litserve==0.2.*", "scikit-learn==1.*", "pandas==2.*", "category-encoders==2.*", "imbalanced-learn==0.*"),
        *("prometheus-client==0.*", "boto3==1.*", "skops==0.*", "feature-engine==1.*"),
    ),
    files=HOSTS
    | {
        "app/server.py": """import os

import litserve

from grading.api import GradesAPI
from grading.log import Counted
from grading.storage import fetched

if __name__ == "__main__":
    api = GradesAPI(fetched(os.environ["MODEL"]))
    server = litserve.LitServer(
        api, accelerator="cpu", workers_per_device=1, timeout=20, loggers=[Counted()], track_requests=True
    )
    server.run(host="127.0.0.1", port=int(os.environ["PORT"]), generate_client_file=False, num_api_servers=1)
""",
        "app/train.py": """import random

import joblib
import pandas
from category_encoders import TargetEncoder
from feature_engine.imputation import MeanMedianImputer
from imblearn.over_sampling import RandomOverSampler
from imblearn.pipeline import Pipeline
from sklearn.ensemble import GradientBoostingClassifier

random.seed(1)
rows = [
    {"orchard": random.choice("abc"), "weight": random.uniform(60, 240), "brix": random.uniform(8, 15)}
    for _ in range(300)
]
frame = pandas.DataFrame(rows)
grades = (frame["weight"] > 150).astype(int) + (frame["brix"] > 12).astype(int)
pipeline = Pipeline(
    [
        ("impute", MeanMedianImputer(variables=["weight", "brix"])),
        ("encode", TargetEncoder(cols=["orchard"])),
        ("sample", RandomOverSampler(random_state=1)),
        ("model", GradientBoostingClassifier(n_estimators=20)),
    ]
)
pipeline.fit(frame, grades)
joblib.dump(pipeline, "/app/models/grades.joblib")
""",
        "app/grading/__init__.py": "",
        "app/grading/api.py": """import litserve
from fastapi import HTTPException
from pydantic import ValidationError

from grading.schemas import Apple


class GradesAPI(litserve.LitAPI):
    def __init__(self, path, **rest):
        super().__init__(**rest)
        self.path = path

    def setup(self, device):
        import joblib

        self.model = joblib.load(self.path)

    def decode_request(self, request):
        try:
            return Apple(**request)
        except ValidationError as error:
            raise HTTPException(422, error.errors(include_url=False)[0]["msg"]) from None

    def predict(self, apple):
        import pandas

        frame = pandas.DataFrame([apple.model_dump()])
        self.log("grades", 1)
        return int(self.model.predict(frame)[0]), float(self.model.predict_proba(frame).max())

    def encode_response(self, output):
        grade, certainty = output
        return {"grade": grade, "certainty": round(certainty, 3)}
""",
        "app/grading/schemas.py": """from pydantic import BaseModel, Field


class Apple(BaseModel):
    orchard: str = Field(max_length=1)
    weight: float = Field(gt=0)
    brix: float | None = None
""",
        "app/grading/log.py": """import litserve
from prometheus_client import CollectorRegistry, Counter, make_asgi_app


class Counted(litserve.Logger):
    def __init__(self):
        super().__init__()
        registry = CollectorRegistry()
        self.counter = Counter("grades", "Grades that were given", registry=registry)
        self.mount(path="/metrics", app=make_asgi_app(registry=registry))

    def process(self, key, value):
        self.counter.inc(value)

    def __getstate__(self):
        return {}

    def __setstate__(self, state):
        self.__init__()
""",
        "app/grading/storage.py": """import os


def fetched(path):
    if not os.environ.get("MODEL_BUCKET"):
        return path
    import boto3

    boto3.client("s3").download_file(os.environ["MODEL_BUCKET"], os.path.basename(path), "/tmp/model.joblib")
    return "/tmp/model.joblib"
""",
    },
    prepare=("mkdir -p /app/models && cd /app && /opt/venv/bin/python train.py && rm train.py",),
    asks=tuple(
        f"http://127.0.0.1:10927/{path}" for path in ("health", "info", "metrics/", "docs", "openapi.json", "no")
    ),
    sends=(
        ("http://127.0.0.1:10927/predict", '{"orchard": "a", "weight": 180.5, "brix": 13}'),
        ("http://127.0.0.1:10927/predict", '{"orchard": "b", "weight": 90}'),
        ("http://127.0.0.1:10927/predict", '{"orchard": "b", "weight": -1}'),
    ),
    seconds=40,
)

PYTHON_SERVICES = (KNOWLEDGE, CABS, FOUNDRY, GRADING)
