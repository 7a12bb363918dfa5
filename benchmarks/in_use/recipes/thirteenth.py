"""The best known servers and applications that no earlier set has, recorded before the analysis was asked of them.

The rule, written before the first was built: a cache, a directory, file sharing, a sign-in service, a key-value store,
a store of a cluster, monitoring, a collector of figures, a mail filter, a web log of PHP with its database, a servlet
container by modules, and a configuration run in Ruby, each the best known that Debian has; a workflow server, a
server of experiments, workers under a process manager and a server of documentation of PyPI; of npm Next.js and Nuxt
as they are built for images, a registry, a hub for a home and a site generator. Each has what developers leave in:
compilers, version control, test runners. Written by an engineer who had read neither the analysis nor what it says.
"""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe
from benchmarks.in_use.recipes.twelfth import ALL_TOOLS, BUILD, HOSTS

VARNISH = Recipe(
    name="varnish",
    packages=("varnish", "varnish-modules", "nginx-light", "tini", *ALL_TOOLS),
    env=SYSTEM | {"VARNISH_VCL_FILE": "/etc/varnish/shop.vcl", "VARNISH_HTTP_PORT": "9501", "VARNISH_SIZE": "64M"},
    folder="/etc/varnish",
    entrypoint=("tini", "--", "/usr/local/bin/docker-varnish-entrypoint"),
    files=HOSTS
    | {
        "usr/local/bin/docker-varnish-entrypoint": """#!/bin/sh
set -e

if [ "$#" -eq 0 ] || [ "${1#-}" != "$1" ]; then
    set -- varnishd \\
        -F \\
        -f "$VARNISH_VCL_FILE" \\
        -a "http=127.0.0.1:${VARNISH_HTTP_PORT:-80},HTTP" \\
        -p feature=+http2 \\
        -s "malloc,$VARNISH_SIZE" \\
        "$@"
fi

exec "$@"
""",
        "etc/varnish/shop.vcl": """vcl 4.1;
import std;
import header;
backend default none;
sub vcl_recv {
    if (req.url ~ "^/up") { return (synth(200, "up")); }
    std.log("asked " + req.url);
    return (synth(404));
}
sub vcl_synth { header.append(resp.http.X-Shop, "one"); }
""",
    },
    asks=tuple(f"http://127.0.0.1:9501/{path}" for path in ("", "up", "nothing")),
    seconds=15,
)

SLAPD = Recipe(
    name="slapd",
    packages=("slapd", "ldap-utils", "slapd-contrib", "python3", "gosu", *ALL_TOOLS),
    env=SYSTEM | {"LDAP_PORT": "9503", "LDAP_LOG_LEVEL": "256"},
    folder="/",
    entrypoint=("/usr/local/bin/entrypoint.sh",),
    files=HOSTS
    | {
        "usr/local/bin/entrypoint.sh": """#!/bin/bash
set -eo pipefail
ulimit -n 1024

if [[ ! -e /var/lib/shop-ldap/data.mdb ]]; then
    mkdir -p /var/lib/shop-ldap
    slapadd -f /etc/ldap/slapd.conf -l /etc/ldap/shop.ldif
fi
for script in /docker-entrypoint.d/*.sh; do
    [ -f "$script" ] && . "$script"
done
exec slapd -h "ldap://127.0.0.1:${LDAP_PORT}/" -f /etc/ldap/slapd.conf -d "${LDAP_LOG_LEVEL:-0}"
""",
        "docker-entrypoint.d/10-check.sh": "( sleep 4; ldapsearch -x -H ldap://127.0.0.1:9503 -b dc=shop,dc=example "
        "-D cn=admin,dc=shop,dc=example -w one '(uid=*)' ) &\n",
        "etc/ldap/slapd.conf": """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
moduleload pw-pbkdf2
pidfile /tmp/slapd.pid
database mdb
suffix "dc=shop,dc=example"
rootdn "cn=admin,dc=shop,dc=example"
rootpw one
directory /var/lib/shop-ldap
overlay memberof
index objectClass eq
""",
        "etc/ldap/shop.ldif": """dn: dc=shop,dc=example
objectClass: dcObject
objectClass: organization
dc: shop
o: Shop

dn: uid=one,dc=shop,dc=example
objectClass: inetOrgPerson
uid: one
cn: One
sn: One
""",
    },
    seconds=15,
)

SAMBA = Recipe(
    name="samba",
    packages=("samba", "smbclient", "tini", "samba-vfs-modules", *BUILD),
    env=SYSTEM | {"SHARE": "/srv/share"},
    folder="/",
    entrypoint=("tini", "--", "/usr/bin/samba.sh"),
    cmd=("-n",),
    files=HOSTS
    | {
        "usr/bin/samba.sh": """#!/usr/bin/env bash
set -o nounset

usage() {
    echo "Usage: ${0##*/} [-opt] [command]" >&2
    exit "${1:-0}"
}

nmb=0
while getopts ":hn" opt; do
    case "$opt" in
        h) usage ;;
        n) nmb=1 ;;
        *) usage 1 ;;
    esac
done
shift $((OPTIND - 1))
mkdir -p "$SHARE" && chmod 777 "$SHARE"

if [[ $# -ge 1 && -x $(which "$1" 2>&-) ]]; then
    exec "$@"
elif ps -ef 2>/dev/null | grep -E -v grep | grep -q smbd-shop; then
    echo "Service already running, please restart container to apply changes"
else
    ( sleep 5; while sleep 3; do smbclient -p 9504 -N -c 'ls' //127.0.0.1/share; done ) &
    exec ionice -c 3 smbd --foreground --no-process-group --debug-stdout --port=9504 < /dev/null
fi
""",
        "etc/samba/smb.conf": """[global]
workgroup = SHOP
server role = standalone server
map to guest = bad user
interfaces = 127.0.0.1
bind interfaces only = yes
disable netbios = yes
disable spoolss = yes
[share]
path = /srv/share
guest ok = yes
read only = no
vfs objects = catia fruit streams_xattr
""",
    },
    seconds=25,
)

