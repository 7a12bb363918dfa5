"""Group C of the fourteenth set: servers and jobs, by turns on a slim and on the full base."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL, FULL_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

PDNS = Recipe(
    name="pdns",
    packages=(
        "pdns-server",
        "pdns-backend-sqlite3",
        "pdns-backend-pgsql",
        "sqlite3",
        "tini",
        "bind9-dnsutils",
        "jq",
        "curl",
    ),
    env=SYSTEM | {"PDNS_API_KEY": "one", "PDNS_VERBOSITY": "4"},
    folder="/",
    entrypoint=("/usr/bin/tini", "--", "/usr/local/sbin/pdns_server-startup"),
    files=HOSTS
    | {
        "usr/local/sbin/pdns_server-startup": """#!/bin/bash
set -euo pipefail

: "${PDNS_DB:=/tmp/pdns.sqlite3}"
if [[ ! -f $PDNS_DB ]]; then
    for schema in /usr/share/doc/pdns-backend-sqlite3/*.sql /usr/share/pdns-backend-sqlite3/schema/*.sql; do
        if [ -f "$schema" ]; then sqlite3 "$PDNS_DB" < "$schema"; break; fi
    done
fi
for zone in $(jq -r '.zones[]' /etc/powerdns/zones.json); do
    pdnsutil --config-dir=/etc/powerdns create-zone "$zone" ns1."$zone" || true
    pdnsutil --config-dir=/etc/powerdns add-record "$zone" www A 192.0.2.1 || true
done
if [ -n "${PDNS_SLAVE:-}" ]; then set -- --slave "$@"; fi
( sleep 5; while sleep 3; do dig -p 9621 @127.0.0.1 www.shop.example; dig -p 9621 @127.0.0.1 no.example AXFR; done ) &
exec pdns_server --daemon=no --guardian=no --api-key="$PDNS_API_KEY" --loglevel="$PDNS_VERBOSITY" "$@"
""",
        "etc/powerdns/zones.json": '{"zones": ["shop.example"]}\n',
        "etc/powerdns/pdns.conf": """launch=gsqlite3
gsqlite3-database=/tmp/pdns.sqlite3
local-address=127.0.0.1
local-port=9621
webserver=yes
webserver-address=127.0.0.1
webserver-port=9622
api=yes
include-dir=/etc/powerdns/pdns.d
""",
        "etc/powerdns/pdns.d/bind.conf": "# none\n",
    },
    prepare=(
        "[ -e /usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql ] || ls /usr/share/doc/pdns* /usr/share/pdns*",
    ),
    asks=tuple(f"http://127.0.0.1:9622/{path}" for path in ("", "metrics", "api/v1/servers", "nothing")),
    seconds=22,
)

PGBOUNCER = Recipe(
    name="pgbouncer",
    packages=(*FULL, "postgresql", "pgbouncer", "gosu", "postgresql-plpython3-17", "postgresql-17-cron", "pgbackrest"),
    env=SYSTEM
    | {
        "PATH": f"{SYSTEM['PATH']}:/usr/lib/postgresql/17/bin",
        "PGDATA": "/tmp/pgdata",
        "POSTGRES_HOST_AUTH_METHOD": "trust",
        "LANG": "C.UTF-8",
    },
    folder="/",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("pgbouncer", "/etc/pgbouncer/shop.ini"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/usr/bin/env bash
set -Eeo pipefail

file_env() {
	local var="$1"
	local fileVar="${var}_FILE"
	local def="${2:-}"
	if [ "${!var:-}" ] && [ "${!fileVar:-}" ]; then
		printf >&2 'error: both %s and %s are set (but are exclusive)\\n' "$var" "$fileVar"
		exit 1
	fi
	local val="$def"
	if [ "${!var:-}" ]; then
		val="${!var}"
	elif [ "${!fileVar:-}" ]; then
		val="$(< "${!fileVar}")"
	fi
	export "$var"="$val"
	unset "$fileVar"
}

docker_process_init_files() {
	psql=( docker_process_sql )
	local f
	for f; do
		case "$f" in
			*.sh)
				if [ -x "$f" ]; then "$f"; else . "$f"; fi
				;;
			*.sql)     docker_process_sql -f "$f" ;;
			*.sql.gz)  gunzip -c "$f" | docker_process_sql ;;
			*.sql.xz)  xzcat "$f" | docker_process_sql ;;
			*.sql.zst) zstd -dc "$f" | docker_process_sql ;;
			*)         printf '%s: ignoring %s\\n' "$0" "$f" ;;
		esac
	done
}

docker_process_sql() {
	gosu postgres psql -h 127.0.0.1 -p 9623 -v ON_ERROR_STOP=1 --no-password --no-psqlrc "$@"
}

_main() {
	file_env 'POSTGRES_PASSWORD'
	mkdir -p "$PGDATA" /var/run/postgresql && chown postgres "$PGDATA" /var/run/postgresql
	if [ ! -s "$PGDATA/PG_VERSION" ]; then
		gosu postgres initdb --username=postgres --auth="$POSTGRES_HOST_AUTH_METHOD" "$PGDATA" > /dev/null
	fi
	gosu postgres pg_ctl -D "$PGDATA" -o "-c listen_addresses=127.0.0.1 -p 9623" -w start
	docker_process_init_files /docker-entrypoint-initdb.d/*
	( while sleep 2; do psql -h 127.0.0.1 -p 9624 -U postgres -d postgres -c 'select count(*) from orders'; done ) &
	exec gosu postgres "$@"
}

_main "$@"
""",
        "docker-entrypoint-initdb.d/10-orders.sql": "create table if not exists orders (id serial, name text);\n"
        "insert into orders (name) values ('one');\n",
        "docker-entrypoint-initdb.d/20-more.sh": "#!/bin/bash\nset -e\necho 'create extension if not exists plpgsql' | "
        "psql -h 127.0.0.1 -p 9623 -U postgres\n",
        "etc/pgbouncer/shop.ini": """[databases]
* = host=127.0.0.1 port=9623

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = 9624
auth_type = trust
auth_file = /etc/pgbouncer/users.txt
unix_socket_dir = /tmp
pool_mode = transaction
logfile =
pidfile = /tmp/pgbouncer.pid
""",
        "etc/pgbouncer/users.txt": '"postgres" ""\n',
    },
    prepare=("chown -R postgres /etc/pgbouncer",),
    sends=(("tcp://127.0.0.1:9624", "nothing\n"),),
    seconds=30,
)

PROFTPD = Recipe(
    name="proftpd",
    packages=(
        "proftpd-core",
        "proftpd-mod-crypto",
        "proftpd-mod-sqlite",
        "proftpd-mod-ldap",
        "dumb-init",
        "lftp",
        "openssl",
    ),
    env=SYSTEM | {"FTP_LIST": "one:two;three:four", "MASQUERADE_ADDRESS": ""},
    folder="/",
    entrypoint=("/usr/bin/dumb-init", "/usr/sbin/entrypoint.sh"),
    cmd=("proftpd", "--nodaemon", "-c", "/etc/proftpd/shop.conf"),
    files=HOSTS
    | {
        "usr/sbin/entrypoint.sh": """#!/bin/sh
set -eu

if [ -n "$FTP_LIST" ]; then
    IFS=';'
    for part in $FTP_LIST; do
        name=${part%%:*}
        word=${part#*:}
        if ! id "$name" > /dev/null 2>&1; then
            useradd --shell /bin/false --create-home "$name"
        fi
        echo "$name:$word" | chpasswd
    done
    unset IFS
fi
if [ -n "$MASQUERADE_ADDRESS" ]; then
    sed -i "s/# MasqueradeAddress.*/MasqueradeAddress $MASQUERADE_ADDRESS/" /etc/proftpd/shop.conf
