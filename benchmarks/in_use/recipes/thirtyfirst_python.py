"""The thirty-first set's services and workers of Python on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

MEMBERS = Recipe(
    name="members",
    packages=(*PYTHON, *_TOOLS, "curl"),
    env=PRODUCTION_PYTHON
    | {"DATABASE_URL": "sqlite+aiosqlite:////tmp/members.db", "SECRET": "one-long-secret-for-all-of-it"},
    cmd=("uvicorn", "members.main:app", "--host", "127.0.0.1", "--port", "10501", "--workers", "2", "--proxy-headers"),
    python=(
        *(
            "fastapi",
            "uvicorn[standard]",
            "fastapi-users[sqlalchemy]",
            "sqlalchemy[asyncio]<2.1",
            "aiosqlite",
            "asyncpg",
        ),
        *("alembic", "pydantic-settings", "sse-starlette", "boto3", "redis", "sentry-sdk[fastapi]", "httpx", "orjson"),
        *("opentelemetry-sdk", "opentelemetry-instrumentation-fastapi", "opentelemetry-exporter-otlp-proto-http"),
    ),
    files=HOSTS
    | {
        "app/members/__init__.py": "",
        "app/members/settings.py": """from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    secret: str
    bucket: str | None = None
    sentry_dsn: str | None = None


settings = Settings()
""",
        "app/members/database.py": """from collections.abc import AsyncIterator

from fastapi import Depends
from fastapi_users.db import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from members.settings import settings


class Base(DeclarativeBase):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    pass


engine = create_async_engine(settings.database_url)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as one:
        yield one


async def users(one: AsyncSession = Depends(session)):
    yield SQLAlchemyUserDatabase(one, User)
""",
        "app/members/users.py": """import uuid

from fastapi import Depends
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, BearerTransport, JWTStrategy

from members.database import User, users
from members.settings import settings


class UserRead(schemas.BaseUser[uuid.UUID]):
    pass


class UserCreate(schemas.BaseUserCreate):
    pass


class Manager(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    reset_password_token_secret = settings.secret
    verification_token_secret = settings.secret

    async def on_after_register(self, user, request=None):
        if settings.bucket:
            import boto3

            boto3.client("s3").put_object(Bucket=settings.bucket, Key=str(user.id), Body=b"")


async def manager(database=Depends(users)):
    yield Manager(database)


def strategy():
    return JWTStrategy(secret=settings.secret, lifetime_seconds=600)


backend = AuthenticationBackend("jwt", BearerTransport(tokenUrl="auth/jwt/login"), strategy)
fastapi_users = FastAPIUsers[User, uuid.UUID](manager, [backend])
""",
        "app/members/main.py": """import asyncio
from contextlib import asynccontextmanager

import sentry_sdk
from fastapi import Depends, FastAPI
from fastapi.responses import ORJSONResponse
from opentelemetry import trace
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from sse_starlette.sse import EventSourceResponse

from members.database import Base, engine
from members.settings import settings
from members.users import UserCreate, UserRead, backend, fastapi_users

sentry_sdk.init(dsn=settings.sentry_dsn, traces_sample_rate=0.1)


@asynccontextmanager
async def lifespan(app):
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    provider = TracerProvider()
    trace.set_tracer_provider(provider)
    if settings.bucket:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    yield
    await engine.dispose()


app = FastAPI(title="Members", lifespan=lifespan, default_response_class=ORJSONResponse)
app.include_router(fastapi_users.get_auth_router(backend), prefix="/auth/jwt")
app.include_router(fastapi_users.get_register_router(UserRead, UserCreate), prefix="/auth")
FastAPIInstrumentor.instrument_app(app)


@app.get("/health")
async def health():
    return {"status": "up"}


@app.get("/me")
async def me(user=Depends(fastapi_users.current_user(active=True))):
    return {"email": user.email}


@app.get("/events")
async def events():
    async def three():
        for number in range(3):
            yield {"data": str(number)}
            await asyncio.sleep(0.1)

    return EventSourceResponse(three())


@app.get("/fail")
async def fail():
    raise RuntimeError("on purpose")
""",
    },
    asks=tuple(f"http://127.0.0.1:10501/{path}" for path in ("health", "docs", "openapi.json", "me", "events", "fail")),
    sends=(
        ("http://127.0.0.1:10501/auth/register", '{"email": "a@shop.example.com", "password": "one-two-three"}'),
        ("http://127.0.0.1:10501/auth/jwt/login", "username=a%40shop.example.com&password=one-two-three"),
    ),
    seconds=25,
)

VECTORS = Recipe(
    name="vectors",
    packages=(*PYTHON, *_TOOLS, "tini", "libgomp1"),
    env=PRODUCTION_PYTHON | {"INDEX": "/tmp/faiss.index", "OMP_NUM_THREADS": "1"},
    entrypoint=("tini", "--"),
    cmd=(
        "uvicorn",
        "search.app:create_app",
        "--factory",
        "--host",
        "127.0.0.1",
        "--port",
        "10502",
        "--log-config",
        "logging.yaml",
    ),
    python=(
        *("fastapi", "uvicorn", "pyyaml", "faiss-cpu", "numpy", "openai", "tenacity", "rapidfuzz", "python-multipart"),
        *("pypdf", "prometheus-client", "redis", "boto3", "langdetect", "sentry-sdk"),
    ),
    files=HOSTS
    | {
        "app/logging.yaml": """version: 1
disable_existing_loggers: false
formatters:
  plain: {format: "%(asctime)s %(levelname)s %(name)s %(message)s"}
handlers:
  console: {class: logging.StreamHandler, formatter: plain, stream: ext://sys.stdout}
root: {level: INFO, handlers: [console]}
""",
        "app/search/__init__.py": "",
        "app/search/index.py": """import os
import zlib

import faiss
import numpy

SIZE = 32


def vector(text):
    seed = numpy.random.default_rng(zlib.crc32(text.encode()))
    return seed.random(SIZE, dtype="float32")


class Index:
    def __init__(self):
        self.texts = []
        self.faiss = faiss.IndexFlatL2(SIZE)

    def add(self, text):
        self.texts.append(text)
        self.faiss.add(vector(text)[None])
        faiss.write_index(self.faiss, os.environ["INDEX"])

    def find(self, text, count=3):
        _, places = self.faiss.search(vector(text)[None], min(count, max(1, len(self.texts))))
        return [self.texts[place] for place in places[0] if place >= 0]
""",
        "app/search/embed.py": """import os

from tenacity import retry, stop_after_attempt


@retry(stop=stop_after_attempt(2), reraise=True)
def embed(text):
    from openai import OpenAI

    client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])
    return client.embeddings.create(model="text-embedding-3-small", input=text).data[0].embedding
