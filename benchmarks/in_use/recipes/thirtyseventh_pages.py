"""The thirty-seventh set's applications of Django, Flask and Falcon on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

GRANTS = Recipe(
    name="grants",
    packages=(*PYTHON, *_TOOLS, "curl"),
    env=PRODUCTION_PYTHON
    | {"DJANGO_SETTINGS_MODULE": "grants.settings", "SECRET_KEY": "one-long-secret-for-all-of-it"},
    entrypoint=("/app/docker-entrypoint.sh",),
    cmd=("gunicorn", "-c", "gunicorn.conf.py", "grants.wsgi"),
    python=(
        *("django==5.2.*", "djangorestframework==3.*", "djoser==2.*", "django-polymorphic==4.*", "django-waffle==5.*"),
        *("django-ratelimit==4.*", "django-prometheus==2.*", "django-countries==7.*", "django-fsm-2==4.*"),
        *("django-treebeard==4.*", "django-solo==2.*", "drf-flex-fields==1.*", "djangorestframework-csv==3.*"),
        *("django-split-settings==1.*", "django-cleanup==9.*", "django-ses==4.*", "gunicorn==23.*", "django-rq==3.*"),
        *("psycopg[binary]==3.*", "whitenoise==6.*", "django-cors-headers==4.*", "sentry-sdk==2.*", "pdfplumber==0.*"),
    ),
    files=HOSTS
    | {
        "app/docker-entrypoint.sh": '#!/bin/sh\nset -e\nif [ "$1" = gunicorn ]; then\n'
        '  python manage.py migrate --noinput\n  python manage.py seed\nfi\nexec "$@"\n',
        "app/gunicorn.conf.py": 'import os\n\nbind = "127.0.0.1:10921"\n'
        'workers = int(os.environ.get("WEB_CONCURRENCY", "2"))\nthreads = 2\naccesslog = "-"\npreload_app = True\n',
        "app/manage.py": "#!/usr/bin/env python\nimport os\nimport sys\n\n\ndef main():\n"
        '    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "grants.settings")\n'
        "    from django.core.management import execute_from_command_line\n\n"
        "    execute_from_command_line(sys.argv)\n\n\n"
        'if __name__ == "__main__":\n    main()\n',
        "app/grants/__init__.py": "",
        "app/grants/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\n"
        "application = get_wsgi_application()\n",
        "app/grants/settings/__init__.py": """import os

from split_settings.tools import include, optional

include("base.py", "rest.py", optional(f"{os.environ.get('STAGE', 'production')}.py"))
""",
        "app/grants/settings/base.py": """import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "grants.urls"
WSGI_APPLICATION = "grants.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
INSTALLED_APPS = [
    "django_prometheus",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "corsheaders",
    "djoser",
    "polymorphic",
    "waffle",
    "solo",
    "treebeard",
    "django_countries",
    "django_fsm",
    "applications",
    "django_cleanup.apps.CleanupConfig",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "waffle.middleware.WaffleMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
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
if os.environ.get("PGHOST"):
    DATABASES = {"default": {"ENGINE": "django_prometheus.db.backends.postgresql", "HOST": os.environ["PGHOST"]}}
else:
    DATABASES = {"default": {"ENGINE": "django_prometheus.db.backends.sqlite3", "NAME": "/tmp/grants.sqlite3"}}
CACHES = {"default": {"BACKEND": "django_prometheus.cache.backends.locmem.LocMemCache", "LOCATION": "one"}}
SILENCED_SYSTEM_CHECKS = ["django_ratelimit.E003", "django_ratelimit.W001"]
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_ROOT = "/tmp/media"
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if os.environ.get("AWS_SES_REGION_NAME"):
    EMAIL_BACKEND = "django_ses.SESBackend"
if os.environ.get("SENTRY_DSN"):
    import sentry_sdk

    sentry_sdk.init(os.environ["SENTRY_DSN"])
if os.environ.get("REDIS_URL"):
    INSTALLED_APPS.append("django_rq")
    RQ_QUEUES = {"default": {"URL": os.environ["REDIS_URL"]}}
""",
        "app/grants/settings/rest.py": """REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 10,
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "rest_framework.renderers.BrowsableAPIRenderer",
        "rest_framework_csv.renderers.PaginatedCSVRenderer",
    ],
}
DJOSER = {"SEND_ACTIVATION_EMAIL": False, "LOGIN_FIELD": "username"}
""",
        "app/grants/urls.py": """from django.contrib import admin
