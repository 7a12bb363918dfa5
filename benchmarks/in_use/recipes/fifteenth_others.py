"""The fifteenth set's applications of PHP and Java."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL
from benchmarks.in_use.recipes.twelfth import HOSTS

_NEWS = "http://127.0.0.1:9821"
_STOCK = "http://127.0.0.1:9822"

LUMEN = Recipe(
    name="lumen",
    packages=(
        *(
            "apache2",
            "libapache2-mod-php",
            "php-cli",
            "php-sqlite3",
            "php-mbstring",
            "php-xml",
            "php-curl",
            "php-redis",
        ),
        *("php-laravel-lumen-framework", "php-illuminate-redis", "php-monolog", "php-guzzlehttp-guzzle", "composer"),
        *("php-league-csv", "phpunit", "git", "unzip", "tini"),
    ),
    env=SYSTEM
    | {
        "APP_ENV": "production",
        "APP_KEY": "12345678901234567890123456789012",
        "LOG_CHANNEL": "stderr",
        "DB_CONNECTION": "sqlite",
        "DB_DATABASE": "/tmp/news.sqlite",
        "APACHE_RUN_DIR": "/var/run/apache2",
        "CACHE_DRIVER": "file",
        "QUEUE_CONNECTION": "database",
    },
    entrypoint=("tini", "--", "/usr/local/bin/start.sh"),
    files=HOSTS
    | {
        "usr/local/bin/start.sh": """#!/usr/bin/env bash
set -e
role=${CONTAINER_ROLE:-app}
cd /app
touch "$DB_DATABASE"
php artisan migrate --force
chown www-data "$DB_DATABASE" storage -R
if [ "$role" = "app" ]; then
    (while true; do php artisan schedule:run --no-interaction; sleep 10; done) &
    exec apache2ctl -D FOREGROUND
elif [ "$role" = "queue" ]; then
    exec php artisan queue:work --tries=3
else
    echo "Could not match the container role \\"$role\\"" >&2
    exit 1
fi
""",
        "etc/apache2/sites-enabled/000-default.conf": """ServerName news
<VirtualHost *:9821>
    DocumentRoot /app/public
    <Directory /app/public>
        AllowOverride All
        Require all granted
        FallbackResource /index.php
    </Directory>
    ErrorLog /dev/stderr
    CustomLog /dev/stdout combined
</VirtualHost>
""",
        "etc/apache2/ports.conf": "Listen 127.0.0.1:9821\n",
        "app/composer.json": '{"name": "news/news", "require": {"php": "^8.2", "laravel/lumen-framework": "^10.0"}, '
        '"autoload": {"psr-4": {"App\\\\": "app/"}}}\n',
        "app/artisan": """#!/usr/bin/env php
<?php
use Symfony\\Component\\Console\\Input\\ArgvInput;
use Symfony\\Component\\Console\\Output\\ConsoleOutput;

$app = require __DIR__.'/bootstrap/app.php';
$kernel = $app->make('Illuminate\\Contracts\\Console\\Kernel');
exit($kernel->handle(new ArgvInput, new ConsoleOutput));
""",
        "app/public/index.php": """<?php
$app = require __DIR__.'/../bootstrap/app.php';
$app->run();
""",
        "app/bootstrap/autoload.php": """<?php
require_once 'Laravel/Lumen/autoload.php';
require_once 'Monolog/autoload.php';
require_once 'GuzzleHttp/autoload.php';
spl_autoload_register(function ($class) {
    foreach (['App\\\\' => '/app/', 'Database\\\\' => '/database/'] as $prefix => $folder) {
        if (strncmp($class, $prefix, strlen($prefix)) === 0) {
            $file = dirname(__DIR__).$folder.strtr(substr($class, strlen($prefix)), '\\\\', '/').'.php';
            if (is_file($file)) {
                require $file;
            }
        }
    }
});
""",
        "app/bootstrap/app.php": """<?php
require_once __DIR__.'/autoload.php';

