"""The thirty-second set's services of Python, and one of Debian's own packages, on slim bases."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

NOTEBOOK = Recipe(
    name="notebook",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"DATABASE": "/tmp/notebook.db", "PORT": "10621"},
    cmd=("python", "main.py"),
    python=(
        *(
            "python-fasthtml",
            "fastlite",
            "monsterui",
            "mistune",
            "xhtml2pdf",
            "openpyxl",
            "pydantic-settings",
            "structlog",
        ),
        *("sentry-sdk", "boto3", "psycopg[binary]", "redis", "humanize", "nh3"),
    ),
    files=HOSTS
    | {
        "app/main.py": """import sentry_sdk
from fasthtml.common import (
    Div, FastHTML, Form, Input, Li, NotStr, P, Response, Titled, Ul, UploadFile, serve
)

from exports import pdf, sheet
from notes import log, notes, rendered
from settings import settings

if settings.sentry_dsn:
    sentry_sdk.init(dsn=settings.sentry_dsn)
app = FastHTML(secret_key="one", live=False)


@app.get("/")
def index():
    form = Form(Input(name="title"), hx_post="/notes", hx_target="#all")
    return Titled("Notebook", form, Ul(*(Li(note["title"]) for note in notes()), id="all"))


@app.get("/notes/{number}")
def one(number: int):
    return Div(NotStr(rendered(number)))


@app.post("/notes")
def add(title: str, text: str = ""):
    notes.insert(title, text)
    log.info("added", title=title)
    return Li(title)


@app.post("/files")
async def upload(file: UploadFile):
    content = await file.read()
    if settings.bucket:
        import boto3

        boto3.client("s3").put_object(Bucket=settings.bucket, Key=file.filename, Body=content)
    return P(f"{file.filename}: {len(content)}")


@app.get("/export/{kind}")
def export(kind: str):
    make = {"pdf": pdf, "xlsx": sheet}[kind]
    return Response(make(notes()), media_type="application/octet-stream")


serve(host="127.0.0.1", port=settings.port, reload=False)
""",
        "app/settings.py": """from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    port: int = 8000
    database: str
    bucket: str | None = None
    sentry_dsn: str | None = None


settings = Settings()
""",
        "app/notes.py": """from datetime import datetime

import humanize
import mistune
import nh3
import structlog
from fastlite import database

from settings import settings

log = structlog.get_logger()


class Notes:
    def __init__(self):
        self.table = database(settings.database).t.notes
        if not self.table.exists():
            self.table.create(id=int, title=str, text=str, pk="id")

    def __call__(self):
        return list(self.table.rows_where(order_by="id desc", limit=5))

    def insert(self, title, text):
        self.table.insert({"title": title, "text": text})


notes = Notes()


def rendered(number):
    row = notes.table.get(number)
    return nh3.clean(mistune.html(row["text"])) + humanize.naturaltime(datetime.now())
""",
        "app/exports.py": """from io import BytesIO


def pdf(rows):
    from xhtml2pdf import pisa

    out = BytesIO()
    pisa.CreatePDF("".join(f"<p>{row['title']}</p>" for row in rows), dest=out)
    return out.getvalue()


def sheet(rows):
    from openpyxl import Workbook

    book = Workbook()
    for row in rows:
        book.active.append(list(row.values()))
    out = BytesIO()
    book.save(out)
    return out.getvalue()
""",
    },
    asks=tuple(f"http://127.0.0.1:10621/{path}" for path in ("", "notes/1", "export/pdf", "export/xlsx", "export/no")),
    sends=(
        ("http://127.0.0.1:10621/notes", "title=one&text=**bold**"),
        ("http://127.0.0.1:10621/notes", "none=1"),
        (
            "http://127.0.0.1:10621/files",
            '--one\r\nContent-Disposition: form-data; name="file"; filename="one.txt"\r\n\r\none\r\n--one--\r\n',
        ),
    ),
    seconds=35,
)

BACKOFFICE = Recipe(
    name="backoffice",
    packages=(*PYTHON, *_TOOLS, "tini"),
    env=PRODUCTION_PYTHON | {"DATABASE_URL": "sqlite:////tmp/backoffice.db"},
    entrypoint=("tini", "--"),
    cmd=("hypercorn", "backoffice.app:app", "--bind", "127.0.0.1:10622", "--workers", "1", "--access-logfile", "-"),
    python=(
        *("starlette", "starlette-admin[i18n]", "sqlalchemy<2.1", "sqlalchemy-file", "hypercorn", "python-multipart"),
        *("itsdangerous", "pillow", "jinja2", "typesense", "pymongo", "fasttext-langdetect", "python-json-logger"),
        *("sqlalchemy-continuum", "apprise", "pyotp", "qrcode", "zxcvbn"),
    ),
    files=HOSTS
    | {
        "app/backoffice/__init__.py": "",
        "app/backoffice/models.py": """import os

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_engine(os.environ["DATABASE_URL"])


