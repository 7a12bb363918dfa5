"""Images of an engineer who did not write the analysis: chosen and traced before it was asked, measured at first sight.

The rule for this set and the next: one image for each of eight kinds (Python for the web; Python on a schedule; Python
with numbers; packages of Node.js in a workspace or under a manager; Node.js compiled or bundled; the JVM; PHP or Ruby;
a compiled or supervised service), each with an application that people ship as an image and no earlier set has. Each
holds tools that such images carry and never use. No recipe was changed after the analysis was asked.
"""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

DATASETTE = Recipe(
    name="datasette",
    packages=("python3", "python3-venv", "sqlite3", "libsqlite3-mod-spatialite", "curl"),
    python=("datasette", "datasette-block-robots", "datasette-cluster-map", "sqlite-utils", "csvs-to-sqlite"),
    env=VENV | {"DATASETTE_SECRET": "shop"},
    folder="/data",
    entrypoint=("/usr/local/bin/entrypoint.sh",),
    cmd=("datasette", "-p", "9201", "-h", "127.0.0.1", "--metadata", "metadata.json", "shop.db"),
    files={
        "usr/local/bin/entrypoint.sh": """#!/bin/bash
set -euo pipefail
if [[ ! -f shop.db ]]; then
    sqlite-utils insert shop.db orders seed.json --pk id
fi
if [[ "${DATASETTE_DEBUG:-}" == "1" ]]; then
    set -- "$@" --setting trace_debug 1
fi
exec "$@"
""",
        "data/seed.json": '[{"id": 1, "name": "one", "latitude": 1.5, "longitude": 2.5}]\n',
        "data/metadata.json": '{"title": "Shop"}\n',
    },
    asks=("http://127.0.0.1:9201/", "http://127.0.0.1:9201/shop/orders.json", "http://127.0.0.1:9201/robots.txt"),
    seconds=20,
)

YACRON = Recipe(
    name="yacron",
    packages=("python3", "python3-venv", "tzdata", "postgresql-client", "gzip", "msmtp"),
    python=("yacron", "setuptools<81", "requests", "boto3", "jinja2", "openpyxl", "typer", "ruff"),
    env=VENV | {"PYTHONUNBUFFERED": "1", "REPORTS": "/tmp/reports"},
    cmd=("yacron", "-c", "/etc/yacron.d"),
    files={
        "etc/yacron.d/jobs.yaml": """
defaults:
  shell: /bin/bash
  utc: true
jobs:
  - name: report
    command: cd /app && python -m reports daily --to "$REPORTS" | gzip > /tmp/daily.gz
    schedule: "* * * * *"
    captureStderr: true
  - name: backup
    command: pg_dump shop | gzip > /tmp/shop.gz
    schedule: "0 3 1 1 *"
""",
        "app/reports/__init__.py": "",
        "app/reports/__main__.py": """
import typer

from reports.pages import page

app = typer.Typer()

@app.command()
def daily(to: str):
    print(page("daily", to))

@app.command()
def monthly(to: str):
    import openpyxl
    book = openpyxl.Workbook()
    book.save(f"{to}/monthly.xlsx")

app()
""",
        "app/reports/pages.py": """
from jinja2 import Environment, PackageLoader

pages = Environment(loader=PackageLoader("reports"))

def page(name, to):
    return pages.get_template(f"{name}.txt").render(to=to)
""",
        "app/reports/templates/daily.txt": "for {{ to }}\n",
    },
    seconds=80,
)

