"""The eighteenth set's servers behind wrappers, and what watches or starts by the clock."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL
from benchmarks.in_use.recipes.twelfth import HOSTS

SPAMD = Recipe(
    name="spamd",
    packages=("spamd", "spamc", "pyzor", "razor", "gnupg", "curl", "procps", "libdbd-sqlite3-perl", "re2c"),
    env=SYSTEM | {"SPAM_CHECK": "/etc/spam-check.eml"},
    folder="/",
    entrypoint=("/usr/local/bin/start.pl",),
    cmd=("--max-children", "2"),
    files=HOSTS
    | {
        "usr/local/bin/start.pl": """#!/usr/bin/perl
use strict;
use warnings;
use File::Path qw(make_path);

my $home = $ENV{SPAM_HOME} // '/var/lib/spam';
make_path("$home/.spamassassin", { mode => 0700 });
my @command = ('/usr/sbin/spamd', '--username=nobody', "--helper-home-dir=$home", '--listen=127.0.0.1:9956');
push @command, '--local', '--syslog=stderr';
if ($ENV{SPAM_CHECK} and not fork) {
    sleep 8;
    open STDIN, '<', $ENV{SPAM_CHECK} or die "no $ENV{SPAM_CHECK}: $!";
    exec 'spamc', '--dest=127.0.0.1', '--port=9956' or die "cannot check: $!";
}
exec { $command[0] } @command, @ARGV or die "cannot start: $!";
""",
        "etc/spamassassin/shop.cf": """use_bayes 0
required_score 5.0
header SHOP_SUBJECT Subject =~ /win now/i
score SHOP_SUBJECT 3.0
""",
        "etc/spam-check.eml": """From: a@shop.example
To: b@shop.example
Subject: win now

http://shop.example/one 12345
""",
    },
    sends=(("tcp://127.0.0.1:9956", "PING SPAMC/1.2\r\n"),),
    seconds=25,
)

BEANSTALKD = Recipe(
    name="beanstalkd",
    packages=(*FULL, "beanstalkd", "gawk"),
    env=SYSTEM | {"BEANSTALKD_MAX": "65535"},
    folder="/",
    entrypoint=("/usr/local/bin/run.awk",),
    files=HOSTS
    | {
        "usr/local/bin/run.awk": """#!/usr/bin/gawk -f
BEGIN {
    most = ENVIRON["BEANSTALKD_MAX"]
    command = "exec beanstalkd -l 127.0.0.1 -p 9957"
    if (most + 0 > 0)
        command = command " -z " most
    print "starting " command > "/dev/stderr"
    exit system(command)
}
""",
    },
    sends=(("tcp://127.0.0.1:9957", "use orders\r\nstats\r\nlist-tubes\r\nno\r\n"),),
    seconds=10,
)

THIN = Recipe(
    name="thin",
    packages=(
        *FULL,
        "thin",
        "ruby-sequel",
        "ruby-sqlite3",
        "ruby-haml",
        "ruby-redcarpet",
        "ruby-dev",
        "rake",
        "ruby-pg",
    ),
    env=SYSTEM | {"RACK_ENV": "production", "LANG": "C.UTF-8", "PORT": "9958"},
    entrypoint=("/app/bin/serve",),
    files=HOSTS
    | {
        "app/bin/serve": """#!/usr/bin/env ruby
# frozen_string_literal: true

require "fileutils"

root = File.expand_path("..", __dir__)
Dir.chdir(root)
FileUtils.mkdir_p("/tmp/shop")
port = ENV.fetch("PORT", "3000")
exec("thin", "--rackup", "config.ru", "--address", "127.0.0.1", "--port", port, "--threaded", "start")
""",
        "app/config.ru": """# frozen_string_literal: true

require_relative "lib/shop"
use Rack::CommonLogger
use Rack::ContentLength
map("/orders") { run Shop::Orders.new }
map("/") { run Shop::Pages.new }
""",
        "app/lib/shop.rb": """# frozen_string_literal: true

require "json"
require "sequel"

