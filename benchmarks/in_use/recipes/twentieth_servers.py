"""The twentieth set's servers of the distribution, in Go, C, C++ and Java, as their images start them."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "curl", "procps", "less", "netbase", "tzdata")
"""What teams leave in a slim image to look around in it."""
_QUERY = "\x00\x22\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03{}\x04shop\x07example\x00\x00\x01\x00\x01"
"""A question of DNS over TCP for a name of three letters in shop.example."""

ALERTMANAGER = Recipe(
    name="alertmanager",
    packages=(*_TOOLS, "prometheus-alertmanager", "jq", "vim-tiny", "iproute2"),
    env=SYSTEM,
    folder="/alertmanager",
    entrypoint=("/usr/bin/prometheus-alertmanager",),
    cmd=(
        *("--config.file=/etc/alertmanager/alertmanager.yml", "--storage.path=/tmp/alertmanager"),
        *("--web.listen-address=127.0.0.1:10001", "--cluster.listen-address="),
    ),
    files=HOSTS
    | {
        "etc/alertmanager/alertmanager.yml": """route:
  receiver: hook
  group_wait: 1s
  group_interval: 2s
  repeat_interval: 1m
  routes:
    - matchers: [team="shop"]
      receiver: mail
receivers:
  - name: hook
    webhook_configs: [{url: "http://127.0.0.1:1/hook"}]
  - name: mail
    email_configs:
      - {to: a@shop.example, from: b@shop.example, smarthost: "127.0.0.1:25", require_tls: false}
templates: ["/etc/alertmanager/*.tmpl"]
""",
        "etc/alertmanager/shop.tmpl": '{{ define "shop.title" }}{{ .Status }}{{ end }}\n',
    },
    asks=tuple(
        f"http://127.0.0.1:10001/{path}"
        for path in ("", "metrics", "-/ready", "api/v2/alerts", "api/v2/status", "api/v2/silences", "no")
    ),
    sends=(
        ("http://127.0.0.1:10001/api/v2/alerts", '[{"labels": {"alertname": "one", "team": "shop"}}]'),
        ("http://127.0.0.1:10001/-/reload", "a=1"),
    ),
    hangup=True,
    seconds=15,
)

BLACKBOX = Recipe(
    name="blackbox",
    packages=(*_TOOLS, "prometheus-blackbox-exporter", "dumb-init", "bind9-dnsutils", "netcat-openbsd"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/dumb-init", "--"),
    cmd=(
        *("prometheus-blackbox-exporter", "--config.file=/etc/blackbox.yml"),
        "--web.listen-address=127.0.0.1:10002",
    ),
    files=HOSTS
    | {
        "etc/blackbox.yml": """modules:
  http: {prober: http, timeout: 2s, http: {preferred_ip_protocol: ip4}}
  tcp: {prober: tcp, timeout: 2s}
  tls: {prober: http, timeout: 2s, http: {fail_if_not_ssl: true, tls_config: {insecure_skip_verify: true}}}
  dns: {prober: dns, timeout: 1s, dns: {query_name: shop.example, preferred_ip_protocol: ip4}}
  icmp: {prober: icmp, timeout: 1s}
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10002/{path}"
        for path in (
            *("", "metrics", "config", "probe?module=http&target=127.0.0.1:10002", "probe?module=no&target=a"),
            *("probe?module=tcp&target=localhost:10002", "probe?module=tls&target=https://localhost:10002"),
            *("probe?module=dns&target=127.0.0.1", "probe?module=icmp&target=127.0.0.1&debug=true", "-/healthy"),
        )
    ),
    sends=(("http://127.0.0.1:10002/-/reload", "a=1"),),
    seconds=15,
)