from django.http import JsonResponse
from django.urls import include, path
from rest_framework.routers import DefaultRouter

from applications.views import ApplicationViews, FundViews, funds_tree, settings_page

router = DefaultRouter()
router.register("applications", ApplicationViews)
router.register("funds", FundViews)
urlpatterns = [
    path("", include("django_prometheus.urls")),
    path("admin/", admin.site.urls),
    path("auth/", include("djoser.urls")),
    path("auth/", include("djoser.urls.authtoken")),
    path("api/tree", funds_tree),
    path("api/settings", settings_page),
    path("api/", include(router.urls)),
    path("health", lambda request: JsonResponse({"status": "up"})),
]
""",
        "app/applications/__init__.py": "",
        "app/applications/apps.py": "from django.apps import AppConfig\n\n\n"
        'class ApplicationsConfig(AppConfig):\n    name = "applications"\n\n    def ready(self):\n'
        "        from applications import signals  # noqa: F401\n",
        "app/applications/signals.py": """from django.core.mail import send_mail
from django.dispatch import receiver
from django_fsm.signals import post_transition


@receiver(post_transition)
def moved(sender, instance, name, target, **rest):
    send_mail("Your application", f"It is now {target}", "a@grants.example.com", ["b@grants.example.com"])
""",
        "app/applications/models.py": """from django.db import models
from django_countries.fields import CountryField
from django_fsm import FSMField, transition
from polymorphic.models import PolymorphicModel
from solo.models import SingletonModel
from treebeard.mp_tree import MP_Node


class Settings(SingletonModel):
    opens = models.BooleanField(default=True)
    notice = models.CharField(max_length=200, default="Welcome")


class Fund(MP_Node):
    name = models.CharField(max_length=80)
    node_order_by = ["name"]


class Application(PolymorphicModel):
    title = models.CharField(max_length=120)
    country = CountryField(default="IE")
    fund = models.ForeignKey(Fund, on_delete=models.CASCADE, null=True)
    state = FSMField(default="draft", protected=True)
    paper = models.FileField(upload_to="papers", blank=True)

    @transition(field=state, source="draft", target="sent")
    def send(self):
        pass


class ResearchApplication(Application):
    field_of_work = models.CharField(max_length=60)


class TravelApplication(Application):
    destination = models.CharField(max_length=60)
""",
        "app/applications/admin.py": """from django.contrib import admin
from polymorphic.admin import PolymorphicChildModelAdmin, PolymorphicParentModelAdmin
from solo.admin import SingletonModelAdmin
from treebeard.admin import TreeAdmin
from treebeard.forms import movenodeform_factory

from applications.models import Application, Fund, ResearchApplication, Settings, TravelApplication

admin.site.register(Settings, SingletonModelAdmin)


@admin.register(Fund)
class FundAdmin(TreeAdmin):
    form = movenodeform_factory(Fund)


@admin.register(ResearchApplication, TravelApplication)
class ChildAdmin(PolymorphicChildModelAdmin):
    base_model = Application


@admin.register(Application)
class ApplicationAdmin(PolymorphicParentModelAdmin):
    child_models = (ResearchApplication, TravelApplication)
""",
        "app/applications/serializers.py": """from django_countries.serializers import CountryFieldMixin
from rest_flex_fields import FlexFieldsModelSerializer

from applications.models import Fund, ResearchApplication


class FundSerializer(FlexFieldsModelSerializer):
    class Meta:
        model = Fund
        fields = ["id", "name", "depth"]


class ApplicationSerializer(CountryFieldMixin, FlexFieldsModelSerializer):
    class Meta:
        model = ResearchApplication
        fields = ["id", "title", "country", "state", "fund", "field_of_work"]
        read_only_fields = ["state"]
        expandable_fields = {"fund": FundSerializer}
""",
        "app/applications/views.py": """from django.http import JsonResponse