""",
        "app/search/app.py": """import io
import logging
import os

from fastapi import FastAPI, HTTPException, UploadFile
from prometheus_client import Counter, make_asgi_app
from pydantic import BaseModel
from rapidfuzz import fuzz

from search.embed import embed
from search.index import Index

log = logging.getLogger(__name__)
FOUND = Counter("found", "What was found")


class Text(BaseModel):
    text: str


def create_app():
    app = FastAPI(title="Search")
    index = Index()
    app.mount("/metrics", make_asgi_app())
    if os.environ.get("SENTRY_DSN"):
        import sentry_sdk

        sentry_sdk.init()

    @app.post("/texts", status_code=201)
    def add(text: Text):
        index.add(text.text)
        return {"texts": len(index.texts)}

    @app.get("/search")
    def search(q: str):
        found = sorted(index.find(q), key=lambda text: -fuzz.ratio(text, q))
        FOUND.inc(len(found))
        log.info("found %s", len(found))
        return found

    @app.post("/files")
    async def file(file: UploadFile):
        from pypdf import PdfReader

        return len(PdfReader(io.BytesIO(await file.read())).pages)

    @app.get("/embed")
    def embedded(q: str):
        try:
            return embed(q)
        except KeyError:
            raise HTTPException(503, "no key") from None

    return app
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10502/{path}" for path in ("search?q=one", "search", "metrics/", "openapi.json", "no")
    ),
    sends=(("http://127.0.0.1:10502/texts", '{"text": "one and two"}'), ("http://127.0.0.1:10502/texts", "{}")),
    seconds=22,
)

