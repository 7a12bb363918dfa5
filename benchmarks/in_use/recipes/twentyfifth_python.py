"""The twenty-fifth set's workers, batches and pages of data of Python."""

from benchmarks.in_use.recipe import Recipe
from benchmarks.in_use.recipes.fourteenth_bases import FULL_PYTHON, PRODUCTION_PYTHON, PYTHON
from benchmarks.in_use.recipes.twelfth import HOSTS

_SLIM = (*PYTHON, "ca-certificates", "curl", "procps", "tzdata")

SAQ = Recipe(
    name="saq",
    packages=(*_SLIM, "redis-server", "s6", "execline"),
    env=PRODUCTION_PYTHON | {"REDIS_URL": "redis://127.0.0.1:10301"},
    entrypoint=("s6-svscan", "/etc/s6"),
    python=("saq[redis,web]", "httpx", "pydantic-settings", "structlog", "boto3", "asyncpg", "jinja2", "orjson"),
    files=HOSTS
    | {
        "etc/s6/redis/run": "#!/usr/bin/execlineb -P\nredis-server --port 10301 --bind 127.0.0.1 --dir /tmp\n",
        "etc/s6/worker/run": "#!/bin/sh\ncd /app && exec saq shop.worker.settings --web --port 10302 2>&1\n",
        "etc/s6/publish/run": "#!/bin/sh\ncd /app && sleep 4 && exec python -m shop.publish\n",
        "app/shop/__init__.py": "",
        "app/shop/worker.py": """import structlog
from pydantic_settings import BaseSettings
from saq import CronJob, Queue

log = structlog.get_logger()


class Settings(BaseSettings):
    redis_url: str
    bucket: str = ""


config = Settings()
queue = Queue.from_url(config.redis_url)


async def mail(ctx, *, name: str):
    from jinja2 import Template

    log.info("mail", text=Template("Hello {{ name }}").render(name=name))


async def upload(ctx, *, name: str):
    if config.bucket:
        import boto3

        boto3.client("s3").put_object(Bucket=config.bucket, Key=name, Body=b"")
    return name


async def beat(ctx):
    log.info("beat")


settings = {
    "queue": queue,
    "functions": [mail, upload],
    "concurrency": 3,
    "cron_jobs": [CronJob(beat, cron="* * * * * */3")],
}
""",
        "app/shop/publish.py": """import asyncio

from shop.worker import queue


async def main():
    await queue.connect()
    for number in range(5):
        await queue.enqueue("mail", name=f"customer {number}")
        await queue.enqueue("upload", name=f"{number}.pdf")
        await asyncio.sleep(1)


asyncio.run(main())
""",
    },
    asks=("http://127.0.0.1:10302/", "http://127.0.0.1:10302/api/queues", "http://127.0.0.1:10302/health"),
    seconds=25,
)

FASTSTREAM = Recipe(
    name="faststream",
    packages=(*_SLIM, "redis-server", "dumb-init"),
    env=PRODUCTION_PYTHON | {"BROKER": "redis://127.0.0.1:10303"},
    entrypoint=("dumb-init", "--", "/app/start.sh"),
    cmd=("faststream", "run", "shop.app:app", "--workers", "1"),
    python=(
        "faststream[redis,cli]",
        "httpx",
        "sqlalchemy[asyncio]",
        "aiosqlite",
        "prometheus-client",
        "msgspec",
        "pandas",
    ),
    files=HOSTS
    | {
        "app/start.sh": """#!/bin/bash
set -euo pipefail
redis-server --port 10303 --bind 127.0.0.1 --save "" --daemonize yes
python -m shop.migrate
(sleep 5; for n in 1 2 3; do faststream publish shop.app:app "{\\"name\\": \\"o$n\\"}" --channel orders; done) &
exec "$@"
""",
        "app/shop/__init__.py": "",
        "app/shop/store.py": """from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine("sqlite+aiosqlite:////tmp/shop.sqlite3")
metadata = MetaData()
orders = Table("orders", metadata, Column("id", Integer, primary_key=True), Column("name", String(40)))
""",
        "app/shop/migrate.py": """import asyncio

from shop.store import engine, metadata


async def main():
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)


asyncio.run(main())
""",
        "app/shop/app.py": """import os

from faststream import FastStream
from faststream.redis import RedisBroker
from pydantic import BaseModel

from shop.store import engine, orders

broker = RedisBroker(os.environ["BROKER"])
app = FastStream(broker)


class Order(BaseModel):
    name: str


@broker.subscriber("orders")
@broker.publisher("stored")
async def store(order: Order) -> str:
    async with engine.begin() as connection:
        await connection.execute(orders.insert().values(name=order.name))
    return order.name


@broker.subscriber("stored")
async def notify(name: str):
    if os.environ.get("HOOK"):
        import httpx

        await httpx.AsyncClient().post(os.environ["HOOK"], json={"name": name})
    print("stored", name)
""",
    },
    sends=(("tcp://127.0.0.1:10303", 'PING\r\nPUBLISH orders {"name":"one"}\r\nPUBLISH orders no\r\n'),),
    seconds=25,
)