from django_ratelimit.decorators import ratelimit
from rest_flex_fields import FlexFieldsModelViewSet
from rest_framework.decorators import action
from rest_framework.response import Response
from waffle import flag_is_active, switch_is_active

from applications.models import Fund, ResearchApplication, Settings
from applications.serializers import ApplicationSerializer, FundSerializer


class FundViews(FlexFieldsModelViewSet):
    queryset = Fund.objects.all()
    serializer_class = FundSerializer


class ApplicationViews(FlexFieldsModelViewSet):
    queryset = ResearchApplication.objects.order_by("-id")
    serializer_class = ApplicationSerializer
    permit_list_expands = ["fund"]

    def perform_create(self, serializer):
        application = serializer.save()
        if switch_is_active("send-at-once") or flag_is_active(self.request, "send"):
            application.send()
            application.save()

    @action(detail=True, methods=["post"])
    def send(self, request, pk=None):
        application = self.get_object()
        application.send()
        application.save()
        return Response({"state": application.state})

    @action(detail=True)
    def pages(self, request, pk=None):
        application = self.get_object()
        if not application.paper:
            return Response({"pages": 0})
        import pdfplumber

        with pdfplumber.open(application.paper.path) as paper:
            return Response({"pages": len(paper.pages)})


@ratelimit(key="ip", rate="500/m", block=True)
def funds_tree(request):
    return JsonResponse({"funds": Fund.dump_bulk()})


def settings_page(request):
    settings = Settings.get_solo()
    return JsonResponse({"opens": settings.opens, "notice": settings.notice})
""",
        "app/applications/management/__init__.py": "",
        "app/applications/management/commands/__init__.py": "",
        "app/applications/management/commands/seed.py": """from django.core.management.base import BaseCommand
from waffle.models import Switch

from applications.models import Fund


class Command(BaseCommand):
    help = "Make the first funds"

    def handle(self, *args, **options):
        if Fund.objects.exists():
            return
        root = Fund.add_root(name="Science")
        root.add_child(name="Botany")
        Switch.objects.get_or_create(name="send-at-once", defaults={"active": True})
""",
        "app/applications/migrations/__init__.py": "",
    },
    prepare=(
        "cd /app && SECRET_KEY=one /opt/venv/bin/python manage.py makemigrations -v0 applications && "
        "SECRET_KEY=one /opt/venv/bin/python manage.py collectstatic --noinput -v0",
    ),
    asks=(
        *(
            f"http://127.0.0.1:10921/{path}"
            for path in ("health", "metrics", "admin/login/", "api/tree", "api/settings")
        ),
        "http://127.0.0.1:10921/api/applications/?expand=fund",
        "http://127.0.0.1:10921/api/applications/?format=csv",
        "http://127.0.0.1:10921/api/applications/1/pages/",
        "http://127.0.0.1:10921/api/funds/?format=api",
        "http://127.0.0.1:10921/auth/users/me/",
        "http://127.0.0.1:10921/static/admin/css/base.css",
    ),
    sends=(
        ("http://127.0.0.1:10921/auth/users/", '{"username": "ada", "password": "one-Two-three-4"}'),
        ("http://127.0.0.1:10921/auth/token/login/", '{"username": "ada", "password": "one-Two-three-4"}'),
        (
            "http://127.0.0.1:10921/api/applications/",
            '{"title": "Mosses", "country": "NO", "fund": 2, "field_of_work": "botany"}',
        ),
        ("http://127.0.0.1:10921/api/applications/", '{"title": ""}'),
        ("http://127.0.0.1:10921/api/funds/no", "{}"),
    ),
    seconds=30,
)

INSURANCE = Recipe(
    name="insurance",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON
    | {"SQLALCHEMY_URL": "sqlite:////tmp/insurance.sqlite", "SECRET_KEY": "one-long-secret-for-all-of-it"},
    cmd=(
        "gunicorn",
        "--bind",
        "127.0.0.1:10922",
        "--worker-class",
        "gthread",
        "--threads",
        "4",
        "insurance:create_app()",
    ),
    python=(
        *("flask==3.*", "bootstrap-flask==2.*", "flask-principal==0.*", "flask-bcrypt==1.*", "flask-dance==7.*"),
        *("flask-moment==1.*", "flask-htmx==0.*", "flask-sqlalchemy-lite==0.*", "flask-wtf==1.*", "flask-seasurf==2.*"),
        *(
            "flask-apscheduler==1.*",
            "flask-paginate==2024.*",
            "flask-minify==0.*",
            "wtforms==3.*",
            "flask-openapi3==4.*",
        ),
        *("gunicorn==23.*", "python-stdnum==2.*", "schwifty==2024.*", "azure-storage-blob==12.*", "hvac==2.*"),
        *("docxcompose==1.*", "pypdfium2==4.*", "pymysql==1.*", "babel==2.*", "python-dotenv==1.*"),
    ),
    files=HOSTS
    | {
        "app/insurance/__init__.py": """from flask_openapi3 import Info, OpenAPI

