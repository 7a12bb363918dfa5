"""What companies ship in production, half of it on slim bases: servers and frameworks that no earlier set has.

The rule, written before the first was built. 21 images: of Go Alertmanager, the blackbox exporter, aptly and a
service of Gin; of C and C++ NSD, Icecast, ngIRCd, gearmand, chrony and Fossil; of Java the Nu HTML checker in one
archive; of Python BlackSheep, Flower beside its workers, Tryton, Ariadne and Bokeh; of Node.js mountebank, Socket.IO,
MailDev, Haraka and Mercurius, compiled. Libraries are installed by pip in a virtual environment, by `npm ci
--omit=dev` or `npm -g`. They are started as companies start them: the exec form, tini, dumb-init, s6, supervisord, a
docker-entrypoint.sh with `exec "$@"`, gosu. Six lie on the base of the full images, the others on Debian's least base
with what teams leave in it to look around. What is asked does the main work: pages, what is posted, errors, jobs,
what belongs to administration, and a reload where the server has one. Recorded in a network of its own before the
analysis was asked, by an engineer who had read its documentation and not its code.
"""

from benchmarks.in_use.recipes.twentieth_node import NODE_APPS
from benchmarks.in_use.recipes.twentieth_python import PYTHON_APPS
from benchmarks.in_use.recipes.twentieth_servers import SERVERS

TWENTIETH = SERVERS + PYTHON_APPS + NODE_APPS
