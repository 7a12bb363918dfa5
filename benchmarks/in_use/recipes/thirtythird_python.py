"""The thirty-third set's services, workers and jobs of Python on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

BOOKINGS = Recipe(
    name="bookings",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"DATABASE_URL": "sqlite+aiosqlite:////tmp/bookings.db", "CACHE": "mem://?size=500"},
    cmd=("uvicorn", "--factory", "bookings.main:create_app", "--host", "127.0.0.1", "--port", "10721"),
    python=(
        *("fastapi", "uvicorn[standard]", "dishka", "cashews[redis]", "fastapi-filter[sqlalchemy]", "aiosqlite"),
        *("sqlalchemy[asyncio]<2.1", "asgi-correlation-id", "stamina", "hishel[httpx,async]", "httpx", "python-ulid"),
        *("pydantic-settings", "pydantic-extra-types", "phonenumbers", "pycountry", "structlog", "asyncpg"),
        *("logfire[fastapi]", "anthropic", "pendulum", "svix", "fastapi-cli", "granian", "typeid-python"),
    ),
    files=HOSTS
    | {
        "app/bookings/__init__.py": "",
        "app/bookings/settings.py": """from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore")
    database_url: str
    cache: str = "mem://"
    logfire_token: str | None = None
    rates: str = "http://127.0.0.1:10721/rates"
""",
        "app/bookings/main.py": """from contextlib import asynccontextmanager

from asgi_correlation_id import CorrelationIdMiddleware
from cashews import cache
from dishka import make_async_container
from dishka.integrations.fastapi import FastapiProvider, setup_dishka
from fastapi import FastAPI

from bookings import routes
from bookings.log import configure
from bookings.providers import AppProvider
from bookings.settings import Settings


@asynccontextmanager
async def lifespan(app):
    yield
    await app.state.dishka_container.close()


def create_app() -> FastAPI:
    settings = Settings()
    configure()
    cache.setup(settings.cache)
    app = FastAPI(title="Bookings", lifespan=lifespan)
    app.add_middleware(CorrelationIdMiddleware)
    app.include_router(routes.router)
    setup_dishka(make_async_container(AppProvider(), FastapiProvider(), context={Settings: settings}), app)
    if settings.logfire_token:
        import logfire

        logfire.configure(token=settings.logfire_token)
        logfire.instrument_fastapi(app)
    return app
""",
        "app/bookings/log.py": """import structlog
from asgi_correlation_id import correlation_id


def with_request(logger, method, event):
    event["request"] = correlation_id.get()
    return event


def configure():
    structlog.configure(
        processors=[with_request, structlog.processors.add_log_level, structlog.processors.JSONRenderer()]
    )
""",
        "app/bookings/providers.py": """from collections.abc import AsyncIterator

import hishel.httpx
import httpx
from dishka import Provider, Scope, from_context, provide
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from bookings.models import Base
from bookings.rates import Rates
from bookings.settings import Settings
from bookings.store import Store


