"""The twenty-sixth set's web applications of Python on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "curl", "netbase", "tzdata", "tini", "gosu")

APPBUILDER = Recipe(
    name="appbuilder",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"FLASK_APP": "shop:create_app()", "ADMIN_PASSWORD": "one"},
    entrypoint=("/app/docker-entrypoint.sh",),
    cmd=("web",),
    python=("flask-appbuilder<5", "gunicorn", "pillow", "psycopg2-binary", "authlib", "ldap3", "gevent"),
    files=HOSTS
    | {
        "app/docker-entrypoint.sh": """#!/usr/bin/env bash
set -eo pipefail

case "${1}" in
  web)
    flask fab create-admin --username admin --firstname a --lastname b --email a@shop.example \\
      --password "${ADMIN_PASSWORD}" || true
    exec gunicorn --bind 127.0.0.1:10421 --workers 1 --worker-class gthread --threads 4 --limit-request-line 0 \\
      --worker-tmp-dir /dev/shm 'shop:create_app()'
    ;;
  worker) exec celery --app=shop.tasks worker ;;
  *) exec "$@" ;;
esac
""",
        "app/config.py": """import os

from flask_appbuilder.security.manager import AUTH_DB

SECRET_KEY = "one"
SQLALCHEMY_DATABASE_URI = os.environ.get("DATABASE_URL", "sqlite:////tmp/shop.sqlite3")
AUTH_TYPE = AUTH_DB
APP_NAME = "Shop"
FAB_API_SWAGGER_UI = True
""",
        "app/shop/__init__.py": """from flask import Flask
from flask_appbuilder import SQLA, AppBuilder

db = SQLA()
appbuilder = AppBuilder()


def create_app():
    app = Flask(__name__)
    app.config.from_object("config")
    db.init_app(app)
    with app.app_context():
        appbuilder.init_app(app, db.session)
        from shop import views  # noqa: F401

        db.create_all()
    return app
""",
        "app/shop/models.py": """from flask_appbuilder import Model
from sqlalchemy import Column, Integer, String


class Order(Model):
    id = Column(Integer, primary_key=True)
    name = Column(String(50), nullable=False)
""",
        "app/shop/views.py": """from flask_appbuilder import ModelView
from flask_appbuilder.api import ModelRestApi
from flask_appbuilder.models.sqla.interface import SQLAInterface

from shop import appbuilder
from shop.models import Order


class OrderView(ModelView):
    datamodel = SQLAInterface(Order)
    list_columns = ["name"]


class OrderApi(ModelRestApi):
    resource_name = "order"
    datamodel = SQLAInterface(Order)
    allow_browser_login = True


appbuilder.add_view(OrderView, "Orders", icon="fa-list", category="Shop")
appbuilder.add_api(OrderApi)
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10421/{path}"
        for path in ("", "login/", "api/v1/_openapi", "api/v1/order/", "swagger/v1", "orderview/list/", "no")
    ),
    sends=(
        ("http://127.0.0.1:10421/api/v1/security/login", '{"username": "admin", "password": "one", "provider": "db"}'),
    ),
    seconds=25,
)

