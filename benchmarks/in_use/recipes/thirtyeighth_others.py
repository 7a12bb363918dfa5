"""The thirty-eighth set's services of Debian's packages in C, Go, PHP, Ruby and Java on slim bases."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.thirtyeighth_sources import written
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

COUNTERS = Recipe(
    name="counters",
    packages=(*_TOOLS, "webdis", "redis-server", "redis-tools", "curl", "gosu"),
    env=SYSTEM | {"REDIS_DATA": "/var/lib/redis"},
    entrypoint=("/usr/local/bin/entrypoint.sh",),
    cmd=("webdis", "/app/webdis.json"),
    files=HOSTS
    | {
        "usr/local/bin/entrypoint.sh": """#!/bin/sh
set -e
chown -R redis:redis "$REDIS_DATA"
gosu redis redis-server /app/redis.conf
for _ in 1 2 3 4 5; do
  redis-cli ping > /dev/null 2>&1 && break
  sleep 1
done
exec "$@"
""",
        "app/redis.conf": "bind 127.0.0.1\nport 6379\ndaemonize yes\ndir /var/lib/redis\nappendonly yes\nsave 60 1\n"
        "maxmemory 64mb\nmaxmemory-policy allkeys-lru\n",
        "app/webdis.json": """{
  "redis_host": "127.0.0.1", "redis_port": 6379, "http_host": "127.0.0.1", "http_port": 11310, "threads": 4,
  "pool_size": 5, "daemonize": false, "websockets": true, "database": 0, "verbosity": 4, "logfile": "/dev/stderr",
  "acl": [{"disabled": ["DEBUG", "FLUSHALL"]}, {"http_basic_auth": "admin:one", "enabled": ["DEBUG"]}]
}
""",
    },
    asks=tuple(
        f"http://127.0.0.1:11310/{path}"
        for path in (
            *("PING", "SET/visits/1", "INCR/visits", "GET/visits", "GET/visits.txt", "GET/visits.raw", "INFO", "DEBUG"),
            *("LPUSH/list/one/two", "LRANGE/list/0/5", "HSET/all/one/1", "HGETALL/all.json", "GET/none", "NO"),
            *("EXPIRE/visits/60", "EVAL/return%201/0", "KEYS/*"),
        )
    ),
    sends=(("http://127.0.0.1:11310/", "SET/posted/1"), ("http://127.0.0.1:11310/", "GET/posted")),
    seconds=15,
)

FEEDS = Recipe(
    name="feeds",
    packages=(*_TOOLS, "miniflux", "dbconfig-no-thanks", "postgresql", "gosu", "tini", "locales"),
    env=SYSTEM
    | {
        "DATABASE_URL": "postgres://miniflux:one@127.0.0.1/miniflux?sslmode=disable",
        "LISTEN_ADDR": "127.0.0.1:11311",
        "RUN_MIGRATIONS": "1",
        "CREATE_ADMIN": "1",
        "ADMIN_USERNAME": "admin",
        "ADMIN_PASSWORD": "one-two-three",
        "METRICS_COLLECTOR": "1",
        "POLLING_FREQUENCY": "1",
    },
    entrypoint=("tini", "--", "/usr/local/bin/entrypoint.sh"),
    cmd=("miniflux",),
    files=HOSTS
    | {
        "usr/local/bin/entrypoint.sh": """#!/bin/sh
set -e
mkdir -p /var/run/postgresql
chown postgres:postgres /var/run/postgresql
pg_ctlcluster 17 main start
until gosu postgres pg_isready -q; do sleep 1; done
if ! gosu postgres psql -tAc "select 1 from pg_roles where rolname = 'miniflux'" | grep -q 1; then
  gosu postgres psql -c "create role miniflux login superuser password 'one'"
  gosu postgres createdb -O miniflux miniflux