from insurance import claims, policies, tasks
from insurance.accounts import login_blueprint
from insurance.extensions import bcrypt, bootstrap, database, htmx, minify, moment, principals, scheduler, seasurf
from insurance.settings import Settings


def create_app():
    app = OpenAPI(__name__, info=Info(title="Insurance", version="1.0.0"))
    app.config.from_object(Settings())
    bootstrap.init_app(app)
    bcrypt.init_app(app)
    database.init_app(app)
    moment.init_app(app)
    htmx.init_app(app)
    principals.init_app(app)
    seasurf.init_app(app)
    minify.init_app(app)
    app.register_blueprint(policies.pages)
    app.register_api(claims.api)
    app.register_blueprint(login_blueprint(app))
    scheduler.init_app(app)
    scheduler.start()
    with app.app_context():
        policies.create(database)
    tasks.schedule(scheduler)
    app.add_url_rule("/health", view_func=lambda: {"status": "up"})
    return app
""",
        "app/insurance/settings.py": """import os


def _from_vault(name):
    import hvac

    client = hvac.Client(url=os.environ["VAULT_ADDR"])
    return client.secrets.kv.read_secret_version(path=name)["data"]["data"]["value"]


class Settings:
    def __init__(self):
        vault = os.environ.get("VAULT_ADDR")
        self.SECRET_KEY = _from_vault("secret-key") if vault else os.environ["SECRET_KEY"]
        self.SQLALCHEMY_ENGINES = {"default": os.environ["SQLALCHEMY_URL"]}
        self.BOOTSTRAP_SERVE_LOCAL = True
        self.WTF_CSRF_ENABLED = False
        self.SCHEDULER_API_ENABLED = False
        self.GITHUB_OAUTH_CLIENT_ID = os.environ.get("GITHUB_OAUTH_CLIENT_ID")
        self.CONTAINER = os.environ.get("AZURE_CONTAINER")
""",
        "app/insurance/extensions.py": """from flask_apscheduler import APScheduler
from flask_bcrypt import Bcrypt
from flask_bootstrap import Bootstrap5
from flask_htmx import HTMX
from flask_minify import Minify
from flask_moment import Moment
from flask_principal import Permission, Principal, RoleNeed
from flask_seasurf import SeaSurf
from flask_sqlalchemy_lite import SQLAlchemy

bootstrap = Bootstrap5()
bcrypt = Bcrypt()
database = SQLAlchemy()
moment = Moment()
htmx = HTMX()
principals = Principal()
seasurf = SeaSurf()
minify = Minify(html=True, js=True, cssless=True)
scheduler = APScheduler()
staff = Permission(RoleNeed("staff"))
""",
        "app/insurance/accounts.py": """from flask import Blueprint, current_app, jsonify, request, session
from flask_principal import AnonymousIdentity, Identity, RoleNeed, identity_changed, identity_loaded

from insurance.extensions import bcrypt, seasurf, staff

PASSWORDS = {}


def login_blueprint(app):
    if app.config["GITHUB_OAUTH_CLIENT_ID"]:
        from flask_dance.contrib.github import make_github_blueprint

        return make_github_blueprint()
    return _local(app)


