"""The twenty-sixth set's web applications on the base of the full images."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import (
    DOCKER_NODE,
    FULL,
    FULL_PYTHON,
    NODE,
    NPM_CI,
    PRODUCTION_NODE,
    PRODUCTION_PYTHON,
)
from benchmarks.in_use.recipes.twelfth import HOSTS
from benchmarks.in_use.recipes.twentysixth_node import TYPESCRIPT

_COMPILED = (
    *NODE,
    "hash -r",
    f"cd /app && {NPM_CI} && npm run build && npm prune -q --omit=dev && rm -rf src || exit 1",
)

NEST = Recipe(
    name="nest-mikro",
    packages=(*FULL, "dumb-init"),
    env=PRODUCTION_NODE | {"PORT": "10431", "DATABASE": "file:/tmp/shop.db"},
    entrypoint=("dumb-init", "--", "docker-entrypoint.sh"),
    cmd=("npm", "run", "start:prod"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": DOCKER_NODE,
        "app/package.json": """{
  "name": "orders", "version": "1.0.0", "private": true,
  "scripts": {"build": "tsc --noCheck", "prestart:prod": "node dist/migrate", "start:prod": "node dist/main"},
  "dependencies": {"@nestjs/common": "^11", "@nestjs/core": "^11", "@nestjs/platform-express": "^11",
    "@nestjs/config": "^4", "@nestjs/schedule": "^6", "@nestjs/event-emitter": "^3", "@nestjs/throttler": "^6",
    "@nestjs/swagger": "^11", "@nestjs/terminus": "^11", "@nestjs/microservices": "^11", "@mikro-orm/core": "^6",
    "@mikro-orm/libsql": "^6", "@mikro-orm/nestjs": "^6", "class-transformer": "^0.5", "class-validator": "^0.14",
    "nestjs-pino": "^4", "pino-http": "^10", "pino": "^9", "reflect-metadata": "^0.2", "rxjs": "^7", "kafkajs": "^2",
    "nodemailer": "^7", "helmet": "^8", "axios": "^1"},
  "devDependencies": {"@nestjs/cli": "^11", "@nestjs/testing": "^11", "typescript": "^5", "jest": "^29",
    "ts-jest": "^29", "eslint": "^9", "prettier": "^3", "@types/node": "^22", "@types/express": "^5"}
}
""",
        "app/tsconfig.json": TYPESCRIPT,
        "app/src/orders/order.entity.ts": """import { Entity, PrimaryKey, Property } from '@mikro-orm/core';

@Entity()
export class Order {
  @PrimaryKey({ type: 'number' })
  id!: number;

  @Property({ type: 'string' })
  name!: string;
}
""",
        "app/src/database.ts": """import { defineConfig } from '@mikro-orm/libsql';
import { Order } from './orders/order.entity';

export default defineConfig({
  dbName: process.env.DATABASE ?? ':memory:', entities: [Order], allowGlobalContext: true,
});
""",
        "app/src/migrate.ts": """import { MikroORM } from '@mikro-orm/libsql';
import config from './database';

(async () => {
  const orm = await MikroORM.init(config);
  await orm.schema.updateSchema();
  await orm.close();
})();
""",
        "app/src/main.ts": """import { NestFactory } from '@nestjs/core';
import { ValidationPipe } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Logger } from 'nestjs-pino';
import helmet from 'helmet';
import { AppModule } from './app.module';

async function bootstrap() {
  const app = await NestFactory.create(AppModule, { bufferLogs: true });
  app.useLogger(app.get(Logger));
  app.use(helmet());
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  app.enableShutdownHooks();
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().setTitle('Orders').build());
  SwaggerModule.setup('docs', app, document);
  if (process.env.KAFKA) {
    const { Transport } = await import('@nestjs/microservices');
    app.connectMicroservice({ transport: Transport.KAFKA, options: { client: { brokers: [process.env.KAFKA] } } });
    await app.startAllMicroservices();
  }
  await app.listen(Number(process.env.PORT), '127.0.0.1');
}
bootstrap();
""",
        "app/src/app.module.ts": """import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ConfigModule } from '@nestjs/config';
