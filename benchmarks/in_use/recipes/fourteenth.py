"""Images as teams build and deploy them: web applications on a slim and on a full base, servers and jobs.

The rule, written before the first was built. Eight images each: (A) one web application of each kind on a slim base:
Python by WSGI and by ASGI, Node.js with a template engine and with compiled TypeScript, PHP-FPM behind nginx, Ruby,
Java with archives beside it, Perl; (B) the same kinds on the base that the full images of Python, Node.js and Ruby
begin with, with compilers, version control, ImageMagick and 30 packages of headers; (C) a name server, a pooler before
its database, a file server, a broker with its consumer, a collector of logs, a batch job, a crawler and a job on a
schedule, by turns on a slim and on the full base. Of each kind the best known software that no earlier set has and that
Debian, PyPI or npm brings; tests, linters and clients of other databases are left in, as they often are. What is asked:
pages, what is posted, errors, a reload (SIGHUP) where the server has one. Recorded before the analysis was asked, by an
engineer who had not read its code.
"""

from benchmarks.in_use.recipes.fourteenth_full import FULL_WEB
from benchmarks.in_use.recipes.fourteenth_servers import SERVERS
from benchmarks.in_use.recipes.fourteenth_slim import SLIM_WEB

FOURTEENTH = SLIM_WEB + FULL_WEB + SERVERS
