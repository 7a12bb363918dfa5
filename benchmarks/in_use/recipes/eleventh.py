"""Ten images of services that no earlier set has, recorded before the analysis was asked of them.

The rule: Debian's best known database, mail server, name server and chat server that no set has yet; two applications
of PyPI that people ship as images; a service of Express with a logger and a mapper of objects; a Java program with a
web server of its own; Rails under Puma; PHP behind nginx under runit. Each holds tools that it never uses.
"""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

MARIADB = Recipe(
    name="mariadb",
    packages=("mariadb-server", "gosu", "pwgen", "tzdata", "xz-utils", "zstd", "jq"),
    env=SYSTEM | {"MARIADB_DATABASE": "shop", "GOSU_VERSION": "1.17"},
    folder="/",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("mariadbd",),
    files={
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/bash
set -eo pipefail
shopt -s nullglob

is_sourced() {
    [ "${#FUNCNAME[@]}" -ge 2 ] && [ "${FUNCNAME[1]}" = "source" ]
}

run_files() {
    local file
    for file; do
        case "$file" in
            *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
            *.sql) mariadb --socket=/run/mysqld/mysqld.sock "$MARIADB_DATABASE" < "$file" ;;
            *.sql.gz) gunzip -c "$file" | mariadb --socket=/run/mysqld/mysqld.sock "$MARIADB_DATABASE" ;;
            *.sql.zst) zstd -dc "$file" | mariadb --socket=/run/mysqld/mysqld.sock "$MARIADB_DATABASE" ;;
        esac
    done
}

set_up() {
    mariadb-install-db --user=mysql --datadir=/var/lib/mysql --skip-test-db > /dev/null
    "$@" --skip-networking --socket=/run/mysqld/mysqld.sock --user=mysql &
    local pid=$!
    for i in {30..0}; do
        if mariadb-admin --socket=/run/mysqld/mysqld.sock ping > /dev/null 2>&1; then break; fi
        sleep 1
    done
    mariadb --socket=/run/mysqld/mysqld.sock <<-EOSQL
        CREATE DATABASE IF NOT EXISTS $MARIADB_DATABASE;
EOSQL
    run_files /docker-entrypoint-initdb.d/*
    kill "$pid"
    wait "$pid"
}

main() {
    if [ "${1:0:1}" = '-' ]; then
        set -- mariadbd "$@"
    fi
    if [ "$1" = 'mariadbd' ] && [ "$(id -u)" = "0" ]; then
        mkdir -p /run/mysqld
        find /var/lib/mysql /run/mysqld \\! -user mysql -exec chown mysql: '{}' +
    fi
    if [ "$1" = 'mariadbd' ] && [ ! -d /var/lib/mysql/mysql ]; then
        set_up "$@"
    fi
    exec gosu mysql "$@"
}

if ! is_sourced; then
    main "$@"
fi
""",
        "docker-entrypoint-initdb.d/shop.sql": "CREATE TABLE orders (id INT); INSERT INTO orders VALUES (1);\n",
        "etc/mysql/mariadb.conf.d/60-port.cnf": "[mariadbd]\nport = 9301\nbind-address = 127.0.0.1\n",
    },
    prepare=("rm -rf /var/lib/mysql && mkdir -p /var/lib/mysql",),
    asks=("http://127.0.0.1:9301/",),
    seconds=40,
)

EXIM = Recipe(
    name="exim",
    packages=("exim4-daemon-light", "tini", "bsd-mailx", "swaks", "logrotate"),
    env=SYSTEM,
    entrypoint=("/usr/bin/tini", "--", "/app/entrypoint.sh"),
    cmd=("exim4", "-bd", "-q15m", "-v"),
    files={
        "app/entrypoint.sh": """#!/bin/sh
set -e
if [ -n "${RELAY_HOST:-}" ]; then
    sed -i "s/^dc_smarthost=.*/dc_smarthost='$RELAY_HOST'/" /etc/exim4/update-exim4.conf.conf
    update-exim4.conf
fi
( sleep 6; printf 'Subject: one\\n\\nHello\\n' | /usr/sbin/sendmail root@localhost ) &
exec "$@"
""",
        "etc/exim4/exim4.conf": """primary_hostname = shop.example
domainlist local_domains = localhost
daemon_smtp_ports = 9302
local_interfaces = 127.0.0.1
log_file_path = /tmp/exim-%slog
acl_smtp_rcpt = accept
begin routers
local:
  driver = accept
  transport = box
begin transports
box:
  driver = appendfile
  file = /tmp/box
  user = mail
""",
    },
    asks=("http://127.0.0.1:9302/",),
    seconds=20,
)

BIND = Recipe(
    name="bind",
    packages=("bind9", "bind9-utils", "dnsutils", "curl", "vim-tiny"),
    env=SYSTEM | {"BIND9_USER": "root", "LANG": "C.UTF-8"},
    folder="/",
    entrypoint=("docker-entrypoint.sh",),
    files={
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/sh
set -eu
BIND9_USER="${BIND9_USER:-bind}"
if [ $# -eq 0 ]; then
    exec /usr/sbin/named -u "$BIND9_USER" -f -c /etc/bind/site.conf -4
fi
exec "$@"
""",
        "etc/bind/site.conf": """options {
    directory "/var/cache/bind";
    listen-on port 9303 { 127.0.0.1; };
    pid-file "/tmp/named.pid";
    recursion no;
};
zone "shop.example" { type master; file "/etc/bind/shop.zone"; };
statistics-channels { inet 127.0.0.1 port 9304 allow { any; }; };
""",
        "etc/bind/shop.zone": "$TTL 60\n@ SOA ns root 1 60 60 60 60\n@ NS ns\nns A 127.0.0.1\nwww A 127.0.0.1\n",
    },
    asks=("http://127.0.0.1:9304/json/v1", "http://127.0.0.1:9304/xml/v3", "http://127.0.0.1:9304/"),
    seconds=15,
)

