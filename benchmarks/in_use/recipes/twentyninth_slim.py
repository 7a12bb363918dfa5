"""The twenty-ninth set's daemons and applications on the slim base."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "curl", "procps", "tzdata", "passwd")

EXABGP = Recipe(
    name="exabgp",
    packages=(*_TOOLS, "exabgp", "python3-requests", "python3-yaml", "tini"),
    env=SYSTEM | {"exabgp.daemon.user": "root", "exabgp.log.destination": "stderr", "exabgp.tcp.attempts": "0"},
    folder="/",
    entrypoint=("tini", "--"),
    cmd=("exabgp", "/etc/exabgp/shop.conf"),
    files=HOSTS
    | {
        "etc/exabgp/shop.conf": """process announce {
  run /usr/bin/python3 /etc/exabgp/announce.py;
  encoder json;
}
process watch {
  run /etc/exabgp/watch.sh;
  encoder text;
}
neighbor 127.0.0.2 {
  router-id 127.0.0.1;
  local-address 127.0.0.1;
  local-as 65001;
  peer-as 65002;
  api { processes [announce, watch]; neighbor-changes; receive { parsed; update; } }
  static { route 192.0.2.0/24 next-hop 127.0.0.1; }
}
""",
        "etc/exabgp/announce.py": """import sys
import time

import requests
import yaml

for number in range(20):
    try:
        up = requests.get("http://127.0.0.1:1/health", timeout=1).ok
    except requests.ConnectionError:
        up = False
    print(f"{'announce' if up else 'withdraw'} route 198.51.100.{number}/32 next-hop 127.0.0.1", flush=True)
    sys.stderr.write(yaml.safe_dump({"up": up}))
    time.sleep(2)
""",
        "etc/exabgp/watch.sh": '#!/bin/sh\nwhile read -r line; do echo "$line" | tee -a /tmp/seen > /dev/null; done\n',
    },
    prepare=("mkdir -p /run/exabgp && mkfifo /run/exabgp/exabgp.in /run/exabgp/exabgp.out",),
    hangup=True,
    seconds=20,
)

LIMNORIA = Recipe(
    name="limnoria",
    packages=(*_TOOLS, "limnoria", "gosu"),
    env=SYSTEM,
    folder="/srv/bot",
    entrypoint=("gosu", "www-data"),
    cmd=("supybot", "/srv/bot/shop.conf"),
    files=HOSTS
    | {
        "srv/bot/shop.conf": """supybot.nick: shop
supybot.networks: shop
supybot.networks.shop.servers: 127.0.0.1:10402
supybot.networks.shop.ssl: False
supybot.networks.shop.channels: #shop
supybot.plugins: Admin Channel Config Math Orders Owner Time User Web
supybot.plugins.Admin: True
supybot.plugins.Channel: True
supybot.plugins.Config: True
supybot.plugins.Math: True
supybot.plugins.Orders: True
supybot.plugins.Owner: True
supybot.plugins.Time: True
supybot.plugins.User: True
supybot.plugins.Web: True
supybot.directories.plugins: /srv/bot/plugins
supybot.servers.http.hosts4: 127.0.0.1
supybot.servers.http.port: 10403
supybot.servers.http.keepAlive: True
""",
        "srv/bot/plugins/Orders/__init__.py": "from . import plugin\n\nClass = plugin.Class\n",
        "srv/bot/plugins/Orders/plugin.py": """import sqlite3

from supybot import callbacks, schedule


class Orders(callbacks.Plugin):
    def __init__(self, irc):
        super().__init__(irc)
        self.base = sqlite3.connect("/tmp/orders.sqlite3", check_same_thread=False)
        schedule.addPeriodicEvent(self.count, 3, "orders", now=True)

    def count(self):
        self.base.execute("create table if not exists orders (id int)")


Class = Orders
""",
    },
    prepare=("chown -R www-data /srv/bot",),
    asks=("http://127.0.0.1:10403/", "http://127.0.0.1:10403/robots.txt", "http://127.0.0.1:10403/no"),
    hangup=True,
    seconds=25,
)

HSQLDB = Recipe(
    name="hsqldb",
    packages=(*_TOOLS, "libhsqldb-java", "openjdk-21-jre-headless", "dumb-init"),
    env=SYSTEM | {"JAVA_OPTS": "-Xmx128m"},
    folder="/srv",
    entrypoint=("dumb-init", "--"),
    cmd=("/srv/start.sh", "--database.0", "file:/tmp/db/shop", "--dbname.0", "shop"),
    files=HOSTS
    | {
        "srv/start.sh": """#!/bin/sh
