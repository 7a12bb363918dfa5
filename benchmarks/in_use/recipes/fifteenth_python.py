"""The fifteenth set's applications of Python."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_SHOP = "http://127.0.0.1:9801"
_BOOKS = "http://127.0.0.1:9802"
_GRAPH = "http://127.0.0.1:9804"

DJANGO_CELERY = Recipe(
    name="django-celery",
    packages=(*PYTHON, "libpq5", "curl", "valkey-server", "gettext-base"),
    python=(
        *("django~=5.2", "django-allauth", "django-crispy-forms", "crispy-bootstrap5", "django-htmx", "django-redis"),
        *("django-celery-beat", "django-celery-results", "celery[redis]", "gunicorn", "whitenoise", "psycopg[binary]"),
        *("django-environ", "django-import-export", "django-simple-history", "django-axes", "markdown", "bleach"),
        *("pillow", "structlog", "django-structlog", "flower", "werkzeug", "pytest", "pytest-django", "djlint", "mypy"),
    ),
    env=VENV
    | {
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "DATABASE_URL": "sqlite:////tmp/data/shop.sqlite3",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "SECRET_KEY": "not-a-secret-but-long-enough-for-the-job",
        "WEB_CONCURRENCY": "2",
    },
    entrypoint=("/app/docker/entrypoint.sh",),
    cmd=("web",),
    files=HOSTS
    | {
        "app/docker/entrypoint.sh": """#!/usr/bin/env bash
set -euo pipefail

run() {
  exec setpriv --reuid=www-data --regid=www-data --clear-groups "$@"
}

mkdir -p /tmp/data && chown -R www-data:www-data /tmp/data
export HOME=/tmp/data

case "${1:-web}" in
  web)
    valkey-server --save "" --port 6379 --bind 127.0.0.1 --daemonize yes
    (run python manage.py migrate --noinput)
    (run python manage.py collectstatic --noinput --clear >/dev/null)
    (run celery -A shop worker --beat -l info --scheduler django -s /tmp/data/beat) &
    run gunicorn -c docker/gunicorn.conf.py shop.wsgi:application
    ;;
  worker) run celery -A shop worker -l info ;;
  flower) run celery -A shop flower ;;
  manage) shift; run python manage.py "$@" ;;
  *) exec "$@" ;;
esac
""",
        "app/docker/gunicorn.conf.py": """import os

bind = "127.0.0.1:9801"
workers = int(os.environ.get("WEB_CONCURRENCY", 2))
worker_class = "gthread"
threads = 4
accesslog = "-"
preload_app = True
""",
        "app/manage.py": """#!/usr/bin/env python
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError as error:
        raise ImportError("Couldn't import Django.") from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
""",
        "app/shop/__init__.py": 'from .celery import app as celery_app\n\n__all__ = ("celery_app",)\n',
        "app/shop/celery.py": """import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
""",
        "app/shop/wsgi.py": """import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_wsgi_application()
""",
        "app/shop/settings.py": """from pathlib import Path

import environ
import structlog

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env(DEBUG=(bool, False))
environ.Env.read_env(BASE_DIR / ".env")
SECRET_KEY = env("SECRET_KEY")
DEBUG = env("DEBUG")
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": env.db()}
CACHES = {"default": env.cache_url("REDIS_URL", backend="django_redis.cache.RedisCache")}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "whitenoise.runserver_nostatic", "django.contrib.staticfiles",
    "allauth", "allauth.account", "crispy_forms", "crispy_bootstrap5", "django_htmx", "django_celery_beat",
    "django_celery_results", "import_export", "simple_history", "axes", "catalog.apps.CatalogConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
if DEBUG:
    INSTALLED_APPS += ["debug_toolbar"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [BASE_DIR / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
    ]},
}]
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
STATIC_URL = "static/"
STATIC_ROOT = "/tmp/data/static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
CELERY_BROKER_URL = env("REDIS_URL")
CELERY_RESULT_BACKEND = "django-db"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = {"count": {"task": "catalog.tasks.count", "schedule": 5.0}}
CELERY_TASK_SERIALIZER = "json"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": structlog.stdlib.ProcessorFormatter,
                            "processor": structlog.processors.JSONRenderer()}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
