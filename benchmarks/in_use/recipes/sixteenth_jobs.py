"""The last four of the sixteenth set: what runs by itself, on a schedule or to its end."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.twelfth import HOSTS

MUNIN = Recipe(
    name="munin",
    packages=(
        *("munin", "munin-node", "munin-plugins-core", "cron", "lighttpd", "lighttpd-mod-deflate", "procps", "sysstat"),
        *("libcgi-fast-perl", "libwww-perl", "fonts-dejavu-core", "iproute2", "logrotate", "lsb-base", "smartmontools"),
    ),
    env=SYSTEM | {"LC_ALL": "C"},
    folder="/",
    cmd=(
        "/bin/sh",
        "-c",
        "service cron start && service munin-node start && exec lighttpd -D -f /etc/lighttpd/shop.conf",
    ),
    files=HOSTS
    | {
        "etc/cron.d/munin": """MAILTO=root
PATH=/usr/sbin:/usr/bin:/sbin:/bin
* * * * *     munin if [ -x /usr/bin/munin-cron ]; then /usr/bin/munin-cron; fi
14 10 * * *     munin if [ -x /usr/share/munin/munin-limits ]; then /usr/share/munin/munin-limits --force; fi
""",
        "etc/munin/munin-conf.d/shop.conf": """graph_strategy cron
html_strategy cron
[shop;localhost]
    address 127.0.0.1
    port 9718
    use_node_name yes
contact.log.command tee -a /var/log/munin/alerts.log
""",
        "etc/munin/munin-node.conf": """log_level 4
log_file /var/log/munin/munin-node.log
pid_file /tmp/munin-node.pid
background 1
setsid 1
user root
group root
host_name localhost
allow ^127\\.0\\.0\\.1$
host 127.0.0.1
port 9718
""",
        "etc/munin/plugin-conf.d/shop": "[orders]\nuser nobody\nenv.limit 9\n",
        "etc/munin/plugins/orders": """#!/bin/sh
case $1 in
    config)
        echo "graph_title Orders"
        echo "orders.label orders"
        echo "orders.warning ${limit:-9}"
        exit 0 ;;
esac
echo "orders.value $(ls /etc | wc -l)"
""",
        "etc/lighttpd/shop.conf": """# what Munin shows
server.modules = ("mod_access", "mod_alias", "mod_deflate", "mod_fastcgi", "mod_rewrite")
server.document-root = "/var/cache/munin/www"
server.port = 9719
server.bind = "127.0.0.1"
server.pid-file = "/tmp/lighttpd.pid"
index-file.names = ("index.html")
alias.url = ("/static" => "/etc/munin/static")
fastcgi.server += ("/graph" => ((
    "socket" => "/tmp/graph.sock",
    "bin-path" => "/usr/lib/munin/cgi/munin-cgi-graph",
    "check-local" => "disable",
    "max-procs" => 1
)))
include_shell "/usr/share/lighttpd/create-mime.conf.pl"
""",
    },
    prepare=(
        "cd /etc/munin/plugins && find . -type l -delete && "
        "for n in cpu df load memory uptime processes; do ln -s /usr/share/munin/plugins/$n $n; done",
        "chown -R munin /var/cache/munin /var/lib/munin /var/log/munin; mkdir -p /run/munin && chown munin /run/munin",
    ),
    asks=(
        *(f"http://127.0.0.1:9719/{path}" for path in ("", "shop/index.html", "static/style.css", "nothing")),
        "http://127.0.0.1:9719/graph/shop/localhost/load-day.png",
    ),
    sends=(("tcp://127.0.0.1:9718", "list localhost\nfetch load\nnothing\n"),),
    seconds=150,
)

CLAMAV = Recipe(
    name="clamav",
    packages=(
        *(
            "clamav",
            "clamav-daemon",
            "clamav-freshclam",
            "clamdscan",
            "clamav-milter",
            "tini",
            "tzdata",
            "netcat-openbsd",
        ),
        *("zip", "p7zip-full", "curl"),
    ),
    env=SYSTEM | {"CLAMAV_NO_FRESHCLAMD": "false", "CLAMAV_NO_MILTERD": "true", "CLAMD_STARTUP_TIMEOUT": "60"},
    folder="/",
    entrypoint=("/init",),
    files=HOSTS
    | {
        "init": """#!/usr/bin/tini /bin/sh
set -eu

if [ ! -d "/run/clamav" ]; then
    install -d -g "clamav" -m 775 -o "clamav" "/run/clamav"
fi
chown -R clamav:clamav /var/lib/clamav

# Scans when it is started like that.
if [ "${1:-}" = "scan" ]; then
    shift
    exec clamscan "$@"
fi

# Runs a command that is given.
if [ "${#}" -gt 0 ] && [ "${1#-}" = "${1}" ] && command -v -- "${1}" > "/dev/null" 2>&1; then
    exec "${@}"
fi

if [ "${CLAMAV_NO_FRESHCLAMD:-false}" != "true" ]; then
    echo "Starting Freshclamd"
    freshclam --checks="${FRESHCLAM_CHECKS:-1}" --daemon --foreground --stdout --user="clamav" \\
        --config-file=/etc/clamav/own-freshclam.conf &
