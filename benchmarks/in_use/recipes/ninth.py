"""Three images of applications that no earlier set has, recorded before the analysis was asked of them.

Each has tools that it never uses. They were chosen, and their recipes written, before the changes that they measure.
"""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

WAGTAIL = Recipe(
    name="wagtail",
    packages=("python3", "python3-venv", "git", "gettext", "imagemagick"),
    python=("wagtail", "gunicorn", "whitenoise", "pytest", "mypy"),
    env=VENV | {"DJANGO_SETTINGS_MODULE": "shop.settings.production", "SECRET_KEY": "for-a-test", "PORT": "9251"},
    entrypoint=("/app/docker-entrypoint.sh",),
    cmd=("gunicorn", "shop.wsgi:application", "--bind", "127.0.0.1:9251", "--workers", "2"),
    files={
        "app/docker-entrypoint.sh": """#!/bin/bash
set -euo pipefail
if [ "${SKIP_MIGRATIONS:-no}" != yes ]; then
    python manage.py migrate --noinput
fi
exec "$@"
""",
        "app/shop/settings/local.py": """
import os
SECRET_KEY = os.environ["SECRET_KEY"]
ALLOWED_HOSTS = ["*"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
""",
    },
    prepare=(
        "mv /app/shop/settings/local.py /tmp/local.py && rm -rf /app/shop",
        "cd /app && . /opt/venv/bin/activate && wagtail start shop . && mv /tmp/local.py shop/settings/local.py",
        "cd /app && . /opt/venv/bin/activate && SECRET_KEY=x python manage.py collectstatic --noinput",
    ),
    asks=("http://127.0.0.1:9251/", "http://127.0.0.1:9251/admin/login/", "http://127.0.0.1:9251/search/?query=shop"),
    seconds=45,
)

NODE_RED = Recipe(
    name="node-red",
    packages=("nodejs", "npm", "tini", "openssl", "vim-tiny"),
    npm=("node-red@4", "node-red-dashboard", "eslint", "nodemon"),
    env=SYSTEM | {"NODE_ENV": "production", "FLOWS": "flows.json"},
    entrypoint=("tini", "--", "/app/entrypoint.sh"),
    files={
        "app/entrypoint.sh": """#!/bin/sh
trap stop INT TERM
stop() { kill -TERM "$pid"; wait "$pid"; }
node node_modules/node-red/red.js --userDir /data --port 9252 "$FLOWS" "$@" &
pid=$!
wait "$pid"
""",
        "data/flows.json": '[{"id": "a", "type": "tab", "label": "Shop"},'
        ' {"id": "b", "type": "http in", "z": "a", "url": "/orders", "method": "get", "wires": [["c"]]},'
        ' {"id": "c", "type": "function", "z": "a", "func": "msg.payload = {orders: 1}; return msg;",'
        ' "wires": [["d"]]},'
        ' {"id": "d", "type": "http response", "z": "a", "wires": []}]\n',
    },
    asks=("http://127.0.0.1:9252/", "http://127.0.0.1:9252/orders", "http://127.0.0.1:9252/nodes"),
    seconds=40,
)

ADMINER = Recipe(
    name="adminer",
    packages=("apache2", "libapache2-mod-php", "php-sqlite3", "php-curl", "adminer", "git", "unzip"),
    env=SYSTEM | {"APACHE_CONFDIR": "/etc/apache2", "APACHE_ENVVARS": "/etc/apache2/envvars"},
    folder="/var/www/html",
    entrypoint=("docker-php-entrypoint",),
    cmd=("apache2-foreground",),
    files={
        "usr/local/bin/docker-php-entrypoint": """#!/bin/sh
set -e
# first arg is `-f` or `--some-option`
if [ "${1#-}" != "$1" ]; then
\tset -- apache2-foreground "$@"
fi
exec "$@"
""",
        "usr/local/bin/apache2-foreground": """#!/bin/bash
set -e
: "${APACHE_CONFDIR:=/etc/apache2}"
: "${APACHE_ENVVARS:=$APACHE_CONFDIR/envvars}"
if test -f "$APACHE_ENVVARS"; then
\t. "$APACHE_ENVVARS"
fi
: "${APACHE_RUN_DIR:=/var/run/apache2}"
: "${APACHE_PID_FILE:=$APACHE_RUN_DIR/apache2.pid}"
rm -f "$APACHE_PID_FILE"
for e in "${!APACHE_@}"; do
\tif [[ "$e" == *_DIR ]] && [[ "${!e}" == /* ]]; then
\t\tdir="${!e}"
\t\tmkdir -p "$dir"
\tfi
done
exec apache2 -DFOREGROUND "$@"
""",
        "var/www/html/index.php": """<?php
$db = new PDO('sqlite::memory:');
echo json_encode($db->query('select 1')->fetchAll());
""",
        "etc/apache2/ports.conf": "Listen 127.0.0.1:9254\n",
    },
    prepare=("a2enconf adminer || true", "sed -i 's/:80>/:9254>/' /etc/apache2/sites-available/000-default.conf"),
    asks=("http://127.0.0.1:9254/index.php", "http://127.0.0.1:9254/adminer/", "http://127.0.0.1:9254/adminer"),
    seconds=25,
)

NINTH = (WAGTAIL, NODE_RED, ADMINER)
