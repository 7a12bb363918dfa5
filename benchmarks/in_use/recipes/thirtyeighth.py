"""Fourteen plain production images of five languages, around libraries that sets 31 to 36 do not have together.

The rule, written before the first was built. 14 images on slim bases, as the last stage of a Dockerfile leaves them,
with npm or pip left in as the official images have them. Five of Node.js: Nuxt with Pinia and translations from its
`.output`; SvelteKit with Superforms from its `build`; Socket.IO beside Express with Passport under `npm start`; tRPC
over Express, bundled by tsup; and NestJS over Fastify with a second transport and scheduled work, compiled. Four of
Python: Sanic with its extensions under its own server, Wagtail with its API under gunicorn, FastAPI with Pydantic AI
and Qdrant in memory under uvicorn, and Tornado with Shapely and Matplotlib. Five of Debian's packages: Webdis before
redis, written in C; Miniflux before PostgreSQL, written in Go; PHP with Eloquent and Symfony's routing under php-fpm
behind nginx; Ruby with Rack, Mustermann and Sequel under Puma; and Java with Tomcat embedded. Each application has
clients that are used in some cases alone, and libraries that are never used. An image that is not ready in time is left
out, and the record says so. Recorded in a network of its own before the analysis was asked, by an engineer who had read
neither its documentation nor its code, and who had seen the recipes of sets 31, 32 and 34 before writing this.
"""

from benchmarks.in_use.recipes.thirtyeighth_node import NODE_SERVICES
from benchmarks.in_use.recipes.thirtyeighth_others import OTHERS
from benchmarks.in_use.recipes.thirtyeighth_pages import NODE_PAGES
from benchmarks.in_use.recipes.thirtyeighth_python import PYTHON_SERVICES
from benchmarks.in_use.recipes.thirtyeighth_services import MORE_PYTHON

THIRTYEIGHTH = NODE_SERVICES + NODE_PAGES + PYTHON_SERVICES + MORE_PYTHON + OTHERS
