"""The twenty-second set's web applications of PHP, Ruby and Java."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL
from benchmarks.in_use.recipes.twelfth import HOSTS

SHAARLI = Recipe(
    name="shaarli",
    packages=("apache2", "libapache2-mod-php", "shaarli", "ca-certificates", "tini"),
    env=SYSTEM | {"APACHE_RUN_USER": "www-data"},
    folder="/usr/share/shaarli",
    entrypoint=("/usr/bin/tini", "--"),
    cmd=("apachectl", "-D", "FOREGROUND"),
    files=HOSTS | {"etc/apache2/ports.conf": "Listen 127.0.0.1:10231\n"},
    prepare=(
        "printf 'ServerName localhost\\nAlias /links /usr/share/shaarli\\n<Directory /usr/share/shaarli>\\n"
        "Require all granted\\nAllowOverride All\\n</Directory>\\n' > /etc/apache2/conf-available/links.conf",
        "a2enconf -q links && a2enmod -q rewrite headers && chown -R www-data /var/lib/shaarli || true",
    ),
    asks=tuple(
        f"http://127.0.0.1:10231/{path}"
        for path in ("", "links/", "links/index.php", "links/index.php/install", "links/tpl/default/page.html", "no")
    ),
    hangup=True,
    seconds=20,
)

SLIM = Recipe(
    name="slim",
    packages=(*FULL, "nginx-light", "php-fpm", "php-slim", "php-twig", "php-monolog", "php-sqlite3", "php-intl"),
    env=SYSTEM | {"APP_ENV": "production", "PORT": "10232"},
    entrypoint=("/usr/local/bin/docker-entrypoint.sh",),
    cmd=("web",),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/bash
set -e

if [ "$1" = web ]; then
  install -d -o www-data /tmp/cache
  mkdir -p /run/php
  sed "s/@PORT@/${PORT:-8080}/" /etc/nginx/shop.conf.in > /tmp/nginx.conf
  php-fpm8.4 --nodaemonize --fpm-config /etc/php-fpm.conf &
  nginx -c /tmp/nginx.conf -g 'daemon off;' &
  trap 'kill $(jobs -p)' TERM INT
  wait -n
  exit $?
fi
exec "$@"
""",
        "etc/php-fpm.conf": "[global]\nerror_log = /dev/stderr\n[www]\nuser = www-data\ngroup = www-data\n"
        "listen = /tmp/fpm.sock\nlisten.mode = 0666\npm = static\npm.max_children = 2\nclear_env = no\n",
        "etc/nginx/shop.conf.in": """pid /tmp/nginx.pid;
events {}
http {
  include /etc/nginx/mime.types;
  server {
    listen 127.0.0.1:@PORT@;
    root /app/public;
    location / { try_files $uri /index.php$is_args$args; }
    location ~ \\.php$ {
      include /etc/nginx/fastcgi_params;
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_pass unix:/tmp/fpm.sock;
    }
  }
}
""",
        "app/public/robots.txt": "User-agent: *\n",
        "app/public/index.php": """<?php
require 'Slim/autoload.php';
require 'Twig/autoload.php';
require 'Monolog/autoload.php';
require __DIR__ . '/../src/Orders.php';

use Monolog\\Handler\\StreamHandler;
use Monolog\\Logger;
use Twig\\Environment;
use Twig\\Loader\\FilesystemLoader;

$log = new Logger('shop', [new StreamHandler('/tmp/shop.log')]);
$twig = new Environment(new FilesystemLoader(__DIR__ . '/../pages'), ['cache' => '/tmp/cache']);
$app = new Slim\\App(['settings' => ['displayErrorDetails' => false]]);
$app->get('/', fn ($request, $response) => $response->write($twig->render('index.html', ['orders' => Orders::all()])));
$app->post('/orders', function ($request, $response) use ($log) {
    $name = $request->getParsedBody()['name'] ?? null;
    if (!$name) {
        return $response->withJson(['message' => 'no name'], 422);
    }
    $log->info('order', ['name' => $name]);
    Orders::add($name);
    return $response->withJson(['name' => $name], 201);
});
$app->get('/money', fn ($request, $response) => $response->write(
    (new NumberFormatter('de_DE', NumberFormatter::CURRENCY))->formatCurrency(3.5, 'EUR')
));
$app->run();
""",
        "app/src/Orders.php": """<?php
class Orders
{
    private static function open(): PDO
    {
        $pdo = new PDO(getenv('DATABASE_DSN') ?: 'sqlite:/tmp/shop.sqlite3');
        $pdo->exec('create table if not exists orders (name text)');
        return $pdo;
    }

    public static function all(): array
    {
        return self::open()->query('select name from orders limit 5')->fetchAll(PDO::FETCH_COLUMN);
    }

    public static function add(string $name): void
    {
        self::open()->prepare('insert into orders values (?)')->execute([$name]);
    }
}
""",
        "app/pages/index.html": "<h1>Shop</h1>{% for order in orders %}{{ order|upper }}{% endfor %}\n",
    },
    asks=tuple(f"http://127.0.0.1:10232/{path}" for path in ("", "money", "robots.txt", "no")),
    sends=(("http://127.0.0.1:10232/orders", "name=one"), ("http://127.0.0.1:10232/orders", "a=1")),
    seconds=15,
)

