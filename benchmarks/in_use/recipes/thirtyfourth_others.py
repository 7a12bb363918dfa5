"""The thirty-fourth set's services of Python and Ruby on slim bases."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

PORTAL = Recipe(
    name="portal",
    packages=(*PYTHON, *_TOOLS, "libpango-1.0-0"),
    env=PRODUCTION_PYTHON | {"PORT": "10821", "DATABASE_URL": "sqlite:////tmp/portal.db", "SECRET_KEY": "one"},
    cmd=("gunicorn", "portal.wsgi:app"),
    python=(
        *("flask", "flask-security-too[common,fsqla]", "flask-babel", "flask-mailman", "flask-session[cachelib]"),
        *(
            "gunicorn",
            "gevent",
            "packaging",
            "python-barcode",
            "segno",
            "docxtpl",
            "xlsxwriter",
            "pendulum",
            "user-agents",
        ),
        *("prometheus-flask-exporter", "authlib", "stripe", "mailjet-rest", "rollbar", "phonenumberslite", "babel"),
        *("google-cloud-secret-manager", "psycopg2-binary", "ldap3", "python-dotenv", "markdown", "feedgen"),
        "pycountry",
    ),
    files=HOSTS
    | {
        "app/gunicorn.conf.py": """import os

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
worker_class = "gevent"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
accesslog = "-"
max_requests = 5000


def post_worker_init(worker):
    worker.log.info("ready %s", worker.pid)
""",
        "app/portal/__init__.py": """import os

from flask import Flask
from prometheus_flask_exporter import PrometheusMetrics

from portal.extensions import babel, db, mail, security, session
from portal.locales import locale
from portal.models import Role, User, datastore


def create_app():
    app = Flask(__name__)
    app.config.from_object("portal.settings")
    app.config.from_prefixed_env("PORTAL")
    db.init_app(app)
    mail.init_app(app)
    session.init_app(app)
    babel.init_app(app, locale_selector=locale)
    security.init_app(app, datastore)
    PrometheusMetrics(app)
    if os.environ.get("ROLLBAR_TOKEN"):
        import rollbar

        rollbar.init(os.environ["ROLLBAR_TOKEN"])
    from portal.views import documents, home, payments

    for module in (home, documents, payments):
        app.register_blueprint(module.blueprint)
    with app.app_context():
        db.create_all()
    return app
""",
        "app/portal/wsgi.py": "from portal import create_app\n\napp = create_app()\n",
        "app/portal/settings.py": """import os

from cachelib import FileSystemCache
from dotenv import load_dotenv

load_dotenv()


def _secret(name):
    if not os.environ.get("GOOGLE_PROJECT"):
        return os.environ.get(name, "none")
    from google.cloud import secretmanager

    client = secretmanager.SecretManagerServiceClient()
    path = f"projects/{os.environ['GOOGLE_PROJECT']}/secrets/{name}/versions/latest"
    return client.access_secret_version(name=path).payload.data.decode()


SECRET_KEY = os.environ["SECRET_KEY"]
SECURITY_PASSWORD_SALT = "one"
SECURITY_REGISTERABLE = True
SECURITY_SEND_REGISTER_EMAIL = False
SECURITY_TRACKABLE = True
SQLALCHEMY_DATABASE_URI = os.environ["DATABASE_URL"]
SESSION_TYPE = "cachelib"
SESSION_CACHELIB = FileSystemCache("/tmp/sessions")
MAIL_BACKEND = "console"
WTF_CSRF_ENABLED = False
STRIPE_KEY = _secret("STRIPE_KEY")
""",
        "app/portal/extensions.py": """from flask_babel import Babel
from flask_mailman import Mail
from flask_security import Security
from flask_session import Session
from flask_sqlalchemy import SQLAlchemy

babel = Babel()
db = SQLAlchemy()
mail = Mail()
security = Security()
session = Session()
""",
        "app/portal/models.py": """from flask_security import SQLAlchemyUserDatastore
from flask_security.models import fsqla_v3 as fsqla

from portal.extensions import db

fsqla.FsModels.set_db_info(db)


class Role(db.Model, fsqla.FsRoleMixin):
    pass


class User(db.Model, fsqla.FsUserMixin):
    pass


