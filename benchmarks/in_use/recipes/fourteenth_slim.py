"""Group A of the fourteenth set: one web application each, on a slim base."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, NODE, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

DRF = Recipe(
    name="drf",
    packages=(*PYTHON, "libpq5", "gettext", "netcat-openbsd", "curl", "postgresql-client"),
    python=(
        *(
            "django~=5.2",
            "djangorestframework",
            "drf-spectacular",
            "django-filter",
            "django-cors-headers",
            "whitenoise",
        ),
        *(
            "gunicorn",
            "uvicorn[standard]",
            "uvicorn-worker",
            "psycopg[binary]",
            "django-environ",
            "sentry-sdk",
            "pillow",
        ),
        *("django-debug-toolbar", "django-extensions", "boto3", "django-storages", "celery", "argon2-cffi"),
        *("djangorestframework-simplejwt", "pytest-django", "factory-boy", "ipython", "ruff", "mypy", "coverage"),
    ),
    env=VENV
    | {
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "DATABASE_URL": "sqlite:////tmp/shop.sqlite3",
        "DJANGO_SECRET_KEY": "not-a-secret-but-long-enough-for-the-job",
    },
    entrypoint=("/entrypoint",),
    cmd=("/start",),
    files=HOSTS
    | {
        "entrypoint": """#!/bin/bash
set -o errexit
set -o pipefail
set -o nounset

if [ -n "${POSTGRES_HOST:-}" ]; then
    export DATABASE_URL="postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@${POSTGRES_HOST}:5432/${POSTGRES_DB}"
    until nc -z "$POSTGRES_HOST" 5432; do
        >&2 echo 'Waiting for PostgreSQL to become available...'
        sleep 1
    done
    >&2 echo 'PostgreSQL is available'
fi

exec "$@"
""",
        "start": """#!/bin/bash
set -o errexit
set -o pipefail
set -o nounset

python /app/manage.py migrate --noinput
python /app/manage.py collectstatic --noinput
exec /opt/venv/bin/gunicorn config.asgi --bind 127.0.0.1:9601 --chdir=/app -k uvicorn_worker.UvicornWorker -w 2
""",
        "app/manage.py": """#!/usr/bin/env python
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
""",
        "app/config/__init__.py": "",
        "app/config/asgi.py": """import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")
application = get_asgi_application()
""",
        "app/config/settings/__init__.py": "",
        "app/config/settings/base.py": """from datetime import timedelta
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()
SECRET_KEY = env("DJANGO_SECRET_KEY")
DATABASES = {"default": env.db("DATABASE_URL")}
ROOT_URLCONF = "config.urls"
DJANGO_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
               "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.admin"]
THIRD_PARTY_APPS = ["rest_framework", "rest_framework.authtoken", "corsheaders", "drf_spectacular", "django_filters"]
LOCAL_APPS = ["shop.orders"]
INSTALLED_APPS = DJANGO_APPS + THIRD_PARTY_APPS + LOCAL_APPS
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher",
                    "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": ["django.template.context_processors.request",
                                       "django.contrib.auth.context_processors.auth",
                                       "django.contrib.messages.context_processors.messages"]},
}]
STATIC_URL = "/static/"
STATIC_ROOT = "/tmp/static"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": (
        "rest_framework.authentication.SessionAuthentication",
        "rest_framework_simplejwt.authentication.JWTAuthentication",
    ),
    "DEFAULT_PERMISSION_CLASSES": ("rest_framework.permissions.AllowAny",),
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ("django_filters.rest_framework.DjangoFilterBackend",),
}
SIMPLE_JWT = {"ACCESS_TOKEN_LIFETIME": timedelta(minutes=5)}
SPECTACULAR_SETTINGS = {"TITLE": "Shop"}
USE_TZ = True
""",
        "app/config/settings/production.py": """from .base import *  # noqa: F403
from .base import env

