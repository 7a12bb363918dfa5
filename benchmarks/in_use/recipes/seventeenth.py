"""Services with plain starts in images with much beside them: volume for the answer `no`.

The rule, written before the first was built. Of each ecosystem the best known frameworks and servers that no earlier
set has, each in an image that carries what teams leave in. Of Node.js the frameworks for services (Feathers, Moleculer,
LoopBack, Sails, Apollo, restify) and for pages (SvelteKit, Angular, Create React App behind Express), each with its
development dependencies installed; of Python a service on Tornado, one on Falcon and one on Django Ninja with a wide
requirements file and the tools of tests and of linting; on the base of the full images a name server, a cache, a
generator of sites in Go and a service of Debian's Netty. By turns on a slim base and on that of the full images, where
the kind doesn't say it. The start is plain, by turns: the exec form, a shell, a script that ends in `exec "$@"`, tini,
dumb-init, `npm start`, a runner of the framework, gunicorn, `python -m`, `java -cp`. Asked are the main features:
pages, what is posted, errors. Recorded before the analysis was asked, by an engineer who had not read its code.
"""

from benchmarks.in_use.recipes.seventeenth_node import NODE_SERVICES
from benchmarks.in_use.recipes.seventeenth_others import OTHER_SERVICES
from benchmarks.in_use.recipes.seventeenth_pages import NODE_PAGES

SEVENTEENTH = NODE_SERVICES + NODE_PAGES + OTHER_SERVICES
