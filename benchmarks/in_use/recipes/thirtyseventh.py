"""Plain production images of Node.js and Python, half each, around libraries that sets 31 to 36 do not have together.

The rule, written before the first was built. 14 images on slim bases, as the last stage of a Dockerfile leaves them,
with npm or pip left in as the official images have them. Seven of Node.js: hapi composed from its folders by hapipal,
with roles by casbin; Fastify in TypeScript with SQLite of Node.js itself, webhooks and server-sent events; Feathers
over Express under `npm start`; Koa with PouchDB and tokens behind a shell; a subgraph of GraphQL Modules under Apollo
and Fastify; Hono with LangChain, LangGraph and Vercel's AI SDK in ES modules; and a function of Google's Functions
Framework by `npx`. Seven of Python: an API of Django with Djoser and polymorphic models; pages of Flask with
Bootstrap, principals and a scheduler; FastAPI with LlamaIndex by `fastapi run`; a bot of aiogram behind a webhook;
Dagster's web server and daemon that launch runs; Falcon with Pony under granian; and a model of scikit-learn served by
LitServe. Each has clients that are used in some cases alone, and others that are never used, as a minority of what is
installed. An image that is not ready in time is left out, and the record says so. Recorded in a network of its own
before the analysis was asked, by an engineer who had read neither its documentation nor its code, and who had seen the
recipes of the thirty-first set for their form.
"""

from benchmarks.in_use.recipes.thirtyseventh_node import NODE_SERVICES
from benchmarks.in_use.recipes.thirtyseventh_pages import PYTHON_PAGES
from benchmarks.in_use.recipes.thirtyseventh_python import PYTHON_SERVICES
from benchmarks.in_use.recipes.thirtyseventh_typescript import COMPILED_SERVICES

THIRTYSEVENTH = NODE_SERVICES + COMPILED_SERVICES + PYTHON_PAGES + PYTHON_SERVICES
