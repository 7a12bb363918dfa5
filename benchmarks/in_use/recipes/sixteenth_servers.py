"""The first six of the sixteenth set: servers, each started in another way."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.twelfth import HOSTS

SQUID = Recipe(
    name="squid",
    packages=("squid-openssl", "squid-langpack", "apache2-utils", "perl", "curl", "procps", "less", "netbase"),
    env=SYSTEM | {"SQUID_CACHE_DIR": "/tmp/squid", "SQUID_USER": "proxy", "SQUID_CONF": "/etc/squid/shop.conf"},
    folder="/",
    entrypoint=("/sbin/entrypoint.sh",),
    files=HOSTS
    | {
        "sbin/entrypoint.sh": """#!/bin/bash
set -e

prepare() {
  local folder=$1
  mkdir -p "${folder}"
  chown -R "${SQUID_USER}":"${SQUID_USER}" "${folder}"
}

prepare "${SQUID_LOG_DIR:-/var/log/squid}"
prepare "${SQUID_CACHE_DIR}"
if [[ -f /etc/squid/squid.user.conf ]]; then
  ln -sf /etc/squid/squid.user.conf "${SQUID_CONF}"
fi
if [[ ! -f /etc/squid/users ]]; then
  htpasswd -bc /etc/squid/users "${PROXY_USER:-one}" "${PROXY_WORD:-two}"
fi

if [[ ${1:0:1} = '-' ]]; then
  EXTRA_ARGS="$*"
  set --
elif [[ ${1} == squid || ${1} == $(which squid) ]]; then
  EXTRA_ARGS="${*:2}"
  set --
fi

if [[ -z ${1} ]]; then
  if [[ ! -d ${SQUID_CACHE_DIR}/00 ]]; then
    echo "Preparing the cache ..."
    $(which squid) -N -f "${SQUID_CONF}" -z
  fi
  ( sleep 4
    while sleep 2; do
      curl -s -U one:two -x 127.0.0.1:9701 http://127.0.0.1:9701/orders | head -n 3
      curl -s -x 127.0.0.1:9701 http://127.0.0.1:9701/nothing | tail -n 1
    done ) &
  exec $(which squid) -f "${SQUID_CONF}" -NYCd 1 ${EXTRA_ARGS}
else
  exec "$@"
fi
""",
        "etc/squid/shop.conf": """http_port 127.0.0.1:9701
