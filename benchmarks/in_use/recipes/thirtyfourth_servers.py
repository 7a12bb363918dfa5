"""The thirty-fourth set's services of PHP, Java and Go on slim bases, from Debian's packages."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.thirtyfourth_node import without_sources
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "netbase", "tzdata")

QUOTES = Recipe(
    name="quotes",
    packages=(
        *("php-fpm", "php-sqlite3", "php-xml", "php-mbstring", "php-intl", "php-curl", "php-gd", "nginx-light"),
        *("php-di", "php-nikic-fast-route", "php-nyholm-psr7", "php-doctrine-orm", "php-symfony-cache"),
        *("php-ramsey-uuid", "php-brick-math", "php-league-commonmark", "php-bacon-qr-code", "php-league-flysystem"),
        *("php-vlucas-phpdotenv", "php-monolog", "php-predis", "php-phpseclib3", "php-guzzlehttp-guzzle"),
        *("php-league-uri", "php-masterminds-html5", *_TOOLS),
    ),
    env=SYSTEM | {"PHP_VERSION": "8.4", "DATABASE": "/tmp/quotes.sqlite", "APP_ENV": "prod"},
    entrypoint=("/usr/local/bin/docker-entrypoint.sh",),
    cmd=("nginx", "-g", "daemon off;"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/sh
set -e
mkdir -p /run/php
if [ "$1" = nginx ]; then
  php /app/bin/migrate.php
  chown -R www-data /tmp/quotes.sqlite
  "php-fpm${PHP_VERSION}" --daemonize
fi
exec "$@"
""",
        "etc/nginx/conf.d/quotes.conf": """server {
    listen 127.0.0.1:10831;
    root /app/public;
    location / { try_files $uri /index.php$is_args$args; }
    location = /index.php {
        include fastcgi_params;
        fastcgi_param SCRIPT_FILENAME $document_root/index.php;
        fastcgi_pass unix:/run/php/quotes.sock;
    }
}
""",
        "etc/php/8.4/fpm/pool.d/www.conf": """[www]
user = www-data
group = www-data
listen = /run/php/quotes.sock
listen.owner = www-data
pm = dynamic
pm.max_children = 4
pm.start_servers = 2
pm.min_spare_servers = 1
pm.max_spare_servers = 2
clear_env = no
catch_workers_output = yes
""",
        "app/.env": "GREETING=Hello\n",
        "app/autoload.php": """<?php
foreach (['PhpDi', 'FastRoute', 'Nyholm/Psr7', 'Doctrine/ORM', 'Symfony/Component/Cache', 'Ramsey/Uuid', 'Brick/Math',
          'Dotenv', 'Monolog'] as $library) {
    require_once "$library/autoload.php";
}
spl_autoload_register(function (string $class): void {
    $file = __DIR__ . '/src/' . strtr(substr($class, 7), '\\\\', '/') . '.php';
    if (str_starts_with($class, 'Quotes\\\\') && is_file($file)) {
        require $file;
    }
});
""",
        "app/bootstrap.php": """<?php
declare(strict_types=1);
require_once __DIR__ . '/autoload.php';

use Doctrine\\DBAL\\DriverManager;
use Doctrine\\ORM\\EntityManager;
use Doctrine\\ORM\\EntityManagerInterface;
use Doctrine\\ORM\\ORMSetup;
use Monolog\\Handler\\StreamHandler;
use Monolog\\Logger;
use Psr\\Log\\LoggerInterface;

Dotenv\\Dotenv::createImmutable(__DIR__)->safeLoad();
$builder = new DI\\ContainerBuilder();
$builder->addDefinitions([
    LoggerInterface::class => fn () => new Logger('quotes', [new StreamHandler('php://stderr')]),
    EntityManagerInterface::class => function () {
        $config = ORMSetup::createAttributeMetadataConfiguration([__DIR__ . '/src/Entity'], false, '/tmp/proxies');
        $connection = DriverManager::getConnection(['driver' => 'pdo_sqlite', 'path' => getenv('DATABASE')], $config);
        return new EntityManager($connection, $config);
    },
    Quotes\\Cache::class => fn () => getenv('REDIS_URL') ? new Quotes\\RedisCache() : new Quotes\\NoCache(),
]);
return $builder->build();
""",
        "app/bin/migrate.php": """<?php
$container = require __DIR__ . '/../bootstrap.php';
$manager = $container->get(Doctrine\\ORM\\EntityManagerInterface::class);
$tool = new Doctrine\\ORM\\Tools\\SchemaTool($manager);
$tool->updateSchema($manager->getMetadataFactory()->getAllMetadata());
""",
        "app/public/index.php": """<?php
declare(strict_types=1);

use FastRoute\\Dispatcher;
use FastRoute\\RouteCollector;
use Nyholm\\Psr7\\Response;
use Nyholm\\Psr7\\ServerRequest;
use Quotes\\Action;

$container = require __DIR__ . '/../bootstrap.php';
$dispatcher = FastRoute\\simpleDispatcher(function (RouteCollector $routes): void {
    $routes->get('/', Action\\Home::class);
    $routes->get('/quotes', Action\\ListQuotes::class);
    $routes->post('/quotes', Action\\AddQuote::class);
    $routes->get('/quotes/{id:[0-9a-f-]+}/code', Action\\Code::class);
    $routes->get('/archive', Action\\Archive::class);
    $routes->get('/fail', Action\\Fail::class);
});
$request = new ServerRequest($_SERVER['REQUEST_METHOD'], $_SERVER['REQUEST_URI'], getallheaders(),
    file_get_contents('php://input'));
$found = $dispatcher->dispatch($request->getMethod(), $request->getUri()->getPath());
try {
    $response = match ($found[0]) {
        Dispatcher::FOUND => $container->get($found[1])($request, $found[2]),
        Dispatcher::METHOD_NOT_ALLOWED => new Response(405),
        default => new Response(404, [], 'none'),
    };
} catch (Throwable $error) {
    $container->get(Psr\\Log\\LoggerInterface::class)->error($error->getMessage());
    $response = new Response(500, [], 'failed');
}
http_response_code($response->getStatusCode());
foreach ($response->getHeaders() as $name => $values) {
    header("$name: " . implode(', ', $values));
}
echo $response->getBody();
""",
        "app/src/Entity/Quote.php": """<?php
namespace Quotes\\Entity;

use Doctrine\\ORM\\Mapping as ORM;

#[ORM\\Entity]
#[ORM\\Table(name: 'quotes')]
class Quote
{
    public function __construct(
        #[ORM\\Id] #[ORM\\Column(length: 36)] public string $id,
        #[ORM\\Column] public string $name,
        #[ORM\\Column] public string $total,
    ) {
    }
}
""",
        "app/src/Cache.php": "<?php\nnamespace Quotes;\n\ninterface Cache\n{\n"
        "    public function forget(string $key): void;\n}\n",
        "app/src/NoCache.php": "<?php\nnamespace Quotes;\n\nclass NoCache implements Cache\n{\n"
        "    public function forget(string $key): void {}\n}\n",
        "app/src/RedisCache.php": """<?php
namespace Quotes;

require_once 'Predis/autoload.php';

class RedisCache implements Cache
{
    public function forget(string $key): void
    {
        (new \\Predis\\Client(getenv('REDIS_URL')))->del($key);
    }
}
""",
        "app/src/Action/Home.php": """<?php
namespace Quotes\\Action;

use Nyholm\\Psr7\\Response;

require_once 'League/CommonMark/autoload.php';

class Home
{
    public function __invoke($request, array $given): Response
    {
        $converter = new \\League\\CommonMark\\GithubFlavoredMarkdownConverter();
        $page = $converter->convert("# {$_ENV['GREETING']}\\n\\n~~old~~ new");
        return new Response(200, ['Content-Type' => 'text/html'], (string) $page);
    }
}
""",
        "app/src/Action/ListQuotes.php": """<?php
namespace Quotes\\Action;

use Doctrine\\ORM\\EntityManagerInterface;
use Nyholm\\Psr7\\Response;
use Quotes\\Entity\\Quote;

class ListQuotes
{
    public function __construct(private EntityManagerInterface $manager)
    {
    }

    public function __invoke($request, array $given): Response
    {
        $quotes = $this->manager->createQueryBuilder()->select('q')->from(Quote::class, 'q')->orderBy('q.name')
            ->setMaxResults(5)->getQuery()->getArrayResult();
        return new Response(200, ['Content-Type' => 'application/json'], json_encode($quotes));
    }
}
""",
        "app/src/Action/AddQuote.php": """<?php
namespace Quotes\\Action;

use Brick\\Math\\BigDecimal;
use Brick\\Math\\RoundingMode;
use Doctrine\\ORM\\EntityManagerInterface;
use Nyholm\\Psr7\\Response;
use Psr\\Log\\LoggerInterface;
use Quotes\\Cache;
use Quotes\\Entity\\Quote;
use Ramsey\\Uuid\\Uuid;

class AddQuote
{
    public function __construct(
        private EntityManagerInterface $manager, private LoggerInterface $log, private Cache $cache,
    ) {
    }

    public function __invoke($request, array $given): Response
    {
        $data = json_decode((string) $request->getBody(), true);
        if (!isset($data['name'], $data['amount'])) {
            return new Response(422, [], json_encode(['error' => 'name and amount']));
        }
        $total = BigDecimal::of($data['amount'])->multipliedBy('1.19')->toScale(2, RoundingMode::HALF_UP);
        $quote = new Quote(Uuid::uuid4()->toString(), $data['name'], (string) $total);
        $this->manager->persist($quote);
        $this->manager->flush();
        $this->cache->forget('quotes');
        $this->log->info('added', ['id' => $quote->id]);
        if (getenv('SFTP_HOST')) {
            require_once 'phpseclib3/autoload.php';
            (new \\phpseclib3\\Net\\SFTP(getenv('SFTP_HOST')))->put($quote->id, $quote->total);
        }
        if (getenv('WEBHOOK')) {
            require_once 'GuzzleHttp/autoload.php';
            (new \\GuzzleHttp\\Client())->post(getenv('WEBHOOK'), ['json' => ['id' => $quote->id]]);
        }
        return new Response(201, ['Content-Type' => 'application/json'], json_encode($quote));
    }
}
""",
        "app/src/Action/Code.php": """<?php
namespace Quotes\\Action;

use BaconQrCode\\Renderer\\Image\\SvgImageBackEnd;
use BaconQrCode\\Renderer\\ImageRenderer;
use BaconQrCode\\Renderer\\RendererStyle\\RendererStyle;
use BaconQrCode\\Writer;
use Nyholm\\Psr7\\Response;

require_once 'Bacon/BaconQrCode/autoload.php';

class Code
{
    public function __invoke($request, array $given): Response
    {
        $writer = new Writer(new ImageRenderer(new RendererStyle(200), new SvgImageBackEnd()));
        return new Response(200, ['Content-Type' => 'image/svg+xml'], $writer->writeString($given['id']));
    }
}
""",
        "app/src/Action/Archive.php": """<?php
namespace Quotes\\Action;

use League\\Flysystem\\Filesystem;
use League\\Flysystem\\Local\\LocalFilesystemAdapter;
use Nyholm\\Psr7\\Response;

require_once 'League/Flysystem/autoload.php';

class Archive
{
    public function __invoke($request, array $given): Response
    {
        $files = new Filesystem(new LocalFilesystemAdapter('/tmp/archive'));
        $files->write('one.txt', 'one');
        return new Response(200, [], json_encode(array_map(fn ($file) => $file->path(),
            $files->listContents('')->toArray())));
    }
}
""",
        "app/src/Action/Fail.php": "<?php\nnamespace Quotes\\Action;\n\nclass Fail\n{\n    public function __invoke()\n"
        "    {\n        throw new \\DomainException('on purpose');\n    }\n}\n",
    },
    prepare=("rm -f /etc/nginx/sites-enabled/default",),
    asks=tuple(
        f"http://127.0.0.1:10831/{path}"
        for path in ("", "quotes", "quotes/abc-1/code", "archive", ".env", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:10831/quotes", '{"name": "one", "amount": "12.5"}'),
        ("http://127.0.0.1:10831/quotes", "{}"),
    ),
    seconds=22,
)