def _local(app):
    pages = Blueprint("accounts", __name__, url_prefix="/accounts")
    PASSWORDS["ada"] = bcrypt.generate_password_hash("one-two-three", rounds=6)

    @identity_loaded.connect_via(app)
    def loaded(sender, identity):
        if identity.id in PASSWORDS:
            identity.provides.add(RoleNeed("staff"))

    @pages.post("/login")
    @seasurf.exempt
    def login():
        name = request.form.get("name", "")
        if name not in PASSWORDS or not bcrypt.check_password_hash(PASSWORDS[name], request.form["password"]):
            identity_changed.send(current_app._get_current_object(), identity=AnonymousIdentity())
            return jsonify(error="no such account"), 401
        session["name"] = name
        identity_changed.send(current_app._get_current_object(), identity=Identity(name))
        with staff.require():
            return jsonify(name=name)

    @pages.get("/staff")
    @staff.require(http_exception=403)
    def only_staff():
        return jsonify(staff=True)

    return pages
""",
        "app/insurance/forms.py": """from flask_wtf import FlaskForm
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.exceptions import ValidationError as NumberError
from stdnum.gb import nhs
from wtforms import DateField, DecimalField, StringField, SubmitField
from wtforms.validators import DataRequired, Length, NumberRange, Optional, ValidationError


class PolicyForm(FlaskForm):
    holder = StringField("Holder", validators=[DataRequired(), Length(max=80)])
    iban = StringField("IBAN", validators=[DataRequired()])
    number = StringField("NHS number", validators=[Optional()])
    premium = DecimalField("Premium", validators=[NumberRange(min=1)])
    starts = DateField("Starts", validators=[Optional()])
    submit = SubmitField("Save")

    def validate_iban(self, field):
        try:
            IBAN(field.data)
        except SchwiftyException as error:
            raise ValidationError(str(error)) from None

    def validate_number(self, field):
        try:
            nhs.validate(field.data)
        except NumberError as error:
            raise ValidationError(str(error)) from None
""",
        "app/insurance/models.py": """from datetime import UTC, datetime

from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Policy(Base):
    __tablename__ = "policies"
    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str]
    iban: Mapped[str]
    premium: Mapped[float]
    made: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
""",
        "app/insurance/policies.py": """from babel.numbers import format_currency
from flask import Blueprint, current_app, redirect, render_template, url_for
from flask_paginate import Pagination, get_page_parameter
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from insurance.extensions import database, htmx, seasurf
from insurance.forms import PolicyForm
from insurance.models import Base, Policy

pages = Blueprint("policies", __name__)


def create(database):
    Base.metadata.create_all(database.engine)


@pages.get("/")
def index():
    from flask import request

    page = request.args.get(get_page_parameter(), type=int, default=1)
    total = database.session.scalar(select(func.count()).select_from(Policy))
    found = database.session.scalars(select(Policy).order_by(Policy.id.desc()).offset((page - 1) * 5).limit(5)).all()
    pagination = Pagination(page=page, total=total, per_page=5, css_framework="bootstrap5")
    template = "rows.html" if htmx else "index.html"
    return render_template(template, policies=found, pagination=pagination, money=money)


def money(amount):
    return format_currency(amount, "GBP", locale="en_GB")


@pages.get("/new")
def new():
    return render_template("new.html", form=PolicyForm())


@pages.post("/new")
@seasurf.exempt
def save():
    form = PolicyForm()
    if not form.validate_on_submit():
        return render_template("new.html", form=form), 422
    policy = Policy(holder=form.holder.data, iban=form.iban.data, premium=float(form.premium.data))
    database.session.add(policy)
    database.session.commit()
    return redirect(url_for("policies.index"))


@pages.get("/policies/<int:number>/scan")
def scan(number):
    policy = database.session.get(Policy, number)
    if policy is None:
        raise NotFound
    if not current_app.config["CONTAINER"]:
        return {"pages": 0}
    import pypdfium2
    from azure.storage.blob import BlobServiceClient

    client = BlobServiceClient.from_connection_string(current_app.config["CONTAINER"])
    content = client.get_blob_client("scans", str(number)).download_blob().readall()
    return {"pages": len(pypdfium2.PdfDocument(content))}
""",
        "app/insurance/claims.py": """from flask_openapi3 import APIBlueprint, Tag
from pydantic import BaseModel, Field