PROSODY = Recipe(
    name="prosody",
    packages=("prosody", "lua-event", "lua-dbi-sqlite3", "s6", "netcat-openbsd", "wget"),
    env=SYSTEM,
    folder="/",
    entrypoint=("s6-svscan", "/etc/services"),
    files={
        "etc/services/prosody/run": "#!/usr/bin/execlineb -P\nfdmove -c 2 1\ns6-setuidgid root\nprosody -F --root\n",
        "etc/services/watch/run": "#!/bin/sh\nset -e\nwhile sleep 5; do nc -z 127.0.0.1 9305 || echo down; done\n",
        "etc/prosody/prosody.cfg.lua": """run_as_root = true
pidfile = "/tmp/prosody.pid"
modules_enabled = { "roster"; "saslauth"; "disco"; "ping"; "posix"; "bosh"; "http_files"; "version"; "time" }
storage = "sql"
sql = { driver = "SQLite3", database = "/tmp/prosody.sqlite" }
http_ports = { 9305 }
http_interfaces = { "127.0.0.1" }
https_ports = {}
c2s_ports = { 9306 }
interfaces = { "127.0.0.1" }
http_host = "127.0.0.1"
log = { info = "*console" }
authentication = "internal_hashed"
VirtualHost "127.0.0.1"
""",
    },
    asks=("http://127.0.0.1:9305/", "http://127.0.0.1:9305/http-bind", "http://127.0.0.1:9306/"),
    seconds=20,
)

CHANGES = Recipe(
    name="changedetection",
    packages=("python3", "python3-venv", "curl", "locales", "poppler-utils", "zlib1g", "git"),
    python=("changedetection.io", "ipython", "pytest"),
    env=VENV | {"PYTHONUNBUFFERED": "1", "LOGGER_LEVEL": "INFO", "LISTEN_HOST": "127.0.0.1", "PORT": "9307"},
    cmd=("/app/docker-entrypoint.sh",),
    files={
        "app/docker-entrypoint.sh": """#!/bin/bash
set -e
if [ -n "$EXTRA_PACKAGES" ]; then
    for package in $EXTRA_PACKAGES; do
        python3 -m pip show "$package" > /dev/null 2>&1 || pip3 install --no-cache-dir "$package"
    done
fi
mkdir -p /datastore
exec changedetection.io -d /datastore -h "$LISTEN_HOST" -p "$PORT"
""",
    },
    asks=("http://127.0.0.1:9307/", "http://127.0.0.1:9307/settings", "http://127.0.0.1:9307/static/js/csrf.js"),
    seconds=45,
)