DESK = Recipe(
    name="desk",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"SETTINGS": "desk.settings.Production", "DATABASE_URL": "sqlite:////tmp/desk.sqlite3"},
    entrypoint=("tini", "--", "/app/entrypoint.sh"),
    cmd=("gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"),
    python=(
        *("flask", "flask-admin", "flask-sqlalchemy", "flask-migrate", "flask-login", "flask-babel", "flask-caching"),
        *("flask-mailman", "flask-limiter", "flask-wtf", "wtforms-sqlalchemy", "gunicorn", "gevent", "celery"),
        *("redis", "python-dotenv", "pillow", "tablib", "openpyxl", "flask-debugtoolbar", "pymysql"),
    ),
    files=HOSTS
    | {
        "app/entrypoint.sh": """#!/bin/sh
set -e
if [ "$(id -u)" = 0 ]; then
  mkdir -p /tmp/desk
  chown -R www-data /tmp/desk
  exec gosu www-data "$0" "$@"
fi
exec "$@"
""",
        "app/gunicorn.conf.py": 'bind = "127.0.0.1:10422"\nworker_class = "gevent"\nworkers = 1\n'
        "preload_app = True\n\n\n"
        'def on_starting(server):\n    server.log.info("soon")\n',
        "app/wsgi.py": "from desk import create_app\n\napp = create_app()\n",
        "app/desk/settings.py": """import os


class Base:
    SECRET_KEY = "one"
    SQLALCHEMY_DATABASE_URI = "sqlite://"
    CACHE_TYPE = "SimpleCache"
    RATELIMIT_STORAGE_URI = "memory://"
    BABEL_DEFAULT_LOCALE = "de"


class Production(Base):
    SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"]
    MAIL_BACKEND = "dummy"


class Local(Base):
    CACHE_TYPE = "RedisCache"
    MAIL_BACKEND = "smtp"
""",
        "app/desk/extensions.py": """from flask_admin import Admin
from flask_babel import Babel
from flask_caching import Cache
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

admin = Admin(name="Desk")
babel = Babel()
cache = Cache()
db = SQLAlchemy()
limiter = Limiter(get_remote_address, default_limits=["1000 per minute"])
mail = Mail()
migrate = Migrate()
""",
        "app/desk/__init__.py": """import os

from flask import Flask

from desk.extensions import admin, babel, cache, db, limiter, mail, migrate


def create_app():
    app = Flask(__name__)
    app.config.from_object(os.environ["SETTINGS"])
    for extension in (admin, babel, cache, limiter, mail, db):
        extension.init_app(app)
    migrate.init_app(app, db)
    from desk.views import pages

    app.register_blueprint(pages)
    if app.debug:
        from flask_debugtoolbar import DebugToolbarExtension

        DebugToolbarExtension(app)
    with app.app_context():
        db.create_all()
    return app
""",
        "app/desk/models.py": """from desk.extensions import db


class Ticket(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    title = db.Column(db.String(50), nullable=False)
""",
        "app/desk/views.py": """from flask import Blueprint, jsonify, render_template, request
from flask_admin.contrib.sqla import ModelView
from flask_babel import format_currency
from flask_mailman import EmailMessage

from desk.extensions import admin, cache, db
from desk.models import Ticket

pages = Blueprint("pages", __name__, template_folder="templates")
admin.add_view(ModelView(Ticket, db.session))


@pages.get("/")
@cache.cached(timeout=1)
def index():
    return render_template("index.html", tickets=Ticket.query.limit(5).all(), total=format_currency(3, "EUR"))


@pages.post("/tickets")
def add():
    ticket = Ticket(title=request.get_json()["title"])
    db.session.add(ticket)
    db.session.commit()
    EmailMessage("New", ticket.title, "a@shop.example", ["b@shop.example"]).send()
    return jsonify(id=ticket.id), 201


@pages.get("/export")
def export():
    import tablib

    return tablib.Dataset(["one", 1], headers=["a", "b"]).export(request.args.get("as", "csv"))
""",
        "app/desk/templates/index.html": "<h1>Desk</h1>"
        "{% for one in tickets %}{{ one.title }}{% endfor %}{{ total }}\n",
    },
    asks=tuple(
        f"http://127.0.0.1:10422/{path}"
        for path in ("", "admin/", "admin/ticket/", "admin/ticket/new/", "export", "export?as=xlsx", "no")
    ),
    sends=(("http://127.0.0.1:10422/tickets", '{"title": "one"}'), ("http://127.0.0.1:10422/tickets", "{}")),
    seconds=22,
)