""",
        "app/shop/urls.py": """from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("", include("catalog.urls")),
]
""",
        "app/catalog/__init__.py": "",
        "app/catalog/migrations/__init__.py": "",
        "app/catalog/apps.py": """from django.apps import AppConfig


class CatalogConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "catalog"

    def ready(self):
        from catalog import signals  # noqa: F401
""",
        "app/catalog/signals.py": """from django.db.models.signals import post_save
from django.dispatch import receiver

from catalog.models import Product


@receiver(post_save, sender=Product)
def saved(sender, instance, created, **kwargs):
    from catalog.tasks import describe

    if created:
        describe.delay(instance.pk)
""",
        "app/catalog/models.py": """from django.db import models
from simple_history.models import HistoricalRecords


class Product(models.Model):
    name = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    history = HistoricalRecords()

    def __str__(self):
        return self.name
""",
        "app/catalog/admin.py": """from django.contrib import admin
from import_export.admin import ImportExportModelAdmin

from catalog.models import Product


@admin.register(Product)
class ProductAdmin(ImportExportModelAdmin):
    list_display = ["name"]
""",
        "app/catalog/tasks.py": """import structlog
from celery import shared_task

log = structlog.get_logger(__name__)


@shared_task
def count():
    from catalog.models import Product

    log.info("count", products=Product.objects.count())
    return Product.objects.count()


@shared_task(bind=True, max_retries=2)
def describe(self, number):
    import bleach
    from markdown import markdown

    from catalog.models import Product

    product = Product.objects.get(pk=number)
    Product.objects.filter(pk=number).update(html=bleach.clean(markdown(product.text), tags={"p", "em"}))
""",
        "app/catalog/forms.py": """from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from catalog.models import Product


class ProductForm(forms.ModelForm):
    class Meta:
        model = Product
        fields = ["name", "text"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("submit", "Save"))
""",
        "app/catalog/views.py": """from io import BytesIO

from django.core.cache import cache
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from catalog.forms import ProductForm
from catalog.models import Product


@csrf_exempt
def index(request):
    form = ProductForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("index")
    return render(request, "catalog/index.html", {"form": form, "products": Product.objects.all()[:5]})


def picture(request):
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    return HttpResponse(out.getvalue(), content_type="image/png")


def health(request):
    cache.set("seen", 1)
    return JsonResponse({"seen": cache.get("seen")})
""",
        "app/catalog/urls.py": """from django.urls import path

from catalog import views

urlpatterns = [
    path("", views.index, name="index"),
    path("picture", views.picture),
    path("health", views.health),
]
""",
        "app/templates/catalog/index.html": "{% load crispy_forms_tags static %}<h1>shop</h1>{% crispy form %}"
        "{% for one in products %}<p>{{ one.html|safe }}</p>{% endfor %}\n",
        "app/tests/test_catalog.py": "import pytest\n",
    },
    prepare=(
        "cd /app && SECRET_KEY=x DATABASE_URL=sqlite:////tmp/x REDIS_URL=redis://127.0.0.1 "
        "/opt/venv/bin/python manage.py makemigrations catalog",
    ),
    asks=tuple(
        f"{_SHOP}/{path}"
        for path in ("", "picture", "health", "admin/login/", "accounts/login/", "static/no.css", "no")
    ),
    sends=(
        (f"{_SHOP}/", "name=one&text=*two*"),
        (f"{_SHOP}/", "text=three"),
        (f"{_SHOP}/admin/login/", "username=one&password=two"),
    ),
    seconds=75,
)

FASTAPI_ALEMBIC = Recipe(
    name="fastapi-alembic",
    packages=FULL_PYTHON,
    python=(
        *("fastapi[standard]", "sqlalchemy[asyncio]", "alembic", "aiosqlite", "asyncpg", "pydantic-settings"),
        *("python-jose[cryptography]", "pwdlib[argon2]", "httpx", "tenacity", "fastapi-pagination", "slowapi"),
        *("opentelemetry-instrumentation-fastapi", "opentelemetry-sdk", "sentry-sdk", "emails", "jinja2", "arq"),
        *("pytest", "pytest-asyncio", "ruff", "mypy", "coverage", "hatchling"),
    ),
    env=VENV | {"PYTHONUNBUFFERED": "1", "ENVIRONMENT": "production", "SQLALCHEMY_WARN_20": "1"},
    cmd=(
        "bash",
        "-c",
        "alembic upgrade head && python -m books.seed && exec fastapi run --port 9802 src/books/main.py",
    ),
    files=HOSTS
    | {
        "app/pyproject.toml": """[project]