SKLEARN = Recipe(
    name="sklearn",
    packages=("python3", "python3-venv", "libgomp1", "wget", "build-essential"),
    python=("fastapi", "gunicorn", "uvicorn", "scikit-learn", "joblib", "pandas", "prometheus-client", "ipython"),
    env=VENV | {"MODEL_PATH": "/models/model.joblib", "MODULE_NAME": "serving.app", "WEB_CONCURRENCY": "1"},
    entrypoint=("/start.sh",),
    files={
        "start.sh": """#!/usr/bin/env sh
set -e
if [ -f /app/serving/app.py ]; then
    DEFAULT_MODULE_NAME=serving.app
elif [ -f /app/main.py ]; then
    DEFAULT_MODULE_NAME=main
fi
MODULE_NAME=${MODULE_NAME:-$DEFAULT_MODULE_NAME}
export APP_MODULE="$MODULE_NAME:${VARIABLE_NAME:-app}"
if [ -f /app/gunicorn_conf.py ]; then DEFAULT_GUNICORN_CONF=/app/gunicorn_conf.py; fi
export GUNICORN_CONF=${GUNICORN_CONF:-$DEFAULT_GUNICORN_CONF}
exec gunicorn -k "${WORKER_CLASS:-uvicorn.workers.UvicornWorker}" -c "$GUNICORN_CONF" "$APP_MODULE"
""",
        "app/gunicorn_conf.py": """
import os

workers = int(os.getenv("WEB_CONCURRENCY", "2"))
bind = os.getenv("BIND", "127.0.0.1:9203")
timeout = 120
""",
        "app/serving/__init__.py": "",
        "app/serving/train.py": """
import joblib
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

model = make_pipeline(StandardScaler(), LogisticRegression())
joblib.dump(model.fit([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]], [0, 1, 1]), "/models/model.joblib")
""",
        "app/serving/app.py": """
import os

import joblib
from fastapi import FastAPI
from prometheus_client import Counter, make_asgi_app

model = joblib.load(os.environ["MODEL_PATH"])
asked = Counter("asked", "Predictions")
app = FastAPI()
app.mount("/metrics", make_asgi_app())

@app.get("/predict")
def predict(x: float, y: float):
    asked.inc()
    return {"class": int(model.predict([[x, y]])[0])}

@app.get("/table")
def table():
    import pandas
    return pandas.DataFrame({"a": [1]}).to_dict()
""",
    },
    prepare=("mkdir -p /models && cd /app && /opt/venv/bin/python -m serving.train",),
    asks=("http://127.0.0.1:9203/predict?x=1&y=2", "http://127.0.0.1:9203/metrics/"),
    seconds=35,
)

PNPM = Recipe(
    name="pnpm",
    packages=("nodejs", "npm", "dumb-init", "git", "ca-certificates"),
    env=SYSTEM | {"NODE_ENV": "production", "CI": "1"},
    entrypoint=("dumb-init", "--"),
    cmd=("pnpm", "--filter", "@shop/api", "start"),
    files={
        "app/package.json": '{"name": "shop", "private": true, "devDependencies": {"prettier": "^3.0.0"}}\n',
        "app/pnpm-workspace.yaml": "packages:\n  - apps/*\n  - packages/*\n",
        "app/apps/api/package.json": """
{"name": "@shop/api", "version": "1.0.0", "scripts": {"start": "node --import ./src/env.mjs src/main.mjs"},
 "dependencies": {"@shop/orders": "workspace:*", "express": "^4.0.0", "helmet": "^8.0.0", "dotenv": "^16.0.0",
                  "pino": "^9.0.0", "pino-http": "^10.0.0", "nodemailer": "^6.0.0"}}
""",
        "app/apps/api/src/env.mjs": 'import "dotenv/config";\n',
        "app/apps/api/.env": "PORT=9204\n",
        "app/apps/api/src/main.mjs": """
import express from "express";
import helmet from "helmet";
import { pinoHttp } from "pino-http";
import { orders } from "@shop/orders";

const app = express();
app.use(helmet(), pinoHttp());
app.get("/orders", (request, response) => response.json(orders(request.query)));
app.post("/mail", async (request, response) => {
  const { createTransport } = await import("nodemailer");
  await createTransport({}).sendMail({ to: "x@example.org" });
  response.end();
});
app.listen(Number(process.env.PORT), "127.0.0.1");
""",
        "app/packages/orders/package.json": """
{"name": "@shop/orders", "version": "1.0.0", "main": "lib/index.js",
 "dependencies": {"dayjs": "^1.0.0", "zod": "^3.0.0", "lodash": "^4.0.0"}}
""",
        "app/packages/orders/lib/index.js": """
const dayjs = require("dayjs");
const { z } = require("zod");
const { sortBy } = require("lodash");

const Query = z.object({ page: z.coerce.number().default(1) });
exports.orders = (query) => sortBy([{ id: Query.parse(query).page, at: dayjs().format() }], "id");
""",
    },
    prepare=(
        "npm install -q -g pnpm@9",
        "cd /app && pnpm install --silent --ignore-scripts",
    ),
    asks=("http://127.0.0.1:9204/orders?page=2",),
    seconds=25,
)