FREERADIUS = Recipe(
    name="freeradius",
    packages=("freeradius", "freeradius-utils", "freeradius-rest", "freeradius-python3", *ALL_TOOLS),
    env=SYSTEM | {"LANG": "C.UTF-8"},
    folder="/",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("freeradius",),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/bin/sh
set -e

# this if will check if the first argument is a flag
if [ "$#" -eq 0 ] || [ "${1#-}" != "$1" ]; then
    set -- freeradius "$@"
fi

# check for the expected command
if [ "$1" = 'freeradius' ]; then
    shift
    sh -c 'sleep 6; while sleep 3; do echo "User-Name=one,User-Password=two" |
        radclient 127.0.0.1:1812 auth testing123; done' &
    exec freeradius -f -l stdout "$@"
fi

# many people are likely to call "radiusd" as well, so allow that
if [ "$1" = 'radiusd' ]; then
    shift
    exec freeradius -f "$@"
fi

# else default to run whatever the user wanted like "bash" or "sh"
exec "$@"
""",
        "etc/freeradius/3.0/mods-config/files/authorize": 'one Cleartext-Password := "two"\n',
    },
    seconds=20,
)

VALKEY = Recipe(
    name="valkey",
    packages=("valkey-server", "valkey-tools", "gosu", "tcl", "python3", *ALL_TOOLS),
    env=SYSTEM | {"VALKEY_VERSION": "8.1.1"},
    folder="/data",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("valkey-server", "/usr/local/etc/valkey.conf"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/sh
set -e

# first arg is `-f` or `--some-option`
# or first arg is `something.conf`
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
    set -- valkey-server "$@"
fi

# allow the container to be started with `--user`
if [ "$1" = 'valkey-server' -a "$(id -u)" = '0' ]; then
    find . \\! -user valkey -exec chown valkey '{}' +
    exec gosu valkey "$0" "$@"
fi

# set an appropriate umask (if one isn't set already)
um="$(umask)"
if [ "$um" = '0022' ]; then
    umask 0077
fi

exec "$@" $VALKEY_EXTRA_FLAGS
""",
        "usr/local/etc/valkey.conf": "bind 127.0.0.1\nport 9506\nsave 2 1\nappendonly yes\n",
    },
    asks=("http://127.0.0.1:9506/",),
    seconds=12,
)

ETCD = Recipe(
    name="etcd",
    packages=("etcd-server", "etcd-client", "golang-go", "python3-pip", *ALL_TOOLS),
    env=SYSTEM,
    folder="/var/lib/etcd",
    entrypoint=("/usr/bin/etcd",),
    cmd=(
        "--name=one",
        "--data-dir=/tmp/etcd",
        "--listen-client-urls=http://127.0.0.1:9507",
        "--advertise-client-urls=http://127.0.0.1:9507",
        "--listen-peer-urls=http://127.0.0.1:9508",
    ),
    files=HOSTS,
    asks=tuple(f"http://127.0.0.1:9507/{path}" for path in ("health", "version", "metrics", "v3/kv/range")),
    seconds=12,
)

NAGIOS = Recipe(
    name="nagios",
    packages=("nagios4", "monitoring-plugins-basic", "apache2", "libapache2-mod-php", "runit", "curl", *ALL_TOOLS),
    env=SYSTEM | {"NAGIOS_TIMEZONE": "UTC"},
    folder="/",
    entrypoint=("/usr/local/bin/start_nagios",),
    files=HOSTS
    | {
        "usr/local/bin/start_nagios": """#!/bin/bash
. /etc/apache2/envvars

if [ -n "$NAGIOS_TIMEZONE" ]; then
    sed -i "s#use_timezone=.*#use_timezone=${NAGIOS_TIMEZONE}#" /etc/nagios4/nagios.cfg
fi
shutdown() {
    echo Shutting Down
    ls /etc/sv-nagios | SHELL=/bin/sh parallel --no-notice sv force-stop {}
    kill -HUP "$RUNSVDIR"
    wait "$RUNSVDIR"
    exit
}
/usr/sbin/nagios4 -v /etc/nagios4/nagios.cfg
env > /tmp/runit-env
exec env - PATH="$PATH" runsvdir -P /etc/sv-nagios &
RUNSVDIR=$!
trap shutdown SIGTERM SIGHUP SIGINT
wait "$RUNSVDIR"
shutdown
""",
        "etc/sv-nagios/apache/run": "#!/bin/bash\n. /etc/apache2/envvars\nmkdir -p /run/apache2\n"
        "exec /usr/sbin/apache2 -D FOREGROUND\n",
        "etc/sv-nagios/nagios/run": "#!/bin/sh\nexec 2>&1\nexec /usr/sbin/nagios4 /etc/nagios4/nagios.cfg\n",
        "etc/apache2/ports.conf": "Listen 127.0.0.1:9509\n",
    },
    prepare=(
        "sed -i 's/:80>/:9509>/' /etc/apache2/sites-available/000-default.conf",
        "sed -i 's/^interval_length=.*/interval_length=1/' /etc/nagios4/nagios.cfg",
        "sed -i 's/AuthDigest.*//; s/AuthType.*//; s/AuthUserFile.*//; s/Require.*/Require all granted/' "
        "/etc/nagios4/apache2.conf",
        "a2enmod cgi && a2enconf nagios4-cgi || true",
    ),
    asks=tuple(
        f"http://127.0.0.1:9509/{path}"
        for path in ("", "nagios4/", "nagios4/cgi-bin/tac.cgi", "cgi-bin/nagios4/tac.cgi", "nagios4/main.php")
    ),
    seconds=45,
)