name = "books"
version = "1.0.0"
dependencies = ["fastapi[standard]", "sqlalchemy[asyncio]", "alembic", "aiosqlite", "pydantic-settings"]

[project.scripts]
books = "books.seed:main"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
packages = ["src/books"]
""",
        "app/.env": "SECRET_KEY=one\nDATABASE_URL=sqlite+aiosqlite:////tmp/books.sqlite3\n",
        "app/alembic.ini": """[alembic]
script_location = %(here)s/alembic
file_template = %%(rev)s_%%(slug)s
prepend_sys_path = .

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = INFO
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic

[formatter_generic]
format = %(levelname)s %(message)s
""",
        "app/alembic/env.py": """import asyncio
from logging.config import fileConfig

from alembic import context
from sqlalchemy.ext.asyncio import async_engine_from_config
from sqlalchemy.pool import NullPool

from books.config import settings
from books.models import Base

config = context.config
config.set_main_option("sqlalchemy.url", settings.database_url)
if config.config_file_name is not None:
    fileConfig(config.config_file_name)


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def online():
    engine = async_engine_from_config(config.get_section("alembic"), prefix="sqlalchemy.", poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(online())
""",
        "app/alembic/script.py.mako": "revision = ${repr(up_revision)}\n",
        "app/alembic/versions/0001_books.py": """import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(80)),
                    sa.Column("word", sa.String(200)))
    op.create_table("books", sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.String(80)))


def downgrade():
    op.drop_table("books")
    op.drop_table("users")
""",
        "app/src/books/__init__.py": "",
        "app/src/books/config.py": """from pydantic import computed_field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore")
    environment: str = "local"
    secret_key: str
    database_url: str
    sentry_dsn: str | None = None

    @computed_field
    @property
    def is_local(self) -> bool:
        return self.environment == "local"


settings = Settings()
""",
        "app/src/books/db.py": """from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from books.config import settings

engine = create_async_engine(settings.database_url)
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def session() -> AsyncIterator[AsyncSession]:
    async with sessions() as one:
        yield one


Session = Annotated[AsyncSession, Depends(session)]
""",
        "app/src/books/models.py": """from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    word: Mapped[str] = mapped_column(String(200))


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
""",
        "app/src/books/security.py": """from datetime import UTC, datetime, timedelta

from jose import jwt
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from books.config import settings

hasher = PasswordHash((Argon2Hasher(),))


def token(subject: str) -> str:
    return jwt.encode({"sub": subject, "exp": datetime.now(UTC) + timedelta(minutes=5)}, settings.secret_key, "HS256")
""",
        "app/src/books/seed.py": """import asyncio
import logging

from sqlalchemy import select
from tenacity import after_log, retry, stop_after_attempt, wait_fixed

from books.db import sessions
from books.models import User
from books.security import hasher

logging.basicConfig(level=logging.INFO)
logger = logging.getLogger(__name__)


@retry(stop=stop_after_attempt(3), wait=wait_fixed(1), after=after_log(logger, logging.WARN))
async def seed():
    async with sessions() as session:
        if not (await session.execute(select(User))).first():
            session.add(User(name="one", word=hasher.hash("two")))
            await session.commit()


def main():
    asyncio.run(seed())


if __name__ == "__main__":
    main()
""",
        "app/src/books/main.py": """import sentry_sdk
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi_pagination import add_pagination
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from slowapi import Limiter, _rate_limit_exceeded_handler
from slowapi.errors import RateLimitExceeded
from slowapi.util import get_remote_address
from starlette.middleware.cors import CORSMiddleware

from books.api import router
from books.config import settings


def name(route: APIRoute) -> str:
    return f"{route.tags[0]}-{route.name}"


if settings.sentry_dsn and not settings.is_local:
    sentry_sdk.init(dsn=settings.sentry_dsn, enable_tracing=True)
