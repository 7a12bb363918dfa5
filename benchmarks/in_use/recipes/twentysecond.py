"""Web applications and APIs as teams ship them, on servers and frameworks that no earlier set has.

The rule, written before the first was built. 25 images: of Node.js Egg by `npm start`, tinyhttp in exec form,
routing-controllers with TypeORM, compiled, gRPC with a gateway, json-server installed for all, restana under
pm2-runtime, PostGraphile with its plug-ins beside PostgreSQL, Probot, Elysia by `pnpm start`, Actionhero, which loads
by convention, Unleash beside PostgreSQL, and statsd with its backends; of Python Kinto behind gosu, NiceGUI, Shiny,
pgAdmin under gunicorn, Isso under gunicorn and gosu, Robyn, and WsgiDAV; of PHP Shaarli under Apache, and Slim with
Twig behind nginx; of Ruby Passenger in nginx (not built: Debian has no such module), and GraphQL under Puma by
Bundler; of Java a fat jar with HttpCore, and MINA by a launcher. Ten lie on the base of the full images. Each is
asked, sent to and, where it reloads, told to, while it runs in a network of its own. Recorded before the analysis was
asked, by an engineer who had read its documentation and not its code.
"""

from benchmarks.in_use.recipes.twentysecond_node import NODE_APPLICATIONS
from benchmarks.in_use.recipes.twentysecond_others import OTHER_APPLICATIONS
from benchmarks.in_use.recipes.twentysecond_python import PYTHON_APPLICATIONS

TWENTYSECOND = NODE_APPLICATIONS + PYTHON_APPLICATIONS + OTHER_APPLICATIONS