class Base(DeclarativeBase):
    pass


class Customer(Base):
    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
""",
        "app/backoffice/login.py": """import io
import os

import pyotp
import qrcode
from starlette.responses import JSONResponse, Response
from zxcvbn import zxcvbn

secret = pyotp.random_base32()


async def code(request):
    out = io.BytesIO()
    qrcode.make(pyotp.TOTP(secret).provisioning_uri(name="a")).save(out)
    return Response(out.getvalue(), media_type="image/png")


async def strength(request):
    word = (await request.json())["word"]
    return JSONResponse({"score": zxcvbn(word)["score"], "code": pyotp.TOTP(secret).now()})


async def remind(request):
    if os.environ.get("NOTIFY"):
        from apprise import Apprise

        Apprise(servers=os.environ["NOTIFY"]).notify("reminded")
    return JSONResponse({})
""",
        "app/backoffice/app.py": """import logging
from contextlib import asynccontextmanager

from pythonjsonlogger.json import JsonFormatter
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette_admin.contrib.sqla import Admin, ModelView
from starlette_admin.i18n import I18nConfig

from backoffice.login import code, remind, strength
from backoffice.models import Base, Customer, engine

handler = logging.StreamHandler()
handler.setFormatter(JsonFormatter())
logging.getLogger("backoffice").addHandler(handler)


@asynccontextmanager
async def lifespan(app):
    Base.metadata.create_all(engine)
    yield
    engine.dispose()


async def customers(request):
    with Session(engine) as session:
        return JSONResponse([customer.name for customer in session.query(Customer).limit(5)])


async def add(request):
    with Session(engine) as session:
        session.add(Customer(name=(await request.json())["name"]))
        session.commit()
    logging.getLogger("backoffice").warning("added")
    return JSONResponse({}, status_code=201)


async def fail(request):
    raise ValueError("on purpose")


app = Starlette(
    lifespan=lifespan,
    middleware=[Middleware(GZipMiddleware), Middleware(SessionMiddleware, secret_key="one")],
    routes=[
        Route("/customers", customers),
        Route("/customers", add, methods=["POST"]),
        Route("/code", code),
        Route("/strength", strength, methods=["POST"]),
        Route("/remind", remind),
        Route("/fail", fail),
    ],
)
admin = Admin(engine, title="Back office", i18n_config=I18nConfig(default_locale="de"))
admin.add_view(ModelView(Customer, icon="fa fa-user"))
admin.mount_to(app)
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10622/{path}"
        for path in (
            "customers",
            "admin/",
            "admin/customer/list",
            "admin/customer/create",
            "code",
            "remind",
            "fail",
            "no",
        )
    ),
    sends=(
        ("http://127.0.0.1:10622/customers", '{"name": "one"}'),
        ("http://127.0.0.1:10622/customers", "{}"),
        ("http://127.0.0.1:10622/admin/customer/create", "name=two"),
        ("http://127.0.0.1:10622/strength", '{"word": "one"}'),
    ),
    seconds=35,
)

