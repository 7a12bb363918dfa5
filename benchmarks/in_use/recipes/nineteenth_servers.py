"""The nineteenth set's servers of the distribution, as their images start them."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL
from benchmarks.in_use.recipes.twelfth import HOSTS

_QUERY = "\x00\x22\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03{}\x04shop\x07example\x00\x00\x01\x00\x01"
"""A question of DNS over TCP for a name of three letters in shop.example."""

DNSMASQ = Recipe(
    name="dnsmasq",
    packages=(*FULL, "dnsmasq-base", "tini", "dnsutils"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("dnsmasq", "--keep-in-foreground", "--user=root", "--conf-file=/etc/dnsmasq.conf"),
    files=HOSTS
    | {
        "etc/dnsmasq.conf": """port=9971
listen-address=127.0.0.1
bind-interfaces
no-resolv
server=127.0.0.1#1
domain=shop.example
local=/shop.example/
addn-hosts=/etc/dnsmasq.hosts
address=/api.shop.example/127.0.0.9
cname=www.shop.example,web.shop.example
cache-size=500
log-queries
log-facility=-
pid-file=/tmp/dnsmasq.pid
conf-dir=/etc/dnsmasq.d,*.conf
""",
        "etc/dnsmasq.d/lab.conf": 'txt-record=lab.shop.example,"one"\nhost-record=lab.shop.example,127.0.0.7\n',
        "etc/dnsmasq.hosts": "127.0.0.8 web.shop.example\n",
    },
    sends=tuple(("tcp://127.0.0.1:9971", _QUERY.format(name)) for name in ("web", "api", "www", "lab", "not")),
    hangup=True,
    seconds=12,
)

VSFTPD = Recipe(
    name="vsftpd",
    packages=(*FULL, "vsftpd", "openssl"),
    env=SYSTEM | {"FTP_USER": "shop", "FTP_PASS": "secret-one", "PASV_ADDRESS": "127.0.0.1"},
    folder="/",
    entrypoint=("/usr/local/bin/docker-entrypoint.sh",),
    cmd=("/usr/sbin/vsftpd", "/etc/vsftpd/vsftpd.conf"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/bash
set -e

if [ "$1" = "/usr/sbin/vsftpd" ]; then
    mkdir -p "/home/$FTP_USER" /var/run/vsftpd/empty
    if ! id "$FTP_USER" > /dev/null 2>&1; then
        useradd -d "/home/$FTP_USER" -s /bin/bash "$FTP_USER"
    fi
    echo "$FTP_USER:$FTP_PASS" | chpasswd
    chown -R "$FTP_USER:" "/home/$FTP_USER"
    if [ -n "$PASV_ADDRESS" ]; then
        sed -i "s/^pasv_address=.*/pasv_address=$PASV_ADDRESS/" /etc/vsftpd/vsftpd.conf
    fi
fi

exec "$@"
""",
        "etc/vsftpd/vsftpd.conf": """listen=YES
listen_address=127.0.0.1
listen_port=9972
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
chroot_local_user=YES
allow_writeable_chroot=YES
pam_service_name=vsftpd
pasv_address=127.0.0.1
pasv_min_port=21100
pasv_max_port=21110
xferlog_enable=YES
vsftpd_log_file=/tmp/vsftpd.log
seccomp_sandbox=NO
""",
    },
    sends=(
        (
            "tcp://127.0.0.1:9972",
            "FEAT\nUSER shop\nPASS secret-one\nPWD\nMKD one\nPASV\nSIZE one\nSITE CHMOD 700 one\nQUIT\n",
        ),
        ("tcp://127.0.0.1:9972", "USER shop\nPASS wrong\nQUIT\n"),
        ("tcp://127.0.0.1:9972", "USER anonymous\nPASS a\nQUIT\n"),
    ),
    seconds=20,
)

