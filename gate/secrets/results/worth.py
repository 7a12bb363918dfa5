"""Whether a secret is worth stopping a change for at the place where it stands."""

import re

from gate.model import Worth
from gate.rules.worth import Weighed, where_no_program_is
from gate.secrets.kinds.catalogue import kind_of

_PRODUCTION = re.compile(r"(?:^|[/._-])(?:prod|production|live)(?:[/._-]|\Z)", re.IGNORECASE)


def worth_at(type: str, path: str) -> Weighed:
    """Return the worth of a secret of some type in the file at `path`.

    What a service issues has a form that people do not make up: it is worth stopping for wherever it stands. Passwords,
    private keys and all that is known by its name are made for tests and examples by the thousand.
    """
    place = where_no_program_is(path)
    if not place:
        return (Worth.HIGH, ("its path names production",)) if _PRODUCTION.search(path) else (Worth.MEDIUM, ())
    if kind_of(type).is_issued:
        return Worth.MEDIUM, (f"{place}, yet it has the form of what a service issues",)
    return Worth.LOW, (place,)