JUPYTER = Recipe(
    name="jupyter",
    packages=("python3", "python3-venv", "tini", "sudo", "git", "nano-tiny", "wget", "unzip"),
    python=("jupyter-server", "notebook", "ipykernel", "nbconvert", "pandas", "black"),
    env=VENV | {"JUPYTER_PORT": "9308", "NB_USER": "root", "SHELL": "/bin/bash"},
    folder="/home/work",
    entrypoint=("tini", "-g", "--", "start.sh"),
    cmd=("start-notebook.py",),
    files={
        "usr/local/bin/start.sh": """#!/bin/bash
set -e
run_hooks() {
    if [[ ! -d "${1}" ]]; then return; fi
    for f in "${1}/"*; do
        [ -e "${f}" ] || continue
        case "${f}" in
            *.sh) source "${f}" || echo "failed" ;;
            *) if [ -x "${f}" ]; then "${f}" || echo "failed"; fi ;;
        esac
    done
}
if [ $# -eq 0 ]; then cmd=( "bash" ); else cmd=( "$@" ); fi
run_hooks /usr/local/bin/start-notebook.d
if [ "$(id -u)" == 0 ] && [ "${NB_USER}" != "root" ]; then
    exec sudo --preserve-env --set-home --user "${NB_USER}" PATH="${PATH}" "${cmd[@]}"
fi
run_hooks /usr/local/bin/before-notebook.d
echo "Executing: ${cmd[*]}"
exec "${cmd[@]}"
""",
        "usr/local/bin/start-notebook.py": """#!/opt/venv/bin/python
import os
import shlex
import sys

command = ["jupyter", "notebook" if "CLASSIC" in os.environ else "server"]
if "NOTEBOOK_ARGS" in os.environ:
    command += shlex.split(os.environ["NOTEBOOK_ARGS"])
command += ["--allow-root", "--ip=127.0.0.1", "--no-browser", "--IdentityProvider.token="] + sys.argv[1:]
if "JUPYTER_PORT" in os.environ:
    command.append("--port=" + os.environ["JUPYTER_PORT"])
os.execvp(command[0], command)
""",
        "usr/local/bin/before-notebook.d/10activate.sh": 'export JUPYTER_CONFIG_DIR="$HOME/.jupyter"\n',
        "home/work/one.ipynb": '{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, '
        '"outputs": [], "source": ["1+1"]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}\n',
    },
    asks=(
        "http://127.0.0.1:9308/api",
        "http://127.0.0.1:9308/api/contents",
        "http://127.0.0.1:9308/api/kernelspecs",
        "http://127.0.0.1:9308/nbconvert/html/one.ipynb",
        "http://127.0.0.1:9308/tree",
    ),
    seconds=45,
)

