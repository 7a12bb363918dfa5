"""The twenty-first set's jobs and proxies of the distribution, and what is compiled."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL
from benchmarks.in_use.recipes.twelfth import HOSTS

_QUERY = "\x00\x22\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03{}\x04shop\x07example\x00\x00\x01\x00\x01"
"""A question of DNS over TCP for a name of three letters in shop.example."""

PRIVOXY = Recipe(
    name="privoxy",
    packages=("privoxy", "ca-certificates", "curl", "procps", "iproute2", "dumb-init"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/dumb-init", "--"),
    cmd=("privoxy", "--no-daemon", "/etc/privoxy/shop"),
    files=HOSTS
    | {
        "etc/privoxy/shop": """confdir /etc/privoxy
logdir /tmp
actionsfile match-all.action
actionsfile default.action
actionsfile user.action
filterfile default.filter
listen-address 127.0.0.1:10101
toggle 1
enable-edit-actions 1
debug 1
""",
    },
    asks=("http://127.0.0.1:10101/", "http://127.0.0.1:10101/no"),
    sends=(
        ("tcp://127.0.0.1:10101", "GET http://config.privoxy.org/show-status HTTP/1.0\r\n\r\n"),
        ("tcp://127.0.0.1:10101", "GET http://127.0.0.1:10101/a HTTP/1.0\r\n\r\n"),
        ("tcp://127.0.0.1:10101", "CONNECT localhost:1 HTTP/1.0\r\n\r\n"),
    ),
    hangup=True,
    seconds=12,
)

STUNNEL = Recipe(
    name="stunnel",
    packages=(*FULL, "stunnel4", "redis-server", "tini"),
    env=SYSTEM | {"REDIS_PORT": "10102", "STUNNEL_PORT": "10103"},
    folder="/",
    entrypoint=("/usr/bin/tini", "-g", "--", "/start.sh"),
    files=HOSTS
    | {
        "start.sh": """#!/bin/bash
set -m

cat > /tmp/stunnel.conf <<CONF
foreground = yes
pid =
[redis]
accept = 127.0.0.1:${STUNNEL_PORT}
connect = 127.0.0.1:${REDIS_PORT}
cert = /etc/stunnel/shop.pem
CONF

redis-server /etc/redis/shop.conf --port "$REDIS_PORT" &
stunnel /tmp/stunnel.conf &
wait -n
exit $?
""",
        "etc/redis/shop.conf": "bind 127.0.0.1\nsave ''\nappendonly no\ndir /tmp\nloglevel notice\n",
    },
    prepare=(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 400 -subj /CN=shop.example -keyout /tmp/k -out /tmp/c",
        "cat /tmp/k /tmp/c > /etc/stunnel/shop.pem && rm /tmp/k /tmp/c && chmod 600 /etc/stunnel/shop.pem",
    ),
    asks=("https://127.0.0.1:10103/",),
    sends=(("tcp://127.0.0.1:10102", "PING\r\nSET a 1\r\nGET a\r\nEVAL 'return 1' 0\r\nBGSAVE\r\nINFO\r\n"),),
    seconds=15,
)

DNSCRYPT = Recipe(
    name="dnscrypt",
    packages=("dnscrypt-proxy", "ca-certificates", "tini", "bind9-dnsutils", "curl", "tzdata"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/tini", "--", "dnscrypt-proxy"),
    cmd=("-config", "/etc/shop.toml"),
    files=HOSTS
    | {
        "etc/shop.toml": """listen_addresses = ['127.0.0.1:10104']
server_names = ['one']
cloaking_rules = '/etc/cloaking.txt'
netprobe_timeout = 0
offline_mode = true
[query_log]
  file = '/dev/stdout'
[blocked_names]
  blocked_names_file = '/etc/blocked.txt'
[static.one]
  stamp = 'sdns://AQcAAAAAAAAADjEyNy4wLjAuMTo4NDQzIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQyLm9uZQ'
