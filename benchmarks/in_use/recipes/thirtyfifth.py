"""Plain production images of Node.js and Python, around libraries that earlier sets do not have together.

The rule, written before the first was built. 14 images on slim bases, as the last stage of a Dockerfile leaves them,
with npm or pip left in as the official images have them. Ten of Node.js: Express with receipts in JavaScript;
Hocuspocus, which edits documents over WebSockets; Connect's RPC, generated from protobuf and compiled to ES modules;
GraphQL Yoga with Pothos and Drizzle by yarn; Fastify with MikroORM by pnpm; NestJS with TypeORM on SQL.js; Vue rendered
on the server beside Express; a worker of Bull with mails and PDFs beside redis; a scheduler of feeds in ES modules; and
a job of a command line that tsup bundled. Four of Python: Django Ninja with tokens under gunicorn and uvicorn, a worker
of Kombu beside redis, a job over tables with Ibis, and Django's pages with allauth under uWSGI. Starts are exec form,
tini, dumb-init, docker-entrypoint.sh, `npm start`, `python -m`, console scripts and entrypoints of `sh`. Each has
clients that are used in some cases alone, and others that are never used. Recorded in a network of its own before the
analysis was asked, by an engineer who had read neither its documentation nor its code.
"""

from benchmarks.in_use.recipes.thirtyfifth_jobs import NODE_JOBS
from benchmarks.in_use.recipes.thirtyfifth_node import NODE_SERVICES
from benchmarks.in_use.recipes.thirtyfifth_pages import NODE_PAGES
from benchmarks.in_use.recipes.thirtyfifth_python import PYTHON_SERVICES

THIRTYFIFTH = NODE_SERVICES + NODE_PAGES + NODE_JOBS + PYTHON_SERVICES