DEBUG = False
ALLOWED_HOSTS = ["*"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
if env("SENTRY_DSN", default=""):
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration

    sentry_sdk.init(dsn=env("SENTRY_DSN"), integrations=[DjangoIntegration()])
""",
        "app/config/settings/local.py": """from .base import *  # noqa: F403
from .base import INSTALLED_APPS, MIDDLEWARE

DEBUG = True
INSTALLED_APPS += ["debug_toolbar", "django_extensions"]
MIDDLEWARE += ["debug_toolbar.middleware.DebugToolbarMiddleware"]
""",
        "app/config/urls.py": """from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
from rest_framework.routers import DefaultRouter
from rest_framework_simplejwt.views import TokenObtainPairView

from shop.orders.views import OrderViewSet

router = DefaultRouter()
router.register("orders", OrderViewSet)
urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/", include(router.urls)),
    path("api/token/", TokenObtainPairView.as_view()),
    path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("api/docs/", SpectacularSwaggerView.as_view(url_name="api-schema")),
]
""",
        "app/shop/__init__.py": "",
        "app/shop/orders/__init__.py": "",
        "app/shop/orders/migrations/__init__.py": "",
        "app/shop/orders/models.py": """from django.db import models


class Order(models.Model):
    name = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)
""",
        "app/shop/orders/views.py": """from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from shop.orders.models import Order


class OrderSerializer(serializers.ModelSerializer):
    class Meta:
        model = Order
        fields = ["id", "name", "at"]


class OrderViewSet(viewsets.ModelViewSet):
    queryset = Order.objects.order_by("id")
    serializer_class = OrderSerializer
    filterset_fields = ["name"]

    @action(detail=False)
    def chart(self, request):
        from PIL import Image

        return Response({"size": Image.new("RGB", (8, 8)).size})
""",
        "app/tests/test_orders.py": "import factory\nimport pytest\n",
    },
    prepare=(
        "cd /app && DJANGO_SETTINGS_MODULE=config.settings.base DATABASE_URL=sqlite:////tmp/x DJANGO_SECRET_KEY=x "
        "/opt/venv/bin/python manage.py makemigrations orders",
    ),
    asks=tuple(
        f"http://127.0.0.1:9601/{path}"
        for path in (
            "api/",
            "api/orders/?name=one",
            "api/schema/",
            "api/docs/",
            "admin/login/",
            "api/orders/chart/",
            "no",
        )
    ),
    sends=(
        ("http://127.0.0.1:9601/api/orders/", '{"name": "one"}'),
        ("http://127.0.0.1:9601/api/orders/", "{"),
        ("http://127.0.0.1:9601/api/token/", '{"username": "one", "password": "two"}'),
    ),
    hangup=True,
    seconds=45,
)

SANIC = Recipe(
    name="sanic",
    packages=(*PYTHON, "libmagic1", "tzdata", "curl"),
    python=(
        *("sanic", "sanic-ext", "tortoise-orm", "aiosqlite", "orjson", "httpx", "jinja2", "pydantic", "python-magic"),
        *("aiofiles", "sanic-testing", "pytest", "mypy", "black", "redis", "asyncpg", "loguru", "pyjwt", "babel"),
    ),
    env=VENV | {"PYTHONPATH": "/app", "SANIC_ACCESS_LOG": "true"},
    cmd=("sanic", "server.app", "--host=127.0.0.1", "--port=9602", "--workers=2"),
    files=HOSTS
    | {
        "app/server.py": """from loguru import logger
from sanic import Sanic, json, text
from sanic.exceptions import NotFound
from sanic_ext import render
from tortoise.contrib.sanic import register_tortoise

from shop import blueprints

app = Sanic("shop")
app.config.TEMPLATING_PATH_TO_TEMPLATES = "/app/templates"
for name in blueprints.NAMES:
    app.blueprint(getattr(blueprints, name))
register_tortoise(app, db_url="sqlite://:memory:", modules={"models": ["shop.models"]}, generate_schemas=True)


@app.get("/")
async def index(request):
    return await render("index.html", context={"name": "shop"})


@app.get("/broken")
async def broken(request):
    raise RuntimeError("broken")


@app.exception(NotFound)
async def missing(request, error):
    logger.info("missing {}", request.path)
    return text("no such page", status=404)


@app.get("/token")
async def token(request):
    import jwt

    return json({"token": jwt.encode({"sub": "one"}, "k" * 32)})
""",
        "app/shop/__init__.py": "",
        "app/shop/models.py": """from tortoise import fields
from tortoise.models import Model


class Order(Model):
    id = fields.IntField(primary_key=True)
    name = fields.TextField()
""",
        "app/shop/blueprints.py": """from sanic import Blueprint, json
from sanic_ext import validate