COLLECTD = Recipe(
    name="collectd",
    packages=("collectd-core", "libpq5", "libmicrohttpd12t64", "libprotobuf-c1", "snmp", "tini", *ALL_TOOLS),
    env=SYSTEM,
    folder="/",
    entrypoint=("tini", "--"),
    cmd=("collectd", "-f", "-C", "/etc/collectd/shop.conf"),
    files=HOSTS
    | {
        "etc/collectd/shop.conf": """Interval 2
TypesDB "/usr/share/collectd/types.db"
<LoadPlugin exec>
  Interval 3
</LoadPlugin>
LoadPlugin logfile
LoadPlugin cpu
LoadPlugin memory
LoadPlugin df
LoadPlugin curl
LoadPlugin write_prometheus
<Plugin logfile>
  File STDOUT
</Plugin>
<Plugin exec>
  Exec "nobody" "/usr/local/lib/shop/orders.sh"
</Plugin>
<Plugin curl>
  <Page "self">
    URL "http://127.0.0.1:9510/metrics"
    MeasureResponseTime true
  </Page>
</Plugin>
<Plugin write_prometheus>
  Host "127.0.0.1"
  Port "9510"
</Plugin>
Include "/etc/collectd/shop.d/*.conf"
""",
        "etc/collectd/shop.d/python.conf": "LoadPlugin load\nLoadPlugin uptime\n",
        "usr/local/lib/shop/orders.sh": """#!/bin/bash
while sleep 2; do
    n=$(find /srv -type f | wc -l | awk '{print $1}')
    echo "PUTVAL \\"shop/orders/gauge-open\\" interval=2 N:$n"
done
""",
    },
    asks=("http://127.0.0.1:9510/metrics",),
    seconds=15,
)

RSPAMD = Recipe(
    name="rspamd",
    packages=("rspamd", "postfix", "postfix-pcre", "valkey-server", "runit", "swaks", "logrotate", *BUILD),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/local/bin/start-mail",),
    files=HOSTS
    | {
        "usr/local/bin/start-mail": """#!/bin/bash
set -euo pipefail
postconf -e 'inet_interfaces = 127.0.0.1' 'smtpd_milters = inet:127.0.0.1:11332' 'maillog_file = /dev/stdout'
postconf -Me 'smtp/inet=9525 inet n - n - - smtpd' || true
mkdir -p /run/rspamd && chown _rspamd /run/rspamd
( sleep 12; while sleep 4; do swaks --server 127.0.0.1:11332 --to root@localhost > /dev/null 2>&1 || true
  printf 'Subject: one\\n\\nHello http://shop.example\\n' | rspamc -h 127.0.0.1:11334 || true
  printf 'Subject: one\\n\\nHello\\n' | sendmail root@localhost || true; done ) &
exec runsvdir /etc/sv-shop
""",
        "etc/sv-shop/rspamd/run": "#!/bin/sh\nexec 2>&1\nexec rspamd -f -u _rspamd -g _rspamd\n",
        "etc/sv-shop/postfix/run": "#!/bin/sh\nexec 2>&1\nexec /usr/sbin/postfix -c /etc/postfix start-fg\n",
        "etc/sv-shop/store/run": "#!/bin/sh\nexec chpst -u _rspamd valkey-server --port 9511 --bind 127.0.0.1\n",
        "etc/rspamd/local.d/redis.conf": 'servers = "127.0.0.1:9511";\n',
    },
    asks=("http://127.0.0.1:11334/", "http://127.0.0.1:11334/stat", "http://127.0.0.1:11334/symbols"),
    seconds=45,
)