GRAPHENE = Recipe(
    name="graphene",
    packages=(*PYTHON, *_TOOLS, "curl"),
    env=PRODUCTION_PYTHON | {"DJANGO_SETTINGS_MODULE": "library.settings"},
    entrypoint=("/app/entrypoint.sh",),
    cmd=(
        "gunicorn",
        "library.wsgi:application",
        "--bind",
        "127.0.0.1:10503",
        "--workers",
        "2",
        "--access-logfile",
        "-",
    ),
    python=(
        *("django<6", "graphene-django", "django-filter", "django-unfold", "django-anymail[amazon-ses]", "whitenoise"),
        *("dj-database-url", "psycopg[binary]", "gunicorn", "django-cors-headers", "django-simple-history", "redis"),
        *("sentry-sdk[django]", "django-storages[s3]", "django-environ", "pillow", "pytest-django"),
    ),
    files=HOSTS
    | {
        "app/entrypoint.sh": "#!/bin/sh\nset -e\npython manage.py migrate --noinput\n"
        'python manage.py collectstatic --noinput >/dev/null\nexec "$@"\n',
        "app/manage.py": "#!/usr/bin/env python\nimport os\nimport sys\n\n"
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "library.settings")\n'
        "from django.core.management import execute_from_command_line\n\n"
        "execute_from_command_line(sys.argv)\n",
        "app/library/__init__.py": "",
        "app/library/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\n"
        "application = get_wsgi_application()\n",
        "app/library/settings.py": """import environ

env = environ.Env(DATABASE_URL=(str, "sqlite:////tmp/library.sqlite3"), SENTRY_DSN=(str, ""))
SECRET_KEY = env.str("SECRET_KEY", "one")
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "library.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "corsheaders",
    "django_filters",
    "graphene_django",
    "simple_history",
    "anymail",
    "books",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": env.db("DATABASE_URL")}
CACHES = {"default": env.cache("CACHE_URL", "locmemcache://")}
STATIC_URL = "/static/"
STATIC_ROOT = "/tmp/static"
STORAGES = {
    "default": {"BACKEND": "storages.backends.s3.S3Storage" if env.str("BUCKET", "") else
                "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
EMAIL_BACKEND = f"anymail.backends.{env.str('MAILER', 'test')}.EmailBackend"
GRAPHENE = {"SCHEMA": "books.schema.schema"}
if env("SENTRY_DSN"):
    import sentry_sdk

    sentry_sdk.init(env("SENTRY_DSN"))
""",
        "app/library/urls.py": """from django.contrib import admin
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from graphene_django.views import GraphQLView

urlpatterns = [
    path("admin/", admin.site.urls),
    path("graphql", csrf_exempt(GraphQLView.as_view(graphiql=True))),
    path("health", lambda request: JsonResponse({"status": "up"})),
]
""",
        "app/books/__init__.py": "",
        "app/books/apps.py": "from django.apps import AppConfig\n\n\n"
        'class BooksConfig(AppConfig):\n    name = "books"\n\n    def ready(self):\n'
        "        from books import signals  # noqa: F401\n",
        "app/books/signals.py": """from django.core.mail import send_mail
from django.db.models.signals import post_save
from django.dispatch import receiver

from books.models import Book


@receiver(post_save, sender=Book)
def mail(sender, instance, created, **more):
    if created:
        send_mail("New", instance.title, "a@shop.example", ["b@shop.example"])
""",
        "app/books/models.py": """from django.db import models
from simple_history.models import HistoricalRecords


class Book(models.Model):
    title = models.CharField(max_length=100)
    pages = models.IntegerField(default=1)
    history = HistoricalRecords()
""",
        "app/books/admin.py": "from django.contrib import admin\nfrom unfold.admin import ModelAdmin\n\n"
        "from books.models import Book\n\n\n@admin.register(Book)\nclass BookAdmin(ModelAdmin):\n"
        '    list_display = ("title", "pages")\n',
        "app/books/migrations/__init__.py": "",
        "app/books/schema.py": """import graphene
from graphene_django import DjangoObjectType
from graphene_django.filter import DjangoFilterConnectionField

from books.models import Book


class BookNode(DjangoObjectType):
    class Meta:
        model = Book
        filter_fields = {"title": ["exact", "icontains"]}
        interfaces = (graphene.relay.Node,)


class Query(graphene.ObjectType):
    books = DjangoFilterConnectionField(BookNode)


class AddBook(graphene.Mutation):
    class Arguments:
        title = graphene.String(required=True)

    book = graphene.Field(BookNode)

    def mutate(self, info, title):
        return AddBook(book=Book.objects.create(title=title))


class Mutation(graphene.ObjectType):
    add_book = AddBook.Field()


schema = graphene.Schema(query=Query, mutation=Mutation)
""",
    },
    prepare=("cd /app && SECRET_KEY=one /opt/venv/bin/python manage.py makemigrations books",),
    asks=(
        *(f"http://127.0.0.1:10503/{path}" for path in ("health", "admin/login/", "graphql", "no")),
        "http://127.0.0.1:10503/graphql?query=%7Bbooks%7Bedges%7Bnode%7Btitle%7D%7D%7D%7D",
        "http://127.0.0.1:10503/static/unfold/css/styles.css",
    ),
    sends=(
        ("http://127.0.0.1:10503/graphql", '{"query": "mutation { addBook(title: \\"one\\") { book { title } } }"}'),
    ),
    hangup=True,
    seconds=30,
)

