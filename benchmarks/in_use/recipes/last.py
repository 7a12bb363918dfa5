"""Images that the analysis met after all mending: what they show is the estimate, and nothing was mended for them."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

HUEY = Recipe(
    name="huey",
    packages=("python3", "python3-venv", "dumb-init", "sqlite3", "vim-tiny"),
    python=("huey", "httpx", "pyyaml", "rich", "peewee", "lxml"),
    env=VENV | {"PYTHONPATH": "/app"},
    entrypoint=("dumb-init", "--", "/app/worker.sh"),
    files={
        "app/worker.sh": """#!/bin/sh
set -e
for part in /app/hooks/*; do . "$part"; done
(sleep 4; python -m jobs.enqueue) &
exec huey_consumer jobs.tasks.huey --workers "${WORKERS:-1}" "$@"
""",
        "app/hooks/10-workers": "WORKERS=2\n",
        "app/jobs/__init__.py": "",
        "app/jobs/tasks.py": """
import yaml
from huey import SqliteHuey

huey = SqliteHuey(filename="/tmp/huey.sqlite3")

@huey.task()
def render(size):
    import httpx
    return yaml.safe_dump({"size": size, "version": httpx.__version__})
""",
        "app/jobs/enqueue.py": "from jobs.tasks import render\nrender(3)\n",
    },
    seconds=20,
)

CADDY = Recipe(
    name="caddy",
    packages=("caddy", "curl", "jq"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/bin/bash", "/usr/local/bin/serve"),
    cmd=("run",),
    files={
        "usr/local/bin/serve": """#!/bin/bash
set -e
if [[ "$1" == run || "$1" == validate ]]; then
    set -- caddy "$@" --config /etc/caddy/site.Caddyfile --adapter caddyfile
fi
exec "$@"
""",
        "etc/caddy/site.Caddyfile": "{\n  admin off\n}\nhttp://127.0.0.1:9141 {\n  root * /usr/share/caddy\n"
        "  file_server\n}\n",
    },
    asks=("http://127.0.0.1:9141/", "http://127.0.0.1:9141/nothing"),
)

FASTIFY = Recipe(
    name="fastify",
    packages=("nodejs", "npm", "gosu", "imagemagick"),
    npm=("fastify", "@fastify/static", "@fastify/view", "ejs", "dotenv", "knex", "mocha"),
    env=SYSTEM | {"NODE_ENV": "production"},
    entrypoint=("/usr/local/bin/docker-entrypoint.sh",),
    cmd=("node", "--require", "dotenv/config", "server.js"),
    files={
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/sh
set -e
if [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ]; then
    set -- node "$@"
fi
if [ "$(id -u)" = 0 ]; then
    exec gosu www-data "$@"
fi
exec "$@"
""",
        "app/.env": "PORT=9142\n",
        "app/server.js": """
const path = require('node:path');
const fastify = require('fastify')({logger: true});
fastify.register(require('@fastify/static'), {root: path.join(__dirname, 'public'), prefix: '/public/'});
fastify.register(require('@fastify/view'), {engine: {ejs: require('ejs')}, root: path.join(__dirname, 'views')});
fastify.get('/', (ask, answer) => answer.view('index.ejs', {a: 1}));
fastify.listen({port: Number(process.env.PORT), host: '127.0.0.1'});
""",
        "app/views/index.ejs": "<p><%= a %></p>\n",
        "app/public/a.txt": "a\n",
    },
    asks=("http://127.0.0.1:9142/", "http://127.0.0.1:9142/public/a.txt"),
    seconds=15,
)

DAPHNE = Recipe(
    name="daphne",
    packages=("python3", "python3-venv", "media-types", "tzdata", "gettext"),
    python=("django", "channels[daphne]", "django-environ", "django-redis", "crispy-bootstrap5", "reportlab"),
    env=VENV | {"DJANGO_SETTINGS_MODULE": "config.settings"},
    entrypoint=("/app/entry.py",),
    cmd=("serve",),
    files={
        "app/entry.py": """#!/usr/bin/env python
import os
import subprocess
import sys

subprocess.run([sys.executable, "manage.py", "migrate", "--noinput"], check=True)
if sys.argv[1:] == ["serve"]:
    os.execvp("daphne", ["daphne", "-b", "127.0.0.1", "-p", "9143", "config.asgi:application"])
os.execvp(sys.argv[1], sys.argv[1:])
""",
        "app/manage.py": """#!/usr/bin/env python
import sys
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
""",
        "app/config/__init__.py": "",
        "app/config/settings.py": """
SECRET_KEY = "k"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "config.urls"
INSTALLED_APPS = ["daphne", "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions",
                  "crispy_forms", "crispy_bootstrap5"]
MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/daphne.sqlite3"}}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
ASGI_APPLICATION = "config.asgi.application"
TIME_ZONE = "Europe/Berlin"
""",
        "app/config/asgi.py": """
from django.core.asgi import get_asgi_application
from channels.routing import ProtocolTypeRouter
application = ProtocolTypeRouter({"http": get_asgi_application()})
""",
        "app/config/urls.py": """
from django.http import JsonResponse
from django.urls import path
urlpatterns = [path("", lambda request: JsonResponse({"ok": True}))]
""",
    },
    asks=("http://127.0.0.1:9143/",),
    seconds=25,
)

LAST = (HUEY, CADDY, FASTIFY, DAPHNE)
