"""The thirty-eighth set's services of Python on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

POLLEN = Recipe(
    name="pollen",
    packages=(*PYTHON, *_TOOLS, "curl"),
    env=PRODUCTION_PYTHON
    | {"SANIC_PORT": "11306", "DATABASE": "/tmp/pollen.db", "SECRET": "one-long-secret-for-all-of-it"},
    cmd=(
        "sanic",
        "pollen.server:create_app",
        "--factory",
        "--host=127.0.0.1",
        "--port=11306",
        "--workers=2",
        "--no-motd",
    ),
    python=(
        *(
            "sanic==25.*",
            "sanic-ext==25.*",
            "pydantic",
            "aiosqlite",
            "peewee==3.*",
            "pyjwt",
            "msgspec",
            "jinja2",
            "aiofiles",
        ),
        *("httpx", "cashews", "aiobreaker", "python-ulid", "arrow", "loguru", "environs", "zstandard", "icalendar"),
        *("sentry-sdk", "boto3", "aiokafka", "asyncpg", "redis", "passlib", "argon2-cffi", "openpyxl", "qrcode"),
    ),
    files=HOSTS
    | {
        "app/pollen/__init__.py": "",
        "app/pollen/settings.py": """from environs import Env

env = Env()
env.read_env()

DATABASE = env.str("DATABASE")
SECRET = env.str("SECRET")
SENTRY_DSN = env.str("SENTRY_DSN", None)
KAFKA = env.list("KAFKA", [])
BUCKET = env.str("BUCKET", None)
CACHE = env.str("CACHE_URL", "mem://")
""",
        "app/pollen/server.py": """from sanic import Sanic, json
from sanic.log import logger
from sanic_ext import Extend

from pollen import settings
from pollen.auth import auth
from pollen.database import close, prepare
from pollen.measures import measures
from pollen.pages import pages


def create_app():
    app = Sanic("pollen")
    app.config.OAS_UI_DEFAULT = "swagger"
    app.config.TEMPLATING_PATH_TO_TEMPLATES = "/app/pollen/templates"
    app.config.CORS_ORIGINS = "*"
    app.config.FALLBACK_ERROR_FORMAT = "json"
    Extend(app)
    app.blueprint(measures)
    app.blueprint(auth)
    app.blueprint(pages)
    app.before_server_start(prepare)
    app.after_server_stop(close)
    if settings.SENTRY_DSN:
        import sentry_sdk
        from sentry_sdk.integrations.sanic import SanicIntegration

        sentry_sdk.init(dsn=settings.SENTRY_DSN, integrations=[SanicIntegration()])

    @app.get("/health")
    async def health(request):
        return json({"up": True, "worker": app.m.name})

    @app.on_response
    async def log(request, response):
        logger.info("%s %s", request.path, response.status)

    return app
""",
        "app/pollen/database.py": """import aiosqlite

from pollen import settings


async def prepare(app):
    app.ctx.database = await aiosqlite.connect(settings.DATABASE)
    await app.ctx.database.execute(
        "create table if not exists measures (id text primary key, kind text, grains integer, at text)"
    )
    await app.ctx.database.commit()


async def close(app):
    await app.ctx.database.close()
""",
        "app/pollen/auth.py": """from functools import wraps

import jwt
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sanic import Blueprint, json
from sanic.exceptions import Unauthorized

from pollen import settings

auth = Blueprint("auth", url_prefix="/auth")
hasher = PasswordHasher(time_cost=1, memory_cost=1024)
known = hasher.hash("one-two-three")


def signed_in(handler):
    @wraps(handler)
    async def inner(request, *args, **kwargs):
        try:
            request.ctx.user = jwt.decode(request.token or "", settings.SECRET, algorithms=["HS256"])
        except jwt.InvalidTokenError as error:
            raise Unauthorized(str(error)) from error
        return await handler(request, *args, **kwargs)

    return inner


@auth.post("/login")
async def login(request):
    try:
        hasher.verify(known, request.json["password"])
    except VerifyMismatchError as error:
        raise Unauthorized("wrong") from error
    return json({"token": jwt.encode({"sub": request.json["name"]}, settings.SECRET, algorithm="HS256")})


@auth.get("/me")
@signed_in
async def me(request):
    return json(request.ctx.user)
""",
        "app/pollen/measures.py": """import arrow
import msgspec
from cashews import cache
from sanic import Blueprint, json
from sanic.exceptions import InvalidUsage
from sanic_ext import openapi, validate
from dataclasses import dataclass
from ulid import ULID

from pollen import settings

measures = Blueprint("measures", url_prefix="/measures")
cache.setup(settings.CACHE)


@dataclass
class Measure:
    kind: str
    grains: int


