"""The images of the second evaluation: measured at first sight, and looked at afterwards."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

EXPRESS = Recipe(
    name="express",
    packages=("nodejs", "npm", "tini", "git"),
    npm=("express", "pug", "winston", "dotenv", "pg", "lodash", "axios", "eslint"),
    env=SYSTEM | {"NODE_ENV": "production"},
    entrypoint=("tini", "--", "/app/docker-entrypoint.sh"),
    cmd=("npm", "start"),
    files={
        "app/docker-entrypoint.sh": """#!/bin/sh
set -e
[ -f /app/.env.sh ] && . /app/.env.sh
for file in /docker-entrypoint.d/*.sh; do
    [ -x "$file" ] && "$file"
done
if [ "${1#-}" != "$1" ]; then
    set -- node "$@"
fi
exec "$@"
""",
        "app/.env.sh": "export PORT=9111\n",
        "docker-entrypoint.d/10-tell.sh": '#!/bin/sh\nhostname | sed "s/^/host: /"\n',
        "app/server.js": """
require('dotenv').config();
const express = require('express');
const log = require('./lib/log');
const app = express();
app.set('view engine', 'pug');
app.set('views', __dirname + '/views');
app.use('/static', express.static('public'));
app.use('/api', require('./routes/' + (process.env.API || 'v1')));
app.get('/', (req, res) => res.render('index', {title: 'shop'}));
app.listen(process.env.PORT, '127.0.0.1', () => log.info('ready'));
""",
        "app/lib/log.js": """
const {createLogger, transports, format} = require('winston');
module.exports = createLogger({format: format.json(), transports: [new transports.Console()]});
""",
        "app/routes/v1.js": """
const router = require('express').Router();
router.use(require('express').json());
router.get('/', (req, res) => res.json({ok: true}));
module.exports = router;
""",
        "app/views/index.pug": "h1= title\n",
    },
    prepare=("cd /app && npm pkg set scripts.start='node server.js' && npm pkg set scripts.prestart='node -v'",),
    asks=("http://127.0.0.1:9111/", "http://127.0.0.1:9111/api"),
    seconds=20,
)

KOA = Recipe(
    name="koa",
    packages=("nodejs", "npm", "dumb-init", "python3"),
    npm=("koa", "@koa/router", "nunjucks", "pino", "pino-pretty", "ioredis", "mongoose", "typescript"),
    env=SYSTEM | {"NODE_OPTIONS": "--import /app/telemetry.mjs", "PORT": "9112"},
    entrypoint=("/usr/bin/dumb-init", "--"),
    cmd=("node", "src/index.mjs"),
    files={
        "app/telemetry.mjs": "import pino from 'pino';\nglobalThis.log = pino({transport: {target: 'pino-pretty'}});\n",
        "app/src/index.mjs": """
import Koa from 'koa';
import Router from '@koa/router';
import nunjucks from 'nunjucks';
const app = new Koa();
const router = new Router();
router.get('/', async ctx => { ctx.body = nunjucks.renderString('<p>{{ a }}</p>', {a: 1}); });
router.get('/late', async ctx => { ctx.body = (await import('./late.mjs')).default(); });
app.use(router.routes());
app.listen(Number(process.env.PORT), '127.0.0.1', () => globalThis.log.info('ready'));
""",
        "app/src/late.mjs": "import Redis from 'ioredis';\nexport default () => typeof Redis;\n",
    },
    asks=("http://127.0.0.1:9112/", "http://127.0.0.1:9112/late"),
    seconds=15,
)

TOMCAT = Recipe(
    name="tomcat",
    packages=("tomcat10", "tomcat10-examples", "openjdk-21-jre-headless", "curl", "unzip"),
    env=SYSTEM
    | {
        "CATALINA_HOME": "/usr/share/tomcat10",
        "CATALINA_BASE": "/var/lib/tomcat10",
        "JAVA_HOME": "/usr/lib/jvm/java-21-openjdk-amd64",
        "JAVA_OPTS": "-Djava.awt.headless=true",
    },
    folder="/var/lib/tomcat10",
    cmd=("/usr/share/tomcat10/bin/catalina.sh", "run"),
    prepare=('sed -i \'s/port="8080"/port="9113" address="127.0.0.1"/\' /etc/tomcat10/server.xml',),
    asks=("http://127.0.0.1:9113/", "http://127.0.0.1:9113/examples/jsp/jsp2/el/basic-arithmetic.jsp"),
    seconds=45,
)

JAR = Recipe(
    name="jar",
    packages=(
        "default-jdk-headless",
        "libjetty9-java",
        "libjackson2-databind-java",
        "libslf4j-java",
        "libcommons-lang3-java",
        "libguava-java",
        "libpostgresql-jdbc-java",
    ),
    env=SYSTEM | {"JAVA_OPTS": "-Xmx128m -XX:+UseSerialGC"},
    entrypoint=("/bin/bash", "/app/run.sh"),
    files={
        "app/run.sh": """#!/bin/bash
set -euo pipefail
cd "$(dirname "$0")"
JAR=$(ls app-*.jar | head -n 1)
exec java ${JAVA_OPTS:-} -Dport="${PORT:-9114}" -jar "$JAR" "$@"
""",
        "app/src/Main.java": """
import java.io.IOException;
import javax.servlet.http.*;
import org.eclipse.jetty.server.*;
import org.eclipse.jetty.server.handler.AbstractHandler;
import com.fasterxml.jackson.databind.ObjectMapper;

public class Main extends AbstractHandler {
    public void handle(String target, Request base, HttpServletRequest ask, HttpServletResponse answer)
            throws IOException {
        answer.setStatus(200);
        answer.getWriter().println(new ObjectMapper().writeValueAsString(java.util.Map.of("ok", true)));
        base.setHandled(true);
    }
    public static void main(String[] words) throws Exception {
        Server server = new Server(new java.net.InetSocketAddress("127.0.0.1", Integer.getInteger("port")));
        server.setHandler(new Main());
        server.start();
        server.join();
    }
}
""",
    },
    prepare=(
        "mkdir -p /app/lib /app/classes; cd /usr/share/java; cp -L jetty9-server.jar jetty9-util.jar jetty9-http.jar "
        "jetty9-io.jar servlet-api.jar jackson-databind.jar jackson-core.jar jackson-annotations.jar commons-lang3.jar "
        "postgresql.jar /app/lib/",
        "cd /app && javac -cp 'lib/*' -d classes src/Main.java",
        "cd /app && printf 'Main-Class: Main\\nClass-Path: ' > m && for j in lib/*.jar; do printf '%s \\n ' $j; done "
        ">> m && printf '\\n' >> m && jar cfm app-1.0.jar m -C classes .",
        "apt-get purge -qy default-jdk-headless openjdk-21-jdk-headless 'libjetty9-java'",
    ),
    asks=("http://127.0.0.1:9114/",),
    seconds=20,
)

GO = Recipe(
    name="go",
    packages=(
        "golang-go",
        "golang-github-gorilla-mux-dev",
        "golang-github-sirupsen-logrus-dev",
        "golang-golang-x-sys-dev",
        "tzdata",
        "netbase",
    ),
    env=SYSTEM | {"TZ": "Europe/Berlin"},
    folder="/",
    entrypoint=("/usr/local/bin/start",),
    cmd=("serve", "--port", "9115"),
    files={
        "usr/local/bin/start": """#!/bin/sh
case "$1" in
    serve|check) set -- /usr/local/bin/shop "$@" ;;
esac
if [ "$(id -u)" = 0 ] && [ -n "$RUN_AS" ]; then
    exec setpriv --reuid="$RUN_AS" "$@"
fi
exec "$@"
""",
        "src/shop/main.go": """package main

import (
	"net/http"
	"os/user"
	"time"

	"github.com/gorilla/mux"
	"github.com/sirupsen/logrus"
)

func main() {
	r := mux.NewRouter()
	r.HandleFunc("/", func(w http.ResponseWriter, q *http.Request) {
		who, _ := user.Current()
		w.Write([]byte(who.Username + time.Now().String()))
	})
	logrus.Info("ready")
	logrus.Fatal(http.ListenAndServe("127.0.0.1:9115", r))
}
""",
        "src/shop/go.mod": """module example.org/shop

go 1.21

require (
	github.com/gorilla/mux v1.8.1
	github.com/sirupsen/logrus v1.9.0
	golang.org/x/sys v0.22.0
)

replace github.com/gorilla/mux => /usr/share/gocode/src/github.com/gorilla/mux

replace github.com/sirupsen/logrus => /usr/share/gocode/src/github.com/sirupsen/logrus

replace golang.org/x/sys => /usr/share/gocode/src/golang.org/x/sys
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends gcc libc6-dev",
        "cd /src/shop && GOPROXY=off GOFLAGS='-mod=mod -modcacherw' GONOSUMDB=* GONOSUMCHECK=1 GOFLAGS=-mod=mod "
        "go build -o /usr/local/bin/shop .",
        "rm -rf /src; apt-get purge -qy --autoremove golang-go 'golang-*' gcc libc6-dev",
    ),
    asks=("http://127.0.0.1:9115/",),
)

BEAT = Recipe(
    name="beat",
    packages=("python3", "python3-venv", "redis-server", "gosu", "procps"),
    python=(
        "django",
        "celery[redis]",
        "django-celery-beat",
        "djangorestframework",
        "django-filter",
        "gunicorn",
        "psycopg2-binary",
        "sentry-sdk",
        "ipython",
    ),
    env=VENV | {"PYTHONPATH": "/app/src", "PYTHONUNBUFFERED": "1"},
    entrypoint=("/app/entrypoint.sh",),
    cmd=("all",),
    files={
        "app/entrypoint.sh": """#!/bin/bash
set -o errexit -o pipefail
source /app/functions.sh

export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-shop.settings}"
case "$1" in
    web)
        exec gunicorn shop.wsgi -b 127.0.0.1:9116 ;;
    beat|worker)
        role=$1; shift
        exec celery -A shop "$role" -l info "$@" ;;
    all)
        redis-server --port 9117 --bind 127.0.0.1 --save "" --daemonize yes
        wait_for 1
        python -m django migrate --noinput
        celery -A shop beat -l info -S django &
        celery -A shop worker -l info -c 1 &
        exec gosu www-data gunicorn shop.wsgi -b 127.0.0.1:9116 ;;
    *)
        exec "$@" ;;
esac
""",
        "app/functions.sh": 'wait_for() {\n    echo "wait $1" >&2\n    sleep "$1"\n}\n',
        "app/src/shop/__init__.py": "from .celery import app as celery_app\n",
        "app/src/shop/celery.py": """
from celery import Celery
app = Celery("shop", broker="redis://127.0.0.1:9117/0")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
""",
        "app/src/shop/settings.py": """
SECRET_KEY = "k"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "rest_framework", "django_celery_beat",
                  "orders"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/beat.sqlite3"}}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
REST_FRAMEWORK = {"DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
                  "UNAUTHENTICATED_USER": None}
CELERY_BEAT_SCHEDULE = {"count": {"task": "orders.tasks.count", "schedule": 3}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
WSGI_APPLICATION = "shop.wsgi.application"
USE_TZ = True
""",
        "app/src/shop/urls.py": """
from django.urls import include, path
urlpatterns = [path("", include("orders.urls"))]
""",
        "app/src/shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\n"
        "application = get_wsgi_application()\n",
        "app/src/orders/__init__.py": "",
        "app/src/orders/tasks.py": "from celery import shared_task\n\n@shared_task\ndef count():\n    return 1\n",
        "app/src/orders/urls.py": """
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView

class Index(APIView):
    def get(self, request):
        return Response({"ok": True})

urlpatterns = [path("", Index.as_view())]
""",
    },
    asks=("http://127.0.0.1:9116/",),
    seconds=40,
)

VENV_CRON = Recipe(
    name="venv-cron",
    packages=("python3", "python3-venv", "cron", "tzdata", "msmtp", "logrotate"),
    python=("requests", "beautifulsoup4", "openpyxl", "python-dateutil", "click", "pytest"),
    env=SYSTEM | {"REPORT_TO": "x@example.org"},
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("cron", "-f", "-L", "15"),
    files={
        "docker-entrypoint.sh": """#!/usr/bin/env bash
set -eu
printenv | grep -E '^(REPORT|PATH)' > /etc/environment
chmod 0644 /etc/cron.d/* || true
crontab /app/crontab
exec "${@}"
""",
        "app/crontab": "* * * * * . /app/profile.sh; cd $HERE && python -m jobs.report >> /tmp/report.log 2>&1\n",
        "app/profile.sh": "HERE=/app\nVIRTUAL_ENV=/opt/venv\nexport PATH=$VIRTUAL_ENV/bin:$PATH\n",
        "app/jobs/__init__.py": "",
        "app/jobs/report.py": """
import click
from dateutil import parser
from jobs import pages

@click.command()
def main():
    print(parser.parse("2020-01-01"), pages.titles())

if __name__ == "__main__":
    main()
""",
        "app/jobs/pages.py": """
def titles():
    from bs4 import BeautifulSoup
    return BeautifulSoup("<title>x</title>", "html.parser").title.string

def table(path):
    import openpyxl
    return openpyxl.load_workbook(path)
""",
    },
    seconds=75,
)

SINATRA = Recipe(
    name="sinatra",
    packages=("ruby-sinatra", "puma", "ruby-pg", "ruby-nokogiri", "ruby-redis", "bundler"),
    env=SYSTEM | {"RACK_ENV": "production"},
    cmd=("bundle", "exec", "puma", "-C", "config/puma.rb"),
    files={
        "app/Gemfile": "gem 'sinatra'\ngem 'puma'\ngem 'nokogiri'\n",
        "app/config.ru": "require_relative 'app'\nrun Shop\n",
        "app/config/puma.rb": "bind 'tcp://127.0.0.1:9118'\nworkers 0\nthreads 1, 2\n",
        "app/app.rb": """
require 'sinatra/base'
require 'json'
require 'nokogiri'

class Shop < Sinatra::Base
  set :host_authorization, {permitted_hosts: []}
  get('/') { {ok: Nokogiri::HTML('<p>x</p>').at('p').text}.to_json }
  get('/page') { erb '<p><%= 1 %></p>' }
end
""",
    },
    asks=("http://127.0.0.1:9118/", "http://127.0.0.1:9118/page"),
    seconds=15,
)

PHP = Recipe(
    name="php",
    packages=("php-fpm", "php-mbstring", "php-xml", "php-sqlite3", "php-gd", "nginx-light", "supervisor", "php-twig"),
    env=SYSTEM,
    entrypoint=("/entrypoint.sh",),
    files={
        "entrypoint.sh": """#!/bin/bash
set -e
shopt -s nullglob
run_hooks() {
    for hook in /docker-entrypoint.d/*.sh; do
        echo "run $hook"
        bash "$hook"
    done
}
mkdir -p /run/php
run_hooks
if [ $# -eq 0 ]; then
    set -- supervisord -n -c /etc/supervisor/supervisord.conf
fi
exec "$@"
""",
        "docker-entrypoint.d/20-cache.sh": "php -r 'echo PHP_VERSION;' | tee /tmp/version\n",
        "etc/supervisor/conf.d/web.conf": """[program:php]
command=/usr/sbin/php-fpm8.4 -F

[program:nginx]
command=/usr/sbin/nginx -g "daemon off;"
""",
        "etc/nginx/conf.d/site.conf": """server {
    listen 127.0.0.1:9119;
    root /app/public;
    location / {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME /app/public/index.php;
        fastcgi_pass unix:/run/php/php8.4-fpm.sock;
    }
}
""",
        "app/public/index.php": """<?php
require '/usr/share/php/Twig/autoload.php';
$twig = new \\Twig\\Environment(new \\Twig\\Loader\\ArrayLoader(['p' => '<p>{{ a }}</p>']));
$all = new PDO('sqlite::memory:');
echo $twig->render('p', ['a' => mb_strtoupper('x')]);
""",
    },
    prepare=("rm -f /etc/nginx/sites-enabled/default",),
    asks=("http://127.0.0.1:9119/",),
    seconds=15,
)

MOJO = Recipe(
    name="mojo",
    packages=("libmojolicious-perl", "starman", "libdbd-sqlite3-perl", "libyaml-perl", "libxml-libxml-perl"),
    env=SYSTEM | {"PERL5LIB": "/app/lib", "MOJO_MODE": "production"},
    cmd=("plackup", "-s", "Starman", "--listen", "127.0.0.1:9120", "--workers", "1", "app.psgi"),
    files={
        "app/app.psgi": "use Mojolicious::Lite -signatures;\nuse Shop::Store;\n"
        "get '/' => sub ($c) { $c->render(json => {count => Shop::Store->new->count}) };\n"
        "get '/page' => sub ($c) { $c->render(inline => '<p><%= 1 %></p>') };\napp->start;\n",
        "app/lib/Shop/Store.pm": "package Shop::Store;\nuse strict;\nuse warnings;\nuse DBI;\n"
        "sub new { bless {db => DBI->connect('dbi:SQLite:dbname=:memory:')}, shift }\n"
        "sub count { shift->{db}->selectrow_array('select 1') }\n1;\n",
    },
    asks=("http://127.0.0.1:9120/", "http://127.0.0.1:9120/page"),
    seconds=15,
)

AIOHTTP = Recipe(
    name="aiohttp",
    packages=("python3", "python3-venv", "runit", "rsyslog"),
    python=("aiohttp", "gunicorn", "uvloop", "aiohttp-jinja2", "asyncpg", "structlog", "prometheus-client", "black"),
    env=VENV,
    cmd=("runsvdir", "-P", "/app/services"),
    files={
        "app/services/web/run": "#!/bin/sh\nexec 2>&1\ncd /app || exit 1\n"
        "exec env APP_NAME=shop gunicorn --config python:site_settings shop.web:make_app\n",
        "app/services/log/run": "#!/bin/sh\nexec rsyslogd -n -f /app/rsyslog.conf\n",
        "app/rsyslog.conf": 'module(load="imuxsock")\n*.* action(type="omfile" file="/tmp/all.log")\n',
        "app/site_settings.py": "bind = '127.0.0.1:9121'\nworker_class = 'aiohttp.GunicornUVLoopWebWorker'\n",
        "app/shop/__init__.py": "",
        "app/shop/web.py": """
import aiohttp_jinja2
import jinja2
import structlog
from aiohttp import web

log = structlog.get_logger()

async def index(request):
    log.info("asked")
    return aiohttp_jinja2.render_template("p", request, {"a": 1})

async def make_app():
    app = web.Application()
    aiohttp_jinja2.setup(app, loader=jinja2.DictLoader({"p": "<p>{{ a }}</p>"}))
    app.router.add_get("/", index)
    return app
""",
    },
    asks=("http://127.0.0.1:9121/",),
    seconds=15,
)

HAPROXY = Recipe(
    name="haproxy",
    packages=("haproxy", "memcached", "socat", "s6"),
    env=SYSTEM,
    folder="/",
    entrypoint=("s6-svscan", "/etc/s6"),
    files={
        "etc/s6/haproxy/run": "#!/bin/sh\nmkdir -p /run/haproxy\n"
        "exec haproxy -W -db -f /etc/haproxy/haproxy.cfg -f /etc/haproxy/site.cfg\n",
        "etc/s6/memcached/run": "#!/bin/sh\nexec memcached -u nobody -l 127.0.0.1 -p 9123\n",
        "etc/haproxy/site.cfg": "frontend web\n  mode http\n  bind 127.0.0.1:9122\n"
        "  http-request return status 200 content-type text/plain string ok\n",
    },
    asks=("http://127.0.0.1:9122/",),
)

UWSGI = Recipe(
    name="uwsgi",
    packages=("uwsgi-core", "uwsgi-plugin-python3", "python3-flask", "python3-redis", "python3-pil", "python3-boto3"),
    env=SYSTEM,
    cmd=("uwsgi", "--ini", "/app/uwsgi.ini"),
    files={
        "app/uwsgi.ini": "[uwsgi]\nplugins = python3\nhttp-socket = 127.0.0.1:9124\nchdir = /app\n"
        "module = wsgi:app\nmaster = true\nprocesses = 1\n",
        "app/wsgi.py": """
from flask import Flask, jsonify
from PIL import Image

app = Flask(__name__)

@app.get("/")
def index():
    return jsonify(size=Image.new("RGB", (2, 3)).size)
""",
    },
    asks=("http://127.0.0.1:9124/",),
)

SECOND = (
    EXPRESS,
    KOA,
    TOMCAT,
    JAR,
    GO,
    BEAT,
    VENV_CRON,
    SINATRA,
    PHP,
    MOJO,
    AIOHTTP,
    HAPROXY,
    UWSGI,
)
