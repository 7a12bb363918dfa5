"""Images whose kinds of start no earlier set has, recorded before the analysis was asked of them.

The rule: a language, a starter or a sort of job that no recipe had yet (Erlang, R, a browser, an office suite, nodemon
with ts-node, a hook of `NODE_OPTIONS`, a server that starts itself again, no shell and `PYTHONPATH`, plackup, CGI, a
play of Ansible, a Go program beside all tools, rake, a console of Symfony), each with what developers
need left in: compilers, version control, test runners. Written by an engineer who had read neither the analysis nor
what it says.
"""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

BUILD = ("build-essential", "autoconf", "automake", "libtool", "git", "pkg-config", "curl", "unzip", "file", "patch")
"""What an image has whose developers left in what builds it."""
ALL_TOOLS = (
    *BUILD,
    *("mercurial", "subversion", "openssh-client", "procps", "wget", "bzip2", "xz-utils", "imagemagick"),
    *("libpq-dev", "libxml2-dev", "libxslt1-dev", "libffi-dev", "libssl-dev", "libsqlite3-dev", "libyaml-dev"),
    *("libcurl4-openssl-dev", "libreadline-dev", "zlib1g-dev", "libjpeg-dev", "libmagickcore-dev", "libevent-dev"),
)
"""What the image holds that many others begin with."""
HOSTS = {"etc/hosts": "127.0.0.1 localhost\n"}

DANCER = Recipe(
    name="dancer",
    packages=(
        *(
            "starman",
            "libdancer2-perl",
            "libdbix-class-perl",
            "libdbd-sqlite3-perl",
            "libtemplate-perl",
            "libjson-xs-perl",
        ),
        *("libplack-middleware-deflater-perl", "libdbd-pg-perl", "libmoose-perl", "libxml-libxml-perl", "cpanminus"),
        *("libjson-xs-perl", "perl-doc", "libtest-simple-perl", "libdevel-cover-perl", *BUILD),
    ),
    env=SYSTEM | {"DANCER_ENVIRONMENT": "production", "PERL5LIB": "/app/lib"},
    entrypoint=("plackup",),
    cmd=("-E", "production", "-s", "Starman", "--workers=2", "-l", "127.0.0.1:9411", "-a", "bin/app.psgi"),
    files={
        "app/bin/app.psgi": """#!/usr/bin/env perl
use strict;
use warnings;
use Plack::Builder;
use Shop;

builder {
    enable 'Deflater';
    enable 'Static', path => qr{^/static/}, root => '/app/public';
    Shop->to_app;
};
""",
        "app/lib/Shop.pm": """package Shop;
use Dancer2;
use Shop::Store;

set template => 'template_toolkit';
set views => '/app/views';
set serializer => 'JSON' if $ENV{SHOP_API_ONLY};

get '/' => sub { template 'index', { title => 'Shop' } };
get '/orders' => sub {
    content_type 'application/json';
    return to_json({ orders => [ map { $_->name } Shop::Store->orders ] });
};
get '/late' => sub {
    require Text::Wrap;
    require Time::Piece;
    return Text::Wrap::wrap('', '', Time::Piece->new->ymd . ' one of the orders');
};
1;
""",
        "app/lib/Shop/Store.pm": """package Shop::Store;
use strict;
use warnings;
use Shop::Schema;

my $schema;

sub schema {
    return $schema if $schema;
    $schema = Shop::Schema->connect($ENV{SHOP_DSN} || 'dbi:SQLite:dbname=/tmp/shop.sqlite');
    $schema->storage->dbh->do('CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, name TEXT)');
    $schema->resultset('Order')->create({ name => 'one' });
    return $schema;
}

sub orders { return schema()->resultset('Order')->search({}, { rows => 5 })->all }
1;
""",
        "app/lib/Shop/Schema.pm": "package Shop::Schema;\nuse base 'DBIx::Class::Schema';\n"
        "__PACKAGE__->load_namespaces;\n1;\n",
        "app/lib/Shop/Schema/Result/Order.pm": "package Shop::Schema::Result::Order;\nuse base 'DBIx::Class::Core';\n"
        "__PACKAGE__->table('orders');\n__PACKAGE__->add_columns(qw(id name));\n__PACKAGE__->set_primary_key('id');\n"
        "1;\n",
        "app/views/index.tt": "<h1>[% title | html %]</h1>\n",
        "app/public/static/site.css": "h1 { color: black }\n",
    },
    asks=tuple(f"http://127.0.0.1:9411/{path}" for path in ("", "orders", "late", "static/site.css", "nothing")),
    seconds=25,
)