import { EventEmitterModule } from '@nestjs/event-emitter';
import { ScheduleModule } from '@nestjs/schedule';
import { TerminusModule } from '@nestjs/terminus';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { LoggerModule } from 'nestjs-pino';
import config from './database';
import { HealthController } from './health.controller';
import { OrdersModule } from './orders/orders.module';

@Module({
  imports: [ConfigModule.forRoot({ isGlobal: true }), LoggerModule.forRoot(), MikroOrmModule.forRoot(config),
    EventEmitterModule.forRoot(), ScheduleModule.forRoot(), TerminusModule,
    ThrottlerModule.forRoot([{ ttl: 1000, limit: 100 }]), OrdersModule],
  controllers: [HealthController],
  providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
})
export class AppModule {}
""",
        "app/src/health.controller.ts": """import { Controller, Get } from '@nestjs/common';
import { HealthCheck, HealthCheckService, MemoryHealthIndicator } from '@nestjs/terminus';

@Controller('health')
export class HealthController {
  constructor(private health: HealthCheckService, private memory: MemoryHealthIndicator) {}

  @Get()
  @HealthCheck()
  check() { return this.health.check([() => this.memory.checkHeap('heap', 1e9)]); }
}
""",
        "app/src/orders/orders.module.ts": """import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { Order } from './order.entity';
import { OrdersController } from './orders.controller';
import { OrdersService } from './orders.service';

@Module({
  imports: [MikroOrmModule.forFeature([Order])], controllers: [OrdersController], providers: [OrdersService],
})
export class OrdersModule {}
""",
        "app/src/orders/orders.controller.ts": """import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsString, MinLength } from 'class-validator';
import { OrdersService } from './orders.service';

class OrderDto {
  @ApiProperty()
  @IsString()
  @MinLength(1)
  name: string;
}

@Controller('orders')
export class OrdersController {
  constructor(private readonly orders: OrdersService) {}

  @Get()
  all() { return this.orders.all(); }

  @Post()
  add(@Body() order: OrderDto) { return this.orders.add(order.name); }
}
""",
        "app/src/orders/orders.service.ts": """import { EntityManager } from '@mikro-orm/core';
import { Injectable, Logger } from '@nestjs/common';
import { EventEmitter2, OnEvent } from '@nestjs/event-emitter';
import { Cron } from '@nestjs/schedule';
import { Order } from './order.entity';

@Injectable()
export class OrdersService {
  private readonly log = new Logger(OrdersService.name);

  constructor(private readonly em: EntityManager, private readonly events: EventEmitter2) {}

  all() { return this.em.fork().find(Order, {}, { limit: 5 }); }

  async add(name: string) {
    const em = this.em.fork();
    const order = em.create(Order, { name });
    await em.persistAndFlush(order);
    this.events.emit('order', order);
    return order;
  }

  @OnEvent('order')
  async mail(order: Order) {
    if (!process.env.SMTP) return this.log.log(order.name);
    const { createTransport } = await import('nodemailer');
    return createTransport(process.env.SMTP).sendMail({ to: 'a@shop.example', text: order.name });
  }