COURIER = Recipe(
    name="courier",
    packages=(
        *("php-cli", "php-sqlite3", "php-xml", "php-mbstring", "php-intl", "php-zip", "php-amqp", "php-redis"),
        *("php-symfony-console", "php-symfony-messenger", "php-symfony-doctrine-messenger", "php-symfony-mailer"),
        *("php-symfony-event-dispatcher", "php-symfony-lock", "php-symfony-serializer", "php-symfony-dotenv"),
        *("php-symfony-http-client", "php-symfony-yaml", "php-doctrine-dbal", "php-pimple", "php-fpdf", "php-twig"),
        *(
            "php-nesbot-carbon",
            "php-monolog",
            "php-league-csv",
            "php-league-html-to-markdown",
            "php-symfony-amqp-messenger",
        ),
        *("tini", *_TOOLS),
    ),
    env=SYSTEM | {"DATABASE": "/tmp/courier.sqlite", "MAILER_DSN": "null://null", "LANG": "C.UTF-8"},
    entrypoint=("tini", "--", "/usr/local/bin/docker-entrypoint.sh"),
    cmd=("php", "bin/console", "messenger:consume", "async", "--time-limit=3600", "--memory-limit=128M", "-vv"),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/sh
set -e
cd /app
if [ "$3" = messenger:consume ]; then
  php bin/console app:setup --no-interaction
  (while :; do php bin/console app:plan; sleep 4; done) &
fi
exec "$@"
""",
        "app/bootstrap.php": """<?php
declare(strict_types=1);
require_once 'Symfony/Component/Console/autoload.php';
require_once 'Symfony/Component/Messenger/autoload.php';
require_once 'Symfony/Component/Messenger/Bridge/Doctrine/autoload.php';
require_once 'Symfony/Component/Mailer/autoload.php';
require_once 'Symfony/Component/EventDispatcher/autoload.php';
require_once 'Symfony/Component/Lock/autoload.php';
require_once 'Symfony/Component/Yaml/autoload.php';
require_once 'Doctrine/DBAL/autoload.php';
require_once 'Monolog/autoload.php';
require_once 'Pimple/autoload.php';
require_once 'Twig/autoload.php';
foreach (glob(__DIR__ . '/src/*.php') as $file) {
    require_once $file;
}
return require __DIR__ . '/services.php';
""",
        "app/config/routes.yaml": "async:\n  - Courier\\SendMail\n  - Courier\\MakeInvoice\n  - Courier\\ExportList\n",
        "app/services.php": """<?php
use Courier\\{ExportList, ExportListHandler, MakeInvoice, MakeInvoiceHandler, SendMail, SendMailHandler};
use Doctrine\\DBAL\\DriverManager;
use Monolog\\Handler\\StreamHandler;
use Monolog\\Logger;
use Pimple\\Container;
use Pimple\\Psr11\\ServiceLocator;
use Symfony\\Component\\EventDispatcher\\EventDispatcher;
use Symfony\\Component\\Mailer\\Mailer;
use Symfony\\Component\\Mailer\\Transport;
use Symfony\\Component\\Messenger\\Bridge\\Doctrine\\Transport\\Connection;
use Symfony\\Component\\Messenger\\Bridge\\Doctrine\\Transport\\DoctrineTransport;
use Symfony\\Component\\Messenger\\Handler\\HandlersLocator;
use Symfony\\Component\\Messenger\\MessageBus;
use Symfony\\Component\\Messenger\\Middleware\\HandleMessageMiddleware;
use Symfony\\Component\\Messenger\\Middleware\\SendMessageMiddleware;
use Symfony\\Component\\Messenger\\Transport\\Sender\\SendersLocator;
use Symfony\\Component\\Messenger\\Transport\\Serialization\\PhpSerializer;
use Symfony\\Component\\Yaml\\Yaml;

$c = new Container();
$c['log'] = fn () => new Logger('courier', [new StreamHandler('php://stderr')]);
$c['dispatcher'] = fn () => new EventDispatcher();
$c['database'] = fn () => DriverManager::getConnection(['driver' => 'pdo_sqlite', 'path' => getenv('DATABASE')]);
$c['mailer'] = fn () => new Mailer(Transport::fromDsn(getenv('MAILER_DSN')));
$c['twig'] = fn () => new Twig\\Environment(new Twig\\Loader\\FilesystemLoader(__DIR__ . '/templates'));
$c['async'] = function (Container $c) {
    if (getenv('AMQP_DSN')) {
        require_once 'Symfony/Component/Messenger/Bridge/Amqp/autoload.php';
        $factory = new Symfony\\Component\\Messenger\\Bridge\\Amqp\\Transport\\AmqpTransportFactory();
        return $factory->createTransport(getenv('AMQP_DSN'), [], new PhpSerializer());
    }
    $options = Connection::buildConfiguration('doctrine://default');
    return new DoctrineTransport(new Connection($options, $c['database']), new PhpSerializer());
};
$c['bus'] = function (Container $c) {
    $names = Yaml::parseFile(__DIR__ . '/config/routes.yaml')['async'];
    $senders = new SendersLocator(array_fill_keys($names, ['async']), new ServiceLocator($c, ['async']));
    $handlers = new HandlersLocator([
        SendMail::class => [new SendMailHandler($c['mailer'], $c['twig'])],
        MakeInvoice::class => [new MakeInvoiceHandler($c['log'])],
        ExportList::class => [new ExportListHandler($c['log'])],
    ]);
    return new MessageBus([new SendMessageMiddleware($senders), new HandleMessageMiddleware($handlers)]);
};
return $c;
""",
        "app/bin/console": """#!/usr/bin/env php
<?php
use Courier\\PlanCommand;
use Courier\\SetupCommand;
use Pimple\\Psr11\\ServiceLocator;
use Symfony\\Component\\Console\\Application;
use Symfony\\Component\\Messenger\\Command\\ConsumeMessagesCommand;
use Symfony\\Component\\Messenger\\RoutableMessageBus;

$c = require __DIR__ . '/../bootstrap.php';
$application = new Application('courier', '1.0');
$receivers = new ServiceLocator($c, ['async']);
$bus = new RoutableMessageBus(new ServiceLocator($c, ['bus']), $c['bus']);
$application->add(new ConsumeMessagesCommand($bus, $receivers, $c['dispatcher'], $c['log'], ['async']));
$application->add(new SetupCommand($c['async']));
$application->add(new PlanCommand($c['bus']));
$application->run();
""",
        "app/src/Commands.php": """<?php
namespace Courier;

use Symfony\\Component\\Console\\Attribute\\AsCommand;
use Symfony\\Component\\Console\\Command\\Command;
use Symfony\\Component\\Console\\Input\\InputInterface;
use Symfony\\Component\\Console\\Output\\OutputInterface;
use Symfony\\Component\\Lock\\LockFactory;
use Symfony\\Component\\Lock\\Store\\FlockStore;

#[AsCommand(name: 'app:setup')]
class SetupCommand extends Command
{
    public function __construct(private $transport)
    {
        parent::__construct();
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $this->transport->setup();
        return Command::SUCCESS;
    }
}

#[AsCommand(name: 'app:plan')]
class PlanCommand extends Command
{
    public function __construct(private $bus)
    {
        parent::__construct();
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $lock = (new LockFactory(new FlockStore('/tmp')))->createLock('plan');
        if (!$lock->acquire()) {
            return Command::FAILURE;
        }
        $this->bus->dispatch(new SendMail('a@shop.example'));
        $this->bus->dispatch(new MakeInvoice(1));
        $this->bus->dispatch(new ExportList('/tmp/list.csv'));
        $output->writeln('planned');
        return Command::SUCCESS;
    }
}
""",
        "app/src/Messages.php": """<?php
namespace Courier;

class SendMail
{
    public function __construct(public string $to)
    {
    }
}

class MakeInvoice
{
    public function __construct(public int $number)
    {
    }
}

class ExportList
{
    public function __construct(public string $file)
    {
    }
}
""",
        "app/src/SendMailHandler.php": """<?php
namespace Courier;

use Symfony\\Component\\Mime\\Email;

class SendMailHandler
{
    public function __construct(private $mailer, private $twig)
    {
    }

    public function __invoke(SendMail $message): void
    {
        $page = $this->twig->render('mail.twig', ['to' => $message->to]);
        $this->mailer->send((new Email())->from('b@shop.example')->to($message->to)->subject('New')->html($page));
        if (getenv('WEBHOOK')) {
            require_once 'Symfony/Component/HttpClient/autoload.php';
            \\Symfony\\Component\\HttpClient\\HttpClient::create()->request('POST', getenv('WEBHOOK'));
        }
    }
}
""",
        "app/src/MakeInvoiceHandler.php": """<?php
namespace Courier;

class MakeInvoiceHandler
{
    public function __construct(private $log)
    {
    }

    public function __invoke(MakeInvoice $message): void
    {
        require_once 'fpdf/fpdf.php';
        require_once 'Carbon/autoload.php';
        $pdf = new \\FPDF();
        $pdf->AddPage();
        $pdf->SetFont('Helvetica', 'B', 16);
        $pdf->Cell(40, 10, 'Invoice ' . \\Carbon\\Carbon::now()->locale('de')->isoFormat('LL'));
        $pdf->Output('F', "/tmp/{$message->number}.pdf");
        $this->log->info('invoiced', ['number' => $message->number]);
    }
}
""",
        "app/src/ExportListHandler.php": """<?php
namespace Courier;

class ExportListHandler
{
    public function __construct(private $log)
    {
    }

    public function __invoke(ExportList $message): void
    {
        require_once 'League/Csv/autoload.php';
        $writer = \\League\\Csv\\Writer::createFromPath($message->file, 'w+');
        $writer->insertAll([['name', 'sum'], ['a', 1]]);
        if (getenv('NOTES')) {
            require_once 'League/HTMLToMarkdown/autoload.php';
            (new \\League\\HTMLToMarkdown\\HtmlConverter())->convert(file_get_contents(getenv('NOTES')));
        }
        $this->log->info('exported');
    }
}
""",
        "app/templates/mail.twig": "<p>{{ to|upper }} has a parcel.</p>\n",
    },
    seconds=30,
)

_LIBRARIES = (
    *("tomcat11-embed-core", "freemarker", "quartz2", "c3p0", "slf4j-api", "slf4j-simple", "jakarta-mail"),
    *("jakarta-activation", "pdfbox", "fontbox", "commons-logging", "jose4j", "caffeine", "jsoup", "core", "HikariCP"),
    *("hsqldb", "typesafe-config", "jackson-databind", "jackson-core", "jackson-annotations", "commons-csv"),
    *("tomcat11-annotations-api", "commons-lang3", "postgresql"),
)
INVOICES = Recipe(
    name="invoices",
    packages=(
        *("openjdk-21-jre-headless", "libtomcat11-embed-java", "libfreemarker-java", "libquartz2-java"),
        *("libslf4j-java", "libjakarta-mail-java", "libpdfbox-java", "libjose4j-java", "libcaffeine-java"),
        *("libjsoup-java", "libzxing-core-java", "libhikaricp-java", "libhsqldb-java", "libtypesafe-config-java"),
        *("libjackson2-databind-java", "libcommons-csv-java", "libpostgresql-jdbc-java", "libbcprov-java"),
        *("libokhttp-java", "librabbitmq-client-java", "libtomcat11-java", "libcommons-lang3-java"),
        "libcommons-logging-java",
        *("fonts-dejavu-core", "dumb-init", *_TOOLS),
    ),
    env=SYSTEM | {"PORT": "10833", "LANG": "C.UTF-8", "JAVA_TOOL_OPTIONS": "-XX:MaxRAMPercentage=20"},
    entrypoint=("dumb-init", "--"),
    cmd=("java", "-Djava.awt.headless=true", "-jar", "/app/invoices.jar"),
    files=HOSTS
    | {
        "usr/src/invoices/application.conf": """http { host = "127.0.0.1", port = 8080, port = ${?PORT} }
database { url = "jdbc:hsqldb:mem:invoices", url = ${?DATABASE_URL} }
mail { host = "", host = ${?SMTP_HOST} }
broker = ""
broker = ${?AMQP_URL}
""",
        "usr/src/invoices/templates/invoice.ftl": "<h1>Invoice ${number}</h1>"
        "<#list lines as line><p>${line}</p></#list>\n",
        "usr/src/invoices/app/Main.java": """package app;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import jakarta.servlet.http.HttpServlet;
import java.io.File;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    public static void main(String[] args) throws Exception {
        Config config = ConfigFactory.load();
        Store store = new Store(config.getString("database.url"));
        Jobs.start(store, config);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
        tomcat.setHostname(config.getString("http.host"));
        tomcat.setPort(config.getInt("http.port"));
        tomcat.getConnector().setProperty("address", config.getString("http.host"));
        Context context = tomcat.addContext("", new File("/tmp").getAbsolutePath());
        add(context, "invoices", new Invoices(store), "/invoices/*");
        add(context, "tokens", new Tokens(), "/tokens");
        add(context, "health", new Health(), "/health");
        tomcat.start();
        LOG.info("ready");
        tomcat.getServer().await();
    }

    private static void add(Context context, String name, HttpServlet servlet, String mapping) {
        Tomcat.addServlet(context, name, servlet);
        context.addServletMappingDecoded(mapping, name);
    }
}
""",
        "usr/src/invoices/app/Health.java": """package app;