fi
exec "$@"
""",
    },
    asks=tuple(
        f"http://127.0.0.1:11311/{path}"
        for path in ("", "healthcheck", "metrics", "manifest.json", "version", "unread", "v1/me", "offline", "no")
    ),
    sends=(
        ("http://127.0.0.1:11311/login", "username=admin&password=one-two-three"),
        ("http://127.0.0.1:11311/v1/feeds", '{"feed_url": "http://127.0.0.1:11311/feed"}'),
    ),
    seconds=35,
)

PERMITS = Recipe(
    name="permits",
    packages=(
        *(
            *_TOOLS,
            "nginx-light",
            "php-fpm",
            "php-sqlite3",
            "php-mbstring",
            "php-intl",
            "php-xml",
            "php-apcu",
            "php-gd",
        ),
        *("php-illuminate-database", "php-illuminate-events", "php-symfony-routing", "php-symfony-http-foundation"),
        *("php-pimple", "php-nesbot-carbon", "php-predis", "libphp-phpmailer", "php-bacon-qr-code", "php-monolog"),
        *("php-league-flysystem", "php-vlucas-phpdotenv", "php-google-recaptcha", "php-symfony-cache", "php-curl"),
        *("php-symfony-http-client", "php-ramsey-uuid"),
    ),
    env=SYSTEM | {"APP_ENV": "production", "DATABASE": "/tmp/permits.db"},
    entrypoint=("/usr/local/bin/docker-entrypoint",),
    cmd=("nginx", "-g", "daemon off;"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint": """#!/bin/sh
set -e
mkdir -p /run/php
php-fpm8.4 --daemonize
exec "$@"
""",
        "etc/php/8.4/fpm/pool.d/www.conf": """[www]
user = www-data
group = www-data
listen = /run/php/app.sock
listen.owner = www-data
pm = static
pm.max_children = 2
clear_env = no
catch_workers_output = yes
php_admin_value[error_log] = /tmp/php.log
php_admin_flag[display_errors] = off
php_admin_value[error_reporting] = 8191
""",
        "etc/nginx/conf.d/permits.conf": """server {
  listen 127.0.0.1:11312;
  root /app/public;
  gzip on;
  location / { try_files $uri /index.php$is_args$args; }
  location = /index.php {
    include fastcgi_params;
    fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
    fastcgi_pass unix:/run/php/app.sock;
  }
}
""",
        "app/.env": "APP_NAME=Permits\nTIMEZONE=Europe/Berlin\n",
        "app/public/site.css": "body { margin: 0 }\n",
        "app/public/index.php": """<?php
declare(strict_types=1);

require __DIR__ . '/../bootstrap.php';

use App\\Kernel;
use Symfony\\Component\\HttpFoundation\\Request;

(new Kernel($container))->handle(Request::createFromGlobals())->send();
""",
        "app/bootstrap.php": """<?php
declare(strict_types=1);

require_once '/usr/share/php/Symfony/Component/HttpFoundation/autoload.php';
require_once '/usr/share/php/Symfony/Component/Routing/autoload.php';
require_once '/usr/share/php/Illuminate/Database/autoload.php';
require_once '/usr/share/php/Illuminate/Events/autoload.php';
require_once '/usr/share/php/Pimple/autoload.php';
require_once '/usr/share/php/Carbon/autoload.php';
require_once '/usr/share/php/Monolog/autoload.php';
require_once '/usr/share/php/Dotenv/autoload.php';

spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'App\\\\')) {
        require __DIR__ . '/src/' . str_replace('\\\\', '/', substr($class, 4)) . '.php';
    }
});
Dotenv\\Dotenv::createImmutable(__DIR__)->safeLoad();
date_default_timezone_set($_ENV['TIMEZONE'] ?? 'UTC');
$container = (new App\\Services())->container();
""",
        "app/src/Services.php": """<?php
declare(strict_types=1);

namespace App;

use Illuminate\\Database\\Capsule\\Manager;
use Monolog\\Handler\\StreamHandler;
use Monolog\\Logger;
use Pimple\\Container;