visible_hostname shop
pid_filename /tmp/squid.pid
coredump_dir /tmp
cache_dir ufs /tmp/squid 20 16 16
access_log stdio:/var/log/squid/access.log
cache_log /var/log/squid/cache.log
cache_effective_user proxy
auth_param basic program /usr/lib/squid/basic_ncsa_auth /etc/squid/users
auth_param basic children 2
external_acl_type hours ttl=1 %SRC /usr/lib/squid/ext_time_quota_acl -b /tmp/quota /etc/squid/quota
url_rewrite_program /usr/local/bin/rewrite.pl
url_rewrite_children 1
logfile_rotate 0
acl known proxy_auth REQUIRED
acl here src 127.0.0.1
http_access allow here manager
acl timely external hours
http_access allow known timely
http_access deny all
include /etc/squid/shop.d/*.conf
""",
        "etc/squid/shop.d/refresh.conf": "refresh_pattern . 0 20% 4320\n",
        "etc/squid/quota": "one 2h/1d\n",
        "usr/local/bin/rewrite.pl": """#!/usr/bin/perl
use strict;
use warnings;
use URI::Escape ();
$| = 1;
while (my $line = <STDIN>) {
    my ($address) = split ' ', $line;
    print URI::Escape::uri_unescape($address) =~ /old/ ? "OK status=302 url=http://shop.example/\\n" : "ERR\\n";
}
""",
    },
    prepare=("apt-get install -qy --no-install-recommends liburi-perl",),
    asks=tuple(f"http://127.0.0.1:9701/{path}" for path in ("squid-internal-mgr/menu", "nothing")),
    sends=(("tcp://127.0.0.1:9701", "CONNECT nothing:443 HTTP/1.0\r\n"),),
    hangup=False,
    seconds=40,
)

TOR = Recipe(
    name="tor",
    packages=("tor", "tor-geoipdb", "obfs4proxy", "torsocks", "nyx", "curl", "ca-certificates"),
    env=SYSTEM | {"TZ": "UTC"},
    folder="/",
    entrypoint=("setpriv", "--reuid=debian-tor", "--regid=debian-tor", "--clear-groups", "--no-new-privs"),
    cmd=("/usr/bin/tor", "-f", "/etc/tor/shop"),
    files=HOSTS
    | {
        "etc/tor/shop": """SocksPort 127.0.0.1:9703
ControlPort 127.0.0.1:9704
CookieAuthentication 0
HTTPTunnelPort 127.0.0.1:9705
DataDirectory /var/lib/tor/shop
PidFile /var/lib/tor/pid
RunAsDaemon 0
ControlSocket /run/tor/control
Log notice stdout
HiddenServiceDir /var/lib/tor/hidden
HiddenServicePort 80 127.0.0.1:9705
UseBridges 1
ClientTransportPlugin obfs4 exec /usr/bin/obfs4proxy
Bridge obfs4 127.0.0.1:9 0123456789ABCDEF0123456789ABCDEF01234567 cert="""
        + "A" * 70
        + """ iat-mode=0
%include /etc/tor/shop.d/*.conf
""",
        "etc/tor/shop.d/countries.conf": "ExcludeNodes {xx}\n",
    },
    prepare=("install -d -m 2700 -o debian-tor -g debian-tor /var/lib/tor/shop /var/lib/tor/hidden /run/tor",),
    asks=("http://127.0.0.1:9703/", "http://127.0.0.1:9705/"),
    sends=(("tcp://127.0.0.1:9704", "AUTHENTICATE\r\nGETINFO version\r\nGETINFO ip-to-country/192.0.2.1\r\nQUIT\r\n"),),
    hangup=True,
    seconds=25,
)

EJABBERD = Recipe(
    name="ejabberd",
    packages=("ejabberd", "gosu", "procps", "openssl", "sqlite3", "curl", "erlang-p1-sqlite3", "imagemagick"),
    env=SYSTEM | {"EJABBERD_CONFIG_PATH": "/etc/ejabberd/shop.yml", "ERLANG_NODE_ARG": "ejabberd@localhost"},
    folder="/",
    entrypoint=("gosu", "ejabberd", "ejabberdctl"),
    cmd=("foreground",),
    files=HOSTS
    | {
        "etc/ejabberd/shop.yml": """loglevel: info
log_rotate_size: 10485760
log_rotate_count: 1
hosts: [localhost]
certfiles: [/etc/ejabberd/shop.pem]
default_db: sql
sql_type: sqlite
sql_database: /var/lib/ejabberd/shop.sqlite3
auth_method: [sql]
listen:
  - {port: 9707, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, access: c2s, shaper: normal}
  - port: 9708
    ip: "127.0.0.1"
    module: ejabberd_http
    request_handlers:
      /admin: ejabberd_web_admin
      /api: mod_http_api
      /bosh: mod_bosh
      /register: mod_register_web
      /upload: mod_http_upload
      /ws: ejabberd_http_ws
acl: {local: {user_regexp: ""}, loopback: {ip: [127.0.0.0/8]}}
access_rules: {local: {allow: local}, c2s: {allow: all}, register: {allow: all}}
api_permissions:
  "all": {who: [{access: [{allow: loopback}]}], what: ["*"]}
shaper: {normal: 1000}
modules:
  mod_adhoc: {}
  mod_bosh: {}
  mod_caps: {}
  mod_disco: {}
  mod_http_api: {}
  mod_http_upload: {put_url: "http://localhost:9708/upload", thumbnail: true}
  mod_last: {}
  mod_mam: {}
  mod_muc: {}
  mod_offline: {}
  mod_ping: {}
  mod_pubsub: {plugins: [flat, pep]}
  mod_register: {ip_access: all}
  mod_roster: {}
  mod_vcard: {search: false}
""",
        "etc/ejabberd/ejabberdctl.cfg": 'EJABBERD_BYPASS_WARNINGS=true\nERL_OPTIONS="-env ERL_CRASH_DUMP_BYTES 0"\n',
    },
    prepare=(
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout /tmp/k -out /tmp/c",
        "cat /tmp/k /tmp/c > /etc/ejabberd/shop.pem && chown ejabberd /etc/ejabberd/shop.pem && rm /tmp/k /tmp/c",
        "install -d -o ejabberd -g ejabberd /var/lib/ejabberd /var/log/ejabberd",
        "chmod 755 /etc/ejabberd && rm -f /var/lib/ejabberd/.erlang.cookie",
    ),
    asks=tuple(f"http://127.0.0.1:9708/{path}" for path in ("admin/", "register/new", "bosh", "ws", "nothing")),
    sends=(
        ("http://127.0.0.1:9708/api/status", "{}"),
        ("http://127.0.0.1:9708/api/register", '{"user": "one", "host": "localhost", "password": "two"}'),
        ("http://127.0.0.1:9708/api/registered_users", '{"host": "localhost"}'),
        (
            "tcp://127.0.0.1:9707",
            "<stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
            "version='1.0'>\n<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>\nnothing\n",
        ),
    ),
    seconds=60,
)

RADIO = Recipe(
    name="radio",
    packages=("icecast2", "mpd", "mpc", "supervisor", "sox", "netbase", "media-types", "vim-tiny"),
    env=SYSTEM | {"ICECAST_PASSWORD": "one", "MPD_HOST": "127.0.0.1", "MPD_PORT": "9711"},
    folder="/",
    entrypoint=("/usr/bin/supervisord",),
    cmd=("--nodaemon", "--configuration", "/etc/supervisor/radio.conf"),
    files=HOSTS
    | {
        "etc/supervisor/radio.conf": """[supervisord]
user=root
logfile=/dev/null
logfile_maxbytes=0
pidfile=/tmp/supervisord.pid

[include]
files = /etc/supervisor/radio.d/*.conf
""",
        "etc/supervisor/radio.d/icecast.conf": """[program:icecast]
command=icecast2 -n -c /etc/icecast2/radio.xml
user=icecast2
priority=1
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
redirect_stderr=true
""",
        "etc/supervisor/radio.d/mpd.conf": """[program:mpd]
command=/bin/bash -c 'until (exec 3<>/dev/tcp/127.0.0.1/9710) 2> /dev/null; do sleep 1; done; exec mpd --no-daemon'
environment=HOME="/var/lib/mpd",XDG_RUNTIME_DIR="/tmp"
user=mpd
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0

[program:playlist]
command=/usr/local/bin/playlist %(ENV_MPD_PORT)s
startsecs=0
autorestart=unexpected
exitcodes=0
""",
        "usr/local/bin/playlist": """#!/bin/bash
for try in 1 2 3 4 5 6 7 8 9; do
    mpc -p "$1" status > /dev/null 2>&1 && break
    sleep 1
done
mpc --wait update
mpc clear
mpc ls | mpc add
mpc repeat on
mpc play
sleep 5
mpc --format '%title% %file%' current
mpc next
""",
        "etc/mpd.conf": """music_directory "/srv/music"
playlist_directory "/var/lib/mpd/playlists"
db_file "/var/lib/mpd/tag_cache"
state_file "/var/lib/mpd/state"
bind_to_address "127.0.0.1"
port "9711"
zeroconf_enabled "no"
filesystem_charset "UTF-8"
input {
  plugin "curl"
}
audio_output {
  type "shout"
  name "radio"
  host "127.0.0.1"
  port "9710"
  mount "/radio.ogg"
  password "one"
  bitrate "64"
  format "44100:16:1"
  encoder "vorbis"
  protocol "icecast2"
}
audio_output {
  type "null"
  name "none"
}
""",
        "etc/icecast2/radio.xml": """<icecast>
  <location>shop</location>
  <hostname>localhost</hostname>
  <limits><clients>10</clients><sources>2</sources></limits>
  <authentication>
    <source-password>one</source-password>
    <admin-user>admin</admin-user>
    <admin-password>one</admin-password>
  </authentication>
  <listen-socket><port>9710</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths>
    <basedir>/usr/share/icecast2</basedir>
    <logdir>/var/log/icecast2</logdir>
    <webroot>/usr/share/icecast2/web</webroot>
    <adminroot>/usr/share/icecast2/admin</adminroot>
    <alias source="/" destination="/status.xsl"/>
  </paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog><loglevel>3</loglevel></logging>
</icecast>
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends libsox-fmt-all flac",
        "mkdir -p /srv/music /var/lib/mpd/playlists && chown -R mpd /var/lib/mpd",
        "for n in 1 2; do sox -n -r 44100 -c 1 /srv/music/$n.flac synth 20 sine ${n}00; done",
        "sox -n -r 44100 -c 1 /srv/music/3.ogg synth 20 sine 900",
    ),
    asks=tuple(
        f"http://127.0.0.1:9710/{path}" for path in ("", "status-json.xsl", "style.css", "admin/stats", "nothing")
    ),
    sends=(("tcp://127.0.0.1:9711", "status\nlsinfo\ndecoders\nnothing\n"),),
    seconds=50,
)

_EXECLINE = "#!/usr/bin/execlineb -P\n"

KNOT = Recipe(
    name="knot",
    packages=("knot", "knot-dnsutils", "stunnel4", "s6", "execline", "openssl", "python3-minimal", "netbase"),
    env=SYSTEM | {"S6_VERBOSITY": "2"},
    folder="/",
    entrypoint=("/usr/bin/s6-svscan",),
    cmd=("-t0", "/etc/s6"),
    files=HOSTS
    | {
        "etc/s6/knot/run": f"""{_EXECLINE}
fdmove -c 2 1
foreground {{ install -d -o knot -g knot /run/knot /var/lib/knot }}
s6-setuidgid knot
/usr/sbin/knotd -c /etc/knot/shop.conf
""",
        "etc/s6/knot/log/run": f"{_EXECLINE}s6-setuidgid nobody\ns6-log -b n2 s100000 T /var/log/knot\n",
        "etc/s6/stunnel/run": f"""{_EXECLINE}
importas -D /etc/stunnel/shop.conf CONF STUNNEL_CONF
if {{ test -f /etc/stunnel/shop.pem }}
exec -a stunnel
stunnel4 $CONF
""",
        "etc/s6/stunnel/finish": """#!/bin/sh
if [ "$1" -eq 256 ]; then s6-svscanctl -t /etc/s6; fi
sleep 1
""",
        "etc/s6/watch/run": f"""{_EXECLINE}
loopwhilex -x 1
foreground {{ sleep 2 }}
forx -E name {{ shop.example www.shop.example nothing.example }}
foreground {{ kdig +short +tcp -p 9713 @127.0.0.1 $name }}
kdig +tls -p 9714 @127.0.0.1 $name
""",
        "etc/s6/.s6-svscan/finish": "#!/usr/bin/execlineb -S0\nexit 0\n",
        "etc/knot/shop.conf": """server:
    rundir: /run/knot
    user: knot:knot
    listen: 127.0.0.1@9713
log:
  - target: stdout
    any: info
database:
    storage: /var/lib/knot
mod-rrl:
  - id: slow
    rate-limit: 200
mod-stats:
  - id: counts
    request-protocol: on
template:
  - id: default
    storage: /etc/knot/zones
    global-module: [mod-stats/counts, mod-rrl/slow, mod-cookies]
    file: "%s.zone"
policy:
  - id: short
    algorithm: ecdsap256sha256
    ksk-lifetime: 0
zone:
  - domain: shop.example
    dnssec-signing: on
    dnssec-policy: short
    zonefile-load: difference-no-serial
    zonefile-sync: -1
    journal-content: all
""",
        "etc/knot/zones/shop.example.zone": "$ORIGIN shop.example.\n$TTL 60\n@ SOA ns hostmaster 1 60 60 600 60\n"
        "@ NS ns\nns A 192.0.2.1\nwww A 192.0.2.2\n@ A 192.0.2.3\n",
        "etc/stunnel/shop.conf": """foreground = yes
pid = /tmp/stunnel.pid
setuid = stunnel4
syslog = no
[dot]
accept = 127.0.0.1:9714
connect = 127.0.0.1:9713
cert = /etc/stunnel/shop.pem
""",
    },
    prepare=(
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout /tmp/k -out /tmp/c",
        "cat /tmp/k /tmp/c > /etc/stunnel/shop.pem && chmod 600 /etc/stunnel/shop.pem && rm /tmp/k /tmp/c",
        "install -d -o nobody -g nogroup /var/log/knot",
    ),
    seconds=25,
)

COTURN = Recipe(
    name="coturn",
    packages=("coturn", "sqlite3", "redis-tools", "openssl", "curl", "mawk", "netbase", "tzdata"),
    env=SYSTEM | {"DETECT_EXTERNAL_IP": "yes", "TURN_REALM": "shop.example"},
    folder="/var/lib/coturn",
    entrypoint=("docker-entrypoint.sh",),
    cmd=(
        "--log-file=stdout",
        "--external-ip=$(detect-external-ip)",
        "--realm=$TURN_REALM",
        "-c",
        "/etc/turn/shop.conf",
    ),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/bash

# If the command starts with an option, it is one of turnserver.
if [ "${1:0:1}" == '-' ]; then
  set -- turnserver "$@"
fi
if [ ! -s /tmp/turn.sqlite3 ]; then
  sqlite3 /tmp/turn.sqlite3 < /usr/share/coturn/schema.sql
  turnadmin -a -b /tmp/turn.sqlite3 -u one -p two -r "$TURN_REALM"
fi
(
  sleep 4
  while sleep 3; do
    turnutils_stunclient -p 9715 127.0.0.1
    turnutils_uclient -t -n 2 -m 1 -y -u one -w two -p 9715 127.0.0.1
  done
) > /tmp/clients.log 2>&1 &

exec $(eval "echo $@")
""",
        "usr/local/bin/detect-external-ip": """#!/bin/sh
if [ -n "$REAL_EXTERNAL_IP" ]; then
    echo "$REAL_EXTERNAL_IP"
    exit 0
fi
awk '/localhost/ { print $1; exit }' /etc/hosts
""",
        "etc/turn/shop.conf": """listening-port=9715
listening-ip=127.0.0.1
relay-ip=127.0.0.1
min-port=49160
max-port=49180
fingerprint
lt-cred-mech
userdb=/tmp/turn.sqlite3
cert=/etc/turn/shop.crt
pkey=/etc/turn/shop.key
web-admin
web-admin-ip=127.0.0.1
web-admin-port=9716
no-cli
allow-loopback-peers
pidfile=/tmp/turnserver.pid
""",
    },
    prepare=(
        "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout /etc/turn/shop.key "
        "-out /etc/turn/shop.crt",
    ),
    asks=("http://127.0.0.1:9715/", "http://127.0.0.1:9716/"),
    sends=(("tcp://127.0.0.1:9715", "nothing\n"),),
    seconds=30,
)

SERVERS = (SQUID, TOR, EJABBERD, RADIO, KNOT, COTURN)