module Shop
  DB = Sequel.connect("sqlite:///tmp/shop/shop.sqlite3")
  DB.create_table?(:orders) do
    primary_key :id
    String :name
  end

  class Orders
    def call(env)
      if env["REQUEST_METHOD"] == "POST"
        order = JSON.parse(env["rack.input"].read)
        DB[:orders].insert(name: order.fetch("name"))
      end
      [200, { "content-type" => "application/json" }, [JSON.generate(DB[:orders].limit(10).all)]]
    rescue JSON::ParserError, KeyError => e
      [422, { "content-type" => "text/plain" }, [e.message]]
    end
  end

  class Pages
    def call(env)
      return [404, { "content-type" => "text/plain" }, ["no"]] unless env["PATH_INFO"] == "/"

      require "redcarpet"
      page = Redcarpet::Markdown.new(Redcarpet::Render::HTML).render("# shop")
      [200, { "content-type" => "text/html" }, [page]]
    end
  end
end
""",
        "app/Rakefile": 'task(:report) { sh "sqlite3 /tmp/shop/shop.sqlite3 .dump" }\n',
    },
    asks=tuple(f"http://127.0.0.1:9958/{path}" for path in ("", "orders", "no")),
    sends=(("http://127.0.0.1:9958/orders", '{"name": "one"}'), ("http://127.0.0.1:9958/orders", "nothing")),
    seconds=15,
)

MONIT = Recipe(
    name="monit",
    packages=("monit", "nsd", "tinyproxy", "curl", "bind9-host", "less", "openssl", "vim-tiny"),
    env=SYSTEM,
    folder="/",
    cmd=("/usr/bin/monit", "-I", "-c", "/etc/monit/shop"),
    files=HOSTS
    | {
        "app/monit/shop": """set daemon 3