import jakarta.servlet.http.*;
import java.io.IOException;

public class Health extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest ask, HttpServletResponse answer) throws IOException {
        answer.getWriter().write("up");
    }
}
""",
        "usr/src/invoices/app/Store.java": """package app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.*;
import java.util.*;
import java.util.concurrent.TimeUnit;

public class Store {
    private final HikariDataSource source;
    private final Cache<Integer, String> cache =
        Caffeine.newBuilder().maximumSize(100).expireAfterWrite(1, TimeUnit.MINUTES).build();

    public Store(String url) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(3);
        source = new HikariDataSource(config);
        try (Connection connection = source.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute("create table if not exists invoices (id integer identity, name varchar(50))");
        }
    }

    public void add(String name) throws SQLException {
        try (Connection connection = source.getConnection();
             PreparedStatement insert = connection.prepareStatement("insert into invoices (name) values (?)")) {
            insert.setString(1, name);
            insert.execute();
        }
    }

    public List<String> names() throws SQLException {
        List<String> names = new ArrayList<>();
        try (Connection connection = source.getConnection(); Statement statement = connection.createStatement();
             ResultSet rows = statement.executeQuery("select name from invoices order by id desc limit 5")) {
            while (rows.next()) names.add(rows.getString(1));
        }
        return names;
    }

    public String name(int number) {
        return cache.get(number, key -> "Invoice " + key);
    }
}
""",
        "usr/src/invoices/app/Jobs.java": """package app;

