"""The eighteenth set's programs with libraries of PyPI, npm and R."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import DOCKER_NODE, FULL, FULL_PYTHON, NODE, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_PRODUCTION = SYSTEM | {"NODE_ENV": "production"}
_INSTALL = (
    "cd /app && npm install -q --package-lock-only --no-audit --no-fund && npm ci -q --omit=dev --no-audit --no-fund"
)

KLEIN = Recipe(
    name="klein",
    packages=FULL_PYTHON,
    env=VENV | {"PYTHONPATH": "/app", "PYTHONUNBUFFERED": "1"},
    cmd=(
        "twistd",
        "--nodaemon",
        "--pidfile=",
        "web",
        "--listen=tcp:9960:interface=127.0.0.1",
        "--class=notes.app.resource",
    ),
    python=(
        *("klein", "twisted[tls]", "treq", "attrs", "jinja2", "sqlalchemy", "psycopg2-binary", "pyyaml", "structlog"),
        *("automat", "pytest", "mypy", "black", "pydoctor", "towncrier", "boto3", "paramiko", "redis"),
    ),
    files=HOSTS
    | {
        "app/notes/__init__.py": '"""Notes."""\n',
        "app/notes/app.py": """import json

import jinja2
import structlog
from klein import Klein
from twisted.internet import defer, reactor, task, threads

from notes.store import Store

app = Klein()
log = structlog.get_logger()
page = jinja2.Template("<h1>{{ name }}</h1>")
store = Store("sqlite:////tmp/notes.sqlite3")


@app.route("/")
def home(request):
    request.setHeader("Content-Type", "text/html")
    return page.render(name="notes")


@app.route("/notes", methods=["GET"])
@defer.inlineCallbacks
def notes(request):
    names = yield threads.deferToThread(store.names)
    request.setHeader("Content-Type", "application/json")
    return json.dumps(names)


@app.route("/notes", methods=["POST"])
@defer.inlineCallbacks
def add(request):
    try:
        note = json.loads(request.content.read())["name"]
    except (ValueError, KeyError) as error:
        log.warning("refused", error=str(error))
        request.setResponseCode(422)
        return "no"
    yield threads.deferToThread(store.add, note)
    request.setResponseCode(201)
    return "added"


@app.route("/late")
def late(request):
    return task.deferLater(reactor, 0.1, lambda: "late")


@app.route("/away")
def away(request):
    import treq

    return treq.get("http://127.0.0.1:1/").addErrback(lambda failure: failure.type.__name__)


resource = app.resource
""",
        "app/notes/store.py": """import sqlalchemy as sql


class Store:
    def __init__(self, address):
        self.engine = sql.create_engine(address)
        meta = sql.MetaData()
        self.notes = sql.Table("notes", meta, sql.Column("name", sql.String(20)))
        meta.create_all(self.engine)

    def names(self):
        with self.engine.connect() as connection:
            return [row.name for row in connection.execute(sql.select(self.notes).limit(10))]

    def add(self, name):
        with self.engine.begin() as connection:
            connection.execute(self.notes.insert().values(name=name))
""",
    },
    asks=tuple(f"http://127.0.0.1:9960/{path}" for path in ("", "notes", "late", "away", "no")),
    sends=(("http://127.0.0.1:9960/notes", '{"name": "one"}'), ("http://127.0.0.1:9960/notes", "nothing")),
    seconds=20,
)

LUIGI = Recipe(
    name="luigi",
    packages=(*PYTHON, "tini", "ca-certificates", "postgresql-client", "curl", "tzdata"),
    env=VENV | {"PYTHONPATH": "/app", "LUIGI_CONFIG_PATH": "/app/luigi.cfg"},
    entrypoint=("tini", "--"),
    cmd=("luigi", "--module", "jobs.report", "Report", "--local-scheduler", "--day", "2026-01-02"),
    python=(
        *(
            "luigi",
            "polars",
            "pyarrow",
            "duckdb",
            "requests",
            "boto3",
            "sqlalchemy",
            "psycopg2-binary",
            "rich",
            "xlsxwriter",
        ),
        *("pandas", "fastexcel", "great-tables", "pytest"),
    ),
    files=HOSTS
    | {
        "app/luigi.cfg": "[core]\nlog_level=INFO\nno_configure_logging=false\n[worker]\nkeep_alive=false\n",
        "app/jobs/__init__.py": "",
        "app/jobs/report.py": """import datetime