DASK = Recipe(
    name="dask",
    packages=(*_SLIM, "supervisor"),
    env=PRODUCTION_PYTHON,
    cmd=("/usr/bin/supervisord", "-n", "-c", "/etc/supervisord.conf"),
    python=("dask[dataframe,distributed]", "bokeh", "s3fs", "fastparquet", "scikit-learn", "xarray"),
    files=HOSTS
    | {
        "etc/supervisord.conf": """[supervisord]
user=root
logfile=/dev/null
logfile_maxbytes=0
[program:scheduler]
command=/opt/venv/bin/dask scheduler --host 127.0.0.1 --port 10304 --dashboard-address 127.0.0.1:10305
[program:worker]
command=/opt/venv/bin/dask worker tcp://127.0.0.1:10304 --nthreads 1 --nworkers 1 --no-nanny --no-dashboard
directory=/tmp
[program:job]
command=/bin/sh -c "sleep 6 && exec /opt/venv/bin/python /app/job.py"
directory=/app
autorestart=unexpected
""",
        "app/job.py": """import dask.dataframe as dd
import pandas as pd
from distributed import Client

client = Client("tcp://127.0.0.1:10304")
frame = dd.from_pandas(pd.DataFrame({"shop": ["a", "b"] * 50, "n": range(100)}), npartitions=4)
print(frame.groupby("shop").n.mean().compute())
frame.to_parquet("/tmp/orders.parquet")
print(len(dd.read_parquet("/tmp/orders.parquet")))
""",
    },
    asks=tuple(f"http://127.0.0.1:10305/{path}" for path in ("status", "health", "metrics", "info/main/workers.html")),
    seconds=40,
)

DLT = Recipe(
    name="dlt",
    packages=(*_SLIM, "tini"),
    env=PRODUCTION_PYTHON | {"RUNTIME__DLTHUB_TELEMETRY": "false", "DLT_DATA_DIR": "/tmp/dlt"},
    entrypoint=("tini", "--"),
    cmd=("python", "pipeline.py"),
    python=("dlt[duckdb,filesystem]", "pyarrow", "pandas", "sqlalchemy", "psycopg2-binary", "openpyxl"),
    files=HOSTS
    | {
        "app/.dlt/config.toml": '[runtime]\nlog_level = "WARNING"\n'
        '[destination.filesystem]\nbucket_url = "/tmp/lake"\n',
        "app/pipeline.py": """import dlt
from sources.orders import orders, customers


def main():
    pipeline = dlt.pipeline("shop", destination=dlt.destinations.duckdb("/tmp/shop.duckdb"), dataset_name="raw")
    print(pipeline.run([orders(), customers()]))
    lake = dlt.pipeline("lake", destination="filesystem", dataset_name="raw")
    print(lake.run(orders(), loader_file_format="parquet"))
    with pipeline.sql_client() as client:
        print(client.execute_sql("select count(*) from orders"))


if __name__ == "__main__":
    main()
""",
        "app/sources/__init__.py": "",
        "app/sources/orders.py": """import dlt


@dlt.resource(primary_key="id", write_disposition="merge")
def orders():
    for number in range(20):
        yield {"id": number, "lines": [{"item": "a", "n": number}]}


@dlt.resource
def customers():
    import pandas

    yield pandas.DataFrame({"id": [1, 2], "name": ["one", "two"]})
""",
    },
    seconds=40,
)

