"""Our own detectors, one table a family; `gate.secrets.kinds.detectors` makes detect-secrets plugins of them.

A new kind of credential is a row in one of the tables and an example in `tests/secrets/examples/`.
"""

from gate.secrets.kinds import (
    accounts,
    chat,
    cloud,
    code,
    databases,
    files,
    hosting,
    keys,
    logins,
    mail,
    managers,
    models,
    observability,
    payment,
    registries,
    usage,
    written,
)
from gate.secrets.kinds.token import Token

FAMILIES = (
    cloud,
    hosting,
    chat,
    payment,
    mail,
    registries,
    models,
    observability,
    databases,
    managers,
    keys,
    files,
    accounts,
    usage,
    code,
    logins,
    written,
)
TOKENS: tuple[Token, ...] = tuple(token for family in FAMILIES for token in family.TOKENS)