final class Services
{
    public function container(): Container
    {
        $container = new Container();
        $container['log'] = static fn () => new Logger('permits', [new StreamHandler('/tmp/permits.log')]);
        $container['database'] = static function () {
            $manager = new Manager();
            $file = getenv('DATABASE');
            if (!file_exists($file)) {
                touch($file);
            }
            $manager->addConnection(['driver' => 'sqlite', 'database' => $file]);
            $manager->setAsGlobal();
            $manager->bootEloquent();
            if (!$manager->schema()->hasTable('permits')) {
                $manager->schema()->create('permits', static function ($table) {
                    $table->increments('id');
                    $table->string('street');
                    $table->timestamps();
                });
            }
            return $manager;
        };
        $container['cache'] = static function () {
            if (!getenv('REDIS')) {
                return null;
            }
            require_once '/usr/share/php/Predis/autoload.php';
            return new \\Predis\\Client(getenv('REDIS'));
        };
        return $container;
    }
}
""",
        "app/src/Kernel.php": """<?php
declare(strict_types=1);

namespace App;

use App\\Controllers\\Pages;
use App\\Controllers\\Permits;
use Pimple\\Container;
use Symfony\\Component\\HttpFoundation\\JsonResponse;
use Symfony\\Component\\HttpFoundation\\Request;
use Symfony\\Component\\HttpFoundation\\Response;
use Symfony\\Component\\Routing\\Exception\\ResourceNotFoundException;
use Symfony\\Component\\Routing\\Matcher\\UrlMatcher;
use Symfony\\Component\\Routing\\RequestContext;
use Symfony\\Component\\Routing\\Route;
use Symfony\\Component\\Routing\\RouteCollection;

final class Kernel
{
    private const ROUTES = [
        'home' => ['GET', '/', Pages::class, 'home'],
        'health' => ['GET', '/health', Pages::class, 'health'],
        'fail' => ['GET', '/fail', Pages::class, 'fail'],
        'list' => ['GET', '/permits', Permits::class, 'list'],
        'add' => ['POST', '/permits', Permits::class, 'add'],
        'code' => ['GET', '/permits/{id}/code', Permits::class, 'code'],
        'export' => ['GET', '/permits/export', Permits::class, 'export'],
        'remind' => ['POST', '/permits/remind', Permits::class, 'remind'],
    ];

    public function __construct(private Container $container)
    {
    }

    public function handle(Request $request): Response
    {
        $routes = new RouteCollection();
        foreach (self::ROUTES as $name => [$method, $path, $class, $action]) {
            $routes->add($name, new Route($path, ['_class' => $class, '_action' => $action], methods: [$method]));
        }
        $context = (new RequestContext())->fromRequest($request);
        try {
            $found = (new UrlMatcher($routes, $context))->match($request->getPathInfo());
            $controller = new $found['_class']($this->container);
            return $controller->{$found['_action']}($request, $found);
        } catch (ResourceNotFoundException) {
            return new JsonResponse(['error' => 'not found'], 404);
        } catch (\\Throwable $error) {
            $this->container['log']->error($error->getMessage());
            return new JsonResponse(['error' => $error->getMessage()], 500);
        }
    }
}
""",
        "app/src/Models/Permit.php": """<?php
declare(strict_types=1);

namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Model;

final class Permit extends Model
{
    protected $table = 'permits';
    protected $fillable = ['street'];
}
""",
        "app/src/Controllers/Pages.php": """<?php
declare(strict_types=1);

namespace App\\Controllers;

use Carbon\\Carbon;
use Pimple\\Container;
use Symfony\\Component\\HttpFoundation\\JsonResponse;
use Symfony\\Component\\HttpFoundation\\Response;

final class Pages
{
    public function __construct(private Container $container)
    {
    }

    public function home(): Response
    {
        $price = (new \\NumberFormatter('de', \\NumberFormatter::CURRENCY))->formatCurrency(12.5, 'EUR');
        $when = Carbon::now()->locale('de')->addDays(2)->diffForHumans();
        return new Response("<h1>{$_ENV['APP_NAME']}</h1><p>$price $when</p>");
    }

    public function health(): Response
    {
        $this->container['log']->info('health');
        return new JsonResponse(['up' => true, 'cache' => $this->container['cache'] !== null]);
    }

    public function fail(): Response
    {
        throw new \\RuntimeException('on purpose');
    }
}
""",
        "app/src/Controllers/Permits.php": """<?php
declare(strict_types=1);

namespace App\\Controllers;

use App\\Models\\Permit;
use App\\Notifier;
use Pimple\\Container;
use Symfony\\Component\\HttpFoundation\\JsonResponse;
use Symfony\\Component\\HttpFoundation\\Request;
use Symfony\\Component\\HttpFoundation\\Response;

