"""The images that were there while the analysis was written, and the three that it then met."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

FLASK = Recipe(
    name="flask",
    packages=("python3", "python3-venv", "curl", "git"),
    python=("flask", "gunicorn", "sqlalchemy", "requests", "pyyaml", "cryptography"),
    env=VENV,
    cmd=("gunicorn", "--bind", "127.0.0.1:9101", "--workers", "1", "shop:app"),
    files={
        "app/shop.py": """
from flask import Flask, jsonify, render_template_string
from sqlalchemy import create_engine, text

app = Flask(__name__)
engine = create_engine("sqlite://")

@app.get("/")
def index():
    return render_template_string("<p>{{ name }}</p>", name="shop")

@app.get("/count")
def count():
    with engine.connect() as connection:
        return jsonify(connection.execute(text("select 1")).scalar())
"""
    },
    asks=("http://127.0.0.1:9101/", "http://127.0.0.1:9101/count"),
)

DJANGO = Recipe(
    name="django",
    packages=("python3", "python3-venv", "gettext", "postgresql-client"),
    python=("django", "gunicorn", "whitenoise", "django-environ", "pillow", "celery"),
    env=VENV | {"DJANGO_SETTINGS_MODULE": "site_.settings"},
    entrypoint=("/app/docker-entrypoint.sh",),
    cmd=("gunicorn", "site_.wsgi:application", "--bind", "127.0.0.1:9102"),
    files={
        "app/docker-entrypoint.sh": """#!/bin/sh
set -e
if [ "$1" = gunicorn ]; then
    python manage.py migrate --noinput
    python manage.py check
fi
exec "$@"
""",
        "app/manage.py": """#!/usr/bin/env python
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
""",
        "app/site_/__init__.py": "",
        "app/site_/settings.py": """
import environ
env = environ.Env()
SECRET_KEY = env("KEY", default="k")
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "site_.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
                  "django.contrib.staticfiles"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "whitenoise.middleware.WhiteNoiseMiddleware",
              "django.contrib.sessions.middleware.SessionMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/db.sqlite3"}}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
STATIC_URL = "static/"
STATIC_ROOT = "/tmp/static"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
""",
        "app/site_/urls.py": """
from django.http import HttpResponse
from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse(str(request.session.get("x"))))]
""",
        "app/site_/wsgi.py": """
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
""",
    },
    asks=("http://127.0.0.1:9102/",),
    seconds=25,
)

WEB_SERVER = Recipe(
    name="nginx",
    packages=("nginx", "curl", "openssl"),
    env=SYSTEM,
    folder="/",
    cmd=("nginx", "-g", "daemon off;"),
    prepare=("sed -i 's/listen 80 /listen 127.0.0.1:9103 /; /listen \\[/d' /etc/nginx/sites-available/default",),
    asks=("http://127.0.0.1:9103/", "http://127.0.0.1:9103/nothing"),
)

CRON = Recipe(
    name="cron",
    packages=("cron", "python3", "python3-yaml", "python3-requests", "rsync"),
    env=SYSTEM,
    folder="/",
    cmd=("cron", "-f"),
    files={
        "etc/cron.d/report": "* * * * * root /usr/local/bin/report >/dev/null 2>&1\n",
        "usr/local/bin/report": "#!/usr/bin/python3\nimport yaml, sys\nyaml.safe_dump({'a': 1}, sys.stdout)\n",
    },
    seconds=75,
)

QUEUE = Recipe(
    name="queue",
    packages=("python3", "python3-venv", "redis-server", "supervisor", "vim-tiny"),
    python=("rq", "redis", "click", "httpx"),
    env=VENV,
    entrypoint=("/usr/bin/supervisord", "-n", "-c", "/app/supervisord.conf"),
    files={
        "app/supervisord.conf": """[supervisord]
nodaemon=true
logfile=/tmp/supervisord.log
pidfile=/tmp/supervisord.pid

[program:redis]
command=redis-server --port 9105 --bind 127.0.0.1 --save ""

[program:worker]
command=sh -c "sleep 3; exec rq worker --url redis://127.0.0.1:9105 default"
directory=/app

[program:once]
command=sh -c "sleep 5; exec python enqueue.py"
directory=/app
autorestart=false
startsecs=0
""",
        "app/jobs.py": "def add(a, b):\n    return a + b\n",
        "app/enqueue.py": """