(new Laravel\\Lumen\\Bootstrap\\LoadEnvironmentVariables(dirname(__DIR__)))->bootstrap();
date_default_timezone_set(env('APP_TIMEZONE', 'UTC'));
$app = new Laravel\\Lumen\\Application(dirname(__DIR__));
$app->withFacades();
$app->withEloquent();
$app->singleton(Illuminate\\Contracts\\Debug\\ExceptionHandler::class, App\\Exceptions\\Handler::class);
$app->singleton(Illuminate\\Contracts\\Console\\Kernel::class, App\\Console\\Kernel::class);
$app->configure('app');
$app->register(App\\Providers\\AppServiceProvider::class);
$app->router->group(['namespace' => 'App\\Http\\Controllers'], function ($router) {
    require __DIR__.'/../routes/web.php';
});
return $app;
""",
        "app/config/app.php": "<?php\nreturn ['name' => 'news', 'env' => env('APP_ENV'), 'debug' => false, "
        "'key' => env('APP_KEY'), 'cipher' => 'AES-256-CBC', 'locale' => 'en', 'fallback_locale' => 'en'];\n",
        "app/config/database.php": """<?php
return [
    'default' => env('DB_CONNECTION', 'mysql'),
    'connections' => [
        'sqlite' => ['driver' => 'sqlite', 'database' => env('DB_DATABASE'), 'prefix' => ''],
        'mysql' => ['driver' => 'mysql', 'host' => env('DB_HOST'), 'database' => env('DB_DATABASE')],
    ],
    'migrations' => 'migrations',
    'redis' => ['client' => 'phpredis', 'default' => ['host' => env('REDIS_HOST', '127.0.0.1'), 'port' => 6379]],
];
""",
        "app/config/cache.php": "<?php\nreturn ['default' => env('CACHE_DRIVER', 'file'), 'prefix' => 'news', "
        "'stores' => ['file' => ['driver' => 'file', 'path' => storage_path('framework/cache/data')], "
        "'redis' => ['driver' => 'redis', 'connection' => 'default']]];\n",
        "app/config/queue.php": "<?php\nreturn ['default' => env('QUEUE_CONNECTION', 'sync'), 'connections' => ["
        "'sync' => ['driver' => 'sync'], 'database' => ['driver' => 'database', 'table' => 'jobs', 'queue' => "
        "'default']], 'failed' => ['driver' => 'null']];\n",
        "app/config/logging.php": """<?php
use Monolog\\Handler\\StreamHandler;

return ['default' => env('LOG_CHANNEL', 'stack'), 'channels' => [
    'stack' => ['driver' => 'stack', 'channels' => ['daily']],
    'daily' => ['driver' => 'daily', 'path' => storage_path('logs/lumen.log')],
    'stderr' => ['driver' => 'monolog', 'handler' => StreamHandler::class, 'with' => ['stream' => 'php://stderr']],
]];
""",
        "app/config/view.php": "<?php\nreturn ['paths' => [resource_path('views')], "
        "'compiled' => storage_path('framework/views')];\n",
        "app/routes/web.php": """<?php
$router->get('/', 'PostController@index');
$router->post('/posts', 'PostController@store');
$router->get('/page', 'PostController@page');
$router->get('/fetch', 'PostController@fetch');
$router->get('/broken', function () { throw new RuntimeException('broken'); });
""",
        "app/app/Exceptions/Handler.php": """<?php
namespace App\\Exceptions;

use Laravel\\Lumen\\Exceptions\\Handler as ExceptionHandler;

class Handler extends ExceptionHandler
{
    protected $dontReport = [\\Illuminate\\Validation\\ValidationException::class];
}
""",
        "app/app/Console/Kernel.php": """<?php
namespace App\\Console;

use Illuminate\\Console\\Scheduling\\Schedule;
use Laravel\\Lumen\\Console\\Kernel as ConsoleKernel;

class Kernel extends ConsoleKernel
{
    protected $commands = [Commands\\Export::class];

    protected function schedule(Schedule $schedule)
    {
        $schedule->command('posts:export')->everyMinute();
    }
}
""",
        "app/app/Console/Commands/Export.php": """<?php
namespace App\\Console\\Commands;

use App\\Models\\Post;
use Illuminate\\Console\\Command;
use League\\Csv\\Writer;

class Export extends Command
{
    protected $signature = 'posts:export';