datastore = SQLAlchemyUserDatastore(db, User, Role)
""",
        "app/portal/locales.py": """from flask import request


def locale():
    return request.accept_languages.best_match(["de", "en"], "de")
""",
        "app/portal/views/__init__.py": "",
        "app/portal/views/home.py": """import pendulum
from flask import Blueprint, jsonify, render_template, request
from flask_babel import format_currency, format_datetime, gettext
from flask_security import auth_required
from markdown import markdown
from user_agents import parse

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index():
    now = pendulum.now("Europe/Berlin")
    text = markdown(gettext("Welcome to the **portal**"), extensions=["tables"])
    return render_template("index.html", text=text, when=format_datetime(now), price=format_currency(12.5, "EUR"))


@blueprint.get("/health")
def health():
    return jsonify(up=True, browser=str(parse(request.user_agent.string)))


@blueprint.get("/me")
@auth_required("token", "session")
def me():
    return jsonify(name="me")


@blueprint.get("/countries")
def countries():
    import pycountry

    return jsonify([country.alpha_2 for country in pycountry.countries][:5])


@blueprint.get("/fail")
def fail():
    raise ValueError("on purpose")
""",
        "app/portal/views/documents.py": """from io import BytesIO

import barcode
import segno
import xlsxwriter
from barcode.writer import SVGWriter
from flask import Blueprint, request, send_file

blueprint = Blueprint("documents", __name__, url_prefix="/documents")


@blueprint.get("/label/<number>")
def label(number):
    out = BytesIO()
    barcode.get("code128", number, writer=SVGWriter()).write(out)
    out.seek(0)
    return send_file(out, mimetype="image/svg+xml")


@blueprint.get("/code")
def code():
    out = BytesIO()
    segno.make(request.args.get("text", "one")).save(out, kind="png")
    out.seek(0)
    return send_file(out, mimetype="image/png")


@blueprint.get("/list.xlsx")
def sheet():
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.add_worksheet().write_row(0, 0, ["a", 1])
    out.seek(0)
    return send_file(out, download_name="list.xlsx")


@blueprint.post("/letter")
def letter():
    from docxtpl import DocxTemplate

    template = DocxTemplate(request.files["file"].stream)
    template.render({"name": "a"})
    out = BytesIO()
    template.save(out)
    return send_file(BytesIO(out.getvalue()), download_name="letter.docx")
""",
        "app/portal/views/payments.py": """from flask import Blueprint, current_app, jsonify, request
from flask_mailman import EmailMessage

blueprint = Blueprint("payments", __name__, url_prefix="/payments")


@blueprint.post("")
def pay():
    phone = request.form.get("phone")
    if phone:
        import phonenumbers

        if not phonenumbers.is_valid_number(phonenumbers.parse(phone, "DE")):
            return jsonify(error="phone"), 422
    if current_app.config["STRIPE_KEY"] != "none":
        import stripe

        stripe.PaymentIntent.create(amount=1, currency="eur", api_key=current_app.config["STRIPE_KEY"])
    EmailMessage("Paid", "Thanks", "a@shop.example", ["b@shop.example"]).send()
    return jsonify(paid=True), 201
""",
        "app/portal/templates/index.html": "<h1>{{ _('Portal') }}</h1>{{ text|safe }}<p>{{ when }} {{ price }}</p>\n",
    },
    asks=tuple(
        f"http://127.0.0.1:10821/{path}"
        for path in (
            *("", "health", "me", "login", "register", "countries", "metrics", "documents/label/123"),
            *("documents/code?text=a", "documents/list.xlsx", "fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10821/payments", "phone=030+12345678"),
        ("http://127.0.0.1:10821/payments", "phone=1"),
        ("http://127.0.0.1:10821/register", '{"email": "a@shop.example", "password": "one-long-word-for-it"}'),
        ("http://127.0.0.1:10821/login", '{"email": "a@shop.example", "password": "one-long-word-for-it"}'),
    ),
    seconds=40,
)

STOCKROOM = Recipe(
    name="stockroom",
    packages=(*PYTHON, *_TOOLS, "tini"),
    env=PRODUCTION_PYTHON | {"DJANGO_SETTINGS_MODULE": "config.settings.production", "PORT": "10822"},
    entrypoint=("tini", "--", "/app/docker-entrypoint.sh"),
    cmd=("web",),
    python=(
        *("django<5.3", "django-tables2", "django-money", "django-mptt", "django-taggit", "django-otp", "qrcode"),
        *("django-auditlog", "django-constance", "django-compressor", "django-widget-tweaks", "django-simple-captcha"),
        *("django-phonenumber-field[phonenumberslite]", "django-modeltranslation", "django-storages[s3]", "whitenoise"),
        *("django-redis", "gunicorn", "uvicorn-worker", "psycopg[binary]", "sentry-sdk", "django-anymail", "tablib"),
        *("django-picklefield", "pyexcel-ods3", "django-hijack", "django-silk", "elasticsearch-dsl", "celery"),
    ),
    files=HOSTS
    | {
        "app/docker-entrypoint.sh": """#!/bin/sh
