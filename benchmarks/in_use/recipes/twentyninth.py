"""Servers, agents and daemons with hooks, modules and helpers, which no earlier set has.

The rule, written before the first was built. 33 images of what Debian packages: of the network exabgp, FRRouting,
OpenVPN and Kerberos; NUT's drivers and monitor, NRPE's checks, Xymon, Carbon; jobs by at, inoticoming, incron with
rsnapshot, and Buildbot; Subversion's server and cgit with their hooks and filters; PostgreSQL with PL/Perl and PL/Tcl;
bots and clients with scripts, eggdrop (Tcl), Limnoria (Python), WeeChat (three languages); media by Mopidy, Liquidsoap
and Gerbera; applications in PHP (phpLDAPadmin, Icinga Web) and Perl (Request Tracker, LemonLDAP::NG, POE); Java
(HSQLDB, DavMail, Groovy); and servers in Erlang (Yaws), Lua, Prolog and Scheme. Started in exec form, by tini,
dumb-init, gosu, and shells; several processes by supervisord, runit and s6. Fourteen lie on the base of the full
images. Recorded in a network of its own before the analysis was asked, by an engineer who had read its documentation
and not its code.
"""

from benchmarks.in_use.recipes.twentyninth_full import FULL_DAEMONS
from benchmarks.in_use.recipes.twentyninth_slim import SLIM_DAEMONS

TWENTYNINTH = SLIM_DAEMONS + FULL_DAEMONS
