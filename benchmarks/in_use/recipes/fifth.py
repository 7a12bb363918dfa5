"""Images of an engineer who did not write the analysis: traced before it was asked, measured at first sight."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

MOSQUITTO = Recipe(
    name="mosquitto",
    packages=("mosquitto", "mosquitto-clients", "openssl", "nano"),
    env=SYSTEM | {"BROKER_CONFIG": "/etc/mosquitto/conf.d/site.conf"},
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("broker",),
    files={
        "entrypoint.sh": """#!/bin/sh
set -eu
case "${1:-broker}" in
    broker)
        shift
        : "${BROKER_CONFIG:?}"
        (sleep 3; mosquitto_pub -h 127.0.0.1 -p 9161 -t shop/orders -m hello) &
        exec mosquitto -c "$BROKER_CONFIG" "$@"
        ;;
    certificate) exec openssl req -x509 -nodes -out /tmp/c.pem -keyout /tmp/k.pem -subj /CN=shop ;;
    *) exec "$@" ;;
esac
""",
        "etc/mosquitto/conf.d/site.conf": "listener 9161 127.0.0.1\nallow_anonymous true\nuser root\n",
    },
)

ALEMBIC = Recipe(
    name="alembic",
    packages=("python3", "python3-venv", "libpq5", "git", "make"),
    python=("fastapi", "uvicorn", "sqlalchemy", "alembic", "pydantic-settings", "httpx", "boto3", "pytest"),
    env=VENV | {"DATABASE_URL": "sqlite:////tmp/shop.sqlite3"},
    cmd=("sh", "-c", "alembic upgrade head && exec uvicorn shop.main:app --host 127.0.0.1 --port 9162"),
    files={
        "app/alembic.ini": "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n",
        "app/migrations/env.py": """
import os
from alembic import context
from sqlalchemy import create_engine
from shop.models import Base

engine = create_engine(os.environ["DATABASE_URL"])
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()
""",
        "app/migrations/versions/0001_orders.py": """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String))

def downgrade():
    op.drop_table("orders")
""",
        "app/shop/__init__.py": "",
        "app/shop/models.py": """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
""",
        "app/shop/main.py": """
from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from .models import Order

class Settings(BaseSettings):
    database_url: str = "sqlite://"

engine = create_engine(Settings().database_url)
app = FastAPI()

def session():
    with Session(engine) as one:
        yield one

@app.post("/orders/{name}")
def add(name: str, db: Session = Depends(session)):
    db.add(Order(name=name))
    db.commit()
    return {"ok": True}

@app.get("/orders")
def orders(db: Session = Depends(session)):
    return [one.name for one in db.scalars(select(Order))]

@app.get("/export")
def export():
    import boto3
    return {"clients": len(boto3.session.Session().get_available_services())}
""",
    },
    asks=("http://127.0.0.1:9162/orders", "http://127.0.0.1:9162/openapi.json", "http://127.0.0.1:9162/docs"),
    seconds=20,
)

PM2 = Recipe(
    name="pm2",
    packages=("nodejs", "npm", "python3", "ca-certificates"),
    npm=("@hapi/hapi", "@hapi/inert", "pino", "pino-pretty", "joi", "pm2", "jest", "date-fns"),
    env=SYSTEM | {"NODE_ENV": "production", "PM2_HOME": "/tmp/pm2"},
    cmd=("node_modules/.bin/pm2-runtime", "start", "ecosystem.config.js"),
    files={
        "app/ecosystem.config.js": """
module.exports = {apps: [{name: "shop", script: "./src/server.js", instances: 1, env: {PORT: 9163}}]};
""",
        "app/src/server.js": """
const Hapi = require("@hapi/hapi");
const pino = require("pino");
const routes = ["health", "orders"].map(name => require(`./routes/${name}`));

const log = pino({transport: {target: "pino-pretty"}});
(async () => {
  const server = Hapi.server({port: process.env.PORT, host: "127.0.0.1"});
  await server.register(require("@hapi/inert"));
  routes.forEach(route => server.route(route));
  await server.start();
  log.info("started");
})();
""",
        "app/src/routes/health.js": """
module.exports = {method: "GET", path: "/health", handler: () => ({ok: true})};
""",
        "app/src/routes/orders.js": """
