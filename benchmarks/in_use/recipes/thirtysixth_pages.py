"""The thirty-sixth set's WSGI application of Python on a slim base."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

SEEDBANK = Recipe(
    name="seedbank",
    packages=(*PYTHON, *_TOOLS),
    env=PRODUCTION_PYTHON | {"PYTHONPATH": "/app", "DATABASE_URL": "sqlite:////tmp/seedbank.db"},
    cmd=("pserve", "production.ini"),
    python=(
        *(
            "pyramid==2.*",
            "setuptools<81",
            "waitress",
            "pyramid-jinja2",
            "pyramid-tm",
            "zope.sqlalchemy",
            "transaction",
        ),
        *("sqlalchemy==2.*", "alembic", "colander", "deform", "pyramid-mailer", "pyramid-retry", "cornice", "webob"),
        *("plaster-pastedeploy", "pyramid-debugtoolbar", "pyramid-multiauth", "passlib", "paginate", "webhelpers2"),
        *("psycopg2-binary", "python-memcached", "dogpile.cache", "pyramid-exclog", "raven", "formencode"),
        *("translationstring", "markupsafe", "reportlab", "tablib", "pyramid-chameleon", "ipython"),
    ),
    files=HOSTS
    | {
        "app/production.ini": """[app:main]
use = call:seedbank:main
pyramid.reload_templates = false
pyramid.includes =
    pyramid_tm
    pyramid_exclog
retry.attempts = 2
mail.default_sender = seeds@shop.example
jinja2.filters =
    weight = seedbank.filters:weight

[server:main]
use = egg:waitress#main
listen = 127.0.0.1:10837
threads = 2

[loggers]
keys = root, seedbank, exc_logger

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARN
handlers = console

[logger_seedbank]
level = INFO
handlers =
qualname = seedbank

[logger_exc_logger]
level = ERROR
handlers =
qualname = exc_logger

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic

[formatter_generic]
format = %(asctime)s %(levelname)s %(message)s
""",
        "app/development.ini": """[app:main]
use = call:seedbank:main
pyramid.includes = pyramid_debugtoolbar

[server:main]
use = egg:waitress#main
listen = 127.0.0.1:6543
""",
        "app/seedbank/__init__.py": """import os

from pyramid.config import Configurator
from pyramid.session import SignedCookieSessionFactory


def main(global_config, **settings):
    settings.setdefault("sqlalchemy.url", os.environ["DATABASE_URL"])
    with Configurator(settings=settings) as config:
        config.set_session_factory(SignedCookieSessionFactory(os.environ.get("SESSION_SECRET", "one")))
        config.include("pyramid_jinja2")
        config.add_jinja2_renderer(".html")
        config.include("cornice")
        config.include("pyramid_mailer" if os.environ.get("MAIL_HOST") else "pyramid_mailer.testing")
        config.include(".models")
        config.include(".security")
        config.include(".routes")
        if os.environ.get("LEGACY_PAGES"):
            config.include("pyramid_chameleon")
        if os.environ.get("SENTRY_DSN"):
            config.add_tween("seedbank.tweens.sentry_factory")
        config.scan(ignore=["seedbank.tweens"])
        return config.make_wsgi_app()
""",
        "app/seedbank/tweens.py": """import os

from raven import Client


def sentry_factory(handler, registry):
    client = Client(os.environ["SENTRY_DSN"])

    def tween(request):
        try:
            return handler(request)
        except Exception:
            client.captureException()
            raise

    return tween
""",
        "app/seedbank/routes.py": """def includeme(config):
    config.add_static_view("static", "seedbank:static", cache_max_age=3600)
    config.add_route("home", "/")
    config.add_route("add", "/add")
    config.add_route("export", "/export.{kind}")
    config.add_route("login", "/login")
    config.add_route("fail", "/fail")
""",
        "app/seedbank/security.py": """from passlib.hash import pbkdf2_sha256
from pyramid.authentication import AuthTktCookieHelper


class Policy:
    def __init__(self, secret):
        self.helper = AuthTktCookieHelper(secret, hashalg="sha512")

    def identity(self, request):
        return self.helper.identify(request)

    def authenticated_userid(self, request):
        found = self.identity(request)
        return found and found["userid"]

    def permits(self, request, context, permission):
        return bool(self.identity(request))

    def remember(self, request, userid, **kw):
        return self.helper.remember(request, userid, **kw)

    def forget(self, request, **kw):
        return self.helper.forget(request, **kw)


PASSWORDS = {"one": pbkdf2_sha256.hash("two")}


def known(name, password):
    return name in PASSWORDS and pbkdf2_sha256.verify(password, PASSWORDS[name])


def includeme(config):
    config.set_security_policy(Policy("secret"))
""",
        "app/seedbank/filters.py": """def weight(grams):
    return f"{grams / 1000:.2f} kg"
""",
        "app/seedbank/models/__init__.py": """import zope.sqlalchemy
from sqlalchemy import engine_from_config
from sqlalchemy.orm import sessionmaker

from seedbank.models.seeds import Base


def includeme(config):
    engine = engine_from_config(config.get_settings(), "sqlalchemy.")
    Base.metadata.create_all(engine)
    factory = sessionmaker(bind=engine)
    config.add_settings({"tm.manager_hook": "pyramid_tm.explicit_manager"})

    def session(request):
        made = factory()
        zope.sqlalchemy.register(made, transaction_manager=request.tm)
        return made

    config.add_request_method(session, "db", reify=True)