ONNX = Recipe(
    name="onnx",
    packages=(*_SLIM, "tini"),
    env=PRODUCTION_PYTHON,
    entrypoint=("tini", "--", "uvicorn"),
    cmd=("serve:app", "--host", "127.0.0.1", "--port", "10306"),
    python=("onnxruntime", "numpy", "litestar", "uvicorn", "onnx", "skl2onnx", "scikit-learn", "pillow", "boto3"),
    files=HOSTS
    | {
        "app/train.py": """from skl2onnx import to_onnx
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression

x, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=200).fit(x, y)
open("/app/model.onnx", "wb").write(to_onnx(model, x[:1].astype("float32")).SerializeToString())
""",
        "app/serve.py": """from pathlib import Path

import numpy
import onnxruntime
from litestar import Litestar, get, post

session = onnxruntime.InferenceSession(Path(__file__).with_name("model.onnx"), providers=["CPUExecutionProvider"])


@get("/")
async def shape() -> dict[str, str]:
    return {one.name: str(one.shape) for one in session.get_inputs()}


@post("/predict")
async def predict(data: dict[str, list[float]]) -> dict[str, int]:
    row = numpy.array([data["row"]], dtype="float32")
    return {"label": int(session.run(None, {session.get_inputs()[0].name: row})[0][0])}


app = Litestar([shape, predict])
""",
    },
    prepare=("cd /app && /opt/venv/bin/python train.py",),
    asks=("http://127.0.0.1:10306/", "http://127.0.0.1:10306/schema", "http://127.0.0.1:10306/no"),
    sends=(
        ("http://127.0.0.1:10306/predict", '{"row": [5.1, 3.5, 1.4, 0.2]}'),
        ("http://127.0.0.1:10306/predict", "{no"),
    ),
    seconds=25,
)

INVOKE = Recipe(
    name="invoke",
    packages=(*_SLIM, "git", "rsync", "gnupg"),
    env=PRODUCTION_PYTHON | {"NIGHT": "2026-11-29"},
    entrypoint=("invoke",),
    cmd=("--echo", "nightly", "--day", "2026-11-29"),
    python=("invoke", "fabric", "rich", "python-dateutil", "pyyaml", "requests", "xlsxwriter", "humanize"),
    files=HOSTS
    | {
        "app/invoke.yaml": "run:\n  echo: true\nreports:\n  folder: /tmp/reports\n",
        "app/tasks/__init__.py": """from invoke import Collection

from tasks import deploy, reports

namespace = Collection(reports.nightly, reports.clean)
namespace.add_collection(deploy)
namespace.configure({"reports": {"folder": "/tmp/old"}})
""",
        "app/tasks/deploy.py": """from invoke import task


@task
def push(c, host):
    from fabric import Connection

    Connection(host).put("/tmp/reports/orders.xlsx")
""",
        "app/tasks/reports.py": """from pathlib import Path

from dateutil import parser
from invoke import task
from rich.console import Console


@task
def clean(c):
    c.run(f"rm -rf {c.reports.folder}")


@task(pre=[clean])
def nightly(c, day):
    import xlsxwriter

    folder = Path(c.reports.folder)
    folder.mkdir(parents=True)
    with xlsxwriter.Workbook(folder / "orders.xlsx") as book:
        book.add_worksheet().write(0, 0, str(parser.parse(day)))
    c.run(f"sha256sum {folder}/*.xlsx | tee {folder}/sums")
    c.run("git --version", hide=True)
    Console().print("done")
""",
    },
    seconds=12,
)