from shop.models import Order
from shop.schemas import NewOrder

NAMES = ["orders", "files"]
orders = Blueprint("orders", url_prefix="/orders")
files = Blueprint("files", url_prefix="/files")


@orders.get("/")
async def every(request):
    return json(await Order.all().values())


@orders.post("/")
@validate(json=NewOrder)
async def add(request, body):
    order = await Order.create(name=body.name)
    return json({"id": order.id})


@files.post("/kind")
async def kind(request):
    import magic

    return json({"kind": magic.from_buffer(request.body)})
""",
        "app/shop/schemas.py": "from pydantic import BaseModel\n\n\nclass NewOrder(BaseModel):\n    name: str\n",
        "app/templates/index.html": "<h1>{{ name }}</h1>\n",
    },
    asks=tuple(f"http://127.0.0.1:9602/{path}" for path in ("", "orders/", "broken", "token", "docs", "nothing")),
    sends=(
        ("http://127.0.0.1:9602/orders/", '{"name": "one"}'),
        ("http://127.0.0.1:9602/orders/", '{"nam": 1}'),
        ("http://127.0.0.1:9602/files/kind", "%PDF-1.4"),
    ),
    seconds=30,
)

EXPRESS_EJS = Recipe(
    name="express-ejs",
    packages=("ca-certificates", "tini", "curl", "openssl"),
    env=SYSTEM | {"NODE_ENV": "production", "PORT": "9603", "NODE_VERSION": "22", "SESSION_SECRET": "one"},
    entrypoint=("/usr/local/bin/docker-entrypoint.sh",),
    cmd=("node", "./bin/www"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "shop", "version": "1.0.0", "private": true,
  "scripts": {"start": "node ./bin/www", "dev": "nodemon ./bin/www", "test": "jest", "lint": "eslint ."},
  "dependencies": {
    "bcryptjs": "^3", "body-parser": "^1", "compression": "^1", "connect-flash": "^0.1", "cookie-parser": "^1",
    "dotenv": "^16", "ejs": "^3", "express": "^4", "express-rate-limit": "^7", "express-session": "^1",
    "express-validator": "^7", "helmet": "^8", "i18next": "^25", "i18next-fs-backend": "^2",
    "i18next-http-middleware": "^3", "joi": "^17", "jsonwebtoken": "^9", "moment": "^2", "morgan": "^1",
    "multer": "^2", "mysql2": "^3", "nodemailer": "^7", "passport": "^0.7", "passport-local": "^1", "pg": "^8",
    "sequelize": "^6", "swagger-ui-express": "^5", "uuid": "^11", "winston": "^3", "yamljs": "^0.3"
  },
  "devDependencies": {"eslint": "^9", "jest": "^30", "nodemon": "^3", "prettier": "^3", "supertest": "^7"}
}
""",
        "app/bin/www": """#!/usr/bin/env node
require('dotenv').config();
const http = require('http');
const app = require('../app');
const server = http.createServer(app);
server.listen(process.env.PORT || 3000, '127.0.0.1');
process.on('SIGHUP', () => console.log('reload'));
""",
        "app/app.js": """const fs = require('fs');
const path = require('path');
const express = require('express');
const session = require('express-session');
const passport = require('./config/passport');
const logger = require('./config/logger');

const app = express();
app.set('views', path.join(__dirname, 'views'));
app.set('view engine', 'ejs');
app.use(require('helmet')());
app.use(require('compression')());
app.use(require('morgan')('combined', { stream: { write: (line) => logger.info(line.trim()) } }));
app.use(express.json());
app.use(express.urlencoded({ extended: true }));
app.use(require('cookie-parser')());
app.use(session({ secret: process.env.SESSION_SECRET, resave: false, saveUninitialized: false }));
app.use(require('connect-flash')());
app.use(passport.initialize());
app.use(passport.session());
fs.readdirSync(path.join(__dirname, 'routes')).forEach((file) => {
  const router = require(path.join(__dirname, 'routes', file));
  app.use(router.prefix || '/', router);
});
app.use((req, res) => res.status(404).render('error', { message: 'missing' }));
app.use((error, req, res, next) => {
  logger.error(error.message);
  res.status(500).render('error', { message: error.message });
});
module.exports = app;
""",
        "app/config/passport.js": """const bcrypt = require('bcryptjs');
const passport = require('passport');
const { Strategy } = require('passport-local');

passport.use(new Strategy((name, word, done) => bcrypt.compare(word, bcrypt.hashSync('two', 4))
  .then((ok) => done(null, ok && { name }), done)));
passport.serializeUser((user, done) => done(null, user.name));
passport.deserializeUser((name, done) => done(null, { name }));
module.exports = passport;
""",
        "app/config/logger.js": """const winston = require('winston');

module.exports = winston.createLogger({
  format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
  transports: [new winston.transports.Console()],
});
""",
        "app/routes/index.js": """const router = require('express').Router();
const moment = require('moment');

router.get('/', (req, res) => res.render('index', { name: 'shop', at: moment().format() }));
router.get('/broken', () => { throw new Error('broken'); });
module.exports = router;
""",
        "app/routes/users.js": """const router = require('express').Router();
const { body, validationResult } = require('express-validator');
const passport = require('passport');

router.post('/login', passport.authenticate('local', { failureRedirect: '/' }), (req, res) => res.redirect('/'));
router.post('/new', body('mail').isEmail(), (req, res) => {
  const errors = validationResult(req);
  if (!errors.isEmpty()) return res.status(400).json(errors.array());
  const transport = require('nodemailer').createTransport({ jsonTransport: true });
  return transport.sendMail({ to: req.body.mail, text: 'hello' }).then(() => res.json({ sent: true }));
});
router.prefix = '/users';
module.exports = router;
""",
        "app/routes/api.js": """const router = require('express').Router();
const multer = require('multer');
const jwt = require('jsonwebtoken');
const YAML = require('yamljs');
const swagger = require('swagger-ui-express');

router.use('/docs', swagger.serve, swagger.setup(YAML.load('./openapi.yaml')));
router.get('/token', (req, res) => res.json({ token: jwt.sign({ sub: 'one' }, 'key') }));
router.post('/upload', multer().single('file'), (req, res) => res.json({ size: 1 }));
router.prefix = '/api';
module.exports = router;
""",
        "app/openapi.yaml": "openapi: 3.0.0\ninfo: {title: shop, version: '1'}\npaths: {}\n",
        "app/views/index.ejs": "<%- include('head') %><h1><%= name %> <%= at %></h1>\n",
        "app/views/head.ejs": "<title>shop</title>\n",
        "app/views/error.ejs": "<p><%= message %></p>\n",
        "app/test/app.test.js": "const request = require('supertest');\n",
    },
    prepare=(*NODE, "cd /app && npm install -q --include=dev --no-audit --no-fund"),
    asks=tuple(f"http://127.0.0.1:9603/{path}" for path in ("", "broken", "api/token", "api/docs/", "nothing")),
    sends=(
        ("http://127.0.0.1:9603/users/login", '{"username": "one", "password": "two"}'),
        ("http://127.0.0.1:9603/users/new", '{"mail": "one@shop.example"}'),
        ("http://127.0.0.1:9603/users/new", '{"mail": "one"}'),
        ("http://127.0.0.1:9603/users/new", "{"),
    ),
    seconds=20,
)