CLUSTER = Recipe(
    name="qcluster",
    packages=(*PYTHON, *_TOOLS, "tini"),
    env=PRODUCTION_PYTHON | {"DJANGO_SETTINGS_MODULE": "jobs.settings"},
    entrypoint=("tini", "--", "/app/start.sh"),
    cmd=("python", "manage.py", "qcluster"),
    python=(
        *("django<6", "django-q2", "croniter", "django-redis", "psycopg[binary]", "boto3", "requests", "openpyxl"),
        *("jinja2", "sentry-sdk", "structlog", "python-json-logger", "paramiko", "psutil"),
    ),
    files=HOSTS
    | {
        "app/start.sh": '#!/bin/sh\nset -e\npython manage.py migrate --noinput\npython manage.py plan\nexec "$@"\n',
        "app/manage.py": "#!/usr/bin/env python\nimport sys\n\n"
        "from django.core.management import execute_from_command_line\n\n"
        "execute_from_command_line(sys.argv)\n",
        "app/jobs/__init__.py": "",
        "app/jobs/management/__init__.py": "",
        "app/jobs/management/commands/__init__.py": "",
        "app/jobs/management/commands/plan.py": """from django.core.management.base import BaseCommand
from django_q.models import Schedule
from django_q.tasks import async_task


class Command(BaseCommand):
    def handle(self, **options):
        sheet = {"func": "jobs.tasks.sheet", "schedule_type": Schedule.MINUTES, "minutes": 1}
        night = {"func": "jobs.tasks.upload", "schedule_type": Schedule.CRON, "cron": "0 3 * * *"}
        Schedule.objects.update_or_create(name="sheet", defaults=sheet)
        Schedule.objects.update_or_create(name="night", defaults=night)
        for number in range(5):
            async_task("jobs.tasks.page", number, hook="jobs.tasks.done")
""",
        "app/jobs/tasks.py": """import structlog
from jinja2 import Template

log = structlog.get_logger()


def page(number):
    return Template("<p>{{ number }}</p>").render(number=number)


def done(task):
    log.info("done", result=task.result)


def sheet():
    from openpyxl import Workbook

    book = Workbook()
    book.active.append([1, 2, 3])
    book.save("/tmp/sheet.xlsx")
    return "/tmp/sheet.xlsx"


def upload():
    import boto3

    boto3.client("s3").upload_file("/tmp/sheet.xlsx", "shop", "sheet.xlsx")
""",
        "app/jobs/settings.py": """SECRET_KEY = "one"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django_q", "jobs"]
SQLITE = "django.db.backends.sqlite3"
DATABASES = {"default": {"ENGINE": SQLITE, "NAME": "/tmp/jobs.sqlite3", "OPTIONS": {"timeout": 20}}}
Q_CLUSTER = {"name": "jobs", "workers": 2, "orm": "default", "timeout": 30, "retry": 60, "poll": 1}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "pythonjsonlogger.json.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
""",
    },
    seconds=40,
)

