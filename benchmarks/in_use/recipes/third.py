"""The images of the third evaluation: measured at first sight after the mending for the second, then looked at."""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

VITE = Recipe(
    name="vite",
    packages=("nodejs", "npm", "tini", "openssl", "python3"),
    npm=("vite", "vue", "@vitejs/plugin-vue", "axios", "pinia", "vitest"),
    env=SYSTEM | {"API": "https://api.example.org"},
    entrypoint=("/usr/bin/tini", "-g", "--", "/app/bin/entrypoint"),
    cmd=("preview",),
    files={
        "app/bin/entrypoint": """#!/bin/sh
set -eu
cd "$(dirname "$0")/.."
: "${PORT:=9131}"
if [ -n "${API:-}" ]; then
    for file in dist/*.html; do
        sed -i "s#__API__#$API#" "$file"
    done
fi
case "${1:-preview}" in
    preview) exec npx vite preview --host 127.0.0.1 --port "$PORT" ;;
    build) exec npx vite build ;;
    *) exec "$@" ;;
esac
""",
        "app/vite.config.mjs": "import {defineConfig} from 'vite';\nimport vue from '@vitejs/plugin-vue';\n"
        "export default defineConfig({plugins: [vue()]});\n",
        "app/dist/index.html": "<html><body>__API__</body></html>\n",
    },
    asks=("http://127.0.0.1:9131/",),
    seconds=20,
)

HYPERCORN = Recipe(
    name="hypercorn",
    packages=("python3", "python3-venv", "ca-certificates", "libpq5", "graphviz"),
    python=(
        "starlette",
        "hypercorn",
        "sqlalchemy[asyncio]",
        "aiosqlite",
        "jinja2",
        "itsdangerous",
        "python-multipart",
        "marshmallow",
        "pandas",
    ),
    env=SYSTEM | {"VIRTUAL_ENV": "/opt/venv", "DATABASE_URL": "sqlite+aiosqlite:////tmp/shop.sqlite3"},
    cmd=(
        "/bin/bash",
        "-lc",
        "source $VIRTUAL_ENV/bin/activate && exec python -m hypercorn shop.main:app -b 127.0.0.1:9132",
    ),
    files={
        "app/shop/__init__.py": "",
        "app/shop/db.py": """
import os
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"])

async def count():
    async with engine.connect() as connection:
        return (await connection.execute(text("select 1"))).scalar()
""",
        "app/shop/main.py": """
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from shop import db

templates = Jinja2Templates(directory="/app/templates")

async def index(request):
    return templates.TemplateResponse(request, "index.html")

async def count(request):
    request.session["seen"] = True
    return JSONResponse({"count": await db.count()})

app = Starlette(
    routes=[Route("/", index), Route("/count", count)],
    middleware=[Middleware(SessionMiddleware, secret_key="k")],
)
""",
        "app/templates/index.html": "<p>{{ request.url }}</p>\n",
    },
    asks=("http://127.0.0.1:9132/", "http://127.0.0.1:9132/count"),
    seconds=20,
)

DRAMATIQ = Recipe(
    name="dramatiq",
    packages=("python3", "python3-venv", "redis-server", "nano", "jq"),
    python=("dramatiq[redis]", "requests", "pillow", "pydantic-settings", "tenacity", "sqlalchemy"),
    env=VENV | {"BROKER": "redis://127.0.0.1:9133/0"},
    entrypoint=("/app/start.sh",),
    cmd=("worker",),
    files={
        "app/start.sh": """#!/bin/bash
set -eo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
start_broker
if [ "$1" = worker ]; then
    shift
    set -- dramatiq shop.tasks --processes 1 --threads 2 "$@"
fi
(sleep 4; python -c "from shop.tasks import thumbnail; thumbnail.send(3)") &
exec "$@"
""",
        "app/lib.sh": """
start_broker() {
    local port=9133
    redis-server --port "$port" --bind 127.0.0.1 --save "" >/tmp/redis.log &
    until redis-cli -p "$port" ping >/dev/null 2>&1; do sleep 0.2; done
}
""",
        "app/shop/__init__.py": "",
        "app/shop/settings.py": """
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    broker: str

settings = Settings()
""",
        "app/shop/tasks.py": """
import dramatiq
from dramatiq.brokers.redis import RedisBroker
from PIL import Image
from tenacity import retry, stop_after_attempt

from shop.settings import settings

dramatiq.set_broker(RedisBroker(url=settings.broker))

@dramatiq.actor
@retry(stop=stop_after_attempt(2))
def thumbnail(size):
    Image.new("RGB", (size, size)).resize((1, 1))
""",
    },
    seconds=25,
)

LIGHTTPD = Recipe(
    name="lighttpd",
    packages=("lighttpd", "lighttpd-mod-openssl", "php-cgi", "logrotate", "wget"),
    env=SYSTEM,
    folder="/",
    entrypoint=("/bin/sh", "/start"),
    cmd=("lighttpd", "-D", "-f", "/etc/lighttpd/lighttpd.conf"),
    files={
        "start": """
lighttpd-enable-mod fastcgi-php >/dev/null 2>&1 || true
mkdir -p /run/lighttpd && chown www-data /run/lighttpd
exec "$@"
""",
        "var/www/html/index.php": "<?php echo json_encode(['ok' => strlen(phpversion()) > 0]);\n",
    },
    prepare=("sed -i 's/server.port .*/server.port = 9134/' /etc/lighttpd/lighttpd.conf",),
    asks=("http://127.0.0.1:9134/index.php", "http://127.0.0.1:9134/nothing"),
)

THIRD = (VITE, HYPERCORN, DRAMATIQ, LIGHTTPD)