HONO = Recipe(
    name="hono",
    packages=("ca-certificates", "dumb-init", "wget"),
    env=SYSTEM | {"NODE_ENV": "production", "PORT": "9604", "DATABASE_URL": "file:/tmp/shop.db"},
    entrypoint=("/usr/local/bin/docker-entrypoint.sh",),
    cmd=("npm", "start"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "shop", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"build": "tsc", "start": "node --enable-source-maps dist/index.js", "dev": "tsx watch src/index.ts",
              "migrate": "drizzle-kit migrate", "test": "vitest"},
  "dependencies": {"@hono/node-server": "^1", "@hono/zod-validator": "^0.7", "@libsql/client": "^0.15",
    "drizzle-orm": "^0.44", "hono": "^4", "ioredis": "^5", "jose": "^6", "nanoid": "^5", "pino": "^9",
    "pino-pretty": "^13", "postgres": "^3", "zod": "^3", "date-fns": "^4", "p-retry": "^7", "prom-client": "^15"},
  "devDependencies": {"@biomejs/biome": "^2", "@types/node": "^22", "drizzle-kit": "^0.31", "tsx": "^4",
    "typescript": "^5", "vitest": "^3"}
}
""",
        "app/tsconfig.json": '{"compilerOptions": {"target": "es2022", "module": "nodenext", "outDir": "dist", '
        '"rootDir": "src", "strict": true, "skipLibCheck": true, "sourceMap": true, "jsx": "react-jsx", '
        '"jsxImportSource": "hono/jsx"}, "include": ["src"]}\n',
        "app/src/index.ts": """import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { log } from './log.js';