WORDPRESS = Recipe(
    name="wordpress",
    packages=(
        *("wordpress", "apache2", "libapache2-mod-php", "php-mysql", "php-gd", "php-intl", "mariadb-server"),
        *("supervisor", "ghostscript", "less", "nodejs", "composer", *BUILD),
    ),
    env=SYSTEM | {"WORDPRESS_DB_HOST": "127.0.0.1", "APACHE_CONFDIR": "/etc/apache2"},
    folder="/usr/share/wordpress",
    entrypoint=("docker-entrypoint.sh",),
    cmd=("supervisord", "-n", "-c", "/etc/supervisor/shop.conf"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/usr/bin/env bash
set -Eeuo pipefail

if [[ "$1" == apache2* ]] || [[ "$1" == supervisor* ]]; then
    uid="$(id -u)"
    if [ "$uid" = '0' ]; then
        case "$1" in
            apache2*)
                user="${APACHE_RUN_USER:-www-data}"
                user="${user#'#'}"
                ;;
            *) user='www-data' ;;
        esac
    else
        user="$uid"
    fi
    if [ ! -d /var/lib/mysql/mysql ]; then
        mariadb-install-db --user=mysql --skip-test-db > /dev/null
    fi
    mkdir -p /run/mysqld /run/apache2 && chown mysql /run/mysqld
    echo >&2 "WordPress runs as $user"
fi

exec "$@"
""",
        "etc/supervisor/shop.conf": """[supervisord]
nodaemon=true
user=root
logfile=/dev/null
logfile_maxbytes=0
[program:store]
command=/usr/sbin/mariadbd --user=mysql --port=9512 --bind-address=127.0.0.1 --init-file=/etc/mysql/shop.sql
priority=1
[program:web]
command=/usr/local/bin/apache2-foreground
[program:install]
command=/bin/sh -c "sleep 8; php /srv/install.php"
autorestart=false
startsecs=0
""",
        "usr/local/bin/apache2-foreground": """#!/bin/bash
set -e
: "${APACHE_CONFDIR:=/etc/apache2}"
: "${APACHE_ENVVARS:=$APACHE_CONFDIR/envvars}"
if test -f "$APACHE_ENVVARS"; then
    . "$APACHE_ENVVARS"
fi
: "${APACHE_RUN_DIR:=/var/run/apache2}"
: "${APACHE_PID_FILE:=$APACHE_RUN_DIR/apache2.pid}"
rm -f "$APACHE_PID_FILE"
exec apache2 -DFOREGROUND "$@"
""",
        "etc/mysql/shop.sql": "CREATE DATABASE IF NOT EXISTS shop;\n"
        "CREATE USER IF NOT EXISTS 'shop'@'127.0.0.1' IDENTIFIED BY 'one';\n"
        "GRANT ALL ON shop.* TO 'shop'@'127.0.0.1';\n",
        "etc/wordpress/config-default.php": "<?php\ndefine('DB_NAME', 'shop');\ndefine('DB_USER', 'shop');\n"
        "define('DB_PASSWORD', 'one');\ndefine('DB_HOST', '127.0.0.1:9512');\n"
        "define('WP_CONTENT_DIR', '/var/lib/wordpress/wp-content');\n",
        "etc/apache2/ports.conf": "Listen 127.0.0.1:9513\n",
        "etc/apache2/sites-enabled/000-default.conf": """<VirtualHost *:9513>
  DocumentRoot /usr/share/wordpress
  <Directory /usr/share/wordpress>
    Options FollowSymLinks
    DirectoryIndex index.php
    Require all granted
  </Directory>
  Alias /wp-content /var/lib/wordpress/wp-content
  <Directory /var/lib/wordpress/wp-content>
    Require all granted
  </Directory>
</VirtualHost>
""",
        "srv/install.php": """<?php
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = '127.0.0.1:9513';
require '/usr/share/wordpress/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
if (!is_blog_installed()) {
    wp_install('Shop', 'one', 'one@shop.example', true, '', 'a-long-word');
}
""",
    },
    prepare=(
        "cp /etc/wordpress/config-default.php /etc/wordpress/config-127.0.0.1.php",
        "rm -rf /var/lib/mysql && mkdir /var/lib/mysql && chown mysql /var/lib/mysql",
    ),
    asks=tuple(
        f"http://127.0.0.1:9513/{path}" for path in ("", "?feed=rss2", "?rest_route=/wp/v2/posts", "wp-login.php")
    ),
    seconds=60,
)

JETTY = Recipe(
    name="jetty",
    packages=("jetty12", "openjdk-21-jdk-headless", "maven", "libjsp-api-java", *BUILD),
    env=SYSTEM | {"JETTY_HOME": "/usr/share/jetty12", "JETTY_BASE": "/srv/jetty", "TMPDIR": "/tmp"},
    folder="/srv/jetty",
    entrypoint=("/docker-entrypoint.sh",),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/bin/sh
set -e

if [ "$1" = jetty.sh ]; then
    echo 'jetty.sh is not supported in this image' >&2
    exit 1
fi
if ! command -v -- "$1" >/dev/null 2>&1; then
    set -- java -jar "$JETTY_HOME/start.jar" "$@"
fi
: ${TMPDIR:=/tmp/jetty}
[ -d "$TMPDIR" ] || mkdir -p "$TMPDIR" 2>/dev/null
if [ -n "$JETTY_PROPERTIES" ]; then
    set -- "$@" $JETTY_PROPERTIES
fi
exec "$@"
""",
        "srv/jetty/start.d/http.ini": "--module=http\njetty.http.host=127.0.0.1\njetty.http.port=9514\n",
        "srv/jetty/start.d/deploy.ini": "--module=core-deploy\n--module=requestlog\n--module=gzip\n",
        "srv/jetty/webapps/shop/index.html": "<h1>Shop</h1>\n",
    },
    asks=tuple(f"http://127.0.0.1:9514/{path}" for path in ("", "shop/", "shop/index.html", "nothing")),
    seconds=30,
)

