"""The twenty-sixth set's web applications of Go, Java and PHP on slim bases."""

from benchmarks.in_use.recipe import SYSTEM, Recipe
from benchmarks.in_use.recipes.twelfth import HOSTS

_TOOLS = ("ca-certificates", "curl", "netbase", "tzdata")

ECHO = Recipe(
    name="echo",
    packages=(*_TOOLS, "tini", "jq", "openssl"),
    env=SYSTEM | {"PORT": "10441", "APP_ENV": "production", "TZ": "Europe/Berlin"},
    folder="/srv",
    entrypoint=("tini", "--", "/srv/docker-entrypoint.sh"),
    cmd=("serve",),
    files=HOSTS
    | {
        "srv/docker-entrypoint.sh": """#!/bin/sh
set -e
case "$1" in
  serve | migrate) exec /srv/bin/shop "$@" ;;
  keys) exec openssl genrsa -out "${2:-/tmp/key.pem}" 2048 ;;
esac
exec "$@"
""",
        "srv/public/index.html": "<h1>Shop</h1>\n",
        "srv/public/app.js": "console.log(1);\n",
        "srv/views/orders.html": "{{ range . }}<p>{{ .Name }}</p>{{ end }}\n",
        "srv/main.go": """package main

import (
	"context"
	"html/template"
	"io"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/labstack/echo"
	"github.com/labstack/echo/middleware"
)

type order struct {
	Name string `json:"name"`
}

type views struct{ all *template.Template }

func (v *views) Render(w io.Writer, name string, data interface{}, c echo.Context) error {
	return v.all.ExecuteTemplate(w, name, data)
}

func main() {
	if len(os.Args) < 2 || os.Args[1] != "serve" {
		os.Exit(2)
	}
	var orders []order
	e := echo.New()
	e.HideBanner = true
	e.Renderer = &views{template.Must(template.ParseGlob("views/*.html"))}
	e.Use(middleware.Logger(), middleware.Recover(), middleware.Gzip(), middleware.CORS())
	e.Static("/", "public")
	e.GET("/orders", func(c echo.Context) error { return c.JSON(http.StatusOK, orders) })
	e.GET("/page", func(c echo.Context) error { return c.Render(http.StatusOK, "orders.html", orders) })
	e.GET("/time", func(c echo.Context) error {
		zone, err := time.LoadLocation("America/New_York")
		if err != nil {
			return err
		}
		return c.String(http.StatusOK, time.Now().In(zone).String())
	})
	e.GET("/fail", func(c echo.Context) error { panic("on purpose") })
	e.POST("/orders", func(c echo.Context) error {
		var one order
		if err := c.Bind(&one); err != nil {
			return err
		}
		orders = append(orders, one)
		return c.JSON(http.StatusCreated, one)
	})
	go e.Start("127.0.0.1:" + os.Getenv("PORT"))
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	<-stop
	e.Shutdown(context.Background())
}
""",
    },
    prepare=(
        "apt-get install -qy --no-install-recommends golang-go golang-github-labstack-echo-dev",
        "cd /srv && CGO_ENABLED=0 GO111MODULE=off GOPATH=/usr/share/gocode go build -trimpath "
        "-o bin/shop main.go || exit 1",
        "rm -f /srv/main.go && rm -rf /root/.cache && "
        "apt-get purge -qy --autoremove golang-go golang-github-labstack-echo-dev",
    ),
    asks=tuple(f"http://127.0.0.1:10441/{path}" for path in ("", "orders", "page", "time", "app.js", "fail", "no")),
    sends=(("http://127.0.0.1:10441/orders", '{"name": "one"}'), ("http://127.0.0.1:10441/orders", "{no")),
    seconds=12,
)