    public function handle()
    {
        require_once 'League/Csv/autoload.php';
        $csv = Writer::createFromString();
        $csv->insertAll(Post::all()->map(fn ($one) => [$one->id, $one->title])->all());
        file_put_contents('/tmp/posts.csv', $csv->toString());
    }
}
""",
        "app/app/Providers/AppServiceProvider.php": """<?php
namespace App\\Providers;

use GuzzleHttp\\Client;
use Illuminate\\Support\\ServiceProvider;

class AppServiceProvider extends ServiceProvider
{
    public function register()
    {
        $this->app->singleton(Client::class, fn () => new Client(['timeout' => 1]));
    }
}
""",
        "app/app/Models/Post.php": """<?php
namespace App\\Models;

use Illuminate\\Database\\Eloquent\\Model;

class Post extends Model
{
    protected $fillable = ['title'];
    public $timestamps = false;
}
""",
        "app/app/Http/Controllers/PostController.php": """<?php
namespace App\\Http\\Controllers;

use App\\Models\\Post;
use GuzzleHttp\\Client;
use Illuminate\\Http\\Request;
use Illuminate\\Support\\Facades\\Cache;
use Illuminate\\Support\\Facades\\Log;
use Laravel\\Lumen\\Routing\\Controller;

class PostController extends Controller
{
    public function index()
    {
        return response()->json(Post::orderBy('id')->paginate(5));
    }

    public function store(Request $request)
    {
        $this->validate($request, ['title' => 'required|string|max:80']);
        Log::info('stored');
        return response()->json(Post::create($request->only('title')), 201);
    }

    public function page()
    {
        return view('page', ['count' => Cache::remember('count', 1, fn () => Post::count())]);
    }

    public function fetch(Client $client)
    {
        return ['status' => $client->get('http://127.0.0.1:9821/page')->getStatusCode()];
    }
}
""",
        "app/database/migrations/2026_01_01_000000_create_posts.php": """<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\Schema;

return new class extends Migration
{
    public function up()
    {
        Schema::create('posts', function (Blueprint $table) {
            $table->increments('id');
            $table->string('title');
        });
    }
};
""",
        "app/resources/views/page.blade.php": "@if ($count)\n<h1>{{ $count }} posts</h1>\n@else\n<p>none</p>\n@endif\n",
        "app/storage/logs/.gitignore": "*\n",
        "app/storage/framework/views/.gitignore": "*\n",
        "app/storage/framework/cache/data/.gitignore": "*\n",
    },
    prepare=("mkdir -p /var/run/apache2 && chown -R www-data /app/storage",),
    asks=tuple(f"{_NEWS}/{path}" for path in ("", "page", "fetch", "broken", "no")),
    sends=((f"{_NEWS}/posts", '{"title": "one"}'), (f"{_NEWS}/posts", '{"titl": 1}')),
    seconds=30,
)

GUICE = Recipe(
    name="guice",
    packages=(
        *(
            *FULL,
            "openjdk-21-jdk-headless",
            "maven",
            "libguice-java",
            "libhikaricp-java",
            "libh2-java",
            "libpicocli-java",
        ),
        *("libjackson2-core-java", "libjackson2-databind-java", "libjackson2-annotations-java", "liblogback-java"),
        *("libslf4j-java", "libguava-java", "libaopalliance-java", "libjsr305-java", "libcommons-lang3-java", "junit5"),
        *("libpostgresql-jdbc-java", "libxerial-sqlite-jdbc-java", "libhibernate-validator-java", "tini"),
    ),
    env=SYSTEM | {"JAVA_HOME": "/usr/lib/jvm/java-21-openjdk-amd64", "JAVA_OPTS": "-Xmx128m -Djava.awt.headless=true"},
    entrypoint=("tini", "--", "/app/bin/stock"),
    cmd=("serve", "--port", "9822"),
    files=HOSTS
    | {
        "app/bin/stock": """#!/bin/sh