  @Cron('*/5 * * * * *')
  report() { this.log.log('report'); }
}
""",
    },
    prepare=_COMPILED,
    asks=tuple(f"http://127.0.0.1:10431/{path}" for path in ("health", "orders", "docs", "docs-json", "no")),
    sends=(("http://127.0.0.1:10431/orders", '{"name": "one"}'), ("http://127.0.0.1:10431/orders", "{}")),
    seconds=30,
)

_SHOP_APPS = (
    *("analytics.apps.Analytics", "checkout.apps.Checkout", "address.apps.Address", "shipping.apps.Shipping"),
    *("catalogue.apps.Catalogue", "catalogue.reviews.apps.CatalogueReviews", "communication.apps.Communication"),
    *("partner.apps.Partner", "basket.apps.Basket", "payment.apps.Payment", "offer.apps.Offer", "order.apps.Order"),
    *("customer.apps.Customer", "search.apps.Search", "voucher.apps.Voucher", "wishlists.apps.Wishlists"),
    *("dashboard.apps.Dashboard", "dashboard.reports.apps.ReportsDashboard", "dashboard.users.apps.UsersDashboard"),
    *("dashboard.orders.apps.OrdersDashboard", "dashboard.catalogue.apps.CatalogueDashboard"),
    *("dashboard.offers.apps.OffersDashboard", "dashboard.partners.apps.PartnersDashboard"),
    *("dashboard.pages.apps.PagesDashboard", "dashboard.ranges.apps.RangesDashboard"),
    *("dashboard.reviews.apps.ReviewsDashboard", "dashboard.vouchers.apps.VouchersDashboard"),
    *("dashboard.communications.apps.CommunicationsDashboard", "dashboard.shipping.apps.ShippingDashboard"),
)
OSCAR = Recipe(
    name="oscar",
    packages=(*FULL_PYTHON, "tini"),
    env=PRODUCTION_PYTHON | {"DJANGO_SETTINGS_MODULE": "frobshop.settings"},
    entrypoint=("tini", "--", "/bin/sh", "-c"),
    cmd=(
        "python manage.py migrate --noinput && python manage.py oscar_populate_countries --initial-only && "
        "exec waitress-serve --listen=127.0.0.1:10432 --threads=4 frobshop.wsgi:application",
    ),
    python=(
        *("django-oscar", "waitress", "sorl-thumbnail", "whitenoise", "psycopg2-binary", "pycountry", "whoosh"),
        *("django-oscar-api", "django-debug-toolbar", "celery", "redis", "pytest-django", "setuptools<81"),
    ),
    files=HOSTS
    | {
        "app/manage.py": "#!/usr/bin/env python\nimport sys\n\n"
        "from django.core.management import execute_from_command_line\n\n"
        "execute_from_command_line(sys.argv)\n",
        "app/frobshop/__init__.py": "",
        "app/frobshop/wsgi.py": "from django.core.wsgi import get_wsgi_application\n\n"
        "application = get_wsgi_application()\n",
        "app/frobshop/urls.py": """from django.apps import apps
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
""",
        "app/frobshop/settings.py": """from oscar.defaults import *

SECRET_KEY = "one"
ALLOWED_HOSTS = ["*"]
SITE_ID = 1
ROOT_URLCONF = "frobshop.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.flatpages",
    "oscar.config.Shop",
"""
        + "".join(f'    "oscar.apps.{name}Config",\n' for name in _SHOP_APPS)
        + """    "widget_tweaks",
    "haystack",
    "treebeard",
    "sorl.thumbnail",
    "django_tables2",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
]
AUTHENTICATION_BACKENDS = (
    "oscar.apps.customer.auth_backends.EmailBackend",
    "django.contrib.auth.backends.ModelBackend",
)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ]
        },
    }
]
DATABASES = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/tmp/oscar.sqlite3", "ATOMIC_REQUESTS": True}
}
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
STATIC_URL = "/static/"
MEDIA_ROOT = "/tmp/media"
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10432/{path}"
        for path in (
            "",
            "catalogue/",
            "basket/",
            "accounts/login/",
            "search/?q=one",
            "admin/login/",
            "dashboard/",
            "no",
        )
    ),
    sends=(("http://127.0.0.1:10432/basket/add/1/", "quantity=1"),),
    seconds=240,
)