""",
        "etc/cloaking.txt": "web.shop.example 127.0.0.8\n",
        "etc/blocked.txt": "not.shop.example\n",
    },
    sends=tuple(("tcp://127.0.0.1:10104", _QUERY.format(name)) for name in ("web", "not", "api")),
    seconds=12,
)

MTAIL = Recipe(
    name="mtail",
    packages=(*FULL, "mtail"),
    env=SYSTEM | {"TZ": "UTC"},
    folder="/",
    entrypoint=("mtail",),
    cmd=(
        *("--progs", "/etc/mtail", "--logs", "/var/log/shop/*.log", "--address", "127.0.0.1", "--port", "10105"),
        *("--logtostderr", "--poll_interval", "1s"),
    ),
    files=HOSTS
    | {
        "etc/mtail/orders.mtail": "counter orders by shop\n/^order (?P<shop>\\w+)/ {\n  orders[$shop]++\n}\n",
        "var/log/shop/app.log": "order one\norder two\n",
    },
    asks=tuple(f"http://127.0.0.1:10105/{path}" for path in ("", "metrics", "json", "graphite", "varz", "progz", "no")),
    hangup=True,
    seconds=12,
)

MDBOOK = Recipe(
    name="mdbook",
    packages=("mdbook", "ca-certificates", "tini", "git", "make", "rsync", "jq"),
    env=SYSTEM,
    folder="/book",
    entrypoint=("/usr/bin/tini", "--", "mdbook"),
    cmd=("serve", "--hostname", "127.0.0.1", "--port", "10106", "--dest-dir", "/tmp/book"),
    files=HOSTS
    | {
        "book/book.toml": '[book]\ntitle = "Shop"\nauthors = ["a"]\nsrc = "src"\n[output.html]\n'
        'git-repository-url = "http://shop.example/"\n[output.html.playground]\nrunnable = false\n',
        "book/src/SUMMARY.md": "# Summary\n\n- [One](one.md)\n- [Two](two.md)\n",
        "book/src/one.md": "# One\n\n```rust\nfn main() {}\n```\n\n{{#include two.md}}\n",
        "book/src/two.md": "# Two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n",
    },
    asks=tuple(f"http://127.0.0.1:10106/{path}" for path in ("", "one.html", "css/general.css", "no")),
    seconds=12,
)

GOACCESS = Recipe(
    name="goaccess",
    packages=("goaccess", "cron", "gzip", "ca-certificates", "tzdata", "procps", "logrotate"),
    env=SYSTEM | {"REPORT_EVERY": "3"},
    folder="/srv",
    entrypoint=("/usr/local/bin/report.sh",),
    cmd=("loop",),
    files=HOSTS
    | {
        "usr/local/bin/report.sh": """#!/bin/bash
set -euo pipefail