EXPRESS_SEQUELIZE = Recipe(
    name="sequelize",
    packages=("nodejs", "npm", "tini", "curl", "default-mysql-client"),
    npm=(
        "express",
        "pino",
        "pino-http",
        "pino-pretty",
        "sequelize",
        "mysql2",
        "helmet",
        "cors",
        "jsonwebtoken",
        "zod",
        "dotenv",
        "sequelize-cli",
        "nodemon",
        "eslint",
        "jest",
    ),
    env=SYSTEM | {"NODE_ENV": "production", "PORT": "9309", "LOG_PRETTY": "1"},
    entrypoint=("tini", "--", "/app/docker-entrypoint.sh"),
    cmd=("node", "src/server.js"),
    files={
        "app/docker-entrypoint.sh": """#!/bin/sh
set -e
if [ "${MIGRATE:-0}" = "1" ]; then
  npx sequelize-cli db:migrate
fi
exec "$@"
""",
        "app/.sequelizerc": "module.exports = { 'models-path': './src/models' };\n",
        "app/src/server.js": """require('dotenv').config();
const app = require('./app');
const logger = require('./logger');
const { sequelize } = require('./models');

sequelize.authenticate().catch((error) => logger.warn({ error: error.message }, 'no database'));
app.listen(Number(process.env.PORT), '127.0.0.1', () => logger.info('up'));
""",
        "app/src/logger.js": """const pino = require('pino');
const transport = process.env.LOG_PRETTY ? { target: 'pino-pretty' } : undefined;
module.exports = pino({ level: process.env.LOG_LEVEL || 'info', transport });
""",
        "app/src/app.js": """const express = require('express');
const helmet = require('helmet');
const cors = require('cors');
const jwt = require('jsonwebtoken');
const { z } = require('zod');
const { Order } = require('./models');

const app = express();
app.use(helmet());
app.use(cors());
app.use(express.json());
app.use(require('pino-http')({ logger: require('./logger') }));
app.get('/health', (_, answer) => answer.json({ up: true }));
app.get('/token', (_, answer) => answer.json({ token: jwt.sign({ name: 'one' }, 'for-a-test') }));
app.get('/orders', async (ask, answer) => {
  try {
    answer.json(await Order.findAll({ limit: z.coerce.number().default(5).parse(ask.query.limit) }));
  } catch (error) {
    answer.status(503).json({ error: error.name });
  }
});
module.exports = app;
""",
        "app/src/models/index.js": """const fs = require('fs');
const path = require('path');
const { Sequelize, DataTypes } = require('sequelize');

const address = process.env.DATABASE_URL || 'mysql://shop:shop@127.0.0.1:9310/shop';
const sequelize = new Sequelize(address, { logging: false });
const models = {};
for (const file of fs.readdirSync(__dirname).filter((name) => name !== 'index.js' && name.endsWith('.js'))) {
  const model = require(path.join(__dirname, file))(sequelize, DataTypes);
  models[model.name] = model;
}
module.exports = { sequelize, ...models };
""",
        "app/src/models/order.js": "module.exports = (sequelize, types) => "
        "sequelize.define('Order', { name: types.STRING });\n",
    },
    asks=("http://127.0.0.1:9309/health", "http://127.0.0.1:9309/token", "http://127.0.0.1:9309/orders?limit=2"),
    seconds=25,
)

PLANTUML = Recipe(
    name="plantuml",
    packages=("default-jre-headless", "plantuml", "graphviz", "fonts-dejavu-core", "curl"),
    env=SYSTEM | {"JAVA_OPTS": "-Xmx256m", "PLANTUML_PORT": "9311"},
    entrypoint=("/entrypoint.sh",),
    files={
        "entrypoint.sh": """#!/usr/bin/env sh
set -eu
JAR=/usr/share/plantuml/plantuml.jar
[ "${PLANTUML_DEBUG:-false}" = "true" ] && set -x
# shellcheck disable=SC2086
exec java ${JAVA_OPTS} -Djava.awt.headless=true -jar "$JAR" -picoweb:"${PLANTUML_PORT}:127.0.0.1" "$@"
""",
    },
    asks=(
        "http://127.0.0.1:9311/",
        "http://127.0.0.1:9311/plantuml/svg/SyfFKj2rKt3CoKnELR1Io4ZDoSa70000",
        "http://127.0.0.1:9311/plantuml/png/SoWkIImgAStDuNBAJrBGjLDmpCbCJbMmKiX8pSd9vt98pKi1IW80",
    ),
    seconds=40,
)

