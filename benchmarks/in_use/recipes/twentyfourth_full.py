"""The twenty-fourth set's servers on the base of the full images."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL
from benchmarks.in_use.recipes.twelfth import HOSTS

_QUERY = "\x00\x22\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03{}\x04shop\x07example\x00\x00\x01\x00\x01"
"""A question of DNS over TCP for a name of three letters in shop.example."""


def _compiles(source: str) -> str:
    """Return what distcc sends to have a source in C compiled."""
    words = ("gcc", "-c", "a.i", "-o", "a.o")
    given = "".join(f"ARGV{len(word):08x}{word}" for word in words)
    return f"DIST00000001ARGC{len(words):08x}{given}DOTI{len(source):08x}{source}"


GDNSD = Recipe(
    name="gdnsd",
    packages=(*FULL, "gdnsd"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/sbin/gdnsd",),
    cmd=("-c", "/etc/gdnsd", "start"),
    files=HOSTS
    | {
        "etc/gdnsd/config": """options => {
  listen => 127.0.0.1
  dns_port => 10230
  run_dir => /tmp/gdnsd-run
  state_dir => /tmp/gdnsd-state
}
service_types => {
  orders => { plugin => extmon, cmd => ["/usr/local/bin/check-orders", "%%ITEM%%"], interval => 2, timeout => 1 }
  web => { plugin => http_status, port => 1, interval => 2, timeout => 1 }
}
plugins => {
  multifo => { service_types => [orders, web], web => { one => 127.0.0.8, two => 127.0.0.9 } }
}
""",
        "etc/gdnsd/zones/shop.example": """$TTL 60
@ SOA ns.shop.example. a.shop.example. ( 1 60 60 60 60 )
@ NS ns.shop.example.
ns A 127.0.0.1
web 60 DYNA multifo!web
""",
        "usr/local/bin/check-orders": '#!/bin/sh\ntest -n "$1" && expr "$1" : \'127\\.\' > /dev/null\n',
    },
    prepare=("mkdir -p /var/lib/gdnsd",),
    sends=tuple(("tcp://127.0.0.1:10230", _QUERY.format(name)) for name in ("web", "not")),
    seconds=15,
)

DISTCC = Recipe(
    name="distcc",
    packages=(*FULL, "distcc"),
    env=SYSTEM,
    folder="/",
    entrypoint=("distccd",),
    cmd=(
        *("--no-detach", "--daemon", "--listen", "127.0.0.1", "--port", "10231", "--allow", "127.0.0.1"),
        *("--log-stderr", "--jobs", "2", "--user", "distccd"),
    ),
    files=HOSTS,
    sends=(
        ("tcp://127.0.0.1:10231", _compiles("int a() { return 1; }")),
        ("tcp://127.0.0.1:10231", _compiles("int a( {")),
        ("tcp://127.0.0.1:10231", "nothing\n"),
    ),
    hangup=True,
    seconds=15,
)

CUPS = Recipe(
    name="cups",
    packages=(*FULL, "cups", "cups-client"),
    env=SYSTEM | {"CUPS_ADMIN": "one"},
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("/usr/sbin/cupsd", "-f", "-c", "/etc/cups/shop.conf"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash -e

if [ "$(grep -ci "^$CUPS_ADMIN:" /etc/shadow)" -eq 0 ]; then
  useradd -r -G lpadmin -M "$CUPS_ADMIN"
  echo "$CUPS_ADMIN:$CUPS_ADMIN" | chpasswd
fi
exec "$@"
""",
        "etc/cups/shop.conf": """Listen 127.0.0.1:10232
LogLevel info
WebInterface Yes
DefaultAuthType Basic
Browsing Off
<Location />
  Order allow,deny
  Allow all
</Location>
<Location /admin>
  AuthType Default
  Require user @SYSTEM
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
""",
        "etc/cups/cups-files.conf": "FileDevice Yes\nErrorLog stderr\nAccessLog stderr\nPageLog stderr\n"
        "SystemGroup lpadmin\n",
        "etc/cups/printers.conf": "<DefaultPrinter shop>\nInfo shop\nDeviceURI file:///tmp/printed\nState Idle\n"
        "Accepting Yes\nShared No\n</DefaultPrinter>\n",
    },
    asks=tuple(
        f"http://127.0.0.1:10232/{path}"
        for path in ("", "printers/", "printers/shop", "jobs/", "help/", "admin", "classes/", "robots.txt", "no")
    ),
    sends=(
        ("http://one:one@127.0.0.1:10232/admin", "OP=config-server"),
        ("http://127.0.0.1:10232/printers/shop", "OP=print-test-page"),
    ),
    hangup=True,
    seconds=20,
)

