"""The twenty-fourth set's servers on Debian's least base, with what teams leave in it."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "curl", "procps", "less", "netbase", "tzdata")
_QUERY = "\x00\x22\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03{}\x04shop\x07example\x00\x00\x01\x00\x01"
"""A question of DNS over TCP for a name of three letters in shop.example."""
_MAIL = (
    "HELO shop.example\r\nMAIL FROM:<a@shop.example>\r\nRCPT TO:<orders@shop.example>\r\nDATA\r\nSubject: one\r\n"
    ".\r\nQUIT\r\n"
)

SMTPD = Recipe(
    name="opensmtpd",
    packages=(*_TOOLS, "opensmtpd", "tini", "openssl"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/tini", "--", "/entrypoint.sh"),
    cmd=("smtpd", "-d", "-f", "/etc/smtpd/shop.conf"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e
if [ -n "$MAIL_DOMAIN" ]; then
  sed -i "s/shop.example/$MAIL_DOMAIN/" /etc/smtpd/shop.conf
fi
newaliases -f /etc/smtpd/aliases 2> /dev/null || true
(sleep 3; printf 'Subject: started\\n\\nnow\\n' | sendmail orders@shop.example) &
exec "$@"
""",
        "etc/smtpd/shop.conf": """table aliases file:/etc/smtpd/aliases
filter "seen" proc-exec "/usr/local/bin/seen"
listen on 127.0.0.1 port 10201 hostname mx.shop.example filter "seen"
action "local" mbox alias <aliases>
action "store" maildir "/tmp/mail/%{dest.user}" alias <aliases>
match from any for domain "shop.example" action "local"
match from local for domain "shop.example" action "local"
""",
        "etc/smtpd/aliases": 'orders: "|/usr/local/bin/deliver"\nroot: orders\n',
        "usr/local/bin/deliver": "#!/bin/sh\n# an order\ngrep -i '^subject:' | sed 's/^[^ ]* //' >> /tmp/orders\n",
        "usr/local/bin/seen": """#!/bin/sh
while read -r line; do
  case "$line" in
    'config|ready') echo 'register|report|smtp-in|link-connect'; echo 'register|ready' ;;
    report*) echo "$line" | cut -d'|' -f7 >> /tmp/seen ;;
  esac
done
""",
    },
    sends=(("tcp://127.0.0.1:10201", _MAIL), ("tcp://127.0.0.1:10201", "HELO a\r\nnothing\r\nQUIT\r\n")),
    seconds=20,
)

