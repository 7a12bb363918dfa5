"""Four images of applications that no earlier set has, recorded before the analysis was asked of them.

A web application in Python, a service in Node.js, a daemon of Debian and a Java archive that holds all it needs, each
with tools that it never uses. Their recipes were written before the changes that they measure.
"""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

DEVPI = Recipe(
    name="devpi",
    packages=("python3", "python3-venv", "curl", "git", "less", "rsync"),
    python=("devpi-server", "devpi-web", "ipython", "pytest", "boto3"),
    env=VENV | {"DEVPISERVER_SERVERDIR": "/data", "PORT": "9261"},
    entrypoint=("/app/entrypoint.sh",),
    cmd=("devpi-server", "--host", "127.0.0.1", "--port", "9261"),
    files={
        "app/entrypoint.sh": """#!/bin/bash
set -e
function initialise {
    devpi-init --serverdir "$DEVPISERVER_SERVERDIR" --no-root-pypi
}
if [ "$1" = "devpi-server" ] && [ ! -f "$DEVPISERVER_SERVERDIR/.serverversion" ]; then
    initialise
fi
exec "$@"
""",
    },
    prepare=("mkdir -p /data",),
    asks=("http://127.0.0.1:9261/", "http://127.0.0.1:9261/+api", "http://127.0.0.1:9261/+search?query=shop"),
    seconds=60,
)

VERDACCIO = Recipe(
    name="verdaccio",
    packages=("nodejs", "npm", "dumb-init", "openssl", "jq", "git"),
    npm=("verdaccio", "typescript", "eslint", "autocannon"),
    env=SYSTEM | {"NODE_ENV": "production", "VERDACCIO_PORT": "9262", "VERDACCIO_ADDRESS": "127.0.0.1"},
    entrypoint=("/app/docker-bin/uid_entrypoint",),
    cmd=(
        "/bin/sh",
        "-c",
        "node_modules/.bin/verdaccio --config /app/conf/config.yaml --listen $VERDACCIO_ADDRESS:$VERDACCIO_PORT",
    ),
    files={
        "app/docker-bin/uid_entrypoint": """#!/bin/sh
if ! whoami > /dev/null 2>&1; then
  if [ -w /etc/passwd ]; then
    echo "${VERDACCIO_USER_NAME:-default}:x:$(id -u):0::${HOME}:/sbin/nologin" >> /etc/passwd
  fi
fi
exec /usr/bin/dumb-init -- "$@"
""",
        "app/conf/config.yaml": """storage: /data/storage
auth:
  htpasswd:
    file: /data/htpasswd
packages:
  "**":
    access: $all
    publish: $authenticated
middlewares:
  audit:
    enabled: false
log: {type: stdout, format: pretty, level: http}
""",
    },
    prepare=("mkdir -p /data/storage",),
    asks=(
        "http://127.0.0.1:9262/",
        "http://127.0.0.1:9262/-/ping",
        "http://127.0.0.1:9262/-/verdaccio/data/packages",
        "http://127.0.0.1:9262/left-pad",
    ),
    seconds=40,
)

DOVECOT = Recipe(
    name="dovecot",
    packages=("dovecot-imapd", "dovecot-pop3d", "dovecot-sqlite", "tini", "curl", "telnet", "vim-tiny"),
    env=SYSTEM,
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("/usr/sbin/dovecot", "-F"),
    files={
        "etc/dovecot/dovecot.conf": """dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
protocols = imap pop3
listen = 127.0.0.1
log_path = /dev/stderr
ssl = no
mail_driver = maildir
mail_path = /tmp/mail/%{user}
passdb passwd-file {
  passwd_file_path = /etc/dovecot/users
}
userdb static {
  fields {
    uid = mail
    gid = mail
    home = /tmp/mail/%{user}
  }
}
service imap-login {
  inet_listener imap {
    port = 9263
  }
}
service pop3-login {
  inet_listener pop3 {
    port = 9264
  }
}
""",
        "etc/dovecot/users": "shop:{PLAIN}for-a-test\n",
    },
    asks=("http://127.0.0.1:9263/", "http://127.0.0.1:9264/"),
    seconds=20,
)

SELENIUM = Recipe(
    name="selenium",
    packages=("default-jre-headless", "nodejs", "npm", "supervisor", "wget", "xz-utils"),
    npm=("selenium-server",),
    env=SYSTEM | {"JAVA_OPTS": "-Xmx256m", "SE_OPTS": "-port 9265 -host 127.0.0.1"},
    entrypoint=("/app/entry_point.sh",),
    files={
        "app/entry_point.sh": """#!/usr/bin/env bash
exec supervisord --configuration /etc/supervisor/selenium.conf
""",
        "app/start-selenium.sh": """#!/usr/bin/env bash
set -e
if [ -n "$SE_LOG_LEVEL" ]; then
  SE_OPTS="$SE_OPTS --log-level $SE_LOG_LEVEL"
fi
exec java ${JAVA_OPTS} -jar /opt/selenium/selenium-server.jar ${SE_OPTS}
""",
        "etc/supervisor/selenium.conf": """[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0
pidfile=/tmp/supervisord.pid

[program:selenium]
command=/app/start-selenium.sh
stdout_logfile=/dev/fd/1
stdout_logfile_maxbytes=0
""",
    },
    prepare=(
        "mkdir -p /opt/selenium",
        "mv \"$(find /app/node_modules/selenium-server -name '*.jar' | head -n 1)\" /opt/selenium/selenium-server.jar",
    ),
    asks=("http://127.0.0.1:9265/", "http://127.0.0.1:9265/wd/hub/status", "http://127.0.0.1:9265/wd/hub/static/"),
    seconds=40,
)

TENTH = (DEVPI, VERDACCIO, DOVECOT, SELENIUM)
