"""The JSON Schema of gate.yaml."""

from typing import Any

import msgspec

from gate.settings import Settings

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_ID = "urn:security-gate:schema:gate.yaml"
"""A name and no address, as the schema comes with the program; editors and validators refer to it by this."""


def settings_schema() -> dict[str, Any]:
    """Return the schema, by which editors complete and check the file."""
    return {"$schema": _DRAFT, "$id": _ID, "title": "gate.yaml", **msgspec.json.schema(Settings)}