final class Permits
{
    public function __construct(private Container $container)
    {
        $container['database'];
    }

    public function list(): Response
    {
        return new JsonResponse(Permit::query()->orderByDesc('id')->limit(5)->get()->toArray());
    }

    public function add(Request $request): Response
    {
        $given = json_decode($request->getContent(), true) ?: [];
        if (trim($given['street'] ?? '') === '') {
            return new JsonResponse(['error' => 'street'], 422);
        }
        return new JsonResponse(Permit::create(['street' => mb_strtoupper($given['street'])])->toArray(), 201);
    }

    public function code(Request $request, array $found): Response
    {
        require_once '/usr/share/php/Bacon/BaconQrCode/autoload.php';
        $renderer = new \\BaconQrCode\\Renderer\\ImageRenderer(
            new \\BaconQrCode\\Renderer\\RendererStyle\\RendererStyle(100),
            new \\BaconQrCode\\Renderer\\Image\\SvgImageBackEnd(),
        );
        $svg = (new \\BaconQrCode\\Writer($renderer))->writeString('/permits/' . $found['id']);
        return new Response($svg, 200, ['Content-Type' => 'image/svg+xml']);
    }

    public function export(): Response
    {
        $document = new \\DOMDocument();
        $root = $document->appendChild($document->createElement('permits'));
        foreach (Permit::query()->limit(5)->get() as $permit) {
            $root->appendChild($document->createElement('permit', htmlspecialchars($permit->street)));
        }
        return new Response($document->saveXML(), 200, ['Content-Type' => 'application/xml']);
    }

    public function remind(): Response
    {
        return new JsonResponse(['sent' => (new Notifier())->send('a@shop.example.com', 'one')]);
    }
}
""",
        "app/src/Notifier.php": """<?php
declare(strict_types=1);

namespace App;

final class Notifier
{
    public function send(string $to, string $text): bool
    {
        require_once '/usr/share/php/libphp-phpmailer/autoload.php';
        $mail = new \\PHPMailer\\PHPMailer\\PHPMailer();
        $mail->isSMTP();
        $mail->Host = getenv('SMTP_HOST') ?: '127.0.0.1';
        $mail->Timeout = 1;
        $mail->setFrom('permits@shop.example.com');
        $mail->addAddress($to);
        $mail->Subject = 'Permit';
        $mail->Body = $text;
        return $mail->send();
    }
}
""",
    },
    prepare=("rm /etc/nginx/sites-enabled/default",),
    asks=tuple(
        f"http://127.0.0.1:11312/{path}"
        for path in ("", "health", "fail", "permits", "permits/1/code", "permits/export", "site.css", "no")
    ),
    sends=(
        ("http://127.0.0.1:11312/permits", '{"street": "One street"}'),
        ("http://127.0.0.1:11312/permits", "{}"),
        ("http://127.0.0.1:11312/permits/remind", "{}"),
    ),
    seconds=15,
)

KIOSK = Recipe(
    name="kiosk",
    packages=(
        *(
            *_TOOLS,
            "ruby",
            "bundler",
            "puma",
            "ruby-rack",
            "ruby-mustermann",
            "ruby-sequel",
            "ruby-sqlite3",
            "ruby-slim",
        ),
        *("ruby-tilt", "ruby-rack-attack", "ruby-rack-protection", "ruby-rack-cors", "ruby-jwt", "ruby-bcrypt"),
        *("ruby-prawn", "ruby-rqrcode", "ruby-oj", "ruby-mail", "ruby-redis", "ruby-faraday", "ruby-activesupport"),
        *("ruby-aws-sdk-s3", "ruby-kramdown", "ruby-dotenv", "ruby-pg", "ruby-nokogiri", "ruby-rotp", "libjemalloc2"),
    ),
    env=SYSTEM
    | {
        "RACK_ENV": "production",
        "PORT": "11314",
        "DATABASE_URL": "sqlite:///tmp/kiosk.db",
        "SECRET": "one-long-secret",
        "BUNDLE_WITHOUT": "development:test",
        "LANG": "C.UTF-8",
    },
    cmd=("bundle", "exec", "puma", "-C", "config/puma.rb"),
    files=HOSTS
    | {
        "app/Gemfile": """source "https://gems.shop.example.com"

