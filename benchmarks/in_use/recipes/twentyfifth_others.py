"""The twenty-fifth set's batches and jobs of Java, Perl and Ruby."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "curl", "procps", "tzdata")

OPENAPI = Recipe(
    name="openapi",
    packages=(*PYTHON, *_TOOLS, "openjdk-21-jre-headless", "tini"),
    env=VENV | {"JAVA_OPTS": "-Xmx512m"},
    folder="/local",
    entrypoint=("tini", "--", "/usr/local/bin/generate"),
    cmd=("python", "typescript-fetch"),
    python=("openapi-generator-cli",),
    files=HOSTS
    | {
        "usr/local/bin/generate": """#!/bin/bash
set -euo pipefail
for kind in "$@"; do
  openapi-generator-cli generate -i /local/shop.yaml -g "$kind" -o "/tmp/out/$kind" --skip-validate-spec
done
find /tmp/out -type f | wc -l
""",
        "local/shop.yaml": """openapi: 3.0.3
info: {title: Shop, version: "1.0"}
paths:
  /orders:
    get:
      operationId: orders
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Order"}}
components:
  schemas:
    Order: {type: object, properties: {name: {type: string}, at: {type: string, format: date-time}}}
""",
    },
    seconds=45,
)

LIQUIBASE = Recipe(
    name="liquibase",
    packages=(*FULL, "openjdk-21-jre-headless", "libh2-java"),
    env=SYSTEM | {"JAVA_OPTS": "-Xmx256m -XX:+UseSerialGC", "DATABASE": "/tmp/shop"},
    folder="/liquibase",
    entrypoint=("/liquibase/docker-entrypoint.sh",),
    cmd=("update",),
    files=HOSTS
    | {
        "liquibase/docker-entrypoint.sh": """#!/bin/bash
set -e

if [[ "$1" == update || "$1" == status ]]; then
  set -- --defaultsFile=/liquibase/shop.properties --url="jdbc:h2:file:$DATABASE" --changeLogFile=changelog.xml "$@"
  ./liquibase "$@"
  exec ./liquibase "${@:1:3}" --logLevel=info status
fi
exec "$@"
""",
        "liquibase/shop.properties": "classpath: /usr/share/java/h2.jar\nusername: sa\n"
        "password:\ndriver: org.h2.Driver\n",
        "liquibase/changelog.xml": """<?xml version="1.0" encoding="UTF-8"?>
<databaseChangeLog xmlns="http://www.liquibase.org/xml/ns/dbchangelog"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.liquibase.org/xml/ns/dbchangelog
  http://www.liquibase.org/xml/ns/dbchangelog/dbchangelog-4.1.xsd">
  <include file="changes/orders.yaml"/>
</databaseChangeLog>
""",
        "liquibase/changes/orders.yaml": """databaseChangeLog:
  - changeSet:
      id: orders
      author: a
      changes:
        - createTable:
            tableName: orders
            columns:
              - column: {name: id, type: int, constraints: {primaryKey: true, nullable: false}}
              - column: {name: name, type: varchar(40)}
        - sql: {sql: "insert into orders values (1, 'one')"}
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends npm",
        "npm install -q --ignore-scripts --prefix /tmp/n liquibase@4.4.0",
        "cp -r /tmp/n/node_modules/liquibase/dist/liquibase/. /liquibase/ && chmod +x /liquibase/liquibase",
        "rm -rf /tmp/n && apt-get purge -qy --autoremove npm",
    ),
    seconds=45,
)

