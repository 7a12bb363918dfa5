"""The seventeenth set's services of Python and Java, and servers, most on the base of the full images."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL, FULL_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("black", "coverage", "flake8", "isort", "mypy", "pre-commit", "pylint", "pytest", "pytest-cov", "tox")
"""What teams test and lint with."""

TORNADO = Recipe(
    name="tornado",
    packages=FULL_PYTHON,
    env=VENV | {"PYTHONUNBUFFERED": "1", "PORT": "9910"},
    cmd=("python", "-m", "quotes", "--port=9910", "--logging=info"),
    python=(
        *("tornado", "sqlalchemy", "psycopg2-binary", "redis", "requests", "pydantic", "python-dateutil", "pyyaml"),
        *("numpy", "pandas", "matplotlib", "motor", "boto3", "cryptography", "sentry-sdk", "prometheus-client"),
        *("ipython", "pytest-tornado", *_TOOLS),
    ),
    files=HOSTS
    | {
        "app/quotes/__init__.py": '"""Quotes."""\n',
        "app/quotes/__main__.py": """import asyncio
import signal

import tornado.log
from tornado.options import define, options, parse_command_line

from quotes.app import make_app

define("port", default=8888, type=int)
define("debug", default=False, type=bool)


async def main():
    parse_command_line()
    app = make_app(options.debug)
    server = app.listen(options.port, address="127.0.0.1")
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    tornado.log.app_log.info("listening")
    await stop.wait()
    server.stop()


asyncio.run(main())
""",
        "app/quotes/app.py": """import pathlib

import tornado.web
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

from quotes import handlers

SEEN = Counter("seen", "Requests")
HERE = pathlib.Path(__file__).parent


class Metrics(tornado.web.RequestHandler):
    def get(self):
        self.set_header("Content-Type", CONTENT_TYPE_LATEST)
        self.write(generate_latest())


def make_app(debug):
    return tornado.web.Application(
        [
            (r"/", handlers.Home),
            (r"/quotes", handlers.Quotes),
            (r"/report", handlers.Report),
            (r"/ws", handlers.Live),
            (r"/metrics", Metrics),
        ],
        template_path=HERE / "templates",
        static_path=HERE / "static",
        log_function=lambda handler: SEEN.inc(),
        debug=debug,
    )
""",
        "app/quotes/handlers.py": """import tornado.escape
import tornado.ioloop
import tornado.web
import tornado.websocket
from pydantic import ValidationError
from sqlalchemy import select

from quotes.database import Quote, session
from quotes.schema import NewQuote


class Home(tornado.web.RequestHandler):
    def get(self):
        self.render("home.html", title="quotes")


class Quotes(tornado.web.RequestHandler):
    def get(self):
        with session() as here:
            self.write({"quotes": [one.text for one in here.scalars(select(Quote).limit(10))]})

    def post(self):
        try:
            new = NewQuote(**tornado.escape.json_decode(self.request.body))
        except ValidationError as error:
            raise tornado.web.HTTPError(422) from error
        with session() as here:
            here.add(Quote(text=new.text))
            here.commit()
        self.set_status(201)


class Report(tornado.web.RequestHandler):
    async def get(self):
        from quotes.report import table

        self.write(await tornado.ioloop.IOLoop.current().run_in_executor(None, table))