SQLADMIN = Recipe(
    name="sqladmin",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"DATABASE_URL": "sqlite+aiosqlite:////tmp/shop.sqlite3", "GRANIAN_PORT": "10423"},
    entrypoint=("tini", "--", "/app/prestart.sh"),
    cmd=("granian", "--interface", "asgi", "--workers", "1", "shop.main:app"),
    python=(
        *("fastapi", "sqladmin", "sqlalchemy[asyncio]", "alembic", "aiosqlite", "asyncpg", "granian", "orjson"),
        *("pydantic-settings", "itsdangerous", "python-multipart", "fastapi-pagination", "structlog", "httpx", "arq"),
        *("passlib[bcrypt]", "prometheus-fastapi-instrumentator", "sentry-sdk", "pytest", "ruff"),
    ),
    files=HOSTS
    | {
        "app/prestart.sh": '#!/bin/sh\nset -e\nalembic upgrade head\nexec "$@"\n',
        "app/alembic.ini": "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n",
        "app/migrations/script.py.mako": '"""${message}"""\n',
        "app/migrations/env.py": """import asyncio

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

from shop.models import Base
from shop.settings import settings


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


async def main():
    engine = create_async_engine(settings.database_url)
    async with engine.connect() as connection:
        await connection.run_sync(run)


asyncio.run(main())
""",
        "app/migrations/versions/one.py": """import sqlalchemy as sa
from alembic import op

revision = "one"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(30)))


def downgrade():
    op.drop_table("orders")
""",
        "app/shop/__init__.py": "",
        "app/shop/settings.py": """from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    sentry_dsn: str | None = None


settings = Settings()
""",
        "app/shop/models.py": """from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30))
""",
        "app/shop/main.py": """from contextlib import asynccontextmanager

import structlog
from fastapi import Depends, FastAPI
from fastapi_pagination import Page, add_pagination
from fastapi_pagination.ext.sqlalchemy import paginate
from prometheus_fastapi_instrumentator import Instrumentator
from pydantic import BaseModel, ConfigDict
from sqladmin import Admin, ModelView
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.models import Order
from shop.settings import settings

if settings.sentry_dsn:
    import sentry_sdk

    sentry_sdk.init(settings.sentry_dsn)
log = structlog.get_logger()
engine = create_async_engine(settings.database_url)
session = async_sessionmaker(engine, expire_on_commit=False)


@asynccontextmanager
async def lifespan(app):
    log.info("ready")
    yield
    await engine.dispose()


async def database():
    async with session() as one:
        yield one


class OrderIn(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    name: str


class OrderAdmin(ModelView, model=Order):
    column_list = [Order.id, Order.name]


app = FastAPI(lifespan=lifespan)
Instrumentator().instrument(app).expose(app)
Admin(app, engine).add_view(OrderAdmin)


@app.get("/orders")
async def orders(db: AsyncSession = Depends(database)) -> Page[OrderIn]:
    return await paginate(db, select(Order))


@app.post("/orders", status_code=201)
async def create(order: OrderIn, db: AsyncSession = Depends(database)) -> OrderIn:
    db.add(Order(name=order.name))
    await db.commit()
    return order


add_pagination(app)
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10423/{path}"
        for path in (
            "orders",
            "admin/",
            "admin/order/list",
            "admin/order/create",
            "docs",
            "openapi.json",
            "metrics",
            "no",
        )
    ),
    sends=(("http://127.0.0.1:10423/orders", '{"name": "one"}'), ("http://127.0.0.1:10423/orders", "{}")),
    seconds=22,
)

_CMS_SETTINGS = """import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
SITE_ID = 1
ROOT_URLCONF = "site_of_shop.urls"
WSGI_APPLICATION = "site_of_shop.wsgi.application"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
USE_TZ = True
CMS_CONFIRM_VERSION4 = True
X_FRAME_OPTIONS = "SAMEORIGIN"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "djangocms_admin_style",
    *(f"django.contrib.{name}" for name in ("auth", "contenttypes", "sessions", "messages", "staticfiles", "admin")),
    "django.contrib.sites",
    "cms",
    "menus",
    "treebeard",
    "sekizai",
    "easy_thumbnails",
    "filer",
    "djangocms_text",
    "djangocms_alias",
    "djangocms_versioning",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "cms.middleware.user.CurrentUserMiddleware",
    "cms.middleware.page.CurrentPageMiddleware",
    "cms.middleware.toolbar.ToolbarMiddleware",
    "cms.middleware.language.LanguageCookieMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.template.context_processors.static",
                "sekizai.context_processors.sekizai",
                "cms.context_processors.cms_settings",
            ]
        },
    }
]
CMS_TEMPLATES = [("page.html", "Page")]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/cms.sqlite3"}}
STATIC_URL = "/static/"
STATIC_ROOT = "/tmp/static"
MEDIA_ROOT = "/tmp/media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
if os.environ.get("BUCKET"):
    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage"}