RECURSOR = Recipe(
    name="recursor",
    packages=(*_TOOLS, "pdns-recursor", "tini", "bind9-dnsutils"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("/usr/sbin/pdns_recursor", "--config-dir=/etc/powerdns", "--disable-syslog"),
    files=HOSTS
    | {
        "etc/powerdns/recursor.yml": """incoming: {listen: ['127.0.0.1:10202'], allow_from: [127.0.0.0/8]}
recursor:
  socket_dir: /tmp
  include_dir: /etc/powerdns/recursor.d
  lua_dns_script: /etc/powerdns/shop.lua
webservice: {webserver: true, address: 127.0.0.1, port: 10203, api_key: one, allow_from: [127.0.0.0/8]}
dnssec: {validation: 'off'}
""",
        "etc/powerdns/recursor.d/zones.yml": """recursor:
  forward_zones: [{zone: corp.example, forwarders: ['127.0.0.1:1']}]
""",
        "etc/powerdns/shop.lua": """function preresolve(dq)
  if dq.qname:equal("web.shop.example") then
    dq:addAnswer(pdns.A, "127.0.0.8", 60)
    return true
  end
  return false
end
""",
    },
    asks=tuple(f"http://127.0.0.1:10203/{path}" for path in ("metrics", "", "api/v1/servers", "no")),
    sends=tuple(("tcp://127.0.0.1:10202", _QUERY.format(name)) for name in ("web", "not")),
    hangup=True,
    seconds=15,
)

IRCD = Recipe(
    name="ircd",
    packages=("inspircd", "atheme-services", "runit", "ca-certificates", "procps", "openssl"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/runsvdir",),
    cmd=("-P", "/etc/sv-shop"),
    files=HOSTS
    | {
        "etc/sv-shop/ircd/run": """#!/bin/sh
exec 2>&1
exec inspircd --nofork --nopid --runasroot --config /etc/inspircd/shop.conf
""",
        "etc/sv-shop/services/run": """#!/bin/sh
exec 2>&1
sleep 2
mkdir -p /tmp/atheme && chown irc /tmp/atheme
exec chpst -u irc atheme-services -n -c /etc/atheme/shop.conf -l /tmp/atheme/log -p /tmp/atheme/pid -D /tmp/atheme
""",
        "etc/sv-shop/services/finish": "#!/bin/sh\nsleep 1\n",
        "etc/inspircd/shop.conf": """<server name="irc.shop.example" description="shop" network="Shop" id="00A">
<admin name="a" nick="a" email="a@shop.example">
<bind address="127.0.0.1" port="10204" type="clients">
<bind address="127.0.0.1" port="10205" type="servers">
<connect name="main" allow="*" timeout="20" modes="+x">
<include file="/etc/inspircd/shop-modules.conf">
<link name="services.shop.example" ipaddr="127.0.0.1" port="10205" allowmask="*" sendpass="one" recvpass="one">
<services name="services.shop.example">
<log method="stdout" type="*" level="normal">
<files motd="/etc/inspircd/shop.motd">
<execfiles rules="/usr/local/bin/rules">
""",
        "etc/inspircd/shop-modules.conf": """<module name="spanningtree">
<module name="services">
<module name="account">
<module name="cloak_sha256">
<module name="sha2">
<module name="alias">
<module name="chanfilter">
<module name="httpd">
<module name="httpd_stats">
<cloak method="hmac-sha256-addr" key="a-long-key-for-the-shop-only-0123456789" prefix="s-">
<bind address="127.0.0.1" port="10206" type="httpd">
""",
        "etc/inspircd/shop.motd": "hello\n",
        "usr/local/bin/rules": "#!/bin/sh\ndate +%F\n",
        "etc/atheme/shop.conf": """loadmodule "modules/protocol/inspircd";
loadmodule "modules/backend/opensex";
loadmodule "modules/crypto/pbkdf2v2";
loadmodule "modules/nickserv/main";
loadmodule "modules/nickserv/identify";
loadmodule "modules/nickserv/register";
loadmodule "modules/chanserv/main";
loadmodule "modules/chanserv/register";
loadmodule "modules/operserv/main";
loadmodule "modules/misc/httpd";
serverinfo {
  name = "services.shop.example"; desc = "Services"; numeric = "00S"; recontime = 3; netname = "Shop";
  adminname = "a"; adminemail = "a@shop.example"; registeremail = "a@shop.example"; mta = "/bin/true";
  loglevel = { all; }; maxnicks = 5; maxusers = 5; maxchans = 5; mdlimit = 30; emaillimit = 10; emailtime = 300;
  auth = none; casemapping = rfc1459;
};
uplink "irc.shop.example" { host = "127.0.0.1"; port = 10205; send_password = "one"; receive_password = "one"; };
httpd { host = "127.0.0.1"; www_root = "/var/www"; port = 10207; };
""",
    },
    asks=("http://127.0.0.1:10206/stats", "http://127.0.0.1:10207/", "http://127.0.0.1:10206/no"),
    sends=(
        ("tcp://127.0.0.1:10204", "NICK one\r\nUSER one 0 * :one\r\nJOIN #shop\r\nPRIVMSG #shop :hi\r\nRULES\r\n"),
        ("tcp://127.0.0.1:10204", "nothing\r\n"),
    ),
    seconds=20,
)

ZNC = Recipe(
    name="znc",
    packages=(*_TOOLS, "znc", "znc-perl", "znc-python", "gosu"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("znc", "--foreground", "--datadir", "/znc"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e
if [ "$(id -u)" = 0 ]; then
  chown -R www-data:www-data /znc
  exec gosu www-data "$0" "$@"
fi
if [ -d /znc/modules ]; then
  for file in /znc/modules/*.cpp; do
    [ -e "$file" ] && (cd /znc/modules && znc-buildmod "$file")
  done
fi
exec "$@"
""",
        "znc/configs/znc.conf": """Version = 1.9.1
LoadModule = webadmin
LoadModule = modpython
LoadModule = modperl
LoadModule = greet
<Listener l>
  Port = 10208
  IPv4 = true
  IPv6 = false
  SSL = false
</Listener>
<User one>
  Admin = true
  Nick = one
  AltNick = one_
  Ident = one
  RealName = one
  LoadModule = chansaver
  LoadModule = controlpanel
  LoadModule = log
  Pass = plain#one
  <Network shop>
    LoadModule = simple_away
    LoadModule = keepnick
    Server = 127.0.0.1 1
    <Chan #shop>
    </Chan>
  </Network>
</User>
""",
        "znc/modules/greet.py": """import json

import znc


class greet(znc.Module):
    description = "greets"
    module_types = [znc.CModInfo.GlobalModule]

    def OnLoad(self, args, message):
        self.nv["loaded"] = json.dumps({"args": str(args)})
        return True
""",
    },
    asks=tuple(f"http://127.0.0.1:10208/{path}" for path in ("", "mods/global/webadmin/", "robots.txt", "no")),
    sends=(
        ("tcp://127.0.0.1:10208", "PASS one:one\r\nNICK one\r\nUSER one 0 * :one\r\nPRIVMSG *status :version\r\n"),
        ("http://127.0.0.1:10208/login", "user=one&pass=one"),
    ),
    hangup=True,
    seconds=15,
)

SNMP = Recipe(
    name="snmp",
    packages=(*_TOOLS, "snmpd", "snmp", "prometheus-snmp-exporter", "supervisor"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/supervisord",),
    cmd=("-n", "-c", "/etc/supervisord.conf"),
    files=HOSTS
    | {
        "etc/supervisord.conf": """[supervisord]
user=root
logfile=/dev/null
logfile_maxbytes=0
[include]
files = /etc/supervisor.d/*.ini
""",
        "etc/supervisor.d/snmpd.ini": """[program:snmpd]
command=/usr/sbin/snmpd -f -Lo -C -c /etc/snmp/shop.conf udp:127.0.0.1:10209
redirect_stderr=true
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
""",
        "etc/supervisor.d/exporter.ini": """[program:exporter]
command=prometheus-snmp-exporter --config.file=/etc/prometheus/shop.yml --web.listen-address=127.0.0.1:10210
redirect_stderr=true
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
""",
        "etc/snmp/shop.conf": """rocommunity public 127.0.0.1
sysLocation shop
includeDir /etc/snmp/shop.d
disk / 10%
load 12
proc snmpd 1 1
""",
        "etc/snmp/shop.d/extend.conf": """extend orders /usr/local/bin/orders
extend-sh users who | wc -l
pass .1.3.6.1.4.1.99999.1 /bin/sh /usr/local/bin/pass
""",
        "usr/local/bin/orders": "#!/bin/sh\nfind /srv -type f | wc -l\n",
        "usr/local/bin/pass": 'case "$1" in\n  -g) echo "$2"; echo integer; awk \'{print NR}\' /etc/fstab ;;\nesac\n',
        "etc/prometheus/shop.yml": """auths: {public_v2: {community: public, version: 2}}
modules:
  shop:
    walk: [1.3.6.1.2.1.1, 1.3.6.1.4.1.8072.1.3.2, 1.3.6.1.4.1.2021, 1.3.6.1.2.1.25.1]
    get: [1.3.6.1.4.1.99999.1.0]
    metrics:
      - {name: sysUpTime, oid: 1.3.6.1.2.1.1.3, type: gauge, help: up}
      - {name: orders, oid: 1.3.6.1.4.1.99999.1, type: gauge, help: orders}
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10210/{path}"
        for path in ("", "metrics", "snmp?target=127.0.0.1:10209&module=shop&auth=public_v2", "config", "no")
    ),
    seconds=18,
)

ZABBIX = Recipe(
    name="zabbix",
    packages=(*_TOOLS, "zabbix-agent", "jq", "dumb-init"),
    env=SYSTEM,
    folder="/var/lib/zabbix",
    entrypoint=("/usr/bin/dumb-init", "--"),
    cmd=("/usr/sbin/zabbix_agentd", "--foreground", "-c", "/etc/zabbix/shop.conf"),
    files=HOSTS
    | {
        "etc/zabbix/shop.conf": """LogType=console
Server=127.0.0.1
ListenIP=127.0.0.1
ListenPort=10211
PidFile=/tmp/zabbix.pid
StartAgents=3
Timeout=5
Include=/etc/zabbix/shop.d/*.conf
""",
        "etc/zabbix/shop.d/orders.conf": """UserParameter=shop.orders.count,/usr/local/bin/orders.sh
UserParameter=shop.state[*],jq -r '.["$1"]' /srv/state.json
UserParameter=shop.newest.file,ls -t /srv | head -n 1
""",
        "usr/local/bin/orders.sh": "#!/bin/bash\nset -e\nfiles=(/srv/*.json)\necho ${#files[@]}\n",
        "srv/state.json": '{"queue": 3}\n',
    },
    sends=tuple(
        ("tcp://127.0.0.1:10211", f"ZBXD\x01{chr(len(key))}{chr(0) * 7}{key}")
        for key in (
            *("agent.hostname", "shop.orders.count", "shop.state[queue]", "shop.newest.file", "vfs.fs.size[/,free]"),
            *("system.cpu.load[all,avg1]", "proc.num[zabbix_agentd]", "net.tcp.service[http]", "system.sw.packages"),
        )
    ),
    seconds=20,
)

ICINGA = Recipe(
    name="icinga",
    packages=(*_TOOLS, "icinga2", "monitoring-plugins-basic", "gosu"),
    env=SYSTEM | {"ICINGA_CN": "icinga.shop.example"},
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("icinga2", "daemon"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -e

if [ "$1" = icinga2 ] && [ "$2" = daemon ]; then
  mkdir -p /run/icinga2/cmd && chown -R nagios:nagios /run/icinga2 /var/lib/icinga2 /var/log/icinga2 /etc/icinga2
  if [ ! -f "/var/lib/icinga2/certs/$ICINGA_CN.crt" ]; then
    icinga2 api setup --cn "$ICINGA_CN"
  fi
  exec gosu nagios "$@"
fi
exec "$@"
""",
        "etc/icinga2/conf.d/shop.conf": """object CheckCommand "orders" {
  command = [ "/usr/local/bin/check_orders" ]
  arguments = { "-w" = "$orders_warn$" }
}
object NotificationCommand "write" { command = [ "/etc/icinga2/scripts/write.sh" ] }
object Host "shop" {
  address = "127.0.0.1"
  check_command = "tcp"
  vars.tcp_port = 5665
  check_interval = 3s
  retry_interval = 1s
  max_check_attempts = 1
}
template Service "quick" { check_interval = 3s, retry_interval = 1s, max_check_attempts = 1, host_name = "shop" }
object Service "orders" { import "quick", check_command = "orders", vars.orders_warn = 1 }
object Service "procs" { import "quick", check_command = "procs" }
object Service "users" { import "quick", check_command = "users" }
object Service "web" { import "quick", check_command = "http", vars.http_port = 1 }
object Service "self" { import "quick", check_command = "icinga" }
apply Notification "tell" to Service {
  command = "write"
  users = [ "icingaadmin" ]
  assign where service.name == "orders"
}
""",
        "etc/icinga2/scripts/write.sh": '#!/bin/sh\necho "orders at $(date)" >> /tmp/written\n',
        "usr/local/bin/check_orders": """#!/bin/bash
. /usr/lib/nagios/plugins/utils.sh
count=$(find /srv -name '*.order' | wc -l)
if [ "$count" -lt "${2:-0}" ]; then
  echo "CRITICAL: $count orders"
  exit $STATE_CRITICAL
fi
echo "OK: $count"
exit $STATE_OK
""",
    },
    asks=("https://localhost:5665/v1",),
    hangup=True,
    seconds=25,
)

PUREFTPD = Recipe(
    name="pureftpd",
    packages=(*_TOOLS, "pure-ftpd", "openssl", "tini"),
    env=SYSTEM | {"FTP_USER": "one", "FTP_PASS": "one"},
    folder="/",
    entrypoint=("/usr/bin/tini", "--", "/run.sh"),
    cmd=("-l", "puredb:/etc/pure-ftpd/pureftpd.pdb", "-E", "-j", "-R", "-P", "127.0.0.1"),
    files=HOSTS
    | {
        "run.sh": """#!/bin/bash

if [ ! -e /etc/pure-ftpd/pureftpd.pdb ] && [ -n "$FTP_USER" ]; then
  mkdir -p /srv/ftp
  (echo "$FTP_PASS"; echo "$FTP_PASS") | pure-pw useradd "$FTP_USER" -u www-data -d /srv/ftp -f /etc/pure-ftpd/passwd
  pure-pw mkdb /etc/pure-ftpd/pureftpd.pdb -f /etc/pure-ftpd/passwd
fi
flags="$@"
if [ -e /etc/ssl/private/pure-ftpd.pem ]; then
  flags="$flags --tls=1"
fi
/usr/sbin/pure-uploadscript -B -r /usr/local/bin/uploaded
exec /usr/sbin/pure-ftpd -o -S 127.0.0.1,10212 $flags
""",
        "usr/local/bin/uploaded": '#!/bin/sh\nmd5sum "$1" >> /tmp/uploads\n',
    },
    sends=(
        ("tcp://127.0.0.1:10212", "USER one\r\nPASS one\r\nPWD\r\nMKD a\r\nSTAT .\r\nFEAT\r\nRMD a\r\nQUIT\r\n"),
        ("tcp://127.0.0.1:10212", "USER no\r\nPASS no\r\n"),
    ),
    seconds=18,
)

MPD = Recipe(
    name="mpd",
    packages=("mpd", "mpc", "s6", "ca-certificates", "procps"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/s6-svscan", "/etc/s6"),
    files=HOSTS
    | {
        "etc/s6/mpd/run": "#!/bin/sh\nexec mpd --no-daemon --stderr /etc/mpd/shop.conf\n",
        "etc/s6/watch/run": """#!/bin/sh
sleep 2
export MPD_HOST=127.0.0.1 MPD_PORT=10213
mpc update --wait && mpc add one.wav && mpc repeat on && mpc play
mpc idleloop player mixer | while read -r event; do
  echo "$(date +%T) $event" >> /tmp/events
done
""",
        "etc/mpd/shop.conf": """music_directory "/srv/music"
playlist_directory "/tmp"
db_file "/tmp/mpd.db"
state_file "/tmp/mpd.state"
bind_to_address "127.0.0.1"
port "10213"
log_level "verbose"
input {
  plugin "curl"
}
decoder {
  plugin "wildmidi"
  enabled "no"
}
audio_output {
  type "httpd"
  name "stream"
  encoder "vorbis"
  port "10214"
  bind_to_address "127.0.0.1"
  quality "5"
}
audio_output {
  type "null"
  name "none"
}
""",
    },
    prepare=(
        "mkdir -p /srv/music",
        'perl -e \'print pack("a4Va4a4VvvVVvva4V", "RIFF", 160036, "WAVE", "fmt ", 16, 1, 1, 8000, 16000, 2, 16, '
        '"data", 160000), "ab" x 80000\' > /srv/music/one.wav',
    ),
    sends=(("tcp://127.0.0.1:10213", "status\nlsinfo\nstats\ncurrentsong\noutputs\ndecoders\nnothing\nclose\n"),),
    seconds=20,
)

AMAVIS = Recipe(
    name="amavis",
    packages=(*_TOOLS, "amavisd-new", "bzip2", "cabextract", "cpio", "lzop", "gzip", "7zip", "unzip"),
    env=SYSTEM,
    folder="/var/lib/amavis",
    entrypoint=("/entrypoint.sh",),
    cmd=("/usr/sbin/amavisd", "foreground"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e
mkdir -p /run/amavis && chown amavis:amavis /run/amavis
echo "${MAIL_NAME:-mx.shop.example}" > /etc/mailname
exec "$@"
""",
        "etc/amavis/conf.d/50-user": """use strict;
$myhostname = "mx.shop.example";
$inet_socket_bind = '127.0.0.1';
$inet_socket_port = [10215];
$max_servers = 2;
$log_level = 1;
$do_syslog = 0;
$LOGFILE = '/tmp/amavis.log';
$forward_method = 'smtp:[127.0.0.1]:1';
$notify_method = $forward_method;
@bypass_virus_checks_maps = (1);
@local_domains_maps = ( [ '.shop.example' ] );
1;
""",
    },
    sends=(("tcp://127.0.0.1:10215", _MAIL), ("tcp://127.0.0.1:10215", "HELO a\r\nnothing\r\nQUIT\r\n")),
    hangup=True,
    seconds=25,
)

CYRUS = Recipe(
    name="cyrus",
    packages=(*_TOOLS, "cyrus-imapd", "cyrus-caldav", "sasl2-bin", "libsasl2-modules", "tini"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/tini", "--", "/entrypoint.sh"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e
echo one | saslpasswd2 -p -c -u shop.example one
echo one | saslpasswd2 -p -c -u shop.example cyrus
chown cyrus:sasl /etc/sasldb2
install -d -o cyrus -g mail /run/cyrus /run/cyrus/socket /srv/cyrus /srv/mail
/usr/sbin/cyrus makedirs
exec /usr/sbin/cyrmaster -D -C /etc/imapd.conf -M /etc/cyrus.conf
""",
        "etc/cyrus.conf": """START {
  recover cmd="/usr/sbin/cyrus ctl_cyrusdb -r"
}
SERVICES {
  imap cmd="imapd -U 30" listen="127.0.0.1:10216" prefork=1 maxchild=10
  lmtp cmd="lmtpd -a" listen="127.0.0.1:10217" prefork=0 maxchild=5
  http cmd="httpd -U 30" listen="127.0.0.1:10218" prefork=0 maxchild=5
}
EVENTS {
  checkpoint cmd="/usr/sbin/cyrus ctl_cyrusdb -c" period=30
  expire cmd="/usr/sbin/cyrus expire -E 3" at=0401
}
""",
        "etc/imapd.conf": """configdirectory: /srv/cyrus
partition-default: /srv/mail
defaultpartition: default
admins: cyrus
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_mech_list: PLAIN LOGIN
servername: shop.example
httpmodules: caldav carddav
unixhierarchysep: yes
autocreate_quota: 0
autocreate_inbox_folders: Drafts | Sent
""",
    },
    asks=("http://127.0.0.1:10218/", "http://127.0.0.1:10218/dav/", "http://127.0.0.1:10218/no"),
    sends=(
        (
            "tcp://127.0.0.1:10216",
            'a CAPABILITY\r\nb LOGIN one one\r\nc SELECT INBOX\r\nd LIST "" *\r\ne NOOP\r\nf LOGOUT\r\n',
        ),
        ("tcp://127.0.0.1:10217", "LHLO a\r\nMAIL FROM:<a@shop.example>\r\nRCPT TO:<one>\r\nQUIT\r\n"),
    ),
    seconds=60,
)

PCP = Recipe(
    name="pcp",
    packages=("pcp", "passwd", "ca-certificates", "curl", "procps", "tini"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/tini", "--", "/entrypoint.sh"),
    cmd=("pmproxy",),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -e
. /etc/pcp.env
mkdir -p "$PCP_RUN_DIR" "$PCP_TMP_DIR" && chown pcp:pcp "$PCP_RUN_DIR"
"$PCP_BINADM_DIR/pmcd" -f -i 127.0.0.1 -p 10219 -c /etc/pcp/pmcd/shop.conf -l /dev/stderr -x /tmp/pmcd.err &
case "$1" in
  pmproxy) exec "$PCP_BINADM_DIR/pmproxy" -f -h 127.0.0.1 -p 10220 -l - -x /tmp/pmproxy.err ;;
  logger) exec "$PCP_BINADM_DIR/pmlogger" -h 127.0.0.1 /tmp/archive ;;
  *) exec "$@" ;;
esac
""",
        "etc/pcp/pmcd/shop.conf": """root 1 pipe binary /var/lib/pcp/pmdas/root/pmdaroot
pmcd 2 dso pmcd_init /var/lib/pcp/pmdas/pmcd/pmda_pmcd.so
proc 3 pipe binary /var/lib/pcp/pmdas/proc/pmdaproc -d 3
linux 60 pipe binary /var/lib/pcp/pmdas/linux/pmdalinux
mmv 70 dso mmv_init /var/lib/pcp/pmdas/mmv/pmda_mmv.so
[access]
disallow ".*" : store;
allow "local:*" : all;
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10220/{path}"
        for path in (
            *(
                "metrics?names=kernel.all.load",
                "pmapi/metric?prefix=mem",
                "pmapi/fetch?names=kernel.all.load,mem.physmem",
            ),
            *("pmapi/context?hostspec=127.0.0.1:10219", "series/ping", "no"),
        )
    ),
    seconds=20,
)

ACTIVEMQ = Recipe(
    name="activemq",
    packages=("activemq", "openjdk-21-jre-headless", "ca-certificates", "tini", "procps"),
    env=SYSTEM | {"ACTIVEMQ_OPTS": "-Xmx256m -XX:+UseSerialGC"},
    folder="/var/lib/activemq",
    entrypoint=("/usr/bin/tini", "--", "/entrypoint.sh"),
    cmd=("start", "xbean:file:/etc/activemq/shop.xml"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e
home=/usr/share/activemq
exec java $ACTIVEMQ_OPTS -Dactivemq.home=$home -Dactivemq.base=/var/lib/activemq -Dactivemq.data=/tmp/activemq \\
  -Dactivemq.conf=/etc/activemq -jar $home/bin/activemq.jar "$@"
""",
        "etc/activemq/shop.xml": """<beans xmlns="http://www.springframework.org/schema/beans"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans
  http://www.springframework.org/schema/beans/spring-beans.xsd http://activemq.apache.org/schema/core
  http://activemq.apache.org/schema/core/activemq-core.xsd">
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="shop" dataDirectory="/tmp/activemq" useJmx="false">
    <persistenceAdapter><kahaDB directory="/tmp/activemq/kahadb"/></persistenceAdapter>
    <destinations><queue physicalName="orders"/></destinations>
    <transportConnectors>
      <transportConnector name="openwire" uri="tcp://127.0.0.1:10221"/>
      <transportConnector name="stomp" uri="stomp://127.0.0.1:10222"/>
    </transportConnectors>
  </broker>
</beans>
""",
    },
    sends=(("tcp://127.0.0.1:10221", "nothing\n"), ("tcp://127.0.0.1:10222", "CONNECT\n\n\x00\n")),
    seconds=30,
)

MAIL = (SMTPD, AMAVIS, CYRUS)
MONITORS = (SNMP, ZABBIX, ICINGA, PCP)
SLIM_SERVERS = (*MAIL, RECURSOR, IRCD, ZNC, *MONITORS, PUREFTPD, MPD, ACTIVEMQ)