GRAPHQL = Recipe(
    name="graphql-ruby",
    packages=(
        *("ruby", "puma", "bundler", "ruby-graphql", "ruby-rack", "ruby-hamlit", "ruby-sequel", "ruby-sqlite3"),
        *("ruby-redis", "ruby-dotenv", "ca-certificates", "dumb-init", "tzdata"),
    ),
    env=SYSTEM | {"RACK_ENV": "production", "PORT": "10234", "DATABASE_URL": "sqlite:///tmp/shop.sqlite3"},
    entrypoint=("/usr/bin/dumb-init", "--", "/app/bin/entrypoint"),
    cmd=("bundle", "exec", "puma", "-C", "config/puma.rb"),
    files=HOSTS
    | {
        "app/bin/entrypoint": """#!/bin/sh
set -e
rm -f /tmp/puma.pid
if [ "$2 $3" = "exec puma" ]; then
  ruby -I lib -r migrate -e 'Migrate.run'
fi
exec "$@"
""",
        "app/Gemfile": "%w[puma graphql rack hamlit sequel sqlite3].each { |name| gem name }\n"
        "gem 'redis', require: false\ngem 'dotenv', require: 'dotenv'\n",
        "app/config/puma.rb": "bind \"tcp://127.0.0.1:#{ENV.fetch('PORT')}\"\nthreads 1, 4\npidfile '/tmp/puma.pid'\n"
        "environment ENV.fetch('RACK_ENV')\npreload_app!\n",
        "app/config.ru": """require 'bundler'
Bundler.require(:default)
$LOAD_PATH.unshift File.expand_path('lib', __dir__)
require 'json'
require 'schema'

run lambda { |env|
  request = Rack::Request.new(env)
  case request.path
  when '/' then [200, { 'content-type' => 'text/html' }, [Hamlit::Template.new('pages/index.haml').render(self)]]
  when '/graphql'
    query = JSON.parse(request.body.read)
    [200, { 'content-type' => 'application/json' }, [JSON.dump(Schema.execute(query['query']).to_h)]]
  when '/cache'
    next [503, {}, []] unless ENV['REDIS_URL']
    require 'redis'
    [200, {}, [Redis.new.ping]]
  else [404, {}, []]
  end
}
""",
        "app/lib/migrate.rb": """require 'sequel'

module Migrate
  def self.run
    Sequel.connect(ENV.fetch('DATABASE_URL')).create_table?(:orders) { primary_key :id; String :name }
  end
end
""",
        "app/lib/schema.rb": """DB = Sequel.connect(ENV.fetch('DATABASE_URL'))

class OrderType < GraphQL::Schema::Object
  field :id, ID, null: false
  field :name, String, null: false
end

class QueryType < GraphQL::Schema::Object
  field :orders, [OrderType], null: false
  def orders = DB[:orders].limit(5).all
end

class MutationType < GraphQL::Schema::Object
  field :add, Boolean, null: false do
    argument :name, String
  end
  def add(name:) = DB[:orders].insert(name: name).positive?
end

class Schema < GraphQL::Schema
  query QueryType
  mutation MutationType
end
""",
        "app/pages/index.haml": "%h1 Shop\n%p= 1 + 1\n",
    },
    prepare=("cd /app && bundle install --local --quiet",),
    asks=tuple(f"http://127.0.0.1:10234/{path}" for path in ("", "cache", "no")),
    sends=(
        ("http://127.0.0.1:10234/graphql", '{"query": "{ orders { id name } }"}'),
        ("http://127.0.0.1:10234/graphql", '{"query": "mutation { add(name: \\"one\\") }"}'),
        ("http://127.0.0.1:10234/graphql", '{"query": "{ no }"}'),
    ),
    seconds=20,
)