NODE_EXPORTER = Recipe(
    name="node-exporter",
    packages=(*FULL, "prometheus-node-exporter", "prometheus-node-exporter-collectors", "moreutils", "python3"),
    env=SYSTEM | {"TEXTFILES": "/tmp/textfiles"},
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("prometheus-node-exporter", "--no-collector.cpu", "--web.listen-address=127.0.0.1:10233"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -euo pipefail

collect() {
  while true; do
    for script in /etc/collectors.d/*; do
      "$script" 2> /dev/null | sponge "$TEXTFILES/$(basename "$script").prom" || true
    done
    sleep 5
  done
}

mkdir -p "$TEXTFILES"
collect &
exec "$@" --collector.textfile.directory="$TEXTFILES"
""",
        "etc/collectors.d/directory-size": "#!/bin/sh\nexec /usr/share/prometheus-node-exporter-collectors/"
        "directory-size.sh /etc /srv\n",
        "etc/collectors.d/apt": "#!/bin/sh\nexec /usr/share/prometheus-node-exporter-collectors/apt_info.py\n",
    },
    asks=tuple(f"http://127.0.0.1:10233/{path}" for path in ("", "metrics", "metrics?collect[]=cpu", "no")),
    seconds=25,
)

KRESD = Recipe(
    name="kresd",
    packages=(*FULL, "knot-resolver", "knot-resolver-module-http", "tini"),
    env=SYSTEM,
    folder="/tmp",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("kresd", "-n", "-c", "/etc/knot-resolver/shop.conf", "/tmp"),
    files=HOSTS
    | {
        "etc/knot-resolver/shop.conf": """net.listen('127.0.0.1', 10234, { kind = 'dns' })
net.listen('127.0.0.1', 10235, { kind = 'webmgmt' })
modules = { 'hints > iterate', 'stats', 'predict', 'policy', 'view', 'http' }
hints['web.shop.example'] = '127.0.0.8'
policy.add(policy.suffix(policy.DENY, { todname('not.shop.example.') }))
cache.size = 10 * MB
dofile('/etc/knot-resolver/more.lua')
""",
        "etc/knot-resolver/more.lua": "http.prometheus.namespace = 'shop_'\nprint('ready')\n",
    },
    asks=tuple(f"http://127.0.0.1:10235/{path}" for path in ("", "stats", "metrics", "trace/web.shop.example", "no")),
    sends=tuple(("tcp://127.0.0.1:10234", _QUERY.format(name)) for name in ("web", "not", "api")),
    seconds=15,
)

TWEMPROXY = Recipe(
    name="twemproxy",
    packages=(*FULL, "nutcracker", "memcached", "supervisor"),
    env=SYSTEM,
    folder="/",
    cmd=("/usr/bin/supervisord", "-c", "/etc/supervisor/supervisord.conf", "-n"),
    files=HOSTS
    | {
        "etc/supervisor/conf.d/cache.conf": """[program:memcached]
command=/usr/bin/memcached -u memcache -l 127.0.0.1 -p 1130%(process_num)d
process_name=%(program_name)s_%(process_num)d
numprocs=2
autorestart=true
[program:proxy]
command=/bin/sh -c "sleep 1 && exec nutcracker -c /etc/nutcracker/shop.yml -m 2048 -a 127.0.0.1 -s 10236"
autorestart=true
""",
        "etc/nutcracker/shop.yml": """shop:
  listen: 127.0.0.1:10237
  hash: fnv1a_64
  distribution: ketama
  auto_eject_hosts: true
  server_retry_timeout: 2000
  server_failure_limit: 1
  servers: ["127.0.0.1:11300:1", "127.0.0.1:11301:1"]
""",
    },
    sends=(
        ("tcp://127.0.0.1:10237", "get a\r\nget b c\r\ndelete a\r\nversion\r\nquit\r\n"),
        ("tcp://127.0.0.1:10236", "a\n"),
    ),
    seconds=18,
)

SNAPSERVER = Recipe(
    name="snapserver",
    packages=(*FULL, "snapserver"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/snapserver",),
    cmd=("--config", "/etc/snapserver-shop.conf", "--server.datadir=/tmp"),
    files=HOSTS
    | {
        "etc/snapserver-shop.conf": """[server]
threads = 2
[http]
enabled = true
bind_to_address = 127.0.0.1
port = 10238
[tcp]
enabled = true
bind_to_address = 127.0.0.1
port = 10239
[stream]
bind_to_address = 127.0.0.1
port = 10240
codec = flac
source = process:///usr/local/bin/tone?name=shop&params=one
source = pipe:///tmp/snapfifo?name=pipe&mode=create
[logging]
sink = stdout
""",
        "usr/local/bin/tone": "#!/bin/sh\n# silence, as music\nexec cat /dev/zero\n",
    },
    asks=("http://127.0.0.1:10238/", "http://127.0.0.1:10238/no"),
    sends=(
        ("tcp://127.0.0.1:10239", '{"id": 1, "jsonrpc": "2.0", "method": "Server.GetStatus"}\r\n{no\r\n'),
        ("http://127.0.0.1:10238/jsonrpc", '{"id": 1, "jsonrpc": "2.0", "method": "Server.GetRPCVersion"}'),
    ),
    seconds=15,
)

INFLUXDB = Recipe(
    name="influxdb",
    packages=(*FULL, "influxdb"),
    env=SYSTEM | {"INFLUXDB_DB": "shop"},
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("influxd", "-config", "/etc/influxdb/shop.conf"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -e

if [ "${1:0:1}" = '-' ]; then
  set -- influxd "$@"
fi
mkdir -p /tmp/influx
exec "$@"
""",
        "etc/influxdb/shop.conf": """reporting-disabled = true
bind-address = "127.0.0.1:10241"
[meta]
  dir = "/tmp/influx/meta"
[data]
  dir = "/tmp/influx/data"
  wal-dir = "/tmp/influx/wal"
[http]
  bind-address = "127.0.0.1:10242"
[[graphite]]
  enabled = true
  database = "graphite"
  bind-address = "127.0.0.1:10243"
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10242/{path}"
        for path in ("ping", "query?q=SHOW+DATABASES", "query?db=shop&q=SELECT+*+FROM+orders", "metrics", "no")
    ),
    sends=(
        ("http://127.0.0.1:10242/query", "q=CREATE DATABASE shop"),
        ("http://127.0.0.1:10242/write?db=shop", "orders,shop=one value=1"),
        ("tcp://127.0.0.1:10243", "shop.orders 1\n"),
    ),
    seconds=18,
)

KAMAILIO = Recipe(
    name="kamailio",
    packages=(*FULL, "kamailio", "kamailio-lua-modules", "tini"),
    env=SYSTEM | {"SIP_DOMAIN": "shop.example"},
    folder="/",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("kamailio", "-DD", "-E", "-e", "-f", "/etc/kamailio/shop.cfg", "-m", "32", "-M", "4"),
    files=HOSTS
    | {
        "etc/kamailio/shop.cfg": """#!KAMAILIO
#!define WITH_HTTP
debug=2
log_stderror=yes
children=2
listen=tcp:127.0.0.1:10244
tcp_accept_no_cl=yes
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "xlog.so"
loadmodule "exec.so"
loadmodule "dispatcher.so"
loadmodule "app_lua.so"
import_file "local.cfg"
#!ifdef WITH_HTTP
loadmodule "xhttp.so"
loadmodule "jsonrpcs.so"
modparam("jsonrpcs", "transport", 1)
#!endif
modparam("dispatcher", "list_file", "/etc/kamailio/dispatcher.list")
modparam("dispatcher", "ds_ping_interval", 2)
modparam("dispatcher", "ds_probing_mode", 1)
modparam("app_lua", "load", "/etc/kamailio/shop.lua")
request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("OPTIONS")) { exec_msg("/usr/local/bin/seen"); lua_run("greet"); sl_send_reply("200", "OK"); exit; }
  sl_send_reply("404", "Not Found");
}
event_route[xhttp:request] {
  if ($hu =~ "^/RPC") { jsonrpc_dispatch(); exit; }
  exec_dset("/usr/local/bin/seen");
  xhttp_reply("200", "OK", "text/html", "<p>shop</p>");
}
""",
        "etc/kamailio/local.cfg": 'server_header="Server: shop"\n',
        "etc/kamailio/dispatcher.list": "1 sip:127.0.0.1:10244;transport=tcp\n",
        "etc/kamailio/shop.lua": 'function greet()\n  KSR.info("hello\\n")\nend\n',
        "usr/local/bin/seen": "#!/bin/sh\ndate +%s >> /tmp/seen\ncat > /dev/null\n",
    },
    asks=("http://127.0.0.1:10244/", "http://127.0.0.1:10244/no"),
    sends=(("http://127.0.0.1:10244/RPC", '{"jsonrpc": "2.0", "method": "core.version", "id": 1}'),),
    seconds=18,
)

NBDKIT = Recipe(
    name="nbdkit",
    packages=(*FULL, "nbdkit", "nbdkit-plugin-python"),
    env=SYSTEM,
    folder="/srv",
    entrypoint=("/usr/bin/nbdkit",),
    cmd=(
        *("-f", "-v", "-i", "127.0.0.1", "-p", "10245", "--filter=log", "--filter=cow", "--filter=readahead"),
        *("python", "/srv/disk.py", "size=1M", "logfile=/tmp/nbd.log"),
    ),
    files=HOSTS
    | {
        "srv/disk.py": """import hashlib

import nbdkit

API_VERSION = 2
disk = bytearray()


def config(key, value):
    global disk
    if key == "size":
        disk = bytearray(nbdkit.parse_size(value))


def open(readonly):
    nbdkit.debug("opened " + hashlib.sha256(disk).hexdigest())
    return 1


def get_size(handle):
    return len(disk)


def pread(handle, buffer, offset, flags):
    buffer[:] = disk[offset : offset + len(buffer)]
""",
    },
    sends=(
        (
            "tcp://127.0.0.1:10245",
            "\x00\x00\x00\x01IHAVEOPT\x00\x00\x00\x03\x00\x00\x00\x00",
        ),
        ("tcp://127.0.0.1:10245", "\x00\x00\x00\x01IHAVEOPT\x00\x00\x00\x01\x00\x00\x00\x00"),
        ("tcp://127.0.0.1:10245", "nothing\n"),
    ),
    seconds=15,
)

RSYNCD = Recipe(
    name="rsyncd",
    packages=(*FULL, "rsync", "dumb-init"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/dumb-init", "--", "/entrypoint.sh"),
    cmd=("rsync_server",),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -e

setup() {
  mkdir -p "${VOLUME:-/srv/files}"
  echo "${USERNAME:-user}:${PASSWORD:-pass}" > /etc/rsyncd.secrets
  chmod 0400 /etc/rsyncd.secrets
}

if [ "$1" = rsync_server ]; then
  setup
  exec rsync --no-detach --daemon --config=/etc/rsyncd-shop.conf --port=10246 --address=127.0.0.1
fi
exec "$@"
""",
        "etc/rsyncd-shop.conf": """use chroot = no
log file = /dev/stdout
&include /etc/rsyncd.d
[files]
  path = /srv/files
  read only = no
  pre-xfer exec = /usr/local/bin/before
  post-xfer exec = /usr/local/bin/after
[secret]
  path = /srv/files
  auth users = user
  secrets file = /etc/rsyncd.secrets
""",
        "etc/rsyncd.d/more.conf": "[etc]\n  path = /etc\n  exclude = shadow\n  lock file = /tmp/rsync.lock\n",
        "usr/local/bin/before": '#!/bin/sh\necho "$RSYNC_MODULE_NAME $(date +%T)" >> /tmp/before\n',
        "usr/local/bin/after": "#!/bin/bash\n[[ $RSYNC_EXIT_STATUS == 0 ]] || echo failed | tee -a /tmp/after\n"
        "sha256sum /srv/files/* > /tmp/sums\n",
        "srv/files/one.txt": "one\n",
    },
    sends=(
        (
            "tcp://127.0.0.1:10246",
            "@RSYNCD: 31.0 md5\nfiles\n--server\x00--sender\x00-logDtpre.iLsfxC\x00.\x00files/\x00\x00",
        ),
        ("tcp://127.0.0.1:10246", "@RSYNCD: 31.0 md5\n#list\n"),
        ("tcp://127.0.0.1:10246", "nothing\n"),
    ),
    hangup=True,
    seconds=18,
)

FULL_SERVERS = (
    *(GDNSD, KRESD, DISTCC, CUPS, NODE_EXPORTER, TWEMPROXY, SNAPSERVER, INFLUXDB, KAMAILIO, NBDKIT),
    RSYNCD,
)
