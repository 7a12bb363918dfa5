"""Plain production images as most teams run them, of kinds and frameworks that no earlier set has.

The rule, written before the first was built. 16 services on slim bases, as the last stage of a Dockerfile leaves them,
with pip, npm or yarn as the official images have them. Ten of Python: FastAPI with users and asynchronous SQLAlchemy,
FastAPI that searches vectors, Django with GraphQL, Django's queue in its database, Flask-RESTX, Litestar with Advanced
Alchemy, aiohttp with sessions and a cache, a worker and clock of Celery, a worker of Dramatiq beside redis, and mails
by a schedule. Six of Node.js: Express with Kysely by yarn, Fastify with awilix and OpenTelemetry, NestJS with GraphQL,
Hono with OpenAPI and Drizzle, Koa with InversifyJS, and a worker of BullMQ beside redis. Starts are exec form,
gunicorn, uvicorn, `python -m`, `node dist/main.js`, tini and entrypoints. Each has clients that are used in some cases
alone (boto3, Sentry, redis), and others that are never used. Recorded in a network of its own before the analysis was
asked, by an engineer who had read its documentation and not its code.
"""

from benchmarks.in_use.recipes.thirtyfirst_node import NODE_SERVICES
from benchmarks.in_use.recipes.thirtyfirst_python import PYTHON_SERVICES

THIRTYFIRST = PYTHON_SERVICES + NODE_SERVICES