import com.typesafe.config.Config;
import org.quartz.*;
import org.quartz.impl.StdSchedulerFactory;
import org.slf4j.LoggerFactory;

public class Jobs {
    public static void start(Store store, Config config) throws SchedulerException {
        Scheduler scheduler = StdSchedulerFactory.getDefaultScheduler();
        scheduler.getContext().put("store", store);
        scheduler.getContext().put("mail", config.getString("mail.host"));
        scheduler.getContext().put("broker", config.getString("broker"));
        scheduler.scheduleJob(JobBuilder.newJob(Remind.class).build(), TriggerBuilder.newTrigger()
            .withSchedule(CronScheduleBuilder.cronSchedule("0/4 * * * * ?")).build());
        scheduler.start();
    }

    public static class Remind implements Job {
        @Override
        public void execute(JobExecutionContext context) throws JobExecutionException {
            try {
                SchedulerContext given = context.getScheduler().getContext();
                int open = ((Store) given.get("store")).names().size();
                Mails.remind(open, (String) given.get("mail"));
                if (!given.get("broker").equals("")) Broker.publish((String) given.get("broker"), open);
                LoggerFactory.getLogger(Remind.class).info("reminded of {}", open);
            } catch (Exception error) {
                throw new JobExecutionException(error);
            }
        }
    }
}
""",
        "usr/src/invoices/app/Broker.java": """package app;

