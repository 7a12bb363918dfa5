"""Servers and jobs as the distribution packages them, and ten ways of starting them.

The rule, written before the first was built. Ten kinds of software that people run in containers and that Debian 13
packages, of each the best known that no earlier set has: a web proxy, an anonymous network, a chat server in Erlang, a
radio station, a name server behind TLS, a relay for calls, monitoring by cron, a virus scanner, a report that make
puts together, a backup. Each is started in another way that has not been combined with its like before: (1) a bash
entrypoint with `if`, (2) the exec form with a program that drops privileges, (3) `gosu` before the package's own shell
wrapper, (4) supervisord, (5) s6 with run scripts in execline, (6) `exec $(eval …)`, (7) the shell form with init
scripts by `service`, cron and a web server, (8) a shell script whose first line names tini, and that variables
control, (9) a Makefile, (10) a wrapper in Python that execs. Clients and tools that people leave in are left in. The
engineer had read the documentation of the analysis, and neither its code nor what it says of these.
"""

from benchmarks.in_use.recipes.sixteenth_jobs import JOBS
from benchmarks.in_use.recipes.sixteenth_servers import SERVERS

SIXTEENTH = SERVERS + JOBS