class AppProvider(Provider):
    settings = from_context(Settings, scope=Scope.APP)
    store = provide(Store, scope=Scope.REQUEST)
    rates = provide(Rates, scope=Scope.REQUEST)

    @provide(scope=Scope.APP)
    async def engine(self, settings: Settings) -> AsyncIterator[AsyncEngine]:
        engine = create_async_engine(settings.database_url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield engine
        await engine.dispose()

    @provide(scope=Scope.REQUEST)
    async def session(self, engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        async with AsyncSession(engine, expire_on_commit=False) as session:
            yield session

    @provide(scope=Scope.APP)
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        storage = hishel.AsyncSqliteStorage(database_path="/tmp/hishel.db")
        async with hishel.httpx.AsyncCacheClient(storage=storage) as client:
            yield client
""",
        "app/bookings/models.py": """from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Booking(Base):
    __tablename__ = "bookings"
    id: Mapped[str] = mapped_column(primary_key=True)
    guest: Mapped[str]
    country: Mapped[str]
    phone: Mapped[str | None]
""",
        "app/bookings/schemas.py": """from fastapi_filter.contrib.sqlalchemy import Filter
from pydantic import BaseModel, ConfigDict, Field
from pydantic_extra_types.country import CountryAlpha2
from pydantic_extra_types.phone_numbers import PhoneNumber

from bookings.models import Booking


class NewBooking(BaseModel):
    guest: str = Field(min_length=1)
    country: CountryAlpha2
    phone: PhoneNumber | None = None


class Shown(NewBooking):
    model_config = ConfigDict(from_attributes=True)
    id: str


class BookingFilter(Filter):
    guest__ilike: str | None = None
    order_by: list[str] | None = None

    class Constants(Filter.Constants):
        model = Booking
""",
        "app/bookings/store.py": """from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from ulid import ULID

from bookings.models import Booking


class Store:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self, chosen):
        query = chosen.sort(chosen.filter(select(Booking))).limit(5)
        return (await self._session.scalars(query)).all()

    async def add(self, new):
        booking = Booking(id=str(ULID()), **new.model_dump(mode="json"))
        self._session.add(booking)
        await self._session.commit()
        return booking
""",
        "app/bookings/rates.py": """import httpx
import stamina
from cashews import cache

from bookings.settings import Settings


class Rates:
    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._client = client
        self._address = settings.rates

    @stamina.retry(on=httpx.HTTPError, attempts=2)
    async def _fetch(self):
        return (await self._client.get(self._address)).json()

    async def current(self):
        async def fetch():
            return await self._fetch()

        return await cache.get_or_set("rates", fetch, expire="3s")
""",
        "app/bookings/routes.py": """import structlog
from cashews import cache
from dishka.integrations.fastapi import DishkaRoute, FromDishka
from fastapi import APIRouter, Response
from fastapi_filter import FilterDepends

from bookings.rates import Rates
from bookings.schemas import BookingFilter, NewBooking, Shown
from bookings.store import Store

router = APIRouter(route_class=DishkaRoute)
log = structlog.get_logger()


@router.get("/health")
async def health():
    return {"status": "up", "cache": await cache.ping()}


@router.get("/rates")
async def rates(response: Response):
    response.headers["Cache-Control"] = "max-age=5"
    return {"EUR": 1.0, "CHF": 0.95}


@router.get("/bookings")
async def all_bookings(store: FromDishka[Store], chosen: BookingFilter = FilterDepends(BookingFilter)) -> list[Shown]:
    return [Shown.model_validate(one) for one in await store.all(chosen)]


@router.post("/bookings", status_code=201)
async def add(new: NewBooking, store: FromDishka[Store]) -> Shown:
    booking = await store.add(new)
    log.info("booked", id=booking.id)
    return Shown.model_validate(booking)


@router.get("/prices/{nights}")
async def price(nights: int, rates: FromDishka[Rates]):
    return {name: nights * 80 * rate for name, rate in (await rates.current()).items()}


@router.post("/advice")
async def advice(text: str):
    import anthropic

    client = anthropic.AsyncAnthropic()
    return await client.messages.create(
        model="one", max_tokens=50, messages=[{"role": "user", "content": text}]
    )


@router.get("/fail")
async def fail():
    raise RuntimeError("on purpose")
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10721/{path}"
        for path in ("health", "bookings", "bookings?guest__ilike=o", "prices/3", "prices/x", "openapi.json", "fail")
    ),
    sends=(
        ("http://127.0.0.1:10721/bookings", '{"guest": "one", "country": "DE", "phone": "+4930901820"}'),
        ("http://127.0.0.1:10721/bookings", '{"guest": "one", "country": "no"}'),
    ),
    seconds=25,
)