GITWEB = Recipe(
    name="gitweb",
    packages=("supervisor", "nginx-light", "fcgiwrap", "gitweb", "highlight", "cron", "logrotate", *BUILD),
    env=SYSTEM | {"GIT_PROJECT_ROOT": "/srv/git"},
    folder="/",
    cmd=("/usr/bin/supervisord", "-n", "-c", "/etc/supervisor/supervisord.conf"),
    files=HOSTS
    | {
        "etc/supervisor/conf.d/web.conf": """[program:nginx]
command=/usr/sbin/nginx -c /etc/nginx/git.conf -g "daemon off;"
[program:cgi]
command=/usr/sbin/fcgiwrap -c 2 -s unix:/run/cgi.sock
environment=GIT_HTTP_EXPORT_ALL="1",GITWEB_CONFIG="/etc/gitweb.conf",HOME="/root"
[program:daemon]
command=git daemon --export-all --base-path=/srv/git --listen=127.0.0.1 --port=9414 /srv/git
[program:upkeep]
command=/bin/bash -c "while true; do /srv/upkeep.d/run; sleep 5; done"
""",
        "srv/upkeep.d/run": """#!/bin/bash
set -u
for repository in /srv/git/*.git; do
    git -C "$repository" gc --quiet --auto
    git -C "$repository" update-server-info
done
""",
        "etc/nginx/git.conf": """user root;
error_log stderr;
pid /tmp/nginx.pid;
events {}
http {
  include mime.types;
  access_log off;
  server {
    listen 127.0.0.1:9412;
    location ~ ^/git(/.*) {
      include fastcgi_params;
      fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
      fastcgi_param GIT_PROJECT_ROOT /srv/git;
      fastcgi_param PATH_INFO $1;
      fastcgi_pass unix:/run/cgi.sock;
    }
    location / {
      include fastcgi_params;
      fastcgi_param SCRIPT_FILENAME /usr/share/gitweb/gitweb.cgi;
      fastcgi_pass unix:/run/cgi.sock;
    }
  }
}
""",
        "etc/gitweb.conf": "our $projectroot = '/srv/git';\n$feature{'highlight'}{'default'} = [1];\n"
        "$feature{'snapshot'}{'default'} = ['tgz'];\n",
        "srv/make-repository": """#!/bin/sh
set -e
mkdir -p /srv/git /tmp/one
cd /tmp/one
git init -q .
printf 'print("one")\\n' > one.py
git add one.py
git -c user.name=one -c user.email=one@shop.example commit -q -m one
git clone -q --bare . /srv/git/one.git
touch /srv/git/one.git/git-daemon-export-ok
rm -rf /tmp/one
""",
    },
    prepare=("/srv/make-repository",),
    asks=(
        "http://127.0.0.1:9412/",
        "http://127.0.0.1:9412/?p=one.git;a=summary",
        "http://127.0.0.1:9412/?p=one.git;a=blob;f=one.py;hb=HEAD",
        "http://127.0.0.1:9412/?p=one.git;a=snapshot;h=HEAD;sf=tgz",
        "http://127.0.0.1:9412/git/one.git/info/refs?service=git-upload-pack",
    ),
    seconds=25,
)

PROMETHEUS = Recipe(
    name="prometheus",
    packages=("prometheus", "prometheus-alertmanager", "nodejs", "npm", "default-jdk-headless", *ALL_TOOLS),
    env=SYSTEM,
    folder="/prometheus",
    entrypoint=("/bin/prometheus",),
    cmd=(
        "--config.file=/etc/prometheus/shop.yml",
        "--storage.tsdb.path=/tmp/prometheus",
        "--web.listen-address=127.0.0.1:9413",
    ),
    files=HOSTS
    | {
        "etc/prometheus/shop.yml": "global: {scrape_interval: 2s}\nrule_files: [/etc/prometheus/rules/*.yml]\n"
        "scrape_configs:\n  - job_name: self\n    static_configs: [{targets: ['127.0.0.1:9413']}]\n",
        "etc/prometheus/rules/one.yml": "groups: [{name: one, rules: [{record: one, expr: up}]}]\n",
    },
    asks=(
        "http://127.0.0.1:9413/-/ready",
        "http://127.0.0.1:9413/api/v1/query?query=up",
        "http://127.0.0.1:9413/graph",
        "http://127.0.0.1:9413/metrics",
    ),
    seconds=15,
)