class Live(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        self.write_message(message)
""",
        "app/quotes/report.py": """import pandas


def table():
    return pandas.DataFrame({"one": [1, 2], "two": [3, 4]}).describe().to_html()
""",
        "app/quotes/database.py": """import os

from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, sessionmaker


class Base(DeclarativeBase):
    pass


class Quote(Base):
    __tablename__ = "quotes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


engine = create_engine(os.environ.get("DATABASE_URL", "sqlite:////tmp/quotes.sqlite3"))
Base.metadata.create_all(engine)
session = sessionmaker(engine)
""",
        "app/quotes/schema.py": """from pydantic import BaseModel, Field


class NewQuote(BaseModel):
    text: str = Field(min_length=1)
""",
        "app/quotes/templates/home.html": "<h1>{{ title }}</h1>{% raw static_url('one.css') %}\n",
        "app/quotes/static/one.css": "h1 { color: green }\n",
        "app/tests/test_app.py": "from quotes.app import make_app\n\n\ndef test_app():\n    assert make_app(False)\n",
    },
    asks=tuple(
        f"http://127.0.0.1:9910/{path}" for path in ("", "quotes", "report", "ws", "metrics", "static/one.css", "no")
    ),
    sends=(("http://127.0.0.1:9910/quotes", '{"text": "one"}'), ("http://127.0.0.1:9910/quotes", '{"text": ""}')),
    seconds=25,
)

FALCON = Recipe(
    name="falcon",
    packages=(*PYTHON, "ca-certificates", "curl"),
    env=VENV | {"PYTHONDONTWRITEBYTECODE": "1", "WORKERS": "2"},
    entrypoint=("/app/docker-entrypoint.sh",),
    cmd=("gunicorn", "images.app:create()", "--bind=127.0.0.1:9911", "--threads=2", "--access-logfile=-"),
    python=(
        *("falcon", "gunicorn", "msgpack", "marshmallow", "peewee", "pillow", "python-dotenv", "jinja2", "httpx"),
        *("pyjwt", "structlog", "celery", "elasticsearch", "pymongo", "google-cloud-storage", "openpyxl", *_TOOLS),
        *("sphinx", "sphinx-rtd-theme", "locust"),
    ),
    files=HOSTS
    | {
        "app/docker-entrypoint.sh": """#!/bin/sh
set -e
python -m images.database
export WEB_CONCURRENCY="${WORKERS:-1}"
exec "$@"
""",
        "app/images/__init__.py": "",
        "app/images/database.py": """import peewee

database = peewee.SqliteDatabase("/tmp/images.sqlite3")


class Image(peewee.Model):
    name = peewee.CharField()

    class Meta:
        database = database


if __name__ == "__main__":
    database.create_tables([Image])
""",
        "app/images/app.py": """import falcon
import falcon.media
import structlog
from dotenv import load_dotenv

from images.middleware import Token
from images.resources import Images, Page, Picture

log = structlog.get_logger()


def handle(req, resp, error, params):
    log.error("broken", error=str(error))
    raise falcon.HTTPInternalServerError(description="broken")


def create():
    load_dotenv()
    app = falcon.App(middleware=[Token()], cors_enable=True)
    app.req_options.media_handlers[falcon.MEDIA_MSGPACK] = falcon.media.MessagePackHandler()
    app.add_error_handler(ZeroDivisionError, handle)
    app.add_route("/images", Images())
    app.add_route("/images/{name}.png", Picture())
    app.add_route("/", Page())
    return app
""",
        "app/images/middleware.py": """import jwt


class Token:
    def process_request(self, req, resp):
        req.context.token = jwt.encode({"sub": "one"}, "k" * 32)

    def process_response(self, req, resp, resource, succeeded):
        resp.set_header("X-Token", req.context.token)
""",
        "app/images/resources.py": """import io

import falcon
import jinja2
from marshmallow import Schema, ValidationError, fields, validate

from images.database import Image, database

templates = jinja2.Environment(loader=jinja2.DictLoader({"page": "<h1>{{ name }}</h1>"}))


class NewImage(Schema):
    name = fields.String(required=True, validate=validate.Length(min=1))


class Images:
    def on_get(self, req, resp):
        with database:
            resp.media = [one.name for one in Image.select().limit(10)]

    def on_post(self, req, resp):
        try:
            new = NewImage().load(req.media)
        except ValidationError as error:
            raise falcon.HTTPUnprocessableEntity(description=str(error.messages)) from error
        with database:
            Image.create(**new)
        resp.status = falcon.HTTP_CREATED


class Picture:
    def on_get(self, req, resp, name):
        from PIL import Image as Pillow

        file = io.BytesIO()
        Pillow.new("RGB", (8, 8 // len(name))).save(file, "PNG")
        resp.data = file.getvalue()
        resp.content_type = falcon.MEDIA_PNG


class Page:
    def on_get(self, req, resp):
        resp.content_type = falcon.MEDIA_HTML
        resp.text = templates.get_template("page").render(name="images")
        if req.get_param("broken"):
            1 / 0
""",
        "app/images/tasks.py": "import celery\n\napp = celery.Celery('images')\n",
    },
    asks=tuple(f"http://127.0.0.1:9911/{path}" for path in ("", "?broken=1", "images", "images/one.png", "no")),
    sends=(("http://127.0.0.1:9911/images", '{"name": "one"}'), ("http://127.0.0.1:9911/images", '{"nam": 1}')),
    seconds=25,
)

NINJA = Recipe(
    name="ninja",
    packages=(*FULL_PYTHON, "tini"),
    env=VENV | {"DJANGO_SETTINGS_MODULE": "shop.settings", "PYTHONUNBUFFERED": "1"},
    entrypoint=("tini", "--"),
    cmd=("uvicorn", "shop.asgi:application", "--host", "127.0.0.1", "--port", "9912", "--workers", "1"),
    python=(
        *("django", "django-ninja", "uvicorn", "whitenoise", "django-environ", "django-extensions", "django-filter"),
        *("django-debug-toolbar", "psycopg[binary]", "django-redis", "pillow", "stripe", "djangorestframework"),
        *("factory-boy", "faker", "pytest-django", "ipdb", "boto3", "django-storages", "sentry-sdk", *_TOOLS),
    ),
    files=HOSTS
    | {
        "app/manage.py": """#!/usr/bin/env python
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
execute_from_command_line(sys.argv)
""",
        "app/shop/__init__.py": "",
        "app/shop/settings.py": """from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env(DEBUG=(bool, False))
SECRET_KEY = "one"
DEBUG = env("DEBUG")
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_extensions",
    "ninja",
    "orders",
]
if DEBUG:
    INSTALLED_APPS += ["debug_toolbar"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "shop.urls"
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
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR}/shop.sqlite3")}
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
""",
        "app/shop/asgi.py": """import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_asgi_application()
""",
        "app/shop/urls.py": """from django.contrib import admin
from django.urls import path
from ninja import NinjaAPI

api = NinjaAPI(title="shop")
api.add_router("/orders", "orders.api.router")
urlpatterns = [path("admin/", admin.site.urls), path("api/", api.urls)]
""",
        "app/orders/__init__.py": "",
        "app/orders/apps.py": """from django.apps import AppConfig


class OrdersConfig(AppConfig):
    name = "orders"

    def ready(self):
        from orders import signals  # noqa: F401
""",
        "app/orders/signals.py": """from django.db.models.signals import post_save
from django.dispatch import receiver

from orders.models import Order


@receiver(post_save, sender=Order)
def pay(sender, instance, **kwargs):
    import stripe

    stripe.api_key = "one"
""",
        "app/orders/models.py": """from django.db import models


class Order(models.Model):
    name = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)
""",
        "app/orders/admin.py": """from django.contrib import admin

from orders.models import Order

admin.site.register(Order)
""",
        "app/orders/api.py": """from django.shortcuts import aget_object_or_404
from ninja import Field, ModelSchema, Router, Schema
from ninja.pagination import paginate

from orders.models import Order

router = Router()


class NewOrder(Schema):
    name: str = Field(min_length=1)


class OneOrder(ModelSchema):
    class Meta:
        model = Order
        fields = ["id", "name", "at"]


@router.get("", response=list[OneOrder])
@paginate
def orders(request):
    return Order.objects.order_by("id")


@router.post("", response={201: OneOrder})
def add(request, order: NewOrder):
    return 201, Order.objects.create(**order.dict())


@router.get("/{number}", response=OneOrder)
async def one(request, number: int):
    return await aget_object_or_404(Order, id=number)
""",
    },
    prepare=(
        "cd /app && /opt/venv/bin/python manage.py makemigrations orders && /opt/venv/bin/python manage.py migrate && "
        "/opt/venv/bin/python manage.py collectstatic --noinput",
    ),
    asks=tuple(
        f"http://127.0.0.1:9912/{path}"
        for path in ("api/orders", "api/orders/1", "api/docs", "api/openapi.json", "admin/", "admin/login/", "no")
    ),
    sends=(
        ("http://127.0.0.1:9912/api/orders", '{"name": "one"}'),
        ("http://127.0.0.1:9912/api/orders", '{"name": ""}'),
        ("http://127.0.0.1:9912/admin/login/", "username=one&password=two"),
    ),
    seconds=25,
)

UNBOUND = Recipe(
    name="unbound",
    packages=(*FULL, "unbound", "dns-root-data", "bind9-dnsutils"),
    env=SYSTEM,
    folder="/",
    cmd=("unbound", "-d", "-d", "-c", "/etc/unbound/shop.conf"),
    files=HOSTS
    | {
        "etc/unbound/shop.conf": """server:
    interface: 127.0.0.1@9913
    username: unbound
    chroot: ""
    directory: "/etc/unbound"
    logfile: ""
    verbosity: 2
    root-hints: "/usr/share/dns/root.hints"
    trust-anchor-file: "/usr/share/dns/root.key"
    access-control: 127.0.0.0/8 allow
    local-zone: "shop.example." static
    local-data: "www.shop.example. IN A 192.0.2.1"
    include: "/etc/unbound/shop.d/*.conf"
remote-control:
    control-enable: no
""",
        "etc/unbound/shop.d/block.conf": '    local-zone: "ads.example." always_nxdomain\n',
    },
    sends=(("tcp://127.0.0.1:9913", "nothing that is a question\n"),),
    hangup=True,
    seconds=15,
)

MEMCACHED = Recipe(
    name="memcached",
    packages=(*FULL, "memcached", "libsasl2-modules"),
    env=SYSTEM,
    folder="/",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("memcached", "-u", "memcache", "-l", "127.0.0.1", "-p", "9914", "-v"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/sh
set -e

# first arg is `-f` or `--some-option`
if [ "${1#-}" != "$1" ]; then
	set -- memcached "$@"
fi

exec "$@"
""",
    },
    sends=(("tcp://127.0.0.1:9914", "version\r\nset one 0 60 3\r\ntwo\r\nget one\r\nstats\r\nno\r\n"),),
    seconds=12,
)