exec java $JAVA_OPTS -cp /usr/share/java/hsqldb.jar org.hsqldb.server.WebServer --address 127.0.0.1 --port 10420 "$@"
""",
    },
    asks=("http://127.0.0.1:10420/", "http://127.0.0.1:10420/no"),
    sends=(("http://127.0.0.1:10420/", "a=b"), ("tcp://127.0.0.1:10420", "nothing\n")),
    seconds=15,
)

DAVMAIL = Recipe(
    name="davmail",
    packages=(*_TOOLS, "davmail", "openjdk-21-jre-headless", "tini"),
    env=SYSTEM,
    folder="/",
    entrypoint=("tini", "--"),
    cmd=("davmail", "/etc/davmail.properties"),
    files=HOSTS
    | {
        "etc/davmail.properties": """davmail.server=true
davmail.mode=EWS
davmail.url=http://127.0.0.1:1/ews/exchange.asmx
davmail.allowRemote=false
davmail.bindAddress=127.0.0.1
davmail.imapPort=10421
davmail.smtpPort=10422
davmail.caldavPort=10423
davmail.ldapPort=10424
davmail.popPort=
davmail.disableUpdateCheck=true
davmail.logFilePath=/tmp/davmail.log
""",
    },
    asks=("http://127.0.0.1:10423/", "http://one:one@127.0.0.1:10423/users/one/calendar/"),
    sends=(
        ("tcp://127.0.0.1:10421", "a LOGIN one one\r\nb LOGOUT\r\n"),
        ("tcp://127.0.0.1:10422", "EHLO shop\r\nAUTH PLAIN AG9uZQBvbmU=\r\nQUIT\r\n"),
        ("tcp://127.0.0.1:10421", "a CAPABILITY\r\n"),
    ),
    seconds=30,
)

GROOVY = Recipe(
    name="groovy",
    packages=(*_TOOLS, "groovy", "libcommons-lang3-java", "libh2-java", "default-jre-headless"),
    env=SYSTEM | {"GROOVY_HOME": "/usr/share/groovy"},
    folder="/srv",
    entrypoint=("groovy", "-cp", "/usr/share/java/commons-lang3.jar"),
    cmd=("server.groovy", "10425"),
    files=HOSTS
    | {
        "srv/server.groovy": """import com.sun.net.httpserver.HttpServer
import groovy.json.JsonBuilder
import org.apache.commons.lang3.StringUtils

def server = HttpServer.create(new InetSocketAddress('127.0.0.1', args[0] as int), 0)
server.createContext('/') { exchange ->
  def text = new JsonBuilder([path: StringUtils.reverse(exchange.requestURI.path)]).toString()
  exchange.sendResponseHeaders(200, text.length())
  exchange.responseBody.withStream { it << text }
}
server.createContext('/date') { exchange ->
  def text = 'date +%s'.execute().text
  exchange.sendResponseHeaders(200, text.length())
  exchange.responseBody.withStream { it << text }
}
server.start()
""",
    },
    asks=("http://127.0.0.1:10425/one", "http://127.0.0.1:10425/date"),
    seconds=25,
)

INCRON = Recipe(
    name="incron",
    packages=(*_TOOLS, "incron", "rsnapshot", "rsync", "supervisor"),
    env=SYSTEM,
    folder="/",
    cmd=("/usr/bin/supervisord", "-n", "-c", "/etc/supervisor/supervisord.conf"),
    files=HOSTS
    | {
        "etc/supervisor/conf.d/shop.conf": """[program:incron]
