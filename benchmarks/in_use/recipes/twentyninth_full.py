"""The twenty-ninth set's daemons on the base of the full images."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL
from benchmarks.in_use.recipes.twelfth import HOSTS

NUT = Recipe(
    name="nut",
    packages=(*FULL, "nut-server", "nut-client", "tini"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/tini", "--", "/entrypoint.sh"),
    cmd=("upsmon", "-D"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -e
mkdir -p /run/nut
upsdrvctl -u root start
upsd -u root
exec "$@"
""",
        "etc/nut/nut.conf": "MODE=standalone\n",
        "etc/nut/ups.conf": '[shop]\n  driver = dummy-ups\n  port = shop.dev\n  desc = "the shop"\n',
        "etc/nut/shop.dev": "ups.status: OL\nbattery.charge: 90\nTIMER 5\nups.status: OB\nTIMER 5\n",
        "etc/nut/upsd.conf": "LISTEN 127.0.0.1 10401\n",
        "etc/nut/upsd.users": "[one]\n  password = one\n  upsmon primary\n  actions = SET\n  instcmds = ALL\n",
        "etc/nut/upsmon.conf": """MONITOR shop@127.0.0.1:10401 1 one one primary
RUN_AS_USER root
SHUTDOWNCMD "touch /tmp/down"
NOTIFYCMD /sbin/upssched
POLLFREQ 2
POLLFREQALERT 2
NOTIFYFLAG ONBATT SYSLOG+EXEC
NOTIFYFLAG ONLINE SYSLOG+EXEC
""",
        "etc/nut/upssched.conf": """CMDSCRIPT /etc/nut/notify
PIPEFN /run/nut/upssched.pipe
LOCKFN /run/nut/upssched.lock
AT ONBATT * EXECUTE battery
AT ONBATT * START-TIMER long 2
AT ONLINE * CANCEL-TIMER long online
""",
        "etc/nut/notify": """#!/bin/sh
case "$1" in
  battery) upsc shop@127.0.0.1:10401 battery.charge | tee -a /tmp/charge ;;
  long) curl -s -m 2 http://127.0.0.1:1/alarm || echo "no alarm" >> /tmp/charge ;;
  *) logger -s "$1" || true ;;
esac
""",
    },
    sends=(
        ("tcp://127.0.0.1:10401", "VER\nLIST UPS\nGET VAR shop ups.status\nLIST CMD shop\nLOGOUT\n"),
        ("tcp://127.0.0.1:10401", "nothing\n"),
    ),
    seconds=30,
)

EGGDROP = Recipe(
    name="eggdrop",
    packages=(*FULL, "eggdrop", "eggdrop-data", "gosu", "tcllib"),
    env=SYSTEM,
    folder="/srv/bot",
    entrypoint=("gosu", "www-data"),
    cmd=("eggdrop", "-n", "-m", "/srv/bot/shop.conf"),
    files=HOSTS
    | {
        "srv/bot/shop.conf": """#! /usr/bin/eggdrop
set nick "shop"
set username "shop"
set admin "a"
set network "shop"
set mod-path "/usr/lib/eggdrop/modules/"
set help-path "/usr/share/eggdrop/help/"
set text-path "/usr/share/eggdrop/text/"
set temp-path "/tmp"
set userfile "shop.user"
set chanfile "shop.chan"
set listen-addr "127.0.0.1"
listen 10402 all
loadmodule dns
loadmodule channels
loadmodule server
loadmodule ctcp
loadmodule irc
loadmodule notes
loadmodule console
set servers { 127.0.0.1:10403 }
channel add #shop { }
source scripts/orders.tcl
""",
        "srv/bot/scripts/orders.tcl": """package require csv
package require md5

bind time - "* * * * *" orders
proc orders {args} {
  putlog [md5::md5 -hex [csv::join {one two}]]
  putlog [exec date +%s]
}
utimer 3 orders
""",
    },
    prepare=("chown -R www-data /srv/bot",),
    sends=(("tcp://127.0.0.1:10402", "NEW\n"), ("tcp://127.0.0.1:10402", "one\none\n")),
    hangup=True,
    seconds=25,
)

