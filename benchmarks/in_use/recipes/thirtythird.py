"""Plain production images of Node.js and Python, around libraries that no earlier set has.

The rule, written before the first was built. 16 images on slim bases, as the last stage of a Dockerfile leaves them,
with npm or pip left in as the official images have them. Nine of Node.js: Express with a contract in OpenAPI and CASL,
compiled; NestJS on Fastify with Zod; Fastify with WebSockets and a feed by pnpm; TypeGraphQL under Apollo by yarn; a
worker that watches a folder of imports; a scheduler of mails with MJML, compiled to ES modules; React rendered on the
server beside Express; Hono bundled by esbuild with its node_modules left in; and Koa with pages, sessions and
Datadog's tracer. Seven of Python: FastAPI with Dishka and Cashews, Django's REST framework with tokens, history and
imports, flask-smorest under gunicorn, a worker of RQ that makes documents beside redis, a scheduler that reads feeds, a
job of a command line over networks and shapes, and gRPC with streams behind a door of HTTP. Starts are exec form, tini,
dumb-init, docker-entrypoint.sh, `npm start`, `python -m`, console scripts and entrypoints of `sh`. Each has clients
that are used in some cases alone, and others that are never used. Recorded in a network of its own before the analysis
was asked, by an engineer who had read its documentation and not its code; of the records, that of the thirty-second
set.
"""

from benchmarks.in_use.recipes.thirtythird_jobs import JOBS
from benchmarks.in_use.recipes.thirtythird_node import NODE_SERVICES
from benchmarks.in_use.recipes.thirtythird_pages import NODE_PAGES
from benchmarks.in_use.recipes.thirtythird_python import SERVICES
from benchmarks.in_use.recipes.thirtythird_workers import NODE_WORKERS

THIRTYTHIRD = NODE_SERVICES + NODE_WORKERS + NODE_PAGES + SERVICES + JOBS