PICCOLO = Recipe(
    name="piccolo",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"PICCOLO_CONF": "piccolo_conf"},
    cmd=("python", "main.py"),
    python=(
        *("piccolo[sqlite]", "piccolo-api", "piccolo-admin", "fastapi", "uvicorn[standard]", "jinja2", "httpx"),
        *("asyncpg", "hypercorn", "pytest", "ipython", "black"),
    ),
    files=HOSTS
    | {
        "app/piccolo_conf.py": """from piccolo.conf.apps import AppRegistry
from piccolo.engine.sqlite import SQLiteEngine

DB = SQLiteEngine(path="/tmp/piccolo.sqlite")
APP_REGISTRY = AppRegistry(
    apps=["home.piccolo_app", "piccolo_admin.piccolo_app", "piccolo.apps.user.piccolo_app",
          "piccolo_api.session_auth.piccolo_app"]
)
""",
        "app/home/__init__.py": "",
        "app/home/piccolo_app.py": """import os

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="home",
    migrations_folder_path=os.path.join(os.path.dirname(__file__), "piccolo_migrations"),
    table_classes=table_finder(modules=["home.tables"], exclude_imported=True),
    migration_dependencies=[],
    commands=[],
)
""",
        "app/home/piccolo_migrations/__init__.py": "",
        "app/home/tables.py": """from piccolo.columns import Boolean, Varchar
from piccolo.table import Table


class Order(Table):
    name = Varchar()
    paid = Boolean(default=False)
""",
        "app/app.py": """from contextlib import asynccontextmanager

from fastapi import FastAPI
from home.tables import Order
from piccolo.apps.user.tables import BaseUser
from piccolo_admin.endpoints import create_admin
from piccolo_api.crud.serializers import create_pydantic_model
from piccolo_api.session_auth.tables import SessionsBase
from starlette.routing import Mount

OrderIn = create_pydantic_model(table=Order, model_name="OrderIn")


@asynccontextmanager
async def lifespan(app):
    for table in (BaseUser, SessionsBase, Order):
        await table.create_table(if_not_exists=True)
    yield


app = FastAPI(routes=[Mount("/admin/", create_admin(tables=[Order]))], lifespan=lifespan)


@app.get("/orders")
async def orders():
    return await Order.select().limit(5)


@app.post("/orders", status_code=201)
async def create(order: OrderIn):
    one = Order(**order.model_dump())
    await one.save()
    return one.to_dict()
""",
        "app/main.py": """import os

if __name__ == "__main__":
    if os.environ.get("SERVER") == "hypercorn":
        import asyncio

        from hypercorn.asyncio import serve
        from hypercorn.config import Config

        from app import app

        asyncio.run(serve(app, Config()))
    else:
        import uvicorn

        uvicorn.run("app:app", host="127.0.0.1", port=10433)
""",
    },
    asks=tuple(
        f"http://127.0.0.1:10433/{path}"
        for path in ("orders", "docs", "openapi.json", "admin/", "admin/api/user/", "no")
    ),
    sends=(("http://127.0.0.1:10433/orders", '{"name": "one"}'), ("http://127.0.0.1:10433/orders", "{no")),
    seconds=22,
)

OCTOPRINT = Recipe(
    name="octoprint",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"TZ": "Europe/Berlin"},
    folder="/octoprint",
    entrypoint=("/usr/local/bin/run-server",),
    cmd=("serve",),
    python=("octoprint", "setuptools<81", "wheel"),
    files=HOSTS
    | {
        "usr/local/bin/run-server": """#!/bin/bash
set -e
mkdir -p /tmp/octoprint
cp -n /etc/octoprint.yaml /tmp/octoprint/config.yaml
if [ "$1" = serve ]; then
  exec octoprint --basedir /tmp/octoprint serve --iknowwhatimdoing --host 127.0.0.1 --port 10434
fi
exec octoprint --basedir /tmp/octoprint "$@"
""",
        "etc/octoprint.yaml": "server:\n  firstRun: false\n  onlineCheck: {enabled: false}\n"
        "plugins:\n  _disabled: [tracking, announcements]\n",
    },
    asks=tuple(f"http://127.0.0.1:10434/{path}" for path in ("", "api/version", "login/", "online.txt", "no")),
    seconds=70,
)