_JARS = (
    *("jetty12-server", "jetty12-http", "jetty12-io", "jetty12-util", "jetty12-security", "jetty12-session"),
    *("jetty12-ee10-servlet", "jetty12-ee", "slf4j-api", "logback-classic", "logback-core", "jackson-databind"),
    *("jackson-core", "jackson-annotations", "guava", "failureaccess", "commons-csv", "h2", "jakarta.servlet-api"),
)
FAT = Recipe(
    name="jetty-fat",
    packages=(*_TOOLS, "openjdk-21-jre-headless", "tini"),
    env=SYSTEM | {"JAVA_TOOL_OPTIONS": "-XX:+UseSerialGC -Xmx256m", "PORT": "10442", "LANG": "C.UTF-8"},
    entrypoint=("/usr/bin/tini", "--", "/app/run.sh"),
    files=HOSTS
    | {
        "app/run.sh": '#!/bin/sh\nexec java $JAVA_OPTS -cp /app:/app/shop-all.jar shop.Main "$@"\n',
        "src/shop/Main.java": """package shop;

import java.sql.DriverManager;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

public class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);

    public static void main(String[] args) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1")) {
            connection.createStatement().execute("create table orders (name varchar(30))");
        }
        var server = new Server();
        var connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(System.getenv("PORT")));
        server.addConnector(connector);
        var context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new Orders()), "/orders/*");
        server.setHandler(context);
        server.setStopAtShutdown(true);
        server.start();
        LOG.info("ready");
        server.join();
    }
}
""",
        "src/shop/Orders.java": """package shop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;

public class Orders extends HttpServlet {
    private final ObjectMapper mapper = new ObjectMapper();

    @Override
    protected void doGet(HttpServletRequest ask, HttpServletResponse answer) throws IOException {
        try (var connection = DriverManager.getConnection("jdbc:h2:mem:shop")) {
            var rows = connection.createStatement().executeQuery("select count(*) from orders");
            rows.next();
            if ("/csv".equals(ask.getPathInfo())) {
                var all = org.apache.commons.csv.CSVFormat.DEFAULT.print(answer.getWriter());
                all.printRecord("orders", rows.getInt(1));
                return;
            }
            mapper.writeValue(answer.getOutputStream(), ImmutableMap.of("orders", rows.getInt(1)));
        } catch (SQLException error) {
            throw new IllegalStateException(error);
        }
    }

    @Override
    protected void doPost(HttpServletRequest ask, HttpServletResponse answer) throws IOException {
        var name = mapper.readTree(ask.getInputStream()).path("name").asText();
        try (var connection = DriverManager.getConnection("jdbc:h2:mem:shop")) {
            var insert = connection.prepareStatement("insert into orders values (?)");
            insert.setString(1, name);
            insert.execute();
        } catch (SQLException error) {
            throw new IllegalStateException(error);
        }
        answer.setStatus(201);
    }
}
""",
        "app/logback.xml": '<configuration><appender name="out" class="ch.qos.logback.core.ConsoleAppender"><encoder>'
        "<pattern>%d %msg%n</pattern></encoder></appender>"
        '<root level="info"><appender-ref ref="out"/></root></configuration>\n',
    },
    prepare=(
        "apt-get install -qy --no-install-recommends default-jdk-headless unzip libjetty12-java liblogback-java "
        "libjackson2-databind-java libguava-java libcommons-csv-java libh2-java libslf4j-java libservlet-api-java",
        "mkdir -p /tmp/c /tmp/lib && cd /usr/share/java && for j in " + " ".join(_JARS) + " servlet-api; do "
        "[ -e $j.jar ] && cp -L $j.jar /tmp/lib/ && unzip -qo $j.jar -d /tmp/c || true; done",
        "rm -f /tmp/c/module-info.class && cd /src && javac -cp '/tmp/lib/*' -d /tmp/c shop/*.java || exit 1",
        "rm -f /tmp/c/META-INF/*.SF /tmp/c/META-INF/*.RSA && jar cfe /app/shop-all.jar shop.Main -C /tmp/c . && "
        "rm -rf /src /tmp/c /tmp/lib",
        "apt-get purge -qy --autoremove default-jdk-headless unzip libjetty12-java liblogback-java "
        "libjackson2-databind-java libguava-java libcommons-csv-java libh2-java libslf4j-java libservlet-api-java",
    ),
    asks=tuple(f"http://127.0.0.1:10442/{path}" for path in ("orders", "orders/csv", "no")),
    sends=(("http://127.0.0.1:10442/orders", '{"name": "one"}'), ("http://127.0.0.1:10442/orders", "{no")),
    seconds=20,
)

POSTFIXADMIN = Recipe(
    name="postfixadmin",
    packages=(
        *("apache2", "libapache2-mod-php", "postfixadmin", "php-sqlite3", "php-mbstring", "sqlite3"),
        *("ca-certificates", "gosu", "dovecot-core"),
    ),
    env=SYSTEM | {"POSTFIXADMIN_DB_TYPE": "sqlite", "POSTFIXADMIN_DB_NAME": "/var/lib/postfixadmin/shop.sqlite3"},
    folder="/usr/share/postfixadmin",
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("apache2ctl", "-D", "FOREGROUND"),
    files=HOSTS
    | {
        "docker-entrypoint.sh": """#!/bin/bash
set -eo pipefail

: "${POSTFIXADMIN_DB_TYPE:=sqlite}"
mkdir -p "$(dirname "$POSTFIXADMIN_DB_NAME")" /usr/share/postfixadmin/templates_c
if [ "$POSTFIXADMIN_DB_TYPE" = sqlite ] && [ ! -f "$POSTFIXADMIN_DB_NAME" ]; then
  touch "$POSTFIXADMIN_DB_NAME"
  chown -R www-data "$(dirname "$POSTFIXADMIN_DB_NAME")"
fi
cat > /etc/postfixadmin/config.local.php <<PHP
<?php
\\$CONF['database_type'] = '${POSTFIXADMIN_DB_TYPE}';
\\$CONF['database_name'] = '${POSTFIXADMIN_DB_NAME}';
\\$CONF['configured'] = true;
\\$CONF['encrypt'] = 'md5crypt';
\\$CONF['setup_password'] = 'one';
PHP
if [[ "$1" == apache2ctl ]]; then
  (cd /usr/share/postfixadmin/public && gosu www-data php upgrade.php) || true
fi
exec "$@"
""",
        "etc/apache2/ports.conf": "Listen 127.0.0.1:10443\n",
    },
    prepare=(
        "printf 'ServerName localhost\\nAlias /mail /usr/share/postfixadmin/public\\n"
        "<Directory /usr/share/postfixadmin>"
        "\\nRequire all granted\\n</Directory>\\n' > /etc/apache2/conf-available/mail.conf && a2enconf -q mail",
    ),
    asks=tuple(
        f"http://127.0.0.1:10443/{path}"
        for path in ("", "mail/", "mail/login.php", "mail/setup.php", "mail/users/", "no")
    ),
    sends=(("http://127.0.0.1:10443/mail/login.php", "fUsername=a@shop.example&fPassword=b"),),
    hangup=True,
    seconds=20,
)

OTHER_APPS = (ECHO, FAT, POSTFIXADMIN)