RAILS = Recipe(
    name="rails",
    packages=("ruby-rails", "puma", "ruby-sqlite3", "bundler", "libjemalloc2", "curl", "sqlite3", "ruby-pg"),
    env=SYSTEM | {"RAILS_ENV": "production", "RAILS_LOG_TO_STDOUT": "1", "LD_PRELOAD": "libjemalloc.so.2"},
    folder="/rails",
    entrypoint=("/rails/bin/docker-entrypoint",),
    cmd=("./bin/server",),
    files={
        "rails/bin/docker-entrypoint": """#!/bin/bash -e
if [ "${@: -1:1}" == "./bin/server" ]; then
  ./bin/prepare
fi
exec "${@}"
""",
        "rails/bin/server": "#!/bin/sh\nexec puma -b tcp://127.0.0.1:9312 -w 0 config.ru\n",
        "rails/bin/prepare": """#!/usr/bin/env ruby
require_relative "../config/application"
ActiveRecord::Base.establish_connection(adapter: "sqlite3", database: "/tmp/shop.sqlite3")
ActiveRecord::Schema.define { create_table(:orders, force: true) { |t| t.string :name } }
""",
        "rails/config.ru": 'require_relative "config/application"\nShop::Application.initialize!\n'
        "run Rails.application\n",
        "rails/config/application.rb": """require "rails"
require "active_record/railtie"
require "action_controller/railtie"

module Shop
  class Application < Rails::Application
    config.load_defaults 7.2
    config.root = File.expand_path("..", __dir__)
    config.eager_load = true
    config.secret_key_base = "for-a-test"
    config.hosts.clear
    config.logger = Logger.new($stdout)
  end
end
""",
        "rails/config/database.yml": "production:\n  adapter: sqlite3\n  database: /tmp/shop.sqlite3\n",
        "rails/config/routes.rb": 'Rails.application.routes.draw { get "/orders", to: "orders#index" }\n',
        "rails/app/models/order.rb": "class Order < ActiveRecord::Base\nend\n",
        "rails/app/controllers/orders_controller.rb": """class OrdersController < ActionController::Base
  def index
    render json: { count: Order.count, names: Order.pluck(:name) }
  end
end
""",
    },
    asks=("http://127.0.0.1:9312/orders", "http://127.0.0.1:9312/nothing"),
    seconds=30,
)

DOKUWIKI = Recipe(
    name="dokuwiki",
    packages=("nginx-light", "php-fpm", "php-gd", "php-xml", "dokuwiki", "runit", "imagemagick", "unzip", "curl"),
    env=SYSTEM | {"PHP_VERSION": "8.4"},
    folder="/",
    cmd=("/sbin/my_init",),
    files={
        "sbin/my_init": """#!/bin/sh
set -e
mkdir -p /run/php
for hook in /etc/my_init.d/*; do
    [ -x "$hook" ] && "$hook"
done
exec runsvdir -P /srv/service
""",
        "etc/my_init.d/10-permissions": "#!/bin/sh\nchown -R www-data:www-data /var/lib/dokuwiki\n",
        "srv/service/nginx/run": "#!/bin/sh\nexec 2>&1\nexec chpst -P nginx -c /etc/nginx/wiki.conf -g 'daemon off;'\n",
        "srv/service/php/run": "#!/bin/sh\nexec 2>&1\nexec php-fpm${PHP_VERSION} -F -y /etc/php/wiki.conf\n",
        "etc/php/wiki.conf": """[global]
error_log = /proc/self/fd/2
[wiki]
user = www-data
group = www-data
listen = /run/php/wiki.sock
listen.owner = www-data
pm = static
pm.max_children = 2
""",
        "etc/nginx/wiki.conf": """user www-data;
error_log stderr;
pid /tmp/nginx.pid;
include /etc/nginx/modules-enabled/*.conf;
events {}
http {
  include mime.types;
  access_log off;
  server {
    listen 127.0.0.1:9313;
    root /usr/share/dokuwiki;
    index doku.php;
    location ~ \\.php$ { include fastcgi.conf; fastcgi_pass unix:/run/php/wiki.sock; }
  }
}
""",
    },
    asks=(
        "http://127.0.0.1:9313/doku.php",
        "http://127.0.0.1:9313/doku.php?do=search&q=a",
        "http://127.0.0.1:9313/lib/exe/css.php",
        "http://127.0.0.1:9313/lib/exe/indexer.php",
        "http://127.0.0.1:9313/nothing",
    ),
    seconds=25,
)

ELEVENTH = (MARIADB, EXIM, BIND, PROSODY, CHANGES, JUPYTER, EXPRESS_SEQUELIZE, PLANTUML, RAILS, DOKUWIKI)