RESTX = Recipe(
    name="restx",
    packages=(*PYTHON, *_TOOLS, "dumb-init"),
    env=PRODUCTION_PYTHON | {"APP_SETTINGS": "stock.config.Production", "WEB_CONCURRENCY": "1"},
    entrypoint=("dumb-init", "--"),
    cmd=("gunicorn", "--config", "python:stock.gunicorn", "stock:create_app()"),
    python=(
        *("flask", "flask-restx", "flask-sqlalchemy", "flask-jwt-extended", "flask-executor", "flask-marshmallow"),
        *("marshmallow-sqlalchemy", "gunicorn[gthread]", "psycopg2-binary", "redis", "boto3", "sentry-sdk[flask]"),
        *("flask-talisman", "flask-cors", "python-dotenv", "requests", "statsd", "setuptools<81"),
    ),
    files=HOSTS
    | {
        "app/stock/gunicorn.py": 'bind = "127.0.0.1:10505"\nworker_class = "gthread"\nthreads = 4\nmax_requests = 500\n'
        "\n\ndef post_fork(server, worker):\n    import sentry_sdk\n\n    sentry_sdk.init()\n",
        "app/stock/config.py": "class Base:\n    SECRET_KEY = JWT_SECRET_KEY = "
        '"one-two-three-four-five-six-seven-eight"\n    SQLALCHEMY_DATABASE_URI = "sqlite:////tmp/stock.sqlite3"\n\n\n'
        'class Production(Base):\n    EXECUTOR_TYPE = "thread"\n    RESTX_MASK_SWAGGER = False\n',
        "app/stock/extensions.py": """from flask_cors import CORS
from flask_executor import Executor
from flask_jwt_extended import JWTManager
from flask_marshmallow import Marshmallow
from flask_restx import Api
from flask_sqlalchemy import SQLAlchemy

api = Api(title="Stock", doc="/docs")
cors = CORS()
db = SQLAlchemy()
executor = Executor()
jwt = JWTManager()
ma = Marshmallow()
""",
        "app/stock/__init__.py": """import importlib
import os
import pkgutil

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from stock.extensions import api, cors, db, executor, jwt, ma


def create_app():
    app = Flask(__name__)
    app.config.from_object(os.environ["APP_SETTINGS"])
    app.wsgi_app = ProxyFix(app.wsgi_app)
    from stock import resources

    for module in pkgutil.iter_modules(resources.__path__):
        api.add_namespace(importlib.import_module(f"stock.resources.{module.name}").api)
    for extension in (db, ma, jwt, executor, cors, api):
        extension.init_app(app)
    with app.app_context():
        db.create_all()
    return app
""",
        "app/stock/models.py": """from stock.extensions import db, ma


class Part(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(50))


class PartSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = Part
""",
        "app/stock/resources/__init__.py": "",
        "app/stock/resources/login.py": """from flask_jwt_extended import create_access_token
from flask_restx import Namespace, Resource

api = Namespace("login")


@api.route("")
class Login(Resource):
    def post(self):
        return {"token": create_access_token("a")}
""",
        "app/stock/resources/parts.py": """from flask import request
from flask_restx import Namespace, Resource, fields

from stock.extensions import db, executor
from stock.models import Part, PartSchema

api = Namespace("parts")
part = api.model("Part", {"name": fields.String(required=True)})


def notify(name):
    import os

    if os.environ.get("TOPIC"):
        import boto3

        boto3.client("sns").publish(TopicArn=os.environ["TOPIC"], Message=name)


@api.route("")
class Parts(Resource):
    def get(self):
        return PartSchema(many=True).dump(Part.query.limit(5).all())

    @api.expect(part, validate=True)
    def post(self):
        one = Part(name=request.get_json()["name"])
        db.session.add(one)
        db.session.commit()
        executor.submit(notify, one.name)
        return PartSchema().dump(one), 201
""",
    },
    asks=tuple(f"http://127.0.0.1:10505/{path}" for path in ("parts", "docs", "swagger.json", "no")),
    sends=(
        ("http://127.0.0.1:10505/parts", '{"name": "one"}'),
        ("http://127.0.0.1:10505/parts", "{}"),
        ("http://127.0.0.1:10505/login", "{}"),
    ),
    hangup=True,
    seconds=24,
)