ARIA = Recipe(
    name="aria2",
    packages=(*FULL, "aria2", "unzip", "jq"),
    env=SYSTEM | {"RPC_SECRET": "one", "PUID": "0"},
    folder="/downloads",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("aria2c", "--conf-path=/config/aria2.conf"),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/usr/bin/env bash
set -euo pipefail

mkdir -p /downloads /config
[ -e /config/aria2.session ] || touch /config/aria2.session
if [ "${1:-}" = "aria2c" ] && [ -n "${RPC_SECRET:-}" ]; then
    set -- "$@" "--rpc-secret=${RPC_SECRET}"
fi
exec "$@"
""",
        "config/aria2.conf": """dir=/downloads
input-file=/config/aria2.session
save-session=/config/aria2.session
enable-rpc=true
rpc-listen-port=9973
rpc-allow-origin-all=true
rpc-listen-all=false
disable-ipv6=true
continue=true
max-tries=1
log-level=notice
enable-dht=false
on-download-complete=/config/on-complete.sh
on-download-error=/config/on-error.sh
""",
        "config/on-complete.sh": """#!/bin/sh
case "$3" in
  *.zip) unzip -o "$3" -d /downloads ;;
  *) stat -c '%n %s' "$3" ;;
esac
""",
        "config/on-error.sh": """#!/bin/sh
echo "$(date -u +%F) $1 failed" >> /tmp/failed
""",
        "srv/robots.txt": "User-agent: *\n",
    },
    asks=("http://127.0.0.1:9973/", "http://127.0.0.1:9973/jsonrpc?method=aria2.getVersion&id=1&params=W10%3D"),
    sends=tuple(
        ("http://127.0.0.1:9973/jsonrpc", content)
        for content in (
            '{"jsonrpc": "2.0", "id": "1", "method": "aria2.getVersion", "params": ["token:one"]}',
            '{"jsonrpc": "2.0", "id": "2", "method": "aria2.addUri", "params": ["token:one", '
            '["http://127.0.0.1:9973/nothing.zip"]]}',
            '{"jsonrpc": "2.0", "id": "3", "method": "aria2.tellStopped", "params": ["token:one", 0, 10]}',
            '{"jsonrpc": "2.0", "id": "4", "method": "aria2.saveSession", "params": ["token:one"]}',
            '{"jsonrpc": "2.0", "id": "5", "method": "aria2.getGlobalStat", "params": ["token:no"]}',
        )
    ),
    seconds=15,
)

NGHTTPX = Recipe(
    name="nghttpx",
    packages=(*FULL, "nghttp2-proxy", "nghttp2-client"),
    env=SYSTEM,
    folder="/",
    cmd=("nghttpx", "--conf=/etc/nghttpx/nghttpx.conf"),
    files=HOSTS
    | {
        "etc/nghttpx/nghttpx.conf": """frontend=127.0.0.1,9974;no-tls