NETTY = Recipe(
    name="netty",
    packages=(
        *(*FULL, "openjdk-21-jdk-headless", "maven", "libnetty-java", "libjackson2-databind-java", "libslf4j-java"),
        *("libcommons-lang3-java", "libguava-java", "liblogback-java", "junit4"),
    ),
    env=SYSTEM | {"JAVA_HOME": "/usr/lib/jvm/java-21-openjdk-amd64", "LANG": "C.UTF-8"},
    cmd=("java", "-cp", "/app/classes:/app/lib/*", "shop.Main", "9915"),
    files=HOSTS
    | {
        "app/src/shop/Main.java": """package shop;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    public static void main(String[] words) throws Exception {
        NioEventLoopGroup accepts = new NioEventLoopGroup(1);
        NioEventLoopGroup works = new NioEventLoopGroup(2);
        ServerBootstrap server = new ServerBootstrap().group(accepts, works).channel(NioServerSocketChannel.class)
            .childHandler(new ChannelInitializer<SocketChannel>() {
                @Override
                protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65536), new Orders());
                }
            });
        LOG.info("listening on {}", words[0]);
        server.bind("127.0.0.1", Integer.parseInt(words[0])).sync().channel().closeFuture().sync();
    }
}
""",
        "app/src/shop/Orders.java": """package shop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import org.apache.commons.lang3.StringUtils;

final class Orders extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) throws Exception {
        HttpResponseStatus status = HttpResponseStatus.OK;
        Map<String, Object> answer = Map.of("path", StringUtils.capitalize(request.uri()));
        if (HttpMethod.POST.equals(request.method())) {
            try {
                answer = Map.of("read", MAPPER.readTree(ByteBufUtil.getBytes(request.content())));
            } catch (JsonProcessingException error) {
                status = HttpResponseStatus.BAD_REQUEST;
            }
        }
        byte[] bytes = MAPPER.writeValueAsBytes(answer);
        context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(bytes)))
            .addListener(ChannelFutureListener.CLOSE);
    }
}
""",
    },
    prepare=(
        "mkdir -p /app/lib /app/classes && cd /usr/share/java && "
        "cp -L netty-buffer.jar netty-codec.jar netty-codec-http.jar netty-common.jar netty-handler.jar "
        "netty-resolver.jar netty-transport.jar netty-codec-http2.jar netty-handler-proxy.jar jackson-databind.jar "
        "jackson-core.jar jackson-annotations.jar slf4j-api.jar commons-lang3.jar guava.jar logback-classic.jar "
        "logback-core.jar junit4.jar /app/lib/",
        "cd /app && javac -cp 'lib/*' -d classes $(find src -name '*.java')",
    ),
    asks=("http://127.0.0.1:9915/orders", "http://127.0.0.1:9915/"),
    sends=(("http://127.0.0.1:9915/", '{"one": 1}'), ("http://127.0.0.1:9915/", "one")),
    seconds=20,
)