TS_NODE = Recipe(
    name="ts-node",
    packages=("nodejs", "npm", "tini", *BUILD),
    npm=(
        *("express@4", "@types/express@4", "typeorm@0.3", "reflect-metadata", "sql.js@1", "pg", "mysql2", "redis@4"),
        *("class-validator", "class-transformer", "winston", "typescript@5", "ts-node", "nodemon", "@types/node@20"),
        *("jest@29", "ts-jest@29", "eslint@9", "prettier", "husky", "supertest", "rimraf", "swagger-ui-express"),
    ),
    env=SYSTEM | {"NODE_ENV": "development", "PORT": "9415", "TS_NODE_TRANSPILE_ONLY": "1"},
    entrypoint=("tini", "--"),
    cmd=("npm", "run", "dev"),
    files={
        "app/tsconfig.json": '{"compilerOptions": {"target": "ES2022", "module": "commonjs", "esModuleInterop": true, '
        '"experimentalDecorators": true, "emitDecoratorMetadata": true, "skipLibCheck": true}, "include": ["src"]}\n',
        "app/nodemon.json": '{"watch": ["src"], "ext": "ts,json", "exec": "ts-node ./src/index.ts"}\n',
        "app/src/index.ts": """import 'reflect-metadata';
import express from 'express';
import { store } from './store';
import { orders } from './orders';
import { logger } from './logger';

const app = express();
app.use(express.json());
app.use('/orders', orders);
app.get('/docs', async (_ask, answer) => {
  const swagger = await import('swagger-ui-express');
  answer.send(swagger.generateHTML({ openapi: '3.0.0', info: { title: 'Shop', version: '1' }, paths: {} }));
});
store.initialize().then(() => app.listen(Number(process.env.PORT), '127.0.0.1', () => logger.info('up')));
""",
        "app/src/store.ts": """import { DataSource } from 'typeorm';
import { Order } from './order';

export const store = new DataSource({ type: 'sqljs', synchronize: true, entities: [Order] });
""",
        "app/src/order.ts": """import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { Length } from 'class-validator';

@Entity()
export class Order {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ type: 'varchar' }) @Length(1, 20) name!: string;
}
""",
        "app/src/orders.ts": """import { Router } from 'express';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { Order } from './order';
import { store } from './store';

export const orders = Router();
orders.get('/', async (_ask, answer) => answer.json(await store.getRepository(Order).find()));
orders.get('/new', async (ask, answer) => {
  const order = plainToInstance(Order, { name: String(ask.query.name) });
  const wrong = await validate(order);
  answer.json(wrong.length ? wrong : await store.getRepository(Order).save(order));
});
""",
        "app/src/logger.ts": """import winston from 'winston';

export const logger = winston.createLogger({ transports: [new winston.transports.Console()] });
""",
    },
    prepare=(
        "cd /app && npm pkg set scripts.dev='nodemon' scripts.test='jest' scripts.lint='eslint src' "
        "scripts.prepare='husky' scripts.build='rimraf dist && tsc'",
    ),
    asks=tuple(f"http://127.0.0.1:9415/{path}" for path in ("orders", "orders/new?name=one", "docs", "nothing")),
    seconds=40,
)