NEST = Recipe(
    name="nest",
    packages=("nodejs", "npm", "tini", "curl"),
    npm=(
        "@nestjs/core",
        "@nestjs/common",
        "@nestjs/platform-express",
        "@nestjs/config",
        "@nestjs/schedule",
        "reflect-metadata",
        "rxjs",
        "class-validator",
        "class-transformer",
        "typescript@5",
        "@types/node",
        "rimraf",
    ),
    env=SYSTEM | {"NODE_ENV": "production"},
    entrypoint=("tini", "--"),
    cmd=("npm", "run", "start:prod"),
    files={
        "app/tsconfig.json": """
{"compilerOptions": {"module": "commonjs", "target": "es2022", "outDir": "dist", "rootDir": "src", "sourceMap": true,
  "experimentalDecorators": true, "emitDecoratorMetadata": true, "skipLibCheck": true, "moduleResolution": "node10",
  "types": ["node"]}, "include": ["src"]}
""",
        "app/src/main.ts": """
import { ValidationPipe } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { AppModule } from "./app.module";

async function bootstrap() {
  const app = await NestFactory.create(AppModule);
  app.useGlobalPipes(new ValidationPipe({ transform: true }));
  await app.listen(process.env.PORT ?? 9205, "127.0.0.1");
}
bootstrap();
""",
        "app/src/app.module.ts": """
import { Module } from "@nestjs/common";
import { ConfigModule } from "@nestjs/config";
import { ScheduleModule } from "@nestjs/schedule";
import { OrdersController } from "./orders.controller";

@Module({ imports: [ConfigModule.forRoot(), ScheduleModule.forRoot()], controllers: [OrdersController] })
export class AppModule {}
""",
        "app/src/orders.controller.ts": """
import { Controller, Get, Query } from "@nestjs/common";
import { Cron } from "@nestjs/schedule";
import { Type } from "class-transformer";
import { IsInt } from "class-validator";

class Page {
  @IsInt() @Type(() => Number) page: number = 1;
}

@Controller("orders")
export class OrdersController {
  @Get() list(@Query() query: Page) { return { page: query.page }; }
  @Cron("* * * * * *") tick() {}
}
""",
    },
    prepare=(
        "cd /app && npm pkg set scripts.build='rimraf dist && tsc' scripts.start:prod='node dist/main'",
        "cd /app && npm run build",
    ),
    asks=("http://127.0.0.1:9205/orders?page=2", "http://127.0.0.1:9205/orders?page=x"),
    seconds=25,
)

ZOOKEEPER = Recipe(
    name="zookeeper",
    packages=("zookeeper", "default-jre-headless", "netcat-openbsd", "gosu", "jq"),
    env=SYSTEM | {"ZOO_CONF_DIR": "/conf", "ZOO_LOG_DIR": "/tmp/zoo", "ZOOCFGDIR": "/conf", "ZOOPIDFILE": "/tmp/z.pid"},
    folder="/",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("/usr/share/zookeeper/bin/zkServer.sh", "start-foreground", "/conf/zoo.cfg"),
    files={
        "docker-entrypoint.sh": """#!/bin/bash
set -e
if [[ "$1" = 'zkServer.sh' && "$(id -u)" = '0' ]]; then
    exec gosu zookeeper "$0" "$@"
fi
if [[ ! -f "$ZOO_CONF_DIR/zoo.cfg" ]]; then
    mkdir -p "$ZOO_CONF_DIR" /tmp/zoo
    {
        echo "dataDir=/tmp/zoo/data"
        echo "tickTime=2000"
        echo "clientPort=9206"
        echo "admin.serverPort=9216"
        for server in $ZOO_SERVERS; do echo "$server"; done
    } >> "$ZOO_CONF_DIR/zoo.cfg"
fi
exec "$@"
""",
    },
    asks=("http://127.0.0.1:9216/commands/stat", "http://127.0.0.1:9216/commands"),
    seconds=25,
)