HUGO = Recipe(
    name="hugo",
    packages=(*FULL, "hugo", "asciidoctor"),
    env=SYSTEM | {"HUGO_ENV": "production"},
    folder="/site",
    cmd=("/bin/sh", "-c", "hugo server --bind 127.0.0.1 --port 9916 --disableFastRender --appendPort=false"),
    files=HOSTS
    | {
        "site/hugo.toml": 'baseURL = "http://127.0.0.1:9916/"\ntitle = "notes"\n[markup.highlight]\nnoClasses = true\n',
        "site/content/_index.md": "# Notes\n\nAll.\n",
        "site/content/posts/one.md": "---\ntitle: One\ndate: 2026-01-01\ntags: [a]\n---\n"
        "\n```go\nfunc main() {}\n```\n",
        "site/layouts/_default/baseof.html": '<html><body>{{ block "main" . }}{{ end }}</body></html>\n',
        "site/layouts/_default/single.html": '{{ define "main" }}<h1>{{ .Title }}</h1>{{ .Content }}{{ end }}\n',
        "site/layouts/_default/list.html": '{{ define "main" }}{{ range .Pages }}<a href="{{ .RelPermalink }}">'
        "{{ .Title }}</a>{{ end }}{{ end }}\n",
        "site/layouts/index.html": '{{ define "main" }}{{ $css := resources.Get "one.css" | minify | fingerprint }}'
        '<link href="{{ $css.RelPermalink }}">{{ .Content }}{{ end }}\n',
        "site/assets/one.css": "h1 { color : green }\n",
        "site/static/robots.txt": "User-agent: *\n",
    },
    asks=tuple(f"http://127.0.0.1:9916/{path}" for path in ("", "posts/", "posts/one/", "tags/", "robots.txt", "no")),
    seconds=15,
)

OTHER_SERVICES = (TORNADO, FALCON, NINJA, UNBOUND, MEMCACHED, NETTY, HUGO)