APTLY = Recipe(
    name="aptly",
    packages=(*_TOOLS, "aptly", "gosu", "xz-utils", "bzip2"),
    env=SYSTEM | {"APTLY_USER": "www-data"},
    folder="/opt/aptly",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("aptly", "api", "serve", "-listen=127.0.0.1:10003", "-no-lock"),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/bin/bash
set -eo pipefail

if [ "$1" = 'aptly' ] && [ "$(id -u)" = '0' ]; then
    mkdir -p /opt/aptly
    find /opt/aptly \\! -user "$APTLY_USER" -exec chown "$APTLY_USER" '{}' +
    exec gosu "$APTLY_USER" "$BASH_SOURCE" "$@"
fi

if ! aptly repo show shop > /dev/null 2>&1; then
    aptly repo create -distribution=stable shop
fi
exec "$@"
""",
        "etc/aptly.conf": '{"rootDir": "/opt/aptly", "architectures": ["amd64"], "gpgDisableSign": true, '
        '"gpgProvider": "internal"}\n',
    },
    asks=tuple(f"http://127.0.0.1:10003/api/{path}" for path in ("version", "repos", "repos/shop", "publish", "no")),
    sends=(
        ("http://127.0.0.1:10003/api/repos", '{"Name": "two"}'),
        ("http://127.0.0.1:10003/api/repos/shop/snapshots", '{"Name": "one"}'),
        (
            "http://127.0.0.1:10003/api/publish",
            '{"SourceKind": "local", "Sources": [{"Name": "shop"}], "Distribution": "stable", "Signing": '
            '{"Skip": true}}',
        ),
    ),
    seconds=15,
)

NSD = Recipe(
    name="nsd",
    packages=("nsd", "ca-certificates", "bind9-dnsutils", "procps", "openssl", "ldnsutils"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("nsd", "-d", "-P", "/tmp/nsd.pid"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e

if [ ! -f /etc/nsd/nsd_server.pem ] && [ "${NSD_CONTROL:-no}" = yes ]; then
  nsd-control-setup
fi
for zone in /zones/*.zone; do
  name=$(basename "$zone" .zone)
  nsd-checkzone "$name" "$zone"
done
exec "$@"
""",
        "etc/nsd/nsd.conf": """server:
  ip-address: 127.0.0.1@10004
  username: ""
  zonesdir: "/zones"
  xfrdfile: "/tmp/xfrd.state"
  database: ""
  server-count: 1
  verbosity: 2
remote-control:
  control-enable: no
zone:
  name: shop.example
  zonefile: shop.example.zone
  notify-retry: 1
""",
        "zones/shop.example.zone": """$ORIGIN shop.example.
$TTL 60
@ IN SOA ns.shop.example. a.shop.example. 1 60 60 60 60
@ IN NS ns
ns IN A 127.0.0.1
web IN A 127.0.0.8
""",
    },
    sends=tuple(("tcp://127.0.0.1:10004", _QUERY.format(name)) for name in ("web", "not", "api")),
    hangup=True,
    seconds=12,
)

ICECAST = Recipe(
    name="icecast",
    packages=(*_TOOLS, "icecast2", "gettext-base", "tini", "media-types"),
    env=SYSTEM | {"ICECAST_SOURCE_PASSWORD": "one", "ICECAST_ADMIN_PASSWORD": "two"},
    folder="/",
    entrypoint=("/usr/bin/tini", "--", "/docker-entrypoint.sh"),
    cmd=("icecast2", "-c", "/tmp/icecast.xml"),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/bin/sh
set -e
envsubst '$ICECAST_SOURCE_PASSWORD $ICECAST_ADMIN_PASSWORD' < /etc/icecast.xml.template > /tmp/icecast.xml
mkdir -p /tmp/log && chown www-data:www-data /tmp/log
exec "$@"
""",
        "etc/icecast.xml.template": """<icecast>
  <limits><clients>10</clients><sources>2</sources></limits>
  <authentication>
    <source-password>${ICECAST_SOURCE_PASSWORD}</source-password>
    <admin-user>admin</admin-user><admin-password>${ICECAST_ADMIN_PASSWORD}</admin-password>
  </authentication>
  <hostname>shop.example</hostname>
  <listen-socket><port>10005</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <fileserve>1</fileserve>
  <paths>
    <basedir>/usr/share/icecast2</basedir><logdir>/tmp/log</logdir><webroot>/usr/share/icecast2/web</webroot>
    <adminroot>/usr/share/icecast2/admin</adminroot><alias source="/" destination="/status.xsl"/>
  </paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>3</loglevel></logging>
  <security><chroot>0</chroot><changeowner><user>www-data</user><group>www-data</group></changeowner></security>
</icecast>
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10005/{path}"
        for path in ("", "status.xsl", "status-json.xsl", "style.css", "admin/stats", "no.ogg")
    ),
    sends=(
        ("http://admin:two@127.0.0.1:10005/admin/listmounts", "a=1"),
        ("tcp://127.0.0.1:10005", "SOURCE /live.mp3 HTTP/1.0\r\nAuthorization: Basic c291cmNlOm9uZQ==\r\n\r\nabc\n"),
    ),
    hangup=True,
    seconds=15,
)