PUPPET = Recipe(
    name="puppet",
    packages=("puppet-agent", "ruby-dev", "puppet-lint", "augeas-tools", "lsb-release", "hiera-eyaml", *ALL_TOOLS),
    env=SYSTEM | {"LANG": "C.UTF-8"},
    folder="/srv/site",
    entrypoint=("puppet", "apply"),
    cmd=("--modulepath=/srv/site/modules", "--hiera_config=/srv/site/hiera.yaml", "site.pp"),
    files=HOSTS
    | {
        "srv/site/site.pp": "node default {\n  include shop\n}\n",
        "srv/site/hiera.yaml": "---\nversion: 5\nhierarchy:\n  - name: all\n    path: common.yaml\n"
        "    datadir: data\n    data_hash: yaml_data\n",
        "srv/site/data/common.yaml": "---\nshop::port: 80\n",
        "srv/site/modules/shop/manifests/init.pp": """class shop (Integer $port) {
  package { 'curl': ensure => installed }
  file { '/tmp/shop': ensure => directory }
  -> file { '/tmp/shop/shop.conf': content => epp('shop/shop.conf.epp', { 'port' => $port }) }
  ~> exec { 'check': command => '/usr/bin/wc -l /tmp/shop/shop.conf', refreshonly => true }
  user { 'shop': ensure => present, shell => '/bin/false' }
  cron { 'report': command => '/bin/true', hour => 3 }
}
""",
        "srv/site/modules/shop/templates/shop.conf.epp": "<%- | $port | -%>\nport=<%= $port %>\n"
        "name=<%= $facts['networking'] ? { undef => 'x', default => 'y' } %>\n",
    },
    seconds=40,
)

AIRFLOW = Recipe(
    name="airflow",
    packages=(
        *("python3", "python3-venv", "dumb-init", "netcat-openbsd", "libpq5", "postgresql-client", "rsync", "sudo"),
        *("gosu", "openssh-client", "sasl2-bin", "sqlite3", *BUILD),
    ),
    python=(
        *("apache-airflow", "apache-airflow-providers-http", "apache-airflow-providers-ssh", "redis", "pandas"),
        *("ipython", "pytest", "ruff"),
    ),
    env=VENV
    | {
        "AIRFLOW_HOME": "/tmp/airflow",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "LANG": "C.UTF-8",
        "AIRFLOW__CORE__DAGS_FOLDER": "/opt/airflow/dags",
        "AIRFLOW__API__PORT": "9515",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "DUMB_INIT_SETSID": "1",
        "AIRFLOW__API__WORKERS": "1",
    },
    folder="/opt/airflow",
    entrypoint=("/usr/bin/dumb-init", "--", "/entrypoint"),
    cmd=("standalone",),
    files=HOSTS
    | {
        "entrypoint": """#!/usr/bin/env bash
set -euo pipefail

AIRFLOW_COMMAND="${1:-}"

function run_check_with_retries {
    local cmd=$1
    local countdown=5
    while true; do
        if ${cmd} > /dev/null 2>&1; then break; fi
        countdown=$((countdown - 1))
        if [[ ${countdown} == 0 ]]; then return 1; fi
        sleep 1
    done
}

function exec_to_bash_or_python_command_if_specified {
    if [[ ${AIRFLOW_COMMAND} == "bash" ]]; then
        shift
        exec "/bin/bash" "${@}"
    elif [[ ${AIRFLOW_COMMAND} == "python" ]]; then
        shift
        exec "python" "${@}"
    fi
}

umask 0002
CONNECTION_CHECK_MAX_COUNT=${CONNECTION_CHECK_MAX_COUNT:=20}
if ! whoami &> /dev/null; then
    if [[ -w /etc/passwd ]]; then
        echo "${USER_NAME:-default}:x:$(id -u):0::/tmp:/sbin/nologin" >> /etc/passwd
    fi
fi
exec_to_bash_or_python_command_if_specified "${@}"
if [[ -n "${_PIP_ADDITIONAL_REQUIREMENTS=}" ]]; then
    pip install --no-cache-dir ${_PIP_ADDITIONAL_REQUIREMENTS}
fi
if [[ -n "${AIRFLOW_WAIT_FOR:=}" ]]; then run_check_with_retries "nc -zv ${AIRFLOW_WAIT_FOR} 5432"; fi
exec "airflow" "${@}"
""",
        "opt/airflow/dags/orders.py": """from datetime import datetime

from airflow.sdk import dag, task


@dag(schedule=None, start_date=datetime(2026, 1, 1), catchup=False)
def orders():
    @task
    def read():
        import pandas

        return int(pandas.DataFrame({"one": [1, 2]}).one.sum())

    read()


orders()
""",
    },
    asks=tuple(f"http://127.0.0.1:9515/{path}" for path in ("", "api/v2/monitor/health", "api/v2/version", "docs")),
    seconds=110,
)

