"""Print the JSON Schema of the JSON report or of gate.yaml."""

import argparse
from typing import Any


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("of", choices=("report", "config"), metavar="{report,config}", help="which schema")


def run(options: argparse.Namespace) -> int:
    import msgspec

    schema = _report() if options.of == "report" else _config()
    print(msgspec.json.format(msgspec.json.encode(schema), indent=2).decode())
    return 0


def _report() -> dict[str, Any]:
    from gate.reports.schema import report_schema

    return report_schema()


def _config() -> dict[str, Any]:
    from gate.settings.schema import settings_schema

    return settings_schema()