class Row(msgspec.Struct):
    id: str
    kind: str
    grains: int
    at: str


async def publish(row):
    if not settings.KAFKA:
        return
    from aiokafka import AIOKafkaProducer

    async with AIOKafkaProducer(bootstrap_servers=settings.KAFKA) as producer:
        await producer.send_and_wait("measures", msgspec.json.encode(row))


@measures.get("/")
@openapi.summary("The last measures")
async def last(request):
    rows = await _last(request.app)
    return json([msgspec.to_builtins(row) for row in rows])


@cache(ttl="1s", key="last")
async def _last(app):
    async with app.ctx.database.execute("select * from measures order by id desc limit 5") as found:
        return [Row(*row) async for row in found]


@measures.post("/")
@validate(json=Measure)
async def add(request, body: Measure):
    row = Row(str(ULID()), body.kind, body.grains, arrow.utcnow().isoformat())
    await request.app.ctx.database.execute("insert into measures values (?, ?, ?, ?)", msgspec.structs.astuple(row))
    await request.app.ctx.database.commit()
    await publish(row)
    return json(msgspec.to_builtins(row), status=201)


@measures.get("/<kind>/since")
async def since(request, kind):
    if kind == "none":
        raise InvalidUsage("kind")
    return json({"kind": kind, "since": arrow.utcnow().shift(days=-1).humanize()})


@measures.get("/export")
async def export(request):
    from io import BytesIO

    from openpyxl import Workbook
    from sanic import raw

    book = Workbook()
    for row in await _last(request.app):
        book.active.append(msgspec.structs.astuple(row))
    out = BytesIO()
    book.save(out)
    if settings.BUCKET:
        import boto3

        boto3.client("s3").put_object(Bucket=settings.BUCKET, Key="one.xlsx", Body=out.getvalue())
    return raw(out.getvalue())
""",
        "app/pollen/pages.py": """from datetime import date

import httpx
from icalendar import Calendar, Event
from sanic import Blueprint, raw, text
from sanic_ext import render

from pollen.forecast import forecast

pages = Blueprint("pages")


@pages.get("/")
async def index(request):
    return await render("index.html", context={"days": forecast()})


@pages.get("/season.ics")
async def season(request):
    calendar = Calendar()
    event = Event()
    event.add("summary", "Birch")
    event.add("dtstart", date(2026, 4, 1))
    calendar.add_component(event)
    return raw(calendar.to_ical(), content_type="text/calendar")


@pages.get("/weather")
async def weather(request):
    try:
        async with httpx.AsyncClient(timeout=1) as client:
            answer = await client.get("http://127.0.0.1:11306/health")
    except httpx.HTTPError as error:
        return text(str(error), status=502)
    return text(answer.text)


@pages.get("/fail")
async def fail(request):
    raise ValueError("on purpose")
""",
        "app/pollen/forecast.py": """import arrow


def forecast():
    return [day.format("dddd", locale="de") for day in arrow.Arrow.range("day", arrow.utcnow(), limit=3)]
""",
        "app/pollen/templates/index.html": "<h1>Pollen</h1>{% for day in days %}<p>{{ day }}</p>{% endfor %}\n",
    },
    asks=tuple(
        f"http://127.0.0.1:11306/{path}"
        for path in (
            *("", "health", "docs", "docs/openapi.json", "measures/", "measures/birch/since", "measures/none/since"),
            *("measures/export", "auth/me", "season.ics", "weather", "fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:11306/measures/", '{"kind": "birch", "grains": 5}'),
        ("http://127.0.0.1:11306/measures/", '{"kind": 1}'),
        ("http://127.0.0.1:11306/auth/login", '{"name": "a", "password": "one-two-three"}'),
        ("http://127.0.0.1:11306/auth/login", '{"name": "a", "password": "no"}'),
    ),
    seconds=30,
)

MAGAZINE = Recipe(
    name="magazine",
    packages=(*PYTHON, *_TOOLS, "gettext-base"),
    env=PRODUCTION_PYTHON
    | {
        "DJANGO_SETTINGS_MODULE": "magazine.settings.production",
        "SECRET_KEY": "one-long-secret-for-all-of-it",
        "DATABASE_URL": "sqlite:////tmp/magazine.db",
        "PORT": "11307",
    },
    entrypoint=("/app/docker-entrypoint.sh",),
    cmd=("gunicorn", "magazine.wsgi:application", "--workers", "1", "--threads", "2", "--bind", "127.0.0.1:11307"),
    python=(
        *("wagtail==7.*", "django==5.2.*", "gunicorn", "whitenoise", "dj-database-url", "django-storages[s3]"),
        *("wagtail-markdown", "wagtail-metadata", "wagtailmenus", "django-environ", "psycopg[binary]", "django-redis"),
        *(
            "django-csp",
            "django-anymail",
            "sentry-sdk[django]",
            "elasticsearch==8.*",
            "django-htmx",
            "django-simple-captcha",
        ),
        *("wagtail-font-awesome-svg", "django-recaptcha", "feedparser", "beautifulsoup4", "requests", "celery"),
    ),
    files=HOSTS
    | {
        "app/docker-entrypoint.sh": """#!/bin/sh