MLFLOW = Recipe(
    name="mlflow",
    packages=("python3", "python3-venv", "git", "tini", "libpq-dev", "wget", *BUILD),
    python=("mlflow", "psycopg2-binary", "boto3", "google-cloud-storage", "pymysql", "pytest", "black", "notebook"),
    env=VENV | {"MLFLOW_DB": "sqlite:////tmp/mlflow.db", "LANG": "C.UTF-8"},
    cmd=(
        "/bin/sh",
        "-c",
        "mlflow db upgrade $MLFLOW_DB; mlflow server --backend-store-uri=$MLFLOW_DB "
        "--default-artifact-root=/tmp/mlruns --host=127.0.0.1 --port=9516 --workers=1",
    ),
    files=HOSTS,
    asks=tuple(
        f"http://127.0.0.1:9516/{path}"
        for path in ("", "health", "version", "api/2.0/mlflow/experiments/get?experiment_id=0", "metrics")
    ),
    seconds=90,
)

CIRCUS = Recipe(
    name="circus",
    packages=("python3", "python3-venv", "valkey-server", "tini", "procps", *BUILD),
    python=(
        *("circus", "celery[redis]", "flower", "msgpack", "sentry-sdk", "requests", "lxml", "pillow", "structlog"),
        *("pytest", "mypy", "ipython", "celery-types"),
    ),
    env=VENV | {"PYTHONPATH": "/app", "BROKER": "redis://127.0.0.1:9517/0", "LANG": "C.UTF-8"},
    entrypoint=("tini", "--"),
    cmd=("circusd", "/app/circus.ini"),
    files=HOSTS
    | {
        "app/circus.ini": """[circus]
endpoint = tcp://127.0.0.1:9518
pubsub_endpoint = tcp://127.0.0.1:9519
include = watchers/*.ini
[env]
BROKER = redis://127.0.0.1:9517/0
[watcher:store]
cmd = valkey-server --port 9517 --bind 127.0.0.1 --save ''
priority = 10
""",
        "app/watchers/work.ini": """[watcher:work]
cmd = celery
args = -A shop.tasks worker --pool=threads --concurrency=2 -E
copy_env = True
working_dir = /app
[watcher:beat]
cmd = celery -A shop.tasks beat -s /tmp/beat
copy_env = True
[watcher:flower]
cmd = celery -A shop.tasks flower --address=127.0.0.1 --port=9520
copy_env = True
""",
        "app/shop/__init__.py": "",
        "app/shop/tasks.py": """import os

from celery import Celery

app = Celery("shop", broker=os.environ["BROKER"], backend=os.environ["BROKER"])
app.conf.update(task_serializer="msgpack", result_serializer="msgpack", accept_content=["msgpack"])
app.conf.imports = ("shop.jobs.orders", "shop.jobs.pages")
app.conf.beat_schedule = {
    "orders": {"task": "orders", "schedule": 3.0},
    "page": {"task": "shop.jobs.pages.page", "schedule": 4.0},
}
""",
        "app/shop/jobs/__init__.py": "",
        "app/shop/jobs/orders.py": """from shop.tasks import app


@app.task(name="orders")
def orders():
    import structlog

    structlog.get_logger().info("orders")
    return 1
""",
        "app/shop/jobs/pages.py": """from shop.tasks import app


@app.task
def page():
    from lxml import html

    return html.fromstring("<p>one</p>").text
""",
    },
    asks=tuple(f"http://127.0.0.1:9520/{path}" for path in ("", "workers", "api/workers", "tasks", "metrics")),
    seconds=50,
)

MKDOCS = Recipe(
    name="mkdocs",
    packages=("python3", "python3-venv", "git", "fonts-dejavu", "libcairo2", "pngquant", "tini", *BUILD),
    python=(
        *("mkdocs-material", "mkdocstrings[python]", "mkdocs-redirects", "mkdocs-minify-plugin", "mkdocs-rss-plugin"),
        *("mkdocs-git-revision-date-localized-plugin", "mkdocs-macros-plugin", "mkdocs-awesome-pages-plugin"),
        *("pillow", "cairosvg", "mike", "pytest", "codespell", "pre-commit"),
    ),
    env=VENV | {"PACKAGES": "/opt/venv/lib/python3.13/site-packages", "PYTHONDONTWRITEBYTECODE": "1"},
    folder="/docs",
    entrypoint=("/usr/bin/tini", "--", "mkdocs"),
    cmd=("serve", "--dev-addr=127.0.0.1:9521"),
    files=HOSTS
    | {
        "docs/mkdocs.yml": """site_name: Shop
site_url: http://127.0.0.1:9521/
theme:
  name: material
  features: [navigation.tabs, search.suggest]
plugins:
  - search
  - minify: {minify_html: true}
  - redirects: {redirect_maps: {old.md: index.md}}
  - mkdocstrings: {handlers: {python: {paths: [src]}}}
  - macros
markdown_extensions:
  - admonition
  - pymdownx.superfences
  - pymdownx.highlight: {anchor_linenums: true}
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
      emoji_generator: !!python/name:material.extensions.emoji.to_svg
hooks: [hooks/one.py]
""",
        "docs/hooks/one.py": "def on_page_markdown(markdown, **_):\n    return markdown.replace('SHOP', 'Shop')\n",
        "docs/src/shop.py": 'def orders(name: str) -> int:\n    """Return the orders.\n\n    Args:\n'
        '        name: Whose.\n    """\n    return 1\n',
        "docs/docs/index.md": "# SHOP\n\n!!! note\n    one\n\n```python\nprint(1)\n```\n\n:smile:\n\n::: shop.orders\n",
        "docs/docs/two.md": "# Two\n\n{{ config.site_name }}\n",
    },
    asks=tuple(f"http://127.0.0.1:9521/{path}" for path in ("", "two/", "search/search_index.json", "nothing")),
    seconds=40,
)