ENROLMENT = Recipe(
    name="enrolment",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON
    | {"DJANGO_SETTINGS_MODULE": "enrolment.settings", "DATABASE_URL": "sqlite:////tmp/e.db", "SECRET_KEY": "k" * 50},
    entrypoint=("/app/docker-entrypoint.sh",),
    cmd=("gunicorn", "enrolment.wsgi", "--bind", "127.0.0.1:10722", "--workers", "2", "--access-logfile", "-"),
    python=(
        *("django<6", "djangorestframework", "djangorestframework-simplejwt", "drf-yasg", "django-filter"),
        *("django-import-export[xlsx]", "django-simple-history", "django-jazzmin", "django-compressor", "gunicorn"),
        *("python-decouple", "dj-database-url", "django-cors-headers", "drf-nested-routers", "django-money"),
        *("django-taggit", "django-model-utils", "psycopg[binary]", "django-storages", "boto3", "setuptools<81"),
        *("django-anymail", "django-redis", "pillow", "python-json-logger", "raven", "whitenoise"),
    ),
    files=HOSTS
    | {
        "app/docker-entrypoint.sh": """#!/bin/sh
set -e
if [ "$1" = gunicorn ]; then
  python manage.py migrate --noinput
  python manage.py seed
fi
exec "$@"
""",
        "app/manage.py": """#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "enrolment.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
""",
        "app/enrolment/__init__.py": "",
        "app/enrolment/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\n"
        "application = get_wsgi_application()\n",
        "app/enrolment/settings.py": """from datetime import timedelta
from pathlib import Path

import dj_database_url
from decouple import Csv, config

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = config("SECRET_KEY", default="built")
DEBUG = config("DEBUG", default=False, cast=bool)
ALLOWED_HOSTS = config("ALLOWED_HOSTS", default="127.0.0.1", cast=Csv())
INSTALLED_APPS = [
    "jazzmin",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework_simplejwt",
    "corsheaders",
    "drf_yasg",
    "django_filters",
    "import_export",
    "simple_history",
    "compressor",
    "djmoney",
    "taggit",
    "courses",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "enrolment.urls"
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
DATABASES = {"default": dj_database_url.config(default="sqlite:///db.sqlite3", conn_max_age=60)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "compressor.finders.CompressorFinder",
]
COMPRESS_ENABLED = True
CORS_ALLOWED_ORIGINS = ["https://shop.example"]
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 5,
}
SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(minutes=5)}
EMAIL_BACKEND = config("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
if config("BUCKET", default=""):
    STORAGES = {
        "default": {"BACKEND": "storages.backends.s3.S3Storage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
    }
if config("REDIS_URL", default=""):
    CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": config("REDIS_URL")}}
LOGGING = {
    "version": 1,
    "formatters": {"json": {"()": "pythonjsonlogger.json.JsonFormatter", "format": "%(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
""",
        "app/enrolment/urls.py": """from django.contrib import admin
from django.http import JsonResponse
from django.urls import include, path
from drf_yasg import openapi
from drf_yasg.views import get_schema_view
from rest_framework.permissions import AllowAny
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView

schema = get_schema_view(openapi.Info(title="Enrolment", default_version="v1"), permission_classes=[AllowAny])
urlpatterns = [
    path("admin/", admin.site.urls),
    path("health/", lambda request: JsonResponse({"status": "up"})),
    path("api/token/", TokenObtainPairView.as_view()),
    path("api/token/refresh/", TokenRefreshView.as_view()),
    path("api/", include("courses.urls")),
    path("docs/", schema.with_ui("redoc")),
    path("swagger<format>", schema.without_ui()),
]
""",
        "app/courses/__init__.py": "",
        "app/courses/migrations/__init__.py": "",
        "app/courses/management/__init__.py": "",
        "app/courses/management/commands/__init__.py": "",
        "app/courses/management/commands/seed.py": """from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from courses.models import Course


class Command(BaseCommand):
    help = "Adds a first person and a course"

    def handle(self, *args, **options):
        users = get_user_model().objects
        if not users.filter(username="a").exists():
            users.create_superuser("a", "a@shop.example", "one-password")
        course, made = Course.objects.get_or_create(name="Painting", defaults={"price": 20})
        if made:
            course.tags.add("art")
""",
        "app/courses/models.py": """from django.db import models
from djmoney.models.fields import MoneyField
from model_utils.models import TimeStampedModel
from simple_history.models import HistoricalRecords
from taggit.managers import TaggableManager


class Course(TimeStampedModel):
    name = models.CharField(max_length=50)
    price = MoneyField(max_digits=8, decimal_places=2, default_currency="EUR")
    tags = TaggableManager(blank=True)
    history = HistoricalRecords()


class Place(TimeStampedModel):
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="places")
    name = models.CharField(max_length=50)
""",
        "app/courses/admin.py": """from django.contrib import admin
from import_export import resources
from import_export.admin import ImportExportModelAdmin
from simple_history.admin import SimpleHistoryAdmin

from courses.models import Course, Place


class CourseResource(resources.ModelResource):
    class Meta:
        model = Course
        fields = ("id", "name")


@admin.register(Course)
class CourseAdmin(ImportExportModelAdmin, SimpleHistoryAdmin):
    resource_classes = [CourseResource]


admin.site.register(Place)
""",
        "app/courses/serializers.py": """from rest_framework import serializers
from taggit.serializers import TaggitSerializer, TagListSerializerField

from courses.models import Course, Place


class CourseSerializer(TaggitSerializer, serializers.ModelSerializer):
    tags = TagListSerializerField(required=False)

    class Meta:
        model = Course
        fields = ["id", "name", "price", "tags"]


class PlaceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Place
        fields = ["id", "name"]
""",
        "app/courses/views.py": """from django.http import HttpResponse
from django_filters import rest_framework as filters
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny

from courses.admin import CourseResource
from courses.models import Course, Place
from courses.serializers import CourseSerializer, PlaceSerializer


class CourseFilter(filters.FilterSet):
    name = filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Course
        fields = ["name"]


class CourseViewSet(viewsets.ModelViewSet):
    queryset = Course.objects.order_by("-id")
    serializer_class = CourseSerializer
    filterset_class = CourseFilter
    permission_classes = [AllowAny]

    @action(detail=False)
    def export(self, request):
        kind = request.query_params.get("kind", "csv")
        return HttpResponse(CourseResource().export().export(kind), content_type="application/octet-stream")

    @action(detail=True)
    def history(self, request, pk=None):
        return HttpResponse(str(list(self.get_object().history.values_list("history_type", flat=True))))


class PlaceViewSet(viewsets.ModelViewSet):
    serializer_class = PlaceSerializer

    def get_queryset(self):
        return Place.objects.filter(course=self.kwargs["course_pk"]).order_by("-id")
""",
        "app/courses/urls.py": """from rest_framework_nested import routers

from courses.views import CourseViewSet, PlaceViewSet

router = routers.SimpleRouter()
router.register("courses", CourseViewSet, basename="course")
courses = routers.NestedSimpleRouter(router, "courses", lookup="course")
courses.register("places", PlaceViewSet, basename="place")
urlpatterns = router.urls + courses.urls
""",
    },
    prepare=(
        "cd /app && export SECRET_KEY=built && /opt/venv/bin/python manage.py makemigrations courses && "
        "/opt/venv/bin/python manage.py collectstatic --noinput",
    ),
    asks=tuple(
        f"http://127.0.0.1:10722/{path}"
        for path in (
            *("health/", "api/courses/", "api/courses/?name=paint", "api/courses/1/history/", "api/courses/1/places/"),
            *("api/courses/export/", "api/courses/export/?kind=xlsx", "docs/", "swagger.json", "admin/login/", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10722/api/token/", '{"username": "a", "password": "one-password"}'),
        ("http://127.0.0.1:10722/api/token/", '{"username": "a", "password": "x"}'),
        ("http://127.0.0.1:10722/api/courses/", '{"name": "one", "price": "3.20", "tags": ["x"]}'),
        ("http://127.0.0.1:10722/api/courses/", '{"name": ""}'),
    ),
    seconds=35,
)

DEPOT = Recipe(
    name="depot",
    packages=(*PYTHON, *_TOOLS, "dumb-init"),
    env=PRODUCTION_PYTHON | {"PORT": "10723", "DATABASE_URL": "sqlite:////tmp/depot.db"},
    entrypoint=("dumb-init", "--"),
    cmd=("gunicorn", "--config", "gunicorn.conf.py", "depot:create_app()"),
    python=(
        *("flask", "flask-smorest", "flask-sqlalchemy", "flask-httpauth", "flask-session[cachelib]", "flask-compress"),
        *("marshmallow", "marshmallow-sqlalchemy", "webargs", "cattrs", "attrs", "pint", "python-barcode", "gunicorn"),
        *("prometheus-flask-exporter", "flask-cors", "psycopg2-binary", "pymysql", "environs", "xmltodict", "tablib"),
        *("opensearch-py", "pybreaker", "requests", "ddtrace", "flask-mailman", "python-slugify", "sentry-sdk[flask]"),
    ),
    files=HOSTS
    | {
        "app/gunicorn.conf.py": """import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4
accesslog = "-"
max_requests = 500


def child_exit(server, worker):
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_flask_exporter.multiprocess import GunicornPrometheusMetrics

        GunicornPrometheusMetrics.mark_process_dead_on_child_exit(worker.pid)
""",
        "app/depot/__init__.py": """from cachelib.file import FileSystemCache
from flask import Flask, jsonify, session
from flask_compress import Compress
from flask_cors import CORS
from flask_session import Session
from flask_smorest import Api
from prometheus_flask_exporter import PrometheusMetrics

from depot.config import settings
from depot.models import db


def create_app():
    app = Flask(__name__)
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database,
        API_TITLE="Depot",
        API_VERSION="v1",
        OPENAPI_VERSION="3.0.3",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_SWAGGER_UI_PATH="/docs",
        OPENAPI_SWAGGER_UI_URL="https://cdn.shop.example/",
        SECRET_KEY=settings.secret,
        SESSION_TYPE="cachelib",
        SESSION_CACHELIB=FileSystemCache("/tmp/sessions"),
    )
    if settings.sentry:
        import sentry_sdk

        sentry_sdk.init(dsn=settings.sentry)
    if settings.mail:
        from flask_mailman import Mail

        Mail(app)
    db.init_app(app)
    Session(app)
    Compress(app)
    CORS(app)
    PrometheusMetrics(app)
    register(Api(app))
    app.add_url_rule("/health", view_func=health)
    with app.app_context():
        db.create_all()
    return app


def register(api):
    from depot.labels import labels
    from depot.parts import parts

    api.register_blueprint(parts)
    api.register_blueprint(labels)


def health():
    session["seen"] = session.get("seen", 0) + 1
    return jsonify(status="up", seen=session["seen"])
""",
        "app/depot/config.py": """import os

from attrs import define
from cattrs import structure
from environs import Env

env = Env()
env.read_env()


@define
class Settings:
    database: str
    secret: str
    sentry: str | None
    mail: str | None


settings = structure(
    {
        "database": os.environ["DATABASE_URL"],
        "secret": env.str("SECRET", "one"),
        "sentry": env.str("SENTRY_DSN", None),
        "mail": env.str("MAIL_SERVER", None),
    },
    Settings,
)
""",
        "app/depot/models.py": """from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column

db = SQLAlchemy()


class Part(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    slug: Mapped[str]
    grams: Mapped[float]
""",
        "app/depot/auth.py": """from flask_httpauth import HTTPBasicAuth
from werkzeug.security import check_password_hash, generate_password_hash

auth = HTTPBasicAuth()
people = {"a": generate_password_hash("b")}


@auth.verify_password
def verify(name, password):
    return name if name in people and check_password_hash(people[name], password) else None
""",
        "app/depot/schemas.py": """from marshmallow import Schema, fields, validate
from marshmallow_sqlalchemy import SQLAlchemyAutoSchema

from depot.models import Part


class PartSchema(SQLAlchemyAutoSchema):
    class Meta:
        model = Part


class NewPart(Schema):
    name = fields.String(required=True, validate=validate.Length(min=1))
    weight = fields.String(required=True)


class Asked(Schema):
    name = fields.String(load_default="")
""",
        "app/depot/units.py": """from pint import UnitRegistry
from pint.errors import PintError

units = UnitRegistry()


def grams(text):
    try:
        return units.Quantity(text).to("gram").magnitude
    except PintError:
        return None
""",
        "app/depot/parts.py": """import xmltodict
from flask import Response
from flask.views import MethodView
from flask_smorest import Blueprint, abort
from slugify import slugify

from depot.auth import auth
from depot.models import Part, db
from depot.schemas import Asked, NewPart, PartSchema
from depot.units import grams

parts = Blueprint("parts", "parts", url_prefix="/parts")


@parts.route("/")
class Parts(MethodView):
    @parts.arguments(Asked, location="query")
    @parts.response(200, PartSchema(many=True))
    def get(self, asked):
        return Part.query.filter(Part.name.contains(asked["name"])).order_by(Part.id.desc()).limit(5).all()

    @parts.arguments(NewPart)
    @parts.response(201, PartSchema)
    def post(self, new):
        weight = grams(new["weight"])
        if weight is None:
            abort(422, message="no weight")
        part = Part(name=new["name"], slug=slugify(new["name"]), grams=weight)
        db.session.add(part)
        db.session.commit()
        return part


@parts.route("/all.xml")
def as_xml():
    rows = [{"name": part.name, "grams": part.grams} for part in Part.query.limit(5)]
    return Response(xmltodict.unparse({"parts": {"part": rows}}), mimetype="application/xml")


@parts.route("/secret")
@auth.login_required
def secret():
    return {"name": auth.current_user()}


@parts.route("/search")
@parts.arguments(Asked, location="query")
def search(asked):
    from opensearchpy import OpenSearch

    return OpenSearch("http://search.shop.example").search(q=asked["name"])
""",
        "app/depot/labels.py": """import io

import barcode
import pybreaker
import requests
from barcode.writer import SVGWriter
from flask import Response
from flask_smorest import Blueprint

labels = Blueprint("labels", "labels", url_prefix="/labels")
breaker = pybreaker.CircuitBreaker(fail_max=3, reset_timeout=30)


@labels.route("/<int:number>")
def label(number):
    out = io.BytesIO()
    barcode.get("ean13", f"{number:012d}", writer=SVGWriter()).write(out)
    return Response(out.getvalue(), mimetype="image/svg+xml")


@labels.route("/printer")
def printer():
    try:
        return breaker.call(requests.get, "http://127.0.0.1:9/", timeout=1).text
    except (pybreaker.CircuitBreakerError, requests.RequestException) as error:
        return {"error": type(error).__name__}, 503
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10723/{path}"
        for path in (
            *("health", "parts/", "parts/?name=o", "parts/all.xml", "parts/secret", "labels/12", "labels/printer"),
            *("docs", "openapi.json", "metrics", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10723/parts/", '{"name": "One part", "weight": "3 kg"}'),
        ("http://127.0.0.1:10723/parts/", '{"name": "One part", "weight": "3 no"}'),
        ("http://127.0.0.1:10723/parts/", "{}"),
    ),
    seconds=25,
)

SERVICES = (BOOKINGS, ENROLMENT, DEPOT)