NO_SHELL = Recipe(
    name="no-shell",
    packages=("python3", "python3-pip", "tzdata", "libgomp1", "libpq5", "libmagic1"),
    env={"PATH": "/usr/bin", "PYTHONPATH": "/app/deps:/app/src", "PYTHONDONTWRITEBYTECODE": "1", "TZ": "Europe/Berlin"},
    entrypoint=("/usr/bin/python3", "-m", "granian"),
    cmd=("--interface", "asgi", "--host", "127.0.0.1", "--port", "9416", "--workers", "1", "shop.main:app"),
    files={
        "app/src/shop/__init__.py": "",
        "app/src/shop/main.py": """from importlib import import_module
from pathlib import Path

import structlog
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse

from shop.settings import settings

log = structlog.get_logger()


async def up(_):
    return JSONResponse({"up": True, "zone": settings.zone})


def routes():
    for path in sorted(Path(__file__).parent.glob("pages/*.py")):
        yield from import_module(f"shop.pages.{path.stem}").routes


app = Starlette(routes=[*routes()], debug=settings.debug)
app.add_route("/up", up)
app.add_middleware(GZipMiddleware)
log.info("made")
""",
        "app/src/shop/settings.py": """from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    zone: str = "UTC"
    debug: bool = False
    database: str = "sqlite:////tmp/shop.sqlite"


settings = Settings()
""",
        "app/src/shop/pages/orders.py": """from sqlalchemy import create_engine, text
from starlette.responses import JSONResponse
from starlette.routing import Route

from shop.settings import settings

engine = create_engine(settings.database)


def orders(_):
    with engine.connect() as connection:
        return JSONResponse({"one": connection.execute(text("SELECT 1")).scalar()})


routes = [Route("/orders", orders)]
""",
        "app/src/shop/pages/report.py": """from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route


def report(_):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["one", 1])
    book.save("/tmp/report.xlsx")
    return Response(open("/tmp/report.xlsx", "rb").read())


def page(_):
    from jinja2 import Template
    from markdown import markdown

    return PlainTextResponse(markdown(Template("# {{ name }}").render(name="one"), extensions=["tables"]))


routes = [Route("/report", report), Route("/page", page)]
""",
    },
    prepare=(
        "python3 -m pip install -q --target /app/deps granian starlette sqlalchemy 'psycopg[binary]' structlog "
        "pydantic-settings openpyxl jinja2 markdown python-magic pandas boto3 celery requests pytest mypy black",
        "rm -f /bin/bash /bin/dash /bin/sh",
    ),
    asks=tuple(f"http://127.0.0.1:9416/{path}" for path in ("up", "orders", "report", "page", "nothing")),
    seconds=25,
)