fi

if [ "${CLAMAV_NO_CLAMD:-false}" != "true" ]; then
    echo "Starting ClamAV"
    if [ -S "/run/clamav/clamd.sock" ]; then
        unlink "/run/clamav/clamd.sock"
    fi
    clamd --foreground --config-file=/etc/clamav/own-clamd.conf &
    while [ ! -S "/run/clamav/clamd.sock" ]; do
        if [ "${_timeout:=0}" -gt "${CLAMD_STARTUP_TIMEOUT:=1800}" ]; then
            echo >&2 "Failed to start clamd"
            exit 1
        fi
        printf "\\r%s" "Socket for clamd not found yet, retrying (${_timeout}/${CLAMD_STARTUP_TIMEOUT}) ..."
        sleep 1
        _timeout="$((_timeout + 1))"
    done
    echo "socket found, clamd started."
fi

if [ "${CLAMAV_NO_MILTERD:-true}" != "true" ]; then
    clamav-milter --config-file=/etc/clamav/own-milter.conf &
fi

while sleep 4; do
    clamdscan --config-file=/etc/clamav/own-clamd.conf --fdpass /srv || echo "found: ${?}"
    clamdscan --config-file=/etc/clamav/own-clamd.conf --reload
done &

wait
""",
        "etc/clamav/own-clamd.conf": """LocalSocket /run/clamav/clamd.sock
TCPSocket 9721
TCPAddr 127.0.0.1
User clamav
DatabaseDirectory /var/lib/clamav
LogTime yes
Foreground yes
ConcurrentDatabaseReload no
VirusEvent /usr/local/bin/found
""",
        "etc/clamav/own-freshclam.conf": """DatabaseDirectory /var/lib/clamav
DatabaseOwner clamav
DatabaseMirror 127.0.0.1
DNSDatabaseInfo no
ConnectTimeout 2
MaxAttempts 1
NotifyClamd /etc/clamav/own-clamd.conf
""",
        "etc/clamav/own-milter.conf": "MilterSocket inet:9722@127.0.0.1\nClamdSocket unix:/run/clamav/clamd.sock\n",
        "usr/local/bin/found": """#!/bin/sh
printf "%s %s\\n" "$CLAM_VIRUSEVENT_VIRUSNAME" "$(date +%s)" >> /tmp/found.log
""",
        "srv/bad.txt": "one of the orders that are not wanted\n",
        "srv/good.txt": "one of the orders\n",
        "srv/page.html": "<html><body><script>var one = 1;</script></body></html>\n",
    },
    prepare=(
        "printf 'Shop.Bad-1:0:*:746861742061726520 6e6f742077616e746564\\n' | tr -d ' ' > /var/lib/clamav/shop.ndb",
        "cd /srv && zip -q all.zip *.txt && tar -cJf all.tar.xz bad.txt && 7z a all.7z page.html && rm -f /root/.7z",
        "rm -f /etc/clamav/clamd.conf /etc/clamav/freshclam.conf",
    ),
    sends=(("tcp://127.0.0.1:9721", "nPING\n"), ("tcp://127.0.0.1:9721", "nSCAN /usr/share/common-licenses\n")),
    seconds=40,
)

REPORT = Recipe(
    name="report",
    packages=(
        *("make", "gcc", "libc6-dev", "pandoc", "gnuplot-nox", "graphviz", "groff", "librsvg2-bin", "datamash", "jq"),
        *("sqlite3", "python3-minimal", "perl", "git", "gawk", "fonts-dejavu-core", "poppler-utils", "rsync"),
    ),
    env=SYSTEM | {"MAKEFLAGS": "--no-print-directory", "LANG": "C.UTF-8", "OUT": "/tmp/out"},
    folder="/report",
    entrypoint=("make", "--file", "/report/Makefile"),
    cmd=("all", "CFLAGS=-O1 -Wall"),
    files=HOSTS
    | {
        "report/Makefile": """SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
