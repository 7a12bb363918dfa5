"""Ten plain production images of Node.js and Python, around libraries that sets 31 to 38 do not have together.

The rule, written before the first was built. Ten images on slim bases, as the last stage of a Dockerfile leaves them,
with npm or pip left in as the official images have them. Six of Node.js: Express with routing-controllers and PGlite,
compiled from TypeScript; Koa with an OpenAPI document, bundled by webpack with its node_modules left in; Remix on its
own server; NestJS over Express with an event store in memory; a worker of NATS JetStream beside its server; and
GraphQL by Mercurius with subscriptions under `npm start`. Four of Python: Flask-RESTful under gunicorn; a worker of
FastStream beside redis; Dash with Bootstrap's components under gunicorn; and a command line of Typer under cron. Each
has clients behind settings that are not set, and others that are never used, as a minority of what is installed.
Requests reach most of what users would reach within an hour. An image that is not ready in time is left out, and the
record says so. Recorded in a network of its own before the analysis was asked, by an engineer who had read neither its
documentation nor its code, and who had seen the recipes of sets 31 and 35 for their form before writing this.
"""

from benchmarks.in_use.recipes.thirtyninth_node import NODE_SERVICES
from benchmarks.in_use.recipes.thirtyninth_pages import NODE_PAGES
from benchmarks.in_use.recipes.thirtyninth_python import PYTHON_SERVICES

THIRTYNINTH = NODE_SERVICES + NODE_PAGES + PYTHON_SERVICES