set -e
if [ "$1" = gunicorn ]; then
  python manage.py migrate --noinput
  python manage.py fill
fi
exec "$@"
""",
        "app/manage.py": """#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "magazine.settings.dev")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
""",
        "app/magazine/__init__.py": "",
        "app/magazine/settings/__init__.py": "",
        "app/magazine/settings/base.py": """from pathlib import Path

import environ

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = env("SECRET_KEY", default="none")
INSTALLED_APPS = [
    "home",
    "search",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.sitemaps",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.api.v2",
    "wagtail",
    "wagtailmarkdown",
    "wagtailmetadata",
    "modelcluster",
    "taggit",
    "rest_framework",
    "django_htmx",
    "captcha",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
ROOT_URLCONF = "magazine.urls"
WSGI_APPLICATION = "magazine.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]
DATABASES = {"default": env.db("DATABASE_URL", default="sqlite:////tmp/dev.db")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_ROOT = "/app/static"
STATIC_URL = "/static/"
MEDIA_ROOT = "/tmp/media"
MEDIA_URL = "/media/"
USE_TZ = True
WAGTAIL_SITE_NAME = "Magazine"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:11307"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
""",
        "app/magazine/settings/dev.py": """from magazine.settings.base import *  # noqa: F403

DEBUG = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
""",
        "app/magazine/settings/production.py": """from magazine.settings.base import *  # noqa: F403
from magazine.settings.base import env

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["*"])
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if env("AWS_STORAGE_BUCKET_NAME", default=None):
    STORAGES["default"]["BACKEND"] = "storages.backends.s3.S3Storage"
if env("REDIS_URL", default=None):
    CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": env("REDIS_URL")}}
if env("MAILGUN_KEY", default=None):
    EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
if env("ELASTICSEARCH_URL", default=None):
    WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "wagtail.search.backends.elasticsearch8", "URLS": [env("ELASTICSEARCH_URL")]}
    }
if env("SENTRY_DSN", default=None):
    import sentry_sdk

    sentry_sdk.init(dsn=env("SENTRY_DSN"))
""",
        "app/magazine/wsgi.py": """import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "magazine.settings.production")
application = get_wsgi_application()
""",
        "app/magazine/api.py": """from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.api.v2.views import PagesAPIViewSet
from wagtail.documents.api.v2.views import DocumentsAPIViewSet
from wagtail.images.api.v2.views import ImagesAPIViewSet

api_router = WagtailAPIRouter("wagtailapi")
api_router.register_endpoint("pages", PagesAPIViewSet)
api_router.register_endpoint("images", ImagesAPIViewSet)
api_router.register_endpoint("documents", DocumentsAPIViewSet)
""",
        "app/magazine/urls.py": """from django.contrib import admin
from django.http import JsonResponse
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.contrib.sitemaps.views import sitemap
from wagtail.documents import urls as wagtaildocs_urls

from home.feeds import Latest
from magazine.api import api_router
from search.views import search

urlpatterns = [
    path("health", lambda request: JsonResponse({"up": True})),
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("captcha/", include("captcha.urls")),
    path("api/v2/", api_router.urls),
    path("search/", search, name="search"),
    path("feed/", Latest()),
    path("sitemap.xml", sitemap),
    path("", include(wagtail_urls)),
]
""",
        "app/magazine/templates/404.html": "<p>not found</p>\n",
        "app/magazine/templates/500.html": "<p>failed</p>\n",
        "app/home/__init__.py": "",
        "app/home/apps.py": """from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    default_auto_field = "django.db.models.BigAutoField"
""",
        "app/home/migrations/__init__.py": "",
        "app/home/models.py": """from django.db import models
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail import blocks
from wagtail.admin.panels import FieldPanel
from wagtail.api import APIField
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page
from wagtail.search import index
from wagtailmarkdown.fields import MarkdownField
from wagtailmetadata.models import MetadataPageMixin
from modelcluster.contrib.taggit import ClusterTaggableManager


class HomePage(Page):
    intro = RichTextField(blank=True)
    content_panels = [*Page.content_panels, FieldPanel("intro")]


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey("home.ArticlePage", related_name="tagged_items", on_delete=models.CASCADE)