import com.rabbitmq.client.ConnectionFactory;

class Broker {
    static void publish(String address, int open) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(address);
        factory.newConnection().createChannel().basicPublish("", "open", null, new byte[] {(byte) open});
    }
}
""",
        "usr/src/invoices/app/Mails.java": """package app;

import jakarta.mail.*;
import jakarta.mail.internet.*;
import java.util.Properties;

class Mails {
    static void remind(int open, String host) throws MessagingException {
        Properties settings = new Properties();
        settings.put("mail.smtp.host", host);
        MimeMessage message = new MimeMessage(Session.getInstance(settings));
        message.setFrom(new InternetAddress("a@shop.example"));
        message.setRecipients(Message.RecipientType.TO, "b@shop.example");
        message.setSubject("Open");
        message.setText(open + " are open");
        if (!host.isEmpty()) Transport.send(message);
    }
}
""",
        "usr/src/invoices/app/Tokens.java": """package app;

import jakarta.servlet.http.*;
import java.io.IOException;
import org.jose4j.jws.*;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;

public class Tokens extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest ask, HttpServletResponse answer) throws IOException {
        try {
            JwtClaims claims = new JwtClaims();
            claims.setSubject("a");
            claims.setExpirationTimeMinutesInTheFuture(5);
            JsonWebSignature signature = new JsonWebSignature();
            signature.setPayload(claims.toJson());
            signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.HMAC_SHA256);
            signature.setKey(new HmacKey("one-secret-that-is-long-enough-for-it".getBytes()));
            answer.getWriter().write(signature.getCompactSerialization());
        } catch (Exception error) {
            throw new IOException(error);
        }
    }
}
""",
        "usr/src/invoices/app/Invoices.java": """package app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.zxing.BarcodeFormat;