gem "puma"
gem "rack"
gem "mustermann"
gem "sequel"
gem "sqlite3"
gem "slim"
gem "tilt"
gem "rack-attack"
gem "rack-protection"
gem "rack-cors"
gem "jwt"
gem "bcrypt"
gem "prawn"
gem "matrix"
gem "rqrcode"
gem "oj"
gem "mail"
gem "redis"
gem "faraday"
gem "activesupport"
gem "aws-sdk-s3"
gem "kramdown"
gem "nokogiri"
gem "rotp"
""",
        "app/config/puma.rb": """threads 2, 2
workers 0
bind "tcp://127.0.0.1:#{ENV.fetch('PORT')}"
environment ENV.fetch("RACK_ENV", "production")
""",
        "app/config.ru": """require_relative "lib/kiosk"

use Rack::CommonLogger
use Rack::Deflater
use Rack::Cors do
  allow { origins "*"; resource "/api/*", headers: :any, methods: %i[get post] }
end
use Rack::Attack
use Rack::Protection::FrameOptions
use Rack::Protection::XSSHeader
use Rack::Static, urls: ["/static"], root: "public"
run Kiosk::App.new
""",
        "app/public/static/kiosk.css": "body { margin: 0 }\n",
        "app/views/index.slim": "h1 Kiosk\n- papers.each do |paper|\n  p = paper[:title]\n== text\n",
        "app/lib/kiosk.rb": """require "bundler/setup"
require "rack"
require "rack/attack"
require "rack/cors"
require "rack/protection"
require "mustermann"
require "oj"

require_relative "kiosk/limits"
require_relative "kiosk/database"
require_relative "kiosk/tokens"
require_relative "kiosk/pages"
require_relative "kiosk/papers"
require_relative "kiosk/app"
""",
        "app/lib/kiosk/limits.rb": """require "active_support"
require "active_support/cache"

Rack::Attack.cache.store = ActiveSupport::Cache::MemoryStore.new
Rack::Attack.throttle("all", limit: 900, period: 60) { |request| request.ip }
""",
        "app/lib/kiosk/database.rb": """require "sequel"

module Kiosk
  DB = Sequel.connect(ENV.fetch("DATABASE_URL"))
  DB.create_table?(:papers) do
    primary_key :id
    String :title, null: false
  end

  class Paper < Sequel::Model(:papers)
    plugin :validation_helpers
    plugin :json_serializer

    def validate
      super
      validates_presence :title
    end
  end
end
""",
        "app/lib/kiosk/tokens.rb": """require "bcrypt"
require "jwt"

module Kiosk
  module Tokens
    SECRET = ENV.fetch("SECRET")
    KNOWN = BCrypt::Password.create("one-two-three", cost: 4)

    def self.issue(name, password)
      return unless KNOWN == password

      JWT.encode({ sub: name, exp: Time.now.to_i + 600 }, SECRET, "HS256")
    end

    def self.read(header)
      JWT.decode(header.to_s.split.last, SECRET, true, algorithm: "HS256").first
    rescue JWT::DecodeError
      nil
    end
  end
end
""",
        "app/lib/kiosk/pages.rb": """require "kramdown"
require "tilt"
require "slim"

module Kiosk
  module Pages
    INDEX = Tilt.new("views/index.slim")

    def self.index
      text = Kramdown::Document.new("Read *all* of it").to_html
      INDEX.render(nil, papers: Paper.limit(5).all, text: text)
    end

    def self.pdf
      require "prawn"
      Prawn::Document.new { text "Kiosk" }.render
    end

    def self.code(number)
      require "rqrcode"
      RQRCode::QRCode.new("/papers/#{number}").as_svg
    end
  end