WEECHAT = Recipe(
    name="weechat",
    packages=(*FULL, "weechat-headless", "weechat-plugins", "weechat-python", "weechat-perl", "weechat-lua"),
    env=SYSTEM | {"LANG": "C.UTF-8"},
    folder="/srv",
    entrypoint=("weechat-headless", "--stdout", "-a", "-d", "/srv/weechat"),
    cmd=(
        *("-r", "/set relay.network.bind_address 127.0.0.1", "-r", "/set relay.network.allow_empty_password on"),
        *("-r", "/relay add api 10404", "-r", "/relay add weechat 10405"),
    ),
    files=HOSTS
    | {
        "srv/weechat/python/autoload/orders.py": """import json

import weechat

weechat.register("orders", "shop", "1.0", "MIT", "orders", "", "")


def tick(data, calls):
    weechat.prnt("", json.dumps({"left": calls}))
    weechat.hook_process("date +%s", 2000, "dated", "")
    return weechat.WEECHAT_RC_OK


def dated(data, command, code, out, err):
    weechat.prnt("", out)
    return weechat.WEECHAT_RC_OK


weechat.hook_timer(2000, 0, 0, "tick", "")
""",
        "srv/weechat/perl/autoload/digest.pl": """use strict;
use Digest::SHA qw(sha1_hex);
weechat::register('digest', 'shop', '1.0', 'MIT', 'digest', '', '');
weechat::print('', sha1_hex('shop'));
""",
        "srv/weechat/lua/autoload/hello.lua": """weechat.register('hello', 'shop', '1.0', 'MIT', 'hello', '', '')
weechat.print('', os.date('%F'))
""",
    },
    asks=tuple(f"http://127.0.0.1:10404/api/{path}" for path in ("version", "buffers", "completion", "no")),
    sends=(("tcp://127.0.0.1:10405", "init compression=off\ninfo version\nno\n"),),
    seconds=20,
)

SVNSERVE = Recipe(
    name="svnserve",
    packages=(*FULL, "subversion-tools", "tini"),
    env=SYSTEM,
    folder="/srv",
    entrypoint=("tini", "-g", "--"),
    cmd=("/start.sh", "--listen-host", "127.0.0.1", "--listen-port", "10406"),
    files=HOSTS
    | {
        "start.sh": """#!/bin/bash
set -eu
mirror() {
  sleep 2
  svn checkout -q svn://127.0.0.1:10406/shop /tmp/wc
  cd /tmp/wc
  for n in 1 2 3 4 5; do
    date > "order-$n"
    svn add -q "order-$n"
    svn commit -q --username one --password one --no-auth-cache -m "order $n" || true
    sleep 2
  done
}
mirror &
exec svnserve --daemon --foreground --root /srv/svn "$@"
""",
        "srv/hooks/pre-commit": """#!/bin/sh
svnlook log -t "$2" "$1" | grep -q order || { echo "say what it is" >&2; exit 1; }
""",
        "srv/hooks/post-commit": """#!/usr/bin/perl
use strict;
use File::Temp;

my ($repository, $revision) = @ARGV;
my $file = File::Temp->new(UNLINK => 0);
print $file `svnlook changed -r $revision $repository`;
system('gzip', '-f', $file->filename);
""",
    },
    prepare=(
        "svnadmin create /srv/svn/shop && cp /srv/hooks/* /srv/svn/shop/hooks/ && "
        "printf '[general]\\nanon-access = write\\n' > /srv/svn/shop/conf/svnserve.conf",
    ),
    sends=(("tcp://127.0.0.1:10406", "( 2 ( edit-pipeline ) 30:svn://127.0.0.1:10406/shop/one )\n"),),
    seconds=25,
)