from insurance.extensions import seasurf

tag = Tag(name="claims", description="Claims of holders")
api = APIBlueprint("claims", __name__, url_prefix="/api/claims", abp_tags=[tag])
CLAIMS = []


class Claim(BaseModel):
    policy: int = Field(gt=0)
    amount: float = Field(gt=0, le=10_000)
    reason: str = Field(min_length=3)


class Query(BaseModel):
    policy: int | None = None


@api.get("", summary="All claims")
def claims(query: Query):
    return [claim.model_dump() for claim in CLAIMS[-5:] if query.policy in (None, claim.policy)]


@api.post("", summary="A new claim", responses={201: Claim})
@seasurf.exempt
def add(body: Claim):
    CLAIMS.append(body)
    return body.model_dump(), 201
""",
        "app/insurance/tasks.py": """import logging

log = logging.getLogger(__name__)


def remind():
    log.warning("reminders are sent")


def schedule(scheduler):
    scheduler.add_job(id="remind", func=remind, trigger="interval", seconds=4)
""",
        "app/insurance/templates/base.html": """<!doctype html>
<html>
<head><title>Insurance</title>{{ bootstrap.load_css() }}{{ moment.include_moment() }}</head>
<body><div class="container">{% block content %}{% endblock %}</div>{{ bootstrap.load_js() }}</body>
</html>
""",
        "app/insurance/templates/rows.html": """<ul>
{% for policy in policies %}
  <li>{{ policy.holder }} {{ money(policy.premium) }} {{ moment(policy.made).fromNow() }}</li>
{% endfor %}
</ul>
""",
        "app/insurance/templates/index.html": "{% extends 'base.html' %}\n{% block content %}\n"
        "{% include 'rows.html' %}\n{{ pagination.links }}\n{% endblock %}\n",
        "app/insurance/templates/new.html": "{% extends 'base.html' %}\n"
        "{% from 'bootstrap5/form.html' import render_form %}\n"
        "{% block content %}\n{{ render_form(form) }}\n{% endblock %}\n",
    },
    asks=tuple(
        f"http://127.0.0.1:10922/{path}"
        for path in (
            *("", "?page=2", "new", "health", "api/claims", "accounts/staff", "policies/1/scan", "policies/999/scan"),
            *("openapi/openapi.json", "bootstrap/static/css/bootstrap.min.css", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10922/new", "holder=Ada&iban=GB82WEST12345698765432&number=9434765870&premium=12.5"),
        ("http://127.0.0.1:10922/new", "holder=Ada&iban=GB00&number=1&premium=0"),
        ("http://127.0.0.1:10922/accounts/login", "name=ada&password=one-two-three"),
        ("http://127.0.0.1:10922/accounts/login", "name=ada&password=no"),
        ("http://127.0.0.1:10922/api/claims", '{"policy": 1, "amount": 90.5, "reason": "storm"}'),
        ("http://127.0.0.1:10922/api/claims", "{}"),
    ),
    seconds=26,
)

FLEET = Recipe(
    name="fleet",
    packages=(*PYTHON, *_TOOLS, "tini"),
    env=PRODUCTION_PYTHON | {"DATABASE": "/tmp/fleet.sqlite"},
    entrypoint=("tini", "--"),
    cmd=(
        *("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "10923", "--workers", "1"),
        *("--blocking-threads", "2", "fleet.wsgi:app"),
    ),
    python=(
        *("falcon==4.*", "granian==2.*", "pony==0.7.*", "spectree==1.*", "pydantic==2.*", "timezonefinder==8.*"),
        *("gpxpy==1.*", "polyline==2.*", "python-rapidjson==1.*", "pyrate-limiter==3.*", "cachelib==0.*"),
        *("ua-parser==1.*", "geoip2==4.*", "requests-oauthlib==2.*", "structlog==25.*", "python-stdnum==2.*"),
        *("simplekml==1.*", "haversine==2.*", "boltons==25.*"),
    ),
    files=HOSTS
    | {
        "app/fleet/__init__.py": "",
        "app/fleet/wsgi.py": "from fleet.app import create_app\n\napp = create_app()\n",
        "app/fleet/log.py": """import logging

import structlog