"""
DJANGO_CMS = Recipe(
    name="django-cms",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"DJANGO_SETTINGS_MODULE": "site_of_shop.settings", "SECRET_KEY": "one"},
    entrypoint=("/app/entrypoint.sh",),
    cmd=("gunicorn", "site_of_shop.wsgi", "--bind", "127.0.0.1:10424", "--max-requests", "500"),
    python=(
        *("django<6", "django-cms>=5,<6", "djangocms-text", "djangocms-alias", "djangocms-versioning", "django-filer"),
        *("djangocms-admin-style", "easy-thumbnails", "whitenoise", "gunicorn", "psycopg2-binary", "django-storages"),
        *("boto3", "django-redis", "pillow", "django-classy-tags"),
    ),
    files=HOSTS
    | {
        "app/entrypoint.sh": """#!/bin/bash
set -euo pipefail

if [ "$(id -u)" = '0' ]; then
    exec gosu www-data "$BASH_SOURCE" "$@"
fi
python manage.py migrate --noinput
exec "$@"
""",
        "app/manage.py": "#!/usr/bin/env python\nimport sys\n\n"
        "from django.core.management import execute_from_command_line\n\n"
        "execute_from_command_line(sys.argv)\n",
        "app/site_of_shop/__init__.py": "",
        "app/site_of_shop/settings.py": _CMS_SETTINGS,
        "app/site_of_shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\n"
        "application = get_wsgi_application()\n",
        "app/site_of_shop/urls.py": """from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = i18n_patterns(path("admin/", admin.site.urls), path("", include("cms.urls")))
""",
        "app/templates/page.html": "{% load cms_tags sekizai_tags %}<html>{% render_block 'css' %}<body>"
        "{% cms_toolbar %}"
        "{% placeholder 'content' %}{% render_block 'js' %}</body></html>\n",
    },
    asks=tuple(f"http://127.0.0.1:10424/{path}" for path in ("", "en/", "en/admin/login/", "de/admin/login/", "no")),
    sends=(("http://127.0.0.1:10424/en/admin/login/", "username=a&password=b"),),
    hangup=True,
    seconds=60,
)

EMMETT = Recipe(
    name="emmett",
    packages=(*PYTHON, "ca-certificates", "tzdata"),
    env=PRODUCTION_PYTHON,
    cmd=("emmett", "-a", "shop", "serve", "--host", "127.0.0.1", "--port", "10425", "--workers", "1"),
    python=("emmett", "emmett-rest", "pyyaml", "cryptography", "psycopg2-binary", "pymysql", "redis"),
    files=HOSTS
    | {
        "app/shop.py": """from emmett import App, request, session
from emmett.orm import Database, Field, Model
from emmett.sessions import SessionManager
from emmett.tools import service

app = App(__name__)
app.config.db.uri = "sqlite:///tmp/emmett.sqlite"
app.config.db.adapter = "sqlite"
app.config.db.database = "/tmp/emmett.sqlite"


class Order(Model):
    name = Field()
    validation = {"name": {"presence": True}}


db = Database(app, auto_migrate=True)
db.define_models(Order)
app.pipeline = [SessionManager.cookies("one"), db.pipe]


@app.route("/")
async def index():
    session.seen = (session.seen or 0) + 1
    return {"orders": Order.all().select(paginate=(1, 5))}


@app.route("/orders", methods="get")
@service.json
async def orders():
    return {"orders": [one.name for one in Order.all().select()]}


@app.route("/new", methods="post")
@service.json
async def new():
    params = await request.body_params
    one = Order.create(name=params.name)
    return {"errors": one.errors.as_dict()}


@app.command("report")
def report():
    import yaml

    print(yaml.safe_dump({"orders": 1}))