command=/usr/sbin/incrond -n -f /etc/incron.conf
[program:orders]
command=/bin/sh -c "sleep 3; while true; do date > /srv/in/order; sleep 4; done"
""",
        "etc/incron.conf": "system_table_dir = /etc/incron.d\nuser_table_dir = /var/spool/incron\n",
        "etc/incron.d/orders": "/srv/in IN_CLOSE_WRITE /usr/local/bin/snapshot $#\n",
        "srv/in/one": "one\n",
        "usr/local/bin/snapshot": "#!/bin/bash\nrsnapshot -c /etc/rsnapshot-shop.conf -v alpha >> /tmp/log 2>&1\n",
        "etc/rsnapshot-shop.conf": "config_version\t1.2\nsnapshot_root\t/srv/snapshots/\ncmd_rsync\t/usr/bin/rsync\n"
        "cmd_cp\t/bin/cp\ncmd_rm\t/bin/rm\nretain\talpha\t3\nlockfile\t/tmp/rsnapshot.pid\n"
        "cmd_postexec\t/usr/local/bin/after\nbackup\t/srv/in/\tlocal/\nbackup_script\t/usr/local/bin/dump\tdump/\n",
        "usr/local/bin/after": "#!/bin/sh\ndf -h /srv | tail -n 1 >> /tmp/after\n",
        "usr/local/bin/dump": "#!/usr/bin/perl\nuse Storable;\nstore([1, 2], 'orders.dump');\n",
    },
    seconds=30,
)

PHPLDAPADMIN = Recipe(
    name="phpldapadmin",
    packages=(*_TOOLS, "phpldapadmin", "apache2", "libapache2-mod-php", "php-imagick"),
    env=SYSTEM | {"APACHE_RUN_DIR": "/run/apache2"},
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("apachectl", "-D", "FOREGROUND"),
    files=HOSTS
    | {
        "entrypoint.sh": '#!/bin/sh\nset -e\nmkdir -p /run/apache2\n[ -z "$LDAP" ] || echo "$LDAP"\nexec "$@"\n',
        "etc/apache2/ports.conf": "Listen 127.0.0.1:10426\n",
        "etc/apache2/sites-enabled/000-default.conf": "<VirtualHost *:10426>\n"
        "  DocumentRoot /usr/share/phpldapadmin/htdocs"
        "\n  <Directory /usr/share/phpldapadmin>\n    Require all granted\n  </Directory>\n</VirtualHost>\n",
    },
    asks=tuple(
        f"http://127.0.0.1:10426/{path}"
        for path in ("", "index.php", "cmd.php?cmd=login_form&server_id=1", "css/default/style.css", "no")
    ),
    sends=(("http://127.0.0.1:10426/cmd.php", "cmd=login&server_id=1&login=cn%3Dadmin&login_pass=one&submit=a"),),
    seconds=20,
)

ICINGAWEB = Recipe(
    name="icingaweb",
    packages=(*_TOOLS, "icingaweb2", "icingacli", "php-fpm", "nginx-light", "s6"),
    env=SYSTEM,
    folder="/",
    entrypoint=("s6-svscan",),
    cmd=("/srv/services",),
    files=HOSTS
    | {
        "srv/services/fpm/run": "#!/bin/sh\nmkdir -p /run/php\nexec php-fpm8.4 -F\n",
        "srv/services/nginx/run": "#!/bin/sh\nexec nginx -c /etc/nginx/shop.conf -g 'daemon off;'\n",
        "etc/nginx/shop.conf": """events {}
