"""Web applications and APIs as teams build their production images, which no earlier set has.

The rule, written before the first was built. 26 images. Twenty lie on slim bases, as the last stage of a Dockerfile
does: of Node.js AdonisJS, Remix behind Express, Midway, FoalTS, Total.js, a provider of OpenID Connect, Redis Commander
beside redis, Colyseus, what `pnpm deploy` leaves of a workspace, and pages that `serve` hands out; of Python
Flask-AppBuilder, Flask-Admin under gevent, FastAPI with SQLAdmin and Alembic under Granian, django CMS, Emmett, py4web
and I Hate Money; a program of Go with echo and its pages, one archive of Java with Jetty, and PostfixAdmin under
Apache. Six lie on the base of the full images: NestJS with MikroORM, Oscar under waitress, Piccolo, OctoPrint,
Laravel's components under Apache, and an application of Rack under puma. Starts are exec form, `npm start` and `npm
run`, tini, dumb-init, gosu and entrypoints as the official images have them. Each has libraries that are used in some
cases alone, and others that are never used. Recorded in a network of its own before the analysis was asked, by an
engineer who had read its documentation and not its code.
"""

from benchmarks.in_use.recipes.twentysixth_full import FULL_APPS
from benchmarks.in_use.recipes.twentysixth_node import NODE_APPS
from benchmarks.in_use.recipes.twentysixth_others import OTHER_APPS
from benchmarks.in_use.recipes.twentysixth_python import PYTHON_APPS

TWENTYSIXTH = NODE_APPS + PYTHON_APPS + OTHER_APPS + FULL_APPS