import duckdb
import luigi
import polars as pl


class Sales(luigi.Task):
    day = luigi.DateParameter()

    def output(self):
        return luigi.LocalTarget(f"/tmp/sales-{self.day}.parquet")

    def run(self):
        self.output().makedirs()
        frame = pl.read_csv("/app/data/sales.csv", try_parse_dates=True)
        frame.filter(pl.col("day") <= self.day).write_parquet(self.output().path)


class Totals(luigi.Task):
    day = luigi.DateParameter(default=datetime.date(2026, 1, 1))

    def requires(self):
        return Sales(self.day)

    def output(self):
        return luigi.LocalTarget(f"/tmp/totals-{self.day}.csv")

    def run(self):
        rows = duckdb.sql(f"select shop, sum(amount) as total from '{self.input().path}' group by shop")
        rows.write_csv(self.output().path)


class Report(luigi.WrapperTask):
    day = luigi.DateParameter()

    def requires(self):
        yield Totals(self.day)
        yield Workbook(self.day)


class Workbook(luigi.Task):
    day = luigi.DateParameter()

    def requires(self):
        return Totals(self.day)

    def output(self):
        return luigi.LocalTarget(f"/tmp/totals-{self.day}.xlsx", format=luigi.format.Nop)

    def run(self):
        pl.read_csv(self.input().path).write_excel(self.output().path)
""",
        "app/data/sales.csv": "day,shop,amount\n2026-01-01,a,3\n2026-01-02,b,4\n2026-01-03,b,5\n",
    },
    seconds=25,
)

PYSPARK = Recipe(
    name="pyspark",
    packages=(*PYTHON, "openjdk-21-jre-headless", "procps", "tini", "libgomp1"),
    env=VENV | {"JAVA_HOME": "/usr/lib/jvm/java-21-openjdk-amd64", "SPARK_LOCAL_IP": "127.0.0.1"},
    entrypoint=("/app/entrypoint.sh",),
    cmd=("job", "--master", "local[1]", "/app/job.py", "/app/data/sales.csv"),
    python=("pyspark==4.0.1", "pandas", "pyarrow", "requests", "delta-spark==4.0.0"),
    files=HOSTS
    | {
        "app/entrypoint.sh": """#!/bin/bash
set -e

case "$1" in
  job)
    shift
    CMD=("spark-submit" --conf "spark.ui.enabled=false" --conf "spark.driver.bindAddress=127.0.0.1" "$@")
    ;;
  master)
    shift
    CMD=("spark-class" org.apache.spark.deploy.master.Master "$@")
    ;;
  *)
    CMD=("$@")
    ;;
esac
exec /usr/bin/tini -s -- "${CMD[@]}"
""",
        "app/job.py": """import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

spark = SparkSession.builder.appName("totals").getOrCreate()
sales = spark.read.csv(sys.argv[1], header=True, inferSchema=True)
totals = sales.groupBy("shop").agg(f.sum("amount").alias("total")).orderBy("shop")
totals.show()
totals.write.mode("overwrite").parquet("/tmp/totals")
print(spark.read.parquet("/tmp/totals").count())
spark.stop()
""",
        "app/data/sales.csv": "day,shop,amount\n2026-01-01,a,3\n2026-01-02,b,4\n2026-01-03,b,5\n",
    },
    seconds=75,
)

RSCRIPT = Recipe(
    name="rscript",
    packages=(
        *("r-base-core", "r-cran-data.table", "r-cran-jsonlite", "r-cran-rsqlite", "r-cran-dplyr", "r-cran-optparse"),
        *("r-cran-xml2", "r-cran-httr", "r-cran-stringr", "tini", "curl", "make"),
    ),
    env=SYSTEM | {"LANG": "C.UTF-8", "R_LIBS_SITE": ""},
    entrypoint=("tini", "--"),
    cmd=("Rscript", "--vanilla", "/app/report.R", "--out", "/tmp/report.json", "/app/data/sales.csv"),
    files=HOSTS
    | {
        "app/report.R": """#!/usr/bin/env Rscript
suppressPackageStartupMessages({
  library(optparse)
  library(data.table)
})
source("/app/lib/store.R")