import { orders } from './routes/orders.js';

const app = new Hono();
app.use(compress(), secureHeaders());
app.use('/static/*', serveStatic({ root: './' }));
app.route('/orders', orders);
app.get('/', (c) => c.html('<h1>shop</h1>'));
app.get('/token', async (c) => {
  const { token } = await import('./token.js');
  return c.json({ token: await token() });
});
app.get('/metrics', async (c) => {
  const { register, collectDefaultMetrics } = await import('prom-client');
  register.clear();
  collectDefaultMetrics();
  return c.text(await register.metrics());
});
app.get('/broken', () => { throw new HTTPException(418, { message: 'broken' }); });
app.onError((error, c) => {
  log.error(error);
  return error instanceof HTTPException ? error.getResponse() : c.text('error', 500);
});
serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
""",
        "app/src/log.ts": """import { pino } from 'pino';

export const log = pino({ transport: { target: 'pino-pretty' } });
""",
        "app/src/token.ts": """import { SignJWT } from 'jose';

export const token = () =>
  new SignJWT({ sub: 'one' }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('k'.repeat(32)));
""",
        "app/src/db.ts": """import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const orders = sqliteTable('orders', { id: integer('id').primaryKey(), name: text('name').notNull() });
const client = createClient({ url: process.env.DATABASE_URL! });
await client.execute('create table if not exists orders (id integer primary key, name text not null)');
export const db = drizzle(client);
""",
        "app/src/routes/orders.ts": """import { zValidator } from '@hono/zod-validator';
import { formatISO } from 'date-fns';
import { Hono } from 'hono';
import { nanoid } from 'nanoid';
import { z } from 'zod';
import { db, orders as table } from '../db.js';

export const orders = new Hono()
  .get('/', async (c) => c.json({ at: formatISO(new Date()), orders: await db.select().from(table) }))
  .post('/', zValidator('json', z.object({ name: z.string().min(1) })), async (c) => {
    await db.insert(table).values({ name: c.req.valid('json').name + nanoid() });
    return c.json({ added: true }, 201);
  });
""",
        "app/static/one.txt": "one\n",
    },
    prepare=(*NODE, "cd /app && npm install -q --include=dev --no-audit --no-fund && npm run build"),
    asks=tuple(
        f"http://127.0.0.1:9604/{path}" for path in ("", "orders", "token", "metrics", "broken", "static/one.txt", "no")
    ),
    sends=(
        ("http://127.0.0.1:9604/orders", '{"name": "one"}'),
        ("http://127.0.0.1:9604/orders", '{"name": ""}'),
        ("http://127.0.0.1:9604/orders", "{"),
    ),
    seconds=22,
)

PHPMYADMIN = Recipe(
    name="phpmyadmin",
    packages=(
        *("phpmyadmin", "dbconfig-no-thanks", "php-fpm", "php-mysql", "php-mbstring", "php-gd", "php-zip", "php-bz2"),
        *("nginx-light", "curl", "unzip", "mariadb-client"),
    ),
    env=SYSTEM | {"PMA_HOST": "127.0.0.1", "PHP_VERSION": "8.4", "UPLOAD_LIMIT": "2048K"},
    folder="/usr/share/phpmyadmin",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("nginx", "-g", "daemon off;"),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/bin/bash
set -eo pipefail

get_docker_secret() {
    local env_var="${1}"
    local env_var_file="${env_var}_FILE"
    if [[ -n "${!env_var_file}" ]]; then
        export "${env_var}"="$(cat "${!env_var_file}")"
    fi
}

if [ ! -f /tmp/pma-secret.inc.php ]; then
    cat > /tmp/pma-secret.inc.php <<EOT
<?php
\\$cfg['blowfish_secret'] = '$(tr -dc 'a-zA-Z0-9' < /dev/urandom | fold -w 32 | head -n 1)';
EOT
fi
get_docker_secret PMA_PASSWORD
if [ -n "$UPLOAD_LIMIT" ]; then
    echo "upload_max_filesize = ${UPLOAD_LIMIT}" > "/etc/php/$PHP_VERSION/fpm/conf.d/99-upload.ini"
fi
mkdir -p /run/php
php-fpm$PHP_VERSION --daemonize
exec "$@"
""",
        "etc/nginx/conf.d/shop.conf": """server {
    listen 127.0.0.1:9605;
    root /usr/share/phpmyadmin;
    index index.php;
    location / { try_files $uri $uri/ =404; }
    location ~ \\.php$ {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
        fastcgi_pass 127.0.0.1:9606;
    }
}
""",
        "etc/php/8.4/fpm/pool.d/www.conf": """[www]
user = www-data
group = www-data
listen = 127.0.0.1:9606
pm = static
pm.max_children = 3
clear_env = no
catch_workers_output = yes
""",
    },
    prepare=("rm -f /etc/nginx/sites-enabled/default",),
    asks=tuple(
        f"http://127.0.0.1:9605/{path}"
        for path in (
            "",
            "index.php?route=/",
            "index.php?lang=de",
            "js/dist/main.js",
            "themes/pmahomme/css/theme.css",
            "doc/html/index.html",
            "no.php",
            "no",
        )
    ),
    sends=(("http://127.0.0.1:9605/index.php?route=/", "pma_username=one&pma_password=two"),),
    hangup=True,
    seconds=22,
)

