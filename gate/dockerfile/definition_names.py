"""Which files say how images are built, by their names: Compose and bake files."""

import re

from gate.core.compose_names import COMPOSE

BAKE = re.compile(r"docker-bake(?:\.override)?\.(?:hcl|json)")


def is_definition(name: str) -> bool:
    """True for the name of a Compose or bake file."""
    return bool(COMPOSE.fullmatch(name) or BAKE.fullmatch(name))