set log /dev/stdout
set pidfile /run/monit.pid
set httpd port 9959 and use address 127.0.0.1 and allow 127.0.0.1
include /etc/monit/shop.d/*
""",
        "app/monit/shop.d/nsd": """check process nsd with pidfile /run/nsd.pid
    start program = "/usr/sbin/nsd -c /etc/nsd/shop.conf"
    stop program = "/bin/sh -c 'kill $(cat /run/nsd.pid)'"
    if failed host 127.0.0.1 port 9973 type tcp then restart
""",
        "app/monit/shop.d/proxy": """check process tinyproxy with pidfile /run/tinyproxy.pid
    start program = "/usr/local/bin/proxy start"
    stop program = "/usr/local/bin/proxy stop"
check program disk with path "/usr/local/bin/space /"
    if status != 0 then alert
""",
        "usr/local/bin/proxy": """#!/bin/sh
case "$1" in
  start) exec tinyproxy -c /etc/tinyproxy/shop.conf ;;
  stop) kill "$(cat /run/tinyproxy.pid)" ;;
  *) echo "start or stop" >&2; exit 2 ;;
esac
""",
        "usr/local/bin/space": """#!/bin/sh
used=$(df --output=pcent "$1" | tail -n 1 | tr -dc 0-9)
echo "$1 is at $used%"
[ "$used" -lt 99 ]
""",
        "etc/nsd/shop.conf": """server:
    ip-address: 127.0.0.1@9973
    username: root
    chroot: ""
    zonesdir: "/etc/nsd"
    pidfile: "/run/nsd.pid"
    database: ""
    xfrdfile: "/tmp/xfrd.state"
    zonelistfile: "/tmp/zone.list"
remote-control:
    control-enable: no
zone:
    name: shop.example
    zonefile: shop.zone
""",
        "etc/nsd/shop.zone": "$ORIGIN shop.example.\n$TTL 60\n@ SOA ns hostmaster 1 60 60 60 60\n"
        "@ NS ns\nns A 192.0.2.1\n",
        "etc/tinyproxy/shop.conf": 'Port 9974\nListen 127.0.0.1\nPidFile "/run/tinyproxy.pid"\nMaxClients 5\n',
    },
    prepare=(
        "install -d /etc/monit/shop.d && install -m 600 /app/monit/shop /etc/monit/",
        "install -m 600 /app/monit/shop.d/* /etc/monit/shop.d/",
    ),
    asks=tuple(f"http://127.0.0.1:{port}/" for port in (9959, 9973, 9974)),
    sends=(("http://127.0.0.1:9959/nsd", "action=restart"),),
    seconds=25,
)

FAIL2BAN = Recipe(
    name="fail2ban",
    packages=("fail2ban", "iptables", "nftables", "whois", "python3-systemd", "tini", "curl", "python3-pyinotify"),
    env=SYSTEM | {"FEED": "yes"},
    folder="/",
    entrypoint=("/usr/bin/tini", "--", "/usr/local/bin/entry.sh"),
    cmd=("fail2ban-server", "-xf", "--logtarget=STDOUT", "start"),
    files=HOSTS
    | {
        "usr/local/bin/entry.sh": """#!/bin/sh
set -eu

umask 077
mkdir -p /run/fail2ban /var/log/shop
touch /var/log/shop/access.log
feed() {
  for number in 1 2 3 4 5 6 7 8; do
    sleep 1
    echo "$(date '+%Y-%m-%d %H:%M:%S') refused from 192.0.2.7" >> /var/log/shop/access.log
  done
}
if [ "${FEED:-}" = yes ]; then feed & fi
exec "$@"
""",
        "etc/fail2ban/jail.local": """[DEFAULT]
backend = polling
dbfile = /tmp/fail2ban.sqlite3
[sshd]
enabled = false
[shop]
enabled = true
filter = shop
logpath = /var/log/shop/access.log
maxretry = 3
findtime = 60
bantime = 5
action = shop[name=shop]
""",
        "etc/fail2ban/filter.d/shop.conf": "[Definition]\nfailregex = ^\\s*refused from <HOST>$\n",
        "etc/fail2ban/action.d/shop.conf": """[Definition]
actionstart = touch /tmp/<name>.banned
actionban = /usr/local/bin/ban add <ip> <name>
actionunban = /usr/local/bin/ban remove <ip> <name>
""",
        "usr/local/bin/ban": """#!/bin/sh
set -e
file=/tmp/$3.banned
case "$1" in
  add) echo "$2" >> "$file"; sort -u -o "$file" "$file" ;;
  remove) sed -i "/^$2\\$/d" "$file" ;;
esac
""",
    },
    seconds=25,
)

CROND = Recipe(
    name="crond",
    packages=("busybox", "python3-lxml", "python3-requests", "python3-jinja2", "sqlite3", "msmtp", "rsync", "xz-utils"),
    env=SYSTEM | {"TZ": "UTC"},
    folder="/app",
    cmd=("busybox", "crond", "-f", "-l", "8", "-L", "/dev/stdout", "-c", "/etc/crontabs"),
    files=HOSTS
    | {
        "etc/crontabs/root": """PATH=/usr/local/bin:/usr/bin:/bin
* * * * * /app/report.py >> /tmp/report.log 2>&1
* * * * * cd /app && ./keep.sh daily
0 4 * * 0 /app/keep.sh weekly
""",
        "app/report.py": """#!/usr/bin/python3
import sqlite3

import jinja2

page = jinja2.Template("<ul>{% for name in names %}<li>{{ name }}</li>{% endfor %}</ul>")


def main():
    from lxml import html

    base = sqlite3.connect("/tmp/shop.sqlite3")
    base.execute("create table if not exists orders (name text)")
    base.execute("insert into orders values ('one')")
    base.commit()
    text = page.render(names=[row[0] for row in base.execute("select name from orders")])
    print(len(html.fromstring(text).xpath("//li")))


if __name__ == "__main__":
    main()
""",
        "app/keep.sh": """#!/bin/sh
set -e

keep() {
  kind=$1 most=$2
  mkdir -p "/tmp/kept/$kind"
  sqlite3 /tmp/shop.sqlite3 .dump | xz > "/tmp/kept/$kind/$(date +%s).sql.xz"
  ls -t "/tmp/kept/$kind" | tail -n "+$most" | while read -r old; do rm "/tmp/kept/$kind/$old"; done
}

case "$1" in
  daily) keep daily 7 ;;
  weekly) keep weekly 4; rsync -a /tmp/kept/ /tmp/away/ ;;
  *) exit 2 ;;
esac
""",
    },
    seconds=70,
)

WRAPPED = (SPAMD, BEANSTALKD, THIN, MONIT, FAIL2BAN, CROND)