set -e
if [ "${MIGRATE:-1}" = 1 ]; then
  python manage.py migrate --noinput
fi
case "$1" in
  web) exec gunicorn config.wsgi --bind "127.0.0.1:${PORT}" --workers 1 --threads 4 --access-logfile - ;;
  worker) exec celery -A config worker ;;
  *) exec "$@" ;;
esac
""",
        "app/manage.py": """#!/usr/bin/env python
import sys

from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
""",
        "app/config/__init__.py": "",
        "app/config/celery.py": 'from celery import Celery\n\napp = Celery("config")\n',
        "app/config/settings/__init__.py": "",
        "app/config/settings/base.py": """from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECRET_KEY = "one"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "modeltranslation",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tables2",
    "djmoney",
    "mptt",
    "taggit",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "auditlog",
    "constance",
    "constance.backends.database",
    "compressor",
    "widget_tweaks",
    "captcha",
    "phonenumber_field",
    "stock.apps.StockConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "constance.context_processors.config",
            ]
        },
    }
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/stock.db"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
STATIC_URL = "/static/"
STATIC_ROOT = "/app/static"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "compressor.finders.CompressorFinder",
]
CONSTANCE_BACKEND = "constance.backends.database.DatabaseBackend"
CONSTANCE_CONFIG = {"GREETING": ("Hello", "shown on the first page")}
""",
        "app/config/settings/production.py": """import os

from config.settings.base import *  # noqa: F403

DEBUG = False
ALLOWED_HOSTS = ["*"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if os.environ.get("BUCKET"):
    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {"bucket_name": "stock"}}
if os.environ.get("REDIS_URL"):
    CACHES = {"default": {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": os.environ["REDIS_URL"]}}
if os.environ.get("MAILGUN_KEY"):
    EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if os.environ.get("SENTRY_DSN"):
    import sentry_sdk

    sentry_sdk.init(os.environ["SENTRY_DSN"])
LOGGING = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
""",
        "app/config/urls.py": """from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("captcha/", include("captcha.urls")),
    path("", include("stock.urls")),
]
""",
        "app/config/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\n"
        "application = get_wsgi_application()\n",
        "app/stock/__init__.py": "",
        "app/stock/migrations/__init__.py": "",
        "app/stock/apps.py": """from django.apps import AppConfig


class StockConfig(AppConfig):
    name = "stock"

    def ready(self):
        from auditlog.registry import auditlog

        auditlog.register(self.get_model("Article"))
""",
        "app/stock/models.py": """from django.db import models
from djmoney.models.fields import MoneyField
from mptt.models import MPTTModel, TreeForeignKey
from phonenumber_field.modelfields import PhoneNumberField
from taggit.managers import TaggableManager


class Shelf(MPTTModel):
    name = models.CharField(max_length=50)
    parent = TreeForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="children")


class Article(models.Model):
    name = models.CharField(max_length=50)
    price = MoneyField(max_digits=10, decimal_places=2, default_currency="EUR", default=1)
    shelf = models.ForeignKey(Shelf, null=True, blank=True, on_delete=models.SET_NULL)
    supplier = PhoneNumberField(blank=True, region="DE")
    tags = TaggableManager(blank=True)

    def __str__(self):
        return self.name
""",
        "app/stock/translation.py": """from modeltranslation.translator import TranslationOptions, register