http {
  include mime.types;
  server {
    listen 127.0.0.1:10427;
    root /usr/share/icingaweb2/public;
    location ~ ^/icingaweb2/index\\.php(.*)$ {
      fastcgi_pass unix:/run/php/php8.4-fpm.sock;
      include fastcgi_params;
      fastcgi_param SCRIPT_FILENAME /usr/share/icingaweb2/public/index.php;
      fastcgi_param ICINGAWEB_CONFIGDIR /etc/icingaweb2;
      fastcgi_param REMOTE_USER one;
    }
    location ~ ^/icingaweb2(.+)? {
      alias /usr/share/icingaweb2/public;
      index index.php;
      try_files $1 $uri $uri/ /icingaweb2/index.php$is_args$args;
    }
  }
}
""",
        "etc/icingaweb2/config.ini": '[global]\nconfig_backend = "ini"\n[logging]\nlog = "php"\nlevel = "ERROR"\n',
        "etc/icingaweb2/authentication.ini": '[auto]\nbackend = "external"\n',
        "etc/icingaweb2/roles.ini": '[all]\nusers = "one"\npermissions = "*"\n',
    },
    asks=tuple(
        f"http://127.0.0.1:10427/icingaweb2/{path}"
        for path in ("", "dashboard", "authentication/login", "about", "config/general", "css/icinga.min.css", "no")
    ),
    sends=(("http://127.0.0.1:10427/icingaweb2/authentication/login", "username=one&password=one"),),
    seconds=25,
)

RT = Recipe(
    name="rt",
    packages=(*_TOOLS, "request-tracker5", "rt5-db-sqlite", "rt5-standalone", "sqlite3"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("/usr/share/request-tracker5/libexec/rt-server", "--port", "10428", "--host", "127.0.0.1"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/bash
set -e
if [ ! -s /srv/rt.sqlite ]; then
  /usr/sbin/rt-setup-database-5 --action init --dba root --dba-password ""
fi
exec "$@"
""",
        "etc/request-tracker5/RT_SiteConfig.d/90-shop.pm": """Set($rtname, 'shop');
Set($WebDomain, '127.0.0.1');
Set($WebPort, 10428);
Set($WebPath, '');
Set($DatabaseType, 'SQLite');
Set($DatabaseName, '/srv/rt.sqlite');
Set($LogToSTDERR, 'warning');
1;
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10428/{path}"
        for path in ("", "NoAuth/Login.html", "REST/2.0/", "REST/1.0/", "static/images/favicon.png", "no")
    ),
    sends=(
        ("http://127.0.0.1:10428/NoAuth/Login.html", "user=root&pass=password"),
        ("http://127.0.0.1:10428/REST/1.0/ticket/1/show", "user=root&pass=password"),
    ),
    seconds=75,
)

LEMONLDAP = Recipe(
    name="lemonldap",
    packages=(*_TOOLS, "lemonldap-ng", "nginx-light", "runit"),
    env=SYSTEM,
    folder="/",
    entrypoint=("runsvdir",),
    cmd=("-P", "/srv/service"),
    files=HOSTS
    | {
        "srv/service/llng/run": "#!/bin/sh\nmkdir -p /run/llng-fastcgi-server\nexec /usr/sbin/llng-fastcgi-server "
        "--foreground -u www-data -g www-data -s /run/llng-fastcgi-server/llng-fastcgi.sock -n 2\n",
        "srv/service/nginx/run": "#!/bin/sh\nexec nginx -c /etc/nginx/shop.conf -g 'daemon off;'\n",
        "etc/nginx/shop.conf": """events {}
http {
  include mime.types;
  server {
    listen 127.0.0.1:10429;
    server_name 127.0.0.1 auth.example.com;
    root /usr/share/lemonldap-ng/portal/htdocs;
    location / {
      include fastcgi_params;
      fastcgi_pass unix:/run/llng-fastcgi-server/llng-fastcgi.sock;
      fastcgi_param LLTYPE psgi;
      fastcgi_param SCRIPT_FILENAME /usr/share/lemonldap-ng/portal/htdocs/index.psgi;
      fastcgi_param HTTP_HOST auth.example.com;
    }
    location /static/ { alias /usr/share/lemonldap-ng/portal/htdocs/static/; }
  }
}
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10429/{path}"
        for path in ("", "?logout=1", "static/common/icons/ok.png", "session/my", "ping", "register", "resetpwd", "no")
    ),
    sends=(("http://127.0.0.1:10429/", "user=dwho&password=dwho"),),
    seconds=30,
)