LARAVEL = Recipe(
    name="laravel",
    packages=(
        *(*FULL, "apache2", "libapache2-mod-php", "php-laravel-framework", "php-sqlite3", "php-mbstring", "php-xml"),
        *("php-intl", "php-gd", "php-curl", "php-league-csv", "phpunit"),
    ),
    env=SYSTEM | {"APACHE_RUN_USER": "www-data", "APACHE_RUN_GROUP": "www-data", "APP_ENV": "production"},
    entrypoint=("/usr/local/bin/docker-php-entrypoint",),
    cmd=("apache2ctl", "-D", "FOREGROUND"),
    files=HOSTS
    | {
        "usr/local/bin/docker-php-entrypoint": """#!/bin/sh
set -e

# first arg is `-f` or `--some-option`
if [ "${1#-}" != "$1" ]; then
	set -- apache2ctl "$@"
fi
mkdir -p /tmp/laravel/views
chown -R www-data /tmp/laravel
exec "$@"
""",
        "etc/apache2/ports.conf": "Listen 127.0.0.1:10435\n",
        "etc/apache2/sites-available/000-default.conf": """<VirtualHost *:10435>
  DocumentRoot /app/public
  <Directory /app/public>
    AllowOverride None
    Require all granted
    FallbackResource /index.php
  </Directory>
  ErrorLog /dev/stderr
</VirtualHost>
""",
        "app/public/robots.txt": "User-agent: *\n",
        "app/public/index.php": """<?php

require 'Illuminate/autoload.php';
require __DIR__ . '/../src/Orders.php';

use Illuminate\\Container\\Container;
use Illuminate\\Database\\Capsule\\Manager as Capsule;
use Illuminate\\Events\\Dispatcher;
use Illuminate\\Filesystem\\Filesystem;
use Illuminate\\Http\\JsonResponse;
use Illuminate\\Http\\Request;
use Illuminate\\Http\\Response;
use Illuminate\\Routing\\Router;
use Illuminate\\View\\Compilers\\BladeCompiler;
use Illuminate\\View\\Engines\\CompilerEngine;
use Illuminate\\View\\Engines\\EngineResolver;
use Illuminate\\View\\Factory;
use Illuminate\\View\\FileViewFinder;

$container = Container::getInstance();
$events = new Dispatcher($container);
$capsule = new Capsule($container);
$capsule->addConnection(['driver' => 'sqlite', 'database' => '/tmp/laravel/shop.sqlite3']);
touch('/tmp/laravel/shop.sqlite3');
$capsule->setAsGlobal();
$capsule->bootEloquent();
$resolver = new EngineResolver();
$files = new Filesystem();
$resolver->register('blade', fn () => new CompilerEngine(new BladeCompiler($files, '/tmp/laravel/views')));
$views = new Factory($resolver, new FileViewFinder($files, [__DIR__ . '/../views']), $events);
$router = new Router($events, $container);
$request = Request::capture();
$container->instance(Request::class, $request);
$container->singleton(Illuminate\\Routing\\Contracts\\CallableDispatcher::class, fn ($it) =>
    new Illuminate\\Routing\\CallableDispatcher($it));
$router->get('/', fn () => new Response($views->make('home', ['orders' => Orders::all()])->render()));
$router->get('/orders', fn () => new JsonResponse(Orders::all()));
$router->post('/orders', fn (Request $request) => new JsonResponse(Orders::add($request->input('name')), 201));
$router->get('/export', function () {
    require 'League/Csv/autoload.php';
    $csv = League\\Csv\\Writer::createFromString();
    $csv->insertOne(['one', 1]);
    return new Response($csv->toString());
});
try {
    $router->dispatch($request)->send();
} catch (Throwable $error) {
    (new Response(get_class($error) . ' ' . $error->getMessage(), 500))->send();
}
""",
        "app/src/Orders.php": """<?php

use Illuminate\\Database\\Capsule\\Manager as Capsule;

class Orders
{
    public static function all(): array
    {
        $schema = Capsule::schema();
        if (!$schema->hasTable('orders')) {
            $schema->create('orders', fn ($table) => $table->string('name'));
        }
        return Capsule::table('orders')->limit(5)->get()->all();
    }

    public static function add(string $name): array
    {
        Capsule::table('orders')->insert(['name' => $name]);
        return ['name' => $name];
    }
}
""",
        "app/views/home.blade.php": "<h1>Shop</h1>@foreach ($orders as $one)<p>{{ $one->name }}</p>@endforeach\n",
    },
    prepare=("printf 'ServerName localhost\\n' >> /etc/apache2/apache2.conf",),
    asks=tuple(f"http://127.0.0.1:10435/{path}" for path in ("", "orders", "export", "robots.txt", "no")),
    sends=(("http://127.0.0.1:10435/orders", "name=one"),),
    hangup=True,
    seconds=20,
)