ALCHEMY = Recipe(
    name="alchemy",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"LITESTAR_APP": "authors.app:create_app", "DATABASE_URL": "sqlite+aiosqlite:////tmp/a.db"},
    cmd=("litestar", "run", "--host", "127.0.0.1", "--port", "10506"),
    python=(
        *("litestar[standard]", "advanced-alchemy", "aiosqlite", "asyncpg", "structlog", "uvicorn", "uvloop"),
        *("litestar-granian", "litestar-saq", "litestar-vite", "redis", "httptools", "faker", "sentry-sdk"),
    ),
    files=HOSTS
    | {
        "app/authors/__init__.py": "",
        "app/authors/models.py": """from advanced_alchemy.base import UUIDAuditBase
from sqlalchemy.orm import Mapped


class Author(UUIDAuditBase):
    name: Mapped[str]
""",
        "app/authors/controllers.py": """from advanced_alchemy import repository
from advanced_alchemy.extensions.litestar import SQLAlchemyDTO, SQLAlchemyDTOConfig
from advanced_alchemy.service import SQLAlchemyAsyncRepositoryService
from litestar import Controller, get, post
from litestar.di import Provide
from sqlalchemy.ext.asyncio import AsyncSession

from authors.models import Author


class Repository(repository.SQLAlchemyAsyncRepository[Author]):
    model_type = Author


class Service(SQLAlchemyAsyncRepositoryService[Author]):
    repository_type = Repository


async def provide(db_session: AsyncSession) -> Service:
    return Service(session=db_session)


AuthorDTO = SQLAlchemyDTO[Author]


class WriteDTO(SQLAlchemyDTO[Author]):
    config = SQLAlchemyDTOConfig(exclude={"id", "created_at", "updated_at"})


class AuthorController(Controller):
    path = "/authors"
    dependencies = {"service": Provide(provide)}
    return_dto = AuthorDTO

    @get()
    async def all(self, service: Service) -> list[Author]:
        return list(await service.list())

    @post(dto=WriteDTO)
    async def add(self, service: Service, data: Author) -> Author:
        return await service.create(data, auto_commit=True)
""",
        "app/authors/app.py": """import os

from advanced_alchemy.extensions.litestar import AsyncSessionConfig, SQLAlchemyAsyncConfig, SQLAlchemyPlugin
from litestar import Litestar, get
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.openapi import OpenAPIConfig
from litestar.plugins.structlog import StructlogPlugin

from authors.controllers import AuthorController


@get("/health")
async def health() -> dict[str, str]:
    return {"status": "up"}


@get("/fail")
async def fail() -> None:
    raise ValueError("on purpose")


def create_app() -> Litestar:
    database = SQLAlchemyAsyncConfig(
        connection_string=os.environ["DATABASE_URL"],
        session_config=AsyncSessionConfig(expire_on_commit=False),
        create_all=True,
    )
    return Litestar(
        [AuthorController, health, fail],
        plugins=[SQLAlchemyPlugin(config=database), StructlogPlugin()],
        middleware=[RateLimitConfig(rate_limit=("minute", 900)).middleware],
        openapi_config=OpenAPIConfig(title="Authors", version="1"),
    )
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10506/{path}" for path in ("health", "authors", "schema", "schema/openapi.json", "fail")
    ),
    sends=(("http://127.0.0.1:10506/authors", '{"name": "one"}'), ("http://127.0.0.1:10506/authors", "{}")),
    seconds=25,
)

GATEWAY = Recipe(
    name="gateway",
    packages=(*PYTHON, *_TOOLS, "tini"),
    env=PRODUCTION_PYTHON | {"PORT": "10507"},
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("python", "-m", "gateway"),
    python=(
        *("aiohttp[speedups]", "aiohttp-session[secure]", "aiohttp-security", "aiohttp-jinja2", "aiocache[redis]"),
        *("uvloop", "pydantic", "pydantic-settings", "prometheus-client", "aio-pika", "aiobotocore", "asyncpg"),
        *("cryptography", "pyjwt", "yarl", "tenacity", "sentry-sdk", "opentelemetry-instrumentation-aiohttp-server"),
    ),
    files=HOSTS
    | {
        "app/gateway/__init__.py": "",
        "app/gateway/__main__.py": """import asyncio

import uvloop
from aiohttp import web

from gateway.app import create_app
from gateway.settings import Settings

settings = Settings()
asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
web.run_app(create_app(settings), host="127.0.0.1", port=settings.port)
""",
        "app/gateway/settings.py": """from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env")
    port: int = 8080
    amqp: str | None = None
    key: bytes = b"0123456789abcdef0123456789abcdef"
""",
        "app/gateway/app.py": """import aiohttp_jinja2
import jinja2
import jwt
from aiocache import Cache, cached
from aiohttp import ClientSession, web
from aiohttp_session import get_session, setup
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from pydantic import BaseModel, ValidationError

ASKED = Counter("asked", "Requests", ["path"])
routes = web.RouteTableDef()
client = web.AppKey("client", ClientSession)


class Order(BaseModel):
    name: str


@web.middleware
async def counted(request, handler):
    ASKED.labels(request.path).inc()
    try:
        return await handler(request)
    except ValidationError as error:
        return web.json_response(error.errors(include_url=False), status=422)


@cached(ttl=1, cache=Cache.MEMORY)
async def price(name):
    return len(name)


@routes.get("/")
@aiohttp_jinja2.template("index.html")
async def index(request):
    session = await get_session(request)
    session["seen"] = session.get("seen", 0) + 1
    return {"seen": session["seen"], "price": await price("one")}


@routes.post("/orders")
async def order(request):
    one = Order.model_validate_json(await request.read())
    if request.config_dict["settings"].amqp:
        import aio_pika

        connection = await aio_pika.connect_robust(request.config_dict["settings"].amqp)
        await connection.close()
    return web.json_response({"token": jwt.encode({"name": one.name}, "k" * 32, "HS256")}, status=201)


@routes.get("/metrics")
async def metrics(request):
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


@routes.get("/behind")
async def behind(request):
    async with request.app[client].get(f"http://127.0.0.1:{request.config_dict['settings'].port}/metrics") as answer:
        return web.Response(text=await answer.text())


async def with_client(app):
    async with ClientSession() as session:
        app[client] = session
        yield


def create_app(settings):
    app = web.Application(middlewares=[counted])
    app["settings"] = settings
    setup(app, EncryptedCookieStorage(settings.key))
    aiohttp_jinja2.setup(app, loader=jinja2.PackageLoader("gateway"))
    app.add_routes(routes)
    app.cleanup_ctx.append(with_client)
    return app
""",
        "app/gateway/templates/index.html": "<h1>{{ seen }} {{ price }}</h1>\n",
    },
    asks=tuple(f"http://127.0.0.1:10507/{path}" for path in ("", "metrics", "behind", "no")),
    sends=(("http://127.0.0.1:10507/orders", '{"name": "one"}'), ("http://127.0.0.1:10507/orders", "{}")),
    seconds=20,
)

RECEIPTS = Recipe(
    name="receipts",
    packages=(*PYTHON, *_TOOLS, "fonts-dejavu-core"),
    env=PRODUCTION_PYTHON | {"BROKER": "sqla+sqlite:////tmp/broker.db", "AWS_DEFAULT_REGION": "eu-west-1"},
    cmd=("celery", "--app", "receipts.worker", "worker", "--beat", "--loglevel", "INFO", "--schedule", "/tmp/beat"),
    python=(
        *("celery[sqlalchemy]", "sqlalchemy", "redis", "boto3", "fpdf2", "qrcode[pil]", "pydantic", "num2words"),
        *("sentry-sdk[celery]", "opentelemetry-sdk", "opentelemetry-instrumentation-celery", "flower", "babel"),
        *("requests", "psycopg2-binary", "tenacity"),
    ),
    files=HOSTS
    | {
        "app/receipts/__init__.py": "",
        "app/receipts/settings.py": """import os

broker_url = os.environ["BROKER"]
result_backend = "db+sqlite:////tmp/results.db"
imports = ("receipts.tasks.pdf", "receipts.tasks.upload")
worker_concurrency = 2
broker_connection_retry_on_startup = True
task_routes = {"receipts.tasks.*": {"queue": "celery"}}
beat_schedule = {
    "every-three": {"task": "receipts.tasks.pdf.receipt", "schedule": 3.0, "args": ({"number": 1, "total": "3.20"},)},
    "wrong": {"task": "receipts.tasks.pdf.receipt", "schedule": 7.0, "args": ({"number": "x"},)},
    "upload": {"task": "receipts.tasks.upload.upload", "schedule": 5.0},
}
""",
        "app/receipts/worker.py": """import sentry_sdk
from celery import Celery
from celery.signals import worker_process_init

app = Celery("receipts")
app.config_from_object("receipts.settings")
sentry_sdk.init(dsn=None)


@worker_process_init.connect(weak=False)
def telemetry(*args, **more):
    from opentelemetry.instrumentation.celery import CeleryInstrumentor

    CeleryInstrumentor().instrument()
""",
        "app/receipts/tasks/__init__.py": "",
        "app/receipts/tasks/pdf.py": """from decimal import Decimal

import qrcode
from babel.numbers import format_currency
from fpdf import FPDF
from num2words import num2words
from pydantic import BaseModel

from receipts.worker import app


class Receipt(BaseModel):
    number: int
    total: Decimal = Decimal(1)


@app.task(bind=True, max_retries=1)
def receipt(self, content):
    one = Receipt.model_validate(content)
    pdf = FPDF()
    pdf.add_page()
    pdf.add_font("dejavu", fname="/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
    pdf.set_font("dejavu", size=12)
    pdf.cell(text=f"{format_currency(one.total, 'EUR', locale='de')} {num2words(int(one.total), lang='de')}")
    pdf.image(qrcode.make(str(one.number)).get_image(), w=20)
    pdf.output(f"/tmp/{one.number}.pdf")
    return one.number
""",
        "app/receipts/tasks/upload.py": """import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from receipts.worker import app


@app.task
def upload():
    client = boto3.client(
        "s3",
        endpoint_url="http://127.0.0.1:9",
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=Config(retries={"max_attempts": 1}),
    )
    try:
        client.list_buckets()
    except BotoCoreError as error:
        return str(error)
""",
    },
    seconds=35,
)

ACTORS = Recipe(
    name="actors",
    packages=(*PYTHON, *_TOOLS, "redis-server", "tini", "gosu"),
    env=PRODUCTION_PYTHON | {"REDIS_URL": "redis://127.0.0.1:6379/0"},
    entrypoint=("tini", "-g", "--", "/usr/local/bin/entrypoint"),
    cmd=("worker",),
    python=(
        *("dramatiq[redis,watch]", "periodiq", "dramatiq-abort", "apscheduler", "sqlalchemy", "pymysql", "httpx"),
        *("beautifulsoup4", "lxml", "pydantic", "prometheus-client", "minio", "sentry-sdk", "humanize"),
    ),
    files=HOSTS
    | {
        "usr/local/bin/entrypoint": """#!/bin/sh
set -e
case "$1" in
  worker)
    gosu redis redis-server --port 6379 --daemonize yes --dir /tmp
    python -m crawl.send &
    exec dramatiq crawl.actors --processes 1 --threads 2
    ;;
  scheduler) exec periodiq -v crawl.actors ;;
