"""What is known by commit: a package is called `host/owner/name`, its version is the commit.

OSV puts what has no package here.
"""

from gate.ecosystems.ecosystem import Ecosystem
from gate.ecosystems.names import repository

ECOSYSTEM = Ecosystem(
    name="GIT",
    canonical_name=repository,
    is_in_every_source=False,
)