RABBITMQ = Recipe(
    name="rabbitmq",
    packages=("rabbitmq-server", "gosu", "python3", "erlang-dev", "gdb", *ALL_TOOLS),
    env=SYSTEM | {"RABBITMQ_NODENAME": "rabbit@localhost", "LANG": "C.UTF-8", "RABBITMQ_DATA_DIR": "/var/lib/rabbitmq"},
    folder="/",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("rabbitmq-server",),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/bash
set -euo pipefail

if [[ "$1" == rabbitmq* ]] && [ "$(id -u)" = '0' ]; then
    if [ "$1" = 'rabbitmq-server' ]; then
        find /var/lib/rabbitmq \\! -user rabbitmq -exec chown rabbitmq '{}' +
    fi
    exec gosu rabbitmq "$BASH_SOURCE" "$@"
fi

old=()
for name in RABBITMQ_DEFAULT_PASS_FILE RABBITMQ_VM_MEMORY_HIGH_WATERMARK; do
    if [ -n "${!name:-}" ]; then old+=("$name"); fi
done
if [ "${#old[@]}" -gt 0 ]; then
    echo >&2 "error: not supported: ${old[*]}"
    exit 1
fi
if [ -n "${RABBITMQ_ERLANG_COOKIE:-}" ] && [ ! -e /var/lib/rabbitmq/.erlang.cookie ]; then
    echo "$RABBITMQ_ERLANG_COOKIE" > /var/lib/rabbitmq/.erlang.cookie
    chmod 600 /var/lib/rabbitmq/.erlang.cookie
fi
exec "$@"
""",
        "etc/rabbitmq/enabled_plugins": "[rabbitmq_management,rabbitmq_prometheus].\n",
        "etc/rabbitmq/conf.d/10-shop.conf": "listeners.tcp.1 = 127.0.0.1:9417\nmanagement.tcp.port = 9418\n"
        "management.tcp.ip = 127.0.0.1\nprometheus.tcp.port = 9419\n",
    },
    asks=(
        "http://127.0.0.1:9418/",
        "http://127.0.0.1:9418/api/overview",
        "http://127.0.0.1:9419/metrics",
        "http://127.0.0.1:9417/",
    ),
    seconds=60,
)

PLUMBER = Recipe(
    name="plumber",
    packages=(
        *("r-base-core", "r-cran-plumber", "r-cran-ggplot2", "r-cran-dplyr", "r-cran-rsqlite", "r-cran-shiny"),
        *("r-cran-knitr", "r-cran-testthat", "r-cran-devtools", "gfortran", *BUILD),
    ),
    env=SYSTEM | {"LANG": "C.UTF-8", "R_LIBS_USER": "/app/library", "SHOP_PORT": "9420"},
    entrypoint=("R", "-e", "pr <- plumber::plumb(rev(commandArgs())[1]); pr$run(host = '127.0.0.1', port = 9420)"),
    cmd=("/app/plumber.R",),
    files={
        "app/plumber.R": """library(dplyr)
source("/app/R/store.R")

#* @get /orders
function() {
  orders() |> filter(amount > 1) |> summarise(total = sum(amount))
}

#* @get /plot
#* @serializer png
function() {
  library(ggplot2)
  print(ggplot(orders(), aes(name, amount)) + geom_col())
}

#* @get /late
#* @serializer html
function() {
  knitr::knit2html(text = "# One", quiet = TRUE, template = FALSE)
}
""",
        "app/R/store.R": """orders <- function() {
  connection <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
  on.exit(DBI::dbDisconnect(connection))
  DBI::dbWriteTable(connection, "orders", data.frame(name = c("a", "b"), amount = c(1, 2)))
  DBI::dbReadTable(connection, "orders")
}
""",
    },
    asks=tuple(f"http://127.0.0.1:9420/{path}" for path in ("orders", "plot", "late", "__docs__/", "openapi.json")),
    seconds=45,
)

PUPPETEER = Recipe(
    name="puppeteer",
    packages=("nodejs", "npm", "chromium", "dumb-init", "fonts-liberation", "git", "procps"),
    npm=(
        *("puppeteer-core", "express@5", "pino", "p-queue", "sharp", "handlebars"),
        *("typescript@5", "eslint@9", "vitest", "supertest", "nodemon"),
    ),
    env=SYSTEM | {"PUPPETEER_EXECUTABLE_PATH": "/usr/bin/chromium", "NODE_ENV": "production", "PORT": "9421"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "src/server.mjs"),
    files=HOSTS
    | {
        "app/src/server.mjs": """import express from 'express';
import pino from 'pino';
import PQueue from 'p-queue';
import { shoot } from './shoot.mjs';

const log = pino();
const queue = new PQueue({ concurrency: 1 });
const app = express();
app.get('/up', (_, answer) => answer.json({ up: true }));
for (const kind of ['pdf', 'png', 'small']) {
  app.get(`/${kind}`, async (ask, answer) => {
    answer.type(kind === 'pdf' ? 'pdf' : 'png').send(Buffer.from(await queue.add(() => shoot(kind, ask.query.name))));
  });
}
app.listen(Number(process.env.PORT), '127.0.0.1', () => log.info('up'));
""",
        "app/src/shoot.mjs": """import Handlebars from 'handlebars';
import puppeteer from 'puppeteer-core';

const page = Handlebars.compile('<h1>{{name}}</h1><canvas></canvas>');
let browser;

export async function shoot(kind, name = 'one') {
  browser ??= await puppeteer.launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH,
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: 60000,
  });
  const tab = await browser.newPage();
  try {
    await tab.setContent(page({ name }));
    if (kind === 'pdf') return await tab.pdf();
    const shot = await tab.screenshot();
    if (kind === 'png') return shot;
    const { default: sharp } = await import('sharp');
    return await sharp(shot).resize(100).png().toBuffer();
  } finally {
    await tab.close();
  }
}
""",
    },
    asks=tuple(f"http://127.0.0.1:9421/{path}" for path in ("up", "png?name=two", "pdf", "small")),
    seconds=75,
)

ANSIBLE = Recipe(
    name="ansible",
    packages=("python3", "python3-venv", "openssh-client", "sshpass", "rsync", "less", *ALL_TOOLS),
    python=("ansible-core", "jmespath", "netaddr", "pywinrm", "boto3", "ansible-lint", "molecule", "pytest", "passlib"),
    env=VENV | {"ANSIBLE_FORCE_COLOR": "0", "ANSIBLE_CONFIG": "/app/ansible.cfg", "LANG": "C.UTF-8"},
    entrypoint=("ansible-playbook", "-i", "inventory.yml"),
    cmd=("site.yml", "-v"),
    files={
        "app/ansible.cfg": "[defaults]\nstdout_callback = default\nroles_path = roles\ncallbacks_enabled = timer\n",
        "app/inventory.yml": "all:\n  hosts:\n    here:\n      ansible_connection: local\n"
        "      ansible_python_interpreter: /opt/venv/bin/python\n",
        "app/site.yml": "- hosts: all\n  gather_facts: true\n  roles: [shop]\n",
        "app/roles/shop/tasks/main.yml": """- name: folder
  ansible.builtin.file: {path: /tmp/shop, state: directory, mode: "0755"}