const Joi = require("joi");
const {formatISO} = require("date-fns");
module.exports = {
  method: "GET", path: "/orders/{id}",
  options: {validate: {params: Joi.object({id: Joi.number()})}},
  handler: request => ({id: request.params.id, at: formatISO(new Date())}),
};
""",
    },
    asks=("http://127.0.0.1:9163/health", "http://127.0.0.1:9163/orders/7"),
    seconds=20,
)

S6 = Recipe(
    name="s6-nginx",
    packages=("s6", "execline", "nginx-light", "fcgiwrap", "busybox"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/init",),
    files={
        "init": """#!/usr/bin/execlineb -P
foreground { mkdir -p /tmp/scan }
foreground { cp -R /etc/services.d/nginx /etc/services.d/clock /tmp/scan/ }
emptyenv -p
s6-envdir /etc/site-env
s6-svscan /tmp/scan
""",
        "etc/site-env/SITE": "shop",
        "etc/services.d/nginx/run": """#!/usr/bin/execlineb -P
fdmove -c 2 1
importas -D shop site SITE
foreground { s6-echo starting ${site} }
s6-setsid nginx -c /etc/nginx/site.conf -g "daemon off;"
""",
        "etc/services.d/clock/run": """#!/usr/bin/execlineb -P
loopwhilex
foreground { /usr/bin/date }
sleep 4
""",
        "etc/nginx/site.conf": """
error_log stderr;
pid /tmp/site.pid;
events {}
http { access_log off; server { listen 127.0.0.1:9164; root /usr/share/nginx/html; } }
""",
    },
    asks=("http://127.0.0.1:9164/", "http://127.0.0.1:9164/nothing"),
)

PHP = Recipe(
    name="php-composer",
    packages=("php-cli", "php-sqlite3", "php-mbstring", "php-curl", "php-xml", "composer", "unzip"),
    env=SYSTEM,
    folder="/srv",
    entrypoint=("/srv/start",),
    files={
        "srv/start": """#!/usr/bin/env bash
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
php "$here/bin/migrate.php"
exec php -S "127.0.0.1:${PORT:-9165}" -t "$here/public" "$here/public/index.php"
""",
        "srv/bin/migrate.php": """<?php
$db = new PDO('sqlite:/tmp/shop.sqlite3');
$db->exec('create table if not exists orders (id integer)');
""",
        "srv/public/index.php": """<?php
require __DIR__ . '/../src/Orders.php';
header('Content-Type: application/json');
echo json_encode(['count' => (new Shop\\Orders())->count(), 'name' => mb_strtoupper('shop')]);
""",
        "srv/src/Orders.php": """<?php
namespace Shop;
class Orders {
    public function count(): int {
        return (int) (new \\PDO('sqlite:/tmp/shop.sqlite3'))->query('select count(*) from orders')->fetchColumn();
    }
}
""",
    },
    asks=("http://127.0.0.1:9165/", "http://127.0.0.1:9165/orders"),
)

PYRAMID = Recipe(
    name="pyramid",
    packages=("python3", "python3-venv", "gettext-base", "tini"),
    python=("pyramid", "pyramid-jinja2", "waitress", "plaster-pastedeploy", "zope.sqlalchemy", "sentry-sdk", "black"),
    env=VENV | {"PYTHONPATH": "/app", "SITE_PORT": "9166"},
    entrypoint=("/usr/bin/tini", "--", "/app/entrypoint"),
    cmd=("pserve", "/tmp/site.ini"),
    files={
        "app/entrypoint": """#!/bin/sh