from redis import Redis
from rq import Queue
from jobs import add
Queue(connection=Redis(port=9105)).enqueue(add, 1, 2)
""",
    },
    seconds=25,
)

CELERY = Recipe(
    name="celery",
    packages=("python3", "python3-venv", "tini", "ffmpeg"),
    python=("celery", "sqlalchemy", "flower", "boto3"),
    env=VENV,
    entrypoint=("tini", "--"),
    cmd=("celery", "-A", "tasks", "worker", "--loglevel", "info", "--pool", "prefork", "--concurrency", "1"),
    files={
        "app/tasks.py": """
from celery import Celery
app = Celery("tasks", broker="memory://", backend="cache+memory://")

@app.task
def add(a, b):
    return a + b
"""
    },
    seconds=20,
)

API = Recipe(
    name="fastapi",
    packages=("python3", "python3-venv", "build-essential"),
    python=("fastapi", "uvicorn[standard]", "numpy", "pandas", "jinja2", "httpx"),
    env=VENV,
    cmd=("/bin/sh", "-c", "exec uvicorn api.main:app --host 127.0.0.1 --port ${PORT:-9106}"),
    files={
        "app/api/__init__.py": "",
        "app/api/main.py": """
import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()

class Item(BaseModel):
    size: int = 3

@app.get("/")
def index() -> Item:
    return Item(size=int(np.arange(3).sum()))
""",
    },
    asks=("http://127.0.0.1:9106/", "http://127.0.0.1:9106/openapi.json"),
    seconds=20,
)

DATABASE = Recipe(
    name="postgres",
    packages=("postgresql", "gosu", "less"),
    env=SYSTEM | {"PGDATA": "/var/lib/postgresql/data"},
    folder="/",
    entrypoint=("/usr/local/bin/docker-entrypoint.sh",),
    cmd=("postgres", "-p", "9107"),
    files={
        "usr/local/bin/docker-entrypoint.sh": """#!/usr/bin/env bash
set -Eeuo pipefail
export PATH="/usr/lib/postgresql/17/bin:$PATH"
_main() {
    if [ "$1" = postgres ]; then
        mkdir -p "$PGDATA" && chown -R postgres "$PGDATA"
        if [ ! -s "$PGDATA/PG_VERSION" ]; then
            gosu postgres initdb --username=postgres >/dev/null
        fi
        exec gosu postgres "$@"
    fi
    exec "$@"
}
_main "$@"
"""
    },
    seconds=20,
)

APACHE = Recipe(
    name="apache",
    packages=("apache2", "wget", "file"),
    env=SYSTEM | {"APACHE_HTTP_PORT": "9108"},
    folder="/",
    cmd=("apachectl", "-D", "FOREGROUND"),
    prepare=("sed -i 's/^Listen 80/Listen 127.0.0.1:9108/' /etc/apache2/ports.conf",),
    asks=("http://127.0.0.1:9108/", "http://127.0.0.1:9108/nothing"),
)

BOTTLE = Recipe(
    name="bottle",
    packages=("python3", "python3-venv", "dumb-init", "imagemagick"),
    python=("bottle", "gevent", "gunicorn", "packaging", "jinja2", "lxml", "paramiko"),
    env=VENV,
    entrypoint=("dumb-init", "--"),
    cmd=("gunicorn", "-k", "gevent", "-b", "127.0.0.1:9109", "web.app:application"),
    files={
        "app/web/app.py": """
import bottle
from lxml import etree

application = bottle.default_app()

@application.get("/")
def index():
    return etree.tostring(etree.fromstring("<p>x</p>"))
"""
    },
    asks=("http://127.0.0.1:9109/",),
)

DEBIAN_PYTHON = Recipe(
    name="debian-python",
    packages=("python3-flask", "gunicorn", "python3-sqlalchemy", "python3-numpy", "nano"),
    env=SYSTEM,
    entrypoint=("/app/entry.sh",),
    files={
        "app/entry.sh": """#!/bin/bash
: "${PORT:=9110}"
run() {
    local address="127.0.0.1:$PORT"
    exec gunicorn --bind "$address" "$@"
}
echo "start" | tee /tmp/started >/dev/null
run site_app:app
""",
        "app/site_app.py": """
import flask
app = flask.Flask("site")

@app.get("/")
def index():
    return flask.jsonify(x=1)
""",
    },
    asks=("http://127.0.0.1:9110/",),
)

FIRST = (FLASK, DJANGO, WEB_SERVER, CRON, QUEUE, CELERY, API, DATABASE, APACHE, BOTTLE, DEBIAN_PYTHON)