MINION = Recipe(
    name="minion",
    packages=(*_TOOLS, "libminion-perl", "libminion-backend-sqlite-perl", "libtext-csv-perl", "libdbd-pg-perl", "s6"),
    env=SYSTEM | {"MOJO_MODE": "production"},
    entrypoint=("s6-svscan", "/etc/s6"),
    files=HOSTS
    | {
        "etc/s6/worker/run": "#!/bin/sh\ncd /app && exec perl jobs.pl minion worker -j 1 2>&1\n",
        "etc/s6/web/run": "#!/bin/sh\ncd /app && exec perl jobs.pl daemon -l http://127.0.0.1:10330 2>&1\n",
        "app/jobs.pl": """#!/usr/bin/perl
use Mojolicious::Lite -signatures;
use lib 'lib';

plugin Minion => {SQLite => 'sqlite:/tmp/minion.db'};
plugin 'Minion::Admin';
plugin 'Shop::Reports';

get '/' => sub ($c) { $c->render(json => {id => $c->minion->enqueue(report => ['one'])}) };
get '/slow' => sub ($c) { $c->render(json => {id => $c->minion->enqueue('mail')}) };
app->start;
""",
        "app/lib/Shop/Reports.pm": """package Shop::Reports;
use Mojo::Base 'Mojolicious::Plugin', -signatures;

sub register ($self, $app, $conf) {
  $app->minion->add_task(report => sub ($job, $name) {
    require Text::CSV;
    my $csv = Text::CSV->new({binary => 1});
    $csv->combine($name, time);
    $job->finish($csv->string);
  });
  $app->minion->add_task(mail => sub ($job) {
    return $job->finish('none') unless $ENV{SMTP};
    require Net::SMTP;
    Net::SMTP->new($ENV{SMTP});
  });
}

1;
""",
    },
    asks=tuple(f"http://127.0.0.1:10330/{path}" for path in ("", "slow", "minion", "minion/jobs", "no")),
    seconds=25,
)

THOR = Recipe(
    name="thor",
    packages=(
        *FULL,
        "ruby",
        "ruby-thor",
        "ruby-mail",
        "ruby-nokogiri",
        "ruby-sqlite3",
        "ruby-tzinfo",
        "cron",
        "ruby-sequel",
    ),
    env=SYSTEM | {"SHOP_DB": "/tmp/shop.sqlite3"},
    entrypoint=("/bin/sh", "/app/entrypoint.sh"),
    cmd=("cron", "-f", "-L", "15"),
    files=HOSTS
    | {
        "app/entrypoint.sh": """#!/bin/sh
set -e
env | grep '^SHOP_' > /etc/environment
crontab /app/crontab
ruby /app/bin/shop import --file /app/orders.xml
exec "$@"
""",
        "app/crontab": "* * * * * cd /app && ruby bin/shop report >> /tmp/report.log 2>&1\n",
        "app/orders.xml": "<orders><order name='one'/><order name='two'/></orders>\n",
        "app/bin/shop": """#!/usr/bin/env ruby
$LOAD_PATH.unshift(File.expand_path('../lib', __dir__))
require 'shop/cli'
Shop::CLI.start(ARGV)
""",
        "app/lib/shop/cli.rb": """require 'thor'
require 'sequel'

module Shop
  autoload :Import, 'shop/import'
  autoload :Report, 'shop/report'

  class CLI < Thor
    desc 'import', 'orders from XML'
    option :file, required: true
    def import
      Import.new(db).run(options[:file])
    end

    desc 'report', 'mail of orders'
    def report
      puts Report.new(db).text
    end

    no_commands do
      def db
        @db ||= Sequel.sqlite(ENV.fetch('SHOP_DB', '/tmp/shop.sqlite3'))
      end
    end
  end
end
""",
        "app/lib/shop/import.rb": """require 'nokogiri'

module Shop
  Import = Struct.new(:db) do
    def run(file)
      db.create_table?(:orders) { primary_key :id; String :name }
      Nokogiri::XML(File.read(file)).xpath('//order').each { |order| db[:orders].insert(name: order['name']) }
    end
  end
end
""",
        "app/lib/shop/report.rb": """require 'mail'
require 'tzinfo'

module Shop
  Report = Struct.new(:db) do
    def text
      names = db[:orders].map(:name).join(', ')
      Mail.new(to: 'a@shop.example', subject: TZInfo::Timezone.get('Europe/Berlin').now.to_s, body: names).to_s
    end
  end
end
""",
    },
    seconds=75,
)

OTHER_JOBS = (OPENAPI, LIQUIBASE, MINION, THOR)
