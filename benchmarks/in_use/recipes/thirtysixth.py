"""Eight plain production images of Node.js and Python, around libraries that sets 31 to 35 do not have together.

The rule, written before the first was built. Eight images on slim bases, as the last stage of a Dockerfile leaves
them, with npm or pip left in as the official images have them. Five of Node.js: Express with Handlebars' pages and
LokiJS under `npm start`; Koa with LMDB and unified in ES modules; InversifyJS over Express with io-ts, compiled from
TypeScript; a worker of documents and mails with workerpool beside redis; and GraphQL by Nexus under Apollo Server 3.
Three of Python: FastAPI with Tortoise and Dependency Injector under uvicorn, a worker of Huey beside redis, and Pyramid
with SQLAlchemy and Deform under waitress by `pserve`. Each has clients that are used in some cases alone, and others
that are never used. An image that is not ready in time is left out, and the record says so. Recorded in a network of
its own before the analysis was asked, by an engineer who had read neither its documentation nor its code, and who had
seen the thirty-fifth set's recipes before writing this.
"""

from benchmarks.in_use.recipes.thirtysixth_node import NODE_SERVICES
from benchmarks.in_use.recipes.thirtysixth_others import NODE_OTHERS
from benchmarks.in_use.recipes.thirtysixth_pages import PYTHON_PAGES
from benchmarks.in_use.recipes.thirtysixth_python import PYTHON_SERVICES
from benchmarks.in_use.recipes.thirtysixth_typescript import COMPILED_SERVICES

THIRTYSIXTH = NODE_SERVICES + COMPILED_SERVICES + NODE_OTHERS + PYTHON_SERVICES + PYTHON_PAGES