frontend=127.0.0.1,9975;no-tls;api
frontend=127.0.0.1,9976;no-tls;healthmon
backend=127.0.0.1,1;;proto=h2
backend=127.0.0.1,9976;/health
accesslog-file=/dev/stdout
errorlog-file=/dev/stderr
workers=2
user=root
single-process=no
add-response-header=x-shop: one
error-page=*=/etc/nghttpx/error.html
""",
        "etc/nghttpx/error.html": "<h1>later</h1>\n",
    },
    asks=(
        *("http://127.0.0.1:9974/", "http://127.0.0.1:9974/health", "http://127.0.0.1:9974/no?x=1"),
        *("http://127.0.0.1:9975/api/v1beta1/configrevision", "http://127.0.0.1:9976/"),
    ),
    sends=(
        ("http://127.0.0.1:9974/orders", '{"name": "one"}'),
        ("http://127.0.0.1:9975/api/v1beta1/backendconfig", "backend=127.0.0.1,9976\n"),
    ),
    seconds=12,
)

KEA = Recipe(
    name="kea",
    packages=("kea-ctrl-agent", "kea-common", "kea-admin", "curl", "procps", "iproute2", "tzdata"),
    env=SYSTEM | {"KEA_PIDFILE_DIR": "/tmp", "KEA_LOCKFILE_DIR": "/tmp"},
    folder="/",
    cmd=("/usr/sbin/kea-ctrl-agent", "-c", "/etc/kea/shop-agent.json"),
    files=HOSTS
    | {
        "etc/kea/shop-agent.json": """{
  "Control-agent": {
    "http-host": "127.0.0.1", "http-port": 9977,
    "control-sockets": {"dhcp4": {"socket-type": "unix", "socket-name": "/run/kea/kea4-ctrl-socket"}},
    "loggers": [{"name": "kea-ctrl-agent", "severity": "INFO", "output_options": [{"output": "stdout"}]}]
  }
}
""",
    },
    prepare=("mkdir -p /run/kea && chmod 750 /run/kea",),
    asks=("http://127.0.0.1:9977/",),
    sends=tuple(
        ("http://127.0.0.1:9977/", content)
        for content in (
            '{"command": "list-commands"}',
            '{"command": "version-get"}',
            '{"command": "config-get"}',
            '{"command": "config-get", "service": ["dhcp4"]}',
            '{"command": "config-reload"}',
            "{no",
        )
    ),
    hangup=True,
    seconds=12,
)

VICTORIA = Recipe(
    name="victoria",
    packages=(*FULL, "victoria-metrics"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/victoria-metrics",),
    cmd=("-storageDataPath=/tmp/metrics", "-httpListenAddr=127.0.0.1:9978", "-promscrape.config=/etc/scrape.yml"),
    files=HOSTS
    | {
        "etc/scrape.yml": "scrape_configs:\n  - job_name: self\n    scrape_interval: 2s\n    static_configs:\n"
        "      - targets: ['127.0.0.1:9978']\n",
    },
    asks=tuple(
        f"http://127.0.0.1:9978/{path}"
        for path in ("", "metrics", "api/v1/query?query=up", "api/v1/labels", "targets", "api/v1/query?query=(", "no")
    ),
    sends=(
        ("http://127.0.0.1:9978/api/v1/import/prometheus", "orders_total 1\n"),
        ("http://127.0.0.1:9978/write", "orders,shop=one value=1"),
        ("http://127.0.0.1:9978/snapshot/create", "a=1"),
    ),
    hangup=True,
    seconds=15,
)

PUSHGATEWAY = Recipe(
    name="pushgateway",
    packages=("prometheus-pushgateway", "dumb-init", "curl", "jq", "less", "vim-tiny", "netbase"),
    env=SYSTEM,
    folder="/pushgateway",
    entrypoint=("/usr/bin/dumb-init", "--"),
    cmd=(
        *("/usr/bin/prometheus-pushgateway", "--web.listen-address=127.0.0.1:9979", "--web.enable-admin-api"),
        *("--web.enable-lifecycle", "--persistence.file=/tmp/metrics.store", "--persistence.interval=2s"),
    ),
    files=HOSTS,
    asks=tuple(f"http://127.0.0.1:9979/{path}" for path in ("", "metrics", "api/v1/metrics", "-/ready", "no")),
    sends=(
        ("http://127.0.0.1:9979/metrics/job/nightly/instance/one", "orders_total 1\n"),
        ("http://127.0.0.1:9979/metrics/job/nightly", "not a metric\n"),
    ),
    seconds=12,
)

NTFY = Recipe(
    name="ntfy",
    packages=(*FULL, "ntfy"),
    env=SYSTEM,
    folder="/",
    entrypoint=("ntfy",),
    cmd=("serve", "--config", "/etc/ntfy/server.yml"),
    files=HOSTS
    | {
        "etc/ntfy/server.yml": """base-url: "http://127.0.0.1:9980"
listen-http: "127.0.0.1:9980"
cache-file: "/tmp/ntfy-cache.db"
cache-duration: "12h"
auth-file: "/tmp/ntfy-user.db"
auth-default-access: "read-write"
attachment-cache-dir: "/tmp/ntfy-files"
manager-interval: "5s"
enable-metrics: true
visitor-request-limit-burst: 1000
""",
    },
    asks=tuple(
        f"http://127.0.0.1:9980/{path}"
        for path in (
            "",
            "v1/health",
            "orders/json?poll=1",
            "orders/publish?message=one",
            "metrics",
            "config.js",
            "a/b/c",
        )
    ),
    sends=(
        ("http://127.0.0.1:9980/orders", "order one"),
        ("http://127.0.0.1:9980/", '{"topic": "orders", "message": "two", "attach": "http://127.0.0.1:1/a.png"}'),
        ("http://127.0.0.1:9980/v1/account", '{"username": "one", "password": "two"}'),
    ),
    seconds=15,
)

SYNCTHING = Recipe(
    name="syncthing",
    packages=(*FULL, "syncthing", "gosu"),
    env=SYSTEM
    | {"PUID": "1000", "PGID": "1000", "STGUIADDRESS": "127.0.0.1:9981", "STHOMEDIR": "/var/syncthing/config"},
    folder="/var/syncthing",
    entrypoint=("/bin/entrypoint.sh",),
    cmd=("/usr/bin/syncthing", "serve", "--no-browser", "--no-restart", "--no-upgrade"),
    files=HOSTS
    | {
        "bin/entrypoint.sh": """#!/bin/sh