class ArticlePage(MetadataPageMixin, Page):
    text = MarkdownField(blank=True)
    body = StreamField([("heading", blocks.CharBlock()), ("image", ImageChooserBlock())], blank=True)
    tags = ClusterTaggableManager(through=ArticleTag, blank=True)
    content_panels = [*Page.content_panels, FieldPanel("text"), FieldPanel("body"), FieldPanel("tags")]
    search_fields = [*Page.search_fields, index.SearchField("text")]
    api_fields = [APIField("text"), APIField("tags")]
""",
        "app/home/feeds.py": """from django.contrib.syndication.views import Feed

from home.models import ArticlePage


class Latest(Feed):
    title = "Magazine"
    link = "/feed/"

    def items(self):
        return ArticlePage.objects.live().order_by("-first_published_at")[:5]

    def item_title(self, item):
        return item.title

    def item_link(self, item):
        return item.full_url or "/"
""",
        "app/home/importer.py": """import feedparser
import requests
from bs4 import BeautifulSoup


def articles(address):
    for entry in feedparser.parse(requests.get(address, timeout=5).content).entries:
        yield entry.title, BeautifulSoup(entry.summary, "html.parser").get_text()
""",
        "app/home/management/__init__.py": "",
        "app/home/management/commands/__init__.py": "",
        "app/home/management/commands/fill.py": """from django.contrib.auth import get_user_model
from django.core.management import BaseCommand
from wagtail.models import Page, Site

from home.models import ArticlePage, HomePage


class Command(BaseCommand):
    def handle(self, *args, **options):
        if HomePage.objects.exists():
            return
        root = Page.objects.get(depth=1)
        home = root.add_child(instance=HomePage(title="Magazine", slug="magazine"))
        article = ArticlePage(title="One", slug="one", text="# One\\n\\n*two*")
        home.add_child(instance=article)
        article.tags.add("first")
        article.save_revision().publish()
        Site.objects.update(root_page=home)
        get_user_model().objects.create_superuser("a", "a@shop.example.com", "one-two-three")
""",
        "app/home/management/commands/import_feed.py": """from django.core.management import BaseCommand

from home.importer import articles


class Command(BaseCommand):
    def handle(self, *args, **options):
        for title, text in articles("https://shop.example.com/feed"):
            self.stdout.write(f"{title}: {len(text)}")
""",
        "app/home/templates/home/base.html": "{% load static wagtailuserbar wagtailmetadata_tags %}<!doctype html>"
        "<title>{{ page.title }}</title>{% block meta %}{% endblock %}{% block content %}{% endblock %}\n",
        "app/home/templates/home/home_page.html": '{% extends "home/base.html" %}{% load wagtailcore_tags %}'
        "{% block content %}<h1>{{ page.title }}</h1>{{ page.intro|richtext }}{% for one in page.get_children.live %}"
        '<a href="{% pageurl one %}">{{ one.title }}</a>{% endfor %}{% endblock %}\n',
        "app/home/templates/home/article_page.html": '{% extends "home/base.html" %}'
        "{% load wagtailcore_tags wagtailmarkdown wagtailmetadata_tags %}{% block meta %}{% meta_tags %}{% endblock %}"
        "{% block content %}{{ page.text|markdown }}{% include_block page.body %}{% endblock %}\n",
        "app/search/__init__.py": "",
        "app/search/views.py": """from django.core.paginator import Paginator
from django.http import JsonResponse
from wagtail.models import Page


def search(request):
    words = request.GET.get("query")
    found = Page.objects.live().search(words) if words else Page.objects.none()
    page = Paginator(found, 10).get_page(request.GET.get("page"))
    return JsonResponse({"found": [one.title for one in page], "partial": bool(request.htmx)})
""",
    },
    prepare=(
        "cd /app && export PATH=/opt/venv/bin:$PATH DJANGO_SETTINGS_MODULE=magazine.settings.production && "
        "export PYTHONDONTWRITEBYTECODE=1 && "
        "python manage.py makemigrations home && python manage.py collectstatic --noinput",
    ),
    asks=tuple(
        f"http://127.0.0.1:11307/{path}"
        for path in (
            *("", "one/", "health", "api/v2/pages/", "api/v2/pages/?type=home.ArticlePage&fields=*", "api/v2/images/"),
            *("search/?query=one", "feed/", "sitemap.xml", "admin/login/", "django-admin/login/", "captcha/refresh/"),
            *("captcha/image/none/", "no/"),
        )
    ),
    sends=(("http://127.0.0.1:11307/admin/login/", "username=a&password=one-two-three"),),
    seconds=60,
)

PYTHON_SERVICES = (POLLEN, MAGAZINE)