from stock.models import Article


@register(Article)
class ArticleOptions(TranslationOptions):
    fields = ("name",)
""",
        "app/stock/admin.py": """from django.contrib import admin
from modeltranslation.admin import TranslationAdmin
from mptt.admin import MPTTModelAdmin

from stock.models import Article, Shelf

admin.site.register(Shelf, MPTTModelAdmin)
admin.site.register(Article, TranslationAdmin)
""",
        "app/stock/tables.py": """import django_tables2 as tables

from stock.models import Article


class ArticleTable(tables.Table):
    class Meta:
        model = Article
        fields = ("name", "price", "shelf")
""",
        "app/stock/forms.py": """from captcha.fields import CaptchaField
from django import forms

from stock.models import Article


class ArticleForm(forms.ModelForm):
    class Meta:
        model = Article
        fields = ("name", "price", "supplier")


class ContactForm(forms.Form):
    text = forms.CharField()
    captcha = CaptchaField()
""",
        "app/stock/urls.py": """from django.urls import path

from stock import views

urlpatterns = [
    path("", views.index),
    path("articles", views.articles),
    path("articles/add", views.add),
    path("articles/export/<kind>", views.export),
    path("contact", views.contact),
    path("fail", views.fail),
]
""",
        "app/stock/views.py": """from constance import config
from django.core.mail import send_mail
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django_tables2 import RequestConfig

from stock.forms import ArticleForm, ContactForm
from stock.models import Article
from stock.tables import ArticleTable


def index(request):
    return render(request, "index.html", {"greeting": config.GREETING})


def articles(request):
    table = ArticleTable(Article.objects.order_by("-id")[:5])
    RequestConfig(request).configure(table)
    return render(request, "articles.html", {"table": table})


@csrf_exempt
def add(request):
    form = ArticleForm({"price_0": "2", "price_1": "EUR"} | request.POST.dict())
    if not form.is_valid():
        return JsonResponse(form.errors, status=422)
    article = form.save()
    article.tags.add("new")
    send_mail("New", article.name, "a@shop.example", ["b@shop.example"])
    return JsonResponse({"id": article.id}, status=201)


def export(request, kind):
    import tablib

    data = tablib.Dataset(headers=["name"])
    for article in Article.objects.order_by("-id")[:5]:
        data.append([article.name])
    return HttpResponse(data.export(kind), content_type="application/octet-stream")


def contact(request):
    return render(request, "contact.html", {"form": ContactForm()})


def fail(request):
    raise ValueError("on purpose")
""",
        "app/templates/base.html": "{% load static compress %}<html><head>{% compress css %}"
        '<link rel="stylesheet" href="{% static "stock.css" %}">{% endcompress %}</head>'
        "<body>{% block content %}{% endblock %}</body></html>\n",
        "app/templates/index.html": '{% extends "base.html" %}'
        "{% block content %}<h1>{{ greeting }}</h1>{% endblock %}\n",
        "app/templates/articles.html": '{% extends "base.html" %}{% load render_table from django_tables2 %}'
        "{% block content %}{% render_table table %}{% endblock %}\n",
        "app/templates/contact.html": '{% extends "base.html" %}{% load widget_tweaks %}'
        '{% block content %}{% render_field form.text class="wide" %}{{ form.captcha }}{% endblock %}\n',
        "app/stock/static/stock.css": "body { color: black }\n",
    },
    prepare=(
        "export PATH=/opt/venv/bin:$PATH DJANGO_SETTINGS_MODULE=config.settings.production PYTHONDONTWRITEBYTECODE=1",
        "cd /app && python manage.py makemigrations stock && python manage.py collectstatic --noinput",
    ),
    asks=tuple(
        f"http://127.0.0.1:10822/{path}"
        for path in (
            *("", "articles", "articles/export/csv", "articles/export/json", "contact", "admin/login/", "admin/"),
            *("static/stock.css", "fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10822/articles/add", "name=one&price_0=2&price_1=EUR&supplier=030+12345678"),
        ("http://127.0.0.1:10822/articles/add", "name="),
    ),
    seconds=40,
)

CONSENT = Recipe(
    name="consent",
    packages=(
        *("ruby", "bundler", "ruby-rails", "puma", "ruby-sqlite3", "ruby-doorkeeper", "ruby-kaminari"),
        *("ruby-rack-cors", "ruby-sentry-rails", "ruby-rails-i18n", "ruby-friendly-id", "ruby-countries", "ruby-money"),
        *("ruby-jwt", "ruby-bootsnap", "ruby-prawn", "ruby-rqrcode", "ruby-http", "ruby-aws-sdk-s3", "ruby-pg"),
        "ruby-bcrypt",
        *("libjemalloc2", "sqlite3", "curl", *_TOOLS),
    ),
    env=SYSTEM
    | {"RAILS_ENV": "production", "RAILS_LOG_TO_STDOUT": "1", "BUNDLE_WITHOUT": "development:test", "LANG": "C.UTF-8"}
    | {"PORT": "10823", "BINDING": "127.0.0.1", "SECRET_KEY_BASE": "one", "BUNDLE_FROZEN": "true"},
    folder="/rails",
    entrypoint=("/rails/bin/docker-entrypoint",),
    cmd=("./bin/rails", "server"),
    files=HOSTS
    | {
        "rails/bin/docker-entrypoint": """#!/bin/bash -e

