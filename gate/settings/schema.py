"""The JSON Schema of gate.yaml."""

from typing import Any

import msgspec

from gate.settings import Settings

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def settings_schema() -> dict[str, Any]:
    """Return the schema, by which editors complete and check the file."""
    return {"$schema": _DRAFT, "title": "gate.yaml", **msgspec.json.schema(Settings)}