NGIRCD = Recipe(
    name="ngircd",
    packages=("ngircd", "tini", "procps", "openssl", "ca-certificates", "netcat-openbsd"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("/usr/sbin/ngircd", "-n", "-f", "/etc/ngircd/shop.conf"),
    files=HOSTS
    | {
        "etc/ngircd/shop.conf": """[Global]
Name = irc.shop.example
Info = shop
Listen = 127.0.0.1
Ports = 10006
ServerUID = irc
ServerGID = irc
MotdFile = /etc/ngircd/motd
[Options]
Ident = no
PAM = no
SyslogFacility = local1
[Channel]
Name = #shop
Topic = orders
""",
        "etc/ngircd/motd": "hello\n",
    },
    sends=(
        (
            "tcp://127.0.0.1:10006",
            "NICK one\r\nUSER one 0 * :one\r\nJOIN #shop\r\nPRIVMSG #shop :hi\r\nMOTD\r\nQUIT\r\n",
        ),
        ("tcp://127.0.0.1:10006", "nothing\r\n"),
    ),
    hangup=True,
    seconds=15,
)

GEARMAND = Recipe(
    name="gearmand",
    packages=(*_TOOLS, "gearman-job-server", "gearman-tools", "dumb-init", "sqlite3"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/dumb-init", "--", "/docker-entrypoint.sh"),
    cmd=("gearmand", "--listen=127.0.0.1", "--port=10007", "--verbose=INFO"),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/bin/bash
set -o errexit

if [[ "${1#-}" != "$1" ]]; then
  set -- gearmand "$@"
fi
declare -a options=()
case "${QUEUE_TYPE:-builtin}" in
  builtin) ;;
  sqlite3) options+=(--queue-type=libsqlite3 --libsqlite3-db=/tmp/queue.sqlite3) ;;
  mysql) options+=(--queue-type=mysql "--mysql-host=${MYSQL_HOST}") ;;
  *) echo "unknown queue" >&2; exit 1 ;;
esac
exec "$@" "${options[@]}" --log-file=stderr
""",
    },
    sends=(
        ("tcp://127.0.0.1:10007", "status\nworkers\nversion\nmaxqueue a 3\n"),
        ("tcp://127.0.0.1:10007", "nothing\n"),
    ),
    seconds=12,
)

CHRONY = Recipe(
    name="chrony",
    packages=("chrony", "s6", "execline", "ca-certificates", "procps", "iproute2", "tzdata"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/s6-svscan",),
    cmd=("/etc/services",),
    files=HOSTS
    | {
        "etc/services/chronyd/run": """#!/usr/bin/execlineb -P
foreground { install -d -o _chrony -g _chrony -m 750 /run/chrony /tmp/chrony }
chronyd -d -x -f /etc/chrony/shop.conf
""",
        "etc/services/status/run": """#!/bin/sh
exec 2>&1
while :; do
  chronyc -h 127.0.0.1 -p 10008 tracking
  chronyc -n -h 127.0.0.1 -p 10008 sources || true
  sleep 2
done
""",
        "etc/chrony/shop.conf": """server 127.0.0.1 port 1 iburst
driftfile /tmp/chrony/drift
local stratum 10
allow 127/8
port 10123
cmdport 10008
bindcmdaddress 127.0.0.1
makestep 1 3
ntsdumpdir /tmp/chrony
leapsectz right/UTC
""",
    },
    seconds=15,
)

VNU = Recipe(
    name="vnu",
    packages=("openjdk-21-jre-headless", "tini", "ca-certificates", "curl", "fontconfig", "tzdata", "procps"),
    env=SYSTEM | {"JAVA_OPTS": "-Xmx256m -Dnu.validator.servlet.bind-address=127.0.0.1"},
    folder="/opt/vnu",
    entrypoint=("/usr/bin/tini", "--", "/opt/vnu/docker-entrypoint.sh"),
    cmd=("10009",),
    files=HOSTS
    | {
        "opt/vnu/docker-entrypoint.sh": """#!/bin/sh