NEXT = Recipe(
    name="next",
    packages=("nodejs", "npm", "dumb-init", "libc6", "openssl", *BUILD),
    npm=(
        *("next@15", "react@19", "react-dom@19", "zod", "pino", "date-fns", "sharp", "jose", "swr"),
        *("typescript@5", "@types/node@20", "@types/react@19", "eslint@9", "jest@29", "prettier", "tailwindcss@3"),
    ),
    env=SYSTEM | {"NODE_ENV": "production", "PORT": "9522", "HOSTNAME": "127.0.0.1", "NEXT_TELEMETRY_DISABLED": "1"},
    entrypoint=("dumb-init", "--"),
    cmd=("node", "server.js"),
    folder="/app",
    files=HOSTS
    | {
        "src/next.config.mjs": "export default { output: 'standalone', eslint: { ignoreDuringBuilds: true }, "
        "serverExternalPackages: ['pino'] };\n",
        "src/app/layout.js": "export default function Layout({ children }) {\n"
        "  return (<html><body>{children}</body></html>);\n}\n",
        "src/app/page.js": """import { format } from 'date-fns';

export const dynamic = 'force-dynamic';

export default function Page() {
  return (<h1>Shop {format(new Date(), 'yyyy-MM-dd')}</h1>);
}
""",
        "src/app/api/orders/route.js": """import pino from 'pino';
import { z } from 'zod';

const log = pino();
const Order = z.object({ name: z.string() });

export async function GET(ask) {
  const { SignJWT } = await import('jose');
  log.info('orders');
  const order = Order.safeParse({ name: new URL(ask.url).searchParams.get('name') });
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('one'));
  return Response.json({ ok: order.success, token });
}
""",
        "src/middleware.js": "export function middleware() {}\nexport const config = { matcher: '/nothing' };\n",
    },
    prepare=(
        "mv /app/package.json /app/package-lock.json /app/node_modules /src/ && cd /src && "
        "npx next build && rm -rf /app && cp -a .next/standalone /app && cp -a .next/static /app/.next/static && "
        "rm -rf .next",
    ),
    asks=tuple(
        f"http://127.0.0.1:9522/{path}"
        for path in ("", "api/orders?name=one", "_next/image?url=%2Fone.png&w=64&q=75", "nothing")
    ),
    seconds=30,
)

NUXT = Recipe(
    name="nuxt",
    packages=("nodejs", "npm", "tini", *BUILD),
    npm=(
        *("nuxt@3", "vue", "vue-router", "ofetch", "pino", "unstorage", "lru-cache"),
        *("typescript@5", "vitest@2", "eslint@9", "@nuxt/test-utils@3", "sass"),
    ),
    env=SYSTEM | {"NITRO_PORT": "9523", "NITRO_HOST": "127.0.0.1", "NUXT_TELEMETRY_DISABLED": "1"},
    entrypoint=("tini", "--"),
    cmd=("npm", "run", "start"),
    files=HOSTS
    | {
        "app/nuxt.config.ts": "export default { compatibilityDate: '2025-01-01', telemetry: false, "
        "nitro: { storage: { orders: { driver: 'fs', base: '/tmp/orders' } } } };\n",
        "app/app.vue": "<template><div><NuxtPage /></div></template>\n",
        "app/pages/index.vue": "<script setup>\nconst { data } = await useFetch('/api/orders')\n</script>\n"
        "<template><h1>{{ data }}</h1></template>\n",
        "app/server/api/orders.get.ts": "import pino from 'pino'\n\nconst log = pino()\n\n"
        "export default defineEventHandler(async () => {\n  log.info('orders')\n"
        "  await useStorage('orders').setItem('one', 1)\n  return useStorage('orders').getKeys()\n})\n",
    },
    prepare=("cd /app && npm pkg set scripts.start='node .output/server/index.mjs' && npx nuxi build",),
    asks=tuple(f"http://127.0.0.1:9523/{path}" for path in ("", "api/orders", "nothing")),
    seconds=30,
)