BUILDBOT = Recipe(
    name="buildbot",
    packages=(*FULL, "buildbot", "buildbot-worker", "dumb-init"),
    env=SYSTEM,
    folder="/srv/master",
    entrypoint=("dumb-init", "--"),
    cmd=("/usr/bin/buildbot", "start", "--nodaemon"),
    files=HOSTS
    | {
        "srv/master/master.cfg": """from buildbot.plugins import schedulers, steps, util, worker
from buildbot.process.factory import BuildFactory

from hooks import notify

factory = BuildFactory(
    [
        steps.ShellCommand(command=["sh", "-c", "printf 'int main() { return 0; }' > a.c"]),
        steps.Compile(command=["gcc", "-O1", "-o", "a", "a.c"]),
        steps.Test(command=["./a"]),
        steps.ShellCommand(command="tar czf a.tgz a && sha256sum a.tgz"),
    ]
)
c = BuildmasterConfig = {
    "workers": [worker.LocalWorker("one")],
    "protocols": {"pb": {"port": "tcp:10407:interface=127.0.0.1"}},
    "schedulers": [schedulers.Periodic("often", builderNames=["shop"], periodicBuildTimer=6)],
    "builders": [util.BuilderConfig("shop", workernames=["one"], factory=factory)],
    "services": [notify()],
    "db": {"db_url": "sqlite:////tmp/state.sqlite"},
    "buildbotNetUsageData": None,
    "title": "shop",
}
""",
        "srv/master/hooks.py": """from buildbot.plugins import reporters


def notify():
    return reporters.MailNotifier(
        fromaddr="a@shop.example", extraRecipients=["b@shop.example"], relayhost="127.0.0.1", smtpPort=1
    )
""",
        "srv/master/buildbot.tac": """import os

from buildbot.master import BuildMaster
from twisted.application import service

application = service.Application("buildmaster")
m = BuildMaster("/srv/master", "master.cfg", umask=None)
m.setServiceParent(application)
m.log_rotation.rotateLength = 10000000
m.log_rotation.maxRotatedFiles = 1
""",
    },
    prepare=("cd /srv/master && buildbot upgrade-master --quiet . || true",),
    hangup=True,
    seconds=45,
)