options <- parse_args(
  OptionParser(option_list = list(make_option("--out", default = "-"))),
  positional_arguments = 1
)
sales <- fread(options$args[1])
totals <- sales[, .(total = sum(amount)), by = shop]
store(totals, "/tmp/report.sqlite3")
jsonlite::write_json(totals, options$options$out)
print(totals)
""",
        "app/lib/store.R": """store <- function(totals, path) {
  base <- DBI::dbConnect(RSQLite::SQLite(), path)
  on.exit(DBI::dbDisconnect(base))
  DBI::dbWriteTable(base, "totals", as.data.frame(totals), overwrite = TRUE)
}
""",
        "app/data/sales.csv": "day,shop,amount\n2026-01-01,a,3\n2026-01-02,b,4\n2026-01-03,b,5\n",
    },
    seconds=20,
)

YOGA = Recipe(
    name="yoga",
    packages=("ca-certificates", "tini"),
    env=_PRODUCTION | {"PORT": "9961"},
    entrypoint=("tini", "--", "docker-entrypoint.sh"),
    cmd=("node", "src/main.mjs"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "books", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node src/main.mjs", "test": "vitest", "lint": "eslint ."},
  "dependencies": {"@envelop/core": "^5", "@escape.tech/graphql-armor": "^3", "@graphql-tools/schema": "^10",
    "dataloader": "^2", "graphql": "^16", "graphql-scalars": "^1", "graphql-yoga": "^5", "jose": "^6",
    "kysely": "^0.28", "pg": "^8", "pino": "^9", "pino-pretty": "^13", "zod": "^4"},
  "devDependencies": {"eslint": "^9", "vitest": "^3"}
}
""",
        "app/src/main.mjs": """import { createServer } from 'node:http';
import { EnvelopArmorPlugin } from '@escape.tech/graphql-armor';
import { createYoga } from 'graphql-yoga';
import { log } from './log.mjs';
import { schema } from './schema.mjs';

const yoga = createYoga({ schema, plugins: [EnvelopArmorPlugin()], logging: log, maskedErrors: true });
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1', () => log.info('listening'));
if (process.env.DATABASE_URL) {
  const { connect } = await import('./database.mjs');
  await connect(process.env.DATABASE_URL);
}
""",
        "app/src/log.mjs": "import pino from 'pino';\n\nexport const log = pino({ level: 'info' });\n",
        "app/src/database.mjs": """import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';

export const connect = async (address) =>
  new Kysely({ dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: address }) }) });
""",
        "app/src/schema.mjs": """import { makeExecutableSchema } from '@graphql-tools/schema';
import DataLoader from 'dataloader';
import { DateTimeResolver, DateTimeTypeDefinition } from 'graphql-scalars';
import { z } from 'zod';

const books = [{ id: '1', name: 'one', writer: 'a' }];
const writers = new DataLoader(async (names) => names.map((name) => ({ name })));
const NewBook = z.object({ name: z.string().min(1), writer: z.string() });

export const schema = makeExecutableSchema({
  typeDefs: [
    DateTimeTypeDefinition,
    `type Writer { name: String! }
     type Book { id: ID!, name: String!, writer: Writer! }
     type Query { books: [Book!]!, now: DateTime! }
     type Mutation { add(name: String!, writer: String!): Book! }
     type Subscription { count(to: Int!): Int! }`,
  ],
  resolvers: {
    DateTime: DateTimeResolver,
    Query: { books: () => books, now: () => new Date(0) },
    Book: { writer: (book) => writers.load(book.writer) },
    Mutation: {
      add: (_, words) => {
        const book = { id: String(books.length + 1), ...NewBook.parse(words) };
        if (books.length < 10) books.push(book);
        return book;
      },
    },
    Subscription: {
      count: { async *subscribe(_, { to }) { for (let one = 1; one <= to; one += 1) yield { count: one }; } },
    },
  },
});
""",
    },
    prepare=(*NODE, "hash -r", _INSTALL),
    asks=tuple(f"http://127.0.0.1:9961/{path}" for path in ("graphql", "health", "graphql?query={now}", "no")),
    sends=tuple(
        ("http://127.0.0.1:9961/graphql", content)
        for content in (
            '{"query": "{ books { id name writer { name } } now }"}',
            '{"query": "mutation { add(name: \\"two\\", writer: \\"b\\") { id } }"}',
            '{"query": "mutation { add(name: \\"\\", writer: \\"b\\") { id } }"}',
            '{"query": "{ no }"}',
        )
    ),
    seconds=15,
)