- name: settings
  ansible.builtin.template: {src: shop.conf.j2, dest: /tmp/shop/shop.conf, mode: "0644"}
- name: checkout
  ansible.builtin.git: {repo: /srv/one.git, dest: /tmp/shop/one, version: HEAD}
- name: archive
  ansible.builtin.unarchive: {src: /srv/one.tar.gz, dest: /tmp/shop, remote_src: true}
- name: command
  ansible.builtin.shell: "wc -l < /etc/passwd"
  register: lines
- name: query
  ansible.builtin.debug: {msg: "{{ [lines.stdout | int, 2] | join(',') }}"}
- name: secret
  ansible.builtin.copy:
    content: "{{ 'one' | password_hash('sha512', 'aaaaaaaa') }}"
    dest: /tmp/shop/hash
    mode: "0600"
""",
        "app/roles/shop/templates/shop.conf.j2": "host={{ ansible_facts['hostname'] | default('x') }}\n",
    },
    prepare=(
        "mkdir /srv/one && cd /srv/one && git init -q . && touch one && git add one && "
        "git -c user.name=one -c user.email=one@shop.example commit -q -m one && git clone -q --bare . /srv/one.git",
        "tar -C /srv -czf /srv/one.tar.gz one",
    ),
    seconds=50,
)

OTEL = Recipe(
    name="otel",
    packages=("nodejs", "npm", "dumb-init", *BUILD),
    npm=(
        *("@apollo/server@4", "graphql@16", "@opentelemetry/api", "@opentelemetry/auto-instrumentations-node"),
        *("pino", "ioredis", "dataloader", "lodash", "luxon", "ajv", "ajv-formats", "undici@6"),
        *("mocha", "chai", "webpack", "webpack-cli", "typescript@5", "eslint@9", "nyc", "sinon"),
    ),
    env=SYSTEM
    | {
        "NODE_OPTIONS": "--require @opentelemetry/auto-instrumentations-node/register",
        "OTEL_TRACES_EXPORTER": "console",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_LOGS_EXPORTER": "none",
        "PORT": "9422",
    },
    entrypoint=("dumb-init",),
    cmd=("node", "src/index.js"),
    files={
        "app/src/index.js": """const { ApolloServer } = require('@apollo/server');
const { startStandaloneServer } = require('@apollo/server/standalone');
const typeDefs = require('./schema');
const resolvers = require('./resolvers');

const server = new ApolloServer({ typeDefs, resolvers, csrfPrevention: false });
startStandaloneServer(server, { listen: { host: '127.0.0.1', port: Number(process.env.PORT) } });
""",
        "app/src/schema.js": "module.exports = `type Order { id: ID! name: String late: String } "
        "type Query { orders(limit: Int): [Order] checked(name: String): Boolean }`;\n",
        "app/src/resolvers/index.js": """const _ = require('lodash');

module.exports = _.merge({}, ...['orders', 'checks'].map((name) => require(`./${name}`)));
""",
        "app/src/resolvers/orders.js": """const DataLoader = require('dataloader');

const names = new DataLoader(async (keys) => keys.map((key) => `order ${key}`));
module.exports = {
  Query: { orders: (_, { limit }) => Array.from({ length: limit || 2 }, (_, id) => ({ id })) },
  Order: {
    name: ({ id }) => names.load(id),
    late: () => import('luxon').then(({ DateTime }) => DateTime.now().toISO()),
  },
};
""",
        "app/src/resolvers/checks.js": """let check;

function checker() {
  const Ajv = require('ajv');
  const ajv = new Ajv();
  require('ajv-formats')(ajv);
  return ajv.compile({ type: 'string', format: 'email' });
}