set -eu

[ -n "${UMASK:-}" ] && umask "$UMASK"

if [ "$(id -u)" = '0' ]; then
  chown "${PUID}:${PGID}" "${HOME}" || true
  mkdir -p "${STHOMEDIR}" && chown -R "${PUID}:${PGID}" /var/syncthing
  exec gosu "${PUID}:${PGID}" env HOME=/var/syncthing "$@"
else
  exec "$@"
fi
""",
    },
    asks=tuple(
        f"http://127.0.0.1:9981/{path}"
        for path in ("", "rest/noauth/health", "rest/system/status", "rest/config", "meta.js", "no")
    ),
    sends=(("http://127.0.0.1:9981/rest/noauth/auth/password", '{"username": "a", "password": "b"}'),),
    seconds=20,
)

TRANSMISSION = Recipe(
    name="transmission",
    packages=("transmission-daemon", "s6", "execline", "curl", "tzdata", "unzip", "p7zip-full"),
    env=SYSTEM | {"WHITELIST": "127.0.0.1"},
    folder="/",
    entrypoint=("/init",),
    files=HOSTS
    | {
        "init": """#!/bin/sh
mkdir -p /config /tmp/scan
cp -R /etc/services.d/. /tmp/scan/
if [ ! -f /config/settings.json ]; then
  cp /defaults/settings.json /config/settings.json
fi
exec s6-svscan /tmp/scan
""",
        "etc/services.d/transmission/run": """#!/usr/bin/execlineb -P
s6-setuidgid root
transmission-daemon --foreground --config-dir /config --log-level=info
""",
        "etc/services.d/transmission/finish": "#!/bin/sh\necho transmission ended\nsleep 1\n",
        "defaults/settings.json": """{
  "rpc-bind-address": "127.0.0.1", "rpc-port": 9982, "rpc-whitelist-enabled": false, "dht-enabled": false,
  "peer-port": 51499, "download-dir": "/tmp/downloads", "incomplete-dir-enabled": false, "lpd-enabled": false,
  "port-forwarding-enabled": false, "script-torrent-done-enabled": true,
  "script-torrent-done-filename": "/defaults/done.sh"
}
""",
        "defaults/done.sh": """#!/bin/sh
find "$TR_TORRENT_DIR" -name '*.zip' -exec unzip -o {} -d "$TR_TORRENT_DIR" ';'
""",
    },
    asks=tuple(
        f"http://127.0.0.1:9982/{path}" for path in ("", "transmission/web/", "transmission/web/style.css", "no")
    ),
    sends=(("http://127.0.0.1:9982/transmission/rpc", '{"method": "session-get"}'),),
    seconds=15,
)

MUMBLE = Recipe(
    name="mumble",
    packages=(*FULL, "mumble-server"),
    env=SYSTEM | {"MUMBLE_SUPERUSER_PASSWORD": "one"},
    folder="/data",
    entrypoint=("/entrypoint.sh",),
    cmd=("/usr/bin/mumble-server", "-fg", "-ini", "/data/mumble.ini"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/usr/bin/env bash
set -e

readonly CONFIG=/data/mumble.ini
if [ -n "$MUMBLE_SUPERUSER_PASSWORD" ]; then
    "$1" -ini "$CONFIG" -supw "$MUMBLE_SUPERUSER_PASSWORD" || echo "could not set the password"
fi
exec "$@"
""",
        "data/mumble.ini": """database=/data/mumble.sqlite
host=127.0.0.1
port=9983
users=10
welcometext="hello"
uname=root
logfile=
registerName=shop
""",
    },
    sends=(("tcp://127.0.0.1:9983", "hello\n"),),
    asks=("https://127.0.0.1:9983/",),
    hangup=True,
    seconds=15,
)