import com.google.zxing.qrcode.QRCodeWriter;
import freemarker.template.Configuration;
import jakarta.servlet.http.*;
import java.io.*;
import java.util.*;
import org.apache.commons.csv.*;
import org.apache.pdfbox.pdmodel.*;
import org.apache.pdfbox.pdmodel.edit.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.jsoup.Jsoup;
import org.jsoup.safety.Safelist;

public class Invoices extends HttpServlet {
    private final ObjectMapper mapper = new ObjectMapper();
    private final Configuration templates = new Configuration(Configuration.VERSION_2_3_32);
    private final Store store;

    public Invoices(Store store) {
        this.store = store;
        templates.setClassForTemplateLoading(Invoices.class, "/templates");
    }

    @Override
    protected void doGet(HttpServletRequest ask, HttpServletResponse answer) throws IOException {
        String path = ask.getPathInfo() == null ? "/" : ask.getPathInfo();
        try {
            switch (path) {
                case "/" -> mapper.writeValue(answer.getOutputStream(), store.names());
                case "/page" -> templates.getTemplate("invoice.ftl")
                    .process(Map.of("number", 1, "lines", store.names()), answer.getWriter());
                case "/list.csv" -> csv(answer.getWriter());
                case "/code" -> answer.getWriter()
                    .write(new QRCodeWriter().encode(store.name(1), BarcodeFormat.QR_CODE, 20, 20).toString());
                case "/pdf" -> pdf(answer.getOutputStream());
                default -> answer.sendError(404);
            }
        } catch (IOException error) {
            throw error;
        } catch (Exception error) {
            throw new IOException(error);
        }
    }