ERRANDS = Recipe(
    name="errands",
    packages=(*PYTHON, *_TOOLS, "postgresql", "gosu", "tini"),
    env=PRODUCTION_PYTHON | {"LANG": "C.UTF-8", "PYTHONPATH": "/app", "PGHOST": "/tmp", "PGUSER": "postgres"},
    entrypoint=("tini", "-g", "--", "/usr/local/bin/entrypoint.sh"),
    cmd=("procrastinate", "--app=errands.app.app", "worker", "--concurrency=2"),
    python=(
        *("procrastinate", "psycopg[binary,pool]", "jinja2", "httpx", "tenacity", "weasyprint", "aiosmtplib"),
        *("aiosmtpd", "phonenumbers", "python-slugify", "twilio", "google-cloud-storage", "loguru", "polars"),
    ),
    files=HOSTS
    | {
        "usr/local/bin/entrypoint.sh": """#!/bin/sh
set -e
if [ "$PGHOST" = /tmp ]; then
  gosu postgres /usr/lib/postgresql/17/bin/initdb -D /tmp/data --auth=trust >/dev/null
  gosu postgres /usr/lib/postgresql/17/bin/pg_ctl -D /tmp/data -o "-k /tmp -h ''" -w start >/dev/null
  procrastinate --app=errands.app.app schema --apply
fi
exec gosu nobody "$@"
""",
        "app/errands/__init__.py": "",
        "app/errands/app.py": """from procrastinate import App, PsycopgConnector

app = App(connector=PsycopgConnector(), import_paths=["errands.tasks"])
""",
        "app/errands/sink.py": """from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Debugging


def sink():
    controller = Controller(Debugging(), hostname="127.0.0.1", port=2525)
    controller.start()
    return controller
""",
        "app/errands/tasks.py": """from email.message import EmailMessage

import aiosmtplib
import phonenumbers
from jinja2 import Environment, FileSystemLoader
from loguru import logger
from slugify import slugify
from tenacity import retry, stop_after_attempt

from errands.app import app
from errands.sink import sink

templates = Environment(loader=FileSystemLoader("templates"), autoescape=True)


@app.periodic(cron="* * * * * */4")
@app.task(pass_context=True)
async def every(context, timestamp):
    await mail.defer_async(to="a@shop.example")
    await call.defer_async(number="+4930123456")
    await call.defer_async(number="none")
    await report.defer_async(title="Every minute")


@app.task(retry=1)
async def mail(to):
    controller = sink()
    message = EmailMessage()
    message["To"], message["From"], message["Subject"] = to, "b@shop.example", "Hello"
    message.set_content(templates.get_template("mail.txt").render(to=to))
    await aiosmtplib.send(message, hostname="127.0.0.1", port=2525)
    controller.stop()


@app.task
def call(number):
    parsed = phonenumbers.parse(number)
    logger.info(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


@app.task(queue="reports")
@retry(stop=stop_after_attempt(2))
def report(title):
    import polars

    frame = polars.DataFrame({"a": [1, 2], "b": [3, 4]})
    frame.write_csv(f"/tmp/{slugify(title)}.csv")


@app.task
def text(number):
    from twilio.rest import Client

    Client().messages.create(to=number, body="hello")


@app.task
def archive(name):
    from google.cloud import storage

    storage.Client().bucket("shop").blob(name).upload_from_filename(name)
""",
        "app/templates/mail.txt": "Hello {{ to }}\n",
    },
    seconds=60,
)

ALMANAC = Recipe(
    name="almanac",
    packages=(*_TOOLS, "radicale", "hitch", "openssl", "curl", "tini"),
    env=SYSTEM,
    entrypoint=("tini", "-g", "--"),
    cmd=("/usr/local/bin/start.sh",),
    files=HOSTS
    | {
        "usr/local/bin/start.sh": """#!/bin/sh
set -e
radicale --config /app/radicale.conf &
for attempt in 1 2 3 4 5 6 7 8; do
  curl -sf http://127.0.0.1:10624/.web/ && break
  sleep 1
done
curl -sS -X MKCOL http://127.0.0.1:10624/team/ || true
curl -sS -X MKCALENDAR http://127.0.0.1:10624/team/shifts/ || true
curl -sS -H 'Content-Type: text/calendar' -T /app/shift.ics http://127.0.0.1:10624/team/shifts/shift.ics
exec hitch --config=/app/hitch.conf
""",
        "app/radicale.conf": """[server]
hosts = 127.0.0.1:10624

[auth]
type = none

[rights]
type = from_file
file = /app/rights

[storage]
filesystem_folder = /tmp/collections

[logging]
level = info
""",
        "app/rights": "[all]\nuser: .*\ncollection: .*\npermissions: RrWw\n",
        "app/shift.ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:shop\r\nBEGIN:VEVENT\r\nUID:one\r\n"
        "DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T080000Z\r\nDURATION:PT8H\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
        "SUMMARY:Shift\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "app/hitch.conf": """frontend = "[127.0.0.1]:10625"
backend = "[127.0.0.1]:10624"
pem-file = "/app/both.pem"
workers = 2
user = "nobody"
group = "nogroup"
""",
    },
    prepare=(
        "cd /app && openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out cert.pem && "
        "cat key.pem cert.pem > both.pem && rm key.pem cert.pem",
    ),
    asks=(
        *("http://127.0.0.1:10624/", "http://127.0.0.1:10624/.web/", "http://127.0.0.1:10624/.web/index.html"),
        *("http://127.0.0.1:10624/team/shifts/", "http://127.0.0.1:10624/team/shifts/shift.ics"),
        *("http://127.0.0.1:10624/no/", "https://127.0.0.1:10625/"),
    ),
    sends=(("http://127.0.0.1:10624/a/", "none=1"),),
    hangup=True,
    seconds=25,
)

OTHERS = (NOTEBOOK, BACKOFFICE, ERRANDS, ALMANAC)
