"""The thirty-fifth set's services, worker and job of Python on slim bases."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")
_TICKETS = (
    '{"username": "one", "password": "two-three-four"}',
    '{"username": "one", "password": "wrong"}',
)

TICKETDESK = Recipe(
    name="ticketdesk",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON
    | {"DJANGO_SETTINGS_MODULE": "desk.settings", "SECRET_KEY": "one", "DATABASE_URL": "sqlite:////tmp/desk.db"},
    entrypoint=("/app/entrypoint.sh",),
    cmd=(
        *("gunicorn", "desk.asgi:application", "-k", "uvicorn_worker.UvicornWorker", "-b", "127.0.0.1:10821", "-w"),
        "1",
    ),
    python=(
        *("django==5.2.*", "django-ninja", "django-ninja-extra", "django-ninja-jwt", "django-environ", "gunicorn"),
        *("uvicorn-worker", "uvicorn", "django-model-utils", "django-lifecycle", "django-cors-headers", "orjson"),
        *("django-structlog", "structlog", "django-pgtrigger", "psycopg[binary]", "django-redis", "django-anymail"),
        *("django-simple-history", "django-taggit", "bleach", "shortuuid", "django-extensions", "drf-spectacular"),
        *("sentry-sdk", "django-health-check<4", "pymemcache", "meilisearch"),
    ),
    files=HOSTS
    | {
        "app/entrypoint.sh": """#!/bin/sh
set -e
python manage.py migrate --noinput --run-syncdb
python manage.py seed
exec "$@"
""",
        "app/manage.py": """#!/opt/venv/bin/python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "desk.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
""",
        "app/desk/__init__.py": "",
        "app/desk/settings.py": """import environ
import structlog

env = environ.Env(DEBUG=(bool, False), SENTRY_DSN=(str, ""), REDIS_URL=(str, ""), MAIL_KEY=(str, ""))
SECRET_KEY = env("SECRET_KEY")
DEBUG = env("DEBUG")
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "corsheaders",
    "django_structlog",
    "ninja_extra",
    "ninja_jwt",
    "taggit",
    "simple_history",
    "desk.tickets",
]
if DEBUG:
    INSTALLED_APPS.append("django_extensions")
MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
MIDDLEWARE.insert(2, "django.contrib.sessions.middleware.SessionMiddleware")
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
ROOT_URLCONF = "desk.urls"
DATABASES = {"default": env.db()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
CORS_ALLOW_ALL_ORIGINS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if env("MAIL_KEY"):
    EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if env("REDIS_URL"):
    CACHES["default"] = {"BACKEND": "django_redis.cache.RedisCache", "LOCATION": env("REDIS_URL")}
if env("SENTRY_DSN"):
    import sentry_sdk

    sentry_sdk.init(dsn=env("SENTRY_DSN"))
structlog.configure(
    processors=[structlog.stdlib.add_log_level, structlog.processors.JSONRenderer()],
    logger_factory=structlog.stdlib.LoggerFactory(),
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
""",
        "app/desk/asgi.py": "from django.core.asgi import get_asgi_application\n\n"
        "application = get_asgi_application()\n",
        "app/desk/urls.py": """from django.urls import path

from desk.api import api

urlpatterns = [path("api/", api.urls)]
""",
        "app/desk/api.py": """import orjson
from ninja.parser import Parser
from ninja.renderers import BaseRenderer
from ninja_extra import NinjaExtraAPI
from ninja_jwt.controller import NinjaJWTDefaultController

from desk.tickets.controllers import TicketController


class FastParser(Parser):
    def parse_body(self, request):
        return orjson.loads(request.body)


class FastRenderer(BaseRenderer):
    media_type = "application/json"

    def render(self, request, data, *, response_status):
        return orjson.dumps(data, default=str)


api = NinjaExtraAPI(title="Desk", parser=FastParser(), renderer=FastRenderer())
api.register_controllers(NinjaJWTDefaultController, TicketController)


@api.get("/health")
def health(request):
    return {"status": "up"}


@api.get("/fail")
def fail(request):
    raise RuntimeError("on purpose")
""",
        "app/desk/tickets/__init__.py": "",
        "app/desk/tickets/apps.py": """from django.apps import AppConfig


class TicketsConfig(AppConfig):
    name = "desk.tickets"
""",
        "app/desk/tickets/models.py": """import shortuuid
from django.core.mail import send_mail
from django.db import models
from django_lifecycle import AFTER_CREATE, LifecycleModelMixin, hook
from model_utils import Choices
from model_utils.models import TimeStampedModel
from simple_history.models import HistoricalRecords
from taggit.managers import TaggableManager


class Ticket(LifecycleModelMixin, TimeStampedModel):
    STATUS = Choices("new", "open", "closed")
    key = models.CharField(max_length=22, unique=True, default=shortuuid.uuid)
    title = models.CharField(max_length=200)
    text = models.TextField()
    status = models.CharField(max_length=10, choices=STATUS, default=STATUS.new)
    tags = TaggableManager(blank=True)
    history = HistoricalRecords()

    @hook(AFTER_CREATE)
    def announce(self):
        send_mail(f"Ticket {self.key}", self.title, "desk@shop.example", ["team@shop.example"])
""",
        "app/desk/tickets/search.py": """import os


def search(text):
    if os.environ.get("MEILI_URL"):
        import meilisearch

        return meilisearch.Client(os.environ["MEILI_URL"]).index("tickets").search(text)["hits"]
    from desk.tickets.models import Ticket

    return [one.key for one in Ticket.objects.filter(title__icontains=text)[:5]]
""",
        "app/desk/tickets/controllers.py": """from typing import Optional

import bleach
import structlog
from ninja import Field, Schema
from ninja_extra import ControllerBase, api_controller, route
from ninja_extra.pagination import PageNumberPaginationExtra, PaginatedResponseSchema, paginate
from ninja_jwt.authentication import JWTAuth

from desk.tickets.models import Ticket
from desk.tickets.search import search

log = structlog.get_logger()


class NewTicket(Schema):
    title: str = Field(min_length=3)
    text: str
    tags: Optional[list[str]] = None


class TicketOut(Schema):
    key: str
    title: str
    text: str
    status: str


@api_controller("/tickets")
class TicketController(ControllerBase):
    @route.get("", response=PaginatedResponseSchema[TicketOut])
    @paginate(PageNumberPaginationExtra, page_size=5)
    def page(self):
        return Ticket.objects.order_by("-created")

    @route.post("", response={201: TicketOut})
    def add(self, ticket: NewTicket):
        added = Ticket.objects.create(title=ticket.title, text=bleach.clean(ticket.text))
        added.tags.add(*(ticket.tags or []))
        log.info("added", key=added.key)
        return 201, added

    @route.get("/search")
    def find(self, q: str):
        return search(q)

    @route.get("/mine", auth=JWTAuth())
    def mine(self):
        return {"user": self.context.request.user.username}
""",
        "app/desk/tickets/management/__init__.py": "",
        "app/desk/tickets/management/commands/__init__.py": "",
        "app/desk/tickets/management/commands/seed.py": """from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    def handle(self, *args, **options):
        users = get_user_model().objects
        if not users.filter(username="one").exists():
            users.create_user("one", password="two-three-four")
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10821/api/{path}"
        for path in (
            *("health", "tickets", "tickets?page=x", "tickets/search?q=one", "tickets/mine", "docs", "openapi.json"),
            *("fail", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10821/api/tickets", '{"title": "One is broken", "text": "<b>x</b>", "tags": ["a", "b"]}'),
        ("http://127.0.0.1:10821/api/tickets", '{"title": ""}'),
        *(("http://127.0.0.1:10821/api/token/pair", content) for content in _TICKETS),
    ),
    seconds=30,
)

DISPATCH = Recipe(
    name="dispatch",
    packages=(*PYTHON, *_TOOLS, "redis-server", "fonts-dejavu-core"),
    env=PRODUCTION_PYTHON | {"BROKER_URL": "redis://127.0.0.1:6379/0", "OUT": "/tmp/out"},
    entrypoint=("/app/run.sh",),
    cmd=("python", "-m", "dispatch"),
    python=(
        *("kombu[redis]", "fpdf2", "segno", "premailer", "emails", "chevron", "tenacity", "marshmallow", "apispec"),
        *("environs", "python-json-logger", "pyhumps", "phonenumbers", "zstandard", "aiosmtplib", "mongoengine"),
        *("prometheus-client", "statsd", "bugsnag", "twilio", "google-cloud-storage", "paramiko", "icalendar"),
        *("holidays", "requests", "requests-cache", "jmespath", "cssutils"),
    ),
    files=HOSTS
    | {
        "app/run.sh": """#!/bin/sh
set -e
redis-server --port 6379 --daemonize yes --dir /tmp --save ''
python -m dispatch.feeder &
exec "$@"
""",
        "app/dispatch/__init__.py": "",
        "app/dispatch/settings.py": """from environs import Env

env = Env()
env.read_env()
BROKER_URL = env.str("BROKER_URL")
OUT = env.path("OUT")
COUNTRY = env.str("COUNTRY", "DE")
SMTP = env.dict("SMTP", {})
BUGSNAG = env.str("BUGSNAG_KEY", None)
TWILIO = env.str("TWILIO_SID", None)
MONGO = env.str("MONGO_URL", None)
""",
        "app/dispatch/__main__.py": """import logging
import signal
import sys

from kombu import Connection
from prometheus_client import start_http_server
from pythonjsonlogger.json import JsonFormatter

from dispatch import settings
from dispatch.consumer import Worker

handler = logging.StreamHandler()
handler.setFormatter(JsonFormatter("%(asctime)s %(levelname)s %(message)s"))
logging.basicConfig(level=logging.INFO, handlers=[handler])


def main():
    if settings.BUGSNAG:
        import bugsnag

        bugsnag.configure(api_key=settings.BUGSNAG)
    settings.OUT.mkdir(exist_ok=True)
    start_http_server(10822, "127.0.0.1")
    with Connection(settings.BROKER_URL, heartbeat=4) as connection:
        worker = Worker(connection)
        signal.signal(signal.SIGTERM, lambda *_: setattr(worker, "should_stop", True))
        worker.run()


sys.exit(main())
""",
        "app/dispatch/queues.py": """from kombu import Exchange, Queue

orders = Exchange("orders", type="topic")
papers = Queue("papers", orders, routing_key="order.paper")
mails = Queue("mails", orders, routing_key="order.mail")
""",
        "app/dispatch/consumer.py": """import importlib
import logging

from kombu.mixins import ConsumerProducerMixin
from marshmallow import ValidationError
from prometheus_client import Counter

from dispatch.queues import mails, orders, papers
from dispatch.schema import Order

log = logging.getLogger(__name__)
handled = Counter("handled", "Messages", ["queue", "state"])
HANDLERS = {"papers": "dispatch.handlers.paper", "mails": "dispatch.handlers.mail"}


class Worker(ConsumerProducerMixin):
    def __init__(self, connection):
        self.connection = connection

    def get_consumers(self, consumer, channel):
        return [consumer([papers, mails], callbacks=[self.take], accept=["json"], prefetch_count=2)]

    def take(self, body, message):
        name = message.delivery_info["routing_key"].replace("order.", "") + "s"
        try:
            order = Order().load(body)
            following = importlib.import_module(HANDLERS[name]).handle(order)
            state = "good"
        except ValidationError as error:
            log.warning("rejected", extra={"errors": error.messages})
            following, state = None, "bad"
        handled.labels(name, state).inc()
        if following:
            self.producer.publish(body, exchange=orders, routing_key=following, compression="zlib", retry=True)
        message.ack()
""",
        "app/dispatch/schema.py": """import humps
import phonenumbers
from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validates


class Order(Schema):
    class Meta:
        unknown = EXCLUDE

    number = fields.Integer(required=True)
    name = fields.String(required=True)
    mail = fields.Email(required=True)
    phone = fields.String()
    delivery_day = fields.Date(required=True)

    @pre_load
    def names(self, data, **kwargs):
        return humps.decamelize(data)

    @validates("phone")
    def check(self, value, **kwargs):
        if not phonenumbers.is_possible_number(phonenumbers.parse(value, "DE")):
            raise ValidationError("no phone")
""",
        "app/dispatch/handlers/__init__.py": "",
        "app/dispatch/handlers/paper.py": """import holidays
import segno
from fpdf import FPDF

from dispatch import settings

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
free_days = holidays.country_holidays(settings.COUNTRY)


def handle(order):
    code = settings.OUT / f"{order['number']}.png"
    segno.make(str(order["number"])).save(str(code), scale=4)
    pdf = FPDF()
    pdf.add_font("DejaVu", fname=FONT)
    pdf.add_page()
    pdf.set_font("DejaVu", size=14)
    pdf.cell(text=f"{order['name']} – {order['delivery_day']:%d.%m.%Y}")
    if order["delivery_day"] in free_days:
        pdf.cell(text=free_days[order["delivery_day"]])
    pdf.image(str(code), x=10, y=30, w=40)
    pdf.output(str(settings.OUT / f"{order['number']}.pdf"))
    return "order.mail"
""",
        "app/dispatch/handlers/mail.py": """import logging
from pathlib import Path

import chevron
import emails
from icalendar import Calendar, Event
from premailer import transform
from tenacity import retry, stop_after_attempt, wait_fixed

from dispatch import settings

log = logging.getLogger(__name__)
template = Path("/app/templates/mail.mustache").read_text()


def invitation(order):
    calendar, event = Calendar(), Event()
    event.add("summary", order["name"])
    event.add("dtstart", order["delivery_day"])
    calendar.add_component(event)
    return calendar.to_ical()


@retry(stop=stop_after_attempt(2), wait=wait_fixed(0.2))
def send(message, to):
    if not settings.SMTP:
        return len(message.as_string())
    return message.send(to=to, smtp=settings.SMTP)


def handle(order):
    html = transform(chevron.render(template, order))
    message = emails.Message(html=html, subject="Order", mail_from="shop@shop.example")
    message.attach(filename="day.ics", data=invitation(order))
    log.info("sent", extra={"size": send(message, order["mail"])})
    if settings.TWILIO and order.get("phone"):
        from twilio.rest import Client

        Client(settings.TWILIO).messages.create(to=order["phone"], body="on its way")
    if settings.MONGO:
        from dispatch import archive

        archive.keep(order)
""",
        "app/dispatch/archive.py": """import mongoengine

from dispatch import settings

mongoengine.connect(host=settings.MONGO)


class Kept(mongoengine.Document):
    number = mongoengine.IntField()


def keep(order):
    Kept(number=order["number"]).save()
""",
        "app/dispatch/feeder.py": """import time

from kombu import Connection, Producer
from kombu.pools import producers

from dispatch import settings
from dispatch.queues import mails, orders, papers

ORDER = {"name": "One", "mail": "one@shop.example", "phone": "030 901820", "deliveryDay": "2030-10-03"}
connection = Connection(settings.BROKER_URL)
for number in range(8):
    with producers[connection].acquire(block=True) as producer:
        body = {**ORDER, "number": number} if number % 4 else {"number": "x"}
        producer.publish(body, exchange=orders, routing_key="order.paper", declare=[papers, mails], serializer="json")
    time.sleep(1)
""",
        "app/templates/mail.mustache": "<html><head><style>p { color: #333 }</style></head>"
        "<body><p>Hello {{name}}, order {{number}}</p></body></html>\n",
    },
    asks=("http://127.0.0.1:10822/metrics",),
    seconds=25,
)

RECKONING = Recipe(
    name="reckoning",
    packages=(*PYTHON, *_TOOLS, "tini"),
    env=PRODUCTION_PYTHON | {"TARGET": "/tmp/lake"},
    entrypoint=("tini", "--"),
    cmd=("python", "-m", "reckoning", "run", "/app/data", "--month=2030-02", "--format=xlsx"),
    python=(
        *("ibis-framework[duckdb]", "docopt-ng", "deltalake", "xlsxwriter", "great-tables", "polars", "pyarrow"),
        *("toolz", "glom", "pyyaml", "cerberus", "alive-progress", "tabulate", "s3fs", "google-cloud-bigquery"),
        *(
            "sqlglot",
            "snowflake-connector-python",
            "pyjanitor<0.32",
            "pandas<3",
            "altair",
            "vl-convert-python",
            "tinydb",
        ),
        *("smart-open", "python-slugify", "money", "country-converter", "yagmail", "scikit-learn"),
    ),
    files=HOSTS
    | {
        "app/data/rules.yaml": "rates: {DE: 0.19, FR: 0.2}\nminimum: 1\nsender: reckoning@shop.example\n",
        "app/data/sales.csv": "day,country,sku,amount\n"
        + "".join(f"2030-02-{day:02},{('DE', 'FR')[day % 2]},a-{day % 3},{day}.5\n" for day in range(1, 29))
        + "2030-03-01,DE,a-1,7.5\n",
        "app/data/products.csv": "sku,title\na-0,One\na-1,Two\na-2,Three\n",
        "app/reckoning/__init__.py": "",
        "app/reckoning/__main__.py": '''"""Reckoning.

Usage:
  reckoning run <folder> --month=<month> [--format=<format>] [--upload]
  reckoning history
  reckoning chart <out>
  reckoning (-h | --help)

Options:
  --format=<format>  What the report is written as [default: csv].
"""

import sys

from docopt import docopt

from reckoning import rules, steps


def main():
    arguments = docopt(__doc__)
    if arguments["history"]:
        from reckoning.history import show

        return show()
    if arguments["chart"]:
        from reckoning import chart

        return chart.draw(arguments["<out>"])
    found = rules.read(arguments["<folder>"])
    return steps.run(found, arguments)


if __name__ == "__main__":
    sys.exit(main())
''',
        "app/reckoning/rules.py": """from pathlib import Path

import yaml
from cerberus import Validator
from glom import glom

SCHEMA = {
    "rates": {"type": "dict", "valuesrules": {"type": "float", "min": 0}},
    "minimum": {"type": "integer"},
    "sender": {"type": "string", "regex": ".+@.+"},
}


def read(folder):
    content = yaml.safe_load((Path(folder) / "rules.yaml").read_text())
    validator = Validator(SCHEMA, require_all=True)
    if not validator.validate(content):
        raise SystemExit(validator.errors)
    return glom(content, {"rates": "rates", "minimum": "minimum"})
""",
        "app/reckoning/steps.py": """import os
from pathlib import Path

import ibis
from alive_progress import alive_bar
from tabulate import tabulate
from toolz import pipe

from reckoning import history, lake, report

TARGET = Path(os.environ["TARGET"])


def load(folder):
    connection = ibis.duckdb.connect()
    return connection.read_csv(f"{folder}/sales.csv"), connection.read_csv(f"{folder}/products.csv")


def of_month(month):
    return lambda table: table.filter(table.day.cast("string").startswith(month))


def taxed(rates):
    cases = ibis.memtable([{"country": country, "rate": rate} for country, rate in rates.items()])
    return lambda table: table.join(cases, "country").mutate(tax=ibis._.amount * ibis._.rate)


def summed(products):
    def step(table):
        named = table.join(products, "sku")
        return named.group_by("country", "title").agg(total=named.amount.sum(), tax=named.tax.sum())

    return step


def run(found, arguments):
    sales, products = load(arguments["<folder>"])
    with alive_bar(3, force_tty=False) as step:
        month = arguments["--month"]
        table = pipe(sales, of_month(month), taxed(found["rates"]), summed(products)).order_by("country", "title")
        step()
        frame = table.to_polars()
        lake.write(TARGET / "totals", frame)
        step()
        path = report.WRITERS[arguments["--format"]](frame, TARGET, month)
        step()
    print(tabulate(frame.rows(), headers=frame.columns, tablefmt="github"))
    history.note(month, frame.height, str(path))
    if arguments["--upload"]:
        lake.upload(path)
    return 0
""",
        "app/reckoning/lake.py": """import os

from deltalake import DeltaTable, write_deltalake


def write(path, frame):
    write_deltalake(str(path), frame.to_arrow(), mode="overwrite")
    print("version", DeltaTable(str(path)).version())


def upload(path):
    if os.environ.get("BIGQUERY"):
        from google.cloud import bigquery

        return bigquery.Client().load_table_from_uri(str(path), os.environ["BIGQUERY"])
    from smart_open import open as open_anywhere

    with open_anywhere(f"s3://{os.environ['BUCKET']}/{path.name}", "wb") as out:
        return out.write(path.read_bytes())
""",
        "app/reckoning/report.py": """import country_converter
import xlsxwriter
from slugify import slugify


def csv(frame, target, month):
    path = target / f"{month}.csv"
    frame.write_csv(path)
    return path


def xlsx(frame, target, month):
    path = target / f"{slugify('totals of ' + month)}.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("totals")
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, frame.columns, bold)
        for place, row in enumerate(frame.iter_rows(), 1):
            country, *others = row
            sheet.write_row(place, 0, [country_converter.convert(country, to="name_short"), *others])
    return path


def html(frame, target, month):
    from great_tables import GT

    path = target / f"{month}.html"
    path.write_text(GT(frame).tab_header(month).as_raw_html())
    return path


WRITERS = {"csv": csv, "xlsx": xlsx, "html": html}
""",
        "app/reckoning/history.py": """from tinydb import Query, TinyDB

database = TinyDB("/tmp/history.json")


def note(month, count, path):
    database.upsert({"month": month, "count": count, "path": path}, Query().month == month)


def show():
    for one in database.all():
        print(one)
""",
        "app/reckoning/chart.py": """import altair

from reckoning import steps


def draw(out):
    from deltalake import DeltaTable

    frame = DeltaTable(str(steps.TARGET / "totals")).to_pandas()
    altair.Chart(frame).mark_bar().encode(x="country", y="total").save(out)
""",
    },
    seconds=20,
)

PARISH = Recipe(
    name="parish",
    packages=(*PYTHON, *_TOOLS, "libxml2"),
    env=PRODUCTION_PYTHON | {"DJANGO_SETTINGS_MODULE": "parish.settings", "SECRET_KEY": "one"},
    entrypoint=("/app/docker-entrypoint.sh",),
    cmd=("uwsgi", "--ini", "/app/uwsgi.ini"),
    python=(
        *("django==5.2.*", "pyuwsgi", "django-allauth[socialaccount]", "django-crispy-forms", "crispy-bootstrap5"),
        *("django-htmx", "easy-thumbnails", "django-tables2", "django-filter", "django-widget-tweaks", "whitenoise"),
        *("django-reversion", "django-autocomplete-light", "python-decouple", "dj-database-url"),
        *(
            "django-markdownify",
            "django-recurrence",
            "django-maintenance-mode",
            "django-axes",
            "pillow",
            "psycopg2-binary",
        ),
        *("django-import-export", "django-cachalot", "django-csp", "django-storages[s3]", "sentry-sdk", "uwsgitop"),
    ),
    files=HOSTS
    | {
        "app/docker-entrypoint.sh": """#!/bin/sh
set -e
python manage.py migrate --noinput --run-syncdb -v 0
python manage.py collectstatic --noinput -v 0
exec "$@"
""",
        "app/uwsgi.ini": """[uwsgi]
http-socket = 127.0.0.1:10824
chdir = /app
module = parish.wsgi:application
master = true
processes = 2
die-on-term = true
virtualenv = /opt/venv
need-app = true
""",
        "app/manage.py": """#!/opt/venv/bin/python
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    execute_from_command_line(sys.argv)
""",
        "app/parish/__init__.py": "",
        "app/parish/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\n"
        "application = get_wsgi_application()\n",
        "app/parish/settings.py": """import dj_database_url
from decouple import Csv, config

SECRET_KEY = config("SECRET_KEY")
DEBUG = config("DEBUG", default=False, cast=bool)
ALLOWED_HOSTS = config("ALLOWED_HOSTS", default="*", cast=Csv())
INSTALLED_APPS = [
    "dal",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "axes",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "easy_thumbnails",
    "import_export",
    "markdownify",
    "reversion",
    "widget_tweaks",
    "parish.events",
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
    "reversion.middleware.RevisionMiddleware",
    "axes.middleware.AxesMiddleware",
]
if config("SOCIAL", default=False, cast=bool):
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.google"]
if config("SENTRY_DSN", default=""):
    import sentry_sdk

    sentry_sdk.init(dsn=config("SENTRY_DSN"))
ROOT_URLCONF = "parish.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": ["/app/templates"],
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
DATABASES = {"default": dj_database_url.config(default="sqlite:////tmp/parish.db")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
CRISPY_TEMPLATE_PACK = CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "django_tables2/bootstrap5.html"
STATIC_URL, STATIC_ROOT = "/static/", "/tmp/static"
MEDIA_URL, MEDIA_ROOT = "/media/", "/tmp/media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if config("BUCKET", default=""):
    STORAGES["default"] = {"BACKEND": "storages.backends.s3.S3Storage"}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
USE_TZ = True
""",
        "app/parish/urls.py": """from django.contrib import admin
from django.urls import include, path

from parish.events import views

urlpatterns = [
    path("", views.EventList.as_view(), name="events"),
    path("new", views.EventNew.as_view(), name="new"),
    path("rows", views.rows, name="rows"),
    path("picture", views.picture, name="picture"),
    path("export.csv", views.export, name="export"),
    path("fail", views.fail),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
""",
        "app/parish/events/__init__.py": "",
        "app/parish/events/apps.py": """from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "parish.events"
""",
        "app/parish/events/models.py": """import reversion
from django.db import models


@reversion.register()
class Event(models.Model):
    title = models.CharField(max_length=100)
    day = models.DateField()
    text = models.TextField(blank=True)
""",
        "app/parish/events/admin.py": """from django.contrib import admin
from import_export.admin import ImportExportModelAdmin
from reversion.admin import VersionAdmin

from parish.events.models import Event


@admin.register(Event)
class EventAdmin(ImportExportModelAdmin, VersionAdmin):
    list_display = ("title", "day")
""",
        "app/parish/events/forms.py": """from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from parish.events.models import Event


class EventForm(forms.ModelForm):
    class Meta:
        model = Event
        fields = ("title", "day", "text")

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", "Save"))
""",
        "app/parish/events/views.py": """import io

import django_filters
import django_tables2
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import CreateView
from django_filters.views import FilterView
from django_tables2.views import SingleTableMixin

from parish.events.forms import EventForm
from parish.events.models import Event


class EventTable(django_tables2.Table):
    class Meta:
        model = Event
        fields = ("title", "day")


class EventFilter(django_filters.FilterSet):
    title = django_filters.CharFilter(lookup_expr="icontains")

    class Meta:
        model = Event
        fields = ("title", "day")


class EventList(SingleTableMixin, FilterView):
    model = Event
    table_class = EventTable
    filterset_class = EventFilter
    template_name = "events.html"


@method_decorator(csrf_exempt, name="dispatch")
class EventNew(CreateView):
    model = Event
    form_class = EventForm
    template_name = "new.html"
    success_url = "/"


def rows(request):
    template = "rows.html" if request.htmx else "all_rows.html"
    return render(request, template, {"events": Event.objects.order_by("-id")[:5]})


def picture(request):
    from easy_thumbnails.files import get_thumbnailer
    from PIL import Image

    name = "picture.png"
    if not default_storage.exists(name):
        out = io.BytesIO()
        Image.new("RGB", (400, 300), "teal").save(out, "PNG")
        default_storage.save(name, ContentFile(out.getvalue()))
    thumbnail = get_thumbnailer(default_storage.open(name), relative_name=name).get_thumbnail({"size": (80, 60)})
    return HttpResponse(thumbnail.read(), content_type="image/png")


def export(request):
    from import_export.resources import modelresource_factory

    resource = modelresource_factory(model=Event)()
    return HttpResponse(resource.export(Event.objects.all()[:20]).csv, content_type="text/csv")


def fail(request):
    raise RuntimeError("on purpose")
""",
        "app/templates/base.html": '{% load static %}<!doctype html><link rel="stylesheet" '
        "href=\"{% static 'admin/css/base.css' %}\"><main>{% block content %}{% endblock %}</main>\n",
        "app/templates/events.html": "{% extends 'base.html' %}{% load render_table from django_tables2 %}"
        "{% load crispy_forms_tags %}{% block content %}<form>{{ filter.form|crispy }}</form>"
        "{% render_table table %}{% endblock %}\n",
        "app/templates/new.html": "{% extends 'base.html' %}{% load crispy_forms_tags %}"
        "{% block content %}{% crispy form %}{% endblock %}\n",
        "app/templates/rows.html": "{% load markdownify %}{% for event in events %}<li>{{ event.title }}: "
        "{{ event.text|markdownify }}</li>{% endfor %}\n",
        "app/templates/all_rows.html": "{% extends 'base.html' %}{% block content %}<ul>{% include 'rows.html' %}</ul>"
        "{% endblock %}\n",
    },
    asks=tuple(
        f"http://127.0.0.1:10824/{path}"
        for path in (
            *("", "?title=one", "new", "rows", "picture", "export.csv", "accounts/login/", "admin/login/", "fail"),
            *("static/admin/css/base.css", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10824/new", "title=One&day=2030-02-04&text=**bold**"),
        ("http://127.0.0.1:10824/new", "title="),
    ),
    seconds=30,
)

PYTHON_SERVICES = (TICKETDESK, DISPATCH, RECKONING, PARISH)