esac
exec "$@"
""",
        "app/crawl/__init__.py": "",
        "app/crawl/broker.py": """import os

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import CurrentMessage
from periodiq import PeriodiqMiddleware

broker = RedisBroker(url=os.environ["REDIS_URL"])
broker.add_middleware(CurrentMessage())
broker.add_middleware(PeriodiqMiddleware())
dramatiq.set_broker(broker)
""",
        "app/crawl/actors.py": """import dramatiq
import humanize
from bs4 import BeautifulSoup
from periodiq import cron

import crawl.broker  # noqa: F401
from crawl.store import save


@dramatiq.actor(max_retries=1)
def parse(text):
    title = BeautifulSoup(text, "lxml").h1.text
    save(title)
    report.send(len(text))


@dramatiq.actor
def report(size):
    print(humanize.naturalsize(size), flush=True)


@dramatiq.actor(max_retries=0)
def fetch(address):
    import httpx

    parse.send(httpx.get(address).text)


@dramatiq.actor(periodic=cron("0 3 * * *"))
def clean():
    from minio import Minio

    Minio("files.shop.example").list_buckets()
""",
        "app/crawl/store.py": """from sqlalchemy import create_engine, text

engine = create_engine("sqlite:////tmp/crawl.sqlite3")


def save(title):
    with engine.begin() as connection:
        connection.execute(text("create table if not exists pages (title text)"))
        connection.execute(text("insert into pages values (:title)"), {"title": title})