app = FastAPI(title="books", generate_unique_id_function=name)
app.state.limiter = Limiter(key_func=get_remote_address)
app.add_exception_handler(RateLimitExceeded, _rate_limit_exceeded_handler)
app.add_middleware(CORSMiddleware, allow_origins=["*"])
app.include_router(router, prefix="/v1")
add_pagination(app)
FastAPIInstrumentor.instrument_app(app)
""",
        "app/src/books/api/__init__.py": """from fastapi import APIRouter

from books.api.routes import books, login, pages

router = APIRouter()
router.include_router(books.router)
router.include_router(login.router)
router.include_router(pages.router)
""",
        "app/src/books/api/routes/__init__.py": "",
        "app/src/books/api/routes/books.py": """from fastapi import APIRouter
from fastapi_pagination import Page
from fastapi_pagination.ext.sqlalchemy import apaginate
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from books.db import Session
from books.models import Book

router = APIRouter(prefix="/books", tags=["books"])


class BookIn(BaseModel):
    title: str


class BookOut(BookIn):
    model_config = ConfigDict(from_attributes=True)
    id: int


@router.get("/")
async def every(session: Session) -> Page[BookOut]:
    return await apaginate(session, select(Book).order_by(Book.id))


@router.post("/", status_code=201)
async def add(session: Session, book: BookIn) -> BookOut:
    one = Book(title=book.title)
    session.add(one)
    await session.commit()
    return one


@router.get("/broken")
async def broken():
    raise RuntimeError("broken")
""",
        "app/src/books/api/routes/login.py": """from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel, EmailStr
from sqlalchemy import select

from books.db import Session
from books.models import User
from books.security import hasher, token

router = APIRouter(tags=["login"])


class Recovery(BaseModel):
    mail: EmailStr


@router.post("/login")
async def login(session: Session, form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    user = (await session.execute(select(User).where(User.name == form.username))).scalar_one_or_none()
    if user is None or not hasher.verify(form.password, user.word):
        raise HTTPException(400, "Incorrect name or word")
    return {"access_token": token(user.name)}


@router.post("/recover")
async def recover(recovery: Recovery):
    from books.mail import message

    return {"subject": message(recovery.mail)}
""",
        "app/src/books/api/routes/pages.py": """from fastapi import APIRouter, Request
from fastapi.templating import Jinja2Templates

router = APIRouter(tags=["pages"])
templates = Jinja2Templates("templates")


@router.get("/")
async def index(request: Request):
    return templates.TemplateResponse(request, "index.html", {"name": "books"})
""",
        "app/src/books/mail.py": """import emails


def message(to):
    return emails.Message(subject="Recover", html="<p>one</p>", mail_from=("books", "books@shop.example")).subject
""",
        "app/templates/index.html": "<h1>{{ name }}</h1>\n",
        "app/tests/test_books.py": "import pytest\n",
    },
    prepare=("cd /app && /opt/venv/bin/pip install -q --no-deps --no-build-isolation .",),
    asks=tuple(f"{_BOOKS}/{path}" for path in ("v1/", "v1/books/", "v1/books/broken", "docs", "openapi.json", "no")),
    sends=(
        (f"{_BOOKS}/v1/books/", '{"title": "one"}'),
        (f"{_BOOKS}/v1/books/", '{"name": "one"}'),
        (f"{_BOOKS}/v1/login", "username=one&password=two"),
        (f"{_BOOKS}/v1/login", "username=one&password=three"),
        (f"{_BOOKS}/v1/recover", '{"mail": "one@shop.example"}'),
    ),
    seconds=45,
)

TYPER_JOB = Recipe(
    name="typer-job",
    packages=("python3", "python3-pip", "tini", "tzdata", "libgomp1"),
    env=SYSTEM | {"PYTHONPATH": "/app", "REPORT_OUT": "/tmp/report", "TZ": "Europe/Berlin", "MPLBACKEND": "Agg"},
    entrypoint=("/usr/bin/tini", "--", "python3", "-m", "report"),
    cmd=("build", "--format", "xlsx", "--format", "html", "/app/data/sales.csv"),
    files=HOSTS
    | {
        "app/data/sales.csv": "day,shop,amount\n2026-01-01,one,3\n2026-01-02,two,4\n2026-01-03,one,5\n",
        "app/report/__init__.py": "",
        "app/report/__main__.py": 'from report.cli import app\n\napp(prog_name="report")\n',
        "app/report/cli.py": """from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from report import log
from report.settings import Settings

app = typer.Typer(no_args_is_help=True)
console = Console()


class Format(str, Enum):
    xlsx = "xlsx"
    html = "html"
    parquet = "parquet"


@app.callback()
def configure(ctx: typer.Context, verbose: bool = False):
    log.configure(verbose)
    ctx.obj = Settings()


@app.command()
def build(ctx: typer.Context, source: Path, format: Annotated[list[Format], typer.Option()] = [Format.html]):
    from report import writers
    from report.read import read

    frame = read(source)
    for one in track(format, console=console):
        path = writers.WRITERS[one.value](frame, ctx.obj.out)
        console.print(f"[green]{path}[/green]")
    if ctx.obj.upload_url:
        from report.upload import upload

        upload(ctx.obj.upload_url, ctx.obj.out)


@app.command()
def watch(ctx: typer.Context):
    from watchfiles import watch

    for changes in watch("/app/data"):
        console.print(changes)


@app.command()
def query(statement: str):
    import duckdb

    console.print(duckdb.sql(statement))
""",
        "app/report/log.py": """from loguru import logger


def configure(verbose):
    logger.enable("report")
    if not verbose:
        logger.remove()
        logger.add("/tmp/report.log", serialize=True)
    logger.info("started")
""",
        "app/report/settings.py": """from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="REPORT_")
    out: Path = Path("/tmp")
    upload_url: str | None = "http://127.0.0.1:1/report"
    tags: list[str] = Field(default_factory=list)