fi
mkdir -p /run/proftpd
ask='set ssl:verify-certificate no; ls; put /etc/hostname -o x; bye'
( sleep 4; while sleep 3; do lftp -u one,two -e "$ask" -p 9625 127.0.0.1; done ) &
exec "$@"
""",
        "etc/proftpd/shop.conf": """Include /etc/proftpd/modules.conf
LoadModule mod_tls.c
ServerName "shop"
ServerType standalone
DefaultAddress 127.0.0.1
Port 9625
UseIPv6 off
RequireValidShell off
DefaultRoot ~
TLSEngine on
TLSRSACertificateFile /etc/ssl/shop.pem
TLSRSACertificateKeyFile /etc/ssl/shop.key
<IfModule mod_sql.c>
  SQLEngine off
</IfModule>
Include /etc/proftpd/conf.d/*.conf
""",
        "etc/proftpd/conf.d/limits.conf": "MaxInstances 30\n",
    },
    prepare=(
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=shop.example "
        "-keyout /etc/ssl/shop.key -out /etc/ssl/shop.pem",
    ),
    sends=(("tcp://127.0.0.1:9625", "USER one\r\nPASS two\r\nPWD\r\nNOTHING\r\n"),),
    hangup=False,
    seconds=25,
)

NATS = Recipe(
    name="nats",
    packages=(*FULL_PYTHON, "nats-server", "supervisor", "netcat-openbsd"),
    python=(
        *("nats-py", "msgspec", "pydantic", "jinja2", "httpx", "opentelemetry-sdk", "opentelemetry-exporter-otlp"),
        *("sentry-sdk", "pika", "aiokafka", "paho-mqtt", "tenacity", "uvloop", "python-json-logger", "pytest-asyncio"),
        *("hypothesis", "mypy", "pyinstrument"),
    ),
    env=VENV | {"NATS_URL": "nats://127.0.0.1:9626", "HANDLERS": "shop.handlers.orders,shop.handlers.mails"},
    cmd=("/usr/bin/supervisord", "-n", "-c", "/app/supervisord.conf"),
    files=HOSTS
    | {
        "app/supervisord.conf": """[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0

[program:broker]
command=nats-server -c /app/nats.conf
priority=1
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0

[program:consumer]
command=/opt/venv/bin/python -m shop.consumer --queue work
directory=/app
startretries=9
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
redirect_stderr=true

[program:producer]
command=python -u produce.py
directory=/app
""",
        "app/nats.conf": 'listen: "127.0.0.1:9626"\nhttp: "127.0.0.1:9627"\njetstream { store_dir: /tmp/jetstream }\n',
        "app/produce.py": """import asyncio

import nats


async def main():
    connection = await nats.connect("127.0.0.1:9626")
    while True:
        for subject, data in (("orders.new", b'{"name": "one"}'), ("orders.new", b"{"), ("mails.send", b'{"to": "x"}')):
            await connection.publish(subject, data)
        await asyncio.sleep(1)


asyncio.run(main())
""",
        "app/shop/__init__.py": "",
        "app/shop/consumer.py": """import argparse
import asyncio
import importlib
import logging
import os

import nats
import uvloop
from pythonjsonlogger.json import JsonFormatter

from shop.tracing import tracer

log = logging.getLogger("shop")


async def main(queue):
    connection = await nats.connect(os.environ["NATS_URL"])
    for name in os.environ["HANDLERS"].split(","):
        handler = importlib.import_module(name)

        async def receive(message, handler=handler):
            with tracer().start_as_current_span(message.subject):
                try:
                    await handler.handle(message.data)
                except Exception:
                    log.exception("failed")

        await connection.subscribe(handler.SUBJECT, queue=queue, cb=receive)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--queue", required=True)
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    uvloop.run(main(parser.parse_args().queue))
""",
        "app/shop/tracing.py": """from functools import cache

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor


@cache
def tracer():
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(ConsoleSpanExporter()))
    trace.set_tracer_provider(provider)
    return trace.get_tracer("shop")
""",
        "app/shop/handlers/__init__.py": "",
        "app/shop/handlers/orders.py": """import msgspec

SUBJECT = "orders.>"


class Order(msgspec.Struct):
    name: str


async def handle(data):
    return msgspec.json.decode(data, type=Order)
""",
        "app/shop/handlers/mails.py": """SUBJECT = "mails.send"


async def handle(data):
    import jinja2
    from tenacity import retry, stop_after_attempt

    @retry(stop=stop_after_attempt(2), reraise=True)
    def send():
        return jinja2.Template("Dear {{ to }}").render(to=data.decode())

    return send()
""",
    },
    asks=tuple(f"http://127.0.0.1:9627/{path}" for path in ("varz", "connz", "jsz", "nothing")),
    sends=(("tcp://127.0.0.1:9626", "PING\r\n"),),
    seconds=30,
)

SYSLOG = Recipe(
    name="syslog-ng",
    packages=(
        "syslog-ng-core",
        "syslog-ng-mod-http",
        "syslog-ng-mod-sql",
        "logrotate",
        "libcap2-bin",
        "curl",
        "gosu",
        "less",
    ),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/sbin/syslog-ng",),
    cmd=("-F", "--no-caps", "-f", "/etc/syslog-ng/shop.conf"),
    files=HOSTS
    | {
        "etc/syslog-ng/shop.conf": """@version: 4.8
@include "scl.conf"
options { chain-hostnames(no); use-dns(no); stats(freq(10)); };
source s_net { network(ip(127.0.0.1) port(9629) transport("tcp")); };
source s_self { internal(); };
parser p_json { json-parser(prefix(".json.")); };
filter f_order { match("order" value("MESSAGE")); };
template t_line { template("$ISODATE $HOST $MSG $(format-json --scope rfc5424)\\n"); };
destination d_file { file("/tmp/messages.log" template(t_line)); };
destination d_out { program("/usr/local/bin/count.sh"); };
destination d_http { http(url("http://127.0.0.1:9630/") method("POST") timeout(1) body("$MSG")); };
@include "/etc/syslog-ng/conf.d/*.conf"
log { source(s_net); source(s_self); destination(d_file); };
log { source(s_net); parser(p_json); destination(d_http); };
log { source(s_net); filter(f_order); destination(d_out); };
""",
        "etc/syslog-ng/conf.d/empty.conf": "# none\n",
        "usr/local/bin/count.sh": """#!/bin/sh
while read -r line; do
    echo "$line" | awk '{ print length($0) }' >> /tmp/counts
    gzip -c /tmp/counts > /tmp/counts.gz
done
""",
    },
    sends=(("tcp://127.0.0.1:9629", "<13>one order\n"), ("tcp://127.0.0.1:9629", '<13>{"name": "one"}\n<14>no\n')),
    hangup=True,
    seconds=30,
)

DBT = Recipe(
    name="dbt",
    packages=FULL_PYTHON,
    python=(
        "dbt-core",
        "dbt-duckdb",
        "sqlfluff",
        "pandas",
        "boto3",
        "snowflake-connector-python",
        "pytest",
        "pre-commit",
    ),
    env=VENV | {"DBT_PROFILES_DIR": "/app", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "PYTHONIOENCODING": "utf-8"},
    entrypoint=("dbt",),
    cmd=("build", "--target", "prod", "--target-path", "/tmp/target", "--log-path", "/tmp/logs"),
    files=HOSTS
    | {
        "app/dbt_project.yml": "name: shop\nversion: '1.0'\nprofile: shop\nmodel-paths: [models]\nseed-paths: [seeds]\n"
        "macro-paths: [macros]\n",
        "app/profiles.yml": "shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: /tmp/dev.duckdb}\n"
        "    prod: {type: duckdb, path: /tmp/prod.duckdb, threads: 2}\n",
        "app/seeds/orders.csv": "id,name,amount\n1,one,3\n2,two,4\n",
        "app/models/total.sql": "{{ config(materialized='table') }}\n"
        "select sum(amount) as total from {{ ref('orders') }}\n",
        "app/models/names.sql": "select {{ upper_of('name') }} as name from {{ ref('orders') }}\n",
        "app/models/frame.py": "def model(dbt, session):\n    dbt.config(materialized='table')\n"
        "    frame = dbt.ref('orders').df()\n    return frame\n",
        "app/models/schema.yml": "version: 2\nmodels:\n  - name: total\n    columns:\n      - name: total\n"
        "        data_tests: [not_null]\n",
        "app/macros/upper.sql": "{% macro upper_of(column) %}upper({{ column }}){% endmacro %}\n",
    },
    seconds=50,
)

SCRAPY = Recipe(
    name="scrapy",
    packages=(*PYTHON, "libxml2", "libjpeg62-turbo", "cron", "curl"),
    python=(
        *(
            "scrapy",
            "itemloaders",
            "pillow",
            "scrapy-user-agents",
            "beautifulsoup4",
            "dateparser",
            "price-parser",
            "boto3",
        ),
        *("sqlalchemy", "pymongo", "pytest", "ipython", "scrapyd-client", "spidermon"),
    ),
    env=VENV | {"SCRAPY_SETTINGS_MODULE": "shop.settings", "START_URL": "http://127.0.0.1:9631/index.html"},
    entrypoint=("/app/run.sh",),
    cmd=("orders", "pages"),
    files=HOSTS
    | {
        "app/run.sh": """#!/usr/bin/env bash
set -u
cd "$(dirname "$0")"
python -m http.server --bind 127.0.0.1 --directory /app/site 9631 > /dev/null 2>&1 &
server=$!
trap 'kill $server' EXIT
sleep 2
for spider in "$@"; do
    scrapy crawl "$spider" -a start="$START_URL" -O "/tmp/$spider.jsonl" || echo "failed: $spider"
done
scrapy list
sort /tmp/*.jsonl | uniq -c | tee /tmp/all.txt
""",
        "app/scrapy.cfg": "[settings]\ndefault = shop.settings\n",
        "app/shop/__init__.py": "",
        "app/shop/settings.py": """BOT_NAME = "shop"
SPIDER_MODULES = ["shop.spiders"]
ITEM_PIPELINES = {
    "shop.pipelines.Prices": 100,
    "scrapy.pipelines.images.ImagesPipeline": 200,
    "shop.pipelines.Store": 300,
}
IMAGES_STORE = "/tmp/images"
DOWNLOADER_MIDDLEWARES = {"scrapy_user_agents.middlewares.RandomUserAgentMiddleware": 400}
EXTENSIONS = {"scrapy.extensions.telnet.TelnetConsole": None}
""",
        "app/shop/pipelines.py": """class Prices:
    def process_item(self, item, spider):
        from price_parser import Price

        item["price"] = float(Price.fromstring(item.get("price") or "0").amount)
        return item


class Store:
    def open_spider(self, spider):
        import sqlalchemy

        self.engine = sqlalchemy.create_engine("sqlite:////tmp/items.sqlite3")

    def process_item(self, item, spider):
        import sqlalchemy

        with self.engine.begin() as connection:
            connection.execute(sqlalchemy.text("create table if not exists items (name text)"))
        return item
""",
        "app/shop/spiders/__init__.py": "",
        "app/shop/spiders/orders.py": """import scrapy


class Orders(scrapy.Spider):
    name = "orders"

    def __init__(self, start=None, **rest):
        super().__init__(**rest)
        self.start_urls = [start]

    def parse(self, response):
        for row in response.css("li"):
            yield {
                "name": row.xpath("./text()").get(),
                "price": row.attrib.get("data-price"),
                "image_urls": [response.urljoin(row.attrib["data-image"])],
            }
        yield from response.follow_all(css="a", callback=self.parse)
""",
        "app/shop/spiders/pages.py": """import scrapy


class Pages(scrapy.Spider):
    name = "pages"

    def __init__(self, start=None, **rest):
        super().__init__(**rest)
        self.start_urls = [start]

    def parse(self, response):
        import dateparser
        from bs4 import BeautifulSoup

        page = BeautifulSoup(response.text, "lxml")
        yield {"title": page.title.string, "at": str(dateparser.parse("1 May 2026")), "image_urls": []}
""",
        "app/site/index.html": '<html><head><title>shop</title></head><body><ul><li data-price="3 EUR" '
        'data-image="one.png">one</li></ul><a href="two.html">two</a><a href="no.html">no</a></body></html>\n',
        "app/site/two.html": "<html><head><title>two</title></head><body></body></html>\n",
    },
    prepare=("/opt/venv/bin/python -c \"from PIL import Image; Image.new('RGB', (9, 9)).save('/app/site/one.png')\"",),
    seconds=60,
)

BACKUP = Recipe(
    name="backup",
    packages=(*FULL, "cron", "restic", "rclone", "postgresql-client", "sqlite3", "msmtp", "jq"),
    env=SYSTEM | {"RESTIC_REPOSITORY": "/tmp/restic", "RESTIC_PASSWORD": "one", "BACKUP_SCHEDULE": "* * * * *"},
    folder="/",
    entrypoint=("/entry.sh",),
    cmd=("cron", "-f", "-L", "15"),
    files=HOSTS
    | {
        "entry.sh": """#!/bin/sh
set -e

echo "Starting container ..."
if [ -n "${NFS_TARGET}" ]; then
    mount -o nolock -v "${NFS_TARGET}" /mnt/restic
fi
if ! restic cat config > /dev/null 2>&1; then
    echo "Restic repository '${RESTIC_REPOSITORY}' does not exist. Running restic init."
    restic init
fi
env | grep -E '^(RESTIC|PATH)' > /tmp/env
echo "${BACKUP_SCHEDULE} root . /tmp/env; /bin/backup >> /tmp/cron.log 2>&1" > /etc/cron.d/backup
chmod 644 /etc/cron.d/backup
/bin/backup --now
exec "$@"
""",
        "bin/backup": """#!/bin/bash
set -o pipefail
export RESTIC_REPOSITORY="${RESTIC_REPOSITORY:-/tmp/restic}" RESTIC_PASSWORD="${RESTIC_PASSWORD:-one}"

if [ -f "/hooks/pre-backup.sh" ]; then
    /hooks/pre-backup.sh
fi
sqlite3 /tmp/shop.sqlite3 'create table if not exists one (a); insert into one values (1)'
sqlite3 /tmp/shop.sqlite3 .dump | gzip > /tmp/shop.sql.gz
tar -C / -cJf /tmp/etc.tar.xz etc
restic backup /tmp/shop.sql.gz /tmp/etc.tar.xz --tag="${RESTIC_TAG:-shop}" --json |
    jq -c '.message_type' | sort | uniq -c
restic forget --keep-last 3 --prune > /tmp/forget.log
rclone sync /tmp/restic /tmp/copy --config /dev/null
if [ $? -ne 0 ]; then
    echo "Subject: failed" | msmtp root@shop.example
fi
if [ -n "${MAILX_ARGS:-}" ]; then sh -c "mail -v -S sendwait ${MAILX_ARGS} < /tmp/cron.log"; fi
""",
        "hooks/pre-backup.sh": "#!/bin/sh\ndate > /tmp/started\nopenssl rand -hex 8 >> /tmp/started\n",
    },
    seconds=75,
)

SERVERS = (PDNS, PGBOUNCER, PROFTPD, NATS, SYSLOG, DBT, SCRAPY, BACKUP)