end
""",
        "app/lib/kiosk/papers.rb": """module Kiosk
  module Papers
    def self.add(given)
      paper = Paper.new(title: given["title"])
      return [422, { error: paper.errors.full_messages }] unless paper.valid?

      paper.save
      remember(paper)
      remind(paper)
      [201, paper.values]
    end

    def self.remember(paper)
      return unless ENV["BUCKET"]

      require "aws-sdk-s3"
      Aws::S3::Client.new.put_object(bucket: ENV["BUCKET"], key: paper.id.to_s, body: paper.title)
    end

    def self.remind(paper)
      return unless ENV["SMTP_HOST"]

      require "mail"
      Mail.deliver { to "a@shop.example.com"; subject paper.title }
    end

    def self.imported(address)
      require "faraday"
      require "nokogiri"
      answer = Faraday.get(address)
      Nokogiri::HTML(answer.body).css("p").map(&:text)
    rescue Faraday::Error => e
      [e.message]
    end
  end
end
""",
        "app/lib/kiosk/app.rb": """module Kiosk
  class App
    ROUTES = {
      ["GET", "/"] => :index, ["GET", "/health"] => :health, ["GET", "/api/papers"] => :list,
      ["POST", "/api/papers"] => :add, ["GET", "/papers/:id/code"] => :code, ["GET", "/papers.pdf"] => :pdf,
      ["POST", "/login"] => :login, ["GET", "/me"] => :me, ["GET", "/import"] => :import, ["GET", "/fail"] => :fail
    }.to_h { |(method, path), action| [[method, Mustermann.new(path)], action] }

    def call(env)
      request = Rack::Request.new(env)
      ROUTES.each do |(method, pattern), action|
        found = pattern.params(request.path_info) if method == request.request_method
        return send(action, request, found) if found
      end
      json(404, error: "none")
    rescue StandardError => e
      json(500, error: e.message)
    end

    private

    def json(status, content)
      [status, { "content-type" => "application/json" }, [Oj.dump(content, mode: :compat)]]
    end

    def given(request) = Oj.load(request.body&.read.to_s) || {}
    def index(*) = [200, { "content-type" => "text/html" }, [Pages.index]]
    def health(*) = json(200, up: true)
    def list(*) = json(200, Paper.limit(5).map(&:values))
    def add(request, _) = json(*Papers.add(given(request)))
    def code(_, found) = [200, { "content-type" => "image/svg+xml" }, [Pages.code(found["id"])]]
    def pdf(*) = [200, { "content-type" => "application/pdf" }, [Pages.pdf]]
    def import(*) = json(200, Papers.imported("http://127.0.0.1:11315/"))
    def fail(*) = raise("on purpose")

    def login(request, _)
      token = Tokens.issue(*given(request).values_at("name", "password"))
      token ? json(200, token: token) : json(401, error: "wrong")
    end

    def me(request, _)
      user = Tokens.read(request.get_header("HTTP_AUTHORIZATION"))
      user ? json(200, user) : json(401, error: "none")
    end
  end
end
""",
    },
    prepare=("cd /app && bundle install --local --quiet",),
    asks=tuple(
        f"http://127.0.0.1:11314/{path}"
        for path in (
            *("", "health", "api/papers", "papers/1/code", "papers.pdf", "me", "import", "fail", "static/kiosk.css"),
            "no",
        )
    ),
    sends=(
        ("http://127.0.0.1:11314/api/papers", '{"title": "one"}'),
        ("http://127.0.0.1:11314/api/papers", "{}"),
        ("http://127.0.0.1:11314/login", '{"name": "a", "password": "one-two-three"}'),
        ("http://127.0.0.1:11314/login", '{"name": "a", "password": "no"}'),
    ),
    seconds=25,
)

_JARS = (
    *("tomcat11-embed-core", "tomcat11-embed-el", "tomcat11-annotations-api", "h2", "commons-dbcp2", "commons-pool2"),
    *("commons-logging", "geronimo-jta-1.2-spec", "gson", "logback-classic", "logback-core", "slf4j-api", "guava"),
    *("failureaccess", "velocity", "commons-collections3", "commons-lang", "jfreechart", "jcommon", "snakeyaml"),
    *("commons-compress", "commons-io", "commons-codec", "commons-lang3", "bcprov", "commons-net", "postgresql"),
)
_CLASS_PATH = "".join(f"file:///usr/share/java/{name}.jar \n " for name in _JARS).rstrip()
"""Lines of a manifest are short, and go on behind a space."""

_BADGES = {
    "MANIFEST.MF": f"Main-Class: badges.Main\nClass-Path: {_CLASS_PATH}\n",
    "logback.xml": """<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d %-5level %logger - %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="out"/></root>