""",
        "app/report/read.py": """import pandas as pd
import pandera.pandas as pa

SCHEMA = pa.DataFrameSchema({"day": pa.Column("datetime64[ns]", coerce=True), "shop": pa.Column(str),
                             "amount": pa.Column(int, pa.Check.ge(0))})


def read(path):
    frame = SCHEMA.validate(pd.read_csv(path, parse_dates=["day"]))
    frame["day"] = frame["day"].dt.tz_localize("Europe/Berlin")
    return frame
""",
        "app/report/writers.py": """from jinja2 import Environment, PackageLoader

pages = Environment(loader=PackageLoader("report"), autoescape=True)


def html(frame, out):
    import matplotlib.pyplot as plt

    out.mkdir(exist_ok=True)
    figure, axes = plt.subplots()
    axes.plot(frame["day"], frame["amount"])
    figure.savefig(out / "chart.png")
    (out / "index.html").write_text(pages.get_template("index.html").render(rows=frame.to_dict("records")))
    return out / "index.html"


def xlsx(frame, out):
    out.mkdir(exist_ok=True)
    frame.assign(day=frame["day"].dt.date).to_excel(out / "report.xlsx", index=False)
    return out / "report.xlsx"


def parquet(frame, out):
    frame.to_parquet(out / "report.parquet")
    return out / "report.parquet"


WRITERS = {"html": html, "xlsx": xlsx, "parquet": parquet}
""",
        "app/report/upload.py": """import httpx
from loguru import logger
from tenacity import RetryError, retry, stop_after_attempt


@retry(stop=stop_after_attempt(2))
def send(url, path):
    httpx.post(url, content=path.read_bytes(), timeout=1).raise_for_status()


def upload(url, out):
    try:
        for path in out.iterdir():
            send(url, path)
    except RetryError:
        logger.exception("not uploaded")
""",
        "app/report/templates/index.html": "<table>{% for row in rows %}<tr><td>{{ row.shop }}{% endfor %}</table>\n",
    },
    prepare=(
        "pip install -q --break-system-packages typer rich loguru pydantic-settings pandas pandera openpyxl jinja2 "
        "matplotlib httpx tenacity watchfiles duckdb sqlalchemy psycopg2-binary boto3 xlsxwriter tabulate pyyaml",
    ),
    seconds=60,
)

GRAPHQL = Recipe(
    name="strawberry",
    packages=(*FULL_PYTHON, "s6"),
    python=(
        *("strawberry-graphql", "starlette", "uvicorn", "uvloop", "httptools", "dependency-injector", "peewee"),
        *("apscheduler", "python-json-logger", "pyyaml", "websockets", "cachetools", "orjson", "prometheus-client"),
        *("marshmallow", "requests", "click", "tox", "pylint", "hypothesis", "pre-commit"),
    ),
    env=VENV | {"SERVICE_CONFIG": "/etc/service/config.yml"},
    entrypoint=("s6-svscan", "/etc/services.d"),
    files=HOSTS
    | {
        "etc/services.d/api/run": "#!/bin/sh\nexec 2>&1\ncd /app || exit 1\nexec /opt/venv/bin/python run.py\n",
        "etc/services.d/api/finish": "#!/bin/sh\nexec s6-svscanctl -t /etc/services.d\n",
        "etc/services.d/timer/run": "#!/bin/sh\ncd /app\nexec /opt/venv/bin/python -m service.timer\n",
        "etc/service/config.yml": """database: /tmp/service.sqlite3