set -e
port="${1:-8888}"
exec java $JAVA_OPTS -XX:+UseSerialGC -cp /opt/vnu/vnu.jar nu.validator.servlet.Main "$port"
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends npm",
        "npm install -q --prefix /tmp/n vnu-jar && cp /tmp/n/node_modules/vnu-jar/build/dist/vnu.jar /opt/vnu/",
        "rm -rf /tmp/n && apt-get purge -qy --autoremove npm",
    ),
    asks=tuple(
        f"http://127.0.0.1:10009/{path}"
        for path in (
            "",
            "?doc=http://127.0.0.1:10009/",
            "style.css",
            "?out=json&doc=http://127.0.0.1:10009/",
            "about.html",
        )
    ),
    sends=(("http://127.0.0.1:10009/?out=json", "<!DOCTYPE html><title>a</title><p>hello"),),
    seconds=40,
)

FOSSIL = Recipe(
    name="fossil",
    packages=(*FULL, "fossil"),
    env=SYSTEM | {"FOSSIL_USER": "admin"},
    folder="/jail",
    entrypoint=("fossil", "server"),
    cmd=("--port", "10010", "--localhost", "--create", "--user", "admin", "/jail/shop.fossil"),
    files=HOSTS,
    prepare=("cd /jail && USER=admin fossil init --admin-user admin shop.fossil",),
    asks=tuple(
        f"http://127.0.0.1:10010/{path}"
        for path in ("", "timeline", "dir", "wiki", "ticket", "login", "style.css", "json/version", "stat", "no")
    ),
    sends=(
        ("http://127.0.0.1:10010/login", "u=admin&p=no&in=Login"),
        ("http://127.0.0.1:10010/wikiedit", "name=one&w=hello"),
    ),
    seconds=15,
)

GIN = Recipe(
    name="gin",
    packages=(*_TOOLS, "jq", "vim-tiny"),
    env=SYSTEM | {"GIN_MODE": "release", "PORT": "10011", "TZ": "Europe/Berlin"},
    folder="/srv",
    entrypoint=("/usr/local/bin/orders",),
    files=HOSTS
    | {
        "srv/templates/home.html": "<h1>{{ .name }}</h1>\n",
        "srv/main.go": """package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"os/signal"
	"os/user"
	"syscall"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

type order struct {
	Name string `json:"name" binding:"required"`
}

func main() {
	if who, err := user.Current(); err == nil {
		log.Println("as", who.Username)
	}
	router := gin.Default()
	router.LoadHTMLGlob("templates/*")
	var orders []order
	router.GET("/", func(c *gin.Context) { c.HTML(http.StatusOK, "home.html", gin.H{"name": "shop"}) })
	router.GET("/orders", func(c *gin.Context) { c.JSON(http.StatusOK, orders) })
	router.GET("/metrics", gin.WrapH(promhttp.Handler()))
	router.GET("/fail", func(c *gin.Context) { panic("on purpose") })
	router.GET("/fetch", func(c *gin.Context) {
		_, err := http.Get("https://localhost:10012/")
		c.String(http.StatusBadGateway, err.Error())
	})
	router.POST("/orders", func(c *gin.Context) {
		var one order
		if err := c.ShouldBindJSON(&one); err != nil {
			c.JSON(http.StatusUnprocessableEntity, gin.H{"error": err.Error()})
			return
		}
		orders = append(orders, one)
		c.JSON(http.StatusCreated, gin.H{"at": time.Now().String()})
	})
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: router}
	go server.ListenAndServe()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	server.Shutdown(context.Background())
}
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends golang-go gcc libc6-dev golang-github-gin-gonic-gin-dev "
        "golang-github-prometheus-client-golang-dev",
        "cd /srv && GO111MODULE=off GOPATH=/usr/share/gocode go build -trimpath -o /usr/local/bin/orders main.go",
        "rm -f /srv/main.go && rm -rf /root/.cache && apt-get purge -qy --autoremove golang-go gcc libc6-dev "
        "golang-github-gin-gonic-gin-dev golang-github-prometheus-client-golang-dev",
    ),
    asks=tuple(f"http://127.0.0.1:10011/{path}" for path in ("", "orders", "metrics", "fail", "fetch", "no")),
    sends=(
        ("http://127.0.0.1:10011/orders", '{"name": "one"}'),
        ("http://127.0.0.1:10011/orders", "{no"),
    ),
    seconds=12,
)

GO = (ALERTMANAGER, BLACKBOX, APTLY, GIN)
NATIVE = (NSD, ICECAST, NGIRCD, GEARMAND, CHRONY, FOSSIL)
SERVERS = (*GO, *NATIVE, VNU)