    @Override
    protected void doPost(HttpServletRequest ask, HttpServletResponse answer) throws IOException {
        try {
            String name = mapper.readTree(ask.getInputStream()).path("name").asText();
            if (name.isEmpty()) {
                answer.sendError(422);
                return;
            }
            store.add(Jsoup.clean(name, Safelist.basic()));
            answer.setStatus(201);
        } catch (java.sql.SQLException error) {
            throw new IOException(error);
        }
    }

    private void csv(Writer out) throws Exception {
        try (CSVPrinter printer = new CSVPrinter(out, CSVFormat.DEFAULT)) {
            for (String name : store.names()) printer.printRecord(name);
        }
    }

    private void pdf(OutputStream out) throws Exception {
        PDDocument document = new PDDocument();
        PDPage page = new PDPage();
        document.addPage(page);
        try (PDPageContentStream content = new PDPageContentStream(document, page)) {
            content.beginText();
            content.setFont(PDType1Font.HELVETICA, 12);
            content.moveTextPositionByAmount(50, 700);
            content.drawString(store.name(1));
            content.endText();
        }
        document.save(out);
        document.close();
    }
}
""",
    },
    prepare=(
        "apt-get update -q && apt-get install -qy --no-install-recommends openjdk-21-jdk-headless",
        "cd /usr/src/invoices && mkdir -p /app /tmp/c && javac -cp '/usr/share/java/*' -d /tmp/c app/*.java && "
        "cp -a application.conf templates /tmp/c/ && printf 'Main-Class: app.Main\\nClass-Path:' > /tmp/m && "
        f"for j in {' '.join((*_LIBRARIES, 'rabbitmq-client'))}; do [ -e /usr/share/java/$j.jar ] || continue; "
        "printf ' file:///usr/share/java/%s.jar\\n ' $j >> /tmp/m; done && printf '\\n' >> /tmp/m && "
        "jar cfm /app/invoices.jar /tmp/m -C /tmp/c . && rm -rf /tmp/c /tmp/m /usr/src/invoices || exit 1",
        "apt-get purge -qy openjdk-21-jdk-headless",
    ),
    asks=tuple(
        f"http://127.0.0.1:10833/{path}"
        for path in (
            *("health", "tokens", "invoices/", "invoices/page", "invoices/list.csv", "invoices/code", "invoices/pdf"),
            *("invoices/no", "no"),
        )
    ),
    sends=(
        ("http://127.0.0.1:10833/invoices/", '{"name": "<b>one</b>"}'),
        ("http://127.0.0.1:10833/invoices/", "{}"),
    ),
    seconds=35,
)

SHORTENER = Recipe(
    name="shortener",
    packages=("gosu", "jq", "gettext-base", "openssl", "curl", "sqlite3", *_TOOLS),
    env=SYSTEM | {"PORT": "10834", "DATA": "/tmp/shortener", "GREETING": "Hello"},
    folder="/srv",
    entrypoint=("/usr/local/bin/docker-entrypoint.sh",),
    cmd=("shortener",),
    files=HOSTS
    | {
        "usr/local/bin/docker-entrypoint.sh": """#!/bin/sh
set -eu