set -e
if [ -d /docker-entrypoint.d ]; then
    for hook in /docker-entrypoint.d/*.sh; do [ -x "$hook" ] && "$hook"; done
fi
envsubst < /app/site.ini.in > /tmp/site.ini
exec "$@"
""",
        "docker-entrypoint.d/10-hello.sh": "#!/bin/sh\necho hello\n",
        "app/site.ini.in": """[app:main]
use = call:shop.web:main
pyramid.includes = pyramid_jinja2

[server:main]
use = egg:waitress#main
listen = 127.0.0.1:${SITE_PORT}
""",
        "app/shop/__init__.py": "",
        "app/shop/web.py": """
from pyramid.config import Configurator

def index(request):
    return {"name": "shop"}

def main(settings, **words):
    config = Configurator(settings=words)
    config.add_route("index", "/")
    config.add_jinja2_search_path("/app/templates")
    config.add_view(index, route_name="index", renderer="index.jinja2")
    return config.make_wsgi_app()
""",
        "app/templates/index.jinja2": "<p>{{ name }}</p>\n",
    },
    asks=("http://127.0.0.1:9166/", "http://127.0.0.1:9166/nothing"),
    seconds=16,
)

TSX = Recipe(
    name="tsx",
    packages=("nodejs", "npm", "curl"),
    npm=("tsx", "typescript", "fastify", "@fastify/cors", "zod", "kysely", "winston", "eslint", "undici"),
    env=SYSTEM | {"PORT": "9167"},
    cmd=("npx", "--no-install", "tsx", "src/index.mts"),
    files={
        "app/tsconfig.json": '{"compilerOptions": {"module": "nodenext", "target": "es2022", "strict": true}}\n',
        "app/src/index.mts": """
import Fastify from "fastify";
import cors from "@fastify/cors";
import { z } from "zod";
import { log } from "./log.mjs";

const Query = z.object({ page: z.coerce.number().default(1) });
const app = Fastify();
await app.register(cors);
app.get("/orders", async (request) => ({ page: Query.parse(request.query).page }));
app.get("/rates", async () => { const { request } = await import("undici"); return { ok: typeof request }; });
await app.listen({ host: "127.0.0.1", port: Number(process.env.PORT) });
log.info("started");
""",
        "app/src/log.mts": """
import winston from "winston";
export const log = winston.createLogger({ transports: [new winston.transports.Console()] });
""",
    },
    asks=("http://127.0.0.1:9167/orders?page=2", "http://127.0.0.1:9167/rates"),
    seconds=20,
)

SPRING = Recipe(
    name="spring-context",
    packages=(
        "default-jdk-headless",
        "libspring-context-java",
        "libspring-beans-java",
        "libspring-jdbc-java",
        "liblogback-java",
        "libguava-java",
        "libpostgresql-jdbc-java",
    ),
    env=SYSTEM | {"JAVA_OPTS": "-Xmx128m", "SPRING_CONTEXT": "context.xml"},
    entrypoint=("/app/bin/shop",),
    files={
        "app/bin/shop": """#!/bin/sh
APP_HOME=$(cd "$(dirname "$0")/.." && pwd -P)
CLASSPATH=$APP_HOME/conf:$APP_HOME/classes
for jar in "$APP_HOME"/lib/*.jar; do CLASSPATH=$CLASSPATH:$jar; done
exec java ${JAVA_OPTS:-} -cp "$CLASSPATH" shop.Main "$@"
""",
        "app/conf/context.xml": """<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans"
       xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
       xsi:schemaLocation="http://www.springframework.org/schema/beans
                           http://www.springframework.org/schema/beans/spring-beans.xsd">
  <bean id="orders" class="shop.Orders"/>
</beans>
""",
        "app/src/shop/Orders.java": """
package shop;

public class Orders {
    public int count() { return com.google.common.collect.ImmutableList.of(1, 2).size(); }
}
""",
        "app/src/shop/Main.java": """
package shop;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import org.springframework.context.support.ClassPathXmlApplicationContext;

public class Main {
    public static void main(String[] words) throws Exception {
        var context = new ClassPathXmlApplicationContext(System.getenv("SPRING_CONTEXT"));
        var orders = (Orders) context.getBean("orders");
        var server = HttpServer.create(new InetSocketAddress("127.0.0.1", 9168), 0);
        server.createContext("/", exchange -> {
            byte[] body = ("" + orders.count()).getBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
""",
    },
    prepare=(
        "mkdir -p /app/lib /app/classes && cd /usr/share/java && for one in spring-context spring-beans spring-core "
        "spring-aop spring-expression spring-jdbc spring-tx commons-logging guava postgresql; do "
        "for found in $one.jar spring3-${one#spring-}.jar; do [ ! -e $found ] || cp -L $found /app/lib/; done; done",
        "javac -cp '/app/lib/*' -d /app/classes /app/src/shop/*.java",
    ),
    asks=("http://127.0.0.1:9168/", "http://127.0.0.1:9168/orders"),
    seconds=16,
)

FIFTH = (MOSQUITTO, ALEMBIC, PM2, S6, PHP, PYRAMID, TSX, SPRING)