UNICORN = Recipe(
    name="unicorn",
    packages=(
        *("ruby", "bundler", "unicorn", "ruby-sinatra-contrib", "ruby-sinatra", "ruby-activerecord", "ruby-sqlite3"),
        *("ruby-pg", "ruby-bcrypt", "ruby-haml", "ruby-json-schema", "ruby-redis", "ruby-rspec", "ruby-rack-test"),
        *("rubocop", "pry", "libjemalloc2", "postgresql-client", "tzdata", "curl"),
    ),
    env=SYSTEM | {"RACK_ENV": "production", "LANG": "C.UTF-8", "BUNDLE_GEMFILE": "/app/Gemfile"},
    entrypoint=("/app/bin/docker-entrypoint",),
    cmd=("bundle", "exec", "unicorn", "-c", "config/unicorn.rb"),
    files=HOSTS
    | {
        "app/bin/docker-entrypoint": """#!/bin/bash -e

# Enable jemalloc for reduced memory usage and latency.
if [ -z "${LD_PRELOAD+x}" ] && [ -f /usr/lib/*/libjemalloc.so.2 ]; then
  export LD_PRELOAD="$(echo /usr/lib/*/libjemalloc.so.2)"
fi

rm -f /tmp/unicorn.pid
if [ "${*: -2:1}" == "-c" ]; then
  ruby ./bin/migrate
fi

exec "${@}"
""",
        "app/bin/migrate": """#!/usr/bin/env ruby
require_relative "../config/environment"

ActiveRecord::Schema.define do
  create_table(:orders, if_not_exists: true) { |t| t.string :name }
end
""",
        "app/Gemfile": """source "https://packages.example"

gem "sinatra"
gem "sinatra-contrib"
gem "activerecord"
gem "sqlite3"
gem "bcrypt"
gem "haml"
gem "unicorn"
gem "json-schema"
""",
        "app/config.ru": 'require_relative "config/environment"\nrun Shop\n',
        "app/config/environment.rb": """require "bundler/setup"
require "active_record"
require "sinatra/base"

ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: "/tmp/shop.sqlite3")
Dir[File.join(__dir__, "../lib/**/*.rb")].sort.each { |file| require file }
require_relative "../app"
""",
        "app/config/unicorn.rb": """worker_processes 2
listen "127.0.0.1:9607"
pid "/tmp/unicorn.pid"
preload_app true
after_fork { |_server, _worker| ActiveRecord::Base.establish_connection }
""",
        "app/app.rb": """require "sinatra/json"
require "sinatra/namespace"

class Shop < Sinatra::Base
  register Sinatra::Namespace
  helpers Sinatra::JSON
  set :views, File.join(__dir__, "views")
  set :host_authorization, permitted_hosts: []

  get("/") { haml :index }
  get("/broken") { raise "broken" }
  namespace "/orders" do
    get("/?") { json Order.all }
    post "/?" do
      data = JSON.parse(request.body.read)
      Checks.order(data)
      json Order.create!(name: data["name"])
    end
  end
  get "/word" do
    require "bcrypt"
    BCrypt::Password.create("one", cost: 4).to_s
  end
end
""",
        "app/lib/order.rb": "class Order < ActiveRecord::Base; end\n",
        "app/lib/checks.rb": """module Checks
  autoload :JSON, "json"

  def self.order(data)
    require "json-schema"
    ::JSON::Validator.validate!({ "type" => "object", "required" => ["name"] }, data)
  end
end
""",
        "app/views/index.haml": "%h1 shop\n%p= Time.now\n",
        "app/spec/shop_spec.rb": 'require "rspec"\n',
    },
    asks=tuple(f"http://127.0.0.1:9607/{path}" for path in ("", "orders", "word", "broken", "nothing")),
    sends=(("http://127.0.0.1:9607/orders", '{"name": "one"}'), ("http://127.0.0.1:9607/orders", '{"nam": 1}')),
    hangup=True,
    seconds=25,
)