# Enable jemalloc for reduced memory usage and latency.
if [ -z "${LD_PRELOAD+x}" ]; then
    LD_PRELOAD=$(find /usr/lib -name libjemalloc.so.2 -print -quit)
    export LD_PRELOAD
fi

# If running the rails server then create or migrate existing database
if [ "${@: -2:1}" == "./bin/rails" ] && [ "${@: -1:1}" == "server" ]; then
  ./bin/rails db:prepare
fi

exec "${@}"
""",
        "rails/bin/rails": """#!/usr/bin/env ruby
APP_PATH = File.expand_path("../config/application", __dir__)
require_relative "../config/boot"
require "rails/commands"
""",
        "rails/Rakefile": 'require_relative "config/application"\nRails.application.load_tasks\n',
        "rails/Gemfile": """source "https://packages.example"

gem "rails"
gem "puma"
gem "sqlite3"
gem "doorkeeper"
gem "kaminari"
gem "rack-cors"
gem "sentry-rails"
gem "rails-i18n"
gem "friendly_id"
gem "countries"
gem "money"
gem "jwt"
gem "bcrypt"
gem "bootsnap", require: false
gem "prawn", require: false
gem "matrix", require: false
gem "rqrcode", require: false
gem "http", require: false
gem "aws-sdk-s3", require: false
""",
        "rails/config/boot.rb": 'ENV["BUNDLE_GEMFILE"] ||= File.expand_path("../Gemfile", __dir__)\n'
        'require "bundler/setup"\nrequire "bootsnap/setup"\n',
        "rails/config.ru": 'require_relative "config/environment"\nrun Rails.application\n',
        "rails/config/environment.rb": 'require_relative "application"\nRails.application.initialize!\n',
        "rails/config/application.rb": """require_relative "boot"
require "rails"
require "active_model/railtie"
require "active_job/railtie"
require "active_record/railtie"
require "action_controller/railtie"
require "action_mailer/railtie"
require "action_view/railtie"

Bundler.require(*Rails.groups)

module Consent
  class Application < Rails::Application
    config.load_defaults 7.2
    config.autoload_lib(ignore: %w[tasks])
    config.i18n.default_locale = :de
    config.i18n.available_locales = %i[de en]
    config.middleware.insert_before(0, Rack::Cors) { allow { origins "*"; resource "*" } }
  end
end
""",
        "rails/config/environments/production.rb": """Rails.application.configure do
  config.eager_load = true
  config.enable_reloading = false
  config.consider_all_requests_local = false
  config.hosts.clear
  config.logger = ActiveSupport::TaggedLogging.new(ActiveSupport::Logger.new($stdout))
  config.action_mailer.delivery_method = ENV["SMTP_HOST"] ? :smtp : :test
  config.active_job.queue_adapter = :async
end
""",
        "rails/config/initializers/doorkeeper.rb": """Doorkeeper.configure do
  orm :active_record
  resource_owner_authenticator { User.first }
  grant_flows %w[client_credentials authorization_code]
  default_scopes :public