POLKA = Recipe(
    name="polka",
    packages=(*FULL, "python3"),
    env=_PRODUCTION | {"PORT": "9962"},
    cmd=("node", "--env-file=.env", "--import", "./instrument.mjs", "src/main.mjs"),
    files=HOSTS
    | {
        "app/.env": "SESSION=one\nREDIS_URL=\n",
        "app/package.json": """{
  "name": "board", "version": "1.0.0", "private": true, "type": "module",
  "scripts": {"start": "node --env-file=.env --import ./instrument.mjs src/main.mjs", "lint": "biome check"},
  "dependencies": {"@opentelemetry/api": "^1", "@opentelemetry/instrumentation-http": "^0.203",
    "@opentelemetry/sdk-node": "^0.203", "ajv": "^8", "ajv-formats": "^3", "cookie": "^1", "date-fns": "^4",
    "eta": "^3", "ioredis": "^5", "mongodb": "^6", "nanoid": "^5", "nodemailer": "^7", "polka": "^0.5",
    "sharp": "^0.34", "sirv": "^3", "socket.io": "^4", "ws": "^8", "yaml": "^2"},
  "devDependencies": {"@biomejs/biome": "^2", "socket.io-client": "^4"}
}
""",
        "app/instrument.mjs": """import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { NodeSDK, tracing } from '@opentelemetry/sdk-node';

new NodeSDK({
  traceExporter: new tracing.ConsoleSpanExporter(),
  instrumentations: [new HttpInstrumentation()],
}).start();
""",
        "app/src/main.mjs": """import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import polka from 'polka';
import sirv from 'sirv';
import { Server } from 'socket.io';
import { parse } from 'yaml';
import { cards } from './cards.mjs';
import { page } from './page.mjs';

const settings = parse(await readFile(new URL('../settings.yaml', import.meta.url), 'utf8'));
const server = createServer();
const app = polka({ server }).use(sirv('public')).get('/', page);
cards(app, settings);
const io = new Server(server, { path: '/live' });
io.on('connection', (socket) => socket.emit('hello', settings.name));
app.get('/picture', async (req, res) => {
  const { default: sharp } = await import('sharp');
  res.end(await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } }).png().toBuffer());
});
app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
if (process.env.REDIS_URL) {
  const { Redis } = await import('ioredis');
  new Redis(process.env.REDIS_URL).ping();
}
""",
        "app/src/cards.mjs": """import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { formatISO } from 'date-fns';
import { nanoid } from 'nanoid';

const check = addFormats(new Ajv()).compile({
  type: 'object', required: ['title'],
  properties: { title: { type: 'string', minLength: 1 }, mail: { format: 'email' } },
});
const cards = [];

const body = async (req) => {
  let text = '';
  for await (const part of req) text += part;
  return JSON.parse(text);
};

const list = (req, res) => { res.end(JSON.stringify(cards)); };
const add = (settings) => async (req, res) => {
  const card = await body(req).catch(() => null);
  if (!check(card)) { res.statusCode = 422; res.end(JSON.stringify(check.errors)); return; }
  if (cards.length < settings.most) cards.push({ id: nanoid(), at: formatISO(0), ...card });
  res.statusCode = 201;
  res.end('{}');
};
const routes = (app, settings) => app.get('/cards', list).post('/cards', add(settings));
export { routes as cards };
""",
        "app/src/page.mjs": """import { parse } from 'cookie';
import { Eta } from 'eta';

const eta = new Eta();

export const page = (req, res) => {
  res.setHeader('Content-Type', 'text/html');
  res.end(eta.renderString('<h1><%= it.name %></h1>', { name: parse(req.headers.cookie ?? '').name ?? 'board' }));
};
""",
        "app/settings.yaml": "name: board\nmost: 10\n",
        "app/public/robots.txt": "User-agent: *\n",
    },
    prepare=(*NODE, "hash -r", _INSTALL),
    asks=tuple(
        f"http://127.0.0.1:9962/{path}"
        for path in ("", "cards", "picture", "robots.txt", "live/?EIO=4&transport=polling", "no")
    ),
    sends=(
        ("http://127.0.0.1:9962/cards", '{"title": "one", "mail": "a@shop.example"}'),
        ("http://127.0.0.1:9962/cards", '{"title": ""}'),
        ("http://127.0.0.1:9962/cards", "nothing"),
    ),
    seconds=15,
)

LIBRARIES = (KLEIN, LUIGI, PYSPARK, RSCRIPT, YOGA, POLKA)