TOMCAT_EMBED = Recipe(
    name="tomcat-embed",
    packages=(
        *("default-jre-headless", "curl", "libtomcat10-embed-java", "libjackson2-databind-java", "liblogback-java"),
        *(
            "libhibernate-validator-java",
            "libcommons-lang3-java",
            "libpostgresql-jdbc-java",
            "libhikaricp-java",
            "libjakarta-annotation-api-java",
            "junit4",
        ),
    ),
    env=SYSTEM | {"JAVA_OPTS": "-Xmx256m -Djava.security.egd=file:/dev/./urandom", "LANG": "C.UTF-8"},
    entrypoint=("sh", "-c", "exec java ${JAVA_OPTS} -jar /app/shop.jar ${0} ${@}"),
    cmd=("--port=9608",),
    files=HOSTS
    | {
        "src/shop/Main.java": """package shop;

import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    public static void main(String[] args) throws Exception {
        int port = 8080;
        for (String arg : args) {
            if (arg.startsWith("--port=")) port = Integer.parseInt(arg.substring(7));
        }
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir("/tmp");
        tomcat.setPort(port);
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", "/tmp");
        Tomcat.addServlet(context, "orders", (jakarta.servlet.Servlet) Class.forName("shop.Orders")
            .getDeclaredConstructor().newInstance());
        context.addServletMappingDecoded("/*", "orders");
        tomcat.start();
        LOG.info("started on {}", port);
        tomcat.getServer().await();
    }
}
""",
        "src/shop/Orders.java": """package shop;

import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

public class Orders extends HttpServlet {
    private final ObjectMapper mapper = new ObjectMapper();

    @Override
    protected void doGet(HttpServletRequest ask, HttpServletResponse answer) throws IOException {
        if (ask.getPathInfo().equals("/broken")) throw new IllegalStateException("broken");
        String name = ask.getPathInfo();
        if (name.equals("/late")) name = org.apache.commons.lang3.StringUtils.reverse(name);
        mapper.writeValue(answer.getOutputStream(), Map.of("path", name));
    }

    @Override
    protected void doPost(HttpServletRequest ask, HttpServletResponse answer) throws IOException {
        mapper.writeValue(answer.getOutputStream(), mapper.readValue(ask.getInputStream(), Map.class));
    }
}
""",
        "src/logback.xml": '<configuration><appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder>'
        "<pattern>%d %msg%n</pattern></encoder></appender>"
        '<root level="info"><appender-ref ref="out"/></root></configuration>\n',
    },
    prepare=(
        "apt-get update -q && apt-get install -qy --no-install-recommends default-jdk-headless",
        "mkdir -p /app/lib && cd /usr/share/java && for j in tomcat10-embed-core tomcat10-embed-el jackson-databind "
        "jackson-core jackson-annotations logback-classic logback-core slf4j-api commons-lang3 postgresql HikariCP "
        "hibernate-validator tomcat10-annotations-api; do [ -e $j.jar ] && cp -L $j.jar /app/lib/ || true; done",
        "for j in /usr/share/java/tomcat10-*.jar /usr/share/java/jakarta*annotation-api.jar; do "
        "[ -e $j ] && cp -L $j /app/lib/ || true; done",
        "cd /src && mkdir -p /tmp/c && javac -cp '/app/lib/*' -d /tmp/c shop/*.java && cp logback.xml /tmp/c && "
        "printf 'Main-Class: shop.Main\\nClass-Path:' > /tmp/m && for j in /app/lib/*.jar; do "
        "printf ' lib/%s\\n ' ${j##*/} >> /tmp/m; done && printf '\\n' >> /tmp/m && "
        "jar cfm /app/shop.jar /tmp/m -C /tmp/c . && rm -rf /src /tmp/c",
        "apt-get purge -qy --autoremove default-jdk-headless",
    ),
    asks=tuple(f"http://127.0.0.1:9608/{path}" for path in ("", "orders", "late", "broken")),
    sends=(("http://127.0.0.1:9608/orders", '{"name": "one"}'), ("http://127.0.0.1:9608/orders", "{")),
    seconds=25,
)