end
""",
        "rails/config/initializers/money.rb": "Money.locale_backend = :i18n\n"
        "Money.rounding_mode = BigDecimal::ROUND_HALF_UP\n",
        "rails/config/initializers/sentry.rb": """Sentry.init do |config|
  config.dsn = ENV["SENTRY_DSN"]
  config.breadcrumbs_logger = [:active_support_logger]
end
""",
        "rails/config/puma.rb": """threads 3, 3
port ENV.fetch("PORT", 3000)
bind "tcp://127.0.0.1:#{ENV.fetch('PORT', 3000)}" if ENV["BINDING"]
plugin :tmp_restart
""",
        "rails/config/database.yml": "production:\n  adapter: sqlite3\n  database: /tmp/consent.sqlite3\n",
        "rails/config/routes.rb": """Rails.application.routes.draw do
  use_doorkeeper
  get "up", to: "rails/health#show"
  resources :documents, only: %i[index show create] do
    get :pdf, on: :member
    get :code, on: :member
  end
  get "profile", to: "profiles#show"
  get "fail", to: "profiles#fail"
end
""",
        "rails/config/locales/de.yml": "de:\n  documents:\n    mail: 'Neu: %{name}'\n",
        "rails/db/migrate/20260101000000_create_documents.rb": """class CreateDocuments < ActiveRecord::Migration[7.2]
  def change
    create_table(:users) { |t| t.string :name; t.string :password_digest }
    create_table :documents do |t|
      t.string :name
      t.string :slug, index: { unique: true }
      t.string :country
      t.integer :cents, default: 0
      t.timestamps
    end
    create_table :oauth_applications do |t|
      t.string :name, null: false
      t.string :uid, null: false, index: { unique: true }
      t.string :secret, null: false
      t.text :redirect_uri
      t.string :scopes, null: false, default: ""
      t.boolean :confidential, null: false, default: true
      t.timestamps
    end
    %i[oauth_access_grants oauth_access_tokens].each do |name|
      create_table name do |t|
        t.integer :resource_owner_id
        t.references :application
        t.string :token, null: false, index: { unique: true }
        t.string :refresh_token
        t.integer :expires_in
        t.text :redirect_uri
        t.string :scopes
        t.datetime :revoked_at
        t.datetime :created_at, null: false
      end
    end
  end
end
""",
        "rails/db/seeds.rb": 'User.create!(name: "a", password: "one")\n'
        'Doorkeeper::Application.create!(name: "a", uid: "one", secret: "two", redirect_uri: "https://shop.example")\n',
        "rails/app/models/application_record.rb": "class ApplicationRecord < ActiveRecord::Base\n"
        "  primary_abstract_class\nend\n",
        "rails/app/models/user.rb": "class User < ApplicationRecord\n  has_secure_password\nend\n",
        "rails/app/models/document.rb": """class Document < ApplicationRecord
  extend FriendlyId
  friendly_id :name, use: :slugged
  validates :name, presence: true
  after_create_commit { NotifyJob.perform_later(self) }

  def price = Money.new(cents, "EUR").format
  def nation = ISO3166::Country[country]&.iso_short_name
end
""",
        "rails/app/jobs/notify_job.rb": """class NotifyJob < ActiveJob::Base
  def perform(document)
    DocumentMailer.added(document).deliver_now
    return unless ENV["WEBHOOK"]

    require "http"
    HTTP.post(ENV["WEBHOOK"], json: { id: document.id })
  end
end
""",
        "rails/app/mailers/document_mailer.rb": """class DocumentMailer < ActionMailer::Base
  def added(document)
    mail(to: "a@shop.example", from: "b@shop.example", subject: t("documents.mail", name: document.name)) do |format|
      format.text { render plain: document.nation.to_s }
    end
  end
end
""",
        "rails/app/controllers/application_controller.rb": "class ApplicationController < ActionController::API\nend\n",
        "rails/app/controllers/profiles_controller.rb": """class ProfilesController < ApplicationController
  before_action :doorkeeper_authorize!, only: :show

  def show = render(json: { scopes: doorkeeper_token.scopes })
  def fail = raise("on purpose")