module.exports = { Query: { checked: (_, { name }) => (check ??= checker())(name) } };
""",
    },
    asks=(
        "http://127.0.0.1:9422/?query=%7Borders%7Bid%20name%20late%7D%7D",
        "http://127.0.0.1:9422/?query=%7Bchecked(name:%22a%22)%7D",
        "http://127.0.0.1:9422/?query=%7Bnothing%7D",
    ),
    seconds=40,
)

PREFECT = Recipe(
    name="prefect",
    packages=("python3", "python3-venv", "tini", "nodejs", "postgresql-client", *BUILD),
    python=("prefect", "pandas", "boto3", "paramiko", "asyncssh", "ipython", "pytest", "mypy", "ruff", "pre-commit"),
    env=VENV | {"PREFECT_HOME": "/tmp/prefect", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "LANG": "C.UTF-8"},
    entrypoint=("/usr/bin/tini", "-g", "--", "/opt/prefect/entrypoint.sh"),
    cmd=("prefect", "server", "start", "--host", "127.0.0.1", "--port", "9423"),
    files=HOSTS
    | {
        "opt/prefect/entrypoint.sh": """#!/bin/bash
set -e
if [ -f ~/.bashrc ]; then
  . ~/.bashrc
fi
if [ ! -z "$EXTRA_PIP_PACKAGES" ]; then
  echo "+pip install $EXTRA_PIP_PACKAGES"
  pip install $EXTRA_PIP_PACKAGES
fi
if [ -z "$*" ]; then
  exec bash --login
else
  exec "$@"
fi
""",
    },
    asks=(
        "http://127.0.0.1:9423/api/health",
        "http://127.0.0.1:9423/api/admin/version",
        "http://127.0.0.1:9423/docs",
        "http://127.0.0.1:9423/openapi.json",
        "http://127.0.0.1:9423/dashboard",
    ),
    seconds=120,
)

OFFICE = Recipe(
    name="office",
    packages=(
        *("libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui", "python3-uno"),
        *("fonts-dejavu", "poppler-utils", "ghostscript", "default-jre-headless", "qpdf", "procps", "curl", "git"),
    ),
    env=SYSTEM | {"LANG": "C.UTF-8", "OUT": "/tmp/out"},
    folder="/work",
    entrypoint=("/usr/local/bin/convert-all",),
    cmd=("pdf",),
    files={
        "usr/local/bin/convert-all": """#!/bin/bash