""",
        "app/seedbank/models/seeds.py": """from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Seed(Base):
    __tablename__ = "seeds"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    grams: Mapped[int] = mapped_column(default=0)


def newest():
    return select(Seed).order_by(Seed.id.desc()).limit(50)
""",
        "app/seedbank/forms.py": """import colander
import deform


class SeedSchema(colander.MappingSchema):
    name = colander.SchemaNode(colander.String(), validator=colander.Length(2, 40))
    grams = colander.SchemaNode(colander.Integer(), validator=colander.Range(0))


def seed_form():
    return deform.Form(SeedSchema(), buttons=("save",))
""",
        "app/seedbank/views/__init__.py": "",
        "app/seedbank/views/pages.py": """import deform
from paginate import Page
from pyramid.httpexceptions import HTTPFound, HTTPUnauthorized
from pyramid.security import remember
from pyramid.view import notfound_view_config, view_config
from pyramid_mailer import get_mailer
from pyramid_mailer.message import Message

from seedbank.caches import region
from seedbank.forms import seed_form
from seedbank.models.seeds import Seed, newest
from seedbank.security import known


@region.cache_on_arguments()
def greeting(name):
    return f"Hello {name}"


@view_config(route_name="home", renderer="seedbank:templates/home.html")
def home(request):
    seeds = request.db.scalars(newest()).all()
    number = int(request.params.get("page", 1))
    page = Page(seeds, page=number, items_per_page=5, url_maker=lambda wanted: f"/?page={wanted}")
    return {"seeds": page, "greeting": greeting(request.authenticated_userid or "guest")}


@view_config(route_name="add", renderer="seedbank:templates/add.html")
def add(request):
    form = seed_form()
    if request.method == "GET":
        return {"form": form.render()}
    try:
        found = form.validate(request.POST.items())
    except deform.ValidationFailure as error:
        request.response.status = 422
        return {"form": error.render()}
    request.db.add(Seed(**found))
    text = Message(subject="A seed", recipients=["team@shop.example"], body=found["name"])
    get_mailer(request).send(text)
    return HTTPFound(request.route_url("home"))


@view_config(route_name="login", renderer="json", request_method="POST")
def login(request):
    name = request.json_body.get("name")
    if not known(name, request.json_body.get("password", "")):
        raise HTTPUnauthorized()
    request.response.headerlist.extend(remember(request, name))
    return {"name": name}


@view_config(route_name="fail")
def fail(request):
    raise RuntimeError("on purpose")


@notfound_view_config(renderer="json")
def missing(request):
    request.response.status = 404
    return {"error": "none"}
""",
        "app/seedbank/caches.py": """import os

from dogpile.cache import make_region

if os.environ.get("MEMCACHED"):
    region = make_region().configure("dogpile.cache.memcached", arguments={"url": os.environ["MEMCACHED"]})
else:
    region = make_region().configure("dogpile.cache.memory")
""",
        "app/seedbank/views/api.py": """import colander
from cornice import Service
from cornice.validators import colander_body_validator

from seedbank.forms import SeedSchema
from seedbank.models.seeds import Seed, newest

seeds = Service(name="seeds", path="/api/seeds")


@seeds.get()
def all_seeds(request):
    return [{"name": one.name, "grams": one.grams} for one in request.db.scalars(newest())]


@seeds.post(schema=SeedSchema(), validators=(colander_body_validator,))
def add_seed(request):
    request.db.add(Seed(**request.validated))
    request.response.status = 201
    return request.validated
""",
        "app/seedbank/views/exports.py": """from io import BytesIO

from pyramid.response import Response
from pyramid.view import view_config

from seedbank.models.seeds import newest


@view_config(route_name="export")
def export(request):
    found = request.db.scalars(newest()).all()
    if request.matchdict["kind"] == "pdf":
        from reportlab.pdfgen.canvas import Canvas

        file = BytesIO()
        canvas = Canvas(file)
        canvas.drawString(100, 700, f"{len(found)} seeds")
        canvas.save()
        return Response(file.getvalue(), content_type="application/pdf")
    from tablib import Dataset

    rows = Dataset(*[(one.name, one.grams) for one in found], headers=["name", "grams"])
    return Response(rows.export("csv"), content_type="text/csv", charset="utf-8")
""",
        "app/seedbank/static/site.css": "body { margin: 2em }\n",
        "app/seedbank/templates/home.html": """<h1>{{ greeting }}</h1>
<ul>{% for seed in seeds %}<li>{{ seed.name }}: {{ seed.grams|weight }}</li>{% endfor %}</ul>
{{ seeds.pager()|safe }}
""",
        "app/seedbank/templates/add.html": "<h1>A seed</h1>{{ form|safe }}\n",
    },
    asks=tuple(
        f"http://127.0.0.1:10837/{path}"
        for path in (*("", "add", "api/seeds", "export.csv", "export.pdf", "static/site.css", "fail", "no"),)
    ),
    sends=(
        ("http://127.0.0.1:10837/api/seeds", '{"name": "beans", "grams": 300}'),
        ("http://127.0.0.1:10837/api/seeds", '{"name": "b"}'),
        ("http://127.0.0.1:10837/add", "name=peas&grams=40"),
        ("http://127.0.0.1:10837/add", "name=p&grams=x"),
        ("http://127.0.0.1:10837/login", '{"name": "one", "password": "two"}'),
        ("http://127.0.0.1:10837/login", '{"name": "one", "password": "no"}'),
    ),
    seconds=25,
)

PYTHON_PAGES = (SEEDBANK,)