CATALYST = Recipe(
    name="catalyst",
    packages=(
        *("libcatalyst-perl", "libcatalyst-view-tt-perl", "libcatalyst-modules-perl", "libcatalyst-view-json-perl"),
        *("twiggy", "libdbd-sqlite3-perl", "libdbd-mariadb-perl", "libtest-www-mechanize-catalyst-perl"),
        *("libmoose-perl", "perl", "perltidy", "curl", "tini"),
    ),
    env=SYSTEM | {"PERL5LIB": "/app/lib", "PLACK_ENV": "production"},
    entrypoint=("tini", "--"),
    cmd=("plackup", "-s", "Twiggy", "-E", "production", "--listen", "127.0.0.1:9609", "shop.psgi"),
    files=HOSTS
    | {
        "app/shop.psgi": "use strict;\nuse warnings;\nuse Shop;\nShop->apply_default_middlewares(Shop->psgi_app);\n",
        "app/shop.conf": "name Shop\n<View::TT>\n  TEMPLATE_EXTENSION .tt\n</View::TT>\n",
        "app/lib/Shop.pm": """package Shop;
use Moose;
use Catalyst qw/ConfigLoader Static::Simple Session Session::Store::FastMmap Session::State::Cookie/;
extends 'Catalyst';
__PACKAGE__->config(
    name => 'Shop',
    home => '/app',
    root => '/app/root',
    'Plugin::Session' => { storage => '/tmp/session' },
    'View::TT' => { INCLUDE_PATH => ['/app/root'] },
);
__PACKAGE__->setup;
1;
""",
        "app/lib/Shop/View/TT.pm": "package Shop::View::TT;\nuse Moose;\nextends 'Catalyst::View::TT';\n1;\n",
        "app/lib/Shop/View/JSON.pm": "package Shop::View::JSON;\nuse Moose;\nextends 'Catalyst::View::JSON';\n1;\n",
        "app/lib/Shop/Controller/Root.pm": """package Shop::Controller::Root;
use Moose;
BEGIN { extends 'Catalyst::Controller' }
__PACKAGE__->config(namespace => '');

sub index :Path :Args(0) {
    my ($self, $c) = @_;
    $c->session->{count}++;
    $c->stash(template => 'index.tt', name => 'shop');
    $c->forward('View::TT');
}

sub orders :Local {
    my ($self, $c) = @_;
    require DBI;
    my $store = DBI->connect('dbi:SQLite:dbname=:memory:');
    $c->stash(rows => $store->selectall_arrayref('select 1'), name => $c->req->body_data);
    $c->forward('View::JSON');
}

sub broken :Local { die "broken\\n" }

sub default :Path {
    my ($self, $c) = @_;
    $c->response->body('no such page');
    $c->response->status(404);
}
1;
""",
        "app/root/index.tt": "[% USE date %]<h1>[% name | html %] [% date.format %]</h1>\n",
        "app/root/static/one.css": "h1 { color: red }\n",
    },
    asks=tuple(f"http://127.0.0.1:9609/{path}" for path in ("", "orders", "broken", "static/one.css", "nothing")),
    sends=(("http://127.0.0.1:9609/orders", '{"name": "one"}'),),
    seconds=22,
)

SLIM_WEB = (DRF, SANIC, EXPRESS_EJS, HONO, PHPMYADMIN, UNICORN, TOMCAT_EMBED, CATALYST)