RACK = Recipe(
    name="rack",
    packages=(
        *(*FULL, "ruby", "puma", "bundler", "ruby-rack", "ruby-rack-attack", "ruby-rack-cors", "ruby-rack-timeout"),
        *("ruby-rack-session", "ruby-sequel", "ruby-sqlite3", "ruby-slim", "ruby-tilt", "ruby-jbuilder", "ruby-mail"),
        *("ruby-dry-types", "ruby-oj", "ruby-pg", "ruby-redis", "ruby-rspec", "rake"),
    ),
    env=SYSTEM | {"RACK_ENV": "production", "WEB_CONCURRENCY": "0", "DATABASE_URL": "sqlite:///tmp/rack.sqlite3"},
    cmd=("puma", "-C", "config/puma.rb"),
    files=HOSTS
    | {
        "app/config/puma.rb": """workers Integer(ENV.fetch('WEB_CONCURRENCY', 2))
threads 1, 2
bind 'tcp://127.0.0.1:10436'
preload_app!
before_worker_boot { DB.disconnect } if ENV['WEB_CONCURRENCY'] != '0'
""",
        "app/config.ru": """require_relative 'config/environment'

use Rack::Timeout, service_timeout: 10
use Rack::Cors do
  allow { origins '*'; resource '*', headers: :any, methods: [:get, :post] }
end
use Rack::Attack
use Rack::Static, urls: ['/robots.txt'], root: 'public'
run Shop::Router.new
""",
        "app/config/environment.rb": """$LOAD_PATH.unshift File.expand_path('../lib', __dir__)
require 'logger'
require 'rack'
require 'rack/attack'
require 'rack/cors'
require 'rack/timeout/base'
require 'sequel'

DB = Sequel.connect(ENV.fetch('DATABASE_URL'))
DB.create_table?(:orders) { primary_key :id; String :name }
Dir[File.expand_path('../lib/shop/*.rb', __dir__)].sort.each { |file| require file }
Dir[File.expand_path('initializers/*.rb', __dir__)].each { |file| load file }
""",
        "app/config/initializers/attack.rb": "Rack::Attack.throttle('all', limit: 1000, period: 60, &:ip)\n"
        "Rack::Attack.cache.store = Shop::Store.new\n",
        "app/lib/shop/store.rb": """module Shop
  class Store
    def initialize = @all = Hash.new(0)
    def increment(key, amount = 1, **) = @all[key] += amount
    def read(key) = @all[key]
    def write(key, value, **) = @all[key] = value
    def delete(key) = @all.delete(key)
  end
end
""",
        "app/lib/shop/router.rb": """require 'json'
require 'tilt'
require 'slim'

module Shop
  class Router
    def call(env)
      request = Rack::Request.new(env)
      case [request.request_method, request.path_info]
      when ['GET', '/'] then html Tilt.new('views/home.slim').render(self, orders: DB[:orders].limit(5).all)
      when ['GET', '/orders'] then json DB[:orders].limit(5).all
      when ['POST', '/orders'] then add(request)
      when ['GET', '/mail'] then mail
      else [404, { 'content-type' => 'text/plain' }, ['none']]
      end
    end

    private

    def add(request)
      name = JSON.parse(request.body.read)['name'] or return [422, {}, []]
      DB[:orders].insert(name: name)
      json({ name: name })
    end

    def mail
      require 'mail'
      Mail.defaults { delivery_method :test }
      Mail.deliver { from 'a@shop.example'; to 'b@shop.example'; subject 'one'; body 'two' }
      json({ sent: Mail::TestMailer.deliveries.size })
    end

    def html(text) = [200, { 'content-type' => 'text/html' }, [text]]
    def json(value) = [200, { 'content-type' => 'application/json' }, [JSON.generate(value)]]
  end
end
""",
        "app/views/home.slim": "h1 Shop\n- orders.each do |one|\n  p = one[:name]\n",
        "app/public/robots.txt": "User-agent: *\n",
    },
    asks=tuple(f"http://127.0.0.1:10436/{path}" for path in ("", "orders", "mail", "robots.txt", "no")),
    sends=(("http://127.0.0.1:10436/orders", '{"name": "one"}'), ("http://127.0.0.1:10436/orders", "{}")),
    seconds=15,
)

FULL_APPS = (NEST, OSCAR, PICCOLO, OCTOPRINT, LARAVEL, RACK)