OUT ?= out
CC = gcc
PLOTS := $(patsubst plots/%.gp,$(OUT)/%.svg,$(wildcard plots/*.gp))
GRAPHS := $(patsubst graphs/%.dot,$(OUT)/%.svg,$(wildcard graphs/*.dot))
STAMP := $(shell date +%F)
-include local.mk

.PHONY: all clean publish
all: $(OUT)/report.html $(OUT)/report.pdf $(OUT)/summary.txt | tools

tools:
\t@command -v pandoc gnuplot dot > /dev/null

$(OUT):
\t@mkdir -p $@

$(OUT)/count: src/count.c | $(OUT)
\t$(CC) $(CFLAGS) -o $@ $<

$(OUT)/orders.tsv: orders.sql $(OUT)/count
\tsqlite3 -separator $$'\\t' :memory: < $< | sort -k2,2n > $@
\t@$(OUT)/count < $@

$(OUT)/%.svg: plots/%.gp $(OUT)/orders.tsv
\tgnuplot -e "data='$(OUT)/orders.tsv'; out='$@'" $<

$(OUT)/%.svg: graphs/%.dot | $(OUT)
\tdot -Tsvg -o $@ $<

$(OUT)/report.html: report.md $(PLOTS) $(GRAPHS)
\tpandoc --standalone --metadata title="Orders of $(STAMP)" --resource-path=$(OUT) --embed-resources -o $@ $<

$(OUT)/report.pdf: report.md $(PLOTS)
\tpandoc -t ms -s $< | sed '/PDFPIC/d' | groff -ms -Tpdf > $@

$(OUT)/summary.txt: $(OUT)/orders.tsv
\tdatamash -g 1 sum 2 < <(sort $<) | awk -f scripts/format.awk > $@
\t$(MAKE) -C parts OUT=$(OUT)

publish: all
\trsync -a $(OUT)/ $(TARGET)/
\tgit -C $(TARGET) commit -am "report of $(STAMP)"

clean:
\trm -rf $(OUT)
""",
        "report/parts/Makefile": "all:\n\t@perl -ne 'print uc' $(OUT)/summary.txt | tee $(OUT)/loud.txt\n"
        "\t@gzip -kf $(OUT)/loud.txt\nifdef JSON\n\t@jq . < $(JSON)\nendif\n",
        "report/src/count.c": """#include <stdio.h>
int main(void) {
    int sign, lines = 0;
    while ((sign = getchar()) != EOF) lines += sign == '\\n';
    printf("%d orders\\n", lines);
    return 0;
}
""",
        "report/orders.sql": "create table o (name, amount);\n"
        "insert into o values ('one', 3), ('two', 4), ('one', 5);\n"
        "select name, amount from o;\n",
        "report/plots/amounts.gp": "set terminal svg\nset output out\nset style data histograms\n"
        "plot data using 2:xtic(1) title 'amount'\n",
        "report/graphs/flow.dot": "digraph { rankdir=LR; order -> pay -> send; }\n",
        "report/report.md": "# Orders\n\nAll that were sent, with $x^2$.\n\n![amounts](amounts.svg)\n\n"
        "![flow](flow.svg)\n\n| name | amount |\n|---|---|\n| one | 8 |\n\n```python\nprint(1)\n```\n",
        "report/scripts/format.awk": '{ printf "%-10s %5d\\n", $1, $2 }\n',
    },
    seconds=40,
)

BORGMATIC = Recipe(
    name="borgmatic",
    packages=(
        *("borgmatic", "borgbackup", "python3", "openssh-client", "sqlite3", "postgresql-client", "mariadb-client"),
        *("curl", "cron", "msmtp", "fuse3", "tzdata"),
    ),
    env=SYSTEM
    | {"BORG_PASSPHRASE": "one", "BORG_BASE_DIR": "/tmp/borg", "ACTIONS": "prune check create", "TZ": "Etc/UTC"},
    folder="/",
    entrypoint=("/usr/local/bin/entry.py",),
    cmd=("--stats",),
    files=HOSTS
    | {
        "usr/local/bin/entry.py": '''#!/usr/bin/env python3
"""Prepares the repository, then becomes borgmatic."""

import os
import pathlib
import subprocess
import sys

CONFIG = pathlib.Path(os.environ.get("BORGMATIC_CONFIG", "/etc/borgmatic.d/shop.yaml"))


def prepare() -> None:
    if not pathlib.Path("/tmp/repository/config").exists():
        subprocess.run(["borgmatic", "--config", str(CONFIG), "init", "--encryption", "repokey-blake2"], check=True)
    for hook in sorted(pathlib.Path("/etc/hooks").glob("*.sh")):
        if os.access(hook, os.X_OK):
            subprocess.check_call([str(hook), "before"])


def main(words: list[str]) -> None:
    prepare()
    if words and not words[0].startswith("-"):
        os.execvp(words[0], words)
    command = ["borgmatic", "--config", str(CONFIG), "--verbosity", os.environ.get("VERBOSITY", "1")]
    command += os.environ.get("ACTIONS", "create").split()
    os.execvp(command[0], command + words)


if __name__ == "__main__":
    main(sys.argv[1:])
''',
        "etc/hooks/10-date.sh": "#!/bin/sh\ndate -u +%s > /tmp/started\nhostname >> /tmp/started\n",
        "etc/hooks/20-off.sh": "echo off\n",
        "etc/borgmatic.d/shop.yaml": """source_directories:
    - /srv/data
    - /etc/hooks
repositories:
    - path: /tmp/repository
      label: local
archive_name_format: "shop-{now}"
compression: zstd,3
keep_daily: 2
checks:
    - name: repository
    - name: archives
sqlite_databases:
    - name: shop
      path: /srv/data/shop.sqlite3
before_backup:
    - echo before | tee /tmp/before
on_error:
    - echo failed | msmtp root@localhost
""",
        "srv/data/orders.txt": "one\ntwo\n",
    },
    prepare=("sqlite3 /srv/data/shop.sqlite3 'create table one (a); insert into one values (1)'",),
    seconds=60,
)

JOBS = (MUNIN, CLAMAV, REPORT, BORGMATIC)
