"""Four images by the rule of the sixth set: every second of its eight kinds, traced before the analysis was asked.

The engineer who chose them had just changed the analysis, so they say less than a set of somebody else. Each holds an
application that people ship and no earlier set has, and tools that it never uses.
"""

from benchmarks.in_use.recipe import SYSTEM, VENV, Recipe

LITESTAR = Recipe(
    name="litestar",
    packages=("python3", "python3-venv", "curl", "tini", "git"),
    python=("litestar", "uvicorn", "jinja2", "httptools", "sqlalchemy", "black", "pytest"),
    env=VENV | {"LITESTAR_APP": "shop.app:app"},
    entrypoint=("tini", "--"),
    cmd=("litestar", "run", "--host", "127.0.0.1", "--port", "9241"),
    files={
        "app/shop/__init__.py": "",
        "app/shop/app.py": """
from litestar import Litestar, get

@get("/")
async def index() -> dict[str, int]:
    return {"orders": 1}

@get("/rows")
async def rows() -> list[int]:
    from sqlalchemy import create_engine, text
    with create_engine("sqlite://").connect() as connection:
        return list(connection.execute(text("select 1")).scalars())

app = Litestar([index, rows])
""",
    },
    asks=("http://127.0.0.1:9241/", "http://127.0.0.1:9241/rows", "http://127.0.0.1:9241/schema"),
    seconds=30,
)

DASH = Recipe(
    name="dash",
    packages=("python3", "python3-venv", "wget", "procps"),
    python=("dash", "gunicorn", "pandas", "numpy", "openpyxl", "ruff"),
    env=VENV | {"PORT": "9242"},
    cmd=("sh", "-c", "gunicorn --bind 127.0.0.1:$PORT app:server"),
    files={
        "app/app.py": """
import pandas as pd
from dash import Dash, dcc, html

frame = pd.DataFrame({"x": [1, 2], "y": [3, 4]})
app = Dash(__name__)
app.layout = html.Div([html.H1("Shop"), dcc.Graph(figure={"data": [{"x": list(frame.x), "y": list(frame.y)}]})])
server = app.server
""",
    },
    asks=("http://127.0.0.1:9242/", "http://127.0.0.1:9242/_dash-layout", "http://127.0.0.1:9242/_dash-dependencies"),
    seconds=45,
)

WEBPACK = Recipe(
    name="webpack",
    packages=("nodejs", "npm", "dumb-init", "curl"),
    npm=("express@4", "webpack", "webpack-cli", "pg", "pino", "helmet", "jest"),
    env=SYSTEM | {"NODE_ENV": "production"},
    entrypoint=("dumb-init", "--"),
    cmd=("npm", "start"),
    files={
        "app/webpack.config.js": """
module.exports = { mode: "production", target: "node", entry: "./src/main.js",
  externals: { express: "commonjs express", pino: "commonjs pino", pg: "commonjs pg" },
  output: { filename: "main.js" } };
""",
        "app/src/main.js": """
const express = require("express");
const helmet = require("helmet");
const pino = require("pino");
const app = express();
app.use(helmet());
app.get("/", (request, response) => response.json({ ok: true }));
app.get("/rows", (request, response) => { const { Pool } = require("pg"); response.json({ pool: typeof Pool }); });
app.listen(9243, "127.0.0.1", () => pino().info("started"));
""",
    },
    prepare=("cd /app && npm pkg set scripts.start='node dist/main.js' && npx webpack",),
    asks=("http://127.0.0.1:9243/", "http://127.0.0.1:9243/rows"),
    seconds=30,
)

JEKYLL = Recipe(
    name="jekyll",
    packages=("jekyll", "git", "vim-tiny"),
    env=SYSTEM | {"JEKYLL_ENV": "production", "LANG": "C.UTF-8"},
    folder="/srv/site",
    entrypoint=("/usr/local/bin/docker-entrypoint",),
    cmd=("serve", "--host", "127.0.0.1", "--port", "9244", "--no-watch", "--destination", "/tmp/site"),
    files={
        "usr/local/bin/docker-entrypoint": '#!/bin/sh\nset -e\nexec jekyll "$@"\n',
        "srv/site/_config.yml": "title: Shop\n",
        "srv/site/index.md": "---\ntitle: Shop\n---\n# Orders\n",
    },
    asks=("http://127.0.0.1:9244/", "http://127.0.0.1:9244/index.html"),
    seconds=30,
)

EIGHTH = (LITESTAR, DASH, WEBPACK, JEKYLL)