VERDACCIO = Recipe(
    name="verdaccio-13",
    packages=("nodejs", "npm", "dumb-init", "openssl", *ALL_TOOLS),
    npm=("verdaccio@6", "verdaccio-htpasswd", "verdaccio-audit", "verdaccio-memory", "eslint@9", "vitest@2"),
    env=SYSTEM
    | {
        "VERDACCIO_APPDIR": "/app",
        "VERDACCIO_PORT": "9524",
        "VERDACCIO_PROTOCOL": "http",
        "HOME": "/tmp",
        "PATH": f"/app/node_modules/.bin:{SYSTEM['PATH']}",
        "VERDACCIO_ADDRESS": "127.0.0.1",
    },
    entrypoint=("/usr/bin/dumb-init", "--", "uid_entrypoint"),
    cmd=(
        "/bin/sh",
        "-c",
        "verdaccio --config /app/conf/config.yaml --listen $VERDACCIO_PROTOCOL://$VERDACCIO_ADDRESS:$VERDACCIO_PORT",
    ),
    files=HOSTS
    | {
        "usr/local/bin/uid_entrypoint": """#!/bin/sh
if ! whoami > /dev/null 2>&1; then
    if [ -w /etc/passwd ]; then
        echo "${VERDACCIO_USER_NAME:-default}:x:$(id -u):0:user:${HOME}:/sbin/nologin" >> /etc/passwd
    fi
fi
exec "$@"
""",
        "app/conf/config.yaml": """storage: /tmp/storage
plugins: /app/plugins
auth:
  htpasswd:
    file: /tmp/htpasswd
store:
  memory:
    limit: 1000
packages:
  "**":
    access: $all
    publish: $all
middlewares:
  audit:
    enabled: true
log: { type: stdout, format: pretty, level: http }
web: { title: Shop }
""",
    },
    asks=tuple(f"http://127.0.0.1:9524/{path}" for path in ("", "-/ping", "one", "-/verdaccio/data/packages")),
    seconds=30,
)

HOMEBRIDGE = Recipe(
    name="homebridge",
    packages=("nodejs", "npm", "tini", "libavahi-compat-libdnssd-dev", "sudo", "net-tools", "ffmpeg", *BUILD),
    npm=(
        *("homebridge@1", "homebridge-dummy", "homebridge-http-webhooks", "homebridge-mqttthing", "homebridge-cmd4"),
        *("pm2", "typescript@5", "eslint@9"),
    ),
    env=SYSTEM | {"UIX_BASE_PATH": "/app", "LANG": "C.UTF-8", "TZ": "Etc/UTC"},
    entrypoint=("tini", "--", "/app/init.sh"),
    files=HOSTS
    | {
        "app/init.sh": """#!/bin/sh
set -e
. /app/defaults/env.sh
[ -e "$STORAGE/config.json" ] || { mkdir -p "$STORAGE"; cp /app/defaults/config.json "$STORAGE/"; }
cd /app
exec node_modules/.bin/homebridge -U "$STORAGE" -P /app/node_modules --strict-plugin-resolution "$@"
""",
        "app/defaults/env.sh": "STORAGE=${STORAGE:-/tmp/homebridge}\nexport STORAGE\n",
        "app/defaults/config.json": '{"bridge": {"name": "Shop", "username": "CC:22:3D:E3:CE:30", "port": 9526, '
        '"pin": "031-45-154", "advertiser": "ciao", "bind": ["127.0.0.1"]}, "accessories": '
        '[{"accessory": "DummySwitch", "name": "One"}], "platforms": '
        '[{"platform": "HttpWebHooks", "webhook_port": "9527", "sensors": [{"id": "a", "name": "a", '
        '"type": "contact"}]}]}\n',
    },
    asks=("http://127.0.0.1:9526/", "http://127.0.0.1:9526/accessories", "http://127.0.0.1:9527/?accessoryId=a"),
    seconds=30,
)

DOCUSAURUS = Recipe(
    name="docusaurus",
    packages=("nodejs", "npm", "git", "rsync", "ca-certificates", *BUILD),
    npm=(
        *("@docusaurus/core@3.7", "@docusaurus/preset-classic@3.7", "@mdx-js/react@3", "clsx", "prism-react-renderer"),
        *("react@18", "react-dom@18", "typescript@5", "eslint@9", "prettier"),
    ),
    env=SYSTEM | {"NODE_ENV": "development", "LANG": "C.UTF-8"},
    folder="/app",
    cmd=("sh", "-c", "npm run docusaurus -- start --host 127.0.0.1 --port 9528 --no-open"),
    files=HOSTS
    | {
        "app/docusaurus.config.js": """module.exports = {
  title: 'Shop',
  url: 'http://127.0.0.1:9528',
  baseUrl: '/',
  onBrokenLinks: 'ignore',
  presets: [['classic', { docs: { routeBasePath: '/' }, blog: false, theme: { customCss: './src/one.css' } }]],
  themeConfig: { navbar: { title: 'Shop' } },
};
""",
        "app/src/one.css": "h1 { color: black }\n",
        "app/docs/intro.md": "---\nslug: /\n---\n# Shop\n\n```js\nlet one = 1;\n```\n",
        "app/docs/two.mdx": "# Two\n\nimport Tabs from '@theme/Tabs';\n\n<b>{1 + 1}</b>\n",
    },
    prepare=("cd /app && npm pkg set scripts.docusaurus=docusaurus",),
    asks=tuple(f"http://127.0.0.1:9528/{path}" for path in ("", "two", "main.js", "nothing")),
    seconds=75,
)

THIRTEENTH = (
    VARNISH,
    SLAPD,
    SAMBA,
    FREERADIUS,
    VALKEY,
    ETCD,
    NAGIOS,
    COLLECTD,
    RSPAMD,
    WORDPRESS,
    JETTY,
    PUPPET,
    AIRFLOW,
    MLFLOW,
    CIRCUS,
    MKDOCS,
    NEXT,
    NUXT,
    VERDACCIO,
    HOMEBRIDGE,
    DOCUSAURUS,
)