logging.basicConfig(level="INFO", format="%(message)s")
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.JSONRenderer(),
    ],
    logger_factory=structlog.PrintLoggerFactory(),
)
log = structlog.get_logger()
""",
        "app/fleet/models.py": """import os
from datetime import datetime

from pony.orm import Database, Optional, Required, Set

database = Database()


class Vehicle(database.Entity):
    plate = Required(str, unique=True)
    maker = Optional(str)
    positions = Set("Position")


class Position(database.Entity):
    vehicle = Required(Vehicle)
    latitude = Required(float)
    longitude = Required(float)
    at = Required(datetime, default=datetime.now)


def bind():
    if os.environ.get("PGHOST"):
        database.bind(provider="postgres", host=os.environ["PGHOST"])
    else:
        database.bind(provider="sqlite", filename=os.environ["DATABASE"], create_db=True)
    database.generate_mapping(create_tables=True)
""",
        "app/fleet/schemas.py": """from pydantic import BaseModel, Field, field_validator
from spectree import SpecTree


class NewVehicle(BaseModel):
    plate: str = Field(min_length=2, max_length=12)
    vin: str | None = None

    @field_validator("vin")
    @classmethod
    def has_check_digit(cls, value):
        from stdnum.exceptions import ValidationError
        from stdnum.luhn import validate

        try:
            return value and validate(value)
        except ValidationError as error:
            raise ValueError(str(error)) from None


class NewPosition(BaseModel):
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)


spec = SpecTree("falcon", title="Fleet", path="docs")
""",
        "app/fleet/middleware.py": """import falcon
from pyrate_limiter import BucketFullException, Duration, Limiter, Rate
from structlog.contextvars import bind_contextvars, clear_contextvars
from ua_parser import parse

from fleet.log import log

limiter = Limiter(Rate(900, Duration.MINUTE))


class Limits:
    def process_request(self, req, resp):
        try:
            limiter.try_acquire(req.remote_addr)
        except BucketFullException:
            raise falcon.HTTPTooManyRequests() from None


class Logs:
    def process_request(self, req, resp):
        clear_contextvars()
        agent = parse(req.user_agent or "").user_agent
        bind_contextvars(path=req.path, agent=agent.family if agent else None)

    def process_response(self, req, resp, resource, req_succeeded):
        log.info("answered", status=resp.status, succeeded=req_succeeded)
""",
        "app/fleet/places.py": """import os

from boltons.cacheutils import LRI, cached
from timezonefinder import TimezoneFinder

finder = TimezoneFinder(in_memory=False)


@cached(LRI(max_size=256))
def zone(latitude, longitude):
    return finder.timezone_at(lat=latitude, lng=longitude)


def country(address):
    if not os.environ.get("GEOIP"):
        return None
    from geoip2.database import Reader

    with Reader(os.environ["GEOIP"]) as reader:
        return reader.country(address).country.iso_code
""",
        "app/fleet/tracks.py": """import gpxpy.gpx
import polyline
import simplekml
from haversine import haversine


def encoded(points):
    return polyline.encode(points)


def length(points):
    return round(sum(haversine(one, two) for one, two in zip(points, points[1:])), 2)


def as_gpx(points):
    gpx = gpxpy.gpx.GPX()
    segment = gpxpy.gpx.GPXTrackSegment()
    segment.points.extend(gpxpy.gpx.GPXTrackPoint(*point) for point in points)
    track = gpxpy.gpx.GPXTrack()
    track.segments.append(segment)
    gpx.tracks.append(track)
    return gpx.to_xml()


def as_kml(points):
    kml = simplekml.Kml()
    kml.newlinestring(name="track", coords=[(longitude, latitude) for latitude, longitude in points])
    return kml.kml()
""",
        "app/fleet/resources.py": """import os

import falcon
from cachelib import FileSystemCache, SimpleCache
from pony.orm import db_session, desc, select
from spectree import Response

from fleet import tracks
from fleet.models import Position, Vehicle
from fleet.places import country, zone
from fleet.schemas import NewPosition, NewVehicle, spec

cache = FileSystemCache(os.environ["CACHE_DIR"]) if os.environ.get("CACHE_DIR") else SimpleCache(default_timeout=2)