PLPERL = Recipe(
    name="plperl",
    packages=(*FULL, "postgresql-17", "postgresql-plperl-17", "postgresql-pltcl-17", "gosu"),
    env=SYSTEM | {"PGDATA": "/tmp/data", "PATH": f"/usr/lib/postgresql/17/bin:{SYSTEM['PATH']}"},
    folder="/",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("postgres", "-p", "10408", "-k", "/tmp"),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/usr/bin/env bash
set -Eeo pipefail

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" && chown postgres "$PGDATA"
  exec gosu postgres "$BASH_SOURCE" "$@"
fi
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --auth=trust --locale=C --encoding=UTF8 > /dev/null
  pg_ctl -w start -o "-p 10408 -k /tmp -h ''" > /dev/null
  for file in /docker-entrypoint-initdb.d/*; do
    case "$file" in
      *.sql) psql -q -h /tmp -p 10408 -v ON_ERROR_STOP=1 -f "$file" ;;
      *.sh) . "$file" ;;
    esac
  done
  pg_ctl -w -m fast stop > /dev/null
fi
(sleep 3; for n in 1 2 3; do psql -qAt -h /tmp -p 10408 -c "SELECT digest('$n'), listed('a b')"; sleep 2; done) &
exec "$@"
""",
        "docker-entrypoint-initdb.d/1.sql": """CREATE EXTENSION plperlu;
CREATE EXTENSION pltcl;
CREATE EXTENSION pg_stat_statements;
CREATE TABLE orders (id int, name text);
CREATE FUNCTION digest(text) RETURNS text LANGUAGE plperlu AS $$
  use Digest::MD5 qw(md5_hex);
  use JSON::PP;
  return JSON::PP->new->encode({ md5 => md5_hex($_[0]) });
$$;
CREATE FUNCTION listed(text) RETURNS int LANGUAGE pltcl AS $$
  return [llength [split $1]]
$$;
CREATE FUNCTION ordered() RETURNS trigger LANGUAGE pltcl AS $$
  return [array get NEW]
$$;
CREATE TRIGGER ordered BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION ordered();
""",
        "docker-entrypoint-initdb.d/2.sh": "psql -q -h /tmp -p 10408"
        " -c \"COPY orders FROM PROGRAM 'seq -f %.0f,a 5' CSV\"\n",
    },
    hangup=True,
    seconds=25,
)

NRPE = Recipe(
    name="nrpe",
    packages=(*FULL, "nagios-nrpe-server", "nagios-nrpe-plugin", "monitoring-plugins-standard", "s6"),
    env=SYSTEM,
    folder="/",
    entrypoint=("s6-svscan",),
    cmd=("/srv/services",),
    files=HOSTS
    | {
        "srv/services/nrpe/run": "#!/bin/sh\nmkdir -p /run/nagios\nexec nrpe -c /etc/nagios/shop.cfg -f -n\n",
        "srv/services/poll/run": """#!/bin/bash
for check in load orders procs certificate dns no; do
  /usr/lib/nagios/plugins/check_nrpe -n -H 127.0.0.1 -p 10409 -c "check_$check"
done
exec sleep 5
""",
        "etc/nagios/shop.cfg": """server_address=127.0.0.1
server_port=10409
nrpe_user=nagios
nrpe_group=nagios
allowed_hosts=127.0.0.1
pid_file=/run/nagios/nrpe.pid
include_dir=/etc/nagios/shop.d
command[check_load]=/usr/lib/nagios/plugins/check_load -w 50,50,50 -c 90,90,90
command[check_procs]=/usr/lib/nagios/plugins/check_procs -w 900 -c 999
""",
        "etc/nagios/shop.d/orders.cfg": "command[check_orders]=/usr/local/lib/check_orders /srv\n"
        "command[check_certificate]=/usr/local/lib/check_certificate.pl\n"
        "command[check_dns]=/usr/lib/nagios/plugins/check_dns -H localhost -s 127.0.0.1 -t 1\n",
        "usr/local/lib/check_orders": '#!/bin/bash\nread -r n < <(find "$1" -type f | wc -l)\necho "OK $n"\n',
        "usr/local/lib/check_certificate.pl": """#!/usr/bin/perl
use strict;
use lib '/usr/lib/nagios/plugins';
use utils qw(%ERRORS);

my $date = `openssl x509 -noout -enddate -in /etc/ssl/certs/ca-certificates.crt`;
print "OK $date";
exit $ERRORS{OK};
""",
    },
    seconds=30,
)

ATD = Recipe(
    name="atd",
    packages=(*FULL, "at", "tini"),
    env=SYSTEM,
    folder="/srv",
    entrypoint=("tini", "--"),
    cmd=("/entrypoint.sh", "atd", "-f", "-b", "1"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e
rm -f /var/spool/cron/atjobs/=*
at -M -f /srv/jobs/report now
echo "perl /srv/jobs/clean.pl" | at -M now
(sleep 4; echo "make -s -C /srv/jobs all" | batch) &
exec "$@"
""",
        "srv/jobs/report": "cd /tmp && curl -s -o page http://127.0.0.1:1/ || date > page\n"
        "convert -size 20x20 xc:red page.png\nzip -q page.zip page page.png || xz -kf page\n",
        "srv/jobs/clean.pl": "use File::Find;\nfind(sub { print \"$_\\n\" if -f && -M > 30 }, '/srv');\n",
        "srv/jobs/Makefile": "all:\n\tsqlite3 /tmp/a.db 'select 1' || git -C /srv status || true\n\tfile /etc/hosts\n",
    },
    seconds=75,
)

INOTICOMING = Recipe(
    name="inoticoming",
    packages=(*FULL, "inoticoming", "ghostscript", "poppler-utils", "dumb-init"),
    env=SYSTEM,
    folder="/srv",
    entrypoint=("dumb-init", "--"),
    cmd=("/srv/watch.sh", "/srv/in"),
    files=HOSTS
    | {
        "srv/watch.sh": """#!/bin/bash
mkdir -p "$1" /srv/out
(
  sleep 3
  cp /srv/page.ps "$1/page.ps"
  cp /srv/photo.svg "$1/photo.svg"
  echo nothing > "$1/other.txt"
) &
exec inoticoming --foreground --initialsearch "$1" \\
  --suffix .ps /srv/print.sh {} \\; \\
  --suffix .svg /srv/image.sh {} \\; \\
  /srv/other.sh {} \\;
""",
        "srv/print.sh": '#!/bin/sh\nps2pdf "/srv/in/$1" /srv/out/page.pdf && pdftotext /srv/out/page.pdf\n',
        "srv/image.sh": '#!/bin/sh\nexec convert "/srv/in/$1" -resize 10x10 /srv/out/photo.png\n',
        "srv/other.sh": '#!/bin/sh\nmv "/srv/in/$1" /tmp/ && gzip -f "/tmp/$1"\n',
        "srv/page.ps": "%!PS\n/Courier 12 selectfont 50 500 moveto (shop) show showpage\n",
        "srv/photo.svg": '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
        '<rect width="9" height="9"/></svg>\n',
    },
    seconds=20,
)

LIQUIDSOAP = Recipe(
    name="liquidsoap",
    packages=(*FULL, "liquidsoap", "ffmpeg"),
    env=SYSTEM,
    folder="/srv",
    entrypoint=("liquidsoap",),
    cmd=("/srv/radio.liq",),
    files=HOSTS
    | {
        "srv/radio.liq": """settings.init.allow_root.set(true)
settings.log.stdout.set(true)
settings.server.telnet.set(true)
settings.server.telnet.bind_addr.set("127.0.0.1")
settings.server.telnet.port.set(10411)

def played(m) =
  ignore(process.run("/usr/local/bin/played"))
end

tone = sine(440., duration=2.)
jingles = fallback(track_sensitive=false, [request.queue(id="q"), tone])
jingles.on_track(synchronous=false, played)
output.dummy(jingles)
output.file(%wav, "/tmp/radio.wav", jingles)
""",
        "usr/local/bin/played": "#!/bin/sh\ndate +%s >> /tmp/played\n",
    },
    sends=(
        ("tcp://127.0.0.1:10411", "help\nq.push /tmp/radio.wav\nversion\nuptime\nquit\n"),
        ("tcp://127.0.0.1:10411", "nothing\n"),
    ),
    seconds=40,
)

FRR = Recipe(
    name="frr",
    packages=(*FULL, "frr", "frr-pythontools", "tini"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("/usr/lib/frr/docker-start",),
    files=HOSTS
    | {
        "usr/lib/frr/docker-start": """#!/bin/bash
source /usr/lib/frr/frrcommon.sh
/usr/lib/frr/watchfrr -d $(daemon_list)
sleep 4
while true; do
  vtysh -c 'show ip route' -c 'show bgp summary'
  sleep 3
done
""",
        "etc/frr/daemons": 'bgpd=yes\nstaticd=yes\nvtysh_enable=yes\nzebra_options="-A 127.0.0.1 -s 90000000"\n'
        'bgpd_options="-A 127.0.0.1 -p 10412"\nstaticd_options="-A 127.0.0.1"\n',
        "etc/frr/frr.conf": """frr defaults traditional
hostname shop
log stdout
router bgp 65001
 bgp router-id 127.0.0.1
 no bgp ebgp-requires-policy
 neighbor 127.0.0.2 remote-as 65002
 address-family ipv4 unicast
  network 192.0.2.0/24
 exit-address-family
ip route 198.51.100.0/24 blackhole
""",
        "etc/frr/vtysh.conf": "service integrated-vtysh-config\n",
    },
    sends=(("tcp://127.0.0.1:2605", "no\n"), ("tcp://127.0.0.1:10412", "nothing\n")),
    seconds=25,
)

CGIT = Recipe(
    name="cgit",
    packages=(*FULL, "cgit", "apache2", "python3-pygments", "python3-markdown", "gitolite3"),
    env=SYSTEM | {"APACHE_RUN_DIR": "/run/apache2"},
    folder="/",
    cmd=("/usr/sbin/apachectl", "-D", "FOREGROUND"),
    files=HOSTS
    | {
        "etc/apache2/ports.conf": "Listen 127.0.0.1:10413\n",
        "etc/apache2/sites-enabled/000-default.conf": """<VirtualHost *:10413>
  ServerName shop
  DocumentRoot /var/www
  ScriptAlias /cgit /usr/lib/cgit/cgit.cgi
  <Directory /usr/lib/cgit>
    Require all granted
    Options +ExecCGI
  </Directory>
</VirtualHost>
""",
        "etc/cgitrc": """virtual-root=/cgit
enable-commit-graph=1
enable-blame=1
snapshots=tar.gz tar.xz zip
source-filter=/usr/lib/cgit/filters/syntax-highlighting.py
about-filter=/usr/lib/cgit/filters/about-formatting.sh
commit-filter=/usr/local/bin/links
readme=:README.md
scan-path=/srv/git
""",
        "usr/local/bin/links": "#!/bin/sh\nexec sed -e 's/#\\([0-9]*\\)/[\\1]/'\n",
        "srv/shop/README.md": "# Shop\n\nOrders.\n",
        "srv/shop/shop.py": "def order():\n    return 1\n",
    },
    prepare=(
        "cd /srv/shop && git init -q && git add -A && git -c user.name=a -c user.email=a@b commit -qm 'orders #1' && "
        "git clone -q --bare /srv/shop /srv/git/shop.git && chown -R www-data /srv/git && a2enmod cgid",
    ),
    asks=tuple(
        f"http://127.0.0.1:10413/cgit/{path}"
        for path in (
            *("", "shop.git/", "shop.git/about/", "shop.git/tree/shop.py", "shop.git/log/", "shop.git/commit/"),
            *("shop.git/snapshot/shop-master.tar.gz", "shop.git/blame/shop.py", "shop.git/info/refs", "no/"),
        )
    ),
    hangup=False,
    seconds=20,
)

OPENVPN = Recipe(
    name="openvpn",
    packages=(*FULL, "openvpn", "easy-rsa"),
    env=SYSTEM,
    folder="/etc/openvpn",
    entrypoint=("openvpn",),
    cmd=("--config", "/etc/openvpn/shop.conf", "--script-security", "2"),
    files=HOSTS
    | {
        "etc/openvpn/shop.conf": """dev null
mode server
tls-server
ifconfig-noexec
route-noexec
proto tcp-server
local 127.0.0.1
port 10414
management 127.0.0.1 10415
ca ca.crt
cert ca.crt
key ca.key
dh none
up /etc/openvpn/up.sh
down /etc/openvpn/down.sh
client-connect /etc/openvpn/connect.py
auth-user-pass-verify /etc/openvpn/verify.sh via-env
plugin /usr/lib/openvpn/openvpn-plugin-down-root.so "/etc/openvpn/down.sh"
status /tmp/status.log 2
verb 3
""",
        "etc/openvpn/up.sh": '#!/bin/sh\nip -V 2> /dev/null || echo "$script_type" | tee /tmp/up\n',
        "etc/openvpn/down.sh": '#!/bin/bash\nlogger -s "down $1" || true\n',
        "etc/openvpn/connect.py": "#!/usr/bin/python3\nimport json, os\n\nprint(json.dumps(dict(os.environ)))\n",
        "etc/openvpn/verify.sh": '#!/bin/sh\ngrep -q "^$username:" /etc/passwd\n',
    },
    prepare=(
        "cd /etc/openvpn && "
        "openssl req -x509 -newkey rsa:2048 -nodes -days 900 -keyout ca.key -out ca.crt -subj /CN=shop",
    ),
    sends=(
        ("tcp://127.0.0.1:10415", "version\nstatus 2\nload-stats\nhelp\nquit\n"),
        ("tcp://127.0.0.1:10414", "nothing\n"),
    ),
    hangup=True,
    seconds=20,
)

KRB5 = Recipe(
    name="krb5",
    packages=(*FULL, "krb5-kdc", "krb5-admin-server", "krb5-user", "runit"),
    env=SYSTEM,
    folder="/",
    cmd=("runsvdir", "-P", "/srv/service"),
    files=HOSTS
    | {
        "etc/krb5.conf": """[libdefaults]
  default_realm = SHOP.EXAMPLE
  dns_lookup_kdc = false
[realms]
  SHOP.EXAMPLE = {
    kdc = tcp/127.0.0.1:10416
    admin_server = 127.0.0.1:10417
  }
[logging]
  default = STDERR
""",
        "etc/krb5kdc/kdc.conf": """[realms]
  SHOP.EXAMPLE = {
    database_name = /srv/krb5/principal
    key_stash_file = /srv/krb5/stash
    acl_file = /etc/krb5kdc/kadm5.acl
    kdc_listen = 127.0.0.1:10416
    kdc_tcp_listen = 127.0.0.1:10416
    kadmind_listen = 127.0.0.1:10417
  }
""",
        "etc/krb5kdc/kadm5.acl": "*/admin *\n",
        "srv/service/kdc/run": "#!/bin/sh\nexec krb5kdc -n\n",
        "srv/service/kadmind/run": "#!/bin/sh\nexec kadmind -nofork\n",
        "srv/service/renew/run": """#!/bin/bash
echo one | kinit one && klist && kvno host/shop
echo one | kadmin -p one/admin -q listprincs
exec sleep 4
""",
    },
    prepare=(
        "mkdir -p /srv/krb5 && kdb5_util create -s -P master && for who in one one/admin; do "
        "kadmin.local addprinc -pw one $who; done && kadmin.local addprinc -randkey host/shop",
    ),
    sends=(("tcp://127.0.0.1:10416", "nothing\n"),),
    seconds=25,
)

FULL_DAEMONS = (
    *(NUT, EGGDROP, WEECHAT, SVNSERVE, BUILDBOT, PLPERL, NRPE),
    *(ATD, INOTICOMING, LIQUIDSOAP, FRR, CGIT, OPENVPN, KRB5),
)
