"""Servers and jobs by starts and frameworks that no earlier set has: variety of what could make a `no` wrong.

The rule, written before the first was built. Of each language and kind of start that the earlier sets hardly or never
have, one image with software that no earlier set has: a server in Lua inside of nginx; a program in Go that starts
scripts as its settings say; xinetd, which starts a program for each connection; wrappers in Perl, awk and Ruby that
end in `exec`; monit as the first process; fail2ban with an action of its own; busybox's crond; a server in Tcl, one in
Elixir, a job in R; of Python's libraries Twisted's Klein by `twistd`, a job of Luigi, and one of PySpark (with the JVM
and 200 archives of Java inside of a PyPI package); of Node.js two services with production dependencies alone
(`npm ci --omit=dev`). By turns on a slim base and on that of the full images, where that doesn't say more than it
costs. What is asked does the main work: pages, what is posted, errors, one run of each job. Recorded before the
analysis was asked, by an engineer who had read its documentation and not its code.
"""

from benchmarks.in_use.recipes.eighteenth_libraries import LIBRARIES
from benchmarks.in_use.recipes.eighteenth_servers import SERVERS
from benchmarks.in_use.recipes.eighteenth_wrappers import WRAPPED

EIGHTEENTH = SERVERS + WRAPPED + LIBRARIES