""",
        "app/crawl/send.py": """import time

from crawl.actors import fetch, parse

for number in range(8):
    parse.send(f"<h1>page {number}</h1>")
    time.sleep(1)
fetch.send("http://127.0.0.1:9/")
""",
    },
    seconds=25,
)

MAILS = Recipe(
    name="mails",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"TZ": "Europe/Berlin", "SMTP_PORT": "10510"},
    cmd=("python", "-m", "mails.run"),
    python=(
        *("schedule", "jinja2", "premailer", "markdown", "email-validator", "aiosmtplib", "aiosmtpd", "boto3", "click"),
        *("pydantic", "tomlkit", "psycopg[binary,pool]", "icalendar", "phonenumbers", "sendgrid", "sentry-sdk"),
    ),
    files=HOSTS
    | {
        "app/config.toml": 'sender = "a@shop.example.com"\nto = ["b@shop.example.com", "wrong"]\n',
        "app/mails/__init__.py": "",
        "app/mails/run.py": """import logging
import os
import signal
import sys
import time

import schedule
from aiosmtpd.controller import Controller

from mails.inbox import Inbox
from mails.send import send_all

logging.basicConfig(level=logging.INFO)
inbox = Controller(Inbox(), hostname="127.0.0.1", port=int(os.environ["SMTP_PORT"]))
inbox.start()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
schedule.every(3).seconds.do(send_all, template="welcome")
schedule.every().day.at("03:00").do(send_all, template="night")
while True:
    schedule.run_pending()
    time.sleep(0.5)
""",
        "app/mails/inbox.py": """import logging


class Inbox:
    async def handle_DATA(self, server, session, envelope):
        logging.info("got %s bytes", len(envelope.content))
        return "250 OK"
""",
        "app/mails/send.py": """import asyncio
import logging
import os
from email.message import EmailMessage

import aiosmtplib
import jinja2
import markdown
import tomlkit
from email_validator import EmailNotValidError, validate_email
from premailer import transform

templates = jinja2.Environment(loader=jinja2.FileSystemLoader("/app/templates"), autoescape=True)


def send_all(template):
    with open("/app/config.toml") as file:
        config = tomlkit.load(file)
    for to in config["to"]:
        try:
            address = validate_email(to, check_deliverability=False).normalized
        except EmailNotValidError as error:
            logging.warning("%s", error)
            continue
        deliver(config["sender"], address, template)


def deliver(sender, to, template):
    text = templates.get_template(f"{template}.md").render(to=to)
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, template
    message.set_content(text)
    page = templates.get_template("page.html").render(content=markdown.markdown(text, extensions=["tables"]))
    message.add_alternative(transform(page), subtype="html")
    if os.environ.get("SES"):
        import boto3

        boto3.client("ses").send_raw_email(RawMessage={"Data": message.as_bytes()})
        return
    asyncio.run(aiosmtplib.send(message, hostname="127.0.0.1", port=int(os.environ["SMTP_PORT"])))
""",
        "app/templates/page.html": "<html><head><style>h1 { color: red }</style></head>"
        "<body>{{ content|safe }}</body></html>\n",
        "app/templates/welcome.md": "# Hello {{ to }}\n\n| a | b |\n| - | - |\n| 1 | 2 |\n",
        "app/templates/night.md": "# Night\n",
    },
    seconds=18,
)

PYTHON_SERVICES = (MEMBERS, VECTORS, GRAPHENE, CLUSTER, RESTX, ALCHEMY, GATEWAY, RECEIPTS, ACTORS, MAILS)
