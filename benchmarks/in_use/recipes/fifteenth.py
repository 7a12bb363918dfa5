"""Applications as teams write them today: four of Python, four of Node.js, one of PHP, one of Java.

The rule, written before the first was built. Of each language the kinds of application that its tutorials and templates
begin with and that no earlier set has in this form: a site with its worker in one container, a service that migrates
its database and starts, a job of the command line, a GraphQL service that starts itself; a service compiled from
TypeScript with a query builder, a workspace with an application and a shared package, a worker without pages, a server
of rendered pages; a framework with facades and service providers; a service of archives with dependency injection. By
turns on a slim base and on that of the full images, and by turns started by a bash entrypoint as another user, by tini,
by a shell, by `npm start` and by s6. Packages come from PyPI, npm and Debian, in the versions of the day; linters and
test runners are left in by half of them. Asked are pages, what is posted, errors; what the container does by itself
(a schedule, a queue) runs for as long as it is recorded. Recorded before the analysis was asked, by an engineer who had
not read its code.
"""

from benchmarks.in_use.recipes.fifteenth_node import NODE_APPLICATIONS
from benchmarks.in_use.recipes.fifteenth_others import OTHER_APPLICATIONS
from benchmarks.in_use.recipes.fifteenth_python import PYTHON_APPLICATIONS

FIFTEENTH = PYTHON_APPLICATIONS + NODE_APPLICATIONS + OTHER_APPLICATIONS
