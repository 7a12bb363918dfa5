"""The JSON Schema of the JSON report."""

from typing import Any

import msgspec

from gate.model import Report
from gate.model.report import SCHEMA_VERSION


def report_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) that every `--report json=FILE` conforms to."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:security-gate:schema:report:{SCHEMA_VERSION}",
        "title": f"gate report {SCHEMA_VERSION}",
        **_without_inner_parts(msgspec.json.schema(Report)),
    }


def _without_inner_parts(schema: dict[str, Any]) -> dict[str, Any]:
    """Remove what a JSON report does not contain."""
    for part in ("inventories", "rules"):
        del schema["$defs"]["Report"]["properties"][part]
    for part in ("Inventory", "PackageUse", "RuleDescription"):
        del schema["$defs"][part]
    return schema