</configuration>
""",
    "badges/Main.java": """package badges;

import jakarta.servlet.Servlet;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.Yaml;

public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    public static void main(String[] arguments) throws Exception {
        Map<String, Object> settings;
        try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            settings = new Yaml().load(reader);
        }
        Store store = new Store(System.getenv("DATABASE"), (int) settings.get("connections"));
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir("/tmp/tomcat");
        tomcat.setPort(Integer.parseInt(System.getenv().getOrDefault("PORT", "8080")));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        Context context = tomcat.addContext("", null);
        add(context, "health", new HealthServlet(), "/health");
        add(context, "badges", new BadgesServlet(store), "/badges");
        add(context, "pages", new PagesServlet(store, (String) settings.get("title")), "/pages");
        add(context, "exports", new ExportsServlet(store), "/exports/*");
        tomcat.start();
        LOG.info("ready");
        Runtime.getRuntime().addShutdownHook(new Thread(store::close));
        tomcat.getServer().await();
    }

    private static void add(Context context, String name, Servlet servlet, String path) {
        Tomcat.addServlet(context, name, servlet);
        context.addServletMappingDecoded(path, name);
    }
}
""",
    "badges/Store.java": """package badges;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.commons.dbcp2.BasicDataSource;

final class Store {
    private final BasicDataSource source = new BasicDataSource();
    private final Cache<String, List<String>> cache =
        CacheBuilder.newBuilder().expireAfterWrite(1, TimeUnit.SECONDS).maximumSize(10).build();

    Store(String address, int connections) throws SQLException {
        source.setUrl(address);
        source.setMaxTotal(connections);
        try (var connection = source.getConnection(); var statement = connection.createStatement()) {
            statement.execute("create table if not exists badges (id int auto_increment, name varchar(80))");
        }
    }

    List<String> last() {
        try {
            return cache.get("last", this::read);
        } catch (ExecutionException error) {
            throw new IllegalStateException(error);
        }
    }

    private List<String> read() throws SQLException {
        List<String> names = new ArrayList<>();
        try (var connection = source.getConnection(); var statement = connection.createStatement();
             var rows = statement.executeQuery("select name from badges order by id desc limit 5")) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    void add(String name) throws SQLException {
        try (var connection = source.getConnection();
             var statement = connection.prepareStatement("insert into badges (name) values (?)")) {
            statement.setString(1, name);
            statement.executeUpdate();
        }
    }

    void close() {
        try {
            source.close();
        } catch (SQLException error) {
            throw new IllegalStateException(error);
        }
    }
}
""",
    "badges/HealthServlet.java": """package badges;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

final class HealthServlet extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        response.getWriter().write("{\\"up\\": true}");
    }
}
""",
    "badges/BadgesServlet.java": """package badges;

import com.google.common.base.Strings;
import com.google.common.util.concurrent.RateLimiter;
import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

final class BadgesServlet extends HttpServlet {
    private final Gson gson = new Gson();
    private final RateLimiter limiter = RateLimiter.create(500);
    private final Store store;

    BadgesServlet(Store store) {
        this.store = store;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        gson.toJson(store.last(), response.getWriter());
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        limiter.acquire();
        try {
            JsonObject given = gson.fromJson(request.getReader(), JsonObject.class);
            String name = given.has("name") ? given.get("name").getAsString() : null;
            if (Strings.isNullOrEmpty(name)) {
                response.sendError(422);
                return;
            }
            store.add(name);
            response.setStatus(201);
            if (System.getenv("SIGNING_KEY") != null) {
                response.setHeader("X-Signature", signed(name, System.getenv("SIGNING_KEY")));
            }
        } catch (JsonParseException | SQLException error) {
            response.sendError(400, error.getMessage());
        }
    }

    private static String signed(String name, String key) {
        HMac mac = new HMac(new SHA256Digest());
        mac.init(new KeyParameter(key.getBytes(StandardCharsets.UTF_8)));
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        mac.update(text, 0, text.length);
        byte[] out = new byte[mac.getMacSize()];
        mac.doFinal(out, 0);
        return java.util.HexFormat.of().formatHex(out);
    }
}
""",
    "badges/PagesServlet.java": """package badges;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Properties;