KEDRO = Recipe(
    name="kedro",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"KEDRO_DISABLE_TELEMETRY": "1"},
    entrypoint=("kedro",),
    cmd=("run", "--pipeline", "features", "--params", "limit=3"),
    python=("kedro", "kedro-datasets[pandas-csvdataset,pandas-parquetdataset]", "pandas", "pyarrow", "scikit-learn"),
    files=HOSTS
    | {
        "app/pyproject.toml": """[project]
name = "shop"
version = "1.0"
[tool.kedro]
package_name = "shop"
project_name = "shop"
kedro_init_version = "1.0.0"
source_dir = "src"
""",
        "app/conf/base/catalog.yml": """orders:
  type: pandas.CSVDataset
  filepath: data/orders.csv
features:
  type: pandas.ParquetDataset
  filepath: /tmp/features.parquet
model:
  type: pickle.PickleDataset
  filepath: /tmp/model.pickle
""",
        "app/conf/base/parameters.yml": "limit: 2\n",
        "app/conf/local/credentials.yml": "{}\n",
        "app/data/orders.csv": "id,n\n1,2\n2,4\n3,8\n",
        "app/src/shop/__init__.py": "",
        "app/src/shop/settings.py": "CONFIG_LOADER_ARGS = {'base_env': 'base', 'default_run_env': 'local'}\n",
        "app/src/shop/pipeline_registry.py": """from kedro.framework.project import find_pipelines


def register_pipelines():
    pipelines = find_pipelines()
    pipelines["__default__"] = sum(pipelines.values())
    return pipelines
""",
        "app/src/shop/pipelines/__init__.py": "",
        "app/src/shop/pipelines/features/__init__.py": "from .pipeline import create_pipeline  # noqa: F401\n",
        "app/src/shop/pipelines/features/pipeline.py": """from kedro.pipeline import node, pipeline


def build(orders, limit):
    return orders.head(int(limit)).assign(double=lambda frame: frame.n * 2)


def fit(features):
    from sklearn.linear_model import LinearRegression

    return LinearRegression().fit(features[["n"]], features["double"])


def create_pipeline(**kwargs):
    return pipeline(
        [
            node(build, ["orders", "params:limit"], "features", name="build"),
            node(fit, "features", "model", name="fit"),
        ]
    )
""",
    },
    seconds=40,
)

PANEL = Recipe(
    name="panel",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON,
    entrypoint=("panel", "serve", "/app/dashboard.py"),
    cmd=("--address", "127.0.0.1", "--port", "10307", "--allow-websocket-origin=*", "--index", "dashboard"),
    python=("panel", "hvplot", "pandas", "holoviews", "altair", "duckdb", "sqlalchemy", "datashader"),
    files=HOSTS
    | {
        "app/dashboard.py": """import hvplot.pandas  # noqa: F401
import pandas as pd
import panel as pn

pn.extension("tabulator")
frame = pd.DataFrame({"day": range(10), "orders": [n * n for n in range(10)]})
limit = pn.widgets.IntSlider(name="limit", start=1, end=10, value=5)


def table(limit):
    return pn.widgets.Tabulator(frame.head(limit))


pn.Column("# Shop", limit, pn.bind(table, limit), frame.hvplot.line("day", "orders")).servable()
""",
    },
    asks=tuple(f"http://127.0.0.1:10307/{path}" for path in ("", "dashboard", "liveness", "no")),
    seconds=45,
)

NBEXEC = Recipe(
    name="nbexec",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"DAY": "2026-11-29"},
    entrypoint=("/bin/bash", "/app/run.sh"),
    cmd=("report",),
    python=("jupytext", "nbconvert", "ipykernel", "pandas", "matplotlib", "seaborn", "openpyxl", "nbclient"),
    files=HOSTS
    | {
        "app/run.sh": """#!/bin/bash
set -e
name=${1:?which notebook}
mkdir -p /tmp/out
jupytext --to ipynb --output "/tmp/out/$name.ipynb" "/app/notebooks/$name.py"
jupyter nbconvert --to html --execute --output-dir /tmp/out "/tmp/out/$name.ipynb"
ls -l /tmp/out
""",
        "app/notebooks/report.py": """# ---
# jupyter:
#   kernelspec:
#     name: python3
#     display_name: Python 3
#     language: python
# ---

# %% [markdown]
# # Orders

# %%
import os

import pandas as pd
import seaborn

frame = pd.DataFrame({"shop": ["a", "b"], "n": [1, 2]})
frame

# %%
seaborn.barplot(frame, x="shop", y="n").set_title(os.environ["DAY"])

# %%
frame.to_excel("/tmp/out/orders.xlsx")
""",
    },
    seconds=60,
)

