"""Docker Hardened Images: packages of Alpine and Debian, built again (`Docker Hardened Images:Debian:13`).

No os-release names them.
"""

from gate.ecosystems.ecosystem import Ecosystem

ECOSYSTEM = Ecosystem(
    name="Docker Hardened Images",
    advisory_ids=("DHI-",),
    rebuilds_others=True,
)
