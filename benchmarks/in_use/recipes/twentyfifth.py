"""Workers, queues, batches, command lines, data and machine learning, which no earlier set has.

The rule, written before the first was built. 23 images: of Python SAQ and FastStream beside redis, Dask with its
scheduler, worker and job, dlt, a model of ONNX under Litestar, Invoke, Kedro, Panel, a notebook by jupytext and
nbconvert, a server of MCP, Optuna with LightGBM; of Node.js a bot of grammY, a server of MCP, Bee-Queue beside redis,
a command line of oclif, a gateway of GraphQL in a repository with workspaces, a consumer of NATS beside its server, an
application of Slack's Bolt, scripts of zx under cron; of Java the OpenAPI generator and Liquibase; Minion's worker
and pages (Perl), and a command line of Thor under cron (Ruby). Eleven lie on the base of the full images. Each has
libraries that are used in some cases alone, and others that are never used. Recorded in a network of its own before
the analysis was asked, by an engineer who had read its documentation and not its code.
"""

from benchmarks.in_use.recipes.twentyfifth_node import NODE_WORKERS
from benchmarks.in_use.recipes.twentyfifth_others import OTHER_JOBS
from benchmarks.in_use.recipes.twentyfifth_python import PYTHON_WORKERS

TWENTYFIFTH = PYTHON_WORKERS + NODE_WORKERS + OTHER_JOBS