""",
        "app/templates/index.html": "<h1>Shop</h1>{{for one in orders:}}<p>{{=one.name}}</p>{{pass}}\n",
        "app/static/robots.txt": "User-agent: *\n",
    },
    asks=tuple(f"http://127.0.0.1:10425/{path}" for path in ("", "orders", "static/robots.txt", "no")),
    sends=(("http://127.0.0.1:10425/new", '{"name": "one"}'), ("http://127.0.0.1:10425/new", "{}")),
    seconds=18,
)

PY4WEB = Recipe(
    name="py4web",
    packages=(*PYTHON, "ca-certificates", "dumb-init"),
    env=PRODUCTION_PYTHON,
    entrypoint=("dumb-init", "--"),
    cmd=("py4web", "run", "apps", "--host", "127.0.0.1", "--port", "10426", "--dashboard_mode", "none"),
    python=("py4web", "psycopg2-binary", "pillow", "google-cloud-storage"),
    files=HOSTS
    | {
        "app/apps/__init__.py": "",
        "app/apps/_default/__init__.py": """from py4web import action, redirect, request
from pydal.validators import IS_NOT_EMPTY
from yatl.helpers import H1

from .common import db


@action("index")
@action.uses("index.html", db)
def index():
    return {"orders": db(db.orders).select(limitby=(0, 5)), "title": H1("Shop")}


@action("orders", method=["GET", "POST"])
@action.uses(db)
def orders():
    if request.method == "POST":
        return db.orders.validate_and_insert(**(request.json or {}))
    return {"orders": db(db.orders).select().as_list()}


@action("sheet")
def sheet():
    from google.cloud import storage

    return str(storage)


@action("fail")
def fail():
    raise RuntimeError("on purpose")
""",
        "app/apps/_default/common.py": """import os

from py4web import DAL, Field
from pydal.validators import IS_NOT_EMPTY

os.makedirs("/tmp/db", exist_ok=True)
db = DAL("sqlite://shop.sqlite", folder="/tmp/db", pool_size=1)
db.define_table("orders", Field("name", requires=IS_NOT_EMPTY()))
db.commit()
""",
        "app/apps/_default/templates/index.html": "[[=title]][[for one in orders:]]<p>[[=one.name]]</p>[[pass]]\n",
        "app/apps/_default/static/robots.txt": "User-agent: *\n",
        "app/apps/mailer/__init__.py": 'from py4web import action\n\n\n@action("index")\n'
        'def index():\n    return "mail"\n',
    },
    asks=tuple(
        f"http://127.0.0.1:10426/{path}"
        for path in ("", "index", "orders", "mailer/index", "static/robots.txt", "fail", "no")
    ),
    sends=(("http://127.0.0.1:10426/orders", '{"name": "one"}'), ("http://127.0.0.1:10426/orders", "{}")),
    seconds=20,
)

IHATEMONEY = Recipe(
    name="ihatemoney",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"SECRET_KEY": "one", "PORT": "10427"},
    folder="/src",
    entrypoint=("/entrypoint.sh",),
    python=("ihatemoney", "gunicorn", "psycopg2-binary", "pymysql"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash

set -eux
mkdir -p /etc/ihatemoney
cat <<EOF >/tmp/ihatemoney.cfg
DEBUG = False
ACTIVATE_ADMIN_DASHBOARD = True
ADMIN_PASSWORD = ""
SQLALCHEMY_DATABASE_URI = "${SQLALCHEMY_DATABASE_URI:-sqlite:////tmp/ihatemoney.db}"
SQLALCHEMY_TRACK_MODIFICATIONS = False
SECRET_KEY = "$SECRET_KEY"
ACTIVATE_DEMO_PROJECT = True
ENABLE_CAPTCHA = False
EOF
export IHATEMONEY_SETTINGS_FILE_PATH=/tmp/ihatemoney.cfg
exec gunicorn ihatemoney.wsgi:application -b "127.0.0.1:$PORT" "$@"
""",
    },
    asks=tuple(f"http://127.0.0.1:10427/{path}" for path in ("", "create", "demo/", "dashboard", "authenticate", "no")),
    sends=(
        (
            "http://127.0.0.1:10427/api/projects",
            '{"name": "one", "id": "one", "password": "o", "contact_email": "a@b.cd"}',
        ),
    ),
    seconds=25,
)

PYTHON_APPS = (APPBUILDER, DESK, SQLADMIN, DJANGO_CMS, EMMETT, PY4WEB, IHATEMONEY)