_JARS = (
    *("libhttpcore-java", "libjackson2-databind-java", "liblogback-java", "libdropwizard-metrics-java"),
    *("libcommons-lang3-java", "libpostgresql-jdbc-java", "libjackson2-jr-java"),
)
HTTPCORE = Recipe(
    name="httpcore",
    packages=("openjdk-21-jre-headless", "ca-certificates", "curl", "procps", "tzdata"),
    env=SYSTEM | {"PORT": "10235", "JAVA_OPTS": "-XX:+UseSerialGC -Xmx256m"},
    entrypoint=("sh", "-c", 'exec java $JAVA_OPTS -jar /app/shop.jar "$0" "$@"'),
    cmd=("serve",),
    files=HOSTS
    | {
        "src/shop/Main.java": """package shop;

import com.codahale.metrics.MetricRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.bootstrap.HttpServer;
import org.apache.http.impl.bootstrap.ServerBootstrap;
import org.apache.http.util.EntityUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    public static void main(String[] arguments) throws Exception {
        var mapper = new ObjectMapper();
        var metrics = new MetricRegistry();
        var orders = new CopyOnWriteArrayList<Object>();
        HttpServer server = ServerBootstrap.bootstrap()
            .setListenerPort(Integer.parseInt(System.getenv("PORT")))
            .setLocalAddress(InetAddress.getLoopbackAddress())
            .registerHandler("/orders", (request, response, context) -> {
                metrics.counter("requests").inc();
                if (request instanceof HttpEntityEnclosingRequest sent) {
                    orders.add(mapper.readValue(EntityUtils.toString(sent.getEntity()), Map.class));
                    response.setStatusCode(201);
                }
                response.setEntity(new StringEntity(mapper.writeValueAsString(orders), ContentType.APPLICATION_JSON));
            })
            .registerHandler("/metrics", (request, response, context) -> response.setEntity(
                new StringEntity("requests " + metrics.counter("requests").getCount(), ContentType.TEXT_PLAIN)))
            .setExceptionLogger(error -> LOG.warn("failed", error))
            .create();
        server.start();
        LOG.info("ready");
        if (System.getenv("DATABASE_URL") != null) {
            java.sql.DriverManager.getConnection(System.getenv("DATABASE_URL")).close();
        }
        server.awaitTermination(Long.MAX_VALUE, TimeUnit.DAYS);
    }
}
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends openjdk-21-jdk-headless unzip " + " ".join(_JARS),
        "mkdir /tmp/c /tmp/j && cd /usr/share/java && cp httpcore.jar jackson-databind.jar jackson-core.jar "
        "jackson-annotations.jar logback-core.jar logback-classic.jar slf4j-api.jar metrics-core.jar "
        "commons-lang3.jar postgresql.jar /tmp/j",
        "javac -cp '/tmp/j/*' -d /tmp/c /src/shop/Main.java",
        "cd /tmp/c && for jar in /tmp/j/*.jar; do unzip -qo $jar -x 'META-INF/*.SF' 'META-INF/MANIFEST.MF'; done",
        "jar --create --file /app/shop.jar --main-class shop.Main -C /tmp/c . && rm -rf /tmp/c /tmp/j /src",
        "apt-get purge -qy --autoremove openjdk-21-jdk-headless unzip " + " ".join(_JARS),
    ),
    asks=tuple(f"http://127.0.0.1:10235/{path}" for path in ("orders", "metrics", "no")),
    sends=(("http://127.0.0.1:10235/orders", '{"name": "one"}'), ("http://127.0.0.1:10235/orders", "{no")),
    seconds=20,
)

MINA = Recipe(
    name="mina",
    packages=(*FULL, "openjdk-21-jre-headless", "tini"),
    env=SYSTEM | {"PORT": "10236"},
    folder="/opt/lines",
    entrypoint=("tini", "--", "/opt/lines/bin/lines"),
    files=HOSTS
    | {
        "opt/lines/bin/lines": """#!/bin/sh
# starts the server of lines
APP_HOME=$(cd "$(dirname "$0")/.." && pwd -P)
CLASSPATH="$APP_HOME/lib/*"

if [ -n "$JAVA_HOME" ]; then
  JAVACMD=$JAVA_HOME/bin/java
else
  JAVACMD=java
fi
case "$(uname)" in
  CYGWIN*) CLASSPATH=$(cygpath --path --windows "$CLASSPATH") ;;
esac
exec "$JAVACMD" $JAVA_OPTS -classpath "$CLASSPATH" lines.Main "$@"
""",
        "src/lines/Main.java": """package lines;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.apache.commons.lang3.StringUtils;
import org.apache.mina.core.service.IoHandlerAdapter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.codec.ProtocolCodecFilter;
import org.apache.mina.filter.codec.textline.TextLineCodecFactory;
import org.apache.mina.filter.logging.LoggingFilter;
import org.apache.mina.transport.socket.nio.NioSocketAcceptor;

public class Main extends IoHandlerAdapter {
    public static void main(String[] arguments) throws Exception {
        var acceptor = new NioSocketAcceptor();
        acceptor.getFilterChain().addLast("log", new LoggingFilter());
        acceptor.getFilterChain().addLast(
            "lines", new ProtocolCodecFilter(new TextLineCodecFactory(StandardCharsets.UTF_8)));
        acceptor.setHandler(new Main());
        acceptor.bind(new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv("PORT"))));
    }

    @Override
    public void messageReceived(IoSession session, Object message) {
        session.write(StringUtils.reverse(message.toString()));
    }
}
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends openjdk-21-jdk-headless libmina2-java liblogback-java "
        "libcommons-lang3-java libcommons-cli-java",
        "mkdir -p /tmp/c /opt/lines/lib && cd /usr/share/java && cp mina2-core.jar slf4j-api.jar logback-core.jar "
        "logback-classic.jar commons-lang3.jar commons-cli.jar /opt/lines/lib",
        "javac -cp '/opt/lines/lib/*' -d /tmp/c /src/lines/Main.java",
        "jar --create --file /opt/lines/lib/lines.jar -C /tmp/c . && rm -rf /tmp/c /src",
        "apt-get purge -qy --autoremove openjdk-21-jdk-headless libmina2-java liblogback-java libcommons-lang3-java "
        "libcommons-cli-java",
    ),
    sends=(("tcp://127.0.0.1:10236", "one\ntwo\n"),),
    seconds=15,
)

OTHER_APPLICATIONS = (SHAARLI, SLIM, GRAPHQL, HTTPCORE, MINA)
