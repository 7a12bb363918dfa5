"""Servers and infrastructure as Debian packages them, which no earlier set has.

The rule, written before the first was built. 24 images: the mail servers OpenSMTPD, amavis and Cyrus; the PowerDNS
recursor, gdnsd and Knot's resolver; InspIRCd with Atheme's services, ZNC; snmpd beside its exporter, Zabbix' agent,
Icinga, Performance Co-Pilot and the node exporter with scripts beside it; pure-ftpd, rsync's daemon, nbdkit and
distcc; MPD and Snapcast; ActiveMQ (Java), InfluxDB (Go), twemproxy before memcached, CUPS and Kamailio. Each with
settings that include others, modules, and, where the server has them, hooks and helpers. They are started in exec
form, by tini, dumb-init, gosu, and entrypoints of shells; several processes by supervisord, runit and s6. Eleven lie
on the base of the full images. Recorded in a network of its own before the analysis was asked, by an engineer who had
read its documentation and not its code.
"""

from benchmarks.in_use.recipes.twentyfourth_full import FULL_SERVERS
from benchmarks.in_use.recipes.twentyfourth_slim import SLIM_SERVERS

TWENTYFOURTH = SLIM_SERVERS + FULL_SERVERS