import org.apache.velocity.Template;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

final class PagesServlet extends HttpServlet {
    private final VelocityEngine engine;
    private final Store store;
    private final String title;

    PagesServlet(Store store, String title) {
        Properties properties = new Properties();
        properties.setProperty("resource.loader", "class");
        properties.setProperty("class.resource.loader.class",
            "org.apache.velocity.runtime.resource.loader.ClasspathResourceLoader");
        properties.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
        this.engine = new VelocityEngine(properties);
        this.store = store;
        this.title = title;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Template template = engine.getTemplate("page.vm");
        VelocityContext context = new VelocityContext();
        context.put("title", title);
        context.put("names", store.last());
        response.setContentType("text/html");
        template.merge(context, response.getWriter());
    }
}
""",
    "badges/ExportsServlet.java": """package badges;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.ChartUtils;
import org.jfree.data.category.DefaultCategoryDataset;

final class ExportsServlet extends HttpServlet {
    private final Store store;

    ExportsServlet(Store store) {
        this.store = store;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if ("/zip".equals(request.getPathInfo())) {
            response.setContentType("application/zip");
            try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(response.getOutputStream())) {
                zip.putArchiveEntry(new ZipArchiveEntry("names.txt"));
                zip.write(String.join(", ", store.last()).getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
            return;
        }
        DefaultCategoryDataset values = new DefaultCategoryDataset();
        for (String name : store.last()) {
            values.addValue(name.length(), "length", name);
        }
        response.setContentType("image/png");
        ChartUtils.writeChartAsPNG(response.getOutputStream(),
            ChartFactory.createBarChart("Names", "name", "length", values), 200, 100);
    }
}
""",
    "page.vm": "<h1>$title</h1>#foreach($name in $names)<p>$name</p>#end\n",
}

BADGES = Recipe(
    name="badges",
    packages=(
        *(*_TOOLS, "openjdk-21-jre-headless", "libtomcat11-embed-java", "libtomcat11-java", "libh2-java"),
        *("libcommons-dbcp2-java", "libgoogle-gson-java", "liblogback-java", "libguava-java", "velocity"),
        *("libjfreechart-java", "libjcommon-java", "libyaml-snake-java", "libcommons-compress-java", "libbcprov-java"),
        *("libcommons-net-java", "libpostgresql-jdbc-java", "fonts-dejavu-core", "fontconfig", "libharfbuzz0b"),
    ),
    env=SYSTEM | {"PORT": "11316", "JAVA_TOOL_OPTIONS": "-XX:MaxRAMPercentage=50", "DATABASE": "jdbc:h2:/tmp/badges"},
    cmd=("java", "-Djava.awt.headless=true", "-jar", "/app/badges.jar", "/app/settings.yaml"),
    files=HOSTS | {"app/settings.yaml": "title: Badges\nconnections: 4\n"},
    prepare=(
        "apt-get install -qy --no-install-recommends openjdk-21-jdk-headless",
        *written(_BADGES, "/usr/src/badges"),
        "cd /usr/src/badges && mkdir -p /app /tmp/c && javac -cp '/usr/share/java/*' -d /tmp/c badges/*.java && "
        "cp logback.xml page.vm /tmp/c && jar -c -f /app/badges.jar -m MANIFEST.MF -C /tmp/c . || exit 1",
        "cd / && rm -rf /tmp/c /usr/src/badges && apt-get purge -qy --autoremove openjdk-21-jdk-headless",
    ),
    asks=tuple(
        f"http://127.0.0.1:11316/{path}" for path in ("health", "badges", "pages", "exports/zip", "exports/chart", "no")
    ),
    sends=(
        ("http://127.0.0.1:11316/badges", '{"name": "one two"}'),
        ("http://127.0.0.1:11316/badges", "{}"),
        ("http://127.0.0.1:11316/badges", "none"),
    ),
    seconds=35,
)

OTHERS = (COUNTERS, FEEDS, PERMITS, KIOSK, BADGES)