PHP_FPM = Recipe(
    name="fpm-hooks",
    packages=("php-fpm", "php-intl", "php-gd", "php-redis", "nginx-light", "gettext-base", "php-symfony-yaml", "unzip"),
    env=SYSTEM | {"NGINX_PORT": "9207", "NGINX_ENVSUBST_TEMPLATE_DIR": "/etc/nginx/templates"},
    folder="/var/www/html",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("nginx", "-g", "daemon off;"),
    files={
        "docker-entrypoint.sh": """#!/bin/sh
set -e
note() { if [ -z "${ENTRYPOINT_QUIET:-}" ]; then echo "$@"; fi; }
if [ "$1" = "nginx" ] || [ "$1" = "nginx-debug" ]; then
    if /usr/bin/find "/docker-entrypoint.d/" -mindepth 1 -maxdepth 1 -type f -print -quit 2>/dev/null | read v; then
        find "/docker-entrypoint.d/" -follow -type f -print | sort -V | while read -r hook; do
            case "$hook" in
                *.envsh)
                    if [ -x "$hook" ]; then note "source $hook"; . "$hook"; fi ;;
                *.sh)
                    if [ -x "$hook" ]; then note "run $hook"; "$hook"; else note "skip $hook"; fi ;;
                *) note "ignore $hook" ;;
            esac
        done
    else
        note "no hooks"
    fi
fi
exec "$@"
""",
        "docker-entrypoint.d/15-local.envsh": "#!/bin/sh\nexport NGINX_LOCAL=127.0.0.1\n",
        "docker-entrypoint.d/20-templates.sh": """#!/bin/sh
set -e
names=$(awk "END { for (name in ENVIRON) { print ( name ~ /^NGINX_/ ) ? name : \\"\\" } }" < /dev/null)
defined=$(printf '${%s} ' $names)
for template in "$NGINX_ENVSUBST_TEMPLATE_DIR"/*.template; do
    envsubst "$defined" < "$template" > "/etc/nginx/conf.d/$(basename "$template" .template)"
done
""",
        "docker-entrypoint.d/30-fpm.sh": "#!/bin/sh\nmkdir -p /run/php\n$(ls /usr/sbin/php-fpm* | head -n 1) -D\n",
        "docker-entrypoint.d/40-unzip.sh": "unzip -o /seed.zip -d /var/www/html\n",
        "etc/nginx/templates/site.conf.template": """
server {
    listen 127.0.0.1:${NGINX_PORT};
    root /var/www/html;
    location / { try_files $uri /index.php; }
    location ~ \\.php$ { include fastcgi_params; fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
                         fastcgi_pass unix:/run/php/php-fpm.sock; }
}
""",
        "var/www/html/index.php": """<?php
require 'Symfony/Component/Yaml/autoload.php';
use Symfony\\Component\\Yaml\\Yaml;
echo Yaml::dump(['name' => 'shop', 'format' => (new NumberFormatter('de', NumberFormatter::DECIMAL))->format(1.5)]);
""",
    },
    prepare=(
        "sed -i 's|^listen = .*|listen = /run/php/php-fpm.sock|' /etc/php/*/fpm/pool.d/www.conf",
        "rm -f /etc/nginx/sites-enabled/default",
    ),
    asks=("http://127.0.0.1:9207/", "http://127.0.0.1:9207/orders"),
    seconds=15,
)

REGISTRY = Recipe(
    name="registry",
    packages=("docker-registry", "apache2-utils", "busybox", "openssl"),
    env=SYSTEM | {"REGISTRY_HTTP_ADDR": "127.0.0.1:9208", "OTEL_TRACES_EXPORTER": "none"},
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("/etc/distribution/config.yml",),
    files={
        "entrypoint.sh": """#!/bin/sh
set -e
case "$1" in
    *.yaml|*.yml) set -- docker-registry serve "$@" ;;
    serve|garbage-collect|help|-*) set -- docker-registry "$@" ;;
esac
exec "$@"
""",
        "etc/distribution/config.yml": """
version: 0.1
storage:
  filesystem:
    rootdirectory: /tmp/registry
http:
  addr: :5000
""",
    },
    asks=("http://127.0.0.1:9208/v2/", "http://127.0.0.1:9208/v2/_catalog"),
)

SIXTH = (DATASETTE, YACRON, SKLEARN, PNPM, NEST, ZOOKEEPER, PHP_FPM, REGISTRY)