report() {
  local out=/tmp/report-$(date +%s).html
  { zcat -f /srv/logs/*.gz 2> /dev/null || true; cat /srv/logs/access.log; } | sort -u > /tmp/all.log
  goaccess /tmp/all.log --log-format=COMBINED --no-global-config -o "$out" --ignore-panel=REFERRERS
  goaccess /tmp/all.log --log-format=COMBINED -o /tmp/report.json
  gzip -f "$out"
  find /tmp -name 'report-*.gz' -mmin +60 -delete
}

case "${1:-once}" in
  once) report ;;
  loop) while true; do report; sleep "$REPORT_EVERY"; done ;;
  cron) exec cron -f ;;
  *) exec "$@" ;;
esac
""",
        "srv/logs/access.log": '127.0.0.1 - - [29/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 12 "-" "curl/8"\n'
        '127.0.0.2 - - [29/Nov/2026:10:00:01 +0000] "GET /no HTTP/1.1" 404 12 "-" "Mozilla/5.0"\n',
    },
    seconds=12,
)

PANDOC = Recipe(
    name="pandoc",
    packages=(*FULL, "pandoc", "graphviz", "librsvg2-bin"),
    env=SYSTEM,
    folder="/docs",
    entrypoint=("make", "-f", "/docs/Makefile"),
    cmd=("all",),
    files=HOSTS
    | {
        "docs/Makefile": """OUT := /tmp/out
PAGES := $(wildcard /docs/*.md)
HTML := $(patsubst /docs/%.md,$(OUT)/%.html,$(PAGES))

all: $(HTML) $(OUT)/shop.docx $(OUT)/shop.epub $(OUT)/flow.svg

$(OUT):
	@mkdir -p $(OUT)

$(OUT)/%.html: /docs/%.md | $(OUT)
	pandoc --standalone --toc --metadata title=$* --lua-filter=/docs/links.lua -o $@ $<

$(OUT)/shop.docx $(OUT)/shop.epub: $(PAGES) | $(OUT)
	pandoc --metadata title=Shop -o $@ $(PAGES)

$(OUT)/flow.svg: /docs/flow.dot | $(OUT)
	dot -Tsvg $< > $@

clean:
	rm -rf $(OUT)
.PHONY: all clean
""",
        "docs/links.lua": 'function Link(link)\n  link.target = link.target:gsub("%.md", ".html")\n'
        "  return link\nend\n",
        "docs/one.md": "# One\n\nSee [two](two.md).\n\n```python\nprint(1)\n```\n\n$a^2$\n",
        "docs/two.md": "# Two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        "docs/flow.dot": "digraph { a -> b }\n",
    },
    seconds=30,
)

FFMPEG = Recipe(
    name="ffmpeg",
    packages=("ffmpeg", "tini", "ca-certificates", "jq", "inotify-tools", "procps"),
    env=SYSTEM,
    folder="/media",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("/usr/local/bin/transcode", "/srv/in", "/tmp/done"),
    files=HOSTS
    | {
        "usr/local/bin/transcode": """#!/bin/sh
# one file after the other, then wait for more
set -eu

in=$1 out=$2
mkdir -p "$in" "$out"
ffmpeg -loglevel error -f lavfi -i testsrc=d=1:s=64x64 -f lavfi -i sine=d=1 -y "$in/new.mkv"

one() {
  ffprobe -v error -print_format json -show_format "$1" | jq -r .format.duration
  ffmpeg -loglevel error -i "$1" -c:v libx264 -preset ultrafast -c:a aac -y "$out/$(basename "$1" .mkv).mp4"
}

for file in "$in"/*.mkv; do
  one "$file" || echo "$file failed" >&2
done
exec inotifywait -m -e close_write "$in"
""",
    },
    seconds=15,
)

CLOSURE = Recipe(
    name="closure",
    packages=("openjdk-21-jre-headless", "ca-certificates", "tini", "brotli", "rsync", "tzdata"),
    env=SYSTEM | {"JAVA_TOOL_OPTIONS": "-XX:+UseSerialGC -Xmx512m"},
    folder="/src",
    entrypoint=("/usr/bin/tini", "--", "/usr/local/bin/build"),
    files=HOSTS
    | {
        "usr/local/bin/build": """#!/bin/sh
set -e
for name in main admin; do
  java -jar /opt/closure/compiler.jar --compilation_level SIMPLE --js "/src/$name.js" --js_output_file "/tmp/$name.js"
  brotli -f "/tmp/$name.js"
done
""",
        "src/main.js": "class Shop { constructor(name) { this.name = name; } }\n"
        "console.log(new Shop('one').name ?? 'none');\n",
        "src/admin.js": "const f = async () => { for (const a of [1, 2]) await a; };\nf();\n",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends npm",
        "mkdir -p /opt/closure && npm install -q --prefix /tmp/n google-closure-compiler-java",
        "cp /tmp/n/node_modules/google-closure-compiler-java/compiler.jar /opt/closure/",
        "rm -rf /tmp/n && apt-get purge -qy --autoremove npm",
    ),
    seconds=25,
)

AUDIT = Recipe(
    name="audit",
    packages=(*FULL, "cron", "ripgrep", "fd-find", "jq", "sqlite3", "gosu", "hyperfine"),
    env=SYSTEM | {"AUDIT_SCHEDULE": "* * * * *"},
    folder="/srv",
    entrypoint=("/entrypoint.sh",),
    cmd=("cron", "-f"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e

echo "${AUDIT_SCHEDULE} root /usr/local/bin/audit >> /tmp/audit.log 2>&1" > /etc/cron.d/audit
chmod 0644 /etc/cron.d/audit
/usr/local/bin/audit || echo "audit failed" >&2
exec "$@"
""",
        "usr/local/bin/audit": """#!/bin/bash
set -euo pipefail

export PATH=/usr/local/bin:/usr/bin:/bin
db=/tmp/audit.sqlite3
sqlite3 "$db" 'create table if not exists hits (at text, file text, n integer)'
rg --json 'password|secret' /srv/code \\
  | jq -r 'select(.type == "end") | [.data.path.text, .data.stats.matches] | @tsv' \\
  | while IFS=$'\\t' read -r file n; do
      sqlite3 "$db" "insert into hits values (datetime('now'), '$file', $n)"
    done
fdfind --extension py --size +1b . /srv/code --exec wc -l
sqlite3 -csv "$db" 'select file, sum(n) from hits group by file' > /tmp/audit.csv
""",
        "srv/code/one.py": "password = 'one'\n",
        "srv/code/two.py": "print(2)\n",
    },
    seconds=75,
)

CONSUMER = Recipe(
    name="consumer",
    packages=("ca-certificates", "curl", "tzdata", "redis-server", "s6", "execline", "procps", "less"),
    env=SYSTEM | {"REDIS_ADDR": "127.0.0.1:10107"},
    folder="/",
    entrypoint=("s6-svscan", "/etc/s6"),
    files=HOSTS
    | {
        "etc/s6/redis/run": "#!/usr/bin/execlineb -P\nredis-server --port 10107 --bind 127.0.0.1 --dir /tmp\n",
        "etc/s6/consumer/run": "#!/usr/bin/execlineb -P\ns6-setuidgid nobody\n/usr/local/bin/consumer\n",
        "etc/s6/consumer/finish": "#!/bin/sh\nsleep 1\n",
        "srv/main.go": """package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/gomodule/redigo/redis"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/robfig/cron"
)

func main() {
	pool := &redis.Pool{Dial: func() (redis.Conn, error) { return redis.Dial("tcp", os.Getenv("REDIS_ADDR")) }}
	jobs := cron.New(cron.WithLocation(time.Local))
	jobs.AddFunc("@every 2s", func() {
		content, _ := json.Marshal(map[string]string{"at": time.Now().Format(time.RFC3339)})
		client := pool.Get()
		defer client.Close()
		client.Do("RPUSH", "orders", content)
	})
	jobs.Start()
	http.Handle("/metrics", promhttp.Handler())
	go http.ListenAndServe("127.0.0.1:10108", nil)
	for {
		client := pool.Get()
		popped, err := redis.Strings(client.Do("BLPOP", "orders", 1))
		client.Close()
		if err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		log.Println(popped)
		if _, err = http.Get("https://localhost:10109/"); err != nil {
			log.Println(err)
		}
	}
}
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends golang-go gcc libc6-dev golang-github-gomodule-redigo-dev "
        "golang-github-prometheus-client-golang-dev golang-github-robfig-cron-dev",
        "cd /srv && GO111MODULE=off CGO_ENABLED=0 GOPATH=/usr/share/gocode go build -o /usr/local/bin/consumer main.go",
        "rm -f /srv/main.go && rm -rf /root/.cache && apt-get purge -qy --autoremove golang-go gcc libc6-dev "
        "golang-github-gomodule-redigo-dev golang-github-prometheus-client-golang-dev golang-github-robfig-cron-dev",
    ),
    asks=("http://127.0.0.1:10108/metrics", "http://127.0.0.1:10108/no"),
    sends=(("tcp://127.0.0.1:10107", "PING\r\nRPUSH orders 1\r\nLLEN orders\r\n"),),
    seconds=15,
)

PROXIES = (PRIVOXY, STUNNEL, DNSCRYPT, MTAIL)
BATCHES = (MDBOOK, GOACCESS, PANDOC, FFMPEG, CLOSURE, AUDIT)
JOBS = (*PROXIES, *BATCHES, CONSUMER)