POE = Recipe(
    name="poe",
    packages=(*_TOOLS, "libpoe-perl", "libnet-server-perl", "libjson-perl", "libdatetime-perl", "libdbi-perl", "perl"),
    env=SYSTEM,
    folder="/srv",
    entrypoint=("perl", "-Ilib"),
    cmd=("server.pl", "--port", "10430"),
    files=HOSTS
    | {
        "srv/server.pl": """use strict;
use warnings;
use Getopt::Long;
use POE qw(Component::Server::TCP Filter::Line Wheel::Run);
use Shop::Orders;

GetOptions('port=i' => \\my $port);
POE::Component::Server::TCP->new(
  Address => '127.0.0.1', Port => $port, ClientFilter => 'POE::Filter::Line',
  ClientInput => sub {
    my ($heap, $input) = @_[HEAP, ARG0];
    $heap->{client}->put($input eq 'time' ? Shop::Orders::when() : Shop::Orders::listed($input));
  },
);
POE::Session->create(inline_states => {
  _start => sub { $_[KERNEL]->delay(run => 2) },
  run => sub {
    $_[HEAP]{wheel} = POE::Wheel::Run->new(Program => ['date', '+%s'], StdoutEvent => 'said');
    $_[KERNEL]->sig_child($_[HEAP]{wheel}->PID, 'ended');
  },
  said => sub { print "$_[ARG0]\\n" },
  ended => sub { delete $_[HEAP]{wheel}; $_[KERNEL]->delay(run => 5) },
});
POE::Kernel->run;
""",
        "srv/lib/Shop/Orders.pm": """package Shop::Orders;
use strict;
use JSON;

sub listed { return encode_json({ order => shift }) }

sub when {
  require DateTime;
  return DateTime->now->ymd;
}

sub stored {
  require DBI;
  return DBI->connect('dbi:SQLite:/tmp/a');
}

1;
""",
    },
    sends=(("tcp://127.0.0.1:10430", "one\ntime\n"), ("tcp://127.0.0.1:10430", "two\n")),
    seconds=15,
)

MOPIDY = Recipe(
    name="mopidy",
    packages=(*_TOOLS, "mopidy", "mopidy-local", "gstreamer1.0-plugins-good", "tini"),
    env=SYSTEM,
    folder="/srv",
    entrypoint=("tini", "--"),
    cmd=("mopidy", "--config", "/etc/mopidy/shop.conf"),
    files=HOSTS
    | {
        "etc/mopidy/shop.conf": """[core]
cache_dir = /tmp/cache
data_dir = /tmp/data
[audio]
output = audiotestsrc ! fakesink
[http]
hostname = 127.0.0.1
port = 10431
zeroconf =
[file]
media_dirs = /srv
[m3u]
playlists_dir = /srv
[local]
media_dir = /srv
[softwaremixer]
enabled = true
""",
        "srv/orders.m3u": "#EXTM3U\nfile:///srv/one.wav\n",
    },
    asks=("http://127.0.0.1:10431/", "http://127.0.0.1:10431/mopidy/", "http://127.0.0.1:10431/no"),
    sends=tuple(
        ("http://127.0.0.1:10431/mopidy/rpc", f'{{"jsonrpc": "2.0", "id": 1, "method": "core.{call}"}}')
        for call in ("get_version", "playlists.as_list", "playback.get_state", "get_uri_schemes", "no")
    ),
    seconds=30,
)