end
""",
        "rails/app/controllers/documents_controller.rb": """class DocumentsController < ApplicationController
  def index
    page = Document.order(id: :desc).page(params[:page]).per(5)
    render json: { total: page.total_count, names: page.map { |one| [one.name, one.price, one.nation] } }
  end

  def show
    render json: Document.friendly.find(params[:id])
  end

  def create
    document = Document.new(params.permit(:name, :country, :cents))
    return render(json: document.errors, status: :unprocessable_entity) unless document.save

    upload(document) if ENV["BUCKET"]
    render json: document, status: :created
  end

  def pdf
    require "prawn"
    document = Document.friendly.find(params[:id])
    send_data Prawn::Document.new.tap { |pdf| pdf.text document.name }.render, type: "application/pdf"
  end

  def code
    require "rqrcode"
    send_data RQRCode::QRCode.new(params[:id]).as_svg, type: "image/svg+xml"
  end

  private

  def upload(document)
    require "aws-sdk-s3"
    Aws::S3::Client.new.put_object(bucket: ENV["BUCKET"], key: document.slug, body: document.to_json)
  end
end
""",
    },
    prepare=("cd /rails && bundle lock --local && mkdir -p tmp log && chmod 755 bin/rails",),
    asks=tuple(
        f"http://127.0.0.1:10823/{path}"
        for path in (
            *("up", "documents", "documents?page=2", "documents/one", "documents/one/pdf", "documents/one/code"),
            *("profile", "oauth/token/info", "oauth/applications", "fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10823/documents", '{"name": "one", "country": "DE", "cents": 1250}'),
        ("http://127.0.0.1:10823/documents", '{"country": "DE"}'),
        ("http://127.0.0.1:10823/oauth/token", "grant_type=client_credentials&client_id=one&client_secret=two"),
        ("http://127.0.0.1:10823/oauth/token", "grant_type=client_credentials&client_id=no"),
    ),
    seconds=50,
)

ROTA = Recipe(
    name="rota",
    packages=(
        *("ruby", "bundler", "ruby-clockwork", "ruby-delayed-job-active-record", "ruby-sqlite3", "ruby-webrick"),
        *("ruby-rackup", "ruby-prawn", "ruby-prawn-table", "ruby-roo", "ruby-spreadsheet", "ruby-faraday", "ruby-mail"),
        *("ruby-faraday-retry", "ruby-liquid", "ruby-bunny", "ruby-sentry-ruby", "ruby-dotenv"),
        *("ruby-httparty", "ruby-mongo", "ruby-pg", "ruby-mini-magick", "ruby-commonmarker", "tini", *_TOOLS),
    ),
    env=SYSTEM | {"PORT": "10824", "LANG": "C.UTF-8", "DATABASE": "/tmp/rota.sqlite3", "APP_ENV": "production"},
    entrypoint=("tini", "-g", "--", "/app/bin/start"),
    cmd=("all",),
    files=HOSTS
    | {
        "app/bin/start": """#!/bin/sh
set -e
export BUNDLE_GEMFILE=/app/Gemfile
bundle exec ruby bin/setup
case "$1" in
  clock) exec bundle exec clockwork clock.rb ;;
  worker) exec bundle exec ruby bin/worker ;;
  all)
    bundle exec clockwork clock.rb &
    bundle exec ruby bin/worker &
    exec bundle exec rackup -s webrick -o 127.0.0.1 -p "$PORT" config.ru
    ;;
  *) exec "$@" ;;
esac
""",
        "app/Gemfile": """source "https://packages.example"

gem "clockwork"
gem "delayed_job_active_record"
gem "sqlite3"
gem "rackup"
gem "webrick"
gem "prawn"
gem "prawn-table"
gem "matrix"
gem "roo"
gem "spreadsheet"
gem "faraday"
gem "faraday-retry"
gem "liquid"
gem "mail"
gem "sentry-ruby"
gem "dotenv"
gem "bunny", require: false
gem "commonmarker", require: false
""",
        "app/environment.rb": """require "bundler/setup"
require "dotenv/load"
require "active_record"
require "delayed_job_active_record"
require "logger"
require "sentry-ruby"