server: {host: 127.0.0.1, port: 9804, loop: uvloop, http: httptools}
logging:
  version: 1
  formatters:
    json: {class: pythonjsonlogger.json.JsonFormatter, format: "%(levelname)s %(message)s"}
  handlers:
    console: {class: logging.StreamHandler, formatter: json}
  root: {level: INFO, handlers: [console]}
""",
        "app/run.py": """import logging.config

import uvicorn

from service.container import Container

if __name__ == "__main__":
    container = Container()
    logging.config.dictConfig(container.config.logging())
    container.wire(packages=["service.web"])
    uvicorn.run("service.web.app:create", factory=True, log_config=None, **container.config.server())
""",
        "app/service/__init__.py": "",
        "app/service/container.py": """import os

from dependency_injector import containers, providers
from peewee import SqliteDatabase

from service.store import Store


class Container(containers.DeclarativeContainer):
    config = providers.Configuration(yaml_files=[os.environ["SERVICE_CONFIG"]])
    database = providers.Singleton(SqliteDatabase, config.database)
    store = providers.Singleton(Store, database=database)
""",
        "app/service/store.py": """import peewee
from cachetools import TTLCache, cachedmethod

proxy = peewee.DatabaseProxy()


class Note(peewee.Model):
    text = peewee.TextField()

    class Meta:
        database = proxy


class Store:
    def __init__(self, database):
        proxy.initialize(database)
        database.create_tables([Note])
        self._cache = TTLCache(maxsize=8, ttl=1)

    @cachedmethod(lambda self: self._cache)
    def count(self):
        return Note.select().count()

    def add(self, text):
        return Note.create(text=text).id
""",
        "app/service/timer.py": """import logging

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger

from service.container import Container


def clean():
    logging.info("notes: %s", Container().store().count())


scheduler = BlockingScheduler()
scheduler.add_job(clean, CronTrigger.from_crontab("* * * * *"))
scheduler.add_job("service.timer:clean", "interval", seconds=5)
scheduler.start()
""",
        "app/service/web/__init__.py": "",
        "app/service/web/schema.py": """import strawberry
from dependency_injector.wiring import Provide, inject

from service.container import Container
from service.store import Store


@inject
def store(one: Store = Provide[Container.store]) -> Store:
    return one


@strawberry.type
class Query:
    @strawberry.field
    def count(self) -> int:
        return store().count()


@strawberry.type
class Mutation:
    @strawberry.mutation
    def add(self, text: str) -> int:
        return store().add(text)


schema = strawberry.Schema(Query, Mutation)
""",
        "app/service/web/app.py": """from prometheus_client import make_asgi_app
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Mount, Route
from strawberry.asgi import GraphQL

from service.web.schema import schema


async def health(request):
    import orjson

    return Response(orjson.dumps({"up": True}), media_type="application/json")


def create():
    routes = [Route("/health", health), Mount("/metrics", make_asgi_app()), Mount("/graphql", GraphQL(schema))]
    return Starlette(routes=routes, middleware=[Middleware(GZipMiddleware)])
""",
    },
    asks=tuple(f"{_GRAPH}/{path}" for path in ("health", "metrics/", "graphql/", "graphql/?query=%7Bcount%7D", "no")),
    sends=(
        (f"{_GRAPH}/graphql/", '{"query": "{ count }"}'),
        (f"{_GRAPH}/graphql/", '{"query": "mutation { add(text: \\"one\\") }"}'),
        (f"{_GRAPH}/graphql/", '{"query": "{ no }"}'),
    ),
    seconds=30,
)

PYTHON_APPLICATIONS = (DJANGO_CELERY, FASTAPI_ALEMBIC, TYPER_JOB, GRAPHQL)