if [ "${1#-}" != "$1" ]; then
  set -- shortener "$@"
fi
if [ "$1" = shortener ] && [ "$(id -u)" = 0 ]; then
  mkdir -p "$DATA"
  : "${SECRET:=$(openssl rand -hex 16)}"
  export SECRET
  envsubst '$GREETING $DATA' < /etc/shortener.json.tmpl > "$DATA/config.json"
  jq -e .greeting "$DATA/config.json" > /dev/null
  if [ -n "${RESTORE_FROM:-}" ]; then
    curl -fsS "$RESTORE_FROM" | sqlite3 "$DATA/old.db"
  fi
  chown -R nobody "$DATA"
  exec gosu nobody "$@" -config "$DATA/config.json"
fi
exec "$@"
""",
        "etc/shortener.json.tmpl": '{"greeting": "$GREETING", "database": "$DATA/links.db"}\n',
        "usr/src/shortener/main.go": """package main

import (
	"context"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/go-chi/chi"
	"github.com/go-chi/chi/middleware"
	"github.com/go-chi/cors"
	"github.com/google/uuid"
	"github.com/microcosm-cc/bluemonday"
	"github.com/skip2/go-qrcode"
	"github.com/yuin/goldmark"
	bolt "go.etcd.io/bbolt"
	"go.uber.org/zap"
)

type settings struct{ Greeting, Database string }

var links = []byte("links")

func main() {
	path := flag.String("config", "config.json", "settings")
	flag.Parse()
	log, _ := zap.NewProduction()
	content, err := os.ReadFile(*path)
	if err != nil {
		log.Fatal("config", zap.Error(err))
	}
	var given settings
	json.Unmarshal(content, &given)
	store, err := bolt.Open(given.Database, 0o600, &bolt.Options{Timeout: time.Second})
	if err != nil {
		log.Fatal("database", zap.Error(err))
	}
	store.Update(func(tx *bolt.Tx) error { _, err := tx.CreateBucketIfNotExists(links); return err })

	router := chi.NewRouter()
	router.Use(middleware.RequestID, middleware.RealIP, middleware.Recoverer, cors.AllowAll().Handler)
	router.Get("/health", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("up")) })
	router.Get("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		goldmark.Convert([]byte("# "+given.Greeting), w)
	})
	router.Post("/links", func(w http.ResponseWriter, r *http.Request) {
		var link struct{ Url string }
		if json.NewDecoder(r.Body).Decode(&link) != nil || link.Url == "" {
			http.Error(w, "url", http.StatusUnprocessableEntity)
			return
		}
		id := uuid.NewString()
		url := bluemonday.StrictPolicy().Sanitize(link.Url)
		store.Update(func(tx *bolt.Tx) error { return tx.Bucket(links).Put([]byte(id), []byte(url)) })
		log.Info("made", zap.String("id", id))
		w.WriteHeader(http.StatusCreated)
		json.NewEncoder(w).Encode(map[string]string{"id": id})
	})
	router.Get("/code/{text}", func(w http.ResponseWriter, r *http.Request) {
		picture, _ := qrcode.Encode(chi.URLParam(r, "text"), qrcode.Medium, 128)
		w.Write(picture)
	})
	router.Get("/time/{zone}", func(w http.ResponseWriter, r *http.Request) {
		zone, err := time.LoadLocation("Europe/" + chi.URLParam(r, "zone"))
		if err != nil {
			http.Error(w, "zone", http.StatusNotFound)
			return
		}
		w.Write([]byte(time.Now().In(zone).String()))
	})
	router.Get("/fail", func(w http.ResponseWriter, r *http.Request) { panic("on purpose") })
	server := &http.Server{Addr: "127.0.0.1:" + os.Getenv("PORT"), Handler: router}
	go server.ListenAndServe()
	log.Info("ready")
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	server.Shutdown(context.Background())
}
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends golang-go golang-github-go-chi-chi-dev "
        "golang-github-go-chi-cors-dev golang-github-google-uuid-dev golang-github-microcosm-cc-bluemonday-dev "
        "golang-github-skip2-go-qrcode-dev golang-github-yuin-goldmark-dev golang-github-coreos-bbolt-dev "
        "golang-go.uber-zap-dev",
        "cd /usr/src/shortener && CGO_ENABLED=0 GO111MODULE=off GOPATH=/usr/share/gocode "
        "go build -trimpath -o /usr/local/bin/shortener main.go",
        "rm -rf /root/.cache /usr/src/shortener && apt-get purge -qy --autoremove golang-go 'golang-g*'",
    ),
    asks=tuple(
        f"http://127.0.0.1:10834/{path}"
        for path in ("", "health", "code/one", "time/Berlin", "time/No", "links", "fail", "no")
    ),
    sends=(
        ("http://127.0.0.1:10834/links", '{"url": "http://shop.example"}'),
        ("http://127.0.0.1:10834/links", "{}"),
    ),
    seconds=15,
)

SERVERS = (QUOTES, COURIER, without_sources(INVOICES, "usr/src/"), without_sources(SHORTENER, "usr/src/"))