Sentry.init { |config| config.dsn = ENV["SENTRY_DSN"] }
LOG = Logger.new($stdout)
Delayed::Worker.logger = LOG
Delayed::Worker.sleep_delay = 1
ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: ENV.fetch("DATABASE"), timeout: 5000)
Dir[File.join(__dir__, "jobs", "*.rb")].sort.each { |file| require file }
""",
        "app/bin/setup": """#!/usr/bin/env ruby
require_relative "../environment"

ActiveRecord::Schema.define do
  create_table :delayed_jobs, if_not_exists: true do |t|
    t.integer :priority, default: 0
    t.integer :attempts, default: 0
    t.text :handler
    t.text :last_error
    t.datetime :run_at
    t.datetime :locked_at
    t.datetime :failed_at
    t.string :locked_by
    t.string :queue
    t.timestamps
  end
end
""",
        "app/bin/worker": """#!/usr/bin/env ruby
require_relative "../environment"

Delayed::Worker.new(quiet: false).start
""",
        "app/clock.rb": """require_relative "environment"
require "clockwork"

module Clockwork
  every(4.seconds, "plan") { Delayed::Job.enqueue(PlanJob.new(1)) }
  every(5.seconds, "mail") { Delayed::Job.enqueue(MailJob.new("a@shop.example")) }
  every(6.seconds, "sheet") { Delayed::Job.enqueue(SheetJob.new("/tmp/rota.xls")) }
  every(7.seconds, "feed") { Delayed::Job.enqueue(FeedJob.new) }
end
""",
        "app/jobs/plan_job.rb": """require "active_support/core_ext/date"
require "prawn"
require "prawn/table"

PlanJob = Struct.new(:weeks) do
  def perform
    day = Date.current.next_week + (7 * weeks)
    Prawn::Document.generate("/tmp/plan.pdf") { |pdf| pdf.table([["day", day.strftime("%d.%m.")], ["who", "a"]]) }
    LOG.info("planned")
  end
end
""",
        "app/jobs/mail_job.rb": """require "liquid"
require "mail"

Mail.defaults { delivery_method(ENV["SMTP_HOST"] ? :smtp : :test) }

MailJob = Struct.new(:to) do
  def perform
    page = Liquid::Template.parse(File.read(File.join(__dir__, "../mails/rota.liquid"))).render("to" => to)
    Mail.deliver { |mail| mail.from("b@shop.example"); mail.to(to); mail.body(page) }
    publish if ENV["AMQP"]
    LOG.info("mailed")
  end

  def publish
    require "bunny"
    Bunny.new(ENV["AMQP"]).start.create_channel.queue("mails").publish(to)
  end
end
""",
        "app/jobs/sheet_job.rb": """SheetJob = Struct.new(:file) do
  def perform
    require "spreadsheet"
    book = Spreadsheet::Workbook.new
    book.create_worksheet.row(0).push("a", 1)
    book.write(file)
    LOG.info("sheet #{read(file)}")
  end

  def read(file)
    require "roo"
    return 0 unless File.extname(file) == ".xlsx"

    Roo::Spreadsheet.open(file).last_row
  end
end
""",
        "app/jobs/feed_job.rb": """require "faraday"
require "faraday/retry"

class FeedJob
  def perform
    connection = Faraday.new("http://127.0.0.1:#{ENV.fetch('PORT')}") { |f| f.request :retry, max: 2 }
    LOG.info("feed #{connection.get('/health').status}")
  end
end
""",
        "app/mails/rota.liquid": "Hello {{ to | escape }}, you are on.\n",
        "app/config.ru": """require_relative "environment"

use Sentry::Rack::CaptureExceptions
run(lambda do |env|
  case env["PATH_INFO"]
  when "/health" then [200, { "content-type" => "text/plain" }, [Delayed::Job.count.to_s]]
  when "/notes"
    require "commonmarker"
    [200, { "content-type" => "text/html" }, [File.read("/app/mails/rota.liquid")]]
  when "/fail" then raise "on purpose"
  else [404, { "content-type" => "text/plain" }, ["none"]]
  end
end)
""",
    },
    prepare=("cd /app && bundle lock --local",),
    asks=tuple(f"http://127.0.0.1:10824/{path}" for path in ("health", "notes", "fail", "no")),
    seconds=50,
)

OTHERS = (PORTAL, STOCKROOM, CONSENT, ROTA)
