"""Servers and applications as their own images start them, most on the base of the full images: volume for `no`.

The rule, written before the first was built. Of the best known servers and frameworks that no earlier set has,
24: of the distribution's packages servers of names, files, downloads, metrics, notes, talk and logs in C, C++, Go and
Rust, one of Java and one of PHP inside of Apache; of Python Quart, Synapse, Connexion and CherryPy; of Node.js Bree
with its workers, tRPC by `pnpm deploy`, the output of Nitro and Ts.ED, compiled. Each is started as the image that its
project publishes: the exec form, tini, dumb-init, s6, a docker-entrypoint.sh that ends in `exec "$@"`, gosu. Those
without libraries of their own lie on the base of the full images, but for five. What is asked does the main work:
pages, what is posted, errors, what belongs to administration, jobs in the background, and a reload where the server
has one. Recorded before the analysis was asked, by an engineer who had read its documentation and not its code.
"""

from benchmarks.in_use.recipes.nineteenth_apps import APPS
from benchmarks.in_use.recipes.nineteenth_servers import SERVERS

NINETEENTH = SERVERS + APPS
