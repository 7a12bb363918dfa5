"""Production images of Python and Node.js: what a deployment installs, and no more.

Four services of each ecosystem as teams deploy them, with real libraries and without what they are developed with:
`npm ci --omit=dev`, and a requirements file of production. Frameworks with the libraries that go with them: Express
with Passport and Mongoose, Fastify with its plug-ins by autoload, Koa with Sequelize and Socket.IO, Hapi composed by
glue; FastAPI with SQLModel and httpx, Flask with SQLAlchemy and Celery, Django with its REST framework and Channels,
aiohttp with a model of scikit-learn. Half of each are for tuning; the other half is asked only before the first change
and after the last. By an engineer who had read the code; recorded before the analysis is asked.
"""

from benchmarks.in_use.recipes.production_node import HELD_NODE, TUNED_NODE
from benchmarks.in_use.recipes.production_python import HELD_PYTHON, TUNED_PYTHON

TUNED = TUNED_NODE + TUNED_PYTHON
HELD_OUT = HELD_NODE + HELD_PYTHON
PRODUCTION = TUNED + HELD_OUT
