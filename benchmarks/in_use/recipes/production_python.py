"""The production images' services of Python: what a requirements file of production installs, and no more."""

from benchmarks.in_use.recipe import VENV, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_BASE = (*PYTHON, "ca-certificates")
_PRODUCTION = VENV | {"PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}

SQLMODEL = Recipe(
    name="sqlmodel",
    packages=_BASE,
    env=_PRODUCTION | {"DATABASE_URL": "sqlite:////tmp/heroes.db", "REDIS_URL": "redis://127.0.0.1:1/0"},
    cmd=("uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", "9955", "--proxy-headers"),
    python=(
        *("fastapi", "uvicorn[standard]", "sqlmodel", "httpx", "alembic", "psycopg[binary]", "redis", "boto3"),
        *("sentry-sdk[fastapi]", "pydantic-settings", "python-multipart", "pyjwt", "pwdlib[argon2]", "jinja2"),
        *("email-validator", "emails", "tenacity", "structlog", "prometheus-fastapi-instrumentator", "orjson"),
        *("openai", "google-cloud-storage", "arq", "fastapi-mail"),
    ),
    files=HOSTS
    | {
        "app/app/__init__.py": "",
        "app/app/config.py": """from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore")
    database_url: str
    redis_url: str = "redis://localhost:6379/0"
    secret: str = "k" * 32
    sentry_dsn: str | None = None


@lru_cache
def settings() -> Settings:
    return Settings()
""",
        "app/app/logs.py": """import logging

import structlog

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.JSONRenderer(),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
)
log = structlog.get_logger()
""",
        "app/app/models.py": """from pydantic import EmailStr
from sqlmodel import Field, SQLModel


class HeroBase(SQLModel):
    name: str = Field(index=True)
    email: EmailStr


class Hero(HeroBase, table=True):
    id: int | None = Field(default=None, primary_key=True)
""",
        "app/app/db.py": """from sqlmodel import Session, SQLModel, create_engine

from app.config import settings

engine = create_engine(settings().database_url)


def create() -> None:
    SQLModel.metadata.create_all(engine)


def session():
    with Session(engine) as one:
        yield one
""",
        "app/app/security.py": """import jwt
from fastapi.security import OAuth2PasswordBearer
from pwdlib import PasswordHash

from app.config import settings

scheme = OAuth2PasswordBearer(tokenUrl="token")
hasher = PasswordHash.recommended()


def token(name: str) -> str:
    return jwt.encode({"sub": name}, settings().secret, algorithm="HS256")
""",
        "app/app/routers/__init__.py": "",
        "app/app/routers/heroes.py": """from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from sqlmodel import Session, select

from app.db import session
from app.models import Hero, HeroBase

router = APIRouter(prefix="/heroes")
Db = Annotated[Session, Depends(session)]


@router.get("/")
def heroes(db: Db) -> list[Hero]:
    return list(db.exec(select(Hero)))


@router.post("/", status_code=201)
def add(hero: HeroBase, db: Db) -> Hero:
    one = Hero.model_validate(hero)
    db.add(one)
    db.commit()
    db.refresh(one)
    return one


@router.get("/{number}")
def hero(number: int, db: Db) -> Hero:
    raise HTTPException(404)
""",
        "app/app/routers/others.py": """import httpx
import redis.asyncio as redis
from fastapi import APIRouter, Form
from tenacity import retry, stop_after_attempt

from app.config import settings
from app.security import hasher, token

router = APIRouter()


@retry(stop=stop_after_attempt(2))
async def ask() -> str:
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get("http://127.0.0.1:1/")).text
        except httpx.ConnectError as error:
            return str(error)


@router.get("/remote")
async def remote() -> str:
    return await ask()


@router.get("/cached")
async def cached() -> str:
    client = redis.from_url(settings().redis_url)
    try:
        return str(await client.get("one"))
    except redis.ConnectionError as error:
        return str(error)


@router.post("/token")
def login(username: str = Form(), password: str = Form()) -> dict[str, str]:
    return {"access_token": token(username), "hash": hasher.hash(password)}


@router.get("/upload")
def upload() -> str:
    import boto3

    client = boto3.client("s3", region_name="eu-west-1", aws_access_key_id="one", aws_secret_access_key="two")
    return client.generate_presigned_url("get_object", Params={"Bucket": "one", "Key": "two"})
""",
        "app/app/templates/index.html": "<h1>{{ title }}</h1>\n",
        "app/app/main.py": """from contextlib import asynccontextmanager

import sentry_sdk
from fastapi import FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import ORJSONResponse
from fastapi.templating import Jinja2Templates
from prometheus_fastapi_instrumentator import Instrumentator

from app import db
from app.config import settings
from app.logs import log
from app.routers import heroes, others

sentry_sdk.init(dsn=settings().sentry_dsn, traces_sample_rate=0.1)
templates = Jinja2Templates(directory="app/templates")


@asynccontextmanager
async def lifespan(app: FastAPI):
    db.create()
    log.info("started")
    yield


app = FastAPI(title="Heroes", lifespan=lifespan)
app.add_middleware(CORSMiddleware, allow_origins=["*"])
app.include_router(heroes.router)
app.include_router(others.router)
Instrumentator().instrument(app).expose(app)


@app.get("/")
def index(request: Request):
    return templates.TemplateResponse(request, "index.html", {"title": "heroes"})


@app.get("/fast")
def fast():
    return ORJSONResponse({"ok": True})
""",
    },
    asks=tuple(
        f"http://127.0.0.1:9955/{path}"
        for path in ("", "heroes/", "heroes/1", "remote", "cached", "upload", "fast", "docs", "openapi.json", "metrics")
    ),
    sends=(
        ("http://127.0.0.1:9955/heroes/", '{"name": "one", "email": "one@shop-mail.com"}'),
        ("http://127.0.0.1:9955/heroes/", '{"name": "one", "email": "one"}'),
        ("http://127.0.0.1:9955/token", "username=one&password=two"),
    ),
    seconds=25,
)

SHOPKEEPER = Recipe(
    name="shopkeeper",
    packages=_BASE,
    env=_PRODUCTION | {"FLASK_ENV": "production", "DATABASE_URL": "sqlite:////tmp/shop.db", "WEB_CONCURRENCY": "1"},
    entrypoint=("/app/entrypoint.sh",),
    cmd=("gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"),
    python=(
        *("flask", "flask-sqlalchemy", "flask-migrate", "flask-login", "flask-wtf", "flask-cors", "flask-mail"),
        *("flask-marshmallow", "marshmallow-sqlalchemy", "flask-smorest", "flask-talisman", "flask-jwt-extended"),
        *("celery[redis]", "gunicorn", "gevent", "psycopg2-binary", "requests", "pandas", "openpyxl", "pyyaml"),
        *("python-dotenv", "stripe", "sendgrid", "elasticsearch", "sentry-sdk[flask]", "itsdangerous", "bcrypt"),
    ),
    files=HOSTS
    | {
        "app/entrypoint.sh": '#!/bin/sh\nset -e\nflask --app wsgi db upgrade\nexec "$@"\n',
        "app/gunicorn.conf.py": 'bind = "127.0.0.1:9956"\nworker_class = "gthread"\nthreads = 4\naccesslog = "-"\n',
        "app/wsgi.py": "from shop import create_app\n\napp = create_app()\n",
        "app/migrations/env.py": """from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db
with db.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=db.metadata)
    with context.begin_transaction():
        context.run_migrations()
""",
        "app/migrations/alembic.ini": "[alembic]\n",
        "app/migrations/script.py.mako": "${upgrades}\n",
        "app/migrations/versions/1_first.py": """import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade():
    number = sa.Column("id", sa.Integer, primary_key=True)
    op.create_table("order", number, sa.Column("name", sa.String), sa.Column("price", sa.Float))
""",
        "app/shop/__init__.py": """import os

import sentry_sdk
from dotenv import load_dotenv
from flask import Flask

from shop.extensions import api, cors, db, jwt, login, ma, mail, migrate, talisman


def create_app():
    load_dotenv()
    sentry_sdk.init()
    app = Flask(__name__)
    app.config.from_mapping(
        SECRET_KEY="k" * 32,
        JWT_SECRET_KEY="k" * 32,
        SQLALCHEMY_DATABASE_URI=os.environ["DATABASE_URL"],
        API_TITLE="shop",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.2",
    )
    for extension in (db, ma, login, jwt, mail, cors, api):
        extension.init_app(app)
    migrate.init_app(app, db)
    talisman.init_app(app, force_https=False)
    from shop.orders import blp
    from shop.pages import pages

    api.register_blueprint(blp)
    app.register_blueprint(pages)
    return app
""",
        "app/shop/extensions.py": """from flask_cors import CORS
from flask_jwt_extended import JWTManager
from flask_login import LoginManager
from flask_mail import Mail
from flask_marshmallow import Marshmallow
from flask_migrate import Migrate
from flask_smorest import Api
from flask_sqlalchemy import SQLAlchemy
from flask_talisman import Talisman

db = SQLAlchemy()
ma = Marshmallow()
login = LoginManager()
jwt = JWTManager()
mail = Mail()
cors = CORS()
api = Api()
migrate = Migrate()
talisman = Talisman()
""",
        "app/shop/models.py": """from shop.extensions import db


class Order(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String)
    price = db.Column(db.Float)
""",
        "app/shop/schemas.py": """from shop.extensions import ma
from shop.models import Order


class OrderSchema(ma.SQLAlchemyAutoSchema):
    class Meta:
        model = Order
        load_instance = True
""",
        "app/shop/orders.py": """from flask.views import MethodView
from flask_jwt_extended import create_access_token
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from shop.extensions import db
from shop.models import Order
from shop.schemas import OrderSchema

blp = Blueprint("orders", __name__, url_prefix="/orders")


class New(Schema):
    name = fields.String(required=True)
    price = fields.Float(required=True)


@blp.route("/")
class Orders(MethodView):
    @blp.response(200, OrderSchema(many=True))
    def get(self):
        return db.session.query(Order).all()

    @blp.arguments(New)
    @blp.response(201, OrderSchema)
    def post(self, order):
        one = Order(**order)
        db.session.add(one)
        db.session.commit()
        return one


@blp.route("/token")
def token():
    return {"token": create_access_token("one")}
""",
        "app/shop/tasks.py": """from celery import Celery

celery = Celery("shop", broker="redis://127.0.0.1:1/0", backend="redis://127.0.0.1:1/1")


@celery.task
def bill(number):
    import stripe

    return stripe.api_version, number
""",
        "app/shop/pages.py": """import io

import bcrypt
import requests
from flask import Blueprint, render_template, send_file
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired

from shop.models import Order

pages = Blueprint("pages", __name__)


class NameForm(FlaskForm):
    name = StringField("name", validators=[DataRequired()])


@pages.route("/", methods=["GET", "POST"])
def index():
    form = NameForm()
    return render_template("index.html", form=form, valid=form.validate_on_submit())


@pages.route("/remote")
def remote():
    try:
        return requests.get("http://127.0.0.1:1/", timeout=1).text
    except requests.ConnectionError as error:
        return str(error)


@pages.route("/hash")
def hashed():
    return bcrypt.hashpw(b"one", bcrypt.gensalt(4))


@pages.route("/report")
def report():
    import pandas as pd

    frame = pd.DataFrame([{"name": one.name, "price": one.price} for one in Order.query.all()])
    out = io.BytesIO()
    frame.to_excel(out, engine="openpyxl")
    out.seek(0)
    return send_file(out, download_name="report.xlsx")


@pages.route("/bill")
def bill():
    from shop.tasks import bill as task

    try:
        task.apply_async((1,), retry=False)
    except Exception as error:
        return str(error)
    return "ok"
""",
        "app/shop/templates/index.html": "<form method=post>{{ form.hidden_tag() }}{{ form.name }}{{ valid }}</form>\n",
    },
    asks=tuple(
        f"http://127.0.0.1:9956/{path}"
        for path in ("", "orders/", "orders/token", "remote", "hash", "report", "bill", "nowhere")
    ),
    sends=(
        ("http://127.0.0.1:9956/orders/", '{"name": "one", "price": 2}'),
        ("http://127.0.0.1:9956/orders/", '{"name": "one"}'),
        ("http://127.0.0.1:9956/", "name=one"),
    ),
    seconds=30,
)

CHANNELS = Recipe(
    name="channels",
    packages=(*_BASE, "dumb-init"),
    env=_PRODUCTION | {"DJANGO_SETTINGS_MODULE": "site_.settings", "DATABASE_URL": "sqlite:////tmp/site.db"},
    entrypoint=("dumb-init", "--"),
    cmd=("sh", "-c", "python manage.py migrate --noinput && exec gunicorn site_.asgi:application -c gunicorn.py"),
    python=(
        *("django", "djangorestframework", "djangorestframework-simplejwt", "channels", "channels-redis"),
        *("drf-spectacular", "django-filter", "django-cors-headers", "django-environ", "django-storages[s3]"),
        *("django-redis", "django-allauth", "django-import-export", "django-simple-history", "whitenoise[brotli]"),
        *("gunicorn", "uvicorn", "uvicorn-worker", "psycopg[binary]", "celery", "django-celery-beat", "pillow"),
        *("markdown", "sentry-sdk[django]", "argon2-cffi", "python-json-logger", "django-guardian"),
    ),
    files=HOSTS
    | {
        "app/gunicorn.py": 'bind = "127.0.0.1:9957"\nworker_class = "uvicorn_worker.UvicornWorker"\n',
        "app/manage.py": """#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
""",
        "app/site_/__init__.py": "from site_.celery import app as celery_app\n\n__all__ = ('celery_app',)\n",
        "app/site_/celery.py": """from celery import Celery

app = Celery("site")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
""",
        "app/site_/settings.py": """from pathlib import Path

import environ
import sentry_sdk
from sentry_sdk.integrations.django import DjangoIntegration

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env(DEBUG=(bool, False))
DEBUG = env("DEBUG")
SECRET_KEY = "k" * 50
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework_simplejwt",
    "channels",
    "corsheaders",
    "django_filters",
    "drf_spectacular",
    "import_export",
    "simple_history",
    "guardian",
    "django_celery_beat",
    "notes",
]
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "site_.urls"
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
ASGI_APPLICATION = "site_.asgi.application"
DATABASES = {"default": env.db()}
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend", "guardian.backends.ObjectPermissionBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
CHANNEL_LAYERS = {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer",
                              "CONFIG": {"hosts": [("127.0.0.1", 1)]}}}
CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": "redis://127.0.0.1:1/1",
                      "OPTIONS": {"CLIENT_CLASS": "django_redis.client.DefaultClient", "IGNORE_EXCEPTIONS": True}}}
STORAGES = {
    "default": {"BACKEND": "storages.backends.s3.S3Storage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
AWS_STORAGE_BUCKET_NAME = "notes"
STATIC_URL = "/static/"
STATIC_ROOT = "/app/static"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 20,
}
CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "pythonjsonlogger.json.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
sentry_sdk.init(integrations=[DjangoIntegration()])
""",
        "app/site_/asgi.py": """import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_.settings")
django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from notes.consumers import Chat  # noqa: E402

application = ProtocolTypeRouter({"http": django_application, "websocket": URLRouter([path("ws/", Chat.as_asgi())])})
""",
        "app/site_/urls.py": """from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import DefaultRouter
from rest_framework_simplejwt.views import TokenObtainPairView

from notes import views

router = DefaultRouter()
router.register("notes", views.Notes)
urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include(router.urls)),
    path("api/token/", TokenObtainPairView.as_view()),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema")),
    path("cached/", views.cached),
    path("html/", views.html),
    path("later/", views.later),
]
""",
        "app/notes/__init__.py": "",
        "app/notes/apps.py": """from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "notes"

    def ready(self):
        from notes import signals  # noqa: F401
""",
        "app/notes/signals.py": """from django.db.models.signals import post_save
from django.dispatch import receiver

from notes.models import Note


@receiver(post_save, sender=Note)
def saved(sender, instance, **kwargs):
    return None
""",
        "app/notes/models.py": """from django.db import models
from simple_history.models import HistoricalRecords


class Note(models.Model):
    title = models.CharField(max_length=50)
    text = models.TextField(blank=True)
    history = HistoricalRecords()
""",
        "app/notes/migrations/__init__.py": "",
        "app/notes/admin.py": """from django.contrib import admin
from import_export.admin import ImportExportModelAdmin
from simple_history.admin import SimpleHistoryAdmin

from notes.models import Note


@admin.register(Note)
class NoteAdmin(ImportExportModelAdmin, SimpleHistoryAdmin):
    list_display = ("title",)
""",
        "app/notes/serializers.py": """from rest_framework import serializers

from notes.models import Note


class NoteSerializer(serializers.ModelSerializer):
    class Meta:
        model = Note
        fields = ("id", "title", "text")
""",
        "app/notes/tasks.py": """from celery import shared_task


@shared_task
def count():
    from notes.models import Note

    return Note.objects.count()
""",
        "app/notes/consumers.py": """from channels.generic.websocket import AsyncJsonWebsocketConsumer


class Chat(AsyncJsonWebsocketConsumer):
    async def receive_json(self, content, **kwargs):
        await self.send_json(content)
""",
        "app/notes/views.py": """import markdown
from django.core.cache import cache
from django.http import HttpResponse
from rest_framework import viewsets

from notes.models import Note
from notes.serializers import NoteSerializer


class Notes(viewsets.ModelViewSet):
    queryset = Note.objects.order_by("id")
    serializer_class = NoteSerializer
    filterset_fields = ("title",)


def cached(request):
    return HttpResponse(str(cache.get("one")))


def html(request):
    return HttpResponse(markdown.markdown("# one", extensions=["extra"]))


def later(request):
    from notes.tasks import count

    try:
        count.apply_async(retry=False)
    except Exception as error:
        return HttpResponse(str(error))
    return HttpResponse("ok")
""",
    },
    prepare=(
        "cd /app && export PATH=/opt/venv/bin:$PATH DATABASE_URL=sqlite:////tmp/site.db "
        "&& python manage.py makemigrations notes && python manage.py collectstatic --noinput",
    ),
    asks=tuple(
        f"http://127.0.0.1:9957/{path}"
        for path in (
            *("admin/login/", "api/", "api/notes/", "api/notes/?title=one&format=api", "schema/", "docs/", "cached/"),
            *("html/", "later/", "nowhere", "static/admin/css/base.css"),
        )
    ),
    sends=(
        ("http://127.0.0.1:9957/api/notes/", '{"title": "one"}'),
        ("http://127.0.0.1:9957/api/token/", '{"username": "one", "password": "two"}'),
    ),
    seconds=30,
)

FORECAST = Recipe(
    name="forecast",
    packages=(*_BASE, "tini", "libgomp1"),
    env=_PRODUCTION | {"MODEL": "/app/model.joblib"},
    entrypoint=("tini", "--", "python", "-m", "forecast"),
    cmd=("--port", "9958"),
    python=(
        *("aiohttp[speedups]", "aiohttp-cors", "aiohttp-jinja2", "aiohttp-session[secure]", "scikit-learn", "pandas"),
        *("pyarrow", "polars", "joblib", "aiobotocore", "google-cloud-bigquery", "sqlalchemy[asyncio]", "asyncpg"),
        *("pydantic", "loguru", "click", "uvloop", "prometheus-client", "apscheduler", "opentelemetry-sdk"),
        *("opentelemetry-exporter-otlp", "tqdm", "matplotlib", "python-dateutil", "msgspec", "xgboost-cpu"),
    ),
    files=HOSTS
    | {
        "app/forecast/__init__.py": "",
        "app/forecast/__main__.py": """import asyncio

import click
import uvloop
from aiohttp import web
from loguru import logger

from forecast.app import create


@click.command()
@click.option("--port", default=8080)
def main(port: int) -> None:
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    logger.info("starting on {}", port)
    web.run_app(create(), host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
""",
        "app/forecast/train.py": """import joblib
import numpy as np
from sklearn.ensemble import RandomForestRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

if __name__ == "__main__":
    x = np.arange(40).reshape(20, 2)
    model = make_pipeline(StandardScaler(), RandomForestRegressor(n_estimators=3))
    joblib.dump(model.fit(x, x[:, 0]), "/app/model.joblib")
""",
        "app/forecast/model.py": """import os

import joblib
import pandas as pd


class Model:
    def __init__(self) -> None:
        self.pipeline = joblib.load(os.environ["MODEL"])

    def predict(self, rows: list[list[float]]) -> list[float]:
        frame = pd.DataFrame(rows, columns=["a", "b"])
        return [float(one) for one in self.pipeline.predict(frame.to_numpy())]
""",
        "app/forecast/telemetry.py": """from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def start() -> None:
    provider = TracerProvider(resource=Resource.create({"service.name": "forecast"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint="http://127.0.0.1:1")))
    trace.set_tracer_provider(provider)
""",
        "app/forecast/app.py": """import io

import aiohttp_cors
import aiohttp_jinja2
import jinja2
import msgspec
from aiohttp import ClientError, ClientSession, web
from aiohttp_session import get_session, setup as setup_session
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from opentelemetry import trace
from prometheus_client import Counter, generate_latest
from pydantic import BaseModel, ValidationError
from sqlalchemy.ext.asyncio import create_async_engine

from forecast import telemetry
from forecast.model import Model

routes = web.RouteTableDef()
asked = Counter("asked", "Questions")
tracer = trace.get_tracer(__name__)


class Question(BaseModel):
    rows: list[list[float]]


@routes.get("/")
@aiohttp_jinja2.template("index.html")
async def index(request):
    session = await get_session(request)
    session["seen"] = session.get("seen", 0) + 1
    return {"title": "forecast"}


@routes.post("/predict")
async def predict(request):
    asked.inc()
    try:
        question = Question.model_validate(await request.json())
    except ValidationError as error:
        return web.json_response(text=error.json(), status=422)
    with tracer.start_as_current_span("predict"):
        answer = request.app["model"].predict(question.rows)
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json")


@routes.get("/remote")
async def remote(request):
    async with ClientSession() as session:
        try:
            async with session.get("http://127.0.0.1:1/") as answer:
                return web.Response(text=await answer.text())
        except ClientError as error:
            return web.Response(text=str(error))


@routes.get("/stored")
async def stored(request):
    engine = create_async_engine("postgresql+asyncpg://one:two@127.0.0.1:1/x")
    try:
        async with engine.connect():
            return web.Response(text="ok")
    except OSError as error:
        return web.Response(text=str(error))


@routes.get("/history.parquet")
async def history(request):
    import pandas as pd

    out = io.BytesIO()
    pd.DataFrame({"a": [1, 2]}).to_parquet(out)
    return web.Response(body=out.getvalue())


@routes.get("/chart.png")
async def chart(request):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots()
    axes.plot([1, 2, 3])
    out = io.BytesIO()
    figure.savefig(out, format="png")
    return web.Response(body=out.getvalue(), content_type="image/png")


@routes.get("/metrics")
async def metrics(request):
    return web.Response(body=generate_latest())


async def start_jobs(app):
    scheduler = AsyncIOScheduler()
    scheduler.add_job(lambda: None, "interval", seconds=5)
    scheduler.start()


def create() -> web.Application:
    telemetry.start()
    app = web.Application()
    app["model"] = Model()
    setup_session(app, EncryptedCookieStorage(b"k" * 32))
    aiohttp_jinja2.setup(app, loader=jinja2.PackageLoader("forecast"))
    app.add_routes(routes)
    cors = aiohttp_cors.setup(app, defaults={"*": aiohttp_cors.ResourceOptions()})
    for route in list(app.router.routes()):
        if route.method == "POST":
            cors.add(route)
    app.on_startup.append(start_jobs)
    return app
""",
        "app/forecast/templates/index.html": "<h1>{{ title }}</h1>\n",
    },
    prepare=("cd /app && /opt/venv/bin/python -m forecast.train",),
    asks=tuple(
        f"http://127.0.0.1:9958/{path}"
        for path in ("", "remote", "stored", "history.parquet", "chart.png", "metrics", "nowhere")
    ),
    sends=(
        ("http://127.0.0.1:9958/predict", '{"rows": [[1, 2], [3, 4]]}'),
        ("http://127.0.0.1:9958/predict", '{"rows": 1}'),
    ),
    seconds=30,
)

TUNED_PYTHON = (SQLMODEL, SHOPKEEPER)
HELD_PYTHON = (CHANNELS, FORECAST)