APP_HOME=$( cd -P "$(dirname "$0")/.." > /dev/null && pwd -P ) || exit
CLASSPATH=$APP_HOME/lib/*
if [ -n "$JAVA_HOME" ] ; then
    JAVACMD=$JAVA_HOME/bin/java
    if [ ! -x "$JAVACMD" ] ; then
        echo "ERROR: JAVA_HOME is set to an invalid directory: $JAVA_HOME" >&2
        exit 1
    fi
else
    JAVACMD=java
fi
set -- $JAVA_OPTS -classpath "$CLASSPATH" stock.Main "$@"
exec "$JAVACMD" "$@"
""",
        "app/src/stock/Main.java": """package stock;

import com.google.inject.Guice;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "stock", mixinStandardHelpOptions = true)
public final class Main {
    @Command
    int serve(@Option(names = "--port", defaultValue = "8080") int port) throws Exception {
        Guice.createInjector(new StockModule()).getInstance(Server.class).start(port);
        return 0;
    }

    public static void main(String[] words) {
        int code = new CommandLine(new Main()).execute(words);
        if (code != 0) System.exit(code);
    }
}
""",
        "app/src/stock/StockModule.java": """package stock;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;

public final class StockModule extends AbstractModule {
    @Provides @Singleton
    DataSource source() {
        HikariConfig config = new HikariConfig();
        String url = System.getenv("DATABASE_URL");
        config.setJdbcUrl(url == null ? "jdbc:h2:mem:stock;DB_CLOSE_DELAY=-1" : url);
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    @Provides @Singleton
    ObjectMapper mapper() {
        return new ObjectMapper().findAndRegisterModules();
    }
}
""",
        "app/src/stock/Server.java": """package stock;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import javax.inject.Inject;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private final DataSource source;
    private final ObjectMapper mapper;

    @Inject
    Server(DataSource source, ObjectMapper mapper) {
        this.source = source;
        this.mapper = mapper;
    }

    void start(int port) throws Exception {
        try (Connection connection = source.getConnection()) {
            connection.createStatement().execute("create table stock (name varchar(80))");
        }
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", this::handle);
        server.start();
        LOG.info("listening on {}", port);
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] answer;
        int status = 200;
        try {
            Object found = exchange.getRequestMethod().equals("POST") ? add(exchange) : every();
            answer = mapper.writeValueAsBytes(ImmutableMap.of("stock", found));
        } catch (Exception error) {
            LOG.warn("refused", error);
            status = 400;
            answer = "{}".getBytes();
        }
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private Object add(HttpExchange exchange) throws Exception {
        String name = mapper.readTree(exchange.getRequestBody()).get("name").asText();
        try (Connection connection = source.getConnection();
                var statement = connection.prepareStatement("insert into stock values (?)")) {
            statement.setString(1, name);
            return statement.executeUpdate();
        }
    }

    private List<String> every() throws Exception {
        try (Connection connection = source.getConnection();
                var rows = connection.createStatement().executeQuery("select name from stock")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) names.add(rows.getString(1));
            return names;
        }
    }
}
""",
        "app/src/logback.xml": '<configuration><appender name="out" class="ch.qos.logback.core.ConsoleAppender">'
        '<encoder><pattern>%msg%n</pattern></encoder></appender><root level="info"><appender-ref ref="out"/></root>'
        "</configuration>\n",
    },
    prepare=(
        "mkdir -p /app/lib /tmp/classes && cd /usr/share/java && cp -L guice.jar HikariCP.jar h2.jar picocli.jar "
        "jackson-core.jar jackson-databind.jar jackson-annotations.jar logback-core.jar logback-classic.jar "
        "slf4j-api.jar guava.jar aopalliance.jar atinject-jsr330-api.jar jsr305.jar commons-lang3.jar "
        "postgresql.jar sqlite-jdbc.jar hibernate-validator.jar /app/lib/ && cd /app && "
        "javac -cp 'lib/*' -d /tmp/classes src/stock/*.java "
        "&& cp src/logback.xml /tmp/classes && jar cf lib/stock.jar -C /tmp/classes . "
        "&& rm -rf /tmp/classes",
    ),
    asks=(f"{_STOCK}/stock", f"{_STOCK}/no"),
    sends=((f"{_STOCK}/stock", '{"name": "one"}'), (f"{_STOCK}/stock", '{"nam": "one"}')),
    seconds=25,
)

OTHER_APPLICATIONS = (LUMEN, GUICE)