set -euo pipefail
target="${1:-pdf}"
mkdir -p "$OUT"
for file in /work/*; do
    case "$file" in
        *.html | *.rtf | *.csv | *.fodt | *.fodp)
            soffice --headless --norestore --convert-to "$target" --outdir "$OUT" "$file" ;;
    esac
done
for file in "$OUT"/*.pdf; do
    pdftotext "$file" "${file%.pdf}.txt"
done
if command -v verapdf > /dev/null; then verapdf "$OUT"/*.pdf; fi
""",
        "work/one.html": "<html><body><h1>One</h1><table><tr><td>a</td></tr></table></body></html>\n",
        "work/two.csv": "name,amount\na,1\nb,2\n",
        "work/three.rtf": "{\\rtf1\\ansi{\\fonttbl\\f0\\fswiss Helvetica;}\\f0\\pard Three {\\b bold}\\par}\n",
    },
    seconds=75,
)

RAKE = Recipe(
    name="rake",
    packages=(
        *("ruby", "ruby-dev", "bundler", "rake", "ruby-nokogiri", "ruby-sequel", "ruby-sqlite3", "ruby-liquid"),
        *("ruby-kramdown", "ruby-faraday", "ruby-mail", "ruby-rspec", "rubocop", "pry", "ruby-thor", *ALL_TOOLS),
    ),
    env=SYSTEM | {"BUNDLE_GEMFILE": "/app/Gemfile", "RUBYOPT": "-W0", "LANG": "C.UTF-8"},
    entrypoint=("bundle", "exec"),
    cmd=("rake", "report:all"),
    files={
        "app/Gemfile": 'source "https://packages.example"\ngem "rake"\ngem "nokogiri"\ngem "sequel"\ngem "sqlite3"\n'
        'gem "liquid"\ngem "kramdown"\ngem "mail"\n',
        "app/Rakefile": """require "bundler/setup"
Rake.add_rakelib "tasks"
task default: "report:all"
""",
        "app/tasks/report.rake": """namespace :report do
  task :store do
    require "sequel"
    DB = Sequel.connect("sqlite:///tmp/shop.sqlite3")
    DB.create_table?(:orders) { primary_key :id; String :name }
    DB[:orders].insert(name: "one")
  end

  desc "Write all reports"
  task all: :store do
    require_relative "../lib/page"
    File.write("/tmp/report.html", Page.render(DB[:orders].all))
    sh "gzip -kf /tmp/report.html"
    require "mail"
    Mail.new(to: "one@shop.example", from: "two@shop.example", subject: "report", body: "one").encoded
  end
end
""",
        "app/lib/page.rb": """require "liquid"

module Page
  autoload :Kramdown, "kramdown"

  def self.render(orders)
    text = Liquid::Template.parse("# {{ count }} orders").render("count" => orders.size)
    require "nokogiri"
    Nokogiri::HTML(Kramdown::Document.new(text).to_html).to_html
  end
end
""",
    },
    seconds=20,
)

SYMFONY = Recipe(
    name="symfony",
    packages=("php-cli", "php-symfony", "php-twig", "php-monolog", "php-sqlite3", "phpunit", "composer", "tini", "git"),
    env=SYSTEM | {"PHP_INI_SCAN_DIR": "/etc/php/8.4/cli/conf.d:/app/ini", "APP_ENV": "prod"},
    entrypoint=("tini", "--", "/app/bin/console"),
    cmd=("shop:work", "--limit=2"),
    files={
        "app/ini/shop.ini": "auto_prepend_file=/app/prepend.php\nmemory_limit=256M\n",
        "app/prepend.php": "<?php\nerror_reporting(E_ALL & ~E_DEPRECATED);\n",
        "app/bin/console": """#!/usr/bin/env php
<?php
foreach (['Console', 'Yaml', 'Process'] as $part) {
    require_once "/usr/share/php/Symfony/Component/$part/autoload.php";
}
foreach (['Twig', 'Monolog'] as $part) {
    require_once "/usr/share/php/$part/autoload.php";
}
spl_autoload_register(function (string $class): void {
    $file = '/app/src/' . strtr(substr($class, 5), '\\\\', '/') . '.php';
    if (str_starts_with($class, 'Shop\\\\') && is_file($file)) {
        require $file;
    }
});
$application = new Symfony\\Component\\Console\\Application('shop');
foreach (Symfony\\Component\\Yaml\\Yaml::parseFile('/app/config/commands.yaml')['commands'] as $command) {
    $application->add(new $command());
}
$application->run();
""",
        "app/config/commands.yaml": "commands: ['Shop\\Command\\Work']\n",
        "app/src/Command/Work.php": """<?php

namespace Shop\\Command;

use Monolog\\Handler\\StreamHandler;
use Monolog\\Logger;
use Symfony\\Component\\Console\\Command\\Command;
use Symfony\\Component\\Console\\Input\\InputInterface;
use Symfony\\Component\\Console\\Input\\InputOption;
use Symfony\\Component\\Console\\Output\\OutputInterface;
use Symfony\\Component\\Process\\Process;
use Twig\\Environment;
use Twig\\Loader\\ArrayLoader;

class Work extends Command
{
    protected function configure(): void
    {
        $this->setName('shop:work')->addOption('limit', null, InputOption::VALUE_REQUIRED, 'Orders', 1);
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $log = new Logger('shop', [new StreamHandler('php://stderr')]);
        $store = new \\PDO('sqlite::memory:');
        $page = new Environment(new ArrayLoader(['one' => 'Order {{ number }}']));
        for ($number = 0; $number < $input->getOption('limit'); $number++) {
            $log->info($page->render('one', ['number' => $number]));
        }
        (new Process(['git', '--version']))->mustRun();
        return Command::SUCCESS;
    }
}
""",
    },
    seconds=12,
)

TWELFTH = (
    DANCER,
    GITWEB,
    PROMETHEUS,
    TS_NODE,
    NO_SHELL,
    RABBITMQ,
    PLUMBER,
    PUPPETEER,
    ANSIBLE,
    OTEL,
    PREFECT,
    OFFICE,
    RAKE,
    SYMFONY,
)