MCP_PYTHON = Recipe(
    name="mcp-python",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"FASTMCP_PORT": "10308"},
    entrypoint=("python", "-m", "shop_mcp"),
    cmd=("--transport", "streamable-http"),
    python=("mcp", "httpx", "pydantic", "duckdb", "markdownify", "tiktoken", "pypdf"),
    files=HOSTS
    | {
        "app/shop_mcp/__init__.py": "",
        "app/shop_mcp/__main__.py": """import argparse

from shop_mcp.server import server

parser = argparse.ArgumentParser()
parser.add_argument("--transport", choices=["stdio", "sse", "streamable-http"], default="stdio")
server.run(transport=parser.parse_args().transport)
""",
        "app/shop_mcp/server.py": """import os

from mcp.server.fastmcp import FastMCP

server = FastMCP("shop", host="127.0.0.1", port=int(os.environ["FASTMCP_PORT"]), stateless_http=True)


@server.tool()
def orders(limit: int = 3) -> list[int]:
    import duckdb

    return [row[0] for row in duckdb.sql(f"select * from range({limit})").fetchall()]


@server.tool()
def text(html: str) -> str:
    from markdownify import markdownify

    return markdownify(html)


@server.resource("shop://orders/{name}")
def order(name: str) -> str:
    return name
""",
    },
    asks=("http://127.0.0.1:10308/mcp", "http://127.0.0.1:10308/no"),
    sends=(
        (
            "http://127.0.0.1:10308/mcp",
            '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "orders", "arguments": {}}}',
        ),
        ("http://127.0.0.1:10308/mcp", "{no"),
    ),
    seconds=25,
)

OPTUNA = Recipe(
    name="optuna",
    packages=FULL_PYTHON,
    env=PRODUCTION_PYTHON | {"STORAGE": "sqlite:////tmp/study.sqlite3", "TRIALS": "8"},
    entrypoint=("/bin/sh", "-c"),
    cmd=("optuna create-study --study-name shop --storage $STORAGE --skip-if-exists && exec python -m tune",),
    python=("optuna", "lightgbm", "pandas", "scikit-learn", "plotly", "joblib", "pymysql", "cmaes"),
    files=HOSTS
    | {
        "app/tune/__init__.py": "",
        "app/tune/__main__.py": """import os

import joblib
import lightgbm
import optuna
from sklearn.datasets import make_classification
from sklearn.model_selection import cross_val_score

x, y = make_classification(300, random_state=1)


def objective(trial):
    model = lightgbm.LGBMClassifier(
        num_leaves=trial.suggest_int("leaves", 4, 32), n_estimators=10, verbose=-1, n_jobs=1
    )
    return cross_val_score(model, x, y, cv=3).mean()


sampler = optuna.samplers.CmaEsSampler(warn_independent_sampling=False)
study = optuna.load_study(study_name="shop", storage=os.environ["STORAGE"], sampler=sampler)
study.optimize(objective, n_trials=int(os.environ["TRIALS"]))
joblib.dump(study.best_params, "/tmp/best.joblib")
if os.environ.get("PLOT"):
    optuna.visualization.plot_optimization_history(study).write_html("/tmp/plot.html")
print(study.best_value)
""",
    },
    seconds=40,
)

PYTHON_WORKERS = (
    *(SAQ, FASTSTREAM, DASK, DLT, ONNX, INVOKE),
    *(KEDRO, PANEL, NBEXEC, MCP_PYTHON, OPTUNA),
)