DNSDIST = Recipe(
    name="dnsdist",
    packages=(*FULL, "dnsdist"),
    env=SYSTEM,
    folder="/",
    cmd=("/usr/bin/dnsdist", "--supervised", "--disable-syslog", "-C", "/etc/dnsdist/shop.conf", "-u", "root"),
    files=HOSTS
    | {
        "etc/dnsdist/shop.conf": """setLocal("127.0.0.1:9984")
newServer({address="127.0.0.1:1", name="one", checkInterval=1})
webserver("127.0.0.1:9985")
setWebserverConfig({acl="127.0.0.0/8", statsRequireAuthentication=false})
dofile("/etc/dnsdist/rules.lua")
""",
        "etc/dnsdist/rules.lua": """addAction(QNameRule("web.shop.example."), SpoofAction("127.0.0.8"))
addAction(QNameRule("not.shop.example."), RCodeAction(DNSRCode.REFUSED))
addAction(AllRule(), LuaAction(function(dq) return DNSAction.None, "" end))
""",
    },
    asks=tuple(
        f"http://127.0.0.1:9985/{path}" for path in ("", "metrics", "jsonstat?command=stats", "api/v1/servers", "no")
    ),
    sends=tuple(("tcp://127.0.0.1:9984", _QUERY.format(name)) for name in ("web", "not", "api")),
    seconds=20,
)

RSYSLOG = Recipe(
    name="rsyslog",
    packages=(*FULL, "rsyslog", "rsyslog-gnutls", "rsyslog-pgsql", "logrotate", "gosu"),
    env=SYSTEM | {"RSYSLOG_CONF": "/etc/rsyslog.conf", "ENABLE_STATISTICS": "on"},
    folder="/",
    entrypoint=("/usr/local/bin/rsyslog.sh",),
    cmd=("rsyslogd", "-n", "-iNONE"),
    files=HOSTS
    | {
        "usr/local/bin/rsyslog.sh": """#!/bin/sh
if [ "$1" = rsyslogd ]; then
    mkdir -p /tmp/spool /tmp/logs
    if [ "$ENABLE_STATISTICS" = "on" ]; then
        export STATS=on
    fi
    set -- "$@" -f "$RSYSLOG_CONF"
fi
exec "$@"
""",
        "etc/rsyslog.conf": """global(workDirectory="/tmp/spool")
module(load="imptcp")
module(load="imudp")
input(type="imudp" address="127.0.0.1" port="9986")
module(load="mmjsonparse")
module(load="impstats" interval="5" log.file="/tmp/stats.log")
template(name="line" type="string" string="%timereported% %msg%\\n")
template(name="byhost" type="string" string="/tmp/logs/%HOSTNAME%.log")
input(type="imptcp" address="127.0.0.1" port="9986" ruleset="remote")
ruleset(name="remote") {
    action(type="mmjsonparse")
    if $syslogfacility-text == "mail" then { action(type="omfile" file="/tmp/logs/mail.log" template="line") stop }
    action(type="omfile" dynaFile="byhost")
}
include(file="/etc/rsyslog.d/*.conf" mode="optional")
*.* action(type="omfile" file="/tmp/logs/all.log")
""",
    },
    sends=(
        ("tcp://127.0.0.1:9986", '<22>Nov 29 10:00:00 shop postfix: @cee: {"a": 1}\n'),
        ("tcp://127.0.0.1:9986", "<13>Nov 29 10:00:00 web app: hello\n"),
        ("tcp://127.0.0.1:9986", "nothing\n"),
    ),
    hangup=True,
    seconds=25,
)

OXIGRAPH = Recipe(
    name="oxigraph",
    packages=("oxigraph", "tini", "curl", "raptor2-utils", "jq", "procps"),
    env=SYSTEM,
    folder="/data",
    entrypoint=("/usr/bin/tini", "--", "/usr/bin/oxigraph"),
    cmd=("serve", "--location", "/data", "--bind", "127.0.0.1:9987"),
    files=HOSTS,
    asks=tuple(
        f"http://127.0.0.1:9987/{path}" for path in ("", "query?query=ASK%20%7B%7D", "query?query=no", "store", "no")
    ),
    sends=(
        ("http://127.0.0.1:9987/query", "query=SELECT * WHERE { ?s ?p ?o } LIMIT 3"),
        ("http://127.0.0.1:9987/update", "update=INSERT DATA { <http://a.example/> <http://b.example/> 1 }"),
    ),
    seconds=12,
)

PLAIN = (DNSMASQ, VSFTPD, NGHTTPX, KEA, VICTORIA, PUSHGATEWAY, NTFY, DNSDIST, RSYSLOG, OXIGRAPH)
WITH_HOOKS = (ARIA, SYNCTHING, TRANSMISSION, MUMBLE)
SERVERS = PLAIN + WITH_HOOKS