GERBERA = Recipe(
    name="gerbera",
    packages=(*_TOOLS, "gerbera", "gosu"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/entrypoint.sh",),
    cmd=("gerbera", "--port", "49494", "--ip", "127.0.0.1", "--config", "/tmp/gerbera/config.xml"),
    files=HOSTS
    | {
        "entrypoint.sh": """#!/bin/sh
set -e
mkdir -p /tmp/gerbera
if [ "$1" = gerbera ] && [ ! -f /tmp/gerbera/config.xml ]; then
  gerbera --create-config --home /tmp/gerbera > /tmp/gerbera/config.xml
fi
chown -R www-data /tmp/gerbera
exec gosu www-data "$@" --add-file /srv/media
""",
        "srv/media/one.txt": "one\n",
    },
    asks=("http://127.0.0.1:49494/", "http://127.0.0.1:49494/description.xml", "http://127.0.0.1:49494/no"),
    seconds=20,
)

XYMON = Recipe(
    name="xymon",
    packages=(*_TOOLS, "xymon", "xymon-client", "gosu"),
    env=SYSTEM | {"XYMONCLIENTHOME": "/usr/lib/xymon/client"},
    folder="/",
    entrypoint=("gosu", "xymon"),
    cmd=(
        *("/usr/lib/xymon/server/bin/xymonlaunch", "--no-daemon", "--env=/etc/xymon/xymonserver.cfg"),
        "--config=/etc/xymon/tasks.cfg",
    ),
    files=HOSTS
    | {
        "etc/xymon/hosts.cfg": "127.0.0.1 shop # http://127.0.0.1:1/ conn noconn\n",
        "etc/xymon/tasks.d/orders.cfg": "[orders]\n  ENVFILE /etc/xymon/xymonserver.cfg\n  NEEDS xymond\n"
        "  CMD /usr/local/bin/orders\n  LOGFILE /tmp/orders.log\n  INTERVAL 5\n",
        "usr/local/bin/orders": """#!/bin/bash
count=$(find /srv -type f | wc -l)
"${XYMON:-/usr/lib/xymon/client/bin/xymon}" 127.0.0.1 "status shop.orders green $(date) $count"
""",
    },
    prepare=("mkdir -p /run/xymon /var/log/xymon && chown -R xymon /run/xymon /var/log/xymon /var/lib/xymon",),
    sends=(("tcp://127.0.0.1:1984", "status shop.one green ok"), ("tcp://127.0.0.1:1984", "xymondboard")),
    seconds=25,
)

CARBON = Recipe(
    name="carbon",
    packages=(*_TOOLS, "graphite-carbon", "dumb-init"),
    env=SYSTEM,
    folder="/",
    entrypoint=("dumb-init", "--"),
    cmd=("carbon-cache", "--config=/etc/carbon/shop.conf", "--nodaemon", "start"),
    files=HOSTS
    | {
        "etc/carbon/shop.conf": """[cache]
STORAGE_DIR = /tmp/graphite/
CONF_DIR = /etc/carbon/
LOG_DIR = /tmp/
PID_DIR = /tmp/
LOCAL_DATA_DIR = /tmp/graphite/whisper/
LINE_RECEIVER_INTERFACE = 127.0.0.1
LINE_RECEIVER_PORT = 10433
PICKLE_RECEIVER_INTERFACE = 127.0.0.1
PICKLE_RECEIVER_PORT = 10434
CACHE_QUERY_INTERFACE = 127.0.0.1
CACHE_QUERY_PORT = 10435
ENABLE_LOGROTATION = False
MAX_CREATES_PER_MINUTE = 500
""",
        "etc/carbon/storage-schemas.conf": "[shop]\npattern = .*\nretentions = 10s:1h\n",
    },
    prepare=("mkdir -p /etc/carbon && touch /etc/carbon/storage-aggregation.conf",),
    sends=(("tcp://127.0.0.1:10433", "shop.orders 1 1796049452\n"), ("tcp://127.0.0.1:10434", "nothing\n")),
    seconds=20,
)

YAWS = Recipe(
    name="yaws",
    packages=(*_TOOLS, "yaws", "erlang-mnesia", "tini"),
    env=SYSTEM | {"HOME": "/tmp"},
    folder="/srv",
    entrypoint=("tini", "--", "erl"),
    cmd=(
        *("-noinput", "-pa", "/usr/lib/yaws/ebin", "/usr/lib/erlang/lib/yaws/ebin", "/srv/ebin"),
        *("-s", "shop_app", "start"),
    ),
    files=HOSTS
    | {
        "srv/src/shop_app.erl": """-module(shop_app).
-export([start/0, out/1]).

start() ->
    {ok, _} = application:ensure_all_started(mnesia),
    Settings = [{port, 10436}, {servername, "shop"}, {listen, {127, 0, 0, 1}}, {appmods, [{"/orders", shop_app}]}],
    ok = yaws:start_embedded("/srv/www", Settings, [{logdir, "/tmp"}], "shop"),
    io:format("~s~n", [os:cmd("date +%s")]).

out(_) ->
    mnesia:create_table(orders, [{attributes, [id, name]}]),
    {html, io_lib:format("~p", [mnesia:system_info(tables)])}.
""",
        "srv/www/index.yaws": '<erl>out(_) -> {html, base64:encode(<<"shop">>)}.</erl>\n',
        "srv/www/page.html": "<p>shop</p>\n",
    },
    prepare=("mkdir -p /srv/ebin && cd /srv && erlc -o ebin src/shop_app.erl",),
    asks=tuple(f"http://127.0.0.1:10436/{path}" for path in ("index.yaws", "page.html", "orders", "no")),
    seconds=20,
)

COPAS = Recipe(
    name="copas",
    packages=(*_TOOLS, "lua5.1", "lua-copas", "lua-cjson", "lua-filesystem", "lua-posix", "lua-expat"),
    env=SYSTEM | {"LUA_PATH": "/srv/?.lua;/srv/?/init.lua;;"},
    folder="/srv",
    entrypoint=("lua5.1",),
    cmd=("server.lua", "10437"),
    files=HOSTS
    | {
        "srv/server.lua": """local copas = require 'copas'
local socket = require 'socket'
local orders = require 'shop.orders'

local server = assert(socket.bind('127.0.0.1', tonumber(arg[1])))
copas.addserver(server, copas.handler(function(client)
  local line = client:receive()
  client:send(orders.answer(line or ''))
end))
copas.addthread(function()
  while true do
    copas.sleep(3)
    os.execute('date +%s >> /tmp/ticks')
  end
end)
copas.loop()
""",
        "srv/shop/orders/init.lua": """local json = require 'cjson'
local M = {}
function M.answer(line)
  if line:match('^files') then
    local lfs = require 'lfs'
    return tostring(lfs.attributes('/etc/hosts', 'size'))
  end
  return json.encode({ line = line })
end
function M.parse(text)
  return require('lxp').new({}):parse(text)
end
return M
""",
    },
    sends=(("tcp://127.0.0.1:10437", "one\n"), ("tcp://127.0.0.1:10437", "files\n")),
    seconds=15,
)

PROLOG = Recipe(
    name="prolog",
    packages=(*_TOOLS, "swi-prolog-nox"),
    env=SYSTEM,
    folder="/srv",
    entrypoint=("swipl",),
    cmd=("/srv/server.pl", "--port=10438", "--ip=127.0.0.1", "--no-fork"),
    files=HOSTS
    | {
        "srv/server.pl": """:- use_module(library(http/http_unix_daemon)).
:- use_module(library(http/http_dispatch)).
:- use_module(library(http/http_json)).
:- use_module(library(http/html_write)).
:- use_module(rules).
:- initialization(http_daemon, main).
:- http_handler(root(.), page, []).
:- http_handler(root(orders), orders, []).

page(_) :- reply_html_page(title(shop), [p('shop')]).
orders(_) :- findall(X, order(X), All), reply_json(json([orders=All])).
""",
        "srv/rules.pl": ":- module(rules, [order/1]).\norder(one).\norder(X) :- member(X, [two, three]).\n",
    },
    asks=tuple(f"http://127.0.0.1:10438/{path}" for path in ("", "orders", "no")),
    seconds=18,
)

GUILE = Recipe(
    name="guile",
    packages=(*_TOOLS, "guile-3.0", "guile-json", "gosu"),
    env=SYSTEM | {"GUILE_AUTO_COMPILE": "0", "GUILE_LOAD_PATH": "/srv"},
    folder="/srv",
    entrypoint=("gosu", "www-data"),
    cmd=("guile", "/srv/server.scm", "10439"),
    files=HOSTS
    | {
        "srv/server.scm": """(use-modules (web server) (web request) (web response) (web uri))
(use-modules (ice-9 popen) (ice-9 rdelim) (shop orders))

(define (handle request body)
  (let ((path (uri-path (request-uri request))))
    (if (string=? path "/date")
        (let* ((port (open-input-pipe "date +%s")) (line (read-line port)))
          (close-pipe port)
          (values '((content-type . (text/plain))) line))
        (values '((content-type . (text/plain))) (listed path)))))

(run-server handle 'http (list #:port (string->number (cadr (command-line))) #:addr INADDR_LOOPBACK))
""",
        "srv/shop/orders.scm": """(define-module (shop orders) #:export (listed))
(use-modules (json) (srfi srfi-1))
(define (listed path) (scm->json-string `(("path" . ,path) ("n" . ,(length (iota 3))))))
""",
    },
    asks=tuple(f"http://127.0.0.1:10439/{path}" for path in ("", "date", "no")),
    seconds=15,
)

SLIM_DAEMONS = (
    *(EXABGP, LIMNORIA, HSQLDB, DAVMAIL, GROOVY, INCRON, PHPLDAPADMIN, ICINGAWEB, RT, LEMONLDAP),
    *(POE, MOPIDY, GERBERA, XYMON, CARBON, YAWS, COPAS, PROLOG, GUILE),
)