class Vehicles:
    def on_get(self, req, resp):
        found = cache.get("vehicles")
        if found is None:
            with db_session:
                found = [one.plate for one in select(one for one in Vehicle).order_by(desc(Vehicle.id)).limit(5)]
            cache.set("vehicles", found)
        resp.media = {"vehicles": found, "country": country(req.remote_addr)}

    @spec.validate(json=NewVehicle, resp=Response("HTTP_201", "HTTP_409"))
    def on_post(self, req, resp):
        with db_session:
            if Vehicle.get(plate=req.context.json.plate):
                raise falcon.HTTPConflict(title="known plate")
            Vehicle(plate=req.context.json.plate)
        resp.status = falcon.HTTP_201


class Positions:
    def _points(self, plate):
        with db_session:
            vehicle = Vehicle.get(plate=plate)
            if vehicle is None:
                raise falcon.HTTPNotFound
            rows = select(p for p in Position if p.vehicle == vehicle).order_by(Position.id)[:20]
            return [(row.latitude, row.longitude) for row in rows]

    def on_get(self, req, resp, plate):
        points = self._points(plate)
        form = req.get_param("form", default="json")
        if form == "json":
            resp.media = {"line": tracks.encoded(points), "km": tracks.length(points)}
        elif form == "gpx":
            resp.content_type, resp.text = "application/gpx+xml", tracks.as_gpx(points)
        else:
            resp.content_type, resp.text = "application/vnd.google-earth.kml+xml", tracks.as_kml(points)

    @spec.validate(json=NewPosition)
    def on_post(self, req, resp, plate):
        position = req.context.json
        with db_session:
            vehicle = Vehicle.get(plate=plate)
            if vehicle is None:
                raise falcon.HTTPNotFound
            Position(vehicle=vehicle, latitude=position.latitude, longitude=position.longitude)
        resp.media = {"zone": zone(round(position.latitude, 1), round(position.longitude, 1))}


class Health:
    def on_get(self, req, resp):
        resp.media = {"status": "up"}


class Partner:
    def on_get(self, req, resp):
        if not os.environ.get("PARTNER_KEY"):
            raise falcon.HTTPServiceUnavailable(title="no key")
        from requests_oauthlib import OAuth1Session

        resp.media = OAuth1Session(os.environ["PARTNER_KEY"]).get(os.environ["PARTNER_URL"]).json()
""",
        "app/fleet/app.py": """import falcon
import rapidjson
from falcon.media import JSONHandler

from fleet.middleware import Limits, Logs
from fleet.models import bind
from fleet.resources import Health, Partner, Positions, Vehicles
from fleet.schemas import spec


def create_app():
    bind()
    app = falcon.App(middleware=[Limits(), Logs()], cors_enable=True)
    handler = JSONHandler(dumps=rapidjson.dumps, loads=rapidjson.loads)
    app.req_options.media_handlers["application/json"] = handler
    app.resp_options.media_handlers["application/json"] = handler
    app.add_route("/health", Health())
    app.add_route("/vehicles", Vehicles())
    app.add_route("/vehicles/{plate}/positions", Positions())
    app.add_route("/partner", Partner())
    spec.register(app)
    return app
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10923/{path}"
        for path in (
            *("health", "vehicles", "vehicles/KX51/positions", "vehicles/KX51/positions?form=gpx"),
            *(
                "vehicles/KX51/positions?form=kml",
                "vehicles/none/positions",
                "partner",
                "docs/openapi.json",
                "docs/swagger",
            ),
        )
    ),
    sends=(
        ("http://127.0.0.1:10923/vehicles", '{"plate": "KX51", "vin": "79927398713"}'),
        ("http://127.0.0.1:10923/vehicles", '{"plate": "K", "vin": "1"}'),
        ("http://127.0.0.1:10923/vehicles/KX51/positions", '{"latitude": 52.2, "longitude": 0.1}'),
        ("http://127.0.0.1:10923/vehicles/KX51/positions", '{"latitude": 53.1, "longitude": -1.2}'),
    ),
    seconds=24,
)

PYTHON_PAGES = (GRANTS, INSURANCE, FLEET)
